//! OS command injection: there is no command to inject into.

use crate::sources;

/// What starts another program, or hands a text to a shell.
const STARTS: [&str; 8] = [
    "process::Command",
    "Command::new",
    "process::{Child, Command",
    "libc::system",
    "execv",
    "fork(",
    "posix_spawn",
    "CommandExt",
];

#[test]
fn no_program_starts_another() {
    for folder in ["api/src", "domain/src", "migrations/src"] {
        let found = sources::holding(folder, &STARTS);
        assert!(found.is_empty(), "{found:#?}");
    }
    // The words are the right ones: the tests do start programs.
    assert!(!sources::holding("tests/src", &STARTS).is_empty());
}

/// Nothing that evaluates a text as a program is built in: no script language, no template read at run time.
#[test]
fn nothing_evaluates_a_text() {
    let lock = sources::read("Cargo.lock");
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    const EVALUATE: [&str; 14] = [
        "mlua",
        "rlua",
        "rhai",
        "boa_engine",
        "deno_core",
        "rquickjs",
        "v8",
        "pyo3",
        "wasmtime",
        "tera",
        "minijinja",
        "handlebars",
        "liquid",
        "evalexpr",
    ];
    let found: Vec<&str> = names.filter(|name| EVALUATE.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}
