//! Handing a file out: to its own organisation as it is, to whoever may read an application that names it without what
//! a picture tells beside itself, and to nobody else. A browser saves it, and would not run it if it opened it.

use domain::act::ApplicationId;
use domain::authority::Power;
use domain::evidence::{FileDigest, Media, name_to_save};
use domain::text::Text;
use poem::http::{HeaderValue, header};
use poem::{Body, Response};

use super::refusal::Failure;
use super::{Scan, Upload};
use crate::caller::{Visitor, may_read};
use crate::problem::Problem;
use crate::registry::Registry;

/// Applications looked through for one that the visitor may read.
const LOOKED_THROUGH: u64 = 200;

/// A file as somebody may read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readable {
    pub name: String,
    pub media: Media,
    pub bytes: u64,
    pub pages: Option<u32>,
    pub digest: FileDigest,
    /// What is handed out.
    pub handed: FileDigest,
    pub handed_bytes: u64,
    pub scan: Scan,
    pub uploaded_at: domain::calendar::Instant,
    /// The application through which it may be read, where it is not one's own.
    pub through: Option<ApplicationId>,
}

/// The file of this digest, if this visitor may read it; to others it is not there.
pub async fn find(registry: &Registry, visitor: &Visitor, digest: &str) -> Result<Readable, Problem> {
    let missing = || Problem::not_found(&Text::new("証跡のファイル", "file"), digest);
    let digest: FileDigest = digest.parse().map_err(|_| missing())?;
    let uploads = registry.store.uploads_of(&digest).await?;
    let own = visitor.actor.extent(Power::ReadApplication, visitor.at.day()).organisations;
    if let Some(upload) = uploads.iter().find(|upload| own.contains(&upload.organisation)) {
        return Ok(readable(upload, upload.name.clone(), None));
    }
    for id in registry.store.applications_naming(&digest, LOOKED_THROUGH).await? {
        let Some(application) = registry.store.application(&id).await? else { continue };
        if may_read(&visitor.actor, &application, visitor.at).is_err() {
            continue;
        }
        let Some(upload) = uploads.iter().find(|upload| upload.organisation == application.owner) else { continue };
        // As that application names it; what an earlier submission called it, the upload still does.
        let named = application.evidence.iter().find(|file| file.digest == digest);
        let name = named.map_or_else(|| upload.name.clone(), |file| file.name.clone());
        return Ok(readable(upload, name, Some(id)));
    }
    Err(missing())
}

fn readable(upload: &Upload, name: String, through: Option<ApplicationId>) -> Readable {
    let upload = upload.clone();
    let (handed, handed_bytes) = match through {
        None => (upload.digest.clone(), upload.bytes),
        Some(_) => (upload.shown, upload.shown_bytes),
    };
    Readable {
        name,
        media: upload.media,
        bytes: upload.bytes,
        pages: upload.pages,
        digest: upload.digest,
        handed,
        handed_bytes,
        scan: upload.scan,
        uploaded_at: upload.uploaded_at,
        through,
    }
}

/// Nothing of it runs, loads or is shown inside a page.
const POLICY: &str = "default-src 'none'; sandbox";

/// The file itself, piece by piece, to be saved.
pub async fn hand_out(registry: &Registry, readable: &Readable) -> Result<Response, Problem> {
    let found = registry.shelf.open(&readable.handed).await.map_err(Failure::from)?;
    let missing = || Problem::internal(&format!("the file {} is missing", readable.handed));
    let found = found.ok_or_else(missing)?;
    let bytes = found.bytes;
    let body = Body::from_bytes_stream(futures::TryStreamExt::map_err(found.pieces, std::io::Error::other));
    let mut response = Response::builder().body(body);
    let headers = response.headers_mut();
    let of = |value: &str| HeaderValue::from_str(value).expect("it is ASCII");
    headers.insert(header::CONTENT_TYPE, of(readable.media.as_str()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    headers.insert(header::CONTENT_DISPOSITION, of(&disposition(&name_to_save(&readable.name, readable.media))));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(
        header::HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// To be saved under this name (RFC 6266): in ASCII for old programs, and as it is.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let whole: String = name
        .bytes()
        .map(|byte| if is_kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_no_header() {
        for (name, expected) in [
            ("a b.pdf", "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"),
            ("規約.pdf", "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E8%A6%8F%E7%B4%84.pdf"),
            ("a\"; x=\r\n.pdf", "attachment; filename=\"a__ x___.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0A.pdf"),
        ] {
            assert_eq!(disposition(name), expected);
        }
    }
}
