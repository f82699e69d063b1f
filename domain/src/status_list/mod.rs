//! Status lists 「状態一覧」: what every mark licence of the register is worth, two bits each, so that whoever checks a mark
//! takes a whole list and nobody learns which mark it was (IETF Token Status List, draft-ietf-oauth-status-list).
//!
//! The licence with status index *i* is at place *i* mod 131,072 of list *i* / 131,072. A list says what the register
//! computes of each licence at one instant; it is signed as a CWT and as a JWT, and good for seven days at the most.

mod cwt;
mod jwt;

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::calendar::Instant;
use crate::jws::JwsError;
use crate::licence::Standing;
use crate::licence::token::Kid;

/// Places in one list.
pub const PLACES: u32 = 131_072;
/// Bits of one place.
pub const BITS: u8 = 2;
/// For how long a copy need not be asked for again, in seconds.
pub const TTL_SECONDS: u32 = 3_600;
/// How long a list may be relied on after it was signed, in seconds.
pub const LASTS_SECONDS: u32 = 7 * 86_400;

/// For how long a list that says the same is not signed again, in seconds.
pub const SIGNED_FOR_SECONDS: u32 = 86_400;

/// Media type of the CWT form.
pub const CWT: &str = "application/statuslist+cwt";
/// Media type of the JWT form.
pub const JWT: &str = "application/statuslist+jwt";

const BYTES: usize = (PLACES as usize * BITS as usize) / 8;

/// What a place says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// 0: 有効, or nobody's place.
    Valid,
    /// 1: 取消し
    Revoked,
    /// 2: 一時停止
    Suspended,
    /// 3: 終了・失効. The draft leaves this value to each list's issuer; whoever knows only 0 takes it for not valid.
    Ended,
}

impl Said {
    const ALL: [Self; 4] = [Self::Valid, Self::Revoked, Self::Suspended, Self::Ended];

    /// The two bits.
    pub fn bits(self) -> u8 {
        self as u8
    }

    fn from_bits(bits: u8) -> Self {
        Self::ALL[usize::from(bits & 3)]
    }
}

impl From<&Standing> for Said {
    fn from(standing: &Standing) -> Self {
        match standing {
            Standing::Valid => Self::Valid,
            Standing::Revoked { .. } => Self::Revoked,
            Standing::Suspended { .. } => Self::Suspended,
            Standing::Ended { .. } => Self::Ended,
        }
    }
}

/// In which list a status index is, and where in it.
pub fn place(index: u32) -> (u32, u32) {
    (index / PLACES, index % PLACES)
}

/// One list: every place, valid unless set.
#[derive(Clone, PartialEq, Eq)]
pub struct StatusList(Vec<u8>);

/// Why something is not a status list of this register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusListError {
    /// The first part that is missing or of another shape.
    NotAList { part: &'static str },
    /// No known key has this kid.
    UnknownKey { kid: Kid },
    /// The kid is known, the signature is not that key's.
    Altered { kid: Kid },
}

impl std::fmt::Debug for StatusList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let set = self.0.iter().filter(|byte| **byte != 0).count();
        write!(f, "StatusList({set} bytes other than zero)")
    }
}

impl Default for StatusList {
    fn default() -> Self {
        Self(vec![0; BYTES])
    }
}

impl StatusList {
    /// Says it of a place, below [`PLACES`]; the first is in the lowest bits of the first byte.
    pub fn set(&mut self, place: u32, said: Said) {
        let (byte, shift) = at(place);
        self.0[byte] = self.0[byte] & !(3 << shift) | said.bits() << shift;
    }

    /// What is said of a place, below [`PLACES`].
    pub fn get(&self, place: u32) -> Said {
        let (byte, shift) = at(place);
        Said::from_bits(self.0[byte] >> shift)
    }

    /// The places, packed.
    pub fn packed(&self) -> &[u8] {
        &self.0
    }

    /// Compressed as the draft says: DEFLATE in the ZLIB format, as small as it gets. One list has one form.
    pub fn compressed(&self) -> Vec<u8> {
        compress(&self.0)
    }

    /// Reads what was compressed, and no more than a list holds.
    pub fn from_compressed(bytes: &[u8]) -> Result<Self, StatusListError> {
        decompress(bytes).filter(|packed| packed.len() == BYTES).map(Self).ok_or(not("lst"))
    }
}

fn at(place: u32) -> (usize, u32) {
    assert!(place < PLACES, "a place is below {PLACES}");
    (place as usize / 4, place % 4 * 2)
}

fn compress(packed: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(packed).and_then(|()| encoder.finish()).expect("writing to memory cannot fail")
}

fn decompress(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut packed = Vec::with_capacity(BYTES);
    // One byte more than any list has: a bomb ends here.
    ZlibDecoder::new(bytes).take(BYTES as u64 + 1).read_to_end(&mut packed).ok()?;
    Some(packed)
}

/// What the register says of all licences of a list at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Where the list is: `https://<host>/status/<list>`.
    pub uri: String,
    pub issued_at: Instant,
    /// From when it is not to be relied on.
    pub expires_at: Instant,
    pub list: StatusList,
}

/// A [`Statement`] ready to be signed in either form, and the uri at which all lists are listed.
#[derive(Debug)]
pub struct Unsigned<'a> {
    statement: &'a Statement,
    lists: &'a str,
    compressed: Vec<u8>,
}

impl Statement {
    /// What the register says at `at`.
    pub fn new(uri: String, list: StatusList, at: Instant) -> Self {
        Self { uri, issued_at: at, expires_at: at.plus_seconds(LASTS_SECONDS), list }
    }

    /// To be signed; `lists` is where all lists are listed.
    pub fn unsigned<'a>(&'a self, lists: &'a str) -> Unsigned<'a> {
        Unsigned { statement: self, lists, compressed: self.list.compressed() }
    }

    /// Would signing it again at `at` say nothing new? A list that says the same is signed again each day.
    pub fn is_fresh(&self, at: Instant) -> bool {
        at < self.issued_at.plus_seconds(SIGNED_FOR_SECONDS)
    }

    /// Is it too old to be relied on at `at`?
    pub fn is_old(&self, at: Instant) -> bool {
        self.expires_at <= at
    }
}

fn not(part: &'static str) -> StatusListError {
    StatusListError::NotAList { part }
}

impl From<JwsError> for StatusListError {
    fn from(error: JwsError) -> Self {
        match error {
            JwsError::NotAJws { part } => Self::NotAList { part },
            JwsError::UnknownKey { kid } => Self::UnknownKey { kid },
            JwsError::Altered { kid } => Self::Altered { kid },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The draft's own examples (section 4): packed, and compressed, with one bit and with two.
    #[test]
    fn the_examples_of_the_draft() {
        for (lst, packed) in [("eNrbuRgAAhcBXQ", &[0xb9, 0xa3][..]), ("eNo76fITAAPfAgc", &[0xc9, 0x44, 0xf9])] {
            let bytes = data_encoding::BASE64URL_NOPAD.decode(lst.as_bytes()).expect("base64url");
            assert_eq!(decompress(&bytes).expect("ZLIB"), packed, "{lst}");
            assert_eq!(data_encoding::BASE64URL_NOPAD.encode(&compress(packed)), lst);
        }
        let mut list = StatusList::default();
        for (place, bits) in (0..).zip([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]) {
            list.set(place, Said::from_bits(bits));
        }
        assert_eq!(list.packed()[..4], [0xc9, 0x44, 0xf9, 0]);
    }

    #[test]
    fn a_place_is_said_again() {
        let mut list = StatusList::default();
        for said in Said::ALL.into_iter().chain([Said::Ended, Said::Valid]) {
            for place in [0, 1, 2, 3, 4, PLACES - 1] {
                list.set(place, said);
                assert_eq!(list.get(place), said, "{place}");
            }
            assert_eq!(list.get(5), Said::Valid);
        }
        assert_eq!(list, StatusList::default());
    }

    #[test]
    fn places_of_indices() {
        for (index, expected) in
            [(0, (0, 0)), (131_071, (0, 131_071)), (131_072, (1, 0)), (u32::MAX, (32_767, 131_071))]
        {
            assert_eq!(place(index), expected, "{index}");
        }
    }

    #[test]
    fn no_more_is_read_than_a_list_holds() {
        let not = Err(StatusListError::NotAList { part: "lst" });
        for packed in [&vec![0; BYTES - 1], &vec![0; BYTES + 1], &vec![0; 50_000_000]] {
            assert_eq!(StatusList::from_compressed(&compress(packed)), not, "{}", packed.len());
        }
        assert_eq!(StatusList::from_compressed(b"nothing"), not);
        assert_eq!(StatusList::from_compressed(&compress(&[0; BYTES])), Ok(StatusList::default()));
    }
}
