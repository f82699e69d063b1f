//! Papers: documents that the register prints as PDF files.
//!
//! A [`Paper`] is headings, paragraphs, facts and tables, one behind the other. It is set in one typeface
//! ([`face`]), broken into lines as Japanese is ([`lines`]), laid out on A4 pages ([`layout`]) and written as PDF/A-3a
//! and PDF/UA-1 ([`draw`]): tagged, with its typeface inside, and the same bytes for the same paper. A letter that the
//! typeface lacks is refused by name; no page ever shows a box in its place.

pub mod certificate;
mod draw;
mod face;
mod layout;
mod lines;

#[cfg(test)]
mod tests;

use domain::calendar::Instant;

pub use face::NoGlyph;

/// A document to be printed.
#[derive(Clone, Debug)]
pub struct Paper {
    pub title: String,
    /// At the head of every page.
    pub head: String,
    /// At the foot of every page, before the page's number.
    pub foot: String,
    /// The day and time that the document calls its own; not when it was printed.
    pub at: Instant,
    pub blocks: Vec<Block>,
    pub attachment: Option<Attachment>,
}

/// A file inside the document.
#[derive(Clone, Debug)]
pub struct Attachment {
    pub name: &'static str,
    pub media: &'static str,
    pub description: String,
    pub bytes: Vec<u8>,
}

/// A part of a document, for print and for pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Of level 2 or 3; the document's title is level 1.
    Heading {
        level: u8,
        text: String,
    },
    /// A line break in it is one on the page.
    Text(String),
    /// What is called how, and what it is.
    Facts(Vec<(String, String)>),
    Table(Table),
}

/// Rows under their heads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it is a table of, for whoever does not see it.
    pub caption: String,
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<Cell>>,
}

/// The head of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub text: &'static str,
    /// The column's share of the width, against the others'.
    pub share: u8,
}

/// What stands in a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    pub text: String,
    /// Where it leads to, on a page.
    pub link: Option<String>,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self { text: text.into(), link: None }
    }
}

/// Why a paper is not printed.
#[derive(Debug)]
pub enum Fault {
    /// It holds a letter that the typeface lacks.
    NoGlyph(NoGlyph),
    /// What was laid out is no file: a fault of ours.
    Failed(String),
}

impl From<NoGlyph> for Fault {
    fn from(fault: NoGlyph) -> Self {
        Self::NoGlyph(fault)
    }
}

impl Paper {
    /// The document as a PDF file: the same bytes for the same paper.
    pub fn print(&self) -> Result<Vec<u8>, Fault> {
        let face = face::Face::bundled();
        let laid_out = layout::lay_out(self, face)?;
        draw::draw(self, &laid_out, face)
    }
}
