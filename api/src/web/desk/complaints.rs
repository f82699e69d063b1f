//! Complaints on the secretariat's desk: acknowledged, assigned, answered, followed to an end.

use domain::act::{ComplaintId, PersonId, Role};
use domain::authority::Power;
use domain::text::Text;
use domain::watching::{Complaint, ComplaintOutcome};
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{ComplaintStep, EraseWords, FollowComplaint};
use crate::caller::{Visitor, origin, signed_in};
use crate::http::in_query;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::store::Words;
use crate::watching::complaints::{find, list as listed, may};
use crate::web::session::{Shared, desk_frame};
use crate::web::view::complaints::{CaseLine, CasePage, CasesPage, Tried, assigning};
use crate::web::view::form::{FieldError, Form};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let (state, after) = (in_query(request.uri(), "state"), in_query(request.uri(), "after"));
    let is_closed = state == "closed";
    let after = Some(after).filter(|after| !after.is_empty());
    let found = listed(registry, visitor, is_closed, after.as_deref()).await?;
    let next = found.items.last().filter(|_| found.has_more).map(|last| last.id.to_string());
    let settings = registry.store.settings().await?;
    let names = case::names(registry).await?;
    let line = |complaint: &Complaint| CaseLine::new(complaint, &names, &settings, visitor.at);
    page(&CasesPage {
        frame: desk_frame(registry, visitor),
        is_closed,
        lines: found.items.iter().map(line).collect(),
        next,
    })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let found = find(registry, visitor, &id).await?;
    page(&shown(registry, visitor, found, Form::default(), None).await?)
}

async fn shown(
    registry: &Registry,
    visitor: &Visitor,
    (complaint, words): (Complaint, Words),
    form: Form,
    tried: Option<Tried>,
) -> Result<CasePage, Problem> {
    let may = may(registry, visitor, Power::HandleComplaint, &complaint).await?;
    let names = case::names(registry).await?;
    let people = registry.store.people().await?;
    let handlers =
        people.into_iter().filter(|person| !person.is_dismissed && person.is(Role::Secretariat, visitor.at.day()));
    let handler = |person: domain::people::Person| {
        let name = names.get(&person.id).cloned().unwrap_or_else(|| person.id.to_string());
        (person.id.to_string(), name)
    };
    let settings = registry.store.settings().await?;
    Ok(CasePage {
        frame: desk_frame(registry, visitor),
        line: CaseLine::new(&complaint, &names, &settings, visitor.at),
        stage: complaint.stage(),
        text: words.text,
        name: words.name,
        contact: words.contact,
        replies: complaint.replies,
        closed: complaint.closed,
        assign: assigning(handlers.map(handler)),
        may,
        form,
        tried,
    })
}

#[handler]
pub(crate) async fn acknowledge(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    posted(request, registry, &id, typed, Tried::Acknowledge).await
}

#[handler]
pub(crate) async fn assign(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    posted(request, registry, &id, typed, Tried::Assign).await
}

#[handler]
pub(crate) async fn reply(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    posted(request, registry, &id, typed, Tried::Reply).await
}

#[handler]
pub(crate) async fn close(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    posted(request, registry, &id, typed, Tried::Close).await
}

/// Erases who complained, and once it is closed also what was written.
#[handler]
pub(crate) async fn erase(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let (complaint, _) = find(registry, visitor, &id).await?;
    let errand = EraseWords { complaint: complaint.id, by: Some(visitor.actor.clone()) };
    registry.run(errand, origin(request), visitor.at).await.map_err(Problem::from)?;
    Ok(to(&format!("/complaints/{id}")))
}

async fn posted(request: &Request, registry: &Shared, id: &str, typed: Typed, tried: Tried) -> Answer {
    let visitor = signed_in(request)?;
    let form = Form::of(typed.0);
    let found = find(registry, visitor, id).await?;
    let complaint: ComplaintId = found.0.id.clone();
    let step = match read(&form, tried) {
        Ok(step) => step,
        Err(errors) => {
            let page = shown(registry, visitor, found, form.with(errors), Some(tried)).await?;
            return page_with(Told::INVALID, &page);
        }
    };
    match registry.perform(FollowComplaint { complaint, step }, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/complaints/{id}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = find(registry, visitor, id).await?;
            page_with(&problem, &shown(registry, visitor, now, refused(form, &problem), Some(tried)).await?)
        }
        Err(problem) => Err(problem),
    }
}

fn read(form: &Form, tried: Tried) -> Result<ComplaintStep, Vec<FieldError>> {
    let wrong =
        |field: &str, ja: &str, en: &str| vec![FieldError { field: field.to_owned(), message: Text::new(ja, en) }];
    form.read(tried.fields())?;
    Ok(match tried {
        Tried::Acknowledge => ComplaintStep::Acknowledge,
        Tried::Assign => {
            let person: PersonId = form
                .value("/handler")
                .parse()
                .map_err(|_| wrong("/handler", "担当者を選んでください。", "Choose who sees to it."))?;
            ComplaintStep::Assign(person)
        }
        Tried::Reply => ComplaintStep::Reply(form.value("/text").to_owned()),
        Tried::Close => {
            let outcome = ComplaintOutcome::ALL.into_iter().find(|one| one.as_str() == form.value("/outcome"));
            let outcome = outcome.ok_or_else(|| wrong("/outcome", "結果を選んでください。", "Choose the outcome."))?;
            ComplaintStep::Close(outcome, form.value("/reason").to_owned())
        }
    })
}
