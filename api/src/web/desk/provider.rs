//! The provider's desk: applying, answering a return, withdrawing.

use domain::application::{Application, Stage};
use domain::declaration::Declaration;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::{Typed, call_of, case, is_about_the_form, page_with, questions, refused};
use crate::acts::{Deed, Refused, Resubmit, Submit, Withdraw};
use crate::caller::signed_in;
use crate::caller::{Visitor, applications_for, examinations_for};
use crate::evidence::form::{Brought, Files};
use crate::evidence::{Named, Upload, handing, intake};
use crate::problem::{Problem, Told};
use crate::web::session::{Shared, desk_frame};
use crate::web::view::applications::{ApplicationPage, Desk, Examined, QueuePage, ReturnedField, WITHDRAWAL};
use crate::web::view::declaration::{self, DeclarationPage, Returned, declared, label_of};
use crate::web::view::evidence::{self, FileCard};
use crate::web::view::form::{FieldError, Form};
use crate::web::{Answer, page, to};
use crate::{clock, declaration as edge};

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let found = applications_for(registry, visitor, None, None).await?.items;
    let frame = desk_frame(registry, visitor);
    let cases = case::heads(registry, &found).await?;
    let waiting = questions::waiting(registry, visitor).await?;
    page(&QueuePage { frame, desk: Desk::Applications, at: clock::now(), cases, waiting, next: None })
}

#[handler]
pub(crate) async fn new(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    page(&Applying { registry, visitor, of: None }.page(Form::default(), Vec::new()).await?)
}

#[handler]
pub(crate) async fn submit(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    Applying { registry, visitor, of: None }.apply(typed.0, brought(request)).await
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
    let mut form = declaration::fill(&document).with(reasons.iter().map(error));
    form.typed.extend(evidence::fill(&application.evidence));
    page(&Applying { registry, visitor, of: Some(&application) }.page(form, Vec::new()).await?)
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
    Applying { registry, visitor, of: Some(&application) }.apply(typed.0, brought(request)).await
}

/// The files that came with the form.
pub(super) fn brought(request: &Request) -> Vec<Brought> {
    request.extensions().get::<Files>().cloned().unwrap_or_default().0
}

/// Names of files that are not taken, and why.
type RefusedFiles = Vec<(String, String)>;

/// Somebody who applies, or answers a return of `of`.
struct Applying<'a> {
    registry: &'a Shared,
    visitor: &'a Visitor,
    of: Option<&'a Application>,
}

impl Applying<'_> {
    async fn page(&self, form: Form, refused: RefusedFiles) -> Result<DeclarationPage, Problem> {
        let returned = self.of.map(|application| Returned {
            application: application.id.to_string(),
            version: application.version,
            owner: application.owner.to_string(),
        });
        let editions = self.registry.store.editions().await?;
        let edition = editions.governing(self.visitor.at.day()).map_or("–", |edition| edition.id.as_str());
        let uploads = self.uploads(&form).await?;
        let cards = FileCard::all(&form, &uploads);
        let is_scanned = self.registry.scanner.is_some();
        let page = DeclarationPage::new(desk_frame(self.registry, self.visitor), form, edition, returned);
        Ok(page.with_files(cards, refused, is_scanned))
    }

    async fn again(&self, form: Form, refused: RefusedFiles) -> Answer {
        page_with(Told::INVALID, &self.page(form, refused).await?)
    }

    /// The form's files, as far as its owner has uploaded them.
    async fn uploads(&self, form: &Form) -> Result<Vec<Upload>, Problem> {
        let digests = evidence::digests(form);
        let named = self.of.map(|application| application.owner.clone()).or(form.value("owner").parse().ok());
        let mut uploads = Vec::with_capacity(digests.len());
        if digests.is_empty() {
            return Ok(uploads);
        }
        let owner = intake::owner(self.visitor, named)?;
        for digest in digests {
            uploads.extend(self.registry.store.upload(&owner, &digest).await?);
        }
        Ok(uploads)
    }

    /// Reads the fields, or the pasted JSON, and submits.
    async fn apply(&self, typed: Vec<(String, String)>, brought: Vec<Brought>) -> Answer {
        let value = |name: &str| typed.iter().find(|(typed, _)| typed == name).map(|(_, value)| value.clone());
        if let Some(pasted) = value("declaration") {
            return self.apply_pasted(pasted, &typed).await;
        }
        let (taken, others): (Vec<_>, Vec<_>) = brought.into_iter().partition(|file| file.outcome.is_ok());
        let not_taken: RefusedFiles =
            others.into_iter().filter_map(|file| Some((file.name, file.outcome.err()?.ja))).collect();
        let with_files = |form: Form| {
            let taken = taken.iter().filter_map(|file| file.outcome.clone().ok());
            evidence::with_files(evidence::without_removed(form), taken)
        };
        if let Some(longer) = value("more") {
            let form = with_files(Form::of(typed));
            // Files are added by choosing them.
            let form = if longer == evidence::FILES { form } else { form.lengthened(&longer) };
            return match not_taken[..] {
                [] => page(&self.page(form, not_taken).await?),
                _ => self.again(form, not_taken).await,
            };
        }
        let form = with_files(declaration::posted(typed));
        let uploads = self.uploads(&form).await?;
        let form = evidence::without_unknown(form, &uploads);
        let document = declaration::read(&form);
        let files = evidence::read(&form, &FileCard::all(&form, &uploads));
        let (document, files) = match (document, files) {
            // A file that was meant to come with it is missing.
            (Ok(document), Ok(files)) if not_taken.is_empty() => (document, files),
            (document, files) => {
                let errors: Vec<_> =
                    document.err().into_iter().flatten().chain(files.err().into_iter().flatten()).collect();
                return self.again(form.with(errors), not_taken).await;
            }
        };
        match edge::read(&document) {
            Ok(declaration) => self.perform(form, declaration, files).await,
            Err(faults) => self.again(refused(form, &Refused::Declaration(faults).into()), Vec::new()).await,
        }
    }

    /// The same from the JSON that the other face takes.
    async fn apply_pasted(&self, pasted: String, typed: &[(String, String)]) -> Answer {
        let document = match serde_json::from_str::<Value>(&pasted) {
            Ok(document) => document,
            Err(error) => {
                let message = Text::new(format!("JSONとして読めません：{error}"), format!("This is not JSON: {error}"));
                let page = self.page(Form::default(), Vec::new()).await?.pasted(pasted, message);
                return page_with(Told::INVALID, &page);
            }
        };
        let declared = document.get("declaration");
        let mut form = declaration::fill(declared.unwrap_or(&document));
        let kept = typed.iter().filter(|(name, _)| matches!(name.as_str(), "version" | "owner"));
        form.typed.extend(kept.cloned());
        match edge::read_submission(&document) {
            Ok((declaration, files)) => self.perform(form, declaration, files).await,
            Err(faults) => {
                let mut form = refused(form, &Refused::Declaration(faults).into());
                // What is about the declaration stands at its field; what is about the files has none here.
                for error in form.errors.iter_mut().filter(|_| declared.is_some()) {
                    error.field = error.field.strip_prefix("/declaration").unwrap_or_default().to_owned();
                }
                self.again(form, Vec::new()).await
            }
        }
    }

    async fn perform(&self, form: Form, declaration: Declaration, evidence: Vec<Named>) -> Answer {
        let call = self.visitor.call(form.value("version").parse().ok(), None);
        let done = match self.of {
            None => {
                let owner = form.value("owner").parse().ok();
                self.registry.perform(Submit { owner, declaration, evidence }, call).await
            }
            Some(application) => {
                let application = application.id.clone();
                self.registry.perform(Resubmit { application, declaration, evidence }, call).await
            }
        };
        match done.map_err(Problem::from) {
            Ok(done) => Ok(to(&format!("/applications/{}", done.state.id))),
            Err(problem) if is_about_the_form(&problem) => {
                page_with(&problem, &self.page(refused_form(form, &problem), Vec::new()).await?)
            }
            Err(problem) => Err(problem),
        }
    }
}

/// The form with a refusal at the fields it names: what the other face calls the evidence are the form's files.
pub(super) fn refused_form(form: Form, problem: &Problem) -> Form {
    let mut form = refused(form, problem);
    for error in &mut form.errors {
        error.field = evidence::in_form(&error.field);
    }
    form
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
        timeline: case::timeline_for(registry, visitor, application).await?,
        returned: returned.collect(),
        decision: case::decision(application),
        criteria: case::lines(registry, application).await?.into_iter().map(examined).collect(),
        declared: declared(&application.declaration),
        files: case::files(registry, application).await?,
        conversation: questions::conversation(registry, visitor, application, None).await?,
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
