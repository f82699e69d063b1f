//! Mark licences 「使用許諾」: granting, closing, and what they are worth while the registration changes.

use domain::act::{Act, Deed, Impossible, Reissue, Replay, Role};
use domain::authority::{Actor, Denial};
use domain::calendar::Instant;
use domain::licence::token::HolderKind;
use domain::licence::{Holder, Offer};
use domain::licence::{How, Licence, LicenceId, NAME_LIMIT, Refusal, Standing, offer};
use domain::proposal::Motion;
use domain::registration::Registration;

use crate::application::rows;
use crate::registration::in_state;
use crate::world::{self, NOW, Refused, at, day};

fn user(name: &str, contract_from: &str) -> Holder {
    Holder::User { name: name.to_owned(), number: None, contract_from: day(contract_from) }
}

fn offered(
    registration: &Registration,
    to: Holder,
    existing: Option<LicenceId>,
    by: &Actor,
    now: &str,
) -> Result<Offer, Refusal> {
    offer(registration, to, existing, LicenceId::from_bytes([9; 5]), 7, by, at(now))
}

#[test]
fn a_contract_has_begun() {
    for (contract_from, now, begun) in [
        ("2026-05-31", "2026-06-01T01:00:00Z", true),
        ("2026-06-01", "2026-06-01T01:00:00Z", true),
        ("2026-06-02", "2026-06-01T01:00:00Z", false),
        ("2026-06-02", "2026-06-01T14:59:59Z", false), // still 1 June in Japan
        ("2026-06-02", "2026-06-01T15:00:00Z", true),
        ("2015-01-01", "2026-06-01T01:00:00Z", true), // longer than the registration
    ] {
        let (from, today) = (day(contract_from), at(now).day());
        let expected = if begun { Ok(()) } else { Err(Refusal::ContractAhead { from, today }) };
        let offered = offered(&world::registered(), user("例示", contract_from), None, &world::applicant(), now);
        assert_eq!(offered.map(drop), expected, "from {contract_from} at {now}");
    }
}

/// Characters, not bytes, without the blanks around them.
#[test]
fn a_name_has_1_to_200_characters() {
    assert_eq!(NAME_LIMIT, 200);
    let name = |characters: usize| "髙".repeat(characters);
    for (typed, characters, is_fine) in [
        (String::new(), 0, false),
        (" 　\t".to_owned(), 0, false),
        ("\u{200b}".to_owned(), 0, false),
        ("\u{3164}\u{3164}".to_owned(), 0, false),
        (name(1), 1, true),
        (name(200), 200, true),
        (name(201), 201, false),
        (format!(" {}　", name(200)), 200, true),
        ("𠮷".repeat(200), 200, true),
        ("𠮷".repeat(201), 201, false),
    ] {
        let expected = if is_fine { Ok(typed.trim().to_owned()) } else { Err(Refusal::Name { characters }) };
        let offered = offered(&world::registered(), user(&typed, "2026-06-01"), None, &world::applicant(), NOW);
        assert_eq!(offered.map(|offer| offer.claims.holder_name), expected, "{typed:?}");
    }
}

/// Under each state of the registration, for the provider and for a user.
#[test]
fn a_licence_needs_a_registration_in_force() {
    for (state, expected) in [
        ("valid", Ok(())),
        ("reinstated", Ok(())),
        ("not_yet", Err("not_yet")),
        ("suspended", Err("suspended")),
        ("revoked", Err("revoked")),
        ("lapsed", Err("lapsed")),
    ] {
        let expected = expected.map_err(|status| Refusal::Registration { status });
        let registration = in_state(state);
        let users = offered(&registration, user("例示", "2026-06-01"), None, &world::applicant(), NOW);
        assert_eq!(users.map(drop), expected, "a user's when {state}");
        let own = offered(&registration, Holder::Provider, None, &world::secretary(), NOW);
        assert_eq!(own.map(drop), expected, "the provider's when {state}");
    }
}

/// On the term's first and last second, and beside them.
#[test]
fn a_licence_is_granted_within_the_term() {
    let registration = world::registered_from("2026-06-01");
    for (now, status) in [
        ("2026-05-31T14:59:59Z", Some("not_yet")),
        ("2026-05-31T15:00:00Z", None),
        ("2028-05-31T14:59:59Z", None),
        ("2028-05-31T15:00:00Z", Some("lapsed")),
    ] {
        let expected = status.map_or(Ok(at("2028-05-31T15:00:00Z")), |status| Err(Refusal::Registration { status }));
        let offered = offered(&registration, Holder::Provider, None, &world::secretary(), now);
        assert_eq!(offered.map(|offer| offer.claims.expires_at), expected, "{now}");
    }
}

#[test]
fn a_holder_has_one_licence_and_users_are_their_own_providers() {
    let (registration, held) = (world::registered(), world::licensed().id);
    let refused = |to, by: &Actor| offered(&registration, to, Some(held), by, NOW).map(drop);
    assert_eq!(refused(user("例示", "2026-06-01"), &world::applicant()), Err(Refusal::Licensed { licence: held }));
    assert_eq!(refused(Holder::Provider, &world::secretary()), Err(Refusal::Licensed { licence: held }));
    let anothers = refused(user("例示", "2026-06-01"), &world::rival());
    assert_eq!(anothers, Err(Refusal::Denied(Denial::NotOwner)), "not: licensed already");
}

/// What is granted is what was offered; the token's content comes from the register, not from whoever asks.
#[test]
fn a_grant_says_what_the_token_says() {
    let (user, own) = (world::licensed(), world::provider_licensed());
    assert_eq!((user.version, user.granted_at, user.closed.clone()), (1, at(NOW), None));
    assert_eq!(user.id, LicenceId::from_bytes(world::LICENCE));
    assert_eq!((user.grant.status_index, user.grant.key.as_str()), (70_000, "01020304"));
    assert_eq!((user.grant.holder_kind, user.grant.holder_name.as_str()), (HolderKind::User, "株式会社例示"));
    assert_eq!(user.grant.contract_from, Some(day("2026-06-01")));
    assert_eq!(user.grant.registration, world::registered().number);
    assert_eq!(user.grant.expires_at, world::registered().terms[0].until.start());
    let provider = &world::registered().listing.provider;
    assert_eq!((own.grant.holder_kind, &own.grant.holder_name), (HolderKind::Provider, &provider.trade_name));
    assert_eq!((own.grant.holder_number, own.grant.contract_from), (provider.legal_entity_number, None));
    // A slow clock: a licence is not older than what its registration last went through.
    let early = world::grant(&in_state("reinstated"), Holder::Provider, &world::secretary(), world::DECIDED);
    assert_eq!(early.expect("granted").1.at, at(NOW));
}

/// Who closes which licence, and how; `.` where it is not theirs to close, `x` where the role never closes such a one.
const CLOSING: &str = "
by                     end_user  end_provider  revoke
the_provider           ended     x             x
another_provider       .         x             x
secretariat            ended     ended         revoked
decision_maker         x         x             x
auditor                x         x             x
";

#[test]
fn every_closing_is_done_or_refused() {
    for (name, row) in rows(CLOSING) {
        let by = match name {
            "the_provider" => world::applicant(),
            "another_provider" => world::rival(),
            role => world::acting_as(&world::other_secretary(), role.parse().expect("a role")),
        };
        for (act, expected) in row {
            let mut needed = vec![Role::Secretariat];
            if act == "end_user" {
                needed.splice(0..0, [Role::ProviderOwner, Role::ProviderMember, Role::DelegatedAgent]);
            }
            let expected = match expected {
                "ended" => Ok(How::Ended),
                "revoked" => Ok(How::Revoked),
                "." => Err(Refusal::Denied(Denial::NotOwner)),
                _ => Err(Refusal::Denied(Denial::Role { needed })),
            };
            let licence = if act == "end_provider" { world::provider_licensed() } else { world::licensed() };
            let closed = close(act, licence, "契約が終わった。", &by, NOW);
            assert_eq!(closed.map(|(state, _)| state.closed.expect("closed").how), expected, "{act} by {name}");
        }
    }
}

/// Ends it, or revokes it as a secretary proposed.
fn close(act: &str, licence: Licence, reason: &str, by: &Actor, now: &str) -> Result<(Licence, Act), Refusal> {
    let (registration, reason) = (world::registered(), reason.to_owned());
    match act {
        "revoke" => {
            let motion = Motion::RevokeLicence { licence: licence.id, reason };
            let proposal = world::proposed(motion, licence.version, &world::secretary(), at(now));
            licence.revoke(&registration, &proposal, by, at(now))
        }
        _ => licence.end(&registration, reason, by, at(now)),
    }
}

/// What cannot be done cannot be proposed.
#[test]
fn a_revocation_is_proposed_where_it_can_be_done() {
    let (registration, secretary) = (world::registered(), world::secretary());
    let propose = |licence: &Licence, reason: &str, by: &Actor| {
        licence.propose_revocation(world::proposal_id(), &registration, reason.to_owned(), by, at(NOW)).map(drop)
    };
    let open = world::licensed();
    let ended = close("end", open.clone(), "理由", &secretary, NOW).expect("ended").0;
    let role = Refusal::Denied(Denial::Role { needed: vec![Role::Secretariat] });
    assert_eq!(propose(&open, "誤用", &secretary), Ok(()));
    assert_eq!(propose(&open, " 　", &secretary), Err(Refusal::NoReason));
    assert_eq!(propose(&ended, "誤用", &secretary), Err(Refusal::Closed));
    assert_eq!(propose(&ended, "", &world::applicant()), Err(role));
}

#[test]
fn a_licence_closes_once_and_with_a_reason() {
    let by = world::other_secretary();
    for first in ["end", "revoke"] {
        for blank in ["", " 　\n"] {
            assert_eq!(close(first, world::licensed(), blank, &by, NOW).map(drop), Err(Refusal::NoReason), "{first}");
        }
        let (closed, act) = close(first, world::licensed(), "理由", &by, world::DECIDED).expect(first);
        assert_eq!((act.version, act.at), (2, at(NOW)), "never before it was granted");
        assert_eq!(act.deed.kind(), if first == "end" { "licence.ended" } else { "licence.revoked" });
        for second in ["end", "revoke"] {
            let again = close(second, closed.clone(), "理由", &by, NOW).map(drop);
            assert_eq!(again, Err(Refusal::Closed), "{second} after {first}");
        }
    }
    // The registration's end does not keep a licence from being closed properly.
    let (ended, _) = world::licensed().end(&in_state("revoked"), "理由".to_owned(), &by, at(NOW)).expect("ended");
    assert_eq!(ended.closed.map(|closed| closed.how), Some(How::Ended));
}

/// The registration's state by the licence's own: what the mark is worth.
const STANDING: &str = "
registration      open       ended  revoked
valid             valid      ended  revoked
reinstated        valid      ended  revoked
suspended         suspended  ended  revoked
revoked           revoked    ended  revoked
lapsed            ended      ended  revoked
lapsed_suspended  ended      ended  revoked
not_yet           ended      ended  revoked
";

#[test]
fn a_mark_is_worth_its_licence_and_its_registration() {
    let (by, later) = (world::other_secretary(), "2026-06-01T02:00:00Z");
    let mut cells = 0;
    for (state, row) in rows(STANDING) {
        for (licence, expected) in row {
            let licence = match licence {
                "open" => world::licensed(),
                "ended" => close("end", world::licensed(), "理由", &by, later).expect("ended").0,
                _ => close("revoke", world::licensed(), "理由", &by, later).expect("revoked").0,
            };
            let registration = in_state(state);
            assert_eq!(licence.standing(&registration, at(later)).as_str(), expected, "{state}, {licence:?}");
            if let Some(closed) = &licence.closed {
                // The second before its own end, only the registration counts.
                let before = Instant::from_unix(closed.at.unix() - 1).expect("an instant");
                let open = world::licensed().standing(&registration, before);
                assert_eq!(licence.standing(&registration, before), open, "{state}");
            }
            cells += 1;
        }
    }
    assert_eq!(cells, 7 * 3);
}

#[test]
fn a_standing_says_since_when_and_why() {
    let (now, reason) = (at(NOW), world::REASON.to_owned());
    let open = world::licensed();
    let standing = |state: &str| open.standing(&in_state(state), now);
    assert_eq!(standing("suspended"), Standing::Suspended { since: now, reason: reason.clone() });
    assert_eq!(standing("revoked"), Standing::Revoked { since: now, reason });
    assert_eq!(standing("lapsed"), Standing::Ended { since: at("2026-05-31T15:00:00Z") });
    let (revoked, act) = world::revoke_licence(world::licensed(), "誤用", now).expect("revoked");
    assert_eq!(act.deed, Deed::LicenceRevoked { reason: "誤用".to_owned(), proposal: world::proposal_id() });
    let expected = Standing::Revoked { since: now, reason: "誤用".to_owned() };
    assert_eq!(revoked.standing(&in_state("valid"), now), expected);
}

/// The end of the term printed in the mark is no end: renewal keeps the licence.
#[test]
fn a_licence_outlives_the_term_it_was_granted_in() {
    let licence = world::licensed();
    let mut registration = world::registered();
    let printed_end = licence.grant.expires_at;
    assert_eq!(licence.standing(&registration, printed_end), Standing::Ended { since: printed_end });
    registration.terms.push(domain::calendar::Period::of_years(printed_end.day(), 2));
    assert_eq!(licence.standing(&registration, printed_end), Standing::Valid);
}

/// A refusal's order: role, owner, contract, name, registration, then what is held already.
#[test]
fn the_first_refusal_is_about_the_caller() {
    let refused = |to, by: &Actor| world::grant(&in_state("revoked"), to, by, NOW).map(drop);
    let denied = |denial| Err(Refused::from(Refusal::Denied(denial)));
    let ahead = || user("", "2026-06-02");
    let auditor = world::acting_as(&world::applicant(), Role::Auditor);
    let needed = vec![Role::ProviderOwner, Role::ProviderMember, Role::DelegatedAgent];
    assert_eq!(refused(ahead(), &auditor), denied(Denial::Role { needed }));
    assert_eq!(refused(ahead(), &world::rival()), denied(Denial::NotOwner));
    let today = Refusal::ContractAhead { from: day("2026-06-02"), today: day("2026-06-01") };
    assert_eq!(refused(ahead(), &world::applicant()), Err(Refused::Licence(today)));
    assert_eq!(refused(user("", "2026-06-01"), &world::applicant()), Err(Refusal::Name { characters: 0 }.into()));
}

/// A leaked key: the same licence at the same place under another key, and the old print is known for what it was.
#[test]
fn a_licence_of_a_compromised_key_is_issued_anew() {
    let (registration, before) = (world::registered(), world::licensed());
    let (after, act) = world::reissued();
    assert_eq!(act.deed.kind(), "licence.reissued");
    assert_eq!((after.id, after.version, after.granted_at), (before.id, 2, before.granted_at));
    assert_eq!((after.grant.key.as_str(), after.grant.token_digest.as_str()), ("05060708", world::OTHER_DIGEST));
    assert_eq!(after.grant.status_index, before.grant.status_index);
    assert!(after.had_token(world::DIGEST) && after.had_token(world::OTHER_DIGEST) && !after.had_token("00"));
    assert_eq!(after.standing(&registration, at(NOW)), Standing::Valid, "both prints");
    // Its key is trusted now: once is enough, and it is not done for fun.
    let again = after.renew_token(&registration, &world::lost_key(), &world::secretary(), at(NOW));
    assert_eq!(again.err(), Some(Refusal::KeyTrusted { key: "05060708".to_owned() }));
    let trusted = world::key("01020304", false, world::SUBMITTED).0;
    let early = before.renew_token(&registration, &trusted, &world::secretary(), at(NOW));
    assert_eq!(early.err(), Some(Refusal::KeyTrusted { key: "01020304".to_owned() }));
}

#[test]
fn only_what_counts_or_may_count_again_is_issued_anew() {
    let (leaked, secretary) = (world::lost_key(), world::secretary());
    for (state, expected) in [
        ("valid", Ok(())),
        ("reinstated", Ok(())),
        ("suspended", Ok(())),
        ("revoked", Err(Refusal::Registration { status: "revoked" })),
    ] {
        let renewed = world::licensed().renew_token(&in_state(state), &leaked, &secretary, at(NOW));
        assert_eq!(renewed.map(drop), expected, "{state}");
    }
    let registration = world::registered();
    let ended = world::licensed().end(&registration, "終わり".to_owned(), &secretary, at(NOW)).expect("ended").0;
    assert_eq!(ended.renew_token(&registration, &leaked, &secretary, at(NOW)).err(), Some(Refusal::Closed));
}

/// A log in which a licence moves to another place of the status lists is no log of ours.
#[test]
fn a_reissue_keeps_its_place() {
    let (_, act) = world::reissued();
    let Deed::Reissued(reissue) = act.deed.clone() else { panic!("{act:?}") };
    for (status_index, is_possible) in [(70_000, true), (7, false)] {
        let deed = Deed::Reissued(Reissue { status_index, ..reissue.clone() });
        let replayed = Licence::replay(Some(world::licensed()), &Act { deed, ..act.clone() }).map(drop);
        let expected = if is_possible { Ok(()) } else { Err(Impossible::Deed { kind: "licence.reissued" }) };
        assert_eq!(replayed, expected, "{status_index}");
    }
}
