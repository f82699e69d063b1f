//! The first page.

use askama::Template;

use super::frame::Frame;

/// What the register is, and the three ways into it.
#[derive(Debug, Template)]
#[template(path = "public/home.html")]
pub struct HomePage {
    pub frame: Frame,
}
