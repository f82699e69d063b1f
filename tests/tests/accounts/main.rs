//! Accounts through the real binary: signing in, sessions, links, API keys, the trail, and what is let go of them.

mod keys;
mod links;
mod password;
mod retention;
mod sessions;
mod trail;
mod two_people;

use tests::Register;

/// Moves an instant of somebody's rows to so many seconds from now, behind the register's back: nobody waits for hours.
fn shift(register: &Register, table: &str, column: &str, condition: &str, seconds: i64) {
    let at = domain::calendar::Instant::from_unix(api::clock::now().unix() + seconds).expect("an instant");
    let update = format!("UPDATE {table} SET {column} = '{at}' WHERE {condition}");
    assert!(register.database().sql().execute(&update) > 0, "{update}");
}
