//! What waits for a second person: the list, and one proposal with what can be done about it.

use askama::Template;
use domain::act::Verdict;
use domain::application::{Condition, ObjectionOutcome};
use domain::calendar::Instant;
use domain::proposal::{Motion, Proposal, Standing};
use domain::registration::MeasureKind;
use domain::text::Text;

use super::footing::BasisLine;
use super::form::{Field, Form, Input, SummaryLine};
use super::frame::Frame;
use super::house::Preview;

/// Everything that waits.
#[derive(Debug, Template)]
#[template(path = "desk/proposals.html")]
pub struct ProposalsPage {
    pub frame: Frame,
    pub proposals: Vec<Proposed>,
}

/// One proposal.
#[derive(Debug, Template)]
#[template(path = "desk/proposal.html")]
pub struct ProposalPage {
    pub frame: Frame,
    pub proposed: Proposed,
    /// Might whoever looks be the second person?
    pub may_confirm: bool,
    pub may_drop: bool,
    /// The form that drops it.
    pub form: Form,
    /// Why a confirmation was refused.
    pub refusal: Option<Text>,
}

/// 提案の取りやめ
pub static DROP: Field = Field::required("/reason", "取りやめる理由", "記録に残ります。", Input::Lines);

/// A proposal in words.
#[derive(Clone, Debug)]
pub struct Proposed {
    pub id: String,
    pub version: u32,
    /// 「登録 OTK-2026-00001 の一時停止」
    pub what: String,
    /// The page of what it is about.
    pub href: String,
    pub reason: String,
    /// Who reads the reason once it is done.
    pub readers: &'static str,
    pub by: String,
    pub made_at: Instant,
    pub until: Instant,
    pub standing: Standing,
    pub dropped: Option<String>,
    /// The file that would be published, and its digest.
    pub file: Option<(String, String)>,
    /// What that file would change.
    pub preview: Option<Preview>,
    /// What a pass would ask of the applicant.
    pub conditions: Vec<Condition>,
    /// What a decision would rest on.
    pub basis: Option<BasisLine>,
    /// What of that is not as it was: it cannot be confirmed any more.
    pub shifts: Vec<String>,
}

impl Proposed {
    /// `by` is the name of the person who proposed it.
    pub fn new(proposal: &Proposal, by: String, standing: Standing) -> Self {
        const EVERYWHERE: &str = "行われると、登録簿とマークの確認画面にこのまま示されます。";
        const PUBLIC: &str = "行われると、このまま公開されます。";
        let (what, href, reason, readers) = match &proposal.motion {
            Motion::Decide { application, decision, .. } => {
                let verdict = match decision.verdict {
                    Verdict::Pass => "合格",
                    Verdict::Fail => "不合格",
                };
                let href = format!("/decisions/{application}");
                (
                    format!("申請 {application} の判定：{verdict}"),
                    href,
                    decision.reason.as_str(),
                    "判定されると、申請者に示されます。",
                )
            }
            Motion::TakeMeasure { registration, measure, reason } => {
                let word = match measure {
                    MeasureKind::Suspended => "一時停止",
                    MeasureKind::Reinstated => "再開",
                    MeasureKind::Revoked => "取消し",
                };
                (
                    format!("登録 {registration} の{word}"),
                    format!("/register/{registration}"),
                    reason.as_str(),
                    EVERYWHERE,
                )
            }
            Motion::RevokeLicence { licence, reason } => {
                (format!("使用許諾 {licence} の取消し"), format!("/{licence}"), reason.as_str(), EVERYWHERE)
            }
            Motion::ActivateKey { key } => (format!("署名の鍵 {key} の使用開始"), format!("/keys/{key}"), "", PUBLIC),
            Motion::CompromiseKey { key, reason } => {
                (format!("署名の鍵 {key} の危殆化"), format!("/keys/{key}"), reason.as_str(), PUBLIC)
            }
            Motion::PublishEdition { edition, reason, .. } => {
                (format!("{edition}版の公示"), "/editions".to_owned(), reason.as_str(), PUBLIC)
            }
            Motion::DecideObjection { application, outcome, reason } => {
                let word = match outcome {
                    ObjectionOutcome::Dismissed => "棄却",
                    ObjectionOutcome::Upheld => "認容",
                };
                (
                    format!("申請 {application} の異議の{word}"),
                    format!("/applications/{application}/decision"),
                    reason.as_str(),
                    "行われると、申請者に示されます。",
                )
            }
            Motion::WaiveConflict { application, examiner, reason } => (
                format!("申請 {application} の審査員 {examiner} の利益相反の免除"),
                format!("/intake/{application}"),
                reason.as_str(),
                "記録に残り、事務局と監査人に示されます。",
            ),
        };
        let conditions = match &proposal.motion {
            Motion::Decide { conditions, .. } => conditions.clone(),
            _ => Vec::new(),
        };
        Self {
            id: proposal.id.to_string(),
            version: proposal.version,
            what,
            href,
            reason: reason.to_owned(),
            readers,
            by,
            made_at: proposal.made_at,
            until: proposal.until,
            standing,
            dropped: proposal.dropped.as_ref().map(|dropped| dropped.reason.clone()),
            file: None,
            preview: None,
            conditions,
            basis: proposal.basis.as_deref().map(BasisLine::from),
            shifts: Vec::new(),
        }
    }

    fn word(&self) -> &'static str {
        match self.standing {
            Standing::Open => "確認待ち",
            Standing::Dropped => "取りやめ",
            Standing::Settled => "処理済み",
            Standing::Expired => "期限切れ",
        }
    }
}

impl ProposalPage {
    fn summary(&self) -> Vec<SummaryLine> {
        let of_all =
            self.refusal.iter().map(|refusal| SummaryLine { anchor: None, label: None, message: refusal.ja.clone() });
        of_all.chain(self.form.summary(std::slice::from_ref(&DROP))).collect()
    }
}
