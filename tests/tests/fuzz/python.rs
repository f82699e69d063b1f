//! The Python with the pinned libraries.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::{env, fs};

/// The folder of its programs, in `OTASUKETAI_TEST_VENV` or `target/venv`, made where it is not there.
pub fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/venv");
        let folder = env::var_os("OTASUKETAI_TEST_VENV").map_or(made, PathBuf::from);
        let programs = folder.join("bin");
        if !programs.join("schemathesis").exists() {
            install(&folder);
        }
        fs::canonicalize(programs).expect("it was made")
    })
}

fn install(folder: &Path) {
    let venv = Command::new("python3").args(["-m", "venv"]).arg(folder).output();
    succeeded(venv.expect("these tests need python3 (Debian: apt-get install python3-venv)"));
    let requirements = concat!(env!("CARGO_MANIFEST_DIR"), "/interop/requirements.txt");
    let pip = Command::new(folder.join("bin/python"))
        .args(["-m", "pip", "install", "--quiet", "--requirement", requirements])
        .output();
    succeeded(pip.expect("a virtual environment has pip"));
}

#[track_caller]
fn succeeded(run: Output) {
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}
