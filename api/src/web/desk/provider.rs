//! The provider's desk: its applications, its files, withdrawing.

use domain::application::{Application, Stage};
use domain::authority::Power;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, case, drafts, is_about_the_form, page_with, questions, refused};
use crate::acts::{Deed, Withdraw};
use crate::caller::signed_in;
use crate::caller::{Visitor, applications_for, examinations_for};
use crate::clock;
use crate::evidence::handing;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{
    ApplicationPage, Desk, Examined, QueuePage, RenewalLine, ReturnedField, WITHDRAWAL,
};
use crate::web::view::declaration::{declared, label_of};
use crate::web::view::form::Form;
use crate::web::view::ruling::ConditionLine;
use crate::web::{Answer, page, to};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let found = applications_for(registry, visitor, None, None).await?.items;
    let frame = desk_frame(registry, visitor);
    let cases = case::heads(registry, &found).await?;
    let drafts = drafts::lines(registry, visitor).await?;
    let waiting = questions::waiting(registry, visitor).await?;
    let renewals = renewals(registry, visitor).await?;
    page(&QueuePage { frame, desk: Desk::Applications, at: clock::now(), drafts, renewals, cases, waiting, next: None })
}

/// The registrations of whoever this visitor applies for that are to be renewed, the first to end first.
async fn renewals(registry: &Registry, visitor: &Visitor) -> Result<Vec<RenewalLine>, Problem> {
    let mut own = visitor.actor.extent(Power::SubmitApplication, visitor.at.day()).organisations;
    own.sort();
    own.dedup();
    let settings = registry.store.settings().await?;
    let mut lines = Vec::new();
    for owner in own {
        let registrations = registry.store.registrations_of(&owner).await?;
        lines.extend(registrations.iter().filter_map(|found| RenewalLine::of(found, &settings, true, visitor.at)));
    }
    lines.sort_by_key(|line| line.window.closes);
    Ok(lines)
}

/// A file, to be saved.
#[handler]
pub(crate) async fn save_file(request: &Request, Data(registry): Data<&Shared>, Path(digest): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let found = handing::find(registry, visitor, &digest).await?;
    handing::hand_out(registry, &found).await
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    page(&shown(registry, visitor, &application, Form::default()).await?)
}

pub(super) async fn shown(
    registry: &Shared,
    visitor: &Visitor,
    application: &Application,
    withdrawal: Form,
) -> Result<ApplicationPage, Problem> {
    let examinations = examinations_for(registry, visitor, application).await?;
    let examined = |line: crate::web::view::criteria::CriterionLine| Examined {
        judged: case::judged(line.criterion, application, &examinations, case::nameless),
        line,
    };
    let reasons = match &application.stage {
        Stage::Returned { reasons } => reasons.as_slice(),
        _ => &[],
    };
    let returned = reasons.iter().map(|field| ReturnedField {
        label: label_of(&field.pointer).unwrap_or_else(|| field.pointer.clone()),
        reason: field.reason.clone(),
    });
    Ok(ApplicationPage {
        frame: desk_frame(registry, visitor),
        case: case::head(registry, application).await?,
        timeline: case::timeline_for(registry, visitor, application).await?,
        returned: returned.collect(),
        decision: case::decision(application),
        criteria: case::lines(registry, application).await?.into_iter().map(examined).collect(),
        declared: declared(&application.declaration),
        files: case::files(registry, application).await?,
        conversation: questions::conversation(registry, visitor, application, None).await?,
        registration: case::panel(registry, visitor, application).await?,
        conditions: ConditionLine::all(application, visitor.at.day()),
        is_objected: application.waiting_objection().is_some(),
        footing: case::footing(registry, visitor, application).await?,
        withdrawal,
    })
}

#[handler]
pub(crate) async fn withdraw(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    let form = Form::of(typed.0);
    if let Err(errors) = form.read(std::slice::from_ref(&WITHDRAWAL)) {
        let page = shown(registry, visitor, &application, form.with(errors)).await?;
        return page_with(Told::INVALID, &page);
    }
    let deed = Withdraw { application: application.id.clone(), reason: form.value("/reason").to_owned() };
    match done(registry, deed, call_of(visitor, &form)).await {
        Ok(()) => Ok(to(&format!("/applications/{id}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = case::find(registry, visitor, &id).await?;
            page_with(&problem, &shown(registry, visitor, &now, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}

async fn done(registry: &Shared, deed: impl Deed, call: crate::acts::Call) -> Result<(), Problem> {
    registry.perform(deed, call).await.map(drop).map_err(Problem::from)
}
