//! What is asked of a service once it is registered, as people meet it: without scripts.

use tests::past::{Past, report_in_time, rounds};
use tests::{Case, Database, Register, declaration};

use crate::desk::Desk;
use crate::public::seen;

const FIRST: &str = "2021-04-01--2021-09-30";
const SECOND: &str = "2021-10-01--2022-03-31";

#[test]
fn reports_checks_and_statistics() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let providers = ["osaka-cci", "second-provider", "third-provider"];
    let pasts = rounds(&register, &providers);
    let filed: Vec<_> = providers.iter().zip(&pasts).map(|(provider, past)| (past, *provider, "2022-04-20")).collect();
    report_in_time(&register, SECOND, &filed);
    let Past { registration: number, .. } = &pasts[0];
    let server = register.serve();
    let desk = Desk::new(&server, false);
    let mut wrong = Vec::new();
    for (language, path) in [("ja", "/alert-statistics"), ("en", "/en/alert-statistics")] {
        desk.go(path);
        wrong.extend(seen(&desk, path, language));
    }
    desk.sign_in(&cast.provider);
    let watching = format!("/register/{number}/watching");
    desk.go("/watching");
    desk.expect("日超過");
    wrong.extend(seen(&desk, "/watching of a provider", "ja"));
    desk.go(&format!("/register/{number}/alerts/{FIRST}"));
    for name in ["/users", "/devices", "/incidents", "/dispatches"] {
        desk.fill(name, "１２");
    }
    desk.press("報告する");
    assert!(desk.mistakes().contains(&"/alerts/malware/high".to_owned()), "each count is asked for");
    assert_eq!(desk.value("/users"), "１２", "what was typed is kept");
    wrong.extend(seen(&desk, "alerts, typed wrong", "ja"));
    for category in ["malware", "intrusion", "outbound", "site", "mail", "anomaly", "other"] {
        for severity in ["high", "medium", "low"] {
            desk.fill(&format!("/alerts/{category}/{severity}"), "3");
        }
    }
    desk.press("報告する");
    assert_eq!(desk.path(), watching);
    desk.expect("日遅れ");
    desk.go(&format!("/register/{number}/alerts/{FIRST}"));
    desk.expect("訂正する");
    wrong.extend(seen(&desk, "alerts, reported", "ja"));

    desk.go(&format!("/register/{number}/self_check/2021-05-01--2022-04-30"));
    wrong.extend(seen(&desk, "self-check", "ja"));
    let names = tests::past::still_met();
    let names = names["criteria"].as_array().expect("a list").iter().filter_map(|one| one["criterion"].as_str());
    for (place, name) in names.enumerate() {
        desk.fill(&format!("/criteria/{name}/finding"), if place == 0 { "changed" } else { "still_met" });
    }
    desk.press("点検の結果を報告する");
    assert_eq!(desk.mistakes().len(), 1, "what has changed is to be said");
    desk.fill("/criteria/help_desk/words", "窓口の電話番号を変えた。");
    desk.press("点検の結果を報告する");
    assert_eq!(desk.path(), watching);
    wrong.extend(seen(&desk, "reports of a provider", "ja"));

    desk.sign_in(&cast.secretariat);
    desk.go(&watching);
    wrong.extend(seen(&desk, "reports of the secretariat", "ja"));
    desk.fill("/line", "0");
    desk.fill("/monthly", "9,800円");
    desk.fill("/initial", "24000");
    desk.fill("/tax", "excluded");
    desk.fill("/minimumTermMonths", "24");
    desk.fill("/seenAt", "https://example.jp/price");
    desk.press("比べて記録する");
    assert_eq!(desk.mistakes(), ["/seenOn/year"]);
    desk.fill_day("/seenOn", "2026-01-05");
    desk.press("比べて記録する");
    desk.expect("登録を4,800円（税抜）上回る");
    wrong.extend(seen(&desk, "price checked", "ja"));
    // What was refused on purpose above, and the sign-in that was changed, are told in the console too.
    wrong.retain(|fault| !fault.contains("status of 422") && !fault.contains("/sign-out - "));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    register.assert_whole();
}

#[test]
fn a_stranger_complains_and_follows_it() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let number = registration["number"].as_str().expect("it has a number");
    let desk = Desk::new(&server, false);
    let (mut wrong, mut last) = (Vec::new(), String::new());
    for (language, home) in [("ja", ""), ("en", "/en")] {
        desk.go(&format!("{home}/register/{number}"));
        desk.follow(if language == "ja" {
            "このサービスへの苦情を伝える"
        } else {
            "Complain about this service"
        });
        assert_eq!(desk.value("/registration"), number);
        wrong.extend(seen(&desk, "complaint", language));
        desk.press(if language == "ja" { "送る" } else { "Send" });
        wrong.extend(seen(&desk, "complaint, typed wrong", language));
        desk.fill("/grievance", "service");
        desk.fill("/text", "電話がつながらない。");
        desk.fill("/contact", "hanako@example.jp");
        desk.press(if language == "ja" { "送る" } else { "Send" });
        wrong.extend(seen(&desk, "complaint received", language));
        let noted = |place: usize| {
            let script = format!("return document.querySelectorAll('dd.mono')[{place}].textContent");
            desk.browser.run(&script).as_str().expect("a text").to_owned()
        };
        let (id, secret) = (noted(0), noted(1));
        desk.follow(if language == "ja" {
            "受付番号で状況を確かめる"
        } else {
            "Follow it by its receipt number"
        });
        desk.fill("/id", &id);
        desk.fill("/secret", &secret);
        desk.press(if language == "ja" { "確かめる" } else { "Look up" });
        desk.expect(if language == "ja" { "受け付けました" } else { "Received" });
        wrong.extend(seen(&desk, "complaint followed", language));
        last = id;
    }
    desk.sign_in(&cast.secretariat);
    desk.go("/complaints");
    wrong.extend(seen(&desk, "/complaints", "ja"));
    desk.follow(&last);
    desk.expect("電話がつながらない。");
    wrong.extend(seen(&desk, "a complaint of the secretariat", "ja"));
    desk.press("受領を確認する");
    wrong.extend(seen(&desk, "a complaint that is seen to", "ja"));
    desk.fill("/outcome", "substantiated");
    desk.press("終結する");
    assert_eq!(desk.mistakes(), ["/reason"]);
    desk.fill("/reason", "提供事業者が回線を増やしました。");
    desk.press("終結する");
    desk.expect("事実と認め、対応した");
    wrong.extend(seen(&desk, "a closed complaint", "ja"));
    // What was refused on purpose above, and the sign-in that was changed, are told in the console too.
    wrong.retain(|fault| !fault.contains("status of 422") && !fault.contains("/sign-out - "));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    register.assert_whole();
}
