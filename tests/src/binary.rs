//! The binary under test.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The built `otasuketai`, of the profile these tests are built in.
///
/// Cargo is asked once a process to bring it up to date, so that nobody tests an old one unawares; that takes a moment
/// when nothing has changed. `OTASUKETAI_BINARY` names another binary to test as it is.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| env::var_os("OTASUKETAI_BINARY").map_or_else(build, PathBuf::from))
}

fn build() -> PathBuf {
    // A test stands at target/<profile>/deps/<name>-<hash>, the binary at target/<profile>/otasuketai.
    let test = env::current_exe().expect("a process knows its own file");
    let folder = test.parent().and_then(Path::parent).expect("tests stand two folders below the target folder");
    let profile = if folder.ends_with("debug") { "dev".as_ref() } else { folder.file_name().expect("it has a name") };
    let built = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--quiet", "--package", "api", "--bin", "otasuketai", "--profile"])
        .arg(profile)
        .args(["--manifest-path", concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")])
        .output()
        .expect("cargo can be started");
    assert!(built.status.success(), "otasuketai does not build:\n{}", String::from_utf8_lossy(&built.stderr));
    folder.join("otasuketai")
}
