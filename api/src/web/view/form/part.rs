//! A field as markup: label, help, control and error, tied together.

use askama::Template;
use askama::filters::HtmlSafe;

use super::{Choice, Field, Form, Input, Need, Width};

/// A field as markup.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "parts/field.html")]
pub struct Part<'a> {
    field: &'a Field,
    form: &'a Form,
}

impl HtmlSafe for Part<'_> {}

impl<'a> Part<'a> {
    pub(super) fn new(field: &'a Field, form: &'a Form) -> Self {
        Self { field, form }
    }

    fn id(&self) -> String {
        self.form.anchor(&self.field.name)
    }

    fn value(&self) -> &str {
        self.form.value(&self.field.name)
    }

    fn box_of(&self, part: &str) -> &str {
        self.form.value(&format!("{}/{part}", self.field.name))
    }

    fn has(&self, value: &str) -> bool {
        self.form.values(&self.field.name).any(|typed| typed == value)
    }

    fn error(&self) -> Option<&str> {
        self.form.error(&self.field.name).map(|message| message.ja.as_str())
    }

    fn notes(&self) -> Vec<&str> {
        let of = self.form.notes.iter().filter(|note| note.field == self.field.name);
        of.map(|note| note.message.ja.as_str()).collect()
    }

    /// The ids that describe the control, in the order in which they are read.
    fn described_by(&self) -> Option<String> {
        let help = (!self.field.help.is_empty()).then(|| format!("{}-help", self.id()));
        let error = self.error().map(|_| format!("{}-error", self.id()));
        let note = (!self.notes().is_empty()).then(|| format!("{}-note", self.id()));
        let ids: Vec<String> = help.into_iter().chain(note).chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Is the answer given by several controls, so that a legend names them?
    fn is_group(&self) -> bool {
        self.is_radio() || self.is_check() || matches!(self.field.input, Input::YesNo | Input::Day)
    }

    fn is_check(&self) -> bool {
        matches!(self.field.input, Input::Prefectures | Input::SomeOf(_))
    }

    fn is_radio(&self) -> bool {
        matches!(self.field.input, Input::OneOf(_) | Input::Class)
    }

    fn is_select(&self) -> bool {
        matches!(self.field.input, Input::Select(_) | Input::Prefecture)
    }

    fn choices(&self) -> Vec<Choice> {
        self.field.input.choices()
    }

    fn width(&self) -> &'static str {
        match &self.field.input {
            Input::Line(Width::Full) | Input::Lines | Input::File => "full",
            Input::Line(Width::Middle) | Input::Kana => "middle",
            Input::CorporateNumber => "code",
            _ => "narrow",
        }
    }

    fn input_mode(&self) -> &'static str {
        match &self.field.input {
            Input::Number(_) | Input::CorporateNumber | Input::PostalCode | Input::Yen => "numeric",
            Input::Telephone => "tel",
            _ => "text",
        }
    }

    fn unit(&self) -> &'static str {
        match &self.field.input {
            Input::Number(unit) => unit,
            Input::Yen => "円",
            _ => "",
        }
    }
}
