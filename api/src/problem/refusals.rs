//! One exhaustive conversion from every refusal to its problem: no wildcard, so that a new refusal asks for its words.

use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use crate::acts::Refused;
use crate::store;

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
            Refused::Report(refusal) => refusal.into(),
            Refused::Complaint(refusal) => refusal.into(),
            Refused::Price(refusal) => refusal.into(),
            Refused::Setting(refusal) => refusal.into(),
            Refused::Account(refusal) => refusal.into(),
            Refused::Post(refusal) => refusal.into(),
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

pub(super) fn conflict(status: StatusCode, code: &'static str, detail: Text) -> Problem {
    Problem::new(status, code, Text::new("受け付けられません", "This cannot be done"), detail)
}

pub(super) fn unprocessable(code: &'static str, detail: Text) -> Problem {
    conflict(StatusCode::UNPROCESSABLE_ENTITY, code, detail)
}

pub(super) fn no_reason() -> Problem {
    unprocessable("no_reason", Text::new("理由を書いてください。", "A reason is required."))
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
        "complaint" => Text::new("苦情・通報", "complaint"),
        "setting" => Text::new("制度の設定", "setting"),
        "due" => Text::new("期限", "due day"),
        "session" => Text::new("サインイン中の端末", "session"),
        "credential" => Text::new("サインインの方法", "way to sign in"),
        "api_key" => Text::new("APIキー", "API key"),
        "message" => Text::new("お知らせ", "message"),
        "webhook" => Text::new("Webhook", "webhook"),
        "delivery" => Text::new("送信", "delivery"),
        other => Text::new(other, other),
    }
}
