//! A question that nobody answers.

use api::account::trail::Origin;
use api::acts::{Accept, Ask, Call, DeclareInterest, Submit};
use api::clock;
use domain::act::PersonId;
use domain::authority::Proof;
use domain::calendar::Instant;
use domain::criteria::CriterionId;
use domain::settings::Settings;
use serde_json::json;
use tests::staff::in_process;
use tests::{Cast, Database, Person, Register, declaration, text, version};

use super::{REPLY, TEXT};

tests::on_both!(the_clock_runs_again_by_itself);

/// Asked ten weeks ago and never answered: its last day is over, and nobody had to do anything.
fn the_clock_runs_again_by_itself(database: Database) {
    let (register, cast) = Register::staffed(database);
    let weeks = |weeks: i64| Instant::from_unix(clock::now().unix() - weeks * 7 * 86_400).expect("an instant");
    let id = in_process(&register, async |registry| {
        let actor = async |person: &Person| {
            let id: PersonId = person.id.parse().expect("an id");
            registry.store.person(&id).await.expect("it answers").expect("admitted").acting(Proof::Command)
        };
        let call = |by, at, read| Call { by, from: Origin::command(), at, read, key: None };
        let Cast { provider, secretariat, examiners, .. } = &cast;
        let declaration = serde_json::from_value(declaration()).expect("a declaration");
        let submit = Submit { owner: None, declaration, evidence: Vec::new(), concerns: None };
        let mut case =
            registry.perform(submit, call(actor(provider).await, weeks(12), None)).await.expect("submitted").state;
        let people = examiners.iter().map(|examiner| examiner.id.parse().expect("an id")).collect();
        let accept = Accept { application: case.id.clone(), examiners: people };
        let accepting = call(actor(secretariat).await, weeks(11), Some(case.version));
        case = registry.perform(accept, accepting).await.expect("accepted").state;
        for examiner in examiners {
            let declare = DeclareInterest { application: case.id.clone(), tie: None };
            let declaring = call(actor(examiner).await, weeks(11), Some(case.version));
            case = registry.perform(declare, declaring).await.expect("declared").state;
        }
        let (application, criterion) = (case.id.clone(), CriterionId::HelpDesk);
        let ask = Ask { application, criterion, text: TEXT.to_owned(), until: None };
        let asking = call(actor(&examiners[0]).await, weeks(10), Some(case.version));
        registry.perform(ask, asking).await.expect("asked").state.id.to_string()
    });
    let server = register.serve();
    let by = server.client().signed_in(&cast.provider);
    let shown = by.get(&format!("/api/v1/applications/{id}")).send().ok();
    let recorded = Settings::bundled().working_days_after(weeks(11).day(), 40);
    let until = Settings::bundled().working_days_after(weeks(10).day(), 10);
    assert_eq!(
        text(&shown, "due"),
        Settings::bundled().working_days_after(recorded, 10).to_string(),
        "ten days were the applicant's"
    );
    let left = Settings::bundled()
        .working_days_between(clock::now().day(), Settings::bundled().working_days_after(recorded, 10));
    assert_eq!((shown["clock"].get("stoppedSince"), &shown["clock"]["workingDaysLeft"]), (None, &json!(left)));
    let overdue = json!({ "application": id, "service": declaration()["service"]["name"], "waitsFor": "overdue_question",
        "question": 1, "criteria": ["help_desk"], "until": until.to_string(), "workingDaysLeft": 0, "urgency": "overdue" });
    let of_examiner = server.client().signed_in(&cast.examiners[0]).get("/api/v1/reminders").send().ok();
    assert_eq!(of_examiner[0], overdue);
    let page = by.ask("GET", &format!("/applications/{id}")).header("accept", "text/html").send();
    assert!(page.text().contains("期限を過ぎましたが、審査が続いているあいだは回答できます"), "{}", page.told());
    // It is not too late for an answer.
    let version = version(&shown);
    let answer = by.post(&format!("/api/v1/applications/{id}/questions/1/answer"), &json!({ "text": REPLY }));
    let answered = answer.on_version(version).send().ok();
    assert_eq!(text(&answered["questions"][0], "state"), "answered");
    assert_eq!(text(&answered["clock"], "due"), text(&shown, "due"), "what came late stops nothing");
    server.end();
    register.assert_whole();
}
