//! A register with something in every state: a thing is prepared when it is first asked for, and anew once it changed.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use api::account::own::IssueApiKey;
use api::account::trail::Origin;
use api::acts::{Admit, Call};
use api::clock;
use api::gate::Declared;
use api::identity::secret::digest;
use api::seal::keys::Purpose;
use domain::act::Role;
use domain::authority::Proof;
use domain::people::Membership;
use serde_json::{Value, json};
use tests::staff::{BODY, in_process, operator};
use tests::{
    Case, Cast, Client, Database, Person, Register, Server, declaration, drafts, licences, text, told, version,
};

use crate::actors::{By, Column, HOLDER, OWNER, READING};

/// What a route may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing that somebody has: a list, a new thing, or what is there for all.
    Nothing,
    /// An application at a stage; from `Examining` on, the column `examiner` is one of its examiners.
    Submitted,
    Returned,
    Examining,
    Judged,
    Disputed,
    Recommended,
    Decided,
    /// A draft of the owner's that says everything.
    Draft,
    /// A file that such an application names.
    Evidence,
    Registration,
    /// The licence of the column `user`.
    UsersLicence,
    ProvidersLicence,
    /// A file of users that the owner sent.
    Import,
    /// A proposal: of a decision, a measure, a revocation.
    Decision,
    Measure,
    Revocation,
    /// A signing key that is to be the next.
    NextKey,
    /// A proposal: that a key be used, that one be distrusted, that an edition be published.
    Activation,
    Distrust,
    Publication,
    /// A change of a setting that is proposed.
    Setting,
    /// An edition under which decisions run, and one under which they are stopped.
    Running,
    Stopped,
    /// An application whose examiners have not declared their interests; a stranger's, whose other examiner is tied to it;
    /// and the proposal to waive that tie.
    Assigned,
    Tied,
    Waiver,
    /// An application with a question that the column `examiner` asked and nobody has answered.
    Asked,
    /// Decided by two people without a column: a pass with a condition, one whose report waits, a fail, and one that is
    /// objected to; and the proposal what becomes of the objection.
    Conditional,
    Reported,
    Failed,
    Objected,
    Hearing,
    /// A complaint about a registration of the owner's: one that nobody has acknowledged, and one that somebody sees to.
    Complaint,
    Acknowledged,
    /// A registration of which correction was demanded, one whose report waits, one whose measure is objected to, one that
    /// was suspended in an emergency, and one whose provider is heard before it is revoked; of the last also the proposal;
    /// and the proposal what becomes of such an objection.
    Demanded,
    Corrected,
    Contested,
    Emergency,
    Heard,
    Finding,
    /// A link that nobody has followed yet.
    Invitation,
    /// Inviting somebody into the owner's organisation, or into the registration body.
    Owner,
    Body,
    /// A member of the owner's organisation, an examiner whom nobody knows, and somebody who was dismissed.
    Colleague,
    Staffer,
    Dismissed,
    /// The owner's API keys, and one of them.
    KeyRing,
    ApiKey,
    /// The visitor's own password, and another session of theirs.
    Password,
    OtherSession,
    /// A message of the visitor's own; and one whose topic anybody who has its link may decline.
    Message,
    Declinable,
    /// The address of a calendar.
    Calendar,
    /// A webhook of the owner's, with something that it was told.
    Webhook,
}

/// A change of a setting, some months ahead.
pub fn setting() -> Value {
    let from = clock::now().day().plus_days(90).to_string();
    json!({ "value": 15, "from": from, "standing": "provisional", "source": "運営委員会", "reason": "負担を減らす。" })
}

/// A new edition's file.
pub fn edition() -> String {
    include_str!("../../../schemas/examples/edition/new.toml").to_owned()
}

/// Whatever is done to a key uses it up.
const NEXT_KEYS: usize = 40;

/// A prepared thing: what stands for the names in a path, and its version.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    pub names: BTreeMap<&'static str, String>,
    pub version: Option<u64>,
    /// The session to ask in, where not the visitor's first.
    pub session: Option<Person>,
}

impl Thing {
    fn named(names: &[(&'static str, &str)]) -> Self {
        let names = names.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { names, ..Self::default() }
    }

    fn at(self, version: u64) -> Self {
        Self { version: Some(version), ..self }
    }
}

mod things;

/// The register, its people, and what was prepared so far.
pub struct Stage {
    register: Register,
    server: Server,
    pub cast: Cast,
    pub columns: Vec<Column>,
    pub routes: Vec<Declared>,
    invitation: String,
    prepared: RefCell<BTreeMap<Kind, Thing>>,
    drawn: Cell<u32>,
    /// Keys that were prepared for something.
    taken: RefCell<BTreeSet<String>>,
    /// Two more who decide.
    deciders: [Person; 2],
}

impl Stage {
    /// A staffed register that serves.
    pub fn set() -> Self {
        let (register, cast) = Register::staffed(Database::sqlite());
        let register = register.with_loopback_webhooks();
        let deciders =
            register.admit_all([("decision_maker", "判定者 三", BODY), ("decision_maker", "判定者 四", BODY)]);
        register.add_keys(&[Purpose::Licence; NEXT_KEYS]);
        // Nobody listens there: GビズID is offered, and lets nobody in.
        let register = register.with_provider("http://127.0.0.1:1/oauth/");
        let owner = cast.provider.id.parse().expect("an id");
        let (routes, reading, invitation) = in_process(&register, async |registry| {
            let person = registry.store.person(&owner).await.expect("the database answers").expect("it was admitted");
            let errand = IssueApiKey {
                actor: person.acting(Proof::Command),
                organisation: OWNER.parse().expect("a word"),
                label: "reads".to_owned(),
                scopes: READING.into(),
                days: 30,
            };
            let (reading, _) = registry.run(errand, Origin::command(), clock::now()).await.expect("it is its own");
            let first = Membership { role: Role::User, organisation: HOLDER.parse().expect("a word"), until: None };
            let deed = Admit { first, name: "招かれた人".to_owned(), email: None };
            let call = Call::new(operator(), Origin::command(), clock::now());
            let admitted = registry.perform(deed, call).await.expect("nothing stands against it").state;
            (routes(registry), reading.expose().to_owned(), admitted.invitation.expose().to_owned())
        });
        let (server, columns) = (register.serve(), Column::all(&cast, &reading));
        let (prepared, drawn, taken) = (RefCell::default(), Cell::new(0), RefCell::default());
        Self { register, server, cast, columns, routes, invitation, prepared, drawn, taken, deciders }
    }

    /// Somebody who has not signed in.
    pub fn client(&self) -> Client {
        self.server.client()
    }

    /// Something of this kind, as it was made.
    pub fn thing(&self, kind: Kind, column: &Column) -> Thing {
        match kind {
            Kind::Nothing | Kind::Owner | Kind::Body => Thing::default(),
            // One edition is both by turns.
            Kind::Running => self.edition(false),
            Kind::Stopped => self.edition(true),
            Kind::KeyRing => Thing::default().at(self.keys()),
            Kind::Invitation => Thing::named(&[(":secret", &self.invitation)]),
            Kind::Password => self.password(column),
            Kind::OtherSession => self.other_session(column),
            Kind::Message => self.message(column),
            _ => self.prepared.borrow_mut().entry(kind).or_insert_with(|| self.prepare(kind)).clone(),
        }
    }

    /// It has changed: the next that is asked for is made anew.
    pub fn forget(&self, kind: Kind) {
        self.prepared.borrow_mut().remove(&kind);
    }

    fn prepare(&self, kind: Kind) -> Thing {
        let of = |case: &Case<'_>| Thing::named(&[(":id", case.id())]).at(case.version());
        let about = |proposal: &Value| Thing::named(&[(":id", text(proposal, "id"))]);
        match kind {
            Kind::Submitted => of(&self.submit()),
            Kind::Returned => of(&self.returned()),
            Kind::Examining => of(&self.submit().accept()),
            Kind::Judged => of(&self.submit().accept().judge()),
            Kind::Disputed => of(&self.submit().accept().dispute()),
            Kind::Recommended => of(&self.submit().accept().judge().recommend()),
            Kind::Decided => of(&self.submit().pass()),
            Kind::Draft => self.draft(),
            Kind::Evidence => self.evidence(),
            Kind::Registration => {
                let registration = self.submit().pass().register();
                Thing::named(&[(":number", text(&registration, "number"))]).at(version(&registration))
            }
            Kind::UsersLicence => licence(&self.license_user()),
            Kind::ProvidersLicence => {
                let case = self.submit().pass();
                licence(&case.license_provider(&case.register()))
            }
            Kind::Import => {
                let registration = self.submit().pass().register();
                let path = tests::licences(&registration).replace("/licences", "/licence-imports");
                let by = self.client().signed_in(&self.cast.provider);
                let ask = by.ask("POST", &path).body("application/octet-stream", "holderName,contractFrom\n");
                Thing::named(&[(":id", text(&ask.send().ok(), "id"))])
            }
            Kind::Decision => about(&self.propose_decision()),
            Kind::Measure => about(&self.propose_measure()),
            Kind::Revocation => about(&self.propose_revocation()),
            Kind::NextKey => self.next_key(),
            Kind::Activation => about(&self.propose_about_key("activation", None)),
            Kind::Distrust => about(&self.propose_about_key("compromise", Some(json!({ "reason": "漏れた。" })))),
            Kind::Publication => about(&self.propose_edition()),
            Kind::Setting => about(&self.propose_setting()),
            Kind::Assigned => of(&self.submit().assign()),
            Kind::Tied => of(&self.tied()),
            Kind::Waiver => about(&self.propose_waiver()),
            Kind::Asked => self.asked(),
            Kind::Conditional => numbered(of(&self.conditional())),
            Kind::Reported => {
                let words = json!({ "words": "公表した。" });
                numbered(of(&self.conditional().follow(&self.cast.provider, "conditions/1/report", &words)))
            }
            Kind::Failed => of(&self.failed()),
            Kind::Objected => of(&self.objected()),
            Kind::Hearing => {
                let body = json!({ "outcome": "dismissed", "reason": "判定に誤りはない。" });
                about(&self.objected().act(&self.cast.second_decision_maker, "objection/finding", &body).ok())
            }
            Kind::Complaint => self.complaint(),
            Kind::Acknowledged => self.acknowledged(),
            Kind::Demanded => measured(&self.demanded()),
            Kind::Corrected => measured(&self.corrected()),
            Kind::Contested => measured(&self.contested()),
            Kind::Emergency => {
                let case = self.submit().pass();
                let registration = case.register();
                let mut body = tests::measure_body("suspend", "監視が止まった。");
                body.as_object_mut().expect("an object").remove("measure");
                measured(
                    &case.step(&self.cast.second_secretariat, &registration, "emergency", Some(&body)).ok()["registration"],
                )
            }
            Kind::Heard => {
                let registration = self.submit().pass().register();
                let path = format!("/api/v1/registrations/{}/measures", text(&registration, "number"));
                let body = tests::measure_body("revoke", "監視が止まった。");
                let proposal = self.propose(&path, &body, version(&registration));
                let id = text(&proposal, "id");
                Thing::named(&[(":id", id), (":proposal", id), (":number", text(&registration, "number"))])
            }
            Kind::Finding => {
                let registration = self.contested();
                let body = json!({ "outcome": "dismissed", "reason": "措置に誤りはない。" });
                let case = self.submit();
                let what = "measures/1/objection/finding";
                about(&case.step(&self.cast.second_decision_maker, &registration, what, Some(&body)).ok())
            }
            Kind::Colleague => self.admit("provider_member", OWNER),
            Kind::Staffer => self.admit("examiner", BODY),
            Kind::Dismissed => self.dismissed(),
            Kind::ApiKey => self.api_key(),
            Kind::Declinable => {
                let id = told::message(&self.register, &self.cast.provider, &self.fresh());
                Thing::named(&[(":id", &id)])
            }
            Kind::Calendar => {
                let client = self.client().signed_in(&self.cast.provider);
                let made = client.post("/api/v1/calendar-address", &json!({})).send().ok();
                let url = text(&made, "url");
                Thing::named(&[(":secret", url.rsplit('/').next().unwrap_or_default())])
            }
            Kind::Webhook => {
                let (id, delivery) = told::webhook(&self.register, OWNER, &self.cast.provider, &self.fresh());
                Thing::named(&[(":id", &id), (":delivery", &delivery)])
            }
            Kind::Nothing | Kind::Owner | Kind::Body | Kind::KeyRing => unreachable!("there is nothing to make"),
            Kind::Running | Kind::Stopped => unreachable!("turned for each ask"),
            Kind::Invitation | Kind::Password | Kind::OtherSession | Kind::Message => unreachable!("made for each ask"),
        }
    }
}

/// A registration with its first measure and that measure's first correction.
fn measured(registration: &Value) -> Thing {
    let names = [(":number", text(registration, "number")), (":measure", "1"), (":correction", "1")];
    Thing::named(&names).at(version(registration))
}

/// With the number of its first condition.
fn numbered(mut thing: Thing) -> Thing {
    thing.names.insert(":number", "1".to_owned());
    thing
}

fn licence(licence: &Value) -> Thing {
    let id = text(licence, "id");
    // The first list has every licence of this stage.
    Thing::named(&[(":id", id), (":code", id), (":name", "0")]).at(version(licence))
}

/// Every route of both faces, with `:name` for the names in their paths.
pub fn routes(registry: &std::sync::Arc<api::registry::Registry>) -> Vec<Declared> {
    let mut routes = api::web::rules();
    routes.extend(api::http::rules(registry));
    for route in &mut routes {
        route.path = route.path.replace('{', ":").replace('}', "");
    }
    routes
}
