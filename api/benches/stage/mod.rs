//! A register with services and licences, made by real acts.

use std::sync::Arc;

use api::account::Organisation;
use api::account::people::EnterOrganisation;
use api::account::trail::Origin;
use api::acts::{
    Accept, Admit, Call, Confirm, Confirmed, DeclareInterest, Deed, Grant, Judge, Propose, Recommend, Register, Submit,
};
use api::begin::begin;
use api::config::BaseUrl;
use api::evidence::shelf::Shelf;
use api::post::Outgoing;
use api::registry::{Parts, Registry};
use api::seal::keys::{Keys, Purpose};
use api::seal::picture::MarkAssets;
use api::store::Store;
use api::{clock, declaration};
use domain::act::{Determination, PersonId, Role, Verdict};
use domain::application::Application;
use domain::authority::{Actor, Proof};
use domain::calendar::Instant;
use domain::edition::Editions;
use domain::examination::{Answer, Judgement};
use domain::licence::Holder;
use domain::licence::token::Token;
use domain::people::{Membership, OrganisationKind};
use domain::proposal::Motion;
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
    pub secretariat: Actor,
    /// Who confirms what the first proposes.
    #[allow(dead_code, reason = "only one of the two benchmarks takes measures")]
    pub second: Actor,
    pub provider: Actor,
    pub editions: Arc<Editions>,
    examiners: [Actor; 2],
    decision_makers: [Actor; 2],
}

/// The declaration that is submitted.
pub fn document() -> serde_json::Value {
    serde_json::from_str(DECLARATION).expect("JSON")
}

/// A place for databases, gone at the end.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a temporary folder")
}

impl Stage {
    /// An empty register in this database, which is new.
    pub async fn open(database: &str, evidence: &std::path::Path) -> Self {
        let mut entropy = StdRng::seed_from_u64(1);
        let keys = Keys::generate(&Purpose::USED, &mut entropy);
        let base_url: BaseUrl = "https://otasuketai.example".parse().expect("a base URL");
        let store = Store::open(database).await.expect("the database opens");
        let assets = MarkAssets::load(None).expect("the bundled artwork");
        let shelf = Shelf::folder(evidence.to_owned()).expect("a folder");
        let known = Arc::default();
        let (oidc, scanner, is_demonstration) = (None, None, true);
        let outgoing = Outgoing::default();
        let parts =
            Parts { store, known, keys, assets, base_url, oidc, shelf, scanner, outgoing, is_demonstration, entropy };
        let registry = Registry::new(parts).expect("keys for licences and log");
        begin(&registry).await.expect("a new register");
        enter(&registry, BODY, OrganisationKind::RegistrationBody).await;
        enter(&registry, PROVIDER, OrganisationKind::Provider).await;
        let two = async |role| [admit(&registry, role, BODY).await, admit(&registry, role, BODY).await];
        let [secretariat, second] = two(Role::Secretariat).await;
        let editions = registry.store.editions().await.expect("the database answers");
        Self {
            editions,
            secretariat,
            second,
            examiners: two(Role::Examiner).await,
            decision_makers: two(Role::DecisionMaker).await,
            provider: admit(&registry, Role::ProviderOwner, PROVIDER).await,
            registry,
        }
    }

    /// So many services, registered today.
    pub async fn services(&self, count: usize) -> Vec<Registration> {
        join_all((0..count).map(|_| self.service())).await
    }

    /// So many applications on their way.
    #[allow(dead_code, reason = "only one of the benchmarks needs them")]
    pub async fn applications(&self, count: usize) {
        join_all((0..count).map(|_| self.apply())).await;
    }

    async fn apply(&self) -> Application {
        let declaration = declaration::read(&document()).expect("a declaration");
        self.act(
            Submit { owner: None, declaration, evidence: Vec::new(), concerns: None },
            &self.provider,
            clock::now(),
            None,
        )
        .await
    }

    async fn service(&self) -> Registration {
        let at = clock::now();
        let case = self.apply().await;
        let examiners: Vec<PersonId> = self.examiners.iter().map(|examiner| examiner.person.clone()).collect();
        let deed = Accept { application: case.id, examiners };
        let mut case = self.act(deed, &self.secretariat, at, Some(case.version)).await;
        for examiner in &self.examiners {
            let deed = DeclareInterest { application: case.id, tie: None };
            case = self.act(deed, examiner, at, Some(case.version)).await;
        }
        let edition = self.editions.with_digest(&case.edition_digest).expect("its file is kept");
        let service = &case.declaration.service;
        let judgements: Vec<_> = edition
            .criteria_for(service.class, service.kind)
            .into_iter()
            .map(|criterion| Judgement::new(criterion.id, Answer::Met, "確認"))
            .collect();
        for examiner in &self.examiners {
            let deed = Judge { application: case.id.clone(), judgements: judgements.clone() };
            self.act(deed, examiner, at, Some(case.version)).await;
        }
        let pass = || Determination { verdict: Verdict::Pass, reason: "確認".to_owned() };
        let deed = Recommend { application: case.id, opinion: pass() };
        let case = self.act(deed, &self.examiners[0], at, Some(case.version)).await;
        let motion = Motion::Decide { application: case.id, decision: pass(), conditions: Vec::new() };
        let [first, second] = &self.decision_makers;
        let proposal = self.act(Propose { motion }, first, at, Some(case.version)).await;
        let confirmed = self.act(Confirm { proposal: proposal.id }, second, at, None).await;
        let Confirmed::Decided(case) = confirmed else { panic!("a decision was proposed") };
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
    pub async fn act<D: Deed>(&self, deed: D, by: &Actor, at: Instant, read: Option<u32>) -> D::State {
        let call = Call { by: by.clone(), from: Origin::command(), at, read, key: None };
        match self.registry.perform(deed, call).await {
            Ok(done) => done.state,
            Err(refused) => panic!("refused: {refused:?}"),
        }
    }
}

/// The registration body.
const BODY: &str = "registration-body";

fn operator() -> Actor {
    let held = Membership { role: Role::Operator, organisation: BODY.parse().expect("a name"), until: None };
    Actor { person: "command".parse().expect("a name"), memberships: vec![held], proof: Proof::Command }
}

async fn enter(registry: &Arc<Registry>, id: &str, kind: OrganisationKind) {
    let organisation = Organisation { id: id.parse().expect("a name"), kind, name: id.to_owned(), number: None };
    let errand = EnterOrganisation { actor: operator(), organisation };
    registry.run(errand, Origin::command(), clock::now()).await.expect("nothing stands against it");
}

async fn admit(registry: &Arc<Registry>, role: Role, organisation: &str) -> Actor {
    let first = Membership { role, organisation: organisation.parse().expect("a name"), until: None };
    let deed = Admit { first, name: "例示".to_owned(), email: None };
    let call = Call::new(operator(), Origin::command(), clock::now());
    let admitted = registry.perform(deed, call).await.expect("nothing stands against it").state;
    admitted.person.acting(Proof::Command)
}
