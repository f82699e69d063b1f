//! One exhaustive conversion from every refusal to its problem: no wildcard, so that a new refusal asks for its words.

use domain::criteria::CriterionId;
use domain::text::Text;
use domain::{application, licence, registration};
use poem::http::StatusCode;

use super::{Problem, deciding};
use crate::acts::Refused;
use crate::store;

/// States that the domain has no word for.
const NOT_PASSED: &str = "not_passed";
const PASSED: &str = "decided: pass";
const CLOSED: &str = "closed";
const OPEN: &str = "open";
pub(super) const DISMISSED: &str = "dismissed";
pub(super) const ADMITTED: &str = "admitted";

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotFound { what, id } => Self::not_found(&thing(what), &id),
            Refused::Stale { read, found } => stale(read, found),
            Refused::VersionNeeded { found } => Self::new(
                StatusCode::PRECONDITION_REQUIRED,
                "version_needed",
                Text::new("版の指定が必要です", "Name the version"),
                Text::new(
                    format!("If-Match に見ていた版を付けてください（いまの版は \"{found}\"）。"),
                    format!("Send the version you saw as If-Match (now \"{found}\")."),
                ),
            ),
            Refused::KeyReused => conflict(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                Text::new(
                    "この Idempotency-Key は別の内容で使われています。新しい鍵で送ってください。",
                    "This Idempotency-Key was used for something else. Use a new one.",
                ),
            ),
            Refused::Declaration(errors) => Self {
                errors,
                ..conflict(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "invalid",
                    Text::new(
                        "申告内容に誤りがあります。errors の各項目を直して送り直してください。",
                        "The declaration has faults. Mend each of the errors and send it again.",
                    ),
                )
            },
            Refused::NoEdition { day } => conflict(
                StatusCode::CONFLICT,
                "no_edition",
                Text::new(
                    format!("{day} に適用される基準の版がありません。"),
                    format!("No edition of the criteria governs {day}."),
                ),
            ),
            Refused::Name { characters } => unprocessable(
                "name",
                Text::new(
                    format!("名前は1文字から100文字です（読み取った長さ：{characters}）。"),
                    format!("A name has 1 to 100 characters (read: {characters})."),
                ),
            ),
            Refused::WhichOrganisation => unprocessable(
                "which_organisation",
                Text::new(
                    "複数の組織のために申請できます。どの組織の申請かを選んでください。",
                    "You can apply for several organisations. Say for which.",
                ),
            ),
            Refused::InvitedBefore { person } => conflict(
                StatusCode::CONFLICT,
                "invited_before",
                Text::new(
                    format!(
                        "この招待は利用者 {person} として済んでいます。リンクは一度しか示されません。なくしたときは、運用者に\
                         新しいリンクを頼んでください。"
                    ),
                    format!(
                        "This invitation was made before, as {person}. Its link was shown once; where it is lost, ask \
                         the operator for a new one."
                    ),
                ),
            ),
            Refused::KeyNotHeld { key } => conflict(
                StatusCode::CONFLICT,
                "key_not_held",
                Text::new(
                    format!(
                        "このサーバーは鍵 {key} の秘密鍵を持っていません。keys.pem にその鍵を置いて起動し直してください。"
                    ),
                    format!(
                        "This server does not hold the secret half of {key}. Start it again with the key in keys.pem."
                    ),
                ),
            ),
            Refused::NoActiveKey { purpose } => conflict(
                StatusCode::CONFLICT,
                "no_active_key",
                Text::new(
                    format!(
                        "{purpose} に使用中の署名鍵がありません。次の鍵の使用開始を二人で決めてください（/keys）。"
                    ),
                    format!("No key signs for {purpose} now. Two people have to activate the next one (/keys)."),
                ),
            ),
            Refused::OrganisationKnown { id } => conflict(
                StatusCode::CONFLICT,
                "organisation_known",
                Text::new(format!("組織 {id} はすでにあります。"), format!("There is an organisation {id} already.")),
            )
            .at("/id", &id),
            Refused::Denied(denial) => denial.into(),
            Refused::Draft(refusal) => refusal.into(),
            Refused::Proposal(refusal) => refusal.into(),
            Refused::Key(refusal) => refusal.into(),
            Refused::Edition(refusal) => refusal.into(),
            Refused::Account(refusal) => refusal.into(),
            Refused::NoSuchFile { index, digest } => {
                let message = Text::new(
                    "この組織が送ったファイルではありません。先に送り（POST /api/v1/evidence）、答えの digest を書いてください。",
                    "Not a file that this organisation has uploaded. Upload it first (POST /api/v1/evidence) and give the answer's digest.",
                );
                Problem::unreadable(&format!("/evidence/{index}/digest"), &digest, message)
            }
            Refused::File(not) => not.into(),
            Refused::Application(refusal) => refusal.into(),
            Refused::Examination(refusal) => refusal.into(),
            Refused::Registration(refusal) => refusal.into(),
            Refused::Licence(refusal) => refusal.into(),
            Refused::People(refusal) => refusal.into(),
            Refused::Store(error) => error.into(),
        }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Conflict => conflict(
                StatusCode::CONFLICT,
                "conflict",
                Text::new(
                    "同じものを別の人が先に記録しました。読み直してください。",
                    "Somebody else recorded the same thing first. Read it again.",
                ),
            ),
            store::Error::Stopped => Self::unavailable(),
            error @ (store::Error::Driver(_) | store::Error::Corrupt { .. }) => Self::internal(&error),
        }
    }
}

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

impl From<registration::Refusal> for Problem {
    fn from(refusal: registration::Refusal) -> Self {
        use registration::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Proposal(refusal) => refusal.into(),
            R::NotPassed => state(NOT_PASSED, PASSED),
            R::Registered { number } => conflict(
                StatusCode::CONFLICT,
                "registered",
                Text::new(
                    format!("すでに {number} として登録されています。"),
                    format!("It is registered as {number} already."),
                ),
            ),
            R::BeforeDecision { from, decided } => unprocessable(
                "before_decision",
                Text::new(
                    format!("登録日 {from} は判定の日 {decided} より前です。"),
                    format!("The first day {from} is before the decision on {decided}."),
                ),
            ),
            R::TooFarAhead { from } => unprocessable(
                "too_far_ahead",
                Text::new(
                    format!("登録日 {from} は1年より先です。"),
                    format!("The first day {from} is more than a year ahead."),
                ),
            ),
            R::Status { found, needed } => state(found, needed),
            R::NoReason => no_reason(),
        }
    }
}

impl From<licence::Refusal> for Problem {
    fn from(refusal: licence::Refusal) -> Self {
        use licence::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Proposal(refusal) => refusal.into(),
            R::Registration { status } => state(status, "valid"),
            R::Licensed { licence } => conflict(
                StatusCode::CONFLICT,
                "licensed",
                Text::new(
                    format!("この相手にはすでに使用許諾 {licence} があります。"),
                    format!("This holder has the licence {licence} already."),
                ),
            ),
            R::ContractAhead { from, today } => unprocessable(
                "contract_ahead",
                Text::new(
                    format!("契約の開始日 {from} は今日 {today} より後です。契約が始まってから申し込んでください。"),
                    format!("The contract begins on {from}, after today {today}. Attest it once it has begun."),
                ),
            ),
            R::Name { characters } => unprocessable(
                "name",
                Text::new(
                    format!("名称は1文字から{}文字です（読み取った長さ：{characters}）。", licence::NAME_LIMIT),
                    format!("A name has 1 to {} characters (read: {characters}).", licence::NAME_LIMIT),
                ),
            ),
            R::Closed => state(CLOSED, OPEN),
            R::NoReason => no_reason(),
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

pub(super) fn conflict(status: StatusCode, code: &'static str, detail: Text) -> Problem {
    Problem::new(status, code, Text::new("受け付けられません", "This cannot be done"), detail)
}

pub(super) fn unprocessable(code: &'static str, detail: Text) -> Problem {
    conflict(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

pub(super) fn no_reason() -> Problem {
    unprocessable("no_reason", Text::new("理由を書いてください。", "A reason is required."))
}

/// The state is another than this needs; of several that would do, the domain lists the words.
pub(super) fn state(found: &str, needed: &str) -> Problem {
    let (found, needed) = (in_words(found), needed.split(", ").map(in_words).collect::<Vec<_>>());
    let list = |pick: fn(&Text) -> &String, between| needed.iter().map(pick).cloned().collect::<Vec<_>>().join(between);
    let any = if needed.len() > 1 { "のいずれか" } else { "" };
    conflict(
        StatusCode::CONFLICT,
        "state",
        Text::new(
            format!(
                "いまの状態は「{}」で、この手続には「{}」{any}が必要です。",
                found.ja,
                list(|text| &text.ja, "」「")
            ),
            format!("It is {} now, and has to be {} for this.", found.en, list(|text| &text.en, " or ")),
        ),
    )
}

/// A state in people's words, the same that a badge says.
fn in_words(state: &str) -> Text {
    match state {
        "submitted" => Text::new("受付待ち", "submitted"),
        "returned" => Text::new("差戻し", "sent back"),
        "examining" => Text::new("審査中", "under examination"),
        "recommended" => Text::new("判定待ち", "recommended"),
        "decided" => Text::new("判定済み", "decided"),
        "withdrawn" => Text::new("取下げ", "withdrawn"),
        NOT_PASSED => Text::new("合格していない", "not passed"),
        PASSED => Text::new("合格", "passed"),
        "not_yet" => Text::new("開始前", "not yet in force"),
        "valid" => Text::new("有効", "valid"),
        "suspended" => Text::new("一時停止中", "suspended"),
        "revoked" => Text::new("取消し", "revoked"),
        "lapsed" => Text::new("期間終了", "lapsed"),
        "waiting" => Text::new("確認待ち", "open"),
        "dropped" => Text::new("取りやめ", "dropped"),
        "settled" => Text::new("処理済み", "settled"),
        "expired" => Text::new("期限切れ", "expired"),
        "next" => Text::new("次の鍵", "the next key"),
        "active" => Text::new("使用中", "active"),
        "activated" => Text::new("使用開始済み", "activated"),
        "retired" => Text::new("引退", "retired"),
        "compromised" => Text::new("危殆化", "compromised"),
        "running" => Text::new("判定できる", "open to decisions"),
        "stopped" => Text::new("判定の停止中", "stopped"),
        CLOSED => Text::new("終了または取消し", "ended or revoked"),
        OPEN => Text::new("許諾中", "granted"),
        DISMISSED => Text::new("解任済み", "dismissed"),
        ADMITTED => Text::new("任用中", "admitted"),
        other => Text::new(other, other),
    }
}

pub(super) fn stale(read: u32, found: u32) -> Problem {
    conflict(
        StatusCode::PRECONDITION_FAILED,
        "stale",
        Text::new(
            format!("別の人が先に変更しました（見ていた版 {read}、いまの版 {found}）。読み直してから行ってください。"),
            format!("Somebody else changed it first (you saw version {read}, now {found}). Read it again, then act."),
        ),
    )
}

fn thing(what: &str) -> Text {
    match what {
        "application" => Text::new("申請", "application"),
        "draft" => Text::new("下書き", "draft"),
        "examiner" => Text::new("審査員", "examiner"),
        "registration" => Text::new("登録", "registration"),
        "licence" => Text::new("使用許諾", "licence"),
        "person" => Text::new("担当者", "person"),
        "organisation" => Text::new("組織", "organisation"),
        "proposal" => Text::new("提案", "proposal"),
        "key" => Text::new("署名鍵", "signing key"),
        "edition" => Text::new("基準の版", "edition"),
        "session" => Text::new("サインイン中の端末", "session"),
        "credential" => Text::new("サインインの方法", "way to sign in"),
        "api_key" => Text::new("APIキー", "API key"),
        other => Text::new(other, other),
    }
}

fn terms(criteria: &[CriterionId]) -> Text {
    let terms: Vec<Text> = criteria.iter().map(|criterion| criterion.term()).collect();
    let of =
        |pick: fn(&Text) -> &String, between| terms.iter().map(|t| pick(t).as_str()).collect::<Vec<_>>().join(between);
    Text::new(of(|t| &t.ja, "、"), of(|t| &t.en, ", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page in Japanese says no state by its word for programs.
    #[test]
    fn states_are_told_in_the_readers_language() {
        let stage = |found, needed| Problem::from(application::Refusal::Stage { found, needed });
        let status = |found, needed| Problem::from(registration::Refusal::Status { found, needed });
        for (problem, ja, en) in [
            (
                stage("recommended", "examining"),
                "いまの状態は「判定待ち」で、この手続には「審査中」が必要です。",
                "It is recommended now, and has to be under examination for this.",
            ),
            (
                stage("decided", "submitted, returned, examining, recommended"),
                "いまの状態は「判定済み」で、この手続には「受付待ち」「差戻し」「審査中」「判定待ち」のいずれかが必要です。",
                "It is decided now, and has to be submitted or sent back or under examination or recommended for this.",
            ),
            (
                stage("withdrawn", "returned"),
                "いまの状態は「取下げ」で、この手続には「差戻し」が必要です。",
                "It is withdrawn now, and has to be sent back for this.",
            ),
            (
                status("valid", "suspended"),
                "いまの状態は「有効」で、この手続には「一時停止中」が必要です。",
                "It is valid now, and has to be suspended for this.",
            ),
            (
                status("revoked", "valid, suspended, not_yet"),
                "いまの状態は「取消し」で、この手続には「有効」「一時停止中」「開始前」のいずれかが必要です。",
                "It is revoked now, and has to be valid or suspended or not yet in force for this.",
            ),
            (
                licence::Refusal::Registration { status: "lapsed" }.into(),
                "いまの状態は「期間終了」で、この手続には「有効」が必要です。",
                "It is lapsed now, and has to be valid for this.",
            ),
            (
                licence::Refusal::Closed.into(),
                "いまの状態は「終了または取消し」で、この手続には「許諾中」が必要です。",
                "It is ended or revoked now, and has to be granted for this.",
            ),
            (
                registration::Refusal::NotPassed.into(),
                "いまの状態は「合格していない」で、この手続には「合格」が必要です。",
                "It is not passed now, and has to be passed for this.",
            ),
            (
                domain::signing_key::Refusal::State { found: "activated", needed: "next" }.into(),
                "いまの状態は「使用開始済み」で、この手続には「次の鍵」が必要です。",
                "It is activated now, and has to be the next key for this.",
            ),
            (
                domain::people::Refusal::Dismissed.into(),
                "いまの状態は「解任済み」で、この手続には「任用中」が必要です。",
                "It is dismissed now, and has to be admitted for this.",
            ),
        ] {
            assert_eq!((problem.code, problem.detail), ("state", Text::new(ja, en)));
        }
    }
}
