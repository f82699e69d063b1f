//! The pages as people meet them: a real browser, with scripts and without.

mod answers;
mod desk;
mod drafts;
mod evidence;
mod forms;
mod journey;
mod judging;
mod look;
mod passkeys;
mod public;
mod refused;
mod session;
mod watching;
