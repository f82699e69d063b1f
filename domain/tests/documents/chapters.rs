//! Chapters that other documents lead to, and the eleven kinds of weakness.

use super::named::Named;
use crate::read;

/// 「安全なウェブサイトの作り方」 改訂第7版, chapter 1, in its order.
const KINDS: [&str; 11] = [
    "SQLインジェクション",
    "OSコマンド・インジェクション",
    "パス名パラメータの未チェック／ディレクトリ・トラバーサル",
    "セッション管理の不備",
    "クロスサイト・スクリプティング",
    "CSRF（クロスサイト・リクエスト・フォージェリ）",
    "HTTPヘッダ・インジェクション",
    "メールヘッダ・インジェクション",
    "クリックジャッキング",
    "バッファオーバーフロー",
    "アクセス制御や認可制御の欠落",
];

/// A heading of a document with what stands below it, up to the next of its level or above.
fn chapter<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let begin = text.find(&format!("# {heading}\n"))?;
    let level = text[..=begin].chars().rev().take_while(|c| *c == '#').count();
    let body = text[begin..].split_once('\n')?.1;
    let end = (1..=level).filter_map(|level| body.find(&format!("\n{} ", "#".repeat(level)))).min();
    Some(&body[..end.unwrap_or(body.len())])
}

/// Is there such a chapter, such as `docs/security.md#Sessions`, with something in it?
pub fn is_there(link: &str) -> bool {
    let Some((file, heading)) = link.split_once('#') else { return false };
    chapter(&read(file), &heading.replace('_', " ")).is_some_and(|body| body.trim().len() > 80)
}

#[test]
fn a_chapter_is_found_by_its_heading() {
    let text = "# A\n\nfirst\n\n## B\n\nsecond\n\n### C\n\nthird\n\n## D\n\nfourth\n";
    assert_eq!(chapter(text, "B").map(str::trim), Some("second\n\n### C\n\nthird"));
    assert_eq!(chapter(text, "C").map(str::trim), Some("third"));
    assert_eq!(chapter(text, "D").map(str::trim), Some("fourth"));
    assert_eq!(chapter(text, "E"), None);
}

/// Each kind has its chapter: what is asked, what is done, and tests by name.
#[test]
fn every_kind_of_weakness_is_answered() {
    let text = read("docs/security.md");
    for (index, kind) in KINDS.iter().enumerate() {
        let heading = format!("{}. {kind}", index + 1);
        let body = chapter(&text, &heading).unwrap_or_else(|| panic!("no chapter {heading}"));
        let rows: Vec<&str> =
            body.lines().filter(|line| line.starts_with("| 根本") || line.starts_with("| 保険")).collect();
        assert!(rows.len() >= 2, "{heading}: what is asked, at the root and besides");
        for row in &rows {
            assert_eq!(row.trim_matches('|').split(" | ").count(), 4, "{heading}: four cells: {row}");
        }
        assert!(rows.iter().any(|row| row.starts_with("| 根本")), "{heading}");
        assert!(!Named::all(body).is_empty(), "{heading}: no test");
    }
}
