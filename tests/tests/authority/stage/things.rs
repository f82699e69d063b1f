//! How the things are made that a request is about.

use super::*;

impl Stage {
    pub(super) fn submit(&self) -> Case<'_> {
        Case::submit(&self.client(), &self.cast, &declaration())
    }

    pub(super) fn draft(&self) -> Thing {
        let draft = drafts::whole(&self.client().signed_in(&self.cast.provider));
        Thing::named(&[(":id", text(&draft, "id")), (":step", "1")]).at(version(&draft))
    }

    /// A file of an application that is examined.
    pub(super) fn evidence(&self) -> Thing {
        let by = self.client().signed_in(&self.cast.provider);
        let file = format!("month,calls\n{},3\n", self.fresh());
        let file = by.ask("POST", "/api/v1/evidence").body("application/octet-stream", file).send().ok();
        let digest = text(&file, "digest");
        let submission = json!({ "declaration": declaration(), "evidence": [{ "digest": digest }] });
        Case::submit(&self.client(), &self.cast, &submission).accept();
        Thing::named(&[(":digest", digest)])
    }

    pub(super) fn returned(&self) -> Case<'_> {
        let mut case = self.submit();
        let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
        case.state = case.act(&self.cast.secretariat, "return", &reasons).ok();
        case
    }

    pub(super) fn tied(&self) -> Case<'_> {
        Case::tied(&self.client(), &self.cast, &declaration())
    }

    pub(super) fn asked(&self) -> Thing {
        let case = self.submit().accept();
        let question = json!({ "criterion": "help_desk", "text": "規程のどこにありますか。" });
        let asked = case.act(&self.cast.examiners[0], "questions", &question).ok();
        Thing::named(&[(":id", case.id()), (":question", "1")]).at(version(&asked))
    }

    pub(super) fn propose_waiver(&self) -> Value {
        let case = self.tied();
        let body = json!({ "examiner": self.cast.examiners[1].id, "reason": "任期が終わっている。" });
        case.act(&self.cast.second_secretariat, "waiver", &body).ok()
    }

    /// Decided by those who have no column.
    pub(super) fn decided(&self, decision: &Value) -> Case<'_> {
        self.submit().accept().judge().recommend().decide_by(self.deciders.each_ref(), decision)
    }

    pub(super) fn conditional(&self) -> Case<'_> {
        self.decided(&tests::conditional(&clock::now().day().to_string()))
    }

    pub(super) fn failed(&self) -> Case<'_> {
        self.decided(&tests::fail())
    }

    pub(super) fn objected(&self) -> Case<'_> {
        self.failed().follow(&self.cast.provider, "objection", &json!({ "reason": "事実と違う。" }))
    }

    /// With the secret by which it is followed.
    pub(super) fn complaint(&self) -> Thing {
        let registration = self.submit().pass().register();
        let number = text(&registration, "number");
        let body = json!({ "grievance": "misuse", "text": "看板に使われている。", "registration": number });
        let receipt = self.client().post("/api/v1/complaints", &body).send().ok();
        Thing::named(&[(":id", text(&receipt, "id")), (":secret", text(&receipt, "secret"))]).at(1)
    }

    pub(super) fn acknowledged(&self) -> Thing {
        let complaint = self.complaint();
        let path = format!("/api/v1/complaints/{}/acknowledgement", complaint.names[":id"]);
        self.client().signed_in(&self.cast.second_secretariat).ask("POST", &path).on_version(1).send().ok();
        complaint.at(2)
    }

    pub(super) fn license_user(&self) -> Value {
        let case = self.submit().pass();
        let mut body = case.user("見本工業株式会社");
        body["holderNumber"] = json!(HOLDER);
        case.by(&self.cast.provider).post(&licences(&case.register()), &body).send().ok()
    }

    /// Each is proposed by the second of two: the first, who has a column, may confirm it.
    pub(super) fn propose_decision(&self) -> Value {
        let case = self.submit().accept().judge().recommend();
        case.act(&self.cast.second_decision_maker, "decision", &tests::pass()).ok()
    }

    pub(super) fn propose_measure(&self) -> Value {
        let registration = self.submit().pass().register();
        let path = format!("/api/v1/registrations/{}/measures", text(&registration, "number"));
        self.propose(&path, &tests::measure_body("suspend", "監視が止まった。"), version(&registration))
    }

    pub(super) fn demanded(&self) -> Value {
        let case = self.submit().pass();
        case.measure(&case.register(), "demand_correction", "監視が止まった。").ok()
    }

    pub(super) fn corrected(&self) -> Value {
        let (case, words) = (self.submit(), json!({ "words": "再開した。" }));
        let what = "measures/1/corrections/1/report";
        case.step(&self.cast.provider, &self.demanded(), what, Some(&words)).ok()["registration"].take()
    }

    pub(super) fn contested(&self) -> Value {
        let (case, reason) = (self.submit(), json!({ "reason": "事実と違う。" }));
        let what = "measures/1/objection";
        case.step(&self.cast.provider, &self.demanded(), what, Some(&reason)).ok()["registration"].take()
    }

    pub(super) fn propose_revocation(&self) -> Value {
        let licence = self.license_user();
        let path = format!("/api/v1/licences/{}/revocation", text(&licence, "id"));
        self.propose(&path, &json!({ "reason": "表示規則に反した。" }), version(&licence))
    }

    pub(super) fn propose(&self, path: &str, body: &Value, version: u64) -> Value {
        let by = self.client().signed_in(&self.cast.second_secretariat);
        by.post(path, body).on_version(version).send().ok()
    }

    /// A key that nothing was done to yet.
    pub(super) fn next_key(&self) -> Thing {
        let keys = self.client().get("/api/v1/keys").send().ok();
        let mut next = keys["items"].as_array().expect("a list").iter().filter(|key| {
            let mut taken = self.taken.borrow_mut();
            key["state"] == "next" && taken.insert(text(key, "id").to_owned())
        });
        let key = next.next().expect("enough were made");
        Thing::named(&[(":id", text(key, "id"))]).at(1)
    }

    pub(super) fn propose_about_key(&self, what: &str, body: Option<Value>) -> Value {
        let path = format!("/api/v1/keys/{}/{what}", self.next_key().names[":id"]);
        let by = self.client().signed_in(&self.cast.second_secretariat);
        let ask = by.ask("POST", &path).on_version(1);
        if let Some(body) = &body { ask.json(body) } else { ask }.send().ok()
    }

    /// Another number than the setting ever had, in a setting that only these proposals are about.
    pub(super) fn propose_setting(&self) -> Value {
        let shown = self.client().get("/api/v1/settings").send().ok();
        let figures = shown["figures"].as_array().expect("a list");
        let found = figures.iter().find(|figure| text(figure, "id") == "answer_days").expect("it is there");
        let mut body = setting();
        body["value"] = json!(1 + version(found) % 9);
        let by = self.client().signed_in(&self.cast.second_secretariat);
        by.post("/api/v1/settings/answer_days/changes", &body).on_version(version(found)).send().ok()
    }

    /// A correction that nobody has proposed yet.
    pub(super) fn propose_edition(&self) -> Value {
        let (path, by) = ("/api/v1/editions/1.0", self.client().signed_in(&self.cast.second_secretariat));
        let version = self.version_of(path);
        let file = self.client().get(&format!("{path}/file")).send().text().to_owned();
        let body = json!({ "file": format!("{file}# {}", self.fresh()), "reason": "誤記を改めるため。" });
        by.post("/api/v1/editions", &body).on_version(version).send().ok()
    }

    /// Edition 1.1, which governs no case here, with decisions under it running or stopped.
    pub(super) fn edition(&self, is_stopped: bool) -> Thing {
        let path = "/api/v1/editions/1.1";
        let reason = json!({ "reason": "誤記が見つかった。" });
        let is_now = !self.client().get(path).send().ok()["stopped"].is_null();
        if is_stopped && !is_now {
            let by = self.client().signed_in(&self.cast.second_secretariat);
            by.post(&format!("{path}/stop"), &reason).send().ok();
        } else if is_now && !is_stopped {
            // Whoever stopped them does not resume them: of two people one at least did not.
            let resumed = [&self.cast.second_secretariat, &self.cast.second_decision_maker].map(|person| {
                let by = self.client().signed_in(person);
                by.post(&format!("{path}/resumption"), &reason).on_version(self.version_of(path)).send().status
            });
            assert!(resumed.contains(&200), "{resumed:?}");
        }
        Thing::named(&[(":id", "1.1")]).at(self.version_of(path))
    }

    pub(super) fn version_of(&self, path: &str) -> u64 {
        self.client().get(path).send().header("etag").trim_matches('"').parse().expect("a version")
    }

    pub(super) fn admit(&self, role: &str, organisation: &str) -> Thing {
        let body = json!({ "role": role, "organisation": organisation, "name": "用意された人" });
        let by = self.client().signed_in(&self.cast.operator);
        let person = by.post("/api/v1/people", &body).send().ok()["person"].take();
        Thing::named(&[(":id", text(&person, "id"))]).at(version(&person))
    }

    pub(super) fn dismissed(&self) -> Thing {
        let person = self.admit("provider_member", OWNER);
        let by = self.client().signed_in(&self.cast.operator);
        let path = format!("/api/v1/people/{}/dismissal", person.names[":id"]);
        by.post(&path, &json!({ "reason": "退職した。" })).send().ok();
        person
    }

    pub(super) fn keys(&self) -> u64 {
        let sql = format!("SELECT count(*) FROM api_keys WHERE organisation = '{OWNER}'");
        self.register.database().sql().number(&sql) as u64
    }

    /// An organisation has two that work, and both have columns: a third is copied.
    pub(super) fn api_key(&self) -> Thing {
        let id = format!("K-{}", self.fresh());
        let columns = "person, organisation, label, scopes, made_at, expires_at";
        let copied = self.register.database().sql().execute(&format!(
            "INSERT INTO api_keys (id, digest, {columns}) \
             SELECT '{id}', '{}', {columns} FROM api_keys WHERE organisation = '{OWNER}' LIMIT 1",
            digest(&id)
        ));
        assert_eq!(copied, 1, "{OWNER} has no key");
        Thing::named(&[(":id", &id)])
    }

    /// A word that was not there before.
    pub fn fresh(&self) -> String {
        let number = self.drawn.replace(self.drawn.get() + 1);
        format!("fresh{number}")
    }

    pub(super) fn password(&self, column: &Column) -> Thing {
        let By::Session(person) = &column.by else { return Thing::named(&[(":id", "nobodys")]) };
        let sql = format!("SELECT id FROM credentials WHERE kind = 'password' AND person = '{}'", person.id);
        Thing::named(&[(":id", &self.register.database().sql().texts(&sql)[0])])
    }

    pub(super) fn message(&self, column: &Column) -> Thing {
        let By::Session(person) = &column.by else { return Thing::named(&[(":id", "nobodys")]) };
        Thing::named(&[(":id", &told::message(&self.register, person, &self.fresh()))])
    }

    /// Signing in takes a hash and an app's code: a session of the same person is copied.
    pub(super) fn other_session(&self, column: &Column) -> Thing {
        let By::Session(person) = &column.by else { return Thing::named(&[(":id", "nobodys")]) };
        let word = self.fresh();
        let (id, cookie) = (format!("S-{word}"), format!("ots_{word:0>42}A"));
        let columns = "person, method, begun_at, signed_in_at, seen_at, agent, address, csrf";
        let (new, old) = (digest(&cookie), digest(&person.session));
        let copied = self.register.database().sql().execute(&format!(
            "INSERT INTO sessions (digest, id, {columns}) \
             SELECT '{new}', '{id}', {columns} FROM sessions WHERE digest = '{old}'"
        ));
        assert_eq!(copied, 1, "{} is not signed in", column.name);
        Thing { session: Some(Person { session: cookie, ..person.clone() }), ..Thing::named(&[(":id", &id)]) }
    }
}
