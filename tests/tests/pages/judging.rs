//! Judging with a script: keys set answers, and what is typed saves itself. Without one, the journeys show.

use std::time::{Duration, Instant};

use tests::{Case, Database, Register, declaration};

use crate::desk::Desk;

#[test]
fn keys_answer_and_what_is_typed_saves_itself() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let desk = Desk::new(&server, true);
    desk.sign_in(&cast.examiners[0]);
    let path = format!("/examinations/{}", case.id());
    desk.go(&path);
    desk.expect("キー1で充足");
    let key = |key: u8| {
        let event = format!("new KeyboardEvent('keydown', {{ key: '{key}', bubbles: true, cancelable: true }})");
        desk.browser.run(&format!("document.activeElement.dispatchEvent({event})"));
    };
    let chosen = |criterion: &str| {
        let name = format!("/judgements/{criterion}/answer");
        let found = format!("return document.querySelector('input[name=\"{name}\"]:checked')?.value ?? ''");
        desk.browser.run(&found).as_str().expect("a text").to_owned()
    };
    key(2);
    assert_eq!(chosen("help_desk"), "", "nothing has the focus");
    desk.browser.run("document.getElementById('s-help_desk').focus()");
    key(2);
    assert_eq!((chosen("help_desk").as_str(), chosen("simplicity").as_str()), ("unmet", ""));
    key(1);
    assert_eq!(chosen("help_desk"), "met");
    desk.fill("/judgements/help_desk/reason", "3時まで");
    key(3);
    assert_eq!(chosen("help_desk"), "met", "a digit that is typed is a digit");
    desk.browser.run("document.getElementById('s-help_desk').focus()");
    key(4);
    let focused = desk.browser.run_on(&desk.browser.focused(), "return arguments[0].name");
    assert_eq!(focused, "/questions/help_desk/text", "it stands ready to be asked");
    desk.wait_for("保存しました：");
    desk.go(&path);
    assert_eq!((chosen("help_desk").as_str(), desk.value("/judgements/help_desk/reason").as_str()), ("met", "3時まで"));
    desk.expect("最後の保存：");

    // Who leaves before it is saved loses nothing.
    desk.fill("/notes/help_desk", "電話する");
    let begun = Instant::now();
    while {
        desk.go(&path);
        desk.value("/notes/help_desk") != "電話する"
    } {
        assert!(begun.elapsed() < Duration::from_secs(20), "the note is lost");
    }
    register.assert_whole();
}
