//! What is due, late and waiting, in words.

use std::collections::BTreeMap;

use askama::Template;
use domain::act::PersonId;
use domain::calendar::{Day, Instant};
use domain::notice::{Waiting, WaitsFor};
use domain::settings::Settings;

use super::frame::Frame;
use crate::day::TheDay;
use crate::post::path_of;

/// The list, by whom it waits for.
#[derive(Debug, Template)]
#[template(path = "desk/day.html")]
pub struct DayPage {
    pub frame: Frame,
    pub at: Instant,
    pub late: usize,
    pub is_cut: bool,
    pub groups: Vec<Group>,
}

/// What waits for some people.
#[derive(Clone, Debug)]
pub struct Group {
    pub id: &'static str,
    pub heading: String,
    pub late: usize,
    pub lines: Vec<Line>,
}

/// Something that waits.
#[derive(Clone, Debug)]
pub struct Line {
    pub work: String,
    pub title: String,
    pub href: String,
    pub people: String,
    pub since: Day,
    pub due: Option<Day>,
    pub until: Option<Instant>,
    pub is_late: bool,
    /// 「あと3開庁日」
    pub left: Option<String>,
}

impl DayPage {
    pub fn new(frame: Frame, found: &TheDay, settings: &Settings, names: &BTreeMap<PersonId, String>) -> Self {
        let line = |one: &Waiting| Line::new(one, settings, found.at, names);
        let group = |waits_for: WaitsFor| {
            let lines: Vec<Line> = found.of(waits_for).map(line).collect();
            let late = lines.iter().filter(|line| line.is_late).count();
            Group { id: waits_for.as_str(), heading: waits_for.words().ja, late, lines }
        };
        let groups = WaitsFor::ALL.map(group).into();
        Self { frame, at: found.at, late: found.late(), is_cut: found.is_cut, groups }
    }
}

impl Line {
    /// Something that waits, as it looks at `at`.
    pub fn new(one: &Waiting, settings: &Settings, at: Instant, names: &BTreeMap<PersonId, String>) -> Self {
        let people = one.people.iter().map(|id| names.get(id).cloned().unwrap_or_else(|| id.to_string()));
        let is_late = one.is_late(at);
        Self {
            work: one.work.words().ja,
            title: one.title.ja.clone(),
            href: path_of(&one.place),
            people: people.collect::<Vec<_>>().join("、"),
            since: one.since,
            due: one.due,
            until: one.until,
            is_late,
            left: one.left(at.day(), settings).map(|left| left_in_words(left, is_late, one.work.counts_working_days())),
        }
    }
}

/// 「あと3開庁日」「2日過ぎています」
fn left_in_words(left: i64, is_late: bool, in_working_days: bool) -> String {
    let unit = if in_working_days { "開庁日" } else { "日" };
    match left {
        0 if is_late => "期限を過ぎています".to_owned(),
        0 => "今日まで".to_owned(),
        1.. => format!("あと{left}{unit}"),
        _ => format!("{}{unit}過ぎています", -left),
    }
}
