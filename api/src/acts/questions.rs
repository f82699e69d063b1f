//! 質問・回答・回答期限の延長・回答を待たないこと

use domain::act::{ApplicationId, Subject};
use domain::application::{Application, earliest_answer};
use domain::authority::Power;
use domain::calendar::Day;
use domain::criteria::CriterionId;

use super::examiners::require_untied;
use super::judge::asked;
use super::submit::{load, name_files, named};
use super::{Deed, Desk, Done, Refused};
use crate::evidence::Named;

/// An examiner asks the applicant about a criterion.
#[derive(Debug)]
pub struct Ask {
    pub application: ApplicationId,
    pub criterion: CriterionId,
    pub text: String,
    /// The day by which it is to be answered; the first that may be named where absent.
    pub until: Option<Day>,
}

impl Deed for Ask {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        if let Some((subject, entry)) = desk.done_before().await? {
            let is_it = |question: &&domain::application::Question| {
                question.asker == desk.by.person && question.criterion == self.criterion && question.text == self.text
            };
            let is_this = subject == Subject::Application(before.id.clone());
            return match before.questions.iter().find(is_it) {
                Some(_) if is_this => Ok(Done { state: before, entry }),
                _ => Err(Refused::KeyReused),
            };
        }
        desk.check_right(Power::AskApplicant, &before.object())?;
        check_read(desk, &before)?;
        require_untied(desk, &before).await?;
        let criteria: Vec<_> = asked(desk, &before).await?.into_iter().map(|bound| bound.criterion).collect();
        let settings = desk.tx.settings().await?;
        let today = desk.at.max(before.changed_at).day();
        let until = self.until.unwrap_or_else(|| earliest_answer(today, &settings));
        let (state, act) = before.ask(self.criterion, self.text, until, (&criteria, &settings), desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// The applicant answers a question.
#[derive(Debug)]
pub struct Answer {
    pub application: ApplicationId,
    pub question: u32,
    pub text: String,
    /// Files that the owner has uploaded, and that come to those of the application.
    pub evidence: Vec<Named>,
}

impl Deed for Answer {
    type State = Application;

    // Which application names which file.
    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_right(Power::AnswerQuestion, &before.object())?;
        check_read(desk, &before)?;
        let evidence = named(desk, &before.owner, self.evidence).await?;
        let (state, act) = before.answer(self.question, self.text, evidence, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        name_files(desk, &state, &state.evidence).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// Whoever asked, or the secretariat, gives more time for an answer.
#[derive(Debug)]
pub struct ExtendQuestion {
    pub application: ApplicationId,
    pub question: u32,
    pub until: Day,
}

impl Deed for ExtendQuestion {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_right(Power::SettleQuestion, &before.object())?;
        check_read(desk, &before)?;
        let (state, act) = before.extend_question(self.question, self.until, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// Whoever asked, or the secretariat, closes a question that was not answered.
#[derive(Debug)]
pub struct CloseQuestion {
    pub application: ApplicationId,
    pub question: u32,
    pub reason: String,
}

impl Deed for CloseQuestion {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_right(Power::SettleQuestion, &before.object())?;
        check_read(desk, &before)?;
        let (state, act) = before.close_question(self.question, self.reason, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// The caller must have read all but what was asked and answered since: another's question is no reason to type an
/// answer twice, and whether this one is still open the domain asks itself.
fn check_read(desk: &Desk<'_>, application: &Application) -> Result<(), Refused> {
    let found = application.version;
    match desk.read() {
        Some(read) if application.is_read(read, &[]) => Ok(()),
        Some(read) => Err(Refused::Stale { read, found }),
        None => Err(Refused::VersionNeeded { found }),
    }
}
