//! The examiner's desk: judging criterion by criterion, then recommending.

use domain::act::{ApplicationId, Determination, Verdict};
use domain::application::{Application, Clearance, Stage};
use domain::criteria::CriterionId;
use domain::examination::Judgement;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, case, is_about_the_form, page_with, questions, refused};
use crate::acts::{Deed, Judge, Recommend, Reconcile, bounds};
use crate::assigning;
use crate::caller::signed_in;
use crate::caller::{Visitor, are_done, may_read};
use crate::changes::past;
use crate::clock;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{Desk, QueuePage};
use crate::web::view::criteria::Weighed;
use crate::web::view::evidence::FileLine;
use crate::web::view::examinations::{ExaminationPage, Phase, RECOMMENDATION};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::judging;
use crate::web::view::questions::{self as questions_view, Threads};
use crate::web::{Answer, page, to};
use crate::working_papers::{self, KeepPapers, WorkingPaper};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let own = &visitor.actor.person;
    let found = assigning::examining(registry, Some(own), visitor.at.day()).await?;
    let frame = desk_frame(registry, visitor);
    let mut cases = case::heads(registry, &found).await?;
    for (case, application) in cases.iter_mut().zip(&found) {
        case.is_closed = may_read(&visitor.actor, application, visitor.at).is_err();
    }
    let waiting = questions::waiting(registry, visitor).await?;
    page(&QueuePage {
        frame,
        desk: Desk::Examinations,
        at: clock::now(),
        drafts: Vec::new(),
        renewals: Vec::new(),
        cases,
        waiting,
        next: None,
    })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    if let Ok((_, Clearance::Undeclared | Clearance::Tied)) = assigning::assigned(registry, visitor, &id).await {
        return Ok(to(&format!("/examinations/{id}/interest")));
    }
    let desk = Opened::open(registry, visitor.clone(), &id).await?;
    page(&desk.page(registry, None, Form::default()).await?)
}

/// A case open before one of its examiners.
pub(super) struct Opened {
    visitor: Visitor,
    application: Application,
    phase: Phase,
    /// The examiner's own judgements that stand, and those that an answer has undone.
    own: Vec<Judgement>,
    outdated: Vec<Judgement>,
    papers: Vec<WorkingPaper>,
    criteria: Vec<Weighed>,
    files: Vec<FileLine>,
}

impl Opened {
    pub(super) async fn open(registry: &Registry, visitor: Visitor, id: &str) -> Result<Self, Problem> {
        let application = case::find(registry, &visitor, id).await?;
        let mut examinations = registry.store.examinations_of(&application.id).await?;
        // Who was replaced is no examiner of the case any more.
        examinations.retain(|examination| application.examiners.contains(&examination.examiner));
        let own = examinations.iter().find(|examination| examination.examiner == visitor.actor.person).cloned();
        let is_complete = are_done(registry, &application, &examinations).await?;
        let phase = match application.stage {
            Stage::Examining if is_complete => Phase::Conferring,
            Stage::Examining => Phase::Judging,
            _ => Phase::Over,
        };
        // Nobody sees the other's answers before both are done; their own stand in the form, while there is one.
        let shown = match phase {
            Phase::Judging => Vec::new(),
            Phase::Over if !is_complete => own.iter().cloned().collect(),
            Phase::Conferring | Phase::Over => examinations,
        };
        let asked = bounds(registry, &application).await?;
        let names = case::names(registry).await?;
        let files = case::files(registry, &application).await?;
        let past = past(registry, &application).await?;
        let mut criteria = Vec::new();
        for line in case::lines(registry, &application).await? {
            let Some(bound) = asked.iter().find(|bound| bound.criterion == line.criterion) else { continue };
            let name = |_, id: &_| names.get(id).cloned().unwrap_or_default();
            let judged = case::judged(line.criterion, &application, &shown, name);
            let weighed = Weighed::new(line, &application.declaration, *bound, judged).shown_by(&files);
            criteria.push(weighed.beside(&past, &application.declaration));
        }
        let examines = application.examiners.contains(&visitor.actor.person);
        let papers = if examines { working_papers::of(registry, &visitor, &application).await? } else { Vec::new() };
        let stands =
            |judgement: &Judgement| own.as_ref().is_none_or(|own| !application.is_outdated(own, judgement.criterion));
        let (own, outdated) = own.iter().flat_map(|own| own.judgements.values().cloned()).partition(stands);
        Ok(Self { visitor, application, phase, own, outdated, papers, criteria, files })
    }

    /// The page: with what was typed last, or else with the examiner's own judgements so far and what they have typed
    /// since. Whoever confers begins anew.
    pub(super) async fn page(
        self,
        registry: &Registry,
        typed: Option<Form>,
        recommendation: Form,
    ) -> Result<ExaminationPage, Problem> {
        let kept = self.kept();
        let form = typed.map_or_else(|| kept.clone(), |typed| judging::at_their_rows(typed.over(&kept)));
        let settings = registry.store.settings().await?;
        let form = questions_view::with_days(form, &self.criteria, self.visitor.at.day(), &settings);
        let questions = questions::lines(registry, &self.visitor, &self.application).await?;
        let is_examined = self.application.stage == Stage::Examining;
        let threads = Threads { questions, outdated: self.outdated, can_ask: is_examined, notice: None };
        let waits = is_examined && !self.application.is_open_to_all();
        let saved_at = self.papers.iter().map(|paper| paper.saved_at).max();
        let head = case::head(registry, &self.application).await?;
        let frame = desk_frame(registry, &self.visitor);
        let shown = (self.criteria, self.files);
        let page = ExaminationPage::new(frame, head, self.phase, shown, threads, form, recommendation);
        Ok(page.waiting(waits).saved(saved_at))
    }

    /// What the page is filled with: the examiner's own judgements, while they judge, and what they have typed since.
    fn kept(&self) -> Form {
        let given = if self.phase == Phase::Judging { self.own.as_slice() } else { &[] };
        judging::fill(&self.criteria, given, &self.papers)
    }

    /// Is everything about a judgement that is typed into this form kept, as it is typed?
    pub(super) fn holds_all(&self, form: &Form) -> bool {
        let (kept, rows) = (self.kept(), |form: &Form, weighed: &Weighed| judging::words(weighed, form));
        let mut posted = self.criteria.iter().filter(|weighed| judging::is_posted(weighed, form));
        posted.all(|weighed| rows(form, weighed) == rows(&kept, weighed))
    }

    /// A question that this examiner may know, by its number as it stands in an address, and its criterion.
    pub(super) async fn question(&self, registry: &Registry, number: &str) -> Result<(u32, CriterionId), Problem> {
        let number = questions::number_of(number)?;
        let known = crate::asking::known(registry, &self.visitor, &self.application).await?;
        let found = known.iter().find(|known| known.question.number == number);
        let missing = || Problem::not_found(&Text::new("質問", "question"), &number.to_string());
        Ok((number, found.ok_or_else(missing)?.question.criterion))
    }

    pub(super) fn id(&self) -> &ApplicationId {
        &self.application.id
    }

    pub(super) fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    pub(super) fn criteria(&self) -> &[Weighed] {
        &self.criteria
    }

    /// The page again, with what was posted and is not right.
    pub(super) async fn again(self, registry: &Registry, form: Form) -> Answer {
        page_with(Told::INVALID, &self.page(registry, Some(form), Form::default()).await?)
    }

    /// Does `deed` for what was posted; then on to `next`.
    async fn perform(self, registry: &Shared, deed: impl Deed, form: Form, next: &str) -> Answer {
        let id = self.application.id.to_string();
        match registry.perform(deed, call_of(&self.visitor, &form)).await.map_err(Problem::from) {
            Ok(_) => Ok(to(next)),
            Err(problem) if is_about_the_form(&problem) => {
                let now = Self::open(registry, self.visitor, &id).await?;
                page_with(&problem, &now.page(registry, Some(refused(form, &problem)), Form::default()).await?)
            }
            Err(problem) => Err(problem),
        }
    }
}

#[handler]
pub(crate) async fn judge(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let opened = Opened::open(registry, signed_in(request)?.clone(), &id).await?;
    let form = Form::of(typed.0);
    let only = form.value("only").to_owned();
    let mut judgements = match judging::read(&opened.criteria, &form, &only) {
        Ok(judgements) => judgements,
        Err(errors) => return opened.again(registry, form.with(errors)).await,
    };
    let next = if only.is_empty() { format!("/examinations/{id}") } else { format!("/examinations/{id}#c-{only}") };
    let is_anything = !judgements.is_empty();
    // What they judged before and did not change is not judged again.
    judgements.retain(|judgement| !opened.own.contains(judgement));
    if is_anything && judgements.is_empty() {
        return Ok(to(&next));
    }
    let deed = Judge { application: opened.application.id.clone(), judgements };
    opened.perform(registry, deed, form, &next).await
}

#[handler]
pub(crate) async fn reconcile(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let opened = Opened::open(registry, signed_in(request)?.clone(), &id).await?;
    let form = Form::of(typed.0);
    let key = form.value("criterion").to_owned();
    let read = judging::read(&opened.criteria, &form, &key).map(|judgements| judgements.into_iter().next());
    let judgement = match read {
        Ok(Some(judgement)) if !key.is_empty() => judgement,
        Ok(_) => {
            let message = Text::new("協議する要件を選んでください。", "Say which criterion.");
            return opened.again(registry, form.with([FieldError { field: String::new(), message }])).await;
        }
        Err(errors) => return opened.again(registry, form.with(errors)).await,
    };
    let deed = Reconcile { application: opened.application.id.clone(), judgement };
    opened.perform(registry, deed, form, &format!("/examinations/{id}#c-{key}")).await
}

/// Keeps what is typed, for whoever has no script that does.
#[handler]
pub(crate) async fn keep(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let opened = Opened::open(registry, signed_in(request)?.clone(), &id).await?;
    let form = Form::of(typed.0);
    let posted: Vec<&Weighed> = opened.criteria.iter().filter(|weighed| judging::is_posted(weighed, &form)).collect();
    let errors: Vec<FieldError> = posted.iter().flat_map(|weighed| judging::too_long(weighed, &form)).collect();
    if !errors.is_empty() {
        return opened.again(registry, form.with(errors)).await;
    }
    let paper = |weighed: &&Weighed| {
        let (unsent, note) = judging::typed(weighed, &form);
        (weighed.line.criterion, unsent, note)
    };
    let papers = posted.iter().map(paper).collect();
    let visitor = &opened.visitor;
    let errand = KeepPapers { by: visitor.actor.clone(), application: opened.application.id.clone(), papers };
    match registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/examinations/{id}"))),
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &opened.page(registry, Some(refused(form, &problem)), Form::default()).await?)
        }
        Err(problem) => Err(problem),
    }
}

#[handler]
pub(crate) async fn recommend(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let opened = Opened::open(registry, visitor.clone(), &id).await?;
    let form = Form::of(typed.0);
    if let Err(errors) = form.read(&RECOMMENDATION) {
        let page = opened.page(registry, None, form.with(errors)).await?;
        return page_with(Told::INVALID, &page);
    }
    let deed = Recommend { application: opened.application.id.clone(), opinion: determination(&form) };
    let done = registry.perform(deed, call_of(&opened.visitor, &form)).await;
    match done.map_err(Problem::from) {
        Ok(_) => Ok(to("/examinations")),
        Err(problem) if is_about_the_form(&problem) => {
            let now = Opened::open(registry, opened.visitor, &id).await?;
            page_with(&problem, &now.page(registry, None, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}

/// Verdict and reason, once the form has been read.
pub(super) fn determination(form: &Form) -> Determination {
    let verdict = if form.value("/verdict") == "pass" { Verdict::Pass } else { Verdict::Fail };
    Determination { verdict, reason: form.value("/reason").to_owned() }
}
