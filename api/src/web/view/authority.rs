//! Who may do what, as everybody can read it: the table by which the registry itself decides.

use askama::Template;
use domain::act::Role;
use domain::authority::{Power, Reach, Scope};
use domain::text::Text;

use super::frame::Frame;
use crate::problem::people::role;

/// The whole table.
#[derive(Debug, Template)]
#[template(path = "public/authority.html")]
pub struct AuthorityPage {
    pub frame: Frame,
}

/// Every word for the things a role may do something to, in the order in which they are explained.
const REACHES: [Reach; 6] = [Reach::Never, Reach::Own, Reach::Held, Reach::Assigned, Reach::Apart, Reach::Any];

impl AuthorityPage {
    fn roles(&self) -> Vec<String> {
        Role::ALL.map(|one| self.frame.say(role(one))).to_vec()
    }

    fn reaches(&self) -> Vec<(String, String)> {
        let explained = |reach| (self.frame.say(word(reach)), self.frame.say(meaning(reach)));
        REACHES.into_iter().filter(|reach| *reach != Reach::Never).map(explained).collect()
    }

    fn rows(&self) -> Vec<Row> {
        let row = |power: &Power| Row {
            code: power.as_str(),
            words: self.frame.say(words(*power)),
            reaches: Role::ALL.map(|one| self.frame.say(word(power.reach(one)))).to_vec(),
            scope: power.scope().map(Scope::as_str),
            is_fresh: power.needs_fresh_sign_in(),
        };
        Power::ALL.iter().map(row).collect()
    }
}

/// A line of the table.
#[derive(Debug)]
struct Row {
    /// The word in the table's own file and in the trail.
    code: &'static str,
    words: String,
    /// One for each role.
    reaches: Vec<String>,
    /// What an API key needs.
    scope: Option<&'static str>,
    is_fresh: bool,
}

/// A word for the things a role may do something to.
fn word(reach: Reach) -> Text {
    match reach {
        Reach::Never => Text::new("―", "–"),
        Reach::Own => Text::new("自組織", "own"),
        Reach::Held => Text::new("名義", "held"),
        Reach::Assigned => Text::new("担当", "assigned"),
        Reach::Apart => Text::new("無関係", "apart"),
        Reach::Anew => Text::new("新たに", "anew"),
        Reach::Any => Text::new("すべて", "any"),
    }
}

fn meaning(reach: Reach) -> Text {
    match reach {
        Reach::Never => Text::new("できません。", "Never."),
        Reach::Own => Text::new("その役割の組織のものだけ。", "Those of the role's own organisation."),
        Reach::Held => {
            Text::new("その役割の組織の名義の使用許諾だけ。", "Licences whose holder is the role's own organisation.")
        }
        Reach::Assigned => Text::new(
            "審査員として割り当てられた申請だけ。自分が申請者に属するものは除きます。",
            "Cases that this person examines, unless they belong to the applicant.",
        ),
        Reach::Apart => Text::new(
            "すべて。ただし、自分が審査したものと、自分が属する組織についてのものは除きます。",
            "Any, unless this person examined the case or belongs to the organisation it is about.",
        ),
        Reach::Anew => Text::new(
            "すべて。ただし、「無関係」で除かれるものと、異議の対象となった判定、取り消された判定を自分がしたものは除きます。",
            "As apart, unless this person made the decision that was objected to or set aside.",
        ),
        Reach::Any => Text::new("すべて。", "Any."),
    }
}

/// What an API key may be limited to, in words.
pub fn scope(scope: Scope) -> Text {
    match scope {
        Scope::ReadApplications => Text::new("申請を読む", "read applications"),
        Scope::WriteApplications => {
            Text::new("申請を提出し、証跡を送り、取り下げる", "submit and withdraw applications, upload evidence")
        }
        Scope::ReadLicences => Text::new("使用許諾を読む", "read licences"),
        Scope::WriteLicences => Text::new("使用許諾を与え、終える", "grant and end licences"),
        Scope::ReadWatching => Text::new("登録後の報告を読む", "read reports on registered services"),
        Scope::WriteWatching => Text::new("登録後の報告をする", "report on registered services"),
    }
}

/// What may be done, in words.
pub fn words(power: Power) -> Text {
    use Power as P;
    match power {
        P::SubmitApplication => Text::new("申請を提出する", "Submit an application"),
        P::ReadApplication => Text::new("申請を読む", "Read an application"),
        P::ResubmitApplication => {
            Text::new("差し戻された申請を再提出する", "Resubmit an application that was sent back")
        }
        P::UploadEvidence => Text::new("証跡のファイルを送る", "Upload evidence"),
        P::WithdrawApplication => Text::new("申請を取り下げる", "Withdraw an application"),
        P::SendBack => Text::new("申請を差し戻す", "Send an application back"),
        P::Accept => Text::new("申請を受理し、審査員を割り当てる", "Accept an application and assign its examiners"),
        P::Judge => Text::new("要件を一つずつ判断する", "Judge the criteria"),
        P::Recommend => Text::new("推薦意見を出す", "Recommend"),
        P::Decide => Text::new("判定を提案し、確認する", "Propose and confirm a decision"),
        P::Register => Text::new("合格したサービスを登録する", "Register a service that passed"),
        P::TakeMeasure => Text::new(
            "登録への措置（注意・是正の求め・一時停止・再開・取消し）を提案し、確認する",
            "Propose and confirm measures: caution, demand for correction, suspension, reinstatement, revocation",
        ),
        P::ReportCorrection => Text::new("是正を報告する", "Report a correction"),
        P::AnswerCorrection => Text::new("是正の報告に回答する", "Accept a report of a correction, or not"),
        P::StateSide => {
            Text::new("提案された措置に弁明する", "State the provider's side of a measure that is proposed")
        }
        P::ObjectToMeasure => Text::new("措置に異議を申し立てる", "Object to a measure"),
        P::HearMeasure => Text::new(
            "措置への異議についての判断を提案し、確認する",
            "Propose and confirm what becomes of an objection to a measure",
        ),
        P::Discontinue => Text::new("サービスの終了を届け出る", "Announce a service's end"),
        P::ReadMeasures => {
            Text::new("措置の根拠と、それに続く手続を読む", "Read what measures rest on, and what followed")
        }
        P::ChangeSettings => Text::new(
            "制度の設定と休日の変更を提案し、確認する",
            "Propose and confirm changes of settings and holidays",
        ),
        P::ReadDay => Text::new(
            "期限・遅れ・対応待ちと、登録の回の公表文を読む",
            "Read what is due, late and waiting, and rounds to announce",
        ),
        P::RemindProvider => Text::new("事業者に期限を催促する", "Remind a provider of what is due"),
        P::ReadDeclared => {
            Text::new("登録されたサービスの、いまの申告内容を読む", "Read what is declared of a registered service now")
        }
        P::NotifyChange => {
            Text::new("要件にかかわらない変更を届け出る", "Notify a change of what no criterion asks about")
        }
        P::Succeed => Text::new(
            "登録の承継（合併・事業譲渡など）を提案し、確認する",
            "Propose and confirm that a registration go over to another provider",
        ),
        P::GrantToProvider => Text::new("事業者にマークの使用を許諾する", "Grant a provider its mark licence"),
        P::GrantToUser => Text::new("利用企業にマークの使用を許諾する", "Grant a user its mark licence"),
        P::ReadLicences => Text::new("使用許諾を読む", "Read licences"),
        P::EndUsersLicence => Text::new("利用企業の使用許諾を終える", "End a user's licence"),
        P::ReissueLicences => Text::new("危殆化した鍵の許諾証を再発行する", "Reissue licences of a compromised key"),
        P::EndProvidersLicence => Text::new("事業者の使用許諾を終える", "End a provider's licence"),
        P::RevokeLicence => {
            Text::new("使用許諾の取消しを提案し、確認する", "Propose and confirm that a licence be revoked")
        }
        P::ChangeKey => Text::new(
            "署名鍵の使用開始・危殆化を提案し、確認する",
            "Propose and confirm that a signing key be used, or not trusted any more",
        ),
        P::PublishEdition => {
            Text::new("基準の版の公示を提案し、確認する", "Propose and confirm that an edition be published")
        }
        P::StopDecisions => Text::new("版による判定を止める", "Stop decisions under an edition"),
        P::ReadProposals => Text::new("二人目の確認待ちをすべて読む", "Read all that waits for a second person"),
        P::EnterOrganisation => Text::new("組織を加える", "Enter an organisation"),
        P::ReadPeople => Text::new("利用者と役割を読む", "Read people and their roles"),
        P::GiveCompanyRole => Text::new(
            "事業者・利用企業の人を招待し、役割を与え、終える",
            "Invite people of providers and users, give and end their roles",
        ),
        P::GiveStaffRole => Text::new(
            "登録機関・制度の所有者の人を招待し、役割を与え、終える",
            "Invite people of the registration body and the scheme owner, give and end their roles",
        ),
        P::Recover => Text::new(
            "サインインできなくなった人に新しいリンクを作る",
            "Make a new link for somebody who lost every way to sign in",
        ),
        P::Dismiss => Text::new("利用者を解任する", "Dismiss a person"),
        P::Erase => Text::new("解任した人の名前とメールアドレスを消す", "Erase a dismissed person's name and address"),
        P::ReadApiKeys => Text::new("APIキーの一覧を読む", "Read the list of API keys"),
        P::IssueApiKey => Text::new("APIキーを作り、終える", "Issue and end API keys"),
        P::ReadTrail => Text::new("監査証跡を読み、書き出す", "Read and export the audit trail"),
        P::DeclareInterest => Text::new("申請者との利害関係を申告する", "Declare what ties one to an applicant"),
        P::ReplaceExaminer => Text::new("審査員を交代する", "Replace an examiner"),
        P::WaiveConflict => Text::new(
            "審査員の利益相反の免除を提案し、確認する",
            "Propose and confirm that an examiner's tie be waived",
        ),
        P::AskApplicant => Text::new("申請者に質問する", "Ask an applicant"),
        P::AnswerQuestion => Text::new("質問に回答する", "Answer a question"),
        P::SettleQuestion => Text::new(
            "質問の回答期限を延ばし、回答を待たないことにする",
            "Give more time for an answer, or close a question",
        ),
        P::FileReport => Text::new(
            "登録後の報告（アラートの統計情報・自己点検）をする",
            "Report alert statistics and self-checks of a registered service",
        ),
        P::ReadWatching => {
            Text::new("登録後の報告と期限を読む", "Read reports on registered services, and what is due")
        }
        P::CheckPrice => Text::new("表示された料金を登録と比べる", "Hold an advertised price against the register"),
        P::ReadComplaints => Text::new("苦情・不正使用の通報を読む", "Read complaints and reports of misuse"),
        P::HandleComplaint => Text::new(
            "苦情・不正使用の通報の受領を確認し、回答し、終結する",
            "Acknowledge, answer and close complaints",
        ),
        P::ReportCondition => Text::new("合格の条件を満たしたと報告する", "Report that a condition of a pass is met"),
        P::ReplyToReport => Text::new("条件の報告に回答する", "Reply to such a report"),
        P::MakeObjection => Text::new("判定に異議を申し立てる", "Object to a decision"),
        P::DecideObjection => {
            Text::new("異議についての判断を提案し、確認する", "Propose and confirm what becomes of an objection")
        }
        P::ReadStatistics => Text::new("審査の統計を読む", "Read the statistics of examinations"),
        P::ReadWebhooks => Text::new("Webhookと送ったものを読む", "Read webhooks and what they were told"),
        P::ChangeWebhooks => Text::new("Webhookを作り、終える", "Make and end webhooks"),
        P::SendToWebhooks => {
            Text::new("Webhookに試しに送り、もう一度送る", "Send a webhook a test, or again what it was told")
        }
    }
}
