//! The numbers among the settings: what each is called, counts, is bounded by, and which day's value governs.

use crate::calendar::Day;
use crate::scheme::{Scheme, Setting, Standing};
use crate::text::Text;

/// What a figure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Years,
    Months,
    Days,
    /// 開庁日
    WorkingDays,
    Hours,
}

impl Unit {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Months => "months",
            Self::Days => "days",
            Self::WorkingDays => "working_days",
            Self::Hours => "hours",
        }
    }

    /// As it stands behind a number.
    pub fn words(self) -> Text {
        match self {
            Self::Years => Text::new("年", "years"),
            Self::Months => Text::new("か月", "months"),
            Self::Days => Text::new("日", "days"),
            Self::WorkingDays => Text::new("開庁日", "working days"),
            Self::Hours => Text::new("時間", "hours"),
        }
    }
}

macro_rules! figures {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $unit:ident, $least:literal..=$most:literal,
       [$ja:literal, $en:literal], [$day_ja:literal, $day_en:literal];)+) => {
        /// A number that two people can change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Figure {
            $($(#[$doc])* $variant,)+
        }

        impl Figure {
            /// All of them, in the order in which they are shown.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The word in JSON, tables and addresses; it never changes.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub fn unit(self) -> Unit {
                match self {
                    $(Self::$variant => Unit::$unit,)+
                }
            }

            /// The least and the most that it can be, in its unit.
            pub fn bounds(self) -> (u32, u32) {
                match self {
                    $(Self::$variant => ($least, $most),)+
                }
            }

            /// Its name for people.
            pub fn words(self) -> Text {
                match self {
                    $(Self::$variant => Text::new($ja, $en),)+
                }
            }

            /// The day whose value governs.
            pub fn governed_by(self) -> Text {
                match self {
                    $(Self::$variant => Text::new($day_ja, $day_en),)+
                }
            }
        }
    };
}

figures! {
    TermYears = "term_years", Years, 1..=5,
        ["登録の有効期間", "Term of a registration"],
        ["有効期間の初日", "the first day of the term"];
    /// From the acceptance to the day by which both examiners are to be done.
    ExaminationDays = "examination_days", WorkingDays, 1..=250,
        ["審査の期限", "Time for an examination"],
        ["受理の日", "the day of the acceptance"];
    /// The fewest for an answer.
    AnswerDays = "answer_days", WorkingDays, 1..=60,
        ["質問への回答に与える最短の期間", "The least time for answering a question"],
        ["質問の日", "the day of the question"];
    /// The fewest between the announcement of a service's end and its last day.
    DiscontinuationDays = "discontinuation_days", Days, 0..=365,
        ["サービス終了の予告", "Notice of a service's end"],
        ["届出の日", "the day of the announcement"];
    /// Before the last day of a term.
    RenewalOpensMonths = "renewal_opens_months", Months, 1..=24,
        ["更新の申請の受付の始まり（満了前）", "Renewals open, before the end of the term"],
        ["有効期間の初日", "the first day of the term"];
    /// Before the last day of a term.
    RenewalDueMonths = "renewal_due_months", Months, 0..=23,
        ["更新の申請の期限（満了前）", "Renewals are due, before the end of the term"],
        ["有効期間の初日", "the first day of the term"];
    /// Behind a term; 0 where it lapses with the term.
    RenewalUndecidedMonths = "renewal_undecided_months", Months, 0..=24,
        ["判定を待つ更新の、満了後の効力", "An undecided renewal carries on behind the term"],
        ["更新の申請の日", "the day on which the renewal was applied for"];
    /// After the last day of a period.
    AlertDueDays = "alert_due_days", Days, 1..=180,
        ["アラートの統計情報の報告の期限", "Alert statistics are due"],
        ["報告の対象期間の末日", "the last day of the period reported about"];
    /// Before the anniversary.
    SelfCheckOpensDays = "self_check_opens_days", Days, 0..=180,
        ["自己点検の報告の始まり（応当日前）", "Self-checks open, before the anniversary"],
        ["点検の対象の一年の末日", "the last day of the year that is checked"];
    /// After the anniversary.
    SelfCheckDueDays = "self_check_due_days", Days, 1..=180,
        ["自己点検の報告の期限（応当日後）", "Self-checks are due, after the anniversary"],
        ["点検の対象の一年の末日", "the last day of the year that is checked"];
    /// Weekends among them.
    AcknowledgeHours = "acknowledge_hours", Hours, 1..=168,
        ["苦情・通報の受領の確認の期限", "Complaints are acknowledged within"],
        ["苦情・通報を受け付けた日", "the day on which the complaint was received"];
    /// After the day that a file speaks of.
    EvidenceOldMonths = "evidence_old_months", Months, 1..=60,
        ["証跡を古いとみなすまで", "Evidence counts as old after"],
        ["画面を開いた日", "the day on which it is looked at"];
}

impl Figure {
    /// The value that the program came with, its standing, its source, and the day on which that was last read.
    pub(super) fn bundled(self, scheme: &'static Scheme) -> (u32, Standing, &'static str, Day) {
        fn of<T>(setting: &'static Setting<T>, value: impl Fn(&T) -> u32) -> (u32, Standing, &'static str, Day) {
            (value(&setting.value), setting.standing, &setting.source, setting.last_read)
        }
        let month = |value: &u8| u32::from(*value);
        let day = |value: &i32| *value as u32;
        let (alerts, checks, complaints) = (&scheme.alert_reports, &scheme.self_checks, &scheme.complaints);
        let of_checks = |value: i32| (value as u32, checks.standing, checks.source.as_str(), checks.last_read);
        match self {
            Self::TermYears => of(&scheme.term_years, month),
            Self::ExaminationDays => of(&scheme.examination_days, |value| *value),
            Self::AnswerDays => of(&scheme.answer_days, |value| *value),
            Self::DiscontinuationDays => of(&scheme.discontinuation_days, day),
            Self::RenewalOpensMonths => of(&scheme.renewal_opens_months, month),
            Self::RenewalDueMonths => of(&scheme.renewal_due_months, month),
            Self::RenewalUndecidedMonths => of(&scheme.renewal_undecided_months, month),
            Self::EvidenceOldMonths => of(&scheme.evidence_old_months, month),
            Self::AlertDueDays => (alerts.due_days as u32, alerts.standing, &alerts.source, alerts.last_read),
            Self::SelfCheckOpensDays => of_checks(checks.opens_before),
            Self::SelfCheckDueDays => of_checks(checks.due_days),
            Self::AcknowledgeHours => {
                (complaints.acknowledge_hours, complaints.standing, &complaints.source, complaints.last_read)
            }
        }
    }

    /// The day on which the source of what the program came with was last read.
    pub fn last_read(self) -> Day {
        self.bundled(Scheme::bundled()).3
    }
}
