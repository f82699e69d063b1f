//! A small world in which everything has happened properly: tests start from it and go wrong on purpose.

mod changed;
mod house;
mod licensed;
mod measured;
mod renewed;
mod scheme;
mod watched;

use domain::act::{
    Act, ApplicationId, Caller, Deed, Determination, ExaminationId, FieldReason, KeyId, OrganisationId, ProposalId,
    Replay, Role, Subject, Verdict,
};
use domain::application::{self, Application, Basis, Candidate, Concern, Condition, Ground, ObjectionOutcome};
use domain::authority::{Actor, Denial, Proof};
use domain::calendar::{Day, Instant, Period};
use domain::criteria::CriterionId;
use domain::declaration::Declaration;
use domain::edition::{self, Editions, PublishedEdition};
use domain::evidence::Submission;
use domain::examination::{self, Answer, Bench, Bound, Examination, Judgement};
use domain::licence::{self, Holder, Licence, LicenceId, offer};
use domain::people::{self, Membership};
use domain::proposal::{self, Motion, Proposal};
use domain::registration::{self, Discontinuation, MeasureKind, Registration};
use domain::settings::{self, Settings};
use domain::signing_key::{self, SigningKey};
use domain::watching;

pub use changed::*;
pub use house::*;
pub use licensed::*;
pub use measured::*;
pub use renewed::*;
pub use scheme::*;
pub use watched::*;

const DECLARATION: &str = include_str!("../../../schemas/examples/declaration/valid/sole-proprietor.json");

/// What the edition of this world asks.
pub const CRITERIA: [CriterionId; 3] = [CriterionId::HelpDesk, CriterionId::NetworkPrice, CriterionId::Insurance];

/// SHA-256 of nothing in particular.
pub const OTHER_DIGEST: &str = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";
pub const DIGEST: &str = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

pub const APPLICANT: &str = "O-APPLICANT";
pub const RIVAL: &str = "O-RIVAL";
/// 登録機関
pub const BODY: &str = "O-BODY";

/// Any refusal, to be compared whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    Application(application::Refusal),
    Examination(examination::Refusal),
    Registration(registration::Refusal),
    Licence(licence::Refusal),
    Person(people::Refusal),
    Proposal(proposal::Refusal),
    Key(signing_key::Refusal),
    Edition(edition::Refusal),
    Report(watching::Refusal),
    Setting(settings::Refusal),
    Complaint(watching::ComplaintRefusal),
    Price(watching::PriceRefusal),
}

impl Refused {
    /// Why whoever asked may not, if that is what it is about.
    pub fn denial(&self) -> Option<&Denial> {
        match self {
            Self::Application(application::Refusal::Denied(denial))
            | Self::Examination(examination::Refusal::Denied(denial))
            | Self::Registration(registration::Refusal::Denied(denial))
            | Self::Licence(licence::Refusal::Denied(denial))
            | Self::Person(people::Refusal::Denied(denial))
            | Self::Proposal(proposal::Refusal::Denied(denial))
            | Self::Key(signing_key::Refusal::Denied(denial))
            | Self::Edition(edition::Refusal::Denied(denial))
            | Self::Report(watching::Refusal::Denied(denial))
            | Self::Setting(settings::Refusal::Denied(denial))
            | Self::Complaint(watching::ComplaintRefusal::Denied(denial))
            | Self::Price(watching::PriceRefusal::Denied(denial)) => Some(denial),
            _ => None,
        }
    }
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
impl From<watching::ComplaintRefusal> for Refused {
    fn from(refusal: watching::ComplaintRefusal) -> Self {
        Self::Complaint(refusal)
    }
}

impl From<watching::PriceRefusal> for Refused {
    fn from(refusal: watching::PriceRefusal) -> Self {
        Self::Price(refusal)
    }
}

refused!(
    Application(application),
    Examination(examination),
    Registration(registration),
    Licence(licence),
    Person(people),
    Proposal(proposal),
    Key(signing_key),
    Edition(edition),
    Report(watching),
    Setting(settings)
);

pub fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

pub fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// A sign-in that is fresh whenever it is asked about.
pub fn signed_in() -> Proof {
    Proof::Session { signed_in_at: Instant::LAST }
}

/// Signed in just now, with one role.
pub fn actor(person: &str, role: Role, organisation: &str) -> Actor {
    Actor {
        person: person.parse().expect("a person's id"),
        memberships: vec![membership(role, organisation)],
        proof: signed_in(),
    }
}

pub fn membership(role: Role, organisation: &str) -> Membership {
    Membership { role, organisation: organisation.parse().expect("an organisation's id"), until: None }
}

/// As an act says who did it: in the first role.
pub fn caller(by: &Actor) -> Caller {
    by.memberships[0].caller(&by.person)
}

/// The same person in another role of the same organisation.
pub fn acting_as(by: &Actor, role: Role) -> Actor {
    let memberships = by.memberships.iter().map(|own| Membership { role, ..own.clone() }).collect();
    Actor { memberships, ..by.clone() }
}

/// The same person, who has this role too.
pub fn also(by: Actor, role: Role, organisation: &str) -> Actor {
    let memberships = by.memberships.iter().cloned().chain([membership(role, organisation)]).collect();
    Actor { memberships, ..by }
}

/// The provider who applies.
pub fn applicant() -> Actor {
    actor("P-APPLICANT", Role::ProviderOwner, APPLICANT)
}

/// Another provider.
pub fn rival() -> Actor {
    actor("P-RIVAL", Role::ProviderOwner, RIVAL)
}

/// The examiner who is named first.
pub fn first() -> Actor {
    actor("P-FIRST", Role::Examiner, BODY)
}

/// The other examiner of the case.
pub fn second() -> Actor {
    actor("P-SECOND", Role::Examiner, BODY)
}

/// An examiner of other cases.
pub fn stranger() -> Actor {
    actor("P-STRANGER", Role::Examiner, BODY)
}

/// The decision maker who proposes.
pub fn decider() -> Actor {
    actor("P-DECIDER", Role::DecisionMaker, BODY)
}

/// The decision maker who confirms.
pub fn other_decider() -> Actor {
    actor("P-DECIDER-2", Role::DecisionMaker, BODY)
}

/// The secretary who proposes, and does alone what takes one.
pub fn secretary() -> Actor {
    actor("P-SECRETARY", Role::Secretariat, BODY)
}

/// The secretary who confirms.
pub fn other_secretary() -> Actor {
    actor("P-SECRETARY-2", Role::Secretariat, BODY)
}

pub fn operator() -> Actor {
    actor("P-OPERATOR", Role::Operator, BODY)
}

/// The operator who confirms.
pub fn other_operator() -> Actor {
    actor("P-OPERATOR-2", Role::Operator, BODY)
}

/// The two who are to examine the case.
pub fn examiners() -> Vec<Candidate> {
    [first(), second()].iter().map(candidate).collect()
}

/// Somebody who is to examine, and has declared no tie elsewhere.
pub fn candidate(by: &Actor) -> Candidate {
    let organisations = by.memberships.iter().map(|own| own.organisation.clone()).collect();
    Candidate { person: by.person.clone(), organisations, is_tied: false }
}

pub fn declaration() -> Declaration {
    serde_json::from_str(DECLARATION).expect("the example is a declaration")
}

/// Nothing binds the examiner.
pub fn asked() -> Vec<Bound> {
    CRITERIA.map(free).to_vec()
}

/// Any answer will do.
pub fn free(criterion: CriterionId) -> Bound {
    Bound { criterion, found: None, may_overrule: true, needs_evidence: false }
}

/// `application` as it is, before somebody who judges it.
pub fn bench<'a>(application: &'a Application, asked: &'a [Bound], examinations: &'a [Examination]) -> Bench<'a> {
    Bench { application, read: application.version, asked, examinations }
}

/// The same answer about every criterion of [`CRITERIA`].
pub fn all(answer: Answer) -> Vec<Judgement> {
    CRITERIA.map(|criterion| judgement(criterion, answer)).to_vec()
}

pub fn judgement(criterion: CriterionId, answer: Answer) -> Judgement {
    Judgement::new(criterion, answer, "規約第3条を確かめた。")
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
    submit(id, &applicant(), SUBMITTED).expect("a provider may apply").0
}

/// `by` applies for the applicant.
pub fn submit(id: ApplicationId, by: &Actor, now: &str) -> Result<(Application, Act), application::Refusal> {
    let owner = APPLICANT.parse().expect("an organisation's id");
    Application::submit(id, owner, declaration(), "2.0", DIGEST, by, at(now))
}

pub fn returned() -> Application {
    submitted().send_back(reasons(), &secretary(), at(SUBMITTED)).expect("sent back").0
}

/// Accepted; its examiners have not declared their interests yet.
pub fn accepted() -> Application {
    submitted().accept(&examiners(), Settings::bundled(), &secretary(), at(SUBMITTED)).expect("accepted").0
}

/// Accepted, and open to both examiners.
pub fn examining() -> Application {
    declared(declared(accepted(), &first(), None), &second(), None)
}

/// Accepted; the first examiner is tied to the applicant.
pub fn tied() -> Application {
    declared(declared(accepted(), &first(), Some(TIE)), &second(), None)
}

/// `by` has declared this tie, or none.
pub fn declared(before: Application, by: &Actor, tie: Option<&str>) -> Application {
    before.declare_interest(tie.map(str::to_owned), false, by, at(SUBMITTED)).expect("declared").0
}

/// What ties an examiner to the applicant.
pub const TIE: &str = "昨年まで顧問だった。";

/// Proposed by one secretary and confirmed by another.
pub fn waive(before: Application, examiner: &Actor) -> Result<(Application, Act), application::Refusal> {
    let (reason, now) = (REASON.to_owned(), at(EXAMINED));
    let proposed = before.propose_waiver(proposal_id(), &examiner.person, reason, false, &secretary(), now);
    before.waive(&proposed?.0, false, &other_secretary(), now)
}

/// Asked by the first examiner about the help desk, with all of June to answer, and the act.
pub fn ask(before: Application) -> (Application, Act) {
    let (text, until) = ("受付時間の根拠はどこですか。".to_owned(), day("2026-06-30"));
    before.ask(CRITERIA[0], text, until, (&CRITERIA, Settings::bundled()), &first(), at(EXAMINED)).expect("asked")
}

/// Answered by the applicant.
pub fn answered() -> Application {
    let text = "規程の3ページです。".to_owned();
    ask(examining()).0.answer(1, text, Vec::new(), &applicant(), at(EXAMINED)).expect("answered").0
}

/// What `by` answered: `judgements` of `application`.
pub fn examined(application: &Application, by: &Actor, judgements: Vec<Judgement>) -> Examination {
    let id: ExaminationId = by.person.as_str().replace('P', "X").parse().expect("an id");
    let asked = asked();
    let judged = Examination::judge(&bench(application, &asked, &[]), id, judgements, by, at(EXAMINED));
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
    decide(recommended(decision.clone()), decision, at(DECIDED)).expect("decided").0
}

/// Proposed by one decision maker and confirmed by another.
pub fn decide(
    before: Application,
    decision: Determination,
    now: Instant,
) -> Result<(Application, Act), application::Refusal> {
    decide_with(before, decision, Vec::new(), now)
}

/// The same with conditions, if it is a pass.
pub fn decide_with(
    before: Application,
    decision: Determination,
    conditions: Vec<Condition>,
    now: Instant,
) -> Result<(Application, Act), application::Refusal> {
    let ground = ground(&before);
    let (proposal, _) = before.propose_decision(proposal_id(), (decision, conditions), &ground, &decider(), now)?;
    before.decide(&proposal, &ground, &other_decider(), now)
}

/// What stands around this application: both of its examiners gave the answer that carries the recommendation, and
/// nothing of the edition is provisional.
pub fn ground(application: &Application) -> Ground {
    let answer = match &application.stage {
        application::Stage::Recommended { opinion, .. } if opinion.verdict == Verdict::Fail => Answer::Unmet,
        application::Stage::Decided { recommended, .. } if recommended.verdict == Verdict::Fail => Answer::Unmet,
        _ => Answer::Met,
    };
    Ground { examinations: both(&examining(), answer), ..Ground::default() }
}

/// What is asked of the applicant after a pass, by the end of June.
pub fn condition() -> Condition {
    Condition {
        words: "規約の改定を公表すること。".to_owned(),
        criterion: Some(CriterionId::HelpDesk),
        owner: "お客さま相談室長".to_owned(),
        due: day("2026-06-30"),
    }
}

/// Passed, with one condition.
pub fn conditional() -> Application {
    decide_with(recommended(pass()), pass(), vec![condition()], at(DECIDED)).expect("decided").0
}

/// The applicant says that the condition is met.
pub fn reported() -> Application {
    conditional().report_condition(1, REASON.to_owned(), Vec::new(), &applicant(), at(DECIDED)).expect("reported").0
}

/// Its report was accepted.
pub fn met() -> Application {
    reported().reply_to_report(1, true, REASON.to_owned(), &secretary(), at(DECIDED)).expect("accepted").0
}

/// Two who had no part in it.
pub fn other_examiners() -> Vec<Candidate> {
    [stranger(), third()].iter().map(candidate).collect()
}

/// Another examiner of other cases.
pub fn third() -> Actor {
    actor("P-THIRD", Role::Examiner, BODY)
}

/// The applicant objects to a fail.
pub fn objected() -> Application {
    let before = decided(fail());
    before.object_to_decision(REASON.to_owned(), Vec::new(), &applicant(), at(DECIDED)).expect("objected").0
}

/// A decision maker who had no part in the decision, and another one.
pub fn hearers() -> [Actor; 2] {
    ["P-HEARER", "P-HEARER-2"].map(|person| actor(person, Role::DecisionMaker, BODY))
}

/// Proposed by one of the hearers and confirmed by the other.
pub fn hear(before: Application, outcome: ObjectionOutcome) -> Result<(Application, Act), application::Refusal> {
    let [first, second] = hearers();
    let now = at(DECIDED);
    let (proposal, _) = before.propose_on_objection(proposal_id(), outcome, REASON.to_owned(), &first, now)?;
    before.decide_objection(&proposal, &second, now)
}

/// The objection was upheld: the case waits for other people.
pub fn reopened() -> Application {
    hear(objected(), ObjectionOutcome::Upheld).expect("upheld").0
}

pub fn proposal_id() -> ProposalId {
    "Q-04HMASW9".parse().expect("an id")
}

/// The record of a proposal that `by` made, whether or not it could be made.
pub fn proposed(motion: Motion, about_version: u32, by: &Actor, made: Instant) -> Proposal {
    proposed_on(motion, about_version, None, by, made)
}

/// The same of what rests on something.
pub fn proposed_on(motion: Motion, about_version: u32, basis: Option<Basis>, by: &Actor, made: Instant) -> Proposal {
    let (motion, until, basis) = (Box::new(motion), made.day().plus_days(15).start(), basis.map(Box::new));
    let deed = Deed::Proposed { motion, about_version, until, basis };
    let act = Act { subject: Subject::Proposal(proposal_id()), version: 1, at: made, by: caller(by), deed };
    Proposal::replay(None, &act).expect("a proposal's record begins with it")
}

/// Taken back on the last occasion.
pub fn withdrawn() -> Application {
    recommended(pass()).withdraw(String::new(), &applicant(), at(DECIDED)).expect("withdrawn").0
}

/// An act's new state and the act itself, or why not.
pub type Outcome<T> = Result<(T, Act), Refused>;

pub fn register(application: &Application, from: &str, by: &Actor, now: &str) -> Outcome<Registration> {
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

/// In the register with a term of two years from this day, whenever it was decided.
pub fn running_from(from: &str) -> Registration {
    Registration { terms: vec![Period::of_years(day(from), 2)], ..registered() }
}
