//! Node, with packages that this project did not write.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

use serde_json::Value;

const TESTS: &str = env!("CARGO_MANIFEST_DIR");

/// A folder with the OpenID provider's packages: `OTASUKETAI_TEST_OIDC`, or `target/oidc`.
pub fn oidc() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| installed("OTASUKETAI_TEST_OIDC", "oidc", "oidc"))
}

/// A folder with the packages that verify what the register publishes: `OTASUKETAI_TEST_NODE`, or `target/node`.
fn interop() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| installed("OTASUKETAI_TEST_NODE", "node", "interop/node"))
}

/// Made where it is not there, or holds another list of packages.
fn installed(variable: &str, made: &str, from: &str) -> PathBuf {
    let (made, from) = (Path::new(TESTS).join("../target").join(made), Path::new(TESTS).join(from));
    let folder = env::var_os(variable).map_or(made, PathBuf::from);
    let list = |of: &Path| fs::read(of.join("package-lock.json")).ok();
    if !folder.join("node_modules").exists() || list(&folder) != list(&from) {
        install(&from, &folder);
    }
    folder
}

fn install(from: &Path, folder: &Path) {
    fs::create_dir_all(folder).expect("the target folder is ours");
    for file in ["package.json", "package-lock.json"] {
        fs::copy(from.join(file), folder.join(file)).expect("the files are there");
    }
    let npm = Command::new("npm")
        .args(["install", "--omit=dev", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .output()
        .expect("these tests need npm (Debian: apt-get install npm)");
    assert!(npm.status.success(), "{}", String::from_utf8_lossy(&npm.stderr));
}

/// Runs `tests/interop/node/verify.mjs`: the JSON that it prints, or the reason why it refuses what it was given.
pub fn verify(arguments: &[&str]) -> Result<Value, String> {
    let mut node = Command::new("node");
    let run = node.arg(format!("{TESTS}/interop/node/verify.mjs")).arg(interop()).args(arguments).output();
    let run = run.expect("these tests need node 20 or later (Debian: apt-get install nodejs npm)");
    if run.status.success() {
        return Ok(serde_json::from_slice(&run.stdout).expect("it prints JSON"));
    }
    let why = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.code() == Some(1) && why.starts_with("refused: "), "{why}");
    Err(why)
}
