//! Drafts in a browser: what is typed is there again after the window was closed, with scripts and without; and of two
//! windows neither loses a word.

use std::time::{Duration, Instant};

use tests::{Database, Person, Register};

use crate::desk::Desk;

const TYPED: &str = "途中まで書いた概要。次の行は";

/// A draft's second step.
fn open(desk: &Desk, person: &Person) -> String {
    desk.sign_in(person);
    desk.go("/applications/new");
    desk.press("下書きを始める");
    desk.press("サービス");
    desk.path()
}

fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_draft_survives_the_closing_of_its_window() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let desk = Desk::new(&server, true);
    let path = open(&desk, &cast.provider);
    let kept = |words: &str| register.database().sql().texts("SELECT state FROM drafts")[0].contains(words);

    // While somebody types it saves by itself, says when, and shows what the engine makes of it.
    desk.fill("/service/class", "1");
    desk.fill("/service/kind", "network");
    desk.fill("/service/summary", "最初の文。");
    desk.fill("/helpDesk/isSingleWindow", "no");
    until("it is saved", || kept("最初の文。"));
    until("the page knows", || desk.value("version") != "1");
    desk.wait_for("申告なし：相談窓口が一元化されている");
    desk.wait_for("入力すると自動で保存します。");
    // In the middle of it the window is closed, before there was a pause.
    desk.fill("/service/summary", TYPED);
    desk.browser.close_window();
    until("what was typed last went on its way", || kept(TYPED));
    desk.go(&path);
    assert_eq!(desk.value("/service/summary"), TYPED);
    let complaints = desk.browser.complaints();
    assert!(complaints.is_empty(), "{complaints:?}");
    server.end();
    register.assert_whole();
}

#[test]
fn without_scripts_the_buttons_save() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let desk = Desk::new(&server, false);
    let path = open(&desk, &cast.provider);
    desk.fill("/service/summary", TYPED);
    desk.fill("/service/nameKana", "漢字");
    desk.press("価格・提供条件");
    desk.fill("/contract/minimumTermMonths", "二年");
    desk.press("下書きを保存");
    assert_eq!(desk.mistakes(), ["/contract/minimumTermMonths"], "it is told, and kept as it was typed");
    desk.browser.close_window();
    desk.go("/applications");
    desk.follow("名称未入力のサービス");
    desk.press("サービス");
    assert_eq!(desk.path(), path);
    assert_eq!(
        (desk.value("/service/summary"), desk.value("/service/nameKana")),
        (TYPED.to_owned(), "漢字".to_owned())
    );
    assert_eq!(desk.mistakes(), ["/service/nameKana"]);
    desk.press("価格・提供条件");
    assert_eq!(desk.value("/contract/minimumTermMonths"), "二年");
    server.end();
    register.assert_whole();
}

/// A save that fails says so, goes on trying, and what was typed is kept once the service is back.
#[test]
fn a_save_that_fails_is_tried_again() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let desk = Desk::new(&server, true);
    open(&desk, &cast.provider);
    let sql = register.database().sql();
    sql.execute("CREATE TRIGGER full BEFORE UPDATE ON drafts BEGIN SELECT RAISE(ABORT, 'full'); END");
    desk.fill("/service/summary", TYPED);
    desk.wait_for("まだ保存できていません。");
    assert_eq!(desk.value("/service/summary"), TYPED);
    sql.execute("DROP TRIGGER full");
    desk.wait_for("入力すると自動で保存します。");
    assert!(sql.texts("SELECT state FROM drafts")[0].contains(TYPED));
}
