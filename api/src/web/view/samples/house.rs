//! Pages about keys and editions, and proposals about them, in all their states.

use domain::act::Role;
use domain::edition::{Editions, PublishedEdition, Stopped};
use domain::proposal::{Motion, Proposal, Standing};
use domain::signing_key::{Compromised, SigningKey};
use domain::text::Language;

use super::account::frame;
use super::{HOSTILE, NUMBER, Put, SERVICE, at, declaration, error, now, succeeded};
use crate::web::view::form::Form;
use crate::web::view::frame::Frame;
use crate::web::view::house::{
    ChangeLine, EditionLine, EditionPage, EditionsPage, KeyLine, KeyPage, KeysPage, Preview, StopPage,
};
use crate::web::view::proposals::{ProposalPage, ProposalsPage, Proposed};
use crate::what_if::{Count, Counts};

pub(super) fn add(language: Language, put: &mut Put) {
    let public = |path: &str| Frame::public(language, path, None, true);
    let keys = keys();
    let lines = || keys.iter().map(|key| KeyLine::new(key, &keys)).collect();
    put("keys", &KeysPage { frame: public("/keys"), keys: lines() });
    put("editions", &EditionsPage { frame: public("/editions"), editions: editions() });
}

pub(super) fn add_desk(put: &mut Put) {
    let keys = keys();
    let key = |index: usize, is_held, form| KeyPage {
        frame: frame(Role::Operator),
        key: KeyLine::new(&keys[index], &keys),
        is_held,
        form,
    };
    for (index, state) in ["compromised", "retired", "active", "next"].into_iter().enumerate() {
        put(&format!("key-{state}"), &key(index, true, Form::default()));
    }
    put("key-elsewhere", &key(3, false, Form::default()));
    let wrong = Form::default().with([error("/reason", "理由を書いてください。", "A reason is required.")]);
    put("key-wrong", &key(2, true, wrong));
    let mine = EditionsPage { frame: frame(Role::DecisionMaker), editions: editions() };
    put("editions-desk", &mine);
    let page = |corrects, form| EditionPage { frame: frame(Role::DecisionMaker), corrects, form, preview: None };
    put("edition-new", &page(None, Form::default()));
    let typed = Form::of(vec![("/file".to_owned(), HOSTILE.to_owned()), ("/reason".to_owned(), HOSTILE.to_owned())]);
    let corrects = || Some(("2.0".parse().expect("an id"), 1));
    put("edition-correction", &page(corrects(), typed.clone()));
    put("edition-wrong", &page(corrects(), typed.with([error("/file", "読めません。", "It cannot be read.")])));
    put("edition-preview", &EditionPage { preview: Some(preview(None)), ..page(None, Form::default()) });
    let turning = |stopped, form| StopPage {
        frame: frame(Role::Secretariat),
        edition: "2.0".parse().expect("an id"),
        version: 3,
        stopped,
        form,
    };
    let wrong = Form::default().with([error("/reason", "理由を書いてください。", "A reason is required.")]);
    put("stop", &turning(None, Form::default()));
    put("stop-wrong", &turning(None, wrong));
    put("resume", &turning(Some((now(), HOSTILE.to_owned())), Form::default()));
    proposals(put);
}

fn stopped() -> Stopped {
    Stopped { at: now(), by: "P-04HMASW9".parse().expect("an id"), reason: HOSTILE.to_owned() }
}

/// Everything changes.
fn preview(csv: Option<String>) -> Preview {
    let change = |what: &str, before: &str, after: &str| ChangeLine {
        place: "1類・相談窓口".to_owned(),
        what: what.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    let count = Count { met: 1, unmet: 20, undetermined: 300, changed: 4000 };
    Preview {
        is_correction: csv.is_some(),
        changes: vec![change("文言", HOSTILE, "別の文言"), change("値（月額）", "10000", "なし")],
        counts: Counts { registered: count, applications: Count::default() },
        csv,
    }
}

fn proposals(put: &mut Put) {
    let key = || "01020304".parse().expect("an id");
    let motions = [
        ("activation", Motion::ActivateKey { key: key() }),
        ("compromise", Motion::CompromiseKey { key: key(), reason: HOSTILE.to_owned() }),
        (
            "edition",
            Motion::PublishEdition {
                edition: "3.0".parse().expect("an id"),
                digest: "9f".repeat(32),
                reason: HOSTILE.to_owned(),
            },
        ),
    ];
    let succession = succeeded(SERVICE).successions().next().map(|(_, succession)| succession.clone());
    let motions = motions.into_iter().chain(succession.map(|succession| {
        let (registration, provider) = (NUMBER.parse().expect("a number"), Box::new(declaration().provider));
        ("succession", Motion::Succeed { registration, succession: Box::new(succession), provider })
    }));
    let motions: Vec<(&str, Motion)> = motions.collect();
    let proposed = |motion: &Motion| {
        let proposal = Proposal {
            id: "Q-04HMASW9".parse().expect("an id"),
            version: 1,
            motion: motion.clone(),
            about_version: 1,
            basis: None,
            by: "P-04HMASW9".parse().expect("an id"),
            made_at: now(),
            until: at("2026-12-05T15:00:00Z"),
            dropped: None,
            statement: None,
            changed_at: now(),
        };
        Proposed::new(&proposal, HOSTILE.to_owned(), Standing::Open)
    };
    for (name, motion) in &motions {
        let mut proposed = proposed(motion);
        if matches!(motion, Motion::PublishEdition { .. }) {
            proposed.file = Some(("9f".repeat(32), HOSTILE.to_owned()));
            proposed.preview = Some(preview(Some("/proposals/Q-04HMASW9/what-if.csv".to_owned())));
        }
        let frame = frame(Role::Secretariat);
        let page =
            ProposalPage { frame, proposed, may_confirm: true, may_drop: true, form: Form::default(), refusal: None };
        put(&format!("proposal-{name}"), &page);
    }
    let proposals = motions.iter().map(|(_, motion)| proposed(motion)).collect();
    put("proposals-house", &ProposalsPage { frame: frame(Role::Operator), proposals });
}

/// Keys of licences: compromised, retired, active, next.
fn keys() -> Vec<SigningKey> {
    let key = |id: &str, activated: Option<&str>, is_next| SigningKey {
        id: id.parse().expect("an id"),
        version: 2,
        purpose: "licence".to_owned(),
        public: "5e".repeat(32),
        created_at: at("2024-04-01T00:00:00Z"),
        is_next,
        activated_at: activated.map(at),
        compromised: None,
    };
    let compromised = Some(Compromised { at: now(), reason: HOSTILE.to_owned() });
    vec![
        SigningKey { compromised, ..key("01020304", None, false) },
        key("05060708", Some("2025-04-01T00:00:00Z"), true),
        key("090a0b0c", Some("2026-04-01T00:00:00Z"), true),
        key("0d0e0f10", None, true),
    ]
}

fn editions() -> Vec<EditionLine> {
    let editions = Editions::bundled();
    let published = |edition: &domain::edition::Edition| PublishedEdition {
        id: edition.id.clone(),
        version: 2,
        digest: edition.digest_hex(),
        corrected: vec!["9f".repeat(32)],
        in_force_from: edition.in_force_from,
        stopped: (edition.id.as_str() == "1.1").then(stopped),
        changed_at: now(),
    };
    let published: Vec<_> = editions.all().iter().map(published).collect();
    EditionLine::all(editions, &published, now().day())
}
