//! Settings of the scheme over both faces: two people change them, from a day to come.

use api::clock;
use domain::calendar::Day;
use domain::settings::Settings;
use serde_json::{Value, json};
use tests::{Answer, Case, Client, Database, Person, Register, declaration, text};

tests::on_both!(two_people_change_a_setting, a_holiday_is_counted, what_is_wrong_is_named, a_change_from_the_page);

struct Stage {
    client: Client,
}

fn ahead(days: i32) -> Day {
    clock::now().day().plus_days(days)
}

impl Stage {
    fn propose(&self, by: &Person, setting: &str, body: &Value, version: u64) -> Answer {
        let path = format!("/api/v1/settings/{setting}/changes");
        self.client.signed_in(by).post(&path, body).on_version(version).send()
    }

    fn confirm(&self, by: &Person, proposal: &Value) -> Answer {
        let path = format!("/api/v1/proposals/{}/confirmation", text(proposal, "id"));
        self.client.signed_in(by).ask("POST", &path).send()
    }

    fn figure(&self, id: &str, on: Day) -> Value {
        let shown = self.client.get(&format!("/api/v1/settings?on={on}")).send().ok();
        let figures = shown["figures"].as_array().expect("a list");
        figures.iter().find(|figure| text(figure, "id") == id).expect("it is there").clone()
    }
}

fn answers(value: u32, from: Day) -> Value {
    json!({ "value": value, "from": from.to_string(), "standing": "provisional",
            "source": "運営委員会の決定（第3回）", "reason": "申請者の負担を減らす。" })
}

fn two_people_change_a_setting(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { client: server.client() };
    let (tomorrow, body) = (ahead(1), answers(15, ahead(1)));
    let before = stage.figure("answer_days", tomorrow);
    assert_eq!(
        (&before["value"], text(&before, "unit"), text(&before, "standing")),
        (&json!(10), "working_days", "provisional")
    );

    for nobody in [&cast.provider, &cast.examiners[0], &cast.decision_maker, &cast.auditor] {
        stage.propose(nobody, "answer_days", &body, 0).refused(403, "forbidden");
    }
    stage.propose(&cast.secretariat, "answer_days", &body, 3).refused(412, "stale");
    let proposal = stage.propose(&cast.secretariat, "answer_days", &body, 0).ok();
    assert_eq!(text(&proposal, "subject"), "setting/answer_days");
    stage.confirm(&cast.secretariat, &proposal).refused(403, "forbidden");
    assert_eq!(stage.figure("answer_days", tomorrow)["value"], 10, "nothing has changed yet");
    stage.confirm(&cast.operator, &proposal).ok();
    stage.confirm(&cast.second_secretariat, &proposal).refused(409, "state");

    let after = stage.figure("answer_days", tomorrow);
    assert_eq!(
        (&after["value"], &after["version"], text(&after, "since")),
        (&json!(15), &json!(1), tomorrow.to_string().as_str())
    );
    assert_eq!(text(&after["changes"][0], "source"), "運営委員会の決定（第3回）");
    assert_eq!(stage.figure("answer_days", ahead(0))["value"], 10, "today is as it was");
    let page = stage.client.get("/scheme").header("accept", "text/html").send();
    assert!(page.text().contains("15開庁日（これから）"), "{}", page.text());
    assert!(stage.client.get("/en/scheme").header("accept", "text/html").send().text().contains("15 working days"));

    // Another server knows it, too; and what is asked today has today's days.
    let other = register.serve();
    let case = Case::submit(&other.client(), &cast, &declaration()).accept();
    let question = json!({ "criterion": "help_desk", "text": "受付時間の根拠はどこですか。" });
    let asked = case.act(&cast.examiners[0], "questions", &question).ok();
    let until = Settings::bundled().working_days_after(ahead(0), 10).to_string();
    assert_eq!(text(&asked["questions"][0], "until"), until);
    drop((server, other));
    register.assert_whole();
}

fn a_holiday_is_counted(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { client: server.client() };
    // The next working day is closed: everything is due a working day later.
    let closed = Settings::bundled().working_days_after(ahead(0), 1);
    let body =
        json!({ "days": [{ "day": closed.to_string(), "name": "臨時の休日" }], "source": "官報", "reason": "停電。" });
    let propose = |version| {
        stage.client.signed_in(&cast.operator).post("/api/v1/holidays/changes", &body).on_version(version).send()
    };
    let proposal = propose(0).ok();
    stage.confirm(&cast.secretariat, &proposal).ok();
    propose(1).refused(422, "invalid");
    let case = Case::submit(&stage.client, &cast, &declaration()).accept();
    assert_eq!(text(&case.state, "due"), Settings::bundled().working_days_after(ahead(0), 41).to_string());
    let shown = stage.client.get("/api/v1/settings").send().ok();
    assert_eq!(text(&shown["holidays"][0]["days"][0], "name"), "臨時の休日");
    assert!(stage.client.get("/scheme").header("accept", "text/html").send().text().contains("臨時の休日"));
    drop(server);
    register.assert_whole();
}

fn what_is_wrong_is_named(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { client: server.client() };
    let by = &cast.secretariat;
    let pointer = |answer: Answer| text(&answer.refused(422, "invalid")["errors"][0], "pointer").to_owned();
    assert_eq!(pointer(stage.propose(by, "answer_days", &answers(61, ahead(1)), 0)), "/value");
    assert_eq!(pointer(stage.propose(by, "answer_days", &answers(15, ahead(0)), 0)), "/from");
    assert_eq!(pointer(stage.propose(by, "answer_days", &answers(15, ahead(2_000)), 0)), "/from");
    let mut no_day = answers(15, ahead(1));
    no_day["from"] = json!("明日");
    assert_eq!(pointer(stage.propose(by, "answer_days", &no_day, 0)), "/from");
    stage.propose(by, "answer_days", &answers(10, ahead(1)), 0).refused(409, "unchanged");
    stage.propose(by, "renewal_due_months", &answers(8, ahead(1)), 0).refused(422, "window");
    stage.propose(by, "holidays", &answers(8, ahead(1)), 0).refused(404, "not_found");
    stage.propose(by, "answer_day", &answers(8, ahead(1)), 0).refused(404, "not_found");
    let days = |days: Value| {
        let body = json!({ "days": days, "source": "官報", "reason": "停電。" });
        stage.client.signed_in(by).post("/api/v1/holidays/changes", &body).on_version(0).send()
    };
    let (one, today) = (ahead(3).to_string(), ahead(0).to_string());
    assert_eq!(pointer(days(json!([{ "day": one, "name": "休" }, { "day": today, "name": "休" }]))), "/days/1/day");
    assert_eq!(pointer(days(json!([{ "day": one, "name": "休" }, { "day": one }]))), "/days/1/day");
    drop(server);
    register.assert_whole();
}

fn a_change_from_the_page(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let stage = Stage { client: server.client() };
    let by = stage.client.signed_in(&cast.secretariat);
    let (year, month, day) = ahead(1).ymd();
    let [year, month, day] = [year.to_string(), month.to_string(), day.to_string()];
    let post = |value: &str, version: &str| {
        let fields = [
            ("version", version),
            ("/value", value),
            ("/from/year", &year),
            ("/from/month", &month),
            ("/from/day", &day),
            ("/standing", "provisional"),
            ("/source", "運営委員会の決定"),
            ("/reason", "負担を減らす。"),
        ];
        by.ask("POST", "/scheme/examination_days").header("accept", "text/html").form(&fields).send()
    };
    let told = post("900", "0");
    assert_eq!(told.status, 422);
    assert!(told.text().contains("1から250まで"), "{}", told.text());
    let done = post("50", "0");
    assert_eq!(done.status, 303, "{}", done.text());
    let path = done.header("location").to_owned();
    let second = stage.client.signed_in(&cast.second_secretariat);
    let shown = second.get(&path).header("accept", "text/html").send();
    assert!(shown.text().contains("「審査の期限」を"), "{}", shown.text());
    assert_eq!(second.ask("POST", &format!("{path}/confirm")).form(&[]).send().status, 303);
    assert_eq!(stage.figure("examination_days", ahead(1))["value"], 50);
    assert_eq!(post("60", "0").status, 412);
    let stranger = stage.client.signed_in(&cast.provider);
    assert_eq!(stranger.get("/scheme/holidays").header("accept", "text/html").send().status, 403);
    assert!(!stranger.get("/scheme").header("accept", "text/html").send().text().contains("変更を提案する"));
    drop(server);
    register.assert_whole();
}
