//! A file read from its beginning to its end, a piece at a time.

use bytes::{Bytes, BytesMut};

use super::{Failure, NotTaken};
use crate::evidence::shelf::Arrived;

/// Bytes read at once.
const PIECE: usize = 64 << 10;

/// Where in the file one reads.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    file: &'a Arrived,
    /// Read, and not yet given out.
    held: Bytes,
    /// Behind what is held.
    at: u64,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a Arrived) -> Self {
        Self::from(file, 0)
    }

    pub(super) fn from(file: &'a Arrived, at: u64) -> Self {
        Self { file, held: Bytes::new(), at }
    }

    /// The place of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.at - self.held.len() as u64
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> u64 {
        self.file.bytes.saturating_sub(self.position())
    }

    /// The next bytes, at most so many; none at the end.
    pub(super) async fn piece(&mut self, most: u64) -> Result<Bytes, Failure> {
        if self.held.is_empty() {
            self.held = self.file.read(self.at, PIECE).await?;
            self.at += self.held.len() as u64;
        }
        let length = most.min(self.held.len() as u64);
        Ok(self.held.split_to(usize::try_from(length).unwrap_or(usize::MAX)))
    }

    /// Takes back the end of the last piece.
    pub(super) fn give_back(&mut self, piece: Bytes) {
        if self.held.is_empty() {
            self.held = piece;
        } else {
            let mut whole = BytesMut::from(&piece[..]);
            whole.extend_from_slice(&self.held);
            self.held = whole.freeze();
        }
    }

    /// Exactly so many bytes, which are few.
    pub(super) async fn take(&mut self, length: usize) -> Result<Bytes, Failure> {
        if self.held.len() >= length {
            return Ok(self.held.split_to(length));
        }
        let mut taken = BytesMut::with_capacity(length);
        while taken.len() < length {
            let piece = self.piece((length - taken.len()) as u64).await?;
            if piece.is_empty() {
                return Err(NotTaken::Broken.into());
            }
            taken.extend_from_slice(&piece);
        }
        Ok(taken.freeze())
    }

    /// Passes over so many bytes without reading them.
    pub(super) fn skip(&mut self, length: u64) -> Result<(), Failure> {
        if length > self.left() {
            return Err(NotTaken::Broken.into());
        }
        match usize::try_from(length).ok().filter(|length| *length <= self.held.len()) {
            Some(length) => drop(self.held.split_to(length)),
            None => (self.at, self.held) = (self.position() + length, Bytes::new()),
        }
        Ok(())
    }
}
