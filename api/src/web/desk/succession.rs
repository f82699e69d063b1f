//! Succession: the secretariat proposes that a registration go over to another provider; a second person confirms it where
//! proposals are confirmed.

use domain::authority::Power;
use domain::calendar::Day;
use domain::proposal::Motion;
use domain::registration::{Registration, Succession, SuccessionKind};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::{Typed, call_of, is_about_the_form, page_with, refused};
use crate::acts::Propose;
use crate::caller::{Visitor, signed_in};
use crate::declaration::read_provider;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::register::registration;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::succession::{SuccessionPage, fields};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(number): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, &number).await?;
    visitor.actor.in_role(Power::Succeed, &found.object(), visitor.at.day())?;
    page(&shown(registry, visitor, &found, Form::default()))
}

fn shown(registry: &Registry, visitor: &Visitor, of: &Registration, form: Form) -> SuccessionPage {
    SuccessionPage {
        frame: desk_frame(registry, visitor),
        number: of.number.to_string(),
        version: of.version,
        service: of.listing.service_name.clone(),
        provider: of.listing.provider.trade_name.clone(),
        owner: of.owner.to_string(),
        state: (&of.status(visitor.at)).into(),
        form,
    }
}

#[handler]
pub(crate) async fn propose(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(number): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let found = registration(registry, &number).await?;
    visitor.actor.in_role(Power::Succeed, &found.object(), visitor.at.day())?;
    let form = Form::of(typed.0);
    let (read, mut faults) = form.read_partly(&fields());
    let motion = if faults.is_empty() { motion(&found, &read, visitor.at.day()) } else { Err(Vec::new()) };
    let motion = match motion {
        Ok(motion) => motion,
        Err(more) => {
            faults.extend(more);
            return page_with(Told::INVALID, &shown(registry, visitor, &found, form.with(faults)));
        }
    };
    let call = call_of(visitor, &form);
    match registry.perform(Propose { motion }, call).await.map_err(Problem::from) {
        Ok(done) => Ok(to(&format!("/proposals/{}", done.state.id))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = registration(registry, &number).await?;
            page_with(&problem, &shown(registry, visitor, &now, refused(form, &problem)))
        }
        Err(problem) => Err(problem),
    }
}

/// What is proposed, as it was typed.
fn motion(of: &Registration, read: &Value, today: Day) -> Result<Motion, Vec<FieldError>> {
    let text = |pointer: &str| read.pointer(pointer).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let provider = read_provider(&read["provider"]).map_err(|fault| vec![FieldError::from(fault)])?;
    let wrong = |field: &str, ja: &str, en: &str| {
        vec![FieldError { field: field.to_owned(), message: Text::new(ja.to_owned(), en.to_owned()) }]
    };
    let to = text("/to").parse();
    let to = to.map_err(|_| wrong("/to", "組織の番号を書いてください。", "Give the id of an organisation."))?;
    let kind = SuccessionKind::ALL.into_iter().find(|kind| kind.as_str() == text("/kind"));
    let kind = kind.ok_or_else(|| wrong("/kind", "事由を選んでください。", "Choose why."))?;
    let on = text("/on").parse().unwrap_or(today);
    let succession = Succession { to, kind, on, reason: text("/reason"), evidence: text("/evidence") };
    let registration = of.number.clone();
    Ok(Motion::Succeed { registration, succession: Box::new(succession), provider: Box::new(provider) })
}
