//! The examiner's desk: judging criterion by criterion, then recommending.

use domain::act::{ApplicationId, Determination, Verdict};
use domain::application::{Application, Clearance};
use domain::criteria::CriterionId;
use domain::examination::{Examination, Judgement};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, case, is_about_the_form, page_with, questions, refused};
use crate::acts::{Judge, Recommend, bounds};
use crate::assigning;
use crate::caller::signed_in;
use crate::caller::{Visitor, are_done, may_read};
use crate::clock;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{Desk, QueuePage};
use crate::web::view::criteria::Weighed;
use crate::web::view::evidence::FileLine;
use crate::web::view::examinations::{self, ExaminationPage, RECOMMENDATION};
use crate::web::view::form::Form;
use crate::web::view::questions::{self as questions_view, Threads};
use crate::web::{Answer, page, to};

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
    page(&QueuePage { frame, desk: Desk::Examinations, at: clock::now(), cases, waiting, next: None })
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
    examinations: Vec<Examination>,
    /// Have both judged everything?
    is_complete: bool,
    criteria: Vec<Weighed>,
    files: Vec<FileLine>,
}

impl Opened {
    pub(super) async fn open(registry: &Registry, visitor: Visitor, id: &str) -> Result<Self, Problem> {
        let application = case::find(registry, &visitor, id).await?;
        let mut examinations = registry.store.examinations_of(&application.id).await?;
        // Who was replaced is no examiner of the case any more.
        examinations.retain(|examination| application.examiners.contains(&examination.examiner));
        let asked = bounds(registry, &application).await?;
        let names = case::names(registry).await?;
        let files = case::files(registry, &application).await?;
        let is_complete = are_done(registry, &application, &examinations).await?;
        let mut opened = Self { visitor, application, examinations, is_complete, criteria: Vec::new(), files };
        for line in case::lines(registry, &opened.application).await? {
            let Some(bound) = asked.iter().find(|bound| bound.criterion == line.criterion) else { continue };
            // Nobody sees the other's answers before both are done.
            let judged = if is_complete {
                case::judged(line.criterion, &opened.examinations, |_, id| names.get(id).cloned().unwrap_or_default())
            } else {
                Vec::new()
            };
            let weighed = Weighed::new(line, &opened.application.declaration, bound.only, judged);
            opened.criteria.push(weighed.shown_by(&opened.files));
        }
        Ok(opened)
    }

    /// The page: with what was typed last, or else with the examiner's own judgements so far.
    pub(super) async fn page(
        self,
        registry: &Registry,
        typed: Option<Form>,
        recommendation: Form,
    ) -> Result<ExaminationPage, Problem> {
        let (given, outdated) = self.given();
        let form = typed.unwrap_or_else(|| examinations::fill(&self.criteria, &given));
        let form = questions_view::with_days(form, &self.criteria, self.visitor.at.day());
        let questions = questions::lines(registry, &self.visitor, &self.application).await?;
        let can_ask = self.application.stage == domain::application::Stage::Examining;
        let threads = Threads { questions, outdated, can_ask, notice: None };
        let is_open = self.application.stage == domain::application::Stage::Examining && self.is_complete;
        let waits =
            self.application.stage == domain::application::Stage::Examining && !self.application.is_open_to_all();
        let head = case::head(registry, &self.application).await?;
        let frame = desk_frame(registry, &self.visitor);
        let page = ExaminationPage::new(frame, head, self.criteria, form, recommendation);
        Ok(page.with_files(self.files).with_threads(threads).recommending(is_open).waiting(waits))
    }

    /// The examiner's own judgements that stand, and those that an answer has undone.
    fn given(&self) -> (Vec<Judgement>, Vec<Judgement>) {
        let own = self.examinations.iter().find(|examination| examination.examiner == self.visitor.actor.person);
        let stands =
            |judgement: &Judgement| own.is_none_or(|own| !self.application.is_outdated(own, judgement.criterion));
        own.iter().flat_map(|own| own.judgements.values().cloned()).partition(stands)
    }

    /// Is every judgement that is typed into this form recorded, as it is typed?
    pub(super) fn holds_all(&self, form: &Form) -> bool {
        let recorded = examinations::fill(&self.criteria, &self.given().0);
        let is_recorded = |(name, value): &(String, String)| recorded.value(name) == value.trim();
        form.typed.iter().filter(|(name, _)| name.starts_with("/judgements/")).all(is_recorded)
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
}

#[handler]
pub(crate) async fn judge(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let opened = Opened::open(registry, visitor.clone(), &id).await?;
    let form = Form::of(typed.0);
    let judgements = match examinations::read(&opened.criteria, &form) {
        Ok(judgements) => judgements,
        Err(errors) => {
            let page = opened.page(registry, Some(form.with(errors)), Form::default()).await?;
            return page_with(Told::INVALID, &page);
        }
    };
    let deed = Judge { application: opened.application.id.clone(), judgements };
    let done = registry.perform(deed, call_of(&opened.visitor, &form)).await;
    match done.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/examinations/{id}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = Opened::open(registry, opened.visitor, &id).await?;
            let page = now.page(registry, Some(refused(form, &problem)), Form::default()).await?;
            page_with(&problem, &page)
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
