//! What is asked most, answered before any routing: a service, the news that a copy of it is still good, and what the
//! register says of a mark. Routing costs more than these answers do (`docs/performance.md`).
//!
//! Whatever is not plainly one of them, or has no answer, goes on to the routes, which say the same.

use std::sync::Arc;

use domain::act::RegistrationNumber;
use poem::http::{Method, header};
use poem::{IntoResponse, Request, Response};

use super::marks;
use super::register::Shown;
use super::rendered::Rendered;
use super::wire::RegistrationView;
use crate::clock;
use crate::registry::Registry;

/// The way past the routes.
pub struct Front {
    registry: Arc<Registry>,
    shown: Shown,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Front")
    }
}

impl Front {
    /// The way to this registry's answers.
    pub fn new(registry: &Arc<Registry>) -> Self {
        Self { registry: registry.clone(), shown: Shown::new(registry.clone()) }
    }

    /// The answer, if this is one of the questions asked most.
    pub async fn answer(&self, request: &Request) -> Option<Response> {
        if request.method() != Method::GET {
            return None;
        }
        let path = request.uri().path().strip_prefix("/api/v1/")?;
        if let Some(code) = path.strip_prefix("marks/").and_then(plain) {
            return Some(marks::answer(&self.registry, code, clock::now()).await);
        }
        let number: RegistrationNumber = path.strip_prefix("registrations/").and_then(plain)?.parse().ok()?;
        let kept = self.shown.find(&number, clock::now()).await.ok()??;
        let known = request.header(header::IF_NONE_MATCH);
        Some(Rendered::<RegistrationView>::kept(kept.body.clone(), kept.etag.clone(), known).into_response())
    }
}

/// A last part of a path that stands for itself.
fn plain(part: &str) -> Option<&str> {
    let is_plain = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_plain.then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_last_part_without_escapes_is_answered_here() {
        for (part, expected) in [
            ("OTK-2026-00001", true),
            ("12345678901234567890", true),
            ("", false),
            ("OTK-2026-00001/", false),
            ("OTK-2026-00001/valid-on/2026-04-01", false),
            ("OTK%2D2026-00001", false),
            ("１２３", false),
        ] {
            assert_eq!(plain(part).is_some(), expected, "{part}");
        }
    }
}
