//! CSV for spreadsheets (RFC 4180): UTF-8 with a byte order mark, lines that end in CR LF, and no cell that a
//! spreadsheet would take for a formula.

/// What a file begins with, so that spreadsheets read it as UTF-8.
pub(crate) const BOM: &str = "\u{feff}";

/// Adds a line of these cells.
pub(crate) fn push_line<'a>(lines: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            lines.push(',');
        }
        push_cell(lines, cell);
    }
    lines.push_str("\r\n");
}

/// What begins like a formula gets an apostrophe before it, and stays text.
fn push_cell(lines: &mut String, cell: &str) {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_quoted = cell.contains([',', '"', '\r', '\n']);
    if is_quoted {
        lines.push('"');
    }
    if is_formula {
        lines.push('\'');
    }
    lines.push_str(&cell.replace('"', "\"\""));
    if is_quoted {
        lines.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(cells: &[&str]) -> String {
        let mut lines = String::new();
        push_line(&mut lines, cells.iter().copied());
        lines
    }

    #[test]
    fn formulas_are_defused() {
        for (cell, expected) in [
            ("=1+1", "'=1+1"),
            ("+81", "'+81"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""),
            ("=HYPERLINK(\"https://x\",\"y\")", "\"'=HYPERLINK(\"\"https://x\"\",\"\"y\"\")\""),
            ("a=1", "a=1"),
            (" =1", " =1"),
            ("2026-04-01", "2026-04-01"),
            ("", ""),
        ] {
            assert_eq!(line(&[cell]), format!("{expected}\r\n"), "{cell:?}");
        }
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        assert_eq!(line(&["a,b", "c\"d", "e\nf", "株式会社"]), "\"a,b\",\"c\"\"d\",\"e\nf\",株式会社\r\n");
        assert_eq!(line(&[]), "\r\n");
    }
}
