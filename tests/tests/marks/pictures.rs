//! Mark pictures and QR codes as the register serves them.

use tests::{Case, Cast, Client, Database, Demonstration, Mark, Register, declaration, python};

use crate::scanners::{rqrr, size, zbar};

/// Pixels a metre at 300 and 600 dpi.
const PER_METRE: [(u32, u32); 2] = [(300, 11_811), (600, 23_622)];
const QUIET_ZONE: u32 = 4;
const SVG: &str = "image/svg+xml; charset=utf-8";

#[test]
fn every_mark_of_the_demonstration_is_read_back_by_two_readers() {
    let demo = Demonstration::start();
    let client = demo.client();
    let marks = demo.marks();
    assert_eq!(marks.len(), 10, "five services with a provider's mark and a user's each");
    for mark in &marks {
        let mini = format!("{}/{}", client.base(), mark.licence);
        for (file, link) in [("mark", &mark.link), ("qr", &mark.link), ("mini", &mini), ("mini-qr", &mini)] {
            for (dpi, per_metre) in PER_METRE {
                let png = picture(&client, mark, &format!("{file}.png?dpi={dpi}"), "image/png");
                assert_eq!(size(&png).1, per_metre);
                let (symbol, read) = rqrr(&png);
                assert_eq!(&read, link, "{file} at {dpi} dpi by rqrr");
                assert_eq!(&zbar(&png), link, "{file} at {dpi} dpi by zbar");
                assert_eq!(symbol.ecc_level, 0, "level M"); // the two bits of level M are 00
                if file == "qr" {
                    assert_printed_size(&png, symbol.version.0 as u32, dpi);
                }
            }
            let svg = String::from_utf8(picture(&client, mark, &format!("{file}.svg"), SVG)).expect("text");
            assert!(svg.starts_with("<svg ") && svg.contains("mm\" height=\""), "millimetres: {}", &svg[..200]);
        }
        // Without a size it is 300 dpi.
        assert_eq!(
            picture(&client, mark, "mark.png", "image/png"),
            picture(&client, mark, "mark.png?dpi=300", "image/png")
        );
        assert_eq!(mark.png, format!("/licences/{}/mark.png", mark.licence));
    }
}

/// Every picture of one licence's kit, by all three readers: pixels as they are, pages as a printer sees them at 300 dpi;
/// then the symbol of version 9 shown as badly as a hand holds a telephone.
#[test]
fn every_file_of_a_kit_is_read_by_three_readers() {
    let demo = Demonstration::start();
    let client = demo.client();
    let marks = demo.marks();
    let mark = marks.iter().find(|mark| mark.kind == "provider").expect("a provider's mark");
    let mini = format!("{}/{}", client.base(), mark.licence);
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let keep = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("the folder is ours");
    let mut expected = Vec::new();
    for (file, link, size_mm) in [
        ("mark", &mark.link, Some([120.0, 20.0 / 53.0])),
        ("mark-en", &mark.link, None),
        ("mark-dark", &mark.link, Some([124.0, 20.0 / 53.0])),
        ("mark-en-dark", &mark.link, None),
        ("qr", &mark.link, Some([61.0, 20.0 / 53.0])),
        ("mini", &mini, Some([72.0, 12.0 / 29.0])),
        ("mini-en", &mini, None),
        ("mini-dark", &mini, None),
        ("mini-en-dark", &mini, None),
        ("mini-qr", &mini, Some([37.0, 12.0 / 29.0])),
    ] {
        let png = picture(&client, mark, &format!("{file}.png"), "image/png");
        keep(&format!("{file}.png"), &png);
        keep(&format!("{file}.pdf"), &picture(&client, mark, &format!("{file}.pdf"), "application/pdf"));
        expected.push((file, link, size_mm));
    }
    let certificate = client.get(&format!("/licences/{}/certificate.pdf", mark.licence)).send();
    assert_eq!((certificate.status, certificate.header("content-type")), (200, "application/pdf"));
    keep("certificate.pdf", &certificate.body);
    let written = python::read("read_pdf.py", &[folder.path().join("certificate.pdf")]).expect("a PDF file");
    let text = written["pages"][0].as_str().expect("one page");
    for words in ["登録証", mark.holder.as_str(), mark.licence.as_str(), "見本（効力はありません）"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!((&written["tagged"], &written["language"]), (&true.into(), &"ja".into()));
    let pictures = [std::ffi::OsStr::new("read"), folder.path().as_os_str()];
    let read = python::read("read_pictures.py", &pictures).expect("it reads what it can");
    for (file, link, size_mm) in expected {
        for name in [format!("{file}.png"), format!("{file}.pdf")] {
            assert_eq!(read[&name]["texts"], serde_json::json!([link]), "{name} by zxing-cpp");
            let shown = if name.ends_with("pdf") { format!("{name}.png") } else { name.clone() };
            let png = std::fs::read(folder.path().join(shown)).expect("a picture");
            assert_eq!(&rqrr(&png).1, link, "{name} by rqrr");
            assert_eq!(&zbar(&png), link, "{name} by zbar");
        }
        if let Some([modules, module_mm]) = size_mm {
            let wide = read[format!("{file}.pdf")]["mm"][0].as_f64().expect("a width");
            assert!((wide - modules * module_mm).abs() < 0.01, "{file}.pdf is {wide} mm wide");
        }
    }
    assert_eq!(read["certificate.pdf"]["texts"], serde_json::json!([mark.link]));
    let printed = std::fs::read(folder.path().join("certificate.pdf.png")).expect("a page");
    assert_eq!((&rqrr(&printed).1, &zbar(&printed)), (&mark.link, &mark.link), "the certificate's code");
    let fine = folder.path().join("fine.png");
    std::fs::write(&fine, picture(&client, mark, "qr.png?dpi=600", "image/png")).expect("the folder is ours");
    let shown = python::read("read_pictures.py", &["degrade".as_ref(), fine.as_os_str()]).expect("version 9");
    assert_eq!((&shown["misread"], &shown["texts"]), (&0.into(), &serde_json::json!([mark.link])), "{shown}");
}

/// The symbol is 20 mm wide, 22 in version 10, rounded up to whole pixels a module, with its quiet zone around it.
#[track_caller]
fn assert_printed_size(png: &[u8], version: u32, dpi: u32) {
    let ((width, height), _) = size(png);
    assert_eq!(width, height);
    let modules = 17 + 4 * version;
    let scale = width / (modules + 2 * QUIET_ZONE);
    assert_eq!(scale * (modules + 2 * QUIET_ZONE), width, "whole pixels a module");
    let side_mm = |scale: u32| f64::from(scale * modules) * 25.4 / f64::from(dpi);
    let least = if version == 9 { 20.0 } else { 22.0 };
    assert!(side_mm(scale) >= least && side_mm(scale - 1) < least, "{} mm", side_mm(scale));
}

/// The picture is the same each time, anybody may keep it, and whoever has it is told so.
#[track_caller]
fn picture(client: &Client, mark: &Mark, file: &str, kind: &str) -> Vec<u8> {
    let path = format!("/licences/{}/{file}", mark.licence);
    let first = client.get(&path).send();
    assert_eq!((first.status, first.header("content-type")), (200, kind), "{path}");
    assert!(first.header("cache-control").starts_with("public"), "{path}");
    assert_eq!(client.get(&path).send().body, first.body, "{path}");
    let again = client.get(&path).header("if-none-match", first.header("etag")).send();
    assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    first.body
}

/// The budget of a 2 cm print: behind an address of 27 characters a name of 30 bytes makes a token of at most 151 bytes and a
/// symbol of version 9, and the longest name a symbol of version 10, all at level M.
#[test]
fn the_budget_of_bytes_is_kept() {
    let register = Register::new(Database::sqlite());
    let cast = Cast::admit(&register);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let provider = server.client().signed_in(&cast.provider);
    let kanji = "株式会社見本製作所本店営業部大阪支社第一事業所窓口係";
    // A status index takes 1 to 5 bytes, so that the longest name of version 9 is shorter for some than for others.
    for (characters, has_number, versions, kept) in [
        (10, true, 9..=9, 30),
        (9, false, 9..=9, 27),
        (11, true, 9..=10, 33),
        (12, true, 9..=10, 36),
        (22, true, 10..=10, 66),
        (25, true, 10..=10, 66),
    ] {
        let name: String = kanji.chars().take(characters).collect();
        let mut body = case.user(&name);
        if has_number {
            body["holderNumber"] = corporate_number(characters as u64).into();
        }
        let granted = provider.post(&tests::licences(&registration), &body).send().ok();
        let link = granted["link"].as_str().expect("a licence has a link");
        let digits = link.strip_prefix("https://otasuketai.example/").expect("27 characters");
        let token = domain::licence::token::Token::from_decimal(digits).expect("a token");
        let bytes = token.as_bytes().len();
        let version = if bytes <= 151 { 9 } else { 10 };
        assert!(versions.contains(&version) && bytes <= 183, "{characters}: {bytes} bytes");
        let path = format!("/licences/{}/qr.png", granted["id"].as_str().expect("an id"));
        let png = server.client().get(&path).send().body;
        let (symbol, read) = rqrr(&png);
        assert_eq!((symbol.version.0, symbol.ecc_level, read.as_str()), (version, 0, link), "{characters}");
        assert_eq!(zbar(&png), link);
        // The token may hold less of the name than the register knows.
        assert_eq!(granted["holderName"], name);
        let jwks = server.client().get("/.well-known/jwks.json").send().ok();
        let keys =
            api::seal::keys::KeySet::from_jwks(&jwks).expect("a key set").ring(api::seal::keys::Purpose::Licence);
        let claims = token.verify(&keys).expect("our own token").claims;
        assert_eq!(claims.holder_name.len(), kept);
        assert!(name.starts_with(&claims.holder_name));
    }
}

/// A number that passes the check of 法人番号: twelve digits behind their check digit.
fn corporate_number(of: u64) -> String {
    let digits = format!("{of:012}");
    let weighed =
        digits.bytes().rev().zip([1, 2].into_iter().cycle()).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    format!("{}{digits}", 9 - weighed.sum::<u32>() % 9)
}

#[test]
fn no_picture_of_what_is_not_there() {
    let demo = Demonstration::start();
    let client = demo.client();
    let licence = &demo.marks()[0].licence;
    for (path, status) in [
        ("/licences/00000000/mark.png".to_owned(), 404),
        ("/licences/x/mark.png".to_owned(), 404),
        (format!("/licences/{licence}/mark.gif"), 404),
        (format!("/licences/{licence}/mark"), 404),
        (format!("/licences/{licence}/..%2fkeys.pem"), 404),
        (format!("/licences/{licence}/mark.png?dpi=72"), 422),
        (format!("/licences/{licence}/mark.png?dpi=0"), 422),
        (format!("/licences/{licence}/mark.png?dpi=100000000000"), 422),
        (format!("/licences/{licence}/mark.png?dpi=x"), 422),
    ] {
        let answer = client.get(&path).header("accept", "application/json").send();
        assert_eq!((answer.status, answer.header("content-type")), (status, "application/problem+json"), "{path}");
    }
}
