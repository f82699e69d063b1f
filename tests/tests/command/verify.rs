//! `otasuketai verify`, away from the register.

use std::fs;
use std::path::{Path, PathBuf};

use image::{DynamicImage, GrayImage, ImageFormat, imageops};
use serde_json::{Value, json};
use tests::staff::BODY;
use tests::{Database, Demonstration, Mark, Register, past, text};

use crate::{Ended, run};

/// A demonstration, its published keys in a file, and a folder for pictures.
struct Stage {
    demo: Demonstration,
    folder: tempfile::TempDir,
}

impl Stage {
    fn set() -> Self {
        let stage =
            Self { demo: Demonstration::start(), folder: tempfile::tempdir().expect("temporary files can be made") };
        fs::write(stage.keys(), stage.demo.client().get("/.well-known/jwks.json").send().body)
            .expect("the folder is ours");
        stage
    }

    fn keys(&self) -> PathBuf {
        self.folder.path().join("jwks.json")
    }

    fn verify(&self, mark: &str, more: &[&str]) -> Ended {
        let keys = self.keys();
        run(&[&["verify", mark, "--keys", keys.to_str().expect("text")], more].concat())
    }

    fn json(&self, mark: &str, status: i32) -> Value {
        let out = self.verify(mark, &["--json"]).said(status);
        assert_eq!(out.lines().count(), 1, "{out}");
        serde_json::from_str(&out).expect("JSON")
    }

    /// A file in the folder.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let file = self.folder.path().join(name);
        fs::write(&file, bytes).expect("the folder is ours");
        file.into_os_string().into_string().expect("text")
    }

    /// A picture as the register serves it.
    fn picture(&self, mark: &Mark, file: &str) -> Vec<u8> {
        let answer = self.demo.client().get(&format!("/licences/{}/{file}", mark.licence)).send();
        assert_eq!(answer.status, 200);
        answer.body
    }

    /// A picture in a file, under a name that does not give it away.
    fn in_file(&self, mark: &Mark, file: &str) -> String {
        self.file(&format!("{}-{file}.bin", mark.licence), &self.picture(mark, file))
    }
}

fn digits(link: &str) -> &str {
    link.rsplit('/').next().expect("a last part")
}

#[test]
fn a_genuine_mark_from_its_link_its_digits_and_its_pictures() {
    let stage = Stage::set();
    for mark in &stage.demo.marks() {
        let on_a_page = format!("https://somewhere.else/{}", digits(&mark.link));
        for given in [
            mark.link.clone(),
            digits(&mark.link).to_owned(),
            on_a_page,
            // What people's programs hang behind a link.
            format!("{}/", mark.link),
            format!("{}?fbclid=1#top", mark.link),
            stage.in_file(mark, "mark.png"),
            stage.in_file(mark, "qr.png"),
        ] {
            let said = stage.json(&given, 0);
            assert_eq!((&said["answer"], &said["why"]), (&json!("unknown"), &json!("offline")), "{given}");
            assert_eq!((&said["licence"], &said["holder"]["kind"]), (&json!(mark.licence), &json!(mark.kind)));
            assert!(mark.holder.starts_with(text(&said["holder"], "name")), "{said}");
            assert_eq!(said["key"].as_str().map(str::len), Some(8), "four bytes in hexadecimal");
        }
        let prose = stage.verify(&mark.link, &[]).said(0);
        assert!(
            prose.contains("本物です") && prose.contains(&mark.licence) && prose.contains("名前は同じですか"),
            "{prose}"
        );
        let prose = stage.verify(&mark.link, &["--language", "en"]).said(0);
        assert!(prose.starts_with("Genuine (printed term until 20") && prose.contains("Ask the register"), "{prose}");
    }
}

/// A mini mark carries no signature: only the register can say.
#[test]
fn a_mini_mark_is_for_the_register_to_answer() {
    let stage = Stage::set();
    let mark = &stage.demo.marks()[1];
    let link = format!("{}/{}", stage.demo.client().base(), mark.licence);
    for given in [
        link,
        mark.licence.clone(),
        mark.licence.to_lowercase(),
        stage.in_file(mark, "mini.png"),
        stage.in_file(mark, "mini-qr.png"),
    ] {
        let expected = json!({ "answer": "unknown", "why": "mini_mark", "licence": mark.licence });
        assert_eq!(stage.json(&given, 3), expected, "{given}");
    }
    assert!(stage.verify(&mark.licence, &["--language", "en"]).said(3).contains("Ask the register"));
}

#[test]
fn what_is_not_ours_or_altered() {
    let stage = Stage::set();
    let mark = &stage.demo.marks()[0];
    let real = digits(&mark.link);
    let last = if real.ends_with('1') { "2" } else { "1" };
    let altered = format!("{}{last}", &real[..real.len() - 1]);
    for (given, why) in [
        (altered.as_str(), "altered"),
        (&format!("0{real}"), "unreadable"),
        (&format!("{real}0"), "unreadable"),
        (&"9".repeat(100_000), "unreadable"),
        ("https://otasuketai.example/12345678901234567890", "unreadable"),
        ("https://otasuketai.example/", "unreadable"),
        ("https://otasuketai.example/verify", "unreadable"),
    ] {
        assert_eq!(
            stage.json(given, 1),
            json!({ "answer": "not_ours", "why": why }),
            "{}",
            &given[..given.len().min(80)]
        );
        let prose = stage.verify(given, &["--language", "en"]).said(1);
        assert!(prose.starts_with("Not a mark of this register, or altered"), "{prose}");
        assert!(!prose.contains(&mark.holder) && !prose.contains(&real[..12]), "it repeats what was read: {prose}");
    }
    // Genuine elsewhere: these keys are another register's.
    let other = Demonstration::start();
    for mark in other.marks().iter().take(2) {
        assert_eq!(stage.json(&mark.link, 1), json!({ "answer": "not_ours", "why": "unknown_key" }));
    }
}

/// Genuine, and the term that was printed is over: never "valid", never "forged".
#[test]
fn a_print_whose_term_has_ended() {
    let register = Register::new(Database::sqlite());
    let past = past::first_round(&register);
    let auditor = register.admit("auditor", "監査人", BODY);
    let server = register.serve();
    let licence = server.client().signed_in(&auditor).get(&format!("/api/v1/licences/{}", past.licence)).send().ok();
    let keys = register.data().join("jwks.json");
    let verify = |more: &[&str]| {
        let arguments = ["verify", text(&licence, "link"), "--keys", keys.to_str().expect("text")];
        run(&[&arguments, more].concat()).said(2)
    };
    let said: Value = serde_json::from_str(&verify(&["--json"])).expect("JSON");
    assert_eq!((&said["answer"], &said["why"]), (&json!("unknown"), &json!("printed_term_ended")));
    assert_eq!(said["printedTermEndsAt"], "2023-04-30T15:00:00Z");
    let prose = verify(&["--language", "en"]);
    assert!(prose.contains("ended on 2023-04-30") && prose.contains("Ask the register"), "{prose}");
}

/// Beside a genuine mark in a picture, whatever else is there is somebody else's; two genuine marks are two answers.
#[test]
fn several_codes_in_one_picture() {
    let stage = Stage::set();
    let marks = stage.demo.marks();
    let other = Demonstration::start();
    let picture = |of: &Demonstration, mark: &Mark, file: &str| {
        let png = of.client().get(&format!("/licences/{}/{file}", mark.licence)).send().body;
        image::load_from_memory_with_format(&png, ImageFormat::Png).expect("a PNG").into_luma8()
    };
    let ours = picture(&stage.demo, &marks[0], "qr.png");
    let second = picture(&stage.demo, &marks[2], "qr.png");
    let mini = picture(&stage.demo, &marks[0], "mini-qr.png");
    let theirs = picture(&other, &other.marks()[0], "qr.png");

    let said = stage.json(&stage.side_by_side("foreign-first", &[&theirs, &ours]), 0);
    assert_eq!(said["licence"], json!(marks[0].licence));
    let said = stage.json(&stage.side_by_side("with-mini", &[&mini, &ours]), 0);
    assert_eq!((&said["licence"], &said["why"]), (&json!(marks[0].licence), &json!("offline")));
    let said = stage.json(&stage.side_by_side("foreign-mini", &[&theirs, &mini]), 3);
    assert_eq!(said["why"], "mini_mark");
    let said = stage.json(&stage.side_by_side("foreign-only", &[&theirs, &theirs]), 1);
    assert_eq!(said["why"], "unknown_key");

    let both = stage.verify(&stage.side_by_side("both", &[&ours, &second]), &["--json"]).said(0);
    let mut found: Vec<String> =
        both.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON")["licence"].to_string()).collect();
    found.sort();
    let mut expected = [&marks[0], &marks[2]].map(|mark| json!(mark.licence).to_string());
    expected.sort();
    assert_eq!(found, expected);
}

impl Stage {
    /// Pictures beside each other on white, in a file.
    fn side_by_side(&self, name: &str, pictures: &[&GrayImage]) -> String {
        let width = pictures.iter().map(|picture| picture.width() + 40).sum();
        let height = pictures.iter().map(|picture| picture.height()).max().unwrap_or(0) + 80;
        let mut sheet = GrayImage::from_pixel(width, height, image::Luma([255]));
        let mut left = 20;
        for picture in pictures {
            imageops::replace(&mut sheet, *picture, left, 40);
            left += i64::from(picture.width()) + 40;
        }
        let mut png = std::io::Cursor::new(Vec::new());
        DynamicImage::ImageLuma8(sheet).write_to(&mut png, ImageFormat::Png).expect("a PNG can be written");
        self.file(&format!("{name}.png"), png.get_ref())
    }
}

/// Nothing could be read: a file that is no picture, a picture without a code, one made to exhaust the reader.
#[test]
fn files_that_hold_no_mark() {
    let stage = Stage::set();
    assert_eq!(stage.verify("", &[]).status, 4);
    let mark = &stage.demo.marks()[0];
    let png = stage.picture(mark, "mark.png");
    let white = GrayImage::from_pixel(300, 300, image::Luma([255]));
    let jpeg = [b"\xff\xd8\xff\xe0\x00\x10JFIF\x00".as_slice(), &[0x5a; 4_000]].concat();
    let mut wide = png.clone();
    wide[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
    let crc = crc32(&wide[12..29]);
    wide[29..33].copy_from_slice(&crc.to_be_bytes());
    let empty = stage.folder.path().join("empty");
    fs::create_dir(&empty).expect("the folder is ours");
    for (file, word) in [
        (stage.file("mark.jpg", &jpeg), "not a PNG"),
        (stage.file("empty.png", b""), "not a PNG"),
        (stage.file("text.png", b"https://otasuketai.example/123"), "not a PNG"),
        (stage.file("half.png", &png[..png.len() / 2]), "not a PNG"),
        (stage.file("huge.png", &wide), "pixels"),
        (stage.file("fat.png", &vec![0; 33 << 20]), "bytes"),
        (stage.side_by_side("white", &[&white]), "no QR code"),
        ("/no/such/picture.png".to_owned(), "/no/such/picture.png"),
        (empty.to_str().expect("text").to_owned(), "no file"),
        (stage.keys().into_os_string().into_string().expect("text"), "not a PNG"),
    ] {
        stage.verify(&file, &[]).complained(4, &[word]);
        stage.verify(&file, &["--json"]).complained(4, &[word]);
    }
}

/// The checksum of PNG chunks.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// Without good keys nothing is verified, and the file is named.
#[test]
fn keys_that_cannot_be_used() {
    let stage = Stage::set();
    let link = &stage.demo.marks()[0].link;
    let jwks: Value = stage.demo.client().get("/.well-known/jwks.json").send().ok();
    let with = |name: &str, change: &dyn Fn(&mut Value)| {
        let mut changed = jwks.clone();
        change(&mut changed);
        stage.file(name, changed.to_string().as_bytes())
    };
    let zero = data_encoding::BASE64URL_NOPAD.encode(&[0; 32]);
    for (file, status) in [
        ("/no/such/keys.json".to_owned(), 70),
        (stage.file("garbage.json", b"{"), 70),
        (stage.file("array.json", b"[]"), 70),
        (with("secret.json", &|set| set["keys"][0]["d"] = json!("AAAA")), 70),
        (with("weak.json", &|set| set["keys"][0]["x"] = json!(zero)), 70),
        (with("kid.json", &|set| set["keys"][0]["kid"] = json!("AAAAAA")), 70),
        (with("short.json", &|set| set["keys"][0]["x"] = json!("AAAA")), 70),
    ] {
        run(&["verify", link, "--keys", &file]).complained(status, &[&file]);
    }
    // A set without our key is a set that knows us not.
    for file in [
        with("empty.json", &|set| set["keys"] = json!([])),
        with("log-only.json", &|set| set["keys"] = json!([set["keys"][2]])),
    ] {
        let out = run(&["verify", link, "--keys", &file, "--json"]).said(1);
        assert_eq!(serde_json::from_str::<Value>(&out).expect("JSON")["why"], "unknown_key");
    }
    run(&["verify", link]).complained(64, &["--keys"]);
    run(&["verify", "--keys", "x"]).complained(64, &["<MARK>"]);
    assert!(Path::new(&stage.keys()).exists());
}

/// A folder of pictures and lists of links, one line each: a mark, what is none, and what cannot be read.
#[test]
fn many_marks_at_once() {
    let stage = Stage::set();
    let marks = stage.demo.marks();
    let folder = stage.folder.path().join("many");
    fs::create_dir(&folder).expect("the folder is ours");
    let keep = |name: &str, bytes: &[u8]| fs::write(folder.join(name), bytes).expect("the folder is ours");
    keep("a.png", &stage.picture(&marks[0], "mark.png"));
    keep("b.png", &stage.picture(&marks[1], "mini.png"));
    let forged = format!("{}1", marks[1].link);
    keep("c.txt", format!("\u{feff}{}\r\n\r\n{forged}\r\n", marks[1].link).as_bytes());
    keep("d.bin", &[0xff; 100]);
    let given = folder.to_str().expect("text");
    let said = stage.verify(given, &["--json"]).said(4);
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let file = |value: &Value| text(value, "file").rsplit('/').next().expect("a name").to_owned();
    let told: Vec<(String, String)> =
        lines.iter().map(|line| (file(line), line["answer"].as_str().unwrap_or("error").to_owned())).collect();
    let expected = [
        ("a.png", "unknown"),
        ("b.png", "unknown"),
        ("c.txt:1", "unknown"),
        ("c.txt:3", "not_ours"),
        ("d.bin", "error"),
    ];
    assert_eq!(told, expected.map(|(file, answer)| (file.to_owned(), answer.to_owned())));
    assert_eq!((&lines[0]["licence"], &lines[1]["why"]), (&json!(marks[0].licence), &json!("mini_mark")));

    let table = stage.verify(given, &["--csv"]).said(4);
    let rows: Vec<&str> = table.strip_prefix('\u{feff}').expect("a mark for spreadsheets").split("\r\n").collect();
    assert_eq!(rows[0], "file,answer,why,licence,kind,holderName,legalEntityNumber,printedTermEndsAt");
    assert_eq!(rows.len(), 7, "{table}");
    assert!(rows[1].contains(&format!(",unknown,offline,{},", marks[0].licence)), "{}", rows[1]);
    assert!(rows[4].contains(",not_ours,") && rows[5].contains("d.bin,,"), "{table}");

    let prose = stage.verify(folder.join("c.txt").to_str().expect("text"), &["--language", "en"]).said(1);
    assert!(prose.contains("c.txt:1\nGenuine") && prose.contains("c.txt:3\nNot a mark of this register"), "{prose}");
    fs::remove_dir_all(&folder).expect("ours");
    fs::create_dir(&folder).expect("ours");
    stage.verify(given, &["--csv"]).complained(4, &["many", "no file"]);
    stage.verify(&format!("{given}/nowhere"), &[]).complained(4, &["nowhere"]);
}
