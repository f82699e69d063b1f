//! Files as spreadsheets write them, and everything that can be wrong with one.

use super::*;

fn file(lines: &[[String; 3]], end: &str) -> String {
    lines.iter().map(|cells| cells.join(",") + end).collect()
}

/// Counts from 1 on, in order.
fn figures() -> AlertFigures {
    let numbers: BTreeMap<Count, u32> = Count::all().zip(1..).collect();
    AlertFigures::of(|count| numbers[&count])
}

#[test]
fn a_file_is_read_as_spreadsheets_write_it() {
    let figures = figures();
    let lines = lines(Some(&figures));
    let text = file(&lines, "\r\n");
    let (shift_jis, _, is_lossy) = SHIFT_JIS.encode(&text);
    assert!(!is_lossy, "every word of the file is in Shift_JIS");
    let mut reversed = lines.clone();
    reversed[1..].reverse();
    let columns: String = lines.iter().map(|[a, b, c]| format!("{c},メモ,{b},{a}\n")).collect();
    let quoted: String =
        lines.iter().map(|cells| cells.each_ref().map(|cell| format!("\"{cell}\"")).join(",") + "\n").collect();
    let wide = file(&lines, "\n").replace("25\n", "　２５　\n");
    let english: String = std::iter::once("item,severity,count\n".to_owned())
        .chain(Count::all().zip(1..).map(|(count, number)| {
            let severity = count.severity().map_or("", |severity| severity.as_str());
            format!("{},{severity},{number}\n", count.as_str())
        }))
        .collect();
    for (name, bytes) in [
        ("UTF-8, CR LF", text.clone().into_bytes()),
        ("with a byte order mark", format!("\u{feff}{text}").into_bytes()),
        ("Shift_JIS", shift_jis.into_owned()),
        ("LF", file(&lines, "\n").into_bytes()),
        ("CR", file(&lines, "\r").into_bytes()),
        ("no end of the last line", file(&lines, "\n").trim_end().to_owned().into_bytes()),
        ("tabs", text.replace(',', "\t").into_bytes()),
        ("another order of lines", file(&reversed, "\n").into_bytes()),
        ("another order of columns, and one more", columns.into_bytes()),
        ("quotation marks", quoted.into_bytes()),
        ("full width", wide.into_bytes()),
        ("the words of programs", english.into_bytes()),
        ("blank lines", format!("\n{}\n,,\n", file(&lines, "\n")).into_bytes()),
    ] {
        assert_eq!(read(&bytes), Ok(figures.clone()), "{name}");
    }
    assert_eq!(read(file(&super::lines(None), "\n").as_bytes()), Ok(AlertFigures::of(|_| 0)));
    let thousands = file(&lines, "\n").replace("利用企業,,1\n", "利用企業,,\"1,234\"\n");
    assert_eq!(read(thousands.as_bytes()).map(|figures| figures.users), Ok(1_234));
}

#[test]
fn every_fault_names_line_column_and_what_was_read() {
    let whole = file(&lines(Some(&figures())), "\n");
    let with = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        whole.replacen(from, to, 1)
    };
    for (text, pointer, read, said) in [
        (String::new(), "/1", "", "The file is empty"),
        ("\n\n".to_owned(), "/1", "", "The file is empty"),
        (with("項目,", "品目,"), "/1", "品目,重大度,件数", "no column item"),
        (with("マルウェア,高", "ウイルス,高"), "/6/item", "ウイルス", "one of Users"),
        (with("マルウェア,高", "マルウェア,最高"), "/6/severity", "最高", "one of High, Medium, Low"),
        (with("マルウェア,高", "マルウェア,"), "/6/severity", "", "one of High, Medium, Low"),
        (with("利用企業,,", "利用企業,高,"), "/2/severity", "高", "has no severity"),
        (with("利用企業,,1", "利用企業,,"), "/2/count", "", "a whole number"),
        (with("利用企業,,1", "利用企業,,-1"), "/2/count", "-1", "a whole number"),
        (with("利用企業,,1", "利用企業,,1.5"), "/2/count", "1.5", "a whole number"),
        (with("利用企業,,1", "利用企業,,多数"), "/2/count", "多数", "a whole number"),
        (with("利用企業,,1", "利用企業,,1000000001"), "/2/count", "1000000001", "a whole number"),
        (with("監視対象,,2", "利用企業,,2"), "/3/item", "利用企業", "in line 2 too"),
        (with("不審なメール,低,19\n", ""), "/alerts/mail/low", "", "no line for \"Suspicious mail, low\""),
        (with("利用企業,,1", "\"利用企業,,1"), "/2", "", "not closed"),
        (format!("{whole}{}", "その他,低,1\n".repeat(200)), "/201", "", "more than 200 lines"),
    ] {
        let faults = super::read(text.as_bytes()).expect_err(said);
        let [fault] = &faults[..] else { panic!("{said}: {faults:?}") };
        assert_eq!(fault.pointer, pointer, "{said}");
        assert!(fault.message.en.contains(said), "{said}: {}", fault.message.en);
        assert!(!fault.message.ja.is_ascii());
        if said != "not closed" {
            assert_eq!(fault.read, read, "{said}");
        }
    }
    let two = whole.replacen(",1\n", ",x\n", 1).replacen(",3\n", ",y\n", 1);
    assert_eq!(super::read(two.as_bytes()).expect_err("two").len(), 2, "all are told at once");
    assert_eq!(super::read(b"\xff\xfe\x00\x80").expect_err("no text")[0].pointer, "/1");
    let many = format!("項目,重大度,件数\n{}", "誤り,,1\n".repeat(150));
    assert_eq!(super::read(many.as_bytes()).expect_err("many").len(), MOST_FAULTS);
}
