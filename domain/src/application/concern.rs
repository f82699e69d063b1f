//! What an application concerns of the register, where it is not about a service that is new to it.

use serde::{Deserialize, Serialize};

use crate::act::RegistrationNumber;
use crate::criteria::CriterionId;
use crate::edition::Touched;

/// A registration, and what is applied for about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Concern {
    pub registration: RegistrationNumber,
    pub matter: Matter,
    /// What a change changes, and what is examined because of it; there for a change, and for nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub touched: Option<Touched>,
}

/// What is applied for about a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Matter {
    /// 更新: another term.
    Renewal,
    /// 変更届 about something that a criterion asks: the term stays.
    Change,
}

impl Concern {
    /// The renewal of a registration.
    pub fn renewal(registration: RegistrationNumber) -> Self {
        Self { registration, matter: Matter::Renewal, touched: None }
    }

    /// A change of a registration; what it touches is found when it is submitted.
    pub fn change(registration: RegistrationNumber) -> Self {
        Self { registration, matter: Matter::Change, touched: None }
    }

    /// The registration, where this is the matter.
    pub fn of(&self, matter: Matter) -> Option<&RegistrationNumber> {
        (self.matter == matter).then_some(&self.registration)
    }

    /// Is the same applied for about the same registration?
    pub fn is_about_the_same(&self, other: &Self) -> bool {
        (&self.registration, self.matter) == (&other.registration, other.matter)
    }

    /// Is this criterion examined? Of a change only those that it touches are.
    pub fn asks(&self, criterion: CriterionId) -> bool {
        self.touched.as_ref().is_none_or(|touched| touched.criteria.contains(&criterion))
    }
}
