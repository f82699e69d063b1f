//! Ten years of many registrations. What happened to each is drawn, written into the register as the acts it is, and kept
//! beside them in words of its own ([`Book`]). At instants through the years everything that says what holds is asked:
//! the acts replayed, the tables through the list, the published status of a licence under each, the answers about days;
//! all say what the book says. What was said of a day that was over is said of it ten years later.

use std::collections::BTreeMap;

use api::account::trail::Origin;
use api::acts::{AtHand, Errand, Refused};
use domain::act::{Act, ApplicationId, Caller, Deed, Grant, Listing, Replay, Role, Subject};
use domain::application::Matter;
use domain::calendar::{Day, Instant, Period};
use domain::licence::token::HolderKind;
use domain::licence::{Licence, LicenceId};
use domain::registration::{Discontinuation, FilingOutcome, Grounds, Registration};
use domain::status_list::Said;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use tests::past::Round;
use tests::staff::in_process;
use tests::{Client, Database, Register, status, text};

use crate::clock::{Clock, ahead};

/// Registrations; ten thousand with `OTASUKETAI_TEST_REGISTRATIONS=10000`.
fn many() -> usize {
    std::env::var("OTASUKETAI_TEST_REGISTRATIONS").map_or(500, |many| many.parse().expect("a number"))
}

/// Looks through the years: every so many days.
const EVERY: i32 = 365;
const LOOKS: i32 = 10;
/// What the register answers at once.
const AT_ONCE: usize = 1_000;

/// What a suspension came from.
#[derive(Clone, Copy)]
enum Edge {
    Suspended,
    Reinstated,
    /// Over at that instant, unless it was confirmed.
    Emergency(Instant),
}

/// What happened to a registration, in words that share nothing with the register's own.
struct Book {
    /// First day and the day behind the last, and when it was entered.
    terms: Vec<(Day, Day, Instant)>,
    /// Behind the end of the term given: since when, until when at the most, and when it failed or was taken back.
    carried: Vec<(Day, Instant, Day, Option<Instant>)>,
    edges: Vec<(Instant, Edge)>,
    revoked: Option<Instant>,
    last_day: Option<Day>,
}

impl Book {
    fn says(&self, at: Instant) -> &'static str {
        let day = at.day();
        if self.revoked.is_some_and(|revoked| revoked <= at) {
            return "revoked";
        }
        if self.last_day.is_some_and(|last| last < day) {
            return "discontinued";
        }
        let Some((_, until, _)) = self.terms.iter().rfind(|(from, ..)| *from <= day) else { return "not_yet" };
        let carries = |(end, since, most, over): &(Day, Instant, Day, Option<Instant>)| {
            end == until && *since <= at && day < *most && over.is_none_or(|over| day <= over.day())
        };
        if day >= *until && !self.carried.iter().any(carries) {
            return "lapsed";
        }
        match self.edges.iter().rfind(|(since, _)| *since <= at) {
            Some((_, Edge::Suspended)) => "suspended",
            Some((_, Edge::Emergency(until))) if at < *until => "suspended",
            _ => "valid",
        }
    }
}

/// A registration, its acts, and the book of it.
struct Life {
    state: Registration,
    book: Book,
    filed: Option<ApplicationId>,
}

/// What was drawn, for one instant.
struct Happening {
    life: usize,
    act: Act,
}

fn by() -> Caller {
    let person = "P-TENYEARS".parse().expect("an id");
    Caller { person, role: Role::Secretariat, organisation: Some(tests::staff::BODY.parse().expect("a word")) }
}

fn grounds(from: Instant) -> Option<Box<Grounds>> {
    let grounds = Grounds {
        clauses: vec!["criteria_unmet".to_owned()],
        facts: "点検".to_owned(),
        from,
        takers: vec!["P-TENYEARS".parse().expect("an id")],
        objection_until: None,
    };
    Some(Box::new(grounds))
}

impl Life {
    fn begin(number: usize, owner: &Registration, from: Day, at: Instant) -> (Self, Act) {
        let listing = Listing { service_name: format!("十年の見守り {number}"), ..owner.listing.clone() };
        let term = Period::of_years(from, 2);
        let deed = Deed::Registered {
            application: format!("A-{}-{number:05}", from.ymd().0 + 10).parse().expect("an id"),
            owner: owner.owner.clone(),
            listing: Box::new(listing),
            term,
        };
        let subject = Subject::Registration(format!("OTK-{}-{number:05}", from.ymd().0).parse().expect("a number"));
        let act = Act { subject, version: 1, at, by: by(), deed };
        let state = Registration::replay(None, &act).expect("a record begins so");
        let terms = vec![(term.from, term.until, at)];
        let book = Book { terms, carried: Vec::new(), edges: Vec::new(), revoked: None, last_day: None };
        (Self { state, book, filed: None }, act)
    }

    /// Something that may happen at `at`, if the dice say so; told to the book as well.
    fn draw(&mut self, at: Instant, rng: &mut StdRng) -> Option<Act> {
        let (says, reason) = (self.book.says(at), "点検のため".to_owned());
        let proposal = "Q-TENYEARS".parse().expect("an id");
        let (from, until, _) = *self.book.terms.last().expect("it begins with a term");
        let is_running = matches!(says, "valid" | "suspended");
        // Some measures are announced, some hold at once.
        let holds = if rng.random_bool(0.3) { at.plus_seconds(rng.random_range(1..40 * 86_400)) } else { at };
        let is_settled = self.book.edges.last().is_none_or(|(since, _)| *since <= at);
        let deed = match rng.random_range(0..12) {
            0 | 1 if says == "valid" && is_settled && self.book.says(holds) == "valid" => {
                self.book.edges.push((holds, Edge::Suspended));
                Deed::Suspended { reason, proposal, grounds: grounds(holds) }
            }
            2 | 3 if says == "suspended" && is_settled && self.book.says(holds) == "suspended" => {
                self.book.edges.push((holds, Edge::Reinstated));
                Deed::Reinstated { reason, proposal, grounds: grounds(holds) }
            }
            4 if says == "valid" && is_settled => {
                let over = at.plus_seconds(86_400);
                self.book.edges.push((at, Edge::Emergency(over)));
                let grounds = grounds(at).expect("they are given");
                Deed::EmergencySuspended { reason, grounds, until: over }
            }
            5 if rng.random_bool(0.1) && is_running && is_settled && self.book.revoked.is_none() => {
                self.book.revoked = Some(holds).filter(|holds| matches!(self.book.says(*holds), "valid" | "suspended"));
                self.book.revoked?;
                Deed::Revoked { reason, proposal, grounds: grounds(holds) }
            }
            6 if rng.random_bool(0.1) && is_running && self.book.last_day.is_none() => {
                let last_day = at.day().plus_days(rng.random_range(30..200));
                if last_day >= until {
                    return None;
                }
                self.book.last_day = Some(last_day);
                let (for_users, contracts) = ("案内します。".to_owned(), "解約できます。".to_owned());
                Deed::Discontinued { plan: Box::new(Discontinuation { last_day, for_users, contracts }) }
            }
            // Filed from eight months before the end; what comes within four months carries nothing.
            7..=9 if self.filed.is_none() && is_running && from <= at.day() && until <= at.day().plus_months(8) => {
                let application: ApplicationId =
                    format!("A-{}-{:05}", at.day().ymd().0, rng.random_range(0..99_999)).parse().expect("an id");
                let holds_until = (at.day().plus_months(4) <= until).then(|| until.plus_months(6));
                if let Some(most) = holds_until {
                    self.book.carried.push((until, at, most, None));
                }
                self.filed = Some(application.clone());
                Deed::Filed { application, matter: Matter::Renewal, holds_until }
            }
            _ => {
                let application = self.filed.take()?;
                if rng.random_bool(0.2) {
                    let open = self.book.carried.last_mut().filter(|(end, _, _, over)| *end == until && over.is_none());
                    if let Some((_, _, _, over)) = open {
                        *over = Some(at);
                    }
                    Deed::FilingEnded { application, outcome: FilingOutcome::Failed }
                } else if matches!(says, "valid" | "suspended" | "lapsed") {
                    let next = if says == "lapsed" { at.day().next() } else { until };
                    let term = Period::of_years(next, 2);
                    self.book.terms.push((term.from, term.until, at));
                    Deed::Renewed {
                        application,
                        listing: Box::new(self.state.listing.clone()),
                        term,
                        declaration: None,
                    }
                } else {
                    self.filed = Some(application);
                    return None;
                }
            }
        };
        let subject = self.state.subject();
        let act = Act { subject, version: self.state.version + 1, at, by: by(), deed };
        let after = Registration::replay(Some(self.state.clone()), &act);
        self.state = after.unwrap_or_else(|why| panic!("{why:?}: {act:?} after {:?}", self.state));
        Some(act)
    }
}

/// The licence under a registration whose place in the status lists is that of the life.
fn licensed(place: usize, life: &Life, at: Instant) -> (Licence, Act) {
    let index = u32::try_from(place).expect("few enough");
    let [_, id @ ..] = (place as u64 + 1).to_be_bytes().last_chunk::<6>().copied().expect("eight bytes");
    let deed = Deed::Granted(Grant {
        registration: life.state.number.clone(),
        holder_kind: HolderKind::User,
        holder_name: format!("利用企業 {place}"),
        holder_number: None,
        contract_from: Some(at.day()),
        status_index: index,
        expires_at: life.book.terms[0].1.start(),
        key: "00000000".to_owned(),
        token_digest: "0".repeat(64),
    });
    let subject = Subject::Licence(LicenceId::from_bytes(id));
    let act = Act { subject, version: 1, at, by: by(), deed };
    (Licence::replay(None, &act).expect("a record begins so"), act)
}

/// Days for which marks of a service that ended in good order go on counting.
const GRACE: i32 = 30;

/// What a status list says of a licence whose service this happened to.
fn said(book: &Book, now: Instant) -> Option<Said> {
    match book.says(now) {
        "valid" => Some(Said::Valid),
        "suspended" => Some(Said::Suspended),
        "revoked" => Some(Said::Revoked),
        "discontinued" => {
            let last = book.last_day.expect("it has one");
            let end = Instant::from_unix(last.next().start().unix() - 1).expect("an instant");
            let has_grace = book.says(end) == "valid" && now.day() <= last.plus_days(GRACE);
            Some(if has_grace { Said::Valid } else { Said::Ended })
        }
        "lapsed" => Some(Said::Ended),
        // No licence is granted before the first day.
        _ => None,
    }
}

/// Writes acts and the states they lead to, as the acts of the register do.
struct Write {
    acts: Vec<Act>,
    states: Vec<(bool, Registration)>,
    licences: Vec<Licence>,
}

impl Errand for Write {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        for (is_new, state) in &self.states {
            match is_new {
                true => at_hand.tx.insert_registration(state).await?,
                false => at_hand.tx.update_registration(state).await?,
            }
        }
        for licence in &self.licences {
            at_hand.tx.insert_licence(licence, vec![0; 8]).await?;
        }
        for act in &self.acts {
            at_hand.record(act).await?;
        }
        Ok(())
    }
}

/// Instants of an interval, a few for each life, in the order of time.
fn instants(lives: usize, since: Instant, until: Instant, rng: &mut StdRng) -> Vec<(Instant, usize)> {
    let span = u32::try_from(until.unix() - since.unix()).expect("within a century");
    let mut drawn: Vec<(Instant, usize)> = Vec::new();
    for life in 0..lives {
        for _ in 0..rng.random_range(0..8) {
            drawn.push((since.plus_seconds(rng.random_range(1..span)), life));
        }
    }
    drawn.sort_unstable();
    drawn
}

fn write(register: &Register, written: Write, at: Instant) {
    in_process(register, async |registry| {
        registry.run(written, Origin::command(), at).await.expect("nothing stands against it");
    });
}

/// The states the list shows, by number.
fn listed(client: &Client) -> BTreeMap<String, String> {
    let (mut states, mut after) = (BTreeMap::new(), String::new());
    loop {
        let page = client.get(&format!("/api/v1/registrations?limit=100{after}")).send().ok();
        for item in page["items"].as_array().expect("items") {
            states.insert(text(item, "number").to_owned(), text(&item["state"], "name").to_owned());
        }
        let Some(next) = page["next"].as_str() else { return states };
        after = format!("&after={next}");
    }
}

/// The answers about many days at once, without when they were given.
fn answered(client: &Client, questions: &[Value]) -> Vec<Value> {
    let mut answers = Vec::new();
    for some in questions.chunks(AT_ONCE) {
        let body = client.post("/api/v1/valid-on", &json!({ "questions": some })).send().ok();
        answers.extend(body["answers"].as_array().expect("answers").iter().map(|one| one["registrations"][0].clone()));
    }
    answers
}

pub fn everything_says_what_happened(database: Database) {
    let register = Register::new(database);
    let clock = Clock::new(&register);
    let (first, mut rng) = (ahead("2021-05-01"), StdRng::seed_from_u64(2021));
    let round = Round::enter(&register, first);
    let like = in_process(&register, async |registry| {
        let number = round.number().parse().expect("a number");
        let found = registry.store.registration(&number).await.expect("the database answers");
        (*found.expect("it was entered")).clone()
    });
    let mut lives: Vec<Life> = Vec::new();
    let mut told: Vec<(Value, Value)> = Vec::new();
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    for look in 0..=LOOKS {
        let since = first.plus_days(EVERY * (look - 1)).start().plus_seconds(1);
        // The first, and then the last second before a midnight in Japan, the midnight, noon.
        let now = first.plus_days(EVERY * look).start().plus_seconds(12 * 3600 * u32::from(look % 3 == 1));
        let now = if look % 3 == 2 { Instant::from_unix(now.unix() - 1).expect("an instant") } else { now };
        let mut acts: Vec<Act> = Vec::new();
        let mut states: Vec<(bool, Registration)> = Vec::new();
        let mut licences: Vec<Licence> = Vec::new();
        if look == 0 {
            for number in 0..many() {
                let from = first.plus_days(rng.random_range(0..300));
                let (life, act) = Life::begin(number + 10, &like, from, first.start());
                acts.push(act);
                lives.push(life);
            }
            states.extend(lives.iter().map(|life| (true, life.state.clone())));
            for (place, life) in lives.iter().enumerate() {
                let (licence, act) = licensed(place, life, first.start());
                acts.push(act);
                licences.push(licence);
            }
        } else {
            let drawn =
                instants(lives.len(), since, Instant::from_unix(now.unix() - 60).expect("an instant"), &mut rng);
            let happenings = drawn.into_iter().filter_map(|(at, life)| {
                let act = lives[life].draw(at, &mut rng)?;
                Some(Happening { life, act })
            });
            let mut touched = std::collections::BTreeSet::new();
            for Happening { life, act } in happenings.collect::<Vec<_>>() {
                touched.insert(life);
                acts.push(act);
            }
            states.extend(touched.into_iter().map(|life| (false, lives[life].state.clone())));
        }
        write(&register, Write { acts, states, licences }, now);

        clock.set_to(now);
        let server = clock.serve(&register);
        let client = server.client();
        let list = listed(&client);
        let published = status::list(&client, 0);
        assert!(published.issued_at <= now && !published.is_old(now), "{now}: {}", published.issued_at);
        let yesterday = now.day().previous();
        let end = Instant::from_unix(now.day().start().unix() - 1).expect("an instant");
        let mut questions = Vec::new();
        for (place, Life { state, book, .. }) in (0..).zip(&lives) {
            let says = book.says(now);
            *seen.entry(says).or_default() += 1;
            assert_eq!(state.status(now).as_str(), says, "the acts, {now}: {state:?}");
            assert_eq!(list.get(state.number.as_str()).map(String::as_str), Some(says), "the list, {now}: {state:?}");
            let expected = said(book, now).unwrap_or_else(|| published.list.get(place));
            assert_eq!(published.list.get(place), expected, "the status list, {now}: {state:?}");
            questions.push(json!({ "number": state.number, "day": yesterday }));
        }
        let answers = answered(&client, &questions);
        for ((Life { state, book, .. }, asked), answer) in lives.iter().zip(questions).zip(answers) {
            assert_eq!(text(&answer["state"], "name"), book.says(end), "{end}: {answer} of {state:?}");
            told.push((asked, answer));
        }
        // What was said is said again: of each look some, and as it was known then.
        let some: Vec<&(Value, Value)> = told.iter().step_by(1 + told.len() / (2 * AT_ONCE)).collect();
        let again = answered(&client, &some.iter().map(|(asked, _)| asked.clone()).collect::<Vec<_>>());
        for ((asked, answer), again) in some.iter().zip(again) {
            assert_eq!(&again, answer, "{asked} asked again at {now}");
        }
        // On the day before the first look none was in the register.
        let known: Vec<&(Value, Value)> = told.iter().skip(lives.len()).step_by(1 + told.len() / 100).collect();
        let as_known =
            |asked: &Value| json!({ "number": asked["number"], "day": asked["day"], "knownOn": asked["day"] });
        let again = answered(&client, &known.iter().map(|(asked, _)| as_known(asked)).collect::<Vec<_>>());
        for ((asked, answer), mut again) in known.iter().zip(again) {
            again.as_object_mut().expect("an answer").remove("knownOn");
            assert_eq!(&again, answer, "{asked} as it was known then, asked at {now}");
        }
        server.end();
    }
    // It was about something.
    for state in ["not_yet", "valid", "suspended", "revoked", "discontinued", "lapsed"] {
        assert!(seen.get(state).is_some_and(|times| *times > 3), "{state}: {seen:?}");
    }
    let renewed = lives.iter().filter(|life| life.book.terms.len() > 2).count();
    assert!(renewed > lives.len() / 20, "{renewed} were renewed twice");
}
