//! The register for everybody: searching it, and one registration with all that ever happened to it.

use askama::Template;
use domain::calendar::{Day, Instant, Period};
use domain::declaration::{Class, Kind};
use domain::parties::Prefecture;
use domain::reading::day_text;
use domain::registration::{Announced, OnDay, Registration, Status};
use domain::text::Text;
use domain::yen::{Charge, LineItem};
use serde::Deserialize;

use super::applications::RenewalLine;
use super::form::{Leftover, SummaryLine, read_boxes};
use super::frame::Frame;
use super::history::{Event, announcement, history};
use super::licences::{END, GRANT, KIT, LicencePanel};
use super::parts::INFO;
use super::state::State;

/// The register, searched.
#[derive(Debug, Template)]
#[template(path = "public/register.html")]
pub struct RegisterPage {
    pub frame: Frame,
    pub at: Instant,
    pub query: Query,
    pub rows: Vec<Row>,
    /// The last number of this page, when more follow.
    pub next: Option<String>,
}

/// What was searched for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// As typed.
    pub words: String,
    pub class: Option<Class>,
    pub kind: Option<Kind>,
    /// Valid, suspended, revoked or ended.
    pub state: Option<State>,
    /// Only numbers after this one; `None` on the first page.
    pub after: Option<String>,
}

/// One registration in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub number: String,
    pub service: String,
    pub provider: String,
    pub class: Class,
    pub kind: Kind,
    pub state: State,
    /// The last day of the term.
    pub until: Day,
    /// Does it go on behind it?
    pub is_extended: bool,
    /// What is paid each month; the rest is on the registration's own page.
    pub prices: Vec<LineItem>,
    pub regions: Vec<Prefecture>,
}

impl RegisterPage {
    /// A page of what was found, computed for `at`.
    pub fn new(frame: Frame, query: Query, found: &[Registration], has_more: bool, at: Instant) -> Self {
        let next = found.last().filter(|_| has_more).map(|last| last.number.to_string());
        let rows = found.iter().map(|registration| Row::new(registration, at)).collect();
        Self { frame, at, query, rows, next }
    }
}

impl Row {
    fn new(registration: &Registration, at: Instant) -> Self {
        let listing = &registration.listing;
        Self {
            number: registration.number.to_string(),
            service: listing.service_name.clone(),
            provider: listing.provider.trade_name.clone(),
            class: listing.class,
            kind: listing.monitoring,
            state: (&registration.status(at)).into(),
            until: registration.term_at(at.day()).last_day(),
            is_extended: registration.extension(at).is_some(),
            prices: listing.prices.iter().filter(|line| is_monthly(line)).cloned().collect(),
            regions: listing.regions.clone(),
        }
    }
}

fn is_monthly(line: &LineItem) -> bool {
    matches!(line.charge, Charge::Monthly | Charge::MonthlyPerEndpoint)
}

impl Query {
    fn is_empty(&self) -> bool {
        self.words.trim().is_empty() && self.class.is_none() && self.kind.is_none() && self.state.is_none()
    }

    fn class_word(&self) -> &'static str {
        match self.class {
            None => "",
            Some(Class::One) => "1",
            Some(Class::Two) => "2",
        }
    }

    fn kind_word(&self) -> &'static str {
        match self.kind {
            None => "",
            Some(Kind::Network) => "network",
            Some(Kind::Endpoint) => "endpoint",
            Some(Kind::Combined) => "combined",
        }
    }

    fn state_word(&self) -> &'static str {
        match self.state {
            None => "",
            Some(State::Valid) => "valid",
            Some(State::Suspended) => "suspended",
            Some(State::Revoked) => "revoked",
            Some(State::Discontinued) => "discontinued",
            Some(_) => "lapsed",
        }
    }
}

/// One registration, for ever.
#[derive(Debug, Template)]
#[template(path = "public/registration.html")]
pub struct RegistrationPage {
    pub frame: Frame,
    pub at: Instant,
    pub number: String,
    pub service: String,
    pub service_kana: String,
    pub summary: String,
    pub provider: String,
    pub provider_number: Option<String>,
    pub provider_prefecture: Prefecture,
    pub class: Class,
    pub kind: Kind,
    pub regions: Vec<Prefecture>,
    pub prices: Vec<LineItem>,
    pub edition: String,
    /// Days by which conditions of the pass that are open are to be met.
    pub conditions: Vec<Day>,
    pub state: State,
    /// Since when it is so; not asked of a valid one.
    pub since: Option<Instant>,
    /// Why it is suspended or revoked, in words fit for the public.
    pub reason: Option<String>,
    /// In order; never empty.
    pub terms: Vec<Period>,
    /// The one that holds the day, or held last.
    pub term: Period,
    /// The last day on which it goes on behind its term while its renewal is undecided, if it does.
    pub extended: Option<Day>,
    /// Since when its provider has it, where another one had it before.
    pub held_since: Option<HeldSince>,
    /// Since when a change is examined.
    pub changing: Option<Day>,
    /// Does whoever looks give notice of changes?
    pub may_change: bool,
    /// Does whoever looks propose successions?
    pub may_succeed: bool,
    /// Since when a renewal is filed.
    pub renewing: Option<Day>,
    /// What is to be done about its renewal, for its provider.
    pub renewal: Option<RenewalLine>,
    /// Newest first.
    pub history: Vec<Event>,
    pub valid_on: ValidOn,
    /// Where the act that registered it stands in the log.
    pub leaf: Option<u64>,
    /// May whoever looks read what is reported of it?
    pub watches: bool,
    /// What is announced and does not hold yet.
    pub announced: Vec<(Text, String)>,
    /// What its provider announced of its end.
    pub ending: Option<Announced>,
    /// When the emergency suspension ends that nobody has confirmed yet.
    pub unconfirmed_until: Option<Instant>,
    /// Is there a page of measures for whoever looks?
    pub reads_measures: bool,
    /// For the provider whose service it is, and for the secretariat.
    pub licences: Option<LicencePanel>,
}

/// The question whether it was valid on a day, and its answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidOn {
    pub year: String,
    pub month: String,
    pub day: String,
    pub error: Option<Text>,
    pub answer: Option<DayAnswer>,
}

/// 年・月・日 of the day asked about, as they were typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Boxes {
    year: String,
    month: String,
    day: String,
}

impl ValidOn {
    /// The question as it was typed, with its answer or what is wrong with it; empty boxes ask nothing.
    pub fn ask(registration: &Registration, boxes: Boxes, at: Instant) -> Self {
        let Boxes { year, month, day } = boxes;
        if [&year, &month, &day].iter().all(|text| text.trim().is_empty()) {
            return Self::default();
        }
        let (error, answer) = match read_boxes(&year, &month, &day) {
            Err(error) => (Some(error.into()), None),
            Ok(day) => match registration.on_day(day, at) {
                Ok(on_day) => (None, Some((&on_day).into())),
                Err(ahead) => (Some(not_come(ahead.day)), None),
            },
        };
        Self { year, month, day, error, answer }
    }
}

fn not_come(day: Day) -> Text {
    let shown = day_text(day);
    Text::new(
        format!("{}はまだ来ていません。今日までの日を入力してください。", shown.ja),
        format!("{} is still to come. Enter a day up to today.", shown.en),
    )
}

/// Since when a service has the provider that it has, where it had another one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldSince {
    pub at: Instant,
    /// The provider until then.
    pub former: String,
    pub kind: Text,
    /// The day that the documents say.
    pub on: Day,
}

/// What held on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayAnswer {
    pub day: Day,
    pub state: State,
    /// The term of which it is a day, or behind which it went on.
    pub term: Option<Period>,
    pub is_extended: bool,
    /// The service and its provider as they were called then.
    pub names: Option<(String, String)>,
    /// The register has said so since then.
    pub known_since: Option<Instant>,
}

impl From<&OnDay> for DayAnswer {
    fn from(on_day: &OnDay) -> Self {
        Self {
            day: on_day.day,
            state: (&on_day.status).into(),
            term: on_day.term,
            is_extended: on_day.is_extended,
            names: Some((on_day.listing.service_name.clone(), on_day.listing.provider.trade_name.clone())),
            known_since: Some(on_day.known_since),
        }
    }
}

impl RegistrationPage {
    /// What the register says of it at `at`. `leaf` is the log's index of the act that registered it.
    pub fn new(frame: Frame, registration: &Registration, leaf: Option<u64>, at: Instant) -> Self {
        let listing = registration.listing.clone();
        let status = registration.status(at);
        let (since, reason) = match &status {
            Status::Suspended { since, reason } | Status::Revoked { since, reason } => {
                (Some(*since), Some(reason.clone()))
            }
            Status::Lapsed { since } | Status::Discontinued { since } => (Some(*since), None),
            Status::NotYet { from } => (Some(from.start()), None),
            Status::Valid => (None, None),
        };
        Self {
            frame,
            at,
            number: registration.number.to_string(),
            service: listing.service_name,
            service_kana: listing.service_name_kana,
            summary: listing.summary,
            provider: listing.provider.trade_name,
            provider_number: listing.provider.legal_entity_number.map(|number| number.to_string()),
            provider_prefecture: listing.provider.prefecture,
            class: listing.class,
            kind: listing.monitoring,
            regions: listing.regions,
            prices: listing.prices,
            edition: listing.edition,
            conditions: Vec::new(),
            state: (&status).into(),
            since,
            reason,
            terms: registration.terms.clone(),
            term: registration.term_at(at.day()),
            extended: registration.extension(at).map(|extension| extension.until.previous()),
            held_since: registration.successions().last().map(|(change, succession)| HeldSince {
                at: change.at,
                former: change.listing.provider.trade_name.clone(),
                kind: succession.kind.term(),
                on: succession.on,
            }),
            changing: registration.open_change().map(|filing| filing.filed_at.day()),
            may_change: false,
            may_succeed: false,
            renewing: registration.open_renewal().map(|filing| filing.filed_at.day()),
            renewal: None,
            history: history(registration, at),
            valid_on: ValidOn::default(),
            leaf,
            watches: false,
            announced: registration
                .announced(at)
                .into_iter()
                .map(|measure| (announcement(measure), measure.reason.clone()))
                .collect(),
            ending: registration.discontinuation().cloned(),
            unconfirmed_until: registration.waiting_emergency(at),
            reads_measures: false,
            licences: None,
        }
    }

    /// What is left of a refused form that the page does not hold any more.
    fn leftover(&self) -> Leftover {
        self.licences.as_ref().map(|panel| panel.leftover.clone()).unwrap_or_default()
    }

    fn summary(&self) -> Vec<SummaryLine> {
        let of_licences = self.licences.iter().flat_map(LicencePanel::summary);
        let of_day = self.valid_on.error.iter().map(|error| SummaryLine {
            anchor: Some("year".to_owned()),
            label: Some(self.frame.t("調べる日", "Day").to_owned()),
            message: self.frame.say(error),
        });
        self.leftover().lines.into_iter().chain(of_day).chain(of_licences).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::view::samples::revoked_after_reinstatement;

    fn asked(year: &str, month: &str, day: &str) -> ValidOn {
        let [year, month, day] = [year, month, day].map(str::to_owned);
        let at = "2026-11-25T00:00:00Z".parse().expect("an instant");
        ValidOn::ask(&revoked_after_reinstatement(), Boxes { year, month, day }, at)
    }

    #[test]
    fn the_day_asked_about_is_read_as_people_type_it() {
        for (year, month, day) in [
            ("2026", "11", "21"),
            ("２０２６", "１１", "２１"),
            (" 2026 ", "11", "21"),
            ("令和8", "11", "21"),
            ("R8", "11", "21"),
            ("Ｒ８", "１１", "２１"),
        ] {
            let shown = asked(year, month, day);
            assert_eq!(shown.error, None, "{year}");
            let answer = shown.answer.expect("an answer");
            assert_eq!((answer.day.to_string().as_str(), answer.state), ("2026-11-21", State::Revoked), "{year}");
            assert_eq!(shown.year, year, "what was typed stays");
        }
        assert_eq!(asked("", " ", ""), ValidOn::default());
    }

    /// Each refusal says what is wrong with this day.
    #[test]
    fn what_is_no_day_is_refused_with_the_reason() {
        for (year, month, day, says) in [
            ("2026", "2", "30", "という日はありません"),
            ("令和8", "2", "29", "という日はありません"),
            ("x", "", "", "日付として読めません"),
            ("令和1", "4", "30", "令和の期間にありません"),
            ("2026", "11", "26", "まだ来ていません"),
        ] {
            let shown = asked(year, month, day);
            let error = shown.error.unwrap_or_else(|| panic!("{year}-{month}-{day} is taken"));
            assert!(error.ja.contains(says), "{}", error.ja);
            assert_eq!((shown.answer, shown.day.as_str()), (None, day));
        }
    }
}
