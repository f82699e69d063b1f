//! The mark's licence 「使用許諾」: its id and its token.

pub mod answer;
pub mod cascade;
pub mod id;
mod reissue;
mod state;
pub mod token;

pub use cascade::{Fate, Follows};
pub use id::LicenceId;
pub use reissue::NewToken;
pub use state::{Closed, Former, Holder, How, Licence, NAME_LIMIT, Offer, Refusal, Standing, offer};
