//! The flow as it should go, and what an honest provider refuses.

use api::clock;
use api::oidc::{Account, Asked, Endpoint, Fault, Identity, Kept, Refusal, Secret};
use data_encoding::BASE64URL_NOPAD;
use tests::oidc::Rig;

use crate::{REDIRECT, Register, query, returned};

fn provider() -> (Rig, Register) {
    let rig = Rig::provider(&[REDIRECT]);
    let register = Register::at(rig.issuer());
    (rig, register)
}

#[test]
fn prime_and_member_sign_in() {
    let (rig, register) = provider();
    for (subject, account, person) in [("prime", Account::Prime, "代表 太郎"), ("member", Account::Member, "山田 花子")]
    {
        let before = clock::now();
        let identity = register.sign_in(&rig, subject).expect("they may sign in");
        let auth_time = identity.auth_time;
        assert!(auth_time.is_some_and(|time| (before..=clock::now()).contains(&time)), "{auth_time:?}");
        let expected = Identity {
            issuer: rig.issuer(),
            subject: subject.to_owned(),
            account,
            corporate_number: Some("8700110005901".parse().expect("a number")),
            organisation_name: Some("株式会社見本".to_owned()),
            person_name: Some(person.to_owned()),
            auth_time,
        };
        assert_eq!(identity, expected);
    }
}

#[test]
fn a_sole_proprietor_signs_in_without_a_number() {
    let (rig, register) = provider();
    let identity = register.sign_in(&rig, "shop").expect("they may sign in");
    assert_eq!((identity.account, identity.corporate_number), (Account::Prime, None));
    assert_eq!(
        (identity.organisation_name.as_deref(), identity.person_name.as_deref()),
        (Some("見本商店"), Some("商店"))
    );
}

#[test]
fn an_account_stays_itself_when_its_organisation_changes() {
    let (rig, register) = provider();
    let before = register.sign_in(&rig, "moving").expect("they may sign in");
    rig.move_to("moving", "4000012090001");
    let after = register.sign_in(&rig, "moving").expect("they may sign in");
    assert_eq!((&before.issuer, &before.subject), (&after.issuer, &after.subject));
    assert_eq!(before.corporate_number.map(|number| number.to_string()).as_deref(), Some("8700110005901"));
    assert_eq!(after.corporate_number.map(|number| number.to_string()).as_deref(), Some("4000012090001"));
}

#[test]
fn entry_is_refused_and_told_why() {
    let (rig, register) = provider();
    let refused = register.sign_in(&rig, "entry").expect_err("nobody knows who they are");
    assert_eq!(refused, Refusal::EntryAccount);
    let told = refused.told();
    assert!(told.ja.contains("gBizIDエントリー") && told.ja.contains("gBizIDプライム"), "{}", told.ja);
    assert!(told.en.contains("Entry") && told.en.contains("Prime"), "{}", told.en);
}

#[test]
fn going_back_is_no_sign_in() {
    let (rig, register) = provider();
    let refused = register.sign_in(&rig, "nobody");
    assert_eq!(refused, Err(Refusal::Denied { error: "access_denied".to_owned() }));
}

#[test]
fn the_request_asks_for_what_is_needed_and_is_never_the_same() {
    let (rig, register) = provider();
    let [one, other] = [(); 2].map(|()| register.begin(clock::now()).expect("the provider answers"));
    assert!(one.url.starts_with(&format!("{}auth?", rig.issuer())), "{}", one.url);
    let asked = query(&one.url);
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", tests::oidc::CLIENT_ID),
        ("redirect_uri", REDIRECT),
        ("scope", "openid profile user"),
        ("code_challenge_method", "S256"),
        ("state", one.kept.state.expose()),
        ("nonce", one.kept.nonce.expose()),
    ] {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(asked.len(), 8, "and the challenge: {asked:?}");
    assert!(!one.url.contains(one.kept.verifier.expose()), "the verifier is not for the browser");
    let secrets = |kept: &Kept| [&kept.state, &kept.nonce, &kept.verifier].map(|secret| secret.expose().to_owned());
    let drawn = [secrets(&one.kept), secrets(&other.kept)].concat();
    for (place, secret) in drawn.iter().enumerate() {
        assert!(!drawn[..place].contains(secret), "{drawn:?}");
        assert_eq!(BASE64URL_NOPAD.decode(secret.as_bytes()).map(|bytes| bytes.len()), Ok(32));
    }
}

#[test]
fn signing_in_again_is_asked_of_the_person() {
    let (_rig, register) = provider();
    let begun = register.ask(Asked::WhoAnew, clock::now()).expect("the provider answers");
    let asked = query(&begun.url);
    for (name, value) in [("prompt", "login"), ("max_age", "300")] {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(asked.len(), 10, "{asked:?}");
}

#[test]
fn a_code_is_good_once_and_with_its_own_verifier() {
    let (rig, register) = provider();
    let at = clock::now();
    let invalid = Err(Refusal::CodeRefused { error: "invalid_grant".to_owned() });
    let begun = register.begin(at).expect("the provider answers");
    let callback = returned(&rig.sign_in(&begun.url, "prime"));
    assert!(register.finish(&begun, callback.clone(), at).is_ok());
    assert_eq!(register.finish(&begun, callback, at), invalid, "a second time");

    let mut stolen = register.begin(at).expect("the provider answers");
    let callback = returned(&rig.sign_in(&stolen.url, "prime"));
    stolen.kept.verifier = Secret::from("v".repeat(43));
    assert_eq!(register.finish(&stolen, callback, at), invalid, "by another verifier");
}

#[test]
fn one_sign_in_does_not_finish_another() {
    let (rig, register) = provider();
    let at = clock::now();
    let mut mine = register.begin(at).expect("the provider answers");
    let theirs = register.begin(at).expect("the provider answers");
    let callback = returned(&rig.sign_in(&theirs.url, "prime"));
    assert_eq!(register.finish(&mine, callback.clone(), at), Err(Refusal::State));
    // With the other's state and verifier, the nonce still tells them apart.
    mine.kept = Kept { nonce: mine.kept.nonce, ..theirs.kept };
    assert_eq!(register.finish(&mine, callback, at), Err(Refusal::Nonce));
}

#[test]
fn the_client_must_know_its_secret() {
    let rig = Rig::provider(&[REDIRECT]);
    let register = Register::with_secret(rig.issuer(), "guessed");
    let refused = register.sign_in(&rig, "prime");
    assert_eq!(refused, Err(Refusal::CodeRefused { error: "invalid_client".to_owned() }));
}

#[test]
fn a_provider_that_is_not_there_is_unreachable() {
    let rig = Rig::provider(&[REDIRECT]);
    // Nobody listens on port 1; and the provider speaks no TLS.
    for issuer in ["http://127.0.0.1:1/oauth/".to_owned(), rig.issuer().replace("http:", "https:")] {
        let refused = Register::at(issuer.clone()).begin(clock::now()).map(|begun| begun.url);
        let is_no_connection = |refusal: &Refusal| {
            matches!(
                refusal,
                Refusal::ProviderUnreachable { endpoint: Endpoint::Discovery, fault: Fault::Connection(_) }
            )
        };
        assert!(refused.as_ref().is_err_and(is_no_connection), "{issuer}: {refused:?}");
    }
}

#[test]
fn nothing_secret_is_shown() {
    let (rig, register) = provider();
    let begun = register.begin(clock::now()).expect("the provider answers");
    let callback = returned(&rig.sign_in(&begun.url, "prime"));
    let kept = &begun.kept;
    let code = callback.code.as_ref().expect("there is a code");
    let shown = format!("{:?} {kept:?} {callback:?}", register.client);
    for secret in [tests::oidc::CLIENT_SECRET, kept.nonce.expose(), kept.verifier.expose(), code.expose()] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
