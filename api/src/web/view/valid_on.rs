//! Were these in force on those days? Lines as they are pasted, and a table of the answers.

use std::iter;

use askama::Template;
use domain::calendar::Instant;
use domain::registration::Status;
use domain::text::{Language, Text};

use super::frame::Frame;
use super::state::State;
use crate::valid_on::{Held, Line, MOST, Who};
use crate::web::csv::{BOM, push_line};

/// The form, and the answers to what was asked last.
#[derive(Debug, Template)]
#[template(path = "public/valid_on.html")]
pub struct ValidOnPage {
    pub frame: Frame,
    pub typed: String,
    /// Lines there were, where they were too many, or none.
    pub refused: Option<usize>,
    pub answered: Option<Answered>,
}

/// The answers to lines, and when they were given.
#[derive(Debug)]
pub struct Answered {
    pub at: Instant,
    /// Each line with what was found; nothing where it could not be read, or nothing was.
    pub lines: Vec<(Line, Vec<Held>)>,
}

/// One line of the table.
struct Row<'a> {
    line: &'a Line,
    held: Option<&'a Held>,
}

impl Row<'_> {
    fn state(&self) -> Option<State> {
        self.held.map(|held| (&held.on_day.status).into())
    }
}

impl Answered {
    /// A row for every registration found, and for every line without one.
    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.lines.iter().flat_map(|(line, found)| {
            let held = found.iter().map(move |held| Row { line, held: Some(held) });
            let none = found.is_empty().then_some(Row { line, held: None });
            held.chain(none)
        })
    }

    /// Lines that cannot be read.
    fn faults(&self) -> usize {
        self.lines.iter().filter(|(line, _)| line.question.is_err()).count()
    }

    /// The table for spreadsheets and programs: days in ISO 8601, codes as in the JSON face.
    pub fn table(&self, language: Language) -> String {
        let mut table = BOM.to_owned();
        push_line(&mut table, COLUMNS);
        for Row { line, held } in self.rows() {
            let number = line.number.to_string();
            let mut cells = vec![number, line.typed.clone()];
            match &line.question {
                Ok(question) => {
                    let provider = match &question.who {
                        Who::Number(_) => String::new(),
                        Who::Provider(number) => number.to_string(),
                    };
                    let known = question.known_on.map(|day| day.to_string()).unwrap_or_default();
                    cells.extend([provider, question.day.to_string(), known]);
                }
                Err(_) => cells.extend(iter::repeat_n(String::new(), 3)),
            }
            match held {
                Some(held) => cells.extend(found(held)),
                None => cells.extend(iter::repeat_n(String::new(), 9)),
            }
            cells.push(match (&line.question, held) {
                (Err(why), _) => why.message.of(language).to_owned(),
                (Ok(_), None) => {
                    let none = Text::new("登録は見つかりません。", "No such registration is known.");
                    none.of(language).to_owned()
                }
                (Ok(_), Some(_)) => String::new(),
            });
            push_line(&mut table, cells.iter().map(String::as_str));
        }
        table
    }
}

/// What the columns are called, in the order of [`Answered::table`].
const COLUMNS: [&str; 15] = [
    "line",
    "asked",
    "legal_entity_number",
    "day",
    "known_on",
    "number",
    "service_name",
    "trade_name",
    "state",
    "term_number",
    "term_from",
    "term_last_day",
    "class",
    "known_since",
    "error",
];

fn found(Held { registration, on_day }: &Held) -> [String; 9] {
    let term = |of: &dyn Fn(&domain::calendar::Period) -> String| on_day.term.as_ref().map(of).unwrap_or_default();
    [
        registration.number.to_string(),
        on_day.listing.service_name.clone(),
        on_day.listing.provider.trade_name.clone(),
        on_day.status.as_str().to_owned(),
        term(&|term| registration.term_number(term.from).to_string()),
        term(&|term| term.from.to_string()),
        term(&|term| term.last_day().to_string()),
        u8::from(on_day.listing.class).to_string(),
        on_day.known_since.to_string(),
    ]
}

impl ValidOnPage {
    fn most(&self) -> usize {
        MOST
    }

    /// Why it was so, in words fit for the public.
    fn reason<'a>(&self, held: &'a Held) -> &'a str {
        match &held.on_day.status {
            Status::Suspended { reason, .. } | Status::Revoked { reason, .. } => reason,
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::valid_on::read_lines;
    use crate::web::view::samples::revoked_after_reinstatement;

    #[test]
    fn a_table_says_of_every_line_what_became_of_it() {
        let at: Instant = "2026-11-25T00:00:00Z".parse().expect("an instant");
        let registration = revoked_after_reinstatement();
        let typed = format!("{},2026-11-02\nOTK-2020-00009,2026-11-02\n=1+1,x", registration.number);
        let lines = read_lines(&typed, at).into_iter().enumerate().map(|(index, line)| {
            let day = "2026-11-02".parse().expect("a day");
            let held =
                || Held { on_day: registration.on_day(day, at).expect("past"), registration: registration.clone() };
            (line, if index == 0 { vec![held()] } else { Vec::new() })
        });
        let answered = Answered { at, lines: lines.collect() };
        let table = answered.table(Language::Ja);
        let rows: Vec<Vec<&str>> =
            table.trim_start_matches(BOM).lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows[0], COLUMNS);
        assert_eq!(rows.len(), 4);
        // A name may have a comma in it.
        assert!(rows[1].contains(&"suspended"), "{:?}", rows[1]);
        assert!(rows[2].last().is_some_and(|error| error.contains("見つかりません")), "{:?}", rows[2]);
        assert!(table.contains("\"'=1+1,x\"") && answered.faults() == 1, "{table}");
    }
}
