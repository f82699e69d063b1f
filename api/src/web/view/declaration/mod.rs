//! The declaration: what is asked, the reading of what was typed, and what was declared in words.

mod catalogue;
mod filled;
mod posted;
mod step;

pub use catalogue::{SECTIONS, Section, When};
pub use filled::{Declared, DeclaredSection, declared, declared_about, declared_so_far, fill, label_of, nameable};
pub use posted::{fields, is_passed_over, posted, read, read_partly};
pub use step::Step;

#[cfg(test)]
use super::form::Form;

#[cfg(test)]
mod tests;
