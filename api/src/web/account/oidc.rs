//! Signing in with GビズID: off to the provider, and back.

use domain::text::{Language, Text};
use poem::http::{HeaderValue, header};
use poem::web::{Data, Form};
use poem::{Request, handler};
use serde::{Deserialize, Serialize};

use super::sign_in::{ceremony_of, shown, written};
use super::{browser, enter, is_inside};
use crate::account;
use crate::account::oidc::{ByOidc, Depart, Refuse, Return};
use crate::account::trail::Origin;
use crate::caller::{known, origin};
use crate::clock;
use crate::identity::secret;
use crate::oidc::{Asked, Callback, Client, Kept, Refusal, Secret};
use crate::problem::{Problem, Told};
use crate::web::session::Shared;
use crate::web::{Answer, language, to};

/// What is posted.
#[derive(Deserialize)]
struct Entry {
    next: Option<String>,
}

/// Where somebody wanted to go, and in which language they are told that they cannot.
#[derive(Clone, Serialize, Deserialize)]
struct Way {
    next: Option<String>,
    is_english: bool,
}

impl Way {
    fn new(next: Option<String>, language: Language) -> Self {
        Self { next: next.filter(|next| is_inside(next)), is_english: language == Language::En }
    }

    fn language(&self) -> Language {
        if self.is_english { Language::En } else { Language::Ja }
    }
}

/// What is remembered of a browser that is at the provider.
#[derive(Serialize, Deserialize)]
struct Remembered {
    state: String,
    nonce: String,
    verifier: String,
    way: Way,
}

impl Remembered {
    fn new(kept: &Kept, way: Way) -> Self {
        let [state, nonce, verifier] =
            [&kept.state, &kept.nonce, &kept.verifier].map(|secret| secret.expose().to_owned());
        Self { state, nonce, verifier, way }
    }

    fn kept(self) -> Kept {
        let [state, nonce, verifier] = [self.state, self.nonce, self.verifier].map(Secret::from);
        Kept { state, nonce, verifier }
    }
}

/// Off to the provider. Whoever is signed in already signs in again: then the person is asked, not the provider's
/// memory.
#[handler]
pub(crate) async fn depart(request: &Request, Data(registry): Data<&Shared>, Form(entry): Form<Entry>) -> Answer {
    let client = client(registry)?;
    let (from, at) = (origin(request), clock::now());
    let way = Way::new(entry.next, language(request));
    let asked = if known(request).is_some() { Asked::WhoAnew } else { Asked::Who };
    let begun = match client.begin(&mut registry.draw_rng(), asked, at).await {
        Ok(begun) => begun,
        Err(refusal) => return refused(registry, request, logged(&from, refusal), &way).await,
    };
    let kept = serde_json::to_string(&Remembered::new(&begun.kept, way)).map_err(|error| Problem::internal(&error))?;
    let ceremony = ceremony(registry, request, &begun.kept.state);
    let kept = registry.vault.seal(&ceremony, &secret::Secret::new(kept), &mut registry.draw_rng());
    registry.run(Depart { ceremony, kept }, from, at).await.map_err(Problem::from)?;
    Ok(to(&begun.url))
}

/// Back from the provider. What was remembered is taken first: it is good once, and only for the browser that was sent
/// off with this very state. A return that somebody else began, or invented, finds nothing and uses nothing up.
#[handler]
pub(crate) async fn arrive(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let client = client(registry)?;
    let (from, at) = (origin(request), clock::now());
    let callback = request.params::<Callback>().unwrap_or_default();
    let ceremony = ceremony(registry, request, &callback.state.clone().unwrap_or_default());
    let place = ceremony.clone();
    let taken = registry.run(Return { ceremony }, from.clone(), at).await.map_err(Problem::from)?;
    let kept = taken.and_then(|kept| registry.vault.open(&place, &kept));
    let Some(remembered) = kept.and_then(|kept| serde_json::from_str::<Remembered>(kept.expose()).ok()) else {
        let way = Way::new(None, Language::Ja);
        return refused(registry, request, account::Refusal::CeremonyGone.into(), &way).await;
    };
    let way = remembered.way.clone();
    let identity = match client.finish(&remembered.kept(), callback, at).await {
        Ok(identity) => identity,
        Err(refusal) => return refused(registry, request, logged(&from, refusal), &way).await,
    };
    let errand = ByOidc { identity, browser: browser(registry, request) };
    match registry.run(errand, from, at).await.map_err(Problem::from)? {
        Ok(begun) => Ok(enter(registry, &begun, way.next.as_deref())),
        // The errand has told the trail, and whose account it is.
        Err(refusal) => told(registry, request, refusal.into(), &way),
    }
}

/// Under which a browser's departure is remembered.
fn ceremony(registry: &Shared, request: &Request, state: &Secret) -> String {
    ceremony_of(registry, request, &format!("oidc\n{}", state.expose()))
}

fn client(registry: &Shared) -> Result<&Client, Problem> {
    let missing = || Problem::not_found(&Text::new("サインインの方法", "way to sign in"), "oidc");
    registry.oidc.as_deref().ok_or_else(missing)
}

/// The log knows what exactly was wrong; the person could do nothing with it.
fn logged(from: &Origin, refusal: Refusal) -> Problem {
    tracing::warn!(request = %from.request, %refusal, "nobody was signed in by the identity provider");
    refusal.into()
}

/// Writes it to the trail, and tells the person.
async fn refused(registry: &Shared, request: &Request, problem: Problem, way: &Way) -> Answer {
    let errand = Refuse { code: problem.code };
    registry.run(errand, origin(request), clock::now()).await.map_err(Problem::from)?;
    told(registry, request, problem, way)
}

/// The sign-in page with what was wrong. Its address holds what the provider sent, and none of that is repeated.
fn told(registry: &Shared, request: &Request, problem: Problem, way: &Way) -> Answer {
    let mut again = shown(registry, request, String::new(), way.next.clone(), Some(problem.detail.clone()));
    again.frame.language = way.language();
    again.frame.path = Some("/sign-in".to_owned());
    let mut response = Told::from(&problem).said_of(written(registry, &again)?);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
