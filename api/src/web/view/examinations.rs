//! An examiner's page: every criterion with what was declared, the engine's finding and the examiner's own judgement.

use std::borrow::Cow::Borrowed;

use askama::Template;
use domain::examination::{Answer, Judgement};
use domain::text::Text;

use super::applications::Case;
use super::criteria::{Weighed, answer_badge};
use super::evidence::FileLine;
use super::form::{Choice, Field, FieldError, Form, Input, Leftover, Need, SummaryLine};
use super::frame::Frame;
use super::parts::Badge;
use super::questions::Threads;

/// One application as one of its examiners sees it.
#[derive(Debug, Template)]
#[template(path = "desk/examination.html")]
pub struct ExaminationPage {
    pub frame: Frame,
    pub case: Case,
    pub criteria: Vec<Weighed>,
    pub files: Vec<FileLine>,
    /// Questions to the applicant.
    pub threads: Threads,
    /// The examiner's own judgements so far, or what was typed last; see [`fill`].
    pub form: Form,
    /// The form for the recommendation.
    pub recommendation: Form,
    /// Have both examiners judged everything, and recommended nothing yet?
    pub can_recommend: bool,
    /// Has the other examiner still to declare their interests, or to be replaced? Nothing is saved before.
    pub waits: bool,
}

/// 推薦意見
pub static RECOMMENDATION: [Field; 2] = [
    Field::required("/verdict", "推薦意見", "", Input::OneOf(Borrowed(VERDICTS))),
    Field::required("/reason", "推薦意見の理由", "申請者と判定者に示されます。", Input::Lines),
];

pub(super) const VERDICTS: &[Choice] = &[(Borrowed("pass"), Borrowed("合格")), (Borrowed("fail"), Borrowed("不合格"))];

const ANSWERS: [(Answer, &str, &str); 3] = [
    (Answer::Met, "met", "充足"),
    (Answer::Unmet, "unmet", "不充足"),
    (Answer::NotApplicable, "not_applicable", "対象外"),
];

impl ExaminationPage {
    /// The page's forms told apart, and errors with the field that shows them.
    pub fn new(frame: Frame, case: Case, criteria: Vec<Weighed>, form: Form, recommendation: Form) -> Self {
        let (form, recommendation) = (form.marked("judge"), recommendation.marked("recommend"));
        let (files, threads) = (Vec::new(), Threads::default());
        Self { frame, case, criteria, files, threads, form, recommendation, can_recommend: false, waits: false }
    }

    /// The same page, with the files of the case.
    #[must_use]
    pub fn with_files(self, files: Vec<FileLine>) -> Self {
        Self { files, ..self }
    }

    /// The same page, with the form for the recommendation on it or not.
    #[must_use]
    pub fn recommending(self, can_recommend: bool) -> Self {
        Self { can_recommend, ..self }
    }

    /// The same page, saying that nothing can be saved yet or not.
    #[must_use]
    pub fn waiting(self, waits: bool) -> Self {
        Self { waits, ..self }
    }

    /// Criteria that the two answered differently, once both are done.
    fn disputed(&self) -> Vec<&Weighed> {
        self.criteria.iter().filter(|weighed| weighed.is_disputed()).collect()
    }

    /// Criteria that this examiner has answered.
    fn answered(&self) -> usize {
        self.criteria.iter().filter(|weighed| self.answer_to(weighed).is_some()).count()
    }

    fn badge(&self, weighed: &Weighed) -> Option<Badge> {
        self.answer_to(weighed).map(answer_badge)
    }

    fn answer_to(&self, weighed: &Weighed) -> Option<Answer> {
        let typed = self.form.value(&answer_name(&weighed.line.key));
        ANSWERS.iter().find(|(_, value, _)| *value == typed).map(|(answer, ..)| *answer)
    }

    /// The judgement's two fields for one criterion; only answers that arithmetic leaves open are offered.
    fn fields(&self, weighed: &Weighed) -> [Field; 2] {
        let line = &weighed.line;
        let open = ANSWERS.iter().filter(|(answer, ..)| weighed.can_answer(*answer));
        let choices: Vec<Choice> = open.map(|(_, value, words)| (Borrowed(*value), Borrowed(*words))).collect();
        let field = |name: String, label: &str, help, input| Field {
            name: name.into(),
            label: format!("{}：{label}", line.title).into(),
            help,
            input,
            need: Need::Required,
        };
        let help = if weighed.only.is_some() {
            "計算で決まる要件です。示された答えだけを選べます。"
        } else {
            ""
        };
        [
            field(answer_name(&line.key), "判断", help, Input::OneOf(choices.into())),
            field(
                reason_name(&line.key),
                "判断の理由",
                "申請者に示されます。根拠の書類とページも書いてください。",
                Input::Lines,
            ),
        ]
    }

    fn summary(&self) -> Vec<SummaryLine> {
        let judging = self.criteria.iter().flat_map(|weighed| self.fields(weighed));
        let fields: Vec<Field> = judging.chain(self.conversation_fields()).collect();
        let recommendation =
            if self.can_recommend { self.recommendation.summary(&RECOMMENDATION) } else { self.leftover().lines };
        self.form.summary(&fields).into_iter().chain(recommendation).collect()
    }

    /// What is left of a recommendation that was refused when there is nothing to recommend.
    fn leftover(&self) -> Leftover {
        if self.can_recommend { Leftover::default() } else { Leftover::of(&self.recommendation, &RECOMMENDATION) }
    }
}

fn answer_name(key: &str) -> String {
    format!("/judgements/{key}/answer")
}

fn reason_name(key: &str) -> String {
    format!("/judgements/{key}/reason")
}

/// The form that an examiner's judgements so far fill.
pub fn fill(criteria: &[Weighed], judgements: &[Judgement]) -> Form {
    let typed = judgements.iter().filter_map(|judgement| {
        let key = &criteria.iter().find(|weighed| weighed.line.criterion == judgement.criterion)?.line.key;
        let (_, value, _) = ANSWERS.iter().find(|(answer, ..)| *answer == judgement.answer)?;
        Some([(answer_name(key), (*value).to_owned()), (reason_name(key), judgement.reason.clone())])
    });
    Form::of(typed.flatten().collect())
}

/// The judgements that were posted; a criterion with neither answer nor reason is left for later.
pub fn read(criteria: &[Weighed], form: &Form) -> Result<Vec<Judgement>, Vec<FieldError>> {
    let (mut judgements, mut errors) = (Vec::new(), Vec::new());
    for weighed in criteria {
        let key = &weighed.line.key;
        let reason = form.value(&reason_name(key)).trim();
        let typed = form.value(&answer_name(key));
        let answer = ANSWERS.iter().find(|(_, value, _)| *value == typed).map(|(answer, ..)| *answer);
        match (answer, reason) {
            (None, "") => {}
            (None, _) => errors.push(FieldError {
                field: answer_name(key),
                message: Text::new("判断を選んでください。", "Choose an answer."),
            }),
            (Some(_), "") => errors.push(FieldError {
                field: reason_name(key),
                message: Text::new("判断の理由を入力してください。", "Give the reason."),
            }),
            (Some(answer), reason) => {
                judgements.push(Judgement { criterion: weighed.line.criterion, answer, reason: reason.to_owned() })
            }
        }
    }
    if errors.is_empty() { Ok(judgements) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use domain::criteria::CriterionId;

    use super::*;
    use crate::web::view::samples::criteria;

    fn typed(name: &str, value: &str) -> (String, String) {
        (format!("/judgements/{name}"), value.to_owned())
    }

    #[test]
    fn judgements_are_read_and_what_is_not_judged_yet_is_left_for_later() {
        let given = [
            Judgement {
                criterion: CriterionId::HelpDesk,
                answer: Answer::Unmet,
                reason: "窓口が二つある。".to_owned(),
            },
            Judgement {
                criterion: CriterionId::Renewal, answer: Answer::NotApplicable, reason: "対象外。".to_owned()
            },
        ];
        assert_eq!(read(&criteria(), &fill(&criteria(), &given)).as_deref(), Ok(given.as_slice()));
        assert_eq!(read(&criteria(), &Form::default()), Ok(Vec::new()));
    }

    #[test]
    fn half_a_judgement_is_refused_at_the_other_half() {
        for (form, field) in [
            (vec![typed("help_desk/answer", "met")], "/judgements/help_desk/reason"),
            (vec![typed("help_desk/answer", "met"), typed("help_desk/reason", " 　")], "/judgements/help_desk/reason"),
            (vec![typed("help_desk/reason", "見た")], "/judgements/help_desk/answer"),
            (vec![typed("help_desk/answer", "ask"), typed("help_desk/reason", "見た")], "/judgements/help_desk/answer"),
        ] {
            let errors = read(&criteria(), &Form::of(form)).expect_err("half of it is missing");
            assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field]);
        }
    }
}
