//! Verifiable credentials (W3C VC Data Model 2.0) for download: a mark licence, and a status list of them, each with a data
//! integrity proof that JSON tools check (`eddsa-jcs-2022`), by a key that the register's did:web document lists.

mod did;
mod licence;
mod list;
mod proof;

pub use did::{Method, did, did_document, multikey};
pub use licence::{Issued, context_document, licence};
pub use list::list;
pub use proof::{ProofError, Proving, prove, verify};

/// The context of every credential.
const V2: &str = "https://www.w3.org/ns/credentials/v2";
