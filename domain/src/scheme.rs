//! Settings of the scheme that no edition of the criteria states: `scheme.toml`, dated and cited.

use serde::Deserialize;

use crate::act::RegistrationNumber;
use crate::calendar::Day;

const FILE: &str = include_str!("../scheme.toml");

/// The scheme's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// Years of one term of a registration.
    pub term_years: Setting<u8>,
    pub registration_number: NumberFormat,
    pub examiners_per_case: Setting<usize>,
    /// Days, after the day it is made, on which a proposal can be confirmed.
    pub proposal_days: Setting<i32>,
    /// Which day's edition governs an application.
    pub governing_day: Setting<GoverningDay>,
    /// Working days from the acceptance to the day by which a case is to be examined.
    pub examination_days: Setting<u32>,
    /// Days, after the day of a decision, on which the applicant may object.
    pub objection_days: Setting<i32>,
    /// The fewest working days that an applicant has for answering a question.
    pub answer_days: Setting<u32>,
    /// Days, after the day on which it was last saved, for which a draft is kept.
    pub draft_days: Setting<i32>,
}

/// A value, where it comes from, and the day a person last read the source.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting<T> {
    pub value: T,
    pub standing: Standing,
    pub source: String,
    pub last_read: Day,
}

/// Is a setting published by the scheme's owner, or ours until it is?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Official,
    Provisional,
}

/// The day that picks the edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoverningDay {
    /// The day in Japan of the first submission.
    FirstSubmission,
}

/// How a registration's number is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberFormat {
    pub prefix: String,
    pub digits: usize,
    pub standing: Standing,
    pub source: String,
    pub last_read: Day,
}

impl Scheme {
    /// The settings this program was built with.
    pub fn bundled() -> Self {
        toml::from_str(FILE).expect("scheme.toml is read by a test of this crate")
    }

    /// The number of the `running`th registration (from 1), first registered in `year`.
    pub fn number(&self, year: i32, running: u64) -> RegistrationNumber {
        let NumberFormat { prefix, digits, .. } = &self.registration_number;
        format!("{prefix}-{year}-{running:0digits$}").parse().expect("prefix, year and digits make an identifier")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_settings_are_readable_and_cited() {
        let scheme = Scheme::bundled();
        assert_eq!(scheme.term_years.value, 2);
        assert_eq!(scheme.term_years.standing, Standing::Official);
        assert_eq!(scheme.examiners_per_case.value, crate::application::EXAMINERS);
        assert_eq!(scheme.proposal_days.value, crate::proposal::DAYS);
        assert_eq!(scheme.examination_days.value, crate::application::EXAMINATION_DAYS);
        assert_eq!(scheme.objection_days.value, crate::application::OBJECTION_DAYS);
        assert_eq!(scheme.answer_days.value, crate::application::ANSWER_DAYS);
        assert_eq!(scheme.draft_days.value, crate::draft::DAYS);
        assert_eq!(scheme.number(2021, 1).as_str(), "OTK-2021-00001");
        for source in [&scheme.term_years.source, &scheme.registration_number.source, &scheme.governing_day.source] {
            assert!(source.len() > 20, "a citation a person can check: {source}");
        }
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let error = toml::from_str::<Scheme>(&FILE.replace("term_years", "term_year")).unwrap_err().to_string();
        assert!(error.contains("term_year"), "{error}");
    }
}
