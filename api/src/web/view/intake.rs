//! The secretariat's desk: receiving an application, sending it back, assigning examiners, registering what passed.

use std::borrow::Cow;

use askama::Template;
use domain::act::{FieldReason, PersonId};
use domain::application::{Application, Clearance, Replaced, Waiver};
use domain::calendar::{Day, Instant};
use domain::text::Text;

use super::applications::{Case, Decision, Moment, Stage, When};
use super::criteria::CriterionLine;
use super::declaration::DeclaredSection;
use super::evidence::FileLine;
use super::footing::Footing;
use super::form::{Choice, Field, FieldError, Form, Input, Leftover, Need, SummaryLine};
use super::frame::Frame;
use super::licences::{END, GRANT, KIT, LicencePanel};
use super::questions::{QuestionLine, settling_fields};
use super::state::State;

/// One application at the secretariat's desk.
#[derive(Debug, Template)]
#[template(path = "desk/intake.html")]
pub struct IntakePage {
    pub frame: Frame,
    pub case: Case,
    pub timeline: Vec<Moment>,
    pub criteria: Vec<CriterionLine>,
    pub declared: Vec<DeclaredSection>,
    pub files: Vec<FileLine>,
    /// Pointers of the declaration's fields, for naming them in a return; see [`super::declaration::nameable`].
    pub nameable: Vec<Choice>,
    pub examiners: Vec<Person>,
    pub assignment: Assignment,
    /// Questions to the applicant.
    pub questions: Vec<QuestionLine>,
    pub decision: Option<Decision>,
    pub registration: Option<LicencePanel>,
    pub footing: Footing,
    /// Of a renewal that passed: the first day of the next term, if it is entered now.
    pub next_term: Option<Day>,
    /// What was typed last, and into which form.
    pub form: Form,
    pub tried: Option<Tried>,
}

/// Somebody who can be assigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: String,
    pub name: String,
    /// Cases that they are examining.
    pub open_cases: usize,
}

/// Who examines the case, and who did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    pub seats: Vec<Seat>,
    pub waivers: Vec<Waived>,
    pub replaced: Vec<ReplacedSeat>,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    pub id: String,
    pub name: String,
    pub clearance: Clearance,
    /// The ties they declared, in their words.
    pub ties: Vec<String>,
}

/// A tie that does not stand in the way here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    pub name: String,
    pub reason: String,
    pub at: Instant,
}

/// Who left, and who came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplacedSeat {
    pub name: String,
    pub by: String,
    pub reason: String,
    pub at: Instant,
}

impl Assignment {
    /// An application's, with people's names.
    pub fn new(application: &Application, name: impl Fn(&PersonId) -> String) -> Self {
        let seat = |person: &PersonId| {
            let own = application.interests.iter().filter(|interest| interest.examiner == *person);
            Seat {
                id: person.to_string(),
                name: name(person),
                clearance: application.clearance(person),
                ties: own.filter_map(|interest| interest.tie.clone()).collect(),
            }
        };
        let waived = |one: &Waiver| Waived { name: name(&one.examiner), reason: one.reason.clone(), at: one.at };
        let replaced = |one: &Replaced| ReplacedSeat {
            name: name(&one.examiner),
            by: name(&one.by),
            reason: one.reason.clone(),
            at: one.at,
        };
        Self {
            seats: application.examiners.iter().map(seat).collect(),
            waivers: application.waivers.iter().map(waived).collect(),
            replaced: application.replaced.iter().map(replaced).collect(),
        }
    }

    fn is_empty(&self) -> bool {
        self.seats.is_empty() && self.waivers.is_empty()
    }
}

impl Seat {
    fn word(&self) -> &'static str {
        match self.clearance {
            Clearance::Undeclared => "利害関係の申告待ち",
            Clearance::Tied => "利害関係あり（審査できません）",
            Clearance::Cleared => "審査できます",
        }
    }
}

/// Which of the page's forms was filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Accept,
    Return,
    Register,
    Replace,
    Waive,
    /// More time for a question, or its end.
    Settle(u32),
}

/// Rows for reasons in the form.
const REASON_ROWS: usize = 5;

/// The first day of the term.
pub static FROM: Field =
    Field::required("/from", "登録の発効日", "判定の日から1年以内。有効期間はこの日から2年です。", Input::Day);

impl IntakePage {
    fn form_of(&self, form: Tried) -> Form {
        let typed = if self.tried == Some(form) { self.form.clone() } else { Form::default() };
        let words = match form {
            Tried::Settle(number) => return typed.marked(format!("settle-{number}")),
            Tried::Accept => "accept",
            Tried::Return => "return",
            Tried::Register => {
                let typed = if self.tried == Some(form) { typed } else { self.first_day() };
                return typed.marked("register");
            }
            Tried::Replace => "replace",
            Tried::Waive => "waive",
        };
        typed.marked(words)
    }

    /// A renewal begins on a day that is known.
    fn first_day(&self) -> Form {
        let Some((year, month, day)) = self.next_term.map(Day::ymd) else { return Form::default() };
        let of = |part: &str, value: String| (format!("/from/{part}"), value);
        Form::of(vec![of("year", year.to_string()), of("month", month.to_string()), of("day", day.to_string())])
    }

    /// The two selects for examiners.
    fn examiner_fields(&self) -> Vec<Field> {
        let choices = self.candidates();
        let field = |name, label| Field::required(name, label, "", Input::Select(Cow::Owned(choices.clone())));
        vec![field("/examiner1", "審査員 1人目"), field("/examiner2", "審査員 2人目")]
    }

    /// Who can be assigned, with how much they have to do.
    fn candidates(&self) -> Vec<Choice> {
        let choice = |person: &Person| {
            let label = format!("{}（審査中 {}件）", person.name, person.open_cases);
            (Cow::Owned(person.id.clone()), Cow::Owned(label))
        };
        self.examiners.iter().map(choice).collect()
    }

    /// Who leaves, who joins, and why.
    fn replacement_fields(&self) -> Vec<Field> {
        let seats = self.assignment.seats.iter();
        let seats: Vec<Choice> =
            seats.map(|seat| (Cow::Owned(seat.id.clone()), Cow::Owned(seat.name.clone()))).collect();
        let mut others = self.candidates();
        others.retain(|(id, _)| !seats.iter().any(|(seat, _)| seat == id));
        vec![
            Field::required("/leaving", "外れる審査員", "", Input::Select(Cow::Owned(seats))),
            Field::required("/joining", "代わりの審査員", "", Input::Select(Cow::Owned(others))),
            Field::required("/reason", "交代の理由", "記録に残ります。", Input::Lines),
        ]
    }

    /// Whose tie, and why it does not matter here.
    fn waiver_fields(&self) -> Vec<Field> {
        vec![
            Field::required("/tied", "利害関係を申告した審査員", "", Input::Select(Cow::Owned(self.candidates()))),
            Field::required("/waiver", "免除の理由", "記録に残ります。", Input::Lines),
        ]
    }

    /// Rows of a field and what is wrong with it.
    fn reason_rows(&self) -> Vec<[Field; 2]> {
        (0..REASON_ROWS).map(|row| reason_row(row, self.nameable.clone())).collect()
    }

    /// Is this form on the page?
    fn offers(&self, form: Tried) -> bool {
        match form {
            Tried::Accept | Tried::Return => self.case.stage == Stage::Submitted,
            Tried::Register => self.case.stage == Stage::Passed,
            Tried::Replace => self.case.stage == Stage::Examining,
            Tried::Waive => matches!(self.case.stage, Stage::Submitted | Stage::Examining),
            Tried::Settle(number) => {
                let is_open = |question: &QuestionLine| question.number == number && question.is_open();
                self.case.stage == Stage::Examining && self.questions.iter().any(is_open)
            }
        }
    }

    /// The form for settling a question, where there is one: with what was typed, and its fields.
    fn settling(&self, question: &QuestionLine) -> Option<(Form, Vec<Field>)> {
        let tried = Tried::Settle(question.number);
        let is_offered = self.frame.is_secretariat() && self.offers(tried);
        is_offered.then(|| (self.form_of(tried), self.fields_of(tried)))
    }

    fn is_tried(&self, question: &QuestionLine) -> bool {
        self.tried == Some(Tried::Settle(question.number))
    }

    fn fields_of(&self, form: Tried) -> Vec<Field> {
        match form {
            Tried::Accept => self.examiner_fields(),
            Tried::Return => self.reason_rows().concat(),
            Tried::Register => vec![FROM.clone()],
            Tried::Replace => self.replacement_fields(),
            Tried::Waive => self.waiver_fields(),
            Tried::Settle(number) => settling_fields(number).into(),
        }
    }

    fn summary(&self) -> Vec<SummaryLine> {
        match self.tried {
            None => Vec::new(),
            Some(tried) if !self.offers(tried) => self.leftover().lines,
            Some(tried) => self.form_of(tried).summary(&self.fields_of(tried)),
        }
    }

    /// What is left of a form that came too late.
    fn leftover(&self) -> Leftover {
        let gone = self.tried.filter(|tried| !self.offers(*tried));
        gone.map_or_else(Leftover::default, |tried| Leftover::of(&self.form, &self.fields_of(tried)))
    }
}

fn reason_row(row: usize, choices: Vec<Choice>) -> [Field; 2] {
    let place = format!("/reasons/{row}");
    let field = |name, label, input| {
        Field {
            need: if row == 0 { Need::Required } else { Need::Optional },
            ..Field::required(name, label, "", input)
        }
        .under(&place)
    };
    [field("/pointer", "項目", Input::Select(Cow::Owned(choices))), field("/reason", "直してほしいこと", Input::Lines)]
}

/// The reasons that were posted: rows with neither field nor reason count as not there. Only what the page offers can be
/// named, since the applicant is shown it as a field of the declaration.
pub fn read_reasons(form: &Form, nameable: &[Choice]) -> Result<Vec<FieldReason>, Vec<FieldError>> {
    let (mut reasons, mut errors) = (Vec::new(), Vec::new());
    for row in 0..REASON_ROWS {
        let place = format!("/reasons/{row}");
        if row > 0 && form.is_empty_below(&place) {
            continue;
        }
        let name = |part: &str| format!("{place}/{part}");
        let (pointer, reason) =
            (form.value(&name("pointer")).to_owned(), form.value(&name("reason")).trim().to_owned());
        if !nameable.iter().any(|(offered, _)| *offered == pointer) {
            errors.push(FieldError {
                field: name("pointer"),
                message: Text::new("示された中から項目を選んでください。", "Choose one of the fields offered."),
            });
        }
        if reason.is_empty() {
            let message = Text::new("直してほしいことを入力してください。", "Say what is to be changed.");
            errors.push(FieldError { field: name("reason"), message });
        }
        reasons.push(FieldReason { pointer, reason });
    }
    if errors.is_empty() { Ok(reasons) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::view::samples::nameable_fields as offered;

    fn posted(rows: &[(usize, &str, &str)]) -> Form {
        let pair = |(row, pointer, reason): &(usize, &str, &str)| {
            [
                (format!("/reasons/{row}/pointer"), (*pointer).to_owned()),
                (format!("/reasons/{row}/reason"), (*reason).to_owned()),
            ]
        };
        Form::of(rows.iter().flat_map(pair).collect())
    }

    /// A return names each field with what is to be changed; rows left empty count as not there.
    #[test]
    fn reasons_are_read_in_pairs() {
        let rows = [(0, "/service/name", " 正式な名称 "), (1, "", " "), (3, "/prices/0/label", "内訳")];
        let read = read_reasons(&posted(&rows), &offered());
        let reasons: Vec<(String, String)> = read.unwrap().into_iter().map(|r| (r.pointer, r.reason)).collect();
        let expected = [("/service/name", "正式な名称"), ("/prices/0/label", "内訳")];
        assert_eq!(reasons, expected.map(|(pointer, reason)| (pointer.to_owned(), reason.to_owned())));
    }

    #[test]
    fn half_a_reason_is_refused_at_the_other_half() {
        for (rows, fields) in [
            (vec![], vec!["/reasons/0/pointer", "/reasons/0/reason"]),
            (vec![(0, "/service/name", " ")], vec!["/reasons/0/reason"]),
            (vec![(0, "", "直す")], vec!["/reasons/0/pointer"]),
            (vec![(0, "/service/name", "直す"), (4, "", "直す")], vec!["/reasons/4/pointer"]),
            // The applicant would be shown it, and could not tell what is meant.
            (vec![(0, "/nonsense/x", "直す")], vec!["/reasons/0/pointer"]),
            (vec![(0, "/service", "直す")], vec!["/reasons/0/pointer"]),
        ] {
            let errors = read_reasons(&posted(&rows), &offered()).expect_err("half of it is missing");
            let found: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
            assert_eq!(found, fields, "{rows:?}");
        }
    }
}
