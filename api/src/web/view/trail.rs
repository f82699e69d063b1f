//! The audit trail: searching it, and its lines as a table for spreadsheets.

use std::borrow::Cow::Borrowed;
use std::collections::BTreeMap;

use askama::Template;
use domain::act::Role;
use domain::calendar::{Day, Instant};

use super::form::{Choice, Field, FieldError, Form, Input, SummaryLine, Width};
use super::frame::Frame;
use crate::account::trail::{Entry, Search};
use crate::problem::people::role;

/// What is searched for, and the lines that fit.
#[derive(Debug, Template)]
#[template(path = "account/trail.html")]
pub struct TrailPage {
    pub frame: Frame,
    pub form: Form,
    /// `None`: the form was refused.
    pub lines: Option<Vec<TrailLine>>,
    /// Is it a later page than the first?
    pub is_later: bool,
    /// The last line of this page, where there are older ones.
    pub older: Option<i64>,
}

/// A line.
#[derive(Clone, Debug)]
pub struct TrailLine {
    pub entry: Entry,
    /// The person's name, where it is known.
    pub name: Option<String>,
}

const OUTCOMES: &[Choice] = &[(Borrowed("done"), Borrowed("行われた")), (Borrowed("refused"), Borrowed("拒まれた"))];

/// What can be searched for. Everything that is filled in must fit.
pub static FIELDS: [Field; 7] = [
    Field::optional("/person", "利用者番号", "例：P-04HMASW9", Input::Line(Width::Middle)),
    Field::optional("/what", "何を", "例：sign_in、application.submitted", Input::Line(Width::Middle)),
    Field::optional("/subject", "何について", "例：application/A-2026-00001", Input::Line(Width::Middle)),
    Field::optional("/outcome", "結果", "", Input::Select(Borrowed(OUTCOMES))),
    Field::optional("/request", "要求番号", "答えの X-Request-Id にあります。", Input::Line(Width::Middle)),
    Field::optional("/from", "最初の日", "日本の日付。例：2026年4月1日", Input::Day),
    Field::optional("/until", "最後の日", "この日を含みます。", Input::Day),
];

/// What the form asks for, without a place to go on from.
pub fn search(form: &Form) -> Result<Search, Vec<FieldError>> {
    let read = form.read(&FIELDS)?;
    let text = |name: &str| read.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let day = |name: &str| text(name).and_then(|day| day.parse::<Day>().ok());
    let search = Search {
        person: text("person"),
        what: text("what"),
        subject: text("subject"),
        outcome: text("outcome"),
        request: text("request"),
        from: day("from"),
        until: day("until"),
        before: None,
    };
    let wrong = |message| vec![FieldError { field: "/until".to_owned(), message }];
    search.check().map_err(wrong).map(|()| search)
}

impl TrailLine {
    /// `names` holds people's names by their ids.
    pub fn new(entry: Entry, names: &BTreeMap<String, String>) -> Self {
        let name = entry.person.as_ref().and_then(|person| names.get(person)).cloned();
        Self { entry, name }
    }

    fn at(&self) -> Option<Instant> {
        self.entry.at.parse().ok()
    }

    fn role(&self) -> Option<String> {
        let found: Role = self.entry.role.as_deref()?.parse().ok()?;
        Some(role(found).ja)
    }

    fn outcome(&self) -> &str {
        let found = OUTCOMES.iter().find(|(word, _)| *word == self.entry.outcome);
        found.map_or(self.entry.outcome.as_str(), |(_, words)| words)
    }
}

impl TrailPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&FIELDS)
    }

    /// The search as a query, for the links to older lines and to the table.
    fn query(&self) -> String {
        let is_asked = |(name, value): &&(String, String)| {
            !value.is_empty() && FIELDS.iter().any(|field| name.starts_with(&*field.name))
        };
        let asked: Vec<&(String, String)> = self.form.typed.iter().filter(is_asked).collect();
        // Writing names and values cannot fail.
        serde_urlencoded::to_string(asked).unwrap_or_default()
    }

    fn older_query(&self, before: &i64) -> String {
        let query = self.query();
        if query.is_empty() { format!("before={before}") } else { format!("{query}&before={before}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Form {
        Form::of(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn empty_fields_ask_for_nothing_and_days_are_days_in_japan() {
        let days = [("/from/year", "令和8"), ("/from/month", "4"), ("/from/day", "1"), ("/what", " ")];
        let found = search(&typed(&days)).unwrap();
        assert_eq!(found.from.map(|day| day.to_string()).as_deref(), Some("2026-04-01"));
        assert_eq!((found.what, found.person, found.until), (None, None, None));
        let backwards = [
            ("/from/year", "2026"),
            ("/from/month", "4"),
            ("/from/day", "2"),
            ("/until/year", "2026"),
            ("/until/month", "4"),
            ("/until/day", "1"),
        ];
        assert_eq!(search(&typed(&backwards)).unwrap_err()[0].field, "/until");
        assert_eq!(search(&typed(&[("/outcome", "perhaps")])).unwrap_err()[0].field, "/outcome");
    }

    /// Links carry what was asked and nothing else.
    #[test]
    fn links_carry_the_search() {
        let form = typed(&[("/what", "a&b=c"), ("/person", ""), ("before", "9"), ("/from/year", "2026")]);
        let frame = Frame::public(domain::text::Language::Ja, "/", None, false);
        let page = TrailPage { frame, form, lines: None, is_later: false, older: None };
        assert_eq!(page.older_query(&7), "%2Fwhat=a%26b%3Dc&%2Ffrom%2Fyear=2026&before=7");
        assert_eq!(TrailPage { form: Form::default(), ..page }.older_query(&7), "before=7");
    }
}
