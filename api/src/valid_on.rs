//! Was it in force on that day? One question or many, by a registration's number or by a provider's corporate number,
//! as it is known now or as it was known on another day.

use domain::act::{Listing, RegistrationNumber, Subject};
use domain::calendar::{Day, Instant};
use domain::parties::CorporateNumber;
use domain::reading::{narrowed_text, read_day};
use domain::registration::{OnDay, Registration};
use domain::text::Text;

use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{Error, Search};

/// Most questions that are answered at once.
pub const MOST: usize = 1_000;

/// Which registrations are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    Number(RegistrationNumber),
    /// Every service that a provider with this corporate number has in the register.
    Provider(CorporateNumber),
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    pub who: Who,
    /// The day in Japan that is asked about.
    pub day: Day,
    /// As it was known at the end of this day in Japan; as it is known now, where that is left out.
    pub known_on: Option<Day>,
}

/// What held of a registration on the day.
#[derive(Clone, Debug)]
pub struct Held {
    /// As it was known.
    pub registration: Registration,
    pub on_day: OnDay,
}

/// Why a question cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswerable {
    /// The part of it that will not do.
    pub part: Part,
    pub message: Text,
}

/// A part of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Who,
    Day,
    KnownOn,
}

impl Question {
    /// A question of what has happened, on the day of `now`.
    pub fn new(who: Who, day: Day, known_on: Option<Day>, now: Instant) -> Result<Self, Unanswerable> {
        let today = now.day();
        let not_come = |part, day: Day| Unanswerable {
            part,
            message: Text::new(
                format!("{day} はまだ来ていません。今日（{today}）までの日を指定してください。"),
                format!("{day} is still to come. Ask about a day up to today, {today}."),
            ),
        };
        match known_on {
            _ if day > today => Err(not_come(Part::Day, day)),
            Some(known) if known > today => Err(not_come(Part::KnownOn, known)),
            Some(known) if known < day => Err(Unanswerable {
                part: Part::KnownOn,
                message: Text::new(
                    format!("{known} の時点では、{day} はまだ来ていませんでした。{day} 以後の日を指定してください。"),
                    format!("On {known}, {day} was still to come. Name {day} or a later day."),
                ),
            }),
            _ => Ok(Self { who, day, known_on }),
        }
    }

    /// The last instant whose knowledge counts.
    fn known_at(&self, now: Instant) -> Instant {
        let end = self.known_on.and_then(|known| Instant::from_unix(known.next().start().unix() - 1));
        end.map_or(now, |end| end.min(now))
    }
}

/// The answers to each question, in their order; none where no such registration was known.
pub async fn answer(registry: &Registry, questions: &[Question], now: Instant) -> Result<Vec<Vec<Held>>, Problem> {
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let mut held = Vec::new();
        for found in registrations(registry, &question.who).await? {
            let known_at = question.known_at(now);
            let known = match question.known_on {
                Some(_) => as_known(registry, &found.number, known_at).await?,
                None => Some(found),
            };
            let Some(registration) = known else { continue };
            let ahead = |_| Problem::internal(&"a question about a day to come was not refused");
            let on_day = registration.on_day(question.day, known_at).map_err(ahead)?;
            // A provider may have got or given away a service since.
            if is_of(&registration.number, &on_day.listing, &question.who) {
                held.push(Held { on_day, registration });
            }
        }
        answers.push(held);
    }
    Ok(answers)
}

/// A registration as it was known at an instant.
pub async fn as_known(
    registry: &Registry,
    number: &RegistrationNumber,
    known: Instant,
) -> Result<Option<Registration>, Problem> {
    let acts = registry.store.acts_of(&Subject::Registration(number.clone())).await?;
    let corrupt = |_| Error::Corrupt { table: "acts", column: "sealed", row: number.to_string() };
    Ok(Registration::as_known(acts.iter().map(|logged| &logged.act), known).map_err(corrupt)?)
}

async fn registrations(registry: &Registry, who: &Who) -> Result<Vec<Registration>, Problem> {
    /// No provider has more.
    const MOST_OF_ONE: u64 = 500;
    match who {
        Who::Number(number) => {
            let found = registry.store.registration(number).await?;
            Ok(found.map(|found| (*found).clone()).into_iter().collect())
        }
        Who::Provider(number) => {
            let search = Search { words: number.to_string(), after: None, limit: MOST_OF_ONE };
            let mut found = registry.store.search(&search).await?.items;
            let was = |found: &Registration| {
                let listings = found.changes.iter().map(|change| &change.listing).chain([&found.listing]);
                listings.into_iter().any(|listing| is_of(&found.number, listing, who))
            };
            found.retain(was);
            Ok(found)
        }
    }
}

fn is_of(registration: &RegistrationNumber, listing: &Listing, who: &Who) -> bool {
    match who {
        Who::Number(number) => registration == number,
        Who::Provider(number) => listing.provider.legal_entity_number == Some(*number),
    }
}

/// Reads whom a question is about: a registration's number or 13 digits, in full or half width.
pub fn read_who(typed: &str) -> Result<Who, Unanswerable> {
    let narrow = narrowed_text(typed).trim().to_uppercase();
    let is_company = narrow.chars().all(|letter| letter.is_ascii_digit() || letter == '-' || letter.is_whitespace());
    let company = || narrow.parse().ok().map(Who::Provider);
    let number = || narrow.parse().ok().map(Who::Number);
    let read = if is_company { company() } else { number() };
    read.filter(|_| !narrow.is_empty()).ok_or_else(|| Unanswerable {
        part: Part::Who,
        message: Text::new(
            "登録番号（例：OTK-2026-00001）か、13桁の法人番号を書いてください。",
            "Give a registration number such as OTK-2026-00001, or a corporate number of 13 digits.",
        ),
    })
}

/// Reads a day as people type it.
pub fn read_part(part: Part, typed: &str) -> Result<Day, Unanswerable> {
    read_day(typed).map_err(|error| Unanswerable { part, message: error.into() })
}

/// A line of a table as it was typed or pasted, and its question.
#[derive(Clone, Debug)]
pub struct Line {
    /// Counted from 1, empty ones too.
    pub number: usize,
    pub typed: String,
    pub question: Result<Question, Unanswerable>,
}

/// Reads lines of number, day and, if asked, the day whose knowledge counts; between commas or tabs as a spreadsheet puts
/// them. A line without a day asks about today, and a first line without any digit is the table's head.
pub fn read_lines(typed: &str, now: Instant) -> Vec<Line> {
    let lines = typed.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let is_head =
        |(index, line): &(usize, &str)| *index == 0 && !narrowed_text(line).chars().any(|c| c.is_ascii_digit());
    let read = |(index, line): (usize, &str)| Line {
        number: index + 1,
        typed: line.trim().chars().take(200).collect(),
        question: read_line(line, now),
    };
    lines.filter(|line| !is_head(line)).map(read).collect()
}

fn read_line(line: &str, now: Instant) -> Result<Question, Unanswerable> {
    let cells: Vec<&str> =
        line.split([',', '\t', '，', '、']).map(|cell| cell.trim().trim_matches('"').trim()).collect();
    let day = |index: usize, part| match cells.get(index) {
        Some(cell) if !cell.is_empty() => read_part(part, cell).map(Some),
        _ => Ok(None),
    };
    let who = read_who(cells.first().copied().unwrap_or_default())?;
    Question::new(who, day(1, Part::Day)?.unwrap_or(now.day()), day(2, Part::KnownOn)?, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-06-30T14:59:59Z";

    fn read(line: &str) -> Result<(String, String, Option<String>), Part> {
        let lines = read_lines(&format!("番号,日\n{line}"), NOW.parse().expect("an instant"));
        let question = lines[0].question.clone().map_err(|why| why.part)?;
        let who = match question.who {
            Who::Number(number) => number.to_string(),
            Who::Provider(number) => number.to_string(),
        };
        Ok((who, question.day.to_string(), question.known_on.map(|known| known.to_string())))
    }

    /// The last second of 30 June in Japan.
    #[test]
    fn lines_are_read_as_people_and_spreadsheets_write_them() {
        let of =
            |who: &str, day: &str, known: Option<&str>| Ok((who.to_owned(), day.to_owned(), known.map(str::to_owned)));
        for (line, expected) in [
            ("OTK-2026-00001,2026-04-01", of("OTK-2026-00001", "2026-04-01", None)),
            ("ＯＴＫ－２０２６－００００１\t2026/4/1", of("OTK-2026-00001", "2026-04-01", None)),
            ("otk-2026-00001、令和8年4月1日、令和8年5月1日", of("OTK-2026-00001", "2026-04-01", Some("2026-05-01"))),
            ("\"5010005007126\",\"2026-04-01\"", of("5010005007126", "2026-04-01", None)),
            ("5-0100-0500-7126", of("5010005007126", "2026-06-30", None)),
            ("OTK-2026-00001,2026-06-30,2026-06-30", of("OTK-2026-00001", "2026-06-30", Some("2026-06-30"))),
            ("OTK-2026-00001,2026-07-01", Err(Part::Day)),
            ("OTK-2026-00001,2026-02-30", Err(Part::Day)),
            ("OTK-2026-00001,2026-06-29,2026-06-28", Err(Part::KnownOn)),
            ("OTK-2026-00001,2026-06-29,2026-07-01", Err(Part::KnownOn)),
            ("5010005007127,2026-04-01", Err(Part::Who)),
            ("例示株式会社,2026-04-01", Err(Part::Who)),
            (",2026-04-01", Err(Part::Who)),
        ] {
            assert_eq!(read(line), expected, "{line}");
        }
    }

    #[test]
    fn lines_keep_their_numbers() {
        let lines = read_lines("OTK-2026-00001\n\n  \r\nOTK-2026-00002\r\n", NOW.parse().expect("an instant"));
        assert_eq!(lines.iter().map(|line| line.number).collect::<Vec<_>>(), [1, 4]);
        assert!(read_lines("", NOW.parse().expect("an instant")).is_empty());
    }
}
