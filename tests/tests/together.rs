//! Callers who arrive together are served by one commit, and each as if the others had come before or after.
//!
//! Done through the library on one thread: what is asked for together is queued before the writer wakes, so it is one
//! batch every time.

use std::sync::Arc;

use api::acts::{
    Accept, Call, CloseLicence, Closing, Decide, Deed, Done, Grant, Judge, Measure, Recommend, Refused,
    Register as Enter, Submit, TakeMeasure, Withdraw,
};
use api::cli::{Settings, open};
use api::clock;
use api::registry::Registry;
use domain::act::{Caller, Determination, PersonId, Role, Verdict};
use domain::application::Application;
use domain::declaration::Declaration;
use domain::examination::{Answer, Judgement};
use domain::licence::{self, Holder};
use domain::registration::Registration;
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
    provider: Caller,
    secretariat: Caller,
    examiners: [Caller; 2],
    decision_maker: Caller,
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
        let stage = Stage::new(registry, &cast);
        story(&stage).await;
        stage.registry.store.close().await;
    });
    register.assert_whole();
}

impl Stage {
    fn new(registry: Arc<Registry>, cast: &Cast) -> Self {
        let caller = |person: &tests::Person, role| Caller {
            person: person.id.parse().expect("an id"),
            role,
            organisation: (role == Role::Provider).then(|| "osaka-cci".parse().expect("a word")),
        };
        Self {
            registry,
            provider: caller(&cast.provider, Role::Provider),
            secretariat: caller(&cast.secretariat, Role::Secretariat),
            examiners: [caller(&cast.examiners[0], Role::Examiner), caller(&cast.examiners[1], Role::Examiner)],
            decision_maker: caller(&cast.decision_maker, Role::DecisionMaker),
        }
    }

    async fn ask<D: Deed>(&self, deed: D, by: &Caller, read: Option<u32>) -> Result<Done<D::State>, Refused> {
        self.registry.perform(deed, Call { by: by.clone(), at: clock::now(), read, key: None }).await
    }

    async fn act<D: Deed>(&self, deed: D, by: &Caller, read: Option<u32>) -> D::State {
        self.ask(deed, by, read).await.expect("nothing stands against it").state
    }

    async fn registered(&self) -> Registration {
        let case = self.act(Submit { declaration: typed() }, &self.provider, None).await;
        let examiners: Vec<PersonId> = self.examiners.iter().map(|examiner| examiner.person.clone()).collect();
        let deed = Accept { application: case.id, examiners };
        let case = self.act(deed, &self.secretariat, Some(case.version)).await;
        for examiner in &self.examiners {
            let deed = Judge { application: case.id.clone(), judgements: self.judgements(&case) };
            self.act(deed, examiner, Some(case.version)).await;
        }
        let pass = || Determination { verdict: Verdict::Pass, reason: "充足".to_owned() };
        let deed = Recommend { application: case.id, opinion: pass() };
        let case = self.act(deed, &self.examiners[0], Some(case.version)).await;
        let deed = Decide { application: case.id, decision: pass() };
        let case = self.act(deed, &self.decision_maker, Some(case.version)).await;
        let deed = Enter { application: case.id, from: clock::now().day() };
        self.act(deed, &self.secretariat, Some(case.version)).await
    }

    fn judgements(&self, case: &Application) -> Vec<Judgement> {
        let edition = self.registry.editions.find(&case.edition).expect("a bundled edition");
        let service = &case.declaration.service;
        let met = |criterion: &domain::edition::Criterion| Judgement {
            criterion: criterion.id,
            answer: Answer::Met,
            reason: "充足".to_owned(),
        };
        edition.criteria_for(service.class, service.kind).into_iter().map(met).collect()
    }

    async fn measure(&self, about: &Registration, measure: Measure, read: u32) -> Result<Done<Registration>, Refused> {
        let deed = TakeMeasure { registration: about.number.clone(), measure, reason: "点検".to_owned() };
        self.ask(deed, &self.secretariat, Some(read)).await
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
        let submit = || stage.act(Submit { declaration: typed() }, &stage.provider, None);
        let (one, two, three) = tokio::join!(submit(), submit(), submit());
        let ids = [&one, &two, &three].map(|case| case.id.as_str().rsplit('-').next().unwrap_or_default().to_owned());
        assert_eq!(ids, ["00001", "00002", "00003"]);
    });
}

fn one_of_two_measures_wins(database: Database) {
    play(database, async |stage| {
        let service = stage.registered().await;
        let suspend = || stage.measure(&service, Measure::Suspend, service.version);
        let (one, two) = tokio::join!(suspend(), suspend());
        assert_eq!(one.expect("the first wins").state.version, service.version + 1);
        let told = two.expect_err("the second acted on what was no longer there");
        assert!(matches!(told, Refused::Stale { read: 1, found: 2 }), "{told:?}");
    });
}

fn measures_in_a_row_are_one_row(database: Database) {
    play(database, async |stage| {
        let service = stage.registered().await;
        let (one, two, three) = tokio::join!(
            stage.measure(&service, Measure::Suspend, 1),
            stage.measure(&service, Measure::Reinstate, 2),
            stage.measure(&service, Measure::Suspend, 3),
        );
        let [one, two, three] = [one, two, three].map(|done| done.expect("each saw the one before"));
        assert_eq!([one.entry.seq + 1, one.entry.seq + 2], [two.entry.seq, three.entry.seq]);
        let read = stage.registry.store.registration(&service.number).await.expect("it answers").expect("it is there");
        assert_eq!((read.version, read.measures.len()), (4, 3));
        // The writer's own memory and the database agree: the next act sees what the batch left.
        let next = stage.measure(&service, Measure::Reinstate, 4).await.expect("the version is right");
        assert_eq!(next.state.version, 5);
    });
}

fn a_request_sent_twice_is_done_once(database: Database) {
    play(database, async |stage| {
        let call = || Call { key: Some("sent-twice".to_owned()), ..Call::new(stage.provider.clone(), clock::now()) };
        let submit = |declaration| stage.registry.perform(Submit { declaration }, call());
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
        let close = CloseLicence { licence: first.id, closing: Closing::End, reason: "契約終了".to_owned() };
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
        let case = stage.act(Submit { declaration: typed() }, &stage.provider, None).await;
        let withdraw = |read| {
            let deed = Withdraw { application: case.id.clone(), reason: "都合".to_owned() };
            stage.ask(deed, &stage.provider, Some(read))
        };
        let submit = || stage.ask(Submit { declaration: typed() }, &stage.provider, None);
        let (stale, before, withdrawn, after) = tokio::join!(withdraw(9), submit(), withdraw(1), submit());
        assert!(matches!(stale, Err(Refused::Stale { read: 9, found: 1 })), "{stale:?}");
        let seqs = [before.expect("done").entry.seq, after.expect("done").entry.seq];
        assert_eq!(withdrawn.expect("done").entry.seq, seqs[0] + 1);
        assert_eq!(seqs[1], seqs[0] + 2, "what was refused took no place in the log");
    });
}
