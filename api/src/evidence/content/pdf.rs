//! PDF (ISO 32000): what it holds that acts, and how many pages it has.
//!
//! Nothing follows its cross-references: the file is read through once, and what a reader could find anywhere in it is
//! looked at, so that no table can lead past what is looked for. Objects that are packed in object streams are unpacked,
//! within bounds. What stands in other packed streams (text, pictures, fonts) is no action and is not looked at.

mod objects;

use domain::evidence::Media;
use flate2::{Decompress, FlushDecompress, Status};

use objects::{Names, Objects, Packed, Seen, is_blank};

use super::{Failure, Found, NotTaken, Reader};
use crate::evidence::shelf::Arrived;

/// The most that all object streams may unpack to, in bytes.
const UNPACKED: u64 = 200_000_000;
/// The last bytes of the file, in which it must say that it ends.
const END: usize = 1_024;

pub(super) async fn examine(file: &Arrived) -> Result<Found, Failure> {
    let head = file.read(0, 8).await?;
    if !matches!(head.get(5..7), Some(b"1." | b"2.")) {
        return Err(NotTaken::Broken.into());
    }
    let mut reader = Reader::new(file);
    let mut scan = Scan::default();
    loop {
        let piece = reader.piece(u64::MAX).await?;
        if piece.is_empty() {
            break;
        }
        scan.feed(&piece)?;
        // Unpacking takes its time; others have their turn.
        tokio::task::yield_now().await;
    }
    let tail = file.read(file.bytes.saturating_sub(END as u64), END).await?;
    let end = tail.windows(5).rposition(|window| window == b"%%EOF").ok_or(NotTaken::Broken)?;
    if !tail[end + 5..].iter().all(|byte| is_blank(*byte)) {
        return Err(NotTaken::Mixed.into());
    }
    let pages = scan.finish()?;
    Ok(Found::plain(Media::Pdf, (pages > 0).then_some(pages)))
}

/// What was found so far.
#[derive(Debug, Default)]
struct Scan {
    names: Names,
    objects: Objects,
    within: Within,
    seen: Seen,
    unpacked: u64,
}

/// Where the next byte is.
#[derive(Debug, Default)]
enum Within {
    #[default]
    Objects,
    /// Behind the word `stream`, before its line ends.
    Opening(Packed),
    Stream {
        /// How much of `endstream` was just read.
        matched: usize,
        unpack: Unpack,
    },
}

#[derive(Debug)]
enum Unpack {
    No,
    Plain(Box<(Names, Objects)>),
    Deflated(Box<(Decompress, Names, Objects)>),
}

impl Scan {
    fn feed(&mut self, piece: &[u8]) -> Result<(), NotTaken> {
        // A table may lead into the middle of a stream, so names count wherever they stand.
        for byte in piece {
            self.names.feed(*byte, &mut self.seen);
        }
        let mut rest = piece;
        while let Some(byte) = rest.first() {
            match &mut self.within {
                Within::Objects => {
                    if let Some(packed) = self.objects.feed(*byte, &mut self.seen) {
                        self.within = Within::Opening(packed);
                    }
                    rest = &rest[1..];
                }
                Within::Opening(packed) => {
                    if *byte == b'\n' || *byte != b'\r' {
                        let unpack = match packed {
                            Packed::Other => Unpack::No,
                            Packed::Not => Unpack::Plain(Box::default()),
                            Packed::Deflated => Unpack::Deflated(Box::new((
                                Decompress::new(true),
                                Names::default(),
                                Objects::default(),
                            ))),
                            Packed::Unknown => {
                                self.seen.is_unreadable = true;
                                Unpack::No
                            }
                        };
                        self.within = Within::Stream { matched: 0, unpack };
                    }
                    if matches!(byte, b'\r' | b'\n') {
                        rest = &rest[1..];
                    }
                }
                Within::Stream { matched, unpack } => {
                    let (length, is_end) = until_end(rest, matched);
                    let (data, behind) = rest.split_at(length);
                    self.unpacked += unpack.feed(data, &mut self.seen);
                    if self.unpacked > UNPACKED {
                        return Err(NotTaken::Bomb);
                    }
                    if is_end {
                        unpack.finish(&mut self.seen);
                        self.within = Within::Objects;
                    }
                    rest = behind;
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<u32, NotTaken> {
        self.names.finish(&mut self.seen);
        match self.seen {
            Seen { is_encrypted: true, .. } => Err(NotTaken::Encrypted),
            Seen { acts: true, .. } => Err(NotTaken::Active),
            Seen { attaches: true, .. } => Err(NotTaken::Attachments),
            Seen { is_unreadable: true, .. } => Err(NotTaken::Broken),
            Seen { pages, .. } => Ok(pages),
        }
    }
}

/// How many bytes belong to the stream, its `endstream` among them, and whether that ends there.
fn until_end(bytes: &[u8], matched: &mut usize) -> (usize, bool) {
    const WORD: &[u8; 9] = b"endstream";
    let mut at = 0;
    while at < bytes.len() {
        if *matched == 0 {
            // Most bytes of a stream are no `e`.
            let Some(next) = bytes[at..].iter().position(|byte| *byte == b'e') else { return (bytes.len(), false) };
            at += next;
        }
        let byte = bytes[at];
        *matched = match *matched {
            matched if WORD[matched] == byte => matched + 1,
            // "endstre" ends as the word begins.
            7 if byte == b'n' => 2,
            _ => usize::from(byte == b'e'),
        };
        at += 1;
        if *matched == WORD.len() {
            return (at, true);
        }
    }
    (at, false)
}

impl Unpack {
    /// Looks at what the next bytes unpack to. How many bytes those are.
    fn feed(&mut self, data: &[u8], seen: &mut Seen) -> u64 {
        match self {
            Self::No => 0,
            Self::Plain(inner) => {
                for byte in data {
                    inner.0.feed(*byte, seen);
                    inner.1.feed(*byte, seen);
                }
                data.len() as u64
            }
            Self::Deflated(inner) => {
                let (inflate, names, objects) = &mut **inner;
                let before = inflate.total_out();
                let mut data = data;
                let mut room = [0; 16 << 10];
                loop {
                    let (read, written) = (inflate.total_in(), inflate.total_out());
                    let status = inflate.decompress(data, &mut room, FlushDecompress::None);
                    data = &data[(inflate.total_in() - read) as usize..];
                    let out = (inflate.total_out() - written) as usize;
                    for byte in &room[..out] {
                        names.feed(*byte, seen);
                        objects.feed(*byte, seen);
                    }
                    let all = inflate.total_out() - before;
                    match status {
                        Err(_) => {
                            seen.is_unreadable = true;
                            *self = Self::No;
                            return all;
                        }
                        Ok(Status::StreamEnd) => {
                            names.finish(seen);
                            *self = Self::No;
                            return all;
                        }
                        // Nothing is left to unpack, or enough was.
                        Ok(_) if out < room.len() && data.is_empty() || all > UNPACKED => return all,
                        Ok(Status::BufError) => return all,
                        Ok(Status::Ok) => {}
                    }
                }
            }
        }
    }

    fn finish(&mut self, seen: &mut Seen) {
        match std::mem::replace(self, Self::No) {
            Self::No => {}
            Self::Plain(mut inner) => inner.0.finish(seen),
            // It was cut short.
            Self::Deflated(_) => seen.is_unreadable = true,
        }
    }
}
