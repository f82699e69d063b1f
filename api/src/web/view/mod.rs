//! What the pages show: one struct for each page, typed but without rules, and its template in `templates/`.
//!
//! A handler builds a context and renders it. Every context has `samples()` in all the states it can be in;
//! `every_page` renders them all and checks what holds for every page.

pub mod account;
pub mod api_keys;
pub mod applications;
pub mod authority;
pub mod bulk;
pub mod checks;
pub mod complaints;
pub mod criteria;
pub mod day;
pub mod decisions;
pub mod declaration;
pub mod drafts;
pub mod evidence;
pub mod examinations;
pub mod footing;
pub mod form;
pub mod frame;
pub mod history;
pub mod home;
pub mod house;
pub mod imports;
pub mod inbox;
pub mod intake;
pub mod interests;
pub mod judging;
pub mod licences;
pub mod measures;
pub mod offline;
pub mod organisations;
pub mod parts;
pub mod people;
pub mod problem;
pub mod proposals;
pub mod questions;
pub mod record;
pub mod register;
pub mod round;
pub mod ruling;
pub mod scheme;

pub mod state;
pub mod statistics;
pub mod succession;
pub mod trail;
pub mod valid_on;
pub mod verify;
pub mod verify_many;
pub mod watching;
pub mod webhooks;

#[cfg(test)]
mod every_page;
#[cfg(test)]
mod samples;
