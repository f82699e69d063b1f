//! The record of a case, by who reads it: as a document, on a page, on paper, in OSCAL; and statistics of cases.

use std::fs;

use data_encoding::HEXLOWER;
use domain::tlog::merkle::leaf_hash;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{Answer, Case, Database, Person, Register, declaration, pass, python, text};

tests::on_both!(
    a_record_is_read_from_the_acts_and_by_role,
    what_is_between_examiners_reaches_nobody_else,
    statistics_count_what_is_finished,
);

/// Names that a typeface of fewer letters would show as boxes.
const NAME: &str = "𠮷野・髙橋見守りサービス";

fn path(case: &Case<'_>, what: &str) -> String {
    format!("/api/v1/applications/{}/record{what}", case.id())
}

fn record(case: &Case<'_>, by: &Person) -> Answer {
    case.by(by).get(&path(case, "")).send()
}

fn page(case: &Case<'_>, by: &Person) -> Answer {
    case.by(by).ask("GET", &format!("/applications/{}/record", case.id())).header("accept", "text/html").send()
}

fn named() -> Value {
    let mut declaration = declaration();
    declaration["service"]["name"] = json!(NAME);
    declaration
}

fn a_record_is_read_from_the_acts_and_by_role(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &named());
    let returned = json!({ "reasons": [{ "pointer": "/service/summary", "reason": "短くしてください。" }] });
    case.act(&cast.secretariat, "return", &returned).ok();
    let mut case = case;
    case.state = case.by(&cast.provider).get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    let (owner, address) = (case.by(&cast.provider), format!("/api/v1/applications/{}/declaration", case.id()));
    case.state = owner.ask("PUT", &address).json(&named()).on_version(case.version()).send().ok();

    // Before the decision, the applicant has no record; a stranger never has.
    record(&case, &cast.provider).refused(409, "record_not_open");
    assert_eq!(page(&case, &cast.provider).status, 409);
    record(&case, &cast.stranger).refused(404, "not_found");
    record(&case, &cast.operator).refused(403, "forbidden");
    let case = case.assign();
    record(&case, &cast.examiners[0]).refused(403, "undeclared");
    let case = case.declare(&cast.examiners[0]).declare(&cast.examiners[1]);
    record(&case, &cast.examiners[0]).refused(409, "record_not_open");
    let case = case.judge();
    let seen = record(&case, &cast.examiners[0]).ok();
    assert_eq!((text(&seen, "reader"), text(&seen, "stage")), ("examiner", "examining"));
    let case = case.recommend().decide();
    let registration = case.register();

    let whole = record(&case, &cast.auditor);
    let digest = HEXLOWER.encode(&Sha256::digest(&whole.body));
    assert_eq!(whole.header("etag"), format!("\"{digest}\""));
    let known = case.by(&cast.auditor).get(&path(&case, "")).header("if-none-match", &format!("\"{digest}\"")).send();
    assert_eq!((known.status, known.body.len()), (304, 0));
    let whole = whole.ok();
    let acts = whole["acts"].as_array().expect("a list");
    let kinds: Vec<&str> = acts.iter().map(|act| text(act, "kind")).collect();
    assert_eq!(
        kinds,
        [
            "application.submitted",
            "application.returned",
            "application.resubmitted",
            "application.accepted",
            "application.interest_declared",
            "application.interest_declared",
            "examination.judged",
            "examination.judged",
            "application.recommended",
            "proposal.made",
            "application.decided",
            "registration.registered",
        ]
    );
    // Each act is the log's leaf of that index, by its hash.
    for act in acts {
        let leaf = case.by(&cast.auditor).get(&format!("/api/v1/log/leaves/{}", act["seq"])).send().ok();
        assert_eq!(text(act, "leafHash"), HEXLOWER.encode(&leaf_hash(text(&leaf, "leaf").as_bytes())));
        assert!(text(&leaf, "leaf").contains(text(act, "kind")) && text(&leaf, "leaf").contains(text(act, "at")));
    }
    assert_eq!(text(&whole["registration"], "number"), text(&registration, "number"));
    assert_eq!(whole["submissions"].as_array().map(Vec::len), Some(2));

    for (by, reader, count) in [
        (&cast.secretariat, "whole", 12),
        (&cast.decision_maker, "decider", 12),
        (&cast.examiners[1], "examiner", 11),
        (&cast.provider, "applicant", 11),
        (&cast.member, "applicant", 11),
    ] {
        let answer = record(&case, by);
        let found = answer.ok();
        assert_eq!(text(&found, "reader"), reader);
        assert_eq!(found["acts"].as_array().map(Vec::len), Some(count), "{reader}");
        let shown = page(&case, by);
        assert_eq!(shown.status, 200, "{}", shown.told());
        let last = text(&found["acts"][count - 1], "leafHash");
        assert!(shown.text().contains(NAME) && shown.text().contains(last), "{reader}");
    }
    let by_key = server.client().with_key(&cast.provider.api_key).get(&path(&case, "")).send().ok();
    assert_eq!(text(&by_key, "reader"), "applicant");
    // No name and no id of the body's people reaches the applicant, in any form.
    let oscal = case.by(&cast.provider).get(&path(&case, ".oscal.json")).send();
    let shown = page(&case, &cast.provider);
    for told in [record(&case, &cast.provider).text(), oscal.text(), shown.text()] {
        for person in
            cast.examiners.iter().chain([&cast.secretariat, &cast.decision_maker, &cast.second_decision_maker])
        {
            assert!(!told.contains(&person.id), "{}", person.id);
        }
        for name in ["審査員 甲", "審査員 乙", "判定者 二", "事務局 二"] {
            assert!(!told.contains(name), "{name}");
        }
    }
    let paper = case.by(&cast.provider).get(&path(&case, ".pdf")).send();
    assert_eq!((paper.status, paper.header("content-type")), (200, "application/pdf"));
    server.end();
    register.assert_whole();
}

/// The applicant reads no tie; decision makers know that one was waived and not which, nor what was judged by halves.
fn what_is_between_examiners_reaches_nobody_else(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let case = Case::submit(&server.client(), &cast, &declaration()).assign();
    let case = case.declare_tie(first, "昨年まで顧問だった。").declare(second);
    let waiver = json!({ "examiner": first.id, "reason": "任期は終わり、取引もない。" });
    let proposal = case.act(&cast.secretariat, "waiver", &waiver).ok();
    case.confirm(&cast.second_secretariat, &proposal).ok();
    let mut case = case;
    case.state = case.by(first).get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    case.act(first, "judgements", &case.judgements()).ok();
    // Done, and the other is not: nothing opens.
    record(&case, first).refused(409, "record_not_open");
    record(&case, second).refused(409, "record_not_open");
    for what in [".pdf", ".oscal.json"] {
        case.by(second).get(&path(&case, what)).send().refused(409, "record_not_open");
    }
    case.act(second, "judgements", &case.judgements()).ok();
    case.state = case.act(second, "recommendation", &pass()).ok();
    let case = case.decide();
    for (by, reads) in [
        (&cast.auditor, true),
        (&cast.second_secretariat, true),
        (&cast.decision_maker, false),
        (first, false),
        (second, false),
        (&cast.provider, false),
    ] {
        for told in [record(&case, by), page(&case, by)] {
            for words in ["昨年まで顧問だった。", "任期は終わり、取引もない。"] {
                assert_eq!(told.text().contains(words), reads, "{words}: {}", by.id);
            }
        }
    }
    server.end();
    register.assert_whole();
}

fn statistics_count_what_is_finished(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let submit = || Case::submit(&server.client(), &cast, &declaration());
    let by = |person: &Person| server.client().signed_in(person);
    let counted = |query: &str| by(&cast.auditor).get(&format!("/api/v1/statistics{query}")).send().ok();
    assert_eq!((counted("")["cases"].clone(), counted("")["criteria"].clone()), (json!(0), json!([])));
    for refused in [first, &cast.provider, &cast.operator] {
        by(refused).get("/api/v1/statistics").send().refused(403, "forbidden");
        assert_eq!(by(refused).get("/statistics.csv").send().status, 403);
    }
    let half = submit().accept();
    half.act(first, "judgements", &half.judgements()).ok();
    // What one examiner has answered, or both but not yet recommended, is in no number.
    let before = counted("");
    assert_eq!((before["finished"].clone(), before["criteria"].clone()), (json!(0), json!([])));
    half.act(second, "judgements", &half.judgements()).ok();
    assert_eq!(counted(""), before);

    // They differ about one criterion, confer and agree.
    let mut case = submit().accept();
    let all = case.judgements();
    let one = text(&all["judgements"][0], "criterion").to_owned();
    // One question that is answered, and one that is not waited for any more.
    let asking = |text: &str| json!({ "criterion": one, "text": text });
    for (by, what, body) in [
        (first, "questions", asking("窓口の時間を教えてください。")),
        (second, "questions", asking("休日の窓口を教えてください。")),
        (&cast.provider, "questions/1/answer", json!({ "text": "9時から17時までです。" })),
        (second, "questions/2/closing", json!({ "reason": "1番の回答で足ります。" })),
    ] {
        case.state["version"] = case.act(by, what, &body).ok()["version"].clone();
    }
    let mut differs = all.clone();
    differs["judgements"][0]["answer"] = json!("unmet");
    case.act(first, "judgements", &differs).ok();
    case.act(second, "judgements", &all).ok();
    case.act(first, "reconciliation", &all["judgements"][0]).ok();
    case.state = case.act(first, "recommendation", &pass()).ok();
    case.decide();
    submit().accept().judge().recommend();
    submit();

    let found = counted("");
    assert_eq!((found["cases"].clone(), found["finished"].clone()), (json!(4), json!(2)));
    let of = |criterion: &str| -> Value {
        let all = found["criteria"].as_array().expect("a list");
        all.iter().find(|one| one["criterion"] == criterion).cloned().unwrap_or_default()
    };
    let disputed = of(&one);
    let numbers = |of: &Value| ["asked", "met", "compared", "agreedAtFirst", "reconciled"].map(|name| of[name].clone());
    assert_eq!(numbers(&disputed), [2, 2, 2, 1, 1].map(|number| json!(number)), "{disputed}");
    assert_eq!(disputed["kappa"], json!(0.0));
    let quartiles = json!({ "cases": 1, "first": 0, "median": 0, "third": 0 });
    assert_eq!((&disputed["questions"], &disputed["toAnswer"]), (&json!(2), &quartiles));
    let agreed = of(text(&all["judgements"][1], "criterion"));
    assert_eq!(numbers(&agreed), [2, 2, 2, 2, 0].map(|number| json!(number)));
    assert!(agreed.get("kappa").is_none(), "one answer alone says nothing of agreement");
    assert!(agreed["questions"] == 0 && agreed.get("toAnswer").is_none(), "{agreed}");
    assert_eq!(found["toDecision"]["cases"], 1);
    let today = api::clock::now().day();
    let (edition, day) = (text(&half.state, "edition"), today.to_string());
    for (query, cases) in [
        (format!("?edition={edition}"), 4),
        (format!("?from={day}&until={day}"), 4),
        ("?edition=1.0".to_owned(), 0),
        (format!("?from={}", today.next()), 0),
        (format!("?until={}", today.previous()), 0),
    ] {
        assert_eq!(counted(&query)["cases"], cases, "{query}");
    }
    by(&cast.auditor).get("/api/v1/statistics?edition=9.9").send().refused(422, "invalid");
    by(&cast.auditor).get("/api/v1/statistics?from=2026-05-01&until=2026-04-01").send().refused(422, "invalid");
    for reader in [&cast.secretariat, &cast.decision_maker, &cast.auditor] {
        let shown = by(reader).ask("GET", "/statistics").header("accept", "text/html").send();
        assert!(shown.status == 200 && shown.text().contains("申請 4件、うち審査を終えたもの 2件"), "{}", shown.told());
        let table = by(reader).get("/statistics.csv").send();
        assert!(table.text().contains("件数,全体,申請,4\r\n") && table.text().contains("協議して一致,1\r\n"));
        assert!(table.text().contains("質問,2\r\n") && table.text().contains("回答された質問,1\r\n"));
    }
    server.end();
    register.assert_whole();
}

/// What others read from the file: text and file inside, as they are in the document; and it is the same bytes again.
#[test]
fn a_record_on_paper_is_read_by_another_library() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &named()).pass();
    let print = |by: &Person| case.by(by).get(&path(&case, ".pdf")).send();
    let printed = print(&cast.auditor);
    assert_eq!((printed.status, printed.header("content-type")), (200, "application/pdf"), "{}", printed.told());
    assert!(printed.header("content-disposition").contains(case.id()));
    assert_eq!(print(&cast.secretariat).body, printed.body, "the same record is the same bytes");
    let file = register.data().join("record.pdf");
    fs::write(&file, &printed.body).expect("the folder is ours");
    let read = python::read("read_pdf.py", &[&file]).expect("a PDF file");
    let pages: Vec<&str> = read["pages"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let document = record(&case, &cast.auditor);
    let digest = HEXLOWER.encode(&Sha256::digest(&document.body));
    for (number, page) in pages.iter().enumerate() {
        assert!(page.contains(case.id()) && page.contains(&digest), "page {number}: {page}");
        assert!(page.contains(&format!("{} / {} ページ", number + 1, pages.len())), "page {number}: {page}");
    }
    // Lines are broken where they must be; the words are whole.
    let all: String = pages.concat().chars().filter(|letter| !letter.is_whitespace()).collect();
    for words in
        [NAME, "審査員甲", "判定者二", "すべての要件を充足する。", "証跡を確かめた。", "推薦意見", "大阪商工会議所"]
    {
        assert!(all.contains(words), "{words}");
    }
    for act in document.ok()["acts"].as_array().expect("a list") {
        assert!(all.contains(text(act, "leafHash")), "{act}");
    }
    assert_eq!((text(&read, "language"), &read["tagged"]), ("ja", &json!(true)));
    assert!(text(&read, "title").contains(NAME));
    assert_eq!(read["files"]["record.json"], document.text(), "the record is inside");

    // A letter that nobody can print is named; the page and the document hold it.
    let mut odd = named();
    odd["service"]["summary"] = json!("見守り\u{1f44d}");
    let odd = Case::submit(&server.client(), &cast, &odd);
    let refused = odd.by(&cast.auditor).get(&path(&odd, ".pdf")).send().refused(409, "no_glyph");
    assert!(text(&refused, "detail").contains("U+1F44D"), "{refused}");
    assert!(
        record(&odd, &cast.auditor).text().contains('\u{1f44d}')
            && page(&odd, &cast.auditor).text().contains('\u{1f44d}')
    );
    server.end();
    register.assert_whole();
}

/// NIST's models take what we write, and take no less.
#[test]
fn a_record_in_oscal_is_nists() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &named()).pass();
    let check = |kind: &str, document: &Value| {
        let file = register.data().join("oscal.json");
        fs::write(&file, document.to_string()).expect("the folder is ours");
        python::read("read_oscal.py", &[kind.as_ref(), file.as_os_str()])
    };
    let oscal = |by: &Person| case.by(by).get(&path(&case, ".oscal.json")).send().ok();
    let catalog = case.by(&cast.auditor).get("/api/v1/editions/2.0/oscal").send().ok();
    let ids = check("catalog", &catalog).unwrap_or_else(|why| panic!("{why}"));
    for by in [&cast.auditor, &cast.decision_maker, &cast.examiners[0], &cast.provider] {
        check("assessment-results", &oscal(by)).unwrap_or_else(|why| panic!("{why}"));
    }
    assert_eq!(oscal(&cast.auditor), oscal(&cast.secretariat), "the same things have the same UUIDs");
    let found = oscal(&cast.auditor);
    let result = &found["assessment-results"]["results"][0];
    let asked = case.judgements()["judgements"].as_array().map_or(0, Vec::len);
    let findings = result["findings"].as_array().expect("a list");
    assert_eq!((findings.len(), result["observations"].as_array().map(Vec::len)), (asked, Some(3 * asked)));
    for finding in findings {
        assert_eq!(finding["target"]["status"], json!({ "state": "satisfied", "reason": "pass" }));
        let objective = &finding["target"]["target-id"];
        assert!(ids["ids"].as_array().is_some_and(|ids| ids.contains(objective)), "{objective} is in the catalog");
    }
    assert!(result["risks"].is_null() && result["end"].is_string());
    let digest = record(&case, &cast.auditor).header("etag").replace('"', "");
    assert!(found["assessment-results"]["metadata"]["props"].to_string().contains(&digest));
    // One that is only submitted has nothing judged, and is NIST's all the same.
    let open = Case::submit(&server.client(), &cast, &declaration());
    let early = open.by(&cast.auditor).get(&path(&open, ".oscal.json")).send().ok();
    check("assessment-results", &early).unwrap_or_else(|why| panic!("{why}"));
    // The models bite: a status of our own and a field too many are refused.
    for (pointer, wrong) in [
        ("/assessment-results/results/0/findings/0/target/status/state", json!("met")),
        ("/assessment-results/results/0/findings/0/uuid", json!("1")),
        ("/assessment-results/import-ap/href", Value::Null),
    ] {
        let mut spoiled = found.clone();
        *spoiled.pointer_mut(pointer).expect(pointer) = wrong;
        assert!(check("assessment-results", &spoiled).is_err(), "{pointer}");
    }
    server.end();
    register.assert_whole();
}
