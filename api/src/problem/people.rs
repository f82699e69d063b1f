//! What people and their accounts are refused, in words.

use domain::act::Role;
use domain::authority::Denial;
use domain::people::OrganisationKind;
use domain::text::Text;
use domain::{people, proposal};
use poem::http::StatusCode;

use super::Problem;
use super::refusals::{conflict, no_reason, unprocessable};
use super::states::{ADMITTED, DISMISSED, state};
use crate::account::{self, MOST_API_KEY_DAYS, MOST_API_KEYS};

/// A role in people's words.
pub fn role(role: Role) -> Text {
    match role {
        Role::ProviderOwner => Text::new("サービス提供事業者の責任者", "provider owner"),
        Role::ProviderMember => Text::new("サービス提供事業者の担当者", "provider member"),
        Role::DelegatedAgent => Text::new("代理人", "delegated agent"),
        Role::User => Text::new("利用企業", "user"),
        Role::Examiner => Text::new("審査員", "examiner"),
        Role::DecisionMaker => Text::new("判定者", "decision maker"),
        Role::Secretariat => Text::new("事務局", "secretariat"),
        Role::Auditor => Text::new("監査人", "auditor"),
        Role::Operator => Text::new("運用者", "operator"),
    }
}

/// A kind of organisation in people's words.
pub fn kind(kind: OrganisationKind) -> Text {
    match kind {
        OrganisationKind::Provider => Text::new("サービス提供事業者", "provider"),
        OrganisationKind::User => Text::new("利用企業", "user"),
        OrganisationKind::RegistrationBody => Text::new("登録機関", "registration body"),
        OrganisationKind::SchemeOwner => Text::new("制度の所有者", "scheme owner"),
    }
}

impl From<Denial> for Problem {
    fn from(denial: Denial) -> Self {
        match denial {
            Denial::Role { needed } => {
                let words: Vec<Text> = needed.into_iter().map(role).collect();
                let list = |pick: fn(&Text) -> &String, between| {
                    words.iter().map(pick).cloned().collect::<Vec<_>>().join(between)
                };
                Self::forbidden(Text::new(
                    format!("この手続ができるのは{}だけです。", list(|text| &text.ja, "・")),
                    format!("Only these can do this: {}.", list(|text| &text.en, ", ")),
                ))
            }
            Denial::NotOwner => {
                Self::forbidden(Text::new("他の組織のものです。", "It belongs to another organisation."))
            }
            Denial::NotAssigned => Self::forbidden(Text::new(
                "この申請の審査員ではありません。",
                "You are not an examiner of this application.",
            )),
            Denial::Undeclared => Self::new(
                StatusCode::FORBIDDEN,
                "undeclared",
                Text::new("利害関係の申告が先です", "Declare your interests first"),
                Text::new(
                    "申請者との利害関係がないことを申告するまで、この案件は開きません。利害関係を申告した案件は、免除されるまで開きません。",
                    "This case opens once you have declared that nothing ties you to the applicant; where you declared a tie, \
                     once it is waived.",
                ),
            ),
            Denial::Examined => Self::forbidden(Text::new(
                "審査した人は判定できません。別の判定者が判定します。",
                "Whoever examined a case cannot decide it. Another decision maker does.",
            )),
            Denial::Decided => Self::forbidden(Text::new(
                "この案件を前に判定した人は、異議の判断にも、やり直しの判定にも加われません。",
                "Whoever decided this case before decides neither on the objection nor on the case anew.",
            )),
            Denial::OwnOrganisation => Self::forbidden(Text::new(
                "あなたが属する組織についての手続です。別の人が行います。",
                "It is about an organisation you belong to. Somebody else does it.",
            )),
            Denial::Oneself => Self::forbidden(Text::new(
                "自分自身についてはできません。別の人に頼んでください。",
                "Nobody does this to themselves. Ask somebody else.",
            )),
            Denial::Scope { needed: None } => Self::forbidden(Text::new(
                "APIキーではできません。サインインして行ってください。",
                "No API key can do this. Sign in and do it there.",
            )),
            Denial::Scope { needed: Some(scope) } => Self::forbidden(Text::new(
                format!("このAPIキーの範囲に {scope} がありません。"),
                format!("This API key has no scope {scope}."),
            )),
            Denial::SignInAgain => Self::new(
                StatusCode::FORBIDDEN,
                "sign_in_again",
                Text::new("もう一度サインインしてください", "Sign in again"),
                Text::new(
                    "この手続には5分以内のサインインが必要です。別のタブで「サインインし直す」を行い、この画面をもう一度送ってください。\
                     何も失われず、何も記録されていません。",
                    "This needs a sign-in of the last five minutes. Sign in again in another tab, then send this again. \
                     Nothing is lost, and nothing was recorded.",
                ),
            ),
        }
    }
}

impl From<proposal::Refusal> for Problem {
    fn from(refusal: proposal::Refusal) -> Self {
        use proposal::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::OwnProposal => Self::forbidden(Text::new(
                "自分の提案は確認できません。別の人が確認します。",
                "Whoever proposed it does not confirm it. Somebody else does.",
            )),
            R::Closed(standing) => state(standing.as_str(), "waiting"),
            R::OtherMotion => {
                unprocessable("other_motion", Text::new("別のことについての提案です。", "It proposes something else."))
            }
            R::NoReason => no_reason(),
            R::NoHearing => unprocessable(
                "no_hearing",
                Text::new("この提案に弁明の機会はありません。", "The provider is not heard about this proposal."),
            ),
            R::HearingOver { until } => conflict(
                StatusCode::CONFLICT,
                "hearing_over",
                Text::new(
                    format!("弁明の期限は{until}でした。"),
                    format!("The last day for stating your side was {until}."),
                ),
            ),
            R::Stated => conflict(
                StatusCode::CONFLICT,
                "stated",
                Text::new("弁明はすでに届いています。", "Your side was stated already."),
            ),
        }
    }
}

impl From<people::Refusal> for Problem {
    fn from(refusal: people::Refusal) -> Self {
        use people::Refusal as R;
        match refusal {
            R::Denied(denial) => denial.into(),
            R::Organisation { role: wanted, kind: found } => {
                let (named, wanted, found) = (wanted, role(wanted), kind(found));
                unprocessable(
                    "organisation",
                    Text::new(
                        format!("「{}」の組織に「{}」の役割はありません。", found.ja, wanted.ja),
                        format!("There is no role of {} in a {}.", wanted.en, found.en),
                    ),
                )
                .at("/role", named.as_str())
            }
            R::NoEnd => unprocessable(
                "no_end",
                Text::new("代理人には最終日を指定してください。", "A delegated agent's role needs a last day."),
            )
            .at("/until", ""),
            R::Past { until, today } => unprocessable(
                "past",
                Text::new(
                    format!("最終日 {until} は今日 {today} より前です。"),
                    format!("The last day {until} is before today {today}."),
                ),
            )
            .at("/until", &until.to_string()),
            R::Held { role: held } => conflict(
                StatusCode::CONFLICT,
                "held",
                Text::new(
                    format!("すでに{}です。", role(held).ja),
                    format!("The person is {} there already.", role(held).en),
                ),
            ),
            R::NotHeld { role: held } => conflict(
                StatusCode::CONFLICT,
                "not_held",
                Text::new(
                    format!("その組織で{}ではありません。", role(held).ja),
                    format!("The person is no {} there.", role(held).en),
                ),
            ),
            R::Dismissed => state(DISMISSED, ADMITTED),
            R::NoReason => no_reason(),
        }
    }
}

impl From<account::Refusal> for Problem {
    fn from(refusal: account::Refusal) -> Self {
        use account::Refusal as R;
        match refusal {
            R::SignIn => unprocessable(
                "sign_in",
                Text::new(
                    "サインインできません。入力を確かめて、もう一度お試しください。",
                    "You cannot be signed in. Check what you entered and try again.",
                ),
            ),
            R::Wait { seconds } => Self {
                retry_after: Some(seconds.max(1) as u64),
                ..conflict(
                    StatusCode::TOO_MANY_REQUESTS,
                    "wait",
                    Text::new(
                        format!("失敗が続いています。{seconds}秒待ってからお試しください。"),
                        format!("Too many failures. Wait {seconds} seconds and try again."),
                    ),
                )
            },
            R::LinkGone => conflict(
                StatusCode::GONE,
                "link_gone",
                Text::new(
                    "このリンクは使えません。一度だけ、15分以内に使えます。新しいリンクを頼んでください。",
                    "This link cannot be used: it works once, within 15 minutes. Ask for a new one.",
                ),
            ),
            R::CeremonyGone => unprocessable(
                "sign_in_gone",
                Text::new(
                    "サインインの途中で時間が過ぎたか、別の画面で始められています。初めからやり直してください。",
                    "The sign-in took too long, or was begun elsewhere. Begin anew.",
                ),
            ),
            R::PasswordLength { characters } => unprocessable(
                "password_length",
                Text::new(
                    format!("パスワードは12文字から128文字です（いまは{characters}文字）。"),
                    format!("A password has 12 to 128 characters (now {characters})."),
                ),
            ),
            R::PasswordCommon => unprocessable(
                "password_common",
                Text::new(
                    "よく使われるか、推測されやすいパスワードです。別のものにしてください。",
                    "This password is one that is tried first. Choose another.",
                ),
            ),
            R::OldPassword => unprocessable(
                "old_password",
                Text::new(
                    "いまのパスワードが違います。パスワードは変わっていません。",
                    "This is not your present password. Nothing was changed.",
                ),
            ),
            R::Code => unprocessable(
                "code",
                Text::new(
                    "確認コードが合いません。アプリにいま出ている6桁を、変わらないうちに入力してください。",
                    "The code does not fit. Enter the 6 digits that the app shows now, before they change.",
                ),
            ),
            R::Passkey => unprocessable(
                "passkey",
                Text::new(
                    "パスキーを確かめられませんでした。もう一度お試しください。",
                    "The passkey could not be verified. Try again.",
                ),
            ),
            R::LastCredential => conflict(
                StatusCode::CONFLICT,
                "last_credential",
                Text::new(
                    "最後のサインインの方法です。先に別の方法を加えてください。",
                    "It is your last way to sign in. Add another first.",
                ),
            ),
            R::TooManyKeys => conflict(
                StatusCode::CONFLICT,
                "too_many_keys",
                Text::new(
                    format!("APIキーは{MOST_API_KEYS}本までです。古いキーを終えてから作ってください。"),
                    format!("An organisation has at most {MOST_API_KEYS} API keys. End an old one first."),
                ),
            ),
            R::KeyEnded => conflict(
                StatusCode::CONFLICT,
                "key_ended",
                Text::new("このAPIキーは、すでに終わっています。", "This API key has ended already."),
            ),
            R::KeyDays { days } => unprocessable(
                "key_days",
                Text::new(
                    format!("APIキーの期間は1日から{MOST_API_KEY_DAYS}日です（読み取った日数：{days}）。"),
                    format!("An API key works for 1 to {MOST_API_KEY_DAYS} days (read: {days})."),
                ),
            )
            .at("/days", &days.to_string()),
            R::NoScope => unprocessable(
                "no_scope",
                Text::new("APIキーの範囲を一つ以上選んでください。", "Choose at least one scope for the API key."),
            )
            .at("/scopes", ""),
            R::EmailTaken => conflict(
                StatusCode::CONFLICT,
                "email_taken",
                Text::new("このメールアドレスは別の人が使っています。", "This mail address is somebody else's."),
            )
            .at("/email", ""),
            R::StillActs => conflict(
                StatusCode::CONFLICT,
                "still_acts",
                Text::new("まだ手続できる人です。先に解任してください。", "The person still acts. Dismiss them first."),
            ),
            R::NumberChanged | R::NoOrganisation | R::ByInvitation => not_admitted(refusal),
        }
    }
}

/// Whom GビズID knows and this register does not admit.
fn not_admitted(refusal: account::Refusal) -> Problem {
    use account::Refusal as R;
    let (code, detail) = match refusal {
        R::NumberChanged => (
            "number_changed",
            Text::new(
                "このアカウントの法人番号が、この登録簿ではじめに使われたときと違うため、サインインできません。何も変更されて\
                 いません。組織が変わったときは、事務局にお問い合わせください。",
                "This account's corporate number is not the one it was first used with here, so you are not signed in. \
                 Nothing was changed. If your organisation has changed, ask the secretariat.",
            ),
        ),
        R::NoOrganisation => (
            "no_organisation",
            Text::new(
                "個人事業主のgBizIDメンバーは、どの事業主の方か確かめられないため利用できません。事業主本人のgBizIDプライムで\
                 サインインしてください。",
                "A gBizID Member of a sole proprietor cannot be used: it does not say whose. Sign in with the \
                 proprietor's own gBizID Prime account.",
            ),
        ),
        _ => (
            "by_invitation",
            Text::new(
                "この組織の方は、GビズIDではなく招待によって登録されます。運用者に招待を頼み、そこで設定した方法でサインイン\
                 してください。",
                "People of this organisation are invited, not admitted with GビズID. Ask the operator for an invitation \
                 and sign in as you set up there.",
            ),
        ),
    };
    Problem { code, ..Problem::forbidden(detail) }
}
