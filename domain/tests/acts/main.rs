//! The life of everything the register keeps: who may do what and when, what follows, and what the log holds of it.

mod answers;
mod application;
mod authority;
mod draft;
mod duties;
mod editions;
mod every_deed;
mod evidence;
mod examination;
mod examiners;
mod judging;
mod keys;
mod leaf;
mod leaf_schema;
mod leaf_secrets;
mod licence;
mod life;
mod people;
mod proposals;
mod questions;
mod registration;
mod replay;
mod roles;
mod terms;
mod valid_on;
mod world;
