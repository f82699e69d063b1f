//! The whole path, step by step.

use serde_json::{Value, json};
use tests::{Answer, Case, Database, Register, declaration, licences, pass, text, untied};

tests::on_both!(the_whole_path);

/// A step's answer: its version is its entity tag, and its leaf the next one in the log.
struct Steps {
    leaf: u64,
}

impl Steps {
    fn take(&mut self, answer: &Answer) -> Value {
        let state = answer.ok();
        assert_eq!(answer.header("etag"), format!("\"{}\"", state["version"]), "{}", answer.told());
        assert_eq!(answer.header("log-leaf"), self.leaf.to_string(), "{}", answer.told());
        self.leaf += 1;
        state
    }
}

fn the_whole_path(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let provider = client.signed_in(&cast.provider);

    let submitted = provider.post("/api/v1/applications", &declaration()).send();
    assert_eq!(submitted.status, 201);
    let mut steps = Steps { leaf: submitted.header("log-leaf").parse().expect("an act has its place in the log") };
    // The cast's fourteen people, the four keys and the three editions came before.
    assert_eq!(steps.leaf, 21);
    let mut case = Case::submit(&client, &cast, &declaration());
    case.state = steps.take(&submitted);
    steps.leaf += 1;
    assert_eq!(submitted.header("location"), format!("/api/v1/applications/{}", case.id()));
    assert_eq!((text(&case.state, "stage"), text(&case.state, "owner")), ("submitted", "osaka-cci"));
    assert_eq!(case.state["declaration"], declaration(), "what was submitted is kept as it was");

    case.state = steps.take(&case.act(&cast.secretariat, "acceptance", &case.both_examiners()));
    assert_eq!(text(&case.state, "stage"), "examining");
    assert_eq!(case.state["examiners"], case.both_examiners()["examiners"]);

    for examiner in &cast.examiners {
        let declared = steps.take(&case.act(examiner, "interest", &untied()));
        assert_eq!((text(&declared, "application"), text(&declared, "clearance")), (case.id(), "cleared"));
        case.state["version"] = declared["version"].clone();
    }

    let judgements = case.judgements();
    assert!(judgements["judgements"].as_array().is_some_and(|judged| judged.len() >= 10), "{judgements}");
    for examiner in &cast.examiners {
        let examination = case.act(examiner, "judgements", &judgements).ok();
        assert_eq!(
            examination["judgements"].as_array().map(Vec::len),
            judgements["judgements"].as_array().map(Vec::len)
        );
        steps.leaf += 1;
    }
    case.state = steps.take(&case.act(&cast.examiners[0], "recommendation", &pass()));
    assert_eq!((text(&case.state, "stage"), &case.state["recommendation"]), ("recommended", &pass()));
    let proposed = case.act(&cast.decision_maker, "decision", &pass());
    let proposal = steps.take(&proposed);
    assert_eq!((proposed.status, text(&proposal, "standing")), (201, "open"));
    assert_eq!(proposal["motion"]["decision"], pass());
    let own = case.confirm(&cast.decision_maker, &proposal);
    own.refused(403, "forbidden");
    let confirmed = case.confirm(&cast.second_decision_maker, &proposal).ok();
    assert_eq!((text(&confirmed["proposal"], "standing"), &confirmed["leaf"]), ("settled", &json!(steps.leaf)));
    steps.leaf += 1;
    case.state = case.by(&cast.auditor).get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    assert_eq!((text(&case.state, "stage"), &case.state["decision"]), ("decided", &pass()));

    let registration = steps.take(&case.act(&cast.secretariat, "registration", &json!({ "from": case.today() })));
    let year = &case.today()[..4];
    assert_eq!(text(&registration, "number"), format!("OTK-{year}-00001"));
    assert_eq!(registration["state"], json!({ "name": "valid" }));
    assert_eq!(text(&registration["term"], "from"), case.today());
    assert_eq!(registration["serviceName"], declaration()["service"]["name"]);
    let shown = provider.get(&format!("/api/v1/applications/{}", case.id())).send().ok();
    assert_eq!(shown["registration"], registration["number"]);

    let secretariat = client.signed_in(&cast.secretariat);
    let own = secretariat.post(&licences(&registration), &json!({ "holderKind": "provider" })).send();
    let own = steps.take(&own);
    let user = provider.post(&licences(&registration), &case.user("見本工業株式会社")).send();
    assert_eq!(user.status, 201);
    let leaf = user.header("log-leaf").to_owned();
    let user = steps.take(&user);
    for (licence, kind, name) in [(&own, "provider", "大阪商工会議所"), (&user, "user", "見本工業株式会社")]
    {
        for mark in case.marks(licence) {
            assert_eq!(text(&mark, "answer"), "valid");
            assert_eq!((&mark["licence"], &mark["service"]["number"]), (&licence["id"], &registration["number"]));
            assert_eq!((text(&mark["holder"], "kind"), text(&mark["holder"], "name")), (kind, name));
        }
    }
    assert_ne!(own["statusIndex"], user["statusIndex"]);
    // The user has not consented to be listed: the public log does not name it, the provider it does.
    let published = client.get(&format!("/api/v1/log/leaves/{leaf}")).send();
    assert!(!published.text().contains("見本工業"), "{}", published.text());

    // Nothing came between the acts, and nothing after.
    assert_eq!(client.get(&format!("/api/v1/log/leaves/{}", steps.leaf - 1)).send().status, 200);
    client.get(&format!("/api/v1/log/leaves/{}", steps.leaf)).send().refused(404, "not_found");
    server.end();
    register.assert_whole();
    assert_eq!(register.fsck().document["acts"], steps.leaf, "every act is a leaf");
}
