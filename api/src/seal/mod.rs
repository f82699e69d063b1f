//! Keys, signing, QR symbols and mark pictures: what the register puts its name to.
//!
//! Nothing here reads the clock or draws randomness by itself, names the database or decides: who may sign what is
//! the acts' business.

pub mod keys;
pub mod picture;
mod png;
pub mod qr;
pub mod scan;
pub mod vault;
pub mod vector;
