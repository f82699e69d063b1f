//! `/statistics`: how long cases take, how criteria are answered, how far examiners agree.

use std::sync::Arc;

use domain::criteria::CriterionId;
use domain::statistics::{Answers, Days, Statistics};
use domain::text::Text;
use poem_openapi::param::Query;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde_json::json;

use super::Chapter;
use super::request::{Caller, day};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::statistics::{self, Asked};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What the cases that were asked for amount to.
#[derive(Object, Debug)]
#[oai(rename = "Statistics", rename_all = "camelCase", skip_serializing_if_is_none)]
struct StatisticsView {
    /// Cases that were submitted.
    cases: u32,
    /// Of these, those whose examination is finished. Judgements are counted of no others.
    finished: u32,
    /// How many cases are in each stage now.
    stages: Vec<StageCount>,
    /// Days in each stage that cases have left; withdrawn ones are not among them.
    stays: Vec<Stay>,
    /// From the first submission to the decision; absent where none was decided.
    to_decision: Option<Quartiles>,
    criteria: Vec<CriterionAnswers>,
}

/// Cases in a stage.
#[derive(Object, Debug)]
struct StageCount {
    stage: String,
    cases: u32,
}

/// How long a stage took.
#[derive(Object, Debug)]
struct Stay {
    stage: String,
    days: Quartiles,
}

/// Days in Japan that at most a fourth, a half and three fourths of the cases took.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct Quartiles {
    cases: u32,
    first: u32,
    median: u32,
    third: u32,
}

impl Quartiles {
    fn of(days: &Days) -> Option<Self> {
        let domain::statistics::Quartiles { cases, first, median, third } = days.quartiles()?;
        Some(Self { cases, first, median, third })
    }
}

/// How a criterion was answered in finished cases.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct CriterionAnswers {
    criterion: String,
    /// Cases that the edition asks it of.
    asked: u32,
    met: u32,
    unmet: u32,
    not_applicable: u32,
    /// The examiners differ in the end.
    split: u32,
    /// The engine had found it met or unmet, and the examiners answered otherwise.
    overruled: u32,
    /// Cases in which both examiners' independent answers are known.
    compared: u32,
    /// Of these, answered the same at once; and differing at first, the same in the end.
    agreed_at_first: u32,
    reconciled: u32,
    /// Cohen's kappa of the first and the second seat over the compared cases, to three places. Absent where chance alone
    /// would have them agree.
    kappa: Option<f64>,
    /// Questions to applicants about it.
    questions: u32,
    /// Days in Japan from a question to its answer, over those that were answered; absent where none was. Its `cases` are
    /// questions.
    to_answer: Option<Quartiles>,
}

impl CriterionAnswers {
    fn new(criterion: CriterionId, answers: &Answers) -> Self {
        Self {
            criterion: json!(criterion).as_str().unwrap_or_default().to_owned(),
            asked: answers.asked,
            met: answers.met,
            unmet: answers.unmet,
            not_applicable: answers.not_applicable,
            split: answers.split,
            overruled: answers.overruled,
            compared: answers.compared(),
            agreed_at_first: answers.agreed(),
            reconciled: answers.reconciled,
            kappa: answers.kappa().map(|kappa| (kappa * 1000.0).round() / 1000.0),
            questions: answers.questions,
            to_answer: Quartiles::of(&answers.to_answer),
        }
    }
}

impl StatisticsView {
    fn new(of: &Statistics) -> Self {
        let stage = |(stage, cases): (&&'static str, &u32)| StageCount { stage: (*stage).to_owned(), cases: *cases };
        let stay = |(stage, days): (&&'static str, &Days)| {
            Some(Stay { stage: (*stage).to_owned(), days: Quartiles::of(days)? })
        };
        Self {
            cases: of.cases,
            finished: of.finished,
            stages: of.stages.iter().map(stage).collect(),
            stays: of.stays.iter().filter_map(stay).collect(),
            to_decision: Quartiles::of(&of.to_decision),
            criteria: of.criteria.iter().map(|(id, answers)| CriterionAnswers::new(*id, answers)).collect(),
        }
    }
}

#[OpenApi(tag = "Chapter::Records")]
impl Api {
    /// Statistics of cases
    ///
    /// The secretariat's, decision makers' and auditors'. Cases whose examination is not finished count in no answer and in
    /// no agreement.
    #[oai(path = "/statistics", method = "get", operation_id = "getStatistics")]
    async fn statistics(
        &self,
        caller: Caller,
        /// Only cases bound to this edition.
        #[oai(validator(max_length = 20))]
        edition: Query<Option<String>>,
        /// Only cases first submitted on this day or later; in Japan, `YYYY-MM-DD`.
        #[oai(validator(max_length = 20))]
        from: Query<Option<String>>,
        /// Only cases first submitted on this day or before.
        #[oai(validator(max_length = 20))]
        until: Query<Option<String>>,
    ) -> Result<Json<StatisticsView>, Problem> {
        let asked = Asked {
            edition: edition.0.filter(|edition| !edition.is_empty()),
            from: from.0.as_deref().map(|text| day("/from", text)).transpose()?,
            until: until.0.as_deref().map(|text| day("/until", text)).transpose()?,
        };
        let editions = self.registry.store.editions().await?;
        if let Some(read) = asked.edition.as_deref().filter(|id| editions.find(id).is_none()) {
            let known: Vec<&str> = editions.all().iter().map(|edition| edition.id.as_str()).collect();
            let message = Text::new(
                format!("その版はありません。edition には次のどれかを書いてください：{}", known.join(", ")),
                format!("There is no such edition; edition is one of {}.", known.join(", ")),
            );
            return Err(Problem::unreadable("/edition", read, message));
        }
        let last = until.0.as_deref().unwrap_or_default();
        asked.check().map_err(|why| Problem::unreadable("/until", last, why))?;
        let found = statistics::of(&self.registry, &caller.0, &asked).await?;
        Ok(Json(StatisticsView::new(&found)))
    }
}
