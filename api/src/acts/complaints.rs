//! 苦情・不正使用の通報: from the receipt to the end, and the erasing of what was written.

use data_encoding::HEXLOWER;
use domain::act::{ComplaintId, PersonId, RegistrationNumber, Subject};
use domain::authority::{Actor, Object, Power};
use domain::licence::LicenceId;
use domain::registration::Registration;
use domain::watching::{Complaint, ComplaintOutcome, ComplaintStage, Grievance};
use sha2::{Digest, Sha256};

use super::{AtHand, Deed, Desk, Done, Errand, Refused};
use crate::account::trail::Line;
use crate::begin::operator;
use crate::identity::secret::{Secret, digest};
use crate::store::Words;

/// Anybody complains. Nobody is asked who they are.
#[derive(Debug)]
pub struct Complain {
    pub grievance: Grievance,
    pub registration: Option<RegistrationNumber>,
    pub licence: Option<LicenceId>,
    pub text: Secret,
    pub name: Option<Secret>,
    pub contact: Option<Secret>,
    /// The caller's `Idempotency-Key`: whoever repeats the request is told the same secret again.
    pub key: Option<String>,
}

/// What the reporter is given.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub complaint: Complaint,
    /// By which it is followed; told to nobody else.
    pub secret: Secret,
}

impl Deed for Complain {
    type State = Receipt;

    // What was written stands beside the acts.
    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Receipt>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let Subject::Complaint(id) = subject else { return Err(Refused::KeyReused) };
            let complaint = load(desk, &id).await?;
            let salt = desk.tx.words_of(&id).await?.and_then(|words| words.salt).ok_or(Refused::KeyReused)?;
            let is_same = complaint.grievance == self.grievance
                && complaint.digest == digest_of(&salt, self.text.expose())
                && self.registration.iter().all(|number| complaint.registration.as_ref() == Some(number));
            let secret = secret_of(&salt, self.key.as_deref().unwrap_or_default());
            return if is_same {
                Ok(Done { state: Receipt { complaint, secret }, entry })
            } else {
                Err(Refused::KeyReused)
            };
        }
        let registration = match self.licence {
            Some(licence) => {
                let missing = Refused::NotFound { what: "licence", id: licence.to_string() };
                Some(desk.tx.licence(licence).await?.ok_or(missing)?.0.grant.registration)
            }
            None => self.registration,
        };
        if let Some(number) = &registration {
            let missing = || Refused::NotFound { what: "registration", id: number.to_string() };
            desk.tx.registration(number).await?.ok_or_else(missing)?;
        }
        let id: ComplaintId = desk.random_id("C").parse().expect("a random identifier is an identifier");
        let salt = HEXLOWER.encode(&desk.random::<16>());
        let key = self.key.unwrap_or_else(|| HEXLOWER.encode(&desk.random::<16>()));
        let secret = secret_of(&salt, &key);
        let written = digest_of(&salt, self.text.expose());
        let by = operator();
        let by = by.memberships[0].caller(&by.person);
        let (complaint, act) = Complaint::receive(id, self.grievance, registration, self.licence, written, by, desk.at);
        let kept = |secret: Secret| secret.expose().to_owned();
        let words = Words {
            text: Some(kept(self.text)),
            name: self.name.map(kept),
            contact: self.contact.map(kept),
            salt: Some(salt),
            secret: digest(secret.expose()),
        };
        desk.tx.keep_words(&complaint.id, words).await?;
        desk.tx.store_complaint(&complaint).await?;
        let entry = desk.record(&act).await?;
        Ok(Done { state: Receipt { complaint, secret }, entry })
    }
}

/// What the act holds of what was written.
pub(crate) fn digest_of(salt: &str, text: &str) -> String {
    let digest = Sha256::new().chain_update(b"otasuketai/complaint/1").chain_update(salt).chain_update(text);
    HEXLOWER.encode(&digest.finalize())
}

/// Eighty bits that follow from the salt, which only the database has, and the key, which it has not.
fn secret_of(salt: &str, key: &str) -> Secret {
    let hash = Sha256::new().chain_update(b"otasuketai/receipt/1").chain_update(salt).chain_update(key).finalize();
    let part = |from: usize| {
        let mut bytes = [0; 5];
        bytes.copy_from_slice(&hash[from..from + 5]);
        LicenceId::from_bytes(bytes).to_string()
    };
    Secret::new(format!("{}-{}", part(0), part(5)))
}

/// What the secretariat does about a complaint.
#[derive(Debug)]
pub struct FollowComplaint {
    pub complaint: ComplaintId,
    pub step: ComplaintStep,
}

/// One step of it.
#[derive(Debug)]
pub enum ComplaintStep {
    Acknowledge,
    Assign(PersonId),
    Reply(String),
    Close(ComplaintOutcome, String),
}

impl Deed for FollowComplaint {
    type State = Complaint;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Complaint>, Refused> {
        let before = load(desk, &self.complaint).await?;
        let registration = about(desk, &before).await?;
        let object = object(registration.as_ref());
        desk.check_right(Power::HandleComplaint, &object)?;
        desk.check_version(before.version)?;
        let (state, act) = match self.step {
            ComplaintStep::Acknowledge => before.acknowledge(&object, desk.by, desk.at)?,
            ComplaintStep::Assign(person) => {
                let missing = || Refused::NotFound { what: "person", id: person.to_string() };
                let handler = desk.tx.person(&person).await?.ok_or_else(missing)?;
                before.assign(&handler, &object, desk.by, desk.at)?
            }
            ComplaintStep::Reply(text) => before.reply(text, &object, desk.by, desk.at)?,
            ComplaintStep::Close(outcome, reason) => before.close(outcome, reason, &object, desk.by, desk.at)?,
        };
        desk.tx.store_complaint(&state).await?;
        Ok(Done { state, entry: desk.record(&act).await? })
    }
}

/// Erasing who complained, and once it is closed also what was written. The record stands.
#[derive(Debug)]
pub struct EraseWords {
    pub complaint: ComplaintId,
    /// Who of the secretariat does it; none where the reporter does, having shown their secret.
    pub by: Option<Actor>,
}

impl Errand for EraseWords {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let missing = || Refused::NotFound { what: "complaint", id: self.complaint.to_string() };
        let complaint = at_hand.tx.complaint(&self.complaint).await?.ok_or_else(missing)?;
        let mut line =
            Line::done("complaint.erased", at_hand.at, at_hand.from).about(format!("complaint/{}", complaint.id));
        if let Some(by) = &self.by {
            let registration = match &complaint.registration {
                Some(number) => at_hand.tx.registration(number).await?,
                None => None,
            };
            line = line.by(by.caller(Power::HandleComplaint, &object(registration.as_ref()), at_hand.at)?);
        }
        at_hand.tx.erase_words(&complaint.id, complaint.stage() == ComplaintStage::Closed).await?;
        at_hand.note(line);
        Ok(())
    }
}

async fn load(desk: &Desk<'_>, id: &ComplaintId) -> Result<Complaint, Refused> {
    let missing = || Refused::NotFound { what: "complaint", id: id.to_string() };
    desk.tx.complaint(id).await?.ok_or_else(missing)
}

async fn about(desk: &Desk<'_>, complaint: &Complaint) -> Result<Option<Registration>, Refused> {
    match &complaint.registration {
        Some(number) => Ok(desk.tx.registration(number).await?),
        None => Ok(None),
    }
}

/// Who belongs to the provider that it is about handles it as little as anything else of theirs.
pub(crate) fn object(registration: Option<&Registration>) -> Object<'_> {
    registration.map_or_else(Object::default, Registration::object)
}
