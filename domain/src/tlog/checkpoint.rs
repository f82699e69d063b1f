//! Checkpoints (C2SP tlog-checkpoint): origin, size and root of the log, as a signed note.

use data_encoding::BASE64;
use ed25519_dalek::{Signature, SigningKey};

use super::merkle::Hash;
use super::note::{Note, NoteError, NoteKey};

/// The head of the log. Ours has no extension lines; those of others are passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: its URL without the scheme. The name of the key that signs.
    pub origin: String,
    /// How many leaves.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why something is not a checkpoint of this log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckpointError {
    /// Not a note, or not signed by a known key.
    Note(NoteError),
    /// Not three lines or more, or this line (from 0) is not what belongs there.
    Line { line: usize },
    /// Another log's.
    Origin { found: String },
}

impl From<NoteError> for CheckpointError {
    fn from(error: NoteError) -> Self {
        Self::Note(error)
    }
}

impl Checkpoint {
    /// What is signed: three lines.
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root))
    }

    /// Signs with a key under the origin's name. Never two roots for one size: that the caller sees to.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, NoteError> {
        Note::sign(&self.body(), &self.origin, key)
    }

    /// Signs with a key held elsewhere, whose name is the origin.
    pub fn sign_with<E: From<NoteError>>(
        &self,
        key: &NoteKey,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Note, E> {
        if key.name() != self.origin {
            return Err(NoteError::Name.into());
        }
        Note::sign_with(&self.body(), key, sign)
    }

    /// Reads a body; whoever signed it.
    pub fn parse(body: &str) -> Result<Self, CheckpointError> {
        let wrong = |line| CheckpointError::Line { line };
        let lines: Vec<_> = body.strip_suffix('\n').ok_or(wrong(0))?.split('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else { return Err(wrong(lines.len())) };
        if origin.is_empty() {
            return Err(wrong(0));
        }
        let number: u64 = size.parse().map_err(|_| wrong(1))?;
        if number.to_string() != *size {
            return Err(wrong(1));
        }
        let root = BASE64.decode(root.as_bytes()).ok().and_then(|root| root.try_into().ok()).ok_or(wrong(2))?;
        if let Some(at) = extensions.iter().position(|line| line.is_empty()) {
            return Err(wrong(3 + at));
        }
        Ok(Self { origin: (*origin).to_owned(), size: number, root })
    }

    /// Reads a signed checkpoint of the log `origin`, signed by one of `keys`.
    pub fn open(note: &str, origin: &str, keys: &[NoteKey]) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        let checkpoint = Self::parse(note.verify(keys)?)?;
        if checkpoint.origin == origin {
            Ok(checkpoint)
        } else {
            Err(CheckpointError::Origin { found: checkpoint.origin })
        }
    }
}
