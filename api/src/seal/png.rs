//! PNG files that know their physical size, and the pixels to put in them.

/// What a pixel is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// One bit: 0 black, 1 white.
    BlackAndWhite,
    /// Three bytes: red, green, blue.
    Colour,
}

/// The bytes of a PNG of `width` × `height` pixels printed at `dpi`. The same pixels give the same bytes.
pub(super) fn encode(ink: Ink, width: u32, height: u32, dpi: u32, rows: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    let (color, depth) = match ink {
        Ink::BlackAndWhite => (png::ColorType::Grayscale, png::BitDepth::One),
        Ink::Colour => (png::ColorType::Rgb, png::BitDepth::Eight),
    };
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Balanced);
    let per_metre = pixels_per_metre(dpi);
    let dims = png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
    encoder.set_pixel_dims(Some(dims));
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(rows));
    written.expect("the rows fit the size and a vector takes any bytes");
    bytes
}

/// The unit of the pHYs chunk.
pub(super) fn pixels_per_metre(dpi: u32) -> u32 {
    (f64::from(dpi) / 0.0254).round() as u32
}
