//! What stays in a browser when a session ends: nothing that the register said.

use tests::{Case, Database, Register, declaration};

use crate::desk::Desk;

/// Moves this page's clock on, and shows the page again.
fn sleep(desk: &Desk, minutes: i64) {
    desk.browser.run(&format!(
        "const now = Date.now; Date.now = () => now() + {minutes} * 60000; \
         document.dispatchEvent(new Event('visibilitychange'))"
    ));
}

#[test]
fn a_page_is_cleared_when_its_session_is_over() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration());
    let name = "商工会議所サイバーセキュリティお助け隊サービス";
    let desk = Desk::new(&server, true);
    desk.sign_in(&cast.secretariat);
    let path = format!("/intake/{}", case.id());
    desk.go(&path);
    desk.expect(name);
    let typed = "対応時間の記載が足りません。";
    let name_of = "return document.querySelector('main form textarea').name";
    desk.fill(desk.browser.run(name_of).as_str().expect("a name"), typed);

    // 30 minutes without a request end a secretariat's session: two before, the page says so, and going on is one press.
    sleep(&desk, 27);
    assert!(!desk.has("サインインを続ける"));
    sleep(&desk, 2);
    desk.expect("まもなくサインインが切れます");
    desk.try_to_press("サインインを続ける");
    desk.wait_until_gone("まもなくサインインが切れます");
    sleep(&desk, 27);
    desk.expect(name);
    assert!(!desk.has("サインインを続ける"));

    sleep(&desk, 4);
    desk.expect("サインインが切れました");
    let left = desk.browser.run("return document.documentElement.textContent + document.title").to_string();
    for gone in [name, case.id(), &cast.secretariat.csrf] {
        assert!(!left.contains(gone), "{gone} is still in the page: {left}");
    }
    let kept = desk.browser.run("return [...document.querySelectorAll('textarea')].map((field) => field.value)");
    assert_eq!(kept, serde_json::json!([typed]), "what was typed can be copied, and nothing else is there");
    let back = desk.browser.run("return document.querySelector('a').getAttribute('href')");
    assert!(back.as_str().is_some_and(|href| href.ends_with(&format!("/sign-in?next={}", path.replace('/', "%2F")))));

    // Signing out in one tab ends the others, and so does somebody else signing in; one's own answers keep them.
    desk.go(&path);
    let tell = |what: &str| {
        desk.browser.run(&format!("new BroadcastChannel('session').postMessage({{ {what} }})"));
    };
    let token = desk.browser.run("return document.querySelector('input[name=csrf]').value").to_string();
    tell(&format!("token: {token}, endsAt: Date.now() + 60000"));
    desk.expect(name);
    tell(&format!("token: {token}, isOver: true"));
    desk.wait_for("サインインが切れました");
    desk.go(&path);
    desk.expect(name);
    tell("token: 'another', endsAt: Date.now() + 3600000");
    desk.wait_for("サインインが切れました");
    assert_eq!(desk.browser.complaints(), Vec::<String>::new());
}
