//! Files on the form of an application: chosen, kept while the rest is put right, and saved by whoever examines.

use std::fs;
use std::path::Path;

use serde_json::json;
use tests::{Answer, Case, Client, Database, Register, declaration};

use crate::desk::Desk;
use crate::journey::declare;

const TABLE: &[u8] = b"month,calls\n1,3\n";

/// Without scripts, as everything here works without them.
#[test]
fn files_stay_while_the_rest_is_put_right() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let desk = Desk::new(&server, false);
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("it is ours");
        path
    };
    let choose = |path: &Path| desk.browser.choose_file(&desk.browser.find("//input[@type='file']"), path);
    desk.sign_in(&cast.provider);
    desk.go("/applications/new");
    desk.press("下書きを始める");
    desk.press("体制・証跡");
    desk.expect("ウイルス検査を行っていません");
    choose(&file("calls.csv", TABLE));
    desk.press("選んだファイルを加える");
    desk.expect("CSV、16 B");
    choose(&file("rule.pdf", b"MZ\x90\0 this is a program"));
    desk.press("選んだファイルを加える");
    assert!(desk.browser.title().starts_with("エラー："), "{}", desk.browser.title());
    desk.expect("rule.pdf：プログラムやスクリプトは、名前を変えても受け取れません。");
    desk.expect("calls.csvを保存する");

    desk.fill_day("/files/0/speaksOf", "2026-02-30");
    desk.fill("/files/0/links/0/criterion", "help_desk");
    desk.fill("/files/0/links/0/note", "月ごとの受付件数");
    // A second file comes with the form itself, of which something is wrong.
    choose(&file("list.csv", b"name,state\na,ok\n"));
    desk.press("保存して次へ");
    assert_eq!(desk.mistakes(), ["/files/0/speaksOf/year"]);
    desk.expect("list.csvを保存する");
    assert_eq!(desk.value("/files/0/links/0/note"), "月ごとの受付件数");

    declare(&desk, "", &declaration());
    desk.fill_day("/files/0/speaksOf", "2026-02-28");
    desk.fill("/files/1/remove", "yes");
    for step in ["申請者", "サービス", "価格・提供条件"] {
        desk.press(step);
        if step == "価格・提供条件" {
            desk.press("料金の行を増やす");
        }
        declare(&desk, "", &declaration());
    }
    desk.press("確認・提出");
    desk.press("提出する");
    assert!(desk.path().starts_with("/applications/A-"), "{}\n{}", desk.path(), desk.browser.words());
    for words in ["calls.csv", "相談窓口", "月ごとの受付件数", "2026年2月28日", "未検査"] {
        desk.expect(words);
    }
    assert!(!desk.says("list.csv"), "it was to be left out");
    let id = desk.path().rsplit('/').next().expect("an id").to_owned();
    let shown = server.client().signed_in(&cast.auditor).get(&format!("/api/v1/applications/{id}")).send().ok();
    let file = &shown["evidence"][0];
    assert_eq!((&file["name"], &file["speaksOf"]), (&json!("calls.csv"), &json!("2026-02-28")));
    assert_eq!(file["links"], json!([{ "criterion": "help_desk", "note": "月ごとの受付件数" }]));
    server.end();
    register.assert_whole();
}

/// What was submitted is in the form that answers a return, and goes with it.
#[test]
fn a_return_is_answered_with_the_same_files() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);
    let upload = |bytes: &[u8]| {
        let file =
            provider.ask("POST", "/api/v1/evidence?name=a.csv").body("application/octet-stream", bytes).send().ok();
        file["digest"].clone()
    };
    let link = json!({ "criterion": "help_desk", "note": "受付" });
    let named = json!([{ "digest": upload(TABLE), "speaksOf": "2026-03-31", "links": [link] }]);
    let mut case = Case::submit(&client, &cast, &json!({ "declaration": declaration(), "evidence": named }));
    let before = case.state["evidence"].clone();
    let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
    case.state = case.act(&cast.secretariat, "return", &reasons).ok();
    let desk = Desk::new(&server, false);
    desk.sign_in(&cast.provider);
    desk.go(&format!("/applications/{}", case.id()));
    desk.press("直して再提出する");
    desk.press("確認・提出");
    desk.press("提出する");
    assert_eq!(desk.path(), format!("/applications/{}", case.id()));
    let now = provider.get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    assert_eq!((&now["submission"], &now["evidence"]), (&json!(2), &before));
}

/// Nothing of a form is taken in before it is known that one of our pages gave it out.
#[test]
fn a_file_comes_behind_the_forms_token() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let provider = server.client().signed_in(&cast.provider);
    let begun = provider.post("/api/v1/drafts", &json!({})).send().ok();
    let path = format!("/drafts/{}/4", tests::text(&begun, "id"));
    let uploads = || register.database().sql().number("SELECT count(*) FROM uploads");
    let send = |by: &Client, parts: &[(&str, &str)]| -> Answer {
        let part =
            |(head, body): &(&str, &str)| format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n");
        let body: String = parts.iter().map(part).chain(["--b--\r\n".to_owned()]).collect();
        let ask = by.ask("POST", &path).header("accept", "text/html");
        ask.body("multipart/form-data; boundary=b", body).send()
    };
    let token = ("name=\"csrf\"", &*cast.provider.csrf);
    let file = ("name=\"file\"; filename=\"a.csv\"", "a,b\n");
    let more = ("name=\"go\"", "quiet");
    let version = ("name=\"version\"", "1");
    let others = ("name=\"csrf\"", &*cast.auditor.csrf);
    for parts in [&[file, more, token][..], &[file, more], &[others, file, more], &[more], &[others, token, file]] {
        let answer = send(&provider, parts);
        assert_eq!(answer.status, 403, "{}", answer.told());
    }
    assert_eq!(send(&server.client().signed_in(&cast.auditor), &[others, file, more]).status, 403);
    assert_eq!(send(&server.client(), &[token, file, more]).status, 401);
    assert_eq!(uploads(), 0);
    let broken = provider.ask("POST", &path).header("accept", "text/html");
    assert_eq!(broken.body("multipart/form-data; boundary=b", "--b\r\nno form").send().status, 400);
    let answer = send(&provider, &[token, version, file, more]);
    assert!(answer.status == 200 && answer.text().contains("a.csvを保存する"), "{}", answer.told());
    assert_eq!(uploads(), 1);
    // Two at once, and a field for which no file was chosen.
    let none = ("name=\"file\"; filename=\"\"", "");
    let two = ("name=\"file\"; filename=\"../../b.csv\"", "b,c\n");
    let version = ("name=\"version\"", "2");
    let answer = send(&provider, &[token, version, none, file, two, more]);
    assert!(answer.text().contains("/files/1/digest") && answer.text().contains(">b.csv<"), "{}", answer.told());
    assert_eq!(uploads(), 2);
    // The same form with all of it at once, as programs that fill in forms send it.
    let ask = provider.ask("POST", &path).header("accept", "text/html");
    let answer = ask.form_with_files(&[("go", "save"), ("version", "3")], &[("file", "c.svg", b"<svg/>")]).send();
    assert!(answer.status == 422 && answer.text().contains("HTML、SVG、XMLは受け取れません"), "{}", answer.told());
}
