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

/// The key that signed what is [`licensed`], declared compromised by two people.
pub fn lost_key() -> SigningKey {
    let key = super::key("01020304", false, super::SUBMITTED).0;
    let proposed = key.propose_distrust(proposal_id(), "鍵が漏れた。".to_owned(), &super::operator(), at(NOW));
    let proposal = proposed.expect("proposed").0;
    key.distrust(&proposal, &secretary(), at(NOW)).expect("distrusted").0
}

/// [`licensed`], issued anew because of that, under another key.
pub fn reissued() -> (Licence, Act) {
    let renewed = licensed().renew_token(&registered(), &lost_key(), &secretary(), at(NOW)).expect("renewed");
    renewed.issue("05060708".to_owned(), OTHER_DIGEST.to_owned())
}
