//! The decision maker's page: both examiners' judgements side by side, the recommendation, and the decision.

use std::borrow::Cow;

use askama::Template;
use domain::act::Verdict;

use super::applications::{Case, Decision, Moment, When};
use super::criteria::Weighed;
use super::evidence::FileLine;
use super::examinations::VERDICTS;
use super::footing::Footing;
use super::form::{Choice, Field, Form, Input, Leftover, SummaryLine, Width};
use super::frame::Frame;
use crate::difference::Change;

/// One application, recommended and waiting for its decision.
#[derive(Debug, Template)]
#[template(path = "desk/decision.html")]
pub struct DecisionPage {
    pub frame: Frame,
    pub case: Case,
    pub timeline: Vec<Moment>,
    pub criteria: Vec<Weighed>,
    pub files: Vec<FileLine>,
    pub recommendation: Recommendation,
    pub footing: Footing,
    pub form: Form,
}

/// What a decision maker is told when nothing waits for the decision any more: somebody else was first.
#[derive(Debug, Template)]
#[template(path = "desk/decided.html")]
pub struct DecidedPage {
    pub frame: Frame,
    pub case: Case,
    /// The decision, where there is one.
    pub decision: Option<Decision>,
    pub leftover: Leftover,
}

/// What the examiners recommend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The name of the examiner who wrote it.
    pub by: String,
    pub verdict: Verdict,
    pub reason: String,
}

/// 判定
pub static DECISION: [Field; 2] = [
    Field::required("/verdict", "判定", "", Input::OneOf(Cow::Borrowed(VERDICTS))),
    Field::required("/reason", "判定の理由", "申請者に示されます。", Input::Lines),
];

/// The list of conditions in the form.
pub const CONDITIONS: &str = "/conditions";
/// Conditions that are asked for even while none is typed.
const LEAST_CONDITIONS: usize = 1;

static WORDS: Field = Field::required(
    "/words",
    "条件の内容",
    "登録のあとに申請者が行うことです。要件を満たすことの代わりにはなりません。",
    Input::Lines,
);
static OWNER: Field =
    Field::required("/owner", "行う人", "申請者のどの役職、または誰が行うか。", Input::Line(Width::Middle));
static DUE: Field = Field::required("/due", "期限", "判定の日以後の日。", Input::Day);

/// The fields of each condition that is asked for: words, criterion, owner and day.
pub fn condition_rows(form: &Form, criteria: &[Weighed]) -> Vec<[Field; 4]> {
    let choice = |weighed: &Weighed| -> Choice { (weighed.line.key.clone().into(), weighed.line.title.clone().into()) };
    let criterion = Field {
        name: Cow::Borrowed("/criterion"),
        label: Cow::Borrowed("関わる要件"),
        help: "",
        input: Input::Select(criteria.iter().map(choice).collect()),
        need: super::form::Need::Optional,
    };
    let count = form.entries(CONDITIONS).clamp(LEAST_CONDITIONS, domain::application::CONDITIONS);
    let row = |index| [&WORDS, &criterion, &OWNER, &DUE].map(|field| field.under(&format!("{CONDITIONS}/{index}")));
    (0..count).map(row).collect()
}

/// What is asked of a decision, and of each condition that something is typed about.
pub fn asked(form: &Form, criteria: &[Weighed]) -> Vec<Field> {
    let rows = condition_rows(form, criteria).into_iter().enumerate();
    let typed = rows.filter(|(index, _)| !form.is_empty_below(&format!("{CONDITIONS}/{index}")));
    DECISION.iter().cloned().chain(typed.flat_map(|(_, row)| row)).collect()
}

impl Recommendation {
    fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Pass => "合格",
            Verdict::Fail => "不合格",
        }
    }
}

impl DecisionPage {
    fn rows(&self) -> Vec<[Field; 4]> {
        condition_rows(&self.form, &self.criteria)
    }

    fn disputed(&self) -> usize {
        self.criteria.iter().filter(|weighed| weighed.is_disputed()).count()
    }

    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&asked(&self.form, &self.criteria))
    }
}
