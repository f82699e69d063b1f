//! Acts of years ago. The server knows only the real clock, so these are done through the library, in this process.

use std::sync::Arc;

use api::acts::{
    Accept, Admit, Call, Decide, Deed, Grant, Judge, Measure, Recommend, Register as Enter, Submit, TakeMeasure,
};
use api::cli::{Settings, open};
use api::registry::Registry;
use domain::act::{Caller, Determination, Role, Verdict};
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::examination::{Answer, Judgement};
use domain::licence::Holder;

use crate::{Register, declaration};

/// What was done in the first round.
#[derive(Debug)]
pub struct Past {
    /// The registration's number.
    pub registration: String,
    /// The id of its provider's licence.
    pub licence: String,
}

/// Takes Osaka's declaration of 2021 through the first round: submitted on 2021-04-15, decided on 04-20, registered on
/// 04-21 from 05-01, licensed on 05-02, suspended from 2022-03-01 to 03-31; each at ten in Japan. Nobody renewed it.
pub fn first_round(register: &Register) -> Past {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("threads can be made");
    runtime.block_on(async {
        let settings = Settings {
            data: Some(register.data()),
            database: Some(register.database().url().to_owned()),
            base_url: Some(register.base_url().to_owned()),
            ..Settings::default()
        };
        let settled = settings.settle().expect("these settings are good");
        let registry = open(&settled, crate::register::PASSPHRASE, false).await.expect("the register opens");
        let past = play(&Stage { registry: &registry }).await;
        registry.store.close().await;
        past
    })
}

struct Stage<'a> {
    registry: &'a Arc<Registry>,
}

impl Stage<'_> {
    async fn act<D: Deed>(&self, deed: D, by: &Caller, day: &str, read: Option<u32>) -> D::State {
        let call = Call { by: by.clone(), at: at(day), read, key: None };
        self.registry.perform(deed, call).await.unwrap_or_else(|refused| panic!("{day}: {refused:?}")).state
    }

    async fn admit(&self, role: Role, name: &str) -> Caller {
        let operator = Caller { person: "command".parse().expect("a word"), role: Role::Operator, organisation: None };
        let organisation = (role == Role::Provider).then(|| "osaka-cci".parse().expect("a word"));
        self.act(Admit { role, name: name.to_owned(), organisation }, &operator, "2021-04-01", None)
            .await
            .person
            .caller()
    }
}

/// Ten in the morning in Japan.
fn at(day: &str) -> Instant {
    let day: domain::calendar::Day = day.parse().expect("a day");
    day.start().plus_seconds(10 * 3600)
}

async fn play(stage: &Stage<'_>) -> Past {
    let provider = stage.admit(Role::Provider, "大阪 担当").await;
    let secretariat = stage.admit(Role::Secretariat, "事務局").await;
    let examiners = [stage.admit(Role::Examiner, "審査員 甲").await, stage.admit(Role::Examiner, "審査員 乙").await];
    let decision_maker = stage.admit(Role::DecisionMaker, "判定者").await;

    let declaration = api::declaration::read(&declaration()).expect("the example is valid");
    let asked: Vec<CriterionId> = {
        let edition = stage.registry.editions.governing(at("2021-04-15").day()).expect("edition 1.0 governs");
        edition.criteria_for(declaration.service.class, declaration.service.kind).iter().map(|one| one.id).collect()
    };
    let state = stage.act(Submit { declaration }, &provider, "2021-04-15", None).await;
    let people = examiners.iter().map(|examiner| examiner.person.clone()).collect();
    let deed = Accept { application: state.id, examiners: people };
    let state = stage.act(deed, &secretariat, "2021-04-16", Some(state.version)).await;
    for examiner in &examiners {
        let met =
            |criterion: &CriterionId| Judgement { criterion: *criterion, answer: Answer::Met, reason: "充足".into() };
        let deed = Judge { application: state.id.clone(), judgements: asked.iter().map(met).collect() };
        stage.act(deed, examiner, "2021-04-17", Some(state.version)).await;
    }
    let pass = || Determination { verdict: Verdict::Pass, reason: "すべて充足".into() };
    let deed = Recommend { application: state.id, opinion: pass() };
    let state = stage.act(deed, &examiners[0], "2021-04-18", Some(state.version)).await;
    let deed = Decide { application: state.id, decision: pass() };
    let state = stage.act(deed, &decision_maker, "2021-04-20", Some(state.version)).await;
    let deed = Enter { application: state.id, from: at("2021-05-01").day() };
    let registration = stage.act(deed, &secretariat, "2021-04-21", Some(state.version)).await;
    let number = registration.number.clone();
    let licence =
        stage.act(Grant { registration: number.clone(), to: Holder::Provider }, &secretariat, "2021-05-02", None).await;
    for (measure, day, read) in [(Measure::Suspend, "2022-03-01", 1), (Measure::Reinstate, "2022-04-01", 2)] {
        let deed = TakeMeasure { registration: number.clone(), measure, reason: "点検".into() };
        stage.act(deed, &secretariat, day, Some(read)).await;
    }
    Past { registration: number.to_string(), licence: licence.id.to_string() }
}
