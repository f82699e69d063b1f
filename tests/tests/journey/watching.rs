//! After the registration: alert statistics are reported, corrected and late, and published where enough stand behind.

use domain::watching::{AlertFigures, Count};
use serde_json::{Value, json};
use tests::past::{Past, report_in_time, rounds};
use tests::{Ask, Cast, Client, Database, Person, Register, Server};

tests::on_both!(
    a_year_is_checked_criterion_by_criterion,
    advertised_prices_are_held_against_the_register,
    alert_statistics_are_reported_and_corrected,
    alert_statistics_come_from_pages_and_files,
    statistics_are_published_where_enough_stand_behind_them,
);

const FIRST: &str = "2021-04-01--2021-09-30";
const SECOND: &str = "2021-10-01--2022-03-31";

struct Watched {
    register: Register,
    server: Server,
    cast: Cast,
    number: String,
}

/// A register with the first round's service, whose term is over.
fn watched(database: Database) -> Watched {
    let (register, cast) = Register::staffed(database);
    let Past { registration: number, .. } = tests::past::first_round(&register);
    let server = register.serve();
    Watched { register, server, cast, number }
}

impl Watched {
    fn by(&self, person: &Person) -> Client {
        self.server.client().signed_in(person)
    }

    fn reports(&self, person: &Person) -> Vec<Value> {
        let found = self.by(person).get(&format!("/api/v1/registrations/{}/reports", self.number)).send().ok();
        found.as_array().expect("a list").clone()
    }

    fn file<'a>(&self, by: &'a Client, period: &str, body: &Value) -> Ask<'a> {
        by.ask("PUT", &format!("/api/v1/registrations/{}/alert-reports/{period}", self.number)).json(body)
    }

    fn end(self) {
        drop(self.server);
        assert_eq!(self.register.fsck().status, 0, "{}", self.register.fsck().said);
    }
}

fn report(count: u32) -> Value {
    json!(AlertFigures::of(|_| count))
}

fn alert_statistics_are_reported_and_corrected(database: Database) {
    let watched = watched(database);
    let (provider, secretariat) = (&watched.cast.provider, &watched.cast.secretariat);
    // Five half-years, all of them long over; and the year that was to be checked.
    let (checks, duties): (Vec<_>, Vec<_>) =
        watched.reports(provider).into_iter().partition(|duty| duty["matter"] == "self_check");
    assert_eq!(checks.iter().map(|check| &check["due"]).collect::<Vec<_>>(), [&json!("2022-05-31")]);
    let periods: Vec<&str> = duties.iter().filter_map(|duty| duty["period"].as_str()).collect();
    assert_eq!(periods.len(), 5);
    assert_eq!((periods[4], &duties[4]["due"]), (FIRST, &json!("2021-10-30")));
    assert!(duties.iter().all(|duty| duty["progress"] == "missing" && duty["daysLate"].as_i64() > Some(900)));
    assert_eq!(watched.reports(secretariat).len(), 6);
    let list = format!("/api/v1/registrations/{}/reports", watched.number);
    watched.by(&watched.cast.stranger).get(&list).send().refused(403, "forbidden");
    watched.server.client().get(&list).send().refused(401, "signed_out");
    watched.by(provider).get("/api/v1/registrations/OTK-1999-00001/reports").send().refused(404, "not_found");

    for other in [secretariat, &watched.cast.stranger] {
        watched.file(&watched.by(other), FIRST, &report(1)).send().refused(403, "forbidden");
    }
    let by = watched.by(provider);
    let file = |period: &str, body: &Value| watched.file(&by, period, body);
    for wrong in ["2021-04-01--2021-06-30", "2023-10-01--2024-03-31", "2021-04-01", "x"] {
        file(wrong, &report(1)).send().refused(404, "not_found");
    }
    let mut lacking = report(1);
    lacking["alerts"]["mail"].as_object_mut().expect("an object").remove("low");
    let refused = file(FIRST, &lacking).send().refused(422, "invalid");
    assert_eq!(refused["errors"][0]["pointer"], "/alerts/mail/low");
    file(FIRST, &report(1)).on_version(1).send().refused(412, "stale");

    let filed = file(FIRST, &report(1)).send();
    assert_eq!((filed.status, filed.header("etag")), (200, "\"1\""), "{}", filed.told());
    assert!(!filed.header("log-leaf").is_empty());
    let filed = filed.json();
    assert_eq!((&filed["progress"], &filed["version"]), (&json!("filed_late"), &json!(1)));
    assert_eq!(filed["filings"][0]["alerts"], report(1));
    // A second click, the same again, a correction, and one made from an old page.
    file(FIRST, &report(1)).send().refused(428, "version_needed");
    file(FIRST, &report(1)).on_version(1).send().refused(409, "unchanged");
    let corrected = file(FIRST, &report(2)).on_version(1).send().ok();
    assert_eq!(corrected["filings"].as_array().map(Vec::len), Some(2));
    assert_eq!(corrected["filings"][0]["alerts"], report(2));
    file(FIRST, &report(3)).on_version(1).send().refused(412, "stale");

    // What waits: of one's own, of everybody, of nobody.
    let waits = |person: &Person| watched.by(person).get("/api/v1/watching").send().ok().as_array().map(Vec::len);
    assert_eq!((waits(provider), waits(secretariat)), (Some(5), Some(5)));
    assert_eq!(waits(&watched.cast.stranger), Some(0));
    // The public log tells neither whose report it is nor what about.
    let leaf = watched.server.client().get(&format!("/api/v1/log/leaves/{}", last_leaf(&watched))).send().ok();
    assert!(!leaf.to_string().contains(&watched.number), "{leaf}");
    watched.end();
}

/// The report about the first half-year.
fn first_report(watched: &Watched) -> Value {
    let mut reports = watched.reports(&watched.cast.provider).into_iter();
    reports.find(|report| report["period"] == FIRST).expect("it is owed")
}

fn last_leaf(watched: &Watched) -> i64 {
    watched.register.database().sql().number("SELECT max(seq) FROM acts WHERE leaf LIKE '%report.filed%'")
}

fn alert_statistics_come_from_pages_and_files(database: Database) {
    let watched = watched(database);
    let by = watched.by(&watched.cast.provider);
    let path = format!("/register/{}/alerts/{FIRST}", watched.number);
    let page = |path: &str| {
        let page = by.ask("GET", path).header("accept", "text/html").send();
        assert_eq!(page.status, 200, "{}", page.told());
        page.text().to_owned()
    };
    for (path, said) in [
        ("/watching".to_owned(), "日超過"),
        (format!("/register/{}/watching", watched.number), FIRST),
        (path.clone(), "CSVファイルで報告する"),
        (format!("/register/{}", watched.number), "登録後の報告"),
    ] {
        assert!(page(&path).contains(said), "{path}: {said}");
    }
    let fields = |count: &str| -> Vec<(String, String)> {
        Count::all().map(|of| (of.pointer(), count.to_owned())).chain([("version".to_owned(), String::new())]).collect()
    };
    let post = |fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        by.ask("POST", &path).form(&fields).send()
    };
    let mut wrong = fields("3");
    wrong[0].1 = "たくさん".to_owned();
    let refused = post(&wrong);
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("たくさん") && refused.text().contains("エラー："), "{}", refused.text());
    assert_eq!(post(&fields("３")).status, 303, "full width is read");
    let stale = post(&fields("4"));
    assert_eq!(stale.status, 428, "a form from before the report");
    assert!(stale.text().contains("value=\"4\""), "nothing of what was typed is lost");

    // The file to fill in says what was reported; it is sent back as Excel writes it.
    let file = page(&format!("{path}/csv"));
    assert!(file.starts_with('\u{feff}') && file.contains("利用企業,,3\r\n"), "{file}");
    let send = |bytes: &[u8], version: &str| {
        let file = ("file", "報告.csv", bytes);
        by.ask("POST", &format!("{path}/csv")).form_with_files(&[("version", version)], &[file]).send()
    };
    let shift_jis = |text: &str| encoding_rs::SHIFT_JIS.encode(text.trim_start_matches('\u{feff}')).0.into_owned();
    let broken = file.replace("利用企業,,3", "利用企業,,三社").replace("マルウェア,高", "ウイルス,高");
    let refused = send(&shift_jis(&broken), "1");
    assert_eq!(refused.status, 422);
    for said in ["2行目「件数」（読み取った値：三社）", "6行目「項目」（読み取った値：ウイルス）"]
    {
        assert!(refused.text().contains(said), "{said}: {}", refused.text());
    }
    assert_eq!(send(b"", "1").status, 422, "an empty file");
    assert_eq!(first_report(&watched)["version"], 1, "nothing was taken of either");
    let good = file.replace("利用企業,,3", "利用企業,,\"1,234\"");
    let sent = send(&shift_jis(&good), "1");
    assert_eq!(sent.status, 303, "{}", sent.text());
    let now = first_report(&watched);
    assert_eq!((&now["version"], &now["filings"][0]["alerts"]["users"]), (&json!(2), &json!(1234)));
    let stale = send(good.replace("1,234", "9").as_bytes(), "1");
    assert_eq!(stale.status, 412);
    assert!(stale.text().contains("value=\"9\""), "what the file said stands in the fields");
    watched.end();
}

fn a_year_is_checked_criterion_by_criterion(database: Database) {
    let watched = watched(database);
    let (provider, year) = (&watched.cast.provider, "2021-05-01--2022-04-30");
    let path = format!("/api/v1/registrations/{}/self-checks/{year}", watched.number);
    let by = watched.by(provider);
    let whole = tests::past::still_met();
    let file = |body: &Value| by.ask("PUT", &path).json(body);
    watched.by(&watched.cast.secretariat).ask("PUT", &path).json(&whole).send().refused(403, "forbidden");
    let mut lacking = whole.clone();
    lacking["criteria"].as_array_mut().expect("a list").remove(0);
    let refused = file(&lacking).send().refused(422, "invalid");
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["read"]),
        (&json!("/criteria"), &whole["criteria"][0]["criterion"])
    );
    let mut silent = whole.clone();
    silent["criteria"][0]["finding"] = json!("changed");
    file(&silent).send().refused(422, "invalid");
    let filed = file(&whole).send().ok();
    assert_eq!((&filed["progress"], &filed["version"]), (&json!("filed_late"), &json!(1)));
    file(&whole).send().refused(428, "version_needed");
    file(&whole).on_version(1).send().refused(409, "unchanged");
    let mut changed = silent;
    changed["criteria"][0]["words"] = json!("窓口を移した。");
    let corrected = file(&changed).on_version(1).send().ok();
    assert_eq!(corrected["filings"][0]["selfCheck"][0]["words"], "窓口を移した。");
    let other = format!("/api/v1/registrations/{}/self-checks/2022-05-01--2023-04-30", watched.number);
    by.ask("PUT", &other).json(&whole).send().refused(404, "not_found");

    // The same with the page's form, which says what was reported.
    let page = format!("/register/{}/self_check/{year}", watched.number);
    let shown = by.ask("GET", &page).header("accept", "text/html").send();
    assert!(shown.status == 200 && shown.text().contains("窓口を移した。"), "{}", shown.told());
    let names: Vec<&str> =
        whole["criteria"].as_array().expect("a list").iter().filter_map(|one| one["criterion"].as_str()).collect();
    let post = |finding: &str, version: &str| {
        let fields: Vec<(String, &str)> =
            names.iter().map(|name| (format!("/criteria/{name}/finding"), finding)).collect();
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        fields.push(("version", version));
        by.ask("POST", &page).form(&fields).send()
    };
    let refused = post("changed", "2");
    assert!(refused.status == 422 && refused.text().contains("変わったことを書いてください"), "{}", refused.told());
    assert_eq!(post("still_met", "1").status, 412, "a page from before the correction");
    assert_eq!(post("still_met", "2").status, 303);
    watched.end();
}

fn advertised_prices_are_held_against_the_register(database: Database) {
    let watched = watched(database);
    let path = format!("/api/v1/registrations/{}/price-checks", watched.number);
    let secretary = watched.by(&watched.cast.secretariat);
    let listed = watched.server.client().get(&format!("/api/v1/registrations/{}", watched.number)).send().ok();
    let line = listed["prices"].as_array().expect("a list").iter().position(|price| price["charge"] == "monthly");
    let line = line.expect("there is a monthly price");
    let registered = listed["prices"][line].clone();
    let seen = |yen: u64, initial: Option<u64>| {
        let amount = |yen: u64| json!({ "yen": yen, "tax": "included", "taxRatePercent": 10 });
        let mut body = json!({ "line": line, "monthly": amount(yen), "minimumTermMonths": 12,
            "seenAt": "https://example.jp/price", "seenOn": "2026-01-05" });
        if let Some(initial) = initial {
            body["initial"] = amount(initial);
        }
        body
    };
    let yen = registered["yen"].as_u64().expect("an amount");
    assert_eq!(registered["taxRatePercent"], 10, "{registered}");
    let check = |body: &Value| secretary.post(&path, body).send();
    let within = check(&seen(yen, None)).ok();
    assert_eq!((&within["finding"], within.get("excess")), (&json!("within"), None));
    let above = check(&seen(yen, Some(13_200))).ok();
    assert_eq!((&above["finding"], &above["excess"]), (&json!("above"), &json!({ "yen": 1000, "isExact": true })));
    watched.by(&watched.cast.provider).post(&path, &seen(1, None)).send().refused(403, "forbidden");
    for (field, wrong, pointer) in [
        ("line", json!(999), "/line"),
        ("seenOn", json!("2999-01-01"), "/seenOn"),
        ("seenOn", json!("先週"), "/seenOn"),
        ("seenAt", json!(" "), "/seenAt"),
        ("monthly", json!({ "yen": 1, "tax": "included" }), "/monthly"),
    ] {
        let mut body = seen(1, None);
        body[field] = wrong;
        let refused = check(&body).refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let keyed = || secretary.post(&path, &seen(2, None)).key("one-and-the-same").send().ok();
    assert_eq!(keyed()["id"], keyed()["id"]);
    secretary.post(&path, &seen(3, None)).key("one-and-the-same").send().refused(422, "idempotency_key_reused");

    let page = format!("/register/{}/watching", watched.number);
    let show = |person: &Person| watched.by(person).ask("GET", &page).header("accept", "text/html").send();
    let own = show(&watched.cast.provider);
    assert!(own.text().contains("1,000円（税抜）上回る") && !own.text().contains("比べて記録する"), "{}", own.text());
    let form = [
        ("/line", line.to_string()),
        ("/monthly", "１，０００円".to_owned()),
        ("/tax", "excluded".to_owned()),
        ("/minimumTermMonths", "0".to_owned()),
        ("/seenAt", "店の広告".to_owned()),
        ("/seenOn/year", "2026".to_owned()),
        ("/seenOn/month", "1".to_owned()),
        ("/seenOn/day", "5".to_owned()),
        ("key", "0".repeat(32)),
    ];
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let post = |fields: &[(&str, &str)]| {
        secretary.ask("POST", &format!("/register/{}/price-checks", watched.number)).form(fields).send()
    };
    let refused = post(&fields[1..]);
    assert!(refused.status == 422 && refused.text().contains("店の広告"), "{}", refused.told());
    assert_eq!((post(&fields).status, post(&fields).status), (303, 303), "a second click is the same check");
    assert!(show(&watched.cast.auditor).text().contains("店の広告"));
    let count = watched.by(&watched.cast.provider).get(&path).send().ok().as_array().map(Vec::len);
    assert_eq!(count, Some(4));
    watched.end();
}

fn statistics_are_published_where_enough_stand_behind_them(database: Database) {
    let (register, _) = Register::staffed(database);
    let providers = ["osaka-cci", "second-provider", "third-provider"];
    let pasts = rounds(&register, &providers);
    let filed = |place: usize, day| (&pasts[place], providers[place], day);
    report_in_time(&register, SECOND, &[filed(0, "2022-04-20"), filed(1, "2022-04-30")]);
    let server = register.serve();
    let client = server.client();
    let path = format!("/api/v1/alert-statistics/{SECOND}");
    assert_eq!(client.get(&path).send().ok(), json!({ "period": SECOND, "leastProviders": 3, "alerts": [] }));
    assert_eq!(client.get("/api/v1/alert-statistics").send().ok()["periods"], json!([SECOND]));
    drop(server);
    // The third one is late by a day, and so is counted with the next due day.
    report_in_time(&register, SECOND, &[filed(2, "2022-05-01")]);
    let server = register.serve();
    let client = server.client();
    let found = client.get(&path).send().ok();
    let of = |name: &str| found[name].clone();
    assert_eq!((of("asOf"), of("providers"), of("services")), (json!("2022-10-30"), json!(3), json!(3)));
    assert_eq!((of("users"), of("dispatches"), of("leastProviders")), (json!(30), json!(0), json!(3)));
    assert_eq!(
        found["alerts"][7],
        json!({ "category": "total", "high": 210, "medium": 210, "low": 210, "total": 630 })
    );
    for (path, said) in [
        ("/alert-statistics", "630"),
        (&format!("/en/alert-statistics?period={SECOND}"), "Malware"),
        (&format!("/alert-statistics?period={FIRST}"), "まだありません"),
        ("/alert-statistics.csv", "2021-10-01--2022-03-31,2022-10-30,計,計,630\r\n"),
    ] {
        let page = client.ask("GET", path).header("accept", "text/html").send();
        assert_eq!(page.status, 200, "{path}: {}", page.told());
        assert!(page.text().contains(said), "{path}: {said}: {}", page.text());
    }
    let page = client.ask("GET", "/alert-statistics?period=x").header("accept", "text/html").send();
    assert_eq!(page.status, 404, "{}", page.told());
    client.get("/api/v1/alert-statistics/2021-04-01--2021-06-30").send().refused(404, "not_found");
    drop(server);
    assert_eq!(register.fsck().status, 0, "{}", register.fsck().said);
}
