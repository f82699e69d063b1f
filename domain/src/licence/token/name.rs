//! The holder's name, cut to the bytes a symbol has left for it.

use unicode_normalization::char::is_combining_mark;

/// Bytes of name in 151 bytes of token, the most that QR version 9-M carries behind a prefix of 27 characters.
pub const NAME_AT_9M: usize = 34;

/// Bytes of name in 183 bytes of token, for version 10-M.
pub const NAME_AT_10M: usize = 66;

/// The longest beginning of `name` within `max_bytes` of UTF-8. A letter is not parted from its marks (a written-out
/// dakuten, a variation selector), and no space is left at the end of what was cut.
pub fn fit_name(name: &str, max_bytes: usize) -> &str {
    if name.len() <= max_bytes {
        return name;
    }
    let mut end = max_bytes;
    while end > 0 && !is_cut(name, end) {
        end -= 1;
    }
    name[..end].trim_end()
}

/// May `name` be cut before the byte `at`?
fn is_cut(name: &str, at: usize) -> bool {
    name.is_char_boundary(at) && !name[at..].starts_with(|next| is_combining_mark(next) || matches!(next, 'ﾞ' | 'ﾟ'))
}
