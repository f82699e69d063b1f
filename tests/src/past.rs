//! Acts of years ago. The server knows only the real clock, so these are done through the library, in this process.

use std::sync::Arc;

use api::account::trail::Origin;
use api::acts::{
    Accept, Call, Confirm, Confirmed, DeclareInterest, Deed, Grant, Judge, Propose, Recommend, Register as Enter,
    Submit,
};
use api::registry::Registry;
use domain::act::{Determination, Role, Verdict};
use domain::authority::Actor;
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::examination::{Answer, Judgement};
use domain::licence::Holder;
use domain::people::OrganisationKind;
use domain::proposal::Motion;
use domain::registration::MeasureKind;

use crate::staff::{self, BODY};
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
    staff::in_process(register, async |registry| play(&Stage { registry }).await)
}

struct Stage<'a> {
    registry: &'a Arc<Registry>,
}

impl Stage<'_> {
    async fn act<D: Deed>(&self, deed: D, by: &Actor, day: &str, read: Option<u32>) -> D::State {
        let call = Call { by: by.clone(), from: Origin::command(), at: at(day), read, key: None };
        self.registry.perform(deed, call).await.unwrap_or_else(|refused| panic!("{day}: {refused:?}")).state
    }

    async fn admit(&self, role: Role, organisation: &str) -> Actor {
        staff::admit(self.registry, role, organisation, at("2021-04-01")).await
    }
}

/// Ten in the morning in Japan.
fn at(day: &str) -> Instant {
    let day: domain::calendar::Day = day.parse().expect("a day");
    day.start().plus_seconds(10 * 3600)
}

async fn play(stage: &Stage<'_>) -> Past {
    staff::enter(stage.registry, "osaka-cci", OrganisationKind::Provider).await;
    staff::enter(stage.registry, BODY, OrganisationKind::RegistrationBody).await;
    let provider = stage.admit(Role::ProviderOwner, "osaka-cci").await;
    let [secretariat, second] =
        [stage.admit(Role::Secretariat, BODY).await, stage.admit(Role::Secretariat, BODY).await];
    let examiners = [stage.admit(Role::Examiner, BODY).await, stage.admit(Role::Examiner, BODY).await];
    let deciders = [stage.admit(Role::DecisionMaker, BODY).await, stage.admit(Role::DecisionMaker, BODY).await];

    let declaration = api::declaration::read(&declaration()).expect("the example is valid");
    let asked: Vec<CriterionId> = {
        let editions = stage.registry.store.editions().await.expect("the database answers");
        let edition = editions.governing(at("2021-04-15").day()).expect("edition 1.0 governs");
        edition.criteria_for(declaration.service.class, declaration.service.kind).iter().map(|one| one.id).collect()
    };
    let state =
        stage.act(Submit { owner: None, declaration, evidence: Vec::new() }, &provider, "2021-04-15", None).await;
    let people = examiners.iter().map(|examiner| examiner.person.clone()).collect();
    let deed = Accept { application: state.id, examiners: people };
    let state = stage.act(deed, &secretariat, "2021-04-16", Some(state.version)).await;
    let mut state = state;
    for examiner in &examiners {
        let deed = DeclareInterest { application: state.id.clone(), tie: None };
        state = stage.act(deed, examiner, "2021-04-16", Some(state.version)).await;
    }
    for examiner in &examiners {
        let met = |criterion: &CriterionId| Judgement::new(*criterion, Answer::Met, "充足");
        let deed = Judge { application: state.id.clone(), judgements: asked.iter().map(met).collect() };
        stage.act(deed, examiner, "2021-04-17", Some(state.version)).await;
    }
    let pass = || Determination { verdict: Verdict::Pass, reason: "すべて充足".into() };
    let deed = Recommend { application: state.id, opinion: pass() };
    let state = stage.act(deed, &examiners[0], "2021-04-18", Some(state.version)).await;
    let motion = Motion::Decide { application: state.id, decision: pass() };
    let proposal = stage.act(Propose { motion }, &deciders[0], "2021-04-20", Some(state.version)).await;
    let confirmed = stage.act(Confirm { proposal: proposal.id }, &deciders[1], "2021-04-20", None).await;
    let Confirmed::Decided(state) = confirmed else { panic!("a decision was proposed") };
    let deed = Enter { application: state.id, from: at("2021-05-01").day() };
    let registration = stage.act(deed, &secretariat, "2021-04-21", Some(state.version)).await;
    let number = registration.number.clone();
    let licence =
        stage.act(Grant { registration: number.clone(), to: Holder::Provider }, &secretariat, "2021-05-02", None).await;
    for (measure, day, read) in [(MeasureKind::Suspended, "2022-03-01", 1), (MeasureKind::Reinstated, "2022-04-01", 2)]
    {
        let motion = Motion::TakeMeasure { registration: number.clone(), measure, reason: "点検".into() };
        let proposal = stage.act(Propose { motion }, &secretariat, day, Some(read)).await;
        stage.act(Confirm { proposal: proposal.id }, &second, day, None).await;
    }
    Past { registration: number.to_string(), licence: licence.id.to_string() }
}
