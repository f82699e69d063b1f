//! API keys of providers' systems: reading, issuing and ending them.

use std::collections::BTreeSet;

use domain::act::OrganisationId;
use domain::authority::{Object, Power, Scope};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::after;
use crate::account::own::{EndApiKey, IssueApiKey, IssueApiKeyAfter};
use crate::account::reading::{KeyRing, api_key_for, api_keys_for};
use crate::caller::{Visitor, signed_in};
use crate::problem::{Problem, Told};
use crate::web::desk::{Typed, is_about_the_form, page_with, refused};
use crate::web::session::{Shared, desk_frame};
use crate::web::view::api_keys::{ApiKeyPage, ApiKeysPage, Ring, fields};
use crate::web::view::form::Form;
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let after: Option<OrganisationId> = after(request)?;
    page(&listed(registry, signed_in(request)?, after.as_ref()).await?)
}

async fn listed(registry: &Shared, visitor: &Visitor, after: Option<&OrganisationId>) -> Result<ApiKeysPage, Problem> {
    let found = api_keys_for(registry, visitor, after).await?;
    let people: BTreeSet<_> = found.items.iter().flat_map(|ring| &ring.keys).map(|key| key.person.clone()).collect();
    let names = registry.store.names_of(&people).await?;
    let ring = |ring: &KeyRing| {
        let object = Object { owner: Some(&ring.organisation), ..Object::default() };
        let may_issue = visitor.actor.in_role(Power::IssueApiKey, &object, visitor.at.day()).is_ok();
        Ring::new(ring, &names, may_issue, visitor.at)
    };
    Ok(ApiKeysPage {
        frame: desk_frame(registry, visitor),
        rings: found.items.iter().map(ring).collect(),
        is_later: after.is_some(),
        next: found.items.last().filter(|_| found.has_more).map(|last| last.organisation.to_string()),
        refusal: None,
    })
}

/// The list with a form that was refused at its organisation.
async fn again(registry: &Shared, visitor: &Visitor, organisation: &OrganisationId, form: Form, told: Told) -> Answer {
    let mut shown = listed(registry, visitor, None).await?;
    if let Some(ring) = shown.rings.iter_mut().find(|ring| ring.organisation == organisation.as_str()) {
        ring.refuse(form);
    }
    page_with(told, &shown)
}

#[handler]
pub(crate) async fn issue(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    let form = Form::of(typed.0);
    let owner = form.value("organisation");
    let missing = || Problem::not_found(&Text::new("組織", "organisation"), owner);
    let organisation: OrganisationId = owner.parse().map_err(|_| missing())?;
    let read = match form.read(&fields()) {
        Ok(read) => read,
        Err(errors) => {
            let form = form.with(errors);
            return again(registry, visitor, &organisation, form, Told::INVALID).await;
        }
    };
    let errand = IssueApiKeyAfter {
        known: form.value("version").parse().unwrap_or_default(),
        issue: IssueApiKey {
            actor: visitor.actor.clone(),
            organisation: organisation.clone(),
            label: read.get("label").and_then(Value::as_str).unwrap_or_default().to_owned(),
            scopes: scopes(&read),
            // Too many days for a number are too many days.
            days: read.get("days").and_then(Value::as_i64).map_or(0, |days| i32::try_from(days).unwrap_or(i32::MAX)),
        },
    };
    match registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from) {
        Ok((secret, key)) => {
            let frame = desk_frame(registry, visitor);
            let shown = ApiKeyPage { frame, label: key.label, key: secret, expires_at: key.expires_at };
            let mut response = page(&shown)?;
            response.headers_mut().insert("cache-control", poem::http::HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(problem) if is_about_the_form(&problem) => {
            again(registry, visitor, &organisation, refused(form, &problem), (&problem).into()).await
        }
        Err(problem) => Err(problem),
    }
}

fn scopes(read: &Value) -> BTreeSet<Scope> {
    let chosen = read.get("scopes").and_then(Value::as_array).into_iter().flatten();
    chosen.filter_map(|word| word.as_str()?.parse().ok()).collect()
}

#[handler]
pub(crate) async fn end(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let key = api_key_for(registry, visitor, &id).await?;
    let errand = EndApiKey { actor: visitor.actor.clone(), organisation: key.organisation, id: key.id };
    let problem = match registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from) {
        Ok(()) => return Ok(to("/api-keys")),
        Err(problem) if is_about_the_form(&problem) => problem,
        Err(problem) => return Err(problem),
    };
    let mut shown = listed(registry, visitor, None).await?;
    shown.refusal = Some(problem.detail.clone());
    page_with(&problem, &shown)
}
