//! What is left of a refused form that its page no longer holds.

use super::{Field, Form, Input, SummaryLine};

/// Why the form was refused, and what was typed into it, for copying it out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leftover {
    /// For the summary; they lead nowhere, since the fields are gone.
    pub lines: Vec<SummaryLine>,
    pub typed: Vec<Typed>,
}

/// Something that was typed, under its field's label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    pub label: String,
    pub words: String,
}

impl Leftover {
    /// What is left of a form of these fields; nothing when it was not refused.
    pub fn of(form: &Form, fields: &[Field]) -> Self {
        if form.errors.is_empty() {
            return Self::default();
        }
        let typed = |field: &Field| Some(Typed { label: field.label.to_string(), words: typed_into(field, form)? });
        Self { lines: form.summary(&[]), typed: fields.iter().filter_map(typed).collect() }
    }
}

/// As it was typed, or the words of what was chosen; `None` while the field is empty.
fn typed_into(field: &Field, form: &Form) -> Option<String> {
    if form.is_empty_below(&field.name) {
        return None;
    }
    if field.input == Input::Day {
        let part = |name: &str| form.value(&format!("{}/{name}", field.name));
        return Some(format!("{}年{}月{}日", part("year"), part("month"), part("day")));
    }
    let choices = field.input.choices();
    let words = |value: &str| {
        let chosen = choices.iter().find(|(offered, _)| offered == value);
        chosen.map_or_else(|| value.to_owned(), |(_, words)| words.to_string())
    };
    Some(form.values(&field.name).map(words).collect::<Vec<_>>().join("・"))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow::Borrowed;

    use domain::text::Text;

    use super::*;
    use crate::web::view::form::{Choice, FieldError, Width};

    const CHOICES: &[Choice] = &[(Borrowed("pass"), Borrowed("合格"))];
    const FIELDS: [Field; 4] = [
        Field::required("/verdict", "意見", "", Input::OneOf(Borrowed(CHOICES))),
        Field::required("/reason", "理由", "", Input::Lines),
        Field::required("/from", "始まる日", "", Input::Day),
        Field::optional("/name", "名称", "", Input::Line(Width::Middle)),
    ];

    fn typed() -> Form {
        let pairs = [("/verdict", "pass"), ("/reason", "一行目\n二行目"), ("/from/year", "令和8"), ("/from/day", "x")];
        Form::of(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec())
    }

    /// Nobody loses what they typed because somebody else was first, and they are told so.
    #[test]
    fn what_was_typed_is_kept_with_why_it_was_refused() {
        let message = Text::new("別の人が先に変更しました。", "Somebody else changed it first.");
        for field in ["", "/reason"] {
            let refused = typed().with([FieldError { field: field.to_owned(), message: message.clone() }]);
            let leftover = Leftover::of(&refused, &FIELDS);
            let line = SummaryLine { anchor: None, label: None, message: message.ja.clone() };
            assert_eq!(leftover.lines, [line]);
            let kept: Vec<(&str, &str)> =
                leftover.typed.iter().map(|typed| (typed.label.as_str(), typed.words.as_str())).collect();
            assert_eq!(kept, [("意見", "合格"), ("理由", "一行目\n二行目"), ("始まる日", "令和8年月x日")]);
        }
    }

    #[test]
    fn a_form_that_was_not_refused_leaves_nothing() {
        assert_eq!(Leftover::of(&typed(), &FIELDS), Leftover::default());
    }
}
