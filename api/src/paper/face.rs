//! The typeface that papers are set in, read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

/// Noto Sans JP with the letters that Japanese names are written in (`mark-assets/fonts`).
static FILE: &[u8] =
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../mark-assets/fonts/NotoSansJP-Register.otf"));

/// A letter that the typeface lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoGlyph(pub char);

/// A typeface with the widths of its letters.
pub(super) struct Face {
    pub(super) font: Font,
    /// Each letter's glyph, and its width in ems.
    letters: HashMap<char, (u32, f32)>,
}

impl Face {
    /// The one that is built in.
    pub(super) fn bundled() -> &'static Self {
        static FACE: LazyLock<Face> = LazyLock::new(|| Face::read(FILE).expect("a test reads the bundled typeface"));
        &FACE
    }

    fn read(file: &'static [u8]) -> Option<Self> {
        let font = Font::new(file.into(), 0)?;
        let read = FontRef::new(file).ok()?;
        let metrics = read.glyph_metrics(Size::unscaled(), LocationRef::default());
        let em = font.units_per_em();
        let width = |(code, glyph): (u32, skrifa::GlyphId)| {
            let width = metrics.advance_width(glyph)? / em;
            Some((char::from_u32(code)?, (glyph.to_u32(), width)))
        };
        Some(Self { letters: read.charmap().mappings().filter_map(width).collect(), font })
    }

    /// A letter's width in ems.
    pub(super) fn width(&self, letter: char) -> Result<f32, NoGlyph> {
        self.letters.get(&letter).map(|(_, width)| *width).ok_or(NoGlyph(letter))
    }

    /// The glyphs of a line.
    pub(super) fn glyphs(&self, line: &str) -> Result<Vec<KrillaGlyph>, NoGlyph> {
        let glyph = |(at, letter): (usize, char)| {
            let (id, width) = *self.letters.get(&letter).ok_or(NoGlyph(letter))?;
            Ok(KrillaGlyph {
                glyph_id: GlyphId::new(id),
                text_range: at..at + letter.len_utf8(),
                x_advance: width,
                x_offset: 0.0,
                y_offset: 0.0,
                y_advance: 0.0,
                location: None,
            })
        };
        line.char_indices().map(glyph).collect()
    }
}

/// A text as it is set: composed letters (NFC), line breaks that are one letter each, and nothing without a shape.
pub(super) fn settable(text: &str) -> String {
    let has_shape =
        |letter: &char| !matches!(letter, '\r' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}');
    text.nfc().filter(has_shape).map(|letter| if letter == '\t' { ' ' } else { letter }).collect()
}
