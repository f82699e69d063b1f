//! A round of registrations, as it is announced: what was entered, and before that what passed and waits.

use domain::act::Subject;
use domain::application::Application;
use domain::calendar::{Day, Period};
use domain::round::{Entry, NoRound, Round, in_order};
use domain::settings::Figure;
use domain::text::Text;

use crate::caller::{Visitor, may_read, unregistered};
use crate::problem::Problem;
use crate::registry::Registry;

/// Registrations looked at together.
const PAGE: u64 = 200;

/// What is announced.
#[derive(Clone, Debug)]
pub struct Announced {
    pub round: Round,
    /// What stands in the register.
    pub entered: Vec<Entry>,
    /// What passed and waits to be entered, where that was asked for.
    pub expected: Vec<Entry>,
}

impl Announced {
    /// All of it, in the order in which it is announced.
    pub fn all(&self) -> Vec<Entry> {
        in_order(self.entered.iter().chain(&self.expected).cloned().collect())
    }
}

/// The round of these days; what is wrong with them stands at `until`.
pub fn of_days(from: Day, until: Day) -> Result<Round, Problem> {
    Round::new(from, until).map_err(|wrong| {
        let message = match wrong {
            NoRound::Backwards { from, .. } => Text::new(
                format!("終わりの日は {from} 以降にしてください。"),
                format!("The last day has to be {from} or later."),
            ),
            NoRound::TooLong { days } => Text::new(
                format!("一つの回は366日までです（読み取った日数：{days}）。"),
                format!("A round has at most 366 days (read: {days})."),
            ),
        };
        Problem::unreadable("/until", &until.to_string(), message)
    })
}

/// What is announced of a round. With `first`, what waits too, as if it were entered with a term from that day; a renewal
/// with the term that follows its last.
pub async fn of(
    registry: &Registry,
    visitor: &Visitor,
    round: Round,
    first: Option<Day>,
) -> Result<Announced, Problem> {
    let mut entered = Vec::new();
    let mut after = None;
    loop {
        let place = after.as_ref().map(|(until, number)| (*until, number));
        let page = registry.store.running(round.from, place, PAGE).await?;
        // As it was entered, whatever was changed since.
        for registration in page.items.iter().filter(|one| one.terms.iter().any(|term| round.holds(term.from))) {
            let acts = registry.store.acts_of(&Subject::Registration(registration.number.clone())).await?;
            entered.extend(round.entries(acts.iter().map(|logged| &logged.act)));
        }
        after = page.items.last().map(|last| (last.last_term().until, last.number.clone()));
        if !page.has_more {
            break;
        }
    }
    let mut expected = Vec::new();
    if let Some(first) = first {
        for application in unregistered(registry).await? {
            if may_read(&visitor.actor, &application, visitor.at).is_ok() {
                expected.extend(entry(registry, visitor, &application, first).await?);
            }
        }
        expected.retain(|entry| round.holds(entry.term.from));
    }
    Ok(Announced { round, entered: in_order(entered), expected: in_order(expected) })
}

/// What passed, as it would be entered.
async fn entry(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
    first: Day,
) -> Result<Option<Entry>, Problem> {
    let settings = registry.store.settings().await?;
    let (number, from) = match &application.concerns {
        Some(concern) => {
            let Some(found) = registry.store.registration(&concern.registration).await? else { return Ok(None) };
            (Some(found.number.clone()), found.renews_from(visitor.at))
        }
        None => (None, first),
    };
    let term = Period::of_years(from, settings.number(Figure::TermYears, from) as u8);
    Ok(Entry::expected(application, number, term))
}
