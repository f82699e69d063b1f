//! Judging: what a judgement rests on and overrules, how two who differ confer, what an examiner keeps to themselves, and
//! what is new in an application. Each on both faces where it has two.

use serde_json::{Value, json};
use tests::{Answer, Case, Cast, Client, Database, Person, Register, Server, Visit, declaration, pass, text};

tests::on_both!(
    a_judgement_rests_on_the_files_of_the_case,
    arithmetic_is_overruled_in_so_many_words,
    two_who_differ_confer_and_the_history_stays,
    papers_are_their_writers_alone_and_outlive_the_session,
    what_is_new_is_marked_by_words,
);

const CSV: &[u8] = b"month,calls\n1,3\n";

fn path(case: &Case<'_>, what: &str) -> String {
    format!("/api/v1/applications/{}{what}", case.id())
}

fn read(case: &Case<'_>, by: &Person, what: &str) -> Value {
    case.by(by).get(&path(case, what)).send().ok()
}

fn page(case: &Case<'_>, by: &Person) -> String {
    let answer = case.by(by).ask("GET", &format!("/examinations/{}", case.id())).header("accept", "text/html").send();
    assert_eq!(answer.status, 200, "{}", answer.told());
    answer.text().to_owned()
}

fn post(case: &Case<'_>, by: &Person, what: &str, fields: &[(&str, &str)]) -> Answer {
    let version = case.version().to_string();
    let fields: Vec<_> = fields.iter().copied().chain([("version", version.as_str())]).collect();
    case.by(by).ask("POST", &format!("/examinations/{}/{what}", case.id())).form(&fields).send()
}

fn one(judgement: Value) -> Value {
    json!({ "judgements": [judgement] })
}

fn judgement(criterion: &str, answer: &str) -> Value {
    json!({ "criterion": criterion, "answer": answer, "reason": "証跡を確かめた。" })
}

fn with(mut judgement: Value, field: &str, value: Value) -> Value {
    judgement[field] = value;
    judgement
}

/// The pointer of the only fault, and its code.
fn fault(problem: &Value) -> (&str, &str) {
    let [only] = &problem["errors"].as_array().expect("a list")[..] else { panic!("one fault: {problem}") };
    (text(only, "pointer"), text(only, "code"))
}

/// The same person in a session of their own again.
fn signed_in_again(server: &Server, person: &Person) -> Person {
    let entered = Visit::new(server).sign_in(person, 0, &[]);
    let cookie = entered.header("set-cookie").split(';').next().expect("a cookie");
    let session = cookie.split_once('=').expect("its name").1.to_owned();
    let fresh = Person { session, ..person.clone() };
    let csrf = text(&server.client().signed_in(&fresh).get("/api/v1/session").send().ok(), "csrfToken").to_owned();
    Person { csrf, ..fresh }
}

/// A case with a file that is said to be about the help desk.
fn shown<'a>(client: &Client, cast: &'a Cast) -> (Case<'a>, String) {
    let by = client.signed_in(&cast.provider);
    let sent = by.ask("POST", "/api/v1/evidence?name=calls.csv").body("application/octet-stream", CSV).send();
    assert_eq!(sent.status, 201, "{}", sent.told());
    let digest = text(&sent.json(), "digest").to_owned();
    let file = json!({ "digest": digest, "links": [{ "criterion": "help_desk" }] });
    let body = json!({ "declaration": declaration(), "evidence": [file] });
    (Case::submit(client, cast, &body).accept(), digest)
}

fn a_judgement_rests_on_the_files_of_the_case(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let (case, digest) = shown(&server.client(), &cast);
    let [first, second] = &cast.examiners;
    let refused = |judgement: Value, code: &'static str, pointer: &str| {
        let problem = case.act(first, "judgements", &one(judgement)).refused(422, code);
        assert_eq!(fault(&problem), (pointer, code));
    };
    let met = |criterion: &str| judgement(criterion, "met");
    refused(met("help_desk"), "evidence_needed", "/judgements/0/evidence");
    refused(met("disclosure"), "evidence_needed", "/judgements/0/evidence");
    refused(judgement("help_desk", "unmet"), "evidence_needed", "/judgements/0/evidence");
    let foreign = json!([{ "digest": digest }, { "digest": "0".repeat(64) }]);
    refused(with(met("help_desk"), "evidence", foreign), "no_such_file", "/judgements/0/evidence/1/digest");
    // What no file is said to be about may be unmet for that very reason, and what the edition asks nothing for is free.
    case.act(first, "judgements", &one(judgement("continuity", "unmet"))).ok();
    case.act(first, "judgements", &one(met("simplicity"))).ok();

    let cited = |body: &Value| {
        let all = body["judgements"].as_array().expect("a list").clone();
        let cited =
            all.into_iter().map(|judgement| with(judgement, "evidence", json!([{ "digest": digest, "page": 2 }])));
        json!({ "judgements": cited.collect::<Vec<_>>() })
    };
    case.act(first, "judgements", &cited(&case.judgements())).ok();
    // On the page: the box of the file is not ticked, then the page number is no number, then it is taken.
    let row = |part: &str| format!("/judgements/help_desk/evidence/0/{part}");
    let (file, number) = (row("digest"), row("page"));
    let own =
        [("only", "help_desk"), ("/judgements/help_desk/answer", "met"), ("/judgements/help_desk/reason", "見た。")];
    let asks = |more: &[(&str, &str)]| post(&case, second, "judgements", &[&own[..], more].concat());
    let unticked = asks(&[]);
    assert!(unticked.status == 422 && unticked.text().contains("根拠を選んでください"), "{}", unticked.told());
    let no_number = asks(&[(&file, &digest), (&number, "二")]);
    assert!(no_number.status == 422 && no_number.text().contains("value=\"二\""), "{}", no_number.told());
    let taken = asks(&[(&file, &digest), (&number, "２")]);
    assert_eq!((taken.status, taken.header("location")), (303, &*format!("/examinations/{}#c-help_desk", case.id())));
    let ground = json!([{ "digest": digest, "page": 2 }]);
    let found = read(&case, second, "/examinations");
    assert_eq!(found[0]["judgements"][0]["evidence"], ground, "only the one that was asked for: {found}");
    assert_eq!(found[0]["judgements"].as_array().map(Vec::len), Some(1));

    case.act(second, "judgements", &cited(&case.judgements())).ok();
    assert!(page(&case, second).contains("calls.csv</a>（保存） 2ページ"), "who confers sees what the other rests on");
    let decided = case.recommend().decide();
    let told = read(&decided, &cast.provider, "/examinations");
    assert_eq!(told[0]["judgements"][0]["evidence"], ground, "the applicant reads it once it is decided");
    server.end();
    register.assert_whole();
}

fn arithmetic_is_overruled_in_so_many_words(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let [first, second] = &cast.examiners;
    let overruling = |judgement: Value| one(with(judgement, "overrules", json!(true)));
    let unmet = |criterion: &str| judgement(criterion, "unmet");
    let silent = case.act(first, "judgements", &one(unmet("network_monitoring"))).refused(422, "silent");
    assert_eq!(fault(&silent), ("/judgements/0/overrules", "silent"));
    case.act(first, "judgements", &overruling(unmet("network_price"))).refused(422, "overrules");
    for said in [judgement("network_monitoring", "met"), unmet("help_desk")] {
        case.act(first, "judgements", &overruling(said)).refused(422, "nothing_overruled");
    }
    // The page asks for the same: whoever does not tick the box keeps what they typed.
    let name = |part: &str| format!("/judgements/network_monitoring/{part}");
    let (answer, reason, overrules) = (name("answer"), name("reason"), name("overrules"));
    let own = [(answer.as_str(), "unmet"), (&reason, "夜間は止まる。")];
    let asked = post(&case, second, "judgements", &own);
    assert!(asked.status == 422 && asked.text().contains("夜間は止まる。"), "{}", asked.told());
    assert!(asked.text().contains("f-judge-judgements-network_monitoring-overrules-error"), "at the box");
    let told = post(&case, second, "judgements", &[own[0], own[1], (&overrules, "yes")]);
    assert_eq!(told.status, 303, "{}", told.told());
    case.act(first, "judgements", &overruling(unmet("network_monitoring"))).ok();
    for examiner in [first, second] {
        let mut rest = case.judgements();
        let all = rest["judgements"].as_array_mut().expect("a list");
        all.retain(|judgement| judgement["criterion"] != "network_monitoring");
        case.act(examiner, "judgements", &rest).ok();
    }
    let mark = "計算による所見を覆す判断です。";
    assert!(page(&case, first).contains(mark));
    let fail = json!({ "verdict": "fail", "reason": "夜間の監視がない。" });
    case.act(first, "recommendation", &pass()).refused(422, "unsupported");
    case.act(first, "recommendation", &fail).ok();
    let decision = format!("/decisions/{}", case.id());
    let desk = case.by(&cast.decision_maker).ask("GET", &decision).header("accept", "text/html").send();
    assert!(desk.text().contains(mark), "who decides sees it: {}", desk.told());
    server.end();
    register.assert_whole();
}

fn two_who_differ_confer_and_the_history_stays(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let because = |answer: &str, reason: &str| with(judgement("help_desk", answer), "reason", json!(reason));
    case.act(first, "reconciliation", &because("met", "早い。")).refused(409, "not_both_done");
    let case = case.dispute();
    // Both are done: nothing is judged again, and only what they differ about is open.
    case.act(first, "judgements", &case.judgements()).refused(409, "both_done");
    case.act(first, "reconciliation", &judgement("insurance", "unmet")).refused(409, "not_disputed");
    case.act(first, "recommendation", &pass()).refused(409, "disagreement");
    case.act(&cast.other_examiner, "reconciliation", &because("met", "通りすがり。")).refused(404, "not_found");
    case.act(&cast.secretariat, "reconciliation", &because("met", "代わりに。")).refused(403, "forbidden");
    let silent = case.act(first, "reconciliation", &because("met", " ")).refused(422, "invalid");
    assert_eq!(fault(&silent).0, "/reason");

    let seen = page(&case, first);
    for word in ["審査員 乙", "協議の結果を記録する", "f-judge-judgements-help_desk-reason"] {
        assert!(seen.contains(word), "{word}");
    }
    assert!(!seen.contains("f-judge-judgements-insurance-reason"), "what they agree about has no form");
    // The first upholds, on the page; a criterion is reconciled alone, and never without a reason.
    let own = [("criterion", "help_desk"), ("/judgements/help_desk/answer", "met")];
    let silent = post(&case, first, "reconciliation", &own);
    assert!(silent.status == 422 && silent.text().contains("判断の理由を入力してください"), "{}", silent.told());
    let reason = ("/judgements/help_desk/reason", "窓口は一つと読める。");
    let upheld = post(&case, first, "reconciliation", &[own[0], own[1], reason]);
    assert_eq!(upheld.status, 303, "{}", upheld.told());
    case.act(first, "recommendation", &pass()).refused(409, "disagreement");
    let reconciled = case.act(second, "reconciliation", &because("met", "規程を読み直した。")).ok();
    assert_eq!(reconciled["superseded"][0]["judgement"]["answer"], "unmet");
    case.act(second, "reconciliation", &because("unmet", "やはり。")).refused(409, "not_disputed");

    let history = |by: &Person| {
        let found = read(&case, by, "/examinations");
        let all = found.as_array().expect("a list").iter();
        let mut earlier: Vec<String> = all
            .flat_map(|own| own["superseded"].as_array().cloned().unwrap_or_default())
            .map(|earlier| text(&earlier["judgement"], "answer").to_owned())
            .collect();
        earlier.sort();
        earlier
    };
    for by in [first, second, &cast.auditor] {
        assert_eq!(history(by), ["met", "unmet"]);
    }
    assert_eq!(history(&cast.provider), Vec::<String>::new(), "not before it is decided");
    assert!(page(&case, first).contains("協議の前の判断"));
    let log = case.by(&cast.auditor).get("/api/v1/trail?what=examination.reconciled").send().ok();
    assert_eq!(log["items"].as_array().map(Vec::len), Some(2), "each is an act of its own: {log}");
    let case = case.recommend().decide();
    let found = read(&case, &cast.provider, "/examinations");
    assert_eq!(found.as_array().map(Vec::len), Some(2));
    server.end();
    register.assert_whole();
}

fn papers_are_their_writers_alone_and_outlive_the_session(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let case = Case::submit(&server.client(), &cast, &declaration()).assign().declare(first);
    const NOTE: &str = "秘密の覚え書き";
    let keep = |by: &Person, criterion: &str, body: &Value| {
        let client = case.by(by);
        client.ask("PUT", &path(&case, &format!("/working-papers/{criterion}"))).json(body).send()
    };
    let papers = |by: &Person| read(&case, by, "/working-papers")["papers"].as_array().expect("a list").clone();
    let typed = json!({ "answer": "unmet", "reason": "まだ途中", "evidence": [{ "page": "十二" }], "note": NOTE });
    let before = register.acts();
    keep(second, "help_desk", &typed).refused(403, "undeclared");
    // It is kept before the other has declared, and whatever happens to the application's version.
    let saved = keep(first, "help_desk", &typed).ok();
    assert_eq!(register.acts(), before, "no paper is an act");
    assert_eq!(text(&saved, "criterion"), "help_desk");
    let case = case.clone().declare(second);
    let [only] = &papers(first)[..] else { panic!("one paper") };
    for field in ["answer", "reason", "note"] {
        assert_eq!(only[field], typed[field]);
    }
    assert_eq!((&only["evidence"][0]["page"], &only["savedAt"]), (&json!("十二"), &saved["savedAt"]));
    keep(first, "no_such", &typed).refused(404, "not_found");
    keep(&cast.other_examiner, "help_desk", &typed).refused(404, "not_found");
    assert_eq!(papers(second), Vec::<Value>::new(), "not even the other's");
    case.by(&cast.auditor).get(&path(&case, "/working-papers")).send().refused(403, "forbidden");
    for by in [second, &cast.auditor, &cast.secretariat, &cast.provider] {
        for what in ["", "/examinations"] {
            assert!(!case.by(by).get(&path(&case, what)).send().text().contains(NOTE));
        }
    }
    assert!(!page(&case, second).contains(NOTE));
    let own = page(&case, first);
    assert!(own.contains(NOTE) && own.contains("まだ途中") && own.contains("最後の保存"), "it stands in the form");

    // Without a script, a button saves all that is typed; what is blank is kept no longer.
    let blank = [("/judgements/help_desk/reason", ""), ("/notes/help_desk", NOTE), ("/notes/renewal", "更新日")];
    assert_eq!(post(&case, first, "working-papers", &blank).status, 303);
    let kept: Vec<_> = papers(first)
        .iter()
        .map(|paper| (text(paper, "criterion").to_owned(), text(paper, "reason").to_owned()))
        .collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.iter().all(|(_, reason)| reason.is_empty()), "{kept:?}");
    let long = post(&case, first, "working-papers", &[("/notes/renewal", &"長".repeat(4_001))]);
    assert!(long.status == 422 && long.text().contains("4000文字以内"), "{}", long.told());

    // It outlives the session: they sign out and in again.
    keep(first, "help_desk", &typed).ok();
    let out = case.by(first).ask("POST", "/sign-out").form(&[]).send();
    assert_eq!(out.status, 303, "{}", out.told());
    case.by(first).get(&path(&case, "/working-papers")).send().refused(401, "signed_out");
    let again = signed_in_again(&server, first);
    assert_eq!(papers(&again).len(), 2);
    // What is judged leaves its paper, and the note stays; what is the judgement already is not kept beside it.
    case.act(&again, "judgements", &one(judgement("help_desk", "met"))).ok();
    let judged = papers(&again).into_iter().find(|paper| paper["criterion"] == "help_desk").expect("the note");
    assert_eq!((&judged["answer"], text(&judged, "reason"), text(&judged, "note")), (&Value::Null, "", NOTE));
    let same = json!({ "answer": "met", "reason": "証跡を確かめた。" });
    keep(&again, "help_desk", &same).ok();
    assert!(papers(&again).iter().all(|paper| paper["criterion"] != "help_desk"), "nothing is left to keep");
    // Whoever is replaced leaves nothing behind.
    keep(&again, "help_desk", &typed).ok();
    let sql = register.database().sql();
    let count = || sql.number("SELECT count(*) FROM working_papers");
    assert_eq!(count(), 2);
    let body = json!({ "leaving": first.id, "joining": cast.other_examiner.id, "reason": "異動した。" });
    case.act(&cast.secretariat, "replacement", &body).ok();
    assert_eq!(count(), 0);
    case.by(&again).get(&path(&case, "/working-papers")).send().refused(404, "not_found");
    let told = case.by(&cast.auditor).get("/api/v1/trail?what=examination.judged").send().ok();
    assert_eq!(told["items"].as_array().map(Vec::len), Some(1));
    // What nobody has saved for a year is let go, and the rest with whoever is erased.
    keep(second, "help_desk", &typed).ok();
    keep(second, "renewal", &typed).ok();
    let old = "UPDATE working_papers SET saved_at = '2020-01-01T00:00:00Z' WHERE criterion = 'renewal'";
    assert_eq!(sql.execute(old), 1);
    register.run(&["admin", "sweep"]);
    assert_eq!(sql.texts("SELECT criterion FROM working_papers"), ["help_desk"]);
    let operator = case.by(&cast.operator);
    let person = format!("/api/v1/people/{}", second.id);
    operator.post(&format!("{person}/dismissal"), &json!({ "reason": "退職した。" })).on_version(1).send().ok();
    operator.ask("POST", &format!("{person}/erasure")).send().ok();
    assert_eq!(count(), 0);
    server.end();
    register.assert_whole();
}

fn what_is_new_is_marked_by_words(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let mut then = declaration();
    then["insurance"]["policy"] = json!("旧サイバー保険（例示）");
    let old = Case::submit(&client, &cast, &then).pass();
    // Another service, and another's of the same name, are no last term of this one.
    let mut other = declaration();
    other["service"]["name"] = json!("まったく別のサービス");
    let other = Case::submit(&client, &cast, &other).pass();
    let rival = Case::submit_by(&cast.stranger, &client, &cast, &declaration()).pass();
    assert!(read(&other, &cast.auditor, "/changes").get("lastTerm").is_none());
    assert!(read(&rival, &cast.auditor, "/changes").get("lastTerm").is_none());

    let mut new = declaration();
    new["helpDesk"]["hours"] = json!("平日9時から20時（例示）");
    let name = text(&new["service"], "name").to_owned();
    new["service"]["name"] = json!(format!("　{name} "));
    let mut case = Case::submit(&client, &cast, &new);
    let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
    case.state = case.act(&cast.secretariat, "return", &reasons).ok();
    new["helpDesk"]["hours"] = declaration()["helpDesk"]["hours"].clone();
    let by = case.by(&cast.provider);
    let again = by.ask("PUT", &path(&case, "/declaration")).json(&new).on_version(case.version()).send();
    case.state = again.ok();
    let case = case.accept();

    let changes = read(&case, &cast.examiners[0], "/changes");
    assert_eq!((&changes["submission"], text(&changes["lastTerm"], "application")), (&json!(2), old.id()));
    assert_eq!(text(&changes["lastTerm"], "verdict"), "pass");
    let of = |criterion: &str| {
        let all = changes["criteria"].as_array().expect("a list");
        all.iter().find(|one| one["criterion"] == criterion).expect("it is asked").clone()
    };
    let pieces = |said: &Value, pointer: &str| -> Vec<(String, String)> {
        let one =
            said.as_array().expect("a list").iter().find(|said| said["pointer"] == pointer).expect(pointer).clone();
        let all = one["pieces"].as_array().expect("a list").clone();
        all.iter().map(|piece| (text(piece, "change").to_owned(), text(piece, "text").to_owned())).collect()
    };
    let desk = of("help_desk");
    let hours = pieces(&desk["declared"], "/helpDesk/hours");
    let expected = [("same", "平日9時から"), ("deleted", "20"), ("inserted", "17"), ("same", "時（例示）")];
    assert_eq!(hours, expected.map(|(change, words)| (change.to_owned(), words.to_owned())));
    assert_eq!(desk["sinceLastTerm"], json!([]), "it was 17 then, too");
    assert_eq!(desk["lastJudgements"].as_array().map(Vec::len), Some(2));
    assert_eq!(desk["lastJudgements"][0]["answer"], "met");
    let policy = pieces(&of("insurance")["sinceLastTerm"], "/insurance/policy");
    assert_eq!(policy[0], ("deleted".to_owned(), "旧".to_owned()));
    assert!(pieces(&of("insurance")["declared"], "/insurance/policy").iter().all(|(change, _)| change == "same"));

    let shown = page(&case, &cast.examiners[0]);
    let marked = "<del><span class=\"unseen\">［削除］</span>20<span class=\"unseen\">［削除終わり］</span></del>\
                  <ins><span class=\"unseen\">［追加］</span>17<span class=\"unseen\">［追加終わり］</span></ins>";
    assert!(shown.contains(marked), "{shown}");
    assert!(shown.contains(&format!("前回の判断と、そのあとの変更（{}、合格）", old.id())));
    server.end();
    register.assert_whole();
}
