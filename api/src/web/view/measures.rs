//! Measures on a page of their own: what they rest on, what the provider says to them, and the forms for whoever may act.

use std::borrow::Borrow;
use std::borrow::Cow::{Borrowed, Owned};

use askama::Template;
use domain::application::{ObjectionOutcome, Progress};
use domain::calendar::{Day, Instant};
use domain::proposal::{Motion, Proposal};
use domain::registration::{Announced, HEARING_DAYS, Measure, MeasureKind, MeasureObjection, Registration};
use domain::scheme::Scheme;

use super::form::{Choice, Field, Form, Input, Leftover, SummaryLine, Width};
use super::frame::Frame;
use super::history::kind as name_of;
use super::parts::Badge;
use super::ruling::{ConditionLine, FindingLine, OBJECTION, ObjectionLine, REPLY, REPORT};
use super::state::State;

/// 措置
#[derive(Debug, Template)]
#[template(path = "desk/measures.html")]
pub struct MeasuresPage {
    pub frame: Frame,
    pub number: String,
    pub version: u32,
    pub service: String,
    pub provider: String,
    /// The provider's organisation, for the files it brings.
    pub owner: String,
    pub state: State,
    /// Newest first.
    pub measures: Vec<MeasureLine>,
    /// What is intended, and the provider is heard about.
    pub hearings: Vec<HearingLine>,
    /// When the emergency suspension that waits for a second person ends.
    pub waiting: Option<Instant>,
    pub announced: Option<Announced>,
    pub may: May,
    /// Days before which an announced end does not come.
    pub notice_days: u32,
    /// What was typed last, and into which form.
    pub form: Form,
    pub tried: Option<Tried>,
    /// Files that came with that form: digest and name.
    pub kept: Vec<(String, String)>,
}

/// What whoever looks may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct May {
    /// The measures that the state allows.
    pub take: Vec<MeasureKind>,
    pub suspend_at_once: bool,
    pub confirm: bool,
    pub report: bool,
    pub answer: bool,
    /// Measures, counted from 1, that can still be objected to, and whose objection can be decided on.
    pub object: Vec<usize>,
    pub hear: Vec<usize>,
    pub state_side: bool,
    pub discontinue: bool,
}

/// One of the forms; measures and corrections count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    Take(MeasureKind),
    Emergency,
    Confirm,
    Report(usize, usize),
    Answer(usize, usize),
    Object(usize),
    Hear(usize),
    State(String),
    Discontinue,
}

/// A measure in words.
#[derive(Clone, Debug)]
pub struct MeasureLine {
    pub number: usize,
    pub name: &'static str,
    pub at: Instant,
    /// When it begins to hold, if that is later.
    pub from: Option<Instant>,
    pub reason: String,
    pub clauses: Vec<String>,
    pub facts: Option<String>,
    /// Of an emergency that nobody has confirmed: when it ends, or ended.
    pub unconfirmed_until: Option<Instant>,
    pub is_set_aside: bool,
    pub corrections: Vec<ConditionLine>,
    pub objection_until: Option<Day>,
    pub objection: Option<ObjectionLine>,
}

/// A measure that is intended.
#[derive(Clone, Debug)]
pub struct HearingLine {
    pub proposal: String,
    pub name: String,
    pub reason: String,
    pub clauses: Vec<String>,
    pub facts: String,
    pub until: Day,
    /// Can it still be stated?
    pub is_open: bool,
    pub statement: Option<(String, Instant)>,
}

/// Registrations of which something waits.
#[derive(Debug, Template)]
#[template(path = "desk/attention.html")]
pub struct AttentionPage {
    pub frame: Frame,
    pub rows: Vec<AttentionRow>,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct AttentionRow {
    pub number: String,
    pub service: String,
    pub provider: String,
    pub state: State,
    /// Each with what is due or since when it waits.
    pub waits: Vec<(String, Badge)>,
}

const OUTCOMES: &[Choice] = &[
    (Borrowed("dismissed"), Borrowed("棄却（措置を維持する）")),
    (Borrowed("upheld"), Borrowed("認容（措置を取り消す）")),
];

/// 公表する理由
static REASON: Field = Field::required(
    "/reason",
    "公表する理由",
    "登録簿とマークの確認画面にこのまま示されます。個人名や捜査に関わることは書かないでください。",
    Input::Lines,
);
static FACTS: Field = Field::required(
    "/facts",
    "確かめた事実（非公開）",
    "事業者・事務局・判定者・監査人が読みます。公開されません。",
    Input::Lines,
);
static FROM: Field = Field::optional(
    "/from",
    "効力の始まる日",
    "その日の0時（日本時間）に始まります。空欄なら、確認されたときに始まります。90日先までです。",
    Input::Day,
);
static HEARING: Field = Field::required(
    "/hearingUntil",
    "弁明の期限",
    "事業者がこの日まで弁明できます。弁明が届くか、この日が過ぎるまで、取消しは確認できません。",
    Input::Day,
);
static CORRECTION: [Field; 3] = [
    Field::optional("/words", "是正すること", "", Input::Lines),
    Field::optional("/owner", "事業者のどの役職・誰が行うか", "", Input::Line(Width::Middle)),
    Field::optional("/due", "期限", "", Input::Day),
];
/// 弁明
static STATEMENT: [Field; 1] =
    [Field::required("/words", "弁明", "確認する人が読みます。一度だけ送れます。", Input::Lines)];
/// 措置への異議についての判断
static FINDING: [Field; 2] = [
    Field::required("/outcome", "判断", "", Input::OneOf(Borrowed(OUTCOMES))),
    Field::required("/reason", "判断の理由", "登録簿に示されます。", Input::Lines),
];
/// サービス終了の届出
static END: [Field; 3] = [
    Field::required("/lastDay", "サービスの最後の日", "30日以上先の、有効期間のうちの日。", Input::Day),
    Field::required("/forUsers", "利用企業への案内", "登録簿で公開されます。", Input::Lines),
    Field::required("/contracts", "契約の扱い", "解約、返金、移行先など。登録簿で公開されます。", Input::Lines),
];

/// Corrections that a form has room for.
pub const CORRECTIONS: usize = 3;

/// The clauses that provide for this, to be chosen.
fn clauses(measure: &str) -> Field {
    let of_it = Scheme::bundled().measure_clauses.iter().filter(|clause| clause.provides_for(measure));
    let choices: Vec<Choice> =
        of_it.map(|clause| (Owned(clause.id.clone()), Owned(clause.clause.ja.clone()))).collect();
    Field::required("/clauses", "根拠となる条項", "一つ以上選んでください（暫定）。", Input::SomeOf(Owned(choices)))
}

impl Tried {
    /// The fields of its form.
    pub fn fields(&self) -> Vec<Field> {
        let reasoned = |measure: &str| vec![clauses(measure), FACTS.clone(), REASON.clone()];
        match self {
            Self::Take(measure) => {
                let mut fields = reasoned(measure.as_str());
                if *measure == MeasureKind::CorrectionDemanded {
                    let places = (0..CORRECTIONS).map(|index| format!("/corrections/{index}"));
                    fields.extend(places.flat_map(|place| CORRECTION.each_ref().map(|field| field.under(&place))));
                }
                fields.push(FROM.clone());
                if *measure == MeasureKind::Revoked {
                    fields.push(HEARING.clone());
                }
                fields
            }
            Self::Emergency => reasoned("emergency"),
            Self::Confirm => Vec::new(),
            Self::Report(..) => REPORT.to_vec(),
            Self::Answer(..) => REPLY.to_vec(),
            Self::Object(_) => OBJECTION.to_vec(),
            Self::Hear(_) => FINDING.to_vec(),
            Self::State(_) => STATEMENT.to_vec(),
            Self::Discontinue => END.to_vec(),
        }
    }

    fn mark(&self) -> String {
        match self {
            Self::Take(measure) => measure.as_str().to_owned(),
            Self::Emergency => "emergency".to_owned(),
            Self::Confirm => "confirm".to_owned(),
            Self::Report(measure, number) => format!("report{measure}-{number}"),
            Self::Answer(measure, number) => format!("answer{measure}-{number}"),
            Self::Object(measure) => format!("object{measure}"),
            Self::Hear(measure) => format!("hear{measure}"),
            Self::State(proposal) => format!("state{proposal}"),
            Self::Discontinue => "end".to_owned(),
        }
    }

    /// The last part of the address it is posted to, of measures.
    pub fn word(measure: MeasureKind) -> &'static str {
        match measure {
            MeasureKind::Cautioned => "caution",
            MeasureKind::CorrectionDemanded => "correction",
            MeasureKind::Suspended => "suspend",
            MeasureKind::Reinstated => "reinstate",
            MeasureKind::Revoked => "revoke",
        }
    }
}

fn title_of(measure: MeasureKind) -> &'static str {
    match measure {
        MeasureKind::Cautioned => "注意を提案する",
        MeasureKind::CorrectionDemanded => "是正の求めを提案する",
        MeasureKind::Suspended => "一時停止を提案する",
        MeasureKind::Reinstated => "再開を提案する",
        MeasureKind::Revoked => "取消しを提案する",
    }
}

fn consequence_of(measure: MeasureKind) -> &'static str {
    match measure {
        MeasureKind::Cautioned => "登録の効力は変わりません。理由が登録簿の経過に示されます。",
        MeasureKind::CorrectionDemanded => {
            "登録の効力は変わりません。事業者は期限までに是正を報告し、事務局が認めるかどうかを答えます。"
        }
        MeasureKind::Suspended => "この登録にもとづくすべてのマークが「一時停止中」と表示されます。",
        MeasureKind::Reinstated => "この登録にもとづくマークが有効に戻ります。",
        MeasureKind::Revoked => {
            "この登録にもとづくすべてのマークが「取消し」と表示されます。元に戻せません。事業者には、確認の前に弁明の機会があります。"
        }
    }
}

impl MeasuresPage {
    fn title(&self, measure: &MeasureKind) -> &'static str {
        title_of(*measure)
    }

    fn consequence(&self, measure: &MeasureKind) -> &'static str {
        consequence_of(*measure)
    }

    fn stating(&self, hearing: &HearingLine) -> Tried {
        Tried::State(hearing.proposal.clone())
    }

    fn offers(&self, tried: impl Borrow<Tried>) -> bool {
        let tried = tried.borrow();
        let is = |measure: usize, number: usize, progress| {
            let found = self.measures.iter().find(|line| line.number == measure && !line.is_set_aside);
            let one = found.and_then(|line| line.corrections.get(number.checked_sub(1)?));
            one.is_some_and(|one| one.progress == progress)
        };
        match tried {
            Tried::Take(measure) => self.may.take.contains(measure),
            Tried::Emergency => self.may.suspend_at_once,
            Tried::Confirm => self.may.confirm,
            Tried::Report(measure, number) => self.may.report && is(*measure, *number, Progress::Open),
            Tried::Answer(measure, number) => self.may.answer && is(*measure, *number, Progress::Reported),
            Tried::Object(measure) => self.may.object.contains(measure),
            Tried::Hear(measure) => self.may.hear.contains(measure),
            Tried::State(proposal) => {
                let is_open = |line: &HearingLine| line.proposal == *proposal && line.is_open;
                self.may.state_side && self.hearings.iter().any(is_open)
            }
            Tried::Discontinue => self.may.discontinue,
        }
    }

    fn form_of(&self, tried: impl Borrow<Tried>) -> Form {
        let tried = tried.borrow();
        let form = if self.tried.as_ref() == Some(tried) { self.form.clone() } else { Form::default() };
        form.marked(tried.mark())
    }

    fn is_tried(&self, tried: impl Borrow<Tried>) -> bool {
        self.tried.as_ref() == Some(tried.borrow())
    }

    fn kept_by(&self, tried: impl Borrow<Tried>) -> &[(String, String)] {
        if self.is_tried(tried) { &self.kept } else { &[] }
    }

    fn summary(&self) -> Vec<SummaryLine> {
        match &self.tried {
            Some(tried) if self.offers(tried) => self.form_of(tried).summary(&tried.fields()),
            _ => self.leftover().lines,
        }
    }

    /// What is left of a form that came too late.
    fn leftover(&self) -> Leftover {
        match &self.tried {
            Some(tried) if !self.offers(tried) => Leftover::of(&self.form, &tried.fields()),
            _ => Leftover::default(),
        }
    }

    fn hearing_days(&self) -> i32 {
        HEARING_DAYS
    }
}

impl MeasureLine {
    /// Every measure, newest first.
    pub fn all(registration: &Registration, today: Day) -> Vec<Self> {
        let line = |(number, measure): (usize, &Measure)| Self {
            number,
            name: measure_name(measure),
            at: measure.at,
            from: Some(measure.from()).filter(|from| *from > measure.at),
            reason: measure.reason.clone(),
            clauses: measure.grounds.iter().flat_map(|grounds| in_words(&grounds.clauses)).collect(),
            facts: measure.grounds.as_ref().map(|grounds| grounds.facts.clone()),
            unconfirmed_until: measure.unconfirmed_until(),
            is_set_aside: measure.set_aside().is_some(),
            corrections: ConditionLine::of(&measure.corrections, today),
            objection_until: measure.grounds.as_ref().and_then(|grounds| grounds.objection_until),
            objection: measure.objection.as_deref().map(objection),
        };
        let mut lines: Vec<Self> = (1..).zip(&registration.measures).map(line).collect();
        lines.reverse();
        lines
    }
}

fn measure_name(measure: &Measure) -> &'static str {
    match measure.kind {
        MeasureKind::Cautioned => "注意",
        MeasureKind::CorrectionDemanded => "是正の求め",
        MeasureKind::Suspended if measure.emergency.is_some() => "緊急の一時停止",
        MeasureKind::Suspended => "一時停止",
        MeasureKind::Reinstated => "再開",
        MeasureKind::Revoked => "取消し",
    }
}

fn objection(objection: &MeasureObjection) -> ObjectionLine {
    let finding = objection.finding.as_ref().map(|finding| FindingLine {
        is_upheld: finding.outcome == ObjectionOutcome::Upheld,
        reason: finding.reason.clone(),
        at: finding.at,
    });
    let files = objection.evidence.iter().map(|file| (file.digest.to_string(), file.name.clone())).collect();
    ObjectionLine { reason: objection.reason.clone(), files, at: objection.at, finding }
}

/// Clauses as people cite them.
pub fn in_words(clauses: &[String]) -> Vec<String> {
    let words = |id: &String| {
        Scheme::bundled().measure_clause(id).map_or_else(|| id.clone(), |clause| clause.clause.ja.clone())
    };
    clauses.iter().map(words).collect()
}

impl HearingLine {
    /// A proposal of which the provider is heard.
    pub fn of(proposal: &Proposal, today: Day) -> Option<Self> {
        let Motion::TakeMeasure { measure, reason, plan: Some(plan), .. } = &proposal.motion else { return None };
        let statement = proposal.statement.as_ref();
        Some(Self {
            proposal: proposal.id.to_string(),
            name: name_of(*measure).ja,
            reason: reason.clone(),
            clauses: in_words(&plan.clauses),
            facts: plan.facts.clone(),
            until: plan.hearing_until?,
            is_open: proposal.hearing(today).is_some(),
            statement: statement.map(|statement| (statement.words.clone(), statement.at)),
        })
    }
}

impl AttentionRow {
    /// What waits of this registration.
    pub fn new(registration: &Registration, at: Instant) -> Self {
        let today = at.day();
        let mut waits = Vec::new();
        for measure in &registration.measures {
            if let Some(until) = measure.unconfirmed_until() {
                let (tone, word) = match at < until {
                    true => ("yellow", "二人目の確認待ち"),
                    false => ("red", "確認されないまま終了"),
                };
                waits.push(("緊急の一時停止".to_owned(), Badge::clock(tone, word)));
            }
            let open = ConditionLine::of(&measure.corrections, today);
            let open = open.into_iter().filter(|one| one.progress != Progress::Met && measure.set_aside().is_none());
            waits.extend(open.map(|one| (format!("是正（期限：{}）", one.due), one.badge())));
            if measure.waiting_objection().is_some() {
                let of = format!("{}への異議", measure_name(measure));
                waits.push((of, Badge::clock("yellow", "判断待ち")));
            }
        }
        Self {
            number: registration.number.to_string(),
            service: registration.listing.service_name.clone(),
            provider: registration.listing.provider.trade_name.clone(),
            state: (&registration.status(at)).into(),
            waits,
        }
    }
}
