//! A register with services and licences, made by real acts.

use std::sync::Arc;

use api::acts::{Accept, Admit, Call, Decide, Deed, Grant, Judge, Recommend, Register, Submit};
use api::config::BaseUrl;
use api::registry::{Parts, Registry};
use api::seal::keys::{Keys, Purpose};
use api::seal::picture::MarkAssets;
use api::store::Store;
use api::{clock, declaration};
use domain::act::{Caller, Determination, OrganisationId, PersonId, Role, Verdict};
use domain::calendar::Instant;
use domain::examination::{Answer, Judgement};
use domain::licence::Holder;
use domain::licence::token::Token;
use domain::registration::Registration;
use futures::future::join_all;
use rand::SeedableRng;
use rand::rngs::StdRng;

static DECLARATION: &str = include_str!("../../demo/declarations/osaka-cci.json");
/// Who submits it; the declaration names no corporate number.
const PROVIDER: &str = "osaka-cci";

/// The register and whoever acts in it.
#[derive(Debug)]
pub struct Stage {
    pub registry: Arc<Registry>,
    pub secretariat: Caller,
    pub provider: Caller,
    examiners: [Caller; 2],
    decision_maker: Caller,
}

/// A place for databases, gone at the end.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder")
}

impl Stage {
    /// An empty register in this database, which is new.
    pub async fn open(database: &str) -> Self {
        let mut entropy = StdRng::seed_from_u64(1);
        let keys = Keys::generate(&[Purpose::Licence, Purpose::Log], &mut entropy);
        let base_url: BaseUrl = "https://otasuketai.example".parse().expect("a base URL");
        let store = Store::open(database).await.expect("the database opens");
        let assets = MarkAssets::load(None).expect("the bundled artwork");
        let parts = Parts { store, keys, assets, base_url, is_demonstration: true, entropy };
        let registry = Registry::new(parts).expect("keys for licences and log");
        let organisation: OrganisationId = PROVIDER.parse().expect("an organisation");
        Self {
            secretariat: admit(&registry, Role::Secretariat, None).await,
            examiners: [admit(&registry, Role::Examiner, None).await, admit(&registry, Role::Examiner, None).await],
            decision_maker: admit(&registry, Role::DecisionMaker, None).await,
            provider: admit(&registry, Role::Provider, Some(organisation)).await,
            registry,
        }
    }

    /// So many services, registered today.
    pub async fn services(&self, count: usize) -> Vec<Registration> {
        join_all((0..count).map(|_| self.service())).await
    }

    async fn service(&self) -> Registration {
        let at = clock::now();
        let document = serde_json::from_str(DECLARATION).expect("JSON");
        let declaration = declaration::read(&document).expect("a declaration");
        let case = self.act(Submit { declaration }, &self.provider, at, None).await;
        let examiners: Vec<PersonId> = self.examiners.iter().map(|examiner| examiner.person.clone()).collect();
        let deed = Accept { application: case.id, examiners };
        let case = self.act(deed, &self.secretariat, at, Some(case.version)).await;
        let edition = self.registry.editions.find(&case.edition).expect("a bundled edition");
        let service = &case.declaration.service;
        let judgements: Vec<_> = edition
            .criteria_for(service.class, service.kind)
            .into_iter()
            .map(|criterion| Judgement { criterion: criterion.id, answer: Answer::Met, reason: "確認".to_owned() })
            .collect();
        for examiner in &self.examiners {
            let deed = Judge { application: case.id.clone(), judgements: judgements.clone() };
            self.act(deed, examiner, at, Some(case.version)).await;
        }
        let pass = || Determination { verdict: Verdict::Pass, reason: "確認".to_owned() };
        let deed = Recommend { application: case.id, opinion: pass() };
        let case = self.act(deed, &self.examiners[0], at, Some(case.version)).await;
        let deed = Decide { application: case.id, decision: pass() };
        let case = self.act(deed, &self.decision_maker, at, Some(case.version)).await;
        self.act(Register { application: case.id, from: at.day() }, &self.secretariat, at, Some(case.version)).await
    }

    /// The links' digits of so many users' marks under a service.
    #[allow(dead_code, reason = "only one of the two benchmarks needs marks")]
    pub async fn marks(&self, service: &Registration, count: usize) -> Vec<String> {
        let granted = join_all((0..count).map(|index| self.grant(service, index))).await;
        let mut digits = Vec::with_capacity(count);
        for licence in granted {
            let token = self.registry.store.token(licence).await.expect("the database answers").expect("a token");
            digits.push(Token::from_bytes(token).expect("our own token").to_decimal());
        }
        digits
    }

    /// Grants the licence of user `index`.
    pub async fn grant(&self, service: &Registration, index: usize) -> domain::licence::LicenceId {
        let at = clock::now();
        let name = format!("株式会社例示{index}");
        let to = Holder::User { name, number: None, contract_from: at.day() };
        self.act(Grant { registration: service.number.clone(), to }, &self.provider, at, None).await.id
    }

    /// Does a deed that nothing stands against.
    pub async fn act<D: Deed>(&self, deed: D, by: &Caller, at: Instant, read: Option<u32>) -> D::State {
        let call = Call { by: by.clone(), at, read, key: None };
        match self.registry.perform(deed, call).await {
            Ok(done) => done.state,
            Err(refused) => panic!("refused: {refused:?}"),
        }
    }
}

async fn admit(registry: &Arc<Registry>, role: Role, organisation: Option<OrganisationId>) -> Caller {
    let operator = Caller { person: "command".parse().expect("a name"), role: Role::Operator, organisation: None };
    let deed = Admit { role, name: "例示".to_owned(), organisation };
    let call = Call::new(operator, clock::now());
    registry.perform(deed, call).await.expect("nothing stands against it").state.person.caller()
}
