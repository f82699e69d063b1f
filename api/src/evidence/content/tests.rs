//! Every kind of file, made here to the byte: those that are taken and what is found in them, and those that are not,
//! each with its own reason.

mod pdf;

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};

use super::*;
use crate::evidence::shelf::Shelf;

/// What is found in a file of these bytes.
async fn found(bytes: &[u8]) -> Result<Found, NotTaken> {
    examine(&arrived(bytes).await).await.map_err(|failure| match failure {
        Failure::Not(not) => not,
        Failure::Unavailable(why) => panic!("{why}"),
    })
}

async fn arrived(bytes: &[u8]) -> Arrived {
    let mut arriving = Shelf::in_memory().begin([0; 16]).await.unwrap();
    arriving.write(Bytes::copy_from_slice(bytes)).await.unwrap();
    arriving.finish().await.unwrap()
}

/// What others are shown of a file of these bytes.
async fn shown(bytes: &[u8]) -> Vec<u8> {
    match found(bytes).await.unwrap().shown {
        None => bytes.to_vec(),
        Some(pieces) => pieces
            .into_iter()
            .flat_map(|piece| match piece {
                Piece::Kept(range) => bytes[range.start as usize..range.end as usize].to_vec(),
                Piece::Written(bytes) => bytes.to_vec(),
            })
            .collect(),
    }
}

/// What a file is, its bytes, and its kind and pages or why it is not taken.
type Line<'a> = (&'a str, Vec<u8>, Result<(Media, Option<u32>), NotTaken>);

async fn check(table: &[Line<'_>]) {
    for (what, bytes, expected) in table {
        let found = found(bytes).await.map(|found| (found.media, found.pages));
        assert_eq!(found, *expected, "{what}");
    }
}

fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

// Archives

struct Member<'a> {
    name: &'a str,
    content: &'a [u8],
    /// What the directory says it unpacks to, where that is a lie.
    claimed: Option<u32>,
    flags: u16,
    method: u16,
}

fn member<'a>(name: &'a str, content: &'a [u8]) -> Member<'a> {
    Member { name, content, claimed: None, flags: 0, method: 8 }
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    zip_of(&members.iter().map(|(name, content)| member(name, content)).collect::<Vec<_>>())
}

fn zip_of(members: &[Member<'_>]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for Member { name, content, claimed, flags, method } in members {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        let data = if *method == 8 { encoder.finish().unwrap() } else { content.to_vec() };
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let size = claimed.unwrap_or(content.len() as u32);
        let at = bytes.len() as u32;
        let mut fields = Vec::new();
        fields.extend_from_slice(&flags.to_le_bytes());
        fields.extend_from_slice(&method.to_le_bytes());
        fields.extend_from_slice(&[0; 4]);
        for number in [crc.sum(), data.len() as u32, size] {
            fields.extend_from_slice(&number.to_le_bytes());
        }
        fields.extend_from_slice(&(name.len() as u16).to_le_bytes());
        fields.extend_from_slice(&[0; 2]);
        bytes.extend_from_slice(b"PK\x03\x04\x14\0");
        bytes.extend_from_slice(&fields);
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(&data);
        directory.extend_from_slice(b"PK\x01\x02\x14\0\x14\0");
        directory.extend_from_slice(&fields);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    close(bytes, &directory, members.len() as u16)
}

fn close(mut bytes: Vec<u8>, directory: &[u8], count: u16) -> Vec<u8> {
    let at = bytes.len() as u32;
    bytes.extend_from_slice(directory);
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&at.to_le_bytes());
    bytes.extend_from_slice(&[0; 2]);
    bytes
}

/// The list of parts of an office file whose main part is this.
fn types(main: &str) -> Vec<u8> {
    format!("<?xml version=\"1.0\"?><Types><Override PartName=\"/x\" ContentType=\"application/{main}\"/></Types>")
        .into_bytes()
}

const WORD: &str = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
const EXCEL: &str = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const SLIDES: &str = "vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
const LIST: &str = "[Content_Types].xml";

#[tokio::test]
async fn office_files() {
    let word = types(WORD);
    let with = |more: Member<'_>| zip_of(&[member(LIST, &word), more]);
    let refused = |more: Member<'_>, not| (String::from(more.name), with(more), Err(not));
    let many: Vec<(String, &[u8])> = (0..5_000).map(|n| (format!("p{n}"), &b""[..])).collect();
    let many: Vec<_> =
        std::iter::once((LIST, &word[..])).chain(many.iter().map(|(name, content)| (&name[..], *content))).collect();
    let both = join(&[&types(WORD), &types(EXCEL)]);
    let large = vec![0; 301_000_000];
    check(&[
        ("Word", with(member("word/document.xml", b"<w/>")), Ok((Media::Docx, None))),
        (
            "Excel",
            zip(&[
                (LIST, &types(EXCEL)),
                ("xl/worksheets/sheet1.xml", b"<s/>"),
                ("xl/worksheets/sheet2.xml", b"<s/>"),
                ("xl/worksheets/_rels/sheet1.xml.rels", b"<r/>"),
            ]),
            Ok((Media::Xlsx, Some(2))),
        ),
        ("PowerPoint", zip(&[("ppt/slides/slide1.xml", b"<s/>"), (LIST, &types(SLIDES))]), Ok((Media::Pptx, Some(1)))),
        ("not packed", zip_of(&[Member { method: 0, ..member(LIST, &word) }]), Ok((Media::Docx, None))),
        ("with an empty folder", with(Member { method: 0, ..member("word/", b"") }), Ok((Media::Docx, None))),
        ("as many parts as there may be", zip(&many[..5_000]), Ok((Media::Docx, None))),
        ("one more", zip(&many), Err(NotTaken::Bomb)),
        ("two at once", zip(&[(LIST, &both)]), Err(NotTaken::Mixed)),
        ("an archive", zip(&[("a.txt", b"a")]), Err(NotTaken::Archive)),
        ("an archive with a list", zip(&[(LIST, b"<Types/>")]), Err(NotTaken::Archive)),
        ("Java", zip(&[("META-INF/MANIFEST.MF", b"Main-Class: a")]), Err(NotTaken::Archive)),
        ("an empty archive", close(Vec::new(), b"", 0), Err(NotTaken::Archive)),
        (
            "macros by the list",
            zip(&[(LIST, &types("vnd.ms-word.document.macroEnabled.main+xml"))]),
            Err(NotTaken::Macros),
        ),
        (
            "unpacked larger than it says",
            with(Member { claimed: Some(10), ..member("a", &[7; 100_000]) }),
            Err(NotTaken::Bomb),
        ),
        (
            "unpacked smaller than it says",
            with(Member { claimed: Some(1_000), ..member("a", b"b") }),
            Err(NotTaken::Broken),
        ),
        ("unpacked to too much", with(member("a", &large)), Err(NotTaken::Bomb)),
        ("cut short", with(member("a", b"b"))[..60].to_vec(), Err(NotTaken::Broken)),
        ("with bytes behind", join(&[&with(member("a", b"b")), b"MZ"]), Err(NotTaken::Broken)),
        (
            "with a PDF in front",
            zip_of(&[Member { method: 0, ..member("a", b"%PDF-1.4") }, member(LIST, &word)]),
            Err(NotTaken::Mixed),
        ),
    ])
    .await;
    for (what, bytes, expected) in [
        refused(member("word/vbaProject.bin", b"x"), NotTaken::Macros),
        refused(member("word/activeX/activeX1.xml", b"x"), NotTaken::Macros),
        refused(Member { flags: 1, ..member("locked", b"x") }, NotTaken::Encrypted),
        refused(Member { method: 14, ..member("lzma", b"x") }, NotTaken::Broken),
        refused(member("../up", b"x"), NotTaken::Broken),
        refused(member("/root", b"x"), NotTaken::Broken),
        refused(member("C:\\x", b"x"), NotTaken::Broken),
        refused(member("[CONTENT_TYPES].xml", b"x"), NotTaken::Broken),
    ] {
        check(&[(&what, bytes, expected)]).await;
    }
}

/// Forms of an archive that no program writes.
#[tokio::test]
async fn archives_that_lie() {
    let word = types(WORD);
    let good = zip(&[(LIST, &word), ("a", b"bbbbbbbb")]);
    assert!(found(&good).await.is_ok());
    let begin = good.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
    // Two entries for the same bytes, under two names: the beginning of a bomb of overlapping parts.
    let mut directory = good[begin..good.len() - 22].to_vec();
    let second = directory.windows(4).rposition(|window| window == b"PK\x01\x02").unwrap();
    let mut again = directory[second..].to_vec();
    *again.last_mut().unwrap() = b'c';
    directory.extend_from_slice(&again);
    let overlapping = close(good[..begin].to_vec(), &directory, 3);
    assert_eq!(found(&overlapping).await.unwrap_err(), NotTaken::Bomb);
    // The directory and the part's own header name it differently.
    let mut renamed = good.clone();
    let own = good.windows(4).rposition(|window| window == b"PK\x03\x04").unwrap() + 30;
    assert_eq!(std::mem::replace(&mut renamed[own], b'z'), b'a');
    assert_eq!(found(&renamed).await.unwrap_err(), NotTaken::Mixed);
    // Something stands between the parts and the directory.
    let gap = close(join(&[&good[..begin], &[0; 100]]), &good[begin..good.len() - 22], 2);
    assert_eq!(found(&gap).await.unwrap_err(), NotTaken::Mixed);
    // More entries than the format of before 2001 can count.
    let mut large = good.clone();
    let end = large.len() - 22;
    large[end + 10..end + 12].copy_from_slice(&[0xff, 0xff]);
    assert_eq!(found(&large).await.unwrap_err(), NotTaken::Bomb);
    // A comment behind the end, in which another file could lie.
    let mut commented = good.clone();
    let end = commented.len();
    commented[end - 2] = 3;
    commented.extend_from_slice(b"abc");
    assert_eq!(found(&commented).await.unwrap_err(), NotTaken::Mixed);
}

// Pictures

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(name);
    crc.update(data);
    join(&[&(data.len() as u32).to_be_bytes(), name, data, &crc.sum().to_be_bytes()])
}

fn header(width: u32, height: u32) -> Vec<u8> {
    chunk(b"IHDR", &join(&[&width.to_be_bytes(), &height.to_be_bytes(), &[8, 2, 0, 0, 0]]))
}

fn png(chunks: &[Vec<u8>]) -> Vec<u8> {
    join(&[image::PNG, &chunks.concat()])
}

#[tokio::test]
async fn png_files() {
    let (head, data, end) = (header(1, 1), chunk(b"IDAT", &zlib(&[0, 1, 2, 3])), chunk(b"IEND", b""));
    let plain = png(&[head.clone(), data.clone(), end.clone()]);
    let good = Ok((Media::Png, None));
    let mut damaged = plain.clone();
    damaged[45] ^= 1;
    check(&[
        ("plain", plain.clone(), good),
        ("the largest", png(&[header(10_000, 10_000), data.clone(), end.clone()]), good),
        ("one row more", png(&[header(10_000, 10_001), data.clone(), end.clone()]), Err(NotTaken::Bomb)),
        ("without rows", png(&[header(1, 0), data.clone(), end.clone()]), Err(NotTaken::Broken)),
        ("without data", png(&[head.clone(), end.clone()]), Err(NotTaken::Broken)),
        ("without head", png(&[data.clone(), end.clone()]), Err(NotTaken::Broken)),
        ("with two heads", png(&[head.clone(), head.clone(), data.clone(), end.clone()]), Err(NotTaken::Broken)),
        ("without end", png(&[head.clone(), data.clone()]), Err(NotTaken::Broken)),
        ("damaged", damaged, Err(NotTaken::Broken)),
        ("with a script behind it", join(&[&plain, b"<script>"]), Err(NotTaken::Mixed)),
        ("with an archive behind it", join(&[&plain, &zip(&[("a", b"b")])]), Err(NotTaken::Mixed)),
    ])
    .await;
    // The program image reads what we made, so that it is a PNG and not only what we take for one.
    let mut real = std::io::Cursor::new(Vec::new());
    ::image::DynamicImage::new_rgb8(3, 2).write_to(&mut real, ::image::ImageFormat::Png).unwrap();
    let real = real.into_inner();
    assert_eq!(found(&real).await.unwrap().media, Media::Png);
    // Texts, Exif, the time, what nobody knows, and frames that move go; colours and transparency stay.
    let told = [
        chunk(b"tEXt", b"Author\0Hanako"),
        chunk(b"eXIf", b"MM\0*Tokyo"),
        chunk(b"tIME", b"\x07\xea\x01\x01\0\0\0"),
        chunk(b"prVt", b"secret"),
    ];
    let stays = [chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]), chunk(b"tRNS", &[0; 6])];
    let telling = png(&[&[head.clone()][..], &told[..2], &stays, &told[2..], &[data.clone(), end.clone()]].concat());
    let bare = png(&[&[head][..], &stays, &[data, end]].concat());
    assert_eq!(shown(&telling).await, bare);
    assert!(found(&bare).await.unwrap().shown.is_none());
    let mut whole = real[..33].to_vec();
    whole.extend(told.concat());
    whole.extend_from_slice(&real[33..]);
    assert_eq!(shown(&whole).await, real);
}

fn segment(marker: u8, data: &[u8]) -> Vec<u8> {
    join(&[&[0xff, marker], &(data.len() as u16 + 2).to_be_bytes(), data])
}

/// An Exif segment with a place and which way up the picture is.
fn exif(is_big: bool, turned: u8) -> Vec<u8> {
    let (two, four) = (
        |n: u16| if is_big { n.to_be_bytes() } else { n.to_le_bytes() },
        |n: u32| if is_big { n.to_be_bytes() } else { n.to_le_bytes() },
    );
    let mark: &[u8] = if is_big { b"MM" } else { b"II" };
    let place = join(&[&two(0x010f), &two(2), &four(4), b"CAM\0"]);
    let way = join(&[&two(0x0112), &two(3), &four(1), &two(turned.into()), &two(0)]);
    segment(0xe1, &join(&[b"Exif\0\0", mark, &two(42), &four(8), &two(2), &place, &way, &four(0), b"35.68N 139.76E"]))
}

#[tokio::test]
async fn jpeg_files() {
    let jfif = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let frame = |height: u16, width: u16| {
        segment(0xc0, &join(&[&[8], &height.to_be_bytes(), &width.to_be_bytes(), &[1, 1, 0x11, 0]]))
    };
    let scan = join(&[&segment(0xda, &[1, 1, 0, 0, 63, 0]), b"data\xff\0data\xff\xd0data"]);
    let (begin, end): (&[u8], &[u8]) = (b"\xff\xd8", b"\xff\xd9");
    let picture = join(&[&frame(1, 1), &scan, end]);
    let plain = join(&[begin, &jfif, &picture]);
    let good = Ok((Media::Jpeg, None));
    check(&[
        ("plain", plain.clone(), good),
        ("with fill bytes", join(&[begin, b"\xff\xff", &jfif, &picture]), good),
        ("of several scans", join(&[begin, &frame(1, 1), &scan, &scan, end]), good),
        ("too many pixels", join(&[begin, &frame(10_001, 10_000), &scan, end]), Err(NotTaken::Bomb)),
        ("without a frame", join(&[begin, &scan, end]), Err(NotTaken::Broken)),
        ("without a scan", join(&[begin, &frame(1, 1), end]), Err(NotTaken::Broken)),
        ("without an end", join(&[begin, &frame(1, 1), &scan]), Err(NotTaken::Broken)),
        ("cut in a segment", plain[..10].to_vec(), Err(NotTaken::Broken)),
        ("with bytes between segments", join(&[begin, &jfif, b"MZ", &picture]), Err(NotTaken::Broken)),
        ("with a program behind it", join(&[&plain, b"MZ\x90"]), Err(NotTaken::Mixed)),
        ("with an archive in a comment", join(&[begin, &segment(0xfe, &zip(&[("a", b"b")])), &picture]), good),
        (
            "whose archive reaches to its end",
            {
                let reach = picture.len() as u16;
                let mut archive = zip(&[("a", b"b")]);
                let end = archive.len() - 2;
                archive[end..].copy_from_slice(&reach.to_le_bytes());
                join(&[begin, &segment(0xfe, &archive), &picture])
            },
            Err(NotTaken::Mixed),
        ),
    ])
    .await;
    let mut real = std::io::Cursor::new(Vec::new());
    // The encoder is not built in; these bytes are a picture of one pixel that other programs made.
    real.write_all(&data_encoding::BASE64.decode(REAL.as_bytes()).unwrap()).unwrap();
    assert_eq!(found(&real.into_inner()).await.unwrap().media, Media::Jpeg);
    // What is told beside the picture goes, and which way up it is stays.
    let told = join(&[
        &segment(0xfe, b"by Hanako"),
        &segment(0xed, b"Photoshop 3.0\0Tokyo"),
        &segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x/>"),
    ]);
    let icc = segment(0xe2, b"ICC_PROFILE\0\x01\x01profile");
    assert_eq!(shown(&join(&[begin, &jfif, &told, &icc, &picture])).await, join(&[begin, &jfif, &icc, &picture]));
    for is_big in [true, false] {
        let seen = shown(&join(&[begin, &jfif, &exif(is_big, 6), &told, &picture])).await;
        assert_eq!(seen.len(), begin.len() + 36 + jfif.len() + picture.len());
        assert!(!seen.windows(3).any(|window| window == b"CAM") && !seen.windows(5).any(|window| window == b"35.68"));
        // What is left says the same way up, to whoever reads it as we do, and is taken itself.
        let again = found(&seen).await.unwrap();
        assert_eq!(again.media, Media::Jpeg);
        assert_eq!(shown(&seen).await, seen, "the same again");
        let upright = shown(&join(&[begin, &exif(is_big, 1), &picture])).await;
        assert_eq!(upright, join(&[begin, &picture]));
    }
    // The small picture in a head, and pictures behind the first.
    let thumbnail = segment(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01abc");
    assert_eq!(shown(&join(&[begin, &thumbnail, &picture, &plain])).await, join(&[begin, &picture]));
}

/// A pixel as libjpeg writes it.
const REAL: &str = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/wAALCAABAAEBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APn+v//Z";

// Text

#[tokio::test]
async fn csv_files() {
    let good = Ok((Media::Csv, None));
    // 月,件数 and 一月,3 as Japanese Excel writes them; the second byte of 表 is a backslash.
    let excel = b"\x8c\x8e,\x8c\x8f\x90\x94\r\n\x88\xea\x8c\x8e\x95\x5c,3\r\n".to_vec();
    let eicar = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
    check(&[
        ("UTF-8", "月,件数\n一月,3\n".into(), good),
        ("with a mark", "\u{feff}月,件数\r\n".into(), good),
        ("Shift_JIS", excel, good),
        ("half-width kana", b"\xb1\xb2,\xb3\n".to_vec(), good),
        ("with tabs", "a\tb\n".into(), good),
        ("with semicolons", "a;b\n".into(), good),
        ("a head like a program's", "MZ,BM\n".into(), good),
        ("one column", "a\nb\n".into(), Err(NotTaken::Unknown)),
        ("EICAR", eicar.into(), Err(NotTaken::Unknown)),
        ("a zero byte", b"a,b\0\n".to_vec(), Err(NotTaken::Unknown)),
        ("an escape", b"a,\x1b[31m\n".to_vec(), Err(NotTaken::Unknown)),
        ("neither encoding", b"a,\xfd\xff\n".to_vec(), Err(NotTaken::Unknown)),
        ("cut in a character", "a,月".as_bytes()[..3].to_vec(), Err(NotTaken::Unknown)),
        ("SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>a,b</script></svg>".into(), Err(NotTaken::Markup)),
        ("HTML behind blanks", "\u{feff} \n<!doctype html><title>a,b</title>".into(), Err(NotTaken::Markup)),
        ("nothing", Vec::new(), Err(NotTaken::Empty)),
    ])
    .await;
    // A character at every place of the border between two pieces.
    for before in 65_530..65_540 {
        let text = format!("a,{}月火水\n", "b".repeat(before));
        assert_eq!(found(text.as_bytes()).await.unwrap().media, Media::Csv, "{before}");
    }
}

#[tokio::test]
async fn what_is_known_not_to_be_taken() {
    for (bytes, not) in [
        (&b"MZ\x90\0\x03\0"[..], NotTaken::Executable),
        (b"\x7fELF\x02\x01", NotTaken::Executable),
        (b"#!/bin/sh\necho a,b\n", NotTaken::Executable),
        (b"\xca\xfe\xba\xbe\0\0", NotTaken::Executable),
        (b"L\0\0\0\x01\x14\x02\0", NotTaken::Executable),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotTaken::OldOffice),
        (b"{\\rtf1 a,b}", NotTaken::OldOffice),
        (b"GIF89a\x01\0", NotTaken::OtherImage),
        (b"RIFF\0\0\0\0WEBPVP8 ", NotTaken::OtherImage),
        (b"\0\0\0\x18ftypheic", NotTaken::OtherImage),
        (b"II*\0\x08\0", NotTaken::OtherImage),
        (b"BM\x36\0\0\0", NotTaken::OtherImage),
        (b"7z\xbc\xaf\x27\x1c", NotTaken::Archive),
        (b"\x1f\x8b\x08\0", NotTaken::Archive),
        (b"\x01\x02\x03", NotTaken::Unknown),
    ] {
        assert_eq!(found(bytes).await.unwrap_err(), not, "{}", String::from_utf8_lossy(bytes));
    }
}
