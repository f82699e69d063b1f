//! Everything that takes two people: who proposes it, who confirms it, and how it is refused.

use domain::act::{Act, Role};
use domain::application::{self, ObjectionOutcome};
use domain::authority::{Actor, Denial, Object};
use domain::calendar::Instant;
use domain::edition::{self, PublishedEdition};
use domain::licence;
use domain::proposal::{Proposal, Refusal};
use domain::registration::{self, MeasureKind};
use domain::signing_key;

use crate::world::{self, NOW, REASON, Refused, at};

use About::{
    Activation, Decision, Distrust, Licence, Measure, MeasureObjection, Objection, Publication, Succession, Waiver,
};

/// What is proposed: everything that takes two people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Decision,
    Measure,
    Licence,
    Activation,
    Distrust,
    Publication,
    Waiver,
    Objection,
    MeasureObjection,
    Succession,
}

impl About {
    pub const ALL: [Self; 10] = [
        Decision,
        Measure,
        Licence,
        Activation,
        Distrust,
        Publication,
        Waiver,
        Objection,
        MeasureObjection,
        Succession,
    ];

    pub fn proposer(self) -> Actor {
        match self {
            Decision | Publication => world::decider(),
            Measure | Licence | Waiver | Succession => world::secretary(),
            Activation | Distrust => world::operator(),
            Objection | MeasureObjection => world::hearers()[0].clone(),
        }
    }

    /// Somebody with the proposer's role.
    pub fn confirmer(self) -> Actor {
        match self {
            Decision | Publication => world::other_decider(),
            Measure | Licence | Waiver | Succession => world::other_secretary(),
            Activation | Distrust => world::other_operator(),
            Objection | MeasureObjection => world::hearers()[1].clone(),
        }
    }

    /// The role of both.
    pub fn role(self) -> Role {
        self.proposer().memberships[0].role
    }

    /// Every role that may.
    pub fn roles(self) -> Vec<Role> {
        match self {
            Decision | Objection | MeasureObjection => vec![Role::DecisionMaker],
            Measure | Licence | Waiver | Succession => vec![Role::Secretariat],
            Activation | Distrust => vec![Role::Secretariat, Role::Operator],
            Publication => vec![Role::DecisionMaker, Role::Secretariat],
        }
    }

    /// Of the body's people, somebody who may not.
    pub fn outsider(self) -> Actor {
        if self.roles().contains(&Role::DecisionMaker) { world::stranger() } else { world::decider() }
    }

    /// Is it about a provider? Keys and editions are the register's own.
    pub fn is_about_a_provider(self) -> bool {
        matches!(self, Decision | Measure | Licence | Waiver | Objection | MeasureObjection | Succession)
    }

    pub fn proposed(self, by: &Actor, now: Instant) -> Result<Proposal, Refused> {
        let (id, registration, reason) = (world::proposal_id(), world::registered(), REASON.to_owned());
        let (proposal, _) = match self {
            Decision => {
                let (before, what) = (world::recommended(world::pass()), (world::pass(), Vec::new()));
                before.propose_decision(id, what, &world::ground(&before), by, now)?
            }
            Measure => {
                let plan = world::plan(MeasureKind::Suspended, now);
                registration.propose(id, MeasureKind::Suspended, reason, plan, by, now)?
            }
            MeasureObjection => {
                world::contested().propose_on_objection(id, 1, ObjectionOutcome::Dismissed, reason, by, now)?
            }
            Licence => world::licensed().propose_revocation(id, &registration, reason, by, now)?,
            Succession => {
                let (succession, provider) = world::succession(world::RIVAL, registration.registered_at.day());
                registration.propose_succession(id, succession, provider, by, now)?
            }
            Activation => world::next_key().propose_activation(id, by, now)?,
            Distrust => world::next_key().propose_distrust(id, reason, by, now)?,
            Publication => {
                let (before, text) = (world::first_edition().0, world::correction());
                PublishedEdition::propose(&world::editions(), Some(&before), &text, id, reason, by, now)?
            }
            Waiver => world::tied().propose_waiver(id, &world::first().person, reason, false, by, now)?,
            Objection => world::objected().propose_on_objection(id, ObjectionOutcome::Dismissed, reason, by, now)?,
        };
        Ok(proposal)
    }

    /// As it is made properly, [`NOW`].
    pub fn open(self) -> Proposal {
        self.proposed(&self.proposer(), at(NOW)).expect("proposed")
    }

    pub fn confirm(self, proposal: &Proposal, by: &Actor, now: Instant) -> Result<Act, Refused> {
        Ok(match self {
            Decision => {
                let before = world::recommended(world::pass());
                let ground = world::ground(&before);
                before.decide(proposal, &ground, by, now)?.1
            }
            Measure => world::registered().take(proposal, by, now)?.1,
            Licence => world::licensed().revoke(&world::registered(), proposal, by, now)?.1,
            Succession => world::registered().succeed(proposal, &world::declaration(), by, now)?.1,
            Activation => world::next_key().activate(proposal, by, now)?.1,
            Distrust => world::next_key().distrust(proposal, by, now)?.1,
            Publication => {
                let (before, text) = (world::first_edition().0, world::correction());
                PublishedEdition::publish(&world::editions(), Some(before), &text, proposal, by, now)?.1
            }
            Waiver => world::tied().waive(proposal, false, by, now)?.1,
            Objection => world::objected().decide_objection(proposal, by, now)?.1,
            MeasureObjection => world::contested().decide_objection(proposal, by, now)?.1,
        })
    }

    pub fn drop_it(
        self,
        proposal: Proposal,
        reason: &str,
        by: &Actor,
        now: Instant,
    ) -> Result<(Proposal, Act), Refusal> {
        let (application, registration) = (world::recommended(world::pass()), world::registered());
        let (tied, objected, contested) = (world::tied(), world::objected(), world::contested());
        let object = match self {
            Objection => objected.object(),
            Decision => application.object(),
            Waiver => tied.object(),
            Measure | Licence | Succession => registration.object(),
            MeasureObjection => contested.object_of(&contested.measures[0]),
            Activation | Distrust | Publication => Object::default(),
        };
        proposal.drop_it(self.found(), reason.to_owned(), &object, by, now)
    }

    /// The version of what it is about.
    pub fn found(self) -> u32 {
        match self {
            Decision => world::recommended(world::pass()).version,
            Measure => world::registered().version,
            Succession => world::registered().measured(),
            Licence => world::licensed().version,
            Activation | Distrust => world::next_key().version,
            Publication => world::first_edition().0.version,
            Waiver => world::tied().version,
            Objection => world::objected().version,
            MeasureObjection => world::contested().measured(),
        }
    }

    /// The refusal of what is proposed.
    pub fn refused(self, refusal: Refusal) -> Refused {
        match self {
            Decision | Waiver | Objection => application::Refusal::Proposal(refusal).into(),
            Measure | MeasureObjection | Succession => registration::Refusal::Proposal(refusal).into(),
            Licence => licence::Refusal::Proposal(refusal).into(),
            Activation | Distrust => signing_key::Refusal::Proposal(refusal).into(),
            Publication => edition::Refusal::Proposal(refusal).into(),
        }
    }

    pub fn denied(self, denial: Denial) -> Refused {
        match self {
            Decision | Waiver | Objection => application::Refusal::Denied(denial).into(),
            Measure | MeasureObjection | Succession => registration::Refusal::Denied(denial).into(),
            Licence => licence::Refusal::Denied(denial).into(),
            Activation | Distrust => signing_key::Refusal::Denied(denial).into(),
            Publication => edition::Refusal::Denied(denial).into(),
        }
    }
}
