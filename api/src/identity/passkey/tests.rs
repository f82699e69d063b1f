use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::Value;

use super::*;

mod device;

use device::{BACKED_UP, BACKUP_ELIGIBLE, Device, PRESENT, VERIFIED};

const ORIGIN: &str = "https://otasuketai.example";

fn passkeys() -> Passkeys {
    Passkeys::new(&ORIGIN.parse().unwrap(), "登録簿").unwrap()
}

fn device() -> Device {
    Device::at(ORIGIN, "otasuketai.example")
}

fn person(seed: u64) -> Handle {
    Handle::draw(&mut StdRng::seed_from_u64(seed))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A person's passkey, made on `device`.
fn made(device: &mut Device, person: Handle) -> Registered {
    let begun = passkeys().begin_registration(person, "taro@example.jp", &[]).unwrap();
    passkeys().finish_registration(&begun.state, &device.create(&begun.options)).unwrap()
}

fn signed_in(device: &Device, credential: &str) -> Result<SignedIn, Fault> {
    let begun = passkeys().begin_authentication().unwrap();
    passkeys().finish_authentication(&begun.state, &device.get(&begun.options), credential)
}

#[test]
fn passkeys_are_for_names_over_tls() {
    for (base, rp_id) in [
        ("https://otasuketai.example", Some("otasuketai.example")),
        ("https://register.example.jp:8443", Some("register.example.jp")),
        ("http://localhost:8080", Some("localhost")),
        ("http://demo.localhost:8080", Some("demo.localhost")),
        ("http://otasuketai.example", None),
        ("http://notlocalhost:8080", None),
        ("http://127.0.0.1:8080", None),
        ("https://192.0.2.1", None),
        ("https://[::1]:8080", None),
    ] {
        let options =
            Passkeys::new(&base.parse().unwrap(), "登録簿").map(|it| it.begin_authentication().unwrap().options);
        let found = options.map(|options| json(&options)["publicKey"]["rpId"].as_str().unwrap().to_owned());
        assert_eq!(found.as_deref(), rp_id, "{base}");
    }
}

#[test]
fn a_handle_is_a_random_uuid() {
    let handle = person(1);
    let text = handle.to_string();
    assert_eq!((text.len(), &text[14..15]), (36, "4"), "{text}");
    assert!("89ab".contains(&text[19..20]), "{text}");
    assert_eq!(text.parse::<Handle>().unwrap(), handle);
    assert_ne!(person(2), handle);
}

#[test]
fn the_options_ask_for_a_kept_passkey_and_a_verified_user() {
    let (person, existing) = (person(1), made(&mut device(), person(1)));
    let begun = passkeys().begin_registration(person, "taro@example.jp", &[&existing.credential]).unwrap();
    let options = &json(&begun.options)["publicKey"];
    assert_eq!(options["rp"], serde_json::json!({ "id": "otasuketai.example", "name": "登録簿" }));
    assert_eq!(options["user"]["id"], BASE64URL_NOPAD.encode(person.0.as_bytes()));
    assert_eq!(options["user"]["name"], "taro@example.jp");
    assert_eq!(options["authenticatorSelection"]["residentKey"], "required");
    assert_eq!(options["authenticatorSelection"]["requireResidentKey"], true);
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["excludeCredentials"][0]["id"], existing.id);
    let signing_in = json(&passkeys().begin_authentication().unwrap().options);
    assert_eq!(signing_in["publicKey"]["userVerification"], "required");
    assert_eq!(signing_in["publicKey"]["allowCredentials"], serde_json::json!([]));
    assert_eq!(signing_in.get("mediation"), None);
    let again = json(&passkeys().begin_authentication().unwrap().options);
    assert_ne!(signing_in["publicKey"]["challenge"], again["publicKey"]["challenge"]);
}

#[test]
fn a_passkey_signs_its_owner_in() {
    let mut device = device();
    let made = made(&mut device, person(1));
    assert_eq!((made.person, made.id.as_str()), (person(1), BASE64URL_NOPAD.encode(&[7; 16]).as_str()));
    let begun = passkeys().begin_authentication().unwrap();
    let answer = device.get(&begun.options);
    assert_eq!(claim(&answer).unwrap(), Claim { person: person(1), id: made.id.clone() });
    let signed_in = passkeys().finish_authentication(&begun.state, &answer, &made.credential).unwrap();
    assert_eq!((signed_in.person, signed_in.id), (person(1), made.id));
    assert!(signed_in.changed.is_none(), "a counter that stays 0 is none");
}

#[test]
fn an_answer_is_good_for_its_own_challenge_only() {
    let mut device = device();
    let made = made(&mut device, person(1));
    let (one, other) = (passkeys().begin_authentication().unwrap(), passkeys().begin_authentication().unwrap());
    let answer = device.get(&one.options);
    let refused = passkeys().finish_authentication(&other.state, &answer, &made.credential);
    assert!(matches!(refused, Err(Fault::Unproven { source: WebauthnError::MismatchedChallenge })), "{refused:?}");
    let begun = passkeys().begin_registration(person(2), "b", &[]).unwrap();
    let another = passkeys().begin_registration(person(2), "b", &[]).unwrap();
    let refused = passkeys().finish_registration(&another.state, &device.create(&begun.options));
    assert!(matches!(refused, Err(Fault::Unproven { source: WebauthnError::MismatchedChallenge })), "{refused:?}");
}

/// What a device may do wrong, one thing at a time, and whether each ceremony notices.
#[test]
fn what_is_not_this_site_or_not_verified_is_refused() {
    type Twist = fn(&mut Device);
    let twists: [(Twist, &str); 7] = [
        (|device| device.origin = "https://otasuketai.example.net".into(), "InvalidRPOrigin"),
        (|device| device.origin = "https://sub.otasuketai.example".into(), "InvalidRPOrigin"),
        (|device| device.origin = "https://otasuketai.example:8443".into(), "InvalidRPOrigin"),
        (|device| device.origin = "http://otasuketai.example".into(), "InvalidRPOrigin"),
        (|device| device.rp_id = "example".into(), "InvalidRPIDHash"),
        (|device| device.flags = VERIFIED, "UserNotPresent"),
        (|device| device.flags = PRESENT, "Unverified"),
    ];
    for (twist, expected) in twists {
        let begun = passkeys().begin_registration(person(1), "a", &[]).unwrap();
        let mut bad = device();
        twist(&mut bad);
        let refused = passkeys().finish_registration(&begun.state, &bad.create(&begun.options)).unwrap_err();
        assert!(format!("{refused:?}").contains(expected), "{refused:?}");

        let mut device = device();
        let made = made(&mut device, person(1));
        twist(&mut device);
        let refused = signed_in(&device, &made.credential).unwrap_err();
        assert!(format!("{refused:?}").contains(expected), "{refused:?}");
    }
}

#[test]
fn only_the_key_itself_signs() {
    let mut device = device();
    let made = made(&mut device, person(1));
    device.key = p256::ecdsa::SigningKey::from_slice(&[8; 32]).unwrap();
    let refused = signed_in(&device, &made.credential);
    assert!(matches!(refused, Err(Fault::Unproven { source: WebauthnError::AuthenticationFailure })), "{refused:?}");
}

#[test]
fn a_passkey_signs_nobody_else_in() {
    let (mut mine, mut theirs) = (device(), Device { id: vec![8; 16], ..device() });
    let (my_key, their_key) = (made(&mut mine, person(1)), made(&mut theirs, person(2)));
    // Looked up by the id alone, and the device names somebody else.
    mine.handle = theirs.handle.clone();
    let refused = signed_in(&mine, &my_key.credential);
    assert!(
        matches!(refused, Err(Fault::Another { claimed, owner }) if (claimed, owner) == (person(2), person(1))),
        "{refused:?}"
    );
    // Looked up by the handle alone, and it is another passkey.
    let refused = signed_in(&mine, &their_key.credential);
    assert!(matches!(refused, Err(Fault::Unproven { source: WebauthnError::CredentialNotFound })), "{refused:?}");
}

#[test]
fn a_device_that_keeps_nothing_is_refused() {
    let begun = passkeys().begin_registration(person(1), "a", &[]).unwrap();
    for (rk, is_taken) in [(Some(true), true), (None, true), (Some(false), false)] {
        let answer = Device { rk, ..device() }.create(&begun.options);
        let outcome = passkeys().finish_registration(&begun.state, &answer);
        assert_eq!(outcome.is_ok(), is_taken, "{rk:?}");
        assert!(is_taken || matches!(outcome, Err(Fault::NotKept)), "{outcome:?}");
    }
    let mut device = device();
    let made = made(&mut device, person(1));
    for handle in [None, Some(vec![1; 15]), Some(vec![1; 17])] {
        device.handle = handle;
        let refused = signed_in(&device, &made.credential);
        assert!(matches!(refused, Err(Fault::NotKept)), "{refused:?}");
    }
}

#[test]
fn the_counter_must_advance_and_is_stored() {
    let mut device = Device { counter: 5, ..device() };
    let made = made(&mut device, person(1));
    for (counter, is_taken) in [(4, false), (5, false), (0, false), (6, true)] {
        device.counter = counter;
        let outcome = signed_in(&device, &made.credential);
        assert_eq!(outcome.is_ok(), is_taken, "{counter}");
        assert!(is_taken || matches!(outcome, Err(Fault::Copied)), "{outcome:?}");
    }
    let changed = signed_in(&device, &made.credential).unwrap().changed.unwrap();
    assert!(matches!(signed_in(&device, &changed), Err(Fault::Copied)), "6 was stored");
    device.counter = 7;
    assert!(signed_in(&device, &changed).unwrap().changed.is_some());
}

#[test]
fn a_new_backup_is_stored_once() {
    let mut device = Device { flags: PRESENT | VERIFIED | BACKUP_ELIGIBLE, ..device() };
    let made = made(&mut device, person(1));
    assert!(signed_in(&device, &made.credential).unwrap().changed.is_none());
    device.flags |= BACKED_UP;
    let changed = signed_in(&device, &made.credential).unwrap().changed.unwrap();
    assert!(signed_in(&device, &changed).unwrap().changed.is_none());
}

#[test]
fn what_cannot_be_read_is_named() {
    let mut device = device();
    let begun = passkeys().begin_registration(person(1), "a", &[]).unwrap();
    let answer = device.create(&begun.options);
    let made = passkeys().finish_registration(&begun.state, &answer).unwrap();
    let signing_in = passkeys().begin_authentication().unwrap();
    let signed = device.get(&signing_in.options);
    for broken in ["", "null", "{}", "[]", "\"\"", &answer[1..]] {
        let registered = passkeys().finish_registration(&begun.state, broken);
        assert!(matches!(registered, Err(Fault::Answer { .. })), "{broken}");
        assert!(matches!(claim(broken), Err(Fault::Answer { .. })), "{broken}");
    }
    // One ceremony's state does not serve the other.
    for state in ["", "{}", &signing_in.state] {
        let outcome = passkeys().finish_registration(state, &answer);
        assert!(matches!(outcome, Err(Fault::Stored { what: Kept::State, .. })), "{state}");
    }
    for state in ["", "{}", &begun.state] {
        let outcome = passkeys().finish_authentication(state, &signed, &made.credential);
        assert!(matches!(outcome, Err(Fault::Stored { what: Kept::State, .. })), "{state}");
    }
    for credential in ["", "{}", &begun.state] {
        let outcome = passkeys().finish_authentication(&signing_in.state, &signed, credential);
        assert!(matches!(outcome, Err(Fault::Stored { what: Kept::Credential, .. })), "{credential}");
        let outcome = passkeys().begin_registration(person(1), "a", &[credential]);
        assert!(matches!(outcome, Err(Fault::Stored { what: Kept::Credential, .. })), "{credential}");
    }
}

/// Chromium 156 with a virtual authenticator, both ways that `static/passkey.js` has to write an answer. The states and
/// the credential were stored by webauthn-rs 0.6.2: a later version must read what an earlier one stored.
#[test]
fn answers_of_a_browser_are_read() {
    let recorded = json(include_str!("tests/chromium.json"));
    let passkeys = Passkeys::new(&"http://localhost:9321".parse().unwrap(), "登録簿").unwrap();
    for way in ["to_json", "by_hand"] {
        let text = |name: &str| recorded[way][name].to_string();
        let made = passkeys.finish_registration(&recorded["registration"].to_string(), &text("made")).unwrap();
        assert_eq!(json(&made.credential), recorded[way]["credential"], "{way}");
        let answer = text("signed_in");
        assert_eq!(claim(&answer).unwrap(), Claim { person: made.person, id: made.id });
        let state = recorded["authentication"].to_string();
        let signed_in = passkeys.finish_authentication(&state, &answer, &text("credential")).unwrap();
        assert_eq!(signed_in.person, person(1));
        assert!(signed_in.changed.is_some(), "its counter went from 1 to 2");
    }
}
