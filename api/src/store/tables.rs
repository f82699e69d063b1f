//! How each kind of state becomes a row, and a row the state again.
//!
//! A row is a function of the state alone (a licence's also of its token, whose digest the state holds), so `fsck` can
//! make every row anew from the acts and compare.

use std::collections::BTreeSet;

use domain::act::Grant;
use domain::application::Application;
use domain::edition::PublishedEdition;
use domain::examination::Examination;
use domain::licence::{Holder, Licence, token::HolderKind};
use domain::parties::CorporateNumber;
use domain::people::Person;
use domain::proposal::Proposal;
use domain::registration::Registration;
use domain::search_key::search_key;
use domain::settings::ChangedSetting;
use domain::signing_key::SigningKey;
use domain::watching::{Complaint, PriceCheck, Report, name_of};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Error;
use super::entities::{
    applications, complaints, editions, examinations, licences, members, people, price_checks, proposals,
    registrations, reports, settings, signing_keys,
};

pub(super) fn application(state: &Application) -> applications::Model {
    applications::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        owner: state.owner.to_string(),
        stage: state.stage.as_str().to_owned(),
        submitted_at: state.submitted_at.to_string(),
        state: json(state),
        concerns: state.concerns.as_ref().map(|concern| concern.registration.to_string()),
        condition_due: state.condition_due().map(|due| due.to_string()),
        objected_at: state.waiting_objection().map(|objection| objection.at.to_string()),
    }
}

pub(super) fn examination(state: &Examination) -> examinations::Model {
    examinations::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        application: state.application.to_string(),
        examiner: state.examiner.to_string(),
        state: json(state),
    }
}

pub(super) fn registration(state: &Registration) -> registrations::Model {
    registration_under(state, names_key(state))
}

/// The row where the key to its names is known already.
pub(super) fn registration_under(state: &Registration, search_key: String) -> registrations::Model {
    registrations::Model {
        number: state.number.to_string(),
        version: state.version as i32,
        application: state.application.to_string(),
        owner: state.owner.to_string(),
        search_key,
        pending: state.pending().map(|id| format!(" {id} ")).collect(),
        term_until: state.last_term().until.to_string(),
        state: json(state),
    }
}

/// What searches look in: numbers and names, each by its search key.
pub(super) fn names_key(state: &Registration) -> String {
    let listing = &state.listing;
    let provider = &listing.provider;
    let number = provider.legal_entity_number.as_ref().map(ToString::to_string).unwrap_or_default();
    let names = [
        state.number.as_str(),
        &number,
        &listing.service_name,
        &listing.service_name_kana,
        &provider.trade_name,
        &provider.trade_name_kana,
    ];
    let mut keys: Vec<String> = names.into_iter().map(search_key).collect();
    // A provider finds the services that it gave away, and anybody those that have another name by now.
    for former in state.changes.iter().map(|change| &change.listing) {
        let number = former.provider.legal_entity_number.as_ref().map(ToString::to_string).unwrap_or_default();
        let names = [&number, &former.service_name, &former.service_name_kana, &former.provider.trade_name];
        for key in names.into_iter().map(|name| search_key(name)) {
            if !key.is_empty() && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys.join("\n")
}

pub(super) fn licence(state: &Licence, token: Vec<u8>) -> licences::Model {
    let grant = &state.grant;
    licences::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        registration: grant.registration.to_string(),
        holder: holder_of(grant),
        status_index: i64::from(grant.status_index),
        is_closed: state.closed.is_some(),
        token,
        state: json(state),
    }
}

/// The key of whoever was granted a licence.
pub(super) fn holder_of(grant: &Grant) -> String {
    match grant.holder_kind {
        HolderKind::Provider => holder(&Holder::Provider),
        HolderKind::User => holder_key(&grant.holder_name, grant.holder_number.as_ref(), grant.contract_from),
    }
}

/// What makes two users the same company: the corporate number, or else the name. Namesakes count as one; whoever wants
/// them counted apart states their numbers.
pub(super) fn company_of(grant: &Grant) -> String {
    grant.holder_number.as_ref().map_or_else(|| search_key(&grant.holder_name), ToString::to_string)
}

/// What makes two holders the same one: the corporate number, or else name and first day of the contract.
pub(super) fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Provider => "provider".to_owned(),
        Holder::User { name, number, contract_from } => holder_key(name, number.as_ref(), Some(*contract_from)),
    }
}

fn holder_key(name: &str, number: Option<&CorporateNumber>, from: Option<domain::calendar::Day>) -> String {
    match (number, from) {
        (Some(number), _) => number.to_string(),
        (None, Some(from)) => format!("{}@{from}", search_key(name)),
        (None, None) => search_key(name),
    }
}

pub(super) fn person(state: &Person) -> people::Model {
    people::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        is_dismissed: state.is_dismissed,
        state: json(state),
    }
}

/// Whom a person belongs to: a row for each organisation.
pub(super) fn members(state: &Person) -> Vec<members::Model> {
    let organisations: BTreeSet<_> = state.memberships.iter().map(|held| held.organisation.to_string()).collect();
    let person = state.id.to_string();
    organisations.into_iter().map(|organisation| members::Model { organisation, person: person.clone() }).collect()
}

pub(super) fn proposal(state: &Proposal) -> proposals::Model {
    proposals::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        subject: state.motion.subject().to_string(),
        until: state.until.to_string(),
        is_dropped: state.dropped.is_some(),
        state: json(state),
    }
}

pub(super) fn signing_key(state: &SigningKey) -> signing_keys::Model {
    signing_keys::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        purpose: state.purpose.clone(),
        state: json(state),
    }
}

pub(super) fn edition(state: &PublishedEdition) -> editions::Model {
    editions::Model { id: state.id.to_string(), version: state.version as i32, state: json(state) }
}

pub(super) fn report(state: &Report) -> reports::Model {
    reports::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        registration: state.registration.to_string(),
        matter: state.matter().as_str().to_owned(),
        period: name_of(state.period),
        state: json(state),
    }
}

pub(super) fn complaint(state: &Complaint) -> complaints::Model {
    complaints::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        registration: state.registration.as_ref().map(ToString::to_string),
        received_at: state.received_at.to_string(),
        closed_at: state.closed.as_ref().map(|closed| closed.at.to_string()),
        state: json(state),
    }
}

pub(super) fn price_check(state: &PriceCheck) -> price_checks::Model {
    price_checks::Model {
        id: state.id.to_string(),
        version: state.version as i32,
        registration: state.registration.to_string(),
        checked_at: state.changed_at.to_string(),
        state: json(state),
    }
}

pub(super) fn setting(state: &ChangedSetting) -> settings::Model {
    settings::Model { id: state.id.to_string(), version: state.version as i32, state: json(state) }
}

pub(super) fn json(state: &impl Serialize) -> String {
    serde_json::to_string(state).expect("the domain's states have JSON forms")
}

/// Reads a state column.
pub(super) fn state<T: DeserializeOwned>(table: &'static str, row: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|_| Error::Corrupt { table, column: "state", row: row.to_owned() })
}
