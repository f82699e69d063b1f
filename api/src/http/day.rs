//! `/day`: what is due, late and waiting, for the secretariat.

use std::sync::Arc;

use domain::notice::{Waiting, WaitsFor};
use domain::settings::Settings;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};

use super::Chapter;
use super::request::Caller;
use crate::day;
use crate::post::path_of;
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// What is due, late and waiting, of everybody.
#[derive(Object, Debug)]
#[oai(rename = "Day", rename_all = "camelCase")]
struct DayView {
    /// When this was looked up, in UTC.
    at: String,
    /// How many of them are late.
    late: usize,
    /// There is more of something than is read.
    is_cut: bool,
    /// By whom it waits for.
    groups: Vec<GroupView>,
}

/// What waits for some people.
#[derive(Object, Debug)]
#[oai(rename = "WaitingGroup", rename_all = "camelCase")]
struct GroupView {
    /// `secretariat`, `second_person`, `decision_maker`, `examiner` or `provider`.
    waits_for: String,
    /// The late ones first, then by due day; those without one by since when they wait.
    items: Vec<WaitingView>,
}

/// Something that waits.
#[derive(Object, Debug)]
#[oai(rename = "Waiting", rename_all = "camelCase", skip_serializing_if_is_none)]
struct WaitingView {
    /// What it is: `intake`, `returned`, `question`, `examination`, `recommendation`, `decision`, `entry`, `condition`,
    /// `condition_reply`, `objection`, `proposal`, `hearing`, `correction`, `correction_reply`, `emergency`,
    /// `measure_objection`, `renewal`, `term_end`, `alert_report`, `self_check`, `discontinuation`,
    /// `complaint_received`, `complaint` or `mail_fault`.
    work: String,
    subject: String,
    title: String,
    since: String,
    /// The last day in Japan on which it is in time.
    due: Option<String>,
    /// Where it is due before an instant, in UTC.
    until: Option<String>,
    is_late: bool,
    /// Days until the due day, negative since it; 0 on the day itself.
    left: Option<i64>,
    /// Are those working days?
    is_left_in_working_days: bool,
    provider: Option<String>,
    /// The people it waits for, where they are known.
    people: Vec<String>,
    /// Its page.
    page: String,
}

#[OpenApi(tag = "Chapter::Day")]
impl Api {
    /// Shows what is due, late and waiting
    ///
    /// The secretariat's list, and an auditor's: cases, proposals that the caller may know of, conditions, corrections,
    /// hearings, objections, renewals, terms that end, reports, complaints, addresses that take no mail. What lies more
    /// than 90 days ahead is left out.
    #[oai(path = "/day", method = "get", operation_id = "getDay")]
    async fn show(&self, caller: Caller) -> Result<Json<DayView>, Problem> {
        let day = day::of(&self.registry, &caller.0).await?;
        let settings = self.registry.store.settings().await?;
        let view = |one: &Waiting| self.view(one, &day, &settings);
        let group = |waits_for: WaitsFor| GroupView {
            waits_for: waits_for.as_str().to_owned(),
            items: day.of(waits_for).map(view).collect(),
        };
        Ok(Json(DayView {
            at: day.at.to_string(),
            late: day.late(),
            is_cut: day.is_cut,
            groups: WaitsFor::ALL.map(group).into(),
        }))
    }
}

impl Api {
    fn view(&self, one: &Waiting, day: &day::TheDay, settings: &Settings) -> WaitingView {
        WaitingView {
            work: one.work.as_str().to_owned(),
            subject: one.subject.to_string(),
            title: one.title.ja.clone(),
            since: one.since.to_string(),
            due: one.due.map(|due| due.to_string()),
            until: one.until.map(|until| until.to_string()),
            is_late: one.is_late(day.at),
            left: one.left(day.at.day(), settings),
            is_left_in_working_days: one.work.counts_working_days(),
            provider: one.provider.as_ref().map(ToString::to_string),
            people: one.people.iter().map(ToString::to_string).collect(),
            page: self.registry.base_url.join(&path_of(&one.place)),
        }
    }
}
