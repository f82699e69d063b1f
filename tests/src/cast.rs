//! The people, and one application on its way.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::staff::BODY;
use crate::{Answer, Ask, Client, Register};

/// Somebody who has set up a password and an app, and is signed in.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    /// The session's cookie.
    pub session: String,
    /// What the session's forms and changes carry.
    pub csrf: String,
    /// The app's secret, in base32.
    pub totp: String,
    /// Recovery codes, unused.
    pub codes: Vec<String>,
    /// A provider owner's API key with every scope; empty for others.
    pub api_key: String,
}

/// Everybody a whole journey needs, and people who have nothing to do with it.
#[derive(Clone, Debug)]
pub struct Cast {
    pub provider: Person,
    /// A colleague and an agent of the same provider.
    pub member: Person,
    pub agent: Person,
    /// Another provider.
    pub stranger: Person,
    pub user: Person,
    pub secretariat: Person,
    /// Who confirms what the secretariat proposes.
    pub second_secretariat: Person,
    pub examiners: [Person; 2],
    pub other_examiner: Person,
    pub decision_maker: Person,
    pub second_decision_maker: Person,
    pub auditor: Person,
    pub operator: Person,
}

impl Cast {
    /// Admits them all.
    pub fn admit(register: &Register) -> Self {
        let people = register.admit_all([
            ("provider_owner", "大阪 担当", "osaka-cci"),
            ("provider_member", "大阪 同僚", "osaka-cci"),
            ("delegated_agent", "大阪 代理人", "osaka-cci"),
            ("provider_owner", "別の事業者", "somebody-else"),
            ("user", "利用企業", "9000000000000"),
            ("secretariat", "事務局", BODY),
            ("secretariat", "事務局 二", BODY),
            ("examiner", "審査員 甲", BODY),
            ("examiner", "審査員 乙", BODY),
            ("examiner", "審査員 丙", BODY),
            ("decision_maker", "判定者", BODY),
            ("decision_maker", "判定者 二", BODY),
            ("auditor", "監査人", BODY),
            ("operator", "運用者", BODY),
        ]);
        let [provider, member, agent, stranger, user, secretariat, second_secretariat, first, second, rest @ ..] =
            people;
        let [other_examiner, decision_maker, second_decision_maker, auditor, operator] = rest;
        Self {
            provider,
            member,
            agent,
            stranger,
            user,
            secretariat,
            second_secretariat,
            examiners: [first, second],
            other_examiner,
            decision_maker,
            second_decision_maker,
            auditor,
            operator,
        }
    }
}

/// A valid example of `schemas/examples/declaration`, by name.
pub fn example(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/examples/declaration/valid");
    let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).expect("examples are JSON")
}

/// Osaka's declaration of the first round.
pub fn declaration() -> Value {
    example("osaka-cci.json")
}

/// One application, as it was last answered. Each step is one act and must go well; the requests themselves
/// ([`Case::accepting`], …) are there to be sent wrongly.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    client: Client,
    cast: &'a Cast,
    /// The application's last answer.
    pub state: Value,
}

impl<'a> Case<'a> {
    /// The provider submits.
    pub fn submit(client: &Client, cast: &'a Cast, declaration: &Value) -> Self {
        Self::submit_by(&cast.provider, client, cast, declaration)
    }

    /// Another provider submits.
    pub fn submit_by(provider: &Person, client: &Client, cast: &'a Cast, declaration: &Value) -> Self {
        let state = client.signed_in(provider).post("/api/v1/applications", declaration).send().ok();
        Self { client: client.clone(), cast, state }
    }

    /// The provider applies for the next term of a registration.
    pub fn renew(client: &Client, cast: &'a Cast, number: &str) -> Self {
        Self::submit(client, cast, &json!({ "declaration": declaration(), "renews": number }))
    }

    /// The provider applies for a change of a registration.
    pub fn change(client: &Client, cast: &'a Cast, number: &str, declaration: &Value) -> Self {
        Self::submit(client, cast, &json!({ "declaration": declaration, "changes": number }))
    }

    /// Another provider's application; the second examiner has declared a tie to it that can be waived. One to the first
    /// provider would keep them from every other case. Once it is declared, the next is not assigned to them yet.
    pub fn tied(client: &Client, cast: &'a Cast, declaration: &Value) -> Self {
        let [first, second] = &cast.examiners;
        let mut case = Self::submit_by(&cast.stranger, client, cast, declaration);
        let accepted = case.act(&cast.secretariat, "acceptance", &case.both_examiners());
        if accepted.status != 200 {
            accepted.refused(422, "tied");
            return case;
        }
        case.state = accepted.ok();
        case.declare(first).declare_tie(second, "昨年まで顧問だった。")
    }

    /// The same case through another server, or over other connections.
    pub fn through(&self, client: &Client) -> Self {
        Self { client: client.clone(), ..self.clone() }
    }

    /// The application's id.
    pub fn id(&self) -> &str {
        text(&self.state, "id")
    }

    /// The version last seen.
    pub fn version(&self) -> u64 {
        version(&self.state)
    }

    /// Somebody's client.
    pub fn by(&self, person: &Person) -> Client {
        self.client.signed_in(person)
    }

    /// Posts to the application at the version last seen.
    pub fn act(&self, by: &Person, what: &str, body: &Value) -> Answer {
        let by = self.by(by);
        self.acting(&by, what, body).send()
    }

    /// The same request, not yet sent.
    pub fn acting<'c>(&self, by: &'c Client, what: &str, body: &Value) -> Ask<'c> {
        by.post(&format!("/api/v1/applications/{}/{what}", self.id()), body).on_version(self.version())
    }

    /// The secretariat accepts and assigns both examiners, who declare that nothing ties them to the applicant.
    pub fn accept(self) -> Self {
        let [first, second] = self.cast.examiners.each_ref();
        self.assign().declare(first).declare(second)
    }

    /// The secretariat accepts and assigns both examiners.
    pub fn assign(mut self) -> Self {
        self.state = self.act(&self.cast.secretariat, "acceptance", &self.both_examiners()).ok();
        self
    }

    /// An examiner declares that nothing ties them to the applicant.
    pub fn declare(mut self, examiner: &Person) -> Self {
        let declared = self.act(examiner, "interest", &untied()).ok();
        self.state["version"] = declared["version"].clone();
        self
    }

    /// An examiner declares a tie.
    pub fn declare_tie(mut self, examiner: &Person, tie: &str) -> Self {
        let declared = self.act(examiner, "interest", &json!({ "answer": "tie", "tie": tie })).ok();
        assert_eq!(declared["clearance"], "tied");
        self.state["version"] = declared["version"].clone();
        self
    }

    /// The body of an acceptance.
    pub fn both_examiners(&self) -> Value {
        json!({ "examiners": self.cast.examiners.each_ref().map(|examiner| &examiner.id) })
    }

    /// Both examiners judge every criterion that is asked as met.
    pub fn judge(self) -> Self {
        let judgements = self.judgements();
        for examiner in &self.cast.examiners {
            self.act(examiner, "judgements", &judgements).ok();
        }
        self
    }

    /// Both judge every criterion that is asked; the second calls the help desk unmet.
    pub fn dispute(self) -> Self {
        let [first, second] = &self.cast.examiners;
        let (met, mut other) = (self.judgements(), self.judgements());
        let all = other["judgements"].as_array_mut().expect("a list");
        let desk = all.iter_mut().find(|judgement| judgement["criterion"] == "help_desk").expect("it is asked");
        desk["answer"] = json!("unmet");
        self.act(first, "judgements", &met).ok();
        self.act(second, "judgements", &other).ok();
        self
    }

    /// The body of a judgement of everything that is asked: met, as the first file of the case shows where it has any.
    pub fn judgements(&self) -> Value {
        let auditor = self.by(&self.cast.auditor);
        let assessment = auditor.get(&format!("/api/v1/applications/{}/assessment", self.id())).send().ok();
        let findings = assessment["findings"].as_array().expect("an assessment has findings");
        // Of a change only what it touches is asked.
        let touched = self.state["touched"]["criteria"].as_array();
        let is_asked = |finding: &&Value| match touched {
            Some(touched) => touched.contains(&finding["criterion"]),
            None => finding["conclusion"]["answer"] != "not_applicable",
        };
        let asked = findings.iter().filter(is_asked);
        let file = self.state["evidence"][0].get("digest");
        let evidence: Vec<Value> = file.map(|digest| json!({ "digest": digest })).into_iter().collect();
        let met = |finding: &Value| {
            let criterion = &finding["criterion"];
            json!({ "criterion": criterion, "answer": "met", "reason": "証跡を確かめた。", "evidence": evidence })
        };
        json!({ "judgements": asked.map(met).collect::<Vec<_>>() })
    }

    /// The first examiner recommends a pass.
    pub fn recommend(mut self) -> Self {
        self.state = self.act(&self.cast.examiners[0], "recommendation", &pass()).ok();
        self
    }

    /// A decision maker proposes a pass; the proposal.
    pub fn propose(&self) -> Value {
        self.act(&self.cast.decision_maker, "decision", &pass()).ok()
    }

    /// A decision maker passes it, and a second one confirms.
    pub fn decide(mut self) -> Self {
        let proposal = self.propose();
        self.confirm(&self.cast.second_decision_maker, &proposal).ok();
        self.state = self.by(&self.cast.auditor).get(&format!("/api/v1/applications/{}", self.id())).send().ok();
        self
    }

    /// One of these people proposes this decision, and the other confirms.
    pub fn decide_by(mut self, [first, second]: [&Person; 2], decision: &Value) -> Self {
        let proposal = self.act(first, "decision", decision).ok();
        self.confirm(second, &proposal).ok();
        self.state = self.by(&self.cast.auditor).get(&format!("/api/v1/applications/{}", self.id())).send().ok();
        self
    }

    /// What follows a decision: done by this person, the case as it is then.
    pub fn follow(mut self, by: &Person, what: &str, body: &Value) -> Self {
        self.act(by, what, body).ok();
        self.state = self.by(&self.cast.auditor).get(&format!("/api/v1/applications/{}", self.id())).send().ok();
        self
    }

    /// Somebody confirms a proposal.
    pub fn confirm(&self, by: &Person, proposal: &Value) -> Answer {
        let path = format!("/api/v1/proposals/{}/confirmation", text(proposal, "id"));
        self.by(by).ask("POST", &path).send()
    }

    /// Everything from acceptance to a decision to pass.
    pub fn pass(self) -> Self {
        self.accept().judge().recommend().decide()
    }

    /// The secretariat registers it from today; the registration.
    pub fn register(&self) -> Value {
        self.act(&self.cast.secretariat, "registration", &json!({ "from": self.today() })).ok()
    }

    /// The day in Japan as the server knows it.
    pub fn today(&self) -> String {
        api::clock::now().day().to_string()
    }

    /// The secretariat grants the provider's licence under a registration.
    pub fn license_provider(&self, registration: &Value) -> Value {
        let by = self.by(&self.cast.secretariat);
        by.post(&licences(registration), &json!({ "holderKind": "provider" })).send().ok()
    }

    /// The provider attests a user whose contract begins today.
    pub fn license_user(&self, registration: &Value, name: &str) -> Value {
        self.by(&self.cast.provider).post(&licences(registration), &self.user(name)).send().ok()
    }

    /// The secretariat proposes a measure about a registration, at the version it was seen at.
    pub fn propose_measure(&self, registration: &Value, measure: &str, reason: &str) -> Answer {
        let by = self.by(&self.cast.secretariat);
        let path = format!("/api/v1/registrations/{}/measures", text(registration, "number"));
        by.post(&path, &measure_body(measure, reason)).on_version(version(registration)).send()
    }

    /// The same, confirmed by a second person: the registration afterwards, or the proposal's refusal.
    pub fn measure(&self, registration: &Value, measure: &str, reason: &str) -> Answer {
        let proposed = self.propose_measure(registration, measure, reason);
        if proposed.status != 201 {
            return proposed;
        }
        // Where the provider is heard; something else may be done meanwhile.
        if let Some(refused) = self.state_side(&proposed.json()).filter(|answer| answer.status != 200) {
            return refused;
        }
        let confirmed = self.confirm(&self.cast.second_secretariat, &proposed.json());
        if confirmed.status != 200 {
            return confirmed;
        }
        self.client.get(&format!("/api/v1/registrations/{}", text(registration, "number"))).send()
    }

    /// A registration as the public sees it now.
    pub fn now(&self, registration: &Value) -> Value {
        self.client.get(&format!("/api/v1/registrations/{}", text(registration, "number"))).send().ok()
    }

    /// Somebody takes a step about a registration, at the version it was seen at.
    pub fn step(&self, by: &Person, registration: &Value, what: &str, body: Option<&Value>) -> Answer {
        let path = format!("/api/v1/registrations/{}/{what}", text(registration, "number"));
        let by = self.by(by);
        let ask = by.ask("POST", &path).on_version(version(registration));
        body.map_or_else(|| ask.clone(), |body| ask.clone().json(body)).send()
    }

    /// The provider states its side of a measure that is proposed, where it is heard.
    pub fn state_side(&self, proposal: &Value) -> Option<Answer> {
        proposal["motion"]["plan"]["hearingUntil"].as_str()?;
        let path = format!("/api/v1/proposals/{}/statement", text(proposal, "id"));
        Some(self.by(&self.cast.provider).post(&path, &json!({ "words": "原因を取り除いた。" })).send())
    }

    /// What the register says of a licence's mark: of the full mark's digits, and of the id on the mini mark.
    pub fn marks(&self, licence: &Value) -> [Value; 2] {
        ["link", "miniLink"].map(|link| {
            let code = text(licence, link).rsplit('/').next().unwrap_or_default();
            self.client.get(&format!("/api/v1/marks/{code}")).send().ok()
        })
    }

    /// The body of a user's grant.
    pub fn user(&self, name: &str) -> Value {
        json!({ "holderKind": "user", "holderName": name, "contractFrom": self.today() })
    }
}

/// That nothing ties an examiner to the applicant.
pub fn untied() -> Value {
    json!({ "answer": "none" })
}

/// A verdict to pass.
pub fn pass() -> Value {
    json!({ "verdict": "pass", "reason": "すべての要件を充足する。" })
}

/// A verdict to fail.
pub fn fail() -> Value {
    json!({ "verdict": "fail", "reason": "申告と実際が違う。" })
}

/// A pass with one condition, due on this day.
pub fn conditional(due: &str) -> Value {
    let condition = json!({
        "words": "規約の改定を公表すること。", "criterion": "help_desk", "owner": "お客さま相談室長", "due": due,
    });
    json!({ "verdict": "pass", "reason": "すべての要件を充足する。", "conditions": [condition] })
}

/// Where the licences of a registration are.
pub fn licences(registration: &Value) -> String {
    format!("/api/v1/registrations/{}/licences", text(registration, "number"))
}

/// A field that holds text.
#[track_caller]
pub fn text<'a>(of: &'a Value, field: &str) -> &'a str {
    of[field].as_str().unwrap_or_else(|| panic!("no text in {field}: {of}"))
}

/// What `If-Match` takes.
#[track_caller]
pub fn version(of: &Value) -> u64 {
    of["version"].as_u64().unwrap_or_else(|| panic!("no version: {of}"))
}

/// A measure as it is proposed, with what it rests on; of a revocation the provider is heard for as short as can be.
pub fn measure_body(measure: &str, reason: &str) -> Value {
    let clause = if measure == "reinstate" { "grounds_gone" } else { "criteria_unmet" };
    let mut body = json!({
        "measure": measure, "reason": reason, "clauses": [clause], "facts": "立入調査で確かめた。",
    });
    let today = api::clock::now().day();
    if measure == "revoke" {
        body["hearingUntil"] = json!(today.plus_days(14).to_string());
    }
    if measure == "demand_correction" {
        let due = today.plus_days(30).to_string();
        body["corrections"] = json!([{ "words": "監視を再開すること。", "owner": "技術部長", "due": due }]);
    }
    body
}

/// Osaka's declaration with another telephone, which no criterion asks about.
pub fn moved() -> Value {
    let mut declaration = declaration();
    declaration["provider"]["telephone"] = json!("06-0000-9999");
    declaration
}

/// The body of a proposal that a registration go over to the stranger's organisation, as of today.
pub fn succession() -> Value {
    let mut provider = declaration()["provider"].clone();
    provider.as_object_mut().expect("an object").remove("legalEntityNumber");
    provider["tradeName"] = json!("承継商店");
    provider["tradeNameKana"] = json!("ショウケイショウテン");
    json!({
        "to": "somebody-else", "kind": "transfer", "on": api::clock::now().day().to_string(),
        "reason": "事業譲渡により承継した。", "evidence": "譲渡契約書と、承継する事業者の同意書を確かめた。",
        "provider": provider,
    })
}
