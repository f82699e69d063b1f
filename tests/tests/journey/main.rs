//! From a declaration to a mark, and what becomes of it, over HTTP on both databases. Every journey ends with `fsck`.

mod asking;
mod assigning;
mod callers;
mod days;
mod deciding;
mod drafts;
mod editions;
mod evidence;
mod judging;
mod keys;
mod limits;
mod outcomes;
mod path;
mod process;
mod records;
mod register;
mod settings;
