//! From what was posted to the declaration as JSON, which the schema then checks like any other.

use domain::declaration::Kind;
use serde_json::Value;

use super::catalogue::{SECTIONS, Section, When};
use crate::web::view::form::{Field, FieldError, Form, LEAST_ENTRIES};

impl Section {
    /// Is this section asked of the service that the form describes so far?
    pub fn is_asked(&self, form: &Form) -> bool {
        match self.when {
            When::Always => true,
            When::Kind(kinds) => kinds.iter().any(|kind| kind_word(*kind) == form.value("/service/kind")),
            When::Class(class) => form.value("/service/class") == u8::from(class).to_string(),
        }
    }

    /// The fields, once for each entry where there is a list of them, with the entry's number.
    pub fn entries(&self, form: &Form) -> Vec<(usize, Vec<Field>)> {
        match self.list {
            None => vec![(0, self.fields.to_vec())],
            Some(list) => (0..form.entries(list).max(LEAST_ENTRIES))
                .map(|index| (index, self.fields.iter().map(|field| field.under(&format!("{list}/{index}"))).collect()))
                .collect(),
        }
    }
}

/// Is it known of the service that the form describes so far that this is not asked of it?
pub fn is_passed_over(section: &Section, form: &Form) -> bool {
    let decides = match section.when {
        When::Always => return false,
        When::Kind(_) => "/service/kind",
        When::Class(_) => "/service/class",
    };
    !form.is_empty_below(decides) && !section.is_asked(form)
}

/// Every field that the form shows.
pub fn fields(form: &Form) -> Vec<Field> {
    SECTIONS.iter().flat_map(|section| section.entries(form)).flat_map(|(_, fields)| fields).collect()
}

/// The form as it was posted, without the entries that were left empty, so that the pointers of the declaration are
/// those of the form.
pub fn posted(typed: Vec<(String, String)>) -> Form {
    lists().fold(Form::of(typed), Form::compacted)
}

/// The declaration that a [`posted`] form makes; every field that could not be read, with what to do about it.
pub fn read(form: &Form) -> Result<Value, Vec<FieldError>> {
    let (declaration, errors) = read_partly(form);
    if errors.is_empty() { Ok(declaration) } else { Err(errors) }
}

/// As much of a declaration as the form says, and what could not be read.
pub fn read_partly(form: &Form) -> (Value, Vec<FieldError>) {
    let mut asked = Vec::new();
    for section in SECTIONS.iter().filter(|section| section.is_asked(form)) {
        for (index, fields) in section.entries(form) {
            if !section.list.is_some_and(|list| form.is_empty_below(&format!("{list}/{index}"))) {
                asked.extend(fields);
            }
        }
    }
    let (mut declaration, errors) = form.read_partly(&asked);
    for list in lists().filter(|list| form.entries(list) == 0) {
        declaration[&list[1..]] = Value::Array(Vec::new());
    }
    (declaration, errors)
}

/// The pointers of the lists, each directly below the declaration.
fn lists() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().filter_map(|section| section.list)
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Network => "network",
        Kind::Endpoint => "endpoint",
        Kind::Combined => "combined",
    }
}
