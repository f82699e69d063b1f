//! Complaints: received at once from anybody, acknowledged by a person, answered, followed to an end, erased.

use serde_json::{Value, json};
use tests::{Case, Cast, Client, Database, Person, Register, Server, declaration, text};

tests::on_both!(
    a_complaint_is_followed_to_its_end,
    a_complaint_comes_from_the_pages,
    what_was_written_is_erased_and_the_record_stands,
);

struct Opened {
    register: Register,
    server: Server,
    cast: Cast,
}

fn opened(database: Database) -> Opened {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    Opened { register, server, cast }
}

impl Opened {
    fn client(&self) -> Client {
        self.server.client()
    }

    fn by(&self, person: &Person) -> Client {
        self.client().signed_in(person)
    }

    fn complain(&self, body: &Value) -> Value {
        let sent = self.client().post("/api/v1/complaints", body).send();
        assert_eq!((sent.status, sent.header("cache-control")), (201, "no-store"), "{}", sent.told());
        sent.json()
    }

    fn progress(&self, receipt: &Value) -> Value {
        let path = format!("/api/v1/complaints/{}/progress", text(receipt, "id"));
        self.client().post(&path, &json!({ "secret": receipt["secret"] })).send().ok()
    }

    /// What whoever reads the database finds of a complaint in acts and leaves.
    fn logged(&self) -> String {
        let sql = "SELECT leaf || coalesce(open, '') || coalesce(sealed, '') FROM acts WHERE leaf LIKE '%complaint.%'";
        self.register.database().sql().texts(sql).join("\n")
    }

    fn end(self) {
        drop(self.server);
        let findings = self.register.fsck();
        assert_eq!(findings.status, 0, "{}", findings.said);
    }
}

fn a_complaint_is_followed_to_its_end(database: Database) {
    let opened = opened(database);
    let case = Case::submit(&opened.client(), &opened.cast, &declaration()).pass();
    let registration = case.register();
    let licence = case.license_user(&registration, "見本商店");
    let body = json!({
        "grievance": "misuse", "text": "契約のない店の看板に使われている。", "licence": licence["id"],
        "name": "例示 花子", "contact": "hanako@example.jp",
    });
    let client = opened.client();
    let sent = || client.post("/api/v1/complaints", &body).key("a-key-of-one-s-own").send().ok();
    let receipt = sent();
    assert_eq!(sent(), receipt, "whoever repeats a request repeats nothing, and loses nothing");
    let other = json!({ "grievance": "other", "text": "別の内容" });
    client.post("/api/v1/complaints", &other).key("a-key-of-one-s-own").send().refused(422, "idempotency_key_reused");
    for (wrong, pointer) in [
        (json!({ "grievance": "misuse", "text": "例", "registration": "？" }), "/registration"),
        (json!({ "grievance": "misuse", "text": "例", "licence": "12" }), "/licence"),
        (json!({ "grievance": "rumour", "text": "例" }), "/grievance"),
        (json!({ "grievance": "misuse", "text": " " }), "/text"),
    ] {
        let refused = client.post("/api/v1/complaints", &wrong).send().refused(422, "invalid");
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let unknown = json!({ "grievance": "misuse", "text": "例", "registration": "OTK-1999-00001" });
    client.post("/api/v1/complaints", &unknown).send().refused(404, "not_found");

    let progress = opened.progress(&receipt);
    assert_eq!((&progress["stage"], &progress["registration"]), (&json!("received"), &registration["number"]));
    assert!(progress.get("text").is_none() && progress.get("name").is_none());
    let wrong = json!({ "id": receipt["id"], "secret": "00000000-00000000" });
    let path = format!("/api/v1/complaints/{}", text(&receipt, "id"));
    client.post(&format!("{path}/progress"), &json!({ "secret": wrong["secret"] })).send().refused(404, "not_found");

    // The secretariat sees to it; its provider does not know of it.
    let (secretary, second) = (&opened.cast.secretariat, &opened.cast.second_secretariat);
    opened.by(&opened.cast.provider).get(&path).send().refused(403, "forbidden");
    client.get(&path).send().refused(401, "signed_out");
    let list = opened.by(&opened.cast.auditor).get("/api/v1/complaints").send().ok();
    assert_eq!(list["items"][0]["id"], receipt["id"]);
    assert!(list["items"][0].get("contact").is_none(), "a list names nobody");
    let by = opened.by(secretary);
    let seen = by.get(&path).send().ok();
    assert_eq!((&seen["contact"], &seen["isLate"]), (&body["contact"], &json!(false)));
    let close = json!({ "outcome": "substantiated", "reason": "看板を外させました。" });
    by.post(&format!("{path}/closing"), &close).on_version(1).send().refused(409, "state");
    by.ask("POST", &format!("{path}/acknowledgement")).send().refused(428, "version_needed");
    by.ask("POST", &format!("{path}/acknowledgement")).on_version(1).send().ok();
    // Two at once: the second is told.
    opened.by(second).ask("POST", &format!("{path}/acknowledgement")).on_version(1).send().refused(412, "stale");
    let handler = |person: &Person| json!({ "handler": person.id });
    let examiner = &opened.cast.examiners[0];
    by.post(&format!("{path}/assignment"), &handler(examiner)).on_version(2).send().refused(422, "not_handler");
    let assigned = by.post(&format!("{path}/assignment"), &handler(second)).on_version(2).send().ok();
    assert_eq!(assigned["handler"], second.id.as_str());
    let reply = json!({ "text": "店に確かめています。" });
    by.post(&format!("{path}/replies"), &reply).on_version(3).send().ok();
    opened.by(second).post(&format!("{path}/closing"), &close).on_version(4).send().ok();
    by.post(&format!("{path}/replies"), &reply).on_version(5).send().refused(409, "state");
    let progress = opened.progress(&receipt);
    assert_eq!(progress["replies"][0]["text"], reply["text"]);
    assert_eq!((&progress["stage"], &progress["closing"]["outcome"]), (&json!("closed"), &close["outcome"]));
    let closed = by.get("/api/v1/complaints?state=closed").send().ok();
    assert_eq!(
        (closed["items"].as_array().map(Vec::len), &by.get("/api/v1/complaints").send().ok()["items"]),
        (Some(1), &json!([]))
    );
    opened.end();
}

fn a_complaint_comes_from_the_pages(database: Database) {
    let opened = opened(database);
    let case = Case::submit(&opened.client(), &opened.cast, &declaration()).pass();
    let registration = case.register();
    let number = text(&registration, "number");
    let licence = case.license_provider(&registration);
    let client = opened.client();
    let page = |client: &Client, path: &str| {
        let page = client.ask("GET", path).header("accept", "text/html").send();
        assert_eq!(page.status, 200, "{path}: {}", page.told());
        page.text().to_owned()
    };
    // From the register and from a mark to the form, which knows what it is about.
    assert!(page(&client, &format!("/register/{number}")).contains(&format!("/complaint?registration={number}")));
    let mark = text(&licence, "id");
    assert!(page(&client, &format!("/{mark}")).contains(&format!("/complaint?licence={mark}")));
    assert!(page(&client, &format!("/en/complaint?registration={number}")).contains(&format!("value=\"{number}\"")));

    let visit = client.ask("GET", "/complaint").header("accept", "text/html").send();
    let cookie = visit.header("set-cookie").split(';').next().expect("a visit").to_owned();
    let between = |html: &str, name: &str| {
        let from = html.find(&format!("name=\"{name}\" value=\"")).expect(name) + name.len() + 15;
        html[from..].split('"').next().expect("it ends").to_owned()
    };
    let (csrf, key) = (between(visit.text(), "csrf"), between(visit.text(), "key"));
    let post = |path: &str, fields: &[(&str, &str)]| {
        let own = [("csrf", csrf.as_str()), ("key", key.as_str())];
        let fields: Vec<(&str, &str)> = own.iter().chain(fields).copied().collect();
        client.ask("POST", path).header("cookie", &cookie).header("sec-fetch-site", "same-origin").form(&fields).send()
    };
    let refused = post("/complaint", &[("/name", "例示 花子"), ("/registration", "？")]);
    assert_eq!(refused.status, 422);
    for said in ["内容を入力してください", "番号として読めません", "例示 花子"] {
        assert!(refused.text().contains(said), "{said}");
    }
    let unknown = post("/complaint", &[("/grievance", "misuse"), ("/text", "例"), ("/registration", "OTK-1999-00001")]);
    assert!(unknown.status == 404 && unknown.text().contains("OTK-1999-00001"), "{}", unknown.told());
    let fields = [("/grievance", "misuse"), ("/text", "看板に使われている。"), ("/registration", number)];
    let sent = post("/complaint", &fields);
    assert_eq!((sent.status, sent.header("cache-control")), (201, "no-store"), "{}", sent.told());
    let cell = |html: &str, place: usize| {
        let cell = html.split("<dd class=\"mono\">").nth(place).expect("it is there");
        cell.split('<').next().expect("it ends").to_owned()
    };
    let (id, secret) = (cell(sent.text(), 1), cell(sent.text(), 2));
    let again = post("/complaint", &fields);
    assert_eq!((cell(again.text(), 1), cell(again.text(), 2)), (id.clone(), secret.clone()), "a second click");
    let wrong = post("/complaint/progress", &[("/id", &id), ("/secret", "00000000-00000000")]);
    assert!(wrong.status == 404 && wrong.text().contains("符号が違います"), "{}", wrong.told());

    let by = opened.by(&opened.cast.secretariat);
    assert!(page(&by, "/complaints").contains(&id));
    let desk =
        |what: &str, fields: &[(&str, &str)]| by.ask("POST", &format!("/complaints/{id}/{what}")).form(fields).send();
    assert!(page(&by, &format!("/complaints/{id}")).contains("看板に使われている。"));
    assert_eq!(desk("acknowledgement", &[("version", "1")]).status, 303);
    let late = desk("acknowledgement", &[("version", "1")]);
    assert_eq!(late.status, 412);
    assert_eq!(desk("replies", &[("version", "2"), ("/text", "")]).status, 422);
    assert_eq!(desk("replies", &[("version", "2"), ("/text", "確かめています。")]).status, 303);
    assert_eq!(desk("assignment", &[("version", "3"), ("/handler", &opened.cast.second_secretariat.id)]).status, 303);
    let end = [("version", "4"), ("/outcome", "unsubstantiated"), ("/reason", "正しい使用でした。")];
    assert_eq!(desk("closing", &end).status, 303);
    assert!(page(&by, "/complaints?state=closed").contains(&id));
    let followed = post("/complaint/progress", &[("/id", &id), ("/secret", &secret)]);
    for said in ["対応を終えました", "確かめています。", "正しい使用でした。"] {
        assert!(followed.text().contains(said), "{said}: {}", followed.text());
    }
    let erased = post("/complaint/erasure", &[("/id", &id), ("/secret", &secret)]);
    assert!(erased.status == 200 && erased.text().contains("消せるものを消しました"), "{}", erased.told());
    assert!(!page(&by, &format!("/complaints/{id}")).contains("看板に使われている。"));
    opened.end();
}

fn what_was_written_is_erased_and_the_record_stands(database: Database) {
    let opened = opened(database);
    let written = ["例示の通報", "例示 花子", "hanako@example.jp"];
    let body = json!({ "grievance": "service", "text": written[0], "name": written[1], "contact": written[2] });
    let receipt = opened.complain(&body);
    let path = format!("/api/v1/complaints/{}", text(&receipt, "id"));
    let rows = || {
        opened.register.database().sql().texts("SELECT coalesce(text, '') || coalesce(name, '') || coalesce(contact, '') || coalesce(salt, '') FROM complaint_words").join("")
    };
    for words in written {
        assert!(rows().contains(words) && !opened.logged().contains(words), "{words}");
    }
    assert!(!opened.logged().contains(text(&receipt, "secret")));
    // While it is open, who wrote it can be erased; what was written is still needed.
    let by = opened.by(&opened.cast.secretariat);
    by.ask("POST", &format!("{path}/acknowledgement")).on_version(1).send().ok();
    opened.by(&opened.cast.auditor).ask("POST", &format!("{path}/erasure")).send().refused(403, "forbidden");
    let erased = by.ask("POST", &format!("{path}/erasure")).send().ok();
    assert_eq!((&erased["text"], erased.get("name"), erased.get("contact")), (&body["text"], None, None));
    let end = json!({ "outcome": "out_of_scope", "reason": "この登録簿の扱う事柄ではありません。" });
    by.post(&format!("{path}/closing"), &end).on_version(2).send().ok();
    let own = format!("{path}/reporter-erasure");
    opened.client().post(&own, &json!({ "secret": "00000000-00000000" })).send().refused(404, "not_found");
    opened.client().post(&own, &json!({ "secret": receipt["secret"] })).send().ok();
    assert_eq!(rows(), "", "nothing is left of it, nor of the salt");
    // Its number is still followed, and the record stands.
    assert_eq!(opened.progress(&receipt)["stage"], "closed");
    let trail = "SELECT count(*) FROM trail WHERE what = 'complaint.erased'";
    assert_eq!(opened.register.database().sql().number(trail), 2);
    opened.end();
}
