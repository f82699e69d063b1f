//! Drafts as both faces read them: whose they are, what can be read of them, and what the engine finds so far.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::act::{ApplicationId, DraftId, FieldReason, OrganisationId, RegistrationNumber, Subject};
use domain::application::{Application, Concern, Matter, Stage};
use domain::assessment::{Precheck, precheck};
use domain::authority::Power;
use domain::calendar::Day;
use domain::declaration::{Declaration, Incomplete};
use domain::draft::{Draft, typed};
use domain::edition::Editions;
use domain::registration::Registration;
use domain::settings::{Figure, Settings};
use domain::text::Text;
use serde_json::{Value, json};

use crate::account::Organisation;
use crate::acts::{Begin, BeginDraft, Refused, request_of};
use crate::caller::Visitor;
use crate::changes::{SaidSection, changed_since};
use crate::declaration as edge;
use crate::evidence::{Named, Upload};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::Cases;
use crate::web::view::declaration;
use crate::web::view::evidence::{self, FileCard};
use crate::web::view::form::{FieldError, Form};

/// Every stage of an application that was submitted: the last of any is what a new draft begins with.
const SUBMITTED: [&str; 6] = ["submitted", "returned", "examining", "recommended", "decided", "withdrawn"];

/// What an address of a draft leads to.
#[derive(Debug)]
pub enum Found {
    Draft(Box<Draft>),
    /// It was submitted, and is no more.
    Submitted(ApplicationId),
    /// What it said was notified of this registration, and it is no more.
    Notified(RegistrationNumber),
}

/// What became of the draft of this id, if it is this visitor's to know; to others it is not there.
pub async fn find(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Found, Problem> {
    let missing = || Problem::not_found(&Text::new("下書き", "draft"), id);
    let parsed: DraftId = id.parse().map_err(|_| missing())?;
    if let Some(draft) = registry.store.draft(&parsed).await? {
        let is_open = visitor.actor.in_role(Power::SubmitApplication, &draft.object(), visitor.at.day()).is_ok();
        return if is_open { Ok(Found::Draft(Box::new(draft))) } else { Err(missing()) };
    }
    let id = match registry.store.done_for(&request_of(&parsed)).await? {
        Some(Subject::Application(id)) => id,
        Some(Subject::Registration(number)) => {
            let found = registry.store.registration(&number).await?.ok_or_else(missing)?;
            let may = visitor.actor.in_role(Power::SubmitApplication, &found.object(), visitor.at.day());
            return may.map(|_| Found::Notified(number)).map_err(|_| missing());
        }
        _ => return Err(missing()),
    };
    let application = crate::caller::application(registry, visitor, id.as_str()).await.map_err(|_| missing())?;
    let may = visitor.actor.in_role(Power::SubmitApplication, &application.object(), visitor.at.day());
    may.map_err(|_| missing())?;
    Ok(Found::Submitted(id))
}

/// The draft of this id, where it is one still.
pub async fn draft(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Draft, Problem> {
    match find(registry, visitor, id).await? {
        Found::Draft(draft) => Ok(*draft),
        Found::Submitted(_) | Found::Notified(_) => Err(Problem::not_found(&Text::new("下書き", "draft"), id)),
    }
}

/// The drafts that this visitor may go on with, the last saved first.
pub async fn drafts_for(registry: &Registry, visitor: &Visitor) -> Result<Vec<Draft>, Problem> {
    let own = visitor.actor.extent(Power::SubmitApplication, visitor.at.day()).organisations;
    Ok(registry.store.drafts_of(&own).await?)
}

/// The organisations that this visitor may apply for, by name.
pub async fn applicants_for(registry: &Registry, visitor: &Visitor) -> Result<Vec<Organisation>, Problem> {
    let own = visitor.actor.extent(Power::SubmitApplication, visitor.at.day()).organisations;
    let ids: BTreeSet<OrganisationId> = own.into_iter().collect();
    let known = registry.store.organisations_of(&ids).await?;
    Ok(known.into_values().collect())
}

/// Begins a draft for a new application of `owner`: filled in with what the organisation last applied with, and with
/// what is known of it.
pub async fn begin(registry: &Registry, visitor: &Visitor, owner: OrganisationId) -> Result<BeginDraft, Problem> {
    let source = last_of(registry, &owner).await?;
    let mut filled = match &source {
        Some(last) => filled_again(last)?,
        None => Vec::new(),
    };
    if let Some(organisation) = registry.store.organisation(&owner).await? {
        filled.extend(known_of(&organisation, &filled));
    }
    let what = Begin::New { owner, source: source.map(Box::new) };
    Ok(BeginDraft { actor: visitor.actor.clone(), what, typed: typed(filled) })
}

/// Begins a draft for the next term of a registration: filled in with what it was last judged on, so that only what
/// differs has to be written.
pub async fn renew(registry: &Registry, visitor: &Visitor, number: &RegistrationNumber) -> Result<BeginDraft, Problem> {
    let missing = || Problem::not_found(&Text::new("登録", "registration"), number.as_str());
    let registration = registry.store.registration(number).await?.ok_or_else(missing)?;
    visitor.actor.in_role(Power::SubmitApplication, &registration.object(), visitor.at.day()).map_err(Refused::from)?;
    registration.can_file(Matter::Renewal, &*registry.store.settings().await?, visitor.at).map_err(Refused::from)?;
    about(registry, visitor, &registration, Concern::renewal(number.clone())).await
}

/// Begins a draft for a change of what is declared of a registration: filled in with all of it.
pub async fn change(
    registry: &Registry,
    visitor: &Visitor,
    number: &RegistrationNumber,
) -> Result<BeginDraft, Problem> {
    let missing = || Problem::not_found(&Text::new("登録", "registration"), number.as_str());
    let registration = registry.store.registration(number).await?.ok_or_else(missing)?;
    visitor.actor.in_role(Power::SubmitApplication, &registration.object(), visitor.at.day()).map_err(Refused::from)?;
    about(registry, visitor, &registration, Concern::change(number.clone())).await
}

/// A draft about a registration, filled in with what is declared of it now, and with the files it was last judged on.
async fn about(
    registry: &Registry,
    visitor: &Visitor,
    registration: &Registration,
    concern: Concern,
) -> Result<BeginDraft, Problem> {
    let mut source = registry.store.application(registration.judged_on()).await?;
    let now = registration.declared.as_ref();
    if let (Some(source), Some(declared)) = (&mut source, now) {
        source.declaration = (**declared).clone();
    }
    // Another provider's files are not this one's to name.
    if let Some(source) = source.as_mut().filter(|source| source.owner != registration.owner) {
        source.evidence.clear();
    }
    let filled = source.as_ref().map(filled_again).transpose()?.unwrap_or_default();
    let what = Begin::About { owner: registration.owner.clone(), source: source.map(Box::new), concern };
    Ok(BeginDraft { actor: visitor.actor.clone(), what, typed: typed(filled) })
}

/// The files of a draft that stood in an earlier application and speak of a day that lies far back.
pub fn old_files(settings: &Settings, reading: &Reading, today: Day) -> Vec<(String, Day)> {
    let months = settings.number(Figure::EvidenceOldMonths, today) as u8;
    let day = |card: &FileCard| evidence::day_of(&reading.form, card);
    let from_before = reading.cards.iter().filter(|card| card.last.is_some());
    let old = from_before.filter(|card| domain::evidence::is_old(day(card), today, months));
    old.map(|card| (card.digest.clone(), day(card))).collect()
}

/// What a draft about a registration says otherwise than that was last judged on.
pub async fn changed(
    registry: &Registry,
    draft: &Draft,
    reading: &Reading,
) -> Result<Option<Vec<SaidSection>>, Problem> {
    let Some(concern) = &draft.concerns else { return Ok(None) };
    let Some(registration) = registry.store.registration(&concern.registration).await? else { return Ok(None) };
    let before = crate::changing::declared(registry, &registration).await?;
    Ok(Some(changed_since(&before, &reading.form)))
}

/// Begins the answer to a return: filled in with what was declared, and with its files.
pub async fn answer(registry: &Registry, visitor: &Visitor, id: &str) -> Result<BeginDraft, Problem> {
    let application = crate::caller::application(registry, visitor, id).await?;
    let mut filled = declared(&application)?;
    filled.extend(evidence::fill(&application.evidence));
    let what = Begin::Answer(application.id);
    Ok(BeginDraft { actor: visitor.actor.clone(), what, typed: typed(filled) })
}

/// What the organisation last applied with, whatever became of it.
pub async fn last_of(registry: &Registry, owner: &OrganisationId) -> Result<Option<Application>, Problem> {
    let owners = std::slice::from_ref(owner);
    let wanted = Cases { stages: &SUBMITTED, owners, is_newest_first: true, limit: 1, ..Cases::default() };
    Ok(registry.store.cases(&wanted).await?.items.pop())
}

fn declared(application: &Application) -> Result<Vec<(String, String)>, Problem> {
    let document = serde_json::to_value(&application.declaration).map_err(|error| Problem::internal(&error))?;
    Ok(declaration::fill(&document).typed)
}

/// All that was declared, and its files, each of which has to be confirmed or left out.
fn filled_again(last: &Application) -> Result<Vec<(String, String)>, Problem> {
    let files = evidence::fill_again(last.id.as_str(), &last.evidence);
    Ok(declared(last)?.into_iter().chain(files).collect())
}

/// What the register knows of an organisation and the form does not say yet.
fn known_of(organisation: &Organisation, filled: &[(String, String)]) -> Vec<(String, String)> {
    let number = organisation.number.as_ref().map(ToString::to_string);
    let known = [("/provider/tradeName", Some(organisation.name.clone())), ("/provider/legalEntityNumber", number)];
    let is_open = |name: &str| !filled.iter().any(|(typed, _)| typed == name);
    let open = known.into_iter().filter(|(name, _)| is_open(name));
    open.filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// What can be read of a draft.
#[derive(Debug)]
pub struct Reading {
    /// As typed, without errors.
    pub form: Form,
    /// The files that it names and its owner has uploaded.
    pub cards: Vec<FileCard>,
    /// Everything that stands in the way of submitting it, at the fields of the form.
    pub errors: Vec<FieldError>,
    /// Where something stands that cannot be read.
    unread: Vec<String>,
    /// As much of the declaration as can be read.
    document: Value,
    /// All of it, with its files, once nothing stands in the way.
    pub whole: Option<(Declaration, Vec<Named>)>,
}

/// Reads what was typed for `owner`, as the form of a declaration reads it.
pub async fn read(
    registry: &Registry,
    owner: &OrganisationId,
    typed: Vec<(String, String)>,
) -> Result<Reading, Problem> {
    let form = declaration::posted(typed);
    let mut uploads: Vec<Upload> = Vec::new();
    for digest in evidence::digests(&form) {
        uploads.extend(registry.store.upload(owner, &digest).await?);
    }
    let cards = FileCard::all(&form, &uploads);
    let (mut document, mut errors) = declaration::read_partly(&form);
    let all = declaration::fields(&form);
    // What is not there at all the form has said; the schema says what else is wrong.
    for fault in edge::faults_of(&document).into_iter().filter(|fault| fault.code != "required") {
        let place = fault.pointer.clone();
        let wrong = Form::default().with([FieldError::from(fault)]).settled(&all).errors;
        for error in wrong {
            if errors.iter().any(|known| known.field == error.field) {
                continue;
            }
            if !form.is_empty_below(&error.field) {
                blank(&mut document, &place);
            }
            errors.push(error);
        }
    }
    let unread: Vec<String> =
        errors.iter().filter(|error| !form.is_empty_below(&error.field)).map(|error| error.field.clone()).collect();
    let files = evidence::read(&form, &cards);
    let whole = match files {
        Err(wrong) => {
            errors.extend(wrong);
            None
        }
        Ok(_) if !errors.is_empty() => None,
        Ok(files) => match edge::read(&document) {
            Ok(declaration) => Some((declaration, files)),
            Err(faults) => {
                errors.extend(Form::default().with(faults.into_iter().map(FieldError::from)).settled(&all).errors);
                None
            }
        },
    };
    Ok(Reading { form, cards, errors, unread, document, whole })
}

/// Takes away what stands at a place and is not what it should be.
fn blank(document: &mut Value, place: &str) {
    if let Some(value) = document.pointer_mut(place).filter(|_| !place.is_empty()) {
        *value = Value::Null;
    }
}

/// What the engine finds so far: under the edition of the application that a draft answers, else under the one that
/// governs today. None where no edition governs the day.
pub async fn precheck_of(
    registry: &Registry,
    visitor: &Visitor,
    draft: &Draft,
    reading: &Reading,
) -> Result<Option<(Precheck, Arc<Editions>)>, Problem> {
    let editions = registry.store.editions().await?;
    let answered = match &draft.answers {
        Some(id) => registry.store.application(id).await?,
        None => None,
    };
    let (edition, at) = match &answered {
        Some(application) => (editions.with_digest(&application.edition_digest), application.submitted_at),
        None => (editions.governing(visitor.at.day()), visitor.at),
    };
    let Some(edition) = edition else { return Ok(None) };
    let said = Incomplete::of(&reading.document, &reading.unread);
    let record = match said.class() {
        Some(class) => Some(registry.store.track_record(&draft.owner, class, at).await?),
        None => None,
    };
    let found = precheck(edition, &said, at.day(), record.as_ref());
    Ok(Some((found, editions)))
}

/// The same as JSON, or that no edition governs the day.
pub async fn assessment_of(registry: &Registry, visitor: &Visitor, draft: &Draft) -> Result<Value, Problem> {
    let reading = read(registry, &draft.owner, draft.typed()).await?;
    let found = precheck_of(registry, visitor, draft, &reading).await?;
    let (found, _) = found.ok_or(Refused::NoEdition { day: visitor.at.day() })?;
    Ok(json!(found))
}

/// Why the application that a draft answers was sent back, while it is.
pub async fn reasons_for(registry: &Registry, draft: &Draft) -> Result<Vec<FieldReason>, Problem> {
    let Some(id) = &draft.answers else { return Ok(Vec::new()) };
    Ok(match registry.store.application(id).await?.map(|application| application.stage) {
        Some(Stage::Returned { reasons }) => reasons,
        _ => Vec::new(),
    })
}
