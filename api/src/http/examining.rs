//! Judging, criterion by criterion: judgements, what the two confer about, working papers, and what is new.

use std::sync::Arc;

use domain::act::ApplicationId;
use domain::application::Application;
use domain::criteria::CriterionId;
use domain::text::Text;
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Chapter;
use super::applications::APPLICATION;
use super::body::Body;
use super::judgements::{ExaminationView, JudgementBody, JudgementsBody, PaperBody, PaperView, criterion, word};
use super::request::{Caller, call, identifier};
use super::wire::VerdictWord;
use crate::acts::{Judge, Reconcile, bounds};
use crate::caller::{application, examinations_for};
use crate::changes::{Past, Said, past, said};
use crate::difference::{Change, Piece};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::working_papers::{self, KeepPapers};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What an examiner keeps to themselves.
#[derive(Object, Debug)]
#[oai(rename = "WorkingPapers")]
struct PapersView {
    papers: Vec<PaperView>,
}

/// When a working paper was saved.
#[derive(Object, Debug)]
#[oai(rename = "Saved", rename_all = "camelCase")]
struct SavedView {
    criterion: String,
    /// In UTC.
    saved_at: String,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "ChangeWord", rename_all = "snake_case")]
enum ChangeWord {
    Same,
    Inserted,
    Deleted,
}

/// A stretch of text, and what became of it.
#[derive(Object, Debug)]
#[oai(rename = "Piece")]
struct PieceView {
    change: ChangeWord,
    text: String,
}

/// One thing that was declared.
#[derive(Object, Debug)]
#[oai(rename = "Said")]
struct SaidView {
    /// JSON Pointer into the declaration; into the earlier one where all of it is gone.
    pointer: String,
    /// What the form calls it.
    label: String,
    pieces: Vec<PieceView>,
}

/// A criterion, and what is new in what the application says of it.
#[derive(Object, Debug)]
#[oai(rename = "CriterionChanges", rename_all = "camelCase", skip_serializing_if_is_none)]
struct CriterionView {
    criterion: String,
    /// All that is declared about it, against the last submission but one; all the same where there was only one.
    declared: Vec<SaidView>,
    /// What is new since the last term; absent where there is none.
    since_last_term: Option<Vec<SaidView>>,
    /// What its examiners answered in the end; absent where there is no last term.
    last_judgements: Option<Vec<JudgementBody>>,
}

/// The last application about the same service: of the same organisation, under the same name but for its spelling.
#[derive(Object, Debug)]
#[oai(rename = "LastTerm", rename_all = "camelCase")]
struct LastTermView {
    application: String,
    verdict: VerdictWord,
    /// In UTC.
    decided_at: String,
}

/// What is new in an application.
#[derive(Object, Debug)]
#[oai(rename = "Changes", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ChangesView {
    application: String,
    /// 1, and one more for each submission after a return.
    submission: u32,
    last_term: Option<LastTermView>,
    /// Those that are asked, in the edition's order.
    criteria: Vec<CriterionView>,
}

#[OpenApi(prefix_path = "/applications", tag = "Chapter::Applications")]
impl Api {
    /// Shows the judgements
    ///
    /// An examiner sees only their own until both are done; the applicant sees what counted once it is decided.
    #[oai(path = "/:id/examinations", method = "get", operation_id = "listExaminations")]
    async fn examinations(&self, caller: Caller, id: Path<String>) -> Result<Json<Vec<ExaminationView>>, Problem> {
        let application = application(&self.registry, &caller.0, &id.0).await?;
        let found = examinations_for(&self.registry, &caller.0, &application).await?;
        Ok(Json(found.iter().map(ExaminationView::from).collect()))
    }

    /// Judges criteria
    ///
    /// An examiner's. `If-Match` names the version of the application that was read; judgements may be given a few at a
    /// time, and again until both examiners are done.
    #[oai(path = "/:id/judgements", method = "post", operation_id = "judge")]
    async fn judge(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<JudgementsBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Json<ExaminationView>, Problem> {
        let deed = Judge { application: self.id(&id.0)?, judgements: body.0.read()? };
        let done = self.registry.perform(deed, call(&caller, if_match.0, None)?).await;
        let done = done.map_err(|refused| Problem::from(refused).placed(|key| body.0.place(key)))?;
        Ok(Json(ExaminationView::from(&done.state)))
    }

    /// Reconciles a criterion
    ///
    /// An examiner's, once both are done and answered this criterion differently: they answer it anew, or uphold their
    /// answer, with a reason either way. `If-Match` as in `judge`.
    #[oai(path = "/:id/reconciliation", method = "post", operation_id = "reconcile")]
    async fn reconcile(
        &self,
        caller: Caller,
        id: Path<String>,
        body: Body<JudgementBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Json<ExaminationView>, Problem> {
        let deed = Reconcile { application: self.id(&id.0)?, judgement: body.0.read("")? };
        let done = self.registry.perform(deed, call(&caller, if_match.0, None)?).await;
        let done = done.map_err(|refused| Problem::from(refused).placed(|_| String::new()))?;
        Ok(Json(ExaminationView::from(&done.state)))
    }

    /// Shows the caller's working papers
    ///
    /// What an examiner has typed and not sent, and their private notes. Nobody else reads them.
    #[oai(path = "/:id/working-papers", method = "get", operation_id = "listWorkingPapers")]
    async fn papers(&self, caller: Caller, id: Path<String>) -> Result<Json<PapersView>, Problem> {
        let application = application(&self.registry, &caller.0, &id.0).await?;
        let found = working_papers::of(&self.registry, &caller.0, &application).await?;
        Ok(Json(PapersView { papers: found.into_iter().map(PaperView::from).collect() }))
    }

    /// Saves a working paper
    ///
    /// It takes the place of the last one about this criterion. No act: nothing of it is in the log, and no version is
    /// asked for. What is the caller's own judgement already is not kept beside it.
    #[oai(path = "/:id/working-papers/:criterion", method = "put", operation_id = "saveWorkingPaper")]
    async fn keep(
        &self,
        caller: Caller,
        id: Path<String>,
        /// The criterion's name, such as `help_desk`.
        #[oai(name = "criterion")]
        name: Path<String>,
        body: Body<PaperBody>,
    ) -> Result<Json<SavedView>, Problem> {
        let application = application(&self.registry, &caller.0, &id.0).await?;
        let unknown = |_| Problem::not_found(&Text::new("要件", "criterion"), &name.0);
        let about = criterion("/criterion", &name.0).map_err(unknown)?;
        let (typed, note) = body.0.read();
        let (by, from) = (caller.0.actor.clone(), caller.0.origin.clone());
        let papers = vec![(about, typed, note)];
        let errand = KeepPapers { by, application: application.id, papers };
        let saved_at = self.registry.run(errand, from, caller.0.at).await?;
        Ok(Json(SavedView { criterion: name.0, saved_at: saved_at.to_string() }))
    }

    /// Shows what is new
    ///
    /// For every criterion that is asked: what is declared about it, with the words that are new or gone since the last
    /// submission; and the judgements of the last time the same service was decided about, with what is new since then.
    #[oai(path = "/:id/changes", method = "get", operation_id = "listChanges")]
    async fn changes(&self, caller: Caller, id: Path<String>) -> Result<Json<ChangesView>, Problem> {
        let application = application(&self.registry, &caller.0, &id.0).await?;
        let past = past(&self.registry, &application).await?;
        let asked = bounds(&self.registry, &application).await?;
        let last_term = past.last_term.as_ref().map(|term| LastTermView {
            application: term.application.id.to_string(),
            verdict: term.verdict.into(),
            decided_at: term.decided_at.to_string(),
        });
        Ok(Json(ChangesView {
            application: application.id.to_string(),
            submission: application.submission,
            last_term,
            criteria: asked.iter().map(|bound| of_criterion(bound.criterion, &application, &past)).collect(),
        }))
    }
}

impl Api {
    fn id(&self, text: &str) -> Result<ApplicationId, Problem> {
        identifier(APPLICATION, text)
    }
}

fn of_criterion(criterion: CriterionId, application: &Application, past: &Past) -> CriterionView {
    let now = &application.declaration;
    let sections = said(criterion, now, past.submission.as_ref());
    let all = sections.into_iter().flat_map(|section| section.entries).flatten();
    CriterionView {
        criterion: word(criterion),
        declared: all.map(SaidView::from).collect(),
        since_last_term: past
            .last_term
            .as_ref()
            .map(|term| term.new_since(criterion, now).into_iter().map(SaidView::from).collect()),
        last_judgements: past
            .last_term
            .as_ref()
            .map(|term| term.judgements(criterion).map(JudgementBody::from).collect()),
    }
}

impl From<Said> for SaidView {
    fn from(said: Said) -> Self {
        let piece = |piece: Piece| PieceView {
            change: match piece.change {
                Change::Same => ChangeWord::Same,
                Change::Inserted => ChangeWord::Inserted,
                Change::Deleted => ChangeWord::Deleted,
            },
            text: piece.text,
        };
        Self { pointer: said.pointer, label: said.label, pieces: said.pieces.into_iter().map(piece).collect() }
    }
}
