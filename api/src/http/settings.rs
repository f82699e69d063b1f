//! `/settings`: the settings of the scheme as they hold, and changes of them by two people.

use std::sync::Arc;

use domain::proposal::Motion;
use domain::scheme::Standing;
use domain::settings::{Change, Figure, Holiday, HolidayChange, SettingId, Settings};
use domain::text::Text;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};

use super::Chapter;
use super::body::Body;
use super::proposals::{ProposalView, propose};
use super::rendered::Rendered;
use super::request::{Caller, day};
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// The settings of the scheme on a day.
#[derive(Object, Debug)]
#[oai(rename = "Settings", rename_all = "camelCase")]
struct SettingsView {
    /// The day in Japan on which they hold.
    on: String,
    figures: Vec<FigureView>,
    /// What two people have said of single days, in the order in which they did. Every other holiday stands in the
    /// program's own list.
    holidays: Vec<HolidayChangeView>,
    /// How often the holidays were changed: the version to name with another change.
    holidays_version: u32,
}

#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename = "SettingStanding", rename_all = "snake_case")]
enum StandingName {
    Official,
    Provisional,
}

impl From<Standing> for StandingName {
    fn from(standing: Standing) -> Self {
        match standing {
            Standing::Official => Self::Official,
            Standing::Provisional => Self::Provisional,
        }
    }
}

impl From<StandingName> for Standing {
    fn from(name: StandingName) -> Self {
        match name {
            StandingName::Official => Self::Official,
            StandingName::Provisional => Self::Provisional,
        }
    }
}

/// A number among the settings.
#[derive(Object, Debug)]
#[oai(rename = "Figure", rename_all = "camelCase", skip_serializing_if_is_none)]
struct FigureView {
    /// Its word, such as `answer_days`.
    id: String,
    /// How often it was changed: the version to name with another change.
    version: u32,
    name: TextView,
    /// In its unit.
    value: u32,
    /// `years`, `months`, `days`, `working_days` or `hours`.
    unit: String,
    least: u32,
    most: u32,
    standing: StandingName,
    source: String,
    /// Since when it is this; absent where it is what the program came with.
    since: Option<String>,
    /// Which day's value governs.
    governed_by: TextView,
    /// Every change, in the order in which they were made.
    changes: Vec<ChangeView>,
}

/// Words in both languages.
#[derive(Object, Debug)]
#[oai(rename = "Words")]
struct TextView {
    ja: String,
    en: String,
}

impl From<Text> for TextView {
    fn from(text: Text) -> Self {
        Self { ja: text.ja, en: text.en }
    }
}

/// A change of a figure.
#[derive(Object, Debug)]
#[oai(rename = "SettingChange", rename_all = "camelCase")]
struct ChangeView {
    value: u32,
    from: String,
    standing: StandingName,
    source: String,
    reason: String,
    /// When two people had made it, in UTC.
    at: String,
}

impl From<&Change> for ChangeView {
    fn from(change: &Change) -> Self {
        Self {
            value: change.value,
            from: change.from.to_string(),
            standing: change.standing.into(),
            source: change.source.clone(),
            reason: change.reason.clone(),
            at: change.at.to_string(),
        }
    }
}

/// A change of the holidays.
#[derive(Object, Debug)]
#[oai(rename = "HolidayChange", rename_all = "camelCase")]
struct HolidayChangeView {
    days: Vec<HolidayBody>,
    source: String,
    reason: String,
    /// When two people had made it, in UTC.
    at: String,
}

impl From<&HolidayChange> for HolidayChangeView {
    fn from(change: &HolidayChange) -> Self {
        let day = |holiday: &Holiday| HolidayBody { day: holiday.day.to_string(), name: holiday.name.clone() };
        Self {
            days: change.days.iter().map(day).collect(),
            source: change.source.clone(),
            reason: change.reason.clone(),
            at: change.at.to_string(),
        }
    }
}

/// A day, and the name of the holiday it is; without a name it is none.
#[derive(Object, Debug)]
#[oai(rename = "Holiday", skip_serializing_if_is_none)]
struct HolidayBody {
    /// `YYYY-MM-DD`, in Japan.
    #[oai(validator(max_length = 20))]
    day: String,
    #[oai(validator(max_length = 60))]
    name: Option<String>,
}

/// A figure from a day on.
#[derive(Object, Debug)]
#[oai(rename = "ProposeSetting")]
struct SettingBody {
    /// In the figure's unit.
    #[oai(validator(maximum(value = "1000")))]
    value: u32,
    /// The first day in Japan on which it is to hold, tomorrow or later.
    #[oai(validator(max_length = 20))]
    from: String,
    /// Does the scheme's owner publish it, or is it the register's own?
    standing: StandingName,
    /// Where it comes from; published.
    #[oai(validator(min_length = 1, max_length = 2000))]
    source: String,
    /// Published once it is confirmed.
    #[oai(validator(min_length = 1, max_length = 2000))]
    reason: String,
}

/// What is to be said of some days.
#[derive(Object, Debug)]
#[oai(rename = "ProposeHolidays")]
struct HolidaysBody {
    #[oai(validator(min_items = 1, max_items = 40))]
    days: Vec<HolidayBody>,
    /// Where it comes from; published.
    #[oai(validator(min_length = 1, max_length = 2000))]
    source: String,
    /// Published once it is confirmed.
    #[oai(validator(min_length = 1, max_length = 2000))]
    reason: String,
}

#[OpenApi(tag = "Chapter::Settings")]
impl Api {
    /// Lists the settings of the scheme
    ///
    /// As they hold on a day, each with its standing, its source and every change of it.
    #[oai(path = "/settings", method = "get", operation_id = "listSettings")]
    async fn list(
        &self,
        /// `YYYY-MM-DD`; today in Japan when absent.
        #[oai(validator(max_length = 20))]
        on: Query<Option<String>>,
    ) -> Result<Json<SettingsView>, Problem> {
        let on = match &on.0 {
            Some(text) => day("/on", text)?,
            None => clock::now().day(),
        };
        let settings = self.registry.store.settings().await?;
        let said = settings.changed(SettingId::Holidays).map_or(&[][..], |own| &own.holidays);
        Ok(Json(SettingsView {
            on: on.to_string(),
            figures: Figure::ALL.into_iter().map(|figure| figure_view(&settings, figure, on)).collect(),
            holidays: said.iter().map(Into::into).collect(),
            holidays_version: settings.version(SettingId::Holidays),
        }))
    }

    /// Proposes that a setting be another one from a day on
    ///
    /// It is changed once a second person confirms it, which has to be before that day begins. Name its version with
    /// `If-Match`, where it was changed before: how often it was.
    #[oai(path = "/settings/:setting/changes", method = "post", operation_id = "proposeSetting")]
    async fn propose(
        &self,
        caller: Caller,
        setting: Path<String>,
        body: Body<SettingBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let missing = || Problem::not_found(&Text::new("制度の設定", "setting"), &setting.0);
        let setting: SettingId = setting.0.parse().map_err(|_| missing())?;
        if setting == SettingId::Holidays {
            return Err(missing());
        }
        let SettingBody { value, from, standing, source, reason } = body.0;
        let (from, standing) = (day("/from", &from)?, standing.into());
        let motion = Motion::ChangeSetting { setting, value, from, standing, source, reason };
        propose(&self.registry, &caller, motion, if_match, key).await
    }

    /// Proposes holidays
    ///
    /// Days to come that are holidays, or that are none, whatever was said of them before. Name the version of the
    /// holidays with `If-Match`, where they were changed before: how often they were.
    #[oai(path = "/holidays/changes", method = "post", operation_id = "proposeHolidays")]
    async fn holidays(
        &self,
        caller: Caller,
        body: Body<HolidaysBody>,
        #[oai(name = "If-Match")] if_match: Header<Option<String>>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
    ) -> Result<Rendered<ProposalView>, Problem> {
        let HolidaysBody { days, source, reason } = body.0;
        let read = |(index, holiday): (usize, HolidayBody)| {
            Ok(Holiday { day: day(&format!("/days/{index}/day"), &holiday.day)?, name: holiday.name })
        };
        let days = days.into_iter().enumerate().map(read).collect::<Result<Vec<_>, Problem>>()?;
        propose(&self.registry, &caller, Motion::ChangeHolidays { days, source, reason }, if_match, key).await
    }
}

fn figure_view(settings: &Settings, figure: Figure, on: domain::calendar::Day) -> FigureView {
    let (held, (least, most)) = (settings.on(figure, on), figure.bounds());
    FigureView {
        id: figure.as_str().to_owned(),
        version: settings.version(SettingId::Figure(figure)),
        name: figure.words().into(),
        value: held.value,
        unit: figure.unit().as_str().to_owned(),
        least,
        most,
        standing: held.standing.into(),
        source: held.source.to_owned(),
        since: held.from.map(|day| day.to_string()),
        governed_by: figure.governed_by().into(),
        changes: settings.history(figure).iter().map(Into::into).collect(),
    }
}
