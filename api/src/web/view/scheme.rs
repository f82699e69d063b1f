//! The settings of the scheme in words, and the form that proposes another one.

use std::borrow::Cow::Borrowed;

use askama::Template;
use domain::calendar::{Day, Instant};
use domain::scheme::Standing;
use domain::settings::{Figure, Holiday, SettingId, Settings};
use domain::text::Text;
use domain::working_day::{bundled_holidays, holidays_source};

use super::form::{Choice, Field, Form, Input, SummaryLine, Width};
use super::frame::Frame;

/// Every setting.
#[derive(Debug, Template)]
#[template(path = "public/scheme.html")]
pub struct SchemePage {
    pub frame: Frame,
    pub figures: Vec<FigureLine>,
    pub holidays: HolidayList,
}

/// A figure as it is today, and what becomes of it.
#[derive(Clone, Debug)]
pub struct FigureLine {
    pub id: &'static str,
    pub name: Text,
    pub value: String,
    pub value_en: String,
    pub standing: Standing,
    pub source: String,
    pub since: Option<Day>,
    pub governed_by: Text,
    pub changes: Vec<ChangeLine>,
}

/// A change in words.
#[derive(Clone, Debug)]
pub struct ChangeLine {
    pub value: Text,
    pub from: Day,
    pub is_ahead: bool,
    pub standing: Standing,
    pub source: String,
    pub reason: String,
    pub at: Instant,
}

/// The holidays from today on, and what two people have said of them.
#[derive(Clone, Debug)]
pub struct HolidayList {
    pub source: &'static str,
    /// The next ones, with their names.
    pub next: Vec<(Day, String)>,
    pub changes: Vec<SaidOfDays>,
}

/// What two people said of some days.
#[derive(Clone, Debug)]
pub struct SaidOfDays {
    pub days: Vec<Holiday>,
    pub source: String,
    pub reason: String,
    pub at: Instant,
}

/// The most holidays that are listed ahead.
const NEXT: usize = 40;

impl FigureLine {
    /// A figure on `today`.
    pub fn new(settings: &Settings, figure: Figure, today: Day) -> Self {
        let (held, unit) = (settings.on(figure, today), figure.unit().words());
        let words = |value: u32| Text::new(format!("{value}{}", unit.ja), format!("{value} {}", unit.en));
        let change = |change: &domain::settings::Change| ChangeLine {
            value: words(change.value),
            from: change.from,
            is_ahead: change.from > today,
            standing: change.standing,
            source: change.source.clone(),
            reason: change.reason.clone(),
            at: change.at,
        };
        let Text { ja, en } = words(held.value);
        Self {
            id: figure.as_str(),
            name: figure.words(),
            value: ja,
            value_en: en,
            standing: held.standing,
            source: held.source.to_owned(),
            since: held.from,
            governed_by: figure.governed_by(),
            changes: settings.history(figure).iter().rev().map(change).collect(),
        }
    }
}

impl HolidayList {
    /// The holidays from `today` on.
    pub fn new(settings: &Settings, today: Day) -> Self {
        let said = settings.changed(SettingId::Holidays).map_or(&[][..], |own| &own.holidays);
        let days = bundled_holidays().map(|(day, _)| day);
        let mut days: Vec<Day> =
            days.chain(said.iter().flat_map(|one| &one.days).map(|one| one.day)).filter(|day| *day >= today).collect();
        days.sort_unstable();
        days.dedup();
        let named = |day: Day| settings.holiday(day).map(|name| (day, name.to_owned()));
        let change = |change: &domain::settings::HolidayChange| SaidOfDays {
            days: change.days.clone(),
            source: change.source.clone(),
            reason: change.reason.clone(),
            at: change.at,
        };
        Self {
            source: holidays_source(),
            next: days.into_iter().filter_map(named).take(NEXT).collect(),
            changes: said.iter().rev().map(change).collect(),
        }
    }
}

impl SchemePage {
    pub fn new(frame: Frame, settings: &Settings, today: Day) -> Self {
        let figures = Figure::ALL.into_iter().map(|figure| FigureLine::new(settings, figure, today)).collect();
        Self { frame, figures, holidays: HolidayList::new(settings, today) }
    }

    fn standing(&self, standing: &Standing) -> &str {
        match standing {
            Standing::Official => self.frame.t("公表されているもの", "Official"),
            Standing::Provisional => self.frame.t("暫定（この登録簿の定め）", "Provisional, the register's own"),
        }
    }
}

/// The form that proposes another value of a setting.
#[derive(Debug, Template)]
#[template(path = "desk/setting.html")]
pub struct SettingPage {
    pub frame: Frame,
    pub id: &'static str,
    pub name: String,
    /// What it is today; of the holidays nothing.
    pub now: Option<String>,
    pub governed_by: Option<String>,
    /// How often it was changed.
    pub version: u32,
    pub earliest: Day,
    pub fields: Vec<Field>,
    pub form: Form,
}

const STANDINGS: &[Choice] = &[
    (Borrowed("provisional"), Borrowed("暫定：公表されたものがなく、この登録簿が定める")),
    (Borrowed("official"), Borrowed("公表：制度の所有者が公表している")),
];

impl SettingPage {
    pub fn new(frame: Frame, settings: &Settings, id: SettingId, today: Day, form: Form) -> Self {
        let source =
            || Field::required("/source", "出典", "確認した人がたどれるように書きます。公開されます。", Input::Lines);
        let reason = || Field::required("/reason", "変える理由", "公開されます。", Input::Lines);
        let (now, governed_by, fields) = match id {
            SettingId::Figure(figure) => {
                let line = FigureLine::new(settings, figure, today);
                let unit = match figure.unit() {
                    domain::settings::Unit::Years => "年",
                    domain::settings::Unit::Months => "か月",
                    domain::settings::Unit::Days => "日",
                    domain::settings::Unit::WorkingDays => "開庁日",
                    domain::settings::Unit::Hours => "時間",
                };
                let fields = vec![
                    Field::required("/value", "新しい値", "", Input::Number(unit)),
                    Field::required("/from", "効力の始まる日", "明日から後の日です。", Input::Day),
                    Field::required("/standing", "根拠の種類", "", Input::OneOf(Borrowed(STANDINGS))),
                    source(),
                    reason(),
                ];
                (Some(line.value), Some(line.governed_by.ja), fields)
            }
            SettingId::Holidays => {
                let help = "空欄にすると、その日は休日でなくなります。";
                let fields = vec![
                    Field::required("/from", "日", "明日から後の日です。", Input::Day),
                    Field::blank("/name", "休日の名前", help, Input::Line(Width::Middle)),
                    source(),
                    reason(),
                ];
                (None, None, fields)
            }
        };
        Self {
            frame,
            id: id.as_str(),
            name: id.words().ja,
            now,
            governed_by,
            version: settings.version(id),
            earliest: today.next(),
            fields,
            form,
        }
    }

    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&self.fields)
    }
}
