//! Callers who arrive together are served by one commit, and each as if the others had come before or after.
//!
//! Done through the library on one thread: what is asked for together is queued before the writer wakes, so it is one
//! batch every time.

use std::sync::Arc;

use api::account::trail::Origin;
use api::acts::{
    Accept, Call, Confirm, Confirmed, DeclareInterest, Deed, Done, EndLicence, Grant, Judge, Propose, Recommend,
    Refused, Register as Enter, Submit, Withdraw,
};
use api::cli::{Settings, open};
use api::clock;
use api::registry::Registry;
use domain::act::{Determination, PersonId, RegistrationNumber, Verdict};
use domain::application::Application;
use domain::authority::{Actor, Proof};
use domain::declaration::Declaration;
use domain::examination::{Answer, Judgement};
use domain::licence::{self, Holder};
use domain::proposal::{Motion, Proposal};
use domain::registration::{self, MeasureKind, Plan, Registration};
use tests::{Cast, Database, Register, declaration, on_both};

on_both!(
    submissions_get_numbers_of_their_own,
    one_of_two_measures_wins,
    measures_in_a_row_are_one_row,
    a_request_sent_twice_is_done_once,
    a_holder_is_licensed_once,
    a_closed_licence_makes_room_at_once,
    a_refusal_leaves_the_others,
);

struct Stage {
    registry: Arc<Registry>,
    provider: Actor,
    secretariat: Actor,
    second: Actor,
    examiners: [Actor; 2],
    decision_makers: [Actor; 2],
}

/// Plays on a register of its own; afterwards everything must follow from the acts.
fn play(database: Database, story: impl AsyncFnOnce(&Stage)) {
    let (register, cast) = Register::staffed(database);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a thread is there");
    runtime.block_on(async {
        let settings = Settings {
            data: Some(register.data()),
            database: Some(register.database().url().to_owned()),
            base_url: Some(register.base_url().to_owned()),
            passphrase_file: Some(register.data().with_file_name("passphrase")),
            ..Settings::default()
        };
        let settled = settings.settle().expect("these settings are good");
        let passphrase = settings.passphrase().expect("the register has one");
        let registry = open(&settled, &passphrase, false).await.expect("the register opens");
        let stage = Stage::new(registry, &cast).await;
        story(&stage).await;
        stage.registry.store.close().await;
    });
    register.assert_whole();
}

impl Stage {
    async fn new(registry: Arc<Registry>, cast: &Cast) -> Self {
        let actor = async |person: &tests::Person| {
            let id: PersonId = person.id.parse().expect("an id");
            let found = registry.store.person(&id).await.expect("the database answers").expect("admitted");
            found.acting(Proof::Command)
        };
        Self {
            provider: actor(&cast.provider).await,
            secretariat: actor(&cast.secretariat).await,
            second: actor(&cast.second_secretariat).await,
            examiners: [actor(&cast.examiners[0]).await, actor(&cast.examiners[1]).await],
            decision_makers: [actor(&cast.decision_maker).await, actor(&cast.second_decision_maker).await],
            registry,
        }
    }

    async fn ask<D: Deed>(&self, deed: D, by: &Actor, read: Option<u32>) -> Result<Done<D::State>, Refused> {
        self.registry
            .perform(deed, Call { by: by.clone(), from: Origin::command(), at: clock::now(), read, key: None })
            .await
    }

    async fn act<D: Deed>(&self, deed: D, by: &Actor, read: Option<u32>) -> D::State {
        self.ask(deed, by, read).await.expect("nothing stands against it").state
    }

    async fn registered(&self) -> Registration {
        let case = self
            .act(
                Submit { owner: None, declaration: typed(), evidence: Vec::new(), concerns: None },
                &self.provider,
                None,
            )
            .await;
        let examiners: Vec<PersonId> = self.examiners.iter().map(|examiner| examiner.person.clone()).collect();
        let deed = Accept { application: case.id, examiners };
        let mut case = self.act(deed, &self.secretariat, Some(case.version)).await;
        for examiner in &self.examiners {
            let deed = DeclareInterest { application: case.id, tie: None };
            case = self.act(deed, examiner, Some(case.version)).await;
        }
        for examiner in &self.examiners {
            let deed = Judge { application: case.id.clone(), judgements: self.judgements(&case).await };
            self.act(deed, examiner, Some(case.version)).await;
        }
        let pass = || Determination { verdict: Verdict::Pass, reason: "充足".to_owned() };
        let deed = Recommend { application: case.id, opinion: pass() };
        let case = self.act(deed, &self.examiners[0], Some(case.version)).await;
        let motion = Motion::Decide { application: case.id, decision: pass(), conditions: Vec::new() };
        let proposal = self.act(Propose { motion }, &self.decision_makers[0], Some(case.version)).await;
        let confirmed = self.act(Confirm { proposal: proposal.id }, &self.decision_makers[1], None).await;
        let Confirmed::Decided(case) = confirmed else { panic!("a decision was proposed") };
        let deed = Enter { application: case.id, from: clock::now().day() };
        self.act(deed, &self.secretariat, Some(case.version)).await
    }

    async fn judgements(&self, case: &Application) -> Vec<Judgement> {
        let editions = self.registry.store.editions().await.expect("the database answers");
        let edition = editions.with_digest(&case.edition_digest).expect("its file is kept");
        let service = &case.declaration.service;
        let met = |criterion: &domain::edition::Criterion| Judgement::new(criterion.id, Answer::Met, "充足");
        edition.criteria_for(service.class, service.kind).into_iter().map(met).collect()
    }

    async fn propose(&self, about: &Registration, measure: MeasureKind) -> Proposal {
        let registration = about.number.clone();
        let motion = motion(registration, measure);
        self.act(Propose { motion }, &self.secretariat, Some(about.version)).await
    }

    async fn confirm(&self, proposal: &Proposal) -> Result<Registration, Refused> {
        let done = self.ask(Confirm { proposal: proposal.id.clone() }, &self.second, None).await?;
        let Confirmed::Measured(registration) = done.state else { panic!("a measure was proposed") };
        Ok(registration)
    }

    fn grant(&self, under: &Registration, name: &str) -> Grant {
        let to = Holder::User { name: name.to_owned(), number: None, contract_from: clock::now().day() };
        Grant { registration: under.number.clone(), to }
    }
}

fn typed() -> Declaration {
    api::declaration::read(&declaration()).expect("the example is valid")
}

fn submissions_get_numbers_of_their_own(database: Database) {
    play(database, async |stage| {
        let submit = || {
            stage.act(
                Submit { owner: None, declaration: typed(), evidence: Vec::new(), concerns: None },
                &stage.provider,
                None,
            )
        };
        let (one, two, three) = tokio::join!(submit(), submit(), submit());
        let ids = [&one, &two, &three].map(|case| case.id.as_str().rsplit('-').next().unwrap_or_default().to_owned());
        assert_eq!(ids, ["00001", "00002", "00003"]);
    });
}

fn one_of_two_measures_wins(database: Database) {
    play(database, async |stage| {
        let service = stage.registered().await;
        let one = stage.propose(&service, MeasureKind::Suspended).await;
        let other = stage.propose(&service, MeasureKind::Cautioned).await;
        let (one, two) = tokio::join!(stage.confirm(&one), stage.confirm(&other));
        assert_eq!(one.expect("the first wins").version, service.version + 1);
        let told = two.expect_err("the second is about what is no longer there");
        let Refused::Registration(registration::Refusal::Proposal(why)) = &told else { panic!("{told:?}") };
        assert_eq!(*why, domain::proposal::Refusal::Closed(domain::proposal::Standing::Settled));
    });
}

/// Proposed, confirmed, proposed again: each sees what the one before left, in the same batch.
fn measures_in_a_row_are_one_row(database: Database) {
    play(database, async |stage| {
        let service = stage.registered().await;
        let suspend = stage.propose(&service, MeasureKind::Suspended).await;
        let reinstate = async || {
            let registration = service.number.clone();
            let motion = motion(registration, MeasureKind::Reinstated);
            stage.ask(Propose { motion }, &stage.secretariat, Some(2)).await
        };
        let (suspended, proposed) = tokio::join!(stage.confirm(&suspend), reinstate());
        assert_eq!(suspended.expect("confirmed").version, 2);
        let reinstated = stage.confirm(&proposed.expect("it saw the suspension").state).await.expect("confirmed");
        let read = stage.registry.store.registration(&service.number).await.expect("it answers").expect("it is there");
        assert_eq!((&*read, read.version, read.measures.len()), (&reinstated, 3, 2));
    });
}

fn a_request_sent_twice_is_done_once(database: Database) {
    play(database, async |stage| {
        let call = || Call {
            key: Some("sent-twice".to_owned()),
            ..Call::new(stage.provider.clone(), Origin::command(), clock::now())
        };
        let submit = |declaration| {
            stage.registry.perform(Submit { owner: None, declaration, evidence: Vec::new(), concerns: None }, call())
        };
        let mut other = typed();
        other.service.summary.push('。');
        let (one, two, three) = tokio::join!(submit(typed()), submit(typed()), submit(other));
        let (one, two) = (one.expect("done"), two.expect("shown again"));
        assert_eq!((one.entry, &one.state.id), (two.entry, &two.state.id));
        assert!(matches!(three, Err(Refused::KeyReused)), "{three:?}");
        let again = submit(typed()).await.expect("shown again from the database");
        assert_eq!((again.entry, again.state.id), (one.entry, one.state.id));
    });
}

fn a_holder_is_licensed_once(database: Database) {
    play(database, async |stage| {
        let service = stage.registered().await;
        let grant = |name| stage.ask(stage.grant(&service, name), &stage.provider, None);
        let (one, two, other) = tokio::join!(grant("見本商店"), grant("見本商店"), grant("例示工業"));
        let first = one.expect("granted").state;
        let told = two.expect_err("there is one already");
        assert!(
            matches!(&told, Refused::Licence(licence::Refusal::Licensed { licence }) if *licence == first.id),
            "{told:?}"
        );
        assert_ne!(other.expect("another holder").state.grant.status_index, first.grant.status_index);
        let later = grant("見本商店").await;
        assert!(matches!(later, Err(Refused::Licence(licence::Refusal::Licensed { .. }))), "{later:?}");
    });
}

fn a_closed_licence_makes_room_at_once(database: Database) {
    play(database, async |stage| {
        let service = stage.registered().await;
        let first = stage.act(stage.grant(&service, "見本商店"), &stage.provider, None).await;
        let close = EndLicence { licence: first.id, reason: "契約終了".to_owned() };
        let (closed, second) = tokio::join!(
            stage.ask(close, &stage.provider, Some(first.version)),
            stage.ask(stage.grant(&service, "見本商店"), &stage.provider, None),
        );
        closed.expect("it was open");
        assert_ne!(second.expect("the holder has none now").state.id, first.id);
    });
}

fn a_refusal_leaves_the_others(database: Database) {
    play(database, async |stage| {
        let case = stage
            .act(
                Submit { owner: None, declaration: typed(), evidence: Vec::new(), concerns: None },
                &stage.provider,
                None,
            )
            .await;
        let withdraw = |read| {
            let deed = Withdraw { application: case.id.clone(), reason: "都合".to_owned() };
            stage.ask(deed, &stage.provider, Some(read))
        };
        let submit = || {
            stage.ask(
                Submit { owner: None, declaration: typed(), evidence: Vec::new(), concerns: None },
                &stage.provider,
                None,
            )
        };
        let (stale, before, withdrawn, after) = tokio::join!(withdraw(9), submit(), withdraw(1), submit());
        assert!(matches!(stale, Err(Refused::Stale { read: 9, found: 1 })), "{stale:?}");
        let seqs = [before.expect("done").entry.seq, after.expect("done").entry.seq];
        assert_eq!(withdrawn.expect("done").entry.seq, seqs[0] + 1);
        assert_eq!(seqs[1], seqs[0] + 2, "what was refused took no place in the log");
    });
}

fn motion(registration: RegistrationNumber, measure: MeasureKind) -> Motion {
    let clause = if measure == MeasureKind::Reinstated { "grounds_gone" } else { "criteria_unmet" };
    let plan = Plan {
        clauses: vec![clause.to_owned()],
        facts: "点検の記録".to_owned(),
        from: None,
        corrections: Vec::new(),
        hearing_until: None,
    };
    Motion::TakeMeasure { registration, measure, reason: "点検".to_owned(), plan: Some(Box::new(plan)) }
}
