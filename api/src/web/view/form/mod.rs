//! Forms: what a field asks, what was typed into it, and what is wrong with that.
//!
//! A field's name is the JSON Pointer of what it fills, so an error from the schema finds its field by itself.

mod leftover;
mod part;
mod read;

use std::borrow::Cow;

use domain::parties::Prefecture;
use domain::reading::cleaned_text;
use domain::text::Text;

pub use leftover::{Leftover, Typed};
pub use part::Part;
pub use read::read_boxes;

use crate::acts::FieldFault;

/// A field of a form. Forms of the registry's own work are in Japanese.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The JSON Pointer of what it fills: `/provider/tradeName`.
    pub name: Cow<'static, str>,
    pub label: Cow<'static, str>,
    /// Stands above the field; may be empty.
    pub help: &'static str,
    pub input: Input,
    pub need: Need,
}

/// Must it be filled in?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    /// Left out of what is read while it is empty.
    Optional,
    /// Read as an empty text while it is empty.
    MayBeBlank,
}

/// How a field is filled in, and with that what it is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Line(Width),
    /// A name's reading.
    Kana,
    /// Several lines.
    Lines,
    /// A whole file's text.
    File,
    /// A whole number and what it counts: 「か月」.
    Number(&'static str),
    CorporateNumber,
    PostalCode,
    Telephone,
    /// Whole yen.
    Yen,
    /// はい or いいえ.
    YesNo,
    /// Three boxes: `<name>/year`, `<name>/month`, `<name>/day`.
    Day,
    /// 1類 or 2類.
    Class,
    /// One prefecture.
    Prefecture,
    /// Any number of prefectures.
    Prefectures,
    /// One of few, all in sight.
    OneOf(Cow<'static, [Choice]>),
    /// One of many, from a list.
    Select(Cow<'static, [Choice]>),
    /// Any number of few, all in sight.
    SomeOf(Cow<'static, [Choice]>),
}

/// A value and the words for it.
pub type Choice = (Cow<'static, str>, Cow<'static, str>);

impl Input {
    /// What can be chosen; empty where the answer is typed.
    pub fn choices(&self) -> Vec<Choice> {
        let fixed = |choices: &[(&'static str, &'static str)]| -> Vec<Choice> {
            choices.iter().map(|(value, words)| (Cow::Borrowed(*value), Cow::Borrowed(*words))).collect()
        };
        match self {
            Self::YesNo => fixed(&[("yes", "はい"), ("no", "いいえ")]),
            Self::Class => fixed(&[("1", "1類"), ("2", "2類")]),
            Self::OneOf(choices) | Self::Select(choices) | Self::SomeOf(choices) => choices.to_vec(),
            Self::Prefecture | Self::Prefectures => Prefecture::all()
                .map(|prefecture| (Cow::Owned(prefecture.to_string()), Cow::Borrowed(prefecture.name_ja())))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// How wide a line is, for the length of what is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    Narrow,
    Middle,
    Full,
}

impl Field {
    /// A field that must be filled in.
    pub const fn required(name: &'static str, label: &'static str, help: &'static str, input: Input) -> Self {
        Self { name: Cow::Borrowed(name), label: Cow::Borrowed(label), help, input, need: Need::Required }
    }

    /// A field that may stay empty.
    pub const fn optional(name: &'static str, label: &'static str, help: &'static str, input: Input) -> Self {
        Self { name: Cow::Borrowed(name), label: Cow::Borrowed(label), help, input, need: Need::Optional }
    }

    /// A text that may be empty, and then says so.
    pub const fn blank(name: &'static str, label: &'static str, help: &'static str, input: Input) -> Self {
        Self { name: Cow::Borrowed(name), label: Cow::Borrowed(label), help, input, need: Need::MayBeBlank }
    }

    /// The same question asked of another place: `/prices/0` + `/label`.
    pub fn under(&self, place: &str) -> Self {
        Self { name: Cow::Owned(format!("{place}{}", self.name)), ..self.clone() }
    }
}

/// What is wrong with one field, or with everything below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The JSON Pointer: a field's name, or the place that holds several.
    pub field: String,
    pub message: Text,
}

impl From<FieldFault> for FieldError {
    fn from(fault: FieldFault) -> Self {
        Self { field: fault.pointer, message: fault.message }
    }
}

/// What was typed so far and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Names and values as posted; a name may come more than once.
    pub typed: Vec<(String, String)>,
    pub errors: Vec<FieldError>,
    /// What is said beside a field and is no error of what stands in it.
    pub notes: Vec<FieldError>,
    /// Told apart from the other forms of the page: part of every id, never of a name.
    mark: String,
}

impl Form {
    /// What was posted, less what nobody types on purpose.
    pub fn of(typed: Vec<(String, String)>) -> Self {
        let typed = typed.into_iter().map(|(name, value)| (name, cleaned_text(&value))).collect();
        Self { typed, ..Self::default() }
    }

    /// With these errors as well.
    #[must_use]
    pub fn with(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// With these notes as well.
    #[must_use]
    pub fn noted(mut self, notes: impl IntoIterator<Item = FieldError>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// With every error moved to one field: where a page holds many forms, the field says which of them is meant.
    #[must_use]
    pub fn wrong_at(mut self, name: &str) -> Self {
        for error in &mut self.errors {
            error.field = name.to_owned();
        }
        self
    }

    /// With what `below` holds, but for the names that come in this one.
    #[must_use]
    pub fn over(mut self, below: &Self) -> Self {
        let is_new = |(name, _): &&(String, String)| !self.typed.iter().any(|(typed, _)| typed == name);
        let more: Vec<_> = below.typed.iter().filter(is_new).cloned().collect();
        self.typed.extend(more);
        self
    }

    /// The same form, told apart from the others of its page.
    #[must_use]
    pub fn marked(mut self, mark: impl Into<String>) -> Self {
        self.mark = mark.into();
        self
    }

    /// The id of a field's first control: `/provider/tradeName` → `f-provider-tradeName`.
    pub fn anchor(&self, name: &str) -> String {
        let separator = if self.mark.is_empty() { "" } else { "-" };
        format!("f{separator}{}{}", self.mark, name.replace('/', "-"))
    }

    /// The value of `name`, empty when it was not posted.
    pub fn value(&self, name: &str) -> &str {
        self.typed.iter().find(|(typed, _)| typed == name).map_or("", |(_, value)| value)
    }

    /// Every value of `name`.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.typed.iter().filter(move |(typed, _)| typed == name).map(|(_, value)| value.as_str())
    }

    /// What is wrong with `name`.
    pub fn error(&self, name: &str) -> Option<&Text> {
        self.errors.iter().find(|error| error.field == name).map(|error| &error.message)
    }

    /// Is nothing but spaces typed into the field, or into any below it?
    pub fn is_empty_below(&self, name: &str) -> bool {
        !self.typed.iter().any(|(typed, value)| is_at_or_below(typed, name) && !value.trim().is_empty())
    }

    /// How many entries of the list at `list` were posted, empty ones among them.
    pub fn entries(&self, list: &str) -> usize {
        self.typed.iter().filter_map(|(typed, _)| index_in(typed, list)).map(|index| index + 1).max().unwrap_or(0)
    }

    /// Without the empty entries of the list at `list`; those that follow move up.
    #[must_use]
    pub fn compacted(mut self, list: &str) -> Self {
        let kept: Vec<usize> =
            (0..self.entries(list)).filter(|index| !self.is_empty_below(&format!("{list}/{index}"))).collect();
        self.typed.retain_mut(|(typed, _)| {
            let Some(index) = index_in(typed, list) else { return true };
            let Some(place) = kept.iter().position(|kept| *kept == index) else { return false };
            let rest = typed[list.len() + 1..].split_once('/').map_or("", |(_, rest)| rest);
            *typed = format!("{list}/{place}/{rest}");
            true
        });
        self
    }

    /// With one more, empty entry at the end of the list at `list`.
    #[must_use]
    pub fn lengthened(mut self, list: &str) -> Self {
        let next = self.entries(list).max(LEAST_ENTRIES);
        self.typed.push((format!("{list}/{next}/"), String::new()));
        self
    }

    /// With every error and note moved to the field that shows it: one about several fields goes to the first of them,
    /// one about a part of a field to that field.
    #[must_use]
    pub fn settled(mut self, fields: &[Field]) -> Self {
        for error in self.errors.iter_mut().chain(&mut self.notes).filter(|error| !error.field.is_empty()) {
            let below = fields.iter().find(|field| is_at_or_below(&field.name, &error.field));
            if let Some(field) = below.or_else(|| fields.iter().find(|field| is_at_or_below(&error.field, &field.name)))
            {
                error.field = field.name.to_string();
            }
        }
        self
    }

    /// The field as markup, with what was typed and what is wrong.
    pub fn show<'a>(&'a self, field: &'a Field) -> Part<'a> {
        Part::new(field, self)
    }

    /// The errors with the field to go to, for the summary above the form.
    pub fn summary(&self, fields: &[Field]) -> Vec<SummaryLine> {
        let line = |error: &FieldError| {
            let field = fields.iter().find(|field| field.name == error.field);
            SummaryLine {
                anchor: field.map(|field| self.anchor(&field.name)),
                label: field.map(|field| field.label.to_string()),
                message: error.message.ja.clone(),
            }
        };
        self.errors.iter().map(line).collect()
    }
}

/// Entries of a list that are shown even while they are empty.
pub const LEAST_ENTRIES: usize = 3;

/// Entries of a list that are read; what is posted beyond them is ignored.
const MOST_ENTRIES: usize = 100;

/// Is a field's name this place, or one below it?
pub fn is_at_or_below(name: &str, place: &str) -> bool {
    name.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The index that `name` has in the list at `list`.
fn index_in(name: &str, list: &str) -> Option<usize> {
    let rest = name.strip_prefix(list)?.strip_prefix('/')?;
    rest.split('/').next()?.parse().ok().filter(|index| *index < MOST_ENTRIES)
}

/// A line of the summary of errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryLine {
    /// The id of the field's first control; `None` where no field shows what is wrong.
    pub anchor: Option<String>,
    pub label: Option<String>,
    pub message: String,
}
