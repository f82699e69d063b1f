//! The scheme sees no clock, files, network, randomness, database or web: by what it depends on, and by a lint.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Every crate the domain is built on, with its own dependencies, and what it is there for. Another one is a decision:
/// read what it can see, then write it down here.
///
/// `ed25519-dalek` takes `rand_core` only to make keys (`SigningKey::generate`), a feature that is off: keys are made at
/// the edge and handed in. Signing draws nothing, it is deterministic (RFC 8032).
const DEPENDENCIES: &str = "
    domain                      this crate
    bs58                        the base 58 of Multikey and data integrity proofs
    data-encoding               hexadecimal and base64
    ed25519-dalek               signatures: curve25519-dalek curve25519-dalek-derive ed25519 signature subtle zeroize
    pkcs8                       keys' encodings, of ed25519-dalek: base64ct const-oid der pem-rfc7468 spki
    sha2                        hashes: block-buffer cfg-if cpufeatures crypto-common digest hybrid-array typenum
    flate2                      status lists: adler2 crc32fast miniz_oxide simd-adler32
    include_dir                 edition files, built in: include_dir_macros
    minicbor                    tokens
    num-bigint                  a token's digits: num-integer num-traits
    serde                       wire forms: serde_core serde_derive
    serde_json                  JSON: itoa memchr zmij
    serde_json_canonicalizer    RFC 8785: ryu-js
    time                        the calendar: deranged num-conv powerfmt time-core time-macros
    toml                        edition files: serde_spanned toml_datetime toml_parser toml_writer winnow
    unicode-normalization       names: tinyvec
    syn                         of the derives: proc-macro2 quote unicode-ident
";

fn allowed() -> BTreeSet<&'static str> {
    let rows = DEPENDENCIES.lines().map(str::trim).filter(|row| !row.is_empty());
    rows.flat_map(|row| {
        let (name, purpose) = row.split_once(' ').expect("a crate and its purpose");
        let below = purpose.split_once(": ").map_or("", |(_, below)| below);
        std::iter::once(name).chain(below.split_whitespace())
    })
    .collect()
}

/// What cargo builds the domain from, with features: the same on every machine that asks for this target.
#[expect(clippy::disallowed_types, reason = "only cargo knows what a crate is built from")]
fn built_from() -> BTreeMap<String, String> {
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["tree", "--package", "domain", "--edges", "normal", "--offline", "--prefix", "none"]);
    cargo.args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p} | {f}"]);
    let output = cargo.output().expect("cargo runs where its tests run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("names are ASCII");
    lines
        .lines()
        .map(|line| {
            let (package, features) = line.split_once(" | ").expect("as asked");
            let name = package.split(' ').next().expect("a name");
            (name.to_owned(), features.trim_end_matches(" (*)").to_owned())
        })
        .collect()
}

#[test]
fn the_domain_depends_on_nothing_that_sees_the_world() {
    let (allowed, built) = (allowed(), built_from());
    let found: BTreeSet<&str> = built.keys().map(String::as_str).collect();
    let unknown: Vec<_> = found.difference(&allowed).collect();
    assert!(unknown.is_empty(), "not decided on: {unknown:?}");
    let gone: Vec<_> = allowed.difference(&found).collect();
    assert!(gone.is_empty(), "no longer there: {gone:?}");
    for (name, features) in &built {
        for feature in features.split(',') {
            let sees = ["local-offset", "rand", "rand_core", "getrandom", "os_rng", "net", "fs"].contains(&feature);
            assert!(!sees, "{name} with {feature}");
        }
    }
}

/// Everything `clippy.toml` forbids, used where it is expected to be forbidden: where the lint does not bite, clippy
/// says that the expectation was not fulfilled. Nothing here is ever called.
mod forbidden {
    macro_rules! methods {
        ($($method:path),* $(,)?) => {
            /// As `clippy.toml` names them, and what was written here for it.
            pub const METHODS: &[&str] = &[$(stringify!($method)),*];

            #[expect(dead_code, reason = "naming a function is enough for the lint")]
            #[allow(clippy::disallowed_types, reason = "some methods are of a type that is forbidden too")]
            fn methods() {
                $(
                    #[expect(clippy::disallowed_methods, reason = "shows that the lint bites")]
                    let _ = $method;
                )*
            }
        };
    }
    macro_rules! types {
        ($($type:ty),* $(,)?) => {
            pub const TYPES: &[&str] = &[$(stringify!($type)),*];

            $(
                #[expect(clippy::disallowed_types, reason = "shows that the lint bites")]
                const _: Option<$type> = None;
            )*
        };
    }

    methods![
        time::OffsetDateTime::now_utc,
        time::UtcDateTime::now,
        std::time::SystemTime::now,
        std::time::Instant::now,
        std::env::var::<&str>,
        std::env::var_os::<&str>,
        std::env::vars,
        std::env::args,
        std::env::current_dir,
        std::env::temp_dir,
        std::fs::read::<&str>,
        std::fs::read_to_string::<&str>,
        std::fs::read_dir::<&str>,
        std::fs::metadata::<&str>,
        std::fs::write::<&str, &str>,
        std::fs::copy::<&str, &str>,
        std::fs::rename::<&str, &str>,
        std::fs::create_dir::<&str>,
        std::fs::create_dir_all::<&str>,
        std::fs::remove_file::<&str>,
        std::fs::remove_dir_all::<&str>,
        std::path::Path::exists,
        std::path::Path::is_file,
        std::path::Path::canonicalize,
        include_dir::Dir::extract::<&str>,
        std::io::stdin,
        std::io::stdout,
        std::io::stderr,
        std::process::exit,
        std::process::abort,
        std::thread::spawn::<fn(), ()>,
        std::thread::sleep,
    ];
    types![
        std::fs::File,
        std::fs::OpenOptions,
        std::net::TcpStream,
        std::net::TcpListener,
        std::net::UdpSocket,
        std::process::Command,
        std::time::SystemTime,
        std::hash::RandomState,
        std::collections::HashMap<u8, u8>,
        std::collections::HashSet<u8>,
    ];
}

#[expect(clippy::disallowed_methods, reason = "settings of the build are files; only the scheme itself does without")]
fn settings(path: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// An entry of the list that nothing above uses might name something that does not exist.
#[test]
fn everything_forbidden_is_shown_to_be() {
    let settings = settings("clippy.toml");
    for (list, shown) in [("disallowed-methods", forbidden::METHODS), ("disallowed-types", forbidden::TYPES)] {
        let entries = settings[list].as_array().expect("a list");
        let listed: Vec<&str> = entries.iter().filter_map(|entry| entry["path"].as_str()).collect();
        let plain = |path: &&'static str| path.split_once('<').map_or(*path, |(path, _)| path.trim_end_matches("::"));
        let shown: Vec<&str> = shown.iter().map(plain).collect();
        assert_eq!(listed, shown, "{list}");
    }
}

/// What the workspace forbids of the clock, the domain forbids too; and both lints are denied, not advised.
#[test]
fn the_lints_are_denied() {
    let (workspace, own) = (settings("../Cargo.toml"), settings("Cargo.toml"));
    let lints = &workspace["workspace"]["lints"]["clippy"];
    for lint in ["disallowed_methods", "disallowed_types", "unwrap_used"] {
        assert_eq!(lints[lint].as_str(), Some("deny"), "{lint}");
    }
    assert_eq!(own["lints"]["workspace"].as_bool(), Some(true));
    let everywhere = settings("../clippy.toml");
    for entry in everywhere["disallowed-methods"].as_array().expect("a list") {
        let path = entry["path"].as_str().expect("a path");
        assert!(forbidden::METHODS.contains(&path), "{path} is forbidden everywhere but here");
    }
}
