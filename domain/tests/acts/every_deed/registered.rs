//! What is done about a registered service, and by whoever watches it.

use super::*;

/// What a provider reports, and how it corrects that.
pub(super) fn on_reports() -> [Act; 2] {
    let report = |before, count| {
        let figures = world::figures(count);
        world::report_alerts(before, world::PERIOD, figures, &world::applicant(), world::REPORTED).expect("reported")
    };
    let (reported, first) = report(None, 1);
    [first, report(Some(reported), 2).1]
}

/// What a provider checks itself, and what is checked of its prices.
pub(super) fn on_checks() -> [Act; 2] {
    [
        world::check(world::YEAR, world::still_met(), &world::applicant(), world::CHECKED).expect("checked").1,
        world::price_check(world::advertised(5_001), &world::secretary()).expect("checked").1,
    ]
}

/// A complaint, followed to its end.
pub(super) fn on_complaints() -> [Act; 5] {
    let (registration, by, now) = (world::registered(), world::secretary(), at(NOW));
    let about = registration.object();
    let (other, words) = (world::person_of(&world::other_secretary()), || "確かめています。".to_owned());
    let substantiated = domain::watching::ComplaintOutcome::Substantiated;
    [
        world::complaint().1,
        world::complaint().0.acknowledge(&about, &by, now).expect("acknowledged").1,
        world::acknowledged().assign(&other, &about, &by, now).expect("assigned").1,
        world::acknowledged().reply(words(), &about, &by, now).expect("answered").1,
        world::acknowledged().close(substantiated, words(), &about, &by, now).expect("closed").1,
    ]
}

/// A renewal that is filed in time, one that is taken back, and one that is entered.
pub(super) fn on_renewals() -> [Act; 3] {
    let now = at(world::RENEWING);
    let (filed, application, filing) = world::filed(world::registered(), "A-2027-00001", now).expect("filed");
    let (withdrawn, done) = application.clone().withdraw(String::new(), &world::applicant(), now).expect("withdrawn");
    let ended = filed.clone().follow(&withdrawn, &done).expect("it follows").1;
    let (passed, _) = world::judged(application, world::pass(), now);
    [filing, ended, world::renew(filed, &passed, "2028-05-01", now).expect("renewed").1]
}

/// A change that is notified, one that is examined, and a registration that goes over to another provider.
pub(super) fn on_changes() -> [Act; 5] {
    let (registered, now) = (world::registered(), at("2026-06-03T01:00:00Z"));
    let notified =
        registered.clone().notify(&world::declaration(), world::moved(), world::present(), &world::applicant(), now);
    let filed = world::change_filed(registered.clone(), "A-2026-00003", world::bound_longer(), now);
    let (filed, application, filing) = filed.expect("filed");
    let (passed, done) = world::judged(application, world::pass(), now);
    let (_, proposed, succeeded) = world::succeeded(registered, now);
    [notified.expect("notified").1, filing, filed.follow(&passed, &done).expect("it follows").1, proposed, succeeded]
}

/// The whole ladder, from a caution to the end of a service.
pub(super) fn on_measures() -> [Act; 15] {
    // A day after those that named nothing they rest on: their leaves are told apart by their instants.
    let (by, applicant, now) = (world::secretary(), world::applicant(), at("2026-06-02T01:00:00Z"));
    let reason = || world::REASON.to_owned();
    let take = |before, measure| world::take(before, measure, world::REASON, now).expect("taken");
    let (suspended, suspension) = take(world::registered(), MeasureKind::Suspended);
    let (demanded, demand) = take(world::registered(), MeasureKind::CorrectionDemanded);
    let reported = demanded.report_correction((1, 1), "改めた。".to_owned(), Vec::new(), &applicant, now);
    let (reported, report) = reported.expect("reported");
    let plan = world::plan(MeasureKind::Suspended, now);
    let emergency = world::registered().suspend_at_once(reason(), plan, &by, now).expect("suspended");
    let revoked = MeasureKind::Revoked;
    let (id, plan) = ("Q-10".parse().expect("an id"), world::plan(revoked, now));
    let (to_revoke, proposed) = world::registered().propose(id, revoked, reason(), plan, &by, now).expect("proposed");
    let (found, registered) = (to_revoke.about_version, world::registered());
    let stated = to_revoke.state_side(found, world::SIDE.to_owned(), &registered.object(), &applicant, now);
    let [hearer, other] = world::hearers();
    let (id, upheld) = ("Q-11".parse().expect("an id"), ObjectionOutcome::Upheld);
    let contested = world::contested();
    let (on_objection, proposal) =
        contested.propose_on_objection(id, 1, upheld, reason(), &hearer, now).expect("proposed");
    let objected =
        world::suspended(world::registered(), now).object_to_measure(1, reason(), Vec::new(), &applicant, now);
    [
        take(world::registered(), MeasureKind::Cautioned).1,
        demand,
        report,
        reported.answer_correction((1, 1), true, "確かめた。".to_owned(), &by, now).expect("answered").1,
        suspension,
        take(suspended, MeasureKind::Reinstated).1,
        take(world::registered(), MeasureKind::Revoked).1,
        proposed,
        stated.expect("stated").1,
        emergency.1,
        emergency.0.confirm_emergency(&world::other_secretary(), now).expect("confirmed").1,
        objected.expect("objected").1,
        proposal,
        contested.decide_objection(&on_objection, &other, now).expect("upheld").1,
        world::registered()
            .discontinue(world::ending("2026-09-30"), Settings::bundled(), &applicant, now)
            .expect("announced")
            .1,
    ]
}
