//! Signing in with a password and a code, or with a passkey; and out again.

use domain::text::Text;

use poem::http::{HeaderValue, header};
use poem::web::{Data, Form};
use poem::{Request, handler};
use serde::Deserialize;

use super::{apart, browser, enter, is_inside, json};
use crate::account::own::EndSession;
use crate::account::sign_in::{ByPasskey, ByPassword, PASSKEY_SIGN_IN, tried};
use crate::account::{CredentialKind, Refusal};
use crate::acts::{AtHand, Errand, Refused};
use crate::caller::{cookie, cookie_name, origin, signed_in};
use crate::clock;
use crate::gate::{set_cookie, visit_name};
use crate::identity::password;
use crate::identity::secret::{Secret, digest};
use crate::problem::face::{CLEAR_SITE_DATA, EVERYTHING_KEPT, policy_to};
use crate::problem::{Problem, Told};
use crate::web::session::{Shared, public_frame};
use crate::web::view::account::SignInPage;
use crate::web::{Answer, page, to};

/// Seconds between the two steps of a passkey's ceremony.
const CEREMONY: u32 = 5 * 60;

/// Where to go after signing in.
#[derive(Deserialize)]
struct Next {
    next: Option<String>,
}

/// What is posted.
#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    login: String,
    password: Option<Secret>,
    code: Option<Secret>,
    next: Option<String>,
}

/// A passkey's answer.
#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    answer: String,
    next: Option<String>,
}

#[handler]
pub(crate) async fn form(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let next = request.params::<Next>().ok().and_then(|query| query.next);
    written(registry, &shown(registry, request, String::new(), next, None))
}

/// The page, whose form for GビズID may lead there.
///
/// Chromium holds every redirect of a posted form against `form-action`, and would stop the browser without a word on
/// its way to the provider. So this page, and no other, names the provider's origin. A link would need no such leave,
/// but anybody's page could hold it too: a form carries what only our page could give it.
pub(super) fn written(registry: &Shared, shown: &SignInPage) -> Answer {
    let mut response = page(shown)?;
    if let Some(client) = &registry.oidc {
        let policy = HeaderValue::from_str(&policy_to(&client.origin())).map_err(|error| Problem::internal(&error))?;
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

pub(super) fn shown(
    registry: &Shared,
    request: &Request,
    login: String,
    next: Option<String>,
    error: Option<Text>,
) -> SignInPage {
    SignInPage {
        frame: public_frame(registry, request),
        error,
        login,
        next: next.filter(|next| is_inside(next)),
        has_oidc: registry.oidc.is_some(),
        has_passkeys: registry.passkeys.is_some(),
    }
}

fn refused(registry: &Shared, request: &Request, login: String, next: Option<String>, refusal: Refusal) -> Answer {
    let problem = Problem::from(refusal);
    let page = written(registry, &shown(registry, request, login, next, Some(problem.detail.clone())))?;
    let mut refused = Told::from(&problem).said_of(page);
    if let Some(seconds) = problem.retry_after {
        refused.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(refused)
}

#[handler]
pub(crate) async fn by_password(request: &Request, Data(registry): Data<&Shared>, Form(entry): Form<Entry>) -> Answer {
    let (from, at) = (origin(request), clock::now());
    let next = entry.next.filter(|next| is_inside(next));
    let login: String = entry.login.trim().chars().take(200).collect();
    let empty = || Secret::from("");
    let (typed, code) = (entry.password.unwrap_or_else(empty), entry.code.unwrap_or_else(empty));
    let tried = tried(&login, &from);
    let wait = registry.store.failures(&tried).await?.map_or(0, |failures| failures.wait(at));
    if wait > 0 {
        return refused(registry, request, login, next, Refusal::Wait { seconds: wait });
    }
    let person = registry.store.person_named(&login).await?;
    let stored = match &person {
        Some(person) => registry.store.credentials_of(person).await?,
        None => Vec::new(),
    };
    let hash = stored.into_iter().find(|own| own.kind == CredentialKind::Password).map(|own| own.secret);
    let mut rng = registry.draw_rng();
    let checked = apart(move || match &hash {
        Some(hash) => {
            let is_right = password::verify(hash, &typed);
            (is_right, (is_right && password::needs_rehash(hash)).then(|| password::hash(&typed, &mut rng)))
        }
        None => (password::verify_nobody(&typed), None),
    });
    let (is_right, rehashed) = checked.await?;
    let errand = ByPassword { person, is_right, rehashed, code, tried, browser: browser(registry, request) };
    match registry.run(errand, from, at).await.map_err(Problem::from)? {
        Ok(begun) => Ok(enter(registry, &begun, next.as_deref())),
        Err(refusal) => refused(registry, request, login, next, refusal),
    }
}

/// What begins a passkey's ceremony for this visit; an earlier one ends.
#[derive(Debug)]
pub(super) struct BeginCeremony {
    pub(super) digest: String,
    pub(super) kind: &'static str,
    pub(super) state: String,
}

impl Errand for BeginCeremony {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let expires_at = at_hand.at.plus_seconds(CEREMONY);
        at_hand.tx.take_ceremony(&self.digest, self.kind, at_hand.at).await?;
        at_hand.tx.insert_ceremony(&self.digest, self.kind, self.state, expires_at).await?;
        Ok(())
    }
}

/// Under which this visit's ceremony of a kind is remembered.
pub(super) fn ceremony_of(registry: &Shared, request: &Request, kind: &str) -> String {
    let visit = cookie(request.headers(), visit_name(registry)).unwrap_or_default();
    digest(&format!("{kind}\n{visit}"))
}

#[handler]
pub(crate) async fn passkey_options(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let passkeys = registry.passkeys.as_ref().ok_or_else(no_passkeys)?;
    let begun = passkeys.begin_authentication().map_err(|fault| Problem::internal(&fault))?;
    let digest = ceremony_of(registry, request, PASSKEY_SIGN_IN);
    let errand = BeginCeremony { digest, kind: PASSKEY_SIGN_IN, state: begun.state };
    registry.run(errand, origin(request), clock::now()).await.map_err(Problem::from)?;
    json(begun.options)
}

/// The register is reached in a way for which no browser makes passkeys.
pub(super) fn no_passkeys() -> Problem {
    Problem::not_found(&Text::new("パスキー", "passkey"), "options")
}

#[handler]
pub(crate) async fn by_passkey(
    request: &Request,
    Data(registry): Data<&Shared>,
    Form(given): Form<Answered>,
) -> Answer {
    let passkeys = registry.passkeys.clone().ok_or_else(no_passkeys)?;
    let next = given.next.filter(|next| is_inside(next));
    let ceremony = ceremony_of(registry, request, PASSKEY_SIGN_IN);
    let errand = ByPasskey { passkeys, ceremony, answer: given.answer, browser: browser(registry, request) };
    match registry.run(errand, origin(request), clock::now()).await.map_err(Problem::from)? {
        Ok(begun) => Ok(enter(registry, &begun, next.as_deref())),
        Err(refusal) => refused(registry, request, String::new(), next, refusal),
    }
}

#[handler]
pub(crate) async fn leave(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    if let Some(session) = &visitor.session {
        let errand = EndSession::This { actor: visitor.actor.clone(), digest: session.digest.clone() };
        registry.run(errand, visitor.origin.clone(), visitor.at).await.map_err(Problem::from)?;
    }
    let mut response = to("/");
    set_cookie(&mut response, registry, cookie_name(registry), "", "; Max-Age=0");
    response.headers_mut().insert(CLEAR_SITE_DATA, EVERYTHING_KEPT);
    Ok(response)
}
