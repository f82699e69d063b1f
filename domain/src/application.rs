//! An application 「申請」, from submission to decision.
//!
//! ```text
//! submitted ⇄ returned          (事務局: 差戻し / 事業者: 再提出)
//! submitted → examining         (事務局: 受理, two examiners)
//! examining → examining         (審査員: 利害関係の申告; 事務局: 審査員の交代, 利益相反の免除)
//! examining → examining         (審査員: 質問; 事業者: 回答; either examiner or 事務局: 回答期限の延長, 回答を待たない)
//! examining → recommended       (審査員: 推薦意見)
//! recommended → decided         (判定者 who did not examine: one proposes, another confirms)
//! any of these but decided → withdrawn
//! decided → decided             (事業者: 条件の履行の報告, 異議申立て; 事務局・判定者: 報告への回答; 判定者: 異議の棄却)
//! decided → submitted           (判定者 who did not decide it: 異議の認容; for other examiners and decision makers)
//! decided (pass) → registered   is an act of the registration
//! ```

mod basis;
mod clock;
mod concern;
mod conditions;
mod deciding;
mod examiners;
mod objection;
mod questions;
mod refusal;
mod reminders;

use serde::{Deserialize, Serialize};

pub use basis::{Basis, Judged, Shift, declaration_digest};
pub use clock::{Clock, Deadline, SOON, Span, Urgency, stopped_days};
pub use concern::{Concern, Matter};
pub(crate) use conditions::check_undertakings;
pub use conditions::{
    CONDITIONS, Condition, ConditionFault, ConditionReply, ConditionReport, OWNER_CHARACTERS, Progress, Undertaking,
};
pub(crate) use deciding::undertakings;
pub use deciding::{Ground, Ruling};
pub use examiners::{Candidate, Clearance, Interest, Replaced, Waiver};
pub use objection::{OBJECTION_DAYS, Objection, ObjectionFinding, ObjectionOutcome, Round};
pub use questions::{Ended, Extension, Question, earliest_answer};
pub use refusal::Refusal;
pub use reminders::{Reminder, Waiting};

use crate::act::{
    Act, ApplicationId, Caller, Deed, Determination, FieldReason, Impossible, OrganisationId, PersonId, Replay,
    Subject, Verdict,
};
use crate::authority::{Actor, Object, Power};
use crate::calendar::{Day, Instant};
use crate::criteria::CriterionId;
use crate::declaration::Declaration;
use crate::evidence::{EvidenceFile, Submission};
use crate::examination::{Examination, disagreements};
use crate::reading::has_words;
use crate::settings::{Figure, Settings};

/// One application and everything decided about it so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Application {
    pub id: ApplicationId,
    pub version: u32,
    pub owner: OrganisationId,
    /// The registration that it is about, where that is there already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concerns: Option<Concern>,
    pub declaration: Declaration,
    /// The files of the last submission, and those that answers to questions brought.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceFile>,
    /// Submissions so far: 1, then one more for each return.
    pub submission: u32,
    /// The edition that governs it, and its file's SHA-256.
    pub edition: String,
    pub edition_digest: String,
    pub submitted_at: Instant,
    pub changed_at: Instant,
    pub examiners: Vec<PersonId>,
    /// The day by which the examiners are to be done, had the applicant never been asked anything ([`Clock`]); none where
    /// it was accepted before there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Day>,
    /// In the order in which they were declared; the last of each examiner counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interests: Vec<Interest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<Waiver>,
    /// Who examined it before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Replaced>,
    /// In the order in which they were asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    pub stage: Stage,
    /// What the decision that stands asks the applicant to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Undertaking>,
    /// To the decision that stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Objection>,
    /// Decisions that were set aside, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Round>,
}

/// Where an application stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "name", deny_unknown_fields)]
pub enum Stage {
    /// 受付待ち
    Submitted,
    /// 差戻し
    Returned { reasons: Vec<FieldReason> },
    /// 審査中
    Examining,
    /// 判定待ち
    Recommended {
        by: PersonId,
        opinion: Determination,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Box<Basis>>,
    },
    /// 判定済み
    Decided {
        recommended: Determination,
        decision: Determination,
        at: Instant,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ruling: Option<Box<Ruling>>,
    },
    /// 取下げ
    Withdrawn { reason: String },
}

impl Stage {
    /// The stage's word in URLs, tables and JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Returned { .. } => "returned",
            Self::Examining => "examining",
            Self::Recommended { .. } => "recommended",
            Self::Decided { .. } => "decided",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// Examiners a case needs; `scheme.toml` says why.
pub const EXAMINERS: usize = 2;

impl Application {
    /// 提出: a provider applies for `owner`, its organisation. `edition` governs the day of the first submission
    /// (`scheme.toml`, `governing_day`).
    pub fn submit(
        id: ApplicationId,
        owner: OrganisationId,
        what: impl Into<Submission>,
        edition: &str,
        edition_digest: &str,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::SubmitApplication, &Object { owner: Some(&owner), ..Object::default() }, at)?;
        let what = checked(what.into())?;
        require_touched(what.concerns.as_ref())?;
        let deed = Deed::Submitted {
            owner,
            declaration: Box::new(what.declaration),
            edition: edition.to_owned(),
            edition_digest: edition_digest.to_owned(),
            evidence: what.evidence,
            concerns: what.concerns,
        };
        let act = Act { subject: Subject::Application(id), version: 1, at, by, deed };
        Ok(settle(None, act))
    }

    /// 再提出: the owner answers a return with a new declaration, and with the files that show it now.
    pub fn resubmit(self, what: impl Into<Submission>, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::ResubmitApplication, &self.object(), at)?;
        self.require_stage(matches!(self.stage, Stage::Returned { .. }), "returned")?;
        let Submission { declaration, evidence, concerns } = checked(what.into())?;
        let registered = self.declaration.service.class;
        if self.concerns.is_some() && declaration.service.class != registered {
            return Err(Refusal::OtherClass { registered });
        }
        // What a change touches is found anew: it may be something else now.
        let is_change = self.concerns.as_ref().is_some_and(|concern| concern.matter == Matter::Change);
        let touched = concerns.filter(|_| is_change).and_then(|concern| concern.touched);
        if is_change && touched.as_ref().is_none_or(|touched| touched.criteria.is_empty()) {
            return Err(Refusal::NothingTouched);
        }
        Ok(self.act(Deed::Resubmitted { declaration: Box::new(declaration), evidence, touched }, by, at))
    }

    /// 差戻し: the secretariat sends it back, with a reason for each field concerned.
    pub fn send_back(self, reasons: Vec<FieldReason>, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::SendBack, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Submitted, "submitted")?;
        if let Some(index) = self.declaration.first_unknown(reasons.iter().map(|field| field.pointer.as_str())) {
            return Err(Refusal::NoSuchField { index, pointer: reasons[index].pointer.clone() });
        }
        if reasons.is_empty() || reasons.iter().any(|field| !has_words(&field.reason)) {
            return Err(Refusal::NoReason);
        }
        Ok(self.act(Deed::Returned { reasons }, by, at))
    }

    /// 受理: the secretariat accepts it and assigns the examiners, none of whom is tied to the applicant. The settings say
    /// by when it is to be examined.
    pub fn accept(
        self,
        examiners: &[Candidate],
        settings: &Settings,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::Accept, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Submitted, "submitted")?;
        let people: Vec<PersonId> = examiners.iter().map(|candidate| candidate.person.clone()).collect();
        let distinct: std::collections::BTreeSet<&PersonId> = people.iter().collect();
        if people.len() != EXAMINERS || distinct.len() != EXAMINERS {
            return Err(Refusal::Examiners { needed: EXAMINERS });
        }
        people.iter().try_for_each(|person| self.require_no_former(person))?;
        examiners.iter().try_for_each(|candidate| self.require_untied(candidate))?;
        let today = at.max(self.changed_at).day();
        let due = Some(settings.working_days_after(today, settings.number(Figure::ExaminationDays, today)));
        Ok(self.act(Deed::Accepted { examiners: people, due }, by, at))
    }

    /// 取下げ: the owner takes it back, any time before the decision.
    pub fn withdraw(self, reason: String, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::WithdrawApplication, &self.object(), at)?;
        let open = !matches!(self.stage, Stage::Decided { .. } | Stage::Withdrawn { .. });
        self.require_stage(open, "submitted, returned, examining, recommended")?;
        Ok(self.act(Deed::Withdrawn { reason }, by, at))
    }

    /// 推薦意見: one of the examiners recommends, once all of them have judged every one of `criteria` and agree.
    ///
    /// A pass needs every criterion met or not applicable; a fail needs one unmet.
    pub fn recommend(
        self,
        opinion: Determination,
        criteria: &[CriterionId],
        examinations: &[Examination],
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::Recommend, &self.object(), at)?;
        self.require_stage(self.stage == Stage::Examining, "examining")?;
        if criteria.is_empty() {
            return Err(Refusal::NothingAsked);
        }
        require_reason(&opinion.reason)?;
        if !self.is_open_to_all() {
            return Err(Refusal::NotAllDeclared);
        }
        let basis = Some(Box::new(self.basis(examinations, None)));
        let examinations = self.counting(examinations);
        // What the other has not judged is not told: they judge independently until both are done.
        let own = examinations.iter().find(|examination| examination.examiner == by.person);
        let of_own = |is: &dyn Fn(&Examination, CriterionId) -> bool, otherwise: bool| -> Vec<CriterionId> {
            let picked = |criterion: &CriterionId| own.map_or(otherwise, |own| is(own, *criterion));
            criteria.iter().copied().filter(picked).collect()
        };
        let unjudged = of_own(&|own, criterion| own.answer(criterion).is_none(), true);
        if !unjudged.is_empty() {
            return Err(Refusal::Unjudged { criteria: unjudged });
        }
        let outdated = of_own(&|own, criterion| self.is_outdated(own, criterion), false);
        if !outdated.is_empty() {
            return Err(Refusal::Outdated { criteria: outdated });
        }
        if !self.is_examined(criteria, &examinations) {
            return Err(Refusal::OtherNotDone);
        }
        let waited_for = self.waited_for(at.max(self.changed_at).day());
        if !waited_for.is_empty() {
            return Err(Refusal::AnswersWaitedFor { criteria: waited_for });
        }
        let differing = disagreements(criteria, &examinations);
        if !differing.is_empty() {
            return Err(Refusal::Disagreement { criteria: differing });
        }
        let unmet: Vec<CriterionId> = criteria
            .iter()
            .copied()
            .filter(|criterion| examinations.iter().any(|e| e.answer(*criterion).is_some_and(|a| a.is_unmet())))
            .collect();
        if unmet.is_empty() != (opinion.verdict == Verdict::Pass) {
            return Err(Refusal::Unsupported { unmet });
        }
        Ok(self.act(Deed::Recommended { opinion, basis }, by, at))
    }

    /// The examinations that carry a recommendation: the present examiners', of this very application.
    pub fn counting<'a>(&self, examinations: &'a [Examination]) -> Vec<&'a Examination> {
        let counts = |e: &&Examination| e.application == self.id && self.examiners.contains(&e.examiner);
        examinations.iter().filter(counts).collect()
    }

    /// Are the examiners done: has each judged every one of `criteria`, and since the last answer about it? Before that,
    /// nobody sees anything of the other.
    pub fn is_examined(&self, criteria: &[CriterionId], examinations: &[&Examination]) -> bool {
        let has_judged = |person: &PersonId| {
            let own = examinations.iter().find(|examination| examination.examiner == *person);
            let stands = |own: &Examination, criterion: CriterionId| {
                own.answer(criterion).is_some() && !self.is_outdated(own, criterion)
            };
            criteria.iter().all(|criterion| own.is_some_and(|own| stands(own, *criterion)))
        };
        self.examiners.iter().all(has_judged)
    }

    /// The application, as far as it matters for who may do what.
    pub fn object(&self) -> Object<'_> {
        let replaced = self.replaced.iter().map(|replaced| &replaced.examiner);
        let former = replaced.chain(self.earlier.iter().flat_map(|round| &round.examiners)).collect();
        let (owner, examiners, closed_to) = (Some(&self.owner), self.examiners.as_slice(), self.closed_to());
        Object { owner, examiners, closed_to, former, deciders: self.deciders(), ..Object::default() }
    }

    /// Is this criterion examined, where the edition asks it of such a service? Of a change only those that it touches.
    pub fn asks(&self, criterion: CriterionId) -> bool {
        self.concerns.as_ref().is_none_or(|concern| concern.asks(criterion))
    }

    /// The day whose edition governs the application.
    pub fn governing_day(&self) -> Day {
        self.submitted_at.day()
    }

    /// The instant of a decision to pass, if there is one.
    pub fn passed_at(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Decided { decision, at, .. } if decision.verdict == Verdict::Pass => Some(*at),
            _ => None,
        }
    }

    fn require_stage(&self, is_right: bool, needed: &'static str) -> Result<(), Refusal> {
        if is_right { Ok(()) } else { Err(Refusal::Stage { found: self.stage.as_str(), needed }) }
    }

    fn act(self, deed: Deed, by: Caller, at: Instant) -> (Self, Act) {
        // Two machines' clocks may differ by a little; the record never runs backwards.
        let act = Act { subject: self.subject(), version: self.version + 1, at: at.max(self.changed_at), by, deed };
        settle(Some(self), act)
    }
}

/// A change that no criterion reads is not examined.
fn require_touched(concern: Option<&Concern>) -> Result<(), Refusal> {
    let is_examined = |concern: &Concern| match concern.matter {
        Matter::Renewal => concern.touched.is_none(),
        Matter::Change => concern.touched.as_ref().is_some_and(|touched| !touched.criteria.is_empty()),
    };
    if concern.is_none_or(is_examined) { Ok(()) } else { Err(Refusal::NothingTouched) }
}

fn checked(what: Submission) -> Result<Submission, Refusal> {
    what.check()?;
    Ok(what)
}

fn require_reason(reason: &str) -> Result<(), Refusal> {
    if has_words(reason) { Ok(()) } else { Err(Refusal::NoReason) }
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<Application>, act: Act) -> (Application, Act) {
    let after = Application::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for Application {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Application(id) = &act.subject else { return Err(impossible) };
        let mut state = match (before, &act.deed) {
            (None, Deed::Submitted { owner, declaration, edition, edition_digest, evidence, concerns }) => {
                return Ok(Self {
                    id: id.clone(),
                    version: 1,
                    owner: owner.clone(),
                    concerns: concerns.clone(),
                    declaration: (**declaration).clone(),
                    evidence: evidence.clone(),
                    submission: 1,
                    edition: edition.clone(),
                    edition_digest: edition_digest.clone(),
                    submitted_at: act.at,
                    changed_at: act.at,
                    examiners: Vec::new(),
                    due: None,
                    interests: Vec::new(),
                    waivers: Vec::new(),
                    replaced: Vec::new(),
                    questions: Vec::new(),
                    stage: Stage::Submitted,
                    conditions: Vec::new(),
                    objection: None,
                    earlier: Vec::new(),
                });
            }
            (Some(state), _) => state,
            (None, _) => return Err(impossible),
        };
        if state.seat(act) || state.converse(act) || state.undertake(act) || state.hear(act) {
            return Ok(Self { version: act.version, changed_at: act.at, ..state });
        }
        // Whatever its stage becomes, what it is judged on stays.
        let stage = std::mem::replace(&mut state.stage, Stage::Submitted);
        state.stage = match (stage, &act.deed) {
            (Stage::Submitted, Deed::Returned { reasons }) => Stage::Returned { reasons: reasons.clone() },
            (Stage::Returned { .. }, Deed::Resubmitted { declaration, evidence, touched }) => {
                if let Some(concern) = &mut state.concerns {
                    concern.touched = touched.clone();
                }
                state.declaration = (**declaration).clone();
                state.evidence = evidence.clone();
                state.submission += 1;
                Stage::Submitted
            }
            (Stage::Submitted, Deed::Accepted { examiners, due }) => {
                state.examiners = examiners.clone();
                state.due = *due;
                Stage::Examining
            }
            (Stage::Examining, Deed::Recommended { opinion, basis })
                if basis.as_ref().is_none_or(|basis| state.is_basis(basis)) =>
            {
                Stage::Recommended { by: act.by.person.clone(), opinion: opinion.clone(), basis: basis.clone() }
            }
            (Stage::Recommended { opinion, .. }, Deed::Decided { decision, conditions, ruling, .. })
                if ruling.as_ref().is_none_or(|ruling| state.is_ruling(ruling, act)) =>
            {
                state.conditions = undertakings(conditions);
                Stage::Decided { recommended: opinion, decision: decision.clone(), at: act.at, ruling: ruling.clone() }
            }
            (Stage::Decided { .. } | Stage::Withdrawn { .. }, _) => return Err(impossible),
            (_, Deed::Withdrawn { reason }) => Stage::Withdrawn { reason: reason.clone() },
            _ => return Err(impossible),
        };
        state.version = act.version;
        state.changed_at = act.at;
        Ok(state)
    }

    fn subject(&self) -> Subject {
        Subject::Application(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
