//! Signing in.

use askama::Template;
use domain::text::Text;

use super::frame::Frame;

/// The form into which a token is pasted.
#[derive(Debug, Template)]
#[template(path = "public/sign_in.html")]
pub struct SignInPage {
    pub frame: Frame,
    pub error: Option<Text>,
    /// The path to go on to, within this site.
    pub next: Option<String>,
}
