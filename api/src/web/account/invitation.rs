//! A link for one use: whoever follows it sets up how they sign in, and is signed in.

use domain::text::Text;
use poem::web::{Data, Form, Path};
use poem::{Request, Response, handler};
use serde::Deserialize;

use super::sign_in::{BeginCeremony, no_passkeys};
use super::{apart, browser, enter, json};
use crate::account::sign_in::{NewCredential, SetUp};
use crate::account::{Link, Profile, Refusal};
use crate::caller::origin;
use crate::clock;
use crate::identity::password::{self, Weak};
use crate::identity::secret::{Opaque, Secret, digest};
use crate::identity::totp::Key;
use crate::problem::{Problem, Told};
use crate::seal::qr;
use crate::web::session::{Shared, public_frame};
use crate::web::view::account::{CodesPage, InvitationPage};
use crate::web::{Answer, page};

const TOTP: &str = "invitation.totp";
const PASSKEY: &str = "invitation.passkey";

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

/// A link that can be used, and whose it is.
struct Opened {
    link: Link,
    profile: Profile,
    /// The secret in the address.
    secret: String,
}

impl Opened {
    async fn open(registry: &Shared, secret: String) -> Result<Self, Problem> {
        let gone = || Problem::from(Refusal::LinkGone);
        let digest = Opaque::Link.read(&secret).ok_or_else(gone)?;
        let link = registry.store.link(&digest, clock::now()).await?.ok_or_else(gone)?;
        let profile = registry.store.profile(&link.person).await?.ok_or_else(gone)?;
        Ok(Self { link, profile, secret })
    }

    /// Under which a ceremony of this link is remembered.
    fn ceremony(&self, kind: &str) -> String {
        digest(&format!("{kind}\n{}", self.link.digest))
    }

    /// The app's secret that this link's page shows, the same each time.
    async fn totp(&self, registry: &Shared, request: &Request) -> Result<Key, Problem> {
        let (at, digest) = (clock::now(), self.ceremony(TOTP));
        let kept = registry.store.ceremony(&digest, TOTP, at).await?;
        if let Some(key) = kept.and_then(|kept| opened(registry, &digest, &kept)) {
            return Ok(key);
        }
        let (key, state) = drawn(registry, &digest);
        let errand = BeginCeremony { digest, kind: TOTP, state };
        registry.run(errand, origin(request), at).await.map_err(Problem::from)?;
        Ok(key)
    }

    async fn page(
        &self,
        registry: &Shared,
        request: &Request,
        password: Option<Text>,
        code: Option<Text>,
    ) -> Result<Response, Problem> {
        let key = self.totp(registry, request).await?;
        let login = self.profile.email.clone().unwrap_or_else(|| self.link.person.to_string());
        let link = key.link("お助け隊サービス登録簿", &login);
        let is_wrong = password.is_some() || code.is_some();
        let mut response = page(&InvitationPage {
            frame: public_frame(registry, request),
            purpose: self.link.purpose,
            name: self.profile.name.clone(),
            login,
            action: format!("/invitation/{}", self.secret),
            has_passkeys: registry.passkeys.is_some(),
            qr: qr::inline(link.expose()).map_err(|error| Problem::internal(&error))?,
            totp: key.groups(),
            totp_link: link,
            password,
            code,
        })?;
        if is_wrong {
            response = Told::INVALID.said_of(response);
        }
        // The address is a secret: no other page may learn it.
        response.headers_mut().insert("referrer-policy", poem::http::HeaderValue::from_static("no-referrer"));
        response.headers_mut().insert("cache-control", poem::http::HeaderValue::from_static("no-store"));
        Ok(response)
    }

    /// Signed in, with the recovery codes.
    async fn set_up(&self, registry: &Shared, request: &Request, new: NewCredential) -> Answer {
        let errand = SetUp { link: self.link.digest.clone(), new, browser: browser(registry, request) };
        let done = registry.run(errand, origin(request), clock::now()).await.map_err(Problem::from)?;
        let ready = done.map_err(Problem::from)?;
        codes_page(registry, request, &ready.codes, Some(&ready.begun))
    }
}

/// An app's new secret, and how it is kept until a code of it is typed.
pub(super) fn drawn(registry: &Shared, ceremony: &str) -> (Key, String) {
    let mut rng = registry.draw_rng();
    let key = Key::draw(&mut rng);
    let kept = registry.vault.seal(ceremony, &key.base32(), &mut rng);
    (key, kept)
}

/// The same secret again.
pub(super) fn opened(registry: &Shared, ceremony: &str, kept: &str) -> Option<Key> {
    Key::from_base32(registry.vault.open(ceremony, kept)?.expose())
}

/// The recovery codes, shown this once.
pub(super) fn codes_page(
    registry: &Shared,
    request: &Request,
    codes: &[Secret],
    begun: Option<&crate::account::session::Begun>,
) -> Answer {
    let mut response = page(&CodesPage { frame: public_frame(registry, request), codes: codes.to_vec() })?;
    response.headers_mut().insert("cache-control", poem::http::HeaderValue::from_static("no-store"));
    if let Some(begun) = begun {
        let mut entered = enter(registry, begun, None);
        let cookies = entered.headers_mut().remove(poem::http::header::SET_COOKIE);
        response.headers_mut().extend(cookies.map(|value| (poem::http::header::SET_COOKIE, value)));
    }
    Ok(response)
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(secret): Path<String>) -> Answer {
    Opened::open(registry, secret).await?.page(registry, request, None, None).await
}

/// A password that may be somebody's, hashed; or what is wrong with it.
pub(super) async fn chosen(
    registry: &Shared,
    profile: &Profile,
    typed: Option<Secret>,
    again: Option<Secret>,
) -> Result<Result<String, Text>, Problem> {
    let typed = typed.unwrap_or_else(|| Secret::from(""));
    if again.is_none_or(|again| again.expose() != typed.expose()) {
        return Ok(Err(Text::new(
            "二つのパスワードが違います。同じものを2回入力してください。",
            "The two passwords differ. Enter the same one twice.",
        )));
    }
    let about = [profile.name.as_str(), profile.email.as_deref().unwrap_or_default(), "お助け隊", "otasuketai"];
    if let Err(weak) = password::check(&typed, &about) {
        let refusal = match weak {
            Weak::Short { characters } | Weak::Long { characters } => Refusal::PasswordLength { characters },
            Weak::Common | Weak::OwnWords => Refusal::PasswordCommon,
        };
        return Ok(Err(Problem::from(refusal).detail));
    }
    let mut rng = registry.draw_rng();
    apart(move || password::hash(&typed, &mut rng)).await.map(Ok)
}

#[handler]
pub(crate) async fn set_password(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(secret): Path<String>,
    Form(given): Form<Chosen>,
) -> Answer {
    let opened = Opened::open(registry, secret).await?;
    let key = opened.totp(registry, request).await?;
    let code = given.code.unwrap_or_else(|| Secret::from(""));
    let Some(step) = key.verify(code.expose(), clock::now(), None) else {
        let wrong = Problem::from(Refusal::Code).detail;
        return opened.page(registry, request, None, Some(wrong)).await;
    };
    match chosen(registry, &opened.profile, given.password, given.again).await? {
        Ok(hash) => {
            let new = NewCredential::Password { hash, totp: key.base32(), step };
            opened.set_up(registry, request, new).await
        }
        Err(wrong) => opened.page(registry, request, Some(wrong), None).await,
    }
}

#[handler]
pub(crate) async fn passkey_options(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(secret): Path<String>,
) -> Answer {
    let passkeys = registry.passkeys.as_ref().ok_or_else(no_passkeys)?;
    let opened = Opened::open(registry, secret).await?;
    let handle = opened.profile.handle.parse().map_err(|error| Problem::internal(&error))?;
    let begun =
        passkeys.begin_registration(handle, &opened.profile.name, &[]).map_err(|fault| Problem::internal(&fault))?;
    let errand = BeginCeremony { digest: opened.ceremony(PASSKEY), kind: PASSKEY, state: begun.state };
    registry.run(errand, origin(request), clock::now()).await.map_err(Problem::from)?;
    json(begun.options)
}

#[handler]
pub(crate) async fn passkey(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(secret): Path<String>,
    Form(given): Form<Made>,
) -> Answer {
    let passkeys = registry.passkeys.as_ref().ok_or_else(no_passkeys)?;
    let opened = Opened::open(registry, secret).await?;
    let state = registry.store.ceremony(&opened.ceremony(PASSKEY), PASSKEY, clock::now()).await?;
    let state = state.ok_or_else(|| Problem::from(Refusal::CeremonyGone))?;
    let made = passkeys.finish_registration(&state, &given.answer).map_err(|_| Problem::from(Refusal::Passkey))?;
    opened.set_up(registry, request, NewCredential::Passkey { id: made.id, secret: made.credential }).await
}
