//! What was typed, read as what the field asks for.

use domain::calendar::Day;
use domain::declaration::Class;
use domain::parties::{CorporateNumber, PostalCode, Telephone, read_kana};
use domain::reading::{DayError, cleaned_line, cleaned_text, read_day, read_yen};
use domain::text::Text;
use serde_json::{Map, Value, json};

use super::{Field, FieldError, Form, Input, Need};

impl Form {
    /// What `fields` say, as the JSON that the other face takes; every field that cannot be read, with what to do.
    pub fn read(&self, fields: &[Field]) -> Result<Value, Vec<FieldError>> {
        let (read, errors) = self.read_partly(fields);
        if errors.is_empty() { Ok(read) } else { Err(errors) }
    }

    /// As much as can be read of `fields`, and what cannot.
    pub fn read_partly(&self, fields: &[Field]) -> (Value, Vec<FieldError>) {
        let (mut read, mut errors) = (Value::Object(Map::new()), Vec::new());
        for field in fields {
            match read_field(field, self) {
                Ok(Some(value)) => put(&mut read, &field.name, value),
                Ok(None) => {}
                Err(message) => errors.push(FieldError { field: field.name.to_string(), message }),
            }
        }
        (read, errors)
    }
}

/// One field's value: `None` when it may be empty and is.
fn read_field(field: &Field, form: &Form) -> Result<Option<Value>, Text> {
    let typed = form.value(&field.name);
    if form.is_empty_below(&field.name) {
        return match field.need {
            Need::Required => Err(missing(field)),
            Need::Optional => Ok(None),
            Need::MayBeBlank => Ok(Some(Value::from(""))),
        };
    }
    let value = match &field.input {
        Input::Line(_) => Value::from(cleaned_line(typed)),
        Input::Lines => Value::from(short_enough(cleaned_text(typed), LINES_LIMIT)?),
        Input::File => Value::from(short_enough(cleaned_text(typed), FILE_LIMIT)?),
        Input::Kana => Value::from(read_kana(typed)?),
        Input::CorporateNumber => Value::from(typed.parse::<CorporateNumber>()?.to_string()),
        Input::PostalCode => Value::from(typed.parse::<PostalCode>()?.to_string()),
        Input::Telephone => Value::from(typed.parse::<Telephone>()?.to_string()),
        Input::Yen => Value::from(read_yen(typed)?),
        Input::Number(_) => Value::from(read_number(typed)?),
        Input::YesNo => Value::from(chosen(field, typed)? == "yes"),
        Input::Class => Value::from(u8::from(if chosen(field, typed)? == "1" { Class::One } else { Class::Two })),
        Input::Day => Value::from(read_boxes_of(field, form)?),
        Input::Prefecture | Input::OneOf(_) | Input::Select(_) => Value::from(chosen(field, typed)?),
        Input::Prefectures | Input::SomeOf(_) => {
            let values: Result<Vec<_>, _> = form.values(&field.name).map(|value| chosen(field, value)).collect();
            json!(values?)
        }
    };
    Ok(Some(value))
}

/// The longest text of several lines, in characters, as the JSON face has it.
const LINES_LIMIT: usize = 4_000;
/// The longest file that is pasted, in characters, as the JSON face has it.
const FILE_LIMIT: usize = 200_000;

fn short_enough(text: String, most: usize) -> Result<String, Text> {
    let characters = text.chars().count();
    if characters <= most {
        return Ok(text);
    }
    Err(Text::new(
        format!("{most}文字以内にしてください（いま{characters}文字）。"),
        format!("Write at most {most} characters; these are {characters}."),
    ))
}

fn missing(field: &Field) -> Text {
    let is_chosen = !field.input.choices().is_empty();
    let ja = if is_chosen { "選んでください。" } else { "入力してください。" };
    Text::new(format!("{}を{ja}", field.label), if is_chosen { "Choose an answer." } else { "Fill this in." })
}

fn chosen<'a>(field: &Field, typed: &'a str) -> Result<&'a str, Text> {
    let is_offered = field.input.choices().iter().any(|(value, _)| value == typed);
    is_offered
        .then_some(typed)
        .ok_or_else(|| Text::new("示された中から選んでください。", "Choose one of those offered."))
}

/// A whole number from full- or half-width digits and commas.
fn read_number(typed: &str) -> Result<u32, Text> {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        other => other,
    };
    let digits: String = typed.chars().map(narrow).filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，')).collect();
    digits.parse().map_err(|_| {
        let read = cleaned_line(typed).chars().take(40).collect::<String>();
        Text::new(
            format!("0以上の整数を数字で入力してください（読み取った値：{read}）。"),
            format!("Enter a whole number, 0 or more; read: {read}."),
        )
    })
}

/// A day of a form from its three boxes, as `YYYY-MM-DD`.
fn read_boxes_of(field: &Field, form: &Form) -> Result<String, Text> {
    let part = |name: &str| form.value(&format!("{}/{name}", field.name));
    Ok(read_boxes(part("year"), part("month"), part("day"))?.to_string())
}

/// A day from its three boxes; the year may be one of an era: 令和8, R8.
pub fn read_boxes(year: &str, month: &str, day: &str) -> Result<Day, DayError> {
    read_day(&format!("{}年{}月{}日", year.trim(), month.trim(), day.trim()))
}

/// Puts `value` at a JSON Pointer, making the objects and lists on the way; list entries come in order.
fn put(target: &mut Value, pointer: &str, value: Value) {
    let mut place = target;
    for part in pointer.split('/').skip(1) {
        place = match part.parse::<usize>() {
            Ok(index) => {
                if !place.is_array() {
                    *place = Value::Array(Vec::new());
                }
                let entries = place.as_array_mut().expect("it was just made a list");
                entries.resize(entries.len().max(index + 1), Value::Null);
                &mut entries[index]
            }
            Err(_) => {
                if !place.is_object() {
                    *place = Value::Object(Map::new());
                }
                place.as_object_mut().expect("it was just made an object").entry(part).or_insert(Value::Null)
            }
        };
    }
    *place = value;
}
