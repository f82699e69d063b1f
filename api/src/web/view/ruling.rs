//! A decision as everybody who may read the case sees it: reasons, conditions, objection, and what it rests on.

use std::borrow::Cow::Borrowed;

use askama::Template;
use domain::application::{
    Application, ConditionReport, Objection, ObjectionOutcome, Progress, Round, Stage, Undertaking,
};
use domain::calendar::{Day, Instant};
use domain::evidence::EvidenceFile;

use super::applications::{Case, Decision};
use super::criteria::{CriterionLine, Judged};
use super::footing::Footing;
use super::form::{Choice, Field, Form, Input, Leftover, SummaryLine};
use super::frame::Frame;
use super::parts::{Badge, Icon, Shape};

/// 判定と、そのあとの手続
#[derive(Debug, Template)]
#[template(path = "desk/ruling.html")]
pub struct RulingPage {
    pub frame: Frame,
    pub case: Case,
    /// The organisation that applied, for the files it brings.
    pub owner: String,
    pub decision: Option<Decision>,
    /// The last day on which it can be objected to.
    pub until: Option<Day>,
    pub reasons: Vec<Reason>,
    pub conditions: Vec<ConditionLine>,
    pub objection: Option<ObjectionLine>,
    /// Decisions that were set aside, oldest first.
    pub earlier: Vec<(Decision, ObjectionLine)>,
    pub footing: Footing,
    pub may: May,
    /// What was typed last, and into which form.
    pub form: Form,
    pub tried: Option<Tried>,
    /// Files that came with that form: digest and name.
    pub kept: Vec<(String, String)>,
}

/// What whoever looks may do about the decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct May {
    pub report: bool,
    pub reply: bool,
    pub object: bool,
    /// Propose what becomes of the objection.
    pub hear: bool,
}

/// One of the forms; conditions count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Report(usize),
    Reply(usize),
    Object,
    Hear,
}

/// A criterion and what the examiners answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub line: CriterionLine,
    pub judged: Vec<Judged>,
}

/// A condition and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionLine {
    pub number: usize,
    pub words: String,
    pub criterion: Option<String>,
    pub owner: String,
    pub due: Day,
    pub progress: Progress,
    pub is_overdue: bool,
    pub reports: Vec<ReportLine>,
}

/// A report, and the reply to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    pub words: String,
    /// Digest and name.
    pub files: Vec<(String, String)>,
    pub at: Instant,
    pub reply: Option<ReplyLine>,
}

/// A reply to a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyLine {
    pub is_accepted: bool,
    pub reason: String,
    pub at: Instant,
}

/// An objection, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectionLine {
    pub reason: String,
    pub files: Vec<(String, String)>,
    pub at: Instant,
    pub finding: Option<FindingLine>,
}

/// What became of an objection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingLine {
    pub is_upheld: bool,
    pub reason: String,
    pub at: Instant,
}

/// Every case with conditions that are open.
#[derive(Debug, Template)]
#[template(path = "desk/conditions.html")]
pub struct ConditionsPage {
    pub frame: Frame,
    /// The first to be due first.
    pub cases: Vec<(Case, Vec<ConditionLine>)>,
    /// Where the next page begins.
    pub next: Option<String>,
}

const REPLIES: &[Choice] =
    &[(Borrowed("accepted"), Borrowed("満たされたと認める")), (Borrowed("refused"), Borrowed("認めない"))];
const OUTCOMES: &[Choice] = &[
    (Borrowed("dismissed"), Borrowed("棄却（判定を維持する）")),
    (Borrowed("upheld"), Borrowed("認容（判定を取り消し、別の人が審査し直す）")),
];

/// 条件の履行の報告
pub static REPORT: [Field; 1] =
    [Field::required("/words", "どのように満たしたか", "事務局と判定者が読みます。", Input::Lines)];
/// 報告への回答
pub static REPLY: [Field; 2] = [
    Field::required("/answer", "回答", "", Input::OneOf(Borrowed(REPLIES))),
    Field::required("/reason", "回答の理由", "申請者に示されます。", Input::Lines),
];
/// 異議申立て
pub static OBJECTION: [Field; 1] = [Field::required(
    "/reason",
    "異議の理由",
    "判定のどこが、なぜ誤りかを書いてください。判定に加わっていない判定者が読みます。",
    Input::Lines,
)];
/// 異議についての判断
pub static FINDING: [Field; 2] = [
    Field::required("/outcome", "判断", "", Input::OneOf(Borrowed(OUTCOMES))),
    Field::required("/reason", "判断の理由", "申請者に示されます。", Input::Lines),
];

impl Tried {
    /// The fields of its form.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Report(_) => &REPORT,
            Self::Reply(_) => &REPLY,
            Self::Object => &OBJECTION,
            Self::Hear => &FINDING,
        }
    }

    fn mark(self) -> String {
        match self {
            Self::Report(number) => format!("report{number}"),
            Self::Reply(number) => format!("reply{number}"),
            Self::Object => "object".to_owned(),
            Self::Hear => "hear".to_owned(),
        }
    }
}

impl RulingPage {
    fn offers(&self, tried: Tried) -> bool {
        let is = |number: usize, progress| {
            number.checked_sub(1).and_then(|index| self.conditions.get(index)).is_some_and(|c| c.progress == progress)
        };
        match tried {
            Tried::Report(number) => self.may.report && is(number, Progress::Open),
            Tried::Reply(number) => self.may.reply && is(number, Progress::Reported),
            Tried::Object => self.may.object,
            Tried::Hear => self.may.hear,
        }
    }

    fn form_of(&self, tried: Tried) -> Form {
        let form = if self.tried == Some(tried) { self.form.clone() } else { Form::default() };
        form.marked(tried.mark())
    }

    fn kept_by(&self, tried: Tried) -> &[(String, String)] {
        if self.tried == Some(tried) { &self.kept } else { &[] }
    }

    fn summary(&self) -> Vec<SummaryLine> {
        match self.tried {
            Some(tried) if self.offers(tried) => self.form_of(tried).summary(tried.fields()),
            _ => self.leftover().lines,
        }
    }

    /// What is left of a form that came too late.
    fn leftover(&self) -> Leftover {
        match self.tried {
            Some(tried) if !self.offers(tried) => Leftover::of(&self.form, tried.fields()),
            _ => Leftover::default(),
        }
    }
}

impl ConditionLine {
    /// The conditions of the decision that stands.
    pub fn all(application: &Application, today: Day) -> Vec<Self> {
        Self::of(&application.conditions, today)
    }

    /// What was asked, and how far it is.
    pub fn of(asked: &[Undertaking], today: Day) -> Vec<Self> {
        let line = |(number, one): (usize, &Undertaking)| Self {
            number,
            words: one.condition.words.clone(),
            criterion: one.condition.criterion.map(|criterion| criterion.term().ja),
            owner: one.condition.owner.clone(),
            due: one.condition.due,
            progress: one.progress(),
            is_overdue: one.is_overdue(today),
            reports: one.reports.iter().map(ReportLine::from).collect(),
        };
        (1..).zip(asked).map(line).collect()
    }

    pub(super) fn badge(&self) -> Badge {
        let (shape, tone, word) = match self.progress {
            Progress::Met => (Shape::Tick, "green", "満たされました"),
            _ if self.is_overdue => (Shape::Alert, "red", "期限を過ぎています"),
            Progress::Reported => (Shape::Clock, "blue", "報告の確認待ち"),
            Progress::Open => (Shape::Clock, "yellow", "未了"),
        };
        Badge { icon: Icon { shape }, tone, word: word.to_owned() }
    }
}

impl From<&ConditionReport> for ReportLine {
    fn from(report: &ConditionReport) -> Self {
        let reply = report.reply.as_ref().map(|reply| ReplyLine {
            is_accepted: reply.is_accepted,
            reason: reply.reason.clone(),
            at: reply.at,
        });
        Self { words: report.words.clone(), files: files(&report.evidence), at: report.at, reply }
    }
}

impl From<&Objection> for ObjectionLine {
    fn from(objection: &Objection) -> Self {
        let finding = objection.finding.as_ref().map(|finding| FindingLine {
            is_upheld: finding.outcome == ObjectionOutcome::Upheld,
            reason: finding.reason.clone(),
            at: finding.at,
        });
        Self { reason: objection.reason.clone(), files: files(&objection.evidence), at: objection.at, finding }
    }
}

impl ObjectionLine {
    /// A decision that was set aside, and the objection that did it.
    pub fn of(round: &Round) -> (Decision, Self) {
        let is_pass = round.decision.verdict == domain::act::Verdict::Pass;
        (Decision { is_pass, reason: round.decision.reason.clone(), at: round.at }, Self::from(&round.objection))
    }
}

/// The last day on which the decision can be objected to, where there is one.
pub fn until(application: &Application) -> Option<Day> {
    match &application.stage {
        Stage::Decided { ruling, .. } => ruling.as_ref()?.objection_until,
        _ => None,
    }
}

fn files(evidence: &[EvidenceFile]) -> Vec<(String, String)> {
    evidence.iter().map(|file| (file.digest.to_string(), file.name.clone())).collect()
}
