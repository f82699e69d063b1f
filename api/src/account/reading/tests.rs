use domain::authority::Proof;
use domain::people::Membership;

use super::*;

fn held(role: Role, organisation: &str) -> Membership {
    Membership { role, organisation: organisation.parse().unwrap(), until: None }
}

fn actor(role: Role, organisation: &str) -> Actor {
    Actor { person: "P-1".parse().unwrap(), memberships: vec![held(role, organisation)], proof: Proof::Command }
}

/// An owner sees who works for them, and not for whom else they work.
#[test]
fn an_owner_reads_the_roles_in_the_own_organisation() {
    let day = "2026-11-21".parse().unwrap();
    let memberships = vec![held(Role::DelegatedAgent, "own"), held(Role::DelegatedAgent, "other")];
    let changed_at = "2026-11-20T00:00:00Z".parse().unwrap();
    let person = Person { id: "P-2".parse().unwrap(), version: 2, memberships, is_dismissed: false, changed_at };
    let roles = |role, organisation| {
        readable(&actor(role, organisation), person.clone(), day).map(|person| person.memberships.len())
    };
    assert_eq!(roles(Role::ProviderOwner, "own"), Some(1));
    assert_eq!(roles(Role::ProviderOwner, "third"), None);
    assert_eq!(roles(Role::ProviderMember, "own"), None);
    for role in [Role::Secretariat, Role::Auditor, Role::Operator] {
        assert_eq!(roles(role, "body"), Some(2), "{role}");
    }
}
