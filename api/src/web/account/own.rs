//! One's own account: roles, ways to sign in, and where one is signed in.

use domain::text::Text;
use poem::http::StatusCode;
use poem::web::{Data, Form, Path};
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::invitation::{chosen, codes_page};
use super::json;
use super::sign_in::{BeginCeremony, no_passkeys};
use crate::account::own::{AddCredential, EndSession, RemoveCredential, RenewCodes};
use crate::account::sign_in::NewCredential;
use crate::account::{CredentialKind, Profile, Refusal, Session};
use crate::acts::Errand;
use crate::caller::{Visitor, signed_in};
use crate::identity::secret::{Secret, digest};
use crate::identity::totp::Key;
use crate::problem::Problem;
use crate::seal::qr;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::account::{AccountPage, Held, SessionLine, Way};
use crate::web::{Answer, page, to};

const TOTP: &str = "account.totp";
const PASSKEY: &str = "account.passkey";

/// What is posted.
#[derive(Deserialize)]
pub(crate) struct Chosen {
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
    if let Some(key) = kept.as_deref().and_then(Key::from_base32) {
        return Ok(key);
    }
    let key = Key::draw(&mut registry.draw_rng());
    let errand = BeginCeremony { digest, kind: TOTP, state: key.base32().expose().to_owned() };
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
    let status = error.as_ref().map(|problem| problem.status);
    let mut response = page(&AccountPage {
        frame: desk_frame(registry, visitor),
        person: person.to_string(),
        profile,
        held: held.collect(),
        ways: ways.map(Way::new).collect(),
        codes: credentials.iter().filter(|own| own.kind == CredentialKind::Recovery).count(),
        sessions,
        has_passkeys: registry.passkeys.is_some(),
        qr: qr::inline(link.expose()).map_err(|error| Problem::internal(&error))?,
        totp: key.groups(),
        totp_link: link,
        error: error.map(|problem| problem.detail),
    })?;
    response.set_status(status.unwrap_or(StatusCode::OK));
    Ok(response)
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
    let profile = profile(registry, visitor).await?;
    let key = totp(registry, visitor).await?;
    let code = given.code.unwrap_or_else(|| Secret::from(""));
    let Some(step) = key.verify(code.expose(), visitor.at, None) else {
        return shown(registry, visitor, Some(Refusal::Code.into())).await;
    };
    let hash = match chosen(registry, &profile, given.password, given.again).await? {
        Ok(hash) => hash,
        Err(detail) => return shown(registry, visitor, Some(wrong(detail))).await,
    };
    let new = NewCredential::Password { hash, totp: key.base32(), step };
    back(done(registry, visitor, AddCredential { actor: visitor.actor.clone(), new }).await?)
}

#[handler]
pub(crate) async fn passkey_options(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
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
    let state = registry.store.ceremony(&ceremony(visitor, PASSKEY)?, PASSKEY, visitor.at).await?;
    let made = state.and_then(|state| passkeys.finish_registration(&state, &given.answer).ok());
    let Some(made) = made else {
        return shown(registry, visitor, Some(Refusal::Passkey.into())).await;
    };
    let new = NewCredential::Passkey { id: made.id, secret: made.credential };
    back(done(registry, visitor, AddCredential { actor: visitor.actor.clone(), new }).await?)
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
