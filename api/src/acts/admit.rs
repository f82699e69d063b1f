//! 手続できる人と署名鍵の記録

use domain::act::{KeyId, OrganisationId, PersonId, Role};
use domain::people::Person;
use domain::signing_key::SigningKey;
use sha2::{Digest, Sha256};

use super::{Deed, Desk, Done, Refused};

/// A person is admitted and handed a token.
#[derive(Debug)]
pub struct Admit {
    pub role: Role,
    pub name: String,
    pub organisation: Option<OrganisationId>,
}

/// An admitted person with the token, which is shown this once.
#[derive(Debug)]
pub struct Admitted {
    pub person: Person,
    pub token: String,
}

/// The SHA-256 under which a token is known.
pub fn token_digest(token: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(token))
}

impl Deed for Admit {
    type State = Admitted;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Admitted>, Refused> {
        let token = format!("otk_{}", data_encoding::BASE64URL_NOPAD.encode(&desk.random::<32>()));
        let id: PersonId = desk.random_id("P").parse().expect("a random identifier is an identifier");
        let digest = token_digest(&token);
        let (person, act) = Person::admit(id, self.role, &self.name, self.organisation, digest, desk.by, desk.at)?;
        desk.tx.insert_person(&person).await?;
        Ok(Done { state: Admitted { person, token }, entry: desk.record(&act).await? })
    }
}

/// A person's token ends.
#[derive(Debug)]
pub struct Dismiss {
    pub person: PersonId,
    pub reason: String,
}

impl Deed for Dismiss {
    type State = Person;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Person>, Refused> {
        let missing = || Refused::NotFound { what: "person", id: self.person.to_string() };
        let before = desk.tx.person(&self.person).await?.ok_or_else(missing)?;
        let (state, act) = before.dismiss(self.reason, desk.by, desk.at)?;
        desk.tx.update_person(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// A new signing key is recorded.
#[derive(Debug)]
pub struct RecordKey {
    pub key: KeyId,
    pub purpose: &'static str,
    /// The public key's 32 bytes in hexadecimal.
    pub public: String,
}

impl Deed for RecordKey {
    type State = SigningKey;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<SigningKey>, Refused> {
        let (state, act) = SigningKey::create(self.key, self.purpose, self.public, desk.by, desk.at);
        desk.tx.insert_signing_key(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}
