//! `/api-keys`: keys of providers' systems.

use std::sync::Arc;

use domain::act::OrganisationId;
use domain::authority::Scope;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::request::{Caller, cursor};
use crate::account::own::{EndApiKey, IssueApiKey};
use crate::account::reading::{api_key_for, api_keys_for};
use crate::account::{ApiKey, read_organisation_id};
use crate::problem::Problem;
use crate::registry::Registry;

const ORGANISATION: (&str, &str) = ("組織", "organisation");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What a key may be limited to.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
enum ScopeName {
    #[oai(rename = "applications:read")]
    ReadApplications,
    #[oai(rename = "applications:write")]
    WriteApplications,
    #[oai(rename = "licences:read")]
    ReadLicences,
    #[oai(rename = "licences:write")]
    WriteLicences,
    #[oai(rename = "watching:read")]
    ReadWatching,
    #[oai(rename = "watching:write")]
    WriteWatching,
}

impl From<Scope> for ScopeName {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::ReadApplications => Self::ReadApplications,
            Scope::WriteApplications => Self::WriteApplications,
            Scope::ReadLicences => Self::ReadLicences,
            Scope::WriteLicences => Self::WriteLicences,
            Scope::ReadWatching => Self::ReadWatching,
            Scope::WriteWatching => Self::WriteWatching,
        }
    }
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::ReadApplications => Self::ReadApplications,
            ScopeName::WriteApplications => Self::WriteApplications,
            ScopeName::ReadLicences => Self::ReadLicences,
            ScopeName::WriteLicences => Self::WriteLicences,
            ScopeName::ReadWatching => Self::ReadWatching,
            ScopeName::WriteWatching => Self::WriteWatching,
        }
    }
}

/// An API key, without what it is used by.
#[derive(Object, Debug)]
#[oai(rename = "ApiKey", rename_all = "camelCase", skip_serializing_if_is_none)]
struct ApiKeyView {
    id: String,
    organisation: String,
    label: String,
    scopes: Vec<ScopeName>,
    /// The person who had it made, and answers for what is done with it.
    by: String,
    /// In UTC, as are the others.
    made_at: String,
    /// It works before this, unless it ended.
    expires_at: String,
    /// The last use, to within a minute.
    used_at: Option<String>,
    ended_at: Option<String>,
}

/// Some API keys, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct ApiKeys {
    items: Vec<ApiKeyView>,
    /// The last organisation of this page: give it as `after` for the next; absent on the last.
    next: Option<String>,
}

/// A key that was issued.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct IssuedView {
    /// The key itself, shown this once.
    key: String,
    api_key: ApiKeyView,
}

#[derive(ApiResponse)]
enum Issued {
    /// The key.
    #[oai(status = 200)]
    Key(
        Json<IssuedView>,
        /// Nobody keeps it.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

/// A key that is asked for.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct IssueBody {
    /// One that the caller owns: its 法人番号, or its short name.
    #[oai(validator(min_length = 1, max_length = 60))]
    organisation: String,
    /// What it is for.
    #[oai(validator(min_length = 1, max_length = 100))]
    label: String,
    #[oai(validator(min_items = 1, max_items = 4))]
    scopes: Vec<ScopeName>,
    /// Days for which it works.
    #[oai(validator(minimum(value = "1"), maximum(value = "366")))]
    days: i32,
}

#[OpenApi(prefix_path = "/api-keys", tag = "Chapter::ApiKeys")]
impl Api {
    /// Lists API keys
    ///
    /// Those of the organisations that the caller owns; for an auditor, all. By organisation, the newest first.
    #[oai(path = "/", method = "get", operation_id = "listApiKeys")]
    async fn list(
        &self,
        caller: Caller,
        /// Only organisations after this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<ApiKeys>, Problem> {
        let after = after.0.as_deref().map(|text| cursor::<OrganisationId>(ORGANISATION, text)).transpose()?;
        let found = api_keys_for(&self.registry, &caller.0, after.as_ref()).await?;
        let next = found.items.last().filter(|_| found.has_more).map(|last| last.organisation.to_string());
        let items = found.items.iter().flat_map(|ring| &ring.keys).map(view).collect();
        Ok(Json(ApiKeys { items, next }))
    }

    /// Issues an API key
    ///
    /// The answer holds the key: it is shown this once. An organisation has at most two that work.
    #[oai(path = "/", method = "post", operation_id = "issueApiKey")]
    async fn issue(&self, caller: Caller, body: Body<IssueBody>) -> Result<Issued, Problem> {
        let IssueBody { organisation, label, scopes, days } = body.0;
        let read = read_organisation_id(&organisation);
        let organisation = read.map_err(|why| Problem::unreadable("/organisation", &organisation, why))?;
        let visitor = &caller.0;
        let scopes = scopes.into_iter().map(Scope::from).collect();
        let errand = IssueApiKey { actor: visitor.actor.clone(), organisation, label, scopes, days };
        let (secret, key) = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        let issued = IssuedView { key: secret.expose().to_owned(), api_key: view(&key) };
        Ok(Issued::Key(Json(issued), "no-store".to_owned()))
    }

    /// Ends an API key at once
    #[oai(path = "/:id/end", method = "post", operation_id = "endApiKey")]
    async fn end(&self, caller: Caller, id: Path<String>) -> Result<Json<ApiKeyView>, Problem> {
        let visitor = &caller.0;
        let key = api_key_for(&self.registry, visitor, &id.0).await?;
        let errand = EndApiKey { actor: visitor.actor.clone(), organisation: key.organisation, id: key.id };
        self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(view(&api_key_for(&self.registry, visitor, &id.0).await?)))
    }
}

fn view(key: &ApiKey) -> ApiKeyView {
    ApiKeyView {
        id: key.id.clone(),
        organisation: key.organisation.to_string(),
        label: key.label.clone(),
        scopes: key.scopes.iter().copied().map(ScopeName::from).collect(),
        by: key.person.to_string(),
        made_at: key.made_at.to_string(),
        expires_at: key.expires_at.to_string(),
        used_at: key.used_at.map(|at| at.to_string()),
        ended_at: key.ended_at.map(|at| at.to_string()),
    }
}
