//! Legal forms 「法人格」, which people write in full, abbreviate, put before or after a name, or leave away.

/// In full; a longer form before every form that it contains. Also as they are read, for searches by reading.
const WORDS: [&str; 58] = [
    "特定非営利活動法人",
    "国立研究開発法人",
    "地方独立行政法人",
    "社会保険労務士法人",
    "土地家屋調査士法人",
    "有限責任監査法人",
    "国立大学法人",
    "公立大学法人",
    "独立行政法人",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "社会医療法人",
    "医療法人社団",
    "医療法人財団",
    "社会福祉法人",
    "行政書士法人",
    "司法書士法人",
    "特許業務法人",
    "弁護士法人",
    "税理士法人",
    "社団法人",
    "財団法人",
    "学校法人",
    "医療法人",
    "宗教法人",
    "監査法人",
    "特殊法人",
    "認可法人",
    "npo法人",
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "相互会社",
    "カブシキガイシヤ",
    "カブシキカイシヤ",
    "ユウゲンガイシヤ",
    "ユウゲンカイシヤ",
    "ゴウドウガイシヤ",
    "ゴウドウカイシヤ",
    "ゴウシガイシヤ",
    "ゴウシカイシヤ",
    "ゴウメイガイシヤ",
    "ゴウメイカイシヤ",
    "ソウゴガイシヤ",
    "ソウゴカイシヤ",
    "ドクリツギヨウセイホウジン",
    "イツパンシヤダンホウジン",
    "コウエキシヤダンホウジン",
    "イツパンザイダンホウジン",
    "コウエキザイダンホウジン",
    "トクテイヒエイリカツドウホウジン",
    "イリヨウホウジン",
    "ガツコウホウジン",
    "シヤカイフクシホウジン",
];

/// Every form in full holds one of these, and most names none.
const PARTS: [&str; 4] = ["法人", "会社", "イシヤ", "ホウジン"];

/// Within brackets, as NFKC leaves ㈱ and as people type it.
const IN_BRACKETS: [&str; 23] = [
    "株", "有", "同", "合", "資", "名", "相", "社", "財", "一社", "公社", "一財", "公財", "独", "地独", "特非", "国研",
    "学", "医", "福", "社福", "宗", "カ",
];

/// At the end of a name in Latin letters. A full stop may follow every letter; `_` stands for any stops, commas, spaces.
const LATIN: [&str; 17] = [
    "kabushiki_kaisha",
    "company_limited",
    "company_ltd",
    "co_limited",
    "co_ltd",
    "incorporated",
    "corporation",
    "company",
    "limited",
    "corp",
    "inc",
    "llc",
    "ltd",
    "plc",
    "kk",
    "gk",
    "co",
];

/// The text without bracketed and without Latin forms, both of which need the punctuation and spaces around them.
pub(super) fn without_abbreviations(text: &str) -> String {
    without_latin(&without_brackets(text)).to_owned()
}

fn without_brackets(text: &str) -> String {
    let mut rest = text.to_owned();
    for (open, close) in [('(', ')'), ('〔', '〕'), ('[', ']')].into_iter().filter(|(open, _)| text.contains(*open)) {
        for form in IN_BRACKETS {
            rest = rest.replace(&format!("{open}{form}{close}"), " ");
        }
    }
    rest
}

/// The text, which holds letters and digits only, without forms in full.
pub(super) fn without_words(letters: &str) -> String {
    let mut rest = letters.to_owned();
    if !PARTS.iter().any(|part| rest.contains(part)) {
        return rest;
    }
    while let Some((at, word)) = WORDS.iter().find_map(|word| Some((rest.find(word)?, word))) {
        rest.replace_range(at..at + word.len(), "");
    }
    rest
}

/// The text up to a Latin form at its end, which must not be all of it.
fn without_latin(text: &str) -> &str {
    let trimmed = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let name = LATIN.iter().find_map(|form| before_form(trimmed, form));
    name.filter(|name| name.chars().any(char::is_alphanumeric)).unwrap_or(text)
}

/// What stands before `form` at the end of the text, where the form is a word of its own.
fn before_form<'a>(text: &'a str, form: &str) -> Option<&'a str> {
    let mut rest = text;
    for letter in form.chars().rev() {
        rest = match letter {
            '_' => rest.trim_end_matches([' ', ',', '.']),
            _ => rest.trim_end_matches('.').strip_suffix(letter)?,
        };
    }
    let is_word = rest.chars().next_back().is_none_or(|before| !before.is_ascii_alphanumeric());
    is_word.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_is_passed_over() {
        for word in WORDS {
            assert!(PARTS.iter().any(|part| word.contains(part)), "{word}");
            assert_eq!(without_words(&format!("ア{word}イ")), "アイ", "{word}");
        }
    }
}
