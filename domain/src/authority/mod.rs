//! Who may do what: role × act × object, decided here and nowhere else.
//!
//! [`TABLE`] is the rule, in words an auditor can read. Whoever wants to act is an [`Actor`]; [`Actor::caller`] says in
//! which of their roles they may, or why not. Both faces and every act of this crate ask it.

mod power;
mod session;
mod table;

use std::collections::BTreeSet;

use crate::act::{Caller, OrganisationId, PersonId, Role};
use crate::calendar::{Day, Instant};
use crate::people::Membership;

pub use power::{Power, Scope};
pub use session::SessionLimits;
pub use table::{Reach, TABLE};

/// How long a sign-in counts as fresh, in seconds.
pub const FRESH: i64 = 5 * 60;

/// Somebody about to act: a person with all their roles, and how they showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub person: PersonId,
    /// In the order in which they are tried.
    pub memberships: Vec<Membership>,
    pub proof: Proof,
}

/// How somebody showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A running session; the last time they signed in.
    Session { signed_in_at: Instant },
    /// An API key, which does only what its scopes say.
    Key { scopes: BTreeSet<Scope> },
    /// The machine itself, at its command line.
    Command,
}

/// What an act is about, as far as it matters for who may do it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<'a> {
    /// The organisation it belongs to, or that it is about.
    pub owner: Option<&'a OrganisationId>,
    /// The organisation that holds the licence.
    pub holder: Option<&'a OrganisationId>,
    /// The examiners of the case.
    pub examiners: &'a [PersonId],
    /// Those of them who have not declared their interests, or are tied.
    pub closed_to: Vec<&'a PersonId>,
    /// Those who examined the case before, and were replaced.
    pub former: Vec<&'a PersonId>,
    /// Those who decided the case before that was set aside, or objected to.
    pub deciders: Vec<&'a PersonId>,
    /// The person it is about.
    pub person: Option<&'a PersonId>,
}

/// Why somebody may not do something: the later here, the closer they came.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Denial {
    /// None of their roles does this; those that do.
    Role { needed: Vec<Role> },
    /// It belongs to another organisation.
    NotOwner,
    /// They are not one of the case's examiners.
    NotAssigned,
    /// They examine the case, which opens to them once they have declared that nothing ties them to the applicant.
    Undeclared,
    /// They examined the case.
    Examined,
    /// They decided the case.
    Decided,
    /// They belong to the organisation it is about.
    OwnOrganisation,
    /// It is about themselves.
    Oneself,
    /// The API key has another scope; `None`: no key does this.
    Scope { needed: Option<Scope> },
    /// They must sign in again: the last time was too long ago.
    SignInAgain,
}

impl Actor {
    /// In which role, and for which organisation, this person may do this now.
    ///
    /// Where several roles may, the first does. Where none may, the reason is that of the role which comes closest.
    pub fn caller(&self, power: Power, object: &Object<'_>, at: Instant) -> Result<Caller, Denial> {
        let caller = self.in_role(power, object, at.day())?;
        self.shown_for(power, at).map(|()| caller)
    }

    /// The same, however they showed who they are.
    pub fn in_role(&self, power: Power, object: &Object<'_>, day: Day) -> Result<Caller, Denial> {
        if power.is_about_a_person() && object.person == Some(&self.person) {
            return Err(Denial::Oneself);
        }
        // Whatever other role would let them look.
        if power.opens_a_case() && object.closed_to.contains(&&self.person) {
            return Err(Denial::Undeclared);
        }
        let mut denial = Denial::Role { needed: power.roles() };
        for membership in self.memberships.iter().filter(|membership| membership.is_in_force(day)) {
            match self.reaches(power.reach(membership.role), membership, object, day) {
                Ok(()) => return Ok(membership.caller(&self.person)),
                Err(Some(why)) => denial = denial.max(why),
                Err(None) => {}
            }
        }
        Err(denial)
    }

    /// Might this person do this to something? Asked before the thing is known; each thing is asked for again.
    pub fn might(&self, power: Power, at: Instant) -> Result<(), Denial> {
        let mut roles = self.roles(at.day());
        if roles.any(|role| power.reach(role) != Reach::Never) {
            return match self.shown_for(power, at) {
                // A page may be looked at, and what is typed into it kept, before signing in again.
                Err(Denial::SignInAgain) => Ok(()),
                shown => shown,
            };
        }
        Err(Denial::Role { needed: power.roles() })
    }

    /// Organisations whose things this person may do this to, and whether it may to everything.
    pub fn extent(&self, power: Power, day: Day) -> Extent {
        let mut extent = Extent::default();
        for membership in self.memberships.iter().filter(|membership| membership.is_in_force(day)) {
            match power.reach(membership.role) {
                Reach::Never | Reach::Held => {}
                Reach::Own => extent.organisations.push(membership.organisation.clone()),
                Reach::Assigned => extent.is_assigned = true,
                Reach::Apart | Reach::Anew | Reach::Any => extent.is_everything = true,
            }
        }
        extent
    }

    /// The roles in force.
    pub fn roles(&self, day: Day) -> impl Iterator<Item = Role> {
        self.memberships.iter().filter(move |membership| membership.is_in_force(day)).map(|membership| membership.role)
    }

    /// Does this person belong, in any role, to this organisation?
    pub fn belongs_to(&self, organisation: &OrganisationId, day: Day) -> bool {
        self.memberships.iter().any(|own| own.is_in_force(day) && own.organisation == *organisation)
    }

    fn reaches(
        &self,
        reach: Reach,
        membership: &Membership,
        object: &Object<'_>,
        day: Day,
    ) -> Result<(), Option<Denial>> {
        let is_own = |organisation: Option<&OrganisationId>| organisation == Some(&membership.organisation);
        let is_tied = object.owner.is_some_and(|owner| self.belongs_to(owner, day));
        let examines = object.examiners.contains(&self.person);
        let examined = examines || object.former.contains(&&self.person);
        match reach {
            Reach::Never => Err(None),
            Reach::Any => Ok(()),
            Reach::Own if is_own(object.owner) => Ok(()),
            Reach::Held if is_own(object.holder) => Ok(()),
            Reach::Own | Reach::Held => Err(Some(Denial::NotOwner)),
            Reach::Assigned if !examines => Err(Some(Denial::NotAssigned)),
            Reach::Apart | Reach::Anew if examined => Err(Some(Denial::Examined)),
            Reach::Anew if object.deciders.contains(&&self.person) => Err(Some(Denial::Decided)),
            Reach::Assigned | Reach::Apart | Reach::Anew if is_tied => Err(Some(Denial::OwnOrganisation)),
            Reach::Assigned | Reach::Apart | Reach::Anew => Ok(()),
        }
    }

    /// Have they shown who they are as this asks for?
    fn shown_for(&self, power: Power, at: Instant) -> Result<(), Denial> {
        match &self.proof {
            Proof::Command => Ok(()),
            Proof::Key { scopes } => match power.scope() {
                Some(scope) if scopes.contains(&scope) => Ok(()),
                needed => Err(Denial::Scope { needed }),
            },
            Proof::Session { signed_in_at } => {
                let is_fresh = at.unix() - signed_in_at.unix() <= FRESH;
                if power.needs_fresh_sign_in() && !is_fresh { Err(Denial::SignInAgain) } else { Ok(()) }
            }
        }
    }
}

/// Which things somebody may do something to: for lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub is_everything: bool,
    /// The cases they examine.
    pub is_assigned: bool,
    /// Everything of these.
    pub organisations: Vec<OrganisationId>,
}
