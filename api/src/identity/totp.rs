//! Codes of authenticator apps, TOTP (RFC 6238): SHA-1, six digits, a step of 30 seconds.
//!
//! Apps ignore any other setting in silence, and then no code is ever right. SHA-1 is sound here: HMAC does not need a
//! hash without collisions (RFC 4226, B.2).

use std::fmt;

use data_encoding::BASE32_NOPAD;
use domain::calendar::Instant;
use rand::CryptoRng;
use totp_rs::{Algorithm, Builder, Totp};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::secret::Secret;

/// RFC 4226, section 4, R6: 160 bits are recommended.
const BYTES: usize = 20;
const DIGITS: u8 = 6;
/// Seconds of one step.
const STEP: u64 = 30;
/// Characters of the secret in one group.
const GROUP: usize = 4;

/// The secret that the registry shares with an app. Wiped from memory when dropped and never printed.
#[derive(Clone)]
pub struct Key(Zeroizing<[u8; BYTES]>);

impl Key {
    /// Draws a new one.
    pub fn draw(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = Zeroizing::new([0; BYTES]);
        rng.fill_bytes(&mut bytes[..]);
        Self(bytes)
    }

    /// From [`Key::base32`], as it was stored; `None` when it is anything else.
    pub fn from_base32(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(BASE32_NOPAD.decode(text.as_bytes()).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// 32 characters of base32, for storing. Unlike a password it cannot be hashed, since codes are made from it: the
    /// database keeps it sealed ([`crate::seal::vault`]).
    pub fn base32(&self) -> Secret {
        Secret::new(BASE32_NOPAD.encode(&self.0[..]))
    }

    /// The secret in eight groups of four characters, for people who type it into the app.
    pub fn groups(&self) -> Secret {
        let text = self.base32();
        let mut groups = String::with_capacity(text.expose().len() * (GROUP + 1) / GROUP);
        for (at, character) in text.expose().chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                groups.push(' ');
            }
            groups.push(character);
        }
        Secret::new(groups)
    }

    /// The link that an app opens or reads from a QR code. `issuer` and `account` are what the app shows.
    ///
    /// <https://github.com/google/google-authenticator/wiki/Key-Uri-Format>. The defaults are left out: every app has
    /// them, and the code stays small.
    pub fn link(&self, issuer: &str, account: &str) -> Secret {
        let (issuer, account) = (label(issuer), label(account));
        Secret::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", self.base32().expose()))
    }

    /// The step whose code was typed, which is the present one, or `None`. RFC 6238 allows a step more for clocks that
    /// differ and for typing (5.2); a code that is good for longer than it is shown can be used by whoever saw it. Both
    /// clocks are set by the network, the sign-in says that the code is good while it is shown, and `at` is when it was
    /// sent: the time that the password takes does not count. The caller stores the step as `last_used`, in the same transaction in which
    /// it read the one before: a code that was seen over a shoulder must not open the door twice (RFC 6238, 5.2).
    pub fn verify(&self, typed: &str, at: Instant, last_used: Option<u64>) -> Option<u64> {
        let code = read(typed)?;
        let now = at.unix().unsigned_abs() / STEP; // An instant is never before 1970.
        let is_new = last_used.is_none_or(|last| now > last);
        // With no skew the crate compares with the code of this step alone, in constant time.
        (is_new && self.totp().check(&code, now * STEP).is_some()).then_some(now)
    }

    fn totp(&self) -> Totp {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(0)
            .with_step_duration(STEP)
            .with_secret(*self.0)
            .build()
            .expect("160 bits and six digits are what RFC 4226 asks for")
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

/// Six digits, typed in full width too, with spaces or hyphens between.
fn read(typed: &str) -> Option<Zeroizing<String>> {
    let mut code = Zeroizing::new(String::with_capacity(usize::from(DIGITS)));
    for character in typed.nfkc().filter(|&character| !character.is_whitespace() && character != '-') {
        if !character.is_ascii_digit() || code.len() == usize::from(DIGITS) {
            return None;
        }
        code.push(character);
    }
    (code.len() == usize::from(DIGITS)).then_some(code)
}

/// One half of the label, percent-encoded (RFC 3986). The colon parts the halves, so none may stand inside, not even
/// encoded.
fn label(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes().map(|byte| if byte == b':' { b' ' } else { byte }) {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    /// The secret of RFC 6238, appendix B, and of RFC 4226, appendix D.
    fn key() -> Key {
        Key(Zeroizing::new(*b"12345678901234567890"))
    }

    fn at(unix: u64) -> Instant {
        Instant::from_unix(unix.try_into().unwrap()).unwrap()
    }

    /// RFC 6238, appendix B, SHA-1; the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        for (unix, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(key().verify(&code[2..], at(unix), None), Some(unix / 30), "{unix}");
        }
    }

    /// RFC 4226, appendix D: the codes of counters 0 to 9.
    const CODES: [&str; 10] =
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];

    #[test]
    fn a_code_counts_for_thirty_seconds() {
        // Step 5 is 150 to 179 seconds.
        let accepted: Vec<u64> = (0..300).filter(|&now| key().verify(CODES[5], at(now), None) == Some(5)).collect();
        assert_eq!(accepted, (150..180).collect::<Vec<_>>());
        for now in [150, 179] {
            let fits = |code: &&&str| key().verify(code, at(now), None).is_some();
            assert_eq!(CODES.iter().filter(fits).collect::<Vec<_>>(), [&CODES[5]], "at {now}");
        }
    }

    #[test]
    fn no_step_counts_twice() {
        for (last_used, accepted) in [
            (None, Some(5)),
            (Some(3), Some(5)),
            (Some(4), Some(5)),
            (Some(5), None),
            // Somebody set the clock back: what was used stays used.
            (Some(6), None),
            (Some(u64::MAX), None),
        ] {
            assert_eq!(key().verify(CODES[5], at(160), last_used), accepted, "{last_used:?}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        for typed in
            ["254676", "254 676", " 254676\n", "254-676", "２５４６７６", "２５４\u{3000}６７６", "2 5 4 6 7 6"]
        {
            assert_eq!(key().verify(typed, at(150), None), Some(5), "{typed}");
        }
        for typed in ["", "25467", "2546760", "0254676", "254677", "+54676", "25467b", "254.676", "٢٥٤٦٧٦", "------"]
        {
            assert_eq!(key().verify(typed, at(150), None), None, "{typed}");
        }
    }

    #[test]
    fn a_code_is_right_for_one_key_only() {
        let mut rng = StdRng::seed_from_u64(1);
        let (a, b) = (Key::draw(&mut rng), Key::draw(&mut rng));
        assert_ne!(a.base32().expose(), b.base32().expose());
        assert_eq!(b.verify(CODES[5], at(150), None), None);
    }

    #[test]
    fn the_secret_is_shown_in_groups_and_read_back_from_its_stored_form() {
        let stored = key().base32();
        assert_eq!(stored.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(key().groups().expose(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(Key::from_base32(stored.expose()).unwrap().verify(CODES[5], at(150), None), Some(5));
        for wrong in ["", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGE", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq"]
        {
            assert!(Key::from_base32(wrong).is_none(), "{wrong}");
        }
        assert_eq!(format!("{:?} {stored:?}", key()), "Key Secret");
    }

    #[test]
    fn the_link_names_issuer_and_account() {
        const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (issuer, account, label, query) in [
            ("Otasuketai", "taro@example.jp", "Otasuketai:taro%40example.jp", "Otasuketai"),
            (
                "お助け隊",
                "山田",
                "%E3%81%8A%E5%8A%A9%E3%81%91%E9%9A%8A:%E5%B1%B1%E7%94%B0",
                "%E3%81%8A%E5%8A%A9%E3%81%91%E9%9A%8A",
            ),
            ("A B", "a+b&c=d?e#f/g%h", "A%20B:a%2Bb%26c%3Dd%3Fe%23f%2Fg%25h", "A%20B"),
            ("A:B", "c:d", "A%20B:c%20d", "A%20B"),
        ] {
            let expected = format!("otpauth://totp/{label}?secret={SECRET}&issuer={query}");
            assert_eq!(key().link(issuer, account).expose(), expected);
        }
    }
}
