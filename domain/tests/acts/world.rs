//! A small world in which everything has happened properly: tests start from it and go wrong on purpose.

use domain::act::{
    Act, ApplicationId, Caller, Determination, ExaminationId, FieldReason, OrganisationId, PersonId, Role, Verdict,
};
use domain::application::{self, Application};
use domain::calendar::{Day, Instant};
use domain::criteria::CriterionId;
use domain::declaration::Declaration;
use domain::examination::{self, Answer, Bound, Examination, Judgement};
use domain::licence::{self, Holder, Licence, LicenceId, offer};
use domain::people;
use domain::registration::{self, Registration};

const DECLARATION: &str = include_str!("../../../schemas/examples/declaration/valid/sole-proprietor.json");

/// What the edition of this world asks.
pub const CRITERIA: [CriterionId; 3] = [CriterionId::HelpDesk, CriterionId::NetworkPrice, CriterionId::Insurance];

/// SHA-256 of nothing in particular.
pub const DIGEST: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

/// Any refusal, to be compared whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    Application(application::Refusal),
    Examination(examination::Refusal),
    Registration(registration::Refusal),
    Licence(licence::Refusal),
    Person(people::Refusal),
}

macro_rules! refused {
    ($($variant:ident($module:ident)),*) => {
        $(impl From<$module::Refusal> for Refused {
            fn from(refusal: $module::Refusal) -> Self {
                Self::$variant(refusal)
            }
        })*
    };
}
refused!(
    Application(application),
    Examination(examination),
    Registration(registration),
    Licence(licence),
    Person(people)
);

pub fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn caller(person: &str, role: Role, organisation: &str) -> Caller {
    let organisation = Some(organisation.parse().expect("an organisation's id"));
    Caller { person: person.parse().expect("a person's id"), role, organisation }
}

/// The provider who applies.
pub fn applicant() -> Caller {
    caller("P-APPLICANT", Role::Provider, "O-APPLICANT")
}

/// Another provider.
pub fn rival() -> Caller {
    caller("P-RIVAL", Role::Provider, "O-RIVAL")
}

/// The examiner who is named first.
pub fn first() -> Caller {
    caller("P-FIRST", Role::Examiner, "O-BODY")
}

/// The other examiner of the case.
pub fn second() -> Caller {
    caller("P-SECOND", Role::Examiner, "O-BODY")
}

/// An examiner of other cases.
pub fn stranger() -> Caller {
    caller("P-STRANGER", Role::Examiner, "O-BODY")
}

pub fn decider() -> Caller {
    caller("P-DECIDER", Role::DecisionMaker, "O-BODY")
}

pub fn secretary() -> Caller {
    caller("P-SECRETARY", Role::Secretariat, "O-BODY")
}

pub fn operator() -> Caller {
    caller("P-OPERATOR", Role::Operator, "O-BODY")
}

/// The two examiners of the case, with their organisations.
pub fn examiners() -> Vec<(PersonId, Option<OrganisationId>)> {
    [first(), second()].map(|by| (by.person, by.organisation)).to_vec()
}

pub fn declaration() -> Declaration {
    serde_json::from_str(DECLARATION).expect("the example is a declaration")
}

/// Nothing binds the examiner.
pub fn asked() -> Vec<Bound> {
    CRITERIA.map(|criterion| Bound { criterion, only: None }).to_vec()
}

/// The same answer about every criterion of [`CRITERIA`].
pub fn all(answer: Answer) -> Vec<Judgement> {
    CRITERIA.map(|criterion| judgement(criterion, answer)).to_vec()
}

pub fn judgement(criterion: CriterionId, answer: Answer) -> Judgement {
    Judgement { criterion, answer, reason: "規約第3条を確かめた。".to_owned() }
}

pub fn pass() -> Determination {
    Determination { verdict: Verdict::Pass, reason: "すべての要件を満たす。".to_owned() }
}

pub fn fail() -> Determination {
    Determination { verdict: Verdict::Fail, reason: "要件を満たさない。".to_owned() }
}

pub fn reasons() -> Vec<FieldReason> {
    vec![FieldReason { pointer: "/prices/0".to_owned(), reason: "税の扱いが分からない。".to_owned() }]
}

/// The days of this world: everything is submitted, examined and decided on one of these.
pub const SUBMITTED: &str = "2026-04-01T01:00:00Z";
pub const EXAMINED: &str = "2026-04-20T01:00:00Z";
pub const DECIDED: &str = "2026-05-01T01:00:00Z";
/// After all of them, and before the first term ends.
pub const NOW: &str = "2026-06-01T01:00:00Z";

pub fn submitted() -> Application {
    let id: ApplicationId = "A-2026-00001".parse().expect("an id");
    let submitted = Application::submit(id, declaration(), "2.0", DIGEST, &applicant(), at(SUBMITTED));
    submitted.expect("a provider may apply").0
}

pub fn returned() -> Application {
    submitted().send_back(reasons(), &secretary(), at(SUBMITTED)).expect("sent back").0
}

pub fn examining() -> Application {
    submitted().accept(&examiners(), &secretary(), at(SUBMITTED)).expect("accepted").0
}

/// What `by` answered: `judgements` of `application`.
pub fn examined(application: &Application, by: &Caller, judgements: Vec<Judgement>) -> Examination {
    let id: ExaminationId = by.person.as_str().replace('P', "X").parse().expect("an id");
    let judged = Examination::judge(Err(id), application, application.version, &asked(), judgements, by, at(EXAMINED));
    judged.expect("judged").0
}

/// Both examiners gave this answer about everything.
pub fn both(application: &Application, answer: Answer) -> Vec<Examination> {
    [first(), second()].iter().map(|by| examined(application, by, all(answer))).collect()
}

/// Recommended to pass, or to fail.
pub fn recommended(opinion: Determination) -> Application {
    let answer = if opinion.verdict == Verdict::Pass { Answer::Met } else { Answer::Unmet };
    let examinations = both(&examining(), answer);
    let recommended = examining().recommend(opinion, &CRITERIA, &examinations, &first(), at(EXAMINED));
    recommended.expect("recommended").0
}

pub fn decided(decision: Determination) -> Application {
    recommended(decision.clone()).decide(decision, &decider(), at(DECIDED)).expect("decided").0
}

/// Taken back on the last occasion.
pub fn withdrawn() -> Application {
    recommended(pass()).withdraw(String::new(), &applicant(), at(DECIDED)).expect("withdrawn").0
}

/// An act's new state and the act itself, or why not.
pub type Outcome<T> = Result<(T, Act), Refused>;

pub fn register(application: &Application, from: &str, by: &Caller, now: &str) -> Outcome<Registration> {
    let number = "OTK-2026-00001".parse().expect("a number");
    Ok(Registration::register(number, application, None, day(from), 2, by, at(now))?)
}

/// In the register from the day of the decision: until 2028-04-30 inclusive.
pub fn registered() -> Registration {
    registered_from("2026-05-01")
}

/// In the register with a term of two years from this day, entered on the day of the decision.
pub fn registered_from(from: &str) -> Registration {
    register(&decided(pass()), from, &secretary(), DECIDED).expect("registered").0
}

pub fn user() -> Holder {
    Holder::User {
        name: "株式会社例示".to_owned(),
        number: Some("9000000000000".parse().expect("a number")),
        contract_from: day("2026-06-01"),
    }
}

pub const LICENCE: [u8; 5] = [0x01, 0x23, 0x45, 0x67, 0x89];

pub fn grant(registration: &Registration, holder: Holder, by: &Caller, now: &str) -> Outcome<Licence> {
    let offered = offer(registration, holder, None, LicenceId::from_bytes(LICENCE), 70_000, by, at(now))?;
    Ok(offered.grant("01020304".to_owned(), DIGEST.to_owned()))
}

/// A user's licence, granted [`NOW`].
pub fn licensed() -> Licence {
    grant(&registered(), user(), &applicant(), NOW).expect("granted").0
}

/// The provider's own licence, granted [`NOW`].
pub fn provider_licensed() -> Licence {
    grant(&registered(), Holder::Provider, &secretary(), NOW).expect("granted").0
}
