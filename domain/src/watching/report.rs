//! A report 「登録後の報告」 about one period of a registered service. A later one takes the place of those before it,
//! and they stay.

use serde::{Deserialize, Serialize};

use super::{AlertFigures, CheckFault, CheckedCriterion, Count, Matter, self_check};
use crate::act::{Act, Deed, Impossible, OrganisationId, RegistrationNumber, Replay, ReportId, Subject};
use crate::authority::{Actor, Denial, Power};
use crate::calendar::{Day, Instant, Period};
use crate::criteria::CriterionId;
use crate::registration::Registration;
use crate::settings::Settings;

/// What was reported of a service about a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Report {
    pub id: ReportId,
    pub version: u32,
    pub registration: RegistrationNumber,
    pub period: Period,
    /// Oldest first, at least one; the last one counts.
    pub filings: Vec<Filing>,
    pub changed_at: Instant,
}

/// One filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Filing {
    /// The organisation whose service it was by then.
    pub provider: OrganisationId,
    pub at: Instant,
    pub contents: Contents,
}

/// What it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "matter", content = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Contents {
    Alerts(AlertFigures),
    SelfCheck(Vec<CheckedCriterion>),
}

impl Contents {
    pub fn matter(&self) -> Matter {
        match self {
            Self::Alerts(_) => Matter::Alerts,
            Self::SelfCheck(_) => Matter::SelfCheck,
        }
    }
}

/// Why a report is refused. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The caller may not do this.
    Denied(Denial),
    /// Nothing is to be reported about this period.
    NotOwed { period: Period },
    /// The first day on which it can be reported is still to come.
    TooEarly { opens: Day },
    /// A count is missing, or too large.
    Count { count: Count, read: Option<u32> },
    /// Something is wrong with what is said of a criterion.
    Check(CheckFault),
    /// It says what was reported already.
    Unchanged,
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}

impl Report {
    /// 報告・訂正: the provider reports about a period, or corrects what it reported. `id` is for the first report;
    /// `before` is what was reported so far, `asked` are the criteria that a self-check is about.
    pub fn file(
        before: Option<Self>,
        id: ReportId,
        registration: &Registration,
        period: Period,
        contents: Contents,
        asked: &[CriterionId],
        settings: &Settings,
        by: &Actor,
        at: Instant,
    ) -> Result<(Self, Act), Refusal> {
        let by = by.caller(Power::FileReport, &registration.object(), at)?;
        let at = before.as_ref().map_or(at, |before| at.max(before.changed_at));
        let not_owed = Refusal::NotOwed { period };
        let duty = registration.duty(settings, contents.matter(), period, at.day()).ok_or(not_owed)?;
        if at.day() < duty.opens {
            return Err(Refusal::TooEarly { opens: duty.opens });
        }
        match &contents {
            Contents::Alerts(figures) => {
                if let Some(count) = figures.fault() {
                    return Err(Refusal::Count { count, read: figures.get(count) });
                }
            }
            Contents::SelfCheck(checked) => {
                if let Some(fault) = self_check::fault(checked, asked) {
                    return Err(Refusal::Check(fault));
                }
            }
        }
        if before.as_ref().is_some_and(|before| before.last().contents == contents) {
            return Err(Refusal::Unchanged);
        }
        let (id, version) = before.as_ref().map_or((id, 1), |before| (before.id.clone(), before.version + 1));
        let deed =
            Deed::ReportFiled { registration: registration.number.clone(), period, contents: Box::new(contents) };
        let act = Act { subject: Subject::Report(id), version, at, by, deed };
        let after = Self::replay(before, &act).expect("an act made from a state follows it");
        Ok((after, act))
    }

    /// What counts.
    pub fn last(&self) -> &Filing {
        self.filings.last().expect("a report begins with a filing")
    }

    /// What counted at the end of `day`.
    pub fn as_of(&self, day: Day) -> Option<&Filing> {
        self.filings.iter().rev().find(|filing| filing.at.day() <= day)
    }

    pub fn matter(&self) -> Matter {
        self.last().contents.matter()
    }
}

impl Replay for Report {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        let impossible = Impossible::Deed { kind: act.deed.kind() };
        let (Subject::Report(id), Deed::ReportFiled { registration, period, contents }) = (&act.subject, &act.deed)
        else {
            return Err(impossible);
        };
        let provider = act.by.organisation.clone().ok_or(impossible.clone())?;
        let filing = Filing { provider, at: act.at, contents: (**contents).clone() };
        let Some(mut state) = before else {
            return Ok(Self {
                id: id.clone(),
                version: 1,
                registration: registration.clone(),
                period: *period,
                filings: vec![filing],
                changed_at: act.at,
            });
        };
        if state.registration != *registration || state.period != *period || state.matter() != contents.matter() {
            return Err(impossible);
        }
        state.filings.push(filing);
        state.version = act.version;
        state.changed_at = act.at;
        Ok(state)
    }

    fn subject(&self) -> Subject {
        Subject::Report(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.changed_at
    }
}
