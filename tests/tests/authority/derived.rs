//! What a cell must be, by the domain's own table (`domain/src/authority/table.txt`) and nothing of the product: role ×
//! power × whether the thing is one's own, held or assigned. So a wrong cell cannot be blessed unseen.

use api::clock;
use api::gate::Rule;
use domain::act::{OrganisationId, PersonId};
use domain::authority::{Actor, Denial, Object, Power};
use tests::staff::BODY;

use crate::actors::{HOLDER, NAMES, OWNER, actor};
use crate::request::Cell;
use crate::routes::Row;
use crate::stage::Kind;

/// What `name` must get at this row.
pub fn cell(row: &Row, name: &str) -> Cell {
    let actor = actor(name);
    match (row.rule, actor) {
        (Rule::Public | Rule::Entrance, _) => Cell::Ok,
        // Programs have a face of their own.
        (_, Some(_)) if name.starts_with("key_") && !row.is_json() => Cell::Forbidden,
        (Rule::Session | Rule::Needs(_), None) => Cell::SignedOut,
        (Rule::Session, Some(_)) if name.starts_with("key_") => Cell::Forbidden,
        (Rule::Session, Some(_)) => Cell::Ok,
        (Rule::Needs(powers), Some(actor)) => needing(row, powers, &actor),
    }
}

fn needing(row: &Row, powers: &[Power], actor: &Actor) -> Cell {
    let at = clock::now();
    if powers.iter().all(|power| actor.might(*power, at).is_err()) {
        return Cell::Forbidden;
    }
    let about = About::of(row.kind);
    let may = |power: &Power| match &about {
        Some(about) => actor.caller(*power, &about.object(), at).map(drop),
        None => actor.might(*power, at),
    };
    // Whoever may not know of a case is told that there is none, before anything is said of what they may do to it.
    let knows = about.as_ref().is_none_or(|about| about.is_known_to(actor));
    match row.powers.iter().any(|power| may(power).is_ok()) {
        true if knows => Cell::Ok,
        _ if !knows => Cell::Hidden,
        _ if row.offers => Cell::Unoffered,
        _ => Cell::Forbidden,
    }
}

/// What a prepared thing is to the domain.
#[derive(Default)]
struct About {
    owner: Option<OrganisationId>,
    holder: Option<OrganisationId>,
    examiners: Vec<PersonId>,
    closed_to: Vec<PersonId>,
    person: Option<PersonId>,
    /// The powers without any of which nobody knows of it. What has none anybody can look up.
    known_by: &'static [Power],
}

impl About {
    /// The thing; none where it is nobody's.
    fn of(kind: Kind) -> Option<Self> {
        let own = || Self { owner: Some(word(OWNER)), ..Self::default() };
        let case = || Self { known_by: &[Power::ReadApplication], ..own() };
        let person = || Self { person: Some(word("P-1")), known_by: &[Power::ReadPeople], ..Self::default() };
        Some(match kind {
            Kind::Nothing | Kind::Invitation | Kind::Password | Kind::OtherSession => return None,
            Kind::Message | Kind::Declinable | Kind::Calendar => return None,
            Kind::Submitted | Kind::Returned => case(),
            Kind::Draft => Self { known_by: &[Power::SubmitApplication], ..own() },
            Kind::Examining
            | Kind::Asked
            | Kind::Judged
            | Kind::Disputed
            | Kind::Recommended
            | Kind::Decided
            | Kind::Evidence => Self { examiners: vec![word("examiner")], ..case() },
            Kind::Import => Self { known_by: &[Power::ReadLicences], ..own() },
            Kind::Registration
            | Kind::ProvidersLicence
            | Kind::Demanded
            | Kind::Corrected
            | Kind::Contested
            | Kind::Emergency => own(),
            Kind::Heard => Self { known_by: &[Power::StateSide], ..own() },
            Kind::Finding => Self { known_by: &[Power::ReadProposals, Power::HearMeasure], ..own() },
            Kind::UsersLicence => Self { holder: Some(word(HOLDER)), ..own() },
            Kind::Decision => {
                Self { examiners: vec![word("examiner")], known_by: &[Power::ReadProposals, Power::Decide], ..own() }
            }
            Kind::Measure => Self { known_by: &[Power::ReadProposals, Power::TakeMeasure], ..own() },
            Kind::Revocation => Self { known_by: &[Power::ReadProposals, Power::RevokeLicence], ..own() },
            Kind::Owner | Kind::KeyRing => own(),
            Kind::Body => Self { owner: Some(word(BODY)), ..own() },
            Kind::Colleague => Self { owner: Some(word(OWNER)), ..person() },
            Kind::Staffer => Self { owner: Some(word(BODY)), ..person() },
            // The register's own: nobody's organisation has to do with it.
            Kind::NextKey | Kind::Running | Kind::Stopped => Self::default(),
            Kind::Activation | Kind::Distrust => {
                Self { known_by: &[Power::ReadProposals, Power::ChangeKey], ..Self::default() }
            }
            Kind::Setting => Self { known_by: &[Power::ReadProposals, Power::ChangeSettings], ..Self::default() },
            Kind::Publication => Self { known_by: &[Power::ReadProposals, Power::PublishEdition], ..Self::default() },
            Kind::Assigned => Self {
                examiners: vec![word("examiner")],
                closed_to: vec![word("examiner")],
                known_by: &[Power::ReadApplication, Power::DeclareInterest],
                ..own()
            },
            Kind::Tied => Self { owner: Some(word("somebody-else")), examiners: vec![word("examiner")], ..case() },
            Kind::Waiver => Self {
                owner: Some(word("somebody-else")),
                examiners: vec![word("examiner")],
                known_by: &[Power::ReadProposals, Power::WaiveConflict],
                ..own()
            },
            Kind::Complaint | Kind::Acknowledged => Self { known_by: &[Power::ReadComplaints], ..own() },
            Kind::Conditional | Kind::Reported | Kind::Failed | Kind::Objected => {
                Self { examiners: vec![word("examiner")], ..case() }
            }
            Kind::Hearing => Self {
                examiners: vec![word("examiner")],
                known_by: &[Power::ReadProposals, Power::DecideObjection],
                ..own()
            },
            Kind::Dismissed => person(),
            Kind::ApiKey => Self { known_by: &[Power::ReadApiKeys], ..own() },
            Kind::Webhook => Self { known_by: &[Power::ReadWebhooks], ..own() },
        })
    }

    fn object(&self) -> Object<'_> {
        let Self { owner, holder, examiners, person, .. } = self;
        let closed_to = self.closed_to.iter().collect();
        let (owner, holder, person) = (owner.as_ref(), holder.as_ref(), person.as_ref());
        Object { owner, holder, examiners, closed_to, person, ..Object::default() }
    }

    fn is_known_to(&self, actor: &Actor) -> bool {
        let day = clock::now().day();
        let knows = |power: &Power| actor.in_role(*power, &self.object(), day).is_ok();
        self.known_by.is_empty() || self.known_by.iter().any(knows)
    }
}

fn word<T: std::str::FromStr<Err: std::fmt::Debug>>(word: &str) -> T {
    word.parse().expect("a word")
}

/// The columns are told apart by what they are to the things: were they all strangers to them, every cell would do.
#[test]
fn the_columns_differ() {
    let decided = About::of(Kind::Decided).expect("it is somebody's");
    let at = clock::now();
    let denials =
        |power: Power| NAMES.map(|name| actor(name).map(|actor| actor.caller(power, &decided.object(), at).map(drop)));
    let judge = denials(Power::Judge);
    let of = |name| NAMES.iter().position(|known| *known == name).expect("a column");
    assert_eq!(judge[of("examiner")], Some(Ok(())));
    assert_eq!(judge[of("other_examiner")], Some(Err(Denial::NotAssigned)));
    let withdraw = denials(Power::WithdrawApplication);
    assert_eq!(withdraw[of("key_write")], Some(Ok(())));
    assert_eq!(withdraw[of("stranger")], Some(Err(Denial::NotOwner)));
    assert!(matches!(withdraw[of("key_read")], Some(Err(Denial::Scope { needed: Some(_) }))));
    assert!(matches!(withdraw[of("auditor")], Some(Err(Denial::Role { .. }))));
    assert_eq!(withdraw[of("signed_out")], None);
}
