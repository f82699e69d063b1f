//! The audit trail: every act, sign-in, refusal and change of a role has its line.

use serde_json::json;
use tests::{Case, Database, Register, Sql, Visit, declaration};

tests::on_both!(
    every_act_has_its_line,
    what_was_refused_has_its_line,
    a_form_that_is_shown_again_has_its_line,
    no_secret_of_a_link_is_written_down,
    an_act_and_its_line_are_written_together,
);

fn lines(sql: &Sql, condition: &str) -> Vec<String> {
    sql.texts(&format!(
        "SELECT what || ' ' || outcome || ' ' || coalesce(detail, '-') || ' ' || coalesce(role, '-') || ' ' || proof
         FROM trail WHERE {condition} ORDER BY id"
    ))
}

fn every_act_has_its_line(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    case.license_user(&registration, "見本工業株式会社");
    case.measure(&registration, "suspend", "点検").ok();
    register.run(&["admin", "give", &cast.auditor.id, "--role", "operator", "--organisation", tests::staff::BODY]);
    let sql = register.database().sql();
    let missing = sql.texts(
        "SELECT acts.subject FROM acts LEFT JOIN trail ON trail.seq = acts.seq
         WHERE trail.seq IS NULL OR trail.subject <> acts.subject OR trail.outcome <> 'done'",
    );
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(sql.number("SELECT count(*) FROM acts"), sql.number("SELECT count(*) FROM trail WHERE seq IS NOT NULL"));
    let subject = format!("subject = 'application/{}'", case.id());
    let told = lines(&sql, &subject);
    let kinds: Vec<&str> = told.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(
        kinds,
        [
            "application.submitted",
            "application.accepted",
            "application.interest_declared",
            "application.interest_declared",
            "application.recommended",
            "application.decided",
        ]
    );
    assert!(told[0].contains(" done - provider_owner session:S-"), "{told:?}");
    assert!(lines(&sql, "what = 'person.role_given'")[0].ends_with("operator command"));
    // From where, and under which request's name.
    let answer = server.client().signed_in(&cast.provider).post("/api/v1/applications", &declaration()).send();
    let request = answer.header("x-request-id");
    assert_eq!(request.len(), 16, "{request}");
    let known = sql.texts(&format!("SELECT address || ' ' || what FROM trail WHERE request = '{request}'"));
    assert_eq!(known, ["127.0.0.1 application.submitted"]);
}

fn what_was_refused_has_its_line(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let sql = register.database().sql();
    let case = Case::submit(&server.client(), &cast, &declaration());
    case.act(&cast.auditor, "acceptance", &case.both_examiners()).refused(403, "forbidden");
    case.by(&cast.provider).get("/intake").send();
    case.act(&cast.provider, "withdrawal", &json!({})).refused(422, "invalid");
    Visit::new(&server).sign_in(&cast.auditor, 0, &[]);
    Visit::new(&server).post("/sign-in", &[("login", &cast.auditor.id), ("password", "x"), ("code", "x")]);
    Visit::new(&server).post("/sign-in", &[("login", "a password by mistake"), ("password", "x"), ("code", "x")]);
    let id = case.id();
    let told = lines(&sql, "outcome = 'refused'");
    let (acceptance, withdrawal) =
        (format!("POST /api/v1/applications/{id}/acceptance"), format!("POST /api/v1/applications/{id}/withdrawal"));
    for (at, (line, role)) in [
        (format!("{acceptance} refused forbidden"), " auditor session:"),
        ("GET /intake refused forbidden".to_owned(), " provider_owner session:"),
        (format!("{withdrawal} refused invalid"), " provider_owner session:"),
        ("sign_in refused sign_in".to_owned(), " - nobody"),
        ("sign_in refused sign_in".to_owned(), " - nobody"),
    ]
    .iter()
    .enumerate()
    {
        assert!(told[at].starts_with(line) && told[at].contains(role), "{at}: {told:?}");
    }
    assert_eq!(told.len(), 5, "{told:?}");
    let who = sql
        .texts("SELECT coalesce(subject, '-') FROM trail WHERE what = 'sign_in' AND outcome = 'refused' ORDER BY id");
    assert_eq!(who, [format!("person/{}", cast.auditor.id), "-".to_owned()], "what nobody is called is not kept");
    assert_eq!(lines(&sql, "what = 'sign_in' AND outcome = 'done' AND detail = 'recovery'").len(), 1);
    // Whoever is not known fills no trail.
    let before = sql.number("SELECT count(*) FROM trail");
    server.client().post("/api/v1/applications", &declaration()).send().refused(401, "signed_out");
    server.client().get("/intake").send();
    assert_eq!(sql.number("SELECT count(*) FROM trail"), before);
}

/// The page comes back with what was typed, and the trail has what it would have of the JSON face.
fn a_form_that_is_shown_again_has_its_line(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let sql = register.database().sql();
    let case = Case::submit(&server.client(), &cast, &declaration());
    let provider = case.by(&cast.provider);
    let path = format!("/applications/{}/withdraw", case.id());
    let send = |version: &str, reason: &str| {
        provider.ask("POST", &path).form(&[("version", version), ("/reason", reason)]).send().status
    };
    assert_eq!((send("1", ""), send("7", "見直すため")), (422, 412));
    let account = provider.ask("POST", "/account/password").form(&[("code", "000000")]).send();
    assert_eq!(account.status, 422, "{}", account.told());
    let told = lines(&sql, "outcome = 'refused'");
    for (at, line) in [
        format!("POST {path} refused invalid provider_owner session:"),
        format!("POST {path} refused stale provider_owner session:"),
        "POST /account/password refused code provider_owner session:".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        assert!(told.get(at).is_some_and(|told| told.starts_with(line)), "{at}: {told:?}");
    }
    assert_eq!(told.len(), 3, "{told:?}");
    // Asking changes nothing and is no line.
    case.by(&cast.auditor).get("/trail?from=x").send();
    assert_eq!(lines(&sql, "outcome = 'refused'").len(), 3);
}

/// Somebody signed in follows somebody's link and is refused: the trail says so, and opens nothing to whoever reads it.
fn no_secret_of_a_link_is_written_down(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let link = register.run(&[
        "admin",
        "link",
        &cast.provider.id,
        "--identity-check",
        "call_back",
        "--reason",
        "電話で本人を確かめた",
    ]);
    let path = link.trim_end().strip_prefix("https://otasuketai.example").expect("a link of ours");
    assert!(path.starts_with("/invitation/otl_"), "{path}");
    let here = server.client().signed_in(&cast.auditor);
    assert_eq!(here.ask("POST", &format!("{path}/password")).form(&[]).send().status, 403);
    let sql = register.database().sql();
    let told = lines(&sql, "what LIKE 'POST /invitation%'");
    assert!(told.len() == 1 && told[0].starts_with("POST /invitation/… refused forbidden"), "{told:?}");
    let whole = sql.texts("SELECT what || coalesce(subject, '') || coalesce(detail, '') || proof FROM trail");
    assert!(!whole.iter().any(|line| line.contains("otl_")), "{whole:?}");
    assert!(!server.log().contains("otl_"));
}

/// The line is written with the act or the act does not happen.
fn an_act_and_its_line_are_written_together(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let sql = register.database().sql();
    let count = |table: &str| sql.number(&format!("SELECT count(*) FROM {table}"));
    let before = (count("acts"), count("trail"));
    sql.execute("ALTER TABLE trail RENAME TO trail_away");
    let provider = server.client().signed_in(&cast.provider);
    let refused = provider.post("/api/v1/applications", &declaration()).send();
    assert_eq!(refused.status, 503, "{}", refused.told());
    sql.execute("ALTER TABLE trail_away RENAME TO trail");
    assert_eq!((count("acts"), count("trail")), before);
    assert_eq!(provider.post("/api/v1/applications", &declaration()).send().status, 201);
    register.assert_whole();
}
