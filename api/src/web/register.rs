//! The public register: home, search, a service with its history, and whether it was valid on a day.

use domain::act::{RegistrationNumber, Subject};
use domain::authority::Power;
use domain::calendar::Instant;
use domain::declaration::{Class, Kind};
use domain::licence::token::HolderKind;
use domain::licence::{Holder, Licence};
use domain::registration::{Registration, Status};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde::Deserialize;

use super::session::{Shared, public_frame};
use super::view::applications::RenewalLine;
use super::view::form::Form;
use super::view::home::HomePage;
use super::view::licences::{Grant, LicencePanel};
use super::view::register::{Boxes, Query, RegisterPage, RegistrationPage, ValidOn};
use super::view::state::State;
use super::{Answer, page};
use crate::caller::{Visitor, known};
use crate::catalogue::{Wanted, find};
use crate::clock;
use crate::deciding::open_conditions;
use crate::problem::Problem;
use crate::registry::Registry;

/// Services on one page.
const ROWS: usize = 20;

#[handler]
pub(super) async fn home(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    page(&HomePage { frame: public_frame(registry, request) })
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
                "discontinued" => Some(State::Discontinued),
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
    let frame = public_frame(registry, request);
    page(&RegisterPage::new(frame, query, &found.items, found.has_more, at))
}

#[handler]
pub(super) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(number): Path<String>) -> Answer {
    let at = clock::now();
    let registration = registration(registry, &number).await?;
    let visitor = known(request);
    let mut shown = registration_page(registry, request, visitor, &registration, at).await?;
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

/// A service's page, with what this visitor may do about it.
pub(super) async fn registration_page(
    registry: &Registry,
    request: &Request,
    visitor: Option<&Visitor>,
    registration: &Registration,
    at: Instant,
) -> Result<RegistrationPage, Problem> {
    let leaves = registry.store.leaves_of(&Subject::Registration(registration.number.clone()).to_string()).await?;
    let frame = public_frame(registry, request);
    let mut page = RegistrationPage::new(frame, registration, leaves.last().map(|leaf| leaf.seq), at);
    page.watches = visitor.is_some_and(|visitor| visitor.may(Power::ReadWatching, registration));
    page.reads_measures = visitor.is_some_and(|visitor| visitor.may(Power::ReadMeasures, registration));
    page.may_change =
        visitor.is_some_and(|visitor| visitor.may(Power::NotifyChange, registration)) && registration.is_carried_on(at);
    page.may_succeed = visitor.is_some_and(|visitor| visitor.may(Power::Succeed, registration));
    page.conditions = open_conditions(registry, registration).await?;
    if let Some(visitor) = visitor.filter(|visitor| visitor.may(Power::SubmitApplication, registration)) {
        page.renewal = RenewalLine::of(registration, &*registry.store.settings().await?, true, visitor.at);
    }
    page.licences = licence_panel(registry, visitor, registration, at).await?;
    Ok(page)
}

/// The licences under a registration, for its provider and those who handle or audit them.
pub(super) async fn licence_panel(
    registry: &Registry,
    visitor: Option<&Visitor>,
    registration: &Registration,
    at: Instant,
) -> Result<Option<LicencePanel>, Problem> {
    let Some(visitor) = visitor.filter(|visitor| visitor.may(Power::ReadLicences, registration)) else {
        return Ok(None);
    };
    let licences = registry.store.licences_of(&registration.number, None, 200).await?;
    let can_end = |licence: &Licence| match licence.grant.holder_kind {
        HolderKind::User => visitor.may(Power::EndUsersLicence, registration),
        HolderKind::Provider => visitor.may(Power::EndProvidersLicence, registration),
    };
    let is_valid = registration.status(at) == Status::Valid;
    let grants = visitor.may(Power::GrantToUser, registration) && is_valid;
    let grant = grants.then(|| Grant::new(registration.version, Form::default()));
    let mut panel = LicencePanel::new(registration, &licences.items, can_end, grant, at);
    if visitor.may(Power::GrantToProvider, registration) && is_valid {
        let own = registry.store.open_licence(&registration.number, &Holder::Provider).await?;
        panel.own = own.is_none().then_some(registration.version);
    }
    Ok(Some(panel))
}
