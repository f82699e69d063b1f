//! `/organisations`: whom people act for.

use std::sync::Arc;

use domain::act::OrganisationId;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::request::{Caller, cursor};
use super::words::OrganisationKindName;
use crate::account::people::EnterOrganisation;
use crate::account::reading::ROWS;
use crate::account::{Organisation, read_organisation_id};
use crate::problem::Problem;
use crate::registry::Registry;

const ORGANISATION: (&str, &str) = ("組織", "organisation");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// An organisation.
#[derive(Object, Debug)]
#[oai(rename = "Organisation", rename_all = "camelCase", skip_serializing_if_is_none)]
struct OrganisationView {
    /// Its corporate number, or a short name where it has none.
    id: String,
    kind: OrganisationKindName,
    name: String,
    /// 法人番号, 13 digits; a sole proprietor has none.
    legal_entity_number: Option<String>,
}

/// Some organisations, and where to go on.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Organisations {
    items: Vec<OrganisationView>,
    /// Give it as `after` for the next page; absent on the last.
    next: Option<String>,
}

/// A new organisation.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct OrganisationBody {
    kind: OrganisationKindName,
    #[oai(validator(min_length = 1, max_length = 100))]
    name: String,
    /// 法人番号 in any width; or, where there is none, a short name of ASCII letters, digits and hyphens, at most 40.
    #[oai(validator(min_length = 1, max_length = 60))]
    id: String,
}

#[OpenApi(prefix_path = "/organisations", tag = "Chapter::Organisations")]
impl Api {
    /// Lists organisations
    ///
    /// In the order of their ids.
    #[oai(path = "/", method = "get", operation_id = "listOrganisations")]
    async fn list(
        &self,
        _caller: Caller,
        /// Only ids after this one.
        #[oai(validator(max_length = 40))]
        after: Query<Option<String>>,
    ) -> Result<Json<Organisations>, Problem> {
        let after = after.0.as_deref().map(|text| cursor::<OrganisationId>(ORGANISATION, text)).transpose()?;
        let found = self.registry.store.organisations_after(after.as_ref(), ROWS).await?;
        let next = found.items.last().filter(|_| found.has_more).map(|last| last.id.to_string());
        Ok(Json(Organisations { items: found.items.iter().map(view).collect(), next }))
    }

    /// Enters an organisation
    #[oai(path = "/", method = "post", operation_id = "enterOrganisation")]
    async fn enter(&self, caller: Caller, body: Body<OrganisationBody>) -> Result<Json<OrganisationView>, Problem> {
        let OrganisationBody { kind, name, id } = body.0;
        let id = read_organisation_id(&id).map_err(|why| Problem::unreadable("/id", &id, why))?;
        let (visitor, organisation) = (&caller.0, Organisation::new(id, kind.into(), name));
        let errand = EnterOrganisation { actor: visitor.actor.clone(), organisation };
        let entered = self.registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        Ok(Json(view(&entered)))
    }
}

fn view(of: &Organisation) -> OrganisationView {
    OrganisationView {
        id: of.id.to_string(),
        kind: (&of.kind).into(),
        name: of.name.clone(),
        legal_entity_number: of.number.map(|number| number.to_string()),
    }
}
