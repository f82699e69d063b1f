//! `--help`, which teaches.

use crate::run;

/// Every task and what its help must explain.
const TASKS: [(&[&str], &[&str]); 12] = [
    (&["demo"], &["fresh register", "--data", "--listen", "--json", "--no-serve", "default: 127.0.0.1:8080"]),
    (
        &["serve"],
        &[
            "Serves the register",
            "--config",
            "--base-url",
            "QR code",
            "--passphrase-file",
            "OTASUKETAI_PASSPHRASE",
            "--requests-per-second",
            "default: 100",
            "--encrypted-network",
            "--trusted-proxy",
            "X-Forwarded-For",
            "--oidc-issuer",
            "--oidc-hosts",
            "OTASUKETAI_OIDC_CLIENT_SECRET",
            "--check",
        ],
    ),
    (
        &["assess"],
        &[
            "criteria of a day",
            "0 when every criterion is met",
            "1 when one is unmet",
            "2 when a person must judge",
            "3 when",
            "--on",
            "--json",
        ],
    ),
    (
        &["verify"],
        &[
            "offline",
            "public keys",
            "0 when the mark is genuine",
            "1 when it is not ours",
            "2 when",
            "3 when only the register",
            "4 when nothing",
            "--keys",
        ],
    ),
    (&["fsck"], &["from the acts", "0 when nothing differs", "1 when something does", "2 when it could not", "--keys"]),
    (
        &["admin"],
        &[
            "Organisations and people",
            "invite",
            "people",
            "dismiss",
            "link",
            "end-sessions",
            "unlock",
            "erase",
            "sweep",
        ],
    ),
    (&["admin", "invite"], &["once, within 15 minutes", "secretariat", "--organisation", "--until"]),
    (&["admin", "people"], &["everybody ever admitted"]),
    (&["admin", "link"], &["lost every way to sign in", "--identity-check", "in_person", "--reason"]),
    (&["keys"], &["public keys", "jwks", "vkey", "cose", "did", "pem", "two people", "prove", "check"]),
    (&["keys", "prove"], &["--key", "--challenge", "16 to 128"]),
    (&["keys", "check"], &["0 when the key is held", "1 when"]),
];

#[test]
fn help_says_what_a_task_does_and_what_it_ends_with() {
    let all = run(&["--help"]).said(0);
    for (task, _) in TASKS {
        assert!(all.contains(&format!("  {} ", task[0])), "{task:?} is not listed: {all}");
    }
    for word in [
        "登録簿",
        "the register of cybersecurity services",
        "otasuketai demo",
        "64 when the command line is wrong",
        "70 when",
    ] {
        assert!(all.contains(word), "{word}: {all}");
    }
    for (task, words) in TASKS {
        let help = run(&[task, &["--help"]].concat()).said(0);
        let flat = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(flat.contains(word), "{task:?} does not mention {word:?}: {help}");
        }
        // Every option has its words.
        for option in help.lines().filter(|line| line.trim_start().starts_with("--")) {
            let own =
                help.split_once(option).map(|(_, rest)| rest.lines().nth(1).unwrap_or_default()).unwrap_or_default();
            let described = option.trim().contains("  ") || own.starts_with("          ");
            assert!(described, "{task:?}: {option}");
        }
    }
    assert!(run(&["--version"]).said(0).starts_with("otasuketai 0."));
}

#[test]
fn a_command_line_that_cannot_be_read() {
    for (arguments, word) in [
        (&[][..], "Usage"),
        (&["nothing"], "nothing"),
        (&["admin"], "Usage"),
        (&["admin", "invite", "--role", "king", "--name", "x"], "king"),
        (&["admin", "invite", "--role", "auditor", "--name", "x"], "--organisation"),
        (&["admin", "invite", "--role", "auditor", "--organisation", "ipa"], "--name"),
        (&["admin", "organisation", "--kind", "guild", "--name", "x", "--id", "x"], "guild"),
        (&["admin", "dismiss", "P-1"], "--reason"),
        (&["keys", "--format", "xml"], "xml"),
        (&["keys", "prove", "--key", "01020304", "--challenge", "short"], "16"),
        (&["serve", "--port", "1"], "--port"),
    ] {
        run(arguments).complained(64, &[word]);
    }
}
