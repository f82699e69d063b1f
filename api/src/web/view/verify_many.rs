//! The answers about many marks: numbers and links as they are pasted, and a table.

use askama::Template;
use domain::calendar::Instant;
use domain::licence::answer::Answer;

use super::frame::Frame;
use super::state::State;
use crate::verification::{MOST, Verification};
use crate::web::csv::{BOM, push_line};

/// The form, and the answers to what was asked last.
#[derive(Debug, Template)]
#[template(path = "public/verify_many.html")]
pub struct VerifyManyPage {
    pub frame: Frame,
    pub typed: String,
    /// Lines there were, where they were too many, or none.
    pub refused: Option<usize>,
    pub answered: Option<Answered>,
}

/// The answers, and the instant they hold for.
#[derive(Debug)]
pub struct Answered {
    pub at: Instant,
    /// Each with the number of the line that asked.
    pub lines: Vec<(usize, Verification)>,
}

/// A line of the table. Nothing of a code that is not ours is in it.
struct Row {
    line: usize,
    answer: Answer,
    licence: String,
    kind: &'static str,
    holder: String,
    holder_number: String,
    number: String,
    service: String,
    provider: String,
    printed_until: String,
}

impl Row {
    fn new(line: usize, found: &Verification) -> Self {
        let (claims, known) = (found.claims.as_ref(), found.known.as_ref());
        let grant = known.map(|known| &known.licence.grant);
        let kind = grant.map(|grant| grant.holder_kind).or(claims.map(|claims| claims.kind));
        let licence = known.map(|known| known.licence.id).or(claims.map(|claims| claims.licence));
        let holder = grant.map(|grant| &grant.holder_name).or(claims.map(|claims| &claims.holder_name));
        let holder_number = match grant {
            Some(grant) => grant.holder_number.as_ref(),
            None => claims.and_then(|claims| claims.corporate_number.as_ref()),
        };
        let listing = known.map(|known| &known.registration.listing);
        Self {
            line,
            answer: found.answer.clone(),
            licence: licence.map(|id| id.to_string()).unwrap_or_default(),
            kind: kind.map_or("", |kind| match kind {
                domain::licence::token::HolderKind::Provider => "provider",
                domain::licence::token::HolderKind::User => "user",
            }),
            holder: holder.cloned().unwrap_or_default(),
            holder_number: holder_number.map(ToString::to_string).unwrap_or_default(),
            number: known.map(|known| known.registration.number.to_string()).unwrap_or_default(),
            service: listing.map(|listing| listing.service_name.clone()).unwrap_or_default(),
            provider: listing.map(|listing| listing.provider.trade_name.clone()).unwrap_or_default(),
            printed_until: claims.map(|claims| claims.expires_at.to_string()).unwrap_or_default(),
        }
    }

    fn state(&self) -> State {
        (&self.answer).into()
    }

    fn since(&self) -> Option<Instant> {
        match &self.answer {
            Answer::Suspended { since, .. } | Answer::Revoked { since, .. } | Answer::Ended { since } => *since,
            Answer::Valid | Answer::Unknown(_) | Answer::NotOurs(_) => None,
        }
    }

    fn reason(&self) -> &str {
        match &self.answer {
            Answer::Suspended { reason, .. } | Answer::Revoked { reason, .. } => reason,
            Answer::Valid | Answer::Ended { .. } | Answer::Unknown(_) | Answer::NotOurs(_) => "",
        }
    }

    fn why(&self) -> &'static str {
        match &self.answer {
            Answer::Unknown(silence) => silence.as_str(),
            Answer::NotOurs(rejection) => rejection.as_str(),
            _ => "",
        }
    }
}

impl Answered {
    fn rows(&self) -> impl Iterator<Item = Row> {
        self.lines.iter().map(|(line, found)| Row::new(*line, found))
    }

    /// How many are not valid.
    fn others(&self) -> usize {
        self.lines.iter().filter(|(_, found)| found.answer != Answer::Valid).count()
    }

    /// The table for spreadsheets and programs: instants in UTC, words as in the JSON face.
    pub fn table(&self) -> String {
        let mut table = BOM.to_owned();
        push_line(&mut table, COLUMNS);
        for row in self.rows() {
            let since = row.since().map(|since| since.to_string()).unwrap_or_default();
            let cells = [
                &row.line.to_string(),
                row.answer.as_str(),
                row.why(),
                &row.licence,
                row.kind,
                &row.holder,
                &row.holder_number,
                &row.number,
                &row.service,
                &row.provider,
                &since,
                row.reason(),
                &row.printed_until,
                &self.at.to_string(),
            ];
            push_line(&mut table, cells);
        }
        table
    }
}

/// What the columns are called, in the order of [`Answered::table`].
const COLUMNS: [&str; 14] = [
    "line",
    "answer",
    "why",
    "licence",
    "kind",
    "holder_name",
    "legal_entity_number",
    "number",
    "service_name",
    "provider",
    "since",
    "reason",
    "printed_term_ends_at",
    "checked_at",
];

impl VerifyManyPage {
    fn most(&self) -> usize {
        MOST
    }
}
