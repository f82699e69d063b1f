//! Complaining, and following one's own complaint: for anybody, without signing in.

use data_encoding::HEXLOWER;
use domain::reading::{cleaned_line, narrowed_text};
use domain::settings::Figure;
use domain::text::Text;
use domain::watching::Grievance;
use poem::http::{StatusCode, header};
use poem::web::Data;
use poem::{Request, Response, handler};

use super::desk::{Typed, is_about_the_form, page_with, refused};
use super::session::{Shared, public_frame};
use super::view::complaints::{ComplaintPage, FollowPage, Followed, ReceiptPage};
use super::view::form::{FieldError, Form};
use super::{Answer, page};
use crate::acts::{Call, Complain, EraseWords};
use crate::begin::operator;
use crate::caller::origin;
use crate::clock;
use crate::http::in_query;
use crate::identity::secret::Secret;
use crate::problem::{Problem, Told};
use crate::watching::complaints::followed;

/// The longest texts, in characters, as the JSON face has them.
const TEXT: usize = 4_000;
const NAME: usize = 100;
const CONTACT: usize = 200;

/// The form; filled in with the mark or the registration that a link named.
#[handler]
pub(crate) async fn blank(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let typed = ["registration", "licence"].map(|name| (format!("/{name}"), in_query(request.uri(), name)));
    let grievance = if typed[1].1.is_empty() { String::new() } else { Grievance::Misuse.as_str().to_owned() };
    let typed = typed.into_iter().chain([("/grievance".to_owned(), grievance)]).collect();
    page(&shown(registry, request, Form::of(typed)).await?)
}

async fn shown(registry: &Shared, request: &Request, form: Form) -> Result<ComplaintPage, Problem> {
    let posted = form.value("key");
    // A second click is the same complaint.
    let is_key = posted.len() == 32 && posted.bytes().all(|byte| byte.is_ascii_hexdigit());
    let key = if is_key { posted.to_owned() } else { HEXLOWER.encode(&registry.draw_name()) };
    let hours = registry.store.settings().await?.number(Figure::AcknowledgeHours, clock::now().day());
    Ok(ComplaintPage { frame: public_frame(registry, request), key, form, hours })
}

#[handler]
pub(crate) async fn complain(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let form = Form::of(typed.0);
    let key = shown(registry, request, form.clone()).await?.key;
    let deed = match read(&form, &key) {
        Ok(deed) => deed,
        Err(errors) => return page_with(Told::INVALID, &shown(registry, request, form.with(errors)).await?),
    };
    let call = Call { key: Some(key), ..Call::new(operator(), origin(request), clock::now()) };
    match registry.perform(deed, call).await.map_err(Problem::from) {
        Ok(done) => {
            let complaint = &done.state.complaint;
            let mut response = page(&ReceiptPage {
                frame: public_frame(registry, request),
                id: complaint.id.to_string(),
                secret: done.state.secret.clone(),
                received_at: complaint.received_at,
                acknowledge_by: complaint.acknowledge_by(&*registry.store.settings().await?),
            })?;
            response.set_status(StatusCode::CREATED);
            kept_by_nobody(&mut response);
            Ok(response)
        }
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &shown(registry, request, refused(form, &problem)).await?)
        }
        // What it is about is not there: the form says so where it was typed.
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let field = if form.value("/licence").trim().is_empty() { "/registration" } else { "/licence" };
            let error = FieldError { field: field.to_owned(), message: problem.detail.clone() };
            page_with(&problem, &shown(registry, request, form.with([error])).await?)
        }
        Err(problem) => Err(problem),
    }
}

fn read(form: &Form, key: &str) -> Result<Complain, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, ja: String, en: String| {
        errors.push(FieldError { field: field.to_owned(), message: Text::new(ja, en) });
    };
    let grievance = Grievance::ALL.into_iter().find(|grievance| grievance.as_str() == form.value("/grievance"));
    if grievance.is_none() {
        wrong("/grievance", "どのようなことかを選んでください。".to_owned(), "Choose what it is about.".to_owned());
    }
    let text = form.value("/text").to_owned();
    if text.trim().is_empty() {
        wrong("/text", "内容を入力してください。".to_owned(), "Write what happened.".to_owned());
    }
    for (field, most) in [("/text", TEXT), ("/name", NAME), ("/contact", CONTACT)] {
        let characters = form.value(field).chars().count();
        if characters > most {
            wrong(
                field,
                format!("{most}文字以内にしてください（いま{characters}文字）。"),
                format!("Write at most {most} characters; these are {characters}."),
            );
        }
    }
    let number = |field: &str| narrowed_text(&cleaned_line(form.value(field))).to_uppercase();
    let (registration, licence) = (number("/registration"), number("/licence"));
    let no_number = || {
        (
            "番号として読めません。分からないときは空にしてください。".to_owned(),
            "This is not a number. Leave it empty if you do not know it.".to_owned(),
        )
    };
    let registration = match registration.as_str() {
        "" => None,
        typed => typed
            .parse()
            .map_err(|_| {
                let (ja, en) = no_number();
                wrong("/registration", ja, en)
            })
            .ok(),
    };
    let licence = match licence.as_str() {
        "" => None,
        typed => typed
            .parse()
            .map_err(|_| {
                let (ja, en) = no_number();
                wrong("/licence", ja, en)
            })
            .ok(),
    };
    match grievance {
        Some(grievance) if errors.is_empty() => {
            let given =
                |field: &str| Some(form.value(field)).filter(|typed| !typed.trim().is_empty()).map(Secret::from);
            Ok(Complain {
                grievance,
                registration,
                licence,
                text: Secret::new(text),
                name: given("/name"),
                contact: given("/contact"),
                key: Some(key.to_owned()),
            })
        }
        _ => Err(errors),
    }
}

fn kept_by_nobody(response: &mut Response) {
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
}

/// Where number and secret are typed in.
#[handler]
pub(crate) async fn follow_form(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    page(&FollowPage { frame: public_frame(registry, request), form: Form::default(), followed: None })
}

/// How far it is.
#[handler]
pub(crate) async fn follow(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    answered(request, registry, typed, false).await
}

/// The same, with what can be erased erased.
#[handler]
pub(crate) async fn erase(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    answered(request, registry, typed, true).await
}

async fn answered(request: &Request, registry: &Shared, typed: Typed, erases: bool) -> Answer {
    let form = Form::of(typed.0);
    let frame = public_frame(registry, request);
    let (id, secret) = (narrowed_text(form.value("/id")), narrowed_text(form.value("/secret")));
    let (complaint, words) = match followed(registry, &id, &secret).await {
        Ok(found) => found,
        Err(problem) if problem.status == StatusCode::NOT_FOUND => {
            let error = FieldError { field: "/id".to_owned(), message: problem.detail.clone() };
            return page_with(&problem, &FollowPage { frame, form: form.with([error]), followed: None });
        }
        Err(problem) => return Err(problem),
    };
    let mut words = Some(words);
    if erases {
        let errand = EraseWords { complaint: complaint.id.clone(), by: None };
        registry.run(errand, origin(request), clock::now()).await.map_err(Problem::from)?;
        words = registry.store.words_of(&complaint.id).await?;
    }
    let settings = registry.store.settings().await?;
    let followed = Some(Followed::new(complaint, words.as_ref(), &settings, erases));
    let mut response = page(&FollowPage { frame, form, followed })?;
    kept_by_nobody(&mut response);
    Ok(response)
}
