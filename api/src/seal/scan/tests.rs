use image::{GenericImage, ImageFormat, Rgba, RgbaImage};

use super::super::qr::Symbol;
use super::super::qr::tests::link;
use super::*;

fn file(picture: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn symbol(link: &str) -> RgbaImage {
    let symbol = Symbol::full(link).or_else(|_| Symbol::mini(link)).unwrap();
    image::load_from_memory(&symbol.png(300, 20.0).unwrap().png).unwrap().into_rgba8()
}

#[test]
fn several_codes_are_read_from_top_to_bottom_each_once() {
    let (first, second) = (link(30), "https://otasuketai.example/04HMASW9".to_owned());
    let mut page = RgbaImage::from_pixel(1200, 1600, Rgba([250, 250, 240, 255]));
    page.copy_from(&symbol(&second), 700, 900).unwrap();
    page.copy_from(&symbol(&first), 100, 60).unwrap();
    page.copy_from(&symbol(&first), 100, 1100).unwrap();
    assert_eq!(scan_png(&file(page)), Ok(vec![first, second]));
}

#[test]
fn a_transparent_ground_is_white() {
    let link = link(30);
    let mut picture = symbol(&link);
    for pixel in picture.pixels_mut() {
        pixel.0 = [0, 0, 0, 255 - pixel.0[0]];
    }
    assert_eq!(scan_png(&file(picture)), Ok(vec![link]));
}

#[test]
fn every_kind_of_pixel_is_read() {
    let link = link(30);
    let picture = DynamicImage::from(symbol(&link));
    for picture in [
        DynamicImage::from(picture.to_luma8()),
        picture.to_luma16().into(),
        picture.to_luma_alpha8().into(),
        picture.to_rgb8().into(),
        picture.to_rgba16().into(),
    ] {
        assert_eq!(scan_png(&file(picture)), Ok(vec![link.clone()]));
    }
}

#[test]
fn pictures_without_a_readable_code_say_so() {
    let blank = RgbaImage::from_pixel(300, 300, Rgba([255; 4]));
    assert_eq!(scan_png(&file(blank)), Err(ScanError::NoCode));
    assert_eq!(scan_png(&file(RgbaImage::new(1, 1))), Err(ScanError::NoCode));
    let mut scratched = symbol(&link(30));
    let corner = image::imageops::crop_imm(&scratched, 60, 110, 180, 80).to_image();
    scratched.copy_from(&RgbaImage::from_pixel(corner.width(), corner.height(), Rgba([255; 4])), 60, 110).unwrap();
    assert_eq!(scan_png(&file(scratched)), Err(ScanError::Unreadable { codes: 1 }));
}

#[test]
fn files_made_to_exhaust_the_reader_are_refused() {
    assert_eq!(scan_png(b""), Err(ScanError::NotAPng));
    assert_eq!(scan_png(b"\x89PNG\r\n\x1a\n"), Err(ScanError::NotAPng));
    assert_eq!(scan_png(&vec![0; MAX_BYTES + 1]), Err(ScanError::TooManyBytes { bytes: MAX_BYTES + 1 }));
    let whole = file(symbol(&link(30)));
    for cut in (0..whole.len()).step_by(97) {
        assert_eq!(scan_png(&whole[..cut]), Err(ScanError::NotAPng), "{cut}");
    }
    // A head that promises 40 000 × 40 000 pixels is believed before anything is unpacked.
    let mut bomb = Vec::new();
    let mut encoder = png::Encoder::new(&mut bomb, 40_000, 40_000);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().unwrap().write_chunk(png::chunk::IDAT, &[0; 9]).unwrap();
    assert_eq!(scan_png(&bomb), Err(ScanError::TooManyPixels { width: 40_000, height: 40_000 }));
}

/// Whatever is done to a picture, the reader answers.
#[test]
fn damaged_pixels_never_stop_the_reader() {
    let link = link(30);
    let mut seed = 1u32;
    let mut next = |below: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % below
    };
    for _ in 0..40 {
        let mut picture = symbol(&link);
        for _ in 0..next(6) {
            let (x, y) = (next(picture.width() - 60), next(picture.height() - 60));
            let patch = GrayImage::from_fn(60, 60, |_, _| image::Luma([if next(2) == 0 { 0 } else { 255 }]));
            let patch = DynamicImage::from(patch).into_rgba8();
            picture.copy_from(&patch, x, y).unwrap();
        }
        match scan_png(&file(picture)) {
            Ok(texts) => assert_eq!(texts, std::slice::from_ref(&link)),
            Err(e) => assert!(matches!(e, ScanError::NoCode | ScanError::Unreadable { .. }), "{e}"),
        }
    }
}
