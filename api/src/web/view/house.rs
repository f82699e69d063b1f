//! What the register stands on, and the forms that propose changing it: signing keys, and editions of the criteria.

use askama::Template;
use domain::act::EditionId;
use domain::calendar::{Day, Instant};
use domain::edition::{Change, Changed, Editions, PublishedEdition, Standing};
use domain::signing_key::{KeyState, SigningKey};
use domain::text::Text;

use super::form::{Field, Form, Input, SummaryLine};
use super::frame::Frame;
use crate::seal::keys::Purpose;
use crate::what_if::{Candidate, Count, Counts};

/// Every key there ever was.
#[derive(Debug, Template)]
#[template(path = "public/keys.html")]
pub struct KeysPage {
    pub frame: Frame,
    pub keys: Vec<KeyLine>,
}

/// One key, with what can be proposed about it.
#[derive(Debug, Template)]
#[template(path = "desk/key.html")]
pub struct KeyPage {
    pub frame: Frame,
    pub key: KeyLine,
    /// Does this server hold its secret half?
    pub is_held: bool,
    /// The form that distrusts it.
    pub form: Form,
}

/// 危殆化の提案
pub static DISTRUST: Field = Field::required(
    "/reason",
    "信用しない理由",
    "確認されると、このまま公開されます。秘密や個人の名前を書かないでください。",
    Input::Lines,
);

/// A key in words.
#[derive(Clone, Debug)]
pub struct KeyLine {
    pub id: String,
    pub version: u32,
    pub purpose: Text,
    pub state: KeyState,
    pub since: Instant,
    pub public: String,
    pub created_at: Instant,
    pub reason: Option<String>,
}

impl KeyLine {
    /// `all` are the register's keys.
    pub fn new(key: &SigningKey, all: &[SigningKey]) -> Self {
        let state = key.state(all);
        Self {
            id: key.id.to_string(),
            version: key.version,
            purpose: match Purpose::from_name(&key.purpose) {
                Some(Purpose::Licence) => Text::new("マークの使用許諾", "Mark licences"),
                Some(Purpose::Status) => Text::new("マークの状態一覧", "Status lists of marks"),
                Some(Purpose::Log) => Text::new("記録（ログ）の検査点", "Checkpoints of the log"),
                Some(Purpose::Credential) => Text::new("検証可能な証明", "Verifiable credentials"),
                Some(Purpose::Webhook) | None => Text::new(key.purpose.clone(), key.purpose.clone()),
            },
            state,
            since: match state {
                KeyState::Next => key.created_at,
                KeyState::Active { since } | KeyState::Retired { since } | KeyState::Compromised { since } => since,
            },
            public: key.public.clone(),
            created_at: key.created_at,
            reason: key.compromised.as_ref().map(|compromised| compromised.reason.clone()),
        }
    }

    /// What it is good for, in a word.
    pub fn word(&self) -> Text {
        match self.state {
            KeyState::Next => Text::new("次の鍵", "Next"),
            KeyState::Active { .. } => Text::new("使用中", "Active"),
            KeyState::Retired { .. } => Text::new("引退", "Retired"),
            KeyState::Compromised { .. } => Text::new("危殆化", "Compromised"),
        }
    }

    fn is_next(&self) -> bool {
        self.state == KeyState::Next
    }

    fn is_compromised(&self) -> bool {
        matches!(self.state, KeyState::Compromised { .. })
    }
}

impl KeyPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(std::slice::from_ref(&DISTRUST))
    }
}

/// Every edition.
#[derive(Debug, Template)]
#[template(path = "public/editions.html")]
pub struct EditionsPage {
    pub frame: Frame,
    /// Newest first.
    pub editions: Vec<EditionLine>,
}

/// The form that proposes a file.
#[derive(Debug, Template)]
#[template(path = "desk/edition.html")]
pub struct EditionPage {
    pub frame: Frame,
    /// The edition that the file corrects, and the version of it that was seen.
    pub corrects: Option<(EditionId, u32)>,
    pub form: Form,
    /// What was asked to be shown first.
    pub preview: Option<Preview>,
}

/// What a file would change, and what it would find.
#[derive(Clone, Debug)]
pub struct Preview {
    pub is_correction: bool,
    pub changes: Vec<ChangeLine>,
    pub counts: Counts,
    /// Where the single cases are; none before it is candidate.
    pub csv: Option<String>,
}

/// One change in words.
#[derive(Clone, Debug)]
pub struct ChangeLine {
    /// 「1類・相談窓口」
    pub place: String,
    pub what: String,
    pub before: String,
    pub after: String,
}

impl Preview {
    /// `csv`: where the single cases are.
    pub fn new(candidate: &Candidate, counts: Counts, csv: Option<String>) -> Self {
        let changes = candidate.changes().iter().map(ChangeLine::new).collect();
        Self { is_correction: candidate.corrects().is_some(), changes, counts, csv }
    }

    /// The counts under their names.
    pub fn rows(&self) -> [(&'static str, Count); 2] {
        [("登録中のサービス", self.counts.registered), ("審査中の申請", self.counts.applications)]
    }
}

impl ChangeLine {
    fn new(change: &Change) -> Self {
        let criterion = change.criterion.map(|criterion| format!("・{}", criterion.term().ja)).unwrap_or_default();
        let shown = |text: &str| if text.is_empty() { "なし".to_owned() } else { text.to_owned() };
        Self {
            place: format!("{}類{criterion}", u8::from(change.class)),
            what: match change.what {
                Changed::Whole if change.before.is_empty() => "加わる".to_owned(),
                Changed::Whole => "なくなる".to_owned(),
                Changed::Clause => "条項".to_owned(),
                Changed::Wording => "文言".to_owned(),
                Changed::Kinds => "対象の類型".to_owned(),
                Changed::Standing => "確かさ".to_owned(),
                Changed::DecidedBy => "何で決まるか".to_owned(),
                Changed::Reads => "申告内容のどこを見るか".to_owned(),
                Changed::Judgement => "判断に要るもの".to_owned(),
                Changed::Limit { name } => format!("値（{}）", name.term().ja),
            },
            before: shown(&change.before),
            after: shown(&change.after),
        }
    }
}

/// 公示の提案
pub static PUBLISH: [Field; 2] = [
    Field::required(
        "/file",
        "版のファイル（TOML）",
        "全文を貼り付けます。行末はLFにそろえ、前後の空白を除いて、そのまま残します。",
        Input::File,
    ),
    Field::required("/reason", "公示する理由", "公示されると、このまま公開されます。", Input::Lines),
];

/// An edition in words.
#[derive(Clone, Debug)]
pub struct EditionLine {
    pub id: String,
    pub title: Text,
    pub in_force_from: Day,
    /// The day before the next edition's first.
    pub until: Option<Day>,
    pub is_governing: bool,
    pub is_provisional: bool,
    pub digest: String,
    /// Digests of the files it has corrected, newest first.
    pub corrected: Vec<String>,
    pub changed_at: Instant,
    /// Since when nothing is decided under it, and why.
    pub stopped: Option<(Instant, String)>,
}

/// The page that stops decisions under an edition, or resumes them.
#[derive(Debug, Template)]
#[template(path = "desk/stop.html")]
pub struct StopPage {
    pub frame: Frame,
    pub edition: EditionId,
    pub version: u32,
    pub stopped: Option<(Instant, String)>,
    pub form: Form,
}

/// 判定の停止・再開
pub static STOP: Field =
    Field::required("/reason", "理由", "すぐに公開されます。秘密や個人の名前を書かないでください。", Input::Lines);

impl StopPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(std::slice::from_ref(&STOP))
    }
}

impl EditionLine {
    /// All of them, newest first.
    pub fn all(editions: &Editions, published: &[PublishedEdition], today: Day) -> Vec<Self> {
        let all = editions.all();
        let governing = editions.governing(today).map(|edition| &edition.id);
        let line = |(index, edition): (usize, &domain::edition::Edition)| {
            let known = published.iter().find(|known| known.id == edition.id)?;
            Some(Self {
                id: edition.id.to_string(),
                title: edition.title.clone(),
                in_force_from: edition.in_force_from,
                until: all.get(index + 1).map(|next| next.in_force_from.previous()),
                is_governing: governing == Some(&edition.id),
                is_provisional: edition.standing == Standing::Provisional,
                digest: known.digest.clone(),
                corrected: known.corrected.iter().rev().cloned().collect(),
                changed_at: known.changed_at,
                stopped: known.stopped.as_ref().map(|stopped| (stopped.at, stopped.reason.clone())),
            })
        };
        let mut lines: Vec<Self> = all.iter().enumerate().filter_map(line).collect();
        lines.reverse();
        lines
    }
}

impl EditionPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&PUBLISH)
    }
}
