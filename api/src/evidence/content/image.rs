//! PNG and JPEG: what a picture is made of, and what it tells beside the picture (where and when it was taken, with
//! what, by whom), which others are not shown. Nothing is decoded, so that no pixel changes.

use bytes::Bytes;
use domain::evidence::Media;
use flate2::Crc;

use super::{Failure, Found, NotTaken, Piece, Reader};
use crate::evidence::shelf::Arrived;

pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The most that a picture may show, in pixels: a browser needs four bytes for each.
const PIXELS: u64 = 100_000_000;
/// The most places at which something is left out.
const CUTS: usize = 2_000;

/// Which parts of the file others are shown.
#[derive(Debug, Default)]
struct Shown {
    pieces: Vec<Piece>,
    is_cut: bool,
}

impl Shown {
    fn keep(&mut self, from: u64, to: u64) {
        match self.pieces.last_mut() {
            Some(Piece::Kept(last)) if last.end == from => last.end = to,
            _ => self.pieces.push(Piece::Kept(from..to)),
        }
    }

    fn cut(&mut self) -> Result<(), NotTaken> {
        self.is_cut = true;
        if self.pieces.len() > CUTS { Err(NotTaken::Bomb) } else { Ok(()) }
    }

    /// Puts bytes of our own behind the first `at`, which are kept.
    fn insert(&mut self, at: u64, bytes: Bytes) {
        if let Some(Piece::Kept(first)) = self.pieces.first_mut()
            && first.end > at
        {
            let rest = at..first.end;
            first.end = at;
            self.pieces.insert(1, Piece::Kept(rest));
        }
        self.pieces.insert(1, Piece::Written(bytes));
    }

    fn found(self, media: Media) -> Found {
        Found { media, pages: None, shown: self.is_cut.then_some(self.pieces) }
    }
}

fn check_pixels(width: u64, height: u64) -> Result<(), NotTaken> {
    match width * height {
        0 => Err(NotTaken::Broken),
        pixels if pixels > PIXELS => Err(NotTaken::Bomb),
        _ => Ok(()),
    }
}

/// Chunks without which the picture is another. All others are left out, those that nobody knows among them.
const PNG_PICTURE: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"bKGD", b"pHYs",
];

pub(super) async fn examine_png(file: &Arrived) -> Result<Found, Failure> {
    let mut reader = Reader::new(file);
    reader.take(PNG.len()).await?;
    let mut shown = Shown::default();
    shown.keep(0, reader.position());
    let mut has_data = false;
    loop {
        let from = reader.position();
        let head = reader.take(8).await?;
        let (length, name) = (u32::from_be_bytes([head[0], head[1], head[2], head[3]]), head.slice(4..8));
        if u64::from(length) + 4 > reader.left() {
            return Err(NotTaken::Broken.into());
        }
        let mut crc = Crc::new();
        crc.update(&name);
        if &name[..] == b"IHDR" && length == 13 && from == PNG.len() as u64 {
            let header = reader.take(13).await?;
            let number =
                |at: usize| u64::from(u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]));
            check_pixels(number(0), number(4))?;
            crc.update(&header);
        } else {
            if from == PNG.len() as u64 || &name[..] == b"IHDR" {
                return Err(NotTaken::Broken.into());
            }
            let mut left = u64::from(length);
            while left > 0 {
                let piece = reader.piece(left).await?;
                crc.update(&piece);
                left -= piece.len() as u64;
            }
        }
        let sum = reader.take(4).await?;
        if crc.sum().to_be_bytes() != sum[..] {
            return Err(NotTaken::Broken.into());
        }
        has_data |= &name[..] == b"IDAT";
        if PNG_PICTURE.iter().any(|kept| kept[..] == name[..]) {
            shown.keep(from, reader.position());
        } else {
            shown.cut()?;
        }
        if &name[..] == b"IEND" {
            break;
        }
    }
    if reader.left() > 0 {
        return Err(NotTaken::Mixed.into());
    }
    if !has_data {
        return Err(NotTaken::Broken.into());
    }
    Ok(shown.found(Media::Png))
}

pub(super) async fn examine_jpeg(file: &Arrived) -> Result<Found, Failure> {
    let mut reader = Reader::new(file);
    reader.take(2).await?;
    let mut shown = Shown::default();
    shown.keep(0, 2);
    let (mut has_frame, mut has_scan, mut turned) = (false, false, None);
    let mut marker = next_marker(&mut reader).await?;
    loop {
        // A marker has two bytes.
        let from = reader.position() - 2;
        if marker == END {
            shown.keep(from, reader.position());
            break;
        }
        if matches!(marker, 0x00..=0xbf | 0xd0..=0xd8) {
            return Err(NotTaken::Broken.into());
        }
        let length = reader.take(2).await?;
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        let body = reader.take(length.checked_sub(2).ok_or(NotTaken::Broken)?).await?;
        let to = reader.position();
        if is_picture(marker, &body) {
            shown.keep(from, to);
        } else {
            turned = turned.or_else(|| (marker == 0xe1).then(|| orientation(&body)).flatten());
            shown.cut()?;
        }
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            let number = |at: usize| body.get(at..at + 2).map(|two| u64::from(u16::from_be_bytes([two[0], two[1]])));
            let (height, width) = number(1).zip(number(3)).ok_or(NotTaken::Broken)?;
            check_pixels(width, height)?;
            has_frame = true;
        }
        marker = if marker == SCAN {
            has_scan = true;
            let next = after_scan(&mut reader).await?;
            shown.keep(to, reader.position() - 2);
            next
        } else {
            next_marker(&mut reader).await?
        };
    }
    if !has_frame || !has_scan {
        return Err(NotTaken::Broken.into());
    }
    if reader.left() > 0 {
        // Telephones put further pictures behind the first one; they are for nobody else's eyes either.
        if reader.take(3).await?[..] != [0xff, 0xd8, 0xff] {
            return Err(NotTaken::Mixed.into());
        }
        shown.cut()?;
    }
    // Without this the picture would lie on its side.
    if let Some(turned) = turned {
        shown.insert(2, turned_only(turned));
    }
    Ok(shown.found(Media::Jpeg))
}

const SCAN: u8 = 0xda;
const END: u8 = 0xd9;

/// The next marker, which may have any number of 0xff before it, and nothing else.
async fn next_marker(reader: &mut Reader<'_>) -> Result<u8, Failure> {
    if reader.take(1).await?[0] != 0xff {
        return Err(NotTaken::Broken.into());
    }
    loop {
        match reader.take(1).await?[0] {
            0xff => {}
            marker => return Ok(marker),
        }
    }
}

/// The marker behind a scan's data, in which 0xff stands before 0 or a restart only.
async fn after_scan(reader: &mut Reader<'_>) -> Result<u8, Failure> {
    let mut has_ff = false;
    loop {
        let piece = reader.piece(u64::MAX).await?;
        if piece.is_empty() {
            return Err(NotTaken::Broken.into());
        }
        let mut at = 0;
        while at < piece.len() {
            if !has_ff {
                let Some(found) = piece[at..].iter().position(|byte| *byte == 0xff) else { break };
                (has_ff, at) = (true, at + found + 1);
                continue;
            }
            match piece[at] {
                0x00 | 0xd0..=0xd7 => has_ff = false,
                0xff => {}
                marker => {
                    reader.give_back(piece.slice(at + 1..));
                    return Ok(marker);
                }
            }
            at += 1;
        }
    }
}

/// Does the picture change without this segment?
fn is_picture(marker: u8, body: &[u8]) -> bool {
    match marker {
        // A JFIF header without a small picture.
        0xe0 => body.starts_with(b"JFIF\0") && body.len() == 14,
        0xe2 => body.starts_with(b"ICC_PROFILE\0"),
        0xee => body.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// Which way up the picture is, by its Exif segment; none where it is upright already.
fn orientation(body: &[u8]) -> Option<u8> {
    let tiff = body.strip_prefix(b"Exif\0\0")?;
    let is_big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let two = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(usize::from(if is_big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }))
    };
    let bytes: [u8; 4] = tiff.get(4..8)?.try_into().ok()?;
    let first = if is_big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) } as usize;
    let entry = (0..two(first)?).map(|index| first + 2 + 12 * index).find(|at| two(*at) == Some(0x0112))?;
    u8::try_from(two(entry + 8)?).ok().filter(|turned| (2..=8).contains(turned))
}

/// An Exif segment that tells which way up the picture is, and nothing else.
fn turned_only(turned: u8) -> Bytes {
    let mut segment = vec![0xff, 0xe1, 0, 34];
    segment.extend_from_slice(b"Exif\0\0MM\0*\0\0\0\x08");
    // One entry: the orientation, one short number.
    segment.extend_from_slice(&[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, turned, 0, 0, 0, 0, 0, 0]);
    segment.into()
}
