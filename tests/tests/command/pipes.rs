//! Output that nobody reads any more: a task goes on or ends, and never panics.

use std::process::Stdio;

use tests::staff::BODY;
use tests::{Database, Register, otasuketai};

fn osaka() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/examples/declaration/valid/osaka-cci.json").to_owned()
}

#[test]
fn a_closed_pipe_is_no_panic() {
    let register = Register::new(Database::sqlite());
    register.admit("auditor", "監査人", BODY);
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let data = folder.path().join("data");
    let demo = || otasuketai(&["demo", "--no-serve", "--log", "off", "--data", data.to_str().expect("text")]);
    for (mut command, status) in [
        (otasuketai(&["--help"]), 0),
        (otasuketai(&["serve", "--help"]), 0),
        (otasuketai(&["nothing"]), 64),
        (otasuketai(&["assess", &osaka(), "--on", "2021-04-15"]), 2),
        (otasuketai(&["assess", &osaka(), "--on", "2021-04-15", "--json"]), 2),
        (otasuketai(&["assess", "/no/such/file"]), 3),
        (register.command(&["keys"]), 0),
        (register.command(&["admin", "people"]), 0),
        (register.command(&["fsck"]), 0),
        (demo(), 0),
    ] {
        // Both ends closed before the first word.
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        drop(process.stdout.take());
        drop(process.stderr.take());
        let ended = process.wait().expect("ours");
        assert_eq!(ended.code(), Some(status), "{command:?}: {ended}");
    }
}
