//! The pictures of a licence's marks: drawn when they are asked for, the same bytes every time, kept for a while.

use std::sync::LazyLock;

use bytes::Bytes;
use domain::licence::LicenceId;
use domain::text::Text;
use poem::http::{StatusCode, header};
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use sha2::{Digest, Sha256};

use super::Answer;
use super::session::Shared;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::seal::picture::{Kind, Mark};
use crate::seal::qr::Symbol;

/// Side of the symbol, without quiet zone, in millimetres.
const FULL_MM: f64 = 20.0;
const MINI_MM: f64 = 12.0;

/// Pictures kept; one is about 30 kB.
static DRAWN: LazyLock<quick_cache::sync::Cache<String, Bytes>> = LazyLock::new(|| quick_cache::sync::Cache::new(500));

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Picture {
    Mark(Kind),
    Qr(Kind),
}

#[handler]
pub(super) async fn show(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, file)): Path<(String, String)>,
) -> Answer {
    let missing = || Problem::not_found(&Text::new("マークの画像", "picture of a mark"), &format!("{id}/{file}"));
    let licence: LicenceId = id.parse().map_err(|_| missing())?;
    let (picture, is_png) = named(&file).ok_or_else(missing)?;
    let dpi = match crate::http::in_query(request.uri(), "dpi").as_str() {
        "" | "300" => 300,
        "600" => 600,
        other => {
            let message = Text::new("dpi は 300 か 600 です。", "dpi is 300 or 600.");
            return Err(Problem::unreadable("/dpi", other, message));
        }
    };
    let links = registry.links_of(licence).await.map_err(|_| missing())?;
    let link = match picture {
        Picture::Mark(Kind::Full) | Picture::Qr(Kind::Full) => links.full,
        Picture::Mark(Kind::Mini) | Picture::Qr(Kind::Mini) => links.mini,
    };
    let key = data_encoding::HEXLOWER.encode(&Sha256::digest(format!("{file} {dpi} {link}"))[..16]);
    let etag = format!("\"{key}\"");
    let response =
        Response::builder().header(header::ETAG, &etag).header(header::CACHE_CONTROL, "public, max-age=3600");
    if request.header(header::IF_NONE_MATCH) == Some(&etag) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    let body = match DRAWN.get(&key) {
        Some(body) => body,
        None => {
            let body = draw(registry.clone(), picture, is_png, dpi, link, licence.to_string()).await?;
            DRAWN.insert(key, body.clone());
            body
        }
    };
    let kind = if is_png { "image/png" } else { "image/svg+xml; charset=utf-8" };
    Ok(response.content_type(kind).body(body))
}

fn named(file: &str) -> Option<(Picture, bool)> {
    let (name, extension) = file.split_once('.')?;
    let picture = match name {
        "mark" => Picture::Mark(Kind::Full),
        "mini" => Picture::Mark(Kind::Mini),
        "qr" => Picture::Qr(Kind::Full),
        "mini-qr" => Picture::Qr(Kind::Mini),
        _ => return None,
    };
    match extension {
        "png" => Some((picture, true)),
        "svg" => Some((picture, false)),
        _ => None,
    }
}

/// Drawing takes milliseconds of a core, so it stays off the threads that answer.
async fn draw(
    registry: std::sync::Arc<Registry>,
    picture: Picture,
    is_png: bool,
    dpi: u32,
    link: String,
    licence_id: String,
) -> Result<Bytes, Problem> {
    let drawing = tokio::task::spawn_blocking(move || drawn(&registry, picture, is_png, dpi, &link, &licence_id));
    let drawn = drawing.await.map_err(|error| Problem::internal(&error))?;
    drawn.map(Bytes::from).map_err(|error| Problem::internal(&error))
}

fn drawn(
    registry: &Registry,
    picture: Picture,
    is_png: bool,
    dpi: u32,
    link: &str,
    licence_id: &str,
) -> Result<Vec<u8>, String> {
    let of = |kind| if kind == Kind::Full { FULL_MM } else { MINI_MM };
    match picture {
        Picture::Mark(kind) => {
            let mark = Mark { kind, link, licence_id, symbol_mm: of(kind) };
            let drawn = if is_png {
                registry.assets.png(&mark, dpi).map(|picture| picture.png)
            } else {
                registry.assets.svg(&mark).map(String::into_bytes)
            };
            drawn.map_err(|error| error.to_string())
        }
        Picture::Qr(kind) => {
            let symbol = if kind == Kind::Full { Symbol::full(link) } else { Symbol::mini(link) };
            let symbol = symbol.map_err(|error| error.to_string())?;
            let side_mm = symbol.least_mm().max(of(kind));
            if is_png {
                symbol.png(dpi, side_mm).map(|picture| picture.png).map_err(|error| error.to_string())
            } else {
                Ok(symbol.svg(side_mm).into_bytes())
            }
        }
    }
}
