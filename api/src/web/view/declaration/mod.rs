//! The declaration: the form in which it is made, and what was declared in words.

mod catalogue;
mod filled;
mod posted;

use askama::Template;
use domain::evidence::{CASE_BYTES, FILE_BYTES};
use domain::text::Text;

pub use catalogue::{SECTIONS, Section, Step, When};
pub use filled::{Declared, DeclaredSection, declared, declared_about, fill, label_of, nameable};
pub use posted::{fields, posted, read};

use super::evidence::FileCard;
use super::form::{Field, Form, SummaryLine};
use super::frame::Frame;

/// The form for a new application, or for answering a return.
#[derive(Debug, Template)]
#[template(path = "desk/declaration.html")]
pub struct DeclarationPage {
    pub frame: Frame,
    pub form: Form,
    /// What was pasted as JSON, and why it cannot be read.
    pub pasted: String,
    pub pasted_error: Option<Text>,
    /// The edition that governs today.
    pub edition: String,
    /// The application that was sent back, when this answers a return.
    pub returned: Option<Returned>,
    /// The files so far.
    pub cards: Vec<FileCard>,
    /// Files that were sent and are not taken: their names, and why.
    pub refused_files: Vec<(String, String)>,
    /// Is there a scanner?
    pub is_scanned: bool,
    fields: Vec<Field>,
}

/// An application that was sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    pub application: String,
    pub version: u32,
    /// Whose it is.
    pub owner: String,
}

impl DeclarationPage {
    /// An empty form, or one with what was typed and what is wrong with it. Reasons for a return are errors of
    /// `form` as well.
    pub fn new(frame: Frame, form: Form, edition: impl Into<String>, returned: Option<Returned>) -> Self {
        let fields = fields(&form);
        let form = form.settled(&fields);
        Self {
            frame,
            form,
            pasted: String::new(),
            pasted_error: None,
            edition: edition.into(),
            returned,
            cards: Vec::new(),
            refused_files: Vec::new(),
            is_scanned: false,
            fields,
        }
    }

    /// The form with its files, and with those that are not taken.
    #[must_use]
    pub fn with_files(mut self, cards: Vec<FileCard>, refused: Vec<(String, String)>, is_scanned: bool) -> Self {
        self.fields.extend(cards.iter().flat_map(FileCard::every_field));
        self.form = self.form.settled(&self.fields);
        Self { cards, refused_files: refused, is_scanned, ..self }
    }

    /// The form after JSON was pasted that cannot be read at all.
    #[must_use]
    pub fn pasted(mut self, pasted: impl Into<String>, error: Text) -> Self {
        (self.pasted, self.pasted_error) = (pasted.into(), Some(error));
        self
    }

    /// Where the form is sent.
    fn action(&self) -> String {
        match &self.returned {
            None => "/applications".to_owned(),
            Some(returned) => format!("/applications/{}/declaration", returned.application),
        }
    }

    fn summary(&self) -> Vec<SummaryLine> {
        let pasted = self.pasted_error.iter().map(|error| SummaryLine {
            anchor: Some("pasted".to_owned()),
            label: Some("申告内容のJSON".to_owned()),
            message: error.ja.clone(),
        });
        let refused = self.refused_files.iter().map(|(name, why)| SummaryLine {
            anchor: Some("file".to_owned()),
            label: Some(name.clone()),
            message: why.clone(),
        });
        self.form.summary(&self.fields).into_iter().chain(refused).chain(pasted).collect()
    }

    fn file_megabytes(&self) -> u64 {
        FILE_BYTES / 1_000_000
    }

    fn case_megabytes(&self) -> u64 {
        CASE_BYTES / 1_000_000
    }

    fn sections(&self, step: Step) -> impl Iterator<Item = &'static Section> {
        SECTIONS.iter().filter(move |section| section.step == step)
    }
}

#[cfg(test)]
mod tests;
