//! A round of registrations in words.

use askama::Template;
use domain::calendar::Day;
use domain::round::{Entry, announcement};
use domain::text::Text;

use super::form::{Field, FieldError, Form, Input, SummaryLine};
use super::frame::Frame;
use crate::round::Announced;

/// What is announced of a round, to be copied.
#[derive(Debug, Template)]
#[template(path = "desk/round.html")]
pub struct RoundPage {
    pub frame: Frame,
    pub form: Form,
    pub found: Option<Found>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub head: Text,
    pub entries: Vec<Entry>,
    /// How many of them are not in the register yet.
    pub expected: usize,
    pub text: Text,
}

/// どの回か
pub static FIELDS: [Field; 3] = [
    Field::required(
        "/from",
        "いちばん早い初日",
        "有効期間の初日が、この日からのものを並べます。日本の日付です。",
        Input::Day,
    ),
    Field::required(
        "/until",
        "いちばん遅い初日",
        "有効期間の初日が、この日までのものを並べます。この日を含みます。366日までです。",
        Input::Day,
    ),
    Field::optional(
        "/first",
        "登録を待つ申請も、この日を初日として含める",
        "公表前の確認用です。空欄なら、登録されたものだけを出します。更新の初日は、いまの有効期間の次の日です。",
        Input::Day,
    ),
];

/// What is said where a day is needed.
pub fn needed_day() -> Text {
    Text::new("日を入力してください。", "Name the day.")
}

/// The days that are asked for.
pub fn asked(form: &Form) -> Result<(Day, Day, Option<Day>), Vec<FieldError>> {
    let read = form.read(&FIELDS)?;
    let day = |name: &str| read.get(name).and_then(|value| value.as_str()).and_then(|text| text.parse::<Day>().ok());
    let needed = |field: &Field| vec![FieldError { field: field.name.to_string(), message: needed_day() }];
    let from = day("from").ok_or_else(|| needed(&FIELDS[0]))?;
    let until = day("until").ok_or_else(|| needed(&FIELDS[1]))?;
    Ok((from, until, day("first")))
}

impl RoundPage {
    pub fn new(frame: Frame, form: Form, found: Option<&Announced>) -> Self {
        let shown = |found: &Announced| {
            let entries = found.all();
            let (head, text) = (found.round.head(entries.len()), announcement(&found.round, &entries));
            Found { head, expected: found.expected.len(), text, entries }
        };
        Self { frame, found: found.map(shown), form }
    }

    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&FIELDS)
    }

    /// What was asked, for the links to text and table.
    fn query(&self) -> String {
        let is_asked = |(name, value): &&(String, String)| {
            !value.is_empty() && FIELDS.iter().any(|field| name.starts_with(&*field.name))
        };
        let asked: Vec<&(String, String)> = self.form.typed.iter().filter(is_asked).collect();
        // Writing names and values cannot fail.
        serde_urlencoded::to_string(asked).unwrap_or_default()
    }
}
