//! The record of a case, as its readers see it and print it.

use askama::Template;

use super::applications::Case;
use super::frame::Frame;
use crate::paper::Block;

/// Everything that was done about a case.
#[derive(Debug, Template)]
#[template(path = "desk/record.html")]
pub struct RecordPage {
    pub frame: Frame,
    pub case: Case,
    pub title: String,
    /// How much of the record this is.
    pub scope: &'static str,
    /// SHA-256 of the document.
    pub digest: String,
    pub blocks: Vec<Block>,
}
