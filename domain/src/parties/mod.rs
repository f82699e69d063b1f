//! Who takes part: what identifies a party and where it is, and how large it is.

mod corporate_number;
pub mod kana;
mod postal_code;
mod prefecture;
pub mod size;
mod telephone;

pub use corporate_number::{CorporateNumber, CorporateNumberError};
pub use kana::{KanaError, read_kana};
pub use postal_code::{PostalCode, PostalCodeError};
pub use prefecture::{Prefecture, PrefectureError};
pub use telephone::{Telephone, TelephoneError};
