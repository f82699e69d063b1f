//! Licences under a registered service.

use super::*;

pub fn user() -> Holder {
    Holder::User {
        name: "株式会社例示".to_owned(),
        number: Some("9000000000000".parse().expect("a number")),
        contract_from: day("2026-06-01"),
    }
}

pub const LICENCE: [u8; 5] = [0x01, 0x23, 0x45, 0x67, 0x89];

pub fn grant(registration: &Registration, holder: Holder, by: &Actor, now: &str) -> Outcome<Licence> {
    let offered = offer(registration, holder, None, LicenceId::from_bytes(LICENCE), 70_000, by, at(now))?;
    Ok(offered.grant("01020304".to_owned(), DIGEST.to_owned()))
}

/// A user's licence, granted [`NOW`].
pub fn licensed() -> Licence {
    grant(&registered(), user(), &applicant(), NOW).expect("granted").0
}

/// The provider's own licence, granted [`NOW`].
pub fn provider_licensed() -> Licence {
    grant(&registered(), Holder::Provider, &secretary(), NOW).expect("granted").0
}

/// Proposed by one secretary and confirmed by another.
pub fn revoke_licence(licence: Licence, reason: &str, now: Instant) -> Result<(Licence, Act), licence::Refusal> {
    let registration = registered();
    let (proposal, _) =
        licence.propose_revocation(proposal_id(), &registration, reason.to_owned(), &secretary(), now)?;
    licence.revoke(&registration, &proposal, &other_secretary(), now)
}
