//! Questions to the applicant: asked, answered, extended, closed; the clock that stands meanwhile; what the other examiner
//! learns of them, and which judgements an answer undoes.

use std::sync::Barrier;
use std::thread;

use api::clock;
use domain::settings::Settings;
use serde_json::{Value, json};
use tests::{Answer, Case, Database, Person, Register, declaration, pass, text, version};

mod late;

tests::on_both!(
    a_question_stops_the_clock_and_its_answer_belongs_to_the_case,
    the_other_examiner_learns_only_that_the_clock_stands,
    nothing_that_was_typed_is_lost,
    an_answer_on_the_page_brings_files,
    one_of_answer_close_and_withdraw_wins,
);

const TEXT: &str = "窓口が一つであることは、規程のどこに書かれていますか。";
const REPLY: &str = "規程の3ページ、第5条です。";
const FILE: &[u8] = b"month,calls\n1,3\n2,5\n";

fn path(case: &Case<'_>, what: &str) -> String {
    format!("/api/v1/applications/{}{what}", case.id())
}

/// The criterion, the words, and the first day that may be named.
fn question() -> Value {
    json!({ "criterion": "help_desk", "text": TEXT })
}

fn questions(case: &Case<'_>, by: &Person) -> Value {
    case.by(by).get(&path(case, "/questions")).send().ok()
}

/// The case after an act about a question.
fn after<'a>(mut case: Case<'a>, answer: &Answer) -> Case<'a> {
    case.state["version"] = answer.ok()["version"].clone();
    case
}

fn page(case: &Case<'_>, by: &Person, path: &str) -> String {
    let page = case.by(by).ask("GET", path).header("accept", "text/html").send();
    assert_eq!(page.status, 200, "{path}: {}", page.told());
    page.text().to_owned()
}

fn a_question_stops_the_clock_and_its_answer_belongs_to_the_case(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let case = Case::submit(&server.client(), &cast, &declaration()).accept().judge();
    let (today, due) = (clock::now().day(), text(&case.state, "due").to_owned());

    for (body, status, code, pointer) in [
        (json!({ "criterion": "nonsense", "text": TEXT }), 422, "invalid", "/criterion"),
        (json!({ "criterion": "help_desk", "text": " 　" }), 422, "invalid", "/text"),
        (json!({ "criterion": "help_desk", "text": TEXT, "until": today.to_string() }), 422, "invalid", "/until"),
        (json!({ "criterion": "help_desk", "text": TEXT, "until": "2026-02-30" }), 422, "invalid", "/until"),
        (json!({ "criterion": "consulting", "text": TEXT }), 422, "not_asked", ""),
    ] {
        let refused = case.act(first, "questions", &body).refused(status, code);
        assert_eq!(refused["errors"][0]["pointer"].as_str().unwrap_or_default(), pointer, "{refused}");
    }
    for (by, status, code) in [
        (&cast.other_examiner, 404, "not_found"),
        (&cast.provider, 403, "forbidden"),
        (&cast.secretariat, 403, "forbidden"),
        (&cast.decision_maker, 403, "forbidden"),
    ] {
        case.act(by, "questions", &question()).refused(status, code);
    }
    let by = case.by(first);
    let asking = || case.acting(&by, "questions", &question()).key("ask-key-1").send();
    let asked = asking();
    assert_eq!(asked.status, 201, "{}", asked.told());
    assert_eq!(asked.header("location"), path(&case, "/questions"));
    assert_eq!(version(&asking().ok()), case.version() + 1, "the same request again is the same question");
    case.act(first, "questions", &question()).refused(409, "asked_already");
    let case = after(case, &asked);
    let until = Settings::bundled().working_days_after(today, 10).to_string();
    let only = asked.ok()["questions"][0].clone();
    assert_eq!(
        (text(&only, "until"), text(&only, "state"), &only["workingDaysLeft"]),
        (until.as_str(), "open", &json!(10))
    );
    let shown = case.by(&cast.provider).get(&path(&case, "")).send().ok();
    assert_eq!(shown["clock"]["stoppedSince"], today.to_string());
    assert_eq!((text(&shown, "due"), &shown["clock"]["isOverdue"]), (due.as_str(), &json!(false)));

    // Who reads it, and who learns who asked.
    for (by, asker) in [(first, true), (&cast.secretariat, true), (&cast.auditor, true), (&cast.provider, false)] {
        let seen = questions(&case, by);
        assert_eq!(
            (seen["questions"][0]["text"].as_str(), seen["questions"].as_array().map(Vec::len)),
            (Some(TEXT), Some(1))
        );
        assert_eq!(seen["questions"][0]["asker"].as_str(), asker.then_some(first.id.as_str()), "{}", by.id);
    }
    let waiting = case.by(&cast.provider).get("/api/v1/reminders").send().ok();
    assert_eq!(
        (text(&waiting[0], "waitsFor"), &waiting[0]["question"], text(&waiting[0], "until")),
        ("answer", &json!(1), until.as_str())
    );
    assert_eq!(case.by(&cast.member).with_key(&cast.provider.api_key).get("/api/v1/reminders").send().ok(), waiting);
    for by in [&cast.stranger, &cast.secretariat, second] {
        assert_eq!(case.by(by).get("/api/v1/reminders").send().ok(), json!([]), "{}", by.id);
    }
    // Both have judged everything: an open question stands in the way, and both know of it.
    let waits = case.act(second, "recommendation", &pass()).refused(409, "answers_waited_for");
    assert!(text(&waits, "detail").contains("相談窓口"), "{waits}");
    assert_eq!(questions(&case, second)["questions"][0].get("asker"), None);

    // The answer, with a file; not somebody else's, not of files that nobody has, not twice.
    let provider = case.by(&cast.provider);
    let uploading = provider.ask("POST", "/api/v1/evidence?name=calls.csv").body("application/octet-stream", FILE);
    let digest = text(&uploading.send().ok(), "digest").to_owned();
    let body = json!({ "text": REPLY, "evidence": [{ "digest": digest, "speaksOf": "2026-03-31",
        "links": [{ "criterion": "insurance", "note": "件数" }] }] });
    case.act(&cast.stranger, "questions/1/answer", &body).refused(404, "not_found");
    case.act(first, "questions/1/answer", &body).refused(403, "forbidden");
    case.act(&cast.provider, "questions/2/answer", &body).refused(404, "not_found");
    let unknown = json!({ "text": REPLY, "evidence": [{ "digest": "0".repeat(64) }] });
    let refused = case.act(&cast.provider, "questions/1/answer", &unknown).refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/evidence/0/digest");
    let page_beyond = json!({ "text": REPLY, "evidence": [{ "digest": digest, "links": [{ "criterion": "insurance", "page": 0 }] }] });
    let refused = case.act(&cast.provider, "questions/1/answer", &page_beyond).refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/evidence/0/links/0/page");
    let case = after(case.clone(), &case.act(&cast.agent, "questions/1/answer", &body));
    case.act(&cast.provider, "questions/1/answer", &body).refused(409, "question_ended");
    case.act(first, "questions/1/closing", &json!({ "reason": "済んだ。" })).refused(409, "question_ended");
    let shown = case.by(second).get(&path(&case, "")).send().ok();
    assert_eq!(
        (text(&shown["evidence"][0], "digest"), text(&shown["evidence"][0], "name")),
        (digest.as_str(), "calls.csv")
    );
    assert_eq!(
        (text(&shown, "due"), shown["clock"].get("stoppedSince")),
        (due.as_str(), None),
        "answered on the same day"
    );
    let seen = questions(&case, second)["questions"][0].clone();
    assert_eq!(
        (text(&seen["answer"], "text"), &seen["answer"]["evidence"], seen.get("asker")),
        (REPLY, &json!([digest]), None)
    );
    assert_eq!(case.by(second).get(&format!("/api/v1/evidence/{digest}/file")).send().status, 200);

    // Of what it says, and of what its file shows, the judgements have to be given again; before that they are apart.
    let undone = case.act(first, "recommendation", &pass()).refused(409, "outdated");
    let detail = text(&undone, "detail");
    assert!(detail.contains("相談窓口") && detail.contains("保険") && !detail.contains("価格"), "{undone}");
    let waiting = case.by(first).get("/api/v1/reminders").send().ok();
    assert_eq!(
        (text(&waiting[0], "waitsFor"), &waiting[0]["criteria"]),
        ("judging", &json!(["help_desk", "insurance"]))
    );
    let apart = |by: &Person| case.by(by).get(&path(&case, "/examinations")).send().ok().as_array().map(Vec::len);
    assert_eq!((apart(first), apart(second)), (Some(1), Some(1)));
    let examined = page(&case, second, &format!("/examinations/{}", case.id()));
    assert!(examined.contains("判断のあとに申請者の回答が届きました"), "{examined}");
    // The case has a file now, so that what is met is shown by it.
    let say = |criterion: &str, answer: &str| {
        let grounds = if answer == "met" { json!([{ "digest": digest }]) } else { json!([]) };
        json!({ "criterion": criterion, "answer": answer, "reason": "回答で確かめた。", "evidence": grounds })
    };
    let again = |desk: &str| json!({ "judgements": [say("help_desk", desk), say("insurance", "met")] });
    case.act(first, "judgements", &again("met")).ok();
    case.act(first, "recommendation", &pass()).refused(409, "other_not_done");
    case.act(second, "reconciliation", &say("help_desk", "met")).refused(409, "not_both_done");
    case.act(second, "judgements", &again("unmet")).ok();
    assert_eq!((apart(first), apart(second)), (Some(2), Some(2)));
    case.act(first, "recommendation", &pass()).refused(409, "disagreement");
    case.act(second, "reconciliation", &say("help_desk", "met")).ok();
    let decided = case.recommend().decide();
    assert_eq!(text(&decided.state, "stage"), "decided");
    decided.act(first, "questions", &question()).refused(409, "state");
    decided.act(&cast.provider, "questions/1/answer", &body).refused(409, "state");
    let history = page(&decided, &cast.provider, &format!("/applications/{}", decided.id()));
    assert!(history.contains("申請者への質問") && history.contains("質問への回答"), "{history}");
    server.end();
    register.assert_whole();
}

fn the_other_examiner_learns_only_that_the_clock_stands(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let pages = ["/examinations/:id", "/applications/:id", "/examinations", "/applications"];
    let read = |by: &Person| -> Vec<String> {
        let about =
            [path(&case, "/questions"), path(&case, ""), "/api/v1/queue".to_owned(), "/api/v1/reminders".to_owned()];
        let mut told: Vec<String> = about.iter().map(|path| case.by(by).get(path).send().text().to_owned()).collect();
        let looked = pages.iter().filter(|path| *path != &"/applications");
        told.extend(looked.map(|path| page(&case, by, &path.replace(":id", case.id()))));
        told
    };
    // What tells how many acts there were, when the last one was, and how the clock stands; and a page's own words.
    let without_clock = |told: &str| -> String {
        let mut told = match serde_json::from_str::<Value>(told) {
            Ok(mut told) => {
                let strip = |one: &mut Value| {
                    for own in ["version", "changedAt", "clock", "due", "stoppedSince", "workingDaysLeft", "urgency"] {
                        one.as_object_mut().map(|fields| fields.remove(own));
                    }
                };
                strip(&mut told);
                for case in told.get_mut("cases").and_then(Value::as_array_mut).into_iter().flatten() {
                    strip(case);
                }
                told.to_string()
            }
            Err(_) => told.to_owned(),
        };
        let clocks = ["name=\"version\"", "回答待ち", "審査の期限", "残り"];
        let is_kept = |line: &&str| !line.trim().is_empty() && !clocks.iter().any(|clock| line.contains(clock));
        told = told.lines().filter(is_kept).map(|line| format!("{line}\n")).collect();
        told
    };
    let before: Vec<String> = read(second).iter().map(|told| without_clock(told)).collect();
    let asked = case.act(first, "questions", &question());
    let case = after(case.clone(), &asked);
    let until = text(&asked.ok()["questions"][0], "until").to_owned();
    let unchanged = |what: &str| {
        let now = read(second);
        for (before, now) in before.iter().zip(&now) {
            let now_told = without_clock(now);
            let new = now_told.lines().filter(|line| !before.lines().any(|known| known == *line));
            assert_eq!(new.collect::<Vec<_>>(), Vec::<&str>::new(), "{what}");
            assert_eq!(*before, now_told, "{what}");
            assert!(!now.contains(TEXT), "{what}: {now}");
        }
        now
    };
    let now = unchanged("the first has asked");
    let today = clock::now().day().to_string();
    assert!(now[1].contains(&format!("\"stoppedSince\":\"{today}\"")), "the due day is theirs too: {}", now[1]);
    assert!(!now[1].contains(&until), "until when, is not");
    // A question that they do not know of is none.
    let reason = json!({ "reason": "要らない。" });
    for what in ["closing", "extension"] {
        let body = if what == "closing" { reason.clone() } else { json!({ "until": "2027-06-30" }) };
        let theirs = case.act(second, &format!("questions/1/{what}"), &body).refused(404, "not_found");
        let none = case.act(second, &format!("questions/99/{what}"), &body).refused(404, "not_found");
        assert_eq!(text(&theirs, "detail").replace('1', "99"), text(&none, "detail"));
    }
    // More time, and its end: by whoever asked, and by the secretariat.
    let later = clock::now().day().plus_days(60).to_string();
    let extended = case.act(&cast.secretariat, "questions/1/extension", &json!({ "until": later }));
    let case = after(case.clone(), &extended);
    assert_eq!(text(&questions(&case, &cast.provider)["questions"][0], "until"), later);
    unchanged("there is more time");
    let closed = case.act(first, "questions/1/closing", &reason);
    let case = after(case.clone(), &closed);
    unchanged("it was closed");
    let known = questions(&case, &cast.provider)["questions"][0].clone();
    assert_eq!((text(&known, "state"), text(&known["closing"], "reason")), ("closed", "要らない。"));
    let shown = case.by(second).get(&path(&case, "")).send().ok();
    assert_eq!(shown["clock"].get("stoppedSince"), None, "the clock runs again");
    // Whoever has not declared their interests sees the day, and not that anybody is waited for.
    let fresh = Case::submit(&server.client(), &cast, &declaration()).assign().declare(first);
    fresh.act(first, "questions", &question()).ok();
    let queue = case.by(second).get("/api/v1/queue").send().ok();
    let queued = queue["cases"].as_array().expect("a list").iter().find(|one| text(one, "application") == fresh.id());
    let queued = queued.expect("it is theirs");
    assert_eq!((text(queued, "clearance"), queued.get("stoppedSince")), ("undeclared", None), "{queued}");
    // Once both are done nothing is kept from either.
    let case = case.judge();
    assert_eq!(questions(&case, second)["questions"][0]["text"], TEXT);
    server.end();
    register.assert_whole();
}

/// Whoever types a judgement, a question or an answer while others act loses nothing of it.
fn nothing_that_was_typed_is_lost(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let [first, second] = &cast.examiners;
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let read = case.version().to_string();
    let examining = format!("/examinations/{}", case.id());
    let post = |by: &Person, path: &str, form: &[(&str, &str)]| case.by(by).ask("POST", path).form(form).send();

    // The first asks while the second has the page open, and asks and judges too: from the version that they read.
    let until = clock::now().day().plus_days(40).ymd();
    let until = [until.0.to_string(), until.1.to_string(), until.2.to_string()];
    let day = |key: &str| -> Vec<(String, String)> {
        let parts = ["year", "month", "day"].into_iter().zip(&until);
        parts.map(|(part, value)| (format!("/questions/{key}/until/{part}"), value.clone())).collect()
    };
    let form = |of: &[(&str, &str)], key: &str| -> Vec<(String, String)> {
        let typed = of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        typed.chain(day(key)).chain([("version".to_owned(), read.clone())]).collect()
    };
    let send = |by: &Person, path: &str, form: &[(String, String)]| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        post(by, path, &form)
    };
    let ask = format!("{examining}/questions");
    let plain = form(&[("ask", "help_desk"), ("/questions/help_desk/text", TEXT)], "help_desk");
    let asked = send(first, &ask, &plain);
    let to = format!("{examining}#ask-help_desk");
    assert_eq!((asked.status, asked.header("location")), (303, to.as_str()), "{}", asked.told());
    let again = send(first, &ask, &plain);
    assert!(
        again.status == 409 && again.text().contains("すでに送られ") && again.text().contains(TEXT),
        "{}",
        again.told()
    );

    let typed = "まだ保存していない判断の理由";
    let with_judgement = form(
        &[
            ("ask", "insurance"),
            ("/questions/insurance/text", "保険証券の番号を示してください。"),
            ("/judgements/help_desk/answer", "met"),
            ("/judgements/help_desk/reason", typed),
        ],
        "insurance",
    );
    let asked = send(second, &ask, &with_judgement);
    assert!(asked.status == 200 && asked.text().contains(typed), "{}", asked.told());
    assert!(asked.text().contains("質問を送りました。") && asked.text().contains("まだ保存されていません"));
    let silent =
        send(second, &ask, &form(&[("ask", "insurance"), ("/judgements/help_desk/reason", typed)], "insurance"));
    assert!(silent.status == 422 && silent.text().contains(typed), "{}", silent.told());
    let saved = send(
        second,
        &format!("{examining}/judgements"),
        &form(&[("/judgements/help_desk/answer", "met"), ("/judgements/help_desk/reason", typed)], "insurance"),
    );
    assert_eq!(saved.status, 303, "another's question is no reason to read again: {}", saved.told());

    // The applicant answers from a page of before the second question; then it is closed under their hands.
    let answer = |number: u32, text: &str| {
        let form = [("version", read.as_str()), ("/text", text)];
        let path = format!("/applications/{}/questions/{number}/answer", case.id());
        let by = case.by(&cast.provider);
        by.ask("POST", &path).form_with_files(&form, &[]).send()
    };
    let answered = answer(1, REPLY);
    assert_eq!(answered.status, 303, "{}", answered.told());
    let closing = format!("/intake/{}/questions/2/closing", case.id());
    let silent = post(&cast.secretariat, &closing, &[("version", &read)]);
    assert!(
        silent.status == 422 && silent.text().contains("回答を待たない理由を入力してください"),
        "{}",
        silent.told()
    );
    let closed = post(&cast.secretariat, &closing, &[("version", &read), ("/settle/2/reason", "証券が届いた。")]);
    assert_eq!(closed.status, 303, "{}", closed.told());
    let late = answer(2, "長い時間をかけて書いた答え");
    assert_eq!(late.status, 409, "{}", late.told());
    for word in ["長い時間をかけて書いた答え", "回答を待たないことになり", "記録されなかった入力"]
    {
        assert!(late.text().contains(word), "{word}: {}", late.text());
    }
    // What the answer is about was judged from before it: the typed judgement comes back, and goes once it was read.
    let stale = send(
        first,
        &format!("{examining}/judgements"),
        &form(&[("/judgements/help_desk/answer", "met"), ("/judgements/help_desk/reason", typed)], "insurance"),
    );
    assert!(stale.status == 412 && stale.text().contains(typed) && stale.text().contains(REPLY), "{}", stale.told());
    let judged = page(&case, second, &examining);
    assert!(judged.contains("回答の前の判断") && judged.contains(typed), "what they gave before is shown: {judged}");
    server.end();
    register.assert_whole();
}

fn an_answer_on_the_page_brings_files(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    let case = after(case.clone(), &case.act(&cast.examiners[0], "questions", &question()));
    let (own, version) = (format!("/applications/{}", case.id()), case.version().to_string());
    let shown = page(&case, &cast.provider, &own);
    assert!(shown.contains(TEXT) && shown.contains("残り10開庁日") && !shown.contains("審査員 甲"), "{shown}");
    let list = page(&case, &cast.provider, "/applications");
    assert!(list.contains("あなたの対応を待っているもの 1件") && list.contains("申請者の回答待ち"), "{list}");
    let intake = page(&case, &cast.secretariat, &format!("/intake/{}", case.id()));
    assert!(
        intake.contains(TEXT) && intake.contains("審査員 甲") && intake.contains("申請者の回答を待っています"),
        "{intake}"
    );

    let by = case.by(&cast.provider);
    let send = |form: &[(&str, &str)], files: &[(&str, &str, &[u8])]| {
        by.ask("POST", &format!("{own}/questions/1/answer")).form_with_files(form, files).send()
    };
    // A file that is not taken stops the answer; the one that is stays with what was typed.
    let typed = [("version", version.as_str()), ("owner", "osaka-cci"), ("/text", REPLY)];
    let refused = send(&typed, &[("file", "calls.csv", FILE), ("file", "run.exe", b"MZ\0\0")]);
    assert_eq!(refused.status, 422, "{}", refused.told());
    for word in [REPLY, "calls.csv", "run.exe", "受け取れなかった"] {
        assert!(refused.text().contains(word), "{word}: {}", refused.text());
    }
    let digest = refused.text().split("name=\"/files/0/digest\" value=\"").nth(1).and_then(|rest| rest.get(..64));
    let digest = digest.expect("the form holds the file").to_owned();
    let more = send(&[&typed[..], &[("/files/0/digest", &digest), ("more", "/files")]].concat(), &[]);
    assert!(more.status == 200 && more.text().contains(REPLY), "{}", more.told());
    let named = [
        ("/files/0/digest", digest.as_str()),
        ("/files/0/links/0/criterion", "help_desk"),
        ("/files/0/links/0/note", "件数"),
    ];
    let answered = send(&[&typed[..], &named[..]].concat(), &[]);
    let to = format!("{own}#question-1");
    assert_eq!((answered.status, answered.header("location")), (303, to.as_str()), "{}", answered.told());
    let shown = case.by(&cast.examiners[1]).get(&path(&case, "")).send().ok();
    let links = json!([{ "criterion": "help_desk", "note": "件数" }]);
    assert_eq!((text(&shown["evidence"][0], "digest"), &shown["evidence"][0]["links"]), (digest.as_str(), &links));
    let examined = page(&case, &cast.examiners[1], &format!("/examinations/{}", case.id()));
    assert!(
        examined.contains(REPLY) && examined.contains("calls.csv") && !examined.contains("審査員 甲"),
        "{examined}"
    );
    // The same file with another answer is the case's already.
    let again = after(
        case.clone(),
        &case.act(&cast.examiners[0], "questions", &json!({ "criterion": "insurance", "text": TEXT })),
    );
    let body = json!({ "text": REPLY, "evidence": [{ "digest": digest }] });
    let known = again.act(&cast.provider, "questions/2/answer", &body).refused(422, "invalid");
    assert_eq!(known["errors"][0]["pointer"], "/evidence/0/digest");
    server.end();
    register.assert_whole();
}

/// Answered, closed and withdrawn at once: one of them is done, and each of the others is told.
fn one_of_answer_close_and_withdraw_wins(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    for _ in 0..5 {
        let case = Case::submit(&server.client(), &cast, &declaration()).accept();
        let case = after(case.clone(), &case.act(&cast.examiners[0], "questions", &question()));
        let acts = [
            (&cast.provider, "questions/1/answer", json!({ "text": REPLY })),
            (&cast.examiners[0], "questions/1/closing", json!({ "reason": "要らない。" })),
            (&cast.agent, "withdrawal", json!({ "reason": "やめる。" })),
        ];
        let barrier = Barrier::new(acts.len());
        let answers: Vec<Answer> = thread::scope(|scope| {
            let send = |(by, what, body): &(&Person, &'static str, Value)| {
                let (way, barrier, by, what, body) =
                    (case.through(&server.client()), &barrier, (*by).clone(), *what, body.clone());
                scope.spawn(move || {
                    barrier.wait();
                    way.act(&by, what, &body)
                })
            };
            let sent: Vec<_> = acts.iter().map(send).collect();
            sent.into_iter().map(|sent| sent.join().expect("it does not panic")).collect()
        });
        let told: Vec<String> = answers.iter().map(Answer::told).collect();
        // Once it is answered or closed the withdrawal is of an older version; once it is withdrawn, all is over.
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 1, "{told:#?}");
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            let code = text(&lost.json(), "code").to_owned();
            assert!(["question_ended", "stale", "state"].contains(&code.as_str()), "{told:#?}");
        }
        let now = case.by(&cast.auditor).get(&path(&case, "")).send().ok();
        assert_eq!(version(&now), case.version() + 1, "one act and no more");
    }
    server.end();
    register.assert_whole();
}
