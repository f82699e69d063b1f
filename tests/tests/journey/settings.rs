//! A wrong setting stops the start, and says which setting and why.

use std::fs;
use std::net::TcpListener;

use tests::{Database, Register, otasuketai};

/// `otasuketai serve` must end at once, without a listener, and say `expected`.
#[track_caller]
fn refuses(register: &Register, arguments: &[&str], environment: &[(&str, &str)], expected: &str) {
    let mut command = register.command(&[&["serve"], arguments].concat());
    let output = command.envs(environment.iter().copied()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains(expected), "{arguments:?}: {}: {said}", output.status);
}

#[test]
fn a_wrong_setting_stops_the_start() {
    let register = Register::new(Database::sqlite());
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let taken = taken.local_addr().expect("it is bound").to_string();
    let file = |name: &str, text: &str| {
        let path = register.data().with_file_name(name);
        fs::write(&path, text).expect("the folder is ours");
        path.into_os_string().into_string().expect("its name is text")
    };
    let no_folder = file("a-file", "");
    for (arguments, expected) in [
        (vec!["--listen", "localhost"], "--listen"),
        (vec!["--listen", &taken], "--listen"),
        (vec!["--config", "no-such-file.toml"], "--config"),
        (vec!["--config", &file("typo.toml", "listne = \"127.0.0.1:0\"\n")], "listne"),
        (vec!["--config", &file("not.toml", "listen: 1\n")], "--config"),
        (vec!["--mark-assets", &no_folder], "a-file"),
        (vec!["--log", "api=loud"], "--log"),
        (vec!["--no-such-flag"], "--no-such-flag"),
    ] {
        refuses(&register, &arguments, &[], expected);
    }
    assert!(register.run(&["serve", "--check"]).contains("the settings are good"));
}

/// The same for the settings that the harness itself gives.
#[test]
fn a_wrong_address_folder_or_database_stops_the_start() {
    let place = Register::new(Database::sqlite());
    let serve = |data: &str, settings: &[&str], passphrase: &str| {
        let mut command = otasuketai(&["serve", "--listen", "127.0.0.1:0", "--data", data]);
        let output = command.args(settings).env("OTASUKETAI_PASSPHRASE", passphrase).output().expect("it runs");
        assert!(!output.status.success(), "{settings:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let folder = place.data();
    let data = folder.to_str().expect("its name is text");
    for (settings, expected) in [
        (["--base-url", "otasuketai.example"], "--base-url"),
        (["--base-url", "https://otasuketai.example/register"], "--base-url"),
        (["--base-url", "https://a-name-that-is-too-long-for-a-mark.example"], "--base-url"),
        (["--database", "mysql://root:geheim@127.0.0.1/register"], "mysql://127.0.0.1/register"),
        (["--database", "sqlite::memory:"], "sqlite::memory:"),
        (["--database", "sqlite:///no-such-folder/register.sqlite?mode=rwc"], "cannot be opened"),
        // Nobody listens on the discard port.
        (["--database", "postgres://postgres:geheim@127.0.0.1:9/register"], "cannot be opened"),
    ] {
        let said = serve(data, &settings, "test only");
        assert!(said.contains(expected), "{settings:?}: {said}");
        assert!(!said.contains("geheim"), "a password is nobody's business: {said}");
    }
    let file = folder.with_file_name("a-file");
    fs::write(&file, "").expect("the folder is ours");
    assert!(serve(file.to_str().expect("text"), &[], "test only").contains("--data"));
}

#[test]
fn keys_open_with_their_passphrase_and_belong_to_their_register() {
    let register = Register::new(Database::sqlite());
    register.run(&["serve", "--check"]);
    refuses(&register, &[], &[("OTASUKETAI_PASSPHRASE", "another one")], "keys.pem");
    refuses(&register, &[], &[("OTASUKETAI_PASSPHRASE", "")], "keys.pem");

    // Another register's keys are not this one's, even with their own passphrase.
    let other = Register::new(Database::sqlite());
    other.run(&["serve", "--check"]);
    let keys = register.data().join("keys.pem");
    let own = fs::read(&keys).expect("the keys were made");
    fs::copy(other.data().join("keys.pem"), &keys).expect("the folder is ours");
    refuses(&register, &[], &[], "not this register's");
    // Nor does it go on without any: that would sign for the same log with a new key.
    fs::remove_file(&keys).expect("the folder is ours");
    refuses(&register, &[], &[], "is missing");
    assert!(!keys.exists(), "none are made in their place");
    fs::write(&keys, own).expect("the folder is ours");
}
