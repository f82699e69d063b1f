//! Mail header injection: only one place writes mail, and whom it goes to is never read from a form.
//!
//! That a line end in a subject, a name or an address never makes a header is tested where it is written
//! (`api/src/post/mail.rs`), and what arrives is read in `tests/telling`.

use crate::sources;

/// What writes mail, and hands it over.
const WRITES: &str = "api/src/post/mail.rs";

#[test]
fn one_place_writes_mail() {
    let written = sources::holding("api/src", &["lettre::", "RCPT TO", "MAIL FROM", "sendmail"]);
    let elsewhere: Vec<_> = written.iter().filter(|found| !found.contains(WRITES)).collect();
    assert!(!written.is_empty() && elsewhere.is_empty(), "{elsewhere:#?}");
}

/// The faces name no address that mail goes to: they are read from profiles, by the person's id.
#[test]
fn recipients_come_from_no_form() {
    for face in ["api/src/web", "api/src/http"] {
        let named = sources::holding(face, &["Mailer", "addresses_of", "take_mail"]);
        assert!(named.is_empty(), "{named:#?}");
    }
}
