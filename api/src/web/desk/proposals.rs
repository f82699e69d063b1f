//! What waits for a second person: reading it, confirming it, dropping it.

use std::collections::BTreeMap;

use domain::act::PersonId;
use domain::application::Shift;
use domain::proposal::{Motion, Proposal, Standing};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{Confirm, DropProposal};
use crate::caller::{Visitor, signed_in};
use crate::deciding::ground;
use crate::problem::{Problem, Told};
use crate::proposals;
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::footing::shifts_in_words;
use crate::web::view::form::Form;
use crate::web::view::history::foreseen;
use crate::web::view::house::Preview;
use crate::web::view::proposals::{DROP, ProposalPage, ProposalsPage, Proposed};
use crate::web::{Answer, page, to};
use crate::what_if::Candidate;

#[handler]
pub(crate) async fn list(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    let visitor = signed_in(request)?;
    let names = case::names(registry).await?;
    let open = proposals::open_to(registry, visitor).await?;
    let proposals = open.iter().map(|(proposal, _)| proposed(proposal, &names, Standing::Open)).collect();
    page(&ProposalsPage { frame: desk_frame(registry, visitor), proposals })
}

#[handler]
pub(crate) async fn show(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let proposal = proposals::find(registry, visitor, &id).await?;
    page(&shown(registry, visitor, &proposal, Form::default(), None).await?)
}

async fn shown(
    registry: &Registry,
    visitor: &Visitor,
    proposal: &Proposal,
    form: Form,
    refusal: Option<Text>,
) -> Result<ProposalPage, Problem> {
    let found = proposals::version_of(registry, &proposal.motion).await?;
    let standing = proposal.standing(found, visitor.at);
    let names = case::names(registry).await?;
    let mut shown = proposed(proposal, &names, standing);
    if let Motion::PublishEdition { digest, .. } = &proposal.motion {
        let file = proposals::file(registry, proposal).await?;
        shown.file = file.map(|text| (digest.clone(), text));
        // Once it is published it would be compared with itself.
        let is_open = standing == Standing::Open;
        if let Some(candidate) = if is_open { Candidate::of(registry, digest).await? } else { None } {
            let counts = candidate.count(registry, visitor.at).await?;
            let csv = format!("/proposals/{}/what-if.csv", proposal.id);
            shown.preview = Some(Preview::new(&candidate, counts, Some(csv)));
        }
    }
    if let (Motion::Decide { application, .. }, Standing::Open) = (&proposal.motion, standing)
        && let Some(application) = registry.store.application(application).await?
    {
        let now = application.basis_on(&ground(registry, &application).await?);
        let shifts = proposal.basis.as_ref().map_or_else(|| vec![Shift::Unrecorded], |basis| basis.shifts(&now));
        shown.shifts = shifts_in_words(&shifts);
    }
    if let (Motion::TakeMeasure { registration, .. }, Standing::Open) = (&proposal.motion, standing)
        && let Some(registration) = registry.store.registration(registration).await?
    {
        shown.hearing_open = proposal.hearing(visitor.at.day());
        shown.published = foreseen(&registration, proposal, visitor.at);
    }
    let may = visitor.might(proposal.motion.power()).is_ok() && standing == Standing::Open;
    let is_as_proposed = shown.shifts.is_empty();
    Ok(ProposalPage {
        frame: desk_frame(registry, visitor),
        proposed: shown,
        may_confirm: may
            && proposal.by != visitor.actor.person
            && is_as_proposed
            && proposal.hearing(visitor.at.day()).is_none(),
        may_drop: may,
        form,
        refusal,
    })
}

fn proposed(proposal: &Proposal, names: &BTreeMap<PersonId, String>, standing: Standing) -> Proposed {
    Proposed::new(proposal, names.get(&proposal.by).cloned().unwrap_or_default(), standing)
}

#[handler]
pub(crate) async fn confirm(request: &Request, Data(registry): Data<&Shared>, Path(id): Path<String>) -> Answer {
    let visitor = signed_in(request)?;
    let proposal = proposals::find(registry, visitor, &id).await?;
    let deed = Confirm { proposal: proposal.id.clone() };
    match registry.perform(deed, visitor.call(None, None)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/proposals/{id}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let refusal = Some(problem.detail.clone());
            page_with(&problem, &shown(registry, visitor, &proposal, Form::default(), refusal).await?)
        }
        Err(problem) => Err(problem),
    }
}

#[handler]
pub(crate) async fn drop_it(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let proposal = proposals::find(registry, visitor, &id).await?;
    let form = Form::of(typed.0);
    if let Err(errors) = form.read(std::slice::from_ref(&DROP)) {
        let page = shown(registry, visitor, &proposal, form.with(errors), None).await?;
        return page_with(Told::INVALID, &page);
    }
    let deed = DropProposal { proposal: proposal.id.clone(), reason: form.value("/reason").to_owned() };
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/proposals/{id}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let form = refused(form, &problem);
            page_with(&problem, &shown(registry, visitor, &proposal, form, None).await?)
        }
        Err(problem) => Err(problem),
    }
}
