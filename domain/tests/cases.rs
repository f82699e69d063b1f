//! The criteria against tables that a scheme expert can read: `cases/*.toml`.
//!
//! A case takes a declaration from `cases/base/`, changes it at JSON Pointers, and says what the engine answers on one
//! criterion on one day, and (in Japanese, as the applicant reads it) a part of the reason.
#![allow(clippy::disallowed_methods, reason = "tests read their tables from files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use domain::assessment::assess;
use domain::calendar::{Day, Period};
use domain::criteria::{Conclusion, CriterionId, Doubt, Finding, Shortfall, TrackRecord};
use domain::declaration::Declaration;
use domain::edition::Editions;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    criterion: CriterionId,
    /// A file of `cases/base/`, for every case that names none.
    base: String,
    /// Assessed on this day unless the case names another.
    day: Day,
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    base: Option<String>,
    day: Option<Day>,
    /// Values by JSON Pointer into the declaration; `/prices/-` adds at the end.
    #[serde(default)]
    set: BTreeMap<String, Value>,
    /// JSON Pointers of what is taken away, after `set`.
    #[serde(default)]
    remove: Vec<String>,
    #[serde(default)]
    record: Record,
    /// The register is not asked.
    #[serde(default)]
    is_away_from_the_register: bool,
    answer: Answer,
    /// For `unmet`: every shortfall, as in 「1 yen_excluding_tax /prices/0/amount」 or 「/helpDesk/isSingleWindow」.
    #[serde(default)]
    by: Vec<String>,
    /// For `undetermined`: every doubt.
    #[serde(default)]
    why: Vec<String>,
    /// A part of the Japanese reason.
    reason: String,
    /// A part of the English reason.
    reason_en: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    #[serde(default)]
    registered: Vec<Days>,
    #[serde(default)]
    companies: Vec<Companies>,
}

/// Whole days, the last one included.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    from: Day,
    to: Day,
}

/// So many companies, each given the service on the same days.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Companies {
    count: usize,
    served: Vec<Days>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Met,
    Unmet,
    Undetermined,
    NotApplicable,
    NotInForce,
}

#[test]
fn every_case_is_answered_as_its_table_says() {
    let mut wrong = Vec::new();
    for (file, table) in tables() {
        for case in &table.case {
            if let Err(why) = run(&table, case) {
                wrong.push(format!("{file}: {}: {why}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} case(s) differ\n{}", wrong.len(), wrong.join("\n"));
}

/// Each criterion is seen being unmet, being met or left to a person, and being out of question.
#[test]
fn every_criterion_is_seen_from_all_sides() {
    let (mut seen, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (file, table) in tables() {
        for case in &table.case {
            seen.insert((table.criterion, case.answer));
            assert!(names.insert((file.clone(), case.name.clone())), "{file}: {} twice", case.name);
        }
    }
    // No bundled edition can leave these unmet on a declaration that reads: a price rule nobody knows, texts never blank.
    let never_unmet = [CriterionId::CombinedPrice, CriterionId::Simplicity, CriterionId::Continuity];
    for id in CriterionId::ALL {
        let any = |answers: &[Answer]| answers.iter().any(|answer| seen.contains(&(id, *answer)));
        assert_eq!(any(&[Answer::Unmet]), !never_unmet.contains(&id), "{id:?} unmet");
        assert!(any(&[Answer::Met, Answer::Undetermined]), "{id:?} is never met nor left to a person");
        assert!(any(&[Answer::NotInForce, Answer::NotApplicable]), "{id:?} is never out of question");
    }
}

/// A misspelt field would silently leave a case without its change.
#[test]
fn a_table_with_a_misspelt_field_is_refused() {
    let table = "criterion = \"renewal\"\nbase = \"osaka\"\nday = \"2021-04-15\"\n[[case]]\nname = \"\"\nanswer = \"met\"\nreason = \"\"\n";
    assert!(toml::from_str::<Table>(table).is_ok());
    for (was, is) in [("base", "bace"), ("answer", "anser"), ("reason", "set = {}\nresaon"), ("\"met\"", "\"mett\"")] {
        let misspelt = table.replacen(was, is, 1);
        assert!(toml::from_str::<Table>(&misspelt).is_err(), "{is}");
    }
}

fn run(table: &Table, case: &Case) -> Result<(), String> {
    let declaration = declaration(table, case)?;
    let day = case.day.unwrap_or(table.day);
    let assessment = assess(
        Editions::bundled(),
        &declaration,
        day,
        Some(&record(&case.record)).filter(|_| !case.is_away_from_the_register),
    )
    .map_err(|error| format!("{error}"))?;
    let Finding { conclusion, reason, .. } = assessment.finding(table.criterion);
    let (answer, by, why) = told(conclusion);
    let told = (answer, &by, &why);
    if told != (case.answer, &case.by, &case.why) {
        return Err(format!("{told:?}, not {:?}\n    {}", (case.answer, &case.by, &case.why), reason.ja));
    }
    if !reason.ja.contains(&case.reason) || !reason.en.contains(case.reason_en.as_deref().unwrap_or_default()) {
        return Err(format!("another reason:\n    {}\n    {}", reason.ja, reason.en));
    }
    Ok(())
}

fn told(conclusion: &Conclusion) -> (Answer, Vec<String>, Vec<String>) {
    match conclusion {
        Conclusion::Met => (Answer::Met, vec![], vec![]),
        Conclusion::Unmet { by } => (Answer::Unmet, by.iter().map(shortfall).collect(), vec![]),
        Conclusion::Undetermined { why } => (Answer::Undetermined, vec![], why.iter().map(doubt).collect()),
        Conclusion::NotApplicable => (Answer::NotApplicable, vec![], vec![]),
        Conclusion::NotInForce => (Answer::NotInForce, vec![], vec![]),
    }
}

fn shortfall(shortfall: &Shortfall) -> String {
    match shortfall {
        Shortfall::Fact { pointer } => pointer.clone(),
        Shortfall::Figure { pointer, measure, by } => {
            format!("{by} {} {}", name(measure), pointer.as_deref().unwrap_or("register"))
        }
    }
}

fn doubt(doubt: &Doubt) -> String {
    match doubt {
        Doubt::Judgement => "judgement".into(),
        Doubt::ProvisionalWording => "provisional wording".into(),
        Doubt::ProvisionalLimit { limit } => format!("provisional {}", name(limit)),
        Doubt::PriceComposition => "price composition".into(),
        Doubt::PriceNotDeclared => "price not declared".into(),
        Doubt::NoLongerHeld => "no longer held".into(),
        Doubt::RegisterNotConsulted => "register not consulted".into(),
        Doubt::NotFilledIn { pointer } => format!("not filled in {pointer}"),
        Doubt::ReadingsDiffer { each_company, in_all } => format!("readings differ {each_company} {in_all}"),
    }
}

fn name(value: &impl serde::Serialize) -> String {
    let json = serde_json::to_value(value).expect("a name");
    json.as_str().expect("a name is text").to_owned()
}

fn declaration(table: &Table, case: &Case) -> Result<Declaration, String> {
    let base = case.base.as_ref().unwrap_or(&table.base);
    let file = folder().join("base").join(format!("{base}.json"));
    let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut json: Value = serde_json::from_str(&text).map_err(|error| format!("{base}.json: {error}"))?;
    for (pointer, value) in &case.set {
        put(&mut json, pointer, value.clone())?;
    }
    for pointer in &case.remove {
        take(&mut json, pointer)?;
    }
    serde_json::from_value(json).map_err(|error| format!("not a declaration: {error}"))
}

fn put(json: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    let (parent, key) = split(json, pointer)?;
    match parent {
        Value::Object(fields) => drop(fields.insert(key, value)),
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => *items.get_mut(index(&key)?).ok_or_else(|| format!("nothing at {pointer}"))? = value,
        _ => return Err(format!("nothing can be put at {pointer}")),
    }
    Ok(())
}

fn take(json: &mut Value, pointer: &str) -> Result<(), String> {
    let (parent, key) = split(json, pointer)?;
    let taken = match parent {
        Value::Object(fields) => fields.remove(&key),
        Value::Array(items) if index(&key)? < items.len() => Some(items.remove(index(&key)?)),
        _ => None,
    };
    taken.map(drop).ok_or_else(|| format!("nothing at {pointer}"))
}

fn split<'a>(json: &'a mut Value, pointer: &str) -> Result<(&'a mut Value, String), String> {
    let (parent, key) = pointer.rsplit_once('/').ok_or_else(|| format!("{pointer} is no JSON Pointer"))?;
    let parent = json.pointer_mut(parent).ok_or_else(|| format!("nothing at {parent}"))?;
    Ok((parent, key.to_owned()))
}

fn index(key: &str) -> Result<usize, String> {
    key.parse().map_err(|_| format!("{key} is no place in a list"))
}

fn record(record: &Record) -> TrackRecord {
    let period = |days: &Days| Period { from: days.from, until: days.to.next() };
    let mut companies = BTreeMap::new();
    for (group, same) in record.companies.iter().enumerate() {
        for number in 0..same.count {
            companies.insert(format!("{group}-{number}"), same.served.iter().map(period).collect());
        }
    }
    TrackRecord { class_one_terms: record.registered.iter().map(period).collect(), companies }
}

fn tables() -> Vec<(String, Table)> {
    let files = fs::read_dir(folder()).expect("the folder of tables").map(|entry| entry.expect("a table").path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|it| it == "toml")).collect();
    files.sort();
    let read = |path: &PathBuf| {
        let file = path.file_name().expect("a file").to_string_lossy().into_owned();
        let text = fs::read_to_string(path).expect("a table");
        let table = toml::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        (file, table)
    };
    files.iter().map(read).collect()
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases"))
}
