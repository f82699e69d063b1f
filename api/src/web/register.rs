//! The public register: home, search, a service with its history, and whether it was valid on a day.

use domain::act::{RegistrationNumber, Role, Subject};
use domain::calendar::Instant;
use domain::declaration::{Class, Kind};
use domain::licence::token::HolderKind;
use domain::licence::{Holder, Licence};
use domain::people::Person;
use domain::registration::{Registration, Status};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde::Deserialize;

use super::session::{Shared, public_frame, viewer};
use super::view::form::Form;
use super::view::home::HomePage;
use super::view::licences::{Grant, LicencePanel};
use super::view::register::{Boxes, Measures, Query, RegisterPage, RegistrationPage, ValidOn};
use super::view::state::State;
use super::{Answer, page};
use crate::catalogue::{Wanted, find};
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;

/// Services on one page.
const ROWS: usize = 20;

#[handler]
pub(super) async fn home(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let person = viewer(registry, request).await?;
    page(&HomePage { frame: public_frame(registry, request, person.as_ref()) })
}

/// The search form's fields; an empty one is not asked for, and an unknown word asks for nothing.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    q: String,
    class: String,
    monitoring: String,
    state: String,
    after: Option<String>,
}

impl Asked {
    fn query(&self) -> Query {
        Query {
            words: self.q.chars().take(200).collect(),
            class: self.class.parse().ok().and_then(|number: u8| Class::try_from(number).ok()),
            kind: match self.monitoring.as_str() {
                "network" => Some(Kind::Network),
                "endpoint" => Some(Kind::Endpoint),
                "combined" => Some(Kind::Combined),
                _ => None,
            },
            state: match self.state.as_str() {
                "valid" => Some(State::Valid),
                "suspended" => Some(State::Suspended),
                "revoked" => Some(State::Revoked),
                "lapsed" => Some(State::Ended),
                _ => None,
            },
            after: self.after.clone(),
        }
    }

    fn wanted(&self, query: &Query) -> Wanted {
        let states = query.state.map(|_| self.state.clone());
        Wanted {
            words: query.words.clone(),
            class: query.class,
            kind: query.kind,
            states: states.into_iter().collect(),
            after: self.after.as_deref().and_then(|after| after.parse().ok()),
        }
    }
}

#[handler]
pub(super) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let at = clock::now();
    let asked = request.params::<Asked>().unwrap_or_default();
    let query = asked.query();
    let found = find(&registry.store, &asked.wanted(&query), ROWS, at).await?;
    let person = viewer(registry, request).await?;
    let frame = public_frame(registry, request, person.as_ref());
    page(&RegisterPage::new(frame, query, &found.items, found.has_more, at))
}

#[handler]
pub(super) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(number): Path<String>) -> Answer {
    let at = clock::now();
    let registration = registration(registry, &number).await?;
    let person = viewer(registry, request).await?;
    let mut shown = registration_page(registry, request, person.as_ref(), &registration, at).await?;
    let boxes = request.params::<Boxes>().unwrap_or_default();
    shown.valid_on = ValidOn::ask(&registration, boxes, at);
    page(&shown)
}

/// The registration of that number.
pub(super) async fn registration(registry: &Registry, number: &str) -> Result<std::sync::Arc<Registration>, Problem> {
    let missing = || Problem::not_found(&Text::new("登録", "registration"), number);
    let parsed: RegistrationNumber = number.parse().map_err(|_| missing())?;
    registry.store.registration(&parsed).await?.ok_or_else(missing)
}

/// A service's page, with what this person may do about it.
pub(super) async fn registration_page(
    registry: &Registry,
    request: &Request,
    person: Option<&Person>,
    registration: &Registration,
    at: Instant,
) -> Result<RegistrationPage, Problem> {
    let leaves = registry.store.leaves_of(&Subject::Registration(registration.number.clone()).to_string()).await?;
    let frame = public_frame(registry, request, person);
    let mut page = RegistrationPage::new(frame, registration, leaves.last().map(|leaf| leaf.seq), at);
    if person.is_some_and(|person| person.role == Role::Secretariat) {
        page.measures = Some(Measures { version: registration.version, tried: None, form: Form::default() });
    }
    page.licences = licence_panel(registry, person, registration, at).await?;
    Ok(page)
}

/// The licences under a registration, for its provider and those who handle or audit them.
pub(super) async fn licence_panel(
    registry: &Registry,
    person: Option<&Person>,
    registration: &Registration,
    at: Instant,
) -> Result<Option<LicencePanel>, Problem> {
    let Some(person) = person.filter(|person| match person.role {
        Role::Provider => person.organisation.as_ref() == Some(&registration.owner),
        Role::Secretariat | Role::Auditor => true,
        Role::Examiner | Role::DecisionMaker | Role::Operator => false,
    }) else {
        return Ok(None);
    };
    let licences = registry.store.licences_of(&registration.number, None, 200).await?;
    let is_owner = person.role == Role::Provider;
    let can_end = |licence: &Licence| match licence.grant.holder_kind {
        HolderKind::User => is_owner || person.role == Role::Secretariat,
        HolderKind::Provider => person.role == Role::Secretariat,
    };
    let is_valid = registration.status(at) == Status::Valid;
    let grant = (is_owner && is_valid).then(|| Grant::new(registration.version, Form::default()));
    let mut panel = LicencePanel::new(registration, &licences.items, can_end, grant, at);
    if person.role == Role::Secretariat && is_valid {
        let own = registry.store.open_licence(&registration.number, &Holder::Provider).await?;
        panel.own = own.is_none().then_some(registration.version);
    }
    Ok(Some(panel))
}
