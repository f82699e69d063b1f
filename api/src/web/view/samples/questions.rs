//! Pages with questions to the applicant.

use domain::application::{Clock, Deadline};
use domain::criteria::CriterionId;
use domain::evidence::FileDigest;

use super::desk::{applications, case, examinations, files, frame, intakes, queue, uploaded};
use super::*;
use crate::web::view::applications::{ApplicationPage, Case, Desk, QueuePage, Stage};
use crate::web::view::evidence::{self, FileCard};
use crate::web::view::examinations::ExaminationPage;
use crate::web::view::form::Leftover;
use crate::web::view::intake::{IntakePage, Tried};
use crate::web::view::questions::{ANSWER, AnswerForm, Conversation, QuestionLine, ReminderLine, Threads, with_days};
use domain::act::Role;
use domain::examination::{Answer, Judgement};
use domain::settings::Settings;

pub(super) fn add(put: &mut Put) {
    for (name, page) in examiners() {
        put(name, &page);
    }
    for (name, page) in applicants() {
        put(name, &page);
    }
    for (name, page) in secretariats() {
        put(name, &page);
    }
    for desk in [Desk::Applications, Desk::Examinations] {
        let stopped = |case: Case| Case { clock: clock(), ..case };
        let page = queue(desk);
        let cases = page.cases.into_iter().map(stopped).collect();
        put(&format!("queue-{}-waiting", &desk.path()[1..]), &QueuePage { cases, waiting: waiting(), ..queue(desk) });
    }
}

fn day(text: &str) -> domain::calendar::Day {
    text.parse().expect("a day")
}

/// The clock stands.
fn clock() -> Clock {
    Clock { due: Some(deadline("2027-01-27")), stopped_since: Some(day("2026-11-11")) }
}

fn deadline(text: &str) -> Deadline {
    Deadline::seen(day(text), now().day(), Settings::bundled())
}

fn question(number: u32, criterion: CriterionId, until: &str) -> QuestionLine {
    QuestionLine {
        number,
        criterion,
        title: criterion.term().ja,
        text: format!("窓口が一つであることは、規程のどこに書かれていますか。\n{HOSTILE}"),
        asker: "審査員".to_owned(),
        is_own: false,
        asked_at: at("2026-11-11T01:00:00Z"),
        deadline: deadline(until),
        extensions: Vec::new(),
        answer: None,
        files: Vec::new(),
        closing: None,
    }
}

/// One that waits, one whose day is over, one that was answered and one that was closed.
fn questions() -> [QuestionLine; 4] {
    let answered = QuestionLine {
        answer: Some((format!("規程の3ページです。\n{HOSTILE}"), at("2026-11-18T02:00:00Z"))),
        files: vec![(FileDigest::of([1; 32]).to_string(), HOSTILE.to_owned())],
        ..question(3, CriterionId::HelpDesk, "2026-12-10")
    };
    let closed = QuestionLine {
        closing: Some((format!("別の書類で確かめられました。{HOSTILE}"), at("2026-11-19T02:00:00Z"))),
        ..question(4, CriterionId::Insurance, "2026-12-10")
    };
    let extended = QuestionLine {
        extensions: vec![(day("2026-11-20"), at("2026-11-12T02:00:00Z"))],
        ..question(2, CriterionId::HelpDesk, "2026-11-20")
    };
    [question(1, CriterionId::HelpDesk, "2026-11-27"), extended, answered, closed]
}

fn examiners() -> Vec<(&'static str, ExaminationPage)> {
    let own = |question: QuestionLine| QuestionLine { asker: "あなた".to_owned(), is_own: true, ..question };
    let page = |errors: Vec<FieldError>, notice| {
        let (_, page) = examinations().into_iter().next().expect("there is one");
        let reason = format!("窓口規程3ページ {HOSTILE}");
        let outdated = vec![Judgement::new(CriterionId::HelpDesk, Answer::Met, reason)];
        let threads = Threads { questions: questions().map(own).into(), outdated, can_ask: true, notice };
        let form = with_days(page.form, &page.criteria, now().day(), Settings::bundled()).with(errors);
        ExaminationPage { case: Case { clock: clock(), ..page.case }, form, ..page }.with_threads(threads)
    };
    let notice = Some((CriterionId::HelpDesk, "質問を送りました。".to_owned()));
    let wrong = vec![
        error("/questions/help_desk/text", "質問を入力してください。", "Fill this in."),
        error("/settle/1/until", "日付として読めません。", "No day."),
        error("/settle/1/reason", "回答を待たない理由を入力してください。", "Give the reason."),
    ];
    vec![("examination-questions", page(Vec::new(), notice)), ("examination-questions-wrong", page(wrong, None))]
}

fn applicants() -> Vec<(&'static str, ApplicationPage)> {
    let answer = |question: QuestionLine, form: Form| AnswerForm {
        frame: frame(PROVIDER, Role::ProviderOwner),
        application: "A-2026-00193".to_owned(),
        version: 6,
        owner: "8010401051744".to_owned(),
        cards: FileCard::all(&form, &uploaded().map(|file| file.1)),
        form: form.marked(format!("answer-{}", question.number)),
        refused_files: Vec::new(),
        is_scanned: false,
        question,
    };
    let page = |conversation| {
        let (_, page) = applications().into_iter().nth(2).expect("there is one that is examined");
        let case = Case { clock: clock(), ..case(SERVICE, Stage::Examining) };
        ApplicationPage { case, files: files(), withdrawal: Form::default(), conversation, ..page }
    };
    let [open, overdue, answered, closed] = questions();
    let conversation = |form| Conversation {
        answers: vec![answer(overdue.clone(), Form::default()), answer(open.clone(), form)],
        questions: vec![answered.clone(), closed.clone()],
        leftover: Leftover::default(),
    };
    let with_files = Form::of(evidence::fill(&uploaded().map(|file| file.0)));
    let wrong = with_files.clone().with([
        error("/text", "回答を入力してください。", "Fill this in."),
        error("/files/0/links/0/page", "このファイルは12ページです。", "It has 12 pages."),
    ]);
    let mut refused = conversation(wrong);
    refused.answers[1].refused_files = vec![(HOSTILE.to_owned(), "プログラムは受け取れません。".to_owned())];
    let late = Leftover::of(&too_late(&["/text"]), std::slice::from_ref(&ANSWER));
    let late = Conversation { questions: vec![closed.clone()], leftover: late, ..Conversation::default() };
    vec![
        ("application-questions", page(conversation(Form::default()))),
        ("application-questions-files", page(conversation(with_files))),
        ("application-answer-wrong", page(refused)),
        ("application-answer-late-wrong", page(late)),
    ]
}

fn secretariats() -> Vec<(&'static str, IntakePage)> {
    let page = |tried, errors: Vec<FieldError>| {
        let (_, page) = intakes().into_iter().find(|(name, _)| *name == "intake-examining").expect("there is one");
        let named = |question| QuestionLine { asker: HOSTILE.to_owned(), ..question };
        let case = Case { clock: clock(), ..page.case };
        IntakePage { case, questions: questions().map(named).into(), tried, form: Form::default().with(errors), ..page }
    };
    let wrong = vec![error("/settle/1/reason", "回答を待たない理由を入力してください。", "Give the reason.")];
    vec![("intake-questions", page(None, Vec::new())), ("intake-settle-wrong", page(Some(Tried::Settle(1)), wrong))]
}

fn waiting() -> Vec<ReminderLine> {
    let line = |words: &str, until: &str| ReminderLine {
        href: "/applications/A-2026-00193#answer-1".to_owned(),
        words: words.to_owned(),
        service: HOSTILE.to_owned(),
        deadline: Some(deadline(until)),
    };
    vec![
        line("「相談窓口」についての質問2に回答する", "2026-11-20"),
        line("「相談窓口」についての質問1に回答する", "2026-11-27"),
        ReminderLine { deadline: None, ..line("審査を終える", "2026-11-27") },
    ]
}
