//! Whoever can write to the database can write anything there. `fsck` finds it, and names the place.
//!
//! Tables and columns come from the database's own catalogue, so that a new one cannot be forgotten.

mod bytes;
mod catalogue;
mod fields;
mod history;
mod populated;
mod rows;
