//! How long a session lasts.

use crate::act::Role;

/// Limits of a session, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: i64,
    /// In all, since the sign-in that began it.
    pub whole: i64,
}

impl SessionLimits {
    /// Those of somebody with these roles: the strictest of each role's.
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        let widest = Self { idle: 60 * 60, whole: 12 * 60 * 60 };
        roles
            .into_iter()
            .map(Self::of_role)
            .fold(widest, |one, other| Self { idle: one.idle.min(other.idle), whole: one.whole.min(other.whole) })
    }

    fn of_role(role: Role) -> Self {
        let (minutes, hours) = match role {
            Role::ProviderOwner | Role::ProviderMember | Role::DelegatedAgent | Role::User => (60, 12),
            Role::Examiner | Role::Auditor => (60, 10),
            Role::DecisionMaker | Role::Secretariat => (30, 10),
            Role::Operator => (15, 4),
        };
        Self { idle: minutes * 60, whole: hours * 60 * 60 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_role_counts() {
        for (roles, minutes, hours) in [
            (&[][..], 60, 12),
            (&[Role::ProviderMember], 60, 12),
            (&[Role::Examiner, Role::ProviderMember], 60, 10),
            (&[Role::Examiner, Role::Secretariat], 30, 10),
            (&[Role::Secretariat, Role::Operator], 15, 4),
        ] {
            let limits = SessionLimits::of(roles.iter().copied());
            assert_eq!((limits.idle / 60, limits.whole / 3600), (minutes, hours), "{roles:?}");
        }
    }
}
