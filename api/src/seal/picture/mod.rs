//! The mark picture: the scheme's artwork, the QR symbol beside it, and below them what a person should look at.
//!
//! Everything is laid out in modules of the symbol, so that a picture of pixels is exact and a vector one needs only
//! its size in millimetres.

mod art;
mod assets;
mod letters;

use std::{error, fmt};

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;

pub use assets::{AssetError, AssetFault, MarkAssets};

use super::png::{self, Ink};
use super::qr::{Picture, QUIET_ZONE, QrError, Symbol};
use super::vector;

/// White around the whole picture, in modules. Nothing else may be printed there.
const CLEAR_SPACE: u32 = QUIET_ZONE;
/// Between artwork and symbol, in modules.
const GAP: u32 = QUIET_ZONE + 2;
/// Smaller letters are not read in print, in millimetres of the em (3.4 points).
const LEAST_EM_MM: f64 = 1.2;
/// From one line's baseline to the next, in ems.
const LEADING: f64 = 1.4;
/// How far letters reach below their baseline, in ems.
const DESCENT: f64 = 0.15;

/// The two kinds of mark picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Symbol of at least 20 mm with the signed token: can be verified offline.
    Full,
    /// Symbol of 10 to 19 mm with the licence id alone: can be verified online only, and says so.
    Mini,
}

/// In which language a picture says what it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    Japanese,
    English,
}

/// On which ground a picture is shown. The symbol itself is dark on white on both: readers need it so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    #[default]
    Light,
    Dark,
}

/// The dark ground.
const DARK: &str = "#14222f";
/// Of the dark ground around what is shown on it, in modules; the symbol's white border lies inside.
const DARK_BORDER: u32 = 2;

/// What one mark picture shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark<'a> {
    /// Full or mini.
    pub kind: Kind,
    pub language: Language,
    pub tone: Tone,
    /// What the symbol says: `https://host/<digits>` or, for a mini mark, `https://host/<licence id>`.
    pub link: &'a str,
    /// The licence id in the letters that people are shown.
    pub licence_id: &'a str,
    /// The symbol's side in millimetres, without quiet zone. Raised to the least that its version needs in print.
    pub symbol_mm: f64,
}

/// Why a mark picture could not be made.
#[derive(Clone, Debug, PartialEq)]
pub enum PictureError {
    /// The link does not become a symbol, or the picture would be too large.
    Symbol(QrError),
    /// The link has no `scheme://host/`.
    NoHost,
    /// A letter that `letters.json` does not have.
    NoGlyph { letter: char },
    /// A line is so long that its letters would be smaller than can be read, in millimetres.
    LineTooLong { line: String, em_mm: f64 },
    /// A mini mark is asked for at the size of a full one.
    NotMini { symbol_mm: f64 },
    /// What was drawn is no file: a fault of ours.
    Failed(String),
}

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Symbol(e) => write!(f, "{e}"),
            Self::NoHost => write!(f, "the link has no host"),
            Self::NoGlyph { letter } => write!(f, "letters.json has no {letter:?}"),
            Self::LineTooLong { line, em_mm } => write!(f, "{line:?} would be printed {em_mm:.2} mm high"),
            Self::NotMini { symbol_mm } => write!(f, "a mini mark of {symbol_mm} mm; use a full mark from 20 mm on"),
            Self::Failed(why) => write!(f, "{why}"),
        }
    }
}

impl error::Error for PictureError {}

impl From<QrError> for PictureError {
    fn from(e: QrError) -> Self {
        Self::Symbol(e)
    }
}

/// One mark, laid out: sizes in modules, everything but the symbol drawn.
struct Sheet {
    symbol: Symbol,
    symbol_mm: f64,
    left: u32,
    top: u32,
    width: u32,
    height: u32,
    ground: &'static str,
    title: String,
    body: String,
}

impl MarkAssets {
    /// The mark as a vector picture with its size in millimetres.
    pub fn svg(&self, mark: &Mark<'_>) -> Result<String, PictureError> {
        let sheet = self.lay_out(mark)?;
        let mm = |modules: u32| sheet.symbol_mm / f64::from(sheet.symbol.side()) * f64::from(modules);
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.4}mm\" height=\"{1:.4}mm\" \
             viewBox=\"0 0 {2} {3}\" role=\"img\">\n<title>{4}</title>\n<path fill=\"{7}\" d=\"M0 0h{2}v{3}h-{2}z\"/>\n{5}\
             <path shape-rendering=\"crispEdges\" d=\"{6}\"/>\n</svg>\n",
            mm(sheet.width),
            mm(sheet.height),
            sheet.width,
            sheet.height,
            sheet.title,
            sheet.body,
            sheet.symbol.path(sheet.left, sheet.top),
            sheet.ground,
        ))
    }

    /// The mark as a PDF page that is exactly as large as the picture, in millimetres.
    pub fn pdf(&self, mark: &Mark<'_>) -> Result<Vec<u8>, PictureError> {
        let language = if mark.language == Language::English { "en" } else { "ja" };
        let title = format!("{} {}", host(mark.link).unwrap_or_default(), mark.licence_id);
        vector::pdf(&self.svg(mark)?, &title, language).map_err(PictureError::Failed)
    }

    /// The mark in pixels for `dpi`: every module a square of whole pixels, the symbol no smaller than asked for.
    pub fn png(&self, mark: &Mark<'_>, dpi: u32) -> Result<Picture, PictureError> {
        let sheet = self.lay_out(mark)?;
        let (scale, symbol_mm) = sheet.symbol.grid(dpi, sheet.symbol_mm, sheet.width)?;
        let png = png::encode(Ink::Colour, sheet.width * scale, sheet.height * scale, dpi, &sheet.pixels(scale));
        Ok(Picture { png, pixels_per_module: scale, symbol_mm })
    }

    fn lay_out(&self, mark: &Mark<'_>) -> Result<Sheet, PictureError> {
        let (symbol, drawings) = match mark.kind {
            Kind::Full => (Symbol::full(mark.link)?, &self.full),
            Kind::Mini => (Symbol::mini(mark.link)?, &self.mini),
        };
        let symbol_mm = mark.symbol_mm.max(symbol.least_mm());
        if mark.kind == Kind::Mini && symbol_mm >= 20.0 {
            return Err(PictureError::NotMini { symbol_mm });
        }
        let is_dark = mark.tone == Tone::Dark;
        let (art, is_made_for_dark) = drawings.nearest(mark.language, mark.tone);
        let margin = CLEAR_SPACE + if is_dark { DARK_BORDER } else { 0 };
        let side = symbol.side();
        let left = margin + side + GAP;
        let width = left + side + margin;
        let mut baseline = f64::from(margin + side + QUIET_ZONE) - 1.0; // a line's leading is white already
        let mut body = String::new();
        if is_dark {
            body += &white(left - QUIET_ZONE, margin - QUIET_ZONE, side + 2 * QUIET_ZONE);
            if !is_made_for_dark {
                body += &white(margin, margin, side);
            }
        }
        body += &art.placed(f64::from(margin), f64::from(margin), f64::from(side));
        body += if is_dark { "<g fill=\"#fff\">\n" } else { "<g>\n" };
        let lines = lines(mark).ok_or(PictureError::NoHost)?;
        for (line, wanted_em) in &lines {
            let room = f64::from(width - 2 * margin) / self.letters.ems(line)?;
            let em = wanted_em.min(room);
            let em_mm = em * symbol_mm / f64::from(side);
            if em_mm < LEAST_EM_MM {
                return Err(PictureError::LineTooLong { line: line.clone(), em_mm });
            }
            baseline += LEADING * em;
            body += &self.letters.drawn(line, f64::from(margin), baseline, em)?;
        }
        body += "</g>\n";
        let height = (baseline + DESCENT * lines[2].1).ceil() as u32 + margin;
        let title = format!("{} {}", host(mark.link).unwrap_or_default(), mark.licence_id);
        let ground = if is_dark { DARK } else { "#fff" };
        Ok(Sheet { symbol, symbol_mm, left, top: margin, width, height, ground, title, body })
    }
}

/// A white square.
fn white(left: u32, top: u32, side: u32) -> String {
    format!("<path fill=\"#fff\" d=\"M{left} {top}h{side}v{side}h-{side}z\"/>\n")
}

impl Sheet {
    /// Red, green and blue of every pixel.
    fn pixels(&self, scale: u32) -> Vec<u8> {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\
             <path fill=\"{3}\" d=\"M0 0h{0}v{1}h-{0}z\"/>{2}</svg>",
            self.width, self.height, self.body, self.ground
        );
        let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).expect("parts that were parsed when loaded");
        let mut map = Pixmap::new(self.width * scale, self.height * scale).expect("a size within the limit");
        map.fill(resvg::tiny_skia::Color::WHITE);
        resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut map.as_mut());
        let mut rgb: Vec<u8> = map.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        let stride = (self.width * scale * 3) as usize;
        let row = |y: u32| y as usize * stride;
        for y in 0..self.symbol.side() {
            for x in (0..self.symbol.side()).filter(|&x| self.symbol.is_dark(x, y)) {
                let from = ((self.left + x) * scale * 3) as usize;
                for line in (self.top + y) * scale..(self.top + y + 1) * scale {
                    rgb[row(line) + from..][..(scale * 3) as usize].fill(0);
                }
            }
        }
        rgb
    }
}

fn host(link: &str) -> Option<&str> {
    link.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(host, _)| host).filter(|h| !h.is_empty())
}

/// The lines under artwork and symbol, with the size of their letters in modules.
fn lines(mark: &Mark<'_>) -> Option<[(String, f64); 3]> {
    let host = host(mark.link)?;
    let words = if mark.language == Language::English { &assets::ENGLISH } else { &assets::JAPANESE };
    Some(match mark.kind {
        Kind::Full => [
            (words.full.into(), 5.8),
            (format!("{} {host}", words.host), 5.8),
            (format!("{} {}", words.id, mark.licence_id), 5.8),
        ],
        Kind::Mini => [(words.mini.into(), 5.4), (host.into(), 5.4), (mark.licence_id.into(), 5.4)],
    })
}

#[cfg(test)]
mod tests;
