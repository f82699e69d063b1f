//! Acts of years ago, or of years to come. The server knows only the real clock, so these are done through the library, in
//! this process.

use std::sync::Arc;

use api::account::trail::Origin;
use api::acts::{
    Accept, Call, Confirm, Confirmed, DeclareInterest, Deed, FileReport, Grant, Judge, Propose, Recommend,
    Register as Enter, Submit,
};
use api::registry::Registry;
use domain::act::{Determination, RegistrationNumber, Role, Verdict};
use domain::authority::Actor;
use domain::calendar::{Day, Instant};
use domain::criteria::CriterionId;
use domain::examination::{Answer, Judgement};
use domain::licence::Holder;
use domain::people::OrganisationKind;
use domain::proposal::Motion;
use domain::registration::{MeasureKind, Plan};
use domain::watching::{AlertFigures, Contents, Count, period_named};

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

/// Takes Osaka's declaration through a round that led to a registration from this day, by people of its own, and licenses
/// its provider. The registration's number and the licence's id.
pub fn registered_from(register: &Register, from: Day) -> Past {
    staff::in_process(register, async |registry| {
        let stage = Stage { registry };
        let people = stage.people("osaka-cci", &from.plus_days(-30).to_string()).await;
        let number = stage.enter(&people, from, [-20, -19, -18, -17, -10, -5]).await;
        stage.license(&people, number, &from.next().to_string()).await
    })
}

/// A round that led to a registration from this day, nothing licensed yet; what follows is done when it is asked for.
#[derive(Debug)]
pub struct Round {
    registration: RegistrationNumber,
    people: People,
}

impl Round {
    /// Takes Osaka's declaration through it: submitted 16 days before, entered ten days before.
    pub fn enter(register: &Register, from: Day) -> Self {
        staff::in_process(register, async |registry| {
            let stage = Stage { registry };
            let people = stage.people("osaka-cci", &from.plus_days(-30).to_string()).await;
            Self { registration: stage.enter(&people, from, FIRST_DAYS).await, people }
        })
    }

    /// The registration's number.
    pub fn number(&self) -> &str {
        self.registration.as_str()
    }

    /// Licenses the provider on that day.
    pub fn license(&self, register: &Register, day: Day) -> Past {
        staff::in_process(register, async |registry| {
            Stage { registry }.license(&self.people, self.registration.clone(), &day.to_string()).await
        })
    }

    /// One secretary proposes a measure against version `read`, and the other confirms it.
    pub fn measure(&self, register: &Register, measure: MeasureKind, day: Day, read: u32) {
        staff::in_process(register, async |registry| {
            Stage { registry }.measure(&self.people, &self.registration, measure, &day.to_string(), read).await;
        });
    }
}

/// Takes Osaka's declaration of 2021 through the first round: submitted on 2021-04-15, decided on 04-20, registered on
/// 04-21 from 05-01, licensed on 05-02, suspended from 2022-03-01 to 03-31; each at ten in Japan. Nobody renewed it.
pub fn first_round(register: &Register) -> Past {
    staff::in_process(register, async |registry| play(&Stage { registry }, "osaka-cci").await)
}

/// The same for each of these providers, one after the other.
pub fn rounds(register: &Register, providers: &[&str]) -> Vec<Past> {
    staff::in_process(register, async |registry| {
        let mut rounds = Vec::with_capacity(providers.len());
        for provider in providers {
            rounds.push(play(&Stage { registry }, provider).await);
        }
        rounds
    })
}

/// Alert statistics of these rounds about a period, by each provider on that day in Japan: ten of everything and nobody
/// sent.
pub fn report_in_time(register: &Register, period: &str, filed: &[(&Past, &str, &str)]) {
    staff::in_process(register, async |registry| {
        for (past, provider, day) in filed {
            let by = staff::admit(registry, Role::ProviderOwner, provider, at(day)).await;
            let deed = FileReport {
                registration: past.registration.parse().expect("a number"),
                period: period_named(period).expect("a period"),
                contents: Contents::Alerts(AlertFigures::of(|of| if of == Count::Dispatches { 0 } else { 10 })),
            };
            Stage { registry }.act(deed, &by, day, None).await;
        }
    });
}

/// A self-check of such a service in which nothing has changed.
pub fn still_met() -> serde_json::Value {
    let editions = domain::edition::Editions::bundled();
    let (edition, declaration) = (editions.find("1.0").expect("it is bundled"), declaration());
    let service = api::declaration::read(&declaration).expect("the example is valid").service;
    let criteria = edition.criteria_for(service.class, service.kind).into_iter();
    let met = |criterion: &domain::edition::Criterion| serde_json::json!({ "criterion": criterion.id, "finding": "still_met" });
    serde_json::json!({ "criteria": criteria.map(met).collect::<Vec<_>>() })
}

struct Stage<'a> {
    registry: &'a Arc<Registry>,
}

impl Stage<'_> {
    async fn act<D: Deed>(&self, deed: D, by: &Actor, day: &str, read: Option<u32>) -> D::State {
        let call = Call { by: by.clone(), from: Origin::command(), at: at(day), read, key: None };
        self.registry.perform(deed, call).await.unwrap_or_else(|refused| panic!("{day}: {refused:?}")).state
    }

    async fn admit(&self, role: Role, organisation: &str, day: &str) -> Actor {
        staff::admit(self.registry, role, organisation, at(day)).await
    }
}

/// Ten in the morning in Japan.
fn at(day: &str) -> Instant {
    let day: domain::calendar::Day = day.parse().expect("a day");
    day.start().plus_seconds(10 * 3600)
}

/// When the first round was submitted, accepted, judged, recommended, decided and entered, in days from its first.
const FIRST_DAYS: [i32; 6] = [-16, -15, -14, -13, -11, -10];

/// Who takes part.
#[derive(Debug)]
struct People {
    provider: Actor,
    secretariat: [Actor; 2],
    examiners: [Actor; 2],
    deciders: [Actor; 2],
}

impl Stage<'_> {
    async fn people(&self, provider: &str, day: &str) -> People {
        staff::enter(self.registry, provider, OrganisationKind::Provider).await;
        staff::enter(self.registry, BODY, OrganisationKind::RegistrationBody).await;
        People {
            provider: self.admit(Role::ProviderOwner, provider, day).await,
            secretariat: self.two(Role::Secretariat, day).await,
            examiners: self.two(Role::Examiner, day).await,
            deciders: self.two(Role::DecisionMaker, day).await,
        }
    }

    async fn two(&self, role: Role, day: &str) -> [Actor; 2] {
        [self.admit(role, BODY, day).await, self.admit(role, BODY, day).await]
    }

    /// From submission to entry: on which days, counted from the first of the registration, it is submitted, accepted,
    /// judged, recommended, decided and entered.
    async fn enter(&self, people: &People, from: Day, days: [i32; 6]) -> RegistrationNumber {
        let [submitted, accepted, judged, recommended, decided, entered] =
            days.map(|days| from.plus_days(days).to_string());
        let People { provider, secretariat: [secretariat, _], examiners, deciders } = people;
        let mut declaration = declaration();
        declaration["provider"]["legalEntityNumber"] = "9000000000000".into();
        let declaration = api::declaration::read(&declaration).expect("the example is valid");
        let asked: Vec<CriterionId> = {
            let editions = self.registry.store.editions().await.expect("the database answers");
            let edition = editions.governing(at(&submitted).day()).expect("an edition governs");
            edition.criteria_for(declaration.service.class, declaration.service.kind).iter().map(|one| one.id).collect()
        };
        let deed = Submit { owner: None, declaration, evidence: Vec::new(), concerns: None };
        let state = self.act(deed, provider, &submitted, None).await;
        let seats = examiners.iter().map(|examiner| examiner.person.clone()).collect();
        let deed = Accept { application: state.id, examiners: seats };
        let mut state = self.act(deed, secretariat, &accepted, Some(state.version)).await;
        for examiner in examiners {
            let deed = DeclareInterest { application: state.id.clone(), tie: None };
            state = self.act(deed, examiner, &accepted, Some(state.version)).await;
        }
        for examiner in examiners {
            let met = |criterion: &CriterionId| Judgement::new(*criterion, Answer::Met, "充足");
            let deed = Judge { application: state.id.clone(), judgements: asked.iter().map(met).collect() };
            self.act(deed, examiner, &judged, Some(state.version)).await;
        }
        let pass = || Determination { verdict: Verdict::Pass, reason: "すべて充足".into() };
        let deed = Recommend { application: state.id, opinion: pass() };
        let state = self.act(deed, &examiners[0], &recommended, Some(state.version)).await;
        let motion = Motion::Decide { application: state.id, decision: pass(), conditions: Vec::new() };
        let proposal = self.act(Propose { motion }, &deciders[0], &decided, Some(state.version)).await;
        let confirmed = self.act(Confirm { proposal: proposal.id }, &deciders[1], &decided, None).await;
        let Confirmed::Decided(state) = confirmed else { panic!("a decision was proposed") };
        let deed = Enter { application: state.id, from };
        self.act(deed, secretariat, &entered, Some(state.version)).await.number.clone()
    }

    async fn license(&self, people: &People, number: RegistrationNumber, day: &str) -> Past {
        let deed = Grant { registration: number.clone(), to: Holder::Provider };
        let licence = self.act(deed, &people.secretariat[0], day, None).await;
        Past { registration: number.to_string(), licence: licence.id.to_string() }
    }

    async fn measure(&self, people: &People, number: &RegistrationNumber, measure: MeasureKind, day: &str, read: u32) {
        let clause = if measure == MeasureKind::Reinstated { "grounds_gone" } else { "criteria_unmet" };
        let plan = Plan {
            clauses: vec![clause.to_owned()],
            facts: "点検の記録".to_owned(),
            from: None,
            corrections: Vec::new(),
            hearing_until: None,
        };
        let plan = Some(Box::new(plan));
        let motion = Motion::TakeMeasure { registration: number.clone(), measure, reason: "点検".into(), plan };
        let [one, other] = &people.secretariat;
        let proposal = self.act(Propose { motion }, one, day, Some(read)).await;
        self.act(Confirm { proposal: proposal.id }, other, day, None).await;
    }
}

async fn play(stage: &Stage<'_>, provider: &str) -> Past {
    let people = stage.people(provider, "2021-04-01").await;
    let from = at("2021-05-01").day();
    let number = stage.enter(&people, from, FIRST_DAYS).await;
    let past = stage.license(&people, number.clone(), "2021-05-02").await;
    stage.measure(&people, &number, MeasureKind::Suspended, "2022-03-01", 1).await;
    stage.measure(&people, &number, MeasureKind::Reinstated, "2022-04-01", 2).await;
    past
}
