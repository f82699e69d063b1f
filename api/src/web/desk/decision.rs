//! The decision maker's desk.

use domain::application::{Application, Stage};
use domain::proposal::Motion;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::examiner::determination;
use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{Propose, bounds};
use crate::caller::signed_in;
use crate::caller::{Visitor, applications_for};
use crate::clock;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{Desk, QueuePage};
use crate::web::view::criteria::Weighed;
use crate::web::view::decisions::{DECISION, DecidedPage, DecisionPage, Recommendation};
use crate::web::view::form::{Form, Leftover};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let found = applications_for(registry, visitor, Some("recommended"), None).await?.items;
    let frame = desk_frame(registry, visitor);
    let cases = case::heads(registry, &found).await?;
    page(&QueuePage {
        frame,
        desk: Desk::Decisions,
        at: clock::now(),
        drafts: Vec::new(),
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
        None => Ok(to("/decisions")),
    }
}

/// The page; `None` when nothing waits for a decision.
async fn shown(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
    form: Form,
) -> Result<Option<DecisionPage>, Problem> {
    let Stage::Recommended { by, opinion } = &application.stage else { return Ok(None) };
    let names = case::names(registry).await?;
    let name = |id: &_| names.get(id).cloned().unwrap_or_default();
    let mut examinations = registry.store.examinations_of(&application.id).await?;
    examinations.retain(|examination| application.examiners.contains(&examination.examiner));
    let asked = bounds(registry, application).await?;
    let files = case::files(registry, application).await?;
    let mut criteria = Vec::new();
    for line in case::lines(registry, application).await? {
        let Some(bound) = asked.iter().find(|bound| bound.criterion == line.criterion) else { continue };
        let judged = case::judged(line.criterion, application, &examinations, |_, id| name(id));
        criteria.push(Weighed::new(line, &application.declaration, *bound, judged).shown_by(&files));
    }
    Ok(Some(DecisionPage {
        frame: desk_frame(registry, visitor),
        case: case::head(registry, application).await?,
        timeline: case::timeline(registry, application).await?,
        criteria,
        files,
        recommendation: Recommendation { by: name(by), verdict: opinion.verdict, reason: opinion.reason.clone() },
        form,
    }))
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
    if let Err(errors) = form.read(&DECISION) {
        return again(registry, visitor, &application, form.with(errors), Told::INVALID).await;
    }
    let deed =
        Propose { motion: Motion::Decide { application: application.id.clone(), decision: determination(&form) } };
    let done = registry.perform(deed, call_of(visitor, &form)).await;
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
    let leftover = Leftover::of(&form, &DECISION);
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
