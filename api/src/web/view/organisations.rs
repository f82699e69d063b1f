//! Organisations, and the form that enters another.

use std::borrow::Cow;

use askama::Template;
use domain::people::OrganisationKind;

use super::form::{Field, Form, Input, SummaryLine, Width};
use super::frame::Frame;
use crate::account::Organisation;
use crate::problem::people::kind;

/// Organisations, in the order of their ids.
#[derive(Debug, Template)]
#[template(path = "account/organisations.html")]
pub struct OrganisationsPage {
    pub frame: Frame,
    pub organisations: Vec<OrganisationLine>,
    /// Is it a later page than the first?
    pub is_later: bool,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Was one entered just now?
    pub entered: Option<OrganisationLine>,
    /// Only for whoever may enter one.
    pub enter: Option<Enter>,
}

/// The form that enters an organisation.
#[derive(Clone, Debug)]
pub struct Enter {
    pub fields: Vec<Field>,
    pub form: Form,
}

/// An organisation in the list.
#[derive(Clone, Debug)]
pub struct OrganisationLine {
    pub id: String,
    pub kind: String,
    pub name: String,
    pub number: Option<String>,
}

impl From<&Organisation> for OrganisationLine {
    fn from(of: &Organisation) -> Self {
        Self {
            id: of.id.to_string(),
            kind: kind(of.kind).ja,
            name: of.name.clone(),
            number: of.number.map(|number| number.to_string()),
        }
    }
}

impl Enter {
    /// An empty form, or one with what was typed and what is wrong with it.
    pub fn new(form: Form) -> Self {
        Self { fields: fields(), form }
    }
}

impl OrganisationsPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.enter.iter().flat_map(|enter| enter.form.summary(&enter.fields)).collect()
    }
}

fn fields() -> Vec<Field> {
    let kinds = OrganisationKind::ALL.map(|one| (Cow::Borrowed(one.as_str()), Cow::Owned(kind(one).ja)));
    let id = "13桁の法人番号。法人番号がないときは、半角の英数字とハイフンの短い名前（例：osaka-shop）。あとで変えられません。";
    vec![
        Field::required("/kind", "種類", "", Input::OneOf(kinds.to_vec().into())),
        Field::required("/name", "名称", "100文字まで。", Input::Line(Width::Middle)),
        Field::required("/id", "法人番号、または短い名前", id, Input::Line(Width::Middle)),
    ]
}
