//! The scheme 「サイバーセキュリティお助け隊サービス」 as a pure library.
//!
//! Dated text plus small functions: no I/O, no clock, no randomness, no ORM, no HTTP. What happens is given in
//! (`at`, entropy, facts of the register); what follows is given back as data.

pub mod act;
pub mod application;
pub mod assessment;
pub mod authority;
pub mod calendar;
pub mod citation;
mod cose;
pub mod credential;
pub mod criteria;
pub mod declaration;
pub mod draft;
pub mod edition;
pub mod evidence;
pub mod examination;
pub mod jws;
pub mod licence;
pub mod notice;
pub mod parties;
pub mod people;
pub mod proposal;
pub mod reading;
pub mod record;
pub mod registration;
pub mod round;
pub mod scheme;
pub mod search_key;
pub mod settings;
pub mod signing_key;
pub mod statistics;
pub mod status_list;
pub mod text;
pub mod tlog;
pub mod watching;
pub mod what_if;
pub mod working_day;
pub mod yen;
