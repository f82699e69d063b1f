//! 申請の提出・再提出

use domain::act::{Act, ApplicationId, OrganisationId, Subject};
use domain::application::{Application, Concern};
use domain::authority::{Denial, Power};
use domain::declaration::Declaration;
use domain::evidence::{EvidenceFile, Submission};
use domain::registration::Registration;

use super::change::concern;
use super::{Deed, Desk, Done, Refused};
use crate::evidence::Named;
use crate::store::{Entry, Error};

/// 提出: a provider applies.
#[derive(Debug)]
pub struct Submit {
    /// Whose service it is; none where the caller applies for one organisation only.
    pub owner: Option<OrganisationId>,
    pub declaration: Declaration,
    /// Files that the owner has uploaded.
    pub evidence: Vec<Named>,
    /// The registration that it is about, where that is there already.
    pub concerns: Option<Concern>,
}

impl Deed for Submit {
    type State = Application;

    // Which application names which file.
    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        if let Some((subject, entry)) = desk.done_before().await? {
            let Subject::Application(id) = subject else { return Err(Refused::KeyReused) };
            let state = load(desk, &id).await?;
            let is_same_matter = match (&state.concerns, &self.concerns) {
                (Some(one), Some(other)) => one.is_about_the_same(other),
                (one, other) => one.is_none() && other.is_none(),
            };
            let is_same = state.declaration == self.declaration && is_same_matter;
            return if is_same && is_named(&self.evidence, &state) {
                Ok(Done { state, entry })
            } else {
                Err(Refused::KeyReused)
            };
        }
        let owner = match (self.owner, &self.concerns) {
            (Some(owner), _) => owner,
            (None, Some(concern)) => concerned(desk, concern).await?.owner,
            (None, None) => only_organisation(desk)?,
        };
        submit(desk, owner, self.declaration, self.evidence, self.concerns).await
    }
}

/// Submits for `owner`, under the edition that governs today.
pub(super) async fn submit(
    desk: &mut Desk<'_>,
    owner: OrganisationId,
    declaration: Declaration,
    evidence: Vec<Named>,
    concerns: Option<Concern>,
) -> Result<Done<Application>, Refused> {
    let day = desk.at.day();
    let editions = desk.tx.editions().await?;
    let edition = editions.governing(day).ok_or(Refused::NoEdition { day })?;
    let concerns = match concerns {
        Some(about) => Some(concern(desk, about, &declaration, edition).await?),
        None => None,
    };
    let id = desk.tx.next_application(day.ymd().0).await?;
    let evidence = named(desk, &owner, evidence).await?;
    let what = Submission { declaration, evidence, concerns };
    let (edition, digest) = (edition.id.as_str(), edition.digest_hex());
    let (state, act) = Application::submit(id, owner, what, edition, &digest, desk.by, desk.at)?;
    // What it does to the registration is an act of that: both are done, or neither.
    let filed = match &state.concerns {
        Some(concern) => {
            let registration = concerned(desk, concern).await?;
            Some(registration.file(&state, &*desk.tx.settings().await?, desk.by, desk.at)?)
        }
        None => None,
    };
    desk.tx.insert_application(&state).await?;
    name_files(desk, &state, &state.evidence).await?;
    let entry = desk.record(&act).await?;
    if let Some((registration, act)) = filed {
        desk.tx.update_registration(&registration).await?;
        desk.record_beside(&act).await?;
    }
    Ok(Done { state, entry })
}

/// The registration that an application is about.
async fn concerned(desk: &Desk<'_>, concern: &Concern) -> Result<Registration, Refused> {
    let missing = || Refused::NotFound { what: "registration", id: concern.registration.to_string() };
    desk.tx.registration(&concern.registration).await?.ok_or_else(missing)
}

/// Records an act on an application, and what it does to the registration that it concerns.
pub(super) async fn record_and_follow(desk: &mut Desk<'_>, state: &Application, act: &Act) -> Result<Entry, Refused> {
    let entry = desk.record(act).await?;
    if let Some(concern) = &state.concerns
        && let Some((registration, followed)) = concerned(desk, concern).await?.follow(state, act)
    {
        desk.tx.update_registration(&registration).await?;
        desk.record_beside(&followed).await?;
    }
    Ok(entry)
}

/// 再提出: the owner answers a return.
#[derive(Debug)]
pub struct Resubmit {
    pub application: ApplicationId,
    pub declaration: Declaration,
    /// All files that are to show it now, those of the last submission among them.
    pub evidence: Vec<Named>,
}

impl Deed for Resubmit {
    type State = Application;

    const IS_DIRECT: bool = true;

    async fn perform(self, desk: &mut Desk<'_>) -> Result<Done<Application>, Refused> {
        let before = load(desk, &self.application).await?;
        desk.check_version(before.version)?;
        resubmit(desk, before, self.declaration, self.evidence).await
    }
}

/// Answers the return of `before`.
pub(super) async fn resubmit(
    desk: &mut Desk<'_>,
    before: Application,
    declaration: Declaration,
    evidence: Vec<Named>,
) -> Result<Done<Application>, Refused> {
    let evidence = named(desk, &before.owner, evidence).await?;
    // What a change touches is found anew, under the edition that it is bound to.
    let concerns = match &before.concerns {
        Some(about) => {
            let editions = desk.tx.editions().await?;
            let unknown = || Error::Corrupt { table: "applications", column: "state", row: before.id.to_string() };
            let edition = editions.with_digest(&before.edition_digest).ok_or_else(unknown)?;
            Some(concern(desk, about.clone(), &declaration, edition).await?)
        }
        None => None,
    };
    let (state, act) = before.resubmit(Submission { declaration, evidence, concerns }, desk.by, desk.at)?;
    desk.tx.update_application(&state).await?;
    name_files(desk, &state, &state.evidence).await?;
    Ok(Done { state, entry: desk.record(&act).await? })
}

/// The files as the act names them: as they were uploaded, whatever is said of them.
pub(super) async fn named(
    desk: &Desk<'_>,
    owner: &OrganisationId,
    named: Vec<Named>,
) -> Result<Vec<EvidenceFile>, Refused> {
    let mut files = Vec::with_capacity(named.len());
    for (index, named) in named.into_iter().enumerate() {
        let found = desk.tx.upload(owner, &named.digest).await?;
        let missing = || Refused::NoSuchFile { index, digest: named.digest.to_string() };
        let upload = found.ok_or_else(missing)?;
        files.push(named.of(upload));
    }
    Ok(files)
}

/// Notes that the application names these files.
pub(super) async fn name_files(desk: &Desk<'_>, state: &Application, files: &[EvidenceFile]) -> Result<(), Refused> {
    let digests = files.iter().map(|file| &file.digest);
    Ok(desk.tx.name_files(&state.id, &state.owner, digests).await?)
}

/// Are these the files that were submitted?
fn is_named(named: &[Named], state: &Application) -> bool {
    named.len() == state.evidence.len() && named.iter().zip(&state.evidence).all(|(named, file)| named.is(file))
}

/// The one organisation that the caller applies for.
fn only_organisation(desk: &Desk<'_>) -> Result<OrganisationId, Refused> {
    desk.by.might(Power::SubmitApplication, desk.at)?;
    let mut own = desk.by.extent(Power::SubmitApplication, desk.at.day()).organisations;
    own.dedup();
    match (own.pop(), own.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(Refused::WhichOrganisation),
    }
}

/// The application, if the caller may know of it; to others it is not there. An examiner to whom it is not open yet is
/// told that.
pub(super) async fn load(desk: &Desk<'_>, id: &ApplicationId) -> Result<Application, Refused> {
    let missing = || Refused::NotFound { what: "application", id: id.to_string() };
    let found = desk.tx.application(id).await?.ok_or_else(missing)?;
    match crate::caller::may_read(desk.by, &found, desk.at) {
        Ok(()) => Ok(found),
        Err(Denial::Undeclared) => Err(Denial::Undeclared.into()),
        Err(_) => Err(missing()),
    }
}
