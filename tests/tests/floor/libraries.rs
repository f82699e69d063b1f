//! Libraries: each named with its version and digest, all from one registry.

use crate::sources;

#[test]
fn every_library_is_named_and_from_one_registry() {
    let lock = sources::read("Cargo.lock");
    let packages: Vec<&str> = lock.split("[[package]]\n").skip(1).collect();
    assert!(packages.len() > 100, "the list is read");
    for package in packages {
        let field = |name: &str| package.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")));
        let name = field("name").unwrap_or_default().trim_matches('"');
        if let Some(source) = field("source") {
            assert_eq!(source, "\"registry+https://github.com/rust-lang/crates.io-index\"", "{name}");
            assert!(field("checksum").is_some_and(|digest| digest.len() == 66), "{name} has no digest");
        } else {
            assert!(["api", "domain", "migrations", "tests"].contains(&name), "{name} is from nowhere");
        }
    }
}
