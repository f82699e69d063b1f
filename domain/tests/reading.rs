//! Whatever is typed, reading answers; and what it stores, it reads back as the same.

use domain::parties::{CorporateNumber, PostalCode, Prefecture, Telephone, read_kana};
use domain::reading::{cleaned_line, cleaned_text, day_text, read_day, read_yen};
use domain::search_key::query_keys;
use domain::text::Text;
use proptest::prelude::*;

/// Anything, and things that look like what is asked for.
fn typed() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9０-９ー－ 　+（）()〒円,，年月日.令和平成RHS元/]{0,24}",
        "[ぁ-ゖァ-ヺｦ-ﾟ゛゜ー・ 　]{0,12}",
        "(令和|平成|R|㍻)?[0-9]{1,4}[年./-][0-9]{1,2}[月./-][0-9]{1,2}日?",
        "\\+?(81)?[-(]?0?[-)]?[1-9][0-9-]{8,12}",
    ]
}

/// A refusal says something in both languages.
fn says_why(refusal: Text) -> bool {
    !refusal.ja.is_empty() && !refusal.en.is_empty()
}

proptest! {
    #[test]
    fn whatever_is_typed_is_stored_in_one_form_or_refused_with_words(typed in typed()) {
        macro_rules! stored_once {
            ($($type:ty),+) => {$(
                match typed.parse::<$type>() {
                    Ok(value) => prop_assert_eq!(value.to_string().parse::<$type>(), Ok(value)),
                    Err(error) => prop_assert!(says_why(Text::from(error))),
                }
            )+};
        }
        stored_once!(CorporateNumber, PostalCode, Telephone, Prefecture);
        match read_kana(&typed) {
            Ok(reading) => prop_assert_eq!(read_kana(&reading), Ok(reading)),
            Err(error) => prop_assert!(says_why(error.into())),
        }
        match read_day(&typed) {
            Ok(day) => {
                prop_assert_eq!(read_day(&day.to_string()), Ok(day));
                let shown = day_text(day).ja;
                prop_assert_eq!(shown.split_once('（').map(|(western, _)| read_day(western)), Some(Ok(day)));
            }
            Err(error) => prop_assert!(says_why(error.into())),
        }
        match read_yen(&typed) {
            Ok(yen) => prop_assert_eq!(read_yen(&yen.to_string()), Ok(yen)),
            Err(error) => prop_assert!(says_why(error.into())),
        }
        prop_assert_eq!(cleaned_line(&cleaned_line(&typed)), cleaned_line(&typed));
        prop_assert_eq!(cleaned_text(&cleaned_text(&typed)), cleaned_text(&typed));
        prop_assert_eq!(query_keys(&typed).is_empty(), query_keys(&typed).concat().is_empty());
    }
}
