//! Drafts: five steps, back and forth, each of which saves before anything else; and the button that submits.

mod saving;
mod showing;

use domain::act::{OrganisationId, RegistrationNumber};
use domain::application::Matter;
use domain::authority::Power;
use domain::draft::Draft;
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::{Typed, is_about_the_form, page_with, refused};
use crate::acts::{DeleteDraft, NotifyDraft, Refused, SubmitDraft};
use crate::caller::{Visitor, signed_in};
use crate::drafts::{self, Found, Reading};
use crate::evidence::form::Files;
use crate::http::in_query;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::declaration::Step;
use crate::web::view::drafts::{Applicant, DraftLine, NewDraftPage};
use crate::web::view::evidence;
use crate::web::view::form::{FieldError, Form};
use crate::web::{Answer, page, to};

/// The visitor's drafts, for their list of applications.
pub(super) async fn lines(registry: &Registry, visitor: &Visitor) -> Result<Vec<DraftLine>, Problem> {
    let mut lines = Vec::new();
    for draft in drafts::drafts_for(registry, visitor).await? {
        lines.push(line(registry, &draft).await?);
    }
    Ok(lines)
}

async fn line(registry: &Registry, draft: &Draft) -> Result<DraftLine, Problem> {
    let named = draft.fields.iter().find(|field| field.name == "/service/name");
    let service = named.and_then(|field| field.values.first()).filter(|name| !name.trim().is_empty());
    let applicant = registry.store.organisation(&draft.owner).await?;
    Ok(DraftLine {
        id: draft.id.to_string(),
        version: draft.version,
        service: service.cloned().unwrap_or_else(|| "名称未入力のサービス".to_owned()),
        applicant: applicant.map_or_else(|| draft.owner.to_string(), |organisation| organisation.name),
        answers: draft.answers.as_ref().map(ToString::to_string),
        renews: draft.concerns.as_ref().and_then(|concern| concern.of(Matter::Renewal)).map(ToString::to_string),
        changes: draft.concerns.as_ref().and_then(|concern| concern.of(Matter::Change)).map(ToString::to_string),
        saved_at: draft.saved_at,
        kept_until: draft.kept_until(),
    })
}

#[handler]
pub(crate) async fn new(request: &Request, Data(registry): Data<&Shared>) -> Answer {
    page(&beginning(registry, signed_in(request)?, Form::default()).await?)
}

async fn beginning(registry: &Registry, visitor: &Visitor, form: Form) -> Result<NewDraftPage, Problem> {
    let mut applicants = Vec::new();
    for organisation in drafts::applicants_for(registry, visitor).await? {
        let last = drafts::last_of(registry, &organisation.id).await?;
        let last = last.map(|last| (last.id.to_string(), last.declaration.service.name, last.submitted_at));
        applicants.push(Applicant { id: organisation.id.to_string(), name: organisation.name, last });
    }
    Ok(NewDraftPage::new(desk_frame(registry, visitor), applicants, form))
}

/// Begins a draft, or goes on with the one that answers a return.
#[handler]
pub(crate) async fn begin(request: &Request, Data(registry): Data<&Shared>, typed: Typed) -> Answer {
    let visitor = signed_in(request)?;
    let form = Form::of(typed.0);
    let is_change = !form.value("changes").is_empty();
    if is_change || !form.value("renews").is_empty() {
        let typed = if is_change { form.value("changes") } else { form.value("renews") };
        let missing = |_| Problem::not_found(&Text::new("登録", "registration"), typed);
        let number: RegistrationNumber = typed.parse().map_err(missing)?;
        let errand = if is_change {
            drafts::change(registry, visitor, &number).await?
        } else {
            drafts::renew(registry, visitor, &number).await?
        };
        let (draft, _) = registry.run(errand, visitor.origin.clone(), visitor.at).await?;
        // Everything is filled in: what differs is looked at in the last step, and a change begins with the first.
        return Ok(to(&format!("/drafts/{}/{}", draft.id, if is_change { "1" } else { "5" })));
    }
    let errand = match form.value("answers") {
        "" => match owner(visitor, &form) {
            Ok(owner) => drafts::begin(registry, visitor, owner).await?,
            Err(Refused::WhichOrganisation) => {
                let again = beginning(registry, visitor, Form::default()).await?;
                let wrong = form.read(std::slice::from_ref(again.owner())).err().unwrap_or_default();
                let again = beginning(registry, visitor, form.with(wrong)).await?;
                return page_with(Told { code: "which_organisation", ..Told::INVALID }, &again);
            }
            Err(refused) => return Err(refused.into()),
        },
        application => drafts::answer(registry, visitor, application).await?,
    };
    let (draft, _) = registry.run(errand, visitor.origin.clone(), visitor.at).await?;
    Ok(to(&format!("/drafts/{}/1", draft.id)))
}

/// Whose application it is to be: the one that was chosen, or the only one there is.
fn owner(visitor: &Visitor, form: &Form) -> Result<OrganisationId, Refused> {
    if let Ok(chosen) = form.value("/owner").parse() {
        return Ok(chosen);
    }
    let mut own = visitor.actor.extent(Power::SubmitApplication, visitor.at.day()).organisations;
    own.sort();
    own.dedup();
    match (own.pop(), own.is_empty()) {
        (Some(only), true) => Ok(only),
        _ => Err(Refused::WhichOrganisation),
    }
}

#[handler]
pub(crate) async fn show(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, step)): Path<(String, String)>,
) -> Answer {
    let visitor = signed_in(request)?;
    let draft = match drafts::find(registry, visitor, &id).await? {
        Found::Draft(draft) => *draft,
        Found::Submitted(application) => return Ok(to(&format!("/applications/{application}"))),
        Found::Notified(number) => return Ok(to(&format!("/register/{number}"))),
    };
    let desk = Desk::open(registry, visitor, draft, &step)?;
    let mut reading = desk.read(desk.draft.typed()).await?;
    if desk.step == Step::Confirm {
        return page(&desk.confirm(reading, None).await?);
    }
    if let Some(list) = saving::lists().find(|list| *list == in_query(request.uri(), "more")) {
        reading.form = reading.form.lengthened(list);
    }
    let shows_all = !in_query(request.uri(), "all").is_empty();
    page(&desk.page(reading, shows_all, Vec::new()).await?)
}

/// Saves a step, whatever was typed into it, then goes where the button leads.
#[handler]
pub(crate) async fn save(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, step)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let desk = Desk::open(registry, visitor, drafts::draft(registry, visitor, &id).await?, &step)?;
    let brought = request.extensions().get::<Files>().cloned().unwrap_or_default().0;
    desk.save(typed.0, brought).await
}

/// Puts a whole declaration in place of what the draft says.
#[handler]
pub(crate) async fn paste(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let desk = Desk::open(registry, visitor, drafts::draft(registry, visitor, &id).await?, "1")?;
    let form = Form::of(typed.0);
    desk.paste(form.value("declaration").to_owned(), form.value("version").parse().ok()).await
}

#[handler]
pub(crate) async fn delete(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let draft = drafts::draft(registry, visitor, &id).await?;
    let read = Form::of(typed.0).value("version").parse().ok();
    let errand = DeleteDraft { actor: visitor.actor.clone(), draft: draft.id, read };
    registry.run(errand, visitor.origin.clone(), visitor.at).await?;
    Ok(to("/applications"))
}

/// Submits what the draft says. Pressed again, it leads to the same application.
#[handler]
pub(crate) async fn submit(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let draft = match drafts::find(registry, visitor, &id).await? {
        Found::Draft(draft) => *draft,
        Found::Submitted(application) => return Ok(to(&format!("/applications/{application}"))),
        Found::Notified(number) => return Ok(to(&format!("/register/{number}"))),
    };
    let desk = Desk::open(registry, visitor, draft, "5")?;
    let reading = desk.read(desk.draft.typed()).await?;
    let Some((declaration, evidence)) = reading.whole.clone() else {
        let why = Text::new(
            format!("直すところが{}か所あります。下の一覧から直してください。", reading.errors.len()),
            format!("{} things have to be put right first.", reading.errors.len()),
        );
        return page_with(Told::INVALID, &desk.confirm(reading, Some(why)).await?);
    };
    let call = visitor.call(Form::of(typed.0).value("version").parse().ok(), None);
    // What no criterion asks about is notified; the rest is applied for.
    let notified = match &desk.change(Some(&declaration)).await? {
        Some(change) => change.is_general,
        None => false,
    };
    let draft = desk.draft.id.clone();
    let done = if notified {
        let done = registry.perform(NotifyDraft { draft, declaration }, call).await;
        done.map(|done| format!("/register/{}", done.state.number))
    } else {
        let done = registry.perform(SubmitDraft { draft, declaration, evidence }, call).await;
        done.map(|done| format!("/applications/{}", done.state.id))
    };
    match done.map_err(Problem::from) {
        Ok(path) => Ok(to(&path)),
        Err(problem) if is_about_the_form(&problem) => {
            let mut reading = reading;
            reading.errors.extend(
                refused(Form::default(), &problem)
                    .errors
                    .into_iter()
                    .map(|error| FieldError { field: evidence::in_form(&error.field), ..error }),
            );
            reading.errors.retain(|error| !error.field.is_empty());
            let page = desk.confirm(reading, Some(problem.detail.clone())).await?;
            page_with(&problem, &page)
        }
        Err(problem) => Err(problem),
    }
}

/// A step of a draft, and who is at it.
struct Desk<'a> {
    registry: &'a Shared,
    visitor: &'a Visitor,
    draft: Draft,
    step: Step,
}

impl<'a> Desk<'a> {
    fn open(registry: &'a Shared, visitor: &'a Visitor, draft: Draft, step: &str) -> Result<Self, Problem> {
        let missing = || Problem::not_found(&Text::new("手順", "step"), step);
        let step = Step::read(step).ok_or_else(missing)?;
        Ok(Self { registry, visitor, draft, step })
    }

    async fn read(&self, typed: Vec<(String, String)>) -> Result<Reading, Problem> {
        drafts::read(self.registry, &self.draft.owner, typed).await
    }
}
