//! Alert statistics as a file for spreadsheets: one line for each count. Read in UTF-8, with or without a byte order mark,
//! or in Shift_JIS as Japanese Excel writes it; whatever ends its lines. All of it counts, or nothing.

use std::collections::BTreeMap;

use domain::reading::{cleaned_line, narrowed_text};
use domain::text::Text;
use domain::watching::{AlertFigures, Count, MOST, Severity};
use encoding_rs::SHIFT_JIS;

use crate::acts::FieldFault;
use crate::spreadsheet::{Splitter, Unclosed};

/// The columns, as this register writes them and as programs do.
const COLUMNS: [(&str, &str); 3] = [("項目", "item"), ("重大度", "severity"), ("件数", "count")];
/// The most lines that are read.
const MOST_LINES: usize = 200;
/// The most faults that are told.
const MOST_FAULTS: usize = 100;

/// Reads a whole file, or tells everything that is wrong with it, line by line.
pub(crate) fn read(bytes: &[u8]) -> Result<AlertFigures, Vec<FieldFault>> {
    let text = decoded(bytes).map_err(|fault| vec![fault])?;
    let lines: Vec<(usize, Vec<String>)> = split(&text).map_err(|fault| vec![fault])?;
    let mut lines = lines.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    let columns = match lines.next() {
        Some((line, cells)) => heads(line, &cells)?,
        None => return Err(vec![fault(1, None, "", Text::new("ファイルが空です。", "The file is empty."))]),
    };
    let mut counts: BTreeMap<Count, (usize, u32)> = BTreeMap::new();
    let mut faults = Vec::new();
    for (line, cells) in lines {
        match count_of(line, &cells, columns) {
            Ok((count, number)) => {
                if let Some((first, _)) = counts.insert(count, (line, number)) {
                    let message = Text::new(
                        format!("{}は{first}行目にもあります。どちらかを消してください。", name(count).ja),
                        format!("{} stands in line {first} too. Keep one of the two.", name(count).en),
                    );
                    faults.push(fault(line, Some(0), &cell(&cells, columns[0]), message));
                }
            }
            Err(found) => faults.extend(found),
        }
    }
    // A line that could not be read is not told a second time as one that is missing.
    if faults.is_empty() {
        faults.extend(Count::all().filter(|count| !counts.contains_key(count)).map(missing));
    }
    faults.truncate(MOST_FAULTS);
    if faults.is_empty() {
        Ok(AlertFigures::of(|count| counts.get(&count).map_or(0, |(_, number)| *number)))
    } else {
        Err(faults)
    }
}

/// A file to fill in: every line, with these counts or with zeroes.
pub(crate) fn lines(figures: Option<&AlertFigures>) -> Vec<[String; 3]> {
    let line = |count: Count| {
        let severity = count.severity().map_or(String::new(), |severity| severity.term().ja);
        let number = figures.and_then(|figures| figures.get(count)).unwrap_or_default();
        [count.term().ja, severity, number.to_string()]
    };
    let heads = COLUMNS.map(|(ja, _)| ja.to_owned());
    std::iter::once(heads).chain(Count::all().map(line)).collect()
}

fn decoded(bytes: &[u8]) -> Result<String, FieldFault> {
    let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(without_mark) {
        return Ok(text.to_owned());
    }
    match SHIFT_JIS.decode_without_bom_handling(bytes) {
        (text, false) => Ok(text.into_owned()),
        (_, true) => {
            let message = Text::new(
                "文字コードを読み取れません。Excelでは「CSV UTF-8（コンマ区切り）」で保存してください。",
                "The characters cannot be read. In Excel, save as \"CSV UTF-8 (comma delimited)\".",
            );
            Err(fault(1, None, "", message))
        }
    }
}

/// The cells of each line, with the number of the line.
fn split(text: &str) -> Result<Vec<(usize, Vec<String>)>, FieldFault> {
    let unclosed = |Unclosed { line }| {
        let message = Text::new("この行の「\"」が閉じられていません。", "A quotation mark of this line is not closed.");
        fault(line, None, "", message)
    };
    let mut splitter = Splitter::default();
    let mut rows = splitter.feed(text).map_err(unclosed)?;
    rows.extend(splitter.finish().map_err(unclosed)?);
    if let Some(row) = rows.get(MOST_LINES) {
        let message = Text::new(
            format!("{MOST_LINES}行を超えています。一つの期間の報告だけを書いてください。"),
            format!("There are more than {MOST_LINES} lines. Write the report of one period only."),
        );
        return Err(fault(row.line, None, "", message));
    }
    Ok(rows.into_iter().map(|row| (row.line, row.cells)).collect())
}

/// Where each column stands.
fn heads(line: usize, cells: &[String]) -> Result<[usize; 3], Vec<FieldFault>> {
    let place = |column: usize| {
        let (ja, en) = COLUMNS[column];
        let is_it = |cell: &String| {
            let cell = narrowed_text(cell);
            cell == ja || cell.eq_ignore_ascii_case(en)
        };
        cells.iter().position(is_it).ok_or_else(|| {
            let message = Text::new(
                format!("列「{ja}」がありません。1行目は「項目,重大度,件数」としてください。"),
                format!("There is no column {en}. The first line is item,severity,count."),
            );
            fault(line, None, &cells.join(","), message)
        })
    };
    let found = [place(0), place(1), place(2)];
    match found {
        [Ok(item), Ok(severity), Ok(count)] => Ok([item, severity, count]),
        found => Err(found.into_iter().filter_map(Result::err).collect()),
    }
}

fn count_of(line: usize, cells: &[String], columns: [usize; 3]) -> Result<(Count, u32), Vec<FieldFault>> {
    let [item, severity, number] = columns.map(|column| cell(cells, column));
    // Both sides narrowed: a dash is a long vowel's mark as well.
    let is_called = |words: Text, word: &str, typed: &str| {
        let typed = narrowed_text(typed);
        typed == narrowed_text(&words.ja)
            || [words.en.as_str(), word].iter().any(|known| known.eq_ignore_ascii_case(&typed))
    };
    let of_item: Vec<Count> = Count::all().filter(|count| is_called(count.term(), count.as_str(), &item)).collect();
    let is_severity = |count: &Count| match count.severity() {
        Some(own) => is_called(own.term(), own.as_str(), &severity),
        None => severity.is_empty(),
    };
    let count = match (of_item.first(), of_item.iter().find(|count| is_severity(count))) {
        (_, Some(count)) => Ok(*count),
        (None, _) => {
            let mut known: Vec<Text> = Count::all().map(Count::term).collect();
            known.dedup();
            let list = |of: fn(&Text) -> &str, between| known.iter().map(of).collect::<Vec<_>>().join(between);
            let message = Text::new(
                format!("知らない項目です。次のどれかにしてください：{}", list(|text| &text.ja, "、")),
                format!("There is no such item. Write one of {}.", list(|text| &text.en, ", ")),
            );
            Err(fault(line, Some(0), &item, message))
        }
        (Some(count), None) => {
            let list = |of: fn(&Text) -> &str, between| {
                Severity::ALL.map(|severity| of(&severity.term()).to_owned()).join(between)
            };
            let message = match count.severity() {
                Some(_) => Text::new(
                    format!("重大度は次のどれかにしてください：{}", list(|text| &text.ja, "、")),
                    format!("The severity is one of {}.", list(|text| &text.en, ", ")),
                ),
                None => Text::new(
                    "この項目に重大度はありません。空にしてください。",
                    "This item has no severity. Leave it empty.",
                ),
            };
            Err(fault(line, Some(1), &severity, message))
        }
    };
    match (count, number_of(line, &number)) {
        (Ok(count), Ok(number)) => Ok((count, number)),
        (count, number) => Err(count.err().into_iter().chain(number.err()).collect()),
    }
}

fn number_of(line: usize, typed: &str) -> Result<u32, FieldFault> {
    let digits: String = narrowed_text(typed).chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    number.filter(|number| *number <= MOST).ok_or_else(|| {
        let message = Text::new(
            format!("0から{MOST}までの整数を書いてください。なかったものは0と書きます。"),
            format!("Write a whole number from 0 to {MOST}; what did not occur is 0."),
        );
        fault(line, Some(2), typed, message)
    })
}

fn cell(cells: &[String], column: usize) -> String {
    let cell = cells.get(column).map(|cell| cell.trim()).unwrap_or_default();
    // As this register's own files keep spreadsheets from reading a formula.
    cell.trim_start_matches('\'').to_owned()
}

fn name(count: Count) -> Text {
    match (count.term(), count.severity().map(Severity::term)) {
        (term, None) => Text::new(format!("「{}」", term.ja), format!("\"{}\"", term.en)),
        (term, Some(severity)) => Text::new(
            format!("「{}・{}」", term.ja, severity.ja),
            format!("\"{}, {}\"", term.en, severity.en.to_lowercase()),
        ),
    }
}

fn missing(count: Count) -> FieldFault {
    let name = name(count);
    let message = Text::new(
        format!("{}の行がありません。なかったものも0と書いてください。", name.ja),
        format!("There is no line for {}. What did not occur is written as 0.", name.en),
    );
    FieldFault { pointer: count.pointer(), code: "required".to_owned(), read: String::new(), message }
}

/// What is wrong in a line, and in which of the columns.
fn fault(line: usize, column: Option<usize>, read: &str, message: Text) -> FieldFault {
    let read: String = cleaned_line(read).chars().take(80).collect();
    let (ja, en) = column.map_or(("", ""), |column| COLUMNS[column]);
    let (pointer, place) = match column {
        None => (format!("/{line}"), (format!("{line}行目"), format!("Line {line}"))),
        Some(_) => (format!("/{line}/{en}"), (format!("{line}行目「{ja}」"), format!("Line {line}, {en}"))),
    };
    let message = if read.is_empty() {
        Text::new(format!("{}：{}", place.0, message.ja), format!("{}: {}", place.1, message.en))
    } else {
        Text::new(
            format!("{}（読み取った値：{read}）：{}", place.0, message.ja),
            format!("{} (read: {read}): {}", place.1, message.en),
        )
    };
    FieldFault { pointer, code: "csv".to_owned(), read, message }
}

#[cfg(test)]
mod tests;
