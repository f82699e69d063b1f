//! The tables as sea-orm sees them. Rows never leave `store`.

pub(crate) mod acts;
pub(crate) mod api_keys;
pub(crate) mod applications;
pub(crate) mod ceremonies;
pub(crate) mod checkpoints;
pub(crate) mod credentials;
pub(crate) mod edition_files;
pub(crate) mod editions;
pub(crate) mod examinations;
pub(crate) mod failures;
pub(crate) mod identities;
pub(crate) mod licences;
pub(crate) mod links;
pub(crate) mod log_head;
pub(crate) mod log_tiles;
pub(crate) mod organisations;
pub(crate) mod people;
pub(crate) mod profiles;
pub(crate) mod proposals;
pub(crate) mod registrations;
pub(crate) mod secrets;
pub(crate) mod sessions;
pub(crate) mod signing_keys;
pub(crate) mod trail;
