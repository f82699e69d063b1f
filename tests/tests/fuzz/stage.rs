//! A register with something in every state, and which of it each operation may be about.

use serde_json::{Value, json};
use tests::{Case, Cast, Client, Database, Register, Server, declaration, pass, text, version};

/// The register, its people, and what its operations may be about.
pub struct Stage {
    pub register: Register,
    pub server: Server,
    pub cast: Cast,
    pub subjects: Vec<Subject>,
}

/// What an operation may be about: values of the parameter in its path, and the version of the first of them.
#[derive(Debug)]
pub struct Subject {
    pub operation: &'static str,
    pub parameter: &'static str,
    pub values: Vec<String>,
    pub version: Option<u64>,
}

impl Stage {
    /// A staffed register, taken this far.
    pub fn set(database: Database) -> Self {
        let (register, cast) = Register::staffed(database);
        let register = register.with_loopback_webhooks();
        let server = register.serve();
        let client = server.client();
        let mut subjects = applications(&client, &cast);
        subjects.extend(registrations(&client, &cast));
        subjects.extend(people(&cast));
        subjects.push(Subject::new("getEdition", "id", ["1.0", "1.1", "2.0"]));
        Self { register, server, cast, subjects }
    }
}

impl Subject {
    fn new<const N: usize>(operation: &'static str, parameter: &'static str, values: [&str; N]) -> Self {
        Self { operation, parameter, values: values.map(str::to_owned).to_vec(), version: None }
    }

    fn at(self, version: u64) -> Self {
        Self { version: Some(version), ..self }
    }
}

/// For each operation the application that is ready for it and one that is not, and proposed decisions.
fn applications(client: &Client, cast: &Cast) -> Vec<Subject> {
    let submit = || Case::submit(client, cast, &declaration());
    let [new, to_return, to_withdraw, mut returned] = [(); 4].map(|()| submit());
    let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
    returned.state = returned.act(&cast.secretariat, "return", &reasons).ok();
    let (examining, judged) = (submit().accept(), submit().accept().judge());
    let [recommended, to_confirm, to_drop] = [(); 3].map(|()| submit().accept().judge().recommend());
    let (assigned, to_replace) = (submit().assign(), submit().accept());
    let tied = Case::tied(client, cast, &declaration());
    let asked = submit().accept();
    let question = json!({ "criterion": "help_desk", "text": "規程のどこにありますか。" });
    asked.act(&cast.examiners[0], "questions", &question).ok();
    let propose = |case: &Case<'_>| case.act(&cast.second_decision_maker, "decision", &pass()).ok();
    let [confirmed, dropped] = [&to_confirm, &to_drop].map(propose);
    let decided = submit().pass();
    let of = |operation, case: &Case<'_>| Subject::new(operation, "id", [case.id(), to_drop.id()]).at(case.version());
    let proposal = |operation, proposal: &Value| Subject::new(operation, "id", [text(proposal, "id")]);
    vec![
        of("getApplication", &decided),
        of("assessApplication", &decided),
        of("listExaminations", &decided),
        of("withdrawApplication", &to_withdraw),
        of("returnApplication", &to_return),
        of("resubmitApplication", &returned),
        of("acceptApplication", &new),
        of("judge", &examining),
        of("reconcile", &submit().accept().dispute()),
        of("listWorkingPapers", &examining),
        of("saveWorkingPaper", &examining),
        of("listChanges", &decided),
        of("recommend", &judged),
        of("proposeDecision", &recommended),
        of("register", &decided),
        of("getAssignment", &decided),
        of("declareInterest", &assigned),
        of("replaceExaminer", &to_replace),
        of("proposeWaiver", &tied),
        of("listQuestions", &asked),
        of("askApplicant", &examining),
        of("answerQuestion", &asked),
        of("extendQuestion", &asked),
        of("closeQuestion", &asked),
        of("getDecision", &decided),
        of("getClassTwoGates", &decided),
        of("objectToDecision", &decided),
        of("proposeOnObjection", &decided),
        proposal("getProposal", &dropped),
        proposal("confirmProposal", &confirmed),
        proposal("dropProposal", &dropped),
    ]
}

/// A good and a suspended registration, and licences in every state.
fn registrations(client: &Client, cast: &Cast) -> Vec<Subject> {
    let submit = || Case::submit(client, cast, &declaration()).pass();
    let (case, second) = (submit(), submit());
    let (good, suspended) = (case.register(), second.register());
    second.measure(&suspended, "suspend", "監視が止まった。").ok();
    let names = ["見本工業株式会社", "見本商事株式会社", "見本産業株式会社"];
    let [held, to_revoke, ended] = names.map(|name| case.license_user(&good, name));
    let providers = case.license_provider(&good);
    let end = client.signed_in(&cast.provider);
    let end = end.post(&format!("/api/v1/licences/{}/end", text(&ended, "id")), &json!({ "reason": "解約のため。" }));
    end.on_version(version(&ended)).send().ok();
    let numbers = [&good, &suspended].map(|registration| text(registration, "number"));
    let ids = [&held, &to_revoke, &ended, &providers].map(|licence| text(licence, "id"));
    let [held_id, to_revoke_id, ended_id, _] = ids;
    vec![
        Subject::new("getRegistration", "number", numbers),
        Subject::new("registrationOnDay", "number", numbers),
        Subject::new("getHistory", "number", numbers),
        Subject::new("openConditions", "number", numbers),
        Subject::new("listLicences", "number", numbers),
        Subject::new("grantLicence", "number", numbers),
        Subject::new("getDeclared", "number", numbers),
        Subject::new("checkChange", "number", numbers),
        Subject::new("notifyChange", "number", numbers).at(version(&good)),
        Subject::new("proposeSuccession", "number", numbers).at(version(&good)),
        Subject::new("proposeMeasure", "number", numbers).at(version(&good)),
        Subject::new("verifyMark", "code", ids),
        Subject::new("getLicence", "id", ids),
        Subject::new("endLicence", "id", [held_id, ended_id]).at(version(&held)),
        Subject::new("proposeRevocation", "id", [to_revoke_id, ended_id]).at(version(&to_revoke)),
    ]
}

/// Somebody for each thing that may be done to people; nobody whose credentials a run has.
fn people(cast: &Cast) -> Vec<Subject> {
    vec![
        Subject::new("getPerson", "id", [&cast.provider.id, &cast.auditor.id]),
        Subject::new("giveRole", "id", [&cast.member.id]).at(1),
        Subject::new("endRole", "id", [&cast.agent.id]).at(1),
        Subject::new("endSessions", "id", [&cast.user.id, &cast.stranger.id]),
        Subject::new("recoverPerson", "id", [&cast.user.id, &cast.stranger.id]),
        Subject::new("dismissPerson", "id", [&cast.other_examiner.id]),
        Subject::new("erasePerson", "id", [&cast.other_examiner.id]),
    ]
}
