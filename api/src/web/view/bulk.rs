//! Many at once, in words.

use std::borrow::Cow::Borrowed;

use askama::Template;

use super::form::{Choice, Field, Form, Input, SummaryLine};
use super::frame::Frame;
use crate::bulk::{KINDS, Outcome};

/// What would be done, or was.
#[derive(Debug, Template)]
#[template(path = "desk/bulk.html")]
pub struct BulkPage {
    pub frame: Frame,
    pub form: Form,
    pub found: Option<Found>,
}

/// Lines, each with what would come of it, or came.
#[derive(Clone, Debug)]
pub struct Found {
    pub lines: Vec<LineRow>,
    pub is_cut: bool,
    /// What makes a second click the same one; none once it is done.
    pub key: Option<String>,
}

/// One line.
#[derive(Clone, Debug)]
pub struct LineRow {
    pub word: String,
    pub title: String,
    pub href: String,
    pub words: String,
    /// It is not done.
    pub is_refused: bool,
}

const CHOICES: &[Choice] = &[
    (Borrowed(KINDS[0].0), Borrowed(KINDS[0].1)),
    (Borrowed(KINDS[1].0), Borrowed(KINDS[1].1)),
    (Borrowed(KINDS[2].0), Borrowed(KINDS[2].1)),
    (Borrowed(KINDS[3].0), Borrowed(KINDS[3].1)),
];

/// 何をするか
pub static FIELDS: [Field; 2] = [
    Field::required("/kind", "まとめて行うこと", "", Input::OneOf(Borrowed(CHOICES))),
    Field::optional(
        "/first",
        "新規の登録の初日",
        "登録するときに入力します。更新は、いまの有効期間の次の日からです。",
        Input::Day,
    ),
];

impl Found {
    pub fn new(outcomes: Vec<Outcome>, is_cut: bool, key: Option<String>) -> Self {
        let row = |one: Outcome| {
            let (words, is_refused) = match &one.result {
                Ok(words) => (words.ja.clone(), false),
                Err(problem) => (problem.detail.ja.clone(), true),
            };
            LineRow { word: one.line.word(), title: one.title.ja, href: one.page, words, is_refused }
        };
        Self { lines: outcomes.into_iter().map(row).collect(), is_cut, key }
    }

    fn can_any(&self) -> bool {
        self.key.is_some() && self.lines.iter().any(|line| !line.is_refused)
    }
}

impl BulkPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&FIELDS)
    }

    /// What was asked, to be sent again with the lines.
    fn asked(&self) -> Vec<(&str, &str)> {
        let is_asked = |(name, _): &&(String, String)| FIELDS.iter().any(|field| name.starts_with(&*field.name));
        self.form.typed.iter().filter(is_asked).map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}
