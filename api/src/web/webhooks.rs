//! Webhooks of providers: made, looked at, tried, told again and ended.

use std::collections::BTreeSet;

use domain::act::OrganisationId;
use domain::authority::{Object, Power};
use domain::text::Text;
use poem::http::{HeaderValue, header};
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::desk::{Typed, is_about_the_form, page_with, refused};
use super::session::{Shared, desk_frame};
use super::view::form::Form;
use super::view::webhooks::{WebhookPage, WebhookSecretPage, WebhooksPage, fields};
use super::{Answer, page, to};
use crate::acts::Errand;
use crate::caller::{Visitor, signed_in};
use crate::http::in_query;
use crate::post::own::{ROWS, no_place};
use crate::post::webhook::own::{AddWebhook, EndWebhook, Replay, TestWebhook, delivery_for, webhook_for, webhooks_for};
use crate::problem::{Problem, Told};

#[handler]
pub(super) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    page(&listed(registry, signed_in(request)?, Form::default()).await?)
}

async fn listed(registry: &Shared, visitor: &Visitor, form: Form) -> Result<WebhooksPage, Problem> {
    let extent = visitor.actor.extent(Power::ChangeWebhooks, visitor.at.day());
    let own: BTreeSet<OrganisationId> = extent.organisations.into_iter().collect();
    let names = registry.store.organisations_of(&own).await?;
    let name = |id: &OrganisationId| names.get(id).map_or_else(|| id.to_string(), |of| of.name.clone());
    let own: Vec<_> = own.iter().map(|id| (id.to_string(), name(id))).collect();
    Ok(WebhooksPage {
        frame: desk_frame(registry, visitor),
        webhooks: webhooks_for(registry, visitor).await?,
        fields: fields(&own),
        own,
        form,
    })
}

#[handler]
pub(super) async fn add(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    let form = Form::of(typed.0);
    let shown = listed(registry, visitor, Form::default()).await?;
    if let Err(errors) = form.read(&shown.fields) {
        return page_with(Told::INVALID, &WebhooksPage { form: form.with(errors), ..shown });
    }
    let organisation = match &shown.own[..] {
        [(only, _)] => only.as_str(),
        _ => form.value("/organisation"),
    };
    let missing = || Problem::not_found(&Text::new("組織", "organisation"), organisation);
    let organisation = organisation.parse().map_err(|_| missing())?;
    let errand = AddWebhook { actor: visitor.actor.clone(), organisation, url: form.value("/url").to_owned() };
    match registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from) {
        Ok((webhook, secret)) => {
            let frame = desk_frame(registry, visitor);
            let mut response = page(&WebhookSecretPage { frame, webhook, secret })?;
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &WebhooksPage { form: refused(form, &problem), ..shown })
        }
        Err(problem) => Err(problem),
    }
}

#[handler]
pub(super) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let after = Some(in_query(request.uri(), "after")).filter(|after| !after.is_empty());
    page(&shown(registry, signed_in(request)?, &id, after.as_deref()).await?)
}

async fn shown(registry: &Shared, visitor: &Visitor, id: &str, after: Option<&str>) -> Result<WebhookPage, Problem> {
    let webhook = webhook_for(registry, visitor, id).await?;
    let before = match after {
        Some(after) => Some(delivery_for(registry, &webhook, after).await.map_err(no_place(after))?),
        None => None,
    };
    let found = registry.store.deliveries(&webhook.id, before.as_ref(), ROWS).await?;
    let object = Object { owner: Some(&webhook.organisation), ..Object::default() };
    let may_send = visitor.actor.in_role(Power::SendToWebhooks, &object, visitor.at.day()).is_ok();
    Ok(WebhookPage {
        frame: desk_frame(registry, visitor),
        may_send: may_send && webhook.ended.is_none(),
        next: found.items.last().filter(|_| found.has_more).map(|last| last.id.clone()),
        deliveries: found.items,
        is_later: after.is_some(),
        webhook,
        refusal: None,
    })
}

/// Runs an errand about a webhook; its page again, with the reason, where it is refused.
async fn done<E: Errand>(registry: &Shared, visitor: &Visitor, id: &str, errand: E, then: &str) -> Answer {
    webhook_for(registry, visitor, id).await?;
    match registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from) {
        Ok(_) => Ok(to(then)),
        Err(problem) if is_about_the_form(&problem) => {
            let refusal = Some(problem.detail.clone());
            page_with(&problem, &WebhookPage { refusal, ..shown(registry, visitor, id, None).await? })
        }
        Err(problem) => Err(problem),
    }
}

#[handler]
pub(super) async fn test(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let errand = TestWebhook { actor: visitor.actor.clone(), id: id.clone() };
    done(registry, visitor, &id, errand, &format!("/webhooks/{id}")).await
}

#[handler]
pub(super) async fn end(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let errand = EndWebhook { actor: visitor.actor.clone(), id: id.clone() };
    done(registry, visitor, &id, errand, &format!("/webhooks/{id}")).await
}

#[handler]
pub(super) async fn replay(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, delivery)): Path<(String, String)>,
) -> Answer {
    let visitor = signed_in(request)?;
    let errand = Replay { actor: visitor.actor.clone(), webhook: id.clone(), delivery };
    done(registry, visitor, &id, errand, &format!("/webhooks/{id}")).await
}
