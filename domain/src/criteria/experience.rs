//! 実績: for class 1, the pilot or a service given to SMEs; for class 2, what the register remembers of class 1.

use super::Rule;
use super::facts::Facts;
use super::finding::{Check, Doubt, Shortfall};
use super::track_record::{TrackRecord, is_at_least};
use crate::calendar::Period;
use crate::edition::{Limit, LimitName, Measure, Standing};
use crate::text::Text;

pub(super) const RULE: Rule = Rule {
    term: ("実績", "Experience"),
    reads: &["/experience"],
    needs: &[],
    may_have: &[LimitName::ClassOneRegisteredYears, LimitName::ClassOneCompanies, LimitName::ClassOneServiceYears],
    assess,
};

fn assess(facts: &Facts) -> Vec<Check> {
    if facts.has(LimitName::ClassOneRegisteredYears) {
        return match facts.record {
            Some(record) => vec![registered(facts, record), served(facts, record)],
            None => vec![not_consulted(facts)],
        };
    }
    let experience = &facts.declaration.experience;
    let what = ("お助け隊実証事業に参加した", "the provider took part in the pilot");
    let pilot = "/experience/tookPartInPilot";
    if experience.took_part_in_pilot || facts.lacks(pilot) {
        return vec![facts.declared(true, pilot, what)];
    }
    let pointer = "/experience/providedToSmesSince";
    vec![match experience.provided_to_smes_since {
        Some(since) if since <= facts.day => {
            let (ja, en) =
                (format!("{since}から中小企業に提供している"), format!("SMEs have been served since {since}"));
            facts.declared(true, pointer, (&ja, &en))
        }
        _ => {
            let (ja, en) = (format!("実証事業への参加又は{}までの提供の実績", facts.day), facts.day);
            let en = format!("the provider took part in the pilot or has served SMEs by {en}");
            facts.declared(false, pointer, (&ja, &en))
        }
    }]
}

/// What the register remembers decides, and this was asked away from it.
fn not_consulted(facts: &Facts) -> Check {
    let reason = Text::new(
        "1類の登録と提供の実績は登録簿の記録で決まります。ここでは登録簿を照会していません。",
        "The register's record of class-1 registration and service decides this; it was not consulted here.",
    );
    Check::open(facts.limit(LimitName::ClassOneRegisteredYears), Doubt::RegisterNotConsulted, reason)
}

/// A class-1 registration held without a break for the years asked for.
fn registered(facts: &Facts, record: &TrackRecord) -> Check {
    let limit = facts.limit(LimitName::ClassOneRegisteredYears);
    let Some(years) = years(limit) else { return unknown(limit) };
    let asked = Measure::Years.text(years.into());
    let Some(run) = record.registered_before(facts.day, years) else {
        let reason = Text::new("1類の登録の記録がありません。", "The register has no class-1 registration.");
        return Check::fails(limit, days_short(nothing_yet(facts), years), reason);
    };
    let (from, last) = (run.from, run.last_day());
    let held = Text::new(
        format!("1類の登録は{from}から{last}まで続き"),
        format!("Registered in class 1 from {from} to {last}"),
    );
    if !is_at_least(run, years) {
        let reason = Text::new(
            format!("{}、{}に足りません。", held.ja, asked.ja),
            format!("{}, which is short of {}.", held.en, asked.en),
        );
        return Check::fails(limit, days_short(run, years), reason);
    }
    let reason =
        Text::new(format!("{}、{}以上です。", held.ja, asked.ja), format!("{}, at least {}.", held.en, asked.en));
    if run.until < facts.day { Check::open(limit, Doubt::NoLongerHeld, reason) } else { Check::holds(limit, reason) }
}

/// Companies served, by both readings of "over a year": each of them for a year, or all of them over a year.
fn served(facts: &Facts, record: &TrackRecord) -> Check {
    let limits = [LimitName::ClassOneCompanies, LimitName::ClassOneServiceYears].map(|name| facts.limit(name));
    // Both figures together decide, so one provisional figure is enough to keep them from it.
    let limit = limits.into_iter().find(|limit| limit.standing == Standing::Provisional).unwrap_or(limits[0]);
    let (Some(companies), Some(years)) = (limits[0].value, years(limits[1])) else { return unknown(limit) };
    let each = record.companies_for_years_before(facts.day, years);
    let all = record.companies_before(facts.day);
    let span = record.service_span_before(facts.day).unwrap_or(nothing_yet(facts));
    let (each_company, in_all) = (each >= companies, all >= companies && is_at_least(span, years));
    let reason = both_readings(Readings { each, all, span, companies, years, each_company, in_all });
    match (each_company, in_all) {
        (true, true) => Check::holds(limit, reason),
        (false, false) if all < companies => {
            let by = companies - all;
            Check::fails(limit, Shortfall::Figure { pointer: None, measure: Measure::Companies, by }, reason)
        }
        (false, false) => Check::fails(limit, days_short(span, years), reason),
        _ => Check::open(limit, Doubt::ReadingsDiffer { each_company, in_all }, reason),
    }
}

struct Readings {
    each: u64,
    all: u64,
    span: Period,
    companies: u64,
    years: u8,
    each_company: bool,
    in_all: bool,
}

fn both_readings(readings: Readings) -> Text {
    let Readings { each, all, span, companies, years, each_company, in_all } = readings;
    let days = span.from.days_until(span.until);
    let word = |holds| if holds { ("充足", "met") } else { ("不充足", "unmet") };
    let ((each_ja, each_en), (all_ja, all_en)) = (word(each_company), word(in_all));
    let year = Measure::Years.text(years.into()).en;
    Text::new(
        format!(
            "1類サービスの提供先は{companies}社以上・{years}年以上であるべきところ、\
             会社ごとの年数と読むと{each}社（{each_ja}）、全体の年数と読むと{all}社・{days}日間（{all_ja}）です。"
        ),
        format!(
            "Class-1 service to at least {companies} companies for at least {year}: \
             {each} of them if the time counts for each company ({each_en}); \
             {all} over {days} days if it counts for all of them together ({all_en})."
        ),
    )
}

fn years(limit: &Limit) -> Option<u8> {
    limit.value.map(|years| u8::try_from(years).unwrap_or(u8::MAX))
}

fn nothing_yet(facts: &Facts) -> Period {
    Period { from: facts.day, until: facts.day }
}

fn days_short(of: Period, years: u8) -> Shortfall {
    let by = of.until.days_until(Period::of_years(of.from, years).until);
    Shortfall::Figure { pointer: None, measure: Measure::Days, by: by.unsigned_abs() }
}

fn unknown(limit: &Limit) -> Check {
    let reason = Text::new("比べる値が分かっていません。", "The figure to compare with is not known.");
    Check::holds(limit, reason)
}
