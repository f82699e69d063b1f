//! The offline page: an app of its own that answers for marks away from the register, and the files it is made of.

use std::sync::LazyLock;

use askama::Template;
use domain::text::{Language, Text};
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use sha2::{Digest, Sha256};

use super::session::Shared;
use super::view::frame::Frame;
use super::view::offline::OfflinePage;
use super::{Answer, language, page};
use crate::problem::Problem;
use crate::problem::face::policy_with_app;

const WORKER: &str = include_str!("../../static/offline/worker.js");
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Every file but the worker, which is served with the digest of all of them.
const FILES: [(&str, &str, &str); 8] = [
    ("page.js", SCRIPT, include_str!("../../static/offline/page.js")),
    ("answer.js", SCRIPT, include_str!("../../static/offline/answer.js")),
    ("knowledge.js", SCRIPT, include_str!("../../static/offline/knowledge.js")),
    ("token.js", SCRIPT, include_str!("../../static/offline/token.js")),
    ("picture.js", SCRIPT, include_str!("../../static/offline/picture.js")),
    ("decode.js", SCRIPT, include_str!("../../static/qr/decode.js")),
    ("index.js", SCRIPT, include_str!("../../static/qr/index.js")),
    ("app.webmanifest", "application/manifest+json", include_str!("../../static/offline/app.webmanifest")),
];

/// The worker of a register that is a demonstration, and of one that is none: their pages differ.
static WORKERS: LazyLock<[String; 2]> = LazyLock::new(|| [worker(false), worker(true)]);

/// The same for everybody, whoever is signed in: it is kept on the device.
fn shown(language: Language, is_demo: bool) -> OfflinePage {
    OfflinePage { frame: Frame::public(language, "/offline", None, is_demo) }
}

#[handler]
pub(super) fn show(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let mut response = page(&shown(language(request), registry.is_demonstration))?;
    let policy = HeaderValue::from_str(&policy_with_app()).expect("a policy is ASCII");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(response)
}

#[handler]
pub(super) fn file(request: &Request, Data(registry): Data<&Shared>, Path(name): Path<String>) -> Answer {
    let (kind, body): (&str, &str) = match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, kind, body)) => (kind, body),
        None if name == "worker.js" => (SCRIPT, &WORKERS[usize::from(registry.is_demonstration)]),
        None => return Err(Problem::not_found(&Text::new("ファイル", "file"), &name)),
    };
    let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(body)[..12]));
    let is_known = request.header(header::IF_NONE_MATCH) == Some(&etag);
    let response = Response::builder().header(header::ETAG, etag).header(header::CACHE_CONTROL, "public, max-age=3600");
    if is_known {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    // The worker answers for the page in both languages, and for nothing else: it says so itself.
    let allowed = HeaderName::from_static("service-worker-allowed");
    Ok(response.header(allowed, "/").content_type(kind).body(body))
}

fn worker(is_demo: bool) -> String {
    let mut digest = Sha256::new_with_prefix(WORKER);
    for (_, _, body) in FILES {
        digest.update(body);
    }
    digest.update(super::files::CSS);
    for language in [Language::Ja, Language::En] {
        digest.update(shown(language, is_demo).render().unwrap_or_default());
    }
    WORKER.replace("@VERSION@", &data_encoding::HEXLOWER.encode(&digest.finalize()[..8]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the worker keeps is there, and what the page loads is kept.
    #[test]
    fn the_worker_keeps_the_page_and_its_files() {
        let kept: Vec<&str> = WORKER.split('"').filter(|word| word.starts_with("/offline/")).collect();
        let files: Vec<String> = FILES.iter().map(|(name, ..)| format!("/offline/{name}")).collect();
        assert_eq!(kept, files);
        for (name, _, body) in FILES {
            for import in body.split("from \"./").chain(body.split("from './")).chain(body.split("import(\"./")).skip(1)
            {
                let Some(imported) = import.split(['"', '\'']).next().filter(|name| name.ends_with(".js")) else {
                    continue;
                };
                assert!(FILES.iter().any(|(known, ..)| known == &imported), "{name} loads {imported}");
            }
        }
        assert!(!WORKERS[0].contains("@VERSION@") && WORKERS[0] != WORKERS[1]);
    }

    /// Another's work, as it was published.
    #[test]
    fn the_reader_of_qr_codes_is_the_published_one() {
        for (name, expected) in [("decode.js", DECODE), ("index.js", INDEX)] {
            let body = FILES.iter().find(|(known, ..)| *known == name).map(|(_, _, body)| body);
            let found = body.map(|body| data_encoding::HEXLOWER.encode(&Sha256::digest(body)));
            assert_eq!(found.as_deref(), Some(expected), "{name}");
        }
    }

    const DECODE: &str = "00e209820dcb11d624e9a03d6383e580766792b57d1651318f0a29e4e1ff0fe8";
    const INDEX: &str = "a0de370051f94bd74f218f74401fdf197585e3f9ef0143164f87ea941a3fdd6f";
}
