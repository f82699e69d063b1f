//! What is due of an application, and what else of it waits.

use super::{Audience, Due, Place, Waiting, Work};
use crate::act::Subject;
use crate::application::{Application, Progress, Stage};
use crate::calendar::Day;
use crate::settings::Settings;
use crate::text::Text;

/// What is due of an application.
pub fn due_of_application(application: &Application, settings: &Settings, today: Day) -> Vec<Due> {
    let id = &application.id;
    let subject = Subject::Application(id.clone());
    let Text { ja, en } = named(application);
    let own = |work, what: String, day, since, title, todo| Due {
        work,
        subject: subject.clone(),
        what,
        day,
        since,
        audience: vec![Audience::Company(application.owner.clone())],
        provider: Some(application.owner.clone()),
        place: Place::Application(id.clone()),
        title,
        todo,
    };
    match &application.stage {
        Stage::Examining => {
            let asked = application.questions.iter().filter(|question| question.is_open()).map(|question| {
                let known = question.extensions.last().map_or(question.asked_at, |last| last.at);
                own(
                    Work::Question,
                    format!("question-{}", question.number),
                    question.last_day(),
                    known.day(),
                    Text::new(format!("{ja}への質問の回答"), format!("the answer to a question about {en}")),
                    Text::new("申請の画面で、質問に回答してください。", "Answer it on the application's page."),
                )
            });
            let examined = application.clock(today, settings).due.map(|due| Due {
                audience: vec![Audience::People(application.examiners.clone())],
                provider: None,
                place: Place::Examination(id.clone()),
                ..own(
                    Work::Examination,
                    "examination".to_owned(),
                    due.day,
                    application.submitted_at.day(),
                    Text::new(format!("{ja}の審査"), format!("the examination of {en}")),
                    Text::new("すべての要件を判断してください。", "Judge every criterion."),
                )
            });
            asked.chain(examined).collect()
        }
        Stage::Decided { at, .. } => {
            let open = application.conditions.iter().enumerate();
            open.filter(|(_, one)| one.progress() == Progress::Open)
                .map(|(index, one)| {
                    own(
                        Work::Condition,
                        format!("condition-{}", index + 1),
                        one.condition.due,
                        at.day(),
                        Text::new(
                            format!("{ja}の合格の条件{}の報告", index + 1),
                            format!("condition {} of {en}", index + 1),
                        ),
                        Text::new("条件を満たして、報告してください。", "Meet the condition and report it."),
                    )
                })
                .collect()
        }
        Stage::Submitted | Stage::Returned { .. } | Stage::Recommended { .. } | Stage::Withdrawn { .. } => Vec::new(),
    }
}

/// Everything of an application that waits, for whomever. `is_examined`: its examiners have judged everything.
/// `is_entered`: it led to what stands in the register.
pub fn waiting_of_application(
    application: &Application,
    is_examined: bool,
    is_entered: bool,
    settings: &Settings,
    today: Day,
) -> Vec<Waiting> {
    let id = &application.id;
    // Whoever looks at the list reads it at the desk, not where the applicant does.
    let desk = || Place::Intake(id.clone());
    let plain = |work, since| Waiting {
        provider: Some(application.owner.clone()),
        ..Waiting::new(work, Subject::Application(id.clone()), since, desk(), named(application))
    };
    let due = due_of_application(application, settings, today).into_iter().map(|due| {
        let work = if due.work == Work::Examination && is_examined { Work::Recommendation } else { due.work };
        Waiting { provider: Some(application.owner.clone()), place: desk(), ..Waiting::from(Due { work, ..due }) }
    });
    let changed = application.changed_at.day();
    let mut waiting: Vec<Waiting> = due.collect();
    match &application.stage {
        Stage::Submitted => waiting.push(plain(Work::Intake, changed)),
        Stage::Returned { .. } => waiting.push(plain(Work::Returned, changed)),
        Stage::Recommended { .. } => {
            waiting.push(Waiting { place: Place::Decision(id.clone()), ..plain(Work::Decision, changed) });
        }
        // Of before there were due days.
        Stage::Examining if application.due.is_none() => {
            let work = if is_examined { Work::Recommendation } else { Work::Examination };
            waiting.push(Waiting { people: application.examiners.clone(), ..plain(work, changed) });
        }
        Stage::Decided { at, .. } => {
            let objection = application.objection.as_ref().filter(|objection| objection.finding.is_none());
            if let Some(objection) = objection {
                let place = Place::Decision(id.clone());
                waiting.push(Waiting { place, ..plain(Work::Objection, objection.at.day()) });
            }
            if application.passed_at().is_some() && !is_entered {
                waiting.push(plain(Work::Entry, at.day()));
            }
            let reported = application.conditions.iter().enumerate().filter_map(|(index, one)| {
                let report = one.reports.last().filter(|_| one.progress() == Progress::Reported)?;
                let what = format!("condition-{}", index + 1);
                Some(Waiting { what, ..plain(Work::ConditionReply, report.at.day()) })
            });
            waiting.extend(reported);
        }
        Stage::Examining | Stage::Withdrawn { .. } => {}
    }
    waiting
}

fn named(application: &Application) -> Text {
    let (service, id) = (&application.declaration.service.name, &application.id);
    Text::new(format!("「{service}」（{id}）"), format!("“{service}” ({id})"))
}
