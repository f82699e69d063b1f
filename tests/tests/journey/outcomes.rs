//! Other ways through: sent back, withdrawn, failed, disagreed about.

use serde_json::{Value, json};
use tests::{Case, Cast, Client, Database, Register, declaration, pass, text};

tests::on_both!(returned_and_submitted_again, withdrawn_at_any_stage, failed, examiners_who_disagree);

fn fail() -> Value {
    json!({ "verdict": "fail", "reason": "初動対応が確かめられない。" })
}

fn why() -> Value {
    json!({ "reason": "申請をやり直すため" })
}

fn returned_and_submitted_again(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let mut case = Case::submit(&server.client(), &cast, &declaration());
    let reasons = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "祝日の扱いを書いてください。" }] });
    case.state = case.act(&cast.secretariat, "return", &reasons).ok();
    assert_eq!((text(&case.state, "stage"), &case.state["returned"]), ("returned", &reasons["reasons"]));

    // Nobody goes on with what was sent back.
    case.act(&cast.secretariat, "acceptance", &case.both_examiners()).refused(409, "state");
    case.act(&cast.secretariat, "return", &reasons).refused(409, "state");

    let mut mended = declaration();
    mended["helpDesk"]["hours"] = json!("平日9時から17時。祝日は休み");
    let provider = case.by(&cast.provider);
    let path = format!("/api/v1/applications/{}/declaration", case.id());
    let again = provider.ask("PUT", &path).json(&mended);
    case.state = again.clone().on_version(case.version()).send().ok();
    assert_eq!((text(&case.state, "stage"), &case.state["submission"]), ("submitted", &json!(2)));
    assert_eq!(case.state["declaration"], mended);
    again.on_version(case.version()).send().refused(409, "state");

    let registration = case.pass().register();
    assert_eq!(text(&registration["state"], "name"), "valid");
    server.end();
    register.assert_whole();
}

fn withdrawn_at_any_stage(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let new = || Case::submit(&server.client(), &cast, &declaration());
    let returned = || {
        let mut case = new();
        let reasons = json!({ "reasons": [{ "pointer": "", "reason": "全体を見直してください。" }] });
        case.state = case.act(&cast.secretariat, "return", &reasons).ok();
        case
    };
    for mut case in [new(), returned(), new().accept(), new().accept().judge(), new().accept().judge().recommend()] {
        case.state = case.act(&cast.provider, "withdrawal", &why()).ok();
        assert_eq!((text(&case.state, "stage"), &case.state["withdrawn"]), ("withdrawn", &why()["reason"]));
        // It is over: nothing more happens to it.
        case.act(&cast.provider, "withdrawal", &why()).refused(409, "state");
        case.act(&cast.secretariat, "acceptance", &case.both_examiners()).refused(409, "state");
        case.act(&cast.decision_maker, "decision", &pass()).refused(409, "state");
        case.act(&cast.secretariat, "registration", &json!({ "from": case.today() })).refused(409, "state");
    }
    let decided = new().pass();
    decided.act(&cast.provider, "withdrawal", &why()).refused(409, "state");
    server.end();
    register.assert_whole();
}

fn failed(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let mut case = Case::submit(&server.client(), &cast, &declaration()).accept();
    judge(&case, &cast, ["unmet", "unmet"]);
    case.act(&cast.examiners[0], "recommendation", &pass()).refused(422, "unsupported");
    case.state = case.act(&cast.examiners[0], "recommendation", &fail()).ok();
    case.act(&cast.decision_maker, "decision", &pass()).refused(422, "not_recommended");
    let proposal = case.act(&cast.decision_maker, "decision", &fail()).ok();
    case.confirm(&cast.second_decision_maker, &proposal).ok();
    case.state = shown(&case, &cast);
    assert_eq!(text(&case.state, "stage"), "decided");
    case.act(&cast.secretariat, "registration", &json!({ "from": case.today() })).refused(409, "state");
    assert_eq!(listed(&server.client()), 0);

    // A recommendation to pass may still be decided against.
    let mut other = Case::submit(&server.client(), &cast, &declaration()).accept().judge();
    other.act(&cast.examiners[0], "recommendation", &fail()).refused(422, "unsupported");
    other = other.recommend();
    let proposal = other.act(&cast.decision_maker, "decision", &fail()).ok();
    other.confirm(&cast.second_decision_maker, &proposal).ok();
    other.state = shown(&other, &cast);
    other.act(&cast.secretariat, "registration", &json!({ "from": other.today() })).refused(409, "state");
    server.end();
    register.assert_whole();
}

fn examiners_who_disagree(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).accept();
    case.act(&cast.examiners[0], "recommendation", &pass()).refused(409, "unjudged");
    judge(&case, &cast, ["met", "unmet"]);
    case.act(&cast.examiners[0], "recommendation", &pass()).refused(409, "disagreement");
    // They confer, the second comes round, and the rest stands.
    let desk = only(&case.judgements(), "help_desk", "met");
    case.act(&cast.examiners[1], "judgements", &desk).refused(409, "both_done");
    case.act(&cast.examiners[1], "reconciliation", &desk["judgements"][0]).ok();
    let decided = case.recommend().decide();
    assert_eq!(text(&decided.state, "stage"), "decided");
    server.end();
    register.assert_whole();
}

/// The case as it is now.
fn shown(case: &Case<'_>, cast: &Cast) -> Value {
    case.by(&cast.auditor).get(&format!("/api/v1/applications/{}", case.id())).send().ok()
}

/// Both judge everything as met but the help desk, which each answers as given.
fn judge(case: &Case<'_>, cast: &Cast, help_desk: [&str; 2]) {
    for (examiner, answer) in cast.examiners.iter().zip(help_desk) {
        let mut all = case.judgements();
        let list = all["judgements"].as_array_mut().expect("judgements are a list");
        let desk = list.iter_mut().find(|judgement| judgement["criterion"] == "help_desk").expect("it is asked");
        desk["answer"] = json!(answer);
        case.act(examiner, "judgements", &all).ok();
    }
}

fn only(judgements: &Value, criterion: &str, answer: &str) -> Value {
    let all = judgements["judgements"].as_array().expect("judgements are a list");
    let mut judgement = all.iter().find(|judgement| judgement["criterion"] == criterion).expect("it is asked").clone();
    judgement["answer"] = json!(answer);
    json!({ "judgements": [judgement] })
}

fn listed(client: &Client) -> usize {
    client.get("/api/v1/registrations").send().ok()["items"].as_array().expect("a list has items").len()
}
