//! What an examiner declares before a case opens to them.

use domain::application::Clearance;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, is_about_the_form, page_with, refused};
use crate::acts::DeclareInterest;
use crate::assigning::assigned;
use crate::caller::{Visitor, signed_in};
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::form::Form;
use crate::web::view::interests::{Closed, InterestPage, read};
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    page(&shown(registry, signed_in(request)?, &id, Form::default()).await?)
}

async fn shown(registry: &Registry, visitor: &Visitor, id: &str, form: Form) -> Result<InterestPage, Problem> {
    let (application, clearance) = assigned(registry, visitor, id).await?;
    let closed = Closed::new(&application, clearance, visitor.at.day(), &*registry.store.settings().await?);
    Ok(InterestPage { frame: desk_frame(registry, visitor), closed, form })
}

#[handler]
pub(crate) async fn declare(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let (application, _) = assigned(registry, visitor, &id).await?;
    let form = Form::of(typed.0);
    let tie = match read(&form) {
        Ok(tie) => tie,
        Err(errors) => return page_with(Told::INVALID, &shown(registry, visitor, &id, form.with(errors)).await?),
    };
    let deed = DeclareInterest { application: application.id, tie };
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        // Whoever is tied has nothing more to do here.
        Ok(done) if done.state.clearance(&visitor.actor.person) == Clearance::Cleared => {
            Ok(to(&format!("/examinations/{id}")))
        }
        Ok(_) => Ok(to("/examinations")),
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &shown(registry, visitor, &id, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}
