//! The steps in which a declaration is made.

use super::catalogue::{SECTIONS, Section};

/// One of the steps 「手順」 in which a declaration is made; the last, to look at all of it and submit, asks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Applicant,
    Service,
    Terms,
    Evidence,
    Confirm,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [Self::Applicant, Self::Service, Self::Terms, Self::Evidence, Self::Confirm];

    /// Counted from 1, as addresses have it.
    pub fn number(self) -> usize {
        1 + Self::ALL.iter().position(|step| *step == self).unwrap_or_default()
    }

    /// The step of this number.
    pub fn read(number: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.number().to_string() == number)
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Applicant => "申請者",
            Self::Service => "サービス",
            Self::Terms => "価格・提供条件",
            Self::Evidence => "体制・証跡",
            Self::Confirm => "確認・提出",
        }
    }

    /// The sections that it asks.
    pub fn sections(self) -> impl Iterator<Item = &'static Section> {
        SECTIONS.iter().filter(move |section| section.step == self)
    }
}
