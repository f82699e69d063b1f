//! What a file is, read from its content. Its name and the type it calls itself are not asked.
//!
//! Every kind is read through once, a piece at a time; what is kept of it in memory has a bound of its own.

mod csv;
mod image;
mod office;
mod pdf;
mod reader;
#[cfg(test)]
mod tests;

use std::ops::Range;

use bytes::Bytes;
use domain::evidence::Media;

use super::refusal::{Failure, NotTaken};
use super::shelf::Arrived;
use reader::Reader;

/// What was found.
#[derive(Debug)]
pub struct Found {
    pub media: Media,
    pub pages: Option<u32>,
    /// How to make what others are shown, where that is not the file itself.
    pub shown: Option<Vec<Piece>>,
}

/// A part of what others are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// These bytes of the file.
    Kept(Range<u64>),
    /// Bytes of our own.
    Written(Bytes),
}

impl Found {
    fn plain(media: Media, pages: Option<u32>) -> Self {
        Self { media, pages, shown: None }
    }
}

/// Bytes in which a reader of PDF looks for the beginning of one.
const PDF_BEGINS_WITHIN: usize = 1_024;
/// The furthest from its end that an archive's directory can end.
pub(super) const ARCHIVE_END: usize = 22 + 0xffff;

/// Finds out what the file is, and that it is nothing else as well.
pub async fn examine(file: &Arrived) -> Result<Found, Failure> {
    let head = file.read(0, PDF_BEGINS_WITHIN).await?;
    if head.is_empty() {
        return Err(NotTaken::Empty.into());
    }
    let is_pdf = head.starts_with(b"%PDF-");
    let is_archive = head.starts_with(b"PK\x03\x04");
    if !is_pdf && holds(&head, b"%PDF-") {
        return Err(NotTaken::Mixed.into());
    }
    if !is_archive && head.starts_with(b"PK") {
        return Err(NotTaken::Archive.into());
    }
    if !is_archive && ends_as_archive(file).await? {
        return Err(NotTaken::Mixed.into());
    }
    if is_pdf {
        return pdf::examine(file).await;
    }
    if is_archive {
        return office::examine(file).await;
    }
    if head.starts_with(image::PNG) {
        return image::examine_png(file).await;
    }
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        return image::examine_jpeg(file).await;
    }
    match other(&head) {
        Some(not) => Err(not.into()),
        None => csv::examine(file).await,
    }
}

/// What is known not to be taken.
fn other(head: &[u8]) -> Option<NotTaken> {
    const OTHERS: &[(&[u8], NotTaken)] = &[
        (b"MZ", NotTaken::Executable),
        (b"\x7fELF", NotTaken::Executable),
        (b"#!", NotTaken::Executable),
        (b"\xfe\xed\xfa\xce", NotTaken::Executable),
        (b"\xfe\xed\xfa\xcf", NotTaken::Executable),
        (b"\xce\xfa\xed\xfe", NotTaken::Executable),
        (b"\xcf\xfa\xed\xfe", NotTaken::Executable),
        (b"\xca\xfe\xba\xbe", NotTaken::Executable),
        (b"L\x00\x00\x00\x01\x14\x02\x00", NotTaken::Executable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotTaken::OldOffice),
        (b"{\\rtf", NotTaken::OldOffice),
        (b"GIF8", NotTaken::OtherImage),
        (b"BM", NotTaken::OtherImage),
        (b"II*\x00", NotTaken::OtherImage),
        (b"MM\x00*", NotTaken::OtherImage),
        (b"7z\xbc\xaf\x27\x1c", NotTaken::Archive),
        (b"Rar!", NotTaken::Archive),
        (b"\x1f\x8b", NotTaken::Archive),
    ];
    // Text may begin with the same letters.
    let is_text = !head.contains(&0);
    let known = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, not)| *not);
    let known = known.filter(|_| !is_text || !head.starts_with(b"MZ") && !head.starts_with(b"BM"));
    let is_webp = head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP");
    let is_heif = head.get(4..8) == Some(b"ftyp");
    known.or((is_webp || is_heif).then_some(NotTaken::OtherImage))
}

/// Would a reader of archives, which begins at the end, take this for one?
async fn ends_as_archive(file: &Arrived) -> Result<bool, Failure> {
    let tail = file.read(file.bytes.saturating_sub(ARCHIVE_END as u64), ARCHIVE_END).await?;
    Ok(office::directory_end(&tail).is_some())
}

/// Does `part` occur in `bytes`?
fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
