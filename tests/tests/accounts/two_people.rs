//! Two people for what weighs most: proposed by one, confirmed by another, visible to both, and it expires.

use serde_json::{Value, json};
use tests::{Answer, Case, Cast, Client, Database, Person, Register, declaration, text};

tests::on_both!(
    nothing_happens_before_the_second_person,
    the_second_person_is_another_and_may_do_it,
    a_proposal_is_seen_dropped_and_runs_out,
);

fn measures(registration: &Value) -> usize {
    registration["history"].as_array().map_or(0, Vec::len)
}

fn drop_it(client: &Client, proposal: &Value, reason: &str) -> Answer {
    let path = format!("/api/v1/proposals/{}/dropping", text(proposal, "id"));
    client.post(&path, &json!({ "reason": reason })).send()
}

fn nothing_happens_before_the_second_person(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let own = case.license_provider(&registration);
    let now = || server.client().get(&format!("/api/v1/registrations/{}", text(&registration, "number"))).send().ok();
    let proposal = case.propose_measure(&registration, "revoke", "虚偽の申請").ok();
    assert_eq!((&now()["state"]["name"], measures(&now())), (&json!("valid"), measures(&registration)));
    assert_eq!(case.marks(&own).map(|mark| text(&mark, "answer").to_owned()), ["valid", "valid"]);
    // The public learns nothing of it: neither from the service nor from the log.
    let last = register.acts() - 1;
    let leaf = server.client().get(&format!("/api/v1/log/leaves/{last}")).send().text().to_owned();
    assert!(!leaf.contains(text(&registration, "number")) && !leaf.contains("虚偽"), "{leaf}");
    // Nor before the provider was heard.
    case.confirm(&cast.second_secretariat, &proposal).refused(409, "hearing_open");
    let statement = format!("/api/v1/proposals/{}/statement", text(&proposal, "id"));
    case.by(&cast.provider).post(&statement, &json!({ "words": "認めます。" })).send().ok();
    case.confirm(&cast.second_secretariat, &proposal).ok();
    assert_eq!(now()["state"]["name"], json!("revoked"));
    assert_eq!(case.marks(&own).map(|mark| text(&mark, "answer").to_owned()), ["revoked", "revoked"]);
    server.end();
    register.assert_whole();
}

fn the_second_person_is_another_and_may_do_it(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).accept().judge().recommend();
    let proposal = case.propose();
    let told = case.confirm(&cast.decision_maker, &proposal).refused(403, "forbidden");
    assert!(text(&told, "detail").contains("別の人が確認"), "{told}");
    for person in [&cast.provider, &cast.user, &cast.examiners[0], &cast.auditor] {
        case.confirm(person, &proposal).refused(403, "forbidden");
        drop_it(&case.by(person), &proposal, "理由").refused(403, "forbidden");
    }
    // Whoever confirms other things only does not even know of this one.
    let unknown = |person: &Person| {
        case.confirm(person, &proposal).refused(404, "not_found");
        drop_it(&case.by(person), &proposal, "理由").refused(404, "not_found");
        assert!(waiting(&case.by(person)).is_empty());
    };
    unknown(&cast.secretariat);
    unknown(&cast.operator);
    // An examiner of the case who is made a decision maker decides other cases.
    let examiner = &cast.examiners[1];
    register.run(&["admin", "give", &examiner.id, "--role", "decision_maker", "--organisation", tests::staff::BODY]);
    unknown(examiner);
    // Nor does one who belongs to the applicant.
    let cast_two = &cast.second_decision_maker;
    register.run(&["admin", "give", &cast_two.id, "--role", "provider_member", "--organisation", "osaka-cci"]);
    unknown(cast_two);
    let third = register.admit("decision_maker", "判定者 三", tests::staff::BODY);
    case.confirm(&third, &proposal).ok();
    case.confirm(&third, &proposal).refused(409, "state");
    server.end();
    register.assert_whole();
}

fn waiting(client: &Client) -> Vec<String> {
    let open = client.get("/api/v1/proposals").send().ok();
    open.as_array().expect("a list").iter().map(|proposal| text(proposal, "id").to_owned()).collect()
}

fn a_proposal_is_seen_dropped_and_runs_out(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let propose = || case.propose_measure(&registration, "suspend", "点検のため").ok();
    let (first, second) = (propose(), propose());
    let Cast { secretariat, second_secretariat, decision_maker, auditor, .. } = &cast;
    for person in [secretariat, second_secretariat, auditor] {
        assert_eq!(waiting(&case.by(person)).len(), 2);
        let page = case.by(person).get("/proposals").send();
        assert!(page.text().contains(text(&first, "id")), "{}", page.told());
    }
    for person in [&cast.provider, &cast.examiners[0]] {
        case.by(person).get("/api/v1/proposals").send().refused(403, "forbidden");
    }
    for person in [decision_maker, &cast.operator] {
        assert!(waiting(&case.by(person)).is_empty(), "measures are not theirs to confirm");
    }
    // Whoever made it may drop it, and so may the second person.
    drop_it(&case.by(secretariat), &first, " ").refused(422, "invalid");
    let dropped = drop_it(&case.by(secretariat), &first, "事実の確認").ok();
    assert_eq!((text(&dropped, "standing"), text(&dropped, "dropped")), ("dropped", "事実の確認"));
    case.confirm(second_secretariat, &first).refused(409, "state");
    drop_it(&case.by(second_secretariat), &first, "もう一度").refused(409, "state");
    assert_eq!(waiting(&case.by(auditor)), [text(&second, "id")]);
    // It is confirmed until the fourteenth day after it was made has ended in Japan.
    let day = api::clock::now().day();
    assert_eq!(text(&second, "until"), day.plus_days(15).start().to_string());
    // What it is about has changed: it is settled.
    let third = propose();
    case.confirm(second_secretariat, &second).ok();
    case.confirm(second_secretariat, &third).refused(409, "state");
    assert_eq!(waiting(&case.by(auditor)), Vec::<String>::new());
    server.end();
    register.assert_whole();
}
