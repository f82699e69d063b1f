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

fn certificate(holder: &str) -> certificate::Certificate {
    let symbol = crate::seal::qr::Symbol::full(&format!("https://otasuketai.example/{}", "8".repeat(300))).unwrap();
    certificate::Certificate {
        is_users: true,
        holder: holder.to_owned(),
        holder_number: Some("8120005004150".to_owned()),
        service: "まもるくん".to_owned(),
        provider: "株式会社見本".to_owned(),
        registration: "2026-001".to_owned(),
        licence: "04HMASW9".to_owned(),
        granted_at: "2026-11-21T01:49:12Z".parse().expect("an instant"),
        last_day: "2028-11-20".parse().expect("a day"),
        host: "otasuketai.example".to_owned(),
        is_sample: true,
        symbol: certificate::Modules { side: symbol.side(), runs: symbol.runs() },
    }
}

/// Valid as PDF/A-3a and PDF/UA-1 (krilla refuses what is not); a letter
/// that the typeface lacks is refused by name, and so are names that leave no room.
#[test]
fn a_certificate_prints_any_name_or_says_why_not() {
    for holder in ["株式会社髙島屋", "𠮷野・山﨑・か\u{3099}有限会社", "Example, Inc.", &"長い名前".repeat(30)]
    {
        let made = certificate(holder);
        let printed = made.print().unwrap_or_else(|fault| panic!("{holder}: {fault:?}"));
        assert!(printed.starts_with(b"%PDF-"));
        assert_eq!(made.print().expect("as before"), printed, "{holder}");
        assert!(printed.len() < 80_000, "{holder}: {} bytes: typefaces are cut", printed.len());
        let providers = certificate::Certificate { is_users: false, holder_number: None, is_sample: false, ..made };
        assert_ne!(providers.print().expect("as before"), printed);
    }
    let missing = certificate("山田\u{1f600}").print();
    assert!(matches!(missing, Err(Fault::NoGlyph(NoGlyph('\u{1f600}')))), "{missing:?}");
    let long = "長い名前".repeat(50);
    let longest = certificate::Certificate { service: long.clone(), provider: long.clone(), ..certificate(&long) };
    assert!(longest.print().is_ok(), "names of 200 letters, the most that there can be, have room");
    assert!(matches!(certificate(&"長い名前".repeat(300)).print(), Err(Fault::Failed(_))));
}
