//! Mail header injection: the register sends no mail yet.

use crate::sources;

/// Looks at an address's form and sends nothing.
const KNOWN: [&str; 1] = ["email_address"];

/// Whoever adds mail adds the tests of its headers: a line end in a subject, a name or an address never makes a header,
/// and recipients are never read from a form.
#[test]
fn nothing_sends_mail() {
    let lock = sources::read("Cargo.lock");
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let sends = |name: &&str| ["mail", "smtp", "lettre", "imap"].iter().any(|word| name.contains(word));
    let found: Vec<&str> = names.filter(sends).filter(|name| !KNOWN.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
    let written = sources::holding("api/src", &["smtp", "SMTP", "sendmail", "RCPT TO", "MAIL FROM"]);
    assert!(written.is_empty(), "{written:#?}");
}
