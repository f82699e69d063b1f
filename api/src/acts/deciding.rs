//! What follows a decision: reports on its conditions, replies to them, and objections

use domain::act::ApplicationId;
use domain::application::{Application, Ground};
use domain::authority::Power;

use super::submit::{load, name_files, named};
use super::{Deed, Desk, Done, Refused};
use crate::evidence::Named;
use crate::store::Error;

/// The applicant reports that a condition is met.
#[derive(Debug)]
pub struct ReportCondition {
    pub application: ApplicationId,
    /// Counted from 1.
    pub number: usize,
    pub words: String,
    /// Files that the owner has uploaded.
    pub evidence: Vec<Named>,
}

impl Deed for ReportCondition {
    type State = Application;

    // Which application names which file.
    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_right(Power::ReportCondition, &before.object())?;
        desk.check_version(before.version)?;
        let evidence = named(desk, &before.owner, self.evidence).await?;
        let (state, act) = before.report_condition(self.number, self.words, evidence.clone(), desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        name_files(desk, &state, &evidence).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// The secretariat or a decision maker accepts a report, or does not.
#[derive(Debug)]
pub struct ReplyToReport {
    pub application: ApplicationId,
    /// Counted from 1.
    pub number: usize,
    pub is_accepted: bool,
    pub reason: String,
}

impl Deed for ReplyToReport {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_right(Power::ReplyToReport, &before.object())?;
        desk.check_version(before.version)?;
        let (state, act) = before.reply_to_report(self.number, self.is_accepted, self.reason, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// The applicant objects to the decision.
#[derive(Debug)]
pub struct ObjectToDecision {
    pub application: ApplicationId,
    pub reason: String,
    /// Files that the owner has uploaded.
    pub evidence: Vec<Named>,
}

impl Deed for ObjectToDecision {
    type State = Application;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_right(Power::MakeObjection, &before.object())?;
        desk.check_version(before.version)?;
        let evidence = named(desk, &before.owner, self.evidence).await?;
        let (state, act) = before.object_to_decision(self.reason, evidence.clone(), desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        name_files(desk, &state, &evidence).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// What stands around an application that is about to be decided, in the transaction that would decide it.
pub(super) async fn ground(desk: &Desk<'_>, of: &Application) -> Result<Ground, Refused> {
    let examinations = desk.tx.examinations_of(&of.id).await?;
    let editions = desk.tx.editions().await?;
    let unknown = || Error::Corrupt { table: "applications", column: "state", row: of.id.to_string() };
    Ok(Ground::of(of, &editions, examinations).ok_or_else(unknown)?)
}
