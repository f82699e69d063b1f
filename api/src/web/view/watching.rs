//! Reports on registered services, and the statistics that are published of them.

use std::borrow::Cow;

use askama::Template;
use domain::calendar::{Day, Period};
use domain::registration::Registration;
use domain::text::Text;
use domain::watching::{
    Aggregate, AlertFigures, Category, Contents, Count, Filing, Matter, PriceCheck, PriceFinding, Progress, Severity,
    name_of,
};
use domain::yen::grouped;

use super::form::{Field, Form, Input, Need, SummaryLine};
use super::frame::Frame;
use super::parts::{Badge, Icon, Shape};
use crate::watching::Line;

/// What waits to be reported.
#[derive(Debug, Template)]
#[template(path = "desk/watching.html")]
pub struct WatchingPage {
    pub frame: Frame,
    pub lines: Vec<DutyLine>,
}

/// Everything that is to be reported of a service, and what was.
#[derive(Debug, Template)]
#[template(path = "desk/reports.html")]
pub struct ReportsPage {
    pub frame: Frame,
    pub number: String,
    pub service: String,
    pub lines: Vec<DutyLine>,
    /// The last one first.
    pub checks: Vec<PriceCheck>,
    /// For the secretariat: what a second click is known by, and the fields of a price check.
    pub check: Option<(String, Vec<Field>)>,
    pub form: Form,
}

/// One period's alert statistics of a service.
#[derive(Debug, Template)]
#[template(path = "desk/alert_report.html")]
pub struct AlertReportPage {
    pub frame: Frame,
    pub line: DutyLine,
    /// The last one first.
    pub filings: Vec<Filing>,
    pub may_file: bool,
    pub fields: Vec<Field>,
    pub form: Form,
}

/// A duty to report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyLine {
    pub number: String,
    pub service: String,
    pub provider: String,
    pub matter: Matter,
    pub period: Period,
    pub opens: Day,
    pub due: Day,
    pub progress: Progress,
    /// The version of what was reported.
    pub version: Option<u32>,
}

/// Alert statistics over all services.
#[derive(Debug, Template)]
#[template(path = "public/alert_statistics.html")]
pub struct StatisticsPage {
    pub frame: Frame,
    /// Every period there is something about, the latest first.
    pub periods: Vec<Period>,
    /// The one that is shown.
    pub period: Option<Period>,
    pub shown: Option<Aggregate>,
    /// A figure that fewer providers stand behind is not published.
    pub least: usize,
}

impl DutyLine {
    pub(crate) fn new(of: &Registration, line: &Line) -> Self {
        Self {
            number: of.number.to_string(),
            service: of.listing.service_name.clone(),
            provider: of.listing.provider.trade_name.clone(),
            matter: line.duty.matter,
            period: line.duty.period,
            opens: line.duty.opens,
            due: line.duty.due,
            progress: line.progress,
            version: line.report.as_ref().map(|report| report.version),
        }
    }

    /// Where it is reported and read.
    pub(super) fn path(&self) -> String {
        format!("/register/{}/{}/{}", self.number, self.matter.as_str(), name_of(self.period))
    }

    pub(super) fn badge(&self) -> Badge {
        let (shape, tone, word) = match self.progress {
            Progress::Ahead => (Shape::Hourglass, "gray", "期間中".to_owned()),
            Progress::Open => (Shape::Clock, "yellow", "報告待ち".to_owned()),
            Progress::Missing { days } => (Shape::Alert, "red", format!("未報告（{days}日超過）")),
            Progress::Filed => (Shape::Tick, "green", "報告済み".to_owned()),
            Progress::FiledLate { days } => (Shape::Tick, "gray", format!("報告済み（{days}日遅れ）")),
        };
        Badge { icon: Icon { shape }, tone, word }
    }
}

/// The fields of a report: one for each count.
pub fn fields() -> Vec<Field> {
    let field = |count: Count| Field {
        name: Cow::Owned(count.pointer()),
        label: Cow::Owned(match count.severity() {
            Some(severity) => format!("{}：{}", count.term().ja, severity.term().ja),
            None => count.term().ja,
        }),
        help: match count {
            Count::Users => "期間の最後の日に監視していた利用企業の数です。",
            Count::Devices => "その日に監視していたネットワークと端末の数です。",
            Count::Incidents => "アラートのうち、対応の必要があった事案の数です。",
            Count::Dispatches => "技術者を派遣した回数です。",
            Count::Alerts(..) => "",
        },
        input: Input::Number(match count {
            Count::Users => "社",
            Count::Devices => "台",
            Count::Incidents | Count::Alerts(..) => "件",
            Count::Dispatches => "回",
        }),
        need: Need::Required,
    };
    Count::all().map(field).collect()
}

/// A form that says these figures.
pub fn filled(figures: &AlertFigures) -> Form {
    let field = |count: Count| figures.get(count).map(|number| (count.pointer(), number.to_string()));
    Form::of(Count::all().filter_map(field).collect())
}

impl ReportsPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(self.check.as_ref().map_or(&[][..], |(_, fields)| fields.as_slice()))
    }

    fn finding(&self, check: &PriceCheck) -> Badge {
        let (shape, tone, word) = match check.finding() {
            PriceFinding::Within => (Shape::Tick, "green", "登録の範囲内".to_owned()),
            PriceFinding::Above { excess } => (Shape::Alert, "red", format!("登録を{}上回る", excess.text().ja)),
        };
        Badge { icon: Icon { shape }, tone, word }
    }
}

impl AlertReportPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&self.fields)
    }

    /// The fields that belong to no category.
    fn single(&self) -> &[Field] {
        &self.fields[..self.fields.len() - Category::ALL.len() * Severity::ALL.len()]
    }

    /// Each category with its fields.
    fn categories(&self) -> Vec<(String, &[Field])> {
        let fields = self.fields[self.single().len()..].chunks(Severity::ALL.len());
        Category::ALL.into_iter().map(|category| category.term().ja).zip(fields).collect()
    }

    /// What is wrong with the file that was sent.
    fn file_errors(&self) -> Vec<&Text> {
        self.form.errors.iter().filter(|error| error.field == "/file").map(|error| &error.message).collect()
    }

    /// A filing as a table: each count with its figure.
    fn figures(&self, filing: &Filing) -> Vec<(String, String)> {
        let Contents::Alerts(figures) = &filing.contents else { return Vec::new() };
        let of = |count: Count| figures.get(count).map_or(String::new(), |number| grouped(number.into()));
        self.fields.iter().zip(Count::all()).map(|(field, count)| (field.label.to_string(), of(count))).collect()
    }
}

impl StatisticsPage {
    /// A figure, or the sign that it is left out.
    fn figure(&self, figure: &Option<u64>) -> String {
        figure.map_or_else(|| self.frame.t("非公表", "withheld").to_owned(), grouped)
    }

    /// Each category with its row, and the total.
    fn rows<'a>(&self, shown: &'a Aggregate) -> Vec<(String, &'a Vec<Option<u64>>)> {
        let total = Text::new("計", "Total");
        let names = Category::ALL.map(Category::term).into_iter().chain([total]).map(|name| self.frame.say(name));
        names.zip(&shown.alerts).collect()
    }

    fn is_shown(&self, period: &Period) -> bool {
        self.period == Some(*period)
    }

    fn name(&self, period: &Period) -> String {
        name_of(*period)
    }

    fn severities(&self) -> Vec<String> {
        Severity::ALL.map(|severity| self.frame.say(severity.term())).to_vec()
    }
}

/// The lines of the table for spreadsheets: period, day, item, severity, figure.
pub fn cells(page: &StatisticsPage) -> Vec<[String; 5]> {
    let Some(shown) = &page.shown else { return Vec::new() };
    let line = |item: String, severity: String, figure: &Option<u64>| {
        [
            name_of(shown.period),
            shown.as_of.to_string(),
            item,
            severity,
            figure.map_or_else(|| page.figure(&None), |figure| figure.to_string()),
        ]
    };
    let single = shown.totals.iter().map(|(count, figure)| line(count.term().ja, String::new(), figure));
    let severities: Vec<String> = page.severities().into_iter().chain(["計".to_owned()]).collect();
    let alerts = page.rows(shown).into_iter().flat_map(|(name, row)| {
        let line = |(severity, figure): (&String, &Option<u64>)| line(name.clone(), severity.clone(), figure);
        severities.iter().zip(row).map(line).collect::<Vec<_>>()
    });
    single.chain(alerts).collect()
}
