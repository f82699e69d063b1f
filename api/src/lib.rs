//! The edge of the registry: one binary, `otasuketai`. `docs/architecture.md` walks through it.

pub mod account;
pub mod acts;
mod asking;
mod assigning;
pub mod begin;
mod bulk;
pub mod caller;
pub mod catalogue;
pub mod changes;
mod changing;
pub mod cli;
pub mod clock;
pub mod config;
pub mod credentials;
mod day;
pub mod deciding;
pub mod declaration;
pub mod difference;
mod drafts;
pub mod evidence;
pub mod gate;
pub mod http;
pub mod identity;
pub mod imports;
mod measures;
pub mod oidc;
mod oscal;
pub mod paper;
pub mod post;
pub mod problem;
pub mod proposals;
mod record;
pub mod registry;
mod round;
pub mod schema_fault;
pub mod seal;
pub mod server;
pub mod spreadsheet;
mod statistics;
pub mod status_lists;
pub mod store;
pub mod valid_on;
pub mod verification;
mod watching;
pub mod web;
pub mod what_if;
pub mod working_papers;

/// An act and an answer are hundreds of small pieces of memory: a sixth of the writer's time went to the system's
/// allocator (docs/performance.md). It stands in the library so that benchmarks measure what serves.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
