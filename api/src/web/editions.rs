//! The editions of the criteria: everybody reads them, two people publish them.

use domain::act::EditionId;
use domain::edition::PublishedEdition;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::desk::{Typed, call_of, is_about_the_form, page_with, refused};
use super::session::{Shared, desk_frame, public_frame};
use super::view::form::{FieldError, Form};
use super::view::house::{EditionLine, EditionPage, EditionsPage, PUBLISH, Preview, STOP, StopPage};
use super::{Answer, page, to};
use crate::acts::{Deed, ProposeEdition, ResumeDecisions, StopDecisions, file_of};
use crate::caller::{Visitor, signed_in};
use crate::clock;
use crate::http::in_query;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::what_if::Candidate;

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let (editions, published) = (registry.store.editions().await?, registry.store.published_editions().await?);
    let frame = public_frame(registry, request);
    page(&EditionsPage { frame, editions: EditionLine::all(&editions, &published, clock::now().day()) })
}

/// An empty form; or, with `?of=`, the file of the edition that is to be corrected.
#[handler]
pub(crate) async fn new(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let of = in_query(request.uri(), "of");
    if of.is_empty() {
        return page(&shown(registry, visitor, None, Form::default()));
    }
    let missing = || Problem::not_found(&Text::new("基準の版", "edition"), &of);
    let editions = registry.store.editions().await?;
    let edition = editions.find(&of).ok_or_else(missing)?;
    let published = find(registry, &edition.id).await?.ok_or_else(missing)?;
    let form = Form::of(vec![("/file".to_owned(), edition.text().to_owned())]);
    page(&shown(registry, visitor, Some((published.id, published.version)), form))
}

fn shown(registry: &Registry, visitor: &Visitor, corrects: Option<(EditionId, u32)>, form: Form) -> EditionPage {
    EditionPage { frame: desk_frame(registry, visitor), corrects, form, preview: None }
}

/// The form again, with what the file would change above it.
async fn previewed(
    registry: &Registry,
    visitor: &Visitor,
    text: &str,
    corrects: Option<(EditionId, u32)>,
    form: Form,
) -> Answer {
    match Candidate::read(registry, text).await {
        Ok(candidate) => {
            let counts = candidate.count(registry, visitor.at).await?;
            let preview = Some(Preview::new(&candidate, counts, None));
            page(&EditionPage { preview, ..shown(registry, visitor, corrects, form) })
        }
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &shown(registry, visitor, corrects, refused(form, &problem)))
        }
        Err(problem) => Err(problem),
    }
}

async fn find(registry: &Registry, id: &EditionId) -> Result<Option<PublishedEdition>, Problem> {
    Ok(registry.store.published_editions().await?.into_iter().find(|edition| edition.id == *id))
}

#[handler]
pub(crate) async fn propose(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    let form = Form::of(typed.0);
    let is_preview = form.value("act") == "preview";
    let seen = form.value("of").parse().ok().zip(form.value("version").parse().ok());
    // Looking comes before the reason.
    let asked = if is_preview { &PUBLISH[..1] } else { &PUBLISH[..] };
    if let Err(errors) = form.read(asked) {
        return page_with(Told::INVALID, &shown(registry, visitor, seen, form.with(errors)));
    }
    let (text, reason) = (file_of(form.value("/file")), form.value("/reason").to_owned());
    // What is a correction of an edition that was not on this page is shown as such before it is candidate.
    let editions = registry.store.editions().await?;
    let known = match editions.with("", &text) {
        Ok((_, id)) => find(registry, &id).await?,
        Err(_) => None,
    };
    if let Some(known) = known.filter(|known| seen.as_ref().is_none_or(|(id, _)| *id != known.id)) {
        let message = Text::new(
            format!("{}版の訂正です。確かめて、もう一度送ってください。", known.id),
            format!("It corrects edition {}. Look again, then send it again.", known.id),
        );
        let form = form.with([FieldError { field: "/file".to_owned(), message }]);
        let page = shown(registry, visitor, Some((known.id, known.version)), form);
        return page_with(Told::INVALID, &page);
    }
    if is_preview {
        return previewed(registry, visitor, &text, seen, form).await;
    }
    match registry.perform(ProposeEdition { text, reason }, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(done) => Ok(to(&format!("/proposals/{}", done.state.id))),
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &shown(registry, visitor, seen, refused(form, &problem)))
        }
        Err(problem) => Err(problem),
    }
}

/// Stopping decisions under an edition, or resuming them, whichever is to be done.
#[handler]
pub(crate) async fn decisions(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    page(&turning(registry, visitor, &id, Form::default()).await?)
}

async fn turning(registry: &Registry, visitor: &Visitor, id: &str, form: Form) -> Result<StopPage, Problem> {
    let missing = || Problem::not_found(&Text::new("基準の版", "edition"), id);
    let edition = find(registry, &id.parse().map_err(|_| missing())?).await?.ok_or_else(missing)?;
    let stopped = edition.stopped.map(|stopped| (stopped.at, stopped.reason));
    let (frame, version) = (desk_frame(registry, visitor), edition.version);
    Ok(StopPage { frame, edition: edition.id, version, stopped, form })
}

#[handler]
pub(crate) async fn stop(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    turn(registry, signed_in(request)?, &id, typed, |edition, reason| StopDecisions { edition, reason }).await
}

#[handler]
pub(crate) async fn resume(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    turn(registry, signed_in(request)?, &id, typed, |edition, reason| ResumeDecisions { edition, reason }).await
}

async fn turn<D: Deed>(
    registry: &Shared,
    visitor: &Visitor,
    id: &str,
    typed: Typed,
    deed: impl FnOnce(EditionId, String) -> D,
) -> Answer {
    let form = Form::of(typed.0);
    let edition = turning(registry, visitor, id, Form::default()).await?.edition;
    if let Err(errors) = form.read(std::slice::from_ref(&STOP)) {
        return page_with(Told::INVALID, &turning(registry, visitor, id, form.with(errors)).await?);
    }
    let deed = deed(edition, form.value("/reason").to_owned());
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to("/editions")),
        Err(problem) if is_about_the_form(&problem) => {
            page_with(&problem, &turning(registry, visitor, id, refused(form, &problem)).await?)
        }
        Err(problem) => Err(problem),
    }
}
