//! Sessions and API keys as a request shows them.

use std::sync::Arc;

use domain::authority::Proof;
use domain::calendar::Instant;
use domain::people::Person;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::trail::{Line, Origin};
use super::{Method, Session};
use crate::acts::{AtHand, Errand, Refused};
use crate::caller::Visitor;
use crate::identity::secret::{Opaque, Secret, digest};
use crate::problem::Problem;
use crate::registry::Registry;

/// Seconds within which a session or a key that was just seen is not written down again.
const SEEN: i64 = 60;

/// What the forms before a sign-in carry: made from the visit's cookie, which no other site knows.
pub fn csrf_of(cookie: &str) -> String {
    let digest = Sha256::new().chain_update("otasuketai/csrf/1\n").chain_update(cookie).finalize();
    data_encoding::BASE64URL_NOPAD.encode(&digest)
}

/// Are they the same? Takes as long whatever the difference.
pub fn is_same(one: &str, other: &str) -> bool {
    bool::from(one.as_bytes().ct_eq(other.as_bytes()))
}

/// Whoever's running session has this cookie. Looked up by its digest, so that the time taken tells nothing of it.
pub(crate) async fn by_cookie(
    registry: &Arc<Registry>,
    cookie: &str,
    origin: &Origin,
    at: Instant,
) -> Result<Option<Visitor>, Problem> {
    let Some(digest) = Opaque::Session.read(cookie) else { return Ok(None) };
    let Some(session) = registry.store.session(&digest).await? else { return Ok(None) };
    let Some(person) = registry.store.person(&session.person).await? else { return Ok(None) };
    if !session.is_running(&person, at) {
        return Ok(None);
    }
    if at.unix() - session.seen_at.unix() >= SEEN {
        remember(registry, Seen::Session(session.digest.clone()), origin, at);
    }
    let origin = Origin { proof: format!("session:{}", session.id), ..origin.clone() };
    let csrf = session.csrf.clone();
    let unread = registry.store.unread(&person.id).await?;
    let visitor = known(registry, &person, session.proof(), origin, Some(session), csrf, at).await?;
    Ok(Some(Visitor { unread, ..visitor }))
}

/// Whoever answers for this key, limited to its organisation and its scopes.
pub(crate) async fn by_key(
    registry: &Arc<Registry>,
    key: &str,
    origin: &Origin,
    at: Instant,
) -> Result<Option<Visitor>, Problem> {
    let Some(digest) = Opaque::ApiKey.read(key) else { return Ok(None) };
    let Some(found) = registry.store.api_key(&digest).await?.filter(|found| found.is_good(at)) else {
        return Ok(None);
    };
    let Some(mut person) = registry.store.person(&found.person).await? else { return Ok(None) };
    person.memberships.retain(|held| held.organisation == found.organisation && held.role.is_companys());
    if person.is_dismissed || person.memberships.is_empty() {
        return Ok(None);
    }
    if found.used_at.is_none_or(|used| at.unix() - used.unix() >= SEEN) {
        remember(registry, Seen::Key(found.id.clone()), origin, at);
    }
    let origin = Origin { proof: format!("key:{}", found.id), ..origin.clone() };
    let proof = Proof::Key { scopes: found.scopes };
    known(registry, &person, proof, origin, None, String::new(), at).await.map(Some)
}

async fn known(
    registry: &Registry,
    person: &Person,
    proof: Proof,
    origin: Origin,
    session: Option<Session>,
    csrf: String,
    at: Instant,
) -> Result<Visitor, Problem> {
    let name = registry.store.profile(&person.id).await?.map(|profile| profile.name).unwrap_or_default();
    Ok(Visitor { actor: person.acting(proof), name, origin, session, csrf, unread: 0, at })
}

/// That a session or a key was seen.
#[derive(Debug)]
enum Seen {
    Session(String),
    Key(String),
}

impl Errand for Seen {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        match self {
            Self::Session(digest) => at_hand.tx.touch_session(&digest, at_hand.at).await?,
            Self::Key(id) => at_hand.tx.touch_api_key(&id, at_hand.at).await?,
        }
        Ok(())
    }
}

/// Nobody waits for this to be written, and nothing is lost but a minute where it is not.
fn remember(registry: &Arc<Registry>, seen: Seen, origin: &Origin, at: Instant) {
    let (registry, origin) = (registry.clone(), origin.clone());
    tokio::spawn(async move {
        if let Err(refused) = registry.run(seen, origin, at).await {
            tracing::warn!(?refused, "that a session was seen was not written");
        }
    });
}

/// Begins a session: whatever session the browser had before ends.
#[derive(Debug)]
pub struct Begin {
    pub person: Person,
    pub method: Method,
    pub agent: String,
    /// The cookie of the session so far.
    pub before: Option<String>,
}

/// A session's cookie, shown this once, and the session.
#[derive(Debug)]
pub struct Begun {
    pub cookie: Secret,
    pub person: Person,
}

impl Errand for Begin {
    type Done = Begun;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Begun, Refused> {
        begin(at_hand, self.person, self.method, self.agent, self.before).await
    }
}

/// The same inside another errand.
pub async fn begin(
    at_hand: &mut AtHand<'_>,
    person: Person,
    method: Method,
    agent: String,
    before: Option<String>,
) -> Result<Begun, Refused> {
    let shown_at = at_hand.at;
    begin_shown(at_hand, person, method, shown_at, agent, before).await
}

/// The same where the person showed who they are at `shown_at`: earlier, and elsewhere.
pub async fn begin_shown(
    at_hand: &mut AtHand<'_>,
    person: Person,
    method: Method,
    shown_at: Instant,
    agent: String,
    before: Option<String>,
) -> Result<Begun, Refused> {
    if person.is_dismissed {
        return Err(super::Refusal::SignIn.into());
    }
    let mut csrf = csrf_of(Opaque::Session.draw(at_hand.rng()).expose());
    if let Some(before) = before.as_deref().map(digest) {
        if let Some(before) = at_hand.tx.session(&before).await?.filter(|before| before.person == person.id) {
            csrf = before.csrf;
        }
        at_hand.tx.delete_session(&before).await?;
    }
    let cookie = Opaque::Session.draw(at_hand.rng());
    let at = at_hand.at;
    let session = Session {
        digest: digest(cookie.expose()),
        id: at_hand.random_id("S"),
        person: person.id.clone(),
        method,
        begun_at: at,
        signed_in_at: shown_at,
        seen_at: at,
        agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        address: at_hand.from.address.clone(),
        csrf,
    };
    at_hand.tx.insert_session(&session).await?;
    let line = Line::done("sign_in", at, at_hand.from).about(format!("session/{}", session.id));
    let by = person.memberships.first().map(|held| held.caller(&person.id));
    let line = by.into_iter().fold(line, Line::by);
    at_hand.note(Line { detail: Some(method.as_str().to_owned()), ..line });
    Ok(Begun { cookie, person })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_carry_something_else_than_the_cookie() {
        let mut rng = rand::rng();
        let (one, other) = (Opaque::Session.draw(&mut rng), Opaque::Session.draw(&mut rng));
        let (one, other) = (one.expose(), other.expose());
        assert!(!csrf_of(one).contains(one) && csrf_of(one) != csrf_of(other));
        assert!(is_same(&csrf_of(one), &csrf_of(one)) && !is_same(&csrf_of(one), &csrf_of(other)));
        assert!(!is_same("a", "") && !is_same("", "a"));
    }
}
