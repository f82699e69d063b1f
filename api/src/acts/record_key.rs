//! 署名鍵の記録

use domain::act::{Caller, KeyId};
use domain::signing_key::SigningKey;

use super::{Deed, Desk, Done, Refused};

/// A new signing key is recorded.
#[derive(Debug)]
pub struct RecordKey {
    pub key: KeyId,
    pub purpose: &'static str,
    /// The public key's 32 bytes in hexadecimal.
    pub public: String,
    /// The purpose has a key already.
    pub is_next: bool,
}

impl Deed for RecordKey {
    type State = SigningKey;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<SigningKey>, Refused> {
        // The key exists already: there is nothing to allow, only to write down who recorded it.
        let roles = desk.by.memberships.first().map(|held| held.caller(&desk.by.person));
        let by: Caller = roles.expect("the machine's own command has a role");
        let (state, act) = SigningKey::create(self.key, self.purpose, self.public, self.is_next, &by, desk.at);
        desk.tx.insert_signing_key(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
