//! Licences and measures on a service's page: the provider attests its users, the secretariat suspends and revokes.

use domain::act::Role;
use domain::licence::{Holder, LicenceId, Refusal};
use domain::parties::CorporateNumber;
use domain::people::Person;
use domain::registration::Registration;
use domain::text::Text;
use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::{Typed, call_of, is_about_the_form, page_with, refused};
use crate::acts::{CloseLicence, Closing, Grant, Measure, TakeMeasure};
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::web::register::{registration, registration_page};
use crate::web::session::{Shared, check_origin, require};
use crate::web::view::form::Form;
use crate::web::view::licences::{END, GRANT};
use crate::web::view::register::{MeasureForm, Measures, REASON, RegistrationPage};
use crate::web::{Answer, to};

/// A licence: of a user SME from its provider, of the provider itself from the secretariat.
#[handler]
pub(crate) async fn grant(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(number): Path<String>,
    typed: Typed,
) -> Answer {
    check_origin(registry, request)?;
    let person = require(registry, request, &[Role::Provider, Role::Secretariat]).await?;
    let found = registration(registry, &number).await?;
    if !is_of(&person, &found) {
        return Err(Refusal::NotOwner.into());
    }
    let form = Form::of(typed.0);
    let to_whom = match person.role {
        Role::Secretariat => Holder::Provider,
        _ => match form.read(&GRANT).map_err(|errors| form.clone().with(errors)).map(|fields| holder(&fields)) {
            Ok(Some(holder)) => holder,
            Ok(None) => return Err(Problem::unreadable("", "", Text::new("読み取れません。", "This cannot be read."))),
            Err(form) => {
                return again(
                    registry,
                    request,
                    &person,
                    &number,
                    |page| granting(page, form),
                    StatusCode::UNPROCESSABLE_ENTITY,
                )
                .await;
            }
        },
    };
    let deed = Grant { registration: found.number.clone(), to: to_whom };
    match registry.perform(deed, call_of(&person, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}"))),
        Err(problem) if is_about_the_form(&problem) && person.role == Role::Provider => {
            let form = refused(form, &problem);
            again(registry, request, &person, &number, |page| granting(page, form), problem.status).await
        }
        Err(problem) => Err(problem),
    }
}

/// A provider's forms are for the owner alone: nobody else is told how to fill them in.
fn is_of(person: &Person, registration: &Registration) -> bool {
    person.role != Role::Provider || person.organisation.as_ref() == Some(&registration.owner)
}

fn holder(fields: &Value) -> Option<Holder> {
    let number = match fields.get("holderNumber").and_then(Value::as_str) {
        Some(digits) => Some(digits.parse::<CorporateNumber>().ok()?),
        None => None,
    };
    Some(Holder::User {
        name: fields.get("holderName")?.as_str()?.to_owned(),
        number,
        contract_from: fields.get("contractFrom")?.as_str()?.parse().ok()?,
    })
}

fn granting(page: &mut RegistrationPage, form: Form) {
    if let Some(panel) = &mut page.licences {
        panel.refuse_grant(form);
    }
}

fn ending(page: &mut RegistrationPage, licence: LicenceId, form: Form) {
    if let Some(panel) = &mut page.licences {
        panel.refuse_end(&licence.to_string(), form);
    }
}

/// The service's page again, as it is now, with what was typed.
async fn again(
    registry: &Registry,
    request: &Request,
    person: &Person,
    number: &str,
    put: impl FnOnce(&mut RegistrationPage),
    status: StatusCode,
) -> Answer {
    let now = registration(registry, number).await?;
    let mut page = registration_page(registry, request, Some(person), &now, clock::now()).await?;
    put(&mut page);
    page_with(status, &page)
}

/// The end of a licence.
#[handler]
pub(crate) async fn end(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    check_origin(registry, request)?;
    let person = require(registry, request, &[Role::Provider, Role::Secretariat]).await?;
    let missing = || Problem::not_found(&Text::new("使用許諾", "licence"), &id);
    let licence: LicenceId = id.parse().map_err(|_| missing())?;
    let found = registry.store.licence(licence).await?.ok_or_else(missing)?;
    let number = found.grant.registration.as_str();
    if !is_of(&person, &*registration(registry, number).await?) {
        return Err(Refusal::NotOwner.into());
    }
    let form = Form::of(typed.0);
    if let Err(errors) = form.read(std::slice::from_ref(&END)) {
        let put = |page: &mut RegistrationPage| ending(page, licence, form.with(errors));
        return again(registry, request, &person, number, put, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let deed = CloseLicence { licence, closing: Closing::End, reason: form.value("/reason").to_owned() };
    match registry.perform(deed, call_of(&person, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let put = |page: &mut RegistrationPage| ending(page, licence, refused(form, &problem));
            again(registry, request, &person, number, put, problem.status).await
        }
        Err(problem) => Err(problem),
    }
}

/// 一時停止・再開・取消し
#[handler]
pub(crate) async fn measure(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((number, word)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    check_origin(registry, request)?;
    let (kind, measure) = match word.as_str() {
        "suspend" => (MeasureForm::Suspend, Measure::Suspend),
        "reinstate" => (MeasureForm::Reinstate, Measure::Reinstate),
        "revoke" => (MeasureForm::Revoke, Measure::Revoke),
        _ => return Err(Problem::not_found(&Text::new("手続", "measure"), &word)),
    };
    let person = require(registry, request, &[Role::Secretariat]).await?;
    let found = registration(registry, &number).await?;
    let form = Form::of(typed.0);
    let put = |form: Form, version: u32| {
        move |page: &mut RegistrationPage| {
            page.measures = Some(Measures { version, tried: Some(kind), form });
        }
    };
    if let Err(errors) = form.read(std::slice::from_ref(&REASON)) {
        let put = put(form.with(errors), found.version);
        return again(registry, request, &person, &number, put, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let deed = TakeMeasure { registration: found.number.clone(), measure, reason: form.value("/reason").to_owned() };
    match registry.perform(deed, call_of(&person, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = registration(registry, &number).await?;
            let put = put(refused(form, &problem), now.version);
            again(registry, request, &person, &number, put, problem.status).await
        }
        Err(problem) => Err(problem),
    }
}
