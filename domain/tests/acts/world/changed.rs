//! Changes of what is registered, and who it goes over to.

use domain::declaration::Provider;
use domain::registration::{Succession, SuccessionKind};

use super::*;

/// Edition 2.0, as this program carries it.
pub fn present() -> &'static domain::edition::Edition {
    Editions::bundled().find("2.0").expect("the edition of today")
}

pub fn rival_id() -> OrganisationId {
    RIVAL.parse().expect("an id")
}

/// The declaration with another telephone, which no criterion asks about.
pub fn moved() -> Declaration {
    let mut declaration = declaration();
    declaration.provider.telephone = "098-000-0001".parse().expect("a number");
    declaration
}

/// The declaration with another minimum term, which one asks about.
pub fn bound_longer() -> Declaration {
    let mut declaration = declaration();
    declaration.contract.minimum_term_months = 24;
    declaration
}

/// A change of the registration that is examined, filed at `now`; and the act of filing.
pub fn change_filed(
    registration: Registration,
    id: &str,
    after: Declaration,
    now: Instant,
) -> Result<(Registration, Application, Act), registration::Refusal> {
    let concern = registration.change(&declaration(), &after, present())?;
    let application = about(&registration, id, after, concern, now);
    let (state, act) = registration.file(&application, Settings::bundled(), &applicant(), now)?;
    Ok((state, application, act))
}

/// To whom it goes over, as the documents say, and how that provider is declared.
pub fn succession(to: &str, on: Day) -> (Succession, Provider) {
    let provider = Provider { trade_name: format!("新{to}"), legal_entity_number: None, ..declaration().provider };
    let (to, kind) = (to.parse().expect("an id"), SuccessionKind::Merger);
    (Succession { to, kind, on, reason: REASON.to_owned(), evidence: FACTS.to_owned() }, provider)
}

/// The registration, gone over to the rival; the proposal, and the act.
pub fn succeeded(registration: Registration, now: Instant) -> (Registration, Act, Act) {
    let (succession, provider) = succession(RIVAL, now.day());
    let id = "Q-12".parse().expect("an id");
    let proposed = registration.propose_succession(id, succession, provider, &secretary(), now);
    let (proposal, made) = proposed.expect("proposed");
    let (state, act) = registration.succeed(&proposal, &declaration(), &other_secretary(), now).expect("gone over");
    (state, made, act)
}
