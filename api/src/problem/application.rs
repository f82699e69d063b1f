//! Why an act on an application is refused, in words.

use domain::application;
use domain::criteria::CriterionId;
use domain::text::Text;
use poem::http::StatusCode;

use super::refusals::{conflict, no_reason, unprocessable};
use super::states::state;
use super::{Problem, deciding};

impl From<application::Refusal> for Problem {
    fn from(refusal: application::Refusal) -> Self {
        use application::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Proposal(refusal) => refusal.into(),
            R::Stage { found, needed } => state(found, needed),
            R::Evidence(fault) => fault.into(),
            R::NoReason => no_reason(),
            R::NoSuchField { index, pointer } => {
                let message = Text::new(
                    "申告の項目を JSON Pointer で書いてください（例：/helpDesk/hours）。全体のことは空にします。",
                    "Name a field of the declaration by its JSON Pointer, such as /helpDesk/hours; leave it empty for all of it.",
                );
                Problem::unreadable(&format!("/reasons/{index}/pointer"), &pointer, message)
            }
            R::Examiners { needed } => unprocessable(
                "examiners",
                Text::new(
                    format!("異なる審査員を{needed}人選んでください。"),
                    format!("Choose {needed} different examiners."),
                ),
            ),
            R::OwnOrganisation { person } => unprocessable(
                "own_organisation",
                Text::new(
                    format!("{person} は申請した事業者の人です。別の人を選んでください。"),
                    format!("{person} belongs to the applicant. Choose somebody else."),
                ),
            ),
            R::Tied { person } => unprocessable(
                "tied",
                Text::new(
                    format!(
                        "{person} は別の案件で、この申請者との利害関係を申告しています。別の人を選ぶか、免除を提案してください。"
                    ),
                    format!(
                        "{person} has declared a tie to this applicant in another case. Choose somebody else, or propose a waiver."
                    ),
                ),
            ),
            R::NoTie { person } => unprocessable(
                "no_tie",
                Text::new(
                    format!("{person} には、免除する利害関係の申告がありません。"),
                    format!("{person} has declared no tie that could be waived."),
                ),
            ),
            R::NotExaminer { person } => unprocessable(
                "not_examiner",
                Text::new(
                    format!("{person} はこの案件の審査員ではありません。"),
                    format!("{person} does not examine this case."),
                ),
            ),
            R::Former { person } => unprocessable(
                "former_examiner",
                Text::new(
                    format!("{person} はこの案件の審査員を交代しています。別の人を選んでください。"),
                    format!("{person} examined this case before and was replaced. Choose somebody else."),
                ),
            ),
            R::Declared => conflict(
                StatusCode::CONFLICT,
                "declared",
                Text::new(
                    "利害関係はすでに申告されています。申告は取り消せません。",
                    "Your interests are declared already, and nobody takes back their own declaration.",
                ),
            ),
            R::NotAllDeclared => not_all_declared(),
            R::OtherNotDone => conflict(
                StatusCode::CONFLICT,
                "other_not_done",
                Text::new("もう一人の審査員の判断が終わっていません。", "The other examiner is not done yet."),
            ),
            R::NothingAsked => conflict(
                StatusCode::CONFLICT,
                "nothing_asked",
                Text::new(
                    "適用される版にこの類・種類の要件がないため、推薦できません。申請者が取り下げ、改めて申請する必要があります。",
                    "The governing edition has no criteria for this class and kind, so nothing can be recommended. The \
                     applicant has to withdraw and apply anew.",
                ),
            ),
            R::Unjudged { criteria } => conflict(
                StatusCode::CONFLICT,
                "unjudged",
                Text::new(
                    format!("まだ判断されていない要件があります：{}", terms(&criteria).ja),
                    format!("Some criteria are not judged yet: {}", terms(&criteria).en),
                ),
            ),
            R::Outdated { criteria } => conflict(
                StatusCode::CONFLICT,
                "outdated",
                Text::new(
                    format!(
                        "判断のあとに申請者の回答が届いた要件があります。もう一度判断してください：{}",
                        terms(&criteria).ja
                    ),
                    format!(
                        "Answers have come since you judged these criteria. Judge them again: {}",
                        terms(&criteria).en
                    ),
                ),
            ),
            R::AnswersWaitedFor { criteria } => conflict(
                StatusCode::CONFLICT,
                "answers_waited_for",
                Text::new(
                    format!(
                        "申請者の回答を待っている要件があります。回答か期限を待つか、質問した人が回答を待たないことにしてください：{}",
                        terms(&criteria).ja
                    ),
                    format!(
                        "Answers about these criteria are waited for. Wait for them or for their last day, or have whoever \
                         asked close the question: {}",
                        terms(&criteria).en
                    ),
                ),
            ),
            R::NotAsked { criterion } => unprocessable(
                "not_asked",
                Text::new(
                    format!("「{}」：この申請には問われていない要件です。", criterion.term().ja),
                    format!("\"{}\" is not asked of this service.", criterion.term().en),
                ),
            ),
            R::NoText => {
                let message = Text::new("本文を書いてください。", "Write something.");
                Problem::unreadable("/text", "", message)
            }
            R::AskedAlready { question } => conflict(
                StatusCode::CONFLICT,
                "asked_already",
                Text::new(
                    format!("同じ質問がすでに送られ、回答を待っています（質問{question}）。"),
                    format!("The same question was asked before and waits for its answer (question {question})."),
                ),
            ),
            R::NoSuchQuestion { question } => Problem::not_found(&Text::new("質問", "question"), &question.to_string()),
            R::QuestionEnded { question, found } => {
                let (ja, en) = if found == "answered" {
                    ("すでに回答されています", "was answered already")
                } else {
                    ("回答を待たないことになり、終わっています", "was closed and is not asked any more")
                };
                conflict(
                    StatusCode::CONFLICT,
                    "question_ended",
                    Text::new(format!("質問{question}は{ja}。"), format!("Question {question} {en}.")),
                )
            }
            R::AnswerDay { until, earliest, latest } => {
                let message = Text::new(
                    format!("回答期限は {earliest} から {latest} までの日にしてください。"),
                    format!("Name a day from {earliest} to {latest}."),
                );
                Problem::unreadable("/until", &until.to_string(), message)
            }
            R::Disagreement { criteria } => conflict(
                StatusCode::CONFLICT,
                "disagreement",
                Text::new(
                    format!(
                        "審査員の判断が分かれています。要件ごとに協議の結果を記録してください：{}",
                        terms(&criteria).ja
                    ),
                    format!("The examiners answered differently. Reconcile each of these: {}", terms(&criteria).en),
                ),
            ),
            R::Unsupported { unmet } if unmet.is_empty() => unprocessable(
                "unsupported",
                Text::new(
                    "不充足の要件がないので、不合格は推薦できません。",
                    "No criterion is unmet, so a fail has no ground.",
                ),
            ),
            R::Unsupported { unmet } => unprocessable(
                "unsupported",
                Text::new(
                    format!("不充足の要件があるので、合格は推薦できません：{}", terms(&unmet).ja),
                    format!("Some criteria are unmet, so a pass has no ground: {}", terms(&unmet).en),
                ),
            ),
            R::Provisional { provisions } => deciding::provisional(&provisions),
            R::Shifted { shifts } => deciding::shifted(&shifts),
            R::Conditions(fault) => fault.into(),
            R::NoSuchCondition { number, .. } => deciding::no_such_condition(number),
            R::ConditionMet { number } => deciding::condition_met(number),
            R::ReportWaits { number } => deciding::report_waits(number),
            R::NoReport { number } => deciding::no_report(number),
            R::Objected => deciding::objected(),
            R::NothingToObject => deciding::nothing_to_object(),
            R::ObjectionLate { until } => deciding::objection_late(until),
            R::NoObjection => deciding::no_objection(),
            R::NothingTouched => unprocessable(
                "nothing_touched",
                Text::new(
                    "要件にかかわる変更がありません。審査は要らないので、申請を取り下げ、変更の届出として出してください。",
                    "No criterion asks about what changes. Withdraw the application and notify the change.",
                ),
            ),
            R::OtherClass { registered } => super::register::other_class(registered),
            R::NotRecommended => unprocessable(
                "not_recommended",
                Text::new(
                    "合格の推薦がない申請を合格とは判定できません。",
                    "Without a recommendation to pass there is no pass.",
                ),
            ),
        }
    }
}

pub(super) fn not_all_declared() -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "not_all_declared",
        Text::new(
            "もう一人の審査員の利害関係の申告または交代を待っています。二人がそろうまで判断できません。",
            "The other examiner has not declared their interests, or is being replaced. Nobody judges before both can.",
        ),
    )
}

fn terms(criteria: &[CriterionId]) -> Text {
    let terms: Vec<Text> = criteria.iter().map(|criterion| criterion.term()).collect();
    let of =
        |pick: fn(&Text) -> &String, between| terms.iter().map(|t| pick(t).as_str()).collect::<Vec<_>>().join(between);
    Text::new(of(|t| &t.ja, "、"), of(|t| &t.en, ", "))
}
