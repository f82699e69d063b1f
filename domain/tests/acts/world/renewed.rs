//! Applications about a registered service: filed, judged, entered.

use super::*;

/// In time for the renewal of [`registered`], whose term ends with 2028-04-30.
pub const RENEWING: &str = "2027-10-01T01:00:00Z";

/// An application for the next term of this registration, submitted at `now`.
pub fn renewal_of(registration: &Registration, id: &str, now: Instant) -> Application {
    about(registration, id, declaration(), Concern::renewal(registration.number.clone()), now)
}

/// An application about this registration, by the usual applicant.
pub fn about(
    registration: &Registration,
    id: &str,
    declaration: Declaration,
    concern: Concern,
    now: Instant,
) -> Application {
    let what = Submission { declaration, evidence: Vec::new(), concerns: Some(concern) };
    let (id, owner) = (id.parse().expect("an id"), registration.owner.clone());
    Application::submit(id, owner, what, "2.0", DIGEST, &applicant(), now).expect("submitted").0
}

/// The same, filed with the registration; and the act of filing.
pub fn filed(
    registration: Registration,
    id: &str,
    now: Instant,
) -> Result<(Registration, Application, Act), registration::Refusal> {
    let application = renewal_of(&registration, id, now);
    let (state, act) = registration.file(&application, Settings::bundled(), &applicant(), now)?;
    Ok((state, application, act))
}

/// Examined and decided at `now` by the usual people; and the act that decided it.
pub fn judged(application: Application, decision: Determination, now: Instant) -> (Application, Act) {
    let answer = if decision.verdict == Verdict::Pass { Answer::Met } else { Answer::Unmet };
    let accepted = application.accept(&examiners(), Settings::bundled(), &secretary(), now).expect("accepted").0;
    let declared = |before: Application, by: &Actor| before.declare_interest(None, false, by, now).expect("declared").0;
    let examining = declared(declared(accepted, &first()), &second());
    let examinations = both(&examining, answer);
    let recommended = examining.recommend(decision.clone(), &CRITERIA, &examinations, &first(), now);
    let recommended = recommended.expect("recommended").0;
    let (ground, what) = (Ground { examinations, ..Ground::default() }, (decision, Vec::new()));
    let (proposal, _) = recommended.propose_decision(proposal_id(), what, &ground, &decider(), now).expect("proposed");
    recommended.decide(&proposal, &ground, &other_decider(), now).expect("decided")
}

/// The next term of what passed, from this day.
pub fn renew(
    registration: Registration,
    application: &Application,
    from: &str,
    now: Instant,
) -> Result<(Registration, Act), registration::Refusal> {
    registration.renew(application, day(from), 2, &secretary(), now)
}

/// Fit for the public.
pub const REASON: &str = "公表できる理由";
