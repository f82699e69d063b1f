//! Names and longer words: stored as typed, without what nobody typed on purpose.

/// One line as typed: trimmed, control characters gone (line breaks become a space).
pub fn cleaned_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c }).filter(is_kept).collect();
    line.trim().to_owned()
}

/// Several lines as typed: trimmed, control characters other than line breaks and tabs gone.
pub fn cleaned_text(text: &str) -> String {
    let lines: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || is_kept(c)).collect();
    lines.trim().to_owned()
}

/// Is there a letter or a digit to be seen? A name or a reason without one says nothing, whatever blanks, fillers and
/// marks of width zero it is made of.
pub fn has_words(text: &str) -> bool {
    const HANGUL_FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];
    text.chars().any(|c| c.is_alphanumeric() && !HANGUL_FILLERS.contains(&c))
}

/// Neither a control character nor one that turns the direction of writing, with which a name can look like another.
/// Variation selectors and joiners stay: they are part of how a name is written.
fn is_kept(c: &char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
    !(c.is_control() || turns || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_says_nothing() {
        for text in ["例", "A", "7", "〇", " 。理由", "髙", "𠮷", "か\u{3099}"] {
            assert!(has_words(text), "{text:?}");
        }
        for text in
            ["", " 　\t", "\u{200b}", "\u{2060}\u{ad}", "\u{3164}", "\u{115f}\u{ffa0}", "\u{2800}", "。、", "\u{e0100}"]
        {
            assert!(!has_words(text), "{text:?}");
        }
    }

    #[test]
    fn names_stay_as_typed_but_for_what_cannot_be_seen() {
        for (typed, stored) in [
            ("  大阪商工会議所　", "大阪商工会議所"),
            ("㈱髙﨑\u{0}商店", "㈱髙﨑商店"),
            ("渡邉\u{e0100}商会", "渡邉\u{e0100}商会"),
            ("A\u{202e}cilbup\u{202c}B", "AcilbupB"),
            ("一行目\r\n二行目", "一行目 二行目"),
            ("\u{feff}名前", "名前"),
            ("①ｶﾞ", "①ｶﾞ"),
        ] {
            assert_eq!(cleaned_line(typed), stored, "{typed:?}");
        }
        assert_eq!(cleaned_text("\n一行目\r\n二行目\u{7}\n"), "一行目\n二行目");
    }
}
