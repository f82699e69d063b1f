//! Applications as their provider, the secretariat, examiners and decision makers see them.

use std::slice;

use askama::Template;
use domain::act::{FieldReason, Leaf, Verdict, words};
use domain::application::{self, Application, Clock, Deadline, Matter};
use domain::calendar::{Day, Instant};
use domain::declaration::{Class, Kind};
use domain::reading::day_text;
use domain::registration::{Registration, Window};
use domain::settings::Settings;

use super::criteria::{CriterionLine, Judged};
use super::declaration::{DeclaredSection, label_of};
use super::drafts::DraftLine;
use super::evidence::FileLine;
use super::footing::Footing;
use super::form::{Field, Form, Input, Leftover, SummaryLine};
use super::frame::Frame;
use super::licences::{END, GRANT, KIT, LicencePanel};
use super::parts::{Badge, Icon, Shape};
use super::questions::{Conversation, ReminderLine, left};
use super::ruling::ConditionLine;
use super::state::State;

/// What every page about an application says at its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub id: String,
    /// The version that forms ask to change.
    pub version: u32,
    pub service: String,
    pub provider: String,
    pub class: Class,
    pub kind: Kind,
    pub edition: String,
    pub submitted_at: Instant,
    /// Submissions so far: 1, and one more for each return.
    pub submission: u32,
    pub stage: Stage,
    /// The registration whose next term it is for.
    pub renews: Option<String>,
    /// The registration of which it changes something, and the criteria that are examined because of it.
    pub changes: Option<Changes>,
    /// By when it is to be examined, and whether the applicant is waited for.
    pub clock: Clock,
    /// It is not open to whoever looks: only whose it is may be shown.
    pub is_closed: bool,
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    pub number: String,
    /// In Japanese.
    pub criteria: String,
}

fn about(application: &Application, matter: Matter) -> Option<String> {
    application.concerns.as_ref().and_then(|concern| concern.of(matter)).map(ToString::to_string)
}

fn criteria(application: &Application) -> String {
    let touched = application.concerns.as_ref().and_then(|concern| concern.touched.as_ref());
    let terms = touched.iter().flat_map(|touched| &touched.criteria).map(|criterion| criterion.term().ja);
    terms.collect::<Vec<_>>().join("、")
}

impl Case {
    /// An application as it looks on `today`; `is_registered` when it led to a registration.
    pub fn new(application: &Application, is_registered: bool, today: Day, settings: &Settings) -> Self {
        let (provider, service) = (&application.declaration.provider, &application.declaration.service);
        Self {
            id: application.id.to_string(),
            version: application.version,
            service: service.name.clone(),
            provider: provider.trade_name.clone(),
            class: service.class,
            kind: service.kind,
            edition: application.edition.clone(),
            submitted_at: application.submitted_at,
            submission: application.submission,
            stage: Stage::of(&application.stage, is_registered),
            renews: about(application, Matter::Renewal),
            changes: about(application, Matter::Change)
                .map(|number| Changes { number, criteria: criteria(application) }),
            clock: application.clock(today, settings),
            is_closed: false,
        }
    }

    /// How many working days are left while it is examined, in words.
    pub(super) fn left(&self) -> Option<String> {
        self.clock.due.as_ref().filter(|_| self.stage == Stage::Examining).map(left)
    }
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Submitted,
    Returned,
    Examining,
    Recommended,
    /// Decided with a pass, not yet registered.
    Passed,
    Failed,
    Registered,
    /// Decided, and objected to.
    Objected,
    Withdrawn,
}

impl Stage {
    fn of(stage: &application::Stage, is_registered: bool) -> Self {
        match stage {
            application::Stage::Submitted => Self::Submitted,
            application::Stage::Returned { .. } => Self::Returned,
            application::Stage::Examining => Self::Examining,
            application::Stage::Recommended { .. } => Self::Recommended,
            application::Stage::Decided { .. } if is_registered => Self::Registered,
            application::Stage::Decided { decision, .. } => match decision.verdict {
                Verdict::Pass => Self::Passed,
                Verdict::Fail => Self::Failed,
            },
            application::Stage::Withdrawn { .. } => Self::Withdrawn,
        }
    }

    /// The stage in a word, with its icon and colour.
    pub fn badge(self) -> Badge {
        let (shape, tone, word) = match self {
            Self::Submitted => (Shape::Clock, "blue", "受付待ち"),
            Self::Returned => (Shape::Alert, "yellow", "差戻し"),
            Self::Examining => (Shape::Clock, "blue", "審査中"),
            Self::Recommended => (Shape::Clock, "blue", "判定待ち"),
            Self::Passed => (Shape::Tick, "green", "合格（登録待ち）"),
            Self::Failed => (Shape::Cross, "red", "不合格"),
            Self::Registered => (Shape::Tick, "green", "登録済み"),
            Self::Objected => (Shape::Clock, "blue", "異議の判断待ち"),
            Self::Withdrawn => (Shape::Dash, "gray", "取下げ"),
        };
        Badge { icon: Icon { shape }, tone, word: word.to_owned() }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Returned | Self::Examining | Self::Recommended)
    }
}

/// A list of applications: the provider's own, or one desk's queue.
#[derive(Debug, Template)]
#[template(path = "desk/queue.html")]
pub struct QueuePage {
    pub frame: Frame,
    pub desk: Desk,
    pub at: Instant,
    /// A provider's own drafts, the last saved first.
    pub drafts: Vec<DraftLine>,
    /// A provider's registrations whose renewal is to be applied for or under way.
    pub renewals: Vec<RenewalLine>,
    /// In the order in which they are shown: oldest first in a queue.
    pub cases: Vec<Case>,
    /// What waits for whoever looks.
    pub waiting: Vec<ReminderLine>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// A registration whose term ends before long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewalLine {
    pub number: String,
    pub service: String,
    pub window: Window,
    /// Since when a renewal is filed.
    pub filed_on: Option<Day>,
    /// The first day on which it does not go on any more, if that is not decided.
    pub holds_until: Option<Day>,
    /// Is the last day for being in time over?
    pub is_late: bool,
    pub can_begin: bool,
}

impl RenewalLine {
    /// What is to be done, if something is: `may` says whether whoever looks applies for this organisation.
    pub fn of(registration: &Registration, settings: &Settings, may: bool, at: Instant) -> Option<Self> {
        let filing = registration.open_renewal();
        let can_file = registration.can_file(Matter::Renewal, settings, at);
        if filing.is_none() && can_file.is_err() {
            return None;
        }
        let window = registration.renewal_window(settings);
        Some(Self {
            number: registration.number.to_string(),
            service: registration.listing.service_name.clone(),
            window,
            filed_on: filing.map(|filing| filing.filed_at.day()),
            holds_until: filing.and_then(|filing| filing.holds_until).or(can_file.clone().ok().flatten()),
            is_late: window.due < at.day(),
            can_begin: may && filing.is_none() && can_file.is_ok(),
        })
    }

    pub(super) fn words(&self) -> String {
        let day = |day: Day| day_text(day).ja;
        let closes = day(self.window.closes);
        match (self.filed_on, self.is_late) {
            (Some(filed), _) => {
                let goes_on = self.holds_until.map_or_else(
                    || "それまでに登録されないと、登録は失効します".to_owned(),
                    |until| format!("判定がそのあとになっても、{}まで登録は続きます", day(until.previous())),
                );
                format!("{}に更新の申請を受け付けました。有効期間は{closes}まで。{goes_on}。", day(filed))
            }
            (None, false) => format!("有効期間は{closes}まで。更新の申請の期限は{}です。", day(self.window.due)),
            (None, true) => format!(
                "有効期間は{closes}まで。更新の申請の期限（{}）を過ぎています。期間が終わるまでに更新されないと、登録は失効します。",
                day(self.window.due)
            ),
        }
    }
}

/// Whose list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desk {
    Applications,
    Intake,
    Examinations,
    Decisions,
}

impl Desk {
    /// The address of the list; a case is below it.
    pub fn path(self) -> &'static str {
        match self {
            Self::Applications => "/applications",
            Self::Intake => "/intake",
            Self::Examinations => "/examinations",
            Self::Decisions => "/decisions",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Applications => "申請一覧",
            Self::Intake => "受付と登録の一覧",
            Self::Examinations => "審査一覧",
            Self::Decisions => "判定待ち一覧",
        }
    }

    fn nothing(self) -> &'static str {
        match self {
            Self::Applications => "申請はまだありません。",
            Self::Intake => "受け付ける申請も、登録を待つ申請もありません。",
            Self::Examinations => "割り当てられた審査はありません。",
            Self::Decisions => "判定を待つ申請はありません。",
        }
    }
}

impl QueuePage {
    /// Whole days since it was submitted.
    fn age(&self, case: &Case) -> i64 {
        case.submitted_at.day().days_until(self.at.day())
    }

    /// Do the people of this list work by due days?
    fn has_due_days(&self) -> bool {
        matches!(self.desk, Desk::Intake | Desk::Examinations)
    }

    /// Has its day passed?
    fn is_overdue(&self, case: &Case) -> bool {
        case.stage == Stage::Examining && case.clock.due.is_some_and(|due| due.is_overdue)
    }
}

/// One application as its provider sees it.
#[derive(Debug, Template)]
#[template(path = "desk/application.html")]
pub struct ApplicationPage {
    pub frame: Frame,
    pub case: Case,
    /// Newest first.
    pub timeline: Vec<Moment>,
    /// What the secretariat wants changed, when it was sent back.
    pub returned: Vec<ReturnedField>,
    /// The decision, once there is one.
    pub decision: Option<Decision>,
    pub criteria: Vec<Examined>,
    pub declared: Vec<DeclaredSection>,
    pub files: Vec<FileLine>,
    /// Questions to the applicant, and the forms for answering them.
    pub conversation: Conversation,
    /// The registration and the licences under it.
    pub registration: Option<LicencePanel>,
    pub conditions: Vec<ConditionLine>,
    pub is_objected: bool,
    pub footing: Footing,
    pub withdrawal: Form,
}

/// Why it is taken back.
pub static WITHDRAWAL: Field = Field::required("/reason", "取下げの理由", "", Input::Lines);

impl ApplicationPage {
    fn summary(&self) -> Vec<SummaryLine> {
        let grant = self.registration.iter().flat_map(LicencePanel::summary);
        let is_open = self.case.stage.is_open();
        let withdrawal =
            if is_open { self.withdrawal.summary(slice::from_ref(&WITHDRAWAL)) } else { self.leftover().lines };
        withdrawal.into_iter().chain(self.conversation.summary()).chain(grant).collect()
    }

    /// What is left of a withdrawal that came too late.
    fn leftover(&self) -> Leftover {
        let fields = slice::from_ref(&WITHDRAWAL);
        if self.case.stage.is_open() { Leftover::default() } else { Leftover::of(&self.withdrawal, fields) }
    }

    /// What was typed and not recorded, into whichever form.
    fn leftovers(&self) -> Leftover {
        let Leftover { mut lines, mut typed } = self.leftover();
        lines.extend(self.conversation.leftover.lines.clone());
        typed.extend(self.conversation.leftover.typed.clone());
        Leftover { lines, typed }
    }
}

/// Something that was done about a case, or is to be done by a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    pub when: When,
    pub what: String,
    /// The act's leaf in the log.
    pub leaf: Option<u64>,
}

/// A second, or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    At(Instant),
    By(Day),
}

impl Moment {
    /// The moment of an act, from its leaf.
    pub fn of(leaf: &Leaf) -> Option<Self> {
        let what = words(&leaf.kind).map_or_else(|| leaf.kind.clone(), |words| words.ja);
        Some(Self { when: When::At(leaf.at.parse().ok()?), what, leaf: Some(leaf.seq) })
    }

    /// The day by which a case is to be examined.
    pub fn due(due: Deadline) -> Self {
        Self { when: When::By(due.day), what: format!("審査の期限（{}）", left(&due)), leaf: None }
    }
}

/// A reason for sending back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnedField {
    /// 「サービス：サービス名」
    pub label: String,
    pub reason: String,
}

impl From<&FieldReason> for ReturnedField {
    fn from(field: &FieldReason) -> Self {
        let label = label_of(&field.pointer).unwrap_or_else(|| field.pointer.clone());
        Self { label, reason: field.reason.clone() }
    }
}

/// A decision 「判定」.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub is_pass: bool,
    pub reason: String,
    pub at: Instant,
}

/// A criterion as its applicant sees it: the finding, and after the decision the judgements, without names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    pub line: CriterionLine,
    pub judged: Vec<Judged>,
}
