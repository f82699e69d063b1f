//! A step on its way in: every button saves first, whatever was typed.

use std::borrow::Cow;

use domain::draft::{FILES, Refusal, typed};
use domain::text::Text;
use poem::http::StatusCode;
use serde_json::Value;

use super::Desk;
use crate::acts::{Refused, SaveDraft};
use crate::declaration as edge;
use crate::drafts;
use crate::evidence::form::Brought;
use crate::problem::{Problem, Told};
use crate::web::desk::{is_about_the_form, page_with};
use crate::web::view::declaration::{self, SECTIONS, Section, Step};
use crate::web::view::drafts::step_of;
use crate::web::view::evidence;
use crate::web::view::form::{FieldError, Form, is_at_or_below};
use crate::web::{Answer, page, to};

/// The pointers of the declaration's lists.
pub(super) fn lists() -> impl Iterator<Item = &'static str> {
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

impl Desk<'_> {
    /// Saves, and answers as the button asked for.
    pub(super) async fn save(mut self, posted: Vec<(String, String)>, brought: Vec<Brought>) -> Answer {
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
        let told = Told { status: StatusCode::PRECONDITION_FAILED, code: "draft_changed" };
        page_with(told, &self.page(reading, false, Vec::new()).await?)
    }

    pub(super) async fn paste(self, pasted: String, read: Option<u32>) -> Answer {
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
}
