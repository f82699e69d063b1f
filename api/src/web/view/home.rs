//! The first page.

use askama::Template;
use domain::calendar::Instant;

use super::frame::Frame;

/// What the register is, and the three ways into it.
#[derive(Debug, Template)]
#[template(path = "public/home.html")]
pub struct HomePage {
    pub frame: Frame,
    pub at: Instant,
    /// Registrations in force.
    pub valid: u64,
}
