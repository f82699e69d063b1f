//! The public record of a signing key: what it signs, and since when. The secret is the edge's business.

use serde::{Deserialize, Serialize};

use crate::act::{Act, Caller, Deed, Impossible, KeyId, Replay, Subject};
use crate::calendar::Instant;

/// A key of the registry, as the log knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SigningKey {
    pub id: KeyId,
    pub version: u32,
    /// `licence` or `log`: one key, one purpose.
    pub purpose: String,
    /// The 32 bytes of the Ed25519 public key, in hexadecimal.
    pub public: String,
    pub created_at: Instant,
}

impl SigningKey {
    /// Records a key that was made. There is no way to refuse: the key exists.
    pub fn create(id: KeyId, purpose: &str, public: String, by: &Caller, at: Instant) -> (Self, Act) {
        let deed = Deed::KeyCreated { purpose: purpose.to_owned(), public };
        let act = Act { subject: Subject::Key(id), version: 1, at, by: by.clone(), deed };
        let state = Self::replay(None, &act).expect("a key's record begins with its creation");
        (state, act)
    }
}

impl Replay for SigningKey {
    fn replay(before: Option<Self>, act: &Act) -> Result<Self, Impossible> {
        Self::check_order(before.as_ref(), act)?;
        match (&act.subject, &act.deed, before) {
            (Subject::Key(id), Deed::KeyCreated { purpose, public }, None) => Ok(Self {
                id: id.clone(),
                version: 1,
                purpose: purpose.clone(),
                public: public.clone(),
                created_at: act.at,
            }),
            _ => Err(Impossible::Deed { kind: act.deed.kind() }),
        }
    }

    fn subject(&self) -> Subject {
        Subject::Key(self.id.clone())
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn changed_at(&self) -> Instant {
        self.created_at
    }
}
