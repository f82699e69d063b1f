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
use crate::seal::picture::{Kind, Language, Mark, Tone};
use crate::seal::qr::Symbol;

/// Side of the symbol, without quiet zone, in millimetres.
const FULL_MM: f64 = 20.0;
const MINI_MM: f64 = 12.0;

/// Pictures kept; one is about 30 kB.
static DRAWN: LazyLock<quick_cache::sync::Cache<String, Made>> = LazyLock::new(|| quick_cache::sync::Cache::new(500));

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Picture {
    kind: Kind,
    /// The symbol alone has neither language nor ground.
    look: Option<(Language, Tone)>,
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Svg,
    Png,
    Pdf,
}

impl Format {
    fn media(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml; charset=utf-8",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }
}

#[handler]
pub(super) async fn show(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, file)): Path<(String, String)>,
) -> Answer {
    let missing = || Problem::not_found(&Text::new("マークの画像", "picture of a mark"), &format!("{id}/{file}"));
    let licence: LicenceId = id.parse().map_err(|_| missing())?;
    if file == "certificate.pdf" {
        return super::certificates::show(request, registry, licence).await;
    }
    let picture = named(&file).ok_or_else(missing)?;
    let dpi = match crate::http::in_query(request.uri(), "dpi").as_str() {
        "" | "300" => 300,
        "600" => 600,
        other => {
            let message = Text::new("dpi は 300 か 600 です。", "dpi is 300 or 600.");
            return Err(Problem::unreadable("/dpi", other, message));
        }
    };
    let links = registry.links_of(licence).await.map_err(|_| missing())?;
    let link = match picture.kind {
        Kind::Full => links.full,
        Kind::Mini => links.mini,
    };
    let key = format!("{file} {dpi} {link}");
    let made = match DRAWN.get(&key) {
        Some(made) => made,
        None => {
            let made = Made::new(draw(registry.clone(), picture, dpi, link, licence.to_string()).await?);
            DRAWN.insert(key, made.clone());
            made
        }
    };
    Ok(made.answer(request, picture.format.media(), "public, max-age=3600"))
}

/// A file that was made, with the entity tag of its bytes.
#[derive(Clone, Debug)]
pub(super) struct Made {
    body: Bytes,
    etag: String,
}

impl Made {
    pub(super) fn new(body: Bytes) -> Self {
        let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(&body)[..16]));
        Self { body, etag }
    }

    /// The file, or that whoever asks has it already.
    pub(super) fn answer(&self, request: &Request, media: &str, keeping: &str) -> Response {
        let Self { body, etag } = self;
        let response = Response::builder().header(header::ETAG, etag).header(header::CACHE_CONTROL, keeping);
        if request.header(header::IF_NONE_MATCH) == Some(etag.as_str()) {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        response.content_type(media).body(body.clone())
    }
}

/// `mark` or `mini`, then `-en` and `-dark` where wanted; `qr` or `mini-qr`; then what kind of file.
fn named(file: &str) -> Option<Picture> {
    let (name, extension) = file.split_once('.')?;
    let format = match extension {
        "svg" => Format::Svg,
        "png" => Format::Png,
        "pdf" => Format::Pdf,
        _ => return None,
    };
    let (kind, look) = match name {
        "qr" => (Kind::Full, None),
        "mini-qr" => (Kind::Mini, None),
        _ => {
            let (rest, tone) = name.strip_suffix("-dark").map_or((name, Tone::Light), |rest| (rest, Tone::Dark));
            let (rest, language) =
                rest.strip_suffix("-en").map_or((rest, Language::Japanese), |rest| (rest, Language::English));
            let kind = match rest {
                "mark" => Kind::Full,
                "mini" => Kind::Mini,
                _ => return None,
            };
            (kind, Some((language, tone)))
        }
    };
    Some(Picture { kind, look, format })
}

/// Drawing takes milliseconds of a core, so it stays off the threads that answer.
async fn draw(
    registry: std::sync::Arc<Registry>,
    picture: Picture,
    dpi: u32,
    link: String,
    licence_id: String,
) -> Result<Bytes, Problem> {
    let drawing = tokio::task::spawn_blocking(move || drawn(&registry, picture, dpi, &link, &licence_id));
    let drawn = drawing.await.map_err(|error| Problem::internal(&error))?;
    drawn.map(Bytes::from).map_err(|error| Problem::internal(&error))
}

fn drawn(registry: &Registry, picture: Picture, dpi: u32, link: &str, licence_id: &str) -> Result<Vec<u8>, String> {
    let Picture { kind, look, format } = picture;
    let symbol_mm = if kind == Kind::Full { FULL_MM } else { MINI_MM };
    if let Some((language, tone)) = look {
        let mark = Mark { kind, language, tone, link, licence_id, symbol_mm };
        let drawn = match format {
            Format::Svg => registry.assets.svg(&mark).map(String::into_bytes),
            Format::Png => registry.assets.png(&mark, dpi).map(|picture| picture.png),
            Format::Pdf => registry.assets.pdf(&mark),
        };
        return drawn.map_err(|error| error.to_string());
    }
    let symbol = if kind == Kind::Full { Symbol::full(link) } else { Symbol::mini(link) };
    let symbol = symbol.map_err(|error| error.to_string())?;
    let side_mm = symbol.least_mm().max(symbol_mm);
    match format {
        Format::Svg => Ok(symbol.svg(side_mm).into_bytes()),
        Format::Png => symbol.png(dpi, side_mm).map(|picture| picture.png).map_err(|error| error.to_string()),
        Format::Pdf => symbol.pdf(side_mm, &format!("QR {licence_id}")),
    }
}
