//! yen
