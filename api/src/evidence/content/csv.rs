//! CSV: lines of text with separators, in UTF-8 or in Shift_JIS as Japanese Excel writes it.

use domain::evidence::Media;

use super::{Failure, Found, NotTaken, Reader};
use crate::evidence::shelf::Arrived;

/// Bytes in which the first line must end its first cell.
const FIRST: usize = 8 << 10;

pub(super) async fn examine(file: &Arrived) -> Result<Found, Failure> {
    let mut reader = Reader::new(file);
    let (mut utf8, mut shift_jis) = (Utf8::default(), ShiftJis::default());
    let mut first = Vec::new();
    loop {
        let piece = reader.piece(u64::MAX).await?;
        if piece.is_empty() {
            break;
        }
        if piece.iter().any(|byte| is_control(*byte)) {
            return Err(NotTaken::Unknown.into());
        }
        let room = FIRST.saturating_sub(first.len()).min(piece.len());
        first.extend_from_slice(&piece[..room]);
        utf8.feed(&piece);
        shift_jis.feed(&piece);
        if !utf8.is_good && !shift_jis.is_good {
            return Err(NotTaken::Unknown.into());
        }
    }
    if !utf8.ends_well() && !shift_jis.ends_well() {
        return Err(NotTaken::Unknown.into());
    }
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
    let text = text.trim_ascii_start();
    if text.first() == Some(&b'<') {
        return Err(NotTaken::Markup.into());
    }
    let line = text.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    // No byte of a longer Shift_JIS character is one of these.
    if !line.iter().any(|byte| matches!(byte, b',' | b';' | b'\t')) {
        return Err(NotTaken::Unknown.into());
    }
    Ok(Found::plain(Media::Csv, None))
}

fn is_control(byte: u8) -> bool {
    byte == 0x7f || byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n')
}

/// UTF-8, a piece at a time.
#[derive(Debug)]
struct Utf8 {
    is_good: bool,
    /// The beginning of a character whose end is in the next piece.
    begun: Vec<u8>,
}

impl Default for Utf8 {
    fn default() -> Self {
        Self { is_good: true, begun: Vec::new() }
    }
}

impl Utf8 {
    fn feed(&mut self, piece: &[u8]) {
        if !self.is_good {
            return;
        }
        let mut rest = piece;
        while !self.begun.is_empty() && !rest.is_empty() {
            self.begun.push(rest[0]);
            rest = &rest[1..];
            match std::str::from_utf8(&self.begun) {
                Ok(_) => self.begun.clear(),
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return self.is_good = false,
            }
        }
        if let Err(error) = std::str::from_utf8(rest) {
            match error.error_len() {
                None => self.begun = rest[error.valid_up_to()..].to_vec(),
                Some(_) => self.is_good = false,
            }
        }
    }

    fn ends_well(&self) -> bool {
        self.is_good && self.begun.is_empty()
    }
}

/// The same in Shift_JIS with the extensions of Windows (CP932).
#[derive(Debug)]
struct ShiftJis {
    is_good: bool,
    is_begun: bool,
}

impl Default for ShiftJis {
    fn default() -> Self {
        Self { is_good: true, is_begun: false }
    }
}

impl ShiftJis {
    fn feed(&mut self, piece: &[u8]) {
        for byte in piece {
            (self.is_good, self.is_begun) = match (self.is_begun, byte) {
                _ if !self.is_good => return,
                (true, 0x40..=0x7e | 0x80..=0xfc) => (true, false),
                (true, _) => (false, false),
                (false, 0x81..=0x9f | 0xe0..=0xfc) => (true, true),
                (false, 0..=0x7f | 0xa1..=0xdf) => (true, false),
                (false, _) => (false, false),
            };
        }
    }

    fn ends_well(&self) -> bool {
        self.is_good && !self.is_begun
    }
}
