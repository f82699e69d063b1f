//! The decision maker's page: both examiners' judgements side by side, the recommendation, and the decision.

use std::borrow::Cow;

use askama::Template;
use domain::act::Verdict;

use super::applications::{Case, Decision, Moment};
use super::criteria::Weighed;
use super::evidence::FileLine;
use super::examinations::VERDICTS;
use super::form::{Field, Form, Input, Leftover, SummaryLine};
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

impl Recommendation {
    fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Pass => "合格",
            Verdict::Fail => "不合格",
        }
    }
}

impl DecisionPage {
    fn disputed(&self) -> usize {
        self.criteria.iter().filter(|weighed| weighed.is_disputed()).count()
    }

    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&DECISION)
    }
}
