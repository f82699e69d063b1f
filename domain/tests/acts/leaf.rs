//! Leaves of the log: their one spelling, what they commit to, and that they stay small. The formats are final: what
//! `tests/vectors/leaves.toml` holds was promised to everybody who audits the log.

use domain::act::{Act, Commitment, Deed, Leaf, NotALeaf, Record, Salt, Sealed, Subject};
use domain::proposal::Motion;
use domain::tlog::merkle::leaf_hash;
use domain::watching::Contents;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::every_deed;

const VECTORS: &str = include_str!("../vectors/leaves.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    leaf: Vec<Vector>,
}

/// Everything as it is hashed: texts are bytes in UTF-8, hashes and salts hexadecimal.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    name: String,
    leaf: String,
    leaf_hash: String,
    open: Option<String>,
    open_salt: Option<String>,
    sealed: String,
    sealed_salt: String,
}

fn vectors() -> Vec<Vector> {
    toml::from_str::<Vectors>(VECTORS).expect("the vectors are TOML").leaf
}

/// Salts that anybody can write down.
fn salts(seq: u64) -> [Salt; 2] {
    [[seq as u8; 16], [0x80 | seq as u8; 16]]
}

/// The record of every kind of act, as the vectors have it.
pub fn records() -> Vec<(&'static str, Act, Record)> {
    let acts = every_deed::acts().into_iter().zip(0..);
    acts.map(|((name, act), seq)| {
        let record = Record::of(&act, seq, (seq % 2 == 1).then_some("d2a84f4b"), salts(seq));
        (name, act, record)
    })
    .collect()
}

#[test]
fn every_leaf_is_spelt_as_promised() {
    let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
    let (vectors, records) = (vectors(), records());
    assert_eq!(vectors.len(), records.len());
    for (vector, (name, _, record)) in vectors.iter().zip(records) {
        assert_eq!(vector.name, name);
        assert_eq!(vector.leaf, record.leaf, "{name}");
        assert_eq!(vector.leaf_hash, hex(&leaf_hash(record.leaf.as_bytes())), "{name}");
        let open = vector.open.clone().zip(vector.open_salt.clone());
        assert_eq!(open, record.open.map(|(body, salt)| (body, hex(&salt))), "{name}");
        let sealed = (vector.sealed.clone(), vector.sealed_salt.clone());
        assert_eq!(sealed, (record.sealed.0, hex(&record.sealed.1)), "{name}");
    }
}

/// A vector by itself: leaf, bodies and salts hold together without anything this program keeps.
#[test]
fn every_vector_holds_together() {
    for vector in vectors() {
        let name = vector.name;
        let salt = |hex: String| -> Salt {
            let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("hexadecimal");
            bytes.try_into().expect("16 bytes")
        };
        let leaf = Leaf::read(&vector.leaf).expect(&name);
        assert_eq!(leaf.sealed, Commitment::to(&vector.sealed, &salt(vector.sealed_salt)), "{name}");
        let open = vector.open.zip(vector.open_salt).map(|(body, hex)| Commitment::to(&body, &salt(hex)));
        assert_eq!(leaf.open, open, "{name}");
        let sealed: Sealed = serde_json::from_str(&vector.sealed).expect(&name);
        assert!(leaf.holds(&sealed.act), "{name}");
    }
}

#[test]
fn a_leaf_is_read_as_it_was_written() {
    for (seq, (name, act, record)) in records().into_iter().enumerate() {
        let leaf = Leaf::read(&record.leaf).expect(name);
        assert_eq!((leaf.v, leaf.seq, leaf.kind.as_str()), (1, seq as u64, act.deed.kind()), "{name}");
        assert_eq!((leaf.subject, leaf.at), (act.subject.to_string(), act.at.to_string()), "{name}");
        assert_eq!((leaf.version, leaf.facts), (act.version, act.deed.facts()), "{name}");
        assert_eq!(leaf.open.is_some(), record.open.is_some(), "{name}");
        assert_eq!(leaf.open.is_some(), act.deed.open().is_some(), "{name}");
    }
}

/// The sealed body tells the same act, or it is another leaf's.
#[test]
fn a_leaf_holds_its_own_act_only() {
    let records = records();
    for (name, act, record) in &records {
        let leaf = Leaf::read(&record.leaf).expect(name);
        for (other, another, _) in &records {
            assert_eq!(leaf.holds(another), name == other, "{name} holds {other}");
        }
        let later = domain::calendar::Instant::from_unix(act.at.unix() + 1).expect("an instant");
        assert!(!leaf.holds(&Act { version: act.version + 1, ..act.clone() }), "{name}");
        assert!(!leaf.holds(&Act { at: later, ..act.clone() }), "{name}");
        let other = Subject::Key("09090909".parse().expect("an id"));
        assert!(!leaf.holds(&Act { subject: other, ..act.clone() }), "{name}");
    }
}

/// One content, one spelling: anything else is refused, so that no leaf can be told in two ways.
#[test]
fn another_spelling_is_no_leaf() {
    let (_, _, record) = &records()[12];
    let leaf = record.leaf.as_str();
    let value: Value = serde_json::from_str(leaf).expect("JSON");
    let replaced = |from: &str, to: &str| {
        assert!(leaf.contains(from), "{from}");
        leaf.replacen(from, to, 1)
    };
    for other in [
        format!("{leaf}\n"),
        format!(" {leaf}"),
        serde_json::to_string_pretty(&value).expect("JSON"),
        replaced("\"v\":1", "\"v\": 1"),
        replaced("\"seq\":12", "\"seq\":12e0"),
        replaced("\"kind\":\"licence", "\"kind\":\"\\u006cicence"),
        replaced("licence/0", "licence\\/0"),
        replaced("{\"at\":\"2026-06-01T01:00:00Z\",", "{").replacen(
            "\"v\":1}",
            "\"v\":1,\"at\":\"2026-06-01T01:00:00Z\"}",
            1,
        ),
        replaced("\"statusIndex\":70000", "\"statusIndex\":70000.0"),
        replaced("\"statusIndex\":70000", "\"statusIndex\":7e4"),
        replaced("\"statusIndex\":70000", "\"statusIndex\":1,\"statusIndex\":70000"),
        replaced("\"expiresAt\":", "\"z\":0,\"expiresAt\":"),
    ] {
        assert!(matches!(Leaf::read(&other), Err(NotALeaf::NotCanonical | NotALeaf::Shape(_))), "{other}");
    }
    assert!(Leaf::read(leaf).is_ok());
}

#[test]
fn what_is_not_of_the_shape_is_no_leaf() {
    let (_, _, record) = &records()[0];
    let whole: Value = serde_json::from_str(&record.leaf).expect("JSON");
    let spelt = |value: &Value| serde_json_canonicalizer::to_string(value).expect("JSON");
    for field in whole.as_object().expect("an object").keys() {
        let mut less = whole.clone();
        less.as_object_mut().expect("an object").remove(field);
        // Left out and null are one thing to the reader of `open`, and two spellings.
        let is_refused = match Leaf::read(&spelt(&less)) {
            Err(NotALeaf::Shape(_)) => field != "open",
            Err(NotALeaf::NotCanonical) => field == "open",
            _ => false,
        };
        assert!(is_refused, "without {field}");
    }
    let mut more = whole.clone();
    more["name"] = json!("例示花子");
    assert!(matches!(Leaf::read(&spelt(&more)), Err(NotALeaf::Shape(_))));
    for text in ["", "null", "[]", "{}", "\u{feff}{}", "{\"v\":-1}", "{\"v\":\"1\"}"] {
        assert!(matches!(Leaf::read(text), Err(NotALeaf::Shape(_))), "{text}");
    }
    let deep = format!("{{\"v\":1,\"facts\":{}", "[".repeat(100_000));
    assert!(matches!(Leaf::read(&deep), Err(NotALeaf::Shape(_))));
}

/// A later format is told apart from nonsense, whatever it looks like by then.
#[test]
fn a_later_format_is_named() {
    for (leaf, format) in [("{\"v\":2}", 2), ("{\"what\":[],\"v\":300}", 300), ("{\"v\":0}", 0)] {
        assert_eq!(Leaf::read(leaf), Err(NotALeaf::Format(format)));
    }
}

/// Whatever an act says at length, its leaf says nothing of it: 1,000 bytes are far more than any needs, and an entry
/// of the log may have 65,535.
#[test]
fn a_leaf_stays_small() {
    let salts = salts(0);
    for (name, act, _) in records() {
        let mut longest = act.clone();
        longest.version = u32::MAX;
        for_each_text(&mut longest.deed, &mut |text| *text = "𠮷".repeat(100_000));
        let record = Record::of(&longest, (1 << 53) - 1, None, salts);
        assert!(record.leaf.len() <= 1_000, "{name}: {}", record.leaf.len());
        if record.sealed.0.len() < 400_000 {
            let of_ids = "application.accepted application.accepted.due person.admitted person.role_given key.created key.created.next \
                          key.activated edition.published.first proposal.made.activate_key application.question_extended report.filed \
                          report.filed.correction complaint.received complaint.acknowledged complaint.assigned \
                          registration.emergency_confirmed registration.filed registration.filed.change \
                          registration.filing_ended licence.reissued";
            assert!(of_ids.split_whitespace().any(|known| known == name), "{name} has no long text");
        }
    }
}

/// The texts that people write, in every deed.
fn for_each_text(deed: &mut Deed, change: &mut dyn FnMut(&mut String)) {
    match deed {
        Deed::Submitted { declaration, .. } | Deed::Resubmitted { declaration, .. } => {
            change(&mut declaration.service.name);
            change(&mut declaration.service.summary);
            change(&mut declaration.provider.trade_name);
            declaration.prices.iter_mut().for_each(|item| change(&mut item.label));
        }
        Deed::Returned { reasons } => reasons.iter_mut().for_each(|field| change(&mut field.reason)),
        Deed::Judged { judgements, .. } => judgements.iter_mut().for_each(|judgement| change(&mut judgement.reason)),
        Deed::Reconciled { judgement, .. } => change(&mut judgement.reason),
        Deed::Recommended { opinion: determination, .. } | Deed::Decided { decision: determination, .. } => {
            change(&mut determination.reason);
        }
        Deed::Registered { listing, .. } | Deed::Renewed { listing, .. } | Deed::Changed { listing, .. } => {
            change(&mut listing.summary);
        }
        Deed::Notified { declaration, listing, .. } => {
            change(&mut declaration.provider.address);
            change(&mut listing.summary);
        }
        Deed::Succeeded { succession, listing, .. } => {
            change(&mut succession.reason);
            change(&mut succession.evidence);
            change(&mut listing.provider.trade_name);
        }
        Deed::Granted(grant) => change(&mut grant.holder_name),
        Deed::Withdrawn { reason }
        | Deed::Cautioned { reason, .. }
        | Deed::CorrectionDemanded { reason, .. }
        | Deed::CorrectionReported { words: reason, .. }
        | Deed::CorrectionAnswered { reason, .. }
        | Deed::EmergencySuspended { reason, .. }
        | Deed::MeasureObjected { reason, .. }
        | Deed::MeasureObjectionDecided { reason, .. }
        | Deed::Stated { words: reason }
        | Deed::Suspended { reason, .. }
        | Deed::Reinstated { reason, .. }
        | Deed::Revoked { reason, .. }
        | Deed::Ended { reason }
        | Deed::LicenceRevoked { reason, .. }
        | Deed::ProposalDropped { reason }
        | Deed::RoleEnded { reason, .. }
        | Deed::Dismissed { reason }
        | Deed::KeyCompromised { reason, .. }
        | Deed::EditionPublished { reason: Some(reason), .. }
        | Deed::EditionStopped { reason }
        | Deed::EditionResumed { reason }
        | Deed::ExaminerReplaced { reason, .. }
        | Deed::ConflictWaived { reason, .. }
        | Deed::ConditionReported { words: reason, .. }
        | Deed::ConditionAnswered { reason, .. }
        | Deed::Objected { reason, .. }
        | Deed::ObjectionDecided { reason, .. }
        | Deed::QuestionClosed { reason, .. }
        | Deed::ComplaintReplied { text: reason }
        | Deed::ComplaintClosed { reason, .. }
        | Deed::Asked { text: reason, .. }
        | Deed::Answered { text: reason, .. }
        | Deed::InterestDeclared { tie: Some(reason) } => change(reason),
        Deed::ReportFiled { contents, .. } => match &mut **contents {
            // Numbers alone.
            Contents::Alerts(_) => {}
            Contents::SelfCheck(checked) => checked.iter_mut().for_each(|one| change(&mut one.words)),
        },
        Deed::PriceChecked { label, advertised, .. } => {
            change(label);
            change(&mut advertised.seen_at);
        }
        Deed::SettingChanged { source, reason, .. } | Deed::HolidaysChanged { source, reason, .. } => {
            change(source);
            change(reason);
        }
        Deed::Discontinued { plan } => {
            change(&mut plan.for_users);
            change(&mut plan.contracts);
        }
        Deed::Proposed { motion, .. } => match &mut **motion {
            Motion::Decide { decision, .. } => change(&mut decision.reason),
            Motion::TakeMeasure { reason, .. }
            | Motion::RevokeLicence { reason, .. }
            | Motion::CompromiseKey { reason, .. }
            | Motion::PublishEdition { reason, .. }
            | Motion::WaiveConflict { reason, .. }
            | Motion::DecideObjection { reason, .. }
            | Motion::DecideMeasureObjection { reason, .. } => change(reason),
            Motion::ChangeSetting { source, reason, .. } | Motion::ChangeHolidays { source, reason, .. } => {
                change(source);
                change(reason);
            }
            Motion::Succeed { succession, provider, .. } => {
                change(&mut succession.reason);
                change(&mut provider.trade_name);
            }
            Motion::ActivateKey { .. } => {}
        },
        Deed::Accepted { .. }
        | Deed::Filed { .. }
        | Deed::FilingEnded { .. }
        | Deed::Admitted { .. }
        | Deed::RoleGiven { .. }
        | Deed::KeyCreated { .. }
        | Deed::KeyActivated { .. }
        | Deed::Reissued(_)
        | Deed::InterestDeclared { tie: None }
        | Deed::QuestionExtended { .. }
        | Deed::ComplaintReceived { .. }
        | Deed::ComplaintAcknowledged {}
        | Deed::ComplaintAssigned { .. }
        | Deed::EmergencyConfirmed {}
        | Deed::EditionPublished { reason: None, .. } => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// One bit of salt or body makes another commitment, and salt and body cannot be shifted against each other.
    #[test]
    fn a_commitment_is_to_this_body_and_this_salt(body in "\\PC{1,40}", salt: Salt, bit in 0..128usize, at: prop::sample::Index) {
        let commitment = Commitment::to(&body, &salt);
        prop_assert_eq!(&commitment, &Commitment::to(&body, &salt));
        let mut other = salt;
        other[bit / 8] ^= 1 << (bit % 8);
        prop_assert_ne!(&commitment, &Commitment::to(&body, &other));
        let mut spoilt: Vec<char> = body.chars().collect();
        let at = at.index(spoilt.len());
        spoilt[at] = if spoilt[at] == 'x' { 'y' } else { 'x' };
        prop_assert_ne!(&commitment, &Commitment::to(&spoilt.into_iter().collect::<String>(), &salt));
        prop_assert_ne!(&commitment, &Commitment::to(&format!("{body} "), &salt));
        prop_assert_ne!(&commitment, &Commitment::to("", &salt));
    }

    /// Any text is a leaf or not one; reading never panics.
    #[test]
    fn a_spoilt_leaf_is_refused(which: prop::sample::Index, at: prop::sample::Index, byte in 0x20..0x7fu8) {
        let records = records();
        let (name, _, record) = &records[which.index(records.len())];
        let mut spoilt = record.leaf.clone().into_bytes();
        let at = at.index(spoilt.len());
        prop_assume!(spoilt[at] != byte);
        spoilt[at] = byte;
        let spoilt = String::from_utf8(spoilt).expect("leaves of these acts are ASCII");
        // Content may still be content; then it is other content.
        if let Ok(leaf) = Leaf::read(&spoilt) {
            prop_assert_ne!(Ok(leaf), Leaf::read(&record.leaf), "{}", name);
        }
    }

    /// Facts of any size and shape are read back or refused.
    #[test]
    fn any_numbers_are_answered(seq: u64, index: u64, float: f64) {
        for number in [index.to_string(), format!("{float:?}"), format!("{float:e}"), format!("{index}{index}{index}")] {
            let leaf = format!(
                "{{\"at\":\"\",\"facts\":{{\"n\":{number}}},\"kind\":\"\",\"open\":null,\"sealed\":\"\",\"seq\":{seq},\
                 \"subject\":\"\",\"v\":1,\"version\":1}}"
            );
            drop(Leaf::read(&leaf));
        }
    }
}
