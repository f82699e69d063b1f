//! QR readers that this project did not write.

use std::process::Command;

use image::ImageReader;
use rqrr::{MetaData, PreparedImage};

/// What `rqrr` reads in a PNG that holds one code, and how the symbol is made.
#[track_caller]
pub fn rqrr(png: &[u8]) -> (MetaData, String) {
    let picture = ImageReader::with_format(std::io::Cursor::new(png), image::ImageFormat::Png).decode().expect("a PNG");
    let grey = picture.into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    let mut prepared = PreparedImage::prepare_from_greyscale(width, height, |x, y| grey.as_raw()[y * width + x]);
    let grids = prepared.detect_grids();
    let [grid] = &grids[..] else { panic!("{} codes in one picture", grids.len()) };
    grid.decode().expect("rqrr reads it")
}

/// What `zbarimg` (Debian: zbar-tools) reads.
#[track_caller]
pub fn zbar(png: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let file = folder.path().join("mark.png");
    std::fs::write(&file, png).expect("the folder is ours");
    let read = Command::new("zbarimg").args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(&file).output();
    let read = read.expect("these tests need zbarimg (Debian: apt-get install zbar-tools)");
    assert!(read.status.success(), "zbarimg: {}{}", read.status, String::from_utf8_lossy(&read.stderr));
    String::from_utf8(read.stdout).expect("links are ASCII").trim_end().to_owned()
}

/// Pixels a side and pixels a metre, as the file's own header says.
pub fn size(png: &[u8]) -> ((u32, u32), u32) {
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    let phys = png.windows(4).position(|four| four == b"pHYs").expect("a pHYs chunk");
    assert_eq!((number(phys + 4), png[phys + 12]), (number(phys + 8), 1), "the same both ways, in metres");
    ((number(16), number(20)), number(phys + 4))
}
