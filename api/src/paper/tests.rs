use super::*;

fn paper(blocks: Vec<Block>) -> Paper {
    Paper {
        title: "申請の記録".to_owned(),
        head: "A-2026-00001".to_owned(),
        foot: "SHA-256 5e5e".to_owned(),
        at: "2026-11-21T01:49:12Z".parse().expect("an instant"),
        blocks,
        attachment: Some(Attachment {
            name: "record.json",
            media: "application/json",
            description: "記録".to_owned(),
            bytes: b"{}".to_vec(),
        }),
    }
}

fn table(rows: usize) -> Block {
    let cell = |row: usize| Cell::from(format!("{row}行目：{}", "証跡を確かめた。".repeat(row % 40)));
    Block::Table(Table {
        caption: "行".to_owned(),
        heads: vec![Head { text: "番号", share: 1 }, Head { text: "内容", share: 3 }],
        rows: (0..rows).map(|row| vec![Cell::from(row.to_string()), cell(row)]).collect(),
    })
}

fn everything() -> Vec<Block> {
    vec![
        Block::Heading { level: 2, text: "申請者".to_owned() },
        Block::Facts(vec![("名称".to_owned(), "𠮷野・髙橋".to_owned()), ("概要".to_owned(), String::new())]),
        Block::Heading { level: 3, text: "判断".to_owned() },
        Block::Text("要件を充足する。\n以上。".to_owned()),
        table(120),
        table(0),
    ]
}

/// As an archive keeps it and a screen reader reads it: krilla refuses what PDF/A-3a and PDF/UA-1 forbid.
#[test]
fn the_same_paper_is_the_same_bytes() {
    let [one, two] = [paper(everything()).print().expect("printed"), paper(everything()).print().expect("printed")];
    assert!(one == two, "the bytes differ");
    assert!(one.starts_with(b"%PDF-1.7") && one.len() < 400_000, "{}", one.len());
    let other = paper(vec![Block::Text("別の内容".to_owned())]).print().expect("printed");
    assert!(one != other);
}

#[test]
fn a_letter_without_a_shape_is_refused_by_name() {
    for blocks in [
        vec![Block::Text("よい\u{1f44d}".to_owned())],
        vec![Block::Facts(vec![("名称".to_owned(), "\u{1f44d}".to_owned())])],
        vec![Block::Table(Table {
            rows: vec![vec!["\u{1f44d}".into()]],
            heads: vec![Head { text: "a", share: 1 }],
            ..Table::default()
        })],
    ] {
        assert!(matches!(paper(blocks).print(), Err(Fault::NoGlyph(NoGlyph('\u{1f44d}')))));
    }
}

/// Every line stands between head and foot, on as many pages as it takes, and the heads stand on each.
#[test]
fn nothing_stands_below_the_page() {
    let laid_out = layout::lay_out(&paper(everything()), face::Face::bundled()).expect("laid out");
    assert!(laid_out.pages.len() > 5, "{}", laid_out.pages.len());
    for (number, page) in laid_out.pages.iter().enumerate() {
        let mut numbers = 0;
        for item in page {
            let layout::Item::Letters { y, text, leaf, .. } = item else { continue };
            assert!(*y > 36.0 && *y < layout::HEIGHT - 30.0, "page {number}: {text}");
            assert!(leaf.is_none() || *y < layout::HEIGHT - 55.0, "page {number}: {text} is in the foot");
            numbers += usize::from(text.ends_with("ページ") && text.contains(&format!("{} / ", number + 1)));
        }
        assert_eq!(numbers, 1, "page {number}");
    }
}
