//! What is asked of the provider once and kept, and when it is asked again.

use api::clock;
use api::oidc::{Fault, Refusal};
use tests::oidc::Rig;

use crate::{REDIRECT, Register};

#[test]
fn keys_are_asked_for_once_an_hour() {
    let rig = Rig::hostile(&[REDIRECT]);
    let register = Register::at(rig.issuer_of("honest"));
    let now = clock::now();
    for (later, asked) in [(0, 1), (10, 1), (599, 1), (3_599, 1), (3_600, 2), (3_601, 2)] {
        let ended = register.sign_in_at(&rig, "prime", now.plus_seconds(later));
        // The provider's clock does not go along: its tokens are good for ten minutes.
        assert_eq!(ended.err(), (later > 600).then_some(Refusal::Expired), "{later}");
        assert_eq!(rig.keys_asked("honest"), asked, "{later}");
    }
}

#[test]
fn an_unknown_key_has_them_asked_for_again_once_a_minute() {
    let rig = Rig::hostile(&[REDIRECT]);
    let register = Register::at(rig.issuer_of("key-unknown"));
    let now = clock::now();
    for (later, asked) in [(0, 2), (1, 2), (59, 2), (60, 3), (61, 3)] {
        let ended = register.sign_in_at(&rig, "prime", now.plus_seconds(later));
        assert_eq!(ended.err(), Some(Refusal::UnknownKey), "{later}");
        assert_eq!(rig.keys_asked("key-unknown"), asked, "{later}");
    }
}

#[test]
fn a_rotated_key_is_found_while_the_old_ones_are_kept() {
    let rig = Rig::hostile(&[REDIRECT]);
    let register = Register::at(rig.issuer_of("steered"));
    let sign_in = || register.sign_in(&rig, "prime").err();
    rig.play("honest");
    assert_eq!((sign_in(), rig.keys_asked("steered")), (None, 1));
    rig.play("key-rotated");
    assert_eq!((sign_in(), rig.keys_asked("steered")), (None, 2));
    assert_eq!((sign_in(), rig.keys_asked("steered")), (None, 2), "the new one is kept");
}

#[test]
fn a_failure_is_not_kept() {
    let rig = Rig::hostile(&[REDIRECT]);
    let register = Register::at(rig.issuer_of("steered"));
    let sign_in = || register.sign_in(&rig, "prime").err();
    for (scenario, refused) in [
        ("discovery-issuer-other", true),
        ("discovery-fails", true),
        ("keys-fail", true),
        ("honest", false),
        // What is known by now carries on without them.
        ("discovery-fails", false),
        ("keys-fail", false),
    ] {
        rig.play(scenario);
        assert_eq!(sign_in().is_some(), refused, "{scenario}");
    }
    let fresh = Register::at(rig.issuer_of("steered"));
    assert_eq!(fresh.sign_in(&rig, "prime").err(), Some(Refusal::KeysUnreachable(Fault::Status(500))));
}
