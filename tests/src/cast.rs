//! The people, and one application on its way.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::{Answer, Ask, Client, Register};

/// Somebody admitted with `token new`.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: String,
    pub token: String,
}

/// Everybody a whole journey needs, and a provider who has nothing to do with it.
#[derive(Clone, Debug)]
pub struct Cast {
    pub provider: Person,
    pub stranger: Person,
    pub secretariat: Person,
    pub examiners: [Person; 2],
    pub decision_maker: Person,
    pub auditor: Person,
}

impl Cast {
    /// Admits them all.
    pub fn admit(register: &Register) -> Self {
        let [provider, stranger, secretariat, first, second, decision_maker, auditor] = register.admit_all([
            ("provider", "大阪 担当", Some("osaka-cci")),
            ("provider", "別の事業者", Some("somebody-else")),
            ("secretariat", "事務局", None),
            ("examiner", "審査員 甲", None),
            ("examiner", "審査員 乙", None),
            ("decision_maker", "判定者", None),
            ("auditor", "監査人", None),
        ]);
        Self { provider, stranger, secretariat, examiners: [first, second], decision_maker, auditor }
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
        let by = client.with_token(&cast.provider.token);
        let state = by.post("/api/v1/applications", declaration).send().ok();
        Self { client: client.clone(), cast, state }
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
        self.client.with_token(&person.token)
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

    /// The secretariat accepts and assigns both examiners.
    pub fn accept(mut self) -> Self {
        self.state = self.act(&self.cast.secretariat, "acceptance", &self.both_examiners()).ok();
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

    /// The body of a judgement of everything that is asked: met.
    pub fn judgements(&self) -> Value {
        let auditor = self.by(&self.cast.auditor);
        let assessment = auditor.get(&format!("/api/v1/applications/{}/assessment", self.id())).send().ok();
        let findings = assessment["findings"].as_array().expect("an assessment has findings");
        let is_asked = |finding: &&Value| finding["conclusion"]["answer"] != "not_applicable";
        let asked = findings.iter().filter(is_asked);
        let met = |finding: &Value| json!({ "criterion": finding["criterion"], "answer": "met", "reason": "証跡を確かめた。" });
        json!({ "judgements": asked.map(met).collect::<Vec<_>>() })
    }

    /// The first examiner recommends a pass.
    pub fn recommend(mut self) -> Self {
        self.state = self.act(&self.cast.examiners[0], "recommendation", &pass()).ok();
        self
    }

    /// The decision maker passes it.
    pub fn decide(mut self) -> Self {
        self.state = self.act(&self.cast.decision_maker, "decision", &pass()).ok();
        self
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

    /// The secretariat suspends, reinstates or revokes a registration, at the version it was seen at.
    pub fn measure(&self, registration: &Value, measure: &str, reason: &str) -> Answer {
        let by = self.by(&self.cast.secretariat);
        let path = format!("/api/v1/registrations/{}/measures", text(registration, "number"));
        by.post(&path, &json!({ "measure": measure, "reason": reason })).on_version(version(registration)).send()
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

/// A verdict to pass.
pub fn pass() -> Value {
    json!({ "verdict": "pass", "reason": "すべての要件を充足する。" })
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
