//! The register's status lists, as they are at an instant: made when they are asked for, and kept as long as they say what
//! the register says. No job makes them, so none is behind.

mod bundle;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use domain::act::RegistrationNumber;
use domain::calendar::Instant;
use domain::licence::cascade;
use domain::licence::token::Kid;
use domain::status_list::{Said, Statement, StatusList, place};
use ed25519_dalek::Signer;
use sha2::{Digest, Sha256};

pub use bundle::Bundle;

use crate::acts::Refused;
use crate::registry::Registry;
use crate::seal::keys::Purpose;
use crate::store::{self, Placed};

/// What was made of the register's lists.
#[derive(Debug, Default)]
pub struct Lists {
    made: Mutex<BTreeMap<u32, Made>>,
    bundle: Mutex<Option<Arc<bundle::Made>>>,
    /// One at a time: whoever waits finds it made.
    making: tokio::sync::Mutex<()>,
}

/// A list as it was made, and how long it is good.
#[derive(Clone, Debug)]
struct Made {
    signed: Arc<Signed>,
    /// What had happened before it was made.
    touched: u64,
    /// The instant at which time alone makes it say otherwise.
    until: Option<Instant>,
}

/// A list signed in both forms.
#[derive(Debug)]
pub struct Signed {
    pub statement: Statement,
    pub cwt: Form,
    pub jwt: Form,
    kid: Kid,
}

/// Bytes that are served as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub bytes: Bytes,
    /// A strong entity tag, quoted.
    pub etag: String,
}

impl Form {
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let etag = format!("\"{}\"", BASE64URL_NOPAD.encode(&Sha256::digest(&bytes)[..18]));
        Self { bytes, etag }
    }
}

/// Where the lists are listed.
pub fn lists_uri(registry: &Registry) -> String {
    registry.base_url.join("/status")
}

/// Where a list is.
pub fn uri(registry: &Registry, list: u32) -> String {
    registry.base_url.join(&format!("/status/{list}"))
}

/// The list, as the register is at `at`; none where no licence is in it.
pub async fn list(registry: &Registry, list: u32, at: Instant) -> Result<Option<Arc<Signed>>, Refused> {
    let kept = async || {
        let touched = registry.store.touched(list).await?;
        let kid = registry.signer(Purpose::Status).await?.0.kid();
        let found = registry.lists.made().get(&list).filter(|made| made.is_good(touched, kid, at)).cloned();
        Ok::<_, Refused>((found, touched))
    };
    if let (Some(made), _) = kept().await? {
        return Ok(Some(made.signed));
    }
    let _alone = registry.lists.making.lock().await;
    let touched = match kept().await? {
        (Some(made), _) => return Ok(Some(made.signed)),
        (None, touched) => touched,
    };
    if list >= registry.store.status_lists().await? {
        return Ok(None);
    }
    let (said, until) = compute(registry, list, at).await?;
    let before = registry.lists.made().get(&list).map(|made| made.signed.clone());
    let signed = sign(registry, Statement::new(uri(registry, list), said, at), before, at).await?;
    registry.lists.made().insert(list, Made { signed: signed.clone(), touched, until });
    Ok(Some(signed))
}

/// Signs what is to be said; or keeps what was signed before, where that says the same and is fresh.
async fn sign(
    registry: &Registry,
    statement: Statement,
    before: Option<Arc<Signed>>,
    at: Instant,
) -> Result<Arc<Signed>, Refused> {
    let (key, secret) = registry.signer(Purpose::Status).await?;
    let kid = key.kid();
    let says_the_same = |before: &Arc<Signed>| {
        before.kid == kid && before.statement.list == statement.list && before.statement.is_fresh(at)
    };
    if let Some(before) = before.filter(says_the_same) {
        return Ok(before);
    }
    let lists = lists_uri(registry);
    let unsigned = statement.unsigned(&lists);
    let sign = |message: &[u8]| Ok::<_, std::convert::Infallible>(secret.sign(message));
    let (Ok(cwt), Ok(jwt)) = (unsigned.to_cwt(kid, sign), unsigned.to_jwt(kid, sign));
    Ok(Arc::new(Signed { cwt: Form::new(cwt), jwt: Form::new(jwt), kid, statement }))
}

/// What every licence of a list is worth at `at`, and when time alone changes that.
async fn compute(registry: &Registry, list: u32, at: Instant) -> Result<(StatusList, Option<Instant>), store::Error> {
    let mut said = StatusList::default();
    let mut until: Option<Instant> = None;
    let mut changes = |at: Instant| until = Some(until.map_or(at, |until| until.min(at)));
    let missing = |number: &RegistrationNumber| store::Error::Corrupt {
        table: "licences",
        column: "registration",
        row: number.to_string(),
    };
    let mut worth: BTreeMap<RegistrationNumber, Said> = BTreeMap::new();
    for placed in registry.store.placed(list).await? {
        match placed {
            Placed::Open { place, registration: number } => {
                let known = match worth.get(&number) {
                    Some(known) => *known,
                    None => {
                        let registration = registry.store.registration(&number).await?;
                        let registration = registration.ok_or_else(|| missing(&number))?;
                        let (standing, next) = cascade::worth(&registration, at);
                        next.into_iter().for_each(&mut changes);
                        let found = Said::from(&standing);
                        worth.insert(number, found);
                        found
                    }
                };
                said.set(place, known);
            }
            Placed::Closed(licence) => {
                let number = &licence.grant.registration;
                let registration = registry.store.registration(number).await?.ok_or_else(|| missing(number))?;
                said.set(place(licence.grant.status_index).1, Said::from(&licence.standing(&registration, at)));
                licence.closed.iter().map(|closed| closed.at).filter(|ends| at < *ends).for_each(&mut changes);
            }
        }
    }
    Ok((said, until))
}

impl Lists {
    fn made(&self) -> std::sync::MutexGuard<'_, BTreeMap<u32, Made>> {
        self.made.lock().expect("nobody panics while holding it")
    }
}

impl Made {
    fn is_good(&self, touched: u64, kid: Kid, at: Instant) -> bool {
        let says_the_same = self.touched == touched && self.until.is_none_or(|until| at < until);
        says_the_same && self.signed.kid == kid && self.signed.statement.is_fresh(at)
    }
}
