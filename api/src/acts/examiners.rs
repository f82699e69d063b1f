//! 利害関係の申告・審査員の交代

use domain::act::{ApplicationId, PersonId, Role};
use domain::application::{Application, Candidate};
use domain::authority::Power;

use super::submit::load;
use super::{Deed, Desk, Done, Refused};

/// An examiner declares what ties them to the applicant, or that nothing does.
#[derive(Debug)]
pub struct DeclareInterest {
    pub application: ApplicationId,
    /// In their words; none where there is no tie.
    pub tie: Option<String>,
}

impl Deed for DeclareInterest {
    type State = Application;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let missing = || Refused::NotFound { what: "application", id: self.application.to_string() };
        let before = desk.tx.application(&self.application).await?.ok_or_else(missing)?;
        // The case is not open to them yet: that they examine it is all they know of it.
        if desk.by.in_role(Power::DeclareInterest, &before.object(), desk.at.day()).is_err() {
            let known = crate::caller::may_read(desk.by, &before, desk.at);
            known.map_err(|_| missing())?;
        }
        desk.check_right(Power::DeclareInterest, &before.object())?;
        desk.check_version(before.version)?;
        let is_tied = desk.tx.is_tied(&before, &desk.by.person).await?;
        let (state, act) = before.declare_interest(self.tie, is_tied, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// The secretariat gives an examiner's seat to somebody else.
#[derive(Debug)]
pub struct ReplaceExaminer {
    pub application: ApplicationId,
    pub leaving: PersonId,
    pub joining: PersonId,
    pub reason: String,
}

impl Deed for ReplaceExaminer {
    type State = Application;

    // Who leaves, leaves no working papers behind.
    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_right(Power::ReplaceExaminer, &before.object())?;
        desk.check_version(before.version)?;
        let joining = candidate(desk, &before, self.joining).await?;
        let leaving = self.leaving.clone();
        let (state, act) = before.replace_examiner(self.leaving, &joining, self.reason, desk.by, desk.at)?;
        desk.tx.update_application(&state).await?;
        desk.tx.forget_papers(&state.id, &leaving).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// Somebody who is to examine this: an examiner now, with what ties them to the applicant.
pub(super) async fn candidate(desk: &Desk<'_>, of: &Application, id: PersonId) -> Result<Candidate, Refused> {
    let today = desk.at.day();
    let found = desk.tx.person(&id).await?.filter(|person| person.is(Role::Examiner, today));
    let person = found.ok_or(Refused::NotFound { what: "examiner", id: id.to_string() })?;
    let organisations = person.memberships.into_iter().map(|held| held.organisation).collect();
    let is_tied = desk.tx.is_tied(of, &id).await?;
    Ok(Candidate { person: id, organisations, is_tied })
}

/// An examiner who is about to judge: a tie that they have declared in another case by now counts here too.
pub(super) async fn require_untied(desk: &Desk<'_>, of: &Application) -> Result<(), Refused> {
    let organisations = desk.by.memberships.iter().map(|held| held.organisation.clone()).collect();
    let person = desk.by.person.clone();
    let is_tied = desk.tx.is_tied(of, &person).await?;
    Ok(of.require_untied(&Candidate { person, organisations, is_tied })?)
}
