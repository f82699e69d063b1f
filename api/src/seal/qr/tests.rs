use domain::calendar::Day;
use domain::licence::id::LicenceId;
use domain::licence::token::{Claims, HolderKind, NAME_AT_9M, NAME_AT_10M, Token, kid};
use ed25519_dalek::SigningKey;
use image::ImageReader;

use super::super::scan::scan_png;
use super::*;

const PREFIX: &str = "https://otasuketai.example/";

/// A link whose holder's name has that many bytes.
pub(crate) fn link(name_bytes: usize) -> String {
    let key = SigningKey::from_bytes(&[7; 32]);
    let claims = Claims {
        licence: LicenceId::from_bytes([1, 2, 3, 4, 5]),
        kind: HolderKind::User,
        status_index: 3_360_000,
        holder_name: "a".repeat(name_bytes),
        corporate_number: "8120005004150".parse().ok(),
        expires_at: Day::from_ymd(2028, 11, 30).unwrap().start(),
    };
    format!("{PREFIX}{}", Token::sign(&claims, &key, kid(&key.verifying_key())).to_decimal())
}

#[test]
fn a_token_link_takes_version_9_or_10_at_level_m() {
    assert_eq!(PREFIX.len(), 27);
    for (name_bytes, version) in [(1, 9), (30, 9), (NAME_AT_9M, 9), (NAME_AT_9M + 1, 10), (NAME_AT_10M, 10)] {
        let symbol = Symbol::full(&link(name_bytes)).unwrap();
        assert_eq!((symbol.version(), symbol.side()), (version, 17 + 4 * version as u32), "{name_bytes}");
        assert_eq!(level(&symbol), 0, "{name_bytes}: M");
    }
}

#[test]
fn versions_hold_what_the_standard_says_and_no_more() {
    let full = |digits: usize| Symbol::full(&format!("{PREFIX}{}", "8".repeat(digits)));
    assert_eq!(full(364).unwrap().version(), 9);
    assert_eq!(full(365).unwrap().version(), 10);
    let bytes = 27 + 443;
    assert_eq!(full(442).unwrap().version(), 10);
    assert_eq!(full(443), Err(QrError::TooLong { bytes }));
    assert_eq!(Symbol::mini(&"m".repeat(42)).unwrap().version(), 3);
    assert_eq!(Symbol::mini(&"m".repeat(43)), Err(QrError::TooLong { bytes: 43 }));
}

/// Two segments need no more room than the best that `qrcode` finds by itself.
#[test]
fn our_segments_are_as_good_as_the_optimal_ones() {
    for name_bytes in [1, 17, 30, NAME_AT_9M, 50, NAME_AT_10M] {
        let link = link(name_bytes);
        let ours = Symbol::full(&link).unwrap().version();
        let theirs = QrCode::with_error_correction_level(&link, LEVEL).unwrap().version();
        let Version::Normal(theirs) = theirs else { panic!("{theirs:?}") };
        assert_eq!(ours, theirs.max(9), "{name_bytes}");
    }
}

#[test]
fn what_is_not_a_token_link_is_refused() {
    for link in ["", "/", "123", "https://otasuketai.example/", "https://otasuketai.example/0M3K8X7Q", "https://x/1/-1"]
    {
        assert_eq!(Symbol::full(link), Err(QrError::NotATokenLink), "{link}");
    }
}

#[test]
fn a_mini_mark_is_version_3_at_level_m() {
    let symbol = Symbol::mini(&format!("{PREFIX}0M3K8X7Q")).unwrap();
    assert_eq!((symbol.version(), symbol.side(), level(&symbol)), (3, 29, 0));
}

#[test]
fn pixels_are_whole_and_the_size_is_stated() {
    for (dpi, mm, scale, symbol_mm, per_metre) in [
        (300, 20.0, 5, 22.437, 11811),
        (600, 20.0, 9, 20.193, 23622),
        (96, 20.0, 2, 28.046, 3780),
        (300, 22.5, 6, 26.924, 11811),
    ] {
        let symbol = Symbol::full(&link(30)).unwrap();
        let picture = symbol.png(dpi, mm).unwrap();
        assert_eq!(picture.pixels_per_module, scale);
        assert!((picture.symbol_mm - symbol_mm).abs() < 0.001, "{}", picture.symbol_mm);
        assert!(picture.symbol_mm >= mm);
        assert_eq!(phys(&picture.png), Some((per_metre, per_metre)));
        assert_uniform_modules(&picture.png, &symbol, scale, (QUIET_ZONE, QUIET_ZONE));
        assert_eq!(scan_png(&picture.png), Ok(vec![link(30)]));
    }
}

#[test]
fn sizes_beyond_print_are_refused() {
    let symbol = Symbol::full(&link(30)).unwrap();
    for (dpi, mm) in [(0, 20.0), (300, 0.0), (300, f64::NAN), (300, -1.0), (300, 1e9), (u32::MAX, 20.0)] {
        assert!(matches!(symbol.png(dpi, mm), Err(QrError::Size { most: MAX_PIXELS, .. })), "{dpi} {mm}");
    }
}

#[test]
fn the_same_link_is_the_same_picture() {
    let make = || {
        let symbol = Symbol::full(&link(30)).unwrap();
        (symbol.svg(20.0), symbol.png(300, 20.0).unwrap().png)
    };
    assert_eq!(make(), make());
}

#[test]
fn the_vector_picture_has_the_symbol_in_millimetres() {
    let symbol = Symbol::full(&link(30)).unwrap();
    let svg = symbol.svg(20.0);
    // 20 mm for 53 modules, 61 with the quiet zones.
    assert!(svg.contains("width=\"23.0189mm\" height=\"23.0189mm\" viewBox=\"0 0 61 61\""), "{svg}");
    let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
    let mut map = resvg::tiny_skia::Pixmap::new(61, 61).unwrap();
    let scale = 61.0 / tree.size().width();
    resvg::render(&tree, resvg::tiny_skia::Transform::from_scale(scale, scale), &mut map.as_mut());
    for (x, y) in (0..61).flat_map(|y| (0..61).map(move |x| (x, y))) {
        let is_black = map.pixel(x, y).unwrap().red() == 0;
        assert_eq!(is_black, symbol.is_dark_within_quiet_zone(x, y), "{x} {y}");
    }
}

/// The two format bits for the level as printed in the symbol, mask taken off: M is 00.
fn level(symbol: &Symbol) -> u8 {
    let bit = |x| u8::from(symbol.is_dark(x, 8));
    (bit(0) << 1 | bit(1)) ^ 0b10
}

pub(crate) fn phys(file: &[u8]) -> Option<(u32, u32)> {
    let reader = ::png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let dims = reader.info().pixel_dims?;
    assert_eq!(dims.unit, ::png::Unit::Meter);
    Some((dims.xppu, dims.yppu))
}

/// Every module, and the quiet zone around the symbol, is a block of pixels of one colour, black or white.
pub(crate) fn assert_uniform_modules(file: &[u8], symbol: &Symbol, scale: u32, (left, top): (u32, u32)) {
    let picture = ImageReader::with_format(std::io::Cursor::new(file), image::ImageFormat::Png).decode();
    let picture = picture.unwrap().into_rgb8();
    let across = symbol.side() + 2 * QUIET_ZONE;
    for (x, y) in (0..across * scale).flat_map(|y| (0..across * scale).map(move |x| (x, y))) {
        let is_dark = symbol.is_dark_within_quiet_zone(x / scale, y / scale);
        let at = (x + (left - QUIET_ZONE) * scale, y + (top - QUIET_ZONE) * scale);
        assert_eq!(picture.get_pixel(at.0, at.1).0, if is_dark { [0; 3] } else { [255; 3] }, "{at:?}");
    }
}
