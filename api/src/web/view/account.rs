//! Signing in, setting up, and one's own account.

use askama::Template;
use domain::calendar::{Day, Instant};
use domain::text::Text;

use super::frame::Frame;
use crate::account::{Credential, CredentialKind, Method, Profile, Purpose, Session};
use crate::identity::secret::Secret;

/// The ways in.
#[derive(Debug, Template)]
#[template(path = "account/sign_in.html")]
pub struct SignInPage {
    pub frame: Frame,
    pub error: Option<Text>,
    /// What was typed as the login.
    pub login: String,
    /// The path to go on to, within this site.
    pub next: Option<String>,
    /// Does the register know GビズID?
    pub has_oidc: bool,
    pub has_passkeys: bool,
}

/// What a link leads to: setting up how one signs in.
#[derive(Debug, Template)]
#[template(path = "account/invitation.html")]
pub struct InvitationPage {
    pub frame: Frame,
    pub purpose: Purpose,
    pub name: String,
    /// What the person signs in as.
    pub login: String,
    /// The path that the forms are under.
    pub action: String,
    pub has_passkeys: bool,
    /// The authenticator app's link, as a picture and in words.
    pub qr: String,
    pub totp: Secret,
    pub totp_link: Secret,
    /// What is wrong with the password, and with the code.
    pub password: Option<Text>,
    pub code: Option<Text>,
}

/// The recovery codes, shown once.
#[derive(Debug, Template)]
#[template(path = "account/codes.html")]
pub struct CodesPage {
    pub frame: Frame,
    pub codes: Vec<Secret>,
}

/// One's own account.
#[derive(Debug, Template)]
#[template(path = "account/account.html")]
pub struct AccountPage {
    pub frame: Frame,
    /// The person's id.
    pub person: String,
    pub profile: Profile,
    pub held: Vec<Held>,
    pub ways: Vec<Way>,
    /// Recovery codes that are left.
    pub codes: usize,
    pub sessions: Vec<SessionLine>,
    pub has_passkeys: bool,
    /// Is there a password that a new one would replace?
    pub has_password: bool,
    pub qr: String,
    pub totp: Secret,
    pub totp_link: Secret,
    pub error: Option<Text>,
}

/// A role somebody holds.
#[derive(Clone, Debug)]
pub struct Held {
    pub role: String,
    pub organisation: String,
    pub until: Option<Day>,
}

/// A way to sign in.
#[derive(Clone, Debug)]
pub struct Way {
    pub id: String,
    pub word: &'static str,
    pub made_at: Instant,
    pub used_at: Option<Instant>,
}

impl Way {
    /// Nothing of its secret is shown.
    pub fn new(own: &Credential) -> Self {
        let word = match own.kind {
            CredentialKind::Passkey => "パスキー",
            CredentialKind::Password | CredentialKind::Totp => "パスワードと確認コード",
            CredentialKind::Recovery => "リカバリーコード",
        };
        Self { id: own.id.clone(), word, made_at: own.made_at, used_at: own.used_at }
    }
}

/// A running session.
#[derive(Clone, Debug)]
pub struct SessionLine {
    pub session: Session,
    /// It is the one that looks.
    pub is_this: bool,
}

impl SessionLine {
    fn method(&self) -> &'static str {
        match self.session.method {
            Method::Oidc => "GビズID",
            Method::Passkey => "パスキー",
            Method::Password => "パスワードと確認コード",
            Method::Recovery => "リカバリーコード",
            Method::Invitation => "招待のリンク",
            Method::Demonstration => "実演",
        }
    }
}

impl InvitationPage {
    fn is_recovery(&self) -> bool {
        self.purpose == Purpose::Recovery
    }

    fn is_wrong(&self) -> bool {
        self.password.is_some() || self.code.is_some()
    }
}
