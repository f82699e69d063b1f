//! From a declaration back to the form that would have posted it: for filling in a form, and for showing what was
//! declared in the form's own words.

use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::declaration::Declaration;
use domain::parties::PostalCode;
use domain::reading::day_text;
use domain::yen::grouped;
use serde_json::Value;

use super::catalogue::{SECTIONS, Section};
use super::posted::is_passed_over;
use crate::web::view::form::{Choice, Field, Form, Input, read_boxes};

/// A section of what was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredSection {
    pub title: &'static str,
    pub entries: Vec<Vec<Declared>>,
}

/// One thing that was declared, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The JSON Pointer of its field.
    pub pointer: String,
    pub label: String,
    pub words: String,
}

/// The form that a declaration fills. A value of another type than its field's is left out: it can be any JSON.
pub fn fill(declaration: &Value) -> Form {
    let entry = |list: &str| declaration.pointer(list).and_then(Value::as_array).map_or(0, Vec::len);
    let mut typed = Vec::new();
    for section in SECTIONS {
        let places = match section.list {
            Some(list) => (0..entry(list)).map(|index| format!("{list}/{index}")).collect(),
            None => vec![String::new()],
        };
        for field in places.iter().flat_map(|place| section.fields.iter().map(move |field| field.under(place))) {
            if let Some(value) = declaration.pointer(&field.name) {
                type_in(&field, value, &mut typed);
            }
        }
    }
    Form::of(typed)
}

fn type_in(field: &Field, value: &Value, typed: &mut Vec<(String, String)>) {
    let name = field.name.to_string();
    match (&field.input, value) {
        (Input::Day, Value::String(day)) => {
            let Ok((year, month, day)) = day.parse::<Day>().map(Day::ymd) else { return };
            typed.push((format!("{name}/year"), year.to_string()));
            typed.push((format!("{name}/month"), month.to_string()));
            typed.push((format!("{name}/day"), day.to_string()));
        }
        (Input::YesNo, Value::Bool(yes)) => typed.push((name, if *yes { "yes" } else { "no" }.to_owned())),
        (Input::Prefectures, Value::Array(codes)) => {
            typed.extend(codes.iter().filter_map(Value::as_str).map(|code| (name.clone(), code.to_owned())));
        }
        (_, Value::String(text)) => typed.push((name, text.clone())),
        (_, Value::Number(number)) => typed.push((name, number.to_string())),
        _ => {}
    }
}

/// Everything that was declared, section by section.
pub fn declared(declaration: &Declaration) -> Vec<DeclaredSection> {
    let form = fill_typed(declaration);
    SECTIONS.iter().map(|section| in_words(section, &form)).filter(|section| !section.entries.is_empty()).collect()
}

/// Everything that a form says so far of what it is asked, section by section.
pub fn declared_so_far(form: &Form) -> Vec<DeclaredSection> {
    let asked = SECTIONS.iter().filter(|section| !is_passed_over(section, form));
    asked.map(|section| in_words(section, form)).filter(|section| !section.entries.is_empty()).collect()
}

/// What was declared about one criterion.
pub fn declared_about(criterion: CriterionId, declaration: &Declaration) -> Vec<DeclaredSection> {
    let form = fill_typed(declaration);
    let speaks = |section: &&Section| section.criteria.contains(&criterion);
    let sections = SECTIONS.iter().filter(speaks).map(|section| in_words(section, &form));
    sections.filter(|section| !section.entries.is_empty()).collect()
}

/// The label of the field at a JSON Pointer, for reasons that name fields: 「サービス：サービス名」.
pub fn label_of(pointer: &str) -> Option<String> {
    let form = Form::of(vec![(pointer.to_owned(), String::new())]);
    labels(&form).into_iter().find(|(name, _)| name == pointer).map(|(_, label)| label.into_owned())
}

/// Every field that can be named in a reason for sending back: its pointer and its label.
pub fn nameable(declaration: &Declaration) -> Vec<Choice> {
    labels(&fill_typed(declaration))
}

fn labels(form: &Form) -> Vec<Choice> {
    let of_section = |section: &'static Section| {
        section.entries(form).into_iter().flat_map(move |(index, fields)| {
            let place = if section.list.is_some() { format!("{}行目 ", index + 1) } else { String::new() };
            fields.into_iter().map(move |field| {
                let label = format!("{}：{place}{}", section.title, field.label);
                (field.name, label.into())
            })
        })
    };
    SECTIONS.iter().flat_map(of_section).collect()
}

fn fill_typed(declaration: &Declaration) -> Form {
    fill(&serde_json::to_value(declaration).expect("a declaration is plain data"))
}

fn in_words(section: &Section, form: &Form) -> DeclaredSection {
    let entries = section.entries(form).into_iter().map(|(_, fields)| {
        fields
            .iter()
            .filter_map(|field| {
                let (pointer, label) = (field.name.to_string(), field.label.to_string());
                Some(Declared { pointer, label, words: words(field, form)? })
            })
            .collect::<Vec<_>>()
    });
    DeclaredSection { title: section.title, entries: entries.filter(|entry| !entry.is_empty()).collect() }
}

/// A field's value as people read it; `None` when nothing was declared.
fn words(field: &Field, form: &Form) -> Option<String> {
    if form.is_empty_below(&field.name) {
        return None;
    }
    let typed = form.value(&field.name);
    let choices = field.input.choices();
    let choice = |value: &str| choices.iter().find(|(offered, _)| offered == value).map(|(_, words)| words.to_string());
    Some(match &field.input {
        Input::Day => {
            let part = |name: &str| form.value(&format!("{}/{name}", field.name));
            let (year, month, day) = (part("year"), part("month"), part("day"));
            read_boxes(year, month, day).map_or_else(|_| format!("{year}年{month}月{day}日"), |read| day_text(read).ja)
        }
        Input::Prefectures => {
            let names: Vec<String> = form.values(&field.name).filter_map(choice).collect();
            if names.len() == choices.len() { "全国".to_owned() } else { names.join("・") }
        }
        Input::PostalCode => typed.parse().map_or_else(|_| typed.to_owned(), PostalCode::shown),
        Input::Number(unit) => format!("{typed}{unit}"),
        Input::Yen => typed.parse().map_or_else(|_| typed.to_owned(), |yen| format!("{}円", grouped(yen))),
        _ => choice(typed).unwrap_or_else(|| typed.to_owned()),
    })
}
