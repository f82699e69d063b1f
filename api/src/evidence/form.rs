//! A form that brings files: its fields are read, its files are taken in as they come, and what is left for the page is
//! a form like any other.
//!
//! The form's own token comes before the first file, or no file is looked at. A file that is not taken does not end the
//! form: the page says so beside what was typed.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use domain::act::OrganisationId;
use domain::evidence::{CASE_BYTES, CASE_FILES, FileDigest};
use domain::text::Text;
use futures::{Stream, StreamExt};
use multer::{Field, Multipart};
use poem::http::{HeaderValue, StatusCode, header};
use poem::{Body, Request};

use super::intake::{owner, take_in};
use super::refusal::NotTaken;
use crate::caller::{Visitor, signed_in};
use crate::imports::intake::{Asked, take_in as take_in_import};
use crate::imports::{self, Choice, Import};
use crate::problem::Problem;
use crate::registry::Registry;

/// The most that all typed fields may have, in bytes of names and values; a form without files may have as much.
const TYPED: usize = 1 << 20;
/// The most fields.
const FIELDS: usize = 5_000;
/// What may come before something is made of it: the head of a field.
const UNREAD: usize = 1 << 20;
/// How long the next piece may take to come.
const PIECE: Duration = Duration::from_secs(30);

/// A file that came with a form.
#[derive(Clone, Debug)]
pub struct Brought {
    /// As the browser named it.
    pub name: String,
    /// Its digest, or why it was not taken.
    pub outcome: Result<FileDigest, Text>,
}

/// The files that came with a form.
#[derive(Clone, Debug, Default)]
pub struct Files(pub Vec<Brought>);

/// Reads the form in the request's body and takes its files in. What is left is a body of typed fields.
///
/// `is_ours` says whether a form's token is the one that our page gave out.
pub async fn receive(
    registry: &Arc<Registry>,
    request: &mut Request,
    is_ours: impl Fn(&str) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let visitor = signed_in(request)?.clone();
    let path = request.uri().path().to_owned();
    let named = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(named).map_err(|error| unreadable(&error))?;
    let room = Arc::new(AtomicUsize::new(UNREAD));
    let body =
        Measured { inner: request.take_body().into_bytes_stream().boxed(), room: room.clone(), has_given: false };
    let mut form = Multipart::new(body, boundary);
    let mut reading = Reading {
        path,
        imported: None,
        registry,
        visitor: &visitor,
        room,
        typed: Vec::new(),
        size: 0,
        files: Files::default(),
        bytes: 0,
    };
    let mut is_checked = false;
    while let Some(mut field) = within(form.next_field()).await? {
        reading.make_room();
        if field.file_name().is_some() {
            // Nothing is read of a file before it is known that one of our own pages sent it.
            if !is_checked {
                is_ours("")?;
            }
            reading.file(&mut field).await?;
        } else {
            let (name, value) = reading.text(&mut field).await?;
            if name == "csrf" && !is_checked {
                is_ours(&value)?;
                is_checked = true;
            }
            reading.typed.push((name, value));
        }
        reading.make_room();
    }
    if !is_checked {
        is_ours("")?;
    }
    let body = serde_urlencoded::to_string(&reading.typed).map_err(|error| Problem::internal(&error))?;
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    request.headers_mut().insert(header::CONTENT_TYPE, form);
    request.extensions_mut().insert(reading.files);
    request.extensions_mut().insert(reading.imported);
    request.set_body(Body::from(body));
    Ok(())
}

/// A file of a form that is short and read whole: it is kept nowhere.
#[derive(Clone, Debug)]
pub struct Attached {
    pub name: String,
    pub bytes: Bytes,
}

/// What was typed into a form that is all there, and its files; none where it is no form.
pub async fn whole(kind: &str, body: Bytes) -> Option<(Vec<(String, String)>, Vec<Attached>)> {
    let boundary = multer::parse_boundary(kind).ok()?;
    let mut form = Multipart::new(futures::stream::iter([Ok::<_, multer::Error>(body)]), boundary);
    let (mut typed, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        if let Some(name) = field.file_name().map(str::to_owned) {
            files.push(Attached { name, bytes: field.bytes().await.ok()? });
        } else if typed.len() < FIELDS {
            typed.push((name, field.text().await.ok()?));
        }
    }
    Some((typed, files))
}

struct Reading<'a> {
    path: String,
    imported: Option<Imported>,
    registry: &'a Arc<Registry>,
    visitor: &'a Visitor,
    room: Arc<AtomicUsize>,
    typed: Vec<(String, String)>,
    /// Bytes typed so far.
    size: usize,
    files: Files,
    /// Bytes of files so far, those that were not taken among them.
    bytes: u64,
}

impl Reading<'_> {
    fn make_room(&self) {
        self.room.store(UNREAD, Ordering::Relaxed);
    }

    async fn text(&mut self, field: &mut Field<'static>) -> Result<(String, String), Problem> {
        let name = field.name().unwrap_or_default().to_owned();
        let mut value = Vec::new();
        self.size += name.len();
        while let Some(piece) = within(field.chunk()).await? {
            self.size += piece.len();
            if self.size > TYPED {
                return Err(too_large());
            }
            value.extend_from_slice(&piece);
        }
        if self.typed.len() >= FIELDS {
            return Err(too_large());
        }
        Ok((name, String::from_utf8_lossy(&value).into_owned()))
    }

    async fn file(&mut self, field: &mut Field<'static>) -> Result<(), Problem> {
        let name = field.file_name().unwrap_or_default().to_owned();
        let first = within(field.chunk()).await?;
        // A browser sends a field of files for which none was chosen.
        let Some(first) = first.filter(|_| !name.is_empty()) else { return self.pass_over(field).await };
        if let Some(number) = import_of(&self.path) {
            let imported = self.import(number, &name, first, field).await;
            self.imported = Some(imported.map_err(Box::new));
            return self.pass_over(field).await;
        }
        let outcome = if self.files.0.len() < CASE_FILES {
            let named = self.typed.iter().find(|(name, _)| name == "owner").and_then(|(_, value)| value.parse().ok());
            self.take(named, &name, first, field).await
        } else {
            Err(NotTaken::TooMuchUnnamed.into())
        };
        let outcome = match outcome {
            Ok(digest) => Ok(digest),
            Err(problem) if is_about_the_file(&problem) => Err(problem.detail),
            Err(problem) => return Err(problem),
        };
        self.files.0.push(Brought { name, outcome });
        self.pass_over(field).await
    }

    async fn take(
        &mut self,
        named: Option<OrganisationId>,
        name: &str,
        first: Bytes,
        field: &mut Field<'static>,
    ) -> Result<FileDigest, Problem> {
        let owner = owner(self.visitor, named)?;
        let (room, bytes) = (self.room.clone(), &mut self.bytes);
        let first = futures::stream::iter([Ok::<_, multer::Error>(first)]);
        let pieces = first.chain(field).inspect(move |piece| {
            room.store(UNREAD, Ordering::Relaxed);
            *bytes += piece.as_ref().map_or(0, Bytes::len) as u64;
        });
        let taken = take_in(self.registry, self.visitor, &owner, name, pieces.boxed()).await?;
        Ok(taken.digest)
    }

    /// A file that attests users: it is taken in as an import, and not kept as evidence.
    async fn import(
        &mut self,
        number: String,
        name: &str,
        first: Bytes,
        field: &mut Field<'static>,
    ) -> Result<Import, Problem> {
        let typed = |name: &str| {
            let found = self.typed.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let of = imports::own::registration(self.registry, self.visitor, &number).await?;
        let asked = Asked {
            registration: of.number.clone(),
            choice: Choice::read(&typed("choice")).unwrap_or_default(),
            name: name.to_owned(),
            key: Some(typed("key")).filter(|key| key.len() >= 8),
        };
        let (room, bytes) = (self.room.clone(), &mut self.bytes);
        let first = futures::stream::iter([Ok::<_, multer::Error>(first)]);
        let pieces = first.chain(field).inspect(move |piece| {
            room.store(UNREAD, Ordering::Relaxed);
            *bytes += piece.as_ref().map_or(0, Bytes::len) as u64;
        });
        take_in_import(self.registry, self.visitor, &of, asked, pieces.boxed()).await
    }

    /// Lets the rest of a file go by.
    async fn pass_over(&mut self, field: &mut Field<'static>) -> Result<(), Problem> {
        while let Some(piece) = within(field.chunk()).await? {
            self.make_room();
            self.bytes += piece.len() as u64;
            if self.bytes > 2 * CASE_BYTES {
                return Err(too_large());
            }
        }
        Ok(())
    }
}

/// What became of a file that attests users.
pub type Imported = Result<Import, Box<Problem>>;

/// The registration whose users a form's file attests.
fn import_of(path: &str) -> Option<String> {
    match path.split('/').skip(1).collect::<Vec<_>>()[..] {
        ["register", number, "imports"] => Some(number.to_owned()),
        _ => None,
    }
}

/// Is the file to blame, and not the connection, the caller or the registry?
fn is_about_the_file(problem: &Problem) -> bool {
    problem.code.starts_with("file_") && problem.code != NotTaken::BrokenOff.code()
}

async fn within<T>(reading: impl Future<Output = multer::Result<T>>) -> Result<T, Problem> {
    match tokio::time::timeout(PIECE, reading).await {
        Ok(read) => read.map_err(|error| unreadable(&error)),
        Err(_) => Err(NotTaken::BrokenOff.into()),
    }
}

fn unreadable(error: &multer::Error) -> Problem {
    let detail = Text::new(
        "フォームが最後まで届かなかったか、形が正しくありません。もう一度送ってください。",
        "The form did not arrive whole, or is not one. Send it again.",
    );
    tracing::debug!(%error, "a form with files could not be read");
    let title = Text::new("フォームを読み取れません", "The form cannot be read");
    Problem::new(StatusCode::BAD_REQUEST, "unreadable", title, detail)
}

fn too_large() -> Problem {
    let detail = Text::new(
        "フォームが大きすぎます。ファイルを減らして、分けて送ってください。",
        "The form is too large. Send fewer files at a time.",
    );
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", Text::new("大きすぎます", "Too large"), detail)
}

/// A body of which no more is read at a time than one piece, and no more in a row than there is room for: the reader of
/// forms would take all that is there, and wait for the end of a field's head however long it is.
struct Measured {
    inner: futures::stream::BoxStream<'static, Result<Bytes, std::io::Error>>,
    room: Arc<AtomicUsize>,
    has_given: bool,
}

impl Stream for Measured {
    type Item = Result<Bytes, std::io::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.has_given) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let next = self.inner.poll_next_unpin(context);
        if let Poll::Ready(Some(Ok(piece))) = &next {
            self.has_given = true;
            let left = self.room.load(Ordering::Relaxed).checked_sub(piece.len());
            match left {
                Some(left) => self.room.store(left, Ordering::Relaxed),
                None => return Poll::Ready(Some(Err(std::io::Error::other("the head of a field is too long")))),
            }
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(pieces: Vec<Bytes>) -> (Measured, Arc<AtomicUsize>) {
        let room = Arc::new(AtomicUsize::new(UNREAD));
        let inner = futures::stream::iter(pieces).map(Ok).boxed();
        (Measured { inner, room: room.clone(), has_given: false }, room)
    }

    #[tokio::test]
    async fn a_head_without_an_end_is_not_waited_for() {
        let mut pieces = vec![Bytes::from_static(b"--b\r\nContent-Disposition: form-data; name=\"")];
        pieces.extend(vec![Bytes::from(vec![b'a'; 64 << 10]); 1_000]);
        let (body, room) = measured(pieces);
        let refused = Multipart::new(body, "b").next_field().await;
        assert!(refused.is_err());
        assert!(room.load(Ordering::Relaxed) < 64 << 10, "it was read as far as there was room");
    }

    #[tokio::test]
    async fn a_long_file_passes_piece_by_piece() {
        let mut pieces =
            vec![Bytes::from_static(b"--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n")];
        pieces.extend(vec![Bytes::from(vec![b'a'; 64 << 10]); 100]);
        pieces.push(Bytes::from_static(b"\r\n--b--\r\n"));
        let (body, room) = measured(pieces);
        let mut form = Multipart::new(body, "b");
        let mut field = form.next_field().await.unwrap().unwrap();
        let (mut all, mut longest) = (0, 0);
        while let Some(piece) = field.chunk().await.unwrap() {
            room.store(UNREAD, Ordering::Relaxed);
            (all, longest) = (all + piece.len(), longest.max(piece.len()));
        }
        assert_eq!(all, 100 * (64 << 10));
        assert!(longest <= 2 * (64 << 10), "{longest}");
    }
}
