//! The key by which names are searched and compared. It is never shown: what is shown is what was typed.
//!
//! Two spellings of one name have the same key: width, upper and lower case, hiragana and katakana, small and large
//! kana, spaces, dashes, punctuation, legal forms (株式会社, ㈱, Co., Ltd.) and old forms of kanji make no difference.
//! Unicode's NFKC alone is not enough (it leaves 髙, 﨑 and 𠮷 as they are, and 〜 beside ~), and too much to store
//! (① becomes 1), which is why the key stands beside the name.

mod kanji;
mod legal_form;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::parties::kana::to_katakana;

/// The search key of a name, or of what somebody typed to find one. The same for every spelling, and its own key.
///
/// A name that is nothing but a legal form or punctuation keeps it: only a blank name has an empty key.
pub fn search_key(name: &str) -> String {
    let mut key = folded(name);
    loop {
        // What is taken out can bring together what was apart; after the first turn a key only ever gets shorter.
        let again = folded(&key);
        if again == key {
            return key;
        }
        key = again;
    }
}

/// The keys to look for when somebody types `query`: one for each word, all of which a name's key must hold.
///
/// A legal form is taken out of the whole query first (its parts, as in `Co., Ltd.`, mean nothing apart), and so are
/// words of punctuation. Empty only when the query is blank.
pub fn query_keys(query: &str) -> Vec<String> {
    let named = legal_form::without_words(&legal_form::without_abbreviations(&compatible(query)));
    let words = named.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let keys: Vec<String> = words.map(search_key).filter(|key| !key.is_empty()).collect();
    if !keys.is_empty() {
        return keys;
    }
    Some(search_key(query)).into_iter().filter(|key| !key.is_empty()).collect()
}

/// The text in lower case and one width, with every character in its folded form.
fn compatible(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).map(folded_char).collect()
}

fn folded(name: &str) -> String {
    let compatible = compatible(name);
    let named = legal_form::without_abbreviations(&compatible);
    let letters = with_long_vowels_and_repeats(named);
    let key = without_final_long_vowels(&legal_form::without_words(&letters));
    if !key.is_empty() {
        return key;
    }
    if !letters.is_empty() { letters } else { compatible.chars().filter(|c| !is_blank(*c)).collect() }
}

/// One character as it stands in keys.
fn folded_char(c: char) -> char {
    match to_katakana_only(c) {
        small @ ('ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ') => next_char(small),
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        'ヰ' => 'イ',
        'ヱ' => 'エ',
        latin @ ('\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}') => {
            std::iter::once(latin).nfkd().next().unwrap_or(latin)
        }
        other => kanji::current_form(other),
    }
}

/// Hiragana as katakana; dashes stay dashes here.
fn to_katakana_only(c: char) -> char {
    if is_kana(c) || matches!(c, 'ぁ'..='ゖ' | 'ゝ' | 'ゞ') { to_katakana(c) } else { c }
}

/// The large kana stands one after its small one.
fn next_char(c: char) -> char {
    char::from_u32(u32::from(c) + 1).unwrap_or(c)
}

fn is_kana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ヽ' | 'ヾ')
}

/// Every dash, the long-vowel mark and the waves.
fn is_dash(c: char) -> bool {
    matches!(c, '-' | 'ー' | '‐'..='―' | '−' | '~' | '〜' | '〰' | '─' | '━' | '˗' | '⁃' | '﹘')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || is_combining_mark(c) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}')
}

/// Letters and digits alone. A dash after kana is the long-vowel mark; 々, ヽ and ヾ repeat what stands before them.
fn with_long_vowels_and_repeats(text: String) -> String {
    let mut letters = String::with_capacity(text.len());
    let mut last = None;
    for c in text.chars() {
        let kept = match c {
            '々' | '〻' | 'ヽ' => last,
            'ヾ' => last.map(voiced),
            dash if is_dash(dash) => last.filter(|last| is_kana(*last)).map(|_| 'ー'),
            letter if letter.is_alphanumeric() && !is_combining_mark(letter) => Some(letter),
            _ => None,
        };
        letters.extend(kept);
        last = kept.or(last);
    }
    letters
}

/// カ as ガ; what has no voiced form as it is.
fn voiced(c: char) -> char {
    let mut composed = [c, '\u{3099}'].into_iter().nfc();
    match (composed.next(), composed.next()) {
        (Some(voiced), None) => voiced,
        _ => c,
    }
}

/// サーバー and サーバ are one word, ビール and ビル are two: a long vowel counts only inside a word in kana.
fn without_final_long_vowels(letters: &str) -> String {
    let mut key = String::with_capacity(letters.len());
    let mut characters = letters.chars().peekable();
    while let Some(c) = characters.next() {
        if c != 'ー' || characters.peek().is_some_and(|next| is_kana(*next)) {
            key.push(c);
        }
    }
    key
}

#[cfg(test)]
mod tests;
