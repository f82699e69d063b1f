//! What the registry keeps of people beyond their roles: names, ways to sign in, sessions, API keys, and the trail of
//! what they did. None of it is an act; all of it can be erased while the log stands.

pub mod oidc;
pub mod own;
pub mod people;
pub mod reading;
pub mod retention;
pub mod session;
pub mod sign_in;
pub mod throttle;
pub mod trail;

use std::collections::BTreeSet;

use domain::act::{OrganisationId, PersonId};
use domain::authority::{Actor, Proof, Scope, SessionLimits};
use domain::calendar::Instant;
use domain::parties::CorporateNumber;
use domain::people::{Membership, OrganisationKind, Person};
use domain::text::Text;

/// An organisation as the registry knows it: its id is its corporate number, or a name given out where it has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrganisationId,
    pub kind: OrganisationKind,
    pub name: String,
    /// 法人番号; a sole proprietor has none.
    pub number: Option<CorporateNumber>,
}

impl Organisation {
    /// An organisation whose number, if it has one, is its id.
    pub fn new(id: OrganisationId, kind: OrganisationKind, name: String) -> Self {
        let number = id.as_str().parse().ok();
        Self { id, kind, name, number }
    }
}

/// An organisation's id as it is typed: a corporate number in any width, or else a short name. Digits alone are a
/// number, and one that is wrong is refused.
pub fn read_organisation_id(typed: &str) -> Result<OrganisationId, Text> {
    let typed = typed.trim();
    let is_number = typed.chars().all(|c| c.is_numeric() || !c.is_alphanumeric());
    let id = if is_number { typed.parse::<CorporateNumber>()?.to_string() } else { typed.to_owned() };
    id.parse().map_err(|_| {
        let read: String = typed.chars().take(60).collect();
        Text::new(
            format!("13桁の法人番号か、半角の英数字とハイフンの短い名前（40文字まで）を入力してください（読み取った値：{read}）。"),
            format!("Enter a corporate number, or a short name of ASCII letters, digits and hyphens; read: {read}."),
        )
    })
}

/// Can this be a short name that was given out, such as a session's? Nothing else is looked for: no database takes a
/// NUL.
pub fn is_short_name(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// A mail address as it is typed: something on both sides of one @, no blanks, at most 254 characters.
pub fn read_mail_address(typed: &str) -> Result<String, Text> {
    let typed = typed.trim();
    let is_address = |(name, host): (&str, &str)| !name.is_empty() && !host.is_empty() && !host.contains('@');
    if typed.len() <= 254 && !typed.contains(char::is_whitespace) && typed.split_once('@').is_some_and(is_address) {
        return Ok(typed.to_lowercase());
    }
    let read: String = typed.chars().take(60).collect();
    Err(Text::new(
        format!("メールアドレスを name@example.jp のように入力してください（読み取った値：{read}）。"),
        format!("Enter a mail address like name@example.jp; read: {read}."),
    ))
}

/// What can be erased of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub person: PersonId,
    /// Empty once it is erased.
    pub name: String,
    /// In lower case; nobody else's.
    pub email: Option<String>,
    /// Whom this person's devices keep passkeys for.
    pub handle: String,
}

/// A way to sign in here.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// A passkey's own id in base64url, or else a random one.
    pub id: String,
    pub person: PersonId,
    pub kind: CredentialKind,
    /// What its owner calls it.
    pub label: String,
    /// A hash, a TOTP secret, or a passkey's public part; never shown.
    pub secret: String,
    pub made_at: Instant,
    pub used_at: Option<Instant>,
    /// The last step of a TOTP that was used.
    pub step: Option<u64>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({} {:?} of {})", self.id, self.kind, self.person)
    }
}

/// What kind of way it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CredentialKind {
    Passkey,
    Password,
    Totp,
    Recovery,
}

impl CredentialKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Passkey, Self::Password, Self::Totp, Self::Recovery];

    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::Totp => "totp",
            Self::Recovery => "recovery",
        }
    }
}

/// A link for one use: to set up the first way to sign in, or a new one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// SHA-256 of what stands in the link, in hexadecimal.
    pub digest: String,
    pub person: PersonId,
    pub purpose: Purpose,
    pub made_by: PersonId,
    pub expires_at: Instant,
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Invitation,
    Recovery,
}

impl Purpose {
    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Recovery => "recovery",
        }
    }
}

/// Seconds for which a link can be used.
pub const LINK_SECONDS: u32 = 15 * 60;

/// A running session. The browser's cookie holds what `digest` is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's value, in hexadecimal.
    pub digest: String,
    /// A short name under which its owner sees and ends it.
    pub id: String,
    pub person: PersonId,
    pub method: Method,
    pub begun_at: Instant,
    /// The last time the person signed in, in this session.
    pub signed_in_at: Instant,
    pub seen_at: Instant,
    /// The browser's own name for itself, cut to 200 characters.
    pub agent: String,
    pub address: Option<String>,
    /// What its forms carry. It outlives signing in again, so that a form that was open can still be sent.
    pub csrf: String,
}

impl Session {
    /// Does it run at `at`, for somebody with these roles?
    pub fn is_running(&self, person: &Person, at: Instant) -> bool {
        !person.is_dismissed && seconds_left(&person.memberships, self.seen_at, self.begun_at, at) >= 0
    }

    /// Seconds for which it goes on after an answer at `at`, if nothing more is asked.
    pub fn seconds_left(&self, actor: &Actor, at: Instant) -> i64 {
        seconds_left(&actor.memberships, at, self.begun_at, at)
    }

    /// How its owner showed who they are.
    pub fn proof(&self) -> Proof {
        Proof::Session { signed_in_at: self.signed_in_at }
    }
}

/// Seconds from `at` to the end of a session that began and was last seen at these instants.
fn seconds_left(held: &[Membership], seen: Instant, begun: Instant, at: Instant) -> i64 {
    let limits = SessionLimits::of(held.iter().map(|held| held.role));
    (seen.unix() + limits.idle).min(begun.unix() + limits.whole) - at.unix()
}

/// How somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// OpenID Connect: GビズID.
    Oidc,
    Passkey,
    /// A password with a one-time code.
    Password,
    /// A recovery code or link.
    Recovery,
    /// An invitation.
    Invitation,
    /// The demonstration's own.
    Demonstration,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Oidc, Self::Passkey, Self::Password, Self::Recovery, Self::Invitation, Self::Demonstration];

    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Oidc => "oidc",
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::Recovery => "recovery",
            Self::Invitation => "invitation",
            Self::Demonstration => "demonstration",
        }
    }
}

/// A key of a provider's system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    /// A short name under which it is seen and ended.
    pub id: String,
    /// SHA-256 of the key, in hexadecimal.
    pub digest: String,
    /// Who had it made, and answers for what is done with it.
    pub person: PersonId,
    pub organisation: OrganisationId,
    pub label: String,
    pub scopes: BTreeSet<Scope>,
    pub made_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub ended_at: Option<Instant>,
}

impl ApiKey {
    /// Does it work at `at`?
    pub fn is_good(&self, at: Instant) -> bool {
        self.ended_at.is_none() && at < self.expires_at
    }
}

/// Keys that an organisation may have at a time: one, and its successor while it is put in place.
pub const MOST_API_KEYS: usize = 2;
/// Days for which a key may be made.
pub const MOST_API_KEY_DAYS: i32 = 366;

/// Why somebody is not let in, or an account is not changed. Nothing has changed but counts of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Name, password, code or passkey do not fit; which of them is nobody's business.
    SignIn,
    /// Too many failures: wait this many seconds.
    Wait { seconds: i64 },
    /// The link was used, replaced, or its fifteen minutes are over.
    LinkGone,
    /// The sign-in took too long or was begun elsewhere.
    CeremonyGone,
    /// The password is too short or too long.
    PasswordLength { characters: usize },
    /// The password is one that everybody tries.
    PasswordCommon,
    /// The password so far is another.
    OldPassword,
    /// The code is not the one the app shows now.
    Code,
    /// The browser's passkey was not accepted.
    Passkey,
    /// It is the last way to sign in.
    LastCredential,
    /// The organisation has [`MOST_API_KEYS`] already.
    TooManyKeys,
    /// The key has ended already.
    KeyEnded,
    /// A key works for 1 to [`MOST_API_KEY_DAYS`] days.
    KeyDays { days: i32 },
    /// A key without a scope does nothing.
    NoScope,
    /// Somebody else has this mail address.
    EmailTaken,
    /// The person still acts: dismiss them first.
    StillActs,
    /// The GビズID account now belongs to another corporate number than when it was first used.
    NumberChanged,
    /// A gBizIDメンバー of a sole proprietor: GビズID does not say of which one.
    NoOrganisation,
    /// The organisation's people are invited, because it examines and decides.
    ByInvitation,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_has_something_on_both_sides() {
        for (typed, expected) in [
            (" Hanako@Example.JP ", Some("hanako@example.jp")),
            ("hanako", None),
            ("@example.jp", None),
            ("hanako@", None),
            ("a@b@c", None),
            ("hana ko@example.jp", None),
        ] {
            assert_eq!(read_mail_address(typed).ok().as_deref(), expected, "{typed}");
        }
        let wrong = read_mail_address("花子").unwrap_err();
        assert!(wrong.ja.contains("花子") && wrong.en.contains("花子"), "{wrong:?}");
    }
}
