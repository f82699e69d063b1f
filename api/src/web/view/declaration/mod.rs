//! The declaration: what is asked, the reading of what was typed, and what was declared in words.

mod catalogue;
mod filled;
mod posted;

pub use catalogue::{SECTIONS, Section, Step, When};
pub use filled::{Declared, DeclaredSection, declared, declared_about, declared_so_far, fill, label_of, nameable};
pub use posted::{fields, is_passed_over, posted, read, read_partly};

#[cfg(test)]
use super::form::Form;

#[cfg(test)]
mod tests;
