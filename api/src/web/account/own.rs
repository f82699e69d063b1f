//! One's own account: roles, ways to sign in, and where one is signed in.

use domain::text::Text;
use poem::web::{Data, Form, Path};
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::invitation::{chosen, codes_page, drawn, opened};
use super::sign_in::{BeginCeremony, no_passkeys};
use super::{apart, json};
use crate::account::own::{AddPasskey, EndSession, RemoveCredential, RenewCodes, SetPassword, require_fresh};
use crate::account::{CredentialKind, Profile, Refusal, Session};
use crate::acts::Errand;
use crate::caller::{Visitor, signed_in};
use crate::identity::password;
use crate::identity::secret::{Secret, digest};
use crate::identity::totp::Key;
use crate::problem::{Problem, Told};
use crate::seal::qr;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::account::{AccountPage, Held, SessionLine, Way};
use crate::web::{Answer, page, to};

const TOTP: &str = "account.totp";
const PASSKEY: &str = "account.passkey";

/// What is posted.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    /// The password so far, where there is one.
    old: Option<Secret>,
    password: Option<Secret>,
    again: Option<Secret>,
    code: Option<Secret>,
}

/// A passkey that was made.
#[derive(Deserialize)]
pub(crate) struct Made {
    #[serde(default)]
    answer: String,
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    shown(registry, signed_in(request)?, None).await
}

/// The session; a request of this chapter always has one.
fn session(visitor: &Visitor) -> Result<&Session, Problem> {
    visitor.session.as_ref().ok_or_else(Problem::signed_out)
}

async fn profile(registry: &Shared, visitor: &Visitor) -> Result<Profile, Problem> {
    let found = registry.store.profile(&visitor.actor.person).await?;
    found.ok_or_else(|| Problem::internal(&format!("{} has no profile", visitor.actor.person)))
}

fn ceremony(visitor: &Visitor, kind: &str) -> Result<String, Problem> {
    Ok(digest(&format!("{kind}\n{}", session(visitor)?.id)))
}

/// The secret of a new app that this session's page shows, the same each time.
async fn totp(registry: &Shared, visitor: &Visitor) -> Result<Key, Problem> {
    let digest = ceremony(visitor, TOTP)?;
    let kept = registry.store.ceremony(&digest, TOTP, visitor.at).await?;
    if let Some(key) = kept.and_then(|kept| opened(registry, &digest, &kept)) {
        return Ok(key);
    }
    let (key, state) = drawn(registry, &digest);
    let errand = BeginCeremony { digest, kind: TOTP, state };
    registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    Ok(key)
}

async fn shown(registry: &Shared, visitor: &Visitor, error: Option<Problem>) -> Answer {
    let person = &visitor.actor.person;
    let profile = profile(registry, visitor).await?;
    let credentials = registry.store.credentials_of(person).await?;
    let ways = credentials.iter().filter(|own| matches!(own.kind, CredentialKind::Passkey | CredentialKind::Password));
    let own = session(visitor)?;
    let mut sessions = Vec::new();
    let known = registry.store.person(person).await?;
    for other in registry.store.sessions_of(person).await? {
        if known.as_ref().is_some_and(|known| other.is_running(known, visitor.at)) {
            sessions.push(SessionLine { is_this: other.id == own.id, session: other });
        }
    }
    let organisations = registry.store.organisations().await?;
    let name = |id: &domain::act::OrganisationId| {
        organisations.iter().find(|of| of.id == *id).map_or_else(|| id.to_string(), |of| of.name.clone())
    };
    let day = visitor.at.day();
    let held = visitor.actor.memberships.iter().filter(|held| held.is_in_force(day)).map(|held| Held {
        role: crate::problem::people::role(held.role).ja,
        organisation: name(&held.organisation),
        until: held.until,
    });
    let key = totp(registry, visitor).await?;
    let login = profile.email.clone().unwrap_or_else(|| person.to_string());
    let link = key.link("お助け隊サービス登録簿", &login);
    let told = error.as_ref().map(Told::from);
    let response = page(&AccountPage {
        frame: desk_frame(registry, visitor),
        person: person.to_string(),
        profile,
        held: held.collect(),
        ways: ways.map(Way::new).collect(),
        codes: credentials.iter().filter(|own| own.kind == CredentialKind::Recovery).count(),
        sessions,
        has_passkeys: registry.passkeys.is_some(),
        has_password: credentials.iter().any(|own| own.kind == CredentialKind::Password),
        qr: qr::inline(link.expose()).map_err(|error| Problem::internal(&error))?,
        totp: key.groups(),
        totp_link: link,
        error: error.map(|problem| problem.detail),
    })?;
    Ok(told.into_iter().fold(response, |page, told| told.said_of(page)))
}

/// Runs an errand of one's own; the page again where it is refused.
async fn done<E: Errand>(
    registry: &Shared,
    visitor: &Visitor,
    errand: E,
) -> Result<Result<E::Done, Response>, Problem> {
    match registry.run(errand, visitor.origin.clone(), visitor.at).await {
        Ok(done) => Ok(Ok(done)),
        Err(refused) => shown(registry, visitor, Some(refused.into())).await.map(Err),
    }
}

fn back<T>(outcome: Result<T, Response>) -> Answer {
    Ok(outcome.map_or_else(|refused| refused, |_| to("/account")))
}

#[handler]
pub(crate) async fn set_password(
    request: &Request,
    Data(registry): Data<&Shared>,
    Form(given): Form<Chosen>,
) -> Answer {
    let visitor = signed_in(request)?;
    let wrong = |detail: Text| Problem { detail, ..Refusal::PasswordCommon.into() };
    if let Err(refused) = require_fresh(&visitor.actor, visitor.at) {
        return shown(registry, visitor, Some(refused.into())).await;
    }
    let profile = profile(registry, visitor).await?;
    let key = totp(registry, visitor).await?;
    let empty = || Secret::from("");
    let (code, old) = (given.code.unwrap_or_else(empty), given.old.unwrap_or_else(empty));
    let Some(step) = key.verify(code.expose(), visitor.at, None) else {
        return shown(registry, visitor, Some(Refusal::Code.into())).await;
    };
    let hash = match chosen(registry, &profile, given.password, given.again).await? {
        Ok(hash) => hash,
        Err(detail) => return shown(registry, visitor, Some(wrong(detail))).await,
    };
    let stored = registry.store.credentials_of(&visitor.actor.person).await?;
    let stored = stored.into_iter().find(|own| own.kind == CredentialKind::Password).map(|own| own.secret);
    let is_old_right = match stored {
        Some(stored) => apart(move || password::verify(&stored, &old)).await?,
        None => false,
    };
    let actor = visitor.actor.clone();
    let errand = SetPassword { actor, is_old_right, hash, totp: key.base32(), step };
    match done(registry, visitor, errand).await? {
        Ok(Err(refusal)) => shown(registry, visitor, Some(refusal.into())).await,
        Ok(Ok(())) => Ok(to("/account")),
        Err(again) => Ok(again),
    }
}

#[handler]
pub(crate) async fn passkey_options(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    require_fresh(&visitor.actor, visitor.at)?;
    let passkeys = registry.passkeys.as_ref().ok_or_else(no_passkeys)?;
    let profile = profile(registry, visitor).await?;
    let credentials = registry.store.credentials_of(&visitor.actor.person).await?;
    let existing = credentials.iter().filter(|own| own.kind == CredentialKind::Passkey);
    let existing: Vec<&str> = existing.map(|own| own.secret.as_str()).collect();
    let handle = profile.handle.parse().map_err(|error| Problem::internal(&error))?;
    let begun =
        passkeys.begin_registration(handle, &profile.name, &existing).map_err(|fault| Problem::internal(&fault))?;
    let errand = BeginCeremony { digest: ceremony(visitor, PASSKEY)?, kind: PASSKEY, state: begun.state };
    registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    json(begun.options)
}

#[handler]
pub(crate) async fn add_passkey(request: &Request, Data(registry): Data<&Shared>, Form(given): Form<Made>) -> Answer {
    let visitor = signed_in(request)?;
    let passkeys = registry.passkeys.as_ref().ok_or_else(no_passkeys)?;
    if let Err(refused) = require_fresh(&visitor.actor, visitor.at) {
        return shown(registry, visitor, Some(refused.into())).await;
    }
    let state = registry.store.ceremony(&ceremony(visitor, PASSKEY)?, PASSKEY, visitor.at).await?;
    let made = state.and_then(|state| passkeys.finish_registration(&state, &given.answer).ok());
    let Some(made) = made else {
        return shown(registry, visitor, Some(Refusal::Passkey.into())).await;
    };
    let errand = AddPasskey { actor: visitor.actor.clone(), id: made.id, secret: made.credential };
    back(done(registry, visitor, errand).await?)
}

#[handler]
pub(crate) async fn remove(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    back(done(registry, visitor, RemoveCredential { actor: visitor.actor.clone(), id }).await?)
}

#[handler]
pub(crate) async fn renew_codes(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    match done(registry, visitor, RenewCodes { actor: visitor.actor.clone() }).await? {
        Ok(codes) => codes_page(registry, request, &codes, None),
        Err(refused) => Ok(refused),
    }
}

#[handler]
pub(crate) async fn end_others(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let digest = session(visitor)?.digest.clone();
    back(done(registry, visitor, EndSession::Others { actor: visitor.actor.clone(), digest }).await?)
}

#[handler]
pub(crate) async fn end_one(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    back(done(registry, visitor, EndSession::Named { actor: visitor.actor.clone(), id }).await?)
}
