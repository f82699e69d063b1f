//! The decision maker's desk.

use domain::act::Role;
use domain::application::{Application, Stage};
use domain::people::Person;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::examiner::determination;
use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{Decide, bounds};
use crate::caller::applications_for;
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::web::session::{Shared, check_origin, desk_frame, require};
use crate::web::view::applications::{Desk, QueuePage};
use crate::web::view::criteria::Weighed;
use crate::web::view::decisions::{DECISION, DecidedPage, DecisionPage, Recommendation};
use crate::web::view::form::{Form, Leftover};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let person = require(registry, request, &[Role::DecisionMaker]).await?;
    let found = applications_for(registry, &person, Some("recommended"), None).await?.items;
    let frame = desk_frame(registry, &person);
    let cases = case::heads(registry, &found).await?;
    page(&QueuePage { frame, desk: Desk::Decisions, at: clock::now(), cases, next: None })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let person = require(registry, request, &[Role::DecisionMaker]).await?;
    let application = case::find(registry, &person, &id).await?;
    match shown(registry, &person, &application, Form::default()).await? {
        Some(shown) => page(&shown),
        None => Ok(to("/decisions")),
    }
}

/// The page; `None` when nothing waits for a decision.
async fn shown(
    registry: &Registry,
    person: &Person,
    application: &Application,
    form: Form,
) -> Result<Option<DecisionPage>, Problem> {
    let Stage::Recommended { by, opinion } = &application.stage else { return Ok(None) };
    let names = case::names(registry).await?;
    let name = |id: &_| names.get(id).cloned().unwrap_or_default();
    let examinations = registry.store.examinations_of(&application.id).await?;
    let asked = bounds(registry, application).await?;
    let mut criteria = Vec::new();
    for line in case::lines(registry, application).await? {
        let Some(bound) = asked.iter().find(|bound| bound.criterion == line.criterion) else { continue };
        let judged = case::judged(line.criterion, &examinations, |_, id| name(id));
        criteria.push(Weighed::new(line, &application.declaration, bound.only, judged));
    }
    Ok(Some(DecisionPage {
        frame: desk_frame(registry, person),
        case: case::head(registry, application).await?,
        timeline: case::timeline(registry, application).await?,
        criteria,
        recommendation: Recommendation { by: name(by), verdict: opinion.verdict, reason: opinion.reason.clone() },
        form,
    }))
}

#[handler]
pub(crate) async fn decide(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    check_origin(registry, request)?;
    let person = require(registry, request, &[Role::DecisionMaker]).await?;
    let application = case::find(registry, &person, &id).await?;
    let form = Form::of(typed.0);
    if let Err(errors) = form.read(&DECISION) {
        return again(registry, &person, &application, form.with(errors), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let deed = Decide { application: application.id.clone(), decision: determination(&form) };
    let done = registry.perform(deed, call_of(&person, &form)).await;
    match done.map_err(Problem::from) {
        Ok(_) => Ok(to("/decisions")),
        Err(problem) if is_about_the_form(&problem) => {
            let now = case::find(registry, &person, &id).await?;
            again(registry, &person, &now, refused(form, &problem), problem.status).await
        }
        Err(problem) => Err(problem),
    }
}

/// The page again, with the refused form; without it once somebody else has decided.
async fn again(
    registry: &Registry,
    person: &Person,
    application: &Application,
    form: Form,
    status: StatusCode,
) -> Answer {
    let leftover = Leftover::of(&form, &DECISION);
    if let Some(shown) = shown(registry, person, application, form).await? {
        return page_with(status, &shown);
    }
    let decided = DecidedPage {
        frame: desk_frame(registry, person),
        case: case::head(registry, application).await?,
        decision: case::decision(application),
        leftover,
    };
    page_with(status, &decided)
}
