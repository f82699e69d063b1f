//! Questions to the applicant: as they are read, asked, settled and answered on the desks' pages; and what waits for
//! whom.

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;
use domain::application::{Application, Deadline, Ended, Reminder, Urgency, Waiting, earliest_answer};
use domain::calendar::{Day, Instant};
use domain::criteria::CriterionId;
use domain::examination::Judgement;
use domain::settings::Settings;
use domain::text::Text;
use serde_json::json;

use super::criteria::{Weighed, answer_badge};
use super::evidence::FileCard;
use super::examinations::ExaminationPage;
use super::form::{Field, FieldError, Form, Input, Leftover, SummaryLine};
use super::frame::Frame;
use super::parts::Badge;
use crate::asking::Known;

/// A question as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionLine {
    pub number: u32,
    pub criterion: CriterionId,
    pub title: String,
    pub text: String,
    /// Who asked, as the reader may know it: 「あなた」, a name, or 「審査員」.
    pub asker: String,
    pub is_own: bool,
    pub asked_at: Instant,
    pub deadline: Deadline,
    /// Each later day, and when it was given.
    pub extensions: Vec<(Day, Instant)>,
    pub answer: Option<(String, Instant)>,
    /// Digest and name of each file that the answer brought.
    pub files: Vec<(String, String)>,
    /// Why it is not asked any more.
    pub closing: Option<(String, Instant)>,
}

impl QuestionLine {
    /// A question of an application, by when it is to be answered as that looks today; `name` tells who somebody is.
    pub fn new(known: &Known, application: &Application, name: impl Fn(&Known) -> String, deadline: Deadline) -> Self {
        let question = &known.question;
        let (mut answer, mut files, mut closing) = (None, Vec::new(), None);
        match &question.ended {
            None => {}
            Some(Ended::Answered { text, evidence, at, .. }) => {
                answer = Some((text.clone(), *at));
                let brought = application.evidence.iter().filter(|file| evidence.contains(&file.digest));
                files = brought.map(|file| (file.digest.to_string(), file.name.clone())).collect();
            }
            Some(Ended::Closed { reason, at, .. }) => closing = Some((reason.clone(), *at)),
        }
        Self {
            number: question.number,
            criterion: question.criterion,
            title: question.criterion.term().ja,
            text: question.text.clone(),
            asker: name(known),
            is_own: known.is_own,
            asked_at: question.asked_at,
            deadline,
            extensions: question.extensions.iter().map(|extension| (extension.until, extension.at)).collect(),
            answer,
            files,
            closing,
        }
    }

    /// Can it be answered?
    pub fn is_open(&self) -> bool {
        self.answer.is_none() && self.closing.is_none()
    }

    pub(super) fn left(&self) -> String {
        left(&self.deadline)
    }
}

/// How much time is left, in words.
pub fn left(deadline: &Deadline) -> String {
    match deadline.urgency() {
        Urgency::Overdue => "期限を過ぎています".to_owned(),
        Urgency::LastDay => "きょうが最後の開庁日です".to_owned(),
        Urgency::Soon | Urgency::Ahead => format!("残り{}開庁日", deadline.left),
    }
}

/// A criterion's word in names of fields: `help_desk`.
pub fn key(criterion: CriterionId) -> String {
    json!(criterion).as_str().unwrap_or_default().to_owned()
}

/// The questions on an examiner's page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Threads {
    pub questions: Vec<QuestionLine>,
    /// The examiner's judgements that an answer has undone.
    pub outdated: Vec<Judgement>,
    pub can_ask: bool,
    /// What was just done, at its criterion.
    pub notice: Option<(CriterionId, String)>,
}

/// What is asked of an examiner who asks.
fn question_fields(key: &str, title: &str) -> [Field; 2] {
    let field = |name: &str, label: &str, help, input| {
        let (name, label) = (format!("/questions/{key}/{name}"), format!("{title}：{label}"));
        Field { name: Cow::Owned(name), label: Cow::Owned(label), ..Field::required("", "", help, input) }
    };
    [
        field(
            "text",
            "申請者への質問",
            "申請者に示されます。回答があると、もう一人の審査員にも示されます。",
            Input::Lines,
        ),
        field("until", "回答期限", "質問の翌日から数えて10開庁日目より後の日にします。", Input::Day),
    ]
}

/// What is asked of whoever extends a question, or closes it.
pub fn settling_fields(number: u32) -> [Field; 2] {
    let field = |name: &str, label: &str, help, input| {
        let (name, label) = (format!("/settle/{number}/{name}"), format!("質問{number}：{label}"));
        Field { name: Cow::Owned(name), label: Cow::Owned(label), ..Field::optional("", "", help, input) }
    };
    [
        field("until", "新しい回答期限", "延ばすときに入力します。", Input::Day),
        field("reason", "回答を待たない理由", "待たないことにするときに入力します。申請者に示されます。", Input::Lines),
    ]
}

/// The form with the first day that may be named, wherever none is.
pub fn with_days(mut form: Form, criteria: &[Weighed], today: Day, settings: &Settings) -> Form {
    let (year, month, day) = earliest_answer(today, settings).ymd();
    for weighed in criteria {
        let name = format!("/questions/{}/until", weighed.line.key);
        if form.is_empty_below(&name) {
            let parts = [("year", year.to_string()), ("month", month.to_string()), ("day", day.to_string())];
            form.typed.extend(parts.map(|(part, value)| (format!("{name}/{part}"), value)));
        }
    }
    form
}

/// The question about the criterion of this key that was posted, and its day.
pub fn read_question(
    criteria: &[Weighed],
    key: &str,
    form: &Form,
) -> Result<(CriterionId, String, Day), Vec<FieldError>> {
    let Some(weighed) = criteria.iter().find(|weighed| weighed.line.key == key) else {
        let message = Text::new("質問する要件を選んでください。", "Choose a criterion.");
        return Err(vec![FieldError { field: String::new(), message }]);
    };
    let fields = question_fields(key, &weighed.line.title);
    let read = form.read(&fields)?;
    let until = day_of(&read, &fields[1])?;
    Ok((weighed.line.criterion, form.value(&fields[0].name).to_owned(), until))
}

/// The later day that was posted for a question.
pub fn read_extension(number: u32, form: &Form) -> Result<Day, Vec<FieldError>> {
    let [until, _] = settling_fields(number);
    let until = Field { need: super::form::Need::Required, ..until };
    let read = form.read(std::slice::from_ref(&until))?;
    day_of(&read, &until)
}

/// The reason that was posted for closing a question.
pub fn read_closing(number: u32, form: &Form) -> Result<String, Vec<FieldError>> {
    let [_, reason] = settling_fields(number);
    match form.value(&reason.name).trim() {
        "" => {
            let message = Text::new("回答を待たない理由を入力してください。", "Give the reason.");
            Err(vec![FieldError { field: reason.name.into_owned(), message }])
        }
        given => Ok(given.to_owned()),
    }
}

fn day_of(read: &serde_json::Value, field: &Field) -> Result<Day, Vec<FieldError>> {
    let day = read.pointer(&field.name).and_then(serde_json::Value::as_str).and_then(|day| day.parse().ok());
    day.ok_or_else(|| {
        let message = Text::new("日付として読めません。", "This is no day.");
        vec![FieldError { field: field.name.to_string(), message }]
    })
}

impl ExaminationPage {
    /// The same page, with the questions.
    #[must_use]
    pub fn with_threads(self, threads: Threads) -> Self {
        Self { threads, ..self }
    }

    /// The same page, saying what was just done about a criterion.
    #[must_use]
    pub fn with_notice(mut self, criterion: CriterionId, words: String) -> Self {
        self.threads.notice = Some((criterion, words));
        self
    }

    pub(super) fn thread(&self, weighed: &Weighed) -> Vec<&QuestionLine> {
        self.threads.questions.iter().filter(|question| question.criterion == weighed.line.criterion).collect()
    }

    /// The judgement that was given before an answer came.
    pub(super) fn undone(&self, weighed: &Weighed) -> Option<(Badge, &str)> {
        let undone = self.threads.outdated.iter().find(|judgement| judgement.criterion == weighed.line.criterion)?;
        Some((answer_badge(undone.answer), undone.reason.as_str()))
    }

    pub(super) fn notice(&self, weighed: &Weighed) -> Option<&str> {
        let (criterion, words) = self.threads.notice.as_ref()?;
        (*criterion == weighed.line.criterion).then_some(words.as_str())
    }

    /// The fields of a new question; none where nothing can be asked, and nothing was typed.
    pub(super) fn question_fields(&self, weighed: &Weighed) -> Vec<Field> {
        let fields = question_fields(&weighed.line.key, &weighed.line.title);
        let is_shown = self.threads.can_ask || !self.form.value(&fields[0].name).trim().is_empty();
        if is_shown { fields.into() } else { Vec::new() }
    }

    /// Is a new question half typed, or wrong?
    pub(super) fn is_asking(&self, weighed: &Weighed) -> bool {
        let place = format!("/questions/{}", weighed.line.key);
        let is_wrong = self.form.errors.iter().any(|error| error.field.starts_with(&place));
        is_wrong || !self.form.value(&format!("{place}/text")).trim().is_empty()
    }

    /// The fields for settling a question of the examiner's own.
    pub(super) fn settling_fields(&self, question: &QuestionLine) -> Vec<Field> {
        let is_theirs = self.threads.can_ask && question.is_own && question.is_open();
        if is_theirs { settling_fields(question.number).into() } else { Vec::new() }
    }

    /// All fields about questions, for the summary of errors.
    pub(super) fn conversation_fields(&self) -> Vec<Field> {
        let asking = self.criteria.iter().flat_map(|weighed| self.question_fields(weighed));
        let settling = self.threads.questions.iter().flat_map(|question| self.settling_fields(question));
        asking.chain(settling).collect()
    }

    /// Is there something wrong with, or typed into, the fields for settling this question?
    pub(super) fn is_settling(&self, question: &QuestionLine) -> bool {
        is_settling(&self.form, question.number)
    }
}

/// Is there something wrong with, or typed into, the fields for settling this question?
pub fn is_settling(form: &Form, number: u32) -> bool {
    let place = format!("/settle/{number}");
    form.errors.iter().any(|error| error.field.starts_with(&format!("{place}/"))) || !form.is_empty_below(&place)
}

/// 回答
pub static ANSWER: Field =
    Field::required("/text", "回答", "ファイルを付けるときは、どのページかも書いてください。", Input::Lines);

/// The form in which the applicant answers a question.
#[derive(Debug, Template)]
#[template(path = "desk/answer.html")]
pub struct AnswerForm {
    pub frame: Frame,
    pub application: String,
    pub version: u32,
    pub owner: String,
    pub question: QuestionLine,
    pub form: Form,
    pub cards: Vec<FileCard>,
    /// Names of files that are not taken, and why.
    pub refused_files: Vec<(String, String)>,
    pub is_scanned: bool,
}

impl HtmlSafe for AnswerForm {}

impl AnswerForm {
    fn action(&self) -> String {
        format!("/applications/{}/questions/{}/answer", self.application, self.question.number)
    }

    /// What is wrong, with the field to go to.
    pub fn summary(&self) -> Vec<SummaryLine> {
        let cards = self.cards.iter().flat_map(FileCard::every_field);
        self.form.summary(&std::iter::once(ANSWER.clone()).chain(cards).collect::<Vec<_>>())
    }
}

/// An applicant's questions and answers.
#[derive(Debug, Default)]
pub struct Conversation {
    /// A form for each question that this visitor can answer, the first to be due first.
    pub answers: Vec<AnswerForm>,
    /// The others.
    pub questions: Vec<QuestionLine>,
    /// What is left of an answer that came too late.
    pub leftover: Leftover,
}

impl Conversation {
    /// What is wrong with an answer, or why it came too late.
    pub fn summary(&self) -> Vec<SummaryLine> {
        self.answers.iter().flat_map(AnswerForm::summary).chain(self.leftover.lines.clone()).collect()
    }
}

/// Something that waits for whoever looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReminderLine {
    pub href: String,
    pub words: String,
    pub service: String,
    pub deadline: Option<Deadline>,
}

impl ReminderLine {
    /// What waits, with where it is done.
    pub fn new(application: &Application, reminder: &Reminder) -> Self {
        let id = &reminder.application;
        let (href, words) = match &reminder.what {
            Waiting::Answer { question, criterion } => (
                format!("/applications/{id}#answer-{question}"),
                format!("「{}」についての質問{question}に回答する", criterion.term().ja),
            ),
            Waiting::Examination => (format!("/examinations/{id}"), "審査を終える".to_owned()),
            Waiting::Judging { criteria } => {
                let terms: Vec<String> = criteria.iter().map(|criterion| criterion.term().ja).collect();
                let first = criteria.first().map_or_else(String::new, |first| key(*first));
                (
                    format!("/examinations/{id}#ask-{first}"),
                    format!("回答が届いた要件をもう一度判断する：{}", terms.join("、")),
                )
            }
            Waiting::Overdue { question, criterion } => (
                format!("/examinations/{id}#ask-{}", key(*criterion)),
                format!("回答期限を過ぎた質問{question}の期限を延ばすか、回答を待たないことにする"),
            ),
        };
        let service = application.declaration.service.name.clone();
        Self { href, words, service, deadline: reminder.deadline }
    }

    pub(super) fn left(&self) -> Option<String> {
        self.deadline.as_ref().map(left)
    }

    pub(super) fn presses(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline.urgency() <= Urgency::LastDay)
    }
}
