//! The harness: the real binary, on real databases, seen from outside.
//!
//! [`Database`] is an empty SQLite file, or an empty database of a PostgreSQL cluster that the test process runs for
//! itself. A [`Register`] is a data folder with its keys on such a database; [`Register::serve`] starts `otasuketai
//! serve` on it, and a [`Client`] talks to that [`Server`]. A [`Cast`] holds the people, and a [`Case`] takes one
//! application through its acts. An [`oidc::Rig`] is an OpenID provider to sign in at.

mod app;
mod binary;
mod browser;
mod cast;
pub mod certificates;
mod client;
mod cluster;
mod database;
mod demonstration;
pub mod drafts;
mod guarded;
pub mod node;
pub mod oidc;
pub mod past;
mod post_office;
pub mod python;
pub mod raw;
mod register;
mod server;
mod sql;
pub mod staff;
pub mod status;
mod tap;
pub mod told;
mod visit;

pub use app::{code_at, code_next, code_now};
pub use binary::binary;
pub use browser::{Browser, Element};
pub use cast::{
    Case, Cast, Person, conditional, declaration, example, fail, licences, measure_body, moved, pass, succession, text,
    untied, version,
};
pub use client::{Answer, Ask, Client};
pub use cluster::free_port;
pub use database::{Database, Engine};
pub use demonstration::{Demonstration, Mark};
pub use guarded::Guarded;
pub use post_office::{PostOffice, wait_for};
pub use register::{Findings, PASSPHRASE, Register, otasuketai};
pub use server::Server;
pub use sql::Sql;
pub use tap::Tap;
pub use visit::Visit;

/// Makes each named function a test on both databases: `sqlite::name` and `postgres::name`. A function takes an empty
/// [`Database`]. Once a file.
#[macro_export]
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { super::$test($crate::Database::sqlite()) })+
        }
        mod postgres {
            $(#[test] fn $test() { super::$test($crate::Database::postgres()) })+
        }
    };
}
