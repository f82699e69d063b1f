//! Working papers 「手控え」: what an examiner has typed about a criterion and not sent, and their private note.
//!
//! No act, and nobody else's: not the other examiner's, not the secretariat's, not an auditor's. They outlive a session,
//! and the version of the application that was read. What is judged leaves its paper, the note stays; whoever is
//! replaced leaves all of it, and so does a year without saving.

use domain::act::ApplicationId;
use domain::application::Application;
use domain::authority::{Actor, Power};
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::examination::{Answer, Judgement, may_keep_papers};
use serde::{Deserialize, Serialize};

use crate::acts::{AtHand, Errand, Refused};
use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;

/// How long a paper is kept after it was last saved, in days.
pub const PAPER_DAYS: i32 = 365;

/// What an examiner keeps about one criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingPaper {
    pub criterion: CriterionId,
    /// None where everything that was typed is judged.
    pub unsent: Option<Unsent>,
    pub note: String,
    pub saved_at: Instant,
}

/// A judgement as far as it was typed; it may be half of one, or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Unsent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub overrules: bool,
    #[serde(default)]
    pub evidence: Vec<UnsentGround>,
}

/// A place in a file, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnsentGround {
    pub digest: String,
    pub page: String,
}

impl WorkingPaper {
    /// Is there nothing on it?
    pub fn is_empty(&self) -> bool {
        self.unsent.is_none() && self.note.is_empty()
    }
}

impl From<&Judgement> for Unsent {
    fn from(judgement: &Judgement) -> Self {
        let evidence = judgement.evidence.iter().map(|ground| UnsentGround {
            digest: ground.digest.to_string(),
            page: ground.page.map_or_else(String::new, |page| page.to_string()),
        });
        let (answer, reason) = (Some(judgement.answer), judgement.reason.clone());
        Self { answer, reason, overrules: judgement.overrules, evidence: evidence.collect() }
    }
}

impl Unsent {
    /// What is left of it when blanks around it do not count and nothing is kept twice: none where nothing was typed,
    /// and none where it is the judgement that was given.
    fn beside(mut self, judged: Option<&Judgement>) -> Option<Self> {
        self.reason = self.reason.trim().to_owned();
        self.evidence.retain(|ground| !ground.digest.is_empty() || !ground.page.trim().is_empty());
        let is_kept = self != Self::default() && judged.is_none_or(|judged| Self::from(judged) != self);
        is_kept.then_some(self)
    }
}

/// An examiner keeps what they have typed.
#[derive(Debug)]
pub struct KeepPapers {
    pub by: Actor,
    pub application: ApplicationId,
    pub papers: Vec<(CriterionId, Unsent, String)>,
}

impl Errand for KeepPapers {
    type Done = Instant;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Instant, Refused> {
        let missing = || Refused::NotFound { what: "application", id: self.application.to_string() };
        let (tx, at) = (at_hand.tx, at_hand.at);
        let application = tx.application(&self.application).await?.ok_or_else(missing)?;
        may_keep_papers(&application, &self.by, at)?;
        let person = &self.by.person;
        let own = tx.examination(&application.id, person).await?;
        for (criterion, typed, note) in self.papers {
            let judged = own.as_ref().and_then(|own| own.judgements.get(&criterion));
            let (unsent, note) = (typed.beside(judged), note.trim().to_owned());
            let paper = WorkingPaper { criterion, unsent, note, saved_at: at };
            tx.keep_paper(&application.id, person, &paper).await?;
        }
        Ok(at)
    }
}

/// This visitor's own papers of a case that they examine.
pub async fn of(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
) -> Result<Vec<WorkingPaper>, Problem> {
    visitor.actor.caller(Power::Judge, &application.object(), visitor.at)?;
    Ok(registry.store.working_papers(&application.id, &visitor.actor.person).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_judged_or_blank_is_not_kept() {
        let ground = |digest: &str, page: &str| UnsentGround { digest: digest.to_owned(), page: page.to_owned() };
        let judged = Judgement::new(CriterionId::HelpDesk, Answer::Met, "見た。");
        let typed = |reason: &str| Unsent { reason: reason.to_owned(), ..Unsent::from(&judged) };
        assert_eq!(Unsent::default().beside(None), None);
        let blank = Unsent { reason: " 　".to_owned(), evidence: vec![ground("", " ")], ..Unsent::default() };
        assert_eq!(blank.beside(None), None);
        assert_eq!(typed("見た。\n").beside(Some(&judged)), None);
        assert_eq!(typed("見た。").beside(None), Some(typed("見た。")));
        assert_eq!(typed("見直す").beside(Some(&judged)), Some(typed("見直す")));
        let paged = Unsent { evidence: vec![ground("ab", "十二")], ..typed("見た。") };
        assert_eq!(paged.clone().beside(Some(&judged)), Some(paged), "as it was typed");
        let withdrawn = Unsent { answer: None, ..typed("見た。") };
        assert_eq!(withdrawn.clone().beside(Some(&judged)), Some(withdrawn));
    }
}
