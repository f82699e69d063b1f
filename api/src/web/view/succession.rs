//! Where the secretariat proposes that a registration go over to another provider.

use std::borrow::Cow::{Borrowed, Owned};

use askama::Template;
use domain::registration::SuccessionKind;

use super::declaration::SECTIONS;
use super::form::{Choice, Field, Form, Input, SummaryLine, Width};
use super::frame::Frame;
use super::state::State;

/// The form, and what stands around it.
#[derive(Debug, Template)]
#[template(path = "desk/succession.html")]
pub struct SuccessionPage {
    pub frame: Frame,
    pub number: String,
    /// The version that the form asks to change.
    pub version: u32,
    pub service: String,
    /// Who has it.
    pub provider: String,
    pub owner: String,
    pub state: State,
    pub form: Form,
}

/// Everything that is asked: to whom and why, then the new provider as a declaration has it.
pub fn fields() -> Vec<Field> {
    let kinds: Vec<Choice> =
        SuccessionKind::ALL.map(|kind| (Borrowed(kind.as_str()), Owned(kind.term().ja))).into_iter().collect();
    let mut fields = vec![
        Field::required(
            "/to",
            "承継する事業者の組織の番号",
            "組織の一覧にある番号。法人は13桁の法人番号です。一覧にないときは、先に組織を加えてください。",
            Input::Line(Width::Middle),
        ),
        Field::required("/kind", "承継の事由", "", Input::OneOf(Owned(kinds))),
        Field::required(
            "/on",
            "承継の日",
            "法律や契約の効力が生じた、書類に示された日。今日までの日です。",
            Input::Day,
        ),
        Field::required("/reason", "承継の理由", "登録簿で公開されます。", Input::Lines),
        Field::required(
            "/evidence",
            "確かめた書類と、承継する事業者の同意",
            "どの書類を見たか、だれの同意をどう確かめたか。公開されません。",
            Input::Lines,
        ),
    ];
    let provider = SECTIONS.iter().filter(|section| section.id == "provider");
    fields.extend(provider.flat_map(|section| section.fields).cloned());
    fields
}

impl SuccessionPage {
    fn fields(&self) -> Vec<Field> {
        fields()
    }

    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&fields())
    }
}
