//! An authenticator app.

use std::thread;
use std::time::Duration;

use api::clock;
use api::identity::totp::Key;
use domain::calendar::Instant;

/// Seconds of one step.
const STEP: i64 = 30;
/// Seconds within which a test sends what it was shown, on a busy machine too.
const LEFT: i64 = 8;

/// The code that an app with this secret shows now, early enough in its step to be sent.
pub fn code_now(secret: &str) -> String {
    let now = clock::now().unix();
    let step = now / STEP;
    let code = code_of(secret, step);
    if clock::now().unix() + LEFT <= (step + 1) * STEP { code } else { code_next(secret) }
}

/// The code that it shows next, once it does.
pub fn code_next(secret: &str) -> String {
    let step = clock::now().unix() / STEP + 1;
    let code = code_of(secret, step);
    while clock::now().unix() < step * STEP {
        thread::sleep(Duration::from_millis(50));
    }
    assert!(clock::now().unix() + LEFT <= (step + 1) * STEP, "a code is found before its step ends");
    code
}

/// The code of the step that is so many after this one, at once.
pub fn code_at(secret: &str, steps: i64) -> String {
    code_of(secret, clock::now().unix() / STEP + steps)
}

/// The library has no way to make a code, only to check one: the one that fits is the app's.
fn code_of(secret: &str, step: i64) -> String {
    let key = Key::from_base32(secret).expect("a secret");
    let at = Instant::from_unix(step * STEP).expect("an instant");
    let fits = |code: &String| key.verify(code, at, None).is_some();
    (0..1_000_000).map(|number| format!("{number:06}")).find(fits).expect("there is one")
}
