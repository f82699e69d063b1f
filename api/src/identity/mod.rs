//! What a person shows to be let in: a password, a code of an authenticator app, a recovery code, a passkey, and the
//! opaque secrets of links, sessions and API keys.
//!
//! These are pure functions: they store nothing, send nothing and ask no clock. The instant and the generator are
//! handed in; what must be kept between two steps is returned as text for a column of a table. The one exception
//! is said in [`passkey`].
//!
//! | file | what | kept as |
//! |---|---|---|
//! | [`password`] | rule for new passwords, Argon2id | PHC string |
//! | [`totp`] | RFC 6238 codes | the secret in base32, and the step used last |
//! | [`recovery`] | ten one-time codes | SHA-256 |
//! | [`secret`] | links, sessions, API keys | SHA-256 |
//! | [`passkey`] | WebAuthn | JSON |

pub mod passkey;
pub mod password;
pub mod recovery;
pub mod secret;
pub mod totp;
