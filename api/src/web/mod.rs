//! The page face: server-rendered HTML for people.

pub mod view;

use std::sync::Arc;

use domain::text::Language;
use poem::{Response, Route};

use crate::problem::Problem;
use crate::registry::Registry;

/// Every route of this face, added to those of the other.
pub fn routes(_registry: &Arc<Registry>, routes: Route) -> Route {
    routes
}

/// The page for a problem.
pub fn problem_page(problem: &Problem, language: Language) -> Response {
    Response::builder().content_type("text/html; charset=utf-8").body(problem.title.of(language).to_owned())
}
