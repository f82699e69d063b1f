//! Many at once 「まとめて行う」: what the secretariat may do to several things, looked at line by line before it is done.
//!
//! A preview rehearses each line: the very deed, by the same function of the domain, of which nothing is kept. Then each
//! line is a deed of its own, one transaction and one leaf, under a key made of the whole's: whoever sends the same again,
//! after a second click or a process that died, is answered for what is done already and does only the rest.

use std::str::FromStr;
use std::sync::Arc;

use domain::act::{ApplicationId, RegistrationNumber, Subject};
use domain::authority::{Object, Power};
use domain::calendar::Day;
use domain::licence::{Holder, LicenceId, Standing};
use domain::notice::{Due, WaitsFor, due_of_application, due_of_registration};
use domain::registration::{Registration, Status};
use domain::text::Text;

use crate::acts::{Call, Grant, Refused, Register, Reissue, RemindProvider, Reminded};
use crate::caller::{Visitor, unregistered};
use crate::post::due::BEHIND;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{Cases, Error, Page};

/// The most lines at once.
pub const LINES: usize = 100;
/// Rows looked at together.
const PAGE: u64 = 200;
/// Providers are reminded of what is due within so many days, or late.
const SOON: i32 = 30;

/// What lets somebody do any of it.
pub const MAY: &[Power] = &[Power::Register, Power::GrantToProvider, Power::RemindProvider, Power::ReissueLicences];

/// What is done to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bulk {
    /// 登録: what passed enters the register, new services with a term from one day, renewals with the next term.
    Enter { first: Day },
    /// 使用許諾: providers of registered services that have no licence of their own are given one.
    License,
    /// 催促: providers are reminded of what is due soon, or late.
    Remind,
    /// 再発行: licences whose token a key signed that is compromised by now get one of the key that signs today.
    Reissue,
}

/// The kinds, by their words.
pub const KINDS: [(&str, &str); 4] = [
    ("enter", "合格した申請を登録する"),
    ("license", "登録された事業者にマークの使用を許諾する"),
    ("remind", "期限の近い、または過ぎた事業者に催促する"),
    ("reissue", "危殆化した鍵で署名したマークを再発行する"),
];

/// One thing that it is done to, as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub subject: Subject,
    /// The version that was seen; of a reminder, nothing that changes with it.
    pub version: u32,
    /// Of a reminder, what is due within its subject.
    pub what: String,
}

impl Line {
    /// As a form and a program send it.
    pub fn word(&self) -> String {
        format!("{}@{}{}{}", self.subject, self.version, if self.what.is_empty() { "" } else { "#" }, self.what)
    }
}

impl FromStr for Line {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("not a line: {text}");
        let (subject, rest) = text.split_once('@').ok_or_else(wrong)?;
        let (version, what) = rest.split_once('#').unwrap_or((rest, ""));
        let fits = what.len() <= 120 && what.bytes().all(|byte| byte.is_ascii_graphic());
        let subject = subject.parse().map_err(|_| wrong())?;
        let version = version.parse().map_err(|_| wrong())?;
        if fits { Ok(Self { subject, version, what: what.to_owned() }) } else { Err(wrong()) }
    }
}

/// A line, and what became of it or would.
#[derive(Debug)]
pub struct Outcome {
    pub line: Line,
    pub title: Text,
    /// The page of what it led to, or of what it is about.
    pub page: String,
    pub result: Result<Text, Problem>,
}

/// Everything that it could be done to, at most [`LINES`], and whether there is more.
pub async fn candidates(registry: &Registry, visitor: &Visitor, bulk: Bulk) -> Result<(Vec<Line>, bool), Problem> {
    let plain = |subject, version| Line { subject, version, what: String::new() };
    let mut lines: Vec<Line> = match bulk {
        Bulk::Enter { .. } => {
            let passed = unregistered(registry).await?.into_iter();
            passed.map(|one| plain(Subject::Application(one.id.clone()), one.version)).collect()
        }
        Bulk::License => {
            let (mut found, mut after) = (Vec::new(), Some(None));
            while let Some(place) = after.take().filter(|_| found.len() <= LINES) {
                let page = some_running(registry, visitor, place).await?;
                for registration in &page.items {
                    let is_in_force = registration.status(visitor.at) == Status::Valid;
                    let licence = registry.store.open_licence(&registration.number, &Holder::Provider).await?;
                    if is_in_force && licence.is_none() {
                        found.push(plain(Subject::Registration(registration.number.clone()), registration.version));
                    }
                }
                after = next(&page);
            }
            found
        }
        Bulk::Remind => {
            let due = due_soon(registry, visitor).await?.into_iter();
            due.map(|due| Line { subject: due.subject, version: 0, what: due.what }).collect()
        }
        Bulk::Reissue => affected(registry, visitor).await?,
    };
    let is_cut = lines.len() > LINES;
    lines.truncate(LINES);
    Ok((lines, is_cut))
}

/// Licences that count and whose token a compromised key signed, one more than [`LINES`] at most.
async fn affected(registry: &Registry, visitor: &Visitor) -> Result<Vec<Line>, Problem> {
    let keys = registry.store.signing_keys().await?;
    let lost: Vec<String> = keys.iter().filter(|key| key.compromised.is_some()).map(|key| key.id.to_string()).collect();
    let (mut found, mut after) = (Vec::new(), None);
    while found.len() <= LINES {
        let page = registry.store.licences_signed_with(&lost, after, PAGE).await?;
        for licence in &page.items {
            let registration = registry.store.registration(&licence.grant.registration).await?;
            let standing = registration.map(|registration| licence.standing(&registration, visitor.at));
            // What has ended is worth the same in any token.
            if matches!(standing, Some(Standing::Valid | Standing::Suspended { .. })) {
                let subject = Subject::Licence(licence.id);
                found.push(Line { subject, version: licence.version, what: String::new() });
            }
        }
        after = page.items.last().map(|last| last.id);
        if !page.has_more {
            break;
        }
    }
    Ok(found)
}

/// The end of a term, and whose it is: where a page of registrations ends.
type Place = (Day, RegistrationNumber);

/// Some of the registrations that still count, behind a place.
async fn some_running(
    registry: &Registry,
    visitor: &Visitor,
    after: Option<Place>,
) -> Result<Page<Registration>, Error> {
    let place = after.as_ref().map(|(until, number)| (*until, number));
    registry.store.running(visitor.at.day().plus_days(-BEHIND), place, PAGE).await
}

/// Where the next page begins; none where this was the last.
fn next(page: &Page<Registration>) -> Option<Option<Place>> {
    let last = page.items.last().filter(|_| page.has_more)?;
    Some(Some((last.last_term().until, last.number.clone())))
}

/// What is due of providers soon, or late; the first day first.
async fn due_soon(registry: &Registry, visitor: &Visitor) -> Result<Vec<Due>, Problem> {
    let (today, settings) = (visitor.at.day(), registry.store.settings().await?);
    let (mut found, mut after): (Vec<Due>, _) = (Vec::new(), Some(None));
    while let Some(place) = after.take() {
        let page = some_running(registry, visitor, place).await?;
        let reports = registry.store.reports_of(page.items.iter().map(|one| &one.number)).await?;
        let due = |one| due_of_registration(one, &reports, &settings, today);
        found.extend(page.items.iter().flat_map(due));
        after = next(&page);
    }
    let examining = Cases { stages: &["examining"], limit: PAGE, ..Cases::default() };
    let mut cases = registry.store.cases(&examining).await?.items;
    cases.extend(registry.store.cases_with_conditions(&[], None, PAGE).await?.items);
    found.extend(cases.iter().flat_map(|one| due_of_application(one, &settings, today)));
    let is_near = |due: &Due| today.days_until(due.day) <= i64::from(SOON);
    found.retain(|due| due.work.waits_for() == WaitsFor::Provider && is_near(due));
    found.sort_by(|a, b| (a.day, a.subject.to_string(), &a.what).cmp(&(b.day, b.subject.to_string(), &b.what)));
    Ok(found)
}

/// What each line would lead to, or did: `key` is the whole's, and none where nothing is to be done.
pub async fn run(
    registry: &Arc<Registry>,
    visitor: &Visitor,
    bulk: Bulk,
    lines: Vec<Line>,
    key: Option<&str>,
) -> Result<Vec<Outcome>, Problem> {
    let due = if bulk == Bulk::Remind { due_soon(registry, visitor).await? } else { Vec::new() };
    let mut outcomes = Vec::with_capacity(lines.len());
    for line in lines {
        let key = key.map(|key| format!("bulk/{key}/{}", line.word()));
        outcomes.push(one(registry, visitor, bulk, line, key, &due).await?);
    }
    Ok(outcomes)
}

async fn one(
    registry: &Arc<Registry>,
    visitor: &Visitor,
    bulk: Bulk,
    line: Line,
    key: Option<String>,
    due: &[Due],
) -> Result<Outcome, Problem> {
    let is_dry = key.is_none();
    let call = visitor.call(Some(line.version), key);
    let title = title_of(registry, &line, due).await?;
    let (result, page) = match (bulk, &line.subject) {
        (Bulk::Enter { first }, Subject::Application(id)) => {
            let page = format!("/intake/{id}");
            match enter(registry, visitor, id, first, call, is_dry).await {
                Ok((words, number)) => (Ok(words), number.map_or(page, |number| format!("/register/{number}"))),
                Err(refused) => (Err(refused.into()), page),
            }
        }
        (Bulk::License, Subject::Registration(number)) => {
            (license(registry, &line, call, is_dry).await.map_err(Problem::from), format!("/register/{number}"))
        }
        (Bulk::Remind, subject) => {
            let due = due.iter().find(|due| due.subject == *subject && due.what == line.what);
            let page = due.map_or_else(String::new, |due| crate::post::path_of(&due.place));
            (remind(registry, due, call, is_dry).await.map_err(Problem::from), page)
        }
        (Bulk::Reissue, Subject::Licence(id)) => {
            (reissue(registry, *id, call, is_dry).await.map_err(Problem::from), format!("/{id}"))
        }
        (_, subject) => (Err(Problem::not_found(&Text::new("対象", "subject"), &subject.to_string())), String::new()),
    };
    Ok(Outcome { line, title, page, result })
}

async fn title_of(registry: &Registry, line: &Line, due: &[Due]) -> Result<Text, Problem> {
    let found = due.iter().find(|due| due.subject == line.subject && due.what == line.what);
    let named = |name: &str| Text::new(format!("{name}（{}）", line.subject), format!("{name} ({})", line.subject));
    Ok(match (&line.subject, found) {
        (_, Some(due)) => due.title.clone(),
        (Subject::Application(id), None) => {
            let application = registry.store.application(id).await?;
            named(&application.map(|one| one.declaration.service.name).unwrap_or_default())
        }
        (Subject::Registration(number), None) => {
            let registration = registry.store.registration(number).await?;
            named(&registration.map(|one| one.listing.service_name.clone()).unwrap_or_default())
        }
        (Subject::Licence(id), None) => {
            let licence = registry.store.licence(*id).await?;
            named(&licence.map(|one| one.grant.holder_name.clone()).unwrap_or_default())
        }
        (subject, None) => Text::new(subject.to_string(), subject.to_string()),
    })
}

type Entered = (Text, Option<RegistrationNumber>);

async fn enter(
    registry: &Arc<Registry>,
    visitor: &Visitor,
    id: &ApplicationId,
    first: Day,
    call: Call,
    is_dry: bool,
) -> Result<Entered, Refused> {
    let missing = || Refused::NotFound { what: "application", id: id.to_string() };
    let application = registry.store.application(id).await?.ok_or_else(missing)?;
    // The term of a renewal follows the last one, whatever day the others begin on.
    let renewed = match &application.concerns {
        Some(concern) => registry.store.registration(&concern.registration).await?,
        None => None,
    };
    let from = renewed.map_or(first, |registration| registration.renews_from(visitor.at));
    let deed = Register { application: id.clone(), from };
    let words = |state: &Registration| {
        let last = state.last_term().last_day();
        Text::new(format!("有効期間：{from} から {last} まで"), format!("Term: {from} to {last}"))
    };
    if is_dry {
        return Ok((words(&registry.rehearse(deed, call).await?), None));
    }
    let done = registry.perform(deed, call).await?;
    Ok((words(&done.state), Some(done.state.number)))
}

async fn license(registry: &Arc<Registry>, line: &Line, call: Call, is_dry: bool) -> Result<Text, Refused> {
    let Subject::Registration(number) = &line.subject else {
        return Err(Refused::NotFound { what: "registration", id: line.subject.to_string() });
    };
    let missing = || Refused::NotFound { what: "registration", id: number.to_string() };
    let found = registry.store.registration(number).await?.ok_or_else(missing)?;
    let read = call.read.unwrap_or_default();
    let deed = Grant { registration: number.clone(), to: Holder::Provider };
    if is_dry {
        if found.version != read {
            return Err(Refused::Stale { read, found: found.version });
        }
        registry.rehearse(deed, call).await?;
        return Ok(Text::new("マークの使用を許諾します。", "The mark would be licensed."));
    }
    if found.version != read {
        return Err(Refused::Stale { read, found: found.version });
    }
    let done = registry.perform(deed, call).await?;
    Ok(Text::new(format!("使用許諾 {}", done.state.id), format!("licence {}", done.state.id)))
}

async fn reissue(registry: &Arc<Registry>, licence: LicenceId, call: Call, is_dry: bool) -> Result<Text, Refused> {
    let deed = Reissue { licence };
    if is_dry {
        registry.rehearse(deed, call).await?;
        return Ok(Text::new("新しい鍵で署名し直します。", "It would be signed anew."));
    }
    let done = registry.perform(deed, call).await?;
    let key = &done.state.grant.key;
    Ok(Text::new(format!("鍵 {key} で署名し直しました。"), format!("Signed anew with the key {key}.")))
}

async fn remind(registry: &Arc<Registry>, due: Option<&Due>, call: Call, is_dry: bool) -> Result<Text, Refused> {
    let missing = || Refused::NotFound { what: "due", id: String::new() };
    let due = due.cloned().ok_or_else(missing)?;
    let last = due.day;
    let errand = RemindProvider { due, by: call.by.clone() };
    let reminded = if is_dry {
        registry.rehearse_errand(errand, &call).await?
    } else {
        registry.run(errand, call.from.clone(), call.at).await?
    };
    Ok(match (reminded, is_dry) {
        (Reminded::Before, _) => Text::new(
            format!("今日すでに催促しました（期限 {last}）。"),
            format!("Reminded today already (due {last})."),
        ),
        (Reminded::Now, true) => {
            Text::new(format!("催促します（期限 {last}）。"), format!("Would be reminded (due {last})."))
        }
        (Reminded::Now, false) => {
            Text::new(format!("催促しました（期限 {last}）。"), format!("Reminded (due {last})."))
        }
    })
}

/// May this visitor do it to something?
pub fn may(visitor: &Visitor, bulk: Bulk) -> Result<(), Problem> {
    let power = match bulk {
        Bulk::Enter { .. } => Power::Register,
        Bulk::License => Power::GrantToProvider,
        Bulk::Remind => Power::RemindProvider,
        Bulk::Reissue => Power::ReissueLicences,
    };
    visitor.actor.in_role(power, &Object::default(), visitor.at.day()).map(drop).map_err(Problem::from)
}
