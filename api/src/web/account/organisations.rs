//! Organisations: the list, and entering another.

use domain::act::OrganisationId;
use domain::authority::Power;
use domain::people::OrganisationKind;
use poem::web::Data;
use poem::{Request, handler};

use super::after;
use crate::account::people::EnterOrganisation;
use crate::account::reading::ROWS;
use crate::account::{Organisation, read_organisation_id};
use crate::caller::{Visitor, signed_in};
use crate::http::in_query;
use crate::problem::{Problem, Told};
use crate::web::desk::{Typed, is_about_the_form, page_with, refused};
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::organisations::{Enter, OrganisationLine, OrganisationsPage};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let after: Option<OrganisationId> = after(request)?;
    let mut shown = listed(registry, visitor, after.as_ref(), Form::default()).await?;
    if let Ok(entered) = in_query(request.uri(), "entered").parse::<OrganisationId>() {
        shown.entered = registry.store.organisation(&entered).await?.as_ref().map(OrganisationLine::from);
    }
    page(&shown)
}

async fn listed(
    registry: &Shared,
    visitor: &Visitor,
    after: Option<&OrganisationId>,
    form: Form,
) -> Result<OrganisationsPage, Problem> {
    let found = registry.store.organisations_after(after, ROWS).await?;
    let may_enter = visitor.might(Power::EnterOrganisation).is_ok();
    Ok(OrganisationsPage {
        frame: desk_frame(registry, visitor),
        organisations: found.items.iter().map(OrganisationLine::from).collect(),
        is_later: after.is_some(),
        next: found.items.last().filter(|_| found.has_more).map(|last| last.id.to_string()),
        entered: None,
        enter: may_enter.then(|| Enter::new(form)),
    })
}

#[handler]
pub(crate) async fn enter(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    let form = Form::of(typed.0);
    let organisation = match read(&form) {
        Ok(organisation) => organisation,
        Err(errors) => {
            let page = listed(registry, visitor, None, form.with(errors)).await?;
            return page_with(Told::INVALID, &page);
        }
    };
    let errand = EnterOrganisation { actor: visitor.actor.clone(), organisation };
    match registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from) {
        Ok(entered) => Ok(to(&format!("/organisations?entered={}", entered.id))),
        Err(problem) if is_about_the_form(&problem) => {
            let page = listed(registry, visitor, None, refused(form, &problem)).await?;
            page_with(&problem, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// The organisation that the form describes.
fn read(form: &Form) -> Result<Organisation, Vec<FieldError>> {
    let read = form.read(&Enter::new(Form::default()).fields)?;
    let text = |name: &str| read.get(name).and_then(|value| value.as_str()).unwrap_or_default();
    let wrong = |field: &str, message| vec![FieldError { field: field.to_owned(), message }];
    let id = read_organisation_id(text("id")).map_err(|message| wrong("/id", message))?;
    let kind: OrganisationKind =
        text("kind").parse().map_err(|error: String| wrong("/kind", domain::text::Text::new(error.clone(), error)))?;
    Ok(Organisation::new(id, kind, text("name").to_owned()))
}
