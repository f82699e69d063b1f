//! The page face: server-rendered HTML for people. Every task works without JavaScript.

mod answer;
mod desk;
mod files;
mod pictures;
mod register;
mod session;
mod sign_in;
pub mod view;

use std::sync::Arc;

use askama::Template;
use domain::text::Language;
use poem::http::header;
use poem::{Request, Response, Route, get, post};

use crate::problem::Problem;
use crate::registry::Registry;
use view::frame::Frame;
use view::problem::ProblemPage;

/// What a page handler answers.
type Answer = Result<Response, Problem>;

/// Every route of this face, added to those of the other.
pub fn routes(_registry: &Arc<Registry>, routes: Route) -> Route {
    routes
        .at("/static/:file", get(files::show))
        .at("/robots.txt", get(files::robots))
        .at("/", get(register::home))
        .at("/en", get(register::home))
        .at("/en/", get(register::home))
        .at("/register", get(register::list))
        .at("/en/register", get(register::list))
        .at("/register/:number", get(register::show))
        .at("/en/register/:number", get(register::show))
        .at("/verify", get(answer::form).post(answer::typed))
        .at("/en/verify", get(answer::form).post(answer::typed))
        .at("/sign-in", get(sign_in::form).post(sign_in::enter))
        .at("/en/sign-in", get(sign_in::form).post(sign_in::enter))
        .at("/sign-out", post(sign_in::leave))
        .at("/applications", get(desk::provider::list).post(desk::provider::submit))
        .at("/applications/new", get(desk::provider::new))
        .at("/applications/:id", get(desk::provider::show))
        .at("/applications/:id/declaration", get(desk::provider::revise).post(desk::provider::resubmit))
        .at("/applications/:id/withdraw", post(desk::provider::withdraw))
        .at("/applications/:id/registration", post(desk::secretariat::register))
        .at("/intake", get(desk::secretariat::list))
        .at("/intake/:id", get(desk::secretariat::show))
        .at("/intake/:id/accept", post(desk::secretariat::accept))
        .at("/intake/:id/return", post(desk::secretariat::send_back))
        .at("/examinations", get(desk::examiner::list))
        .at("/examinations/:id", get(desk::examiner::show))
        .at("/examinations/:id/judgements", post(desk::examiner::judge))
        .at("/examinations/:id/recommendation", post(desk::examiner::recommend))
        .at("/decisions", get(desk::decision::list))
        .at("/decisions/:id", get(desk::decision::show).post(desk::decision::decide))
        .at("/register/:number/licences", post(desk::licences::grant))
        .at("/register/:number/:measure", post(desk::licences::measure))
        .at("/licences/:id/end", post(desk::licences::end))
        .at("/licences/:id/:file", get(pictures::show))
        // Last: whatever stands alone behind the host is a mark's code.
        .at("/:code", get(answer::show))
        .at("/en/:code", get(answer::show))
}

/// The language of a page is its address's.
fn language(request: &Request) -> Language {
    let path = request.uri().path();
    if path == "/en" || path.starts_with("/en/") { Language::En } else { Language::Ja }
}

/// A written page.
fn page(page: &impl Template) -> Answer {
    let html = page.render().map_err(|error| Problem::internal(&error))?;
    Ok(Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "private, no-cache")
        .body(html))
}

/// On to another page: 303, so that a reload does not post again.
fn to(path: &str) -> Response {
    Response::builder().status(poem::http::StatusCode::SEE_OTHER).header(header::LOCATION, path).finish()
}

/// The page for a problem.
pub fn problem_page(problem: &Problem, language: Language, is_demo: bool) -> Response {
    // It says nothing of where it was met: that path may be a mark's code.
    let frame = Frame { language, path: None, viewer: None, is_demo };
    page(&ProblemPage::new(frame, problem)).unwrap_or_else(|problem| {
        Response::builder().content_type("text/plain; charset=utf-8").body(problem.title.of(language).to_owned())
    })
}
