//! What an examiner is shown of a case before it opens: whose it is, and the question what ties them to the applicant.

use std::borrow::Cow::Borrowed;

use askama::Template;
use domain::application::{Application, Clearance};
use domain::calendar::Day;
use domain::settings::Settings;
use domain::text::Text;

use super::form::{Choice, Field, FieldError, Form, Input, SummaryLine};
use super::frame::Frame;

/// 利害関係の申告
#[derive(Debug, Template)]
#[template(path = "desk/interest.html")]
pub struct InterestPage {
    pub frame: Frame,
    pub closed: Closed,
    pub form: Form,
}

/// A case as it is told to somebody to whom it is not open: what is needed to say what ties them to it, and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closed {
    pub id: String,
    pub version: u32,
    pub service: String,
    pub provider: String,
    pub due: Option<Day>,
    pub clearance: Clearance,
}

impl Closed {
    /// A case as it looks on `today`.
    pub fn new(application: &Application, clearance: Clearance, today: Day, settings: &Settings) -> Self {
        let declaration = &application.declaration;
        Self {
            id: application.id.to_string(),
            version: application.version,
            service: declaration.service.name.clone(),
            provider: declaration.provider.trade_name.clone(),
            due: application.clock(today, settings).due.map(|due| due.day),
            clearance,
        }
    }
}

const ANSWERS: &[Choice] =
    &[(Borrowed("none"), Borrowed("利害関係はありません")), (Borrowed("tie"), Borrowed("利害関係があります"))];

/// 利害関係の有無と内容
pub static INTEREST: [Field; 2] = [
    Field::required(
        "/answer",
        "申請者との利害関係",
        "雇用・役員・顧問・出資・取引・親族など、公正な審査を疑わせるつながりを含みます。",
        Input::OneOf(Borrowed(ANSWERS)),
    ),
    Field::optional("/tie", "利害関係の内容", "ある場合に書いてください。事務局と監査人に示されます。", Input::Lines),
];

impl InterestPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&INTEREST)
    }

    fn is_tied(&self) -> bool {
        self.closed.clearance == Clearance::Tied
    }

    fn is_cleared(&self) -> bool {
        self.closed.clearance == Clearance::Cleared
    }
}

/// The tie that was posted, or that there is none.
pub fn read(form: &Form) -> Result<Option<String>, Vec<FieldError>> {
    let tie = form.value("/tie").trim();
    let wrong =
        |field: &str, ja: &str, en: &str| Err(vec![FieldError { field: field.to_owned(), message: Text::new(ja, en) }]);
    match (form.value("/answer"), tie) {
        ("none", "") => Ok(None),
        // Whoever writes of a tie and says that there is none is asked again.
        ("none", _) => {
            wrong("/answer", "利害関係の内容が書かれています。どちらかを選び直してください。", "You wrote of a tie.")
        }
        ("tie", "") => wrong("/tie", "利害関係の内容を入力してください。", "Say what ties you."),
        ("tie", tie) => Ok(Some(tie.to_owned())),
        _ => wrong("/answer", "利害関係の有無を選んでください。", "Choose."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declaration_is_one_or_the_other() {
        for (answer, tie, expected) in [
            ("none", "", Ok(None)),
            ("none", " 　", Ok(None)),
            ("tie", " 顧問 ", Ok(Some("顧問".to_owned()))),
            ("tie", " ", Err("/tie")),
            ("none", "顧問", Err("/answer")),
            ("", "", Err("/answer")),
            ("maybe", "顧問", Err("/answer")),
        ] {
            let typed = [("/answer", answer), ("/tie", tie)].map(|(name, value)| (name.to_owned(), value.to_owned()));
            let found = read(&Form::of(typed.to_vec()));
            let found = found.map_err(|errors| errors[0].field.clone());
            assert_eq!(found, expected.map_err(str::to_owned), "{answer} {tie:?}");
        }
    }
}
