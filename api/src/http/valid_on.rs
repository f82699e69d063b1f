//! `/valid-on`: was it in force on that day, for one or many; and the history of a registration.

use std::sync::Arc;

use domain::act::{RegistrationNumber, Subject};
use domain::calendar::{Day, Instant};
use domain::text::Text;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::Any;
use poem_openapi::{Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::register::REGISTRATION;
use super::request::identifier;
use super::wire::{State, Term};
use crate::acts::FieldFault;
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::valid_on::{self, Held, Part, Question, Unanswerable, Who};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// A registration, or a provider's, on a day.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct DayQuestion {
    /// A registration's number. Give this or `legalEntityNumber`.
    #[oai(validator(max_length = 40))]
    number: Option<String>,
    /// A provider's corporate number: all its registrations.
    #[oai(validator(max_length = 40))]
    legal_entity_number: Option<String>,
    /// The day in Japan that is asked about, `YYYY-MM-DD`; today where it is left out.
    #[oai(validator(max_length = 40))]
    day: Option<String>,
    /// As it was known at the end of this day in Japan; as it is known now where it is left out.
    #[oai(validator(max_length = 40))]
    known_on: Option<String>,
}

/// Some questions.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct DayQuestions {
    #[oai(validator(min_items = 1, max_items = 1000))]
    questions: Vec<DayQuestion>,
}

/// A question as it was read, and its answers.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct DayAnswers {
    number: Option<String>,
    legal_entity_number: Option<String>,
    day: String,
    known_on: Option<String>,
    /// Empty where no such registration was known.
    registrations: Vec<OnDayView>,
}

/// The answers, in the order of the questions.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct ManyDayAnswers {
    /// When they were given, in UTC.
    answered_at: String,
    answers: Vec<DayAnswers>,
}

/// The register's answer about a day.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct OnDayView {
    number: String,
    /// The day in Japan that was asked about.
    day: String,
    /// The state at the day's last second; for today, now.
    state: State,
    /// The term that holds the day, if one does; of a day on which it went on behind its term, that term.
    term: Option<Term>,
    /// Did it go on behind its term, because its renewal was undecided?
    is_extended: bool,
    class: u8,
    edition: String,
    /// As the register said on that day.
    service_name: String,
    /// Its provider on that day.
    trade_name: String,
    /// When the register last learned something that bears on this day, in UTC.
    known_since: String,
    /// The day in Japan as of whose end this was known; absent for now.
    known_on: Option<String>,
}

impl OnDayView {
    fn new(held: &Held, known_on: Option<Day>) -> Self {
        let Held { registration, on_day } = held;
        let listing = &on_day.listing;
        Self {
            number: registration.number.to_string(),
            day: on_day.day.to_string(),
            state: on_day.status.clone().into(),
            term: on_day.term.map(|term| Term::new(registration.term_number(term.from), term)),
            is_extended: on_day.is_extended,
            class: listing.class.into(),
            edition: on_day.edition.clone(),
            service_name: listing.service_name.clone(),
            trade_name: listing.provider.trade_name.clone(),
            known_since: on_day.known_since.to_string(),
            known_on: known_on.map(|day| day.to_string()),
        }
    }
}

/// An act on a registration.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct RegisteredAct {
    /// Where it stands in the log: `/api/v1/log/leaves/{seq}`.
    seq: u64,
    /// The leaf's hash (RFC 6962), in hexadecimal.
    leaf_hash: String,
    /// When it was done, in UTC, and the day in Japan.
    at: String,
    day: String,
    kind: String,
    /// What was done, in Japanese.
    words: String,
    /// What the leaf shows.
    facts: Any<serde_json::Value>,
    /// What the register publishes of it beyond that, such as the reason.
    open: Option<Any<serde_json::Value>>,
}

/// Everything that was done to a registration.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct History {
    number: String,
    /// The day in Japan as of whose end this was known; absent for now.
    known_on: Option<String>,
    /// Oldest first.
    acts: Vec<RegisteredAct>,
}

#[OpenApi(tag = "Chapter::Register")]
impl Api {
    /// Was it valid on a day?
    #[oai(path = "/registrations/:number/valid-on/:day", method = "get", operation_id = "registrationOnDay")]
    async fn on_day(
        &self,
        number: Path<String>,
        /// `YYYY-MM-DD`, a day in Japan; today at the latest.
        day: Path<String>,
        /// As it was known at the end of this day in Japan.
        #[oai(name = "knownOn", validator(max_length = 40))]
        known_on: Query<Option<String>>,
    ) -> Result<Json<OnDayView>, Problem> {
        let now = clock::now();
        let number: RegistrationNumber = identifier(REGISTRATION, &number.0)?;
        let known = read_day("/knownOn", known_on.0.as_deref())?;
        let asked = read_day("/day", Some(&day.0))?.unwrap_or(now.day());
        let read = |part| if part == Part::Day { day.0.clone() } else { known_on.0.clone().unwrap_or_default() };
        let question = Question::new(Who::Number(number.clone()), asked, known, now)
            .map_err(|why| Problem::invalid(vec![fault("", &why, &read(why.part))]))?;
        let answers = valid_on::answer(&self.registry, std::slice::from_ref(&question), now).await?;
        let held = answers.first().and_then(|held| held.first()).ok_or_else(|| missing(&number))?;
        Ok(Json(OnDayView::new(held, known)))
    }

    /// Were these valid on these days?
    ///
    /// Up to a thousand questions, each about a registration or about all of a provider's.
    #[oai(path = "/valid-on", method = "post", operation_id = "registrationsOnDays")]
    async fn on_days(&self, body: Body<DayQuestions>) -> Result<Json<ManyDayAnswers>, Problem> {
        let now = clock::now();
        let read: Vec<Result<Question, FieldFault>> =
            body.0.questions.iter().enumerate().map(|(index, asked)| asked.read(index, now)).collect();
        let faults: Vec<FieldFault> = read.iter().filter_map(|read| read.clone().err()).collect();
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        let questions: Vec<Question> = read.into_iter().filter_map(Result::ok).collect();
        let answers = valid_on::answer(&self.registry, &questions, now).await?;
        let answers = questions.iter().zip(answers).map(|(question, held)| DayAnswers {
            number: match &question.who {
                Who::Number(number) => Some(number.to_string()),
                Who::Provider(_) => None,
            },
            legal_entity_number: match &question.who {
                Who::Number(_) => None,
                Who::Provider(number) => Some(number.to_string()),
            },
            day: question.day.to_string(),
            known_on: question.known_on.map(|day| day.to_string()),
            registrations: held.iter().map(|held| OnDayView::new(held, question.known_on)).collect(),
        });
        Ok(Json(ManyDayAnswers { answered_at: now.to_string(), answers: answers.collect() }))
    }

    /// Shows what was done to a registration
    ///
    /// Every act that the log holds of it, as far as it is public; with `knownOn`, those that had been done by then.
    #[oai(path = "/registrations/:number/history", method = "get", operation_id = "getHistory")]
    async fn history(
        &self,
        number: Path<String>,
        /// Up to the end of this day in Japan.
        #[oai(name = "knownOn", validator(max_length = 40))]
        known_on: Query<Option<String>>,
    ) -> Result<Json<History>, Problem> {
        let number: RegistrationNumber = identifier(REGISTRATION, &number.0)?;
        let known = read_day("/knownOn", known_on.0.as_deref())?;
        let mut acts = self.registry.store.acts_of(&Subject::Registration(number.clone())).await?;
        acts.retain(|logged| known.is_none_or(|known| logged.act.at.day() <= known));
        if acts.is_empty() {
            return Err(missing(&number));
        }
        let shown = |logged: &domain::record::Logged| RegisteredAct {
            seq: logged.seq,
            leaf_hash: data_encoding::HEXLOWER.encode(&logged.leaf_hash),
            at: logged.act.at.to_string(),
            day: logged.act.at.day().to_string(),
            kind: logged.act.deed.kind().to_owned(),
            words: logged.act.deed.words().ja,
            facts: Any(logged.act.deed.facts()),
            open: logged.act.deed.open().map(Any),
        };
        let (number, known_on) = (number.to_string(), known.map(|day| day.to_string()));
        Ok(Json(History { number, known_on, acts: acts.iter().map(shown).collect() }))
    }
}

impl DayQuestion {
    fn read(&self, index: usize, now: Instant) -> Result<Question, FieldFault> {
        let below = format!("/questions/{index}");
        let text = |part| match part {
            Part::Who => self.number.as_ref().or(self.legal_entity_number.as_ref()),
            Part::Day => self.day.as_ref(),
            Part::KnownOn => self.known_on.as_ref(),
        };
        let fault = |why: Unanswerable| {
            let mut found = fault(&below, &why, text(why.part).map_or("", String::as_str));
            if why.part == Part::Who && self.number.is_none() && self.legal_entity_number.is_some() {
                found.pointer = format!("{below}/legalEntityNumber");
            }
            found
        };
        let who = match (&self.number, &self.legal_entity_number) {
            (Some(typed), None) | (None, Some(typed)) => valid_on::read_who(typed),
            _ => valid_on::read_who(""),
        };
        let who = who.map_err(fault)?;
        let day = |part: Part| text(part).map(|typed| valid_on::read_part(part, typed)).transpose();
        let asked = day(Part::Day).map_err(fault)?.unwrap_or(now.day());
        Question::new(who, asked, day(Part::KnownOn).map_err(fault)?, now).map_err(fault)
    }
}

fn fault(below: &str, why: &Unanswerable, read: &str) -> FieldFault {
    let name = match why.part {
        Part::Who => "number",
        Part::Day => "day",
        Part::KnownOn => "knownOn",
    };
    FieldFault {
        pointer: format!("{below}/{name}"),
        code: "unreadable".to_owned(),
        read: read.chars().take(80).collect(),
        message: why.message.clone(),
    }
}

fn read_day(pointer: &str, text: Option<&str>) -> Result<Option<Day>, Problem> {
    let read = |text: &str| {
        text.parse().map_err(|_| {
            let message = Text::new("日付は 2026-04-01 のように書いてください。", "Write the day like 2026-04-01.");
            Problem::unreadable(pointer, text, message)
        })
    };
    text.map(read).transpose()
}

fn missing(number: &RegistrationNumber) -> Problem {
    Problem::not_found(&Text::new(REGISTRATION.0, REGISTRATION.1), number.as_str())
}
