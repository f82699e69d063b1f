//! From a declaration to a mark, and what becomes of it, over HTTP on both databases. Every journey ends with `fsck`.

mod asking;
mod assigning;
mod callers;
mod changes;
mod complaints;
mod day;
mod days;
mod deciding;
mod drafts;
mod editions;
mod evidence;
mod imports;
mod judging;
mod keys;
mod limits;
mod measures;
mod outcomes;
mod path;
mod process;
mod records;
mod register;
mod renewals;
mod scheme;
mod settings;
mod successions;
mod watching;
