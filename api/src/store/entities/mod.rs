//! The tables as sea-orm sees them. Rows never leave `store`.

pub(crate) mod acts;
pub(crate) mod applications;
pub(crate) mod checkpoints;
pub(crate) mod examinations;
pub(crate) mod licences;
pub(crate) mod log_head;
pub(crate) mod log_tiles;
pub(crate) mod people;
pub(crate) mod registrations;
pub(crate) mod signing_keys;
