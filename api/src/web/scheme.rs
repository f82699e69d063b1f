//! The settings of the scheme: everybody reads them, two people change them.

use domain::proposal::Motion;
use domain::scheme::Standing;
use domain::settings::{Holiday, SettingId};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::desk::{Typed, call_of, is_about_the_form, page_with, refused};
use super::session::{Shared, desk_frame, public_frame};
use super::view::form::Form;
use super::view::scheme::{SchemePage, SettingPage};
use super::{Answer, page, to};
use crate::acts::Propose;
use crate::caller::{Visitor, signed_in};
use crate::clock;
use crate::problem::{Problem, Told};
use crate::registry::Registry;

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let settings = registry.store.settings().await?;
    page(&SchemePage::new(public_frame(registry, request), &settings, clock::now().day()))
}

fn named(id: &str) -> Result<SettingId, Problem> {
    id.parse().map_err(|_| Problem::not_found(&Text::new("制度の設定", "setting"), id))
}

async fn shown(registry: &Registry, visitor: &Visitor, id: SettingId, form: Form) -> Result<SettingPage, Problem> {
    let settings = registry.store.settings().await?;
    Ok(SettingPage::new(desk_frame(registry, visitor), &settings, id, visitor.at.day(), form))
}

#[handler]
pub(crate) async fn ask(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    page(&shown(registry, visitor, named(&id)?, Form::default()).await?)
}

#[handler]
pub(crate) async fn propose(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let (visitor, id, form) = (signed_in(request)?, named(&id)?, Form::of(typed.0));
    let asked = shown(registry, visitor, id, form.clone()).await?;
    let fields = match form.read(&asked.fields) {
        Ok(fields) => fields,
        Err(errors) => {
            let page = shown(registry, visitor, id, form.with(errors)).await?;
            return page_with(Told::INVALID, &page);
        }
    };
    let text = |name: &str| fields[name].as_str().unwrap_or_default().to_owned();
    let unread = |name: &str| Problem::internal(&format!("{name} was read and is none"));
    let (source, reason) = (text("source"), text("reason"));
    let motion = match id {
        SettingId::Figure(_) => Motion::ChangeSetting {
            setting: id,
            value: fields["value"].as_u64().and_then(|value| value.try_into().ok()).ok_or_else(|| unread("value"))?,
            from: text("from").parse().map_err(|_| unread("from"))?,
            standing: if text("standing") == "official" { Standing::Official } else { Standing::Provisional },
            source,
            reason,
        },
        SettingId::Holidays => {
            let name = Some(text("name")).filter(|name| !name.is_empty());
            let day = text("from").parse().map_err(|_| unread("from"))?;
            Motion::ChangeHolidays { days: vec![Holiday { day, name }], source, reason }
        }
    };
    match registry.perform(Propose { motion }, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(done) => Ok(to(&format!("/proposals/{}", done.state.id))),
        Err(problem) if is_about_the_form(&problem) => {
            let problem = at_the_form(problem);
            page_with(&problem, &shown(registry, visitor, id, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}

/// The form asks for one day of a change of the holidays: what is wrong with it stands there.
fn at_the_form(mut problem: Problem) -> Problem {
    for fault in &mut problem.errors {
        match fault.pointer.as_str() {
            "/days/0/day" => fault.pointer = "/from".to_owned(),
            "/days/0/name" => fault.pointer = "/name".to_owned(),
            _ => {}
        }
    }
    problem
}
