//! The pages as people meet them: a real browser, with scripts and without.

mod answers;
mod desk;
mod forms;
mod journey;
mod look;
mod passkeys;
mod public;
mod refused;
