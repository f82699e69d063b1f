//! Two texts, and which words of one are not in the other.
//!
//! Japanese is written without spaces, and a word boundary of Unicode stands behind every kanji and every hiragana. A
//! difference of single characters is hard to read, so those that stand together count as one word here: 「緊急時」 is one,
//! 「の」 is one, 「サイバー保険」 is two.

use similar::{ChangeTag, DiffableStr, TextDiff};

/// A stretch of text, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub change: Change,
    pub text: String,
}

/// What became of some words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Same,
    Inserted,
    Deleted,
}

impl Piece {
    /// Text that became this.
    pub fn new(change: Change, text: impl Into<String>) -> Self {
        Self { change, text: text.into() }
    }
}

/// `now` in pieces, with what was in `before` and is gone. Neighbours that became the same are one piece; no piece is
/// empty.
pub fn difference(before: &str, now: &str) -> Vec<Piece> {
    let (old, new) = (words(before), words(now));
    let mut pieces: Vec<Piece> = Vec::new();
    for change in TextDiff::configure().diff_slices(&old, &new).iter_all_changes() {
        let became = match change.tag() {
            ChangeTag::Equal => Change::Same,
            ChangeTag::Insert => Change::Inserted,
            ChangeTag::Delete => Change::Deleted,
        };
        match pieces.last_mut().filter(|last| last.change == became) {
            Some(last) => last.text.push_str(change.value()),
            None => pieces.push(Piece::new(became, change.value())),
        }
    }
    pieces
}

/// The words of a text with all that is between them: put together, they are the text again.
fn words(text: &str) -> Vec<&str> {
    let (mut words, mut from, mut at) = (Vec::new(), 0, 0);
    for part in text.tokenize_unicode_words() {
        let joins = script(&text[from..at]).is_some_and(|script_before| Some(script_before) == script(part));
        if !joins && at > from {
            words.push(&text[from..at]);
            from = at;
        }
        at += part.len();
    }
    if at > from {
        words.push(&text[from..at]);
    }
    words
}

/// Scripts whose words Unicode does not tell apart.
#[derive(PartialEq, Eq)]
enum Script {
    Kanji,
    Hiragana,
}

/// The script that a part of a text ends in.
fn script(part: &str) -> Option<Script> {
    match part.chars().last()? {
        '\u{3041}'..='\u{309f}' => Some(Script::Hiragana),
        '々' | '〇' | 'ヶ' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            Some(Script::Kanji)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[-gone-]`, `[+new+]`.
    fn marked(before: &str, now: &str) -> String {
        let mark = |piece: Piece| match piece.change {
            Change::Same => piece.text,
            Change::Inserted => format!("[+{}+]", piece.text),
            Change::Deleted => format!("[-{}-]", piece.text),
        };
        difference(before, now).into_iter().map(mark).collect()
    }

    #[test]
    fn words_are_what_people_would_call_words() {
        for (text, expected) in [
            ("", ""),
            ("緊急時の対応支援", "緊急時|の|対応支援"),
            ("サイバー保険を付帯する", "サイバー|保険|を|付帯|する"),
            ("月額10,000円（税抜）", "月額|10,000|円|（|税抜|）"),
            ("24時間・365日", "24|時間|・|365|日"),
            ("人々と〇〇ヶ所", "人々|と|〇〇ヶ所"),
            ("UTM and EDR.", "UTM| |and| |EDR|."),
            ("①は𠮷野家", "①|は|𠮷野家"),
            ("がんばる ガンバル", "がんばる| |ガンバル"),
            ("1行目\n2行目", "1|行目|\n|2|行目"),
        ] {
            let found = words(text);
            assert_eq!(found.join("|"), expected);
            assert_eq!(found.concat(), text, "nothing is lost");
        }
    }

    #[test]
    fn what_changed_is_marked_by_words() {
        for (before, now, expected) in [
            ("", "", ""),
            ("同じ", "同じ", "同じ"),
            ("", "新しい", "[+新しい+]"),
            ("古い", "", "[-古い-]"),
            ("24時間監視する", "24時間見守る", "24[-時間監視する-][+時間見守る+]"),
            ("平日の9時から17時まで", "平日の9時から18時まで", "平日の9時から[-17-][+18+]時まで"),
            ("緊急時の対応を行う", "緊急時と平時の対応を行う", "緊急時[+と平時+]の対応を行う"),
            ("サイバー保険を付帯", "サイバー保険と訴訟保険を付帯", "サイバー保険[+と訴訟保険+]を付帯"),
            ("月額9,800円", "月額10,000円", "月額[-9,800-][+10,000+]円"),
            ("かな カナ", "かな ｶﾅ", "かな [-カナ-][+ｶﾅ+]"),
            ("one two three", "one 2 three", "one [-two-][+2+] three"),
        ] {
            assert_eq!(marked(before, now), expected);
        }
    }

    /// Whatever the texts are, both can be read out of the difference.
    #[test]
    fn a_difference_holds_both_texts() {
        let texts = [
            "",
            "規約第3条に定める。",
            "規約第4条（緊急時）に定める。",
            "e\u{301}é が か\u{3099}",
            "\u{202e}abc\u{0}",
            "👨‍👩‍👧 と",
        ];
        for before in texts {
            for now in texts {
                let pieces = difference(before, now);
                let read = |gone: Change| -> String {
                    pieces.iter().filter(|piece| piece.change != gone).map(|piece| piece.text.as_str()).collect()
                };
                assert_eq!((read(Change::Inserted).as_str(), read(Change::Deleted).as_str()), (before, now));
                assert!(pieces.iter().all(|piece| !piece.text.is_empty()));
                assert!(pieces.windows(2).all(|pair| pair[0].change != pair[1].change));
            }
        }
    }
}
