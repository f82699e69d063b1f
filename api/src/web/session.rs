//! The frame of a page for whoever looks at it.

use std::sync::Arc;

use poem::Request;

use super::language;
use super::view::frame::{Frame, Viewer};
use crate::caller::{Visitor, known};
use crate::gate::FormToken;
use crate::registry::Registry;

/// The frame of a public page.
pub(super) fn public_frame(registry: &Registry, request: &Request) -> Frame {
    let whole = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let path = match whole.strip_prefix("/en") {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => whole,
    };
    let mut frame = Frame::public(language(request), path, known(request).map(seen), registry.is_demonstration);
    frame.form_token = request.extensions().get::<FormToken>().map(|token| token.0.clone());
    frame
}

/// The frame of a page behind the sign-in.
pub(super) fn desk_frame(registry: &Registry, visitor: &Visitor) -> Frame {
    Frame::desk(seen(visitor), registry.is_demonstration)
}

fn seen(visitor: &Visitor) -> Viewer {
    // A key's visitor is shown no page.
    let ends_in = visitor.session.as_ref().map_or(0, |session| session.seconds_left(&visitor.actor, visitor.at));
    Viewer {
        name: visitor.name.clone(),
        roles: visitor.roles(),
        csrf: visitor.csrf.clone(),
        unread: visitor.unread,
        ends_in,
    }
}

/// The open registry, shared by every handler.
pub(super) type Shared = Arc<Registry>;
