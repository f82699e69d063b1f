//! Bytes as one big-endian integer in decimal, for QR numeric mode.

use num_bigint::BigUint;

use super::TokenError;

/// The digits of the largest integer of [`super::MAX_BYTES`] bytes.
pub const MAX_DIGITS: usize = 451;

/// Refuses a sign, a leading zero, anything but ASCII digits, nothing, and too much; the last before any arithmetic.
pub(super) fn to_bytes(digits: &str) -> Result<Vec<u8>, TokenError> {
    if digits.len() > MAX_DIGITS {
        return Err(TokenError::TooLong { length: digits.len(), most: MAX_DIGITS });
    }
    if digits.is_empty() || digits.starts_with('0') {
        return Err(TokenError::NotDecimal { at: 0 });
    }
    if let Some(at) = digits.bytes().position(|byte| !byte.is_ascii_digit()) {
        return Err(TokenError::NotDecimal { at });
    }
    let integer = BigUint::parse_bytes(digits.as_bytes(), 10).expect("only digits are left");
    Ok(integer.to_bytes_be())
}

pub(super) fn from_bytes(bytes: &[u8]) -> String {
    BigUint::from_bytes_be(bytes).to_string()
}
