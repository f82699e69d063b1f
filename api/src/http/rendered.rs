//! Answers: JSON with an entity tag, either written for this call or kept from an earlier one.

use std::marker::PhantomData;

use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaHeader, MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::types::{ToJSON, Type};

use crate::store::Entry;

/// Where the act stands in the public log.
const LEAF: header::HeaderName = header::HeaderName::from_static("log-leaf");

/// JSON of a `T`, ready to be sent, with its strong entity tag.
#[derive(Debug)]
pub struct Rendered<T> {
    status: StatusCode,
    body: Body,
    etag: HeaderValue,
    location: Option<HeaderValue>,
    leaf: Option<u64>,
    /// Anybody may keep it, for so many seconds.
    public_seconds: Option<u32>,
    /// It holds what is shown once: nobody keeps it.
    is_secret: bool,
    of: PhantomData<T>,
}

impl<T: ToJSON> Rendered<T> {
    /// Writes a state at its version; only the caller may keep it.
    pub fn at_version(state: &T, version: u32) -> Self {
        Self {
            status: StatusCode::OK,
            body: state.to_json_string().into(),
            etag: quoted(version),
            location: None,
            leaf: None,
            public_seconds: None,
            is_secret: false,
            of: PhantomData,
        }
    }

    /// The same as the answer to an act that stands in the public log at `entry`.
    pub fn logged(self, entry: Entry) -> Self {
        Self { leaf: Some(entry.seq), ..self }
    }

    /// The same with something in it that is shown this once.
    pub fn secret(self) -> Self {
        Self { is_secret: true, ..self }
    }

    /// The same as the answer to its creation, found from now on at `location`.
    pub fn created(self, location: &str) -> Self {
        let location = HeaderValue::from_str(location).expect("identifiers are ASCII");
        Self { status: StatusCode::CREATED, location: Some(location), ..self }
    }
}

impl<T> Rendered<T> {
    /// Sends bytes kept from an earlier answer; or only the news that the caller's copy is still good.
    pub fn kept(body: bytes::Bytes, etag: HeaderValue, if_none_match: Option<&str>) -> Self {
        let is_known = if_none_match.is_some_and(|known| matches(known, &etag));
        let (status, body) =
            if is_known { (StatusCode::NOT_MODIFIED, Body::empty()) } else { (StatusCode::OK, Body::from_bytes(body)) };
        Self {
            status,
            body,
            etag,
            location: None,
            leaf: None,
            public_seconds: Some(60),
            is_secret: false,
            of: PhantomData,
        }
    }
}

fn quoted(version: u32) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{version}\"")).expect("digits and quotes are a header")
}

/// RFC 9110, 13.1.2: any of the listed tags, compared weakly; or `*`.
pub(super) fn matches(if_none_match: &str, etag: &HeaderValue) -> bool {
    let etag = etag.as_bytes();
    if_none_match
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag)
}

impl<T: Send> IntoResponse for Rendered<T> {
    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status).body(self.body);
        let headers = response.headers_mut();
        if self.status != StatusCode::NOT_MODIFIED {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        }
        headers.insert(header::ETAG, self.etag);
        if let Some(location) = self.location {
            headers.insert(header::LOCATION, location);
        }
        if let Some(leaf) = self.leaf {
            headers.insert(LEAF, HeaderValue::from(leaf));
        }
        let cache = match self.public_seconds {
            Some(_) => HeaderValue::from_static("public, max-age=60"),
            None if self.is_secret => HeaderValue::from_static("no-store"),
            None => HeaderValue::from_static("private, no-cache"),
        };
        headers.insert(header::CACHE_CONTROL, cache);
        response
    }
}

impl<T: Type + ToJSON> ApiResponse for Rendered<T> {
    fn meta() -> MetaResponses {
        let header = |name: &str, description: &str| MetaHeader {
            name: name.to_owned(),
            description: Some(description.to_owned()),
            required: false,
            deprecated: false,
            schema: String::schema_ref(),
        };
        let json = || vec![MetaMediaType { content_type: "application/json; charset=utf-8", schema: T::schema_ref() }];
        let leaf = || header("Log-Leaf", "The index of the act's leaf in the public log.");
        let etag = || header("ETag", "The version, for If-Match and If-None-Match.");
        let of = |status, description, content, headers| MetaResponse {
            description,
            status: Some(status),
            status_range: None,
            content,
            headers,
        };
        MetaResponses {
            responses: vec![
                of(200, "The state.", json(), vec![etag(), leaf()]),
                of(
                    201,
                    "The new state, and where it is found.",
                    json(),
                    vec![etag(), leaf(), header("Location", "Its address.")],
                ),
                of(304, "The caller's copy is still good.", vec![], vec![etag()]),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}
