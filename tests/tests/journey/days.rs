//! Was it valid on that day? The server knows only the real clock, so the past is played with the library first.

use serde_json::json;
use tests::{Case, Database, Register, declaration, licences, past, text};

tests::on_both!(the_edges_of_a_term_long_over, a_term_that_has_not_begun);

fn the_edges_of_a_term_long_over(database: Database) {
    let register = Register::new(database);
    let past = past::first_round(&register);
    let server = register.serve();
    let client = server.client();
    let on = |day: &str| {
        let path = format!("/api/v1/registrations/{}/valid-on/{day}", past.registration);
        client.get(&path).send().ok()
    };
    for (day, state, is_in_term) in [
        ("2021-04-30", "not_yet", false),
        ("2021-05-01", "valid", true),
        ("2022-02-28", "valid", true),
        ("2022-03-01", "suspended", true),
        ("2022-03-31", "suspended", true),
        ("2022-04-01", "valid", true),
        ("2023-04-30", "valid", true),
        ("2023-05-01", "lapsed", false),
        ("2024-02-29", "lapsed", false),
    ] {
        let answer = on(day);
        assert_eq!((text(&answer, "day"), text(&answer["state"], "name")), (day, state));
        let term = json!({ "number": 1, "from": "2021-05-01", "lastDay": "2023-04-30" });
        assert_eq!(answer["term"], if is_in_term { term } else { json!(null) }, "{day}");
        assert_eq!((text(&answer, "edition"), &answer["class"]), ("1.0", &json!(1)));
    }
    // Since when the register knows: the last act that bears on the day.
    assert_eq!(text(&on("2021-05-01"), "knownSince"), "2021-04-21T01:00:00Z");
    assert_eq!(text(&on("2022-03-01"), "knownSince"), "2022-03-01T01:00:00Z");
    assert_eq!(text(&on("2023-05-01"), "knownSince"), "2022-04-01T01:00:00Z");
    for day in ["2021-02-29", "2021-13-01", "20210501", "昨日", "2021-05-01T00:00:00Z"] {
        let path = format!("/api/v1/registrations/{}/valid-on/{day}", past.registration);
        client.get(&path).send().refused(422, "invalid");
    }
    client.get("/api/v1/registrations/OTK-2021-99999/valid-on/2021-05-01").send().refused(404, "not_found");

    // Today the term is long over, and so is the mark.
    let now = client.get(&format!("/api/v1/registrations/{}", past.registration)).send().ok();
    assert_eq!(now["state"], json!({ "name": "lapsed", "since": "2023-04-30T15:00:00Z" }));
    let mark = client.get(&format!("/api/v1/marks/{}", past.licence)).send().ok();
    assert_eq!((text(&mark, "answer"), text(&mark, "since")), ("ended", "2023-04-30T15:00:00Z"));
    server.end();
    register.assert_whole();
}

fn a_term_that_has_not_begun(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let enter = |days| {
        let from = api::clock::now().day().plus_days(days).to_string();
        case.act(&cast.secretariat, "registration", &json!({ "from": from }))
    };
    enter(-1).refused(422, "before_decision");
    enter(367).refused(422, "too_far_ahead");
    let registration = enter(30).ok();
    assert_eq!(text(&registration["state"], "name"), "not_yet");
    let number = text(&registration, "number");
    let on = |day: &str| server.client().get(&format!("/api/v1/registrations/{number}/valid-on/{day}")).send();
    assert_eq!(text(&on(&case.today()).ok()["state"], "name"), "not_yet");
    on(text(&registration["term"], "from")).refused(422, "invalid");
    // Nobody may show the mark before the first day.
    let by = case.by(&cast.secretariat);
    by.post(&licences(&registration), &json!({ "holderKind": "provider" })).send().refused(409, "state");
    case.measure(&registration, "suspend", "理由").refused(409, "state");
    let revoked = case.measure(&registration, "revoke", "始まる前に取り消す").ok();
    assert_eq!(text(&revoked["state"], "name"), "revoked");
    server.end();
    register.assert_whole();
}
