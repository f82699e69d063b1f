//! Errands: what is done inside the writer's transaction and is no act of the register, such as signing in.
//! One that leads to an act records it, as a first sign-in with GビズID does.

use std::sync::Arc;

use domain::act::{Act, Salt};
use domain::calendar::Instant;
use rand::Rng;
use rand::rngs::StdRng;

use super::Refused;
use crate::account::trail::{Line, Origin};
use crate::registry::Registry;
use crate::store::{Entry, Job, Tx};

/// Something done beside the acts. Its rows and its line of the trail are written together or not at all.
pub trait Errand: Send + 'static {
    /// What the caller learns.
    type Done: Send + 'static;

    /// Reads, decides and writes.
    fn run(self, at_hand: &mut AtHand<'_>) -> impl Future<Output = Result<Self::Done, Refused>> + Send;
}

/// What an errand works with.
pub struct AtHand<'a> {
    pub registry: &'a Registry,
    pub tx: &'a Tx<'a>,
    pub from: &'a Origin,
    pub at: Instant,
    rng: StdRng,
}

impl std::fmt::Debug for AtHand<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AtHand").field("from", &self.from).field("at", &self.at).finish_non_exhaustive()
    }
}

impl AtHand<'_> {
    /// The generator that everything random is drawn from.
    pub fn rng(&mut self) -> &mut StdRng {
        &mut self.rng
    }

    /// Random bytes.
    pub fn random<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.rng.fill_bytes(&mut bytes);
        bytes
    }

    /// A random identifier of eight Crockford base32 characters behind `prefix`.
    pub fn random_id(&mut self, prefix: &str) -> String {
        format!("{prefix}-{}", domain::licence::LicenceId::from_bytes(self.random()))
    }

    /// Stores an act, its leaf and its line of the trail.
    pub async fn record(&mut self, act: &Act) -> Result<Entry, Refused> {
        let salts: [Salt; 2] = [self.random(), self.random()];
        let entry = self.tx.record(act, salts, None).await?;
        self.note(Line::of_act(act, entry.seq, self.from));
        Ok(entry)
    }

    /// Writes a line of the trail.
    pub fn note(&self, line: Line) {
        self.tx.note(line);
    }
}

/// An errand on its way through the writer.
struct Sent<E> {
    registry: Arc<Registry>,
    errand: E,
    from: Origin,
    at: Instant,
    rng: StdRng,
}

/// An errand on its way.
pub(super) fn sent<E: Errand>(
    registry: Arc<Registry>,
    errand: E,
    from: Origin,
    at: Instant,
) -> impl Job<Done = E::Done, Refusal = Refused> {
    let rng = registry.draw_rng();
    Sent { registry, errand, from, at, rng }
}

impl<E: Errand> Job for Sent<E> {
    type Done = E::Done;
    type Refusal = Refused;

    const IS_DIRECT: bool = true;

    async fn run(self, tx: &Tx<'_>) -> Result<E::Done, Refused> {
        let Self { registry, errand, from, at, rng } = self;
        errand.run(&mut AtHand { registry: &registry, tx, from: &from, at, rng }).await
    }
}

impl Registry {
    /// Runs an errand; answers when it is durable.
    pub async fn run<E: Errand>(self: &Arc<Self>, errand: E, from: Origin, at: Instant) -> Result<E::Done, Refused> {
        self.store.write(sent(self.clone(), errand, from, at)).await
    }
}
