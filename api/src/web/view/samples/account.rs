//! Pages about accounts, in all their states.

use domain::act::{Determination, Role, Verdict};
use domain::proposal::{Dropped, Motion, Proposal, Standing};
use domain::text::{Language, Text};

use super::{HOSTILE, Put, at, error, now};
use crate::account::{Credential, CredentialKind, Method, Profile, Purpose, Session};
use crate::identity::secret::Secret;
use crate::web::view::account::{AccountPage, CodesPage, Held, InvitationPage, SessionLine, SignInPage, Way};
use crate::web::view::authority::AuthorityPage;
use crate::web::view::form::Form;
use crate::web::view::frame::{Frame, Viewer};
use crate::web::view::proposals::{ProposalPage, ProposalsPage, Proposed};

/// Pages in both languages.
pub(super) fn add(language: Language, put: &mut Put) {
    let refused = Text::new(
        "サインインできません。入力を確かめて、もう一度お試しください。",
        "You cannot be signed in. Check what you entered and try again.",
    );
    let sign_in = |error, has_passkeys, login: &str| SignInPage {
        frame: Frame::public(language, "/sign-in", None, true),
        error,
        login: login.to_owned(),
        next: Some("/applications".to_owned()),
        has_oidc: has_passkeys,
        has_passkeys,
    };
    put("authority", &AuthorityPage { frame: Frame::public(language, "/authority", None, true) });
    put("sign-in", &sign_in(None, true, ""));
    put("sign-in-wrong", &sign_in(Some(refused), false, HOSTILE));
}

/// Pages in Japanese only.
pub(super) fn add_desk(put: &mut Put) {
    put("invitation", &invitation(Purpose::Invitation, None, None));
    put(
        "invitation-wrong",
        &invitation(
            Purpose::Recovery,
            Some(Text::new("パスワードは12文字から128文字です（いまは3文字）。", "12 to 128.")),
            Some(Text::new("確認コードが合いません。", "The code does not fit.")),
        ),
    );
    let code = || Secret::from("01AB-23CD-45EF-67GH-01AB-23CD");
    put("codes", &CodesPage { frame: frame(Role::Examiner), codes: (0..10).map(|_| code()).collect() });
    put("account", &account(None));
    put("account-wrong", &account(Some(Text::new("最後のサインインの方法です。", "Your last way."))));
    let one = |standing| Proposed::new(&proposal(), HOSTILE.to_owned(), standing);
    put("proposals", &ProposalsPage { frame: frame(Role::Secretariat), proposals: vec![one(Standing::Open)] });
    put("proposals-empty", &ProposalsPage { frame: frame(Role::Auditor), proposals: Vec::new() });
    let page = |standing, may_confirm, may_drop| ProposalPage {
        frame: frame(Role::Secretariat),
        proposed: one(standing),
        may_confirm,
        may_drop,
        form: Form::default(),
        refusal: None,
    };
    put("proposal", &page(Standing::Open, true, true));
    put("proposal-own", &page(Standing::Open, false, true));
    put("proposal-dropped", &page(Standing::Dropped, false, false));
    let form = Form::default().with([error("/reason", "理由を書いてください。", "A reason is required.")]);
    put("proposal-wrong", &ProposalPage { form, ..page(Standing::Open, true, true) });
    let refusal = Some(Text::new("もう一度サインインしてください。", "Sign in again."));
    put("proposal-again-wrong", &ProposalPage { refusal, ..page(Standing::Expired, false, false) });
}

pub(super) fn frame(role: Role) -> Frame {
    let viewer = Viewer {
        name: "例示 花子".to_owned(),
        roles: vec![role],
        csrf: "form-token".to_owned(),
        unread: 3,
        ends_in: 3_600,
    };
    Frame::desk(viewer, true)
}

const QR: &str = "data:image/svg+xml;base64,PHN2Zy8+";

fn invitation(purpose: Purpose, password: Option<Text>, code: Option<Text>) -> InvitationPage {
    InvitationPage {
        frame: Frame::public(Language::Ja, "/invitation/otl_example", None, true),
        purpose,
        name: HOSTILE.to_owned(),
        login: "hanako@example.jp".to_owned(),
        action: "/invitation/otl_example".to_owned(),
        has_passkeys: purpose == Purpose::Invitation,
        qr: QR.to_owned(),
        totp: Secret::from("ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567"),
        totp_link: Secret::from("otpauth://totp/example?secret=ABCD"),
        password,
        code,
    }
}

fn account(error: Option<Text>) -> AccountPage {
    let person = "P-04HMASW9".parse().expect("an id");
    let own = |kind, used_at| Credential {
        id: "C-04HMASW9".to_owned(),
        person: "P-04HMASW9".parse().expect("an id"),
        kind,
        label: String::new(),
        secret: "never shown".to_owned(),
        made_at: at("2026-11-02T03:04:05Z"),
        used_at,
        step: None,
    };
    let session = |id: &str, method| Session {
        digest: "5e".repeat(32),
        id: id.to_owned(),
        person: "P-04HMASW9".parse().expect("an id"),
        method,
        begun_at: at("2026-11-20T00:00:00Z"),
        signed_in_at: at("2026-11-20T00:00:00Z"),
        seen_at: now(),
        agent: HOSTILE.to_owned(),
        address: Some("192.0.2.7".to_owned()),
        csrf: "form-token".to_owned(),
    };
    let sessions = [("S-1", Method::Passkey, true), ("S-2", Method::Password, false), ("S-3", Method::Oidc, false)];
    AccountPage {
        frame: frame(Role::ProviderOwner),
        profile: Profile {
            person,
            name: HOSTILE.to_owned(),
            email: Some("hanako@example.jp".to_owned()),
            handle: "never shown".to_owned(),
        },
        person: "P-04HMASW9".to_owned(),
        held: vec![Held {
            role: "代理人".to_owned(),
            organisation: "例示通信株式会社".to_owned(),
            until: Some("2027-03-31".parse().expect("a day")),
        }],
        ways: vec![
            Way::new(&own(CredentialKind::Passkey, Some(now()))),
            Way::new(&own(CredentialKind::Password, None)),
        ],
        codes: 9,
        sessions: sessions
            .into_iter()
            .map(|(id, method, is_this)| SessionLine { session: session(id, method), is_this })
            .collect(),
        has_passkeys: true,
        has_password: true,
        qr: QR.to_owned(),
        totp: Secret::from("ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567"),
        totp_link: Secret::from("otpauth://totp/example?secret=ABCD"),
        error,
    }
}

fn proposal() -> Proposal {
    let decision = Determination { verdict: Verdict::Pass, reason: HOSTILE.to_owned() };
    Proposal {
        id: "Q-04HMASW9".parse().expect("an id"),
        version: 1,
        motion: Motion::Decide {
            application: "A-2026-00193".parse().expect("an id"),
            decision,
            conditions: Vec::new(),
        },
        about_version: 4,
        basis: None,
        by: "P-04HMASW9".parse().expect("an id"),
        made_at: at("2026-11-20T00:00:00Z"),
        until: at("2026-12-04T15:00:00Z"),
        statement: None,
        dropped: Some(Dropped {
            by: "P-04HMASW9".parse().expect("an id"),
            at: now(),
            reason: "事実を確かめ直す。".to_owned(),
        }),
        changed_at: now(),
    }
}
