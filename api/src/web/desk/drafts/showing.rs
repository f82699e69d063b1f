//! A step as it is shown: what was typed, what is wrong with it, and what the engine finds.

use domain::act::{FieldReason, PersonId};
use domain::application::Matter;
use domain::declaration::{Class, Declaration};
use domain::reading::day_text;
use domain::settings::Figure;
use domain::text::Text;

use super::{Desk, line};
use crate::changing::preview;
use crate::drafts::{self, Reading};
use crate::problem::Problem;
use crate::web::session::desk_frame;
use crate::web::view::criteria::CriterionLine;
use crate::web::view::declaration::{Step, declared_so_far};
use crate::web::view::drafts::{
    ChangeLine, ConfirmPage, DraftLine, DraftPage, FaultLine, Head, ReasonLine, StepLine, place_of, step_of,
};
use crate::web::view::form::FieldError;

impl Desk<'_> {
    /// The step; with `shows_all` also what is missing is an error at its field.
    pub(super) async fn page(
        &self,
        reading: Reading,
        shows_all: bool,
        not_taken: Vec<(String, String)>,
    ) -> Result<DraftPage, Problem> {
        let (head, lines) = self.head(&reading).await?;
        let reading = self.aged(reading).await?;
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

    pub(super) async fn confirm(&self, reading: Reading, why: Option<Text>) -> Result<ConfirmPage, Problem> {
        let (head, lines) = self.head(&reading).await?;
        let changed = drafts::changed(self.registry, &self.draft, &reading).await?;
        let change = self.change(reading.whole.as_ref().map(|(declaration, _)| declaration)).await?;
        let reading = self.aged(reading).await?;
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
            changed,
            change,
            lines,
            declared: declared_so_far(&reading.form),
            cards: reading.cards,
            head,
        })
    }

    /// What a change would mean, as far as it can be read and changes something; nothing of what is no change.
    pub(super) async fn change(&self, after: Option<&Declaration>) -> Result<Option<ChangeLine>, Problem> {
        let concern = self.draft.concerns.as_ref().filter(|_| self.draft.answers.is_none());
        let (Some(number), Some(after)) = (concern.and_then(|concern| concern.of(Matter::Change)), after) else {
            return Ok(None);
        };
        let Some(registration) = self.registry.store.registration(number).await? else { return Ok(None) };
        // What cannot be a change at all is told of when it is submitted.
        let preview = preview(self.registry, &registration, after, self.visitor.at).await;
        Ok(preview.ok().map(|preview| ChangeLine::new(&preview)))
    }

    /// Files of last time that speak of a day long ago say so.
    async fn aged(&self, mut reading: Reading) -> Result<Reading, Problem> {
        let settings = self.registry.store.settings().await?;
        let old = drafts::old_files(&settings, &reading, self.visitor.at.day());
        for card in &mut reading.cards {
            card.old = old.iter().find(|(digest, _)| *digest == card.digest).map(|(_, day)| *day);
        }
        Ok(reading)
    }

    /// The head of the page, and the pre-check.
    async fn head(&self, reading: &Reading) -> Result<(Head, Vec<CriterionLine>), Problem> {
        let found = drafts::precheck_of(self.registry, self.visitor, &self.draft, reading).await?;
        let edition = found.as_ref().map(|(found, _)| found.edition.clone());
        let lines = found.map_or_else(Vec::new, |(found, editions)| {
            let class = found.class.unwrap_or(Class::One);
            let edition = editions.with_digest(&found.edition_digest);
            edition.map_or_else(Vec::new, |edition| CriterionLine::each(&found.findings, edition, class))
        });
        let reasons = drafts::reasons_for(self.registry, &self.draft).await?;
        let draft = line(self.registry, &self.draft).await?;
        let reason = |reason: &FieldReason| {
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
        let day = day_text(source.submitted_at.day()).ja;
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
        let (settings, today) = (self.registry.store.settings().await?, self.visitor.at.day());
        let old = drafts::old_files(&settings, reading, today).len();
        if old > 0 {
            let months = settings.number(Figure::EvidenceOldMonths, today);
            notices.push(format!(
                "そのうち{old}件は、書類が示す日から{months}か月を過ぎています。新しいものに替えられないか確かめてください。"
            ));
        }
        Ok(notices)
    }

    /// Why it was sent back, at the fields it is about.
    async fn reasons(&self) -> Result<Vec<FieldError>, Problem> {
        let reasons = drafts::reasons_for(self.registry, &self.draft).await?;
        let note = |reason: FieldReason| {
            let words = format!("差戻しの理由：{}", reason.reason);
            FieldError { field: reason.pointer, message: Text::new(words.clone(), words) }
        };
        Ok(reasons.into_iter().filter(|reason| !reason.pointer.is_empty()).map(note).collect())
    }

    /// A colleague's name.
    pub(super) async fn name_of(&self, person: &PersonId) -> Result<String, Problem> {
        let profile = self.registry.store.profile(person).await?;
        Ok(profile.map(|profile| profile.name).filter(|name| !name.is_empty()).unwrap_or_else(|| "担当者".to_owned()))
    }
}
