//! PDF (ISO 32000): what it holds that acts, and how many pages it has.
//!
//! Nothing follows its cross-references: the file is read through once, and what a reader could find anywhere in it is
//! looked at, so that no table can lead past what is looked for. Objects that are packed in object streams are unpacked,
//! within bounds. What stands in other packed streams (text, pictures, fonts) is no action and is not looked at.

use domain::evidence::Media;
use flate2::{Decompress, FlushDecompress, Status};

use super::{Failure, Found, NotTaken, Reader};
use crate::evidence::shelf::Arrived;

/// The most that all object streams may unpack to, in bytes.
const UNPACKED: u64 = 200_000_000;
/// The last bytes of the file, in which it must say that it ends.
const END: usize = 1_024;
/// The longest name that is looked at; none of those looked for is longer.
const NAME: usize = 40;
/// Dictionaries within dictionaries.
const DEEP: usize = 64;

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

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
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

/// What the names say, and the page trees.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    acts: bool,
    attaches: bool,
    is_encrypted: bool,
    is_unreadable: bool,
    pages: u32,
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

/// How a stream of objects is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packed {
    /// It holds no objects.
    Other,
    Not,
    Deflated,
    /// In a way that is not unpacked here.
    Unknown,
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

/// Names `/Such`, wherever they stand.
#[derive(Debug, Default)]
struct Names {
    name: Option<Vec<u8>>,
}

impl Names {
    fn feed(&mut self, byte: u8, seen: &mut Seen) {
        if let Some(name) = &mut self.name {
            if !is_blank(byte) && !is_delimiter(byte) {
                if name.len() <= 3 * NAME {
                    name.push(byte);
                }
                return;
            }
            self.finish(seen);
        }
        if byte == b'/' {
            self.name = Some(Vec::new());
        }
    }

    fn finish(&mut self, seen: &mut Seen) {
        let Some(name) = self.name.take() else { return };
        match &plain(&name)[..] {
            b"JavaScript" | b"Launch" | b"RichMedia" | b"ImportData" | b"SubmitForm" => seen.acts = true,
            b"EmbeddedFile" | b"EmbeddedFiles" => seen.attaches = true,
            b"Encrypt" => seen.is_encrypted = true,
            _ => {}
        }
    }
}

/// A name as it is meant: `J#61vaScript` is another spelling of it.
fn plain(name: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(name.len());
    let mut at = 0;
    while at < name.len() {
        let digits = name.get(at + 1..at + 3).filter(|_| name[at] == b'#');
        let byte = digits.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        plain.push(byte.unwrap_or(name[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    plain
}

/// Objects as far as their dictionaries matter.
#[derive(Debug, Default)]
struct Objects {
    state: State,
    token: Vec<u8>,
    open: Vec<Dictionary>,
    /// Dictionaries that are open beyond [`DEEP`].
    deeper: usize,
    /// The one that was closed last, before which no other was open.
    last: Option<Dictionary>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Between,
    Name,
    Word,
    Comment,
    /// Behind one `<` or `>`.
    Less,
    Greater,
    Hexadecimal,
    /// In so many parentheses.
    Literal(u32),
    /// The same, behind a backslash.
    Escaped(u32),
}

#[derive(Debug, Default)]
struct Dictionary {
    key: Option<Vec<u8>>,
    arrays: u32,
    is_page_tree: bool,
    is_object_stream: bool,
    count: u32,
    has_first: bool,
    has_number: bool,
    deflated: u32,
    otherwise_packed: u32,
}

impl Objects {
    /// Takes a byte. Behind the word `stream`: how the stream is packed, if it holds objects.
    fn feed(&mut self, byte: u8, seen: &mut Seen) -> Option<Packed> {
        match self.state {
            State::Comment => {
                if matches!(byte, b'\r' | b'\n') {
                    self.state = State::Between;
                }
                return None;
            }
            State::Literal(depth) => {
                self.state = match byte {
                    b'\\' => State::Escaped(depth),
                    b'(' => State::Literal(depth.saturating_add(1)),
                    b')' if depth == 1 => State::Between,
                    b')' => State::Literal(depth - 1),
                    _ => State::Literal(depth),
                };
                return None;
            }
            State::Escaped(depth) => {
                self.state = State::Literal(depth);
                return None;
            }
            State::Hexadecimal => {
                if byte == b'>' {
                    self.state = State::Between;
                }
                return None;
            }
            State::Less => {
                self.state = State::Between;
                match byte {
                    b'<' => self.begin(),
                    b'>' => self.value(Value::Other),
                    _ => {
                        self.state = State::Hexadecimal;
                        self.value(Value::Other);
                    }
                }
                return None;
            }
            State::Greater => {
                self.state = State::Between;
                if byte == b'>' {
                    self.end(seen);
                    return None;
                }
            }
            State::Name | State::Word if !is_blank(byte) && !is_delimiter(byte) => {
                if self.token.len() <= 3 * NAME {
                    self.token.push(byte);
                }
                // The line behind the word belongs to the stream, so it ends with its last letter.
                let is_stream = self.state == State::Word && self.token == b"stream";
                return is_stream.then(|| self.stream()).flatten();
            }
            State::Name => {
                let name = plain(&std::mem::take(&mut self.token));
                self.value(Value::Name(name));
                self.state = State::Between;
            }
            State::Word => {
                let number = std::str::from_utf8(&self.token).ok().and_then(|digits| digits.parse().ok());
                self.token.clear();
                self.value(number.map_or(Value::Other, Value::Number));
                self.state = State::Between;
            }
            State::Between => {}
        }
        match byte {
            b'%' => self.state = State::Comment,
            b'(' => {
                self.state = State::Literal(1);
                self.value(Value::Other);
            }
            b'<' => self.state = State::Less,
            b'>' => self.state = State::Greater,
            b'/' => self.state = State::Name,
            b'[' => self.open.iter_mut().last().into_iter().for_each(|open| open.arrays += 1),
            b']' => self.end_array(),
            _ if is_blank(byte) || is_delimiter(byte) => {}
            _ => {
                self.state = State::Word;
                self.token.push(byte);
            }
        }
        None
    }

    fn begin(&mut self) {
        if self.open.len() < DEEP {
            self.open.push(Dictionary::default());
        } else {
            self.deeper += 1;
        }
    }

    fn end(&mut self, seen: &mut Seen) {
        if self.deeper > 0 {
            self.deeper -= 1;
            return;
        }
        let Some(closed) = self.open.pop() else { return };
        if closed.is_page_tree {
            seen.pages = seen.pages.max(closed.count);
        }
        match self.open.last_mut() {
            Some(_) => self.value(Value::Other),
            None => self.last = Some(closed),
        }
    }

    fn end_array(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.arrays = open.arrays.saturating_sub(1);
            if open.arrays == 0 {
                open.key = None;
            }
        }
    }

    fn value(&mut self, value: Value) {
        if self.deeper == 0
            && let Some(open) = self.open.last_mut()
        {
            open.take(value);
        }
    }

    /// How the stream of the dictionary that was just closed is packed. None where no dictionary was.
    fn stream(&mut self) -> Option<Packed> {
        (self.state, self.token) = (State::Between, Vec::new());
        let of = self.last.take().filter(|_| self.open.is_empty())?;
        Some(match (of.is_object_stream || of.has_first && of.has_number, of.deflated, of.otherwise_packed) {
            (false, ..) => Packed::Other,
            (true, 0, 0) => Packed::Not,
            (true, 1, 0) => Packed::Deflated,
            (true, ..) => Packed::Unknown,
        })
    }
}

enum Value {
    Name(Vec<u8>),
    Number(u32),
    Other,
}

impl Dictionary {
    fn take(&mut self, value: Value) {
        let Some(key) = &self.key else {
            if let Value::Name(name) = value {
                self.key = Some(name);
            }
            return;
        };
        match (&key[..], &value) {
            (b"Type", Value::Name(name)) => {
                self.is_page_tree |= name == b"Pages";
                self.is_object_stream |= name == b"ObjStm";
            }
            (b"Filter", Value::Name(name)) if name == b"FlateDecode" || name == b"Fl" => self.deflated += 1,
            (b"Filter", _) => self.otherwise_packed += 1,
            (b"Count", Value::Number(count)) => self.count = *count,
            (b"First", Value::Number(_)) => self.has_first = true,
            (b"N", Value::Number(_)) => self.has_number = true,
            _ => {}
        }
        if self.arrays == 0 {
            self.key = None;
        }
    }
}
