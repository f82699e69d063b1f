//! `/session`: who is signed in.

use domain::people::Membership;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Chapter;
use super::request::Caller;
use crate::problem::Problem;

pub(super) struct Api;

/// The running session.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct SessionView {
    /// A person's id.
    person: String,
    name: String,
    /// What this person may act as today.
    roles: Vec<RoleView>,
    /// The last time they signed in, in UTC.
    signed_in_at: Option<String>,
    /// What a change sends as `X-CSRF-Token`.
    csrf_token: String,
}

/// A role in an organisation.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct RoleView {
    role: String,
    organisation: String,
    /// The last day in Japan.
    until: Option<String>,
}

impl From<&Membership> for RoleView {
    fn from(held: &Membership) -> Self {
        Self {
            role: held.role.to_string(),
            organisation: held.organisation.to_string(),
            until: held.until.map(|day| day.to_string()),
        }
    }
}

#[OpenApi(tag = "Chapter::Session")]
impl Api {
    /// Shows who is signed in
    #[oai(path = "/session", method = "get", operation_id = "getSession")]
    async fn show(&self, caller: Caller) -> Result<Json<SessionView>, Problem> {
        let visitor = &caller.0;
        let today = visitor.at.day();
        let held = visitor.actor.memberships.iter().filter(|held| held.is_in_force(today));
        Ok(Json(SessionView {
            person: visitor.actor.person.to_string(),
            name: visitor.name.clone(),
            roles: held.map(RoleView::from).collect(),
            signed_in_at: visitor.session.as_ref().map(|session| session.signed_in_at.to_string()),
            csrf_token: visitor.csrf.clone(),
        }))
    }
}
