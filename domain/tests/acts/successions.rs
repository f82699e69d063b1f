//! Successions: to whom a registration goes over and when, what moves with it, and what the past goes on saying.

use domain::act::{Replay, Role};
use domain::authority::Denial;
use domain::declaration::Provider;
use domain::licence::Holder;
use domain::proposal::{self, Proposal, Standing};
use domain::registration::{Refusal, Registration, Succession, SuccessionKind};

use crate::world::{self, APPLICANT, NOW, RIVAL, at, day};

const LATER: &str = "2026-06-10T01:00:00Z";

fn propose(of: &Registration, succession: Succession, provider: Provider) -> Result<(), Refusal> {
    of.propose_succession(world::proposal_id(), succession, provider, &world::secretary(), at(NOW)).map(drop)
}

#[test]
fn what_cannot_go_over_is_refused() {
    let registered = world::registered();
    let (good, provider) = world::succession(RIVAL, day("2026-06-01"));
    assert_eq!(propose(&registered, good.clone(), provider.clone()), Ok(()));
    let own = Succession { to: APPLICANT.parse().expect("an id"), ..good.clone() };
    assert_eq!(propose(&registered, own, provider.clone()), Err(Refusal::OwnSuccessor));
    // From the day of the registration to today, in Japan.
    let (earliest, latest) = (day("2026-05-01"), day("2026-06-01"));
    for (on, is_taken) in [("2026-04-30", false), ("2026-05-01", true), ("2026-06-01", true), ("2026-06-02", false)] {
        let on = day(on);
        let expected = if is_taken { Ok(()) } else { Err(Refusal::SuccessionDay { on, earliest, latest }) };
        assert_eq!(propose(&registered, Succession { on, ..good.clone() }, provider.clone()), expected, "{on}");
    }
    for blank in ["", " 　"] {
        let reason = Succession { reason: blank.to_owned(), ..good.clone() };
        assert_eq!(propose(&registered, reason, provider.clone()), Err(Refusal::NoReason));
        let evidence = Succession { evidence: blank.to_owned(), ..good.clone() };
        let refused = propose(&registered, evidence, provider.clone());
        assert_eq!(refused, Err(Refusal::NoWords { field: "evidence" }));
    }
    // An organisation is its corporate number, where it has one.
    let company = Succession { to: "9000000000000".parse().expect("an id"), ..good.clone() };
    let number = Some("9000000000000".parse().expect("a number"));
    let organisation = number;
    assert_eq!(propose(&registered, company.clone(), provider.clone()), Err(Refusal::OtherNumber { organisation }));
    let named = Provider { legal_entity_number: number, ..provider.clone() };
    assert_eq!(propose(&registered, company, named.clone()), Ok(()));
    assert_eq!(propose(&registered, good.clone(), named), Err(Refusal::OtherNumber { organisation: None }));
    // Nothing is filed for it meanwhile.
    let (filed, application, _) =
        world::change_filed(registered.clone(), "A-2026-00003", world::bound_longer(), at(NOW)).expect("filed");
    let refused = propose(&filed, good.clone(), provider.clone());
    assert_eq!(refused, Err(Refusal::Filed { application: application.id }));
    let revoked = world::revoked(registered, at(NOW));
    let needed = "valid, suspended, not_yet";
    assert_eq!(propose(&revoked, good, provider), Err(Refusal::Status { found: "revoked", needed }));
}

/// Whoever belongs to the old provider or to the new one has no part in it.
#[test]
fn nobody_of_either_provider_brings_it_over() {
    let (registered, now) = (world::registered(), at(NOW));
    let (succession, provider) = world::succession(RIVAL, day("2026-06-01"));
    let id = world::proposal_id;
    let (proposal, _) = registered
        .propose_succession(id(), succession.clone(), provider.clone(), &world::secretary(), now)
        .expect("proposed");
    for organisation in [APPLICANT, RIVAL] {
        let tied = world::also(world::other_secretary(), Role::ProviderMember, organisation);
        let denied = Err(Refusal::Denied(Denial::OwnOrganisation));
        let proposed = registered.propose_succession(id(), succession.clone(), provider.clone(), &tied, now).map(drop);
        assert_eq!(proposed, denied, "{organisation}");
        let confirmed = registered.clone().succeed(&proposal, &world::declaration(), &tied, now).map(drop);
        assert_eq!(confirmed, denied, "{organisation}");
    }
}

/// Number, terms, measures and history go with it; the old provider's people do not act on it any more, the new one's do.
#[test]
fn everything_moves_and_the_past_stays() {
    let suspended = world::suspended(world::registered(), at(NOW));
    let before = world::reinstated(suspended, at(NOW));
    let old = before.listing.provider.trade_name.clone();
    let (state, _, _) = world::succeeded(before.clone(), at(LATER));
    assert_eq!((&state.number, &state.terms, &state.measures), (&before.number, &before.terms, &before.measures));
    assert_eq!((state.owner.as_str(), state.registered_at), (RIVAL, before.registered_at));
    assert_eq!(state.held_since(), Some(at(LATER)));
    let declared = state.declared.as_deref().expect("another provider");
    assert_eq!(declared.service, world::declaration().service, "the service is the same");
    for (asked, owner, provider) in [
        ("2026-06-09", APPLICANT, &old),
        ("2026-06-10", RIVAL, &state.listing.provider.trade_name),
        ("2026-07-01", RIVAL, &state.listing.provider.trade_name),
    ] {
        let answer = state.on_day(day(asked), at("2026-08-01T00:00:00Z")).expect("a day of the past");
        assert_eq!((answer.owner.as_str(), &answer.listing.provider.trade_name), (owner, provider), "{asked}");
    }
    let notify = |by| {
        let mut after = declared.clone();
        after.service.name = "新しい名前".to_owned();
        state.clone().notify(declared, after, world::present(), &by, at(LATER)).map(drop)
    };
    assert_eq!(notify(world::applicant()), Err(Refusal::Denied(Denial::NotOwner)));
    assert_eq!(notify(world::rival()), Ok(()));
    // A user's licence goes on under its id; the new provider's people end it, the old one's do not.
    let licence = world::licensed();
    assert_eq!(licence.standing(&state, at(LATER)), licence.standing(&before, at(LATER)));
    let end = |by| licence.clone().end(&state, "契約が終わった。".to_owned(), &by, at(LATER)).map(drop);
    assert!(end(world::applicant()).is_err() && end(world::rival()).is_ok());
    assert!(world::grant(&state, Holder::Provider, &world::secretary(), LATER).is_ok(), "its mark is licensed anew");
}

/// It settles what was proposed about the old provider's measures, and goes over again, and back.
#[test]
fn it_goes_over_once_for_each_proposal() {
    let registered = world::registered();
    let (state, proposed, _) = world::succeeded(registered.clone(), at(NOW));
    assert_eq!(state.measured(), registered.measured() + 1);
    let proposal = Proposal::replay(None, &proposed).expect("an act that was made");
    let again = state.clone().succeed(&proposal, &world::declaration(), &world::other_secretary(), at(NOW)).map(drop);
    assert_eq!(again, Err(proposal::Refusal::Closed(Standing::Settled).into()), "not: it is theirs already");
    let (succession, provider) = world::succession(APPLICANT, day("2026-06-10"));
    let id = world::proposal_id();
    let (back, _) =
        state.propose_succession(id, succession, provider, &world::secretary(), at(LATER)).expect("proposed");
    let declared = state.declared.clone().expect("another provider");
    let (back, _) = state.succeed(&back, &declared, &world::other_secretary(), at(LATER)).expect("gone back");
    assert_eq!((back.owner.as_str(), back.successions().count()), (APPLICANT, 2));
    let held = |instant: &str| back.as_listed(at(instant)).0.as_str().to_owned();
    assert_eq!(
        [held("2026-05-20T00:00:00Z"), held("2026-06-09T00:00:00Z"), held(LATER)],
        [APPLICANT, RIVAL, APPLICANT]
    );
}

#[test]
fn a_ground_has_words() {
    let words = SuccessionKind::ALL.map(|kind| (kind.as_str(), kind.term().ja));
    assert_eq!(words[0], ("merger", "合併".to_owned()));
    for kind in SuccessionKind::ALL {
        assert_eq!(serde_json::to_value(kind).expect("JSON"), kind.as_str());
    }
}
