//! The Python with the pinned libraries that this project did not write.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::{env, fs};

use serde_json::Value;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/interop");

/// What must be there; looked for without loading it.
const NEEDED: &str = "import importlib.util as u; \
    assert all(u.find_spec(n) for n in ('cwt', 'pycose', 'schemathesis', 'pypdf', 'trestle', 'aiosmtpd', 'standardwebhooks', \
    'zxingcpp', 'pypdfium2', 'numpy', 'PIL'))";

/// The folder of its programs, in `OTASUKETAI_TEST_VENV` or `target/venv`, made or completed where it must be.
pub fn programs() -> &'static Path {
    static PROGRAMS: OnceLock<PathBuf> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/venv");
        let folder = env::var_os("OTASUKETAI_TEST_VENV").map_or(made, PathBuf::from);
        let python = folder.join("bin/python");
        if !Command::new(&python).args(["-c", NEEDED]).output().is_ok_and(|run| run.status.success()) {
            install(&folder, &python);
        }
        fs::canonicalize(folder.join("bin")).expect("it was made")
    })
}

fn install(folder: &Path, python: &Path) {
    let venv = Command::new("python3").args(["-m", "venv"]).arg(folder).output();
    succeeded(venv.expect("these tests need python3 (Debian: apt-get install python3-venv)"));
    let requirements = format!("{FOLDER}/requirements.txt");
    let pip = Command::new(python).args(["-m", "pip", "install", "--quiet", "--requirement", &requirements]).output();
    succeeded(pip.expect("a virtual environment has pip"));
}

#[track_caller]
fn succeeded(run: Output) {
    assert!(run.status.success(), "{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
}

/// Runs a script of `tests/interop`: the JSON that it prints, or the reason why it refuses what it was given.
pub fn read<A: AsRef<OsStr>>(script: &str, arguments: &[A]) -> Result<Value, String> {
    let mut python = Command::new(programs().join("python"));
    let run = python.arg(format!("{FOLDER}/{script}")).args(arguments).output().expect("the script can be started");
    if run.status.success() {
        return Ok(serde_json::from_slice(&run.stdout).expect("it prints JSON"));
    }
    let why = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(1), "{why}");
    assert!(why.starts_with("refused: "), "{why}");
    Err(why)
}
