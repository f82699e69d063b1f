//! Where a line of Japanese ends: anywhere between two letters but where a rule 「禁則」 forbids it (JIS X 4051).

use super::face::{Face, NoGlyph, settable};

/// What no line begins with 「行頭禁則」.
const NOT_FIRST: &str = "、。，．・：；？！゛゜ヽヾゝゞ々〻ー）］｝〕〉》」』】〙〗〟’”｠»\
    ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ\
    ‐゠–〜～‼⁇⁈⁉／％℃°′″,.:;?!)]}%｡､･｣ｧｨｩｪｫｬｭｮｯｰﾞﾟ";
/// What no line ends with 「行末禁則」.
const NOT_LAST: &str = "（［｛〔〈《「『【〘〖〝‘“｟«([{｢￥＄¥$№＃#";
/// What stays together with itself 「分離禁則」.
const TOGETHER: &str = "…‥—―";

/// A text in lines of at most `width` ems. An empty text has one empty line.
pub(super) fn lines(text: &str, width: f32, face: &Face) -> Result<Vec<String>, NoGlyph> {
    let mut lines = Vec::new();
    for paragraph in settable(text).split('\n') {
        let letters: Vec<char> = paragraph.trim_end().chars().collect();
        let widths = letters.iter().map(|letter| face.width(*letter)).collect::<Result<Vec<f32>, _>>()?;
        let mut start = 0;
        loop {
            let end = line_end(&letters, &widths, start, width);
            lines.push(letters[start..end].iter().collect());
            // A space that a line is broken at stays at its end.
            start = end;
            if start >= letters.len() {
                break;
            }
        }
    }
    Ok(lines)
}

/// How wide a line is, in ems.
pub(super) fn width(line: &str, face: &Face) -> Result<f32, NoGlyph> {
    line.chars().map(|letter| face.width(letter)).sum()
}

/// Where the line that begins at `start` ends: behind the last letter that fits where a break is allowed, or behind the
/// last that fits where none is.
fn line_end(letters: &[char], widths: &[f32], start: usize, most: f32) -> usize {
    let mut reached = 0.0;
    let mut fits = start;
    while fits < letters.len() {
        reached += widths[fits];
        // Spaces may hang over the edge.
        if reached > most && letters[fits] != ' ' && fits > start {
            break;
        }
        fits += 1;
    }
    if fits == letters.len() {
        return fits;
    }
    let allowed = (start + 1..=fits).rev().find(|at| may_break(letters[at - 1], letters[*at]));
    allowed.unwrap_or(fits)
}

/// May a line end between these two?
fn may_break(before: char, after: char) -> bool {
    if after == ' ' || NOT_FIRST.contains(after) || NOT_LAST.contains(before) {
        return false;
    }
    if before == after && TOGETHER.contains(before) {
        return false;
    }
    let is_of_a_word = |letter: char| letter != ' ' && letter < '\u{2e80}';
    before == ' ' || before == '/' || !(is_of_a_word(before) && is_of_a_word(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(text: &str, ems: f32) -> Vec<String> {
        lines(text, ems, Face::bundled()).expect("letters that there are")
    }

    #[test]
    fn no_line_begins_or_ends_with_what_must_not() {
        for (text, ems, expected) in [
            ("あいうえお", 3.0, &["あいう", "えお"][..]),
            ("あいう、え", 3.0, &["あい", "う、え"]),
            ("あい「うえ」", 3.0, &["あい", "「う", "え」"]),
            ("あいうっえ", 3.0, &["あい", "うっえ"]),
            ("サーバー等", 3.0, &["サー", "バー等"]),
            ("あい……う", 3.0, &["あい", "……う"]),
            ("一二 三四", 3.0, &["一二 ", "三四"]),
            ("the mark", 3.0, &["the ", "mark"]),
            ("0123456789", 3.0, &["01234", "56789"]),
            ("あ\n\nい", 3.0, &["あ", "", "い"]),
            ("", 3.0, &[""]),
            ("。。。。", 2.0, &["。。", "。。"]),
        ] {
            assert_eq!(broken(text, ems), expected, "{text}");
        }
    }

    /// Whatever is set comes out whole, in order, and within the measure but for spaces.
    #[test]
    fn nothing_is_lost_and_nothing_sticks_out() {
        let text = "登録の審査（書類）は、2026年4月1日から「サービス基準 2.0」により行う。https://example.jp/a-b/c?d=e\
            と書かれた資料――別紙――を確かめた。𠮷田・髙橋が担当し、ｶﾀｶﾅも残す。";
        for ems in 2..40 {
            let lines = broken(text, ems as f32);
            assert_eq!(lines.concat(), settable(text), "{ems}");
            for line in &lines {
                let found = width(line.trim_end(), Face::bundled()).expect("known letters");
                assert!(found <= ems as f32 + 0.001, "{ems}: {line} is {found}");
                let (first, last) = (line.chars().next().expect("not empty"), line.chars().last().expect("not empty"));
                if ems > 6 {
                    assert!(!NOT_FIRST.contains(first) && !NOT_LAST.contains(last), "{ems}: {line}");
                }
            }
        }
    }

    #[test]
    fn a_letter_that_is_not_there_is_named() {
        for (text, missing) in [("山田\u{1f600}", '\u{1f600}'), ("葛\u{e0100}城", '\u{e0100}'), ("ก", 'ก')] {
            assert_eq!(lines(text, 20.0, Face::bundled()), Err(NoGlyph(missing)), "{text}");
        }
        for names in ["𠮷野家", "髙島屋", "山﨑", "か\u{3099}", "株式会社①〜②", "\u{feff}有\u{200b}限"]
        {
            assert!(lines(names, 20.0, Face::bundled()).is_ok(), "{names}");
        }
    }
}
