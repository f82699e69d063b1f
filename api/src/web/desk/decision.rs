//! The decision maker's desk.

use domain::application::{Application, Condition, Stage};
use domain::proposal::Motion;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::examiner::determination;
use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{Propose, bounds};
use crate::caller::signed_in;
use crate::caller::{Visitor, applications_for};
use crate::clock;
use crate::deciding::objected_to;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{Case, Desk, QueuePage, Stage as CaseStage};
use crate::web::view::criteria::Weighed;
use crate::web::view::decisions::{CONDITIONS, DecidedPage, DecisionPage, Recommendation, asked};
use crate::web::view::form::{FieldError, Form, Leftover};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let found = applications_for(registry, visitor, Some("recommended"), None).await?.items;
    let objected = objected_to(registry, visitor).await?;
    let frame = desk_frame(registry, visitor);
    let mut cases = case::heads(registry, &found).await?;
    let hearings = case::heads(registry, &objected).await?.into_iter();
    cases.extend(hearings.map(|case| Case { stage: CaseStage::Objected, ..case }));
    page(&QueuePage {
        frame,
        desk: Desk::Decisions,
        at: clock::now(),
        drafts: Vec::new(),
        renewals: Vec::new(),
        cases,
        waiting: Vec::new(),
        next: None,
    })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    match shown(registry, visitor, &application, Form::default()).await? {
        Some(shown) => page(&shown),
        // What is decided has a page of its own, where it can be objected to.
        None => Ok(to(&format!("/applications/{id}/decision"))),
    }
}

/// The page; `None` when nothing waits for a decision.
async fn shown(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
    form: Form,
) -> Result<Option<DecisionPage>, Problem> {
    let Stage::Recommended { by, opinion, .. } = &application.stage else { return Ok(None) };
    let names = case::names(registry).await?;
    let name = |id: &_| names.get(id).cloned().unwrap_or_default();
    let criteria = weighed(registry, application).await?;
    let files = case::files(registry, application).await?;
    Ok(Some(DecisionPage {
        frame: desk_frame(registry, visitor),
        case: case::head(registry, application).await?,
        timeline: case::timeline(registry, application).await?,
        criteria,
        files,
        footing: case::footing(registry, visitor, application).await?,
        recommendation: Recommendation { by: name(by), verdict: opinion.verdict, reason: opinion.reason.clone() },
        form,
    }))
}

/// What is asked, with both examiners' answers.
async fn weighed(registry: &Registry, application: &Application) -> Result<Vec<Weighed>, Problem> {
    let names = case::names(registry).await?;
    let mut examinations = registry.store.examinations_of(&application.id).await?;
    examinations.retain(|examination| application.examiners.contains(&examination.examiner));
    let asked = bounds(registry, application).await?;
    let files = case::files(registry, application).await?;
    let mut criteria = Vec::new();
    for line in case::lines(registry, application).await? {
        let Some(bound) = asked.iter().find(|bound| bound.criterion == line.criterion) else { continue };
        let name = |_, id: &_| names.get(id).cloned().unwrap_or_default();
        let judged = case::judged(line.criterion, application, &examinations, name);
        criteria.push(Weighed::new(line, &application.declaration, *bound, judged).shown_by(&files));
    }
    Ok(criteria)
}

/// The conditions that were typed, once everything that is asked can be read.
fn conditions(form: &Form, criteria: &[Weighed]) -> Result<Vec<Condition>, Vec<FieldError>> {
    let read = form.read(&asked(form, criteria))?;
    let Some(typed) = read.get("conditions") else { return Ok(Vec::new()) };
    serde_json::from_value(typed.clone()).map_err(|error| {
        let message = Text::new(format!("読み取れません：{error}"), format!("cannot be read: {error}"));
        vec![FieldError { field: CONDITIONS.to_owned(), message }]
    })
}

#[handler]
pub(crate) async fn propose(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    let form = Form::of(typed.0);
    if form.value("more") == CONDITIONS {
        let form = form.lengthened(CONDITIONS);
        return match shown(registry, visitor, &application, form).await? {
            Some(shown) => page(&shown),
            None => Ok(to(&format!("/applications/{id}/decision"))),
        };
    }
    let form = form.compacted(CONDITIONS);
    let conditions = match conditions(&form, &weighed(registry, &application).await?) {
        Ok(conditions) => conditions,
        Err(errors) => return again(registry, visitor, &application, form.with(errors), Told::INVALID).await,
    };
    let motion = Motion::Decide { application: application.id.clone(), decision: determination(&form), conditions };
    let done = registry.perform(Propose { motion }, call_of(visitor, &form)).await;
    match done.map_err(Problem::from) {
        Ok(done) => Ok(to(&format!("/proposals/{}", done.state.id))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = case::find(registry, visitor, &id).await?;
            again(registry, visitor, &now, refused(form, &problem), (&problem).into()).await
        }
        Err(problem) => Err(problem),
    }
}

/// The page again, with the refused form; without it once somebody else has decided.
async fn again(registry: &Registry, visitor: &Visitor, application: &Application, form: Form, told: Told) -> Answer {
    let fields = asked(&form, &weighed(registry, application).await?);
    let leftover = Leftover::of(&form, &fields);
    if let Some(shown) = shown(registry, visitor, application, form).await? {
        return page_with(told, &shown);
    }
    let decided = DecidedPage {
        frame: desk_frame(registry, visitor),
        case: case::head(registry, application).await?,
        decision: case::decision(application),
        leftover,
    };
    page_with(told, &decided)
}
