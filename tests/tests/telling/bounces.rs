//! Mail that does not arrive: refused for good, refused for now, taken and returned.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};
use tests::{Case, Database, Register, declaration, text};

use crate::stage::{drained, inbox, stage};

tests::on_both!(an_address_that_takes_no_mail_is_not_tried_for_ever);

/// What everybody was told first.
const WELCOME: &str = "登録簿を使えるようになりました";
const TITLE: &str = "申請が届きました";

/// A notification that a mail came back (RFC 3464).
fn notification(id: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; report-type=delivery-status; \
         boundary=\"b\"\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; \
         x@example.jp\r\nAction: failed\r\nStatus: {status}\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: {id}\r\n--b--\r\n"
    )
}

/// Hands it to `otasuketai bounce`; its exit status.
fn bounce(register: &Register, notification: &str) -> Option<i32> {
    let mut command = register.command(&["bounce"]);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("it starts");
    process.stdin.take().expect("it is piped").write_all(notification.as_bytes()).expect("it reads");
    process.wait().expect("the process is ours").code()
}

fn an_address_that_takes_no_mail_is_not_tried_for_ever(database: Database) {
    let (register, cast, office) = stage(database);
    register.address(&[(&cast.secretariat, "nobody@body.example"), (&cast.second_secretariat, "busy@body.example")]);
    let server = register.serve();
    let client = server.client();
    Case::submit(&client, &cast, &declaration());
    drained(&register);
    // For good: said so, and not tried again. For now: it came the second time.
    assert_eq!(inbox(&client, &cast.secretariat, WELCOME)["mail"], "bounced");
    assert_eq!(inbox(&client, &cast.second_secretariat, WELCOME)["mail"], "sent");
    assert_eq!(inbox(&client, &cast.second_secretariat, TITLE)["mail"], "sent");
    let to_busy = |mail: &&Value| mail["to"] == json!(["busy@body.example"]) && text(mail, "subject").contains(WELCOME);
    assert_eq!(office.mails().iter().filter(to_busy).count(), 1);
    let by = client.signed_in(&cast.secretariat);
    let settings = by.get("/api/v1/mail-settings").send().ok();
    assert!(settings["undeliverableSince"].is_string(), "{settings}");
    assert!(by.get("/inbox/settings").send().text().contains("このアドレスにメールが届いていません"));
    Case::submit(&client, &cast, &declaration());
    drained(&register);
    assert_eq!(inbox(&client, &cast.secretariat, TITLE)["mail"], "undeliverable");

    // Another address is tried.
    register.address(&[(&cast.secretariat, "secretariat@body.example")]);
    Case::submit(&client, &cast, &declaration());
    drained(&register);
    assert_eq!(inbox(&client, &cast.secretariat, TITLE)["mail"], "sent");
    let mails = office.mails();
    let mail = mails.iter().rfind(|mail| mail["to"] == json!(["secretariat@body.example"])).expect("it came");

    // Taken, and returned later.
    let id = text(mail, "id");
    assert_eq!(bounce(&register, "From: a@b.example\r\n\r\nI am away.\r\n"), Some(1));
    assert_eq!(bounce(&register, &notification("<abcdefghijklmnopqrstuvwxyz@otasuketai.example>", "5.1.1")), Some(1));
    assert_eq!(bounce(&register, &notification(id, "5.1.1")), Some(0));
    assert_eq!(bounce(&register, &notification(id, "5.1.1")), Some(1), "it is known by now");
    assert_eq!(inbox(&client, &cast.secretariat, TITLE)["mail"], "bounced");
    let lines = register.database().sql().number("SELECT count(*) FROM trail WHERE what = 'mail.bounced'");
    assert_eq!(lines, 1);
    server.end();
    register.assert_whole();
}
