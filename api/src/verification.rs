//! Asking the register about a mark: the digits of a full mark, or the id on a mini mark or typed by hand.

use std::sync::Arc;

use domain::calendar::Instant;
use domain::licence::answer::{Answer, Rejection, Silence};
use domain::licence::token::{Claims, Token};
use domain::licence::{Licence, LicenceId};
use domain::reading::narrowed_text;
use domain::registration::Registration;
use sha2::{Digest, Sha256};

use crate::registry::Registry;
use crate::store;

/// What the register says of a mark at an instant.
#[derive(Clone, Debug)]
pub struct Verification {
    pub at: Instant,
    pub answer: Answer,
    /// What the signed token says; none for a bare id, and none where the answer is "not ours".
    pub claims: Option<Claims>,
    /// What the register knows; none unless the answer is one of the first four.
    pub known: Option<Known>,
}

/// The licence and the registration it hangs from.
#[derive(Clone, Debug)]
pub struct Known {
    pub licence: Arc<Licence>,
    pub registration: Arc<Registration>,
}

/// Most marks that are asked about at once.
pub const MOST: usize = 1_000;

/// The code in what somebody typed or pasted: a link of this register or of another, its digits or a licence id; in any
/// width, with spaces, and with what programs hang behind a link.
pub fn code_of(registry: &Registry, typed: &str) -> String {
    let text: String = narrowed_text(typed).chars().filter(|letter| !letter.is_whitespace()).collect();
    let text = text.split(['?', '#']).next().unwrap_or_default();
    let code = registry.base_url.strip(text).or_else(|| text.rsplit('/').next()).unwrap_or_default();
    code.strip_prefix("en/").unwrap_or(code).to_owned()
}

/// The codes of a pasted list or table, each with the number of its line: the first cell of a line counts, and a first line
/// without any digit is the table's head.
pub fn codes_in(registry: &Registry, typed: &str) -> Vec<(usize, String)> {
    let lines = (1..).zip(typed.trim_start_matches('\u{feff}').lines()).filter(|(_, line)| !line.trim().is_empty());
    let first = |line: &str| {
        let cell = line.split([',', '\t', '，', '、']).next().unwrap_or_default();
        code_of(registry, cell.trim().trim_matches('"'))
    };
    // An id may be of letters alone.
    let is_head = |(number, code): &(usize, String)| {
        *number == 1 && !code.chars().any(|c| c.is_ascii_digit()) && code.parse::<LicenceId>().is_err()
    };
    lines.map(|(number, line)| (number, first(line))).filter(|line| !is_head(line)).collect()
}

/// Looks at what a link to a mark carries: all digits is a token, anything else is read as a licence id.
pub async fn verify(registry: &Registry, code: &str, at: Instant) -> Verification {
    if code.len() > 8 && code.bytes().all(|byte| byte.is_ascii_digit()) {
        verify_token(registry, code, at).await
    } else {
        verify_id(registry, code, at).await
    }
}

async fn verify_token(registry: &Registry, digits: &str, at: Instant) -> Verification {
    let book = registry.key_book().await;
    let read = Token::from_decimal(digits).and_then(|token| Ok((token.verify(&book.ring)?, token)));
    let (verified, token) = match read {
        Ok(read) => read,
        Err(error) => return Verification::not_ours(Rejection::from(error), at),
    };
    let (claims, is_trusted) = (verified.claims, !book.is_compromised(&verified.key));
    let found = known(registry, claims.licence).await;
    if !is_trusted {
        // Whoever has the key can sign anything with it: a mark counts if it is, to the byte, one that was granted. That
        // its licence was issued anew since does not take it away.
        match &found {
            Ok(Some(known)) if known.licence.had_token(&digest_of(&token)) => {}
            Ok(_) => return Verification::not_ours(Rejection::CompromisedKey, at),
            Err(error) => {
                tracing::error!(%error, "the register could not be read for a mark under a compromised key");
                return Verification::silent(Silence::Unreachable, None, at);
            }
        }
    }
    match found {
        // The id is inside the signature; the index must be the same licence's too.
        Ok(Some(known)) if known.licence.grant.status_index == claims.status_index => {
            let answer = known.licence.standing(&known.registration, at).into();
            Verification { at, answer, claims: Some(claims), known: Some(known) }
        }
        Ok(_) => Verification::silent(Silence::NotListed, Some(claims), at),
        Err(error) => {
            tracing::error!(%error, "the register could not be read for a mark");
            Verification::silent(Silence::Unreachable, Some(claims), at)
        }
    }
}

fn digest_of(token: &Token) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

async fn verify_id(registry: &Registry, code: &str, at: Instant) -> Verification {
    let Ok(id) = code.parse::<LicenceId>() else {
        return Verification::not_ours(Rejection::NoSuchLicence, at);
    };
    match known(registry, id).await {
        Ok(Some(known)) => {
            let answer = known.licence.standing(&known.registration, at).into();
            Verification { at, answer, claims: None, known: Some(known) }
        }
        Ok(None) => Verification::not_ours(Rejection::NoSuchLicence, at),
        Err(error) => {
            tracing::error!(%error, "the register could not be read for a mark");
            Verification::silent(Silence::Unreachable, None, at)
        }
    }
}

async fn known(registry: &Registry, id: LicenceId) -> Result<Option<Known>, store::Error> {
    let Some(licence) = registry.store.licence(id).await? else { return Ok(None) };
    let registration = registry.store.registration(&licence.grant.registration).await?;
    Ok(registration.map(|registration| Known { licence, registration }))
}

impl Verification {
    fn not_ours(rejection: Rejection, at: Instant) -> Self {
        Self { at, answer: Answer::NotOurs(rejection), claims: None, known: None }
    }

    fn silent(silence: Silence, claims: Option<Claims>, at: Instant) -> Self {
        Self { at, answer: Answer::Unknown(silence), claims, known: None }
    }
}
