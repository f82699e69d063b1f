//! QR symbols of links: version and level as profile 1 of the mark asks, as vector and as pixels.

use std::fmt::Write;
use std::{error, fmt};

use qrcode::bits::Bits;
use qrcode::types::QrResult;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::png::{self, Ink};
use super::vector;

/// Modules of white that every side of a symbol needs.
pub const QUIET_ZONE: u32 = 4;
/// A full mark has one of these; a longer holder's name does not fit a token.
const FULL_VERSIONS: [i16; 2] = [9, 10];
const MINI_VERSION: i16 = 3;
/// Level Q makes modules too small to be read at 2 cm, level L leaves too little for scratches.
const LEVEL: EcLevel = EcLevel::M;
/// The longest side of a picture, in pixels: 20 cm at 600 dpi.
const MAX_PIXELS: u32 = 4800;

/// A QR symbol without its quiet zone.
#[derive(Clone, PartialEq, Eq)]
pub struct Symbol {
    version: i16,
    side: u32,
    dark: Vec<bool>,
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Symbol").field("version", &self.version).finish_non_exhaustive()
    }
}

/// Why no symbol, or no picture of one, could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QrError {
    /// Not a link that ends in `/` and the decimal digits of a token.
    NotATokenLink,
    /// The link has more bytes than the largest symbol allowed can carry.
    TooLong { bytes: usize },
    /// The picture would be wider than any print of a mark, or would have no size at all.
    Size { pixels: u32, most: u32 },
}

impl fmt::Display for QrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotATokenLink => write!(f, "not a link to a token"),
            Self::TooLong { bytes } => write!(f, "a link of {bytes} bytes does not fit the symbol"),
            Self::Size { pixels, most } => write!(f, "{pixels} pixels a side, where 1 to {most} are possible"),
        }
    }
}

impl error::Error for QrError {}

/// A picture made of pixels, and what became of the size asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// The PNG file, with its resolution in pHYs.
    pub png: Vec<u8>,
    /// Every module is a square of this many pixels.
    pub pixels_per_module: u32,
    /// The symbol's side without quiet zone when printed at the resolution stated in the file, in millimetres.
    pub symbol_mm: f64,
}

impl Symbol {
    /// The symbol of a full mark: the link up to its last slash as bytes, the token in numeric mode. Version 9, or 10
    /// where the token needs it, level M.
    pub fn full(link: &str) -> Result<Self, QrError> {
        let (prefix, digits) = link.split_at(link.rfind('/').map_or(0, |slash| slash + 1));
        if prefix.is_empty() || digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(QrError::NotATokenLink);
        }
        let fitting = FULL_VERSIONS.into_iter().find_map(|version| {
            Self::encode(version, |bits| {
                bits.push_byte_data(prefix.as_bytes())?;
                bits.push_numeric_data(digits.as_bytes())
            })
        });
        fitting.ok_or(QrError::TooLong { bytes: link.len() })
    }

    /// The symbol of a mini mark: any link of at most 42 bytes. Version 3, level M.
    pub fn mini(link: &str) -> Result<Self, QrError> {
        let symbol = Self::encode(MINI_VERSION, |bits| bits.push_byte_data(link.as_bytes()));
        symbol.ok_or(QrError::TooLong { bytes: link.len() })
    }

    fn encode(version: i16, push: impl FnOnce(&mut Bits) -> QrResult<()>) -> Option<Self> {
        let mut bits = Bits::new(Version::Normal(version));
        push(&mut bits).ok()?;
        bits.push_terminator(LEVEL).ok()?;
        let code = QrCode::with_bits(bits, LEVEL).ok()?;
        let dark = code.to_colors().into_iter().map(|colour| colour == Color::Dark).collect();
        Some(Self { version, side: code.width() as u32, dark })
    }

    /// The version of ISO/IEC 18004.
    pub fn version(&self) -> i16 {
        self.version
    }

    /// The least side in print without quiet zone, in millimetres: 0.377 a module, as a full mark of version 9 has at 20.
    pub fn least_mm(&self) -> f64 {
        match self.version {
            ..9 => 10.0,
            9 => 20.0,
            10.. => 22.0,
        }
    }

    /// Modules on a side, without quiet zone.
    pub fn side(&self) -> u32 {
        self.side
    }

    /// Whether the module in this column and row is dark.
    pub fn is_dark(&self, x: u32, y: u32) -> bool {
        self.dark[(y * self.side + x) as usize]
    }

    /// The dark modules: column, row and length of each run.
    pub fn runs(&self) -> Vec<(u32, u32, u32)> {
        let mut runs = Vec::new();
        for y in 0..self.side {
            let mut x = 0;
            while x < self.side {
                let run = (x..self.side).take_while(|&x| self.is_dark(x, y)).count() as u32;
                if run > 0 {
                    runs.push((x, y, run));
                }
                x += run + 1;
            }
        }
        runs
    }

    /// The dark modules as SVG path data, one unit a module, the first at (`left`, `top`).
    pub(super) fn path(&self, left: u32, top: u32) -> String {
        let mut path = String::new();
        for (x, y, run) in self.runs() {
            let _infallible = write!(path, "M{} {}h{run}v1h-{run}z", left + x, top + y);
        }
        path
    }

    /// A vector picture whose symbol measures `symbol_mm` millimetres, with its quiet zone around it.
    pub fn svg(&self, symbol_mm: f64) -> String {
        let across = self.side + 2 * QUIET_ZONE;
        let mm = symbol_mm / f64::from(self.side) * f64::from(across);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{mm:.4}mm\" height=\"{mm:.4}mm\" \
             viewBox=\"0 0 {across} {across}\"><path fill=\"#fff\" d=\"M0 0h{across}v{across}h-{across}z\"/>\
             <path shape-rendering=\"crispEdges\" d=\"{}\"/></svg>\n",
            self.path(QUIET_ZONE, QUIET_ZONE)
        )
    }

    /// The same as a PDF page that is exactly as large as the picture.
    pub fn pdf(&self, symbol_mm: f64, title: &str) -> Result<Vec<u8>, String> {
        vector::pdf(&self.svg(symbol_mm), title, "ja")
    }

    /// Pixels of one module, the fewest with which the symbol measures at least `symbol_mm` at `dpi`, and its size then.
    /// `across` is the width of the whole picture in modules.
    pub(super) fn grid(&self, dpi: u32, symbol_mm: f64, across: u32) -> Result<(u32, f64), QrError> {
        let per_mm = f64::from(dpi) / 25.4;
        let pixels = (symbol_mm * per_mm / f64::from(self.side)).ceil() as u32;
        let wide = pixels.saturating_mul(across);
        match wide {
            1..=MAX_PIXELS => Ok((pixels, f64::from(pixels * self.side) / per_mm)),
            _ => Err(QrError::Size { pixels: wide, most: MAX_PIXELS }),
        }
    }

    /// A picture in which every module is a square of whole pixels, with its quiet zone around it, for `dpi`. The
    /// symbol is at least `symbol_mm` wide, rounded up to whole pixels a module.
    pub fn png(&self, dpi: u32, symbol_mm: f64) -> Result<Picture, QrError> {
        let across = self.side + 2 * QUIET_ZONE;
        let (scale, symbol_mm) = self.grid(dpi, symbol_mm, across)?;
        let pixels = across * scale;
        let stride = pixels.div_ceil(8) as usize;
        let mut rows = Vec::with_capacity(stride * pixels as usize);
        for y in 0..across {
            let mut row = vec![0xff; stride];
            for x in (0..pixels).filter(|x| self.is_dark_within_quiet_zone(x / scale, y)) {
                row[(x / 8) as usize] &= !(0x80 >> (x % 8));
            }
            rows.extend(row.repeat(scale as usize));
        }
        let png = png::encode(Ink::BlackAndWhite, pixels, pixels, dpi, &rows);
        Ok(Picture { png, pixels_per_module: scale, symbol_mm })
    }

    fn is_dark_within_quiet_zone(&self, x: u32, y: u32) -> bool {
        let inside = QUIET_ZONE..QUIET_ZONE + self.side;
        inside.contains(&x) && inside.contains(&y) && self.is_dark(x - QUIET_ZONE, y - QUIET_ZONE)
    }
}

/// A QR code of any text, as an SVG in a `data:` address: for a page that shows it once and keeps no file of it.
pub fn inline(text: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M);
    let code = code.map_err(|_| QrError::TooLong { bytes: text.len() })?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().quiet_zone(true).build();
    Ok(format!("data:image/svg+xml;base64,{}", data_encoding::BASE64.encode(svg.as_bytes())))
}

#[cfg(test)]
pub(super) mod tests;
