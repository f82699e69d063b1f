//! People who can act: their roles in organisations. Names and addresses are not here but beside it, by the person's id,
//! so that they can be erased while the record of what was done stands.

use serde::{Deserialize, Serialize};

use crate::act::{Act, Caller, Deed, Impossible, OrganisationId, PersonId, Replay, Role, Subject};
use crate::authority::{Actor, Denial, Object, Power, Proof};
use crate::calendar::{Day, Instant};
use crate::reading::has_words;

/// A person and the roles they hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    pub id: PersonId,
    pub version: u32,
    /// In the order in which they were given.
    pub memberships: Vec<Membership>,
    pub is_dismissed: bool,
    pub changed_at: Instant,
}

/// A role in an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Membership {
    pub role: Role,
    pub organisation: OrganisationId,
    /// The last day in Japan; a delegated agent always has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

impl Membership {
    /// Does it count on this day?
    pub fn is_in_force(&self, day: Day) -> bool {
        self.until.is_none_or(|until| day <= until)
    }

    /// The person, acting in this role.
    pub fn caller(&self, person: &PersonId) -> Caller {
        Caller { person: person.clone(), role: self.role, organisation: Some(self.organisation.clone()) }
    }

    fn is_same(&self, role: Role, organisation: &OrganisationId) -> bool {
        self.role == role && self.organisation == *organisation
    }
}

/// What kind of organisation somebody belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// サービス提供事業者
    Provider,
    /// 利用企業
    User,
    /// 登録機関: receives, examines, decides.
    RegistrationBody,
    /// 制度の所有者
    SchemeOwner,
}

impl OrganisationKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Provider, Self::User, Self::RegistrationBody, Self::SchemeOwner];

    /// The word in tables, settings and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::User => "user",
            Self::RegistrationBody => "registration_body",
            Self::SchemeOwner => "scheme_owner",
        }
    }

    /// Can this role be held in such an organisation?
    pub fn has(self, role: Role) -> bool {
        match role {
            Role::ProviderOwner | Role::ProviderMember => self == Self::Provider,
            Role::DelegatedAgent => matches!(self, Self::Provider | Self::User),
            Role::User => self == Self::User,
            Role::Examiner | Role::DecisionMaker | Role::Secretariat | Role::Operator => self == Self::RegistrationBody,
            Role::Auditor => matches!(self, Self::RegistrationBody | Self::SchemeOwner),
        }
    }
}

impl std::str::FromStr for OrganisationKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::as_str).join(", ");
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| format!("not a kind of organisation: {text} ({})", known()))
    }
}

/// Why a person is not admitted, given a role or dismissed. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// The organisation is of another kind.
    Organisation { role: Role, kind: OrganisationKind },
    /// A delegated agent's role ends on a day, which was not named.
    NoEnd,
    /// The last day has passed.
    Past { until: Day, today: Day },
    /// The person has this role there already.
    Held { role: Role },
    /// The person has no such role there.
    NotHeld { role: Role },
    /// The person was dismissed before.
    Dismissed,
    /// A reason is required and was empty.
    NoReason,
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Person {
    /// Admits a person with a first role. `kind` is that of the organisation.
    pub fn admit(
        id: PersonId,
        first: Membership,
        kind: OrganisationKind,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let object = Object { owner: Some(&first.organisation), person: Some(&id), ..Object::default() };
        let by = by.caller(giving(first.role), &object, at)?;
        check(&first, kind, at)?;
        Ok(admitted(id, first, by, at))
    }

    /// Admits a person on the word of an identity provider that both trust, such as GビズID: they are their own caller.
    pub fn enrol(id: PersonId, first: Membership, kind: OrganisationKind, at: Instant) -> Result<(Self, Act), Refusal> {
        check(&first, kind, at)?;
        let by = first.caller(&id);
        Ok(admitted(id, first, by, at))
    }

    /// Gives another role. A company's own people give roles to those who belong to it already and invite the others:
    /// else whoever is to act on the company could be tied to it, and so kept from acting, without being asked.
    pub fn give(
        self,
        role: Membership,
        kind: OrganisationKind,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = self.changing(role.role, &role.organisation, by, at)?;
        if by.role.is_companys() && !self.memberships.iter().any(|held| held.organisation == role.organisation) {
            return Err(Denial::NotOwner.into());
        }
        check(&role, kind, at)?;
        if self.holds(role.role, &role.organisation, at.day()) {
            return Err(Refusal::Held { role: role.role });
        }
        let Membership { role, organisation, until } = role;
        Ok(self.act(Deed::RoleGiven { role, organisation, until }, by, at))
    }

    /// Ends a role at once.
    pub fn end(
        self,
        role: Role,
        organisation: OrganisationId,
        reason: String,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = self.changing(role, &organisation, by, at)?;
        if !self.memberships.iter().any(|held| held.is_same(role, &organisation)) {
            return Err(Refusal::NotHeld { role });
        }
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        Ok(self.act(Deed::RoleEnded { role, organisation, reason }, by, at))
    }

    /// Ends every role at once, for good.
    pub fn dismiss(self, reason: String, by: &Actor, at: Instant) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::Dismiss, &Object { person: Some(&self.id), ..Object::default() }, at)?;
        self.require_active()?;
        if !has_words(&reason) {
            return Err(Refusal::NoReason);
        }
        Ok(self.act(Deed::Dismissed { reason }, by, at))
    }

    /// This person about to act, as they showed who they are.
    pub fn acting(&self, proof: Proof) -> Actor {
        Actor { person: self.id.clone(), memberships: self.memberships.clone(), proof }
    }

    /// Does the person have this role there on this day?
    pub fn holds(&self, role: Role, organisation: &OrganisationId, day: Day) -> bool {
        self.memberships.iter().any(|held| held.is_same(role, organisation) && held.is_in_force(day))
    }

    /// Does the person have this role anywhere on this day?
    pub fn is(&self, role: Role, day: Day) -> bool {
        self.memberships.iter().any(|held| held.role == role && held.is_in_force(day))
    }

    fn changing(&self, role: Role, organisation: &OrganisationId, by: &Actor, at: Instant) -> Result<Caller, Refusal> {
        let object = Object { owner: Some(organisation), person: Some(&self.id), ..Object::default() };
        let by = by.caller(giving(role), &object, at)?;
        self.require_active()?;
        Ok(by)
    }

    fn require_active(&self) -> Result<(), Refusal> {
        if self.is_dismissed { Err(Refusal::Dismissed) } else { Ok(()) }
    }

    fn act(self, deed: Deed, by: Caller, at: Instant) -> (Self, Act) {
        let act = Act { subject: self.subject(), version: self.version + 1, at: at.max(self.changed_at), by, deed };
        settle(Some(self), act)
    }
}

/// The right that giving and ending a role takes.
pub fn giving(role: Role) -> Power {
    if role.is_companys() { Power::GiveCompanyRole } else { Power::GiveStaffRole }
}

fn check(role: &Membership, kind: OrganisationKind, at: Instant) -> Result<(), Refusal> {
    if !kind.has(role.role) {
        return Err(Refusal::Organisation { role: role.role, kind });
    }
    let today = at.day();
    match role.until {
        None if role.role == Role::DelegatedAgent => Err(Refusal::NoEnd),
        Some(until) if until < today => Err(Refusal::Past { until, today }),
        _ => Ok(()),
    }
}

fn admitted(id: PersonId, first: Membership, by: Caller, at: Instant) -> (Person, Act) {
    let Membership { role, organisation, until } = first;
    let deed = Deed::Admitted { role, organisation, until };
    settle(None, Act { subject: Subject::Person(id), version: 1, at, by, deed })
}

/// The state an act leads to. Acts made here always follow from the state they were made from.
fn settle(before: Option<Person>, act: Act) -> (Person, Act) {
    let after = Person::replay(before, &act).expect("an act made from a state follows it");
    (after, act)
}

impl Replay for Person {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let Subject::Person(id) = &act.subject else { return Err(impossible) };
        let given = |role: &Role, organisation: &OrganisationId, until: &Option<Day>| Membership {
            role: *role,
            organisation: organisation.clone(),
            until: *until,
        };
        let mut state = match (before, &act.deed) {
            (None, Deed::Admitted { role, organisation, until }) => {
                return Ok(Self {
                    id: id.clone(),
                    version: 1,
                    memberships: vec![given(role, organisation, until)],
                    is_dismissed: false,
                    changed_at: act.at,
                });
            }
            (Some(state), _) if !state.is_dismissed => state,
            _ => return Err(impossible),
        };
        match &act.deed {
            Deed::RoleGiven { role, organisation, until } => {
                // Given again after its last day, it takes the old one's place.
                state.memberships.retain(|held| !held.is_same(*role, organisation));
                state.memberships.push(given(role, organisation, until));
            }
            Deed::RoleEnded { role, organisation, .. } => {
                let before = state.memberships.len();
                state.memberships.retain(|held| !held.is_same(*role, organisation));
                if state.memberships.len() == before {
                    return Err(impossible);
                }
            }
            Deed::Dismissed { .. } => {
                state.memberships.clear();
                state.is_dismissed = true;
            }
            _ => return Err(impossible),
        }
        state.version = act.version;
        state.changed_at = act.at;
        Ok(state)
    }

    fn subject(&self) -> Subject {
        Subject::Person(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
