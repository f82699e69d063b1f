//! Reports on registered services, what is due, and the alert statistics that are published.

use std::sync::Arc;

use domain::calendar::Period;
use domain::registration::Registration;
use domain::text::Text;
use domain::watching::{
    Aggregate, AlertFigures, BySeverity, Category, CheckedCriterion, Contents, Filing, Matter, OwnFinding, Progress,
    Severity, name_of,
};
use poem::{IntoResponse, Response, handler};
use poem_openapi::param::{Header, Path};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde_json::json;

use super::Chapter;
use super::body::Body;
use super::rendered::Rendered;
use super::request::{Caller, call, identifier};
use crate::acts::FileReport;
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::watching::{
    Line, line, lines, outstanding, period, period_of_scheme, published_periods, registration, statistics,
};

const REGISTRATION: (&str, &str) = ("登録", "registration");

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What a report of alert statistics looks like, for programs.
#[handler]
pub(super) fn alert_report_schema() -> Response {
    const SCHEMA: &str = include_str!("../../../schemas/alert-report.schema.json");
    SCHEMA.with_content_type("application/schema+json").into_response()
}

/// Alert statistics of a service and a period. What did not occur is 0.
#[derive(Object, Clone, Debug)]
#[oai(rename = "AlertReport", rename_all = "camelCase", deny_unknown_fields)]
struct AlertReport {
    /// Companies watched on the period's last day.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    users: u32,
    /// Networks and endpoints watched on that day.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    devices: u32,
    /// Alerts that turned out to need a response.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    incidents: u32,
    /// Times an engineer was sent.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    dispatches: u32,
    alerts: AlertsByCategory,
}

/// Alerts by what they were about.
#[derive(Object, Clone, Debug)]
#[oai(deny_unknown_fields)]
struct AlertsByCategory {
    /// Malware that was found.
    malware: AlertsBySeverity,
    /// Attempts to get in, attacks on weaknesses.
    intrusion: AlertsBySeverity,
    /// Suspicious traffic to the outside, such as to an attacker's server.
    outbound: AlertsBySeverity,
    /// Connections to dangerous sites.
    site: AlertsBySeverity,
    /// Targeted attacks, phishing and the like.
    mail: AlertsBySeverity,
    /// Settings or use that is not as usual.
    anomaly: AlertsBySeverity,
    /// What fits nowhere else.
    other: AlertsBySeverity,
}

/// Alerts by how grave they were.
#[derive(Object, Clone, Debug)]
#[oai(deny_unknown_fields)]
struct AlertsBySeverity {
    /// What had to be responded to at once.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    high: u32,
    /// What had to be responded to.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    medium: u32,
    /// What only had to be told.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000000000")))]
    low: u32,
}

impl AlertsByCategory {
    fn of(&self, category: Category) -> &AlertsBySeverity {
        match category {
            Category::Malware => &self.malware,
            Category::Intrusion => &self.intrusion,
            Category::Outbound => &self.outbound,
            Category::Site => &self.site,
            Category::Mail => &self.mail,
            Category::Anomaly => &self.anomaly,
            Category::Other => &self.other,
        }
    }
}

impl From<&AlertReport> for AlertFigures {
    fn from(report: &AlertReport) -> Self {
        let by = |category| {
            let AlertsBySeverity { high, medium, low } = *report.alerts.of(category);
            (category, BySeverity { high, medium, low })
        };
        Self {
            users: report.users,
            devices: report.devices,
            incidents: report.incidents,
            dispatches: report.dispatches,
            alerts: Category::ALL.into_iter().map(by).collect(),
        }
    }
}

impl From<&AlertFigures> for AlertReport {
    fn from(figures: &AlertFigures) -> Self {
        let by = |category| {
            let [high, medium, low] = Severity::ALL
                .map(|severity| figures.alerts.get(&category).map_or(0, |by: &BySeverity| by.of(severity)));
            AlertsBySeverity { high, medium, low }
        };
        Self {
            users: figures.users,
            devices: figures.devices,
            incidents: figures.incidents,
            dispatches: figures.dispatches,
            alerts: AlertsByCategory {
                malware: by(Category::Malware),
                intrusion: by(Category::Intrusion),
                outbound: by(Category::Outbound),
                site: by(Category::Site),
                mail: by(Category::Mail),
                anomaly: by(Category::Anomaly),
                other: by(Category::Other),
            },
        }
    }
}

/// A provider's own check of its service: one answer for each criterion that its edition asks of it.
#[derive(Object, Debug)]
#[oai(rename = "NewSelfCheck", deny_unknown_fields)]
struct SelfCheckBody {
    #[oai(validator(max_items = 100))]
    criteria: Vec<CheckedView>,
}

/// What the provider says of a criterion.
#[derive(Object, Clone, Debug)]
#[oai(rename = "CheckedCriterion", deny_unknown_fields)]
struct CheckedView {
    /// The criterion's name, such as `help_desk`.
    #[oai(validator(max_length = 40))]
    criterion: String,
    finding: OwnFindingName,
    /// What has changed; empty where nothing has.
    #[oai(default, validator(max_length = 4000))]
    words: String,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum OwnFindingName {
    StillMet,
    Changed,
}

impl SelfCheckBody {
    fn read(self) -> Result<Vec<CheckedCriterion>, Problem> {
        let read = |(index, one): (usize, CheckedView)| {
            let criterion = serde_json::from_value(json!(one.criterion)).map_err(|_| {
                let message = Text::new("この名前の要件はありません。", "There is no criterion of this name.");
                Problem::unreadable(&format!("/criteria/{index}/criterion"), &one.criterion, message)
            })?;
            let finding = match one.finding {
                OwnFindingName::StillMet => OwnFinding::StillMet,
                OwnFindingName::Changed => OwnFinding::Changed,
            };
            Ok(CheckedCriterion { criterion, finding, words: one.words })
        };
        self.criteria.into_iter().enumerate().map(read).collect()
    }
}

impl From<&CheckedCriterion> for CheckedView {
    fn from(checked: &CheckedCriterion) -> Self {
        Self {
            criterion: json!(checked.criterion).as_str().unwrap_or_default().to_owned(),
            finding: match checked.finding {
                OwnFinding::StillMet => OwnFindingName::StillMet,
                OwnFinding::Changed => OwnFindingName::Changed,
            },
            words: checked.words.clone(),
        }
    }
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum MatterName {
    /// Alert statistics.
    Alerts,
    /// The provider's own yearly check.
    SelfCheck,
}

impl From<Matter> for MatterName {
    fn from(matter: Matter) -> Self {
        match matter {
            Matter::Alerts => Self::Alerts,
            Matter::SelfCheck => Self::SelfCheck,
        }
    }
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
enum ProgressName {
    /// It cannot be reported yet.
    Ahead,
    Open,
    /// Nothing was reported, and the due day is over.
    Missing,
    Filed,
    /// It was reported after the due day.
    FiledLate,
}

/// What is to be reported about a period, and what was.
#[derive(Object, Debug)]
#[oai(rename = "ReportDuty", rename_all = "camelCase", skip_serializing_if_is_none)]
struct DutyView {
    registration: String,
    service: String,
    matter: MatterName,
    /// First and last day, in Japan.
    period: String,
    /// The first day on which it can be reported.
    opens: String,
    /// The last day on which it is in time.
    due: String,
    progress: ProgressName,
    /// Days from the due day to the first report, or to today where there is none; only of what is late.
    days_late: Option<i64>,
    /// For `If-Match` when it is corrected. Absent where nothing was reported.
    version: Option<u32>,
    /// What was reported, the last one first: that one counts.
    filings: Vec<FilingView>,
}

/// What was reported.
#[derive(Object, Debug)]
#[oai(rename = "ReportFiling", rename_all = "camelCase", skip_serializing_if_is_none)]
struct FilingView {
    at: String,
    alerts: Option<AlertReport>,
    self_check: Option<Vec<CheckedView>>,
}

impl From<&Filing> for FilingView {
    fn from(filing: &Filing) -> Self {
        let (alerts, self_check) = match &filing.contents {
            Contents::Alerts(figures) => (Some(figures.into()), None),
            Contents::SelfCheck(checked) => (None, Some(checked.iter().map(CheckedView::from).collect())),
        };
        Self { at: filing.at.to_string(), alerts, self_check }
    }
}

impl DutyView {
    fn new(of: &Registration, line: &Line) -> Self {
        let (progress, days_late) = match line.progress {
            Progress::Ahead => (ProgressName::Ahead, None),
            Progress::Open => (ProgressName::Open, None),
            Progress::Missing { days } => (ProgressName::Missing, Some(days)),
            Progress::Filed => (ProgressName::Filed, None),
            Progress::FiledLate { days } => (ProgressName::FiledLate, Some(days)),
        };
        let filings = line.report.iter().flat_map(|report| report.filings.iter().rev());
        Self {
            registration: of.number.to_string(),
            service: of.listing.service_name.clone(),
            matter: line.duty.matter.into(),
            period: name_of(line.duty.period),
            opens: line.duty.opens.to_string(),
            due: line.duty.due.to_string(),
            progress,
            days_late,
            version: line.report.as_ref().map(|report| report.version),
            filings: filings.map(FilingView::from).collect(),
        }
    }
}

/// Periods about which alert statistics may be published.
#[derive(Object, Debug)]
#[oai(rename = "AlertPeriods")]
struct PeriodsView {
    /// The latest first.
    periods: Vec<String>,
}

/// Alert statistics over all services. A figure is left out where fewer providers stand behind it than the scheme says,
/// and where one that was left out could be computed from it.
#[derive(Object, Debug)]
#[oai(rename = "AlertStatistics", rename_all = "camelCase", skip_serializing_if_is_none)]
struct StatisticsView {
    period: String,
    /// The day at whose end, in Japan, it was counted. Absent, with all figures, while too few providers have reported.
    as_of: Option<String>,
    providers: Option<u64>,
    services: Option<u64>,
    /// Fewer providers than these behind a figure, and it is left out.
    least_providers: u64,
    users: Option<u64>,
    devices: Option<u64>,
    incidents: Option<u64>,
    dispatches: Option<u64>,
    /// By category, and all of them together under `total`.
    alerts: Vec<RowView>,
}

/// Alerts of one category over all services.
#[derive(Object, Debug)]
#[oai(rename = "AlertStatisticsRow", skip_serializing_if_is_none)]
struct RowView {
    category: String,
    high: Option<u64>,
    medium: Option<u64>,
    low: Option<u64>,
    total: Option<u64>,
}

impl StatisticsView {
    fn new(period: Period, least: usize, of: Option<&Aggregate>) -> Self {
        let Some(of) = of else {
            return Self {
                period: name_of(period),
                as_of: None,
                providers: None,
                services: None,
                least_providers: least as u64,
                users: None,
                devices: None,
                incidents: None,
                dispatches: None,
                alerts: Vec::new(),
            };
        };
        let total =
            |word: &str| of.totals.iter().find(|(count, _)| count.as_str() == word).and_then(|(_, figure)| *figure);
        let names = Category::ALL.map(Category::as_str).into_iter().chain(["total"]);
        let row = |(category, row): (&str, &Vec<Option<u64>>)| {
            let at = |place: usize| row.get(place).copied().flatten();
            RowView { category: category.to_owned(), high: at(0), medium: at(1), low: at(2), total: at(3) }
        };
        Self {
            period: name_of(period),
            as_of: Some(of.as_of.to_string()),
            providers: Some(of.providers as u64),
            services: Some(of.services as u64),
            least_providers: least as u64,
            users: total("users"),
            devices: total("devices"),
            incidents: total("incidents"),
            dispatches: total("dispatches"),
            alerts: names.zip(&of.alerts).map(row).collect(),
        }
    }
}

#[OpenApi(tag = "Chapter::Watching")]
impl Api {
    /// Lists what is to be reported of a registration, and what was
    ///
    /// The provider's own; all for the secretariat, decision makers and auditors. The latest period first.
    #[oai(path = "/registrations/:number/reports", method = "get", operation_id = "listReports")]
    async fn list(&self, caller: Caller, number: Path<String>) -> Result<Json<Vec<DutyView>>, Problem> {
        let found = registration(&self.registry, &caller.0, &number.0).await?;
        let lines = lines(&self.registry, &found, caller.0.at.day()).await?;
        Ok(Json(lines.iter().map(|line| DutyView::new(&found, line)).collect()))
    }

    /// Reports alert statistics
    ///
    /// A provider's, about a period that is over (`listReports` has their names). A second report about the same period
    /// corrects the first, takes its version as `If-Match`, and stays beside it.
    #[oai(path = "/registrations/:number/alert-reports/:period", method = "put", operation_id = "fileAlertReport")]
    async fn file(
        &self,
        caller: Caller,
        number: Path<String>,
        /// First and last day: `2026-04-01--2026-09-30`.
        #[oai(name = "period")]
        name: Path<String>,
        body: Body<AlertReport>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DutyView>, Problem> {
        self.filed(&caller, &number.0, &name.0, Contents::Alerts((&body.0).into()), if_match.0).await
    }

    /// Reports a self-check
    ///
    /// A provider's, about a year of a term (`listReports` has their names): for each criterion that its edition asks
    /// of the service, still met or changed, and how. A second one corrects the first, takes its version as `If-Match`,
    /// and stays beside it.
    #[oai(path = "/registrations/:number/self-checks/:period", method = "put", operation_id = "fileSelfCheck")]
    async fn check(
        &self,
        caller: Caller,
        number: Path<String>,
        /// First and last day: `2026-05-01--2027-04-30`.
        #[oai(name = "period")]
        name: Path<String>,
        body: Body<SelfCheckBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
    ) -> Result<Rendered<DutyView>, Problem> {
        let contents = Contents::SelfCheck(body.0.read()?);
        self.filed(&caller, &number.0, &name.0, contents, if_match.0).await
    }

    /// Lists what waits to be reported
    ///
    /// Of the caller's own services; of all for the secretariat, decision makers and auditors. The first to be due first,
    /// at most 500.
    #[oai(path = "/watching", method = "get", operation_id = "listOutstanding")]
    async fn outstanding(&self, caller: Caller) -> Result<Json<Vec<DutyView>>, Problem> {
        let found = outstanding(&self.registry, &caller.0).await?;
        Ok(Json(found.iter().map(|(of, line)| DutyView::new(of, line)).collect()))
    }

    /// Lists the periods about which alert statistics may be published
    #[oai(path = "/alert-statistics", method = "get", operation_id = "listAlertStatistics")]
    async fn periods(&self) -> Result<Json<PeriodsView>, Problem> {
        let found = published_periods(&self.registry, clock::now().day()).await?;
        Ok(Json(PeriodsView { periods: found.into_iter().map(name_of).collect() }))
    }

    /// Alert statistics over all services
    ///
    /// They are counted at the end of the day by which providers report, and again at the end of later such days once
    /// enough providers' figures have changed.
    #[oai(path = "/alert-statistics/:period", method = "get", operation_id = "getAlertStatistics")]
    async fn statistics(
        &self,
        /// First and last day: `2026-04-01--2026-09-30`.
        #[oai(name = "period")]
        name: Path<String>,
    ) -> Result<Json<StatisticsView>, Problem> {
        let period = period_of_scheme(&self.registry, &name.0)?;
        let found = statistics(&self.registry, period, clock::now().day()).await?;
        let least = self.registry.scheme.alert_reports.least_providers;
        Ok(Json(StatisticsView::new(period, least, found.as_ref())))
    }
}

impl Api {
    async fn filed(
        &self,
        caller: &Caller,
        number: &str,
        name: &str,
        contents: Contents,
        if_match: Option<String>,
    ) -> Result<Rendered<DutyView>, Problem> {
        let matter = contents.matter();
        let deed = FileReport { registration: identifier(REGISTRATION, number)?, period: period(name)?, contents };
        let done = self.registry.perform(deed, call(caller, if_match, None)?).await?;
        let found = registration(&self.registry, &caller.0, number).await?;
        let line = line(&self.registry, &found, matter, name, caller.0.at.day()).await?;
        Ok(Rendered::at_version(&DutyView::new(&found, &line), done.state.version).logged(done.entry))
    }
}
