//! Verification by libraries that this project did not write, from the published keys alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::{env, fs};

use serde_json::{Value, json};
use tests::Demonstration;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop");

/// A Python with the pinned libraries: `OTASUKETAI_TEST_VENV`, or `target/venv`, made where it is not there.
fn python() -> &'static Path {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    PYTHON.get_or_init(|| {
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/venv");
        let folder = env::var_os("OTASUKETAI_TEST_VENV").map_or(made, PathBuf::from);
        let python = folder.join("bin/python");
        let requirements = format!("{FOLDER}/requirements.txt");
        let is_ready =
            || Command::new(&python).args(["-c", "import cwt, pycose"]).output().is_ok_and(|run| run.status.success());
        if !is_ready() {
            let venv = Command::new("python3").args(["-m", "venv"]).arg(&folder).output();
            succeeded(venv.expect("these tests need python3 (Debian: apt-get install python3-venv)"));
            let pip = Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--requirement", &requirements])
                .output();
            succeeded(pip.expect("a virtual environment has pip"));
        }
        python
    })
}

#[track_caller]
fn succeeded(run: Output) {
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}

/// What the library makes of a link with these keys: the claims, or its reason to refuse.
fn verify(library: &str, link: &str, keys: &Path) -> Result<Value, String> {
    let run = Command::new(python())
        .args([&format!("{FOLDER}/verify_cwt.py"), "--library", library, link])
        .arg(keys)
        .output()
        .expect("the script can be started");
    if run.status.success() {
        return Ok(serde_json::from_slice(&run.stdout).expect("it prints JSON"));
    }
    let why = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(1), "{why}");
    assert!(why.starts_with("refused: "), "{why}");
    Err(why)
}

#[test]
fn others_verify_our_marks_and_refuse_what_is_altered() {
    let (demo, other) = (Demonstration::start(), Demonstration::start());
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let publish = |of: &Demonstration, name: &str| {
        let file = folder.path().join(name);
        fs::write(&file, of.client().get("/.well-known/jwks.json").send().body).expect("the folder is ours");
        file
    };
    let (keys, other_keys) = (publish(&demo, "ours.json"), publish(&other, "theirs.json"));
    let marks = demo.marks();
    for library in ["cwt", "pycose"] {
        for mark in &marks {
            let claims = verify(library, &mark.link, &keys).unwrap_or_else(|why| panic!("{library}: {why}"));
            let said = demo.client().get(&format!("/api/v1/marks/{}", mark.licence)).send().ok();
            let kind = if mark.kind == "provider" { 1 } else { 2 };
            assert_eq!((&claims["profile"], &claims["kind"]), (&json!(1), &json!(kind)), "{library}");
            assert!(
                said["holder"]["name"]
                    .as_str()
                    .is_some_and(|name| name.starts_with(claims["holderName"].as_str().unwrap_or("?")))
            );
            let id: domain::licence::LicenceId = mark.licence.parse().expect("an id");
            let bytes = data_encoding::HEXLOWER.decode(claims["licence"].as_str().unwrap_or_default().as_bytes());
            assert_eq!(bytes.as_deref(), Ok(&id.to_bytes()[..]), "{library}");
        }
        let link = &marks[0].link;
        let (host, digits) = link.rsplit_once('/').expect("a link has a last part");
        let bytes = num_bigint::BigUint::parse_bytes(digits.as_bytes(), 10).expect("digits").to_bytes_be();
        // In the holder's name, in the expiry, in the signature: one bit.
        for at in [20, bytes.len() - 90, bytes.len() - 70, bytes.len() - 1] {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            let forged = format!("{host}/{}", num_bigint::BigUint::from_bytes_be(&forged));
            assert!(verify(library, &forged, &keys).is_err(), "{library}: byte {at}");
        }
        assert!(verify(library, link, &other_keys).is_err(), "{library}: other keys");
    }
}
