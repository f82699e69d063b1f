//! Settings of the scheme that no edition of the criteria states: `scheme.toml`, dated and cited.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::act::RegistrationNumber;
use crate::calendar::Day;
use crate::licence::Follows;
use crate::text::Text;

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
    pub alert_reports: AlertReports,
    pub complaints: Complaints,
    pub self_checks: SelfChecks,
    /// Days before a due day on which everybody responsible is reminded of it.
    pub reminder_days: Setting<Vec<i64>>,
    /// The fewest days that a provider has to state its side before its registration is revoked.
    pub hearing_days: Setting<i32>,
    /// The most days ahead at which a measure begins to hold.
    pub measure_ahead_days: Setting<i32>,
    /// Hours after which an emergency suspension that nobody has confirmed is over.
    pub emergency_hours: Setting<u32>,
    /// The fewest days between the announcement of a service's end and its last day.
    pub discontinuation_days: Setting<i32>,
    /// Months before the last day of a term from which its renewal can be applied for.
    pub renewal_opens_months: Setting<u8>,
    /// Months before the last day of a term by which its renewal is applied for in time.
    pub renewal_due_months: Setting<u8>,
    /// Months after a term for which the registration goes on while a renewal that was applied for in time is undecided;
    /// 0 where it lapses with the term.
    pub renewal_undecided_months: Setting<u8>,
    /// Months after the day that a file speaks of, or else was uploaded, from which it is shown as old at a renewal.
    pub evidence_old_months: Setting<u8>,
    /// What measures rest on.
    pub measure_clauses: Vec<MeasureClause>,
    /// What each state of a service means for the licences under it.
    pub cascade: Vec<Follows>,
}

/// When a provider checks its own service.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfChecks {
    /// Days before the anniversary from which a year can be checked.
    pub opens_before: i32,
    /// Days, after the anniversary, on which the check is in time.
    pub due_days: i32,
    pub standing: Standing,
    pub source: String,
    pub last_read: Day,
}

/// How complaints are seen to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complaints {
    /// Hours within which a person acknowledges one.
    pub acknowledge_hours: u32,
    /// Days after its end for which what was written in one is kept.
    pub keep_days: i32,
    pub standing: Standing,
    pub source: String,
    pub last_read: Day,
}

/// When alert statistics are reported, and how few providers may stand behind a published figure.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertReports {
    /// Months of one period; a divisor of twelve.
    pub months: u8,
    /// The month with which one of them begins.
    pub first_month: u8,
    /// Days, after a period's last day, on which its report is in time.
    pub due_days: i32,
    /// A figure that fewer providers stand behind is not published.
    pub least_providers: usize,
    pub standing: Standing,
    pub source: String,
    pub last_read: Day,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Official,
    Provisional,
}

impl Standing {
    /// The word in JSON and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Provisional => "provisional",
        }
    }
}

/// A clause of the scheme's rules that provides for measures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeasureClause {
    /// Its word in acts and JSON; it never changes.
    pub id: String,
    /// As a person would cite it, for the public.
    pub clause: Text,
    /// The measures it provides for, and `emergency`.
    pub measures: Vec<String>,
    pub standing: Standing,
    pub source: String,
    pub last_read: Day,
}

impl MeasureClause {
    /// Can this be taken under it?
    pub fn provides_for(&self, measure: &str) -> bool {
        self.measures.iter().any(|known| known == measure)
    }
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
    pub fn bundled() -> &'static Self {
        static SCHEME: LazyLock<Scheme> =
            LazyLock::new(|| toml::from_str(FILE).expect("scheme.toml is read by a test of this crate"));
        &SCHEME
    }

    /// The clause of that id.
    pub fn measure_clause(&self, id: &str) -> Option<&MeasureClause> {
        self.measure_clauses.iter().find(|clause| clause.id == id)
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
    use crate::registration::MeasureKind;

    #[test]
    fn the_bundled_settings_are_readable_and_cited() {
        let scheme = Scheme::bundled();
        assert_eq!(scheme.term_years.value, 2);
        assert_eq!(scheme.term_years.standing, Standing::Official);
        assert_eq!(scheme.examiners_per_case.value, crate::application::EXAMINERS);
        assert_eq!(scheme.proposal_days.value, crate::proposal::DAYS);
        assert_eq!(scheme.objection_days.value, crate::application::OBJECTION_DAYS);
        assert_eq!(scheme.draft_days.value, crate::draft::DAYS);
        assert_eq!(scheme.hearing_days.value, crate::registration::HEARING_DAYS);
        assert_eq!(scheme.measure_ahead_days.value, crate::registration::AHEAD_DAYS);
        assert_eq!(scheme.emergency_hours.value * 3600, crate::registration::EMERGENCY_SECONDS);
        let measures = MeasureKind::ALL.map(MeasureKind::as_str);
        for clause in &scheme.measure_clauses {
            for measure in &clause.measures {
                assert!(measure == "emergency" || measures.contains(&measure.as_str()), "{}: {measure}", clause.id);
            }
            assert_eq!(scheme.measure_clauses.iter().filter(|other| other.id == clause.id).count(), 1, "{}", clause.id);
        }
        for measure in measures.iter().chain(&["emergency"]) {
            assert!(scheme.measure_clauses.iter().any(|clause| clause.provides_for(measure)), "{measure}");
        }
        assert!(scheme.renewal_due_months.value < scheme.renewal_opens_months.value);
        assert_eq!(scheme.number(2021, 1).as_str(), "OTK-2021-00001");
        let alerts = &scheme.alert_reports;
        assert!(12_u8.is_multiple_of(alerts.months) && (1..=12).contains(&alerts.first_month));
        assert!(alerts.least_providers > 2, "of two providers each would know the other's figures");
        for source in [
            &scheme.self_checks.source,
            &alerts.source,
            &scheme.complaints.source,
            &scheme.term_years.source,
            &scheme.registration_number.source,
            &scheme.governing_day.source,
        ] {
            assert!(source.len() > 20, "a citation a person can check: {source}");
        }
    }

    #[test]
    fn a_misspelt_setting_is_refused_by_name() {
        let error = toml::from_str::<Scheme>(&FILE.replace("term_years", "term_year")).unwrap_err().to_string();
        assert!(error.contains("term_year"), "{error}");
    }
}
