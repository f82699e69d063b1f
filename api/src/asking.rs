//! Questions to the applicant as somebody may know them, and what waits for whom.

use domain::act::PersonId;
use domain::application::{Application, Question, Reminder};
use domain::authority::Power;

use crate::caller::{Visitor, applications_for, are_done};
use crate::problem::Problem;
use crate::registry::Registry;

/// A question that its reader may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub question: Question,
    /// Who asked, where that is the reader's to know: their own, and for the secretariat, decision makers and auditors.
    pub asker: Option<PersonId>,
    /// Did the reader ask it?
    pub is_own: bool,
}

/// The questions of a case that this visitor may know of ([`Application::sees`]), in the order in which they were asked.
/// The visitor may read the case.
pub async fn known(registry: &Registry, visitor: &Visitor, application: &Application) -> Result<Vec<Known>, Problem> {
    let person = &visitor.actor.person;
    let examines = application.examiners.contains(person);
    let is_hidden = |question: &Question| !application.sees(person, question, false);
    let is_examined = if application.questions.iter().any(is_hidden) {
        let examinations = registry.store.examinations_of(&application.id).await?;
        are_done(registry, application, &examinations).await?
    } else {
        false
    };
    let by = visitor.actor.in_role(Power::ReadApplication, &application.object(), visitor.at.day());
    let knows_askers = by.is_ok_and(|by| !by.role.is_companys()) && !examines;
    let known = |question: &Question| {
        let is_own = question.asker == *person;
        let asker = (is_own || knows_askers).then(|| question.asker.clone());
        Known { question: question.clone(), asker, is_own }
    };
    let seen = application.questions.iter().filter(|question| application.sees(person, question, is_examined));
    Ok(seen.map(known).collect())
}

/// What waits for this visitor, with the case it is about: as an applicant, or as an examiner.
pub async fn reminders(registry: &Registry, visitor: &Visitor) -> Result<Vec<(Application, Reminder)>, Problem> {
    let (person, today) = (&visitor.actor.person, visitor.at.day());
    let extent = visitor.actor.extent(Power::ReadApplication, today);
    let mut found = Vec::new();
    // Whoever only handles or audits cases is waited for elsewhere.
    if extent.is_everything && !extent.is_assigned {
        return Ok(found);
    }
    let settings = registry.store.settings().await?;
    for application in applications_for(registry, visitor, Some("examining"), None).await?.items {
        let is_applicant = visitor.actor.in_role(Power::AnswerQuestion, &application.object(), today).is_ok();
        let waiting = if is_applicant {
            application.waits_for_applicant(today, &settings)
        } else if application.examiners.contains(person) {
            let examinations = registry.store.examinations_of(&application.id).await?;
            let own = examinations.iter().find(|examination| examination.examiner == *person);
            application.waits_for_examiner(person, own, today, &settings)
        } else {
            Vec::new()
        };
        found.extend(waiting.into_iter().map(|reminder| (application.clone(), reminder)));
    }
    found.sort_by_key(|(_, reminder)| reminder.deadline.map(|deadline| deadline.day));
    Ok(found)
}
