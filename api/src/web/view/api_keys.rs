//! The API keys of providers' systems, by organisation, with the forms that issue and end them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use askama::Template;
use domain::act::PersonId;
use domain::authority::Scope;
use domain::calendar::Instant;
use domain::text::Text;

use super::authority::scope;
use super::form::{Field, Form, Input, SummaryLine, Width};
use super::frame::Frame;
use crate::account::reading::KeyRing;
use crate::account::{ApiKey, MOST_API_KEYS};
use crate::identity::secret::Secret;

/// API keys by organisation.
#[derive(Debug, Template)]
#[template(path = "account/api_keys.html")]
pub struct ApiKeysPage {
    pub frame: Frame,
    pub rings: Vec<Ring>,
    /// Is it a later page than the first?
    pub is_later: bool,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Why a key was not ended.
    pub refusal: Option<Text>,
}

/// An organisation's keys.
#[derive(Clone, Debug)]
pub struct Ring {
    pub organisation: String,
    /// The organisation's name.
    pub name: String,
    pub keys: Vec<KeyLine>,
    /// Only for whoever may have keys made here.
    pub issue: Option<Issue>,
}

/// The form that issues a key.
#[derive(Clone, Debug)]
pub struct Issue {
    /// Keys that the page shows: what the form was made from.
    pub known: usize,
    pub fields: Vec<Field>,
    pub form: Form,
    /// Is there room for another? Where a form was refused it stands there all the same.
    pub has_room: bool,
}

/// A key.
#[derive(Clone, Debug)]
pub struct KeyLine {
    pub id: String,
    pub label: String,
    pub scopes: Vec<String>,
    /// The name of the person who answers for it; their id where the name is erased.
    pub by: String,
    pub made_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub is_good: bool,
    pub can_end: bool,
}

impl KeyLine {
    fn new(key: &ApiKey, names: &BTreeMap<PersonId, String>, can_end: bool, at: Instant) -> Self {
        Self {
            id: key.id.clone(),
            label: key.label.clone(),
            scopes: key.scopes.iter().map(|one| scope(*one).ja).collect(),
            by: names.get(&key.person).cloned().unwrap_or_else(|| key.person.to_string()),
            made_at: key.made_at,
            expires_at: key.expires_at,
            used_at: key.used_at,
            ended_at: key.ended_at,
            is_good: key.is_good(at),
            can_end: can_end && key.is_good(at),
        }
    }
}

impl Ring {
    /// `may_issue`: may whoever looks issue and end keys here?
    pub fn new(ring: &KeyRing, names: &BTreeMap<PersonId, String>, may_issue: bool, at: Instant) -> Self {
        let keys: Vec<_> = ring.keys.iter().map(|key| KeyLine::new(key, names, may_issue, at)).collect();
        let has_room = keys.iter().filter(|key| key.is_good).count() < MOST_API_KEYS;
        let mut shown =
            Self { organisation: ring.organisation.to_string(), name: ring.name.clone(), keys, issue: None };
        if may_issue {
            shown.issue = Some(Issue { known: shown.keys.len(), fields: fields(), form: Form::default(), has_room });
            shown.refuse(Form::default());
        }
        shown
    }

    /// With what was typed into the form that issues a key, and what is wrong with it.
    pub fn refuse(&mut self, form: Form) {
        if let Some(issue) = &mut self.issue {
            issue.form = form.marked(format!("issue-{}", self.organisation));
        }
    }
}

impl Issue {
    fn is_shown(&self) -> bool {
        self.has_room || !self.form.errors.is_empty()
    }
}

impl ApiKeysPage {
    fn summary(&self) -> Vec<SummaryLine> {
        let of_all =
            self.refusal.iter().map(|refusal| SummaryLine { anchor: None, label: None, message: refusal.ja.clone() });
        let issues = self.rings.iter().filter_map(|ring| ring.issue.as_ref());
        of_all.chain(issues.flat_map(|issue| issue.form.summary(&issue.fields))).collect()
    }
}

/// What issuing a key asks.
pub fn fields() -> Vec<Field> {
    let scopes: Vec<_> =
        Scope::ALL.iter().map(|one| (Cow::Borrowed(one.as_str()), Cow::Owned(scope(*one).ja))).collect();
    vec![
        Field::required("/label", "名前", "何に使うかが分かる名前。例：受付システム", Input::Line(Width::Middle)),
        Field::required("/scopes", "できること", "要るものだけを選びます。", Input::SomeOf(scopes.into())),
        Field::required("/days", "使える期間", "1日から366日。", Input::Number("日間")),
    ]
}

/// A key, shown once.
#[derive(Debug, Template)]
#[template(path = "account/api_key.html")]
pub struct ApiKeyPage {
    pub frame: Frame,
    pub label: String,
    pub key: Secret,
    pub expires_at: Instant,
}
