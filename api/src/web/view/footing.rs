//! What a case stands on: what of the edition is provisional, the gates to class 2, what a decision rests on, and what
//! has changed since.

use domain::application::{Basis, Shift};
use domain::calendar::Day;
use domain::criteria::Gate;
use domain::edition::{Provision, Standing};

use super::parts::{Badge, Icon, Shape};
use crate::problem::deciding::shift_term;

/// Of one case, for every page that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footing {
    /// The day as of which the register was asked.
    pub day: Day,
    /// Empty for class 1.
    pub gates: Vec<GateLine>,
    pub provisions: Vec<ProvisionLine>,
    /// What is not as it was decided, or else recommended, on.
    pub shifts: Vec<String>,
    pub basis: Option<BasisLine>,
}

/// A figure that class 2 asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateLine {
    pub title: String,
    pub asked: String,
    pub found: String,
    pub is_met: bool,
    pub met_from: Option<Day>,
    pub is_provisional: bool,
    pub note: Option<String>,
}

/// Something that is not confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionLine {
    pub what: String,
    pub note: Option<String>,
}

/// What a decision rests on, by digests and versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BasisLine {
    pub digest: String,
    pub edition: String,
    pub edition_digest: String,
    pub submission: u32,
    pub declaration: String,
    pub evidence: Vec<String>,
    /// Id and version.
    pub examinations: Vec<(String, u32)>,
}

impl Footing {
    pub fn new(day: Day, gates: &[Gate], provisions: &[Provision], shifts: &[Shift], basis: Option<&Basis>) -> Self {
        let provision = |one: &Provision| ProvisionLine {
            what: one.term().ja,
            note: one.note.as_ref().map(|note| note.ja.clone()),
        };
        Self {
            day,
            gates: gates.iter().map(GateLine::from).collect(),
            provisions: provisions.iter().map(provision).collect(),
            shifts: shifts_in_words(shifts),
            basis: basis.map(BasisLine::from),
        }
    }
}

/// What has changed, in words.
pub fn shifts_in_words(shifts: &[Shift]) -> Vec<String> {
    shifts.iter().map(|shift| shift_term(*shift).ja).collect()
}

impl From<&Gate> for GateLine {
    fn from(gate: &Gate) -> Self {
        Self {
            title: gate.name.term().ja,
            asked: gate.asked.ja.clone(),
            found: gate.found.ja.clone(),
            is_met: gate.is_met,
            met_from: gate.met_from,
            is_provisional: gate.standing == Standing::Provisional,
            note: gate.note.as_ref().map(|note| note.ja.clone()),
        }
    }
}

impl GateLine {
    pub(super) fn badge(&self) -> Badge {
        let (shape, tone, word) =
            if self.is_met { (Shape::Tick, "green", "満たす") } else { (Shape::Cross, "red", "満たさない") };
        Badge { icon: Icon { shape }, tone, word: word.to_owned() }
    }
}

impl From<&Basis> for BasisLine {
    fn from(basis: &Basis) -> Self {
        let judged = basis.examinations.iter().map(|judged| (judged.examination.to_string(), judged.version));
        Self {
            digest: basis.digest(),
            edition: basis.edition.clone(),
            edition_digest: basis.edition_digest.clone(),
            submission: basis.submission,
            declaration: basis.declaration.clone(),
            evidence: basis.evidence.iter().map(ToString::to_string).collect(),
            examinations: judged.collect(),
        }
    }
}
