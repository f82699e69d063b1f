//! What is due of a registration, and what else of it waits.

use super::{Audience, Due, Place, Waiting, Work};
use crate::act::Subject;
use crate::application::Progress;
use crate::calendar::{Day, Instant};
use crate::registration::{Registration, Status};
use crate::settings::Settings;
use crate::text::Text;
use crate::watching::{Duty, Matter, Progress as Reported, Report, name_of};

/// What is due of a registration; `reports` is what was reported of it so far.
pub fn due_of_registration(
    registration: &Registration,
    reports: &[Report],
    settings: &Settings,
    today: Day,
) -> Vec<Due> {
    let at = today.start().max(registration.changed_at);
    let owing = corrections(registration).chain(duties(registration, reports, settings, today));
    term(registration, at).into_iter().chain(renewal(registration, settings, at, today)).chain(owing).collect()
}

fn due(
    of: &Registration,
    work: Work,
    what: String,
    (day, since): (Day, Day),
    place: Place,
    title: Text,
    todo: Text,
) -> Due {
    Due {
        work,
        subject: Subject::Registration(of.number.clone()),
        what,
        day,
        since,
        audience: vec![Audience::Company(of.owner.clone())],
        provider: Some(of.owner.clone()),
        place,
        title,
        todo,
    }
}

fn named(of: &Registration) -> Text {
    let (service, number) = (&of.listing.service_name, &of.number);
    Text::new(format!("「{service}」（{number}）"), format!("“{service}” ({number})"))
}

/// The end of the last term, unless the registration is over for another reason.
fn term(of: &Registration, at: Instant) -> Option<Due> {
    let counts = matches!(
        of.status(at),
        Status::NotYet { .. } | Status::Valid | Status::Suspended { .. } | Status::Lapsed { .. }
    );
    let term = of.terms.last().filter(|_| counts)?;
    let Text { ja, en } = named(of);
    let todo = if of.open_renewal().is_some() {
        Text::new(
            "更新の申請を受け付けています。登録の画面で、判定までの扱いを確かめてください。",
            "Your renewal was filed. See on the registration's page what holds until it is decided.",
        )
    } else {
        Text::new(
            "続けるには、更新の申請をしてください。更新がなければ、登録もマークも、この日の終わりに効力を失います。",
            "Apply for renewal to go on. Without it registration and marks count no longer when this day is over.",
        )
    };
    let title = Text::new(format!("{ja}の登録の有効期間の終わり"), format!("the end of the term of {en}"));
    let (what, place) = (format!("term-{}", of.terms.len()), Place::Registration(of.number.clone()));
    Some(due(of, Work::TermEnd, what, (term.last_day(), term.from), place, title, todo))
}

/// A renewal that can be applied for and was not: by the day until which it is in time.
fn renewal(of: &Registration, settings: &Settings, at: Instant, today: Day) -> Option<Due> {
    let window = of.renewal_window(settings);
    let can_be = of.is_carried_on(at) && of.open_renewal().is_none() && of.discontinuation().is_none();
    if !can_be || today < window.opens || window.closes < today {
        return None;
    }
    let Text { ja, en } = named(of);
    let title = Text::new(format!("{ja}の更新の申請"), format!("the renewal of {en}"));
    let todo = Text::new(
        "更新の申請をしてください。この日までの申請なら、判定が有効期間のあとになっても、登録は判定まで続きます。",
        "Apply for it. What is applied for by this day goes on until it is decided, should that be after the term.",
    );
    let (what, place) = (format!("renewal-{}", of.terms.len()), Place::Registration(of.number.clone()));
    Some(due(of, Work::Renewal, what, (window.due, window.opens), place, title, todo))
}

/// What measures demand and nobody has reported.
fn corrections(of: &Registration) -> impl Iterator<Item = Due> {
    let Text { ja, en } = named(of);
    of.measures.iter().enumerate().filter(|(_, measure)| measure.set_aside().is_none()).flat_map(move |(index, one)| {
        let (ja, en, measure, since) = (ja.clone(), en.clone(), index + 1, one.at.day());
        let open = one.corrections.iter().enumerate().filter(|(_, own)| own.progress() == Progress::Open);
        open.map(move |(place, own)| {
            let title =
                Text::new(format!("{ja}の是正{}の報告", place + 1), format!("correction {} of {en}", place + 1));
            let todo = Text::new("求められたことを直して、報告してください。", "Put it right and report it.");
            let what = format!("correction-{measure}-{}", place + 1);
            let days = (own.condition.due, since);
            due(of, Work::Correction, what, days, Place::Measures(of.number.clone()), title, todo)
        })
    })
}

/// Reports that can be made and were not.
fn duties<'a>(
    of: &'a Registration,
    reports: &'a [Report],
    settings: &Settings,
    today: Day,
) -> impl Iterator<Item = Due> + 'a {
    let is_about = |report: &Report, duty: &Duty| {
        report.registration == of.number && report.matter() == duty.matter && report.period == duty.period
    };
    let owed = of.duties(settings, today).into_iter().filter(move |duty| {
        let report = reports.iter().find(|report| is_about(report, duty));
        matches!(duty.progress(report, today), Reported::Open | Reported::Missing { .. })
    });
    owed.map(move |duty| {
        let (Text { ja, en }, term) = (named(of), duty.matter.term());
        let name = name_of(duty.period);
        let title = Text::new(format!("{ja}の{}（{name}）", term.ja), format!("{} of {en} ({name})", term.en));
        let todo = Text::new("登録後の報告の画面で報告してください。", "Report it on the page of reports.");
        let work = match duty.matter {
            Matter::Alerts => Work::AlertReport,
            Matter::SelfCheck => Work::SelfCheck,
        };
        let what = format!("{}-{name}", duty.matter.as_str());
        due(of, work, what, (duty.due, duty.opens), Place::Watching(of.number.clone()), title, todo)
    })
}

/// Everything of a registration that waits at `now`, for whomever.
pub fn waiting_of_registration(
    registration: &Registration,
    reports: &[Report],
    settings: &Settings,
    now: Instant,
) -> Vec<Waiting> {
    let today = now.day();
    let due = due_of_registration(registration, reports, settings, today).into_iter();
    // What runs out while its renewal is examined waits for the examiners, and stands with the case.
    let waits = |due: &Due| due.work != Work::TermEnd || registration.open_renewal().is_none();
    let mut waiting: Vec<Waiting> = due.filter(waits).map(Waiting::from).collect();
    let number = &registration.number;
    let plain = |work, what: String, since: Instant, place| Waiting {
        what,
        provider: Some(registration.owner.clone()),
        ..Waiting::new(work, Subject::Registration(number.clone()), since.day(), place, named(registration))
    };
    let measures = || Place::Measures(number.clone());
    for (index, measure) in registration.measures.iter().enumerate() {
        let of_it = format!("measure-{}", index + 1);
        if let Some(objection) = measure.waiting_objection() {
            waiting.push(plain(Work::MeasureObjection, of_it.clone(), objection.at, measures()));
        }
        for (place, one) in measure.corrections.iter().enumerate() {
            let report = one.reports.last().filter(|_| one.progress() == Progress::Reported);
            if let Some(report) = report.filter(|_| measure.set_aside().is_none()) {
                let what = format!("correction-{}-{}", index + 1, place + 1);
                waiting.push(plain(Work::CorrectionReply, what, report.at, measures()));
            }
        }
    }
    if let Some(until) = registration.waiting_emergency(now) {
        let since = registration.measures.last().map_or(registration.changed_at, |measure| measure.at);
        let plain = plain(Work::Emergency, "emergency".to_owned(), since, measures());
        waiting.push(Waiting { due: Some(until.day()), until: Some(until), ..plain });
    }
    let ending = registration.discontinuation().filter(|announced| today <= announced.plan.last_day);
    if let Some(announced) = ending {
        let place = Place::Registration(number.clone());
        let plain = plain(Work::Discontinuation, "discontinuation".to_owned(), announced.at, place);
        waiting.push(Waiting { due: Some(announced.plan.last_day), ..plain });
    }
    waiting
}
