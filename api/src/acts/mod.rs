//! The deeds of the registry, one file each: read what the rule needs, let `domain` decide, store what follows.
//!
//! A deed runs inside the writer's transaction ([`crate::store`]): state, act and leaf are written together or not at
//! all. Whoever asks names the version they saw; if it has moved on, they are told and nothing happens.

mod accept;
mod change;
mod complaints;
mod confirm;
mod deciding;
mod drafts;
mod drop_proposal;
mod end_licence;
mod errand;
mod examiners;
mod grant;
mod grant_some;
mod judge;
mod measures;
mod people;
mod propose;
mod questions;
mod recommend;
mod record_editions;
mod record_key;
mod refused;
mod register;
mod rehearse;
mod reissue;
mod remind;
mod report;
mod send_back;
mod stop_decisions;
mod submit;
mod withdraw;

use std::future::Future;
use std::sync::Arc;

use domain::act::{Act, Salt, Subject};
use domain::authority::{Actor, Object, Power};
use domain::calendar::Instant;
use rand::rngs::StdRng;
use rand::{Rng, RngExt};
use sha2::{Digest, Sha256};

pub use accept::Accept;
pub use change::{Notify, NotifyDraft};
pub use complaints::{Complain, ComplaintStep, EraseWords, FollowComplaint, Receipt};
pub(crate) use complaints::{digest_of, object as complaint_object};
pub use confirm::{Confirm, Confirmed};
pub use deciding::{ObjectToDecision, ReplyToReport, ReportCondition};
pub use drafts::{Begin, BeginDraft, DeleteDraft, SaveDraft, SubmitDraft, SweepDrafts, request_of};
pub use drop_proposal::DropProposal;
pub use end_licence::EndLicence;
pub use errand::{AtHand, Errand};
pub use examiners::{DeclareInterest, ReplaceExaminer};
pub use grant::Grant;
pub use grant_some::{GrantSome, Line};
pub use judge::{Judge, Reconcile, bounds};
pub use measures::{StateSide, Step, TakeStep};
pub(crate) use people::named;
pub use people::{Admit, Admitted, Dismiss, EndRole, GiveRole};
pub use propose::{Propose, ProposeEdition, file_of};
pub use questions::{Answer, Ask, CloseQuestion, ExtendQuestion};
pub use recommend::Recommend;
pub use record_editions::RecordEditions;
pub use record_key::RecordKey;
pub use refused::{FieldFault, Refused};
pub use register::Register;
pub use reissue::Reissue;
pub use remind::{RemindProvider, Reminded};
pub(crate) use report::asked;
pub use report::{CheckPrice, FileReport};
pub use send_back::SendBack;
pub use stop_decisions::{ResumeDecisions, StopDecisions};
pub use submit::{Resubmit, Submit};
pub use withdraw::Withdraw;

use crate::account::trail::{Line as Noted, Origin};
use crate::registry::Registry;
use crate::store::{Entry, Job, Tx};

/// Who asks, when, and for which version.
#[derive(Clone, Debug)]
pub struct Call {
    pub by: Actor,
    pub from: Origin,
    pub at: Instant,
    /// The version the caller saw (`If-Match`, or a form's hidden field). New things have none.
    pub read: Option<u32>,
    /// The caller's `Idempotency-Key`.
    pub key: Option<String>,
}

impl Call {
    /// A call by `by` at `at` for something new.
    pub fn new(by: Actor, from: Origin, at: Instant) -> Self {
        Self { by, from, at, read: None, key: None }
    }

    /// The same call for a version that was seen.
    pub fn on(self, version: u32) -> Self {
        Self { read: Some(version), ..self }
    }
}

/// What a deed led to.
#[derive(Clone, Debug)]
pub struct Done<T> {
    pub state: T,
    /// Where the act stands in the log.
    pub entry: Entry,
}

/// A deed of the registry.
pub trait Deed: Send + 'static {
    /// The state it leads to.
    type State: Send + 'static;

    /// Does it also write rows that are no states of acts ([`Job::IS_DIRECT`])?
    const IS_DIRECT: bool = false;

    /// Decides and stores.
    fn perform(self, desk: &mut Desk<'_>) -> impl Future<Output = Result<Done<Self::State>, Refused>> + Send;
}

/// Where a deed is done: the transaction, the caller and the registry's settings.
pub struct Desk<'a> {
    pub registry: &'a Registry,
    pub tx: &'a Tx<'a>,
    pub by: &'a Actor,
    pub from: &'a Origin,
    pub at: Instant,
    read: Option<u32>,
    request: Option<String>,
    rng: StdRng,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("by", &self.by).field("at", &self.at).finish_non_exhaustive()
    }
}

impl Desk<'_> {
    /// The caller must have seen the newest version. Asked before anything is decided.
    pub fn check_version(&self, found: u32) -> Result<(), Refused> {
        match self.read {
            Some(read) if read == found => Ok(()),
            Some(read) => Err(Refused::Stale { read, found }),
            None => Err(Refused::VersionNeeded { found }),
        }
    }

    /// The caller must have the right, as the domain asks again when it decides. Asked before [`Desk::check_version`]
    /// where not everybody who may call knows the thing's version.
    pub fn check_right(&self, power: Power, object: &Object<'_>) -> Result<(), Refused> {
        self.by.caller(power, object, self.at)?;
        Ok(())
    }

    /// The version the caller saw.
    pub fn read(&self) -> Option<u32> {
        self.read
    }

    /// What an earlier act for the same request was done to; a caller who repeats a request repeats nothing.
    pub async fn done_before(&self) -> Result<Option<(Subject, Entry)>, Refused> {
        let Some(request) = &self.request else { return Ok(None) };
        Ok(self.tx.done_before(request).await?)
    }

    /// Stores the act, its leaf and its line of the trail.
    pub async fn record(&mut self, act: &Act) -> Result<Entry, Refused> {
        let salts: [Salt; 2] = [self.random(), self.random()];
        let entry = self.tx.record(act, salts, self.request.clone()).await?;
        self.tx.note(Noted::of_act(act, entry.seq, self.from));
        Ok(entry)
    }

    /// Stores an act that was done with another one, to something else: the request was answered by that one.
    pub async fn record_beside(&mut self, act: &Act) -> Result<Entry, Refused> {
        let request = self.request.take();
        let entry = self.record(act).await;
        self.request = request;
        entry
    }

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

    /// A random number.
    pub fn random_u64(&mut self) -> u64 {
        self.rng.random()
    }
}

/// A deed on its way through the writer.
struct Sent<D> {
    registry: Arc<Registry>,
    deed: D,
    call: Call,
    rng: StdRng,
}

impl<D: Deed> Job for Sent<D> {
    type Done = Done<D::State>;
    type Refusal = Refused;

    const IS_DIRECT: bool = D::IS_DIRECT;

    async fn run(self, tx: &Tx<'_>) -> Result<Self::Done, Refused> {
        let Self { registry, deed, call, rng } = self;
        let request = call.key.as_deref().map(|key| request_digest(&call.by, key));
        let (by, from) = (&call.by, &call.from);
        let mut desk = Desk { registry: &registry, tx, by, from, at: call.at, read: call.read, request, rng };
        deed.perform(&mut desk).await
    }
}

/// A key is the caller's own: two people may use the same one.
pub(crate) fn request_digest(by: &Actor, key: &str) -> String {
    let digest = Sha256::digest(format!("{}\n{key}", by.person));
    data_encoding::HEXLOWER.encode(&digest)
}

impl Registry {
    /// Does a deed; answers when it is durable.
    pub async fn perform<D: Deed>(self: &Arc<Self>, deed: D, call: Call) -> Result<Done<D::State>, Refused> {
        let rng = self.draw_rng();
        self.store.write(Sent { registry: self.clone(), deed, call, rng }).await
    }
}
