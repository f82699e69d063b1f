//! Signed notes (C2SP signed-note) with Ed25519 keys of type 0x01.

use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer, SigningKey};
use sha2::{Digest, Sha256};

use crate::licence::token::PublicKey;

/// The most bytes of a note that are read.
pub const MAX_NOTE: usize = 1_000_000;
/// The most signatures of a note that are read; the format asks for 16 at least.
pub const MAX_SIGNATURES: usize = 100;

const ED25519: u8 = 0x01;
const SIGNATURE_BEGIN: &str = "— ";

/// The first four bytes of the hash over a key and its name.
pub type KeyId = [u8; 4];

/// A key and the name it signs under. Written and read as `<name>+<id in hex>+<type and key in base 64>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteKey {
    name: String,
    id: KeyId,
    key: PublicKey,
}

/// A text that ends with a newline, and the signatures under it. Written as the format says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub id: KeyId,
    /// The signature, of whatever type.
    pub signature: Vec<u8>,
}

/// Why a text is no note, a key no key, or a note not to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// A key's name is empty, or has a space or a `+` in it.
    Name,
    /// Not a verifier key of this kind, or its id is another key's.
    Key,
    /// A control character, or no newline at the end.
    Text,
    /// Longer than [`MAX_NOTE`], or more than [`MAX_SIGNATURES`].
    TooLong,
    /// No signatures, or this line (from 0) is none.
    Signature { line: usize },
    /// None of the signatures is by a known key.
    Unsigned,
    /// Said to be by a known key, and is not.
    Altered { name: String },
}

impl NoteKey {
    /// A key under a name, by custom a URL without its scheme.
    pub fn new(name: &str, key: PublicKey) -> Result<Self, NoteError> {
        if !is_name(name) {
            return Err(NoteError::Name);
        }
        let hash =
            Sha256::new().chain_update(name).chain_update([b'\n', ED25519]).chain_update(key.as_bytes()).finalize();
        Ok(Self { name: name.to_owned(), id: [hash[0], hash[1], hash[2], hash[3]], key })
    }

    /// The name it signs under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its id in signature lines.
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The key.
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}

impl Note {
    /// `text` with one signature, made by `sign` over its bytes with the secret of `key`.
    pub fn sign_with<E: From<NoteError>>(
        text: &str,
        key: &NoteKey,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Self, E> {
        if !is_text(text) {
            return Err(NoteError::Text.into());
        }
        let signature = sign(text.as_bytes())?.to_bytes().to_vec();
        let signatures = vec![NoteSignature { name: key.name.clone(), id: key.id, signature }];
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// `text` signed with `key` under `name`.
    pub fn sign(text: &str, name: &str, key: &SigningKey) -> Result<Self, NoteError> {
        let public = PublicKey::try_from(key.verifying_key()).map_err(|_| NoteError::Key)?;
        Self::sign_with(text, &NoteKey::new(name, public)?, |message| Ok(key.sign(message)))
    }

    /// The same text under the signatures of both; where the texts differ, it stays as it was.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        if self.text == other.text {
            self.signatures.extend(other.signatures);
        }
        self
    }

    /// Reads a note; nothing in it is to be believed before [`Note::verify`].
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.len() > MAX_NOTE {
            return Err(NoteError::TooLong);
        }
        let blank = note.rfind("\n\n").ok_or(NoteError::Signature { line: 0 })?;
        let (text, signatures) = (&note[..blank + 1], &note[blank + 2..]);
        if !is_text(text) {
            return Err(NoteError::Text);
        }
        let signatures = signatures.strip_suffix('\n').ok_or(NoteError::Signature { line: 0 })?;
        if signatures.split('\n').count() > MAX_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        let read = |(line, signature)| read_signature(signature).ok_or(NoteError::Signature { line });
        let signatures = signatures.split('\n').enumerate().map(read).collect::<Result<_, _>>()?;
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The text, if a known key signed it and no signature that names a known key is wrong. Others are passed over.
    pub fn verify(&self, keys: &[NoteKey]) -> Result<&str, NoteError> {
        let mut is_signed = false;
        for line in &self.signatures {
            for key in keys.iter().filter(|key| key.name == line.name && key.id == line.id) {
                let signature = Signature::from_slice(&line.signature).ok();
                if !signature.is_some_and(|signature| key.key.is_signed(self.text.as_bytes(), &signature)) {
                    return Err(NoteError::Altered { name: line.name.clone() });
                }
                is_signed = true;
            }
        }
        if is_signed { Ok(&self.text) } else { Err(NoteError::Unsigned) }
    }

    /// The signatures, in order.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

fn is_text(text: &str) -> bool {
    text.ends_with('\n') && !text.contains(|c: char| c < ' ' && c != '\n')
}

fn read_signature(line: &str) -> Option<NoteSignature> {
    let (name, signature) = line.strip_prefix(SIGNATURE_BEGIN)?.split_once(' ')?;
    let bytes = BASE64.decode(signature.as_bytes()).ok()?;
    let (id, signature) = bytes.split_first_chunk()?;
    let is_signature = is_name(name) && !signature.is_empty();
    is_signature.then(|| NoteSignature { name: name.to_owned(), id: *id, signature: signature.to_vec() })
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|NoteSignature { name, id, signature }| {
            writeln!(f, "{SIGNATURE_BEGIN}{name} {}", BASE64.encode(&[id, signature.as_slice()].concat()))
        })
    }
}

impl fmt::Display for NoteKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = BASE64.encode(&[&[ED25519], self.key.as_bytes().as_slice()].concat());
        write!(f, "{}+{}+{key}", self.name, HEXLOWER.encode(&self.id))
    }
}

impl FromStr for NoteKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let bytes = BASE64.decode(key.as_bytes()).map_err(|_| NoteError::Key)?;
        let [ED25519, key @ ..] = bytes.as_slice() else { return Err(NoteError::Key) };
        let key = key.try_into().map_err(|_| NoteError::Key)?;
        let key = Self::new(name, PublicKey::from_bytes(key).map_err(|_| NoteError::Key)?)?;
        // The id is computed, not believed.
        if key.to_string() == text { Ok(key) } else { Err(NoteError::Key) }
    }
}
