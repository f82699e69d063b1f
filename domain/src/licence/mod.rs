//! The mark's licence 「使用許諾」: its id and its token.

pub mod id;
pub mod token;
