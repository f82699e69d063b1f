//! Change notices: which criteria a change touches, what is notified and what is examined, and what the register says of
//! the days before.

use domain::act::Deed;
use domain::authority::Denial;
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::declaration::{Class, Declaration, Evidence, Kind};
use domain::edition::{Editions, Touched};
use domain::registration::{Cause, FilingOutcome, Preview, Refusal, Registration};
use domain::settings::Settings;
use serde_json::{Value, json};

use crate::world::{self, at, day};

const CHANGED: &str = "2026-07-01T01:00:00Z";
const ID: &str = "A-2026-00003";

/// The declaration with something else at this place.
fn with(pointer: &str, value: Value) -> Declaration {
    let mut document = serde_json::to_value(world::declaration()).expect("JSON");
    *document.pointer_mut(pointer).expect("it leads somewhere") = value;
    serde_json::from_value(document).expect("a declaration")
}

fn touched(after: &Declaration) -> Touched {
    world::present().touched(&world::declaration(), after)
}

/// Every field of a service for one network, and the criteria of edition 2.0 that ask about it.
#[test]
fn a_field_touches_the_criteria_that_read_it() {
    use CriterionId as C;
    let nothing: &[CriterionId] = &[];
    for (pointer, value, criteria) in [
        ("/provider/tradeName", json!("例示商店（例示次郎）"), nothing),
        ("/provider/tradeNameKana", json!("レイジ"), nothing),
        ("/provider/prefecture", json!("13"), nothing),
        ("/provider/postalCode", json!("1000001"), nothing),
        ("/provider/address", json!("東京都"), nothing),
        ("/provider/telephone", json!("03-0000-0001"), nothing),
        ("/service/name", json!("見守り"), nothing),
        ("/service/nameKana", json!("ミマモリ"), nothing),
        ("/service/summary", json!("別の説明"), nothing),
        ("/service/startedOn", json!("2020-01-01"), nothing),
        ("/service/regions", json!(["13"]), nothing),
        ("/helpDesk/hours", json!("終日"), nothing),
        ("/helpDesk/telephone", json!("03-0000-0001"), nothing),
        ("/helpDesk/isSingleWindow", json!(false), &[C::HelpDesk]),
        ("/helpDesk/coversIntroduction", json!(false), &[C::HelpDesk]),
        ("/helpDesk/coversOperation", json!(false), &[C::HelpDesk]),
        ("/monitoring/network/hoursPerDay", json!(23), &[C::NetworkMonitoring]),
        ("/monitoring/network/method", json!("別の方法"), &[C::NetworkMonitoring]),
        ("/emergencyResponse/onRequest", json!(false), &[C::EmergencyResponse]),
        ("/simplicity/measures", json!("別の工夫"), &[C::Simplicity]),
        ("/prices/0/amount/yen", json!(1), &[C::NetworkPrice]),
        ("/prices/0/label", json!("別の名前"), &[C::NetworkPrice]),
        ("/contract/minimumTermMonths", json!(24), &[C::MinimumTerm]),
        ("/contract/conditionsInTerms", json!(false), &[C::Disclosure]),
        ("/contract/termsClause", json!("第9条"), &[C::Disclosure]),
        ("/contract/explained", json!("not_explained"), &[C::Disclosure]),
        ("/insurance/policy", json!("別の保険"), &[C::Insurance]),
        ("/package/isSingleContract", json!(false), &[C::OnePackage]),
        ("/experience/description", json!("別の実績"), &[C::Experience]),
        ("/informationSharing/undertakesAlertStatistics", json!(false), &[C::InformationSharing]),
        ("/continuity/people", json!("別の体制"), &[C::Continuity]),
        ("/renewal/undertakesExamination", json!(false), &[C::Renewal]),
    ] {
        let found = touched(&with(pointer, value));
        assert_eq!(found.criteria, criteria, "{pointer}");
        // A list is compared whole.
        let field = if pointer.starts_with("/prices") { "/prices" } else { pointer };
        assert_eq!(found.fields, [field], "{pointer}");
    }
    assert_eq!(touched(&world::declaration()), Touched { fields: Vec::new(), criteria: Vec::new() });
}

/// Another kind of monitoring is asked about by all; a document, by the criterion that it shows.
#[test]
fn a_kind_touches_all_and_a_document_its_own() {
    let mut other = world::declaration();
    other.service.kind = Kind::Combined;
    let asked: Vec<CriterionId> =
        world::present().criteria_for(Class::One, Kind::Combined).iter().map(|one| one.id).collect();
    assert_eq!(touched(&other).criteria, asked);
    let mut shown = world::declaration();
    shown.evidence.push(Evidence {
        criterion: CriterionId::Insurance,
        title: "証券".to_owned(),
        place: "1ページ".to_owned(),
    });
    assert_eq!(touched(&shown).criteria, [CriterionId::Insurance]);
}

/// Which fields a criterion reads is the edition's to say; a place that no declaration has is refused, with its line.
#[test]
fn the_edition_says_what_a_criterion_reads() {
    let text = world::present().text();
    let simplicity = "reads = [\"/simplicity\"]";
    assert!(text.contains(simplicity));
    let read = |line: &str| {
        let text = text.replace(simplicity, line);
        let others: Vec<_> = Editions::bundled().all().iter().filter(|one| one.id.as_str() != "2.0").collect();
        let mut files: Vec<(String, &str)> =
            others.iter().map(|one| (format!("{}.toml", one.id), one.text())).collect();
        files.push(("2.0.toml".to_owned(), &text));
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
        Editions::read(&files)
    };
    let hours = with("/helpDesk/hours", json!("終日"));
    let otherwise = read("reads = [\"/simplicity\", \"/helpDesk/hours\"]").expect("an edition");
    let otherwise = otherwise.find("2.0").expect("it is there");
    assert_eq!(otherwise.touched(&world::declaration(), &hours).criteria, [CriterionId::Simplicity]);
    // Left out, it is where the criterion's code looks.
    let silent = read("").expect("an edition");
    let silent = silent.find("2.0").expect("it is there");
    for (one, other) in silent.classes.iter().zip(&world::present().classes) {
        for (one, other) in one.criteria.iter().zip(&other.criteria) {
            assert_eq!(one.reads, other.reads, "{:?}", one.id);
        }
    }
    for wrong in ["reads = []", "reads = [\"/simplicity\", \"/simplicity\"]", "reads = [\"/simplicity/words\"]"] {
        let refused = read(wrong).expect_err(wrong);
        assert_eq!((refused.file.as_str(), refused.field.as_str()), ("2.0.toml", "reads"), "{wrong}");
    }
}

/// What the engine says points only where the criterion is said to look: nothing that decides escapes an examination.
#[test]
#[allow(clippy::disallowed_methods, reason = "tests read their tables from files")]
fn a_criterion_looks_nowhere_else() {
    use domain::criteria::{Conclusion, Shortfall};
    for name in ["sole-proprietor", "osaka-cci", "network-at-the-cap"] {
        let path = format!("{}/../schemas/examples/declaration/valid/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let whole: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("an example")).expect("JSON");
        let mut places = Vec::new();
        flags(&whole, String::new(), &mut places);
        for place in places {
            let mut document = whole.clone();
            *document.pointer_mut(&place).expect("it leads somewhere") = json!(false);
            let Ok(declaration) = serde_json::from_value::<Declaration>(document) else { continue };
            let found = domain::assessment::assess_under(world::present(), &declaration, day("2026-06-01"), None);
            for finding in found.findings {
                let Conclusion::Unmet { by: shortfalls } = &finding.conclusion else { continue };
                let rules = world::present().class(declaration.service.class).expect("a class");
                let reads = rules.criteria.iter().find(|one| one.id == finding.criterion).expect("it is asked");
                for shortfall in shortfalls {
                    let (Shortfall::Figure { pointer: Some(pointer), .. } | Shortfall::Fact { pointer }) = shortfall
                    else {
                        continue;
                    };
                    let is_read = |read: &String| pointer.starts_with(read.as_str());
                    assert!(reads.reads.iter().any(is_read), "{:?} looks at {pointer}", finding.criterion);
                }
            }
        }
    }
}

/// Where something is true.
fn flags(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Bool(true) => found.push(at),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| flags(field, format!("{at}/{name}"), found)),
        _ => {}
    }
}

fn notify(before: Registration, after: Declaration, now: &str) -> Result<Registration, Refusal> {
    let said = before.declared.as_deref().cloned().unwrap_or_else(world::declaration);
    before.notify(&said, after, world::present(), &world::applicant(), at(now)).map(|(state, _)| state)
}

#[test]
fn what_is_notified_and_what_is_not() {
    let registered = world::registered;
    let ok = |after| notify(registered(), after, CHANGED).map(drop);
    assert_eq!(ok(world::moved()), Ok(()));
    assert_eq!(ok(world::declaration()), Err(Refusal::NothingChanged));
    let criteria = vec![CriterionId::MinimumTerm];
    assert_eq!(ok(world::bound_longer()), Err(Refusal::Examined { criteria }));
    let mut both = world::moved();
    both.contract.minimum_term_months = 24;
    assert!(matches!(ok(both), Err(Refusal::Examined { .. })), "of both, all of it is examined");
    let mut other = world::moved();
    other.provider.legal_entity_number = Some("9000000000000".parse().expect("a number"));
    assert_eq!(ok(other), Err(Refusal::OtherCompany { registered: None }), "that is another company");
    let mut two = world::moved();
    two.service.class = Class::Two;
    assert_eq!(ok(two), Err(Refusal::OtherClass { registered: Class::One }));
    let by_rival =
        registered().notify(&world::declaration(), world::moved(), world::present(), &world::rival(), at(CHANGED));
    assert_eq!(by_rival.map(drop), Err(Refusal::Denied(Denial::NotOwner)));
    // While it is registered: from the act that registers it to the last second of the term.
    for (now, is_taken) in
        [("2026-05-01T01:00:00Z", true), ("2028-04-30T14:59:59Z", true), ("2028-04-30T15:00:00Z", false)]
    {
        assert_eq!(notify(registered(), world::moved(), now).is_ok(), is_taken, "{now}");
    }
    let now = at(CHANGED);
    assert!(notify(world::suspended(registered(), now), world::moved(), CHANGED).is_ok(), "a suspended one too");
    let revoked = notify(world::revoked(registered(), now), world::moved(), CHANGED).map(drop);
    assert_eq!(revoked, Err(Refusal::Status { found: "revoked", needed: "valid, suspended, not_yet" }));
}

/// The register says it at once, and says of days before what it said then.
#[test]
fn a_notice_holds_from_its_instant() {
    let mut renamed = world::declaration();
    renamed.service.name = "新しい名前".to_owned();
    let before = world::registered();
    let old = before.listing.service_name.clone();
    let state = notify(before.clone(), renamed.clone(), CHANGED).expect("notified");
    assert_eq!((state.listing.service_name.as_str(), state.declared.as_deref()), ("新しい名前", Some(&renamed)));
    assert_eq!(
        (state.terms.clone(), state.measured()),
        (before.terms.clone(), before.measured()),
        "no term, no proposal"
    );
    assert_eq!(state.listing.edition, before.listing.edition);
    let name = |instant: Instant| state.as_listed(instant).1.service_name.clone();
    assert_eq!(name(at("2026-07-01T00:59:59Z")), old);
    assert_eq!(name(at(CHANGED)), "新しい名前");
    for (asked, expected) in [("2026-06-30", &old), ("2026-07-01", &renamed.service.name)] {
        let answer = state.on_day(day(asked), at("2026-08-01T00:00:00Z")).expect("a day of the past");
        assert_eq!(&answer.listing.service_name, expected, "{asked}");
    }
    assert_eq!(state.changes[0].cause, Cause::Notified { fields: vec!["/service/name".to_owned()] });
}

#[test]
fn only_a_change_that_is_asked_about_is_examined() {
    let general = world::change_filed(world::registered(), ID, world::moved(), at(CHANGED)).map(drop);
    assert_eq!(general, Err(Refusal::General { fields: vec!["/provider/telephone".to_owned()] }));
    let (state, application, act) =
        world::change_filed(world::registered(), ID, world::bound_longer(), at(CHANGED)).expect("filed");
    assert!(matches!(act.deed, Deed::Filed { holds_until: None, .. }), "it carries nothing behind the term");
    let asked = |criterion| application.asks(criterion);
    assert!(asked(CriterionId::MinimumTerm) && !asked(CriterionId::NetworkPrice), "the criteria touched, no others");
    assert_eq!(state.listing, world::registered().listing, "nothing changes before it is decided");
    assert!(state.open_change().is_some() && state.open_renewal().is_none());
    let again = world::change_filed(state, "A-2026-00004", world::bound_longer(), at(CHANGED)).map(drop);
    assert_eq!(again, Err(Refusal::Filed { application: application.id }), "one at a time");
    // A change can be filed on any day of the term.
    assert!(world::change_filed(world::registered(), ID, world::bound_longer(), at("2028-04-30T14:59:59Z")).is_ok());
}

#[test]
fn what_passes_is_entered_with_the_decision() {
    let now = at(CHANGED);
    let (state, application, _) = world::change_filed(world::registered(), ID, raised(), now).expect("filed");
    let (passed, done) = world::judged(application, world::pass(), now);
    let (after, act) = state.clone().follow(&passed, &done).expect("it follows");
    assert!(matches!(&act.deed, Deed::Changed { fields, declaration: None, .. } if *fields == ["/prices"]));
    assert_eq!(act.by, done.by, "by whoever decided, in the same transaction");
    assert_eq!(after.listing.prices, raised().prices);
    assert_eq!((&after.terms, &after.listing.edition), (&state.terms, &state.listing.edition), "term and edition stay");
    assert_eq!(after.filings[0].ended.as_ref().map(|ended| ended.outcome), Some(FilingOutcome::Entered));
    assert_eq!(after.judged_on(), &passed.id);
    assert_eq!(after.judged_whole_on(), &state.application, "the other criteria were judged before");
    assert!(after.entered().eq([&state.application, &passed.id]));
    assert_eq!(after.follow(&passed, &done), None, "once");
}

/// The declaration with another price, within its cap.
fn raised() -> Declaration {
    with("/prices/0/amount/yen", json!(5_600))
}

#[test]
fn what_fails_or_is_taken_back_changes_nothing() {
    let now = at(CHANGED);
    let (state, application, _) = world::change_filed(world::registered(), ID, raised(), now).expect("filed");
    let (failed, done) = world::judged(application.clone(), world::fail(), now);
    let after = state.clone().follow(&failed, &done).expect("it follows").0;
    assert_eq!((&after.listing, after.changes.len()), (&state.listing, 0));
    assert_eq!(after.filings[0].ended.as_ref().map(|ended| ended.outcome), Some(FilingOutcome::Failed));
    let (withdrawn, done) = application.withdraw(String::new(), &world::applicant(), now).expect("withdrawn");
    let after = state.follow(&withdrawn, &done).expect("it follows").0;
    assert_eq!(after.changes.len(), 0);
    assert!(world::change_filed(after, "A-2026-00004", raised(), now).is_ok(), "then another one can be filed");
}

/// What is over stays as it was, though a change of it passes.
#[test]
fn what_is_over_does_not_change() {
    let now = at(CHANGED);
    let (state, application, _) = world::change_filed(world::registered(), ID, raised(), now).expect("filed");
    let (passed, done) = world::judged(application, world::pass(), now);
    let after = world::revoked(state, now).follow(&passed, &done).expect("it follows").0;
    assert_eq!(after.listing, world::registered().listing);
    assert_eq!(after.filings[0].ended.as_ref().map(|ended| ended.outcome), Some(FilingOutcome::Superseded));
}

/// Somebody moves while a change or a renewal is examined: what was notified meanwhile stays.
#[test]
fn what_is_notified_meanwhile_is_not_taken_back() {
    let now = at(CHANGED);
    let (state, application, _) = world::change_filed(world::registered(), ID, raised(), now).expect("filed");
    let state = notify(state, world::moved(), CHANGED).expect("notified");
    let (passed, done) = world::judged(application, world::pass(), now);
    let (after, _) = state.follow(&passed, &done).expect("it follows");
    let declared = after.declared.as_deref().expect("it is not what was judged");
    assert_eq!(
        (declared.provider.telephone.clone(), &declared.prices),
        (world::moved().provider.telephone, &raised().prices)
    );

    let now = at(world::RENEWING);
    let (state, application, _) = world::filed(world::registered(), "A-2027-00001", now).expect("filed");
    let mut renamed = world::declaration();
    renamed.service.name = "新しい名前".to_owned();
    let state = notify(state, renamed, world::RENEWING).expect("notified");
    let (passed, _) = world::judged(application, world::pass(), now);
    let renewed = world::renew(state, &passed, "2028-05-01", now).expect("renewed").0;
    assert_eq!(renewed.listing.service_name, "新しい名前");
    assert_eq!(renewed.changes.len(), 2, "the renewal too is a change of what the register says");
}

/// A change that is sent back is touched anew; one that touches nothing any more is not examined.
#[test]
fn a_return_finds_anew_what_is_touched() {
    use domain::application::Refusal as R;
    use domain::evidence::Submission;
    let now = at(CHANGED);
    let (state, application, _) = world::change_filed(world::registered(), ID, raised(), now).expect("filed");
    let returned = application.send_back(world::reasons(), &world::secretary(), now).expect("sent back").0;
    let again = |after: Declaration| {
        let concerns = Some(state.change(&world::declaration(), &after, world::present())?);
        Ok::<_, Refusal>(Submission { declaration: after, evidence: Vec::new(), concerns })
    };
    let what = again(world::bound_longer()).expect("a change");
    let (state_of, _) = returned.clone().resubmit(what, &world::applicant(), now).expect("submitted again");
    assert!(state_of.asks(CriterionId::MinimumTerm) && !state_of.asks(CriterionId::NetworkPrice));
    assert!(matches!(again(world::moved()), Err(Refusal::General { .. })));
    let bare = returned.resubmit(world::moved(), &world::applicant(), now).map(drop);
    assert_eq!(bare, Err(R::NothingTouched));
}

/// The engine's findings before and after, of the criteria touched; a price above its cap turns unmet, and is told of
/// before anything is saved.
#[test]
fn a_preview_warns() {
    let preview = |after: &Declaration| {
        let found = |declaration: &Declaration| {
            domain::assessment::assess_under(world::present(), declaration, day("2026-07-01"), None).findings
        };
        Preview::of(touched(after), found(&world::declaration()), found(after))
    };
    for (yen, turns) in [(11_000, false), (11_001, true)] {
        let preview = preview(&with("/prices/0/amount/yen", json!(yen)));
        let criteria: Vec<_> = preview.findings.iter().map(|beside| beside.after.criterion).collect();
        assert_eq!(criteria, [CriterionId::NetworkPrice], "{yen}");
        assert_eq!((preview.is_general(), preview.warnings().count() == 1), (false, turns), "{yen} yen, tax included");
    }
    let general = preview(&world::moved());
    assert!(general.is_general() && general.findings.is_empty());
}

/// A change is filed by the same rules that hold for whoever files anything.
#[test]
fn who_may_not_file_is_refused() {
    let now = at(CHANGED);
    let (_, application, _) = world::change_filed(world::registered(), ID, raised(), now).expect("filed");
    let by_another = world::registered().file(&application, Settings::bundled(), &world::rival(), now).map(drop);
    assert_eq!(by_another, Err(Refusal::Denied(Denial::NotOwner)));
    let revoked = world::revoked(world::registered(), now);
    let refused = revoked.file(&application, Settings::bundled(), &world::applicant(), now).map(drop);
    assert_eq!(refused, Err(Refusal::Status { found: "revoked", needed: "valid, suspended" }));
}
