//! The objects of a PDF, read byte by byte as far as they matter: names that act, dictionaries of pages and of streams.

/// The longest name that is looked at; none of those looked for is longer.
const NAME: usize = 40;
/// Dictionaries within dictionaries.
const DEEP: usize = 64;

/// What the names say, and the page trees.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    pub(super) acts: bool,
    pub(super) attaches: bool,
    pub(super) is_encrypted: bool,
    pub(super) is_unreadable: bool,
    pub(super) pages: u32,
}

/// How a stream of objects is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    /// It holds no objects.
    Other,
    Not,
    Deflated,
    /// In a way that is not unpacked here.
    Unknown,
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// Names `/Such`, wherever they stand.
#[derive(Debug, Default)]
pub(super) struct Names {
    name: Option<Vec<u8>>,
}

impl Names {
    pub(super) fn feed(&mut self, byte: u8, seen: &mut Seen) {
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

    pub(super) fn finish(&mut self, seen: &mut Seen) {
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
pub(super) struct Objects {
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
    pub(super) fn feed(&mut self, byte: u8, seen: &mut Seen) -> Option<Packed> {
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
