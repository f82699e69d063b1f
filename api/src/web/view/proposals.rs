//! What waits for a second person: the list, and one proposal with what can be done about it.

use askama::Template;
use domain::act::Verdict;
use domain::application::{Condition, ObjectionOutcome};
use domain::calendar::{Day, Instant};
use domain::proposal::{Motion, Proposal, Standing};
use domain::reading::day_text;
use domain::settings::{Holiday, SettingId};
use domain::text::Text;

use super::footing::BasisLine;
use super::form::{Field, Form, Input, SummaryLine};
use super::frame::Frame;
use super::history::{Event, kind};
use super::house::Preview;
use super::measures::in_words;

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
    /// What a measure would rest on.
    pub grounds: Option<GroundsLine>,
    /// To whom a registration would go over.
    pub succession: Option<SuccessionLine>,
    /// What the provider said to it, and when.
    pub statement: Option<(String, Instant)>,
    /// Until when the provider can still state its side: it cannot be confirmed before.
    pub hearing_open: Option<Day>,
    /// What the public will read once a measure is taken: the service's history, its newest events.
    pub published: Vec<Event>,
    /// What a decision would rest on.
    pub basis: Option<BasisLine>,
    /// What of that is not as it was: it cannot be confirmed any more.
    pub shifts: Vec<String>,
}

/// What a measure would rest on.
#[derive(Clone, Debug)]
pub struct GroundsLine {
    pub clauses: Vec<String>,
    pub facts: String,
    pub from: Option<Instant>,
    pub hearing_until: Option<Day>,
}

/// To whom a registration would go over.
#[derive(Clone, Debug)]
pub struct SuccessionLine {
    /// The organisation's id.
    pub to: String,
    /// The day that the documents say.
    pub on: Day,
    pub evidence: String,
    /// Name and address.
    pub provider: String,
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
            Motion::TakeMeasure { registration, measure, reason, .. } => (
                format!("登録 {registration} の{}", kind(*measure).ja),
                format!("/register/{registration}/measures"),
                reason.as_str(),
                EVERYWHERE,
            ),
            Motion::DecideMeasureObjection { registration, measure, outcome, reason } => {
                let word = match outcome {
                    ObjectionOutcome::Dismissed => "棄却",
                    ObjectionOutcome::Upheld => "認容",
                };
                (
                    format!("登録 {registration} の措置 {measure} への異議の{word}"),
                    format!("/register/{registration}/measures"),
                    reason.as_str(),
                    PUBLIC,
                )
            }
            Motion::Succeed { registration, succession, provider } => (
                format!("登録 {registration} の承継：{}（{}）へ", provider.trade_name, succession.kind.term().ja),
                format!("/register/{registration}"),
                succession.reason.as_str(),
                "行われると、登録簿の経過に示され、提供事業者が変わります。",
            ),
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
            Motion::ChangeSetting { setting: SettingId::Holidays, .. } => {
                ("休日の変更".to_owned(), "/scheme".to_owned(), "", PUBLIC)
            }
            Motion::ChangeSetting { setting: SettingId::Figure(figure), value, from, reason, .. } => {
                let (name, unit) = (figure.words().ja, figure.unit().words().ja);
                let day = day_text(*from).ja;
                (format!("「{name}」を{day}から{value}{unit}とする変更"), "/scheme".to_owned(), reason.as_str(), PUBLIC)
            }
            Motion::ChangeHolidays { days, reason, .. } => {
                let said = |holiday: &Holiday| match &holiday.name {
                    Some(name) => format!("{}（{name}）", day_text(holiday.day).ja),
                    None => format!("{}（休日でない）", day_text(holiday.day).ja),
                };
                let days: Vec<String> = days.iter().map(said).collect();
                (format!("休日の変更：{}", days.join("、")), "/scheme".to_owned(), reason.as_str(), PUBLIC)
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
            Motion::TakeMeasure { plan: Some(plan), .. } => plan.corrections.clone(),
            _ => Vec::new(),
        };
        let plan = match &proposal.motion {
            Motion::TakeMeasure { plan, .. } => plan.as_deref(),
            _ => None,
        };
        let succession = match &proposal.motion {
            Motion::Succeed { succession, provider, .. } => Some(SuccessionLine {
                to: succession.to.to_string(),
                on: succession.on,
                evidence: succession.evidence.clone(),
                provider: format!("{}（{}）", provider.trade_name, provider.address),
            }),
            _ => None,
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
            grounds: plan.map(|plan| GroundsLine {
                clauses: in_words(&plan.clauses),
                facts: plan.facts.clone(),
                from: plan.from,
                hearing_until: plan.hearing_until,
            }),
            succession,
            statement: proposal.statement.as_ref().map(|statement| (statement.words.clone(), statement.at)),
            hearing_open: None,
            published: Vec::new(),
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
