//! Buffer overflow: the language checks every bound, and nobody steps outside it.

use crate::sources;

const CRATES: [&str; 4] = ["domain", "api", "migrations", "tests"];

/// Forbidden, which a file cannot take back (`deny` it could).
#[test]
fn unsafe_code_is_forbidden_in_every_crate() {
    let workspace = sources::read("Cargo.toml");
    let members = CRATES.map(|name| format!("\"{name}\"")).join(", ");
    assert!(workspace.contains(&format!("members = [{members}]")), "a new crate is listed here");
    assert!(workspace.lines().any(|line| line.starts_with("unsafe_code = \"forbid\"")));
    for name in CRATES {
        let manifest = sources::read(&format!("{name}/Cargo.toml"));
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name} takes the workspace's lints");
        let allowed = sources::holding(name, &["allow(unsafe_code", "expect(unsafe_code", "extern \"C\"", "unsafe {"]);
        let others: Vec<_> = allowed.iter().filter(|line| !line.contains("tests/floor/memory.rs")).collect();
        assert!(others.is_empty(), "{others:?}");
    }
}

/// A sum that does not fit is a fault in tests, where overflow is checked, and no index beyond the end is ever read; in
/// a release too the length of what a stranger sends is bounded before anything is reckoned from it.
#[test]
fn what_strangers_send_has_a_most() {
    let server = sources::read("api/src/server/mod.rs");
    for limit in ["const MOST_BYTES: usize = 1 << 20", "const MOST_HEADER_BYTES: usize = 32 << 10"] {
        assert!(server.contains(limit), "{limit}");
    }
}
