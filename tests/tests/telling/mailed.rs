//! The real mailbox: what a suspended provider and its users read.

use serde_json::{Value, json};
use tests::{Database, text};

use crate::stage::{drained, inbox, registered, stage};

tests::on_both!(a_suspension_is_told_to_whom_it_concerns, mail_can_be_done_without_unless_it_is_duty);

const REASON: &str = "緊急時の駆付けが三か月にわたり行われていないことを確認したため。";

fn to<'a>(mails: &'a [Value], address: &str, subject: &str) -> Option<&'a Value> {
    let is_to = |mail: &&Value| mail["to"] == json!([address]);
    mails.iter().filter(is_to).find(|mail| text(mail, "subject").contains(subject))
}

fn a_suspension_is_told_to_whom_it_concerns(database: Database) {
    let (register, cast, office) = stage(database);
    let server = register.serve();
    let client = server.client();
    let (case, registration) = registered(&client, &cast);
    let number = text(&registration, "number").to_owned();
    case.measure(&registration, "suspend", REASON).ok();

    const SUBJECT: &str = "サービスの登録が一時停止されました";
    let mails = office.await_mails(|mails| {
        ["owner@osaka.example", "member@osaka.example", "user@sme.example"]
            .iter()
            .all(|address| to(mails, address, SUBJECT).is_some())
    });
    for (address, todo) in [
        ("owner@osaka.example", "理由に書かれたことを直して、事務局に連絡してください"),
        ("member@osaka.example", "理由に書かれたことを直して、事務局に連絡してください"),
        ("user@sme.example", "再開のお知らせが届くまで止めてください"),
    ] {
        let mail = to(&mails, address, SUBJECT).expect("it came");
        for part in ["text", "html"] {
            let said = text(mail, part);
            for expected in [&number, REASON, todo, "いつまで", "再開されるまで", "商工会議所", "was suspended"]
            {
                assert!(said.contains(expected), "{address}, {part}: {expected} is missing in\n{said}");
            }
        }
        assert!(text(mail, "subject").starts_with("【お助け隊サービス登録簿】"), "{mail}");
        assert_eq!((&mail["isAscii"], &mail["defects"]), (&json!(true), &json!([])), "{mail}");
        assert!(mail["longest"].as_u64().is_some_and(|bytes| bytes <= 78), "{mail}");
        assert_eq!(mail["unsubscribe"], json!(null), "it is duty");
        assert_eq!(mail["autoSubmitted"], "auto-generated");
        assert_eq!(mail["from"], "no-reply@otasuketai.example");
    }
    // Whoever it does not concern, and whoever did it, has nothing of it.
    assert!(to(&mails, "second@body.example", SUBJECT).is_none());
    let stranger = client.signed_in(&cast.stranger).get("/api/v1/messages").send().ok();
    assert!(!stranger.to_string().contains(REASON), "{stranger}");

    // The inbox has the same, unread, and says that it went out by mail.
    drained(&register);
    let message = inbox(&client, &cast.user, SUBJECT);
    assert_eq!((&message["why"], &message["mail"]), (&json!(REASON), &json!("sent")));
    assert_eq!(message.get("readAt"), None);
    let agent = inbox(&client, &cast.agent, SUBJECT);
    assert_eq!(agent["mail"], "no_address", "who has no address reads it here");

    // The page: unread in the header until it was opened.
    let by = client.signed_in(&cast.user);
    let unread = by.get("/api/v1/messages").send().ok()["unread"].as_u64().expect("a number");
    assert!(by.get("/account").send().text().contains(&format!("（未読{unread}件）")));
    let page = by.get(&format!("/inbox/{}", text(&message, "id"))).send();
    assert!(page.text().contains(REASON) && page.text().contains("同じ内容をメールでも送りました。"));
    assert_eq!(by.get("/api/v1/messages").send().ok()["unread"], unread - 1);
    // Nobody else's message is there.
    let others = client.signed_in(&cast.stranger);
    others.get(&format!("/api/v1/messages/{}", text(&message, "id"))).send().refused(404, "not_found");

    let ids: Vec<&str> = mails.iter().map(|mail| text(mail, "id")).collect();
    let once: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(once.len(), ids.len(), "each mail came once");
    server.end();
    register.assert_whole();
}

fn mail_can_be_done_without_unless_it_is_duty(database: Database) {
    let (register, cast, office) = stage(database);
    let server = register.serve();
    let client = server.client();
    tests::Case::submit(&client, &cast, &tests::declaration());
    let mails = office.await_mails(|mails| to(mails, "secretariat@body.example", "申請が届きました").is_some());
    let mail = to(&mails, "secretariat@body.example", "申請が届きました").expect("it came");
    // One click, as a mail program makes it: no session, no cookie, from nowhere (RFC 8058).
    assert_eq!(mail["unsubscribePost"], "List-Unsubscribe=One-Click");
    let link = text(mail, "unsubscribe").trim_matches(['<', '>']).to_owned();
    let path = link.strip_prefix(register.base_url()).expect("it leads to us").to_owned();
    let asked = client.get(&path).send();
    assert!(asked.status == 200 && asked.text().contains("メールを止めますか"), "{}", asked.told());
    let settings = || client.signed_in(&cast.secretariat).get("/api/v1/mail-settings").send().ok();
    assert_eq!(settings()["declined"], json!([]), "looking changes nothing");
    for _ in 0..2 {
        let click = client.ask("POST", &path).body("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click");
        let done = click.send();
        assert!(done.status == 200 && done.text().contains("メールを止めました"), "{}", done.told());
    }
    assert_eq!(settings()["declined"], json!(["work"]));
    assert_eq!(client.get("/unsubscribe/abcdefghijklmnopqrstuvwxyz").send().status, 410);

    // The next about the same topic comes to the inbox alone.
    drained(&register);
    let before = office.mails().len();
    tests::Case::submit(&client, &cast, &tests::declaration());
    drained(&register);
    let later = office.mails().split_off(before);
    assert!(to(&later, "secretariat@body.example", "申請が届きました").is_none(), "{later:#?}");
    assert!(to(&later, "second@body.example", "申請が届きました").is_some(), "{later:#?}");
    assert_eq!(inbox(&client, &cast.secretariat, "申請が届きました")["mail"], "declined");

    // What is duty cannot be declined, nor can a stranger's form change anything.
    let by = client.signed_in(&cast.secretariat);
    let choose = |declined: Value| by.ask("PUT", "/api/v1/mail-settings").json(&json!({ "declined": declined })).send();
    let refused = choose(json!(["measure"])).refused(422, "duty");
    assert_eq!(refused["errors"][0]["pointer"], "/declined");
    assert_eq!(choose(json!([])).ok()["declined"], json!([]));
    client.ask("PUT", "/api/v1/mail-settings").json(&json!({ "declined": [] })).send().refused(401, "signed_out");
    server.end();
    register.assert_whole();
}
