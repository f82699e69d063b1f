//! What is provisional of what a service is judged by.
//!
//! A limit that nobody has confirmed never decides (`criteria/finding.rs`), and nothing is decided on it. Who publishes
//! the edition confirms it: a correction that says the same, officially, confirms what a case was judged by.

use super::{Criterion, Edition, LimitName, Standing};
use crate::criteria::CriterionId;
use crate::declaration::{Class, Kind};
use crate::text::Text;

/// Something provisional of an edition that is asked of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provision {
    pub what: ProvisionOf,
    /// Why it is provisional.
    pub note: Option<Text>,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvisionOf {
    /// The whole edition.
    Edition,
    /// The whole class.
    Class(Class),
    Wording(CriterionId),
    Limit(CriterionId, LimitName),
}

impl Provision {
    /// The criterion that it is of; none where it is the whole edition or class.
    pub fn criterion(&self) -> Option<CriterionId> {
        match self.what {
            ProvisionOf::Edition | ProvisionOf::Class(_) => None,
            ProvisionOf::Wording(of) | ProvisionOf::Limit(of, _) => Some(of),
        }
    }

    /// Does a judgement of this criterion rest on it?
    pub fn touches(&self, criterion: CriterionId) -> bool {
        match self.what {
            // What an edition or a class has that is official for itself stands all the same.
            ProvisionOf::Edition | ProvisionOf::Class(_) => false,
            ProvisionOf::Wording(of) | ProvisionOf::Limit(of, _) => of == criterion,
        }
    }

    /// What it is, for people.
    pub fn term(&self) -> Text {
        match self.what {
            ProvisionOf::Edition => Text::new("版の全体", "the whole edition"),
            ProvisionOf::Class(class) => {
                let number = u8::from(class);
                Text::new(format!("{number}類の全体"), format!("the whole of class {number}"))
            }
            ProvisionOf::Wording(criterion) => {
                let term = criterion.term();
                Text::new(format!("「{}」の文言", term.ja), format!("the wording of \"{}\"", term.en))
            }
            ProvisionOf::Limit(criterion, limit) => {
                let (term, name) = (criterion.term(), limit.term());
                Text::new(
                    format!("「{}」の基準値（{}）", term.ja, name.ja),
                    format!("a limit of \"{}\" ({})", term.en, name.en),
                )
            }
        }
    }
}

/// What is provisional of what `bound` asks of such a service, and was not confirmed by the file that stands for the
/// edition `now`. Empty where nothing is.
pub fn provisions(bound: &Edition, now: &Edition, class: Class, kind: Kind) -> Vec<Provision> {
    let is_open = |was: Standing, is: Option<Standing>| {
        was == Standing::Provisional && is.is_none_or(|is| is == Standing::Provisional)
    };
    let mut found = Vec::new();
    if is_open(bound.standing, Some(now.standing)) {
        found.push(Provision { what: ProvisionOf::Edition, note: bound.note.clone() });
    }
    let rules = now.class(class);
    if let Some(own) = bound.class(class).filter(|own| is_open(own.standing, rules.map(|rules| rules.standing))) {
        found.push(Provision { what: ProvisionOf::Class(class), note: own.note.clone() });
    }
    let asked_now = now.criteria_for(class, kind);
    for criterion in bound.criteria_for(class, kind) {
        let successor = asked_now.iter().copied().find(|other| other.id == criterion.id);
        let same_words = successor.filter(|other| other.wording == criterion.wording);
        if is_open(criterion.standing, same_words.map(|other| other.standing)) {
            found.push(Provision { what: ProvisionOf::Wording(criterion.id), note: criterion.note.clone() });
        }
        found.extend(open_limits(criterion, successor));
    }
    found
}

/// The criterion's provisional limits, but for those that `now` has officially, with the same figure.
fn open_limits<'a>(criterion: &'a Criterion, now: Option<&'a Criterion>) -> impl Iterator<Item = Provision> + 'a {
    criterion.limits.iter().filter_map(move |limit| {
        let confirmed = now
            .and_then(|now| now.limit(limit.name))
            .is_some_and(|other| other.standing == Standing::Official && other.value == limit.value);
        let is_open = limit.standing == Standing::Provisional && !confirmed;
        let note = limit.note.clone().or_else(|| criterion.note.clone());
        is_open.then_some(Provision { what: ProvisionOf::Limit(criterion.id, limit.name), note })
    })
}
