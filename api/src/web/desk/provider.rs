//! The provider's desk: applying, answering a return, withdrawing.

use domain::application::{Application, Stage};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{Deed, Refused, Resubmit, Submit, Withdraw};
use crate::caller::signed_in;
use crate::caller::{Visitor, applications_for, examinations_for};
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{ApplicationPage, Desk, Examined, QueuePage, ReturnedField, WITHDRAWAL};
use crate::web::view::declaration::{self, DeclarationPage, Returned, declared, label_of};
use crate::web::view::form::{FieldError, Form};
use crate::web::{Answer, page, to};
use crate::{clock, declaration as edge};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let found = applications_for(registry, visitor, None, None).await?.items;
    let frame = desk_frame(registry, visitor);
    let cases = case::heads(registry, &found).await?;
    page(&QueuePage { frame, desk: Desk::Applications, at: clock::now(), cases, next: None })
}

#[handler]
pub(crate) async fn new(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    page(&empty(registry, visitor, Form::default(), None).await?)
}

async fn empty(
    registry: &Registry,
    visitor: &Visitor,
    form: Form,
    returned: Option<Returned>,
) -> Result<DeclarationPage, Problem> {
    let editions = registry.store.editions().await?;
    let edition = editions.governing(visitor.at.day()).map_or("–", |edition| edition.id.as_str());
    Ok(DeclarationPage::new(desk_frame(registry, visitor), form, edition, returned))
}

#[handler]
pub(crate) async fn submit(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    apply(registry, visitor, typed.0, None).await
}

/// The form for answering a return: filled with what was declared, the reasons at their fields.
#[handler]
pub(crate) async fn revise(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    let Stage::Returned { reasons } = &application.stage else { return Ok(to(&format!("/applications/{id}"))) };
    let document = serde_json::to_value(&application.declaration).map_err(|error| Problem::internal(&error))?;
    let error = |field: &domain::act::FieldReason| FieldError {
        field: field.pointer.clone(),
        message: Text::new(field.reason.clone(), field.reason.clone()),
    };
    let form = declaration::fill(&document).with(reasons.iter().map(error));
    page(&empty(registry, visitor, form, Some(returned(&application))).await?)
}

#[handler]
pub(crate) async fn resubmit(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    apply(registry, visitor, typed.0, Some(&application)).await
}

fn returned(application: &Application) -> Returned {
    Returned { application: application.id.to_string(), version: application.version }
}

/// Reads the fields, or the pasted JSON, and submits.
async fn apply(registry: &Shared, visitor: &Visitor, typed: Vec<(String, String)>, of: Option<&Application>) -> Answer {
    let again = |form: Form| empty(registry, visitor, form, of.map(returned));
    let pasted = typed.iter().find(|(name, _)| name == "declaration").map(|(_, value)| value.clone());
    let posted = Form::of(typed.clone());
    let version = posted.value("version").to_owned();
    let owner = posted.value("owner").parse().ok();
    if let Some((_, longer)) = typed.iter().find(|(name, _)| name == "more").cloned() {
        return page(&again(Form::of(typed).lengthened(&longer)).await?);
    }
    let (form, document) = match pasted {
        Some(text) => match serde_json::from_str::<Value>(&text) {
            Ok(document) => (declaration::fill(&document), document),
            Err(error) => {
                let message = Text::new(format!("JSONとして読めません：{error}"), format!("This is not JSON: {error}"));
                return page_with(Told::INVALID, &again(Form::default()).await?.pasted(text, message));
            }
        },
        None => {
            let form = declaration::posted(typed);
            match declaration::read(&form) {
                Ok(document) => (form, document),
                Err(errors) => return page_with(Told::INVALID, &again(form.with(errors)).await?),
            }
        }
    };
    let declaration = match edge::read(&document) {
        Ok(declaration) => declaration,
        Err(faults) => {
            let problem = Problem::from(Refused::Declaration(faults));
            return page_with(&problem, &again(refused(form, &problem)).await?);
        }
    };
    let call = visitor.call(version.parse().ok(), None);
    let done = match of {
        None => registry.perform(Submit { owner, declaration }, call).await,
        Some(application) => {
            registry.perform(Resubmit { application: application.id.clone(), declaration }, call).await
        }
    };
    match done.map_err(Problem::from) {
        Ok(done) => Ok(to(&format!("/applications/{}", done.state.id))),
        Err(problem) if is_about_the_form(&problem) => page_with(&problem, &again(refused(form, &problem)).await?),
        Err(problem) => Err(problem),
    }
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    page(&shown(registry, visitor, &application, Form::default()).await?)
}

async fn shown(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
    withdrawal: Form,
) -> Result<ApplicationPage, Problem> {
    let examinations = examinations_for(registry, visitor, application).await?;
    // The applicant learns what was judged, not who judged it.
    let nameless = |index: usize, _: &_| format!("審査員{}", ["甲", "乙"].get(index).unwrap_or(&""));
    let examined = |line: crate::web::view::criteria::CriterionLine| Examined {
        judged: case::judged(line.criterion, &examinations, nameless),
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
        timeline: case::timeline(registry, application).await?,
        returned: returned.collect(),
        decision: case::decision(application),
        criteria: case::lines(registry, application).await?.into_iter().map(examined).collect(),
        declared: declared(&application.declaration),
        registration: case::panel(registry, visitor, application).await?,
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
