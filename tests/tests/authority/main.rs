//! Who gets in where: every route of the router × everybody, asked of the real binary and compared with a table that a
//! person has read (`matrix.txt`); and that table compared with what the domain's own table says.
//!
//! A route that is new needs its rule where it is declared, a line in `routes.rs` that says on what it is asked, and a
//! row in the table: `BLESS=1 cargo test -p tests --test authority`, and a look at what that wrote.

mod actors;
mod derived;
mod matrix;
mod request;
mod routes;
mod stage;
