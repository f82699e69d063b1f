//! What the demonstration tells: the first round of 2021, played again over the weeks before now.
//!
//! Every step is a real act with an instant of its own, done in order. `demo/*.json` says which figures are the press
//! release's (`schemas/examples` has the source) and which are illustrative.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

use domain::act::{Determination, OrganisationId, PersonId, Role, Verdict};
use domain::application::Application;
use domain::authority::{Actor, Proof, Scope};
use domain::calendar::Instant;
use domain::declaration::Declaration;
use domain::examination::{Answer, Judgement};
use domain::licence::token::HolderKind;
use domain::licence::{Holder, Licence, LicenceId};
use domain::people::{Membership, OrganisationKind, Person};
use domain::proposal::Motion;
use serde::Deserialize;

use crate::account::Organisation;
use crate::account::own::IssueApiKey;
use crate::account::people::EnterOrganisation;
use crate::account::sign_in::{Browser, NewCredential, SetUp};
use crate::account::trail::Origin;
use crate::acts::{
    Accept, Admit, Admitted, Call, Confirm, Confirmed, DeclareInterest, Deed, Errand, Grant, Judge, Propose, Recommend,
    Register, Submit,
};
use crate::begin::operator;
use crate::identity::password;
use crate::identity::secret::{Opaque, Secret, digest};
use crate::identity::totp::Key;
use crate::registry::Registry;
use crate::{clock, declaration};

type Failed = Box<dyn Error + Send + Sync>;

/// Who takes part.
static CAST: &str = include_str!("../../../demo/cast.toml");
/// The services' declarations, by file name.
static DECLARATIONS: include_dir::Dir = include_dir::include_dir!("$CARGO_MANIFEST_DIR/demo/declarations");

/// The cast of the story.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cast {
    people: Vec<Staff>,
    services: Vec<Service>,
}

/// Somebody on the register's side.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Staff {
    /// The word under which their way to sign in is printed.
    called: String,
    role: Role,
    name: String,
}

/// A service and its one user.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    declaration: String,
    organisation: OrganisationId,
    user: Option<User>,
}

/// An invented small firm.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    name: String,
    number: Option<domain::parties::CorporateNumber>,
}

/// What there is to see afterwards.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) marks: Vec<Mark>,
    /// How to sign in, by role.
    pub(super) accounts: BTreeMap<String, Account>,
    /// The provider's API key.
    pub(super) api_key: String,
}

/// How somebody in the demonstration signs in.
#[derive(Debug, serde::Serialize)]
pub(super) struct Account {
    /// A mail address.
    pub(super) login: String,
    pub(super) password: String,
    /// The authenticator app's secret, in base32.
    pub(super) totp: String,
    /// Recovery codes: each stands once for the app's code.
    pub(super) codes: Vec<String>,
}

/// A mark to scan.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) holder: String,
    pub(super) kind: &'static str,
    pub(super) licence: LicenceId,
    pub(super) link: String,
}

/// The registry with a clock of its own: the story's days, counted from today.
struct Stage<'a> {
    registry: &'a Arc<Registry>,
    now: Instant,
}

impl Stage<'_> {
    /// Ten in the morning in Japan, so many days ago, and some minutes.
    fn at(&self, days_ago: i32, minutes: usize) -> Instant {
        let day = self.now.day().plus_days(-days_ago);
        day.start().plus_seconds(10 * 3600 + 60 * minutes as u32).min(self.now)
    }

    async fn act<D: Deed>(&self, deed: D, by: &Actor, at: Instant, read: Option<u32>) -> Result<D::State, Failed> {
        let call = Call { by: by.clone(), from: Origin::command(), at, read, key: None };
        let done = self.registry.perform(deed, call).await.map_err(|refused| format!("{refused:?}"))?;
        Ok(done.state)
    }

    async fn run<E: Errand>(&self, errand: E, at: Instant) -> Result<E::Done, Failed> {
        Ok(self.registry.run(errand, Origin::command(), at).await.map_err(|refused| format!("{refused:?}"))?)
    }
}

/// The registration body of the story.
const BODY: &str = "registration-body";
/// The password of everybody in the demonstration is drawn anew each time, and the same for all of them.
struct Shared {
    password: String,
    hash: String,
}

/// Plays the story to its end.
pub(super) async fn tell(registry: &Arc<Registry>) -> Result<Told, Failed> {
    let cast: Cast = toml::from_str(CAST)?;
    let stage = Stage { registry, now: clock::now() };
    let mut told = Told::default();
    let shared = shared(registry);
    enter(&stage, BODY.parse()?, OrganisationKind::RegistrationBody, "登録機関（例示）").await?;
    let mut staff: BTreeMap<&str, Actor> = BTreeMap::new();
    for person in &cast.people {
        let login = format!("{}@example.jp", person.called);
        let admitted = admit(&stage, person.role, &person.name, BODY.parse()?, &login).await?;
        staff.insert(&person.called, acting(&admitted.person));
        told.accounts.insert(person.called.clone(), set_up(&stage, admitted, login, &shared).await?);
    }
    let of = |called: &str| staff.get(called).ok_or_else(|| format!("cast.toml names no {called}"));
    let people = People {
        examiners: [of("examiner")?, of("examiner_2")?],
        decision_makers: [of("decision_maker")?, of("decision_maker_2")?],
        secretariat: of("secretariat")?,
    };
    for (index, service) in cast.services.iter().enumerate() {
        let declaration = read(&service.declaration)?;
        let organisation = &service.organisation;
        enter(&stage, organisation.clone(), OrganisationKind::Provider, &declaration.provider.trade_name).await?;
        let name = format!("{} 担当", declaration.provider.trade_name);
        let login = format!("{organisation}@example.jp");
        let admitted = admit(&stage, Role::ProviderOwner, &name, organisation.clone(), &login).await?;
        let provider = acting(&admitted.person);
        if index == 0 {
            told.api_key = issue(&stage, &provider, organisation).await?;
            told.accounts.insert("provider".to_owned(), set_up(&stage, admitted, login, &shared).await?);
        }
        let case = Case { stage: &stage, people: &people, provider: &provider, index };
        match &service.user {
            Some(user) => told.marks.extend(case.to_the_marks(declaration, user).await?),
            None => drop(case.to_the_examiners(declaration, 6).await?),
        }
    }
    Ok(told)
}

/// Everybody in the story acts at the machine's own command.
fn acting(person: &Person) -> Actor {
    person.acting(Proof::Command)
}

fn shared(registry: &Registry) -> Shared {
    let drawn = registry.draw_secret(Opaque::Link);
    let password = drawn.expose()[4..24].to_owned();
    let hash = password::hash(&Secret::new(password.clone()), &mut registry.draw_rng());
    Shared { password, hash }
}

async fn enter(stage: &Stage<'_>, id: OrganisationId, kind: OrganisationKind, name: &str) -> Result<(), Failed> {
    let organisation = Organisation { id, kind, name: name.to_owned(), number: None };
    stage.run(EnterOrganisation { actor: operator(), organisation }, stage.at(40, 0)).await.map(drop)
}

async fn admit(
    stage: &Stage<'_>,
    role: Role,
    name: &str,
    organisation: OrganisationId,
    login: &str,
) -> Result<Admitted, Failed> {
    let first = Membership { role, organisation, until: None };
    let deed = Admit { first, name: name.to_owned(), email: Some(login.to_owned()) };
    stage.act(deed, &operator(), stage.at(40, 0), None).await
}

/// Follows the invitation, as the person would: a password, and an app.
async fn set_up(stage: &Stage<'_>, admitted: Admitted, login: String, shared: &Shared) -> Result<Account, Failed> {
    let key = Key::draw(&mut stage.registry.draw_rng());
    let new = NewCredential::Password { hash: shared.hash.clone(), totp: key.base32(), step: 0 };
    let errand = SetUp { link: digest(admitted.invitation.expose()), new, browser: Browser::default() };
    let done = stage.run(errand, stage.at(40, 1)).await?;
    let ready = done.map_err(|refusal| format!("{login}: {refusal:?}"))?;
    Ok(Account {
        login,
        password: shared.password.clone(),
        totp: key.base32().expose().to_owned(),
        codes: ready.codes.iter().map(|code| code.expose().to_owned()).collect(),
    })
}

async fn issue(stage: &Stage<'_>, provider: &Actor, organisation: &OrganisationId) -> Result<String, Failed> {
    let (actor, organisation) = (provider.clone(), organisation.clone());
    let scopes = Scope::ALL.iter().copied().collect();
    let errand = IssueApiKey { actor, organisation, label: "実演".to_owned(), scopes, days: 90 };
    let (key, _) = stage.run(errand, stage.at(40, 2)).await?;
    Ok(key.expose().to_owned())
}

fn read(file: &str) -> Result<Declaration, Failed> {
    let text = DECLARATIONS.get_file(file).and_then(|file| file.contents_utf8());
    let document = serde_json::from_str(text.ok_or_else(|| format!("no demo/declarations/{file}"))?)?;
    declaration::read(&document).map_err(|faults| format!("{file}: {faults:?}").into())
}

/// People on the register's side.
struct People<'a> {
    examiners: [&'a Actor; 2],
    /// Who proposes the decision, and who confirms it.
    decision_makers: [&'a Actor; 2],
    secretariat: &'a Actor,
}

/// One application on its way.
struct Case<'a> {
    stage: &'a Stage<'a>,
    people: &'a People<'a>,
    provider: &'a Actor,
    /// Its place in the round: a few minutes apart.
    index: usize,
}

impl Case<'_> {
    /// Submitted so many days ago, accepted two days later; the examiners declare their interests the day after.
    async fn to_the_examiners(&self, declaration: Declaration, days_ago: i32) -> Result<Application, Failed> {
        let at = |days| self.stage.at(days, 7 * self.index);
        let state = self
            .stage
            .act(
                Submit { owner: None, declaration, evidence: Vec::new(), concerns: None },
                self.provider,
                at(days_ago),
                None,
            )
            .await?;
        let examiners: Vec<PersonId> = self.people.examiners.iter().map(|actor| actor.person.clone()).collect();
        let deed = Accept { application: state.id, examiners };
        let mut state = self.stage.act(deed, self.people.secretariat, at(days_ago - 2), Some(state.version)).await?;
        // A case that is only begun shows how it opens: its second examiner has still to declare.
        let begun = if days_ago > 10 { &self.people.examiners[..] } else { &self.people.examiners[..1] };
        for examiner in begun {
            let deed = DeclareInterest { application: state.id.clone(), tie: None };
            state = self.stage.act(deed, examiner, at(days_ago - 3), Some(state.version)).await?;
        }
        Ok(state)
    }

    /// From the submission, five weeks ago, to the marks of provider and user.
    async fn to_the_marks(&self, declaration: Declaration, user: &User) -> Result<Vec<Mark>, Failed> {
        let at = |days| self.stage.at(days, 7 * self.index);
        let state = self.to_the_examiners(declaration, 35).await?;
        let state = self.judged(state).await?;
        let decision = pass("両審査員の一致した推薦と証跡により、基準を満たすと判定した（例示）。");
        let motion = Motion::Decide { application: state.id.clone(), decision, conditions: Vec::new() };
        let [first, second] = self.people.decision_makers;
        let proposal = self.stage.act(Propose { motion }, first, at(22), Some(state.version)).await?;
        let confirmed = self.stage.act(Confirm { proposal: proposal.id }, second, at(21), None).await?;
        let Confirmed::Decided(state) = confirmed else { return Err("a decision was proposed".into()) };
        let deed = Register { application: state.id, from: at(20).day() };
        let registration = self.stage.act(deed, self.people.secretariat, at(20), Some(state.version)).await?;
        let deed = Grant { registration: registration.number.clone(), to: Holder::Provider };
        let own = self.stage.act(deed, self.people.secretariat, at(19), None).await?;
        let to = Holder::User { name: user.name.clone(), number: user.number, contract_from: at(15).day() };
        let deed = Grant { registration: registration.number, to };
        let users = self.stage.act(deed, self.provider, at(14), None).await?;
        Ok(vec![self.mark(&own).await?, self.mark(&users).await?])
    }

    /// Judged by both examiners and recommended by the first.
    async fn judged(&self, state: Application) -> Result<Application, Failed> {
        let at = |days| self.stage.at(days, 7 * self.index);
        let editions = self.stage.registry.store.editions().await?;
        let edition = editions.with_digest(&state.edition_digest).ok_or("the edition is kept")?;
        let service = &state.declaration.service;
        let judgement = |criterion: &domain::edition::Criterion| {
            let reason = format!("{}：申告内容と証跡を確かめ、充足と判断した（例示）。", criterion.id.term().ja);
            Judgement::new(criterion.id, Answer::Met, reason)
        };
        let judgements: Vec<_> = edition.criteria_for(service.class, service.kind).into_iter().map(judgement).collect();
        for (examiner, days) in self.people.examiners.iter().zip([29, 27]) {
            let deed = Judge { application: state.id.clone(), judgements: judgements.clone() };
            self.stage.act(deed, examiner, at(days), Some(state.version)).await?;
        }
        let opinion = pass("すべての要件を充足する（例示）。");
        let deed = Recommend { application: state.id, opinion };
        self.stage.act(deed, self.people.examiners[0], at(25), Some(state.version)).await
    }

    async fn mark(&self, licence: &Licence) -> Result<Mark, Failed> {
        let links = self.stage.registry.links_of(licence.id).await.map_err(|problem| problem.detail.en)?;
        Ok(Mark {
            holder: licence.grant.holder_name.clone(),
            kind: match licence.grant.holder_kind {
                HolderKind::Provider => "provider",
                HolderKind::User => "user",
            },
            licence: licence.id,
            link: links.full,
        })
    }
}

fn pass(reason: &str) -> Determination {
    Determination { verdict: Verdict::Pass, reason: reason.to_owned() }
}
