//! Statistics of cases in words.

use std::borrow::Cow;

use askama::Template;
use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::edition::Editions;
use domain::statistics::{Answers, Days, Statistics};

use super::form::{Choice, Field, FieldError, Form, Input, SummaryLine};
use super::frame::Frame;
use crate::record::stage;
use crate::statistics::Asked;

/// What is asked for, and what the cases amount to.
#[derive(Debug, Template)]
#[template(path = "desk/statistics.html")]
pub struct StatisticsPage {
    pub frame: Frame,
    pub form: Form,
    pub fields: [Field; 3],
    /// `None`: the form was refused.
    pub found: Option<Statistics>,
}

/// Which cases can be asked for.
pub fn fields(editions: &Editions) -> [Field; 3] {
    let choice = |edition: &domain::edition::Edition| -> Choice {
        (Cow::Owned(edition.id.to_string()), Cow::Owned(format!("{}版", edition.id)))
    };
    let choices = editions.all().iter().map(choice).collect();
    [
        Field::optional("/edition", "基準の版", "", Input::Select(Cow::Owned(choices))),
        Field::optional("/from", "最初の提出が、この日から", "日本の日付。例：2026年4月1日", Input::Day),
        Field::optional("/until", "この日まで", "この日を含みます。", Input::Day),
    ]
}

/// What the form asks for.
pub fn asked(form: &Form, fields: &[Field]) -> Result<Asked, Vec<FieldError>> {
    let read = form.read(fields)?;
    let text = |name: &str| read.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let day = |name: &str| text(name).and_then(|day| day.parse::<Day>().ok());
    let asked = Asked { edition: text("edition"), from: day("from"), until: day("until") };
    asked.check().map_err(|message| vec![FieldError { field: "/until".to_owned(), message }])?;
    Ok(asked)
}

impl StatisticsPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&self.fields)
    }

    /// What was asked, for the link to the table.
    fn query(&self) -> String {
        let is_asked = |(name, value): &&(String, String)| {
            !value.is_empty() && self.fields.iter().any(|field| name.starts_with(&*field.name))
        };
        let asked: Vec<&(String, String)> = self.form.typed.iter().filter(is_asked).collect();
        // Writing names and values cannot fail.
        serde_urlencoded::to_string(asked).unwrap_or_default()
    }

    /// Stages that cases have left, in words, with how long they took.
    fn stays(&self, found: &Statistics) -> Vec<(String, domain::statistics::Quartiles)> {
        let whole = ("最初の提出から判定まで".to_owned(), &found.to_decision);
        let stays = found.stays.iter().map(|(word, days): (_, &Days)| (stage(word).to_owned(), days));
        stays.chain([whole]).filter_map(|(words, days)| Some((words, days.quartiles()?))).collect()
    }

    /// Kappa to three places; a dash where there is none.
    fn kappa(&self, answers: &Answers) -> String {
        answers.kappa().map_or_else(|| "–".to_owned(), |kappa| format!("{kappa:.3}"))
    }

    /// Criteria that applicants were asked about.
    fn questioned<'a>(&self, found: &'a Statistics) -> Vec<(&'a CriterionId, &'a Answers)> {
        found.criteria.iter().filter(|(_, answers)| answers.questions > 0).collect()
    }

    /// Stages with how many cases are in each now.
    fn stages(&self, found: &Statistics) -> Vec<(String, u32)> {
        found.stages.iter().map(|(word, count)| (stage(word).to_owned(), *count)).collect()
    }
}

/// Every number, one a line: the table, what it is of, which one it is, and it.
pub fn rows(found: &Statistics) -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    let mut put = |table: &str, of: &str, which: &str, value: String| {
        rows.push([table.to_owned(), of.to_owned(), which.to_owned(), value]);
    };
    put("件数", "全体", "申請", found.cases.to_string());
    put("件数", "全体", "審査を終えた申請", found.finished.to_string());
    for (word, count) in &found.stages {
        put("件数", stage(word), "いまこの状態の申請", count.to_string());
    }
    let stays = found.stays.iter().map(|(word, days)| (stage(word), days));
    for (of, days) in stays.chain([("最初の提出から判定まで", &found.to_decision)]) {
        let Some(quartiles) = days.quartiles() else { continue };
        put("日数", of, "件数", quartiles.cases.to_string());
        put("日数", of, "第1四分位", quartiles.first.to_string());
        put("日数", of, "中央値", quartiles.median.to_string());
        put("日数", of, "第3四分位", quartiles.third.to_string());
    }
    for (criterion, answers) in &found.criteria {
        let of = criterion.term().ja;
        for (which, value) in [
            ("問われた件数", answers.asked),
            ("充足", answers.met),
            ("不充足", answers.unmet),
            ("対象外", answers.not_applicable),
            ("答えが分かれたまま", answers.split),
            ("計算による所見と違う判断", answers.overruled),
            ("比べられる件数", answers.compared()),
            ("はじめから一致", answers.agreed()),
            ("協議して一致", answers.reconciled),
            ("質問", answers.questions),
            ("回答された質問", answers.to_answer.count()),
        ] {
            put("要件", &of, which, value.to_string());
        }
        put("要件", &of, "κ係数", answers.kappa().map_or_else(String::new, |kappa| format!("{kappa:.3}")));
        let Some(quartiles) = answers.to_answer.quartiles() else { continue };
        put("要件", &of, "質問から回答まで（日）の中央値", quartiles.median.to_string());
    }
    rows
}
