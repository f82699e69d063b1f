//! Office files (ISO/IEC 29500): an archive whose list of parts says which of the three it is.
//!
//! The archive's directory has bounds, and every part is unpacked once, into nothing, to see that it is as large as the
//! directory says: nobody who opens the file later meets a part that unpacks without end.

use domain::evidence::Media;
use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{ARCHIVE_END, Failure, Found, NotTaken, Reader};
use crate::evidence::shelf::Arrived;

/// The most parts.
const PARTS: usize = 5_000;
/// The largest directory, in bytes.
const DIRECTORY: u64 = 1 << 20;
/// The most that all parts together may unpack to, in bytes.
const UNPACKED: u64 = 300_000_000;
/// The largest list of parts, in bytes.
const LIST: u64 = 1 << 20;
/// The most that may stand between two parts: what some programs write behind one.
const GAP: u64 = 64;

/// The list of parts.
const CONTENT_TYPES: &str = "[Content_Types].xml";
const MAIN: [(&str, Media); 3] = [
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", Media::Docx),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", Media::Xlsx),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", Media::Pptx),
];

pub(super) async fn examine(file: &Arrived) -> Result<Found, Failure> {
    let parts = read_directory(file).await?;
    if !parts.iter().any(|part| part.name == CONTENT_TYPES) {
        return Err(NotTaken::Archive.into());
    }
    let mut list = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let wanted = (part.name == CONTENT_TYPES).then_some(&mut list);
        let end = parts.get(index + 1).map_or(parts_end(&parts), |next| next.at);
        unpack(file, part, end, wanted).await?;
    }
    let list = String::from_utf8(list).map_err(|_| NotTaken::Broken)?;
    let acts = |part: &Part| {
        let name = part.name.to_ascii_lowercase();
        name.ends_with("vbaproject.bin") || name.contains("/activex/")
    };
    if list.to_ascii_lowercase().contains("macroenabled") || parts.iter().any(acts) {
        return Err(NotTaken::Macros.into());
    }
    let named =
        |kind: &&(&str, Media)| list.contains(&format!("\"{}\"", kind.0)) || list.contains(&format!("'{}'", kind.0));
    let media = match MAIN.iter().filter(named).collect::<Vec<_>>()[..] {
        [(_, media)] => *media,
        [] => return Err(NotTaken::Archive.into()),
        _ => return Err(NotTaken::Mixed.into()),
    };
    let count = |folder: &str| {
        let below = |part: &&Part| {
            part.name.strip_prefix(folder).is_some_and(|rest| rest.ends_with(".xml") && !rest.contains('/'))
        };
        u32::try_from(parts.iter().filter(below).count()).ok().filter(|count| *count > 0)
    };
    // How many pages a text has depends on who lays it out.
    let pages = match media {
        Media::Xlsx => count("xl/worksheets/"),
        Media::Pptx => count("ppt/slides/"),
        _ => None,
    };
    Ok(Found::plain(media, pages))
}

/// A part as the directory names it.
#[derive(Debug)]
struct Part {
    name: String,
    /// Where its own header stands.
    at: u64,
    is_packed: bool,
    packed: u64,
    unpacked: u64,
    crc: u32,
    /// Where the directory begins, for the last part.
    directory: u64,
}

fn parts_end(parts: &[Part]) -> u64 {
    parts.first().map_or(0, |part| part.directory)
}

/// Where the end of an archive's directory stands in the last bytes of a file, as a reader of archives looks for it.
pub(super) fn directory_end(tail: &[u8]) -> Option<usize> {
    let fits = |at: &usize| {
        let comment = tail.get(at + 20..at + 22).map(|two| usize::from(u16::from_le_bytes([two[0], two[1]])));
        comment.is_some_and(|comment| at + 22 + comment == tail.len())
    };
    let signs = (0..tail.len().saturating_sub(21)).rev().filter(|at| tail[*at..].starts_with(b"PK\x05\x06"));
    { signs }.find(fits)
}

async fn read_directory(file: &Arrived) -> Result<Vec<Part>, Failure> {
    let from = file.bytes.saturating_sub(ARCHIVE_END as u64);
    let tail = file.read(from, ARCHIVE_END).await?;
    let end = directory_end(&tail).ok_or(NotTaken::Broken)?;
    let at = Fields(&tail[end..]);
    let (disk, entries, size, begin) = (at.two(4)?, at.two(10)?, at.four(12)?, at.four(16)?);
    if entries == 0xffff
        || size == 0xffff_ffff
        || begin == 0xffff_ffff
        || usize::from(entries) > PARTS
        || u64::from(size) > DIRECTORY
    {
        return Err(NotTaken::Bomb.into());
    }
    let (size, begin) = (u64::from(size), u64::from(begin));
    // Nothing before the first part, between directory and end, or behind it.
    if disk != 0 || at.two(20)? != 0 || begin + size != from + end as u64 {
        return Err(NotTaken::Mixed.into());
    }
    let directory = file.read(begin, usize::try_from(size).map_err(|_| NotTaken::Bomb)?).await?;
    let mut rest = &directory[..];
    let mut parts = Vec::with_capacity(usize::from(entries));
    while !rest.is_empty() {
        let fields = Fields(rest);
        if !rest.starts_with(b"PK\x01\x02") {
            return Err(NotTaken::Broken.into());
        }
        let flags = fields.two(8)?;
        if flags & 1 != 0 {
            return Err(NotTaken::Encrypted.into());
        }
        let (name, extra, comment) = (fields.two(28)?, fields.two(30)?, fields.two(32)?);
        let length = 46 + usize::from(name) + usize::from(extra) + usize::from(comment);
        let name = rest.get(46..46 + usize::from(name)).ok_or(NotTaken::Broken)?;
        parts.push(Part {
            name: std::str::from_utf8(name).map_err(|_| NotTaken::Broken)?.to_owned(),
            at: fields.four(42)?.into(),
            is_packed: match fields.two(10)? {
                0 => false,
                8 => true,
                _ => return Err(NotTaken::Broken.into()),
            },
            crc: fields.four(16)?,
            packed: fields.four(20)?.into(),
            unpacked: fields.four(24)?.into(),
            directory: begin,
        });
        rest = rest.get(length..).ok_or(NotTaken::Broken)?;
    }
    if parts.len() != usize::from(entries) {
        return Err(NotTaken::Broken.into());
    }
    check(&mut parts)?;
    Ok(parts)
}

/// Names are no paths out of the file and there once; parts lie behind one another, and unpack to a bounded whole.
fn check(parts: &mut [Part]) -> Result<(), NotTaken> {
    let is_path = |part: &Part| {
        part.name.contains(['\\', ':', '\0'])
            || part.name.starts_with('/')
            || part.name.split('/').any(|step| step == "..")
    };
    let names: std::collections::BTreeSet<String> = parts.iter().map(|part| part.name.to_ascii_lowercase()).collect();
    if names.len() != parts.len() || parts.iter().any(is_path) {
        return Err(NotTaken::Broken);
    }
    if parts.iter().map(|part| part.unpacked).sum::<u64>() > UNPACKED {
        return Err(NotTaken::Bomb);
    }
    parts.sort_by_key(|part| part.at);
    if parts.first().is_some_and(|first| first.at != 0) {
        return Err(NotTaken::Mixed);
    }
    Ok(())
}

/// Unpacks a part into nothing, or into `wanted`, and compares it with what the directory says. It lies before `end`.
async fn unpack(file: &Arrived, part: &Part, end: u64, mut wanted: Option<&mut Vec<u8>>) -> Result<(), Failure> {
    let mut reader = Reader::from(file, part.at);
    let header = reader.take(30).await?;
    let fields = Fields(&header);
    if !header.starts_with(b"PK\x03\x04") {
        return Err(NotTaken::Broken.into());
    }
    let name = reader.take(fields.two(26)?.into()).await?;
    if name != part.name.as_bytes() {
        return Err(NotTaken::Mixed.into());
    }
    reader.skip(fields.two(28)?.into())?;
    let behind = reader.position() + part.packed;
    if behind > end {
        // One part lies in another: so few bytes would unpack many times.
        return Err(NotTaken::Bomb.into());
    }
    if end - behind > GAP {
        return Err(NotTaken::Mixed.into());
    }
    if wanted.is_some() && part.unpacked > LIST {
        return Err(NotTaken::Bomb.into());
    }
    let mut inflate = part.is_packed.then(|| Decompress::new(false));
    let (mut crc, mut left, mut is_done) = (Crc::new(), part.packed, false);
    let mut total = 0;
    let mut room = vec![0; 32 << 10];
    while left > 0 && !is_done {
        // So few at a time that the others have their turn however much they unpack to.
        let piece = reader.piece(left.min(4 << 10)).await?;
        if piece.is_empty() {
            return Err(NotTaken::Broken.into());
        }
        left -= piece.len() as u64;
        let mut take = |bytes: &[u8]| {
            crc.update(bytes);
            total += bytes.len() as u64;
            if let Some(wanted) = &mut wanted {
                wanted.extend_from_slice(bytes);
            }
            if total > part.unpacked { Err(NotTaken::Bomb) } else { Ok(()) }
        };
        match &mut inflate {
            None => take(&piece)?,
            Some(inflate) => is_done = pass(inflate, &piece, &mut room, take)?,
        }
        tokio::task::yield_now().await;
    }
    if left > 0 || total != part.unpacked || crc.sum() != part.crc || (part.is_packed && part.packed > 0 && !is_done) {
        return Err(NotTaken::Broken.into());
    }
    Ok(())
}

/// Unpacks a piece. Was it the last one?
fn pass(
    inflate: &mut Decompress,
    piece: &[u8],
    room: &mut [u8],
    mut take: impl FnMut(&[u8]) -> Result<(), NotTaken>,
) -> Result<bool, NotTaken> {
    let mut rest = piece;
    loop {
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let status = inflate.decompress(rest, room, FlushDecompress::None).map_err(|_| NotTaken::Broken)?;
        rest = &rest[(inflate.total_in() - read) as usize..];
        let out = (inflate.total_out() - written) as usize;
        take(&room[..out])?;
        match status {
            Status::StreamEnd if rest.is_empty() => return Ok(true),
            Status::StreamEnd => return Err(NotTaken::Mixed),
            _ if rest.is_empty() && out < room.len() => return Ok(false),
            Status::BufError if out == 0 => return Err(NotTaken::Broken),
            _ => {}
        }
    }
}

/// Numbers in a header, the low byte first.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn two(&self, at: usize) -> Result<u16, NotTaken> {
        let bytes = self.0.get(at..at + 2).and_then(|bytes| bytes.try_into().ok()).ok_or(NotTaken::Broken)?;
        Ok(u16::from_le_bytes(bytes))
    }

    fn four(&self, at: usize) -> Result<u32, NotTaken> {
        let bytes = self.0.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).ok_or(NotTaken::Broken)?;
        Ok(u32::from_le_bytes(bytes))
    }
}
