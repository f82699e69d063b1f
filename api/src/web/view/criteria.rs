//! Criteria as an applicant, an examiner and a decision maker see them.

use domain::criteria::CriterionId;
use domain::examination::Answer;

use super::declaration::DeclaredSection;
use super::parts::{Badge, Icon, Shape};

/// A criterion, and what the engine found about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CriterionLine {
    pub criterion: CriterionId,
    /// The word for field names: `help_desk`.
    pub key: String,
    /// Its number in the edition: 「2a」.
    pub number: String,
    pub title: String,
    /// 「表1 相談窓口」
    pub clause: String,
    pub wording: String,
    pub finding: Finding,
    /// Why the engine finds so.
    pub reason: String,
    /// The limit it was compared with is provisional, so that a person decides.
    pub is_provisional: bool,
}

/// What the engine finds 「所見」.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    Met,
    Unmet,
    /// A person must judge.
    Undetermined,
    NotApplicable,
    NotInForce,
}

impl Finding {
    /// The finding in a word, with its icon and colour.
    pub fn badge(self) -> Badge {
        let (shape, tone, word) = match self {
            Self::Met => (Shape::Tick, "green", "充足"),
            Self::Unmet => (Shape::Cross, "red", "不充足"),
            Self::Undetermined => (Shape::Question, "blue", "人が判断"),
            Self::NotApplicable => (Shape::Dash, "gray", "対象外"),
            Self::NotInForce => (Shape::Clock, "gray", "適用前"),
        };
        Badge { icon: Icon { shape }, tone, word: word.to_owned() }
    }
}

/// What an examiner answered, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    pub examiner: String,
    pub answer: Answer,
    pub reason: String,
}

/// An examiner's answer in a word, with its icon and colour.
pub(super) fn answer_badge(answer: Answer) -> Badge {
    match answer {
        Answer::Met => Finding::Met.badge(),
        Answer::Unmet => Finding::Unmet.badge(),
        Answer::NotApplicable => Finding::NotApplicable.badge(),
    }
}

impl Judged {
    pub(super) fn badge(&self) -> Badge {
        answer_badge(self.answer)
    }
}

/// A criterion with all that an examiner or a decision maker weighs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weighed {
    pub line: CriterionLine,
    /// What was declared about it.
    pub declared: Vec<DeclaredSection>,
    pub evidence: Vec<Evidence>,
    /// The only answer arithmetic leaves, where the edition lets nobody overrule it.
    pub only: Option<Answer>,
    /// Empty while the examiners do not see each other's.
    pub judged: Vec<Judged>,
}

/// A document named as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub title: String,
    pub place: String,
}

impl Weighed {
    /// Did the examiners answer differently?
    pub fn is_disputed(&self) -> bool {
        self.judged.windows(2).any(|pair| pair[0].answer != pair[1].answer)
    }

    pub(super) fn can_answer(&self, answer: Answer) -> bool {
        self.only.is_none_or(|only| only == answer)
    }
}
