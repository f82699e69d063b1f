//! Reading files that spreadsheets write: which characters they are in, and their cells, as the bytes come.
//!
//! UTF-8 with or without a byte order mark, UTF-16, or Shift_JIS as Japanese Excel writes it (code page 932); commas or
//! tabs; whatever ends the lines.

use encoding_rs::{Decoder, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// The most that one line may have, in bytes: one that is longer has a quotation mark that is never closed.
const LINE: usize = 64 << 10;

/// The characters of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    ShiftJis,
}

impl Encoding {
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::ShiftJis];

    /// The name that people and programs know.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::ShiftJis => "Shift_JIS",
        }
    }

    /// Reads it piece by piece; a byte order mark is no part of the text.
    pub fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8.new_decoder_with_bom_removal(),
            Self::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
            Self::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
            Self::ShiftJis => SHIFT_JIS.new_decoder_without_bom_handling(),
        }
    }
}

/// Finds out the characters of a file as it comes: what begins with a mark or holds zeroes says so, what is UTF-8
/// throughout is that, and everything else is Shift_JIS.
#[derive(Debug)]
pub struct Sniffer {
    head: Vec<u8>,
    utf8: Decoder,
    scratch: String,
    is_utf8: bool,
}

impl std::fmt::Debug for Splitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Splitter(line {})", self.line)
    }
}

impl Default for Sniffer {
    fn default() -> Self {
        let utf8 = UTF_8.new_decoder_without_bom_handling();
        Self { head: Vec::new(), utf8, scratch: String::new(), is_utf8: true }
    }
}

impl Sniffer {
    const HEAD: usize = 1_024;

    pub fn feed(&mut self, bytes: &[u8]) {
        self.head.extend(bytes.iter().take(Self::HEAD - self.head.len()));
        self.ask(bytes, false);
    }

    pub fn finish(mut self) -> Encoding {
        self.ask(b"", true);
        let at = |odd: usize| self.head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
        match self.head[..] {
            [0xff, 0xfe, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] => Encoding::Utf16Be,
            // Commas and digits: text in UTF-16 is never without a zero.
            _ if at(0) + at(1) > 0 && at(1) >= at(0) => Encoding::Utf16Le,
            _ if at(0) > 0 => Encoding::Utf16Be,
            _ if self.is_utf8 => Encoding::Utf8,
            _ => Encoding::ShiftJis,
        }
    }

    fn ask(&mut self, bytes: &[u8], is_last: bool) {
        if self.is_utf8 {
            self.scratch.clear();
            self.scratch.reserve(self.utf8.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
            let (_, _, has_errors) = self.utf8.decode_to_string(bytes, &mut self.scratch, is_last);
            self.is_utf8 = !has_errors;
        }
    }
}

/// The cells of a line, and its number, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub line: usize,
    pub cells: Vec<String>,
}

impl Row {
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    /// What stands in a column; empty where the line is shorter.
    pub fn cell(&self, column: usize) -> &str {
        let cell = self.cells.get(column).map(|cell| cell.trim()).unwrap_or_default();
        // As this register's own files keep spreadsheets from reading a formula.
        cell.trim_start_matches('\'')
    }
}

/// The quotation mark of this line is never closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unclosed {
    pub line: usize,
}

/// Cuts text into cells (RFC 4180) as it comes.
pub struct Splitter {
    cells: Vec<String>,
    cell: String,
    /// Bytes of the line so far.
    size: usize,
    line: usize,
    begun: usize,
    is_quoted: bool,
    /// A quotation mark inside quotation marks: the end, or the first of two.
    has_quote: bool,
    /// The line feed that follows belongs to the carriage return before.
    has_return: bool,
}

impl Default for Splitter {
    fn default() -> Self {
        Self {
            cells: Vec::new(),
            cell: String::new(),
            size: 0,
            line: 1,
            begun: 1,
            is_quoted: false,
            has_quote: false,
            has_return: false,
        }
    }
}

impl Splitter {
    /// The lines that have come to their end.
    pub fn feed(&mut self, text: &str) -> Result<Vec<Row>, Unclosed> {
        let mut rows = Vec::new();
        for character in text.chars() {
            if self.has_quote {
                self.has_quote = false;
                if character == '"' {
                    self.push('"')?;
                    continue;
                }
                self.is_quoted = false;
            }
            let is_second = character == '\n' && std::mem::take(&mut self.has_return);
            self.has_return = character == '\r';
            let is_line_end = matches!(character, '\r' | '\n') && !is_second;
            self.line += usize::from(is_line_end);
            match character {
                '"' if self.is_quoted => self.has_quote = true,
                '"' if self.cell.trim().is_empty() => {
                    self.cell.clear();
                    self.is_quoted = true;
                }
                ',' | '\t' if !self.is_quoted => self.cells.push(std::mem::take(&mut self.cell)),
                '\r' | '\n' if !self.is_quoted => {
                    if is_line_end {
                        rows.push(self.end());
                    }
                }
                other => self.push(other)?,
            }
        }
        Ok(rows)
    }

    /// What is left.
    pub fn finish(&mut self) -> Result<Option<Row>, Unclosed> {
        if self.is_quoted && !self.has_quote {
            return Err(Unclosed { line: self.begun });
        }
        let row = self.end();
        Ok((!row.is_blank()).then_some(row))
    }

    fn push(&mut self, character: char) -> Result<(), Unclosed> {
        self.size += character.len_utf8();
        if self.size > LINE {
            return Err(Unclosed { line: self.begun });
        }
        self.cell.push(character);
        Ok(())
    }

    fn end(&mut self) -> Row {
        self.cells.push(std::mem::take(&mut self.cell));
        let row = Row { line: self.begun, cells: std::mem::take(&mut self.cells) };
        (self.begun, self.size) = (self.line, 0);
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(usize, Vec<String>)> {
        let whole = {
            let mut splitter = Splitter::default();
            let mut rows = splitter.feed(text).unwrap();
            rows.extend(splitter.finish().unwrap());
            rows
        };
        // However it is cut.
        let mut splitter = Splitter::default();
        let mut rows = Vec::new();
        for character in text.chars() {
            rows.extend(splitter.feed(&character.to_string()).unwrap());
        }
        rows.extend(splitter.finish().unwrap());
        assert_eq!(rows, whole);
        rows.into_iter().map(|row| (row.line, row.cells)).collect()
    }

    #[test]
    fn lines_and_quotation_marks() {
        let cells = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        assert_eq!(split("a,b\r\nc\td"), [(1, cells(&["a", "b"])), (2, cells(&["c", "d"]))]);
        assert_eq!(split("a\rb\nc"), [(1, cells(&["a"])), (2, cells(&["b"])), (3, cells(&["c"]))]);
        assert_eq!(
            split("\"a\r\nb\"\"c\",d\r\ne"),
            [(1, cells(&["a\r\nb\"c", "d"])), (3, cells(&["e"]))],
            "a line in a cell is counted"
        );
        assert_eq!(split(" \"a,b\"\n"), [(1, cells(&["a,b"]))]);
        assert_eq!(split("a\n\n"), [(1, cells(&["a"])), (2, cells(&[""]))]);
        assert_eq!(split(""), []);
    }

    #[test]
    fn a_quotation_mark_that_is_never_closed_is_not_read_to_the_end() {
        let mut splitter = Splitter::default();
        splitter.feed("a\n\"b").unwrap();
        assert_eq!(splitter.finish(), Err(Unclosed { line: 2 }));
        let mut splitter = Splitter::default();
        splitter.feed("a\n\"b").unwrap();
        assert_eq!(splitter.feed(&"x\n".repeat(LINE)), Err(Unclosed { line: 2 }));
        assert!(splitter.cell.len() <= LINE);
    }

    #[test]
    fn what_excel_writes_is_told_apart() {
        let text = "名称,法人番号\r\n髙橋商店①,\r\n";
        let utf16 = |big: bool| {
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>()
        };
        let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked(b"\xef\xbb\xbf", text.as_bytes().to_vec()), Encoding::Utf8),
            (marked(b"\xff\xfe", utf16(false)), Encoding::Utf16Le),
            (marked(b"\xfe\xff", utf16(true)), Encoding::Utf16Be),
            (utf16(false), Encoding::Utf16Le),
            (utf16(true), Encoding::Utf16Be),
            (SHIFT_JIS.encode(text).0.into_owned(), Encoding::ShiftJis),
        ] {
            for length in [1, 3, bytes.len()] {
                let (mut sniffer, mut read) = (Sniffer::default(), String::new());
                bytes.chunks(length).for_each(|piece| sniffer.feed(piece));
                assert_eq!(sniffer.finish(), encoding, "{length}");
                let mut decoder = encoding.decoder();
                read.reserve(4 * bytes.len() + 16);
                for piece in bytes.chunks(length) {
                    let _ = decoder.decode_to_string(piece, &mut read, false);
                }
                let (_, _, has_errors) = decoder.decode_to_string(b"", &mut read, true);
                assert_eq!((read.as_str(), has_errors), (text, false), "{}", encoding.as_str());
            }
        }
    }
}
