//! Why something is not decided, and why a condition or an objection is not taken.

use domain::application::{CONDITIONS, ConditionFault, OWNER_CHARACTERS, Shift};
use domain::calendar::Day;
use domain::edition::Provision;
use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use super::refusals::conflict;

pub(super) fn provisional(provisions: &[Provision]) -> Problem {
    let terms: Vec<Text> = provisions.iter().map(Provision::term).collect();
    let list = |of: fn(&Text) -> &String, between| terms.iter().map(of).cloned().collect::<Vec<_>>().join(between);
    conflict(
        StatusCode::CONFLICT,
        "provisional",
        Text::new(
            format!(
                "この判定は、公表を確かめていない暫定の基準に拠ることになるため、できません：{}。同じ内容が公式となった版の公示\
                 （訂正）で確定するのを待つか、申請者が取り下げて新しい版で申請し直します。",
                list(|term| &term.ja, "、")
            ),
            format!(
                "This would rest on what is provisional in the edition, and nothing is decided on that: {}. It can be \
                 once the edition is published with the same, officially; or the applicant applies anew under another.",
                list(|term| &term.en, "; ")
            ),
        ),
    )
}

/// What has changed, for people.
pub fn shift_term(shift: Shift) -> Text {
    match shift {
        Shift::Unrecorded => Text::new(
            "何に拠ったかは記録されていません（記録するようになる前のものです）",
            "what it rests on was not recorded then",
        ),
        Shift::Edition => Text::new("基準の版が訂正され、拠った版と異なります", "the edition was corrected"),
        Shift::Declaration => Text::new("申告内容が変わりました", "the declaration has changed"),
        Shift::Evidence => Text::new("証跡のファイルが変わりました", "the files have changed"),
        Shift::Judgements => Text::new("審査員の判断が変わりました", "the judgements have changed"),
    }
}

pub(super) fn shifted(shifts: &[Shift]) -> Problem {
    let terms: Vec<Text> = shifts.iter().map(|shift| shift_term(*shift)).collect();
    let list = |of: fn(&Text) -> &String, between| terms.iter().map(of).cloned().collect::<Vec<_>>().join(between);
    conflict(
        StatusCode::CONFLICT,
        "basis_changed",
        Text::new(
            format!(
                "提案されたときと、判定の根拠が違います：{}。改めて提案してください。",
                list(|term| &term.ja, "、")
            ),
            format!("The basis is not the one it was proposed on: {}. Propose it anew.", list(|term| &term.en, ", ")),
        ),
    )
}

impl From<ConditionFault> for Problem {
    fn from(fault: ConditionFault) -> Self {
        use ConditionFault as F;
        let (pointer, read, message) = match fault {
            F::OnFail => (
                "/conditions".to_owned(),
                String::new(),
                Text::new("条件を付けられるのは合格の判定だけです。", "Only a pass has conditions."),
            ),
            F::TooMany { conditions } => (
                "/conditions".to_owned(),
                conditions.to_string(),
                Text::new(
                    format!("条件は{CONDITIONS}件までです（いま{conditions}件）。"),
                    format!("At most {CONDITIONS} conditions; these are {conditions}."),
                ),
            ),
            F::NoWords { index } => (
                format!("/conditions/{index}/words"),
                String::new(),
                Text::new("条件の内容を書いてください。", "Say what has to be done."),
            ),
            F::NoOwner { index } => (
                format!("/conditions/{index}/owner"),
                String::new(),
                Text::new(
                    format!("申請者のどの役職・誰が行うかを{OWNER_CHARACTERS}文字以内で書いてください。"),
                    format!("Say who at the applicant sees to it, in at most {OWNER_CHARACTERS} characters."),
                ),
            ),
            F::Past { index, due, day } => (
                format!("/conditions/{index}/due"),
                due.to_string(),
                Text::new(
                    format!("期限は判定の日（{day}）以後の日にしてください（読み取った日：{due}）。"),
                    format!("The day has to be {day}, the day of the decision, or later (read: {due})."),
                ),
            ),
            F::NotJudged { index, criterion } => (
                format!("/conditions/{index}/criterion"),
                criterion.term().ja,
                Text::new(
                    format!("「{}」は、この申請で判断された要件ではありません。", criterion.term().ja),
                    format!("\"{}\" was not judged in this case.", criterion.term().en),
                ),
            ),
        };
        Problem::unreadable(&pointer, &read, message)
    }
}

pub(super) fn no_such_condition(number: usize) -> Problem {
    Problem::not_found(&Text::new("判定の条件", "condition of this decision"), &number.to_string())
}

pub(super) fn condition_met(number: usize) -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "condition_met",
        Text::new(
            format!("条件 {number} は、すでに満たされたと認められています。"),
            format!("Condition {number} was found to be met already."),
        ),
    )
}

pub(super) fn report_waits(number: usize) -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "report_waits",
        Text::new(
            format!("条件 {number} の前の報告が回答を待っています。回答のあとに報告してください。"),
            format!("The last report on condition {number} waits for its reply. Report again after that."),
        ),
    )
}

pub(super) fn no_report(number: usize) -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "no_report",
        Text::new(
            format!("条件 {number} に、回答を待つ報告はありません。"),
            format!("No report on condition {number} waits for a reply."),
        ),
    )
}

pub(super) fn objected() -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "objected",
        Text::new(
            "この判定には、すでに異議が申し立てられています。異議は一つの判定に一度です。",
            "This decision was objected to already; that is done once.",
        ),
    )
}

pub(super) fn nothing_to_object() -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "nothing_to_object",
        Text::new(
            "異議を申し立てられるのは、不合格か、条件の付いた合格の判定です。",
            "A fail, or a pass with conditions, can be objected to.",
        ),
    )
}

pub(super) fn objection_late(until: Day) -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "objection_late",
        Text::new(
            format!("異議を申し立てられる期限は{until}でした。"),
            format!("The last day on which this decision could be objected to was {until}."),
        ),
    )
}

pub(super) fn no_objection() -> Problem {
    conflict(
        StatusCode::CONFLICT,
        "no_objection",
        Text::new("判断を待つ異議はありません。", "No objection waits to be decided."),
    )
}
