//! Passkeys in a real browser, with an authenticator that the driver plays.

use serde_json::json;
use tests::staff::BODY;
use tests::{Database, Register, free_port};

use crate::desk::Desk;

/// Followed from an invitation: a passkey is made, and opens the register again; nothing is typed.
#[test]
fn a_passkey_is_made_and_opens_the_register() {
    let register = Register::at(Database::sqlite(), &format!("http://localhost:{}", free_port()));
    let organisation = ["--kind", "registration_body", "--name", "登録機関", "--id", BODY];
    register.run(&[&["admin", "organisation"][..], &organisation].concat());
    let person = ["--role", "operator", "--name", "運用 花子", "--organisation", BODY];
    let link = register.run(&[&["admin", "invite"][..], &person].concat());
    let _server = register.serve_there();
    let desk = Desk::at_base(register.base_url(), true);
    desk.browser.add_authenticator();

    let path = link.trim_end().strip_prefix(register.base_url()).expect("a link of ours");
    desk.go(path);
    desk.press("パスキーを作る");
    desk.expect("リカバリーコード");
    desk.go("/account");
    desk.expect("運用 花子");
    desk.expect("パスキー");
    desk.press("サインアウト");
    desk.go("/account");
    desk.expect("サインイン");
    desk.go("/sign-in?next=/account");
    desk.press("パスキーでサインイン");
    assert_eq!(desk.path(), "/account", "{}", desk.browser.words());
    desk.expect("運用 花子");

    // Another one for another device; this device has one already, and is told so.
    desk.try_to_press("パスキーを作る");
    desk.wait_for("この端末には、あなたのパスキーがもうあります。");
    desk.browser.replace_authenticator();
    desk.press("パスキーを作る");
    assert_eq!(desk.path(), "/account", "{}", desk.browser.words());
    let made = "SELECT count(*) FROM credentials WHERE kind = 'passkey'";
    assert_eq!(register.database().sql().number(made), 2);

    // The device that was lost is taken out; the last way in stays.
    desk.press("このパスキーを消す");
    assert_eq!(register.database().sql().number(made), 1);
    desk.press("このパスキーを消す");
    desk.expect("最後のサインインの方法です");
    assert_eq!(register.database().sql().number(made), 1);
    // The refusals above are told in the console too; nothing else is, of policy or of script.
    let refusals = ["409", "401", "InvalidStateError"];
    let is_ours = |told: &String| !refusals.iter().any(|refusal| told.contains(refusal));
    assert_eq!(desk.browser.complaints().into_iter().filter(is_ours).collect::<Vec<_>>(), Vec::<String>::new());
    register.assert_whole();
    let methods = register.database().sql().texts("SELECT detail FROM trail WHERE what = 'sign_in' ORDER BY id");
    assert_eq!(methods, ["invitation", "passkey"], "{}", json!(methods));
}

/// A passkey that the register does not know opens nothing.
#[test]
fn another_registers_passkey_opens_nothing() {
    let register = Register::at(Database::sqlite(), &format!("http://localhost:{}", free_port()));
    let _server = register.serve_there();
    let desk = Desk::at_base(register.base_url(), true);
    desk.browser.add_authenticator();
    desk.go("/sign-in");
    desk.try_to_press("パスキーでサインイン");
    desk.wait_for("パスキーの操作が取り消されました。");
    assert_eq!(desk.path(), "/sign-in");
}
