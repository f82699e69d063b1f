//! A deed or an errand, rehearsed: everything is read, decided and drawn as if it were done, by the same function, and
//! nothing of it is kept.

use std::sync::Arc;

use super::{Call, Deed, Errand, Refused, Sent, errand};
use crate::account::trail::Origin;
use crate::registry::Registry;
use crate::store::{Error, Job, Tx};

/// A job whose changes the writer drops, since it ends with a refusal.
struct Rehearsal<J>(J);

/// How it would have ended.
enum Rehearsed<T> {
    Would(T),
    Not(Refused),
}

impl<T> From<Error> for Rehearsed<T> {
    fn from(error: Error) -> Self {
        Self::Not(error.into())
    }
}

impl<J: Job<Refusal = Refused>> Job for Rehearsal<J> {
    type Done = ();
    type Refusal = Rehearsed<J::Done>;

    const IS_DIRECT: bool = J::IS_DIRECT;

    async fn run(self, tx: &Tx<'_>) -> Result<(), Rehearsed<J::Done>> {
        Err(match self.0.run(tx).await {
            Ok(done) => Rehearsed::Would(done),
            Err(refused) => Rehearsed::Not(refused),
        })
    }
}

impl Registry {
    async fn try_out<J: Job<Refusal = Refused>>(&self, job: J) -> Result<J::Done, Refused> {
        match self.store.write(Rehearsal(job)).await {
            Ok(()) => Err(Error::Conflict.into()),
            Err(Rehearsed::Would(done)) => Ok(done),
            Err(Rehearsed::Not(refused)) => Err(refused),
        }
    }

    /// What a deed would lead to now; nothing is done.
    pub async fn rehearse<D: Deed>(self: &Arc<Self>, deed: D, call: Call) -> Result<D::State, Refused> {
        let rng = self.draw_rng();
        Ok(self.try_out(Sent { registry: self.clone(), deed, call, rng }).await?.state)
    }

    /// The same of an errand.
    pub async fn rehearse_errand<E: Errand>(self: &Arc<Self>, errand: E, call: &Call) -> Result<E::Done, Refused> {
        let origin: Origin = call.from.clone();
        self.try_out(errand::sent(self.clone(), errand, origin, call.at)).await
    }
}
