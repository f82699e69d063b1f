//! What happens to a registration beside the measures that two people propose and confirm: an emergency, what a provider
//! reports, objects to and states, and the end of its service

use domain::act::{ProposalId, RegistrationNumber, Subject};
use domain::authority::Power;
use domain::proposal::{Motion, Proposal};
use domain::registration::{Discontinuation, Plan, Registration};

use super::confirm::find;
use super::submit::named;
use super::{Deed, Desk, Done, Refused};
use crate::evidence::Named;

/// The registration of that number.
pub(super) async fn load(desk: &Desk<'_>, number: &RegistrationNumber) -> Result<Registration, Refused> {
    let missing = || Refused::NotFound { what: "registration", id: number.to_string() };
    desk.tx.registration(number).await?.ok_or_else(missing)
}

/// What is done to a registration by one person.
#[derive(Clone, Debug)]
pub enum Step {
    /// 緊急の一時停止
    SuspendAtOnce { reason: String, plan: Box<Plan> },
    /// 緊急の一時停止の確認
    ConfirmEmergency,
    /// 是正の報告; measures and corrections are counted from 1.
    ReportCorrection { measure: usize, number: usize, words: String, evidence: Vec<Named> },
    /// 是正の報告への回答
    AnswerCorrection { measure: usize, number: usize, is_accepted: bool, reason: String },
    /// 措置への異議申立て
    Object { measure: usize, reason: String, evidence: Vec<Named> },
    /// サービス終了の届出
    Discontinue { plan: Discontinuation },
}

impl Step {
    fn power(&self) -> Power {
        match self {
            Self::SuspendAtOnce { .. } | Self::ConfirmEmergency => Power::TakeMeasure,
            Self::ReportCorrection { .. } => Power::ReportCorrection,
            Self::AnswerCorrection { .. } => Power::AnswerCorrection,
            Self::Object { .. } => Power::ObjectToMeasure,
            Self::Discontinue { .. } => Power::Discontinue,
        }
    }
}

/// Somebody takes a step.
#[derive(Debug)]
pub struct TakeStep {
    pub registration: RegistrationNumber,
    pub step: Step,
}

impl Deed for TakeStep {
    type State = Registration;

    // Which case names which file.
    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Registration>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let state = load(desk, &self.registration).await?;
            let is_same = subject == Subject::Registration(self.registration);
            return if is_same { Ok(Done { state, entry }) } else { Err(Refused::KeyReused) };
        }
        let before = load(desk, &self.registration).await?;
        desk.check_right(self.step.power(), &before.object())?;
        desk.check_version(before.version)?;
        let (by, at) = (desk.by, desk.at);
        let mut files = Vec::new();
        let (state, act) = match self.step {
            Step::SuspendAtOnce { reason, plan } => before.suspend_at_once(reason, *plan, by, at)?,
            Step::ConfirmEmergency => before.confirm_emergency(by, at)?,
            Step::ReportCorrection { measure, number, words, evidence } => {
                files = named(desk, &before.owner, evidence).await?;
                before.report_correction((measure, number), words, files.clone(), by, at)?
            }
            Step::AnswerCorrection { measure, number, is_accepted, reason } => {
                before.answer_correction((measure, number), is_accepted, reason, by, at)?
            }
            Step::Object { measure, reason, evidence } => {
                files = named(desk, &before.owner, evidence).await?;
                before.object_to_measure(measure, reason, files.clone(), by, at)?
            }
            Step::Discontinue { plan } => before.discontinue(plan, &*desk.tx.settings().await?, by, at)?,
        };
        desk.tx.update_registration(&state).await?;
        // Whoever may read the case that led to the registration may read them.
        let digests = files.iter().map(|file| &file.digest);
        desk.tx.name_files(&state.application, &state.owner, digests).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// 弁明: the provider states its side of a measure that is proposed.
#[derive(Debug)]
pub struct StateSide {
    pub proposal: ProposalId,
    pub words: String,
}

impl Deed for StateSide {
    type State = Proposal;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Proposal>, Refused> {
        let before = find(desk, &self.proposal).await?;
        let missing = || Refused::NotFound { what: "proposal", id: self.proposal.to_string() };
        let Motion::TakeMeasure { registration, .. } = &before.motion else { return Err(missing()) };
        let about = load(desk, registration).await?;
        desk.check_right(Power::StateSide, &about.object()).map_err(|_| missing())?;
        let (state, act) = before.state_side(about.measured(), self.words, &about.object(), desk.by, desk.at)?;
        desk.tx.update_proposal(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
