//! The lines of an import's file, as they are read from the database: a piece at a time.

use std::collections::VecDeque;

use domain::calendar::Day;
use domain::licence::{Holder, NAME_LIMIT};
use domain::parties::CorporateNumber;
use domain::reading::has_words;
use domain::reading::{cleaned_line, narrowed_text, read_day};
use domain::text::Text;
use encoding_rs::Decoder;

use super::{Column, Fault, Import};
use crate::spreadsheet::{Encoding, Row, Splitter, Unclosed};
use crate::store::{Error, Store};

/// Reads the lines of a file.
pub(super) struct Lines<'a> {
    store: &'a Store,
    import: &'a str,
    place: u32,
    decoder: Decoder,
    splitter: Splitter,
    text: String,
    waiting: VecDeque<Row>,
    has_ended: bool,
}

/// What comes next of a file.
pub(super) enum Next {
    Row(Row),
    End,
    /// It cannot be read any further.
    Wrong(Fault),
}

impl<'a> Lines<'a> {
    pub(super) fn of(store: &'a Store, import: &'a Import) -> Self {
        Self {
            store,
            import: &import.id,
            place: 0,
            decoder: import.encoding.unwrap_or(Encoding::Utf8).decoder(),
            splitter: Splitter::default(),
            text: String::new(),
            waiting: VecDeque::new(),
            has_ended: false,
        }
    }

    /// The next line in which something stands.
    pub(super) async fn next(&mut self) -> Result<Next, Error> {
        loop {
            while let Some(row) = self.waiting.pop_front() {
                if !row.is_blank() {
                    return Ok(Next::Row(row));
                }
            }
            if self.has_ended {
                return Ok(Next::End);
            }
            let piece = self.store.import_piece(self.import, self.place).await?;
            self.place += 1;
            self.has_ended = piece.is_none();
            let bytes = piece.unwrap_or_default();
            self.text.clear();
            self.text.reserve(self.decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(4 * bytes.len()));
            // What cannot be read becomes a mark of its own, and is told of its line.
            let _ = self.decoder.decode_to_string(&bytes, &mut self.text, self.has_ended);
            match self.splitter.feed(&self.text) {
                Ok(rows) => self.waiting.extend(rows),
                Err(unclosed) => return Ok(Next::Wrong(never_closed(unclosed))),
            }
            if self.has_ended {
                match self.splitter.finish() {
                    Ok(row) => self.waiting.extend(row),
                    Err(unclosed) => return Ok(Next::Wrong(never_closed(unclosed))),
                }
            }
        }
    }
}

fn never_closed(Unclosed { line }: Unclosed) -> Fault {
    let message = Text::new(
        "この行の「\"」が閉じられていません。閉じるか、消してください。",
        "A quotation mark of this line is not closed. Close it or take it out.",
    );
    Fault { line: line_of(line), column: None, read: String::new(), message }
}

pub(super) fn line_of(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

/// Where each column stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heads([Option<usize>; 3]);

impl Heads {
    /// Reads the first line. A file without the column of numbers attests sole proprietors alone.
    pub(super) fn read(row: &Row) -> Result<Self, Vec<Fault>> {
        let place = |column: Column| {
            let is_it = |cell: &String| {
                let cell = narrowed_text(cell);
                let names = column.others().iter().chain([&column.term()]).any(|name| narrowed_text(name) == cell);
                let english =
                    column.others().iter().chain([&column.as_str()]).any(|name| name.eq_ignore_ascii_case(&cell));
                names || english
            };
            row.cells.iter().position(is_it)
        };
        let found = Column::ALL.map(place);
        let missing = |column: &Column| found[*column as usize].is_none() && *column != Column::Number;
        let faults: Vec<Fault> = Column::ALL
            .into_iter()
            .filter(missing)
            .map(|column| {
                let heads = Column::ALL.map(Column::term).join(",");
                let english = Column::ALL.map(Column::as_str).join(",");
                let message = Text::new(
                    format!("列「{}」がありません。1行目は「{heads}」としてください。", column.term()),
                    format!("There is no column {}. The first line is {english}.", column.as_str()),
                );
                fault(row, None, &row.cells.join(","), message)
            })
            .collect();
        if faults.is_empty() { Ok(Self(found)) } else { Err(faults) }
    }

    fn cell<'r>(&self, row: &'r Row, column: Column) -> &'r str {
        self.0[column as usize].map_or("", |place| row.cell(place))
    }

    /// Reads whom a line attests, or tells everything that is wrong with it.
    pub(super) fn holder(&self, row: &Row, today: Day) -> Result<Holder, Vec<Fault>> {
        let [name, number, from] = Column::ALL.map(|column| self.cell(row, column));
        let mut faults = Vec::new();
        let mut wrong =
            |column: Column, read: &str, message: Text| faults.push(fault(row, Some(column), read, message));
        for (column, cell) in Column::ALL.into_iter().zip([name, number, from]) {
            if cell.contains('\u{fffd}') {
                let message = Text::new(
                    "文字を読み取れません。Excelでは「CSV UTF-8（コンマ区切り）」で保存してください。",
                    "The characters cannot be read. In Excel, save as \"CSV UTF-8 (comma delimited)\".",
                );
                wrong(column, cell, message);
            }
        }
        let cleaned = cleaned_line(name);
        let characters = cleaned.chars().count();
        if !has_words(&cleaned) {
            let message = Text::new("利用企業の名称を書いてください。", "Write the user's name.");
            wrong(Column::Name, name, message);
        } else if characters > NAME_LIMIT {
            let message = Text::new(
                format!("名称は{NAME_LIMIT}文字までです（いま{characters}文字）。"),
                format!("A name has at most {NAME_LIMIT} characters; this has {characters}."),
            );
            wrong(Column::Name, name, message);
        }
        let read_number = match number {
            "" => None,
            typed => match typed.parse::<CorporateNumber>() {
                Ok(number) => Some(number),
                // As Excel shows a long number that it took for one.
                Err(_) if narrowed_text(typed).to_ascii_uppercase().contains("E+") => {
                    let message = Text::new(
                        "法人番号が指数の形になっています。Excelで列の表示形式を「文字列」にして入力し直してください。",
                        "The number is in exponential form. Format the column as text in Excel and type it again.",
                    );
                    wrong(Column::Number, typed, message);
                    None
                }
                Err(error) => {
                    wrong(Column::Number, typed, error.into());
                    None
                }
            },
        };
        let read_from = match read_day(from) {
            Ok(day) if day > today => {
                let message = Text::new(
                    format!("契約を始めた日は、今日（{today}）までの日です。契約が始まってから許諾してください。"),
                    format!("The contract begins after today ({today}). Attest the user once it has begun."),
                );
                wrong(Column::From, from, message);
                None
            }
            Ok(day) => Some(day),
            Err(error) => {
                wrong(Column::From, from, error.into());
                None
            }
        };
        match (read_from, faults.is_empty()) {
            (Some(contract_from), true) => Ok(Holder::User { name: cleaned, number: read_number, contract_from }),
            _ => Err(faults),
        }
    }
}

/// What is wrong in a line, and in which of the columns.
pub(super) fn fault(row: &Row, column: Option<Column>, read: &str, message: Text) -> Fault {
    Fault { line: line_of(row.line), column, read: cleaned_line(read).chars().take(80).collect(), message }
}
