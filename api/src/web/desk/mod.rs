//! Pages behind the sign-in: applying, receiving, examining, deciding, licensing.
//!
//! A post does the same deed as the JSON face. When it is refused, the page comes back with what was typed and why.

mod case;
pub(super) mod complaints;
pub(super) mod day;
pub(super) mod decision;
pub(super) mod drafts;
pub(super) mod examiner;
pub(super) mod imports;
pub(super) mod interests;
pub(super) mod licences;
pub(super) mod measures;
pub(super) mod proposals;
pub(super) mod provider;
pub(super) mod questions;
pub(super) mod record;
pub(super) mod ruling;
pub(super) mod secretariat;
pub(super) mod succession;
pub(super) mod watching;

use askama::Template;
use poem::http::StatusCode;
use poem::web::Form as Posted;

use super::view::form::{FieldError, Form};
use super::{Answer, page};
use crate::acts::Call;
use crate::caller::Visitor;
use crate::problem::{Problem, Told};

/// Names and values as they were posted.
pub(super) type Typed = Posted<Vec<(String, String)>>;

/// The call that a posted form makes: by this visitor, for the version the form was rendered from.
pub(super) fn call_of(visitor: &Visitor, form: &Form) -> Call {
    visitor.call(form.value("version").parse().ok(), None)
}

/// The form with a refusal at its head, or at the fields it names.
pub(super) fn refused(form: Form, problem: &Problem) -> Form {
    let of_fields = problem.errors.iter().cloned().map(FieldError::from);
    let of_all =
        problem.errors.is_empty().then(|| FieldError { field: String::new(), message: problem.detail.clone() });
    form.with(of_fields.chain(of_all).collect::<Vec<_>>())
}

/// A page that answers a refused post, and says so to the trail.
pub(super) fn page_with(told: impl Into<Told>, template: &impl Template) -> Answer {
    Ok(told.into().said_of(page(template)?))
}

/// Where the caller may not act or there is nothing to act on, the form is of no use: the problem itself is the answer.
/// Whoever only has to sign in again keeps what they typed.
pub(super) fn is_about_the_form(problem: &Problem) -> bool {
    problem.code == "sign_in_again"
        || matches!(
            problem.status,
            StatusCode::UNPROCESSABLE_ENTITY
                | StatusCode::CONFLICT
                | StatusCode::PRECONDITION_FAILED
                | StatusCode::PRECONDITION_REQUIRED
        )
}
