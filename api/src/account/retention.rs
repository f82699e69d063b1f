//! How long what is kept beside the acts is kept (`docs/operations.md`, Retention), and under which key. Nothing that
//! was said on a day depends on it: what has expired is refused whether or not it was swept.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::calendar::Instant;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::sign_in::app_of;
use super::throttle::FORGOTTEN;
use super::trail::{ADDRESS_DAYS, Line};
use crate::acts::{AtHand, Errand, Refused};
use crate::identity::secret::Secret;
use crate::imports::FAULT_DAYS;
use crate::post::webhook;
use crate::seal::vault::MARK;
use crate::store::Error;
use crate::working_papers::PAPER_DAYS;

/// Days for which a line of the trail that stands for no act is kept.
pub const TRAIL_DAYS: i32 = 3 * 365;
/// Days for which somebody's messages are kept, and that they were reminded.
pub const MESSAGE_DAYS: i32 = 2 * 365;
/// Days for which it is kept what webhooks were told.
pub const DELIVERY_DAYS: i32 = 90;
/// Seconds after which no role's session runs any more.
const SESSION_SECONDS: i64 = 24 * 60 * 60;
/// Addresses hashed, and secrets sealed anew, in one run.
const MOST: u64 = 5_000;
/// The key under which addresses are digested: its name, and the place it is sealed for.
const ADDRESS: &str = "address";

/// Lets go what has been kept long enough. Secrets that stand open, as earlier versions of this program kept them, or
/// that are sealed under a retired key, are sealed anew: that key can be let go then.
#[derive(Debug)]
pub struct Sweep;

/// What was let go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Addresses of which only a digest is left.
    pub addresses: u64,
    /// Lines of the trail.
    pub lines: u64,
    /// Sessions, links, ceremonies, counts of failures, working papers, messages, what webhooks were told, what was
    /// written in complaints, and what was wrong with imports.
    pub rest: u64,
    /// Secrets that were sealed anew.
    pub sealed: u64,
}

impl fmt::Display for Swept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { addresses, lines, rest, sealed } = self;
        write!(f, "{addresses} addresses, {lines} lines, {rest} others, {sealed} sealed")
    }
}

impl Errand for Sweep {
    type Done = Swept;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Swept, Refused> {
        let at = at_hand.at;
        let key = address_key(at_hand).await?;
        let digest = |address: &str| {
            let digest = Sha256::new().chain_update(&key[..]).chain_update(address).finalize();
            format!("#{}", data_encoding::HEXLOWER.encode(&digest[..16]))
        };
        let addresses = at_hand.tx.digest_addresses(days_before(at, ADDRESS_DAYS), MOST, digest).await?;
        let lines = at_hand.tx.forget_trail(days_before(at, TRAIL_DAYS)).await?;
        let sessions = at_hand.tx.sweep_sessions(seconds_before(at, SESSION_SECONDS)).await?;
        let papers = at_hand.tx.sweep_papers(days_before(at, PAPER_DAYS)).await?;
        let kept = at_hand.registry.scheme.complaints.keep_days;
        let words = at_hand.tx.sweep_words(days_before(at, kept)).await?;
        let post = at_hand.tx.sweep_post(days_before(at, MESSAGE_DAYS), days_before(at, DELIVERY_DAYS)).await?;
        let imports = at_hand.tx.sweep_imports(days_before(at, FAULT_DAYS), days_before(at, 1)).await?;
        let rest =
            at_hand.tx.sweep(at, seconds_before(at, FORGOTTEN)).await? + sessions + papers + words + post + imports;
        let sealed = seal_anew(at_hand).await?;
        let swept = Swept { addresses, lines, rest, sealed };
        if swept != Swept::default() {
            let detail = Some(swept.to_string());
            at_hand.note(Line { detail, ..Line::done("retention.swept", at, at_hand.from) });
        }
        Ok(swept)
    }
}

/// The key under which addresses are digested. It does not stand in the database as it is: whoever had a copy could
/// try every address there is.
async fn address_key(at_hand: &mut AtHand<'_>) -> Result<Zeroizing<Vec<u8>>, Refused> {
    let corrupt = || Error::Corrupt { table: "secrets", column: "value", row: ADDRESS.to_owned() };
    let (tx, vault) = (at_hand.tx, &at_hand.registry.vault);
    let kept = tx.secret(ADDRESS).await?.map(|bytes| match String::from_utf8(bytes) {
        Ok(text) if text.starts_with(MARK) => text,
        // 32 bytes as they were drawn: an earlier version of this program kept them open.
        Ok(text) => BASE64URL_NOPAD.encode(text.as_bytes()),
        Err(bytes) => BASE64URL_NOPAD.encode(bytes.as_bytes()),
    });
    let key = match &kept {
        Some(kept) => vault.open(ADDRESS, kept).ok_or_else(corrupt)?,
        None => Secret::new(BASE64URL_NOPAD.encode(&at_hand.random::<32>())),
    };
    if !kept.is_some_and(|kept| kept.starts_with(vault.head())) {
        let sealed = vault.seal(ADDRESS, &key, at_hand.rng());
        tx.keep_secret(ADDRESS, sealed.into_bytes()).await?;
    }
    Ok(Zeroizing::new(BASE64URL_NOPAD.decode(key.expose().as_bytes()).map_err(|_| corrupt())?))
}

/// Seals anew what stands open or is sealed under a retired key.
async fn seal_anew(at_hand: &mut AtHand<'_>) -> Result<u64, Refused> {
    let (tx, vault) = (at_hand.tx, &at_hand.registry.vault);
    let former: Vec<&str> = vault.former_heads().filter(|head| *head != vault.head()).collect();
    let mut count = 0;
    for found in tx.apps_to_seal(MARK, &former, MOST).await? {
        let place = app_of(&found.person);
        // One that was altered opens no more, here as at a sign-in.
        let Some(secret) = vault.open(&place, &found.secret) else { continue };
        let sealed = vault.seal(&place, &secret, at_hand.rng());
        count += u64::from(tx.reseal(&found, &sealed).await?);
    }
    for found in tx.webhooks_to_seal(vault.head()).await? {
        let place = webhook::own::place(&found.id);
        let Some(secret) = vault.open(&place, &found.secret) else { continue };
        let sealed = vault.seal(&place, &secret, at_hand.rng());
        tx.reseal_webhook(&found.id, &sealed).await?;
        count += 1;
    }
    Ok(count)
}

pub(crate) fn days_before(at: Instant, days: i32) -> Instant {
    seconds_before(at, i64::from(days) * 86_400)
}

pub(crate) fn seconds_before(at: Instant, seconds: i64) -> Instant {
    Instant::from_unix(at.unix() - seconds).expect("years before now is after 1970")
}
