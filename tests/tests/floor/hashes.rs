//! Cryptography: what is known to be weak is named by none of our crates.

use crate::sources;

/// Others may bring some of them: a database's handshake, RFC 6238's codes. We sign, hash and encrypt with none.
const WEAK: [&str; 12] =
    ["md-5", "md5", "sha1", "sha-1", "des", "rc4", "rc2", "blowfish", "dsa", "ecb", "openssl", "rust-crypto"];

#[test]
fn no_crate_of_ours_names_a_weak_algorithm() {
    for name in ["domain", "api", "migrations"] {
        let manifest = sources::read(&format!("{name}/Cargo.toml"));
        let (_, dependencies) = manifest.split_once("[dependencies]").expect("it has some");
        let named: Vec<&str> = dependencies
            .lines()
            .take_while(|line| !line.starts_with('['))
            .filter_map(|line| line.split(['=', '.', ' ']).next())
            .collect();
        assert!(!named.is_empty(), "{name} is read");
        let weak: Vec<_> = named.iter().filter(|crate_name| WEAK.contains(crate_name)).collect();
        assert!(weak.is_empty(), "{name}: {weak:?}");
    }
}
