//! Drafts: five steps, back and forth, each of which saves before anything else; and the button that submits.

use std::borrow::Cow;

use domain::act::{OrganisationId, PersonId};
use domain::authority::Power;
use domain::draft::{Draft, FILES, Refusal, typed};
use domain::text::Text;
use poem::web::{Data, Path};
use poem::{Request, handler};
use serde_json::Value;

use super::{Typed, is_about_the_form, page_with, refused};
use crate::acts::{DeleteDraft, Refused, SaveDraft, SubmitDraft};
use crate::caller::{Visitor, signed_in};
use crate::declaration as edge;
use crate::drafts::{self, Found, Reading};
use crate::evidence::form::{Brought, Files};
use crate::http::in_query;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::criteria::CriterionLine;
use crate::web::view::declaration::{self, SECTIONS, Section, Step, declared_so_far};
use crate::web::view::drafts::{
    Applicant, ConfirmPage, DraftLine, DraftPage, FaultLine, Head, NewDraftPage, ReasonLine, StepLine, place_of,
    step_of,
};
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
    };
    let desk = Desk::open(registry, visitor, draft, &step)?;
    let mut reading = desk.read(desk.draft.typed()).await?;
    if desk.step == Step::Confirm {
        return page(&desk.confirm(reading, None).await?);
    }
    if let Some(list) = lists().find(|list| *list == in_query(request.uri(), "more")) {
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
    let deed = SubmitDraft { draft: desk.draft.id.clone(), declaration, evidence };
    match registry.perform(deed, call).await.map_err(Problem::from) {
        Ok(done) => Ok(to(&format!("/applications/{}", done.state.id))),
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

/// The pointers of the declaration's lists.
fn lists() -> impl Iterator<Item = &'static str> {
    SECTIONS.iter().filter_map(|section| section.list)
}

/// The places that a section's fields fill.
fn places(section: &'static Section) -> Vec<&'static str> {
    let borrowed = |name: &'static Cow<'static, str>| -> &'static str { name };
    match section.list {
        Some(list) => vec![list],
        None => section.fields.iter().map(|field| borrowed(&field.name)).collect(),
    }
}

fn is_at_or_below(name: &str, place: &str) -> bool {
    name.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
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

    /// Saves, and answers as the button asked for.
    async fn save(mut self, posted: Vec<(String, String)>, brought: Vec<Brought>) -> Answer {
        let value = |name: &str| posted.iter().find(|(posted, _)| posted == name).map(|(_, value)| value.clone());
        let (go, read) = (value("go").unwrap_or_default(), value("version").and_then(|version| version.parse().ok()));
        let (taken, others): (Vec<_>, Vec<_>) = brought.into_iter().partition(|file| file.outcome.is_ok());
        let not_taken: Vec<(String, String)> =
            others.into_iter().filter_map(|file| Some((file.name, file.outcome.err()?.ja))).collect();
        let form = evidence::without_removed(declaration::posted(posted));
        let form = evidence::with_files(form, taken.into_iter().filter_map(|file| file.outcome.ok()));
        // A section of which nothing was posted was not on the page; one of which something was is there whole.
        let is_posted = |place: &&str| form.typed.iter().any(|(name, _)| is_at_or_below(name, place));
        let own = self.step.sections().map(places).filter(|places| places.iter().any(is_posted));
        let mut meant: Vec<&'static str> = own.flatten().collect();
        if self.step == Step::Evidence {
            meant.push(FILES);
        }
        let errand = SaveDraft {
            actor: self.visitor.actor.clone(),
            draft: self.draft.id.clone(),
            places: meant.clone(),
            typed: typed(form.typed.clone()),
            read,
            is_strict: false,
        };
        match self.registry.run(errand, self.visitor.origin.clone(), self.visitor.at).await {
            Ok(saved) => self.draft = saved,
            Err(Refused::Draft(Refusal::Changed { names, .. })) => {
                // What they were compared with may be newer than what was read for this request.
                self.draft = drafts::draft(self.registry, self.visitor, self.draft.id.as_str()).await?;
                return self.both(form, &meant, &names).await;
            }
            Err(refused) => return Err(refused.into()),
        }
        let id = &self.draft.id;
        if go == "quiet" {
            let reading = self.read(self.draft.typed()).await?;
            return page(&self.page(reading, false, Vec::new()).await?);
        }
        if !not_taken.is_empty() {
            let reading = self.read(self.draft.typed()).await?;
            return page_with(Told::INVALID, &self.page(reading, false, not_taken).await?);
        }
        let here = self.step.number();
        if let Some(list) = go.strip_prefix("more:").and_then(|wanted| lists().find(|list| *list == wanted)) {
            let section = SECTIONS.iter().find(|section| section.list == Some(list)).map_or("", |section| section.id);
            return Ok(to(&format!("/drafts/{id}/{here}?more={list}#{section}")));
        }
        match (go.as_str(), Step::read(&go)) {
            (_, Some(step)) => Ok(to(&format!("/drafts/{id}/{}", step.number()))),
            ("files", _) => Ok(to(&format!("/drafts/{id}/{here}#files"))),
            ("next", _) => {
                let reading = self.read(self.draft.typed()).await?;
                let is_wrong = |error: &FieldError| {
                    step_of(&error.field) == self.step && !reading.form.is_empty_below(&error.field)
                };
                if reading.errors.iter().any(is_wrong) {
                    return page_with(Told::INVALID, &self.page(reading, false, Vec::new()).await?);
                }
                Ok(to(&format!("/drafts/{id}/{}", here + 1)))
            }
            _ => Ok(to(&format!("/drafts/{id}/{here}"))),
        }
    }

    /// The step as it was typed here, with what somebody else saved beside it wherever the two differ.
    async fn both(self, form: Form, meant: &[&str], names: &[String]) -> Answer {
        let stored = Form::of(self.draft.typed());
        let mut notes = Vec::with_capacity(names.len());
        for name in names {
            let theirs: Vec<&str> = stored.values(name).filter(|value| !value.is_empty()).collect();
            let theirs = if theirs.is_empty() { "（空欄）".to_owned() } else { theirs.join("・") };
            let by = self
                .draft
                .fields
                .iter()
                .find(|field| field.name == *name)
                .map_or(&self.draft.saved_by, |field| &field.by);
            let words = format!("{}が先に保存した値：{theirs}", self.name_of(by).await?);
            notes.push(FieldError { field: name.clone(), message: Text::new(words.clone(), words) });
        }
        let is_meant = |name: &str| meant.iter().any(|place| is_at_or_below(name, place));
        let kept = stored.typed.iter().filter(|(name, _)| !is_meant(name)).cloned();
        let own = form.typed.into_iter().filter(|(name, _)| is_meant(name));
        let mut form = Form::of(kept.chain(own).collect());
        if names.iter().any(|name| is_at_or_below(name, FILES)) {
            form = evidence::with_files(form, self.draft.files().into_iter());
        }
        let mut reading = self.read(form.typed).await?;
        let message = Text::new(
            "ほかの人、または別の画面が、先に別の値を保存しました。ここで入力したものは、まだ保存していません。両方を見て、残す値を保存してください。",
            "Somebody else, or another window, has saved another value since. Look at both and save the one to keep.",
        );
        reading.form = reading.form.noted(notes);
        reading.errors.insert(0, FieldError { field: String::new(), message });
        let told = Told { status: poem::http::StatusCode::PRECONDITION_FAILED, code: "draft_changed" };
        page_with(told, &self.page(reading, false, Vec::new()).await?)
    }

    async fn paste(self, pasted: String, read: Option<u32>) -> Answer {
        let document = match serde_json::from_str::<Value>(&pasted) {
            Ok(document) => document,
            Err(error) => {
                let why = Text::new(format!("JSONとして読めません：{error}"), format!("This is not JSON: {error}"));
                return self.pasted_wrong(pasted, why).await;
            }
        };
        let declared = document.get("declaration").unwrap_or(&document);
        // What no field holds would be lost without a word.
        let is_lost = |code: &str| matches!(code, "type" | "additionalProperties");
        let lost: Vec<_> = edge::faults_of(declared).into_iter().filter(|fault| is_lost(&fault.code)).collect();
        if !lost.is_empty() {
            let told = lost.iter().map(|fault| format!("{}：{}", fault.pointer, fault.message.ja)).collect::<Vec<_>>();
            let why = Text::new(told.join("\n"), "Some of it has no field, or another type than its field has.");
            return self.pasted_wrong(pasted, why).await;
        }
        let errand = SaveDraft {
            actor: self.visitor.actor.clone(),
            draft: self.draft.id.clone(),
            places: SECTIONS.iter().flat_map(places).collect(),
            typed: typed(declaration::fill(declared).typed),
            read,
            is_strict: true,
        };
        match self.registry.run(errand, self.visitor.origin.clone(), self.visitor.at).await.map_err(Problem::from) {
            Ok(draft) => Ok(to(&format!("/drafts/{}/5", draft.id))),
            Err(problem) if is_about_the_form(&problem) => self.pasted_wrong(pasted, problem.detail).await,
            Err(problem) => Err(problem),
        }
    }

    async fn pasted_wrong(self, pasted: String, why: Text) -> Answer {
        let reading = self.read(self.draft.typed()).await?;
        let mut page = self.page(reading, false, Vec::new()).await?;
        page.pasted = Some((pasted, why));
        page_with(Told::INVALID, &page)
    }

    /// The step; with `shows_all` also what is missing is an error at its field.
    async fn page(
        &self,
        reading: Reading,
        shows_all: bool,
        not_taken: Vec<(String, String)>,
    ) -> Result<DraftPage, Problem> {
        let (head, lines) = self.head(&reading).await?;
        let is_shown = |error: &FieldError| {
            let is_said = shows_all || !reading.form.is_empty_below(&error.field);
            error.field.is_empty() || step_of(&error.field) == self.step && is_said
        };
        let errors: Vec<FieldError> = reading.errors.iter().filter(|error| is_shown(error)).cloned().collect();
        let notes = self.reasons().await?.into_iter();
        let form = reading.form.with(errors).noted(notes);
        let is_scanned = self.registry.scanner.is_some();
        let page = DraftPage::new(desk_frame(self.registry, self.visitor), head, self.step, form, lines);
        let cards = if self.step == Step::Evidence { reading.cards } else { Vec::new() };
        Ok(page.with_files(cards, not_taken, is_scanned))
    }

    async fn confirm(&self, reading: Reading, why: Option<Text>) -> Result<ConfirmPage, Problem> {
        let (head, lines) = self.head(&reading).await?;
        let fault = |error: &FieldError| {
            let (label, href) = place_of(&head.draft.id, &error.field, &reading.cards);
            let is_missing = reading.form.is_empty_below(&error.field);
            let message = if is_missing { "未入力です。".to_owned() } else { error.message.ja.clone() };
            FaultLine { step: step_of(&error.field), label, message, href }
        };
        Ok(ConfirmPage {
            frame: desk_frame(self.registry, self.visitor),
            faults: reading.errors.iter().map(fault).collect(),
            refused: why,
            lines,
            declared: declared_so_far(&reading.form),
            cards: reading.cards,
            head,
        })
    }

    /// The head of the page, and the pre-check.
    async fn head(&self, reading: &Reading) -> Result<(Head, Vec<CriterionLine>), Problem> {
        let found = drafts::precheck_of(self.registry, self.visitor, &self.draft, reading).await?;
        let edition = found.as_ref().map(|(found, _)| found.edition.clone());
        let lines = found.map_or_else(Vec::new, |(found, editions)| {
            let class = found.class.unwrap_or(domain::declaration::Class::One);
            let edition = editions.with_digest(&found.edition_digest);
            edition.map_or_else(Vec::new, |edition| CriterionLine::each(&found.findings, edition, class))
        });
        let reasons = drafts::reasons_for(self.registry, &self.draft).await?;
        let draft = line(self.registry, &self.draft).await?;
        let reason = |reason: &domain::act::FieldReason| {
            let (label, href) = place_of(&draft.id, &reason.pointer, &[]);
            let href = href.unwrap_or_else(|| format!("/drafts/{}/5", draft.id));
            ReasonLine { label, reason: reason.reason.clone(), href }
        };
        let reasons = reasons.iter().map(reason).collect();
        let head = Head {
            owner: self.draft.owner.to_string(),
            saved_by: self.name_of(&self.draft.saved_by).await?,
            notices: self.notices(&draft, edition.as_deref(), reading).await?,
            edition,
            reasons,
            steps: StepLine::all(&reading.form, &reading.errors),
            draft,
        };
        Ok((head, lines))
    }

    /// What the draft was filled in from, and what of that may have changed since.
    async fn notices(
        &self,
        draft: &DraftLine,
        edition: Option<&str>,
        reading: &Reading,
    ) -> Result<Vec<String>, Problem> {
        let Some(source) = &self.draft.source else { return Ok(Vec::new()) };
        let day = domain::reading::day_text(source.submitted_at.day()).ja;
        let mut notices = vec![format!(
            "申請 {}（{day}提出）の内容を入れました。いまも正しいか、手順ごとに確かめてください。",
            source.application
        )];
        if let Some(now) = edition.filter(|now| *now != source.edition) {
            notices.push(format!("そのときの基準は {} 版でした。いまは {now} 版です。", source.edition));
        }
        let typed = reading.form.value("/provider/tradeName");
        if typed != draft.applicant {
            notices.push(format!(
                "登録簿にある申請者の名称は「{}」です（入っている名称：「{typed}」）。",
                draft.applicant
            ));
        }
        let files = reading.cards.iter().filter(|card| card.last.is_some()).count();
        if files > 0 {
            notices.push(format!("証跡のファイルが{files}件あります。手順4で、今回も使うものを確かめてください。"));
        }
        Ok(notices)
    }

    /// Why it was sent back, at the fields it is about.
    async fn reasons(&self) -> Result<Vec<FieldError>, Problem> {
        let reasons = drafts::reasons_for(self.registry, &self.draft).await?;
        let note = |reason: domain::act::FieldReason| {
            let words = format!("差戻しの理由：{}", reason.reason);
            FieldError { field: reason.pointer, message: Text::new(words.clone(), words) }
        };
        Ok(reasons.into_iter().filter(|reason| !reason.pointer.is_empty()).map(note).collect())
    }

    /// A colleague's name.
    async fn name_of(&self, person: &PersonId) -> Result<String, Problem> {
        let profile = self.registry.store.profile(person).await?;
        Ok(profile.map(|profile| profile.name).filter(|name| !name.is_empty()).unwrap_or_else(|| "担当者".to_owned()))
    }
}
