//! Settings by flag, environment and file; a wrong one stops the start and names itself.

use std::fs;
use std::path::PathBuf;

use tests::otasuketai;

use crate::Ended;

/// A folder with a settings file.
struct Stage {
    folder: tempfile::TempDir,
}

impl Stage {
    fn set(settings: &str) -> Self {
        let folder = tempfile::tempdir().expect("temporary files can be made");
        fs::write(folder.path().join("passphrase"), "test only\nand nothing else\n").expect("the folder is ours");
        let stage = Self { folder };
        let text = settings.replace("HERE", stage.folder.path().to_str().expect("text"));
        fs::write(stage.config(), text).expect("the folder is ours");
        stage
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("settings.toml")
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).into_os_string().into_string().expect("text")
    }

    /// Runs with the file, these variables and these arguments.
    fn run(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
        let mut command = otasuketai(arguments);
        command.arg("--config").arg(self.config()).envs(variables.iter().copied());
        Ended::of(command)
    }
}

const WHOLE: &str =
    "data = \"HERE/data\"\npassphrase-file = \"HERE/passphrase\"\nbase-url = \"https://file.example\"\n";

/// Where the register is reached stands in the log's verifier key.
fn host(ended: Ended) -> String {
    let out = ended.said(0);
    out.split_once("/log+").expect("a verifier key").0.to_owned()
}

#[test]
fn a_flag_wins_over_the_environment_and_that_over_the_file() {
    let stage = Stage::set(WHOLE);
    let vkey = ["keys", "--format", "vkey"];
    let by_flag = [&vkey[..], &["--base-url", "https://flag.example"]].concat();
    let variable = [("OTASUKETAI_BASE_URL", "https://environment.example")];
    // The file first, so that the keys are there: making them is told on standard error.
    stage.run(&[("OTASUKETAI_LOG", "off")], &vkey);
    assert_eq!(host(stage.run(&[], &vkey)), "file.example");
    assert_eq!(host(stage.run(&variable, &vkey)), "environment.example");
    assert_eq!(host(stage.run(&variable, &by_flag)), "flag.example");
    assert_eq!(host(stage.run(&[], &by_flag)), "flag.example");
    // The file's own name can come from the environment.
    let mut command = otasuketai(&vkey);
    command.env("OTASUKETAI_CONFIG", stage.config());
    assert_eq!(host(Ended::of(command)), "file.example");
    // And so can the passphrase itself, which then wins over its file.
    stage.run(&[("OTASUKETAI_PASSPHRASE", "another")], &vkey).complained(70, &["keys.pem"]);
}

#[test]
fn a_wrong_setting_is_named_with_its_reason() {
    let stage = Stage::set(WHOLE);
    for (arguments, words) in [
        (&["--listen", "8080"][..], &["--listen", "8080"][..]),
        (&["--listen", "127.0.0.1:99999"], &["--listen", "99999"]),
        (&["--base-url", "otasuketai.example"], &["--base-url", "begin with https://"]),
        (&["--base-url", "https://a.example/path"], &["--base-url", "scheme, host and port only"]),
        (
            &["--base-url", "https://a-very-long-name-of-a-register.example"],
            &["--base-url", "too long for a mark's QR code"],
        ),
        (&["--database", "mysql://x/y"], &["mysql"]),
        (&["--database", "nonsense"], &["nonsense"]),
        (&["--passphrase-file", "/no/such/file"], &["--passphrase-file", "/no/such/file"]),
        (&["--mark-assets", "/no/such/folder"], &["/no/such/folder"]),
        (&["--data", "/dev/null/data"], &["--data", "/dev/null/data"]),
        (&["--log", "a=b=c"], &["--log", "a=b=c"]),
    ] {
        let ended = stage.run(&[("OTASUKETAI_LOG", "off")], &[&["serve", "--check"], arguments].concat());
        ended.complained(70, words);
        assert!(ended.err.starts_with("otasuketai: ") && ended.err.lines().count() <= 6, "{}", ended.err);
    }
    assert!(stage.run(&[("OTASUKETAI_LOG", "off")], &["serve", "--check"]).said(0).contains("the settings are good"));
}

/// It speaks plain HTTP: whoever lets other machines ask it says what encrypts the way.
#[test]
fn it_listens_on_this_machine_unless_the_network_encrypts() {
    let stage = Stage::set(WHOLE);
    let quiet = ("OTASUKETAI_LOG", "off");
    let check = |listen: &'static str, more: &[&'static str], variables: &[(&str, &str)]| {
        stage.run(&[&[quiet], variables].concat(), &[&["serve", "--check", "--listen", listen], more].concat())
    };
    for here in ["127.0.0.1:8080", "127.9.9.9:1", "[::1]:8080"] {
        check(here, &[], &[]).said(0);
    }
    for elsewhere in ["0.0.0.0:8080", "[::]:8080", "192.168.1.2:8080", "10.0.0.1:8080", "[fd00::1]:8080"] {
        check(elsewhere, &[], &[]).complained(70, &["--listen", elsewhere, "--encrypted-network", "TLSなし"]);
        check(elsewhere, &["--encrypted-network"], &[]).said(0);
        check(elsewhere, &[], &[("OTASUKETAI_ENCRYPTED_NETWORK", "true")]).said(0);
    }
    // Naming the proxy is not saying how one gets there.
    check("0.0.0.0:8080", &["--trusted-proxy", "10.0.0.2"], &[]).complained(70, &["--encrypted-network"]);
    check("0.0.0.0:8080", &[], &[("OTASUKETAI_ENCRYPTED_NETWORK", "false")]).complained(70, &["--encrypted-network"]);
    let listens = format!("{WHOLE}listen = \"0.0.0.0:8080\"\n");
    Stage::set(&listens).run(&[quiet], &["serve", "--check"]).complained(70, &["--encrypted-network"]);
    Stage::set(&format!("{listens}encrypted-network = true\n")).run(&[quiet], &["serve", "--check"]).said(0);
}

#[test]
fn signing_in_with_gbizid_takes_all_of_its_settings() {
    let stage = Stage::set(WHOLE);
    fs::write(stage.path("secret"), "hidden\n").expect("ours");
    fs::write(stage.path("empty"), "\n").expect("ours");
    let (secret, empty) = (stage.path("secret"), stage.path("empty"));
    let issuer = ["--oidc-issuer", "https://login.example/"];
    let id = ["--oidc-client-id", "register"];
    let file = |path| ["--oidc-client-secret-file", path];
    let check = |variables: &[(&str, &str)], settings: &[[&str; 2]]| {
        let variables = [&[("OTASUKETAI_LOG", "off")], variables].concat();
        stage.run(&variables, &[&["serve", "--check"], settings.as_flattened()].concat())
    };
    let hidden = ("OTASUKETAI_OIDC_CLIENT_SECRET", "hidden");
    check(&[], &[issuer, id, file(&secret)]).said(0);
    check(&[hidden], &[issuer, id]).said(0);
    check(&[hidden], &[issuer, id, ["--oidc-hosts", "keys.example,tokens.example:8443"]]).said(0);
    check(&[hidden, ("OTASUKETAI_OIDC_ISSUER", issuer[1])], &[id]).said(0);
    for (variables, settings, words) in [
        (&[][..], &[issuer][..], &["--oidc-client-id is missing", "がありません"][..]),
        (&[], &[id], &["--oidc-issuer is missing"]),
        (&[hidden], &[], &["--oidc-issuer is missing"]),
        (&[hidden], &[issuer], &["--oidc-client-id is missing"]),
        (&[], &[issuer, id], &["--oidc-client-secret-file (", "--oidc-client-secret-file is missing"]),
        (&[], &[issuer, id, file("/no/such/file")], &["--oidc-client-secret-file", "/no/such/file"]),
        (&[], &[issuer, id, file(&empty)], &["--oidc-client-secret-file", "client_secret is empty"]),
        (&[], &[["--oidc-issuer", "http://login.example/"], id, file(&secret)], &["--oidc-issuer", "https:// URL"]),
        (&[], &[issuer, ["--oidc-client-id", ""], file(&secret)], &["--oidc-client-id", "client_id is empty"]),
        (
            &[],
            &[issuer, id, file(&secret), ["--oidc-hosts", "keys.example,https://tokens.example"]],
            &["--oidc-hosts", "host and port only", "https://tokens.example"],
        ),
        (&[], &[["--oidc-hosts", "keys.example"]], &["--oidc-issuer is missing"]),
    ] {
        let ended = check(variables, settings);
        ended.complained(70, words);
        assert!(!ended.err.contains("hidden"), "{}", ended.err);
    }
    let by_file = format!(
        "{WHOLE}oidc-issuer = \"https://login.example/\"\noidc-client-id = \"register\"\n\
         oidc-hosts = [\"keys.example\"]\n"
    );
    let stage = Stage::set(&by_file);
    stage.run(&[("OTASUKETAI_LOG", "off"), hidden], &["serve", "--check"]).said(0);
    stage.run(&[], &["serve", "--check"]).complained(70, &["--oidc-client-secret-file is missing"]);
    // Whoever does not serve signs nobody in.
    assert_eq!(stage.run(&[("OTASUKETAI_LOG", "off")], &["keys"]).status, 0);
}

#[test]
fn a_file_with_a_mistake_names_it() {
    for (settings, words) in [
        ("base_url = \"https://a.example\"", &["base_url", "line 1"][..]),
        ("data = \"HERE/data\"\nlisten = 8080\n", &["listen", "line 2"]),
        ("data = \"HERE/data\"\ndata = \"HERE/other\"\n", &["data", "line 2", "duplicate"]),
        ("data: HERE/data", &["line 1"]),
        ("requests-per-second = -1", &["requests-per-second", "line 1"]),
        ("trusted-proxy = [\"proxy.example\"]", &["trusted-proxy", "line 1"]),
        ("oidc-client-secret = \"that everybody reads\"", &["oidc-client-secret", "line 1"]),
        ("[server]\nlisten = \"127.0.0.1:1\"\n", &["server"]),
        ("passphrase = \"in a file that everybody reads\"", &["passphrase", "line 1"]),
    ] {
        let stage = Stage::set(settings);
        let path = stage.config();
        let ended = stage.run(&[], &["serve", "--check"]);
        ended.complained(70, &["--config", path.to_str().expect("text")]);
        ended.complained(70, words);
        assert!(!ended.err.contains("everybody reads"), "what stands there may be a secret: {}", ended.err);
    }
    let mut command = otasuketai(&["serve", "--check", "--config", "/no/such/settings.toml"]);
    command.env_remove("OTASUKETAI_CONFIG");
    Ended::of(command).complained(70, &["--config", "/no/such/settings.toml"]);
}

#[test]
fn keys_open_with_their_passphrase_only() {
    let stage = Stage::set(WHOLE);
    let first = stage.run(&[("OTASUKETAI_LOG", "off")], &["keys"]);
    assert_eq!(first.status, 0, "{first:?}");
    fs::write(stage.path("wrong"), "not this one\n").expect("ours");
    stage.run(&[], &["keys", "--passphrase-file", &stage.path("wrong")]).complained(70, &["keys.pem"]);
    fs::write(stage.path("empty"), "\n").expect("ours");
    stage.run(&[], &["keys", "--passphrase-file", &stage.path("empty")]).complained(70, &[]);
    let without = Stage::set("data = \"HERE/data\"\n");
    without.run(&[], &["keys"]).complained(70, &["--passphrase-file", "OTASUKETAI_PASSPHRASE"]);
    assert!(!fs::exists(without.path("data")).expect("it can be asked"), "nothing is made");
    // The same keys again.
    assert_eq!(stage.run(&[], &["keys"]).said(0), first.out);
}

/// Keys of one register do not open the database of another.
#[test]
fn keys_and_database_belong_together() {
    let (one, other) = (Stage::set(WHOLE), Stage::set(WHOLE));
    for stage in [&one, &other] {
        assert_eq!(stage.run(&[("OTASUKETAI_LOG", "off")], &["keys"]).status, 0);
    }
    fs::copy(other.path("data/keys.pem"), one.path("data/keys.pem")).expect("both are there");
    one.run(&[], &["serve", "--check", "--log", "off"]).complained(70, &["not this register's"]);
}
