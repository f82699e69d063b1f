//! The letters of `letters.json`: outlines, so that no font is needed to draw a line.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Deserialize;

use super::PictureError;
use super::assets::AssetFault;

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Letters {
    units_per_em: f64,
    glyphs: BTreeMap<char, Glyph>,
}

#[derive(Clone, Debug, Deserialize)]
struct Glyph {
    advance: f64,
    d: String,
}

impl Letters {
    /// Reads the table; it must have every letter of `needed`, and nothing in it but path data.
    pub(super) fn read(json: &str, needed: impl Iterator<Item = char>) -> Result<Self, AssetFault> {
        let letters: Self = serde_json::from_str(json).map_err(|e| AssetFault::NotLetters { line: e.line() })?;
        let is_path = |d: &str| d.bytes().all(|b| b.is_ascii_digit() || b"MLHVCSQTZmlhvcsqtz .,-".contains(&b));
        if letters.units_per_em <= 0.0 || !letters.glyphs.values().all(|g| g.advance > 0.0 && is_path(&g.d)) {
            return Err(AssetFault::NotLetters { line: 1 });
        }
        let missing = needed.into_iter().find(|letter| !letters.glyphs.contains_key(letter));
        missing.map_or(Ok(letters), |letter| Err(AssetFault::NoGlyph { letter }))
    }

    fn glyph(&self, letter: char) -> Result<&Glyph, PictureError> {
        self.glyphs.get(&letter).ok_or(PictureError::NoGlyph { letter })
    }

    /// How wide a line is, in ems.
    pub(super) fn ems(&self, line: &str) -> Result<f64, PictureError> {
        let units = line.chars().map(|letter| self.glyph(letter).map(|glyph| glyph.advance)).sum::<Result<f64, _>>()?;
        Ok(units / self.units_per_em)
    }

    /// A line of SVG that draws the letters from (`left`, `baseline`) on.
    pub(super) fn drawn(&self, line: &str, left: f64, baseline: f64, em: f64) -> Result<String, PictureError> {
        let scale = em / self.units_per_em;
        let mut svg = format!("<g transform=\"translate({left:.3} {baseline:.3}) scale({scale:.6})\">");
        let mut x = 0.0;
        for letter in line.chars() {
            let glyph = self.glyph(letter)?;
            if !glyph.d.is_empty() {
                let _infallible = write!(svg, "<path transform=\"translate({x})\" d=\"{}\"/>", glyph.d);
            }
            x += glyph.advance;
        }
        Ok(svg + "</g>\n")
    }
}
