//! A provider that lies: each lie is refused for its own reason, and what only looks like one is not.

use std::collections::BTreeSet;
use std::thread;

use api::oidc::{Endpoint, Fault, Refusal, Said};
use tests::oidc::Rig;

use crate::{REDIRECT, Register};

/// How many sign-ins run at once: some wait for an answer that never comes.
const AT_ONCE: usize = 8;

/// A scenario of `scenarios.mjs`, and why nobody is signed in; `None` where somebody is.
type Case = (&'static str, Option<Refusal>);

fn cases() -> Vec<Case> {
    let malformed = |what| Some(Refusal::Malformed { what });
    let issuer = |said| Some(Refusal::Issuer(said));
    let keys = |fault| Some(Refusal::KeysUnreachable(fault));
    let unreachable = |endpoint, fault| Some(Refusal::ProviderUnreachable { endpoint, fault });
    let denied = |error: &str| Some(Refusal::Denied { error: error.to_owned() });
    let not_exchanged = |error: &str| Some(Refusal::CodeRefused { error: error.to_owned() });
    vec![
        ("honest", None),
        // The browser's return.
        ("state-other", Some(Refusal::State)),
        ("state-missing", Some(Refusal::State)),
        ("denied", denied("access_denied")),
        ("code-missing", malformed("code")),
        ("code-unknown", not_exchanged("invalid_grant")),
        ("callback-issuer-other", issuer(Said::Callback)),
        ("callback-issuer-missing", issuer(Said::Callback)),
        ("callback-issuer-announced", None),
        // Discovery.
        ("discovery-issuer-other", issuer(Said::Discovery)),
        ("discovery-issuer-without-slash", issuer(Said::Discovery)),
        ("discovery-fails", unreachable(Endpoint::Discovery, Fault::Status(500))),
        ("discovery-malformed", malformed("metadata")),
        ("authorisation-insecure", unreachable(Endpoint::Authorisation, Fault::Insecure)),
        ("authorisation-elsewhere", malformed("authorization_endpoint")),
        ("token-elsewhere", unreachable(Endpoint::Token, Fault::Elsewhere)),
        ("keys-elsewhere", keys(Fault::Elsewhere)),
        ("userinfo-elsewhere", unreachable(Endpoint::UserInfo, Fault::Elsewhere)),
        // Who the ID token is by and for.
        ("token-issuer-other", issuer(Said::IdToken)),
        ("token-issuer-without-slash", issuer(Said::IdToken)),
        ("audience-other", Some(Refusal::Audience)),
        ("audience-missing", Some(Refusal::Audience)),
        ("audiences-with-azp", Some(Refusal::Audience)),
        ("audiences-without-azp", Some(Refusal::AuthorisedParty)),
        ("audiences-azp-other", Some(Refusal::AuthorisedParty)),
        ("azp-other", Some(Refusal::AuthorisedParty)),
        ("azp-ours", None),
        // Algorithms.
        ("algorithm-unannounced", Some(Refusal::Algorithm)),
        ("algorithm-announced", None),
        ("algorithm-none", Some(Refusal::Algorithm)),
        ("algorithm-by-secret", Some(Refusal::Algorithm)),
        ("algorithm-by-public-key", Some(Refusal::Algorithm)),
        // Keys.
        ("signature-by-another-key", Some(Refusal::Signature)),
        ("signature-empty", Some(Refusal::Signature)),
        ("claims-altered", Some(Refusal::Signature)),
        ("key-of-another-name", Some(Refusal::Signature)),
        ("key-rotated", None),
        ("key-unknown", Some(Refusal::UnknownKey)),
        ("key-unnamed-of-two", Some(Refusal::UnknownKey)),
        ("key-too-short", Some(Refusal::UnknownKey)),
        ("keys-fail", keys(Fault::Status(500))),
        ("keys-redirect", keys(Fault::Redirect)),
        ("keys-silent", keys(Fault::TooSlow)),
        ("keys-drip", keys(Fault::TooSlow)),
        ("keys-huge", keys(Fault::TooLarge)),
        ("keys-malformed", malformed("jwks")),
        ("keys-insecure", keys(Fault::Insecure)),
        // Time.
        ("expired", Some(Refusal::Expired)),
        ("expired-within-skew", None),
        ("issued-later", Some(Refusal::NotYetValid)),
        ("issued-within-skew", None),
        ("not-before-later", Some(Refusal::NotYetValid)),
        ("not-before-within-skew", None),
        ("authenticated-long-ago", None),
        ("authenticated-untold", None),
        // The nonce.
        ("nonce-other", Some(Refusal::Nonce)),
        ("nonce-missing", Some(Refusal::Nonce)),
        // The token endpoint.
        ("token-redirects", unreachable(Endpoint::Token, Fault::Redirect)),
        ("token-refuses", not_exchanged("invalid_grant")),
        ("token-fails", unreachable(Endpoint::Token, Fault::Status(502))),
        ("token-page", unreachable(Endpoint::Token, Fault::ContentType)),
        ("token-malformed", malformed("token answer")),
        ("token-missing", malformed("id_token")),
        ("token-encrypted-type", malformed("id_token")),
        ("token-critical", malformed("id_token")),
        ("access-token-unsendable", malformed("access_token")),
        ("subject-empty", malformed("sub")),
        // UserInfo.
        ("userinfo-subject-other", Some(Refusal::SubjectDiffers)),
        ("userinfo-subject-missing", malformed("userinfo")),
        ("userinfo-fails", unreachable(Endpoint::UserInfo, Fault::Status(500))),
        ("userinfo-unauthorised", unreachable(Endpoint::UserInfo, Fault::Status(401))),
        ("userinfo-page", unreachable(Endpoint::UserInfo, Fault::ContentType)),
        ("userinfo-malformed", malformed("userinfo")),
        ("userinfo-signed", unreachable(Endpoint::UserInfo, Fault::ContentType)),
        ("account-member", None),
        ("account-entry", Some(Refusal::EntryAccount)),
        ("account-unknown", malformed("account_type")),
        ("sole-proprietor", None),
        ("number-missing", Some(Refusal::NoCorporateNumber)),
        ("number-wrong", malformed("corporate_number")),
    ]
}

#[test]
fn each_lie_is_refused_for_its_own_reason() {
    let rig = Rig::hostile(&[REDIRECT]);
    let cases = cases();
    let is_wrong = &|(scenario, expected): &Case| {
        let ended = Register::at(rig.issuer_of(scenario)).sign_in(&rig, "prime");
        (ended.as_ref().err() != expected.as_ref()).then(|| format!("{scenario}: {ended:?}, not {expected:?}"))
    };
    let wrong: Vec<String> = thread::scope(|scope| {
        let play = |first| cases.iter().skip(first).step_by(AT_ONCE).filter_map(is_wrong).collect::<Vec<_>>();
        let threads: Vec<_> = (0..AT_ONCE).map(|first| scope.spawn(move || play(first))).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no scenario panics")).collect()
    });
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// Nothing but the list stands between: named, the same addresses answer.
#[test]
fn an_address_elsewhere_is_asked_where_the_settings_name_it() {
    let rig = Rig::hostile(&[REDIRECT]);
    let elsewhere = rig.elsewhere();
    for scenario in ["token-elsewhere", "keys-elsewhere", "userinfo-elsewhere"] {
        let ended = |hosts: &[&str]| Register::with_hosts(rig.issuer_of(scenario), hosts).sign_in(&rig, "prime");
        assert!(ended(&[&elsewhere]).is_ok(), "{scenario}");
        // Neither another one nor the host alone, whose port is then 443, will do.
        for hosts in [&[][..], &["127.0.0.1"], &["keys.example"]] {
            assert!(ended(hosts).is_err(), "{scenario} {hosts:?}");
        }
    }
    assert_eq!(rig.keys_asked("keys-elsewhere"), 1, "who may not is not asked");
}

#[test]
fn every_lie_stands_in_the_table() {
    let told: BTreeSet<String> = Rig::hostile(&[]).scenarios().into_iter().collect();
    let known: BTreeSet<String> = cases().into_iter().map(|(scenario, _)| scenario.to_owned()).collect();
    assert_eq!(told, known);
}
