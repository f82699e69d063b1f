//! The secretariat's day, and the settings of the scheme.

use std::collections::BTreeMap;

use domain::act::Role;
use domain::calendar::Day;
use domain::scheme::Standing;
use domain::settings::{Change, ChangedSetting, Figure, Holiday, HolidayChange, SettingId, Settings};

use super::*;
use crate::day::TheDay;
use crate::web::view::day::{DayPage, Group, Line};
use crate::web::view::frame::Frame;
use crate::web::view::scheme::{SchemePage, SettingPage};

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn frame(role: Role) -> Frame {
    super::desk::frame("例示 花子", role)
}

/// A figure that was changed twice, once for a day to come, and a day that is closed.
fn changed() -> Settings {
    let change = |value, from: &str, standing| Change {
        value,
        from: day(from),
        standing,
        source: HOSTILE.to_owned(),
        reason: HOSTILE.to_owned(),
        at: at("2026-06-02T01:00:00Z"),
    };
    let figures = vec![change(15, "2026-07-01", Standing::Provisional), change(20, "2027-07-01", Standing::Official)];
    let id = SettingId::Figure(Figure::AnswerDays);
    let changed_at = at("2026-06-02T01:00:00Z");
    let answers = ChangedSetting { id, version: 2, figures, holidays: Vec::new(), changed_at };
    let days = vec![
        Holiday { day: day("2027-06-09"), name: Some(HOSTILE.to_owned()) },
        Holiday { day: day("2027-07-19"), name: None },
    ];
    let (source, reason) = (HOSTILE.to_owned(), HOSTILE.to_owned());
    let holidays = vec![HolidayChange { days, source, reason, at: changed_at }];
    let days = ChangedSetting { id: SettingId::Holidays, version: 1, figures: Vec::new(), holidays, changed_at };
    Settings::with([answers, days])
}

fn line(title: &str, is_late: bool, left: Option<&str>) -> Line {
    Line {
        work: "審査".to_owned(),
        title: title.to_owned(),
        href: "/intake/A-2026-00001".to_owned(),
        people: if is_late { "審査 一郎、審査 二郎".to_owned() } else { String::new() },
        since: day("2026-11-02"),
        due: left.map(|_| day("2026-11-20")),
        until: (left == Some("今日まで")).then(|| at("2026-11-20T06:00:00Z")),
        is_late,
        left: left.map(str::to_owned),
    }
}

pub(super) fn add(put: &mut Put<'_>) {
    let found = TheDay { at: at("2026-11-21T06:00:00Z"), waiting: Vec::new(), is_cut: false };
    let empty = || DayPage::new(frame(Role::Secretariat), &found, Settings::bundled(), &BTreeMap::new());
    put("day-empty", &empty());
    let mut full = empty();
    let lines = vec![
        line(HOSTILE, true, Some("2開庁日過ぎています")),
        line(SERVICE, false, Some("今日まで")),
        line(SERVICE, false, Some("あと3日")),
        line(SERVICE, false, None),
    ];
    full.groups = full.groups.into_iter().map(|group| Group { late: 1, lines: lines.clone(), ..group }).collect();
    put("day", &DayPage { late: 5, is_cut: true, ..full });
    let today = day("2026-11-21");
    for (name, id) in [("setting", SettingId::Figure(Figure::AnswerDays)), ("holidays", SettingId::Holidays)] {
        let page = |form| SettingPage::new(frame(Role::Operator), &changed(), id, today, form);
        put(name, &page(Form::default()));
        let fields = ["/value", "/name", "/source", "/reason"];
        let wrong = Form::of(fields.map(|field| (field.to_owned(), HOSTILE.to_owned())).into());
        let errors = wrong.read(&page(Form::default()).fields).expect_err("it is wrong");
        put(&format!("{name}-wrong"), &page(wrong.with(errors)));
    }
}

pub(super) fn add_public(language: Language, put: &mut Put<'_>) {
    let today = day("2026-11-21");
    let frame = |viewer| Frame::public(language, "/scheme", viewer, false);
    put("scheme", &SchemePage::new(frame(None), Settings::bundled(), today));
    let viewer = super::desk::frame("例示 花子", Role::Secretariat).viewer;
    put("scheme-changed", &SchemePage::new(frame(viewer), &changed(), today));
}

/// Many at once, and a round to be announced.
pub(super) fn add_rounds(put: &mut Put<'_>) {
    use crate::web::view::bulk::{BulkPage, FIELDS, Found, LineRow};
    use crate::web::view::round::RoundPage;
    let row = |title: &str, is_refused| LineRow {
        word: format!("application/A-2026-0000{}@9", u8::from(is_refused) + 1),
        title: title.to_owned(),
        href: "/intake/A-2026-00001".to_owned(),
        words: HOSTILE.to_owned(),
        is_refused,
    };
    let typed =
        || Form::of(vec![("/kind".to_owned(), "enter".to_owned()), ("/first/year".to_owned(), HOSTILE.to_owned())]);
    let page = |form, found| BulkPage { frame: frame(Role::Secretariat), form, found };
    let found = |key: Option<&str>, lines| Some(Found { lines, is_cut: true, key: key.map(str::to_owned) });
    put("bulk", &page(Form::default(), None));
    put("bulk-none", &page(Form::default(), found(Some("00"), Vec::new())));
    put("bulk-preview", &page(typed(), found(Some("00"), vec![row(HOSTILE, false), row(SERVICE, true)])));
    put("bulk-done", &page(typed(), found(None, vec![row(HOSTILE, false), row(SERVICE, true)])));
    let errors = typed().read(&FIELDS).expect_err("no day");
    put("bulk-wrong", &page(typed().with(errors), None));
    let frame = || frame(Role::Secretariat);
    put("round", &RoundPage::new(frame(), Form::default(), None));
    let registration = registration(HOSTILE, Vec::new());
    let entry = |number| domain::round::Entry {
        number,
        application: registration.application.clone(),
        listing: registration.listing.clone(),
        term: registration.terms[0],
        is_renewal: false,
    };
    let announced = crate::round::Announced {
        round: domain::round::Round::new(day("2026-04-01"), day("2026-04-30")).expect("days"),
        entered: vec![entry(Some(registration.number.clone()))],
        expected: vec![entry(None)],
    };
    put("round-found", &RoundPage::new(frame(), typed(), Some(&announced)));
    let errors = Form::default().read(&crate::web::view::round::FIELDS).expect_err("no days");
    put("round-wrong", &RoundPage::new(frame(), Form::default().with(errors), None));
}
