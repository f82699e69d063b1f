//! The secretariat's desk: receiving, sending back, assigning examiners, registering what passed.

use domain::act::{PersonId, Role};
use domain::application::Application;
use domain::calendar::{Day, Instant};
use domain::proposal::Motion;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, case, is_about_the_form, page_with, questions, refused};
use crate::acts::{Accept, Deed, Propose, Register, ReplaceExaminer, SendBack};
use crate::assigning;
use crate::caller::signed_in;
use crate::caller::{Visitor, applications_for, may_read, unregistered};
use crate::clock;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{Desk, QueuePage};
use crate::web::view::declaration::{declared, nameable};
use crate::web::view::form::{FieldError, Form};
use crate::web::view::intake::{Assignment, FROM, IntakePage, Person as Candidate, Tried, read_reasons};
use crate::web::{Answer, page, to};

/// What waits for the secretariat: new applications, those that passed and are not yet registered, and those that are
/// being examined, the first to be due first. An auditor reads the same.
#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let mut waiting = applications_for(registry, visitor, Some("submitted"), None).await?.items;
    waiting.extend(unregistered(registry).await?);
    waiting.extend(assigning::examining(registry, None, visitor.at.day()).await?);
    waiting.retain(|application| may_read(&visitor.actor, application, visitor.at).is_ok());
    let frame = desk_frame(registry, visitor);
    let cases = case::heads(registry, &waiting).await?;
    page(&QueuePage {
        frame,
        desk: Desk::Intake,
        at: clock::now(),
        drafts: Vec::new(),
        renewals: Vec::new(),
        cases,
        waiting: Vec::new(),
        next: None,
    })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    page(&shown(registry, visitor, &application, Form::default(), None).await?)
}

async fn shown(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
    form: Form,
    tried: Option<Tried>,
) -> Result<IntakePage, Problem> {
    let people = registry.store.people().await?;
    let names = case::names(registry).await?;
    let today = visitor.at.day();
    let loads = assigning::loads(&assigning::examining(registry, None, today).await?);
    let examiners = people.into_iter().filter(|person| person.is(Role::Examiner, today));
    let candidate = |person: domain::people::Person| Candidate {
        name: names.get(&person.id).cloned().unwrap_or_default(),
        open_cases: loads.get(&person.id).copied().unwrap_or_default(),
        id: person.id.to_string(),
    };
    let name = |id: &PersonId| names.get(id).cloned().unwrap_or_else(|| id.to_string());
    Ok(IntakePage {
        frame: desk_frame(registry, visitor),
        case: case::head(registry, application).await?,
        timeline: case::timeline(registry, application).await?,
        criteria: case::lines(registry, application).await?,
        declared: declared(&application.declaration),
        files: case::files(registry, application).await?,
        nameable: nameable(&application.declaration),
        examiners: examiners.map(candidate).collect(),
        assignment: Assignment::new(application, name),
        questions: questions::lines(registry, visitor, application).await?,
        decision: case::decision(application),
        registration: case::panel(registry, visitor, application).await?,
        footing: case::footing(registry, visitor, application).await?,
        next_term: next_term(registry, application, visitor.at).await?,
        form,
        tried,
    })
}

/// Where a renewal's term would begin.
async fn next_term(registry: &Registry, application: &Application, at: Instant) -> Result<Option<Day>, Problem> {
    let Some(concern) = &application.concerns else { return Ok(None) };
    let found = registry.store.registration(&concern.registration).await?;
    Ok(found.map(|registration| registration.renews_from(at)))
}

/// A posted form of this desk, and the case it is about.
pub(super) struct Desked {
    pub(super) visitor: Visitor,
    pub(super) application: Application,
    pub(super) form: Form,
    tried: Tried,
}

impl Desked {
    pub(super) async fn read(
        registry: &Shared,
        request: &Request,
        id: &str,
        typed: Typed,
        tried: Tried,
    ) -> Result<Self, Problem> {
        let visitor = signed_in(request)?;
        let application = case::find(registry, visitor, id).await?;
        Ok(Self { visitor: visitor.clone(), application, form: Form::of(typed.0), tried })
    }

    /// The page again, with what was typed and what is wrong with it.
    pub(super) async fn again(self, registry: &Registry, errors: Vec<FieldError>) -> Answer {
        let form = self.form.with(errors);
        let page = shown(registry, &self.visitor, &self.application, form, Some(self.tried)).await?;
        page_with(Told::INVALID, &page)
    }

    /// Does it and goes on to the next page, or to the page again with the refusal and the case as it is now.
    async fn perform<D: Deed>(self, registry: &Shared, deed: D, next: impl FnOnce(&D::State) -> String) -> Answer {
        let done = Box::pin(registry.perform(deed, call_of(&self.visitor, &self.form))).await;
        self.end(registry, done.map(|done| next(&done.state)).map_err(Problem::from)).await
    }

    /// The same, once it is done or not.
    pub(super) async fn end(self, registry: &Registry, outcome: Result<String, Problem>) -> Answer {
        match outcome {
            Ok(path) => Ok(to(&path)),
            Err(problem) if is_about_the_form(&problem) => {
                let now = case::find(registry, &self.visitor, self.application.id.as_str()).await?;
                let form = refused(self.form, &problem);
                let shown = Box::pin(shown(registry, &self.visitor, &now, form, Some(self.tried)));
                page_with(&problem, &shown.await?)
            }
            Err(problem) => Err(problem),
        }
    }
}

#[handler]
pub(crate) async fn accept(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &id, typed, Tried::Accept).await?;
    let mut examiners: Vec<PersonId> = Vec::new();
    let mut errors = Vec::new();
    for field in ["/examiner1", "/examiner2"] {
        match chosen(&desked.form, field) {
            Ok(person) => examiners.push(person),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return desked.again(registry, errors).await;
    }
    let deed = Accept { application: desked.application.id.clone(), examiners };
    desked.perform(registry, deed, |_| "/intake".to_owned()).await
}

#[handler]
pub(crate) async fn replace(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &id, typed, Tried::Replace).await?;
    let read = [chosen(&desked.form, "/leaving"), chosen(&desked.form, "/joining")];
    let reason = reason_of(&desked.form, "/reason");
    let ([Ok(leaving), Ok(joining)], Ok(reason)) = (&read, &reason) else {
        let errors = read.into_iter().filter_map(Result::err).chain(reason.err()).collect();
        return desked.again(registry, errors).await;
    };
    let application = desked.application.id.clone();
    let (leaving, joining, reason) = (leaving.clone(), joining.clone(), reason.clone());
    let deed = ReplaceExaminer { application, leaving, joining, reason };
    desked.perform(registry, deed, |_| format!("/intake/{id}")).await
}

#[handler]
pub(crate) async fn waive(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &id, typed, Tried::Waive).await?;
    let (read, reason) = (chosen(&desked.form, "/tied"), reason_of(&desked.form, "/waiver"));
    let (Ok(examiner), Ok(reason)) = (&read, &reason) else {
        let errors = read.err().into_iter().chain(reason.err()).collect();
        return desked.again(registry, errors).await;
    };
    let application = desked.application.id.clone();
    let motion = Motion::WaiveConflict { application, examiner: examiner.clone(), reason: reason.clone() };
    desked.perform(registry, Propose { motion }, |proposal| format!("/proposals/{}", proposal.id)).await
}

fn chosen(form: &Form, field: &str) -> Result<PersonId, FieldError> {
    form.value(field).parse().map_err(|_| FieldError {
        field: field.to_owned(),
        message: Text::new("審査員を選んでください。", "Choose an examiner."),
    })
}

fn reason_of(form: &Form, field: &str) -> Result<String, FieldError> {
    match form.value(field).trim() {
        "" => Err(FieldError {
            field: field.to_owned(),
            message: Text::new("理由を入力してください。", "Give the reason."),
        }),
        reason => Ok(reason.to_owned()),
    }
}

#[handler]
pub(crate) async fn send_back(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &id, typed, Tried::Return).await?;
    let reasons = match read_reasons(&desked.form, &nameable(&desked.application.declaration)) {
        Ok(reasons) => reasons,
        Err(errors) => return desked.again(registry, errors).await,
    };
    let deed = SendBack { application: desked.application.id.clone(), reasons };
    desked.perform(registry, deed, |_| "/intake".to_owned()).await
}

#[handler]
pub(crate) async fn register(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let desked = Desked::read(registry, request, &id, typed, Tried::Register).await?;
    let read = desked.form.read(std::slice::from_ref(&FROM));
    let from: Option<Day> = match &read {
        Ok(fields) => fields["from"].as_str().and_then(|day| day.parse().ok()),
        Err(errors) => {
            let errors = errors.clone();
            return desked.again(registry, errors).await;
        }
    };
    let Some(from) = from else {
        let message = Text::new("日付として読めません。", "This is no day.");
        return desked.again(registry, vec![FieldError { field: "/from".to_owned(), message }]).await;
    };
    let deed = Register { application: desked.application.id.clone(), from };
    desked.perform(registry, deed, |registration| format!("/register/{}", registration.number)).await
}
