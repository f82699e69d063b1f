//! Drafts: the steps in which an application is written, and the last one, from which it is submitted.

use std::slice;

use askama::Template;
use domain::calendar::{Day, Instant};
use domain::criteria::Conclusion;
use domain::evidence::{CASE_BYTES, FILE_BYTES};
use domain::registration::{FindingBeside, Preview};
use domain::text::Text;

use super::criteria::CriterionLine;
use super::declaration::{DeclaredSection, SECTIONS, Section, Step, fields, is_passed_over, label_of};
use super::evidence::{FILES, FileCard};
use super::form::{Field, FieldError, Form, Input, SummaryLine, is_at_or_below};
use super::frame::Frame;
use crate::changes::SaidSection;
use crate::difference::Change;

/// A draft in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftLine {
    pub id: String,
    /// The version that deleting it names.
    pub version: u32,
    /// As far as it is named.
    pub service: String,
    /// Whose it is.
    pub applicant: String,
    /// The application whose return it is to answer.
    pub answers: Option<String>,
    /// The registration whose next term it is for.
    pub renews: Option<String>,
    /// The registration of which something changes.
    pub changes: Option<String>,
    pub saved_at: Instant,
    /// The last day on which it is kept if nobody saves it again.
    pub kept_until: Day,
}

/// What stands at the head of every step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub draft: DraftLine,
    pub owner: String,
    /// Who saved it last.
    pub saved_by: String,
    /// The edition under which it will be assessed; none where none governs the day.
    pub edition: Option<String>,
    /// What it was filled in from, and what of that may be out of date.
    pub notices: Vec<String>,
    pub reasons: Vec<ReasonLine>,
    /// How far each step is.
    pub steps: Vec<StepLine>,
}

/// Why it was sent back, and where that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReasonLine {
    pub label: String,
    pub reason: String,
    pub href: String,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepLine {
    pub step: Step,
    /// Fields with something that cannot be read.
    pub wrong: usize,
    /// Fields that must be filled in and are not.
    pub missing: usize,
}

impl StepLine {
    /// How far the steps are, by what stands in the way.
    pub fn all(form: &Form, errors: &[FieldError]) -> Vec<Self> {
        let line = |step: Step| {
            let own = errors.iter().filter(|error| step_of(&error.field) == step);
            let (missing, wrong): (Vec<_>, Vec<_>) = own.partition(|error| form.is_empty_below(&error.field));
            Self { step, wrong: wrong.len(), missing: missing.len() }
        };
        Step::ALL.into_iter().map(line).collect()
    }

    fn words(&self) -> String {
        match (self.wrong, self.missing) {
            _ if self.step == Step::Confirm => String::new(),
            (0, 0) => "入力済み".to_owned(),
            (0, missing) => format!("未入力 {missing}"),
            (wrong, 0) => format!("誤り {wrong}"),
            (wrong, missing) => format!("誤り {wrong}・未入力 {missing}"),
        }
    }
}

/// The step that shows a field; what no field shows is looked at in the last.
pub fn step_of(name: &str) -> Step {
    let shows = |section: &&Section| match section.list {
        Some(list) => is_at_or_below(name, list),
        None => section.fields.iter().any(|field| is_at_or_below(name, &field.name)),
    };
    if is_at_or_below(name, FILES) {
        return Step::Evidence;
    }
    SECTIONS.iter().find(shows).map_or(Step::Confirm, |section| section.step)
}

/// What stands in the way of submitting, or was asked for at a return: where, and a way there.
pub fn place_of(draft: &str, name: &str, cards: &[FileCard]) -> (String, Option<String>) {
    let file = cards.iter().find(|card| card.every_field().any(|field| field.name == name));
    let of_file = file.and_then(|card| {
        let field = card.every_field().find(|field| field.name == name)?;
        Some(format!("{}：{}", card.name, field.label))
    });
    let label = of_file.or_else(|| label_of(name));
    let step = step_of(name).number();
    let href = label.as_ref().map(|_| format!("/drafts/{draft}/{step}?all=1#{}", Form::default().anchor(name)));
    (label.unwrap_or_else(|| "全体".to_owned()), href)
}

impl Head {
    /// What is applied for.
    fn title(&self) -> &'static str {
        match (&self.draft.answers, &self.draft.renews, &self.draft.changes) {
            (Some(_), _, _) => "申請の再提出",
            (None, Some(_), _) => "登録の更新の申請",
            (None, None, Some(_)) => "変更届",
            (None, None, None) => "新しい登録の申請",
        }
    }

    /// 「12:34:56 に保存しました」, in Japan.
    fn saved(&self) -> String {
        let (hour, minute, second) = self.draft.saved_at.time_in_japan();
        format!("{hour:02}:{minute:02}:{second:02} に保存しました")
    }
}

/// One of the steps that ask something.
#[derive(Debug, Template)]
#[template(path = "desk/draft.html")]
pub struct DraftPage {
    pub frame: Frame,
    pub head: Head,
    pub step: Step,
    pub form: Form,
    /// The pre-check, by criterion.
    pub lines: Vec<CriterionLine>,
    /// The files so far.
    pub cards: Vec<FileCard>,
    /// Files that were sent and are not taken: their names, and why.
    pub refused_files: Vec<(String, String)>,
    /// Is there a scanner?
    pub is_scanned: bool,
    /// What was pasted as JSON, and why it cannot be taken.
    pub pasted: Option<(String, Text)>,
    fields: Vec<Field>,
}

impl DraftPage {
    /// A step with what was typed. Errors and notes are shown at their fields, as far as they are this step's.
    pub fn new(frame: Frame, head: Head, step: Step, form: Form, lines: Vec<CriterionLine>) -> Self {
        let mut all = fields(&form);
        let form = form.settled(&all);
        all.retain(|field| step_of(&field.name) == step);
        let (cards, refused_files) = (Vec::new(), Vec::new());
        Self { frame, head, step, form, lines, cards, refused_files, is_scanned: false, pasted: None, fields: all }
    }

    /// The step with its files, and with those that are not taken.
    #[must_use]
    pub fn with_files(mut self, cards: Vec<FileCard>, refused: Vec<(String, String)>, is_scanned: bool) -> Self {
        self.fields.extend(cards.iter().flat_map(FileCard::every_field));
        self.form = self.form.settled(&self.fields);
        Self { cards, refused_files: refused, is_scanned, ..self }
    }

    /// Where the form is sent.
    fn action(&self) -> String {
        format!("/drafts/{}/{}", self.head.draft.id, self.step.number())
    }

    fn summary(&self) -> Vec<SummaryLine> {
        let refused = self.refused_files.iter().map(|(name, why)| SummaryLine {
            anchor: Some("file".to_owned()),
            label: Some(name.clone()),
            message: why.clone(),
        });
        let pasted = self.pasted.iter().map(|(_, why)| SummaryLine {
            anchor: Some("pasted".to_owned()),
            label: Some("申告内容のJSON".to_owned()),
            message: why.ja.clone(),
        });
        let is_own = |error: &&FieldError| error.field.is_empty() || self.shows(&error.field);
        let own = Form::default().with(self.form.errors.iter().filter(is_own).cloned());
        own.summary(&self.fields).into_iter().chain(refused).chain(pasted).collect()
    }

    fn shows(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// The sections that are asked, or may be: what has no part in the service's kind and class is left out. Where those
    /// are chosen, the stylesheet shows and hides what depends on them.
    fn sections(&self) -> impl Iterator<Item = &'static Section> {
        let chooses = self.step == Step::Service;
        self.step.sections().filter(move |section| chooses || !is_passed_over(section, &self.form))
    }

    /// The findings that a section's fields lead to, on what is asked of the service.
    fn findings<'a>(&'a self, section: &'a Section) -> impl Iterator<Item = &'a CriterionLine> {
        let is_asked = |line: &&CriterionLine| line.conclusion != Conclusion::NotApplicable;
        self.lines.iter().filter(is_asked).filter(|line| section.criteria.contains(&line.criterion))
    }

    fn next(&self) -> Option<Step> {
        Step::ALL.get(self.step.number()).copied()
    }

    fn before(&self) -> Option<Step> {
        self.step.number().checked_sub(2).and_then(|index| Step::ALL.get(index)).copied()
    }

    fn file_megabytes(&self) -> u64 {
        FILE_BYTES / 1_000_000
    }

    fn case_megabytes(&self) -> u64 {
        CASE_BYTES / 1_000_000
    }
}

/// The last step: all of it in words, what stands in the way, and the button.
#[derive(Debug, Template)]
#[template(path = "desk/draft_confirm.html")]
pub struct ConfirmPage {
    pub frame: Frame,
    pub head: Head,
    /// What stands in the way of submitting: where, what, and a way there.
    pub faults: Vec<FaultLine>,
    /// Why it was not submitted just now.
    pub refused: Option<Text>,
    /// Of a renewal: what it says otherwise than the registration was last judged on.
    pub changed: Option<Vec<SaidSection>>,
    /// Of a change: what it would mean.
    pub change: Option<ChangeLine>,
    pub lines: Vec<CriterionLine>,
    pub declared: Vec<DeclaredSection>,
    pub cards: Vec<FileCard>,
}

/// What a change would mean, before anything is saved of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeLine {
    /// Is nothing of it asked by a criterion?
    pub is_general: bool,
    /// What is found of the criteria that it touches: the criterion, the findings before and after in words, and whether
    /// it turns unmet.
    pub findings: Vec<FindingLine>,
}

/// A criterion's finding before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingLine {
    pub criterion: String,
    pub clause: String,
    pub before: String,
    pub after: String,
    /// Why it is found so.
    pub reason: String,
    pub turns_unmet: bool,
}

impl ChangeLine {
    /// What the engine found.
    pub fn new(preview: &Preview) -> Self {
        let line = |beside: &FindingBeside| FindingLine {
            criterion: beside.after.criterion.term().ja,
            clause: beside.after.clause.ja.clone(),
            before: beside.before.conclusion.term().ja,
            after: beside.after.conclusion.term().ja,
            reason: beside.after.reason.ja.clone(),
            turns_unmet: beside.turns_unmet,
        };
        Self { is_general: preview.is_general(), findings: preview.findings.iter().map(line).collect() }
    }

    fn warns(&self) -> bool {
        self.findings.iter().any(|finding| finding.turns_unmet)
    }
}

/// Something that stands in the way of submitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FaultLine {
    pub step: Step,
    pub label: String,
    pub message: String,
    pub href: Option<String>,
}

impl ConfirmPage {
    /// The faults, step by step.
    fn by_step(&self) -> Vec<(Step, Vec<&FaultLine>)> {
        let of = |step: Step| (step, self.faults.iter().filter(|fault| fault.step == step).collect::<Vec<_>>());
        Step::ALL.into_iter().map(of).filter(|(_, faults)| !faults.is_empty()).collect()
    }
}

/// Where a draft for a new application is begun.
#[derive(Debug, Template)]
#[template(path = "desk/draft_new.html")]
pub struct NewDraftPage {
    pub frame: Frame,
    /// Whose application it may be.
    pub applicants: Vec<Applicant>,
    pub form: Form,
    owner: Field,
}

/// Somebody who applies, and what a draft of theirs would begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    pub id: String,
    pub name: String,
    /// The last application: its number, its service and when it was submitted.
    pub last: Option<(String, String, Instant)>,
}

impl NewDraftPage {
    /// Choosing among these; with one there is nothing to choose.
    pub fn new(frame: Frame, applicants: Vec<Applicant>, form: Form) -> Self {
        let choices = applicants.iter().map(|one| (one.id.clone().into(), one.name.clone().into())).collect::<Vec<_>>();
        let owner = Field::required("/owner", "申請する組織", "", Input::OneOf(choices.into()));
        Self { frame, applicants, form, owner }
    }

    /// What it asks where there is a choice.
    pub fn owner(&self) -> &Field {
        &self.owner
    }

    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(slice::from_ref(&self.owner))
    }
}
