//! Asking, answering, giving more time and closing: on the pages of the examiner, the applicant and the secretariat.

use std::collections::BTreeSet;

use domain::application::Application;
use domain::authority::Power;
use poem::web::{Data, Path};
use poem::{Request, handler};

use super::examiner::Opened;
use super::provider;
use super::secretariat::Desked;
use super::{Typed, call_of, case, is_about_the_form, page_with, refused};
use crate::acts::{Answer as AnswerQuestion, Ask, CloseQuestion, Deed, ExtendQuestion};
use crate::asking::{Known, known, reminders};
use crate::caller::{Visitor, signed_in};
use crate::evidence::Upload;
use crate::evidence::form::Files;
use crate::problem::{Problem, Told};
use crate::registry::Registry;
use crate::web::session::{Shared, desk_frame};
use crate::web::view::evidence::{self, FILES, FileCard};
use crate::web::view::form::{Form, Leftover};
use crate::web::view::intake::Tried;
use crate::web::view::questions::{
    ANSWER, AnswerForm, Conversation, QuestionLine, ReminderLine, key, read_closing, read_extension, read_question,
};
use crate::web::{Answer, page, to};

/// The questions that this visitor may know, as they are read.
pub(super) async fn lines(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
) -> Result<Vec<QuestionLine>, Problem> {
    let known = known(registry, visitor, application).await?;
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let (names, settings) = (case::names(registry).await?, registry.store.settings().await?);
    let name = |known: &Known| match &known.asker {
        _ if known.is_own => "あなた".to_owned(),
        Some(asker) => names.get(asker).cloned().unwrap_or_else(|| asker.to_string()),
        None => "審査員".to_owned(),
    };
    let line = |known: &Known| {
        let deadline = known.question.deadline(visitor.at.day(), &settings);
        QuestionLine::new(known, application, name, deadline)
    };
    Ok(known.iter().map(line).collect())
}

/// What waits for this visitor.
pub(super) async fn waiting(registry: &Registry, visitor: &Visitor) -> Result<Vec<ReminderLine>, Problem> {
    let found = reminders(registry, visitor).await?;
    Ok(found.iter().map(|(application, reminder)| ReminderLine::new(application, reminder)).collect())
}

#[handler]
pub(crate) async fn ask(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path(id): Path<String>,
    typed: Typed,
) -> Answer {
    let opened = Opened::open(registry, signed_in(request)?.clone(), &id).await?;
    let form = Form::of(typed.0);
    let asked = form.value("ask").to_owned();
    let place = format!("/questions/{asked}");
    let (criterion, text, until) = match read_question(opened.criteria(), &asked, &form) {
        Ok(read) => read,
        Err(errors) => return opened.again(registry, form.with(errors)).await,
    };
    let deed = Ask { application: opened.id().clone(), criterion, text, until: Some(until) };
    let notice =
        format!("質問を送りました。{}年{}月{}日まで回答を待ちます。", until.ymd().0, until.ymd().1, until.ymd().2);
    Examining { registry, opened, form, place, anchor: asked }.perform(deed, (criterion, notice)).await
}

#[handler]
pub(crate) async fn extend(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, number)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let settling = Examining::settle(registry, request, &id, &number, typed).await?;
    let until = match read_extension(settling.1, &settling.0.form) {
        Ok(until) => until,
        Err(errors) => return settling.0.again(errors).await,
    };
    let (examining, question, criterion) = settling;
    let deed = ExtendQuestion { application: examining.opened.id().clone(), question, until };
    examining.perform(deed, (criterion, format!("質問{question}の回答期限を延ばしました。"))).await
}

#[handler]
pub(crate) async fn close(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, number)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let settling = Examining::settle(registry, request, &id, &number, typed).await?;
    let reason = match read_closing(settling.1, &settling.0.form) {
        Ok(reason) => reason,
        Err(errors) => return settling.0.again(errors).await,
    };
    let (examining, question, criterion) = settling;
    let deed = CloseQuestion { application: examining.opened.id().clone(), question, reason };
    examining.perform(deed, (criterion, format!("質問{question}の回答を待たないことにしました。"))).await
}

/// An examiner's page that posted something about a question, with the judgements that were typed beside it.
struct Examining<'a> {
    registry: &'a Shared,
    opened: Opened,
    form: Form,
    /// Where the fields of what was posted are.
    place: String,
    /// The criterion's key.
    anchor: String,
}

impl<'a> Examining<'a> {
    /// What was posted about a question there is, its number, and its criterion.
    async fn settle(
        registry: &'a Shared,
        request: &Request,
        id: &str,
        number: &str,
        typed: Typed,
    ) -> Result<(Self, u32, domain::criteria::CriterionId), Problem> {
        let opened = Opened::open(registry, signed_in(request)?.clone(), id).await?;
        let (number, criterion) = opened.question(registry, number).await?;
        let form = Form::of(typed.0);
        let examining = Self { registry, opened, form, place: format!("/settle/{number}"), anchor: key(criterion) };
        Ok((examining, number, criterion))
    }

    async fn again(self, errors: Vec<crate::web::view::form::FieldError>) -> Answer {
        self.opened.again(self.registry, self.form.with(errors)).await
    }

    /// Does it. Judgements that were typed and not saved yet stay on the page; where there are none, on to the page.
    async fn perform(
        self,
        deed: impl Deed<State = Application>,
        notice: (domain::criteria::CriterionId, String),
    ) -> Answer {
        let Self { registry, opened, mut form, place, anchor } = self;
        let (id, visitor) = (opened.id().to_string(), opened.visitor().clone());
        let done = Box::pin(registry.perform(deed, call_of(&visitor, &form))).await;
        match done.map_err(Problem::from) {
            Ok(_) => {
                let below = format!("{place}/");
                form.typed.retain(|(name, _)| !name.starts_with(&below));
                let now = Box::pin(Opened::open(registry, visitor, &id)).await?;
                if now.holds_all(&form) {
                    return Ok(to(&format!("/examinations/{id}#ask-{anchor}")));
                }
                let (criterion, words) = notice;
                let words = format!("{words}入力中の判断は、まだ保存されていません。");
                let shown = Box::pin(now.page(registry, Some(form), Form::default())).await?;
                page(&shown.with_notice(criterion, words))
            }
            Err(problem) if is_about_the_form(&problem) => {
                let now = Box::pin(Opened::open(registry, visitor, &id)).await?;
                let form = at_place(refused(form, &problem), &place);
                let shown = Box::pin(now.page(registry, Some(form), Form::default())).await?;
                page_with(&problem, &shown)
            }
            Err(problem) => Err(problem),
        }
    }
}

/// The form with every error about a field moved below `place`, where the page has that field.
fn at_place(mut form: Form, place: &str) -> Form {
    for error in form.errors.iter_mut().filter(|error| !error.field.is_empty()) {
        error.field = format!("{place}{}", error.field);
    }
    form
}

#[handler]
pub(crate) async fn extend_at_intake(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, number)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let question = number_of(&number)?;
    let desked = Desked::read(registry, request, &id, typed, Tried::Settle(question)).await?;
    match read_extension(question, &desked.form) {
        Ok(until) => {
            let application = desked.application.id.clone();
            settled(registry, desked, ExtendQuestion { application, question, until }, question).await
        }
        Err(errors) => desked.again(registry, errors).await,
    }
}

#[handler]
pub(crate) async fn close_at_intake(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, number)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let question = number_of(&number)?;
    let desked = Desked::read(registry, request, &id, typed, Tried::Settle(question)).await?;
    match read_closing(question, &desked.form) {
        Ok(reason) => {
            let application = desked.application.id.clone();
            settled(registry, desked, CloseQuestion { application, question, reason }, question).await
        }
        Err(errors) => desked.again(registry, errors).await,
    }
}

async fn settled(registry: &Shared, desked: Desked, deed: impl Deed<State = Application>, question: u32) -> Answer {
    let path = format!("/intake/{}#question-{question}", desked.application.id);
    let done = Box::pin(registry.perform(deed, call_of(&desked.visitor, &desked.form))).await;
    let outcome = done.map(|_| path).map_err(|refused| {
        let mut problem = Problem::from(refused);
        for error in &mut problem.errors {
            error.pointer.insert_str(0, &format!("/settle/{question}"));
        }
        problem
    });
    desked.end(registry, outcome).await
}

pub(super) fn number_of(number: &str) -> Result<u32, Problem> {
    number.parse().map_err(|_| Problem::not_found(&domain::text::Text::new("質問", "question"), number))
}

/// An answer on its way: to which question, what was typed, and which files are not taken.
pub(super) struct Answering {
    number: u32,
    form: Form,
    refused_files: Vec<(String, String)>,
}

/// The applicant's part of the page, perhaps with an answer that was not recorded.
pub(super) async fn conversation(
    registry: &Shared,
    visitor: &Visitor,
    application: &Application,
    answering: Option<Answering>,
) -> Result<Conversation, Problem> {
    let questions = lines(registry, visitor, application).await?;
    let may = visitor.actor.in_role(Power::AnswerQuestion, &application.object(), visitor.at.day()).is_ok();
    let is_examining = application.stage == domain::application::Stage::Examining;
    let (mut open, ended): (Vec<_>, Vec<_>) =
        questions.into_iter().partition(|question| may && is_examining && question.is_open());
    open.sort_by_key(|question| question.deadline.day);
    let mut conversation = Conversation { questions: ended, ..Conversation::default() };
    let is_offered = |number: u32| open.iter().any(|question| question.number == number);
    if let Some(late) = answering.as_ref().filter(|answering| !is_offered(answering.number)) {
        conversation.leftover = Leftover::of(&late.form, std::slice::from_ref(&ANSWER));
    }
    for question in open {
        let typed = answering.as_ref().filter(|answering| answering.number == question.number);
        let form = typed.map_or_else(Form::default, |typed| typed.form.clone());
        let uploads = uploads(registry, application, &form).await?;
        conversation.answers.push(AnswerForm {
            frame: desk_frame(registry, visitor),
            application: application.id.to_string(),
            version: application.version,
            owner: application.owner.to_string(),
            cards: FileCard::all(&form, &uploads),
            form: form.marked(format!("answer-{}", question.number)),
            refused_files: typed.map_or_else(Vec::new, |typed| typed.refused_files.clone()),
            is_scanned: registry.scanner.is_some(),
            question,
        });
    }
    Ok(conversation)
}

/// The files of a form that the applicant has uploaded.
async fn uploads(registry: &Registry, application: &Application, form: &Form) -> Result<Vec<Upload>, Problem> {
    let mut uploads = Vec::new();
    for digest in evidence::digests(form) {
        uploads.extend(registry.store.upload(&application.owner, &digest).await?);
    }
    Ok(uploads)
}

#[handler]
pub(crate) async fn answer(
    request: &Request,
    Data(registry): Data<&Shared>,
    Path((id, number)): Path<(String, String)>,
    typed: Typed,
) -> Answer {
    let visitor = signed_in(request)?;
    let application = case::find(registry, visitor, &id).await?;
    visitor.actor.in_role(Power::AnswerQuestion, &application.object(), visitor.at.day())?;
    let number = number_of(&number)?;
    let question = application
        .question(number)
        .ok_or_else(|| Problem::not_found(&domain::text::Text::new("質問", "question"), &number.to_string()))?;
    let (taken, others): (Vec<_>, Vec<_>) = request
        .extensions()
        .get::<Files>()
        .cloned()
        .unwrap_or_default()
        .0
        .into_iter()
        .partition(|file| file.outcome.is_ok());
    let refused_files: Vec<_> =
        others.into_iter().filter_map(|file| Some((file.name, file.outcome.err()?.ja))).collect();
    let form = evidence::without_removed(Form::of(typed.0));
    let is_more = !form.value("more").is_empty();
    let first = form.entries(FILES);
    let mut form = evidence::with_files(form, taken.into_iter().filter_map(|file| file.outcome.ok()));
    // What is added is about what was asked, until they say otherwise.
    let about = |index| (format!("{FILES}/{index}/links/0/criterion"), key(question.criterion));
    form.typed.extend((first..form.entries(FILES)).map(about));
    let uploads = uploads(registry, &application, &form).await?;
    let form = evidence::without_unknown(form, &uploads);
    let cards = FileCard::all(&form, &uploads);
    if is_more {
        let told = refused_files.is_empty();
        let page_now = shown(registry, visitor, &application, Answering { number, form, refused_files }).await?;
        return if told { page(&page_now) } else { page_with(Told::INVALID, &page_now) };
    }
    let (text, files) = (form.read(std::slice::from_ref(&ANSWER)), evidence::read(&form, &cards));
    let evidence = match (text, files) {
        // A file that was meant to come with it is missing.
        (Ok(_), Ok(files)) if refused_files.is_empty() => files,
        (text, files) => {
            let errors: Vec<_> = text.err().into_iter().flatten().chain(files.err().into_iter().flatten()).collect();
            let answering = Answering { number, form: form.with(errors), refused_files };
            return page_with(Told::INVALID, &shown(registry, visitor, &application, answering).await?);
        }
    };
    let deed = AnswerQuestion {
        application: application.id.clone(),
        question: number,
        text: form.value(&ANSWER.name).to_owned(),
        evidence,
    };
    match registry.perform(deed, call_of(visitor, &form)).await.map_err(Problem::from) {
        Ok(_) => Ok(to(&format!("/applications/{id}#question-{number}"))),
        Err(problem) if is_about_the_form(&problem) => {
            let now = case::find(registry, visitor, &id).await?;
            let form = refused_form(form, &problem);
            let answering = Answering { number, form, refused_files };
            page_with(&problem, &shown(registry, visitor, &now, answering).await?)
        }
        Err(problem) => Err(problem),
    }
}

/// The form with a refusal at the fields it names: what the other face calls the evidence are the form's files.
fn refused_form(form: Form, problem: &Problem) -> Form {
    let mut form = refused(form, problem);
    for error in &mut form.errors {
        error.field = evidence::in_form(&error.field);
    }
    form
}

async fn shown(
    registry: &Shared,
    visitor: &Visitor,
    application: &Application,
    answering: Answering,
) -> Result<crate::web::view::applications::ApplicationPage, Problem> {
    let mut page = provider::shown(registry, visitor, application, Form::default()).await?;
    page.conversation = conversation(registry, visitor, application, Some(answering)).await?;
    Ok(page)
}

/// Versions of the application at which something was done about questions that this visitor may not know.
pub(super) async fn hidden_versions(
    registry: &Registry,
    visitor: &Visitor,
    application: &Application,
) -> Result<BTreeSet<u32>, Problem> {
    let known: BTreeSet<u32> =
        known(registry, visitor, application).await?.iter().map(|known| known.question.number).collect();
    let hidden = application.questions.iter().filter(|question| !known.contains(&question.number));
    Ok(hidden.flat_map(domain::application::Question::versions).collect())
}
