//! Licences on a service's page: the provider attests its users.

use domain::authority::{Denial, Power};
use domain::licence::{Holder, LicenceId};
use domain::parties::CorporateNumber;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::{Typed, call_of, is_about_the_form, page_with, refused};
use crate::acts::{EndLicence, Grant};
use crate::caller::{Visitor, signed_in};
use crate::clock;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::register::{registration, registration_page};
use crate::web::session::Shared;
use crate::web::view::form::Form;
use crate::web::view::licences::{END, GRANT};
use crate::web::view::register::RegistrationPage;
use crate::web::{Answer, to};

/// A licence: of a user SME from its provider, of the provider itself from the secretariat.
#[handler]
pub(crate) async fn grant(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(number): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, &number).await?;
    let form = Form::of(typed.0);
    // The secretariat's button says so; whatever else is posted attests a user.
    let is_own = form.value("holderKind") == "provider";
    let power = if is_own { Power::GrantToProvider } else { Power::GrantToUser };
    visitor.actor.in_role(power, &found.object(), visitor.at.day())?;
    let to_whom = match is_own {
        true => Holder::Provider,
        false => match form.read(&GRANT).map_err(|errors| form.clone().with(errors)).map(|fields| holder(&fields)) {
            Ok(Some(holder)) => holder,
            Ok(None) => return Err(Problem::unreadable("", "", Text::new("読み取れません。", "This cannot be read."))),
            Err(form) => {
                return again(registry, request, visitor, &number, |page| granting(page, form), Told::INVALID).await;
            }
        },
    };
    let deed = Grant { registration: found.number.clone(), to: to_whom };
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}"))),
        Err(problem) if is_about_the_form(&problem) && !is_own => {
            let form = refused(form, &problem);
            again(registry, request, visitor, &number, |page| granting(page, form), (&problem).into()).await
        }
        Err(problem) => Err(problem),
    }
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
    visitor: &Visitor,
    number: &str,
    put: impl FnOnce(&mut RegistrationPage),
    told: Told,
) -> Answer {
    let now = registration(registry, number).await?;
    let mut page = registration_page(registry, request, Some(visitor), &now, clock::now()).await?;
    put(&mut page);
    page_with(told, &page)
}

/// The end of a licence.
#[handler]
pub(crate) async fn end(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let missing = || Problem::not_found(&Text::new("使用許諾", "licence"), &id);
    let licence: LicenceId = id.parse().map_err(|_| missing())?;
    let found = registry.store.licence(licence).await?.ok_or_else(missing)?;
    let number = found.grant.registration.as_str();
    let of = registration(registry, number).await?;
    if !visitor.may(Power::EndUsersLicence, &of) && !visitor.may(Power::EndProvidersLicence, &of) {
        return Err(Denial::NotOwner.into());
    }
    let form = Form::of(typed.0);
    if let Err(errors) = form.read(std::slice::from_ref(&END)) {
        let put = |page: &mut RegistrationPage| ending(page, licence, form.with(errors));
        return again(registry, request, visitor, number, put, Told::INVALID).await;
    }
    let deed = EndLicence { licence, reason: form.value("/reason").to_owned() };
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/register/{number}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let put = |page: &mut RegistrationPage| ending(page, licence, refused(form, &problem));
            again(registry, request, visitor, number, put, (&problem).into()).await
        }
        Err(problem) => Err(problem),
    }
}
