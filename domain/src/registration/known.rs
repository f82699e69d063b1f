//! What the register knew of a registration at an instant: later acts had not happened yet.

use super::Registration;
use crate::act::{Act, Impossible, Replay};
use crate::calendar::Instant;

impl Registration {
    /// The registration as its `acts`, in their order, made it up to and with the instant `known`; `None` where it was not
    /// in the register by then.
    ///
    /// # Errors
    ///
    /// Where the acts do not follow each other, as they do in every log that `fsck` finds whole.
    pub fn as_known<'a>(acts: impl IntoIterator<Item = &'a Act>, known: Instant) -> Result<Option<Self>, Impossible> {
        let mut by_then = acts.into_iter().take_while(|act| act.at <= known);
        by_then.try_fold(None, |before, act| Self::replay(before, act).map(Some))
    }
}
