//! Reading the QR codes in a picture file, with limits against files made to exhaust the reader.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::time::Duration;
use std::{error, fmt, thread};

use image::codecs::png::PngDecoder;
use image::{DynamicImage, GrayImage, ImageDecoder, Limits, imageops};
use rqrr::PreparedImage;

/// The largest file that is read.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The largest picture that is unpacked: an A4 page at 600 dpi.
pub const MAX_PIXELS: u64 = 36_000_000;
const PATIENCE: Duration = Duration::from_secs(10);
/// A code that is not found at full size may be found in the picture made smaller: less noise, fewer pixels a module.
const SHRINKINGS: [u32; 3] = [1, 2, 3];

/// Why no code was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanError {
    /// The file has more than [`MAX_BYTES`] bytes.
    TooManyBytes { bytes: usize },
    /// The picture has more than [`MAX_PIXELS`] pixels.
    TooManyPixels { width: u32, height: u32 },
    /// Not a PNG file, or a damaged one.
    NotAPng,
    /// No QR code in the picture.
    NoCode,
    /// What looks like this many QR codes, none of which can be read.
    Unreadable { codes: usize },
    /// The reader did not come to an end in time, as only a picture made for that does.
    GaveUp,
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyBytes { bytes } => write!(f, "{bytes} bytes; at most {MAX_BYTES} are read"),
            Self::TooManyPixels { width, height } => {
                write!(f, "{width} × {height} pixels; at most {MAX_PIXELS} are read")
            }
            Self::NotAPng => write!(f, "not a PNG picture, or a damaged one"),
            Self::NoCode => write!(f, "no QR code found in the picture"),
            Self::Unreadable { codes } => write!(f, "{codes} QR code(s) found, none of them readable"),
            Self::GaveUp => write!(f, "no QR code found in {} seconds", PATIENCE.as_secs()),
        }
    }
}

impl error::Error for ScanError {}

/// The texts of all QR codes that can be read in a PNG file, each once, from top to bottom. At least one.
///
/// Takes a second for a large photograph, and a thread of its own, which a picture made for that purpose can keep busy
/// after the answer: for the command, not for pictures that strangers send to a server.
pub fn scan_png(file: &[u8]) -> Result<Vec<String>, ScanError> {
    let picture = grey(file)?;
    let (answer, awaited) = mpsc::channel();
    // The receiver may have given up by then, and nobody else wants to know.
    thread::spawn(move || answer.send(search(&picture)).ok());
    awaited.recv_timeout(PATIENCE).unwrap_or(Err(ScanError::GaveUp))
}

fn grey(file: &[u8]) -> Result<GrayImage, ScanError> {
    if file.len() > MAX_BYTES {
        return Err(ScanError::TooManyBytes { bytes: file.len() });
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_PIXELS * 8); // the most a pixel takes: four channels of 16 bits
    let decoder = PngDecoder::with_limits(Cursor::new(file), limits).map_err(|_| ScanError::NotAPng)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ScanError::TooManyPixels { width, height });
    }
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| ScanError::NotAPng)?.into_luma_alpha8();
    let on_white = picture.pixels().map(|pixel| {
        let [luma, alpha] = pixel.0.map(u16::from);
        ((luma * alpha + 255 * (255 - alpha)) / 255) as u8
    });
    Ok(GrayImage::from_raw(width, height, on_white.collect()).expect("one byte for each pixel"))
}

fn search(picture: &GrayImage) -> Result<Vec<String>, ScanError> {
    let mut codes = 0;
    for times in SHRINKINGS {
        // rqrr asserts that a code it believes to see lies in the plane; some pictures of none at all break that.
        let seen = catch_unwind(AssertUnwindSafe(|| read_codes(picture, times)));
        let Ok((found, texts)) = seen else { continue };
        if !texts.is_empty() {
            return Ok(texts);
        }
        codes = codes.max(found);
    }
    Err(if codes == 0 { ScanError::NoCode } else { ScanError::Unreadable { codes } })
}

fn read_codes(picture: &GrayImage, times: u32) -> (usize, Vec<String>) {
    let (width, height) = (picture.width() / times, picture.height() / times);
    let smaller = (times > 1).then(|| imageops::thumbnail(picture, width.max(1), height.max(1)));
    let picture = smaller.as_ref().unwrap_or(picture);
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixels = picture.as_raw();
    let mut prepared = PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let mut grids = prepared.detect_grids();
    grids.sort_by_key(|grid| (grid.bounds[0].y, grid.bounds[0].x));
    let mut texts: Vec<String> = Vec::new();
    for (_, text) in grids.iter().filter_map(|grid| grid.decode().ok()) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    (grids.len(), texts)
}

#[cfg(test)]
mod tests;
