//! The gate to class 2 「2類の前提」: what the register remembers of class 1 and what is declared, figure by figure, and
//! from which day what is missing would be there.
//!
//! It shows; it does not decide. What it is worth, the criteria's findings say, on the same figures.

use super::CriterionId;
use super::track_record::TrackRecord;
use crate::calendar::Day;
use crate::declaration::{Class, Declaration};
use crate::edition::{Criterion, Edition, Limit, LimitName, Measure, Standing};
use crate::text::Text;

/// One figure that class 2 asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    pub name: GateName,
    /// What is asked, and what was found.
    pub asked: Text,
    pub found: Text,
    pub is_met: bool,
    /// The first day on which it would be met, if registration and service go on as they do: where that can be said.
    pub met_from: Option<Day>,
    /// Provisional where the limit or the criterion's wording is.
    pub standing: Standing,
    /// Why it is provisional.
    pub note: Option<Text>,
}

/// What a gate is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateName {
    /// How long class 1 was registered.
    Registered,
    /// Companies served, each for the time that is asked.
    EachCompany,
    /// Companies served, over the time that is asked in all.
    InAll,
    /// Endpoints that can be watched.
    Endpoints,
}

impl GateName {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::EachCompany => "each_company",
            Self::InAll => "in_all",
            Self::Endpoints => "endpoints",
        }
    }

    /// The gate for people.
    pub fn term(self) -> Text {
        match self {
            Self::Registered => Text::new("1類の登録の期間", "Time of class-1 registration"),
            Self::EachCompany => {
                Text::new("1類の提供先（会社ごとの年数と読む）", "Companies served in class 1, the time for each")
            }
            Self::InAll => {
                Text::new("1類の提供先（全体の年数と読む）", "Companies served in class 1, the time for all together")
            }
            Self::Endpoints => Text::new("強化された監視（端末の数）", "Strengthened monitoring, in endpoints"),
        }
    }
}

/// The gates of a declaration for class 2, on the day on which it is judged; empty for class 1, and where the edition has
/// no class 2.
pub fn gates(edition: &Edition, declaration: &Declaration, day: Day, record: &TrackRecord) -> Vec<Gate> {
    let service = &declaration.service;
    if service.class == Class::One {
        return Vec::new();
    }
    let asked = edition.criteria_for(service.class, service.kind);
    let of = |id: CriterionId| asked.iter().copied().find(|criterion| criterion.id == id);
    let mut gates = Vec::new();
    if let Some(experience) = of(CriterionId::Experience) {
        gates.extend(registered(experience, day, record));
        gates.extend(served(experience, day, record).into_iter().flatten());
    }
    gates.extend(of(CriterionId::NetworkMonitoring).and_then(|criterion| endpoints(criterion, declaration)));
    gates
}

fn registered(criterion: &Criterion, day: Day, record: &TrackRecord) -> Option<Gate> {
    let limit = criterion.limit(LimitName::ClassOneRegisteredYears)?;
    let years = years(limit)?;
    let run = record.registered_before(day, years);
    let found = run.map_or_else(
        || Text::new("1類の登録の記録がありません。", "No class-1 registration."),
        |run| {
            let (from, last) = (run.from, run.last_day());
            Text::new(format!("{from}から{last}まで"), format!("from {from} to {last}"))
        },
    );
    // A registration that ended before the day is long enough, and a person judges what that is worth.
    let is_met = record.held_on(day, years);
    let met_from = if is_met { None } else { record.held_from(day, years) };
    Some(gate(GateName::Registered, criterion, &[limit], Measure::Years.text(years.into()), found, is_met, met_from))
}

/// Both readings of "ten companies over a year".
fn served(criterion: &Criterion, day: Day, record: &TrackRecord) -> Option<[Gate; 2]> {
    let limits = [criterion.limit(LimitName::ClassOneCompanies)?, criterion.limit(LimitName::ClassOneServiceYears)?];
    let (companies, years) = (limits[0].value?, years(limits[1])?);
    let asked = Text::new(
        format!("{}・{}", Measure::Companies.text(companies).ja, Measure::Years.text(years.into()).ja),
        format!("{}, {}", Measure::Companies.text(companies).en, Measure::Years.text(years.into()).en),
    );
    let (each, all) = (record.companies_for_years_before(day, years), record.companies_before(day));
    let span = record.service_span_before(day);
    let is_long = span.is_some_and(|span| super::track_record::is_at_least(span, years));
    let days = span.map_or(0, |span| span.from.days_until(span.until)).unsigned_abs();
    let each_found = Measure::Companies.text(each);
    let all_found = Text::new(
        format!("{}・{}", Measure::Companies.text(all).ja, Measure::Days.text(days).ja),
        format!("{}, {}", Measure::Companies.text(all).en, Measure::Days.text(days).en),
    );
    let (each_met, all_met) = (each >= companies, all >= companies && is_long);
    let each_from = if each_met { None } else { record.each_served_from(day, years, companies) };
    let all_from = if all_met || all < companies { None } else { record.all_served_from(day, years) };
    Some([
        gate(GateName::EachCompany, criterion, &limits, asked.clone(), each_found, each_met, each_from),
        gate(GateName::InAll, criterion, &limits, asked, all_found, all_met, all_from),
    ])
}

fn endpoints(criterion: &Criterion, declaration: &Declaration) -> Option<Gate> {
    let limit = criterion.limit(LimitName::MonitoredEndpoints)?;
    let asked = limit.value?;
    let monitoring = &declaration.monitoring;
    let most = [
        monitoring.network.as_ref().and_then(|network| network.maximum_endpoints),
        monitoring.endpoint.as_ref().and_then(|endpoint| endpoint.maximum_endpoints),
    ];
    let least = most.into_iter().flatten().min();
    let found = least.map_or_else(|| Text::new("上限なし", "no limit"), |most| Measure::Endpoints.text(most.into()));
    let is_met = monitoring.network.is_some() && least.is_none_or(|most| u64::from(most) >= asked);
    Some(gate(GateName::Endpoints, criterion, &[limit], Measure::Endpoints.text(asked), found, is_met, None))
}

fn gate(
    name: GateName,
    criterion: &Criterion,
    limits: &[&Limit],
    asked: Text,
    found: Text,
    is_met: bool,
    met_from: Option<Day>,
) -> Gate {
    let open = limits.iter().find(|limit| limit.standing == Standing::Provisional);
    let (standing, note) = match (open, criterion.standing) {
        (Some(limit), _) => (Standing::Provisional, limit.note.clone()),
        (None, Standing::Provisional) => (Standing::Provisional, criterion.note.clone()),
        (None, Standing::Official) => (Standing::Official, None),
    };
    Gate { name, asked, found, is_met, met_from, standing, note }
}

fn years(limit: &Limit) -> Option<u8> {
    limit.value.and_then(|years| u8::try_from(years).ok())
}
