//! Headers that are wrong: who is calling, for which version, under which key, in which size.

use domain::authority::FRESH;
use domain::calendar::Instant;
use tests::{Person, raw};

use crate::accounts::EVERYBODYS;
use crate::operations::Operation;
use crate::refusal::Refusal;
use crate::stage::{Shown, Stage, key, session};

/// Every operation.
pub fn sweep(stage: &Stage) {
    for operation in &stage.operations {
        sizes(stage, operation);
        if operation.is_signed_in() {
            signed_out(stage, operation);
            if !operation.is_read() {
                foreign(stage, operation);
                wrong_people(stage, operation);
            }
        }
        if !operation.takes_keys() {
            keyless(stage, operation);
        }
        if operation.takes("If-Match") {
            versions(stage, operation);
        }
        if operation.takes("Idempotency-Key") {
            keys(stage, operation);
        }
    }
}

/// Nothing shown, nothing of ours, what is spoiled by a character, what was ended: the same answer to all, which says
/// nothing of it.
fn signed_out(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let mut right = stage.right(operation);
    let ours = std::mem::take(&mut right.shown);
    let mut answers = Vec::new();
    for shown in wrong_sessions(stage, &ours).into_iter().chain(wrong_keys(stage)).chain(stage.gone.clone()) {
        right.shown = shown;
        answers.push(stage.refused(operation, || right.ask(&client, operation)));
    }
    for line in [&b"Authorization: Bearer otk_\xe9\xff"[..], b"Cookie: __Host-session=ots_\xe9\xff"] {
        let request = raw::request(&operation.method, &right.path, &[line, b"Content-Length: 0"], b"");
        let (status, _, body) = raw::send(stage.server.port(), &request);
        answers.push(Refusal::of(status, &body));
    }
    for refusal in answers {
        assert_eq!((refusal.status, refusal.code.as_str()), (401, "signed_out"));
        let told = refusal.document.to_string();
        assert!(!told.contains("otk_") && !told.contains("ots_"), "{told}");
    }
}

/// No cookie, and cookies that are no session's. All else is as one of our pages sends it.
fn wrong_sessions(stage: &Stage, ours: &Shown) -> Vec<Shown> {
    let person = &stage.cast.provider;
    let cookie = &person.session;
    let with = |value: String| {
        let rest = ours.iter().filter(|(name, _)| *name != "cookie").cloned();
        rest.chain([("cookie", value)]).collect::<Shown>()
    };
    let named = |value: &str| with(format!("__Host-session={value}"));
    let rest = ours.iter().filter(|(name, _)| *name != "cookie").cloned().collect();
    vec![
        rest,
        Vec::new(),
        named(""),
        named("x"),
        named("ots_"),
        named(&format!("{cookie}x")),
        named(&cookie[..cookie.len() - 1]),
        named(&cookie.to_uppercase()),
        named(&format!("ots_{}", "A".repeat(43))),
        named(&format!("ots_{}", "a".repeat(20_000))),
        named(&format!("\"{cookie}\"")),
        named("'OR'1'='1"),
        named(&person.csrf),
        named(&person.api_key),
        // Browsers keep the other name for plain HTTP: whoever is above us could set it.
        with(format!("session={cookie}")),
        with(format!("__host-session={cookie}")),
        with(cookie.clone()),
    ]
}

/// What is no API key, and no way to show a session. A good cookie beside it does not help.
fn wrong_keys(stage: &Stage) -> Vec<Shown> {
    let Person { api_key, session: cookie, .. } = &stage.cast.provider;
    let values = [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer x".to_owned(),
        "Bearer otk_".to_owned(),
        "Basic b3RrOm90aw==".to_owned(),
        api_key.clone(),
        format!("Bearer {api_key}x"),
        format!("Bearer {}", &api_key[..api_key.len() - 1]),
        format!("Bearer {}", api_key.to_uppercase()),
        format!("Bearer otk_{}", "a".repeat(20_000)),
        format!("Bearer {cookie}"),
        "Bearer 'OR'1'='1".to_owned(),
    ];
    let beside = session(&stage.cast.provider).into_iter().chain([("authorization", "Bearer otk_x".to_owned())]);
    values.into_iter().map(|value| vec![("authorization", value)]).chain([beside.collect()]).collect()
}

/// A change in a session that did not come from one of our pages: without the session's token, or from another site.
fn foreign(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let mut right = stage.right(operation);
    let person = right.by.clone().expect("it is signed in");
    let other = if person.id == stage.cast.auditor.id { &stage.cast.provider } else { &stage.cast.auditor };
    let cookie = ("cookie", format!("__Host-session={}", person.session));
    let own = ("x-csrf-token", person.csrf.clone());
    let from = |site: &str| ("sec-fetch-site", site.to_owned());
    let origin = |origin: &str| ("origin", origin.to_owned());
    let token = |token: &str| ("x-csrf-token", token.to_owned());
    let here = from("same-origin");
    let shorter = &person.csrf[..person.csrf.len() - 1];
    for shown in [
        vec![here.clone()],
        vec![here.clone(), token("")],
        vec![here.clone(), token("x")],
        vec![here.clone(), token(shorter)],
        vec![here.clone(), token(&format!("{}x", person.csrf))],
        vec![here.clone(), token(&other.csrf)],
        vec![here.clone(), token(&person.session)],
        vec![own.clone()],
        vec![own.clone(), from("cross-site")],
        vec![own.clone(), from("same-site")],
        vec![own.clone(), from("none")],
        vec![own.clone(), from("cross-site"), origin("https://otasuketai.example")],
        vec![own.clone(), origin("https://elsewhere.example")],
        vec![own.clone(), origin("null")],
    ] {
        right.shown = std::iter::once(cookie.clone()).chain(shown).collect();
        let refusal = stage.refused(operation, || right.ask(&client, operation));
        assert_eq!((refusal.status, refusal.code.as_str()), (403, "forbidden"), "{:?}", right.shown);
    }
}

/// Whoever has another role, or the role in another organisation, is told so, or that there is no such thing.
fn wrong_people(stage: &Stage, operation: &Operation) {
    if EVERYBODYS.contains(&operation.id.as_str()) {
        return;
    }
    let client = stage.client();
    let right = stage.right(operation);
    for (role, person) in stage.everybody() {
        if stage.roles(operation).contains(&role) {
            continue;
        }
        let wrong = right.clone().by(person);
        let refusal = stage.refused(operation, || wrong.ask(&client, operation));
        assert!(matches!(refusal.status, 403 | 404), "{role} {}: {}", operation.id, refusal.document);
    }
    assert!(stage.refusals(&operation.method, &right.path) > 0, "{} leaves no line in the trail", operation.id);
}

/// A good key where no key will do.
fn keyless(stage: &Stage, operation: &Operation) {
    if !operation.is_signed_in() {
        return;
    }
    let client = stage.client();
    let mut right = stage.right(operation);
    right.shown = key(&stage.cast.provider.api_key);
    let refusal = stage.refused(operation, || right.ask(&client, operation));
    assert_eq!((refusal.status, refusal.code.as_str()), (403, "forbidden"));
}

/// Whoever signed in longer than five minutes ago signs in again before what weighs most. Last: the sessions are old
/// then.
pub fn stale_sign_ins(stage: &Stage) {
    let sql = stage.register.database().sql();
    let then = Instant::from_unix(api::clock::now().unix() - FRESH - 1).expect("it is inside the calendar");
    assert!(sql.execute(&format!("UPDATE sessions SET signed_in_at = '{then}'")) > 10);
    let client = stage.client();
    for operation in stage.operations.iter().filter(|operation| !operation.is_read() && operation.is_signed_in()) {
        let right = stage.right(operation);
        let answer = right.ask(&client, operation).send();
        operation.assert_documented(&answer);
        match operation.id.as_str() {
            "proposeDecision" | "proposeMeasure" | "proposeRevocation" | "confirmProposal" | "dropProposal"
            | "proposeActivation" | "proposeCompromise" | "proposeEdition" | "resumeDecisions" | "invitePerson"
            | "giveRole" | "endRole" | "dismissPerson" | "recoverPerson" | "endSessions" | "erasePerson"
            | "issueApiKey" | "endApiKey" | "addWebhook" | "endWebhook" | "proposeWaiver" | "proposeOnObjection"
            | "suspendAtOnce" | "confirmEmergency" | "proposeOnMeasure" | "discontinue" | "proposeSetting"
            | "proposeHolidays" | "proposeSuccession" => {
                answer.refused(403, "sign_in_again");
            }
            _ => drop(answer.ok()),
        }
    }
}

/// A version that is not one, or not the newest.
fn versions(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let mut right = stage.right(operation);
    let version = right.version.take().unwrap_or_else(|| panic!("{} takes a version", operation.id));
    let bare = version.to_string();
    let weak = format!("W/\"{version}\"");
    let two = format!("\"{version}\", \"{}\"", version + 1);
    for header in
        [&bare, &weak, &two, "*", "\"\"", "\"x\"", "\"-1\"", "\"1.0\"", "\"99999999999\"", "'1'", "\"", "\" 1\""]
    {
        let refusal = stage.refused(operation, || right.ask(&client, operation).header("if-match", header));
        assert_eq!((refusal.status, refusal.code.as_str()), (422, "invalid"), "{header}");
        assert_eq!(refusal.names("/If-Match")["read"], *header);
    }
    for stale in
        [0, version.saturating_sub(1), version + 1, u64::from(u32::MAX)].into_iter().filter(|read| *read != version)
    {
        let refusal = stage.refused(operation, || right.ask(&client, operation).on_version(stale));
        assert_eq!((refusal.status, refusal.code.as_str()), (412, "stale"), "{stale}");
    }
    // Of what is not there yet nobody has seen a version.
    if version > 0 {
        let refusal = stage.refused(operation, || right.ask(&client, operation));
        assert_eq!((refusal.status, refusal.code.as_str()), (428, "version_needed"));
        assert!(refusal.document["detail"].as_str().unwrap_or_default().contains(&format!("\"{version}\"")));
    }

    let ask = || right.ask(&client, operation).on_version(version).on_version(version + 1);
    assert_eq!(stage.refused(operation, ask).names("/If-Match")["code"], "unreadable");
}

/// A key that is too short, too long, given twice, or no text.
fn keys(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let right = stage.right(operation);
    let long = "k".repeat(201);
    for key in ["", "short", "1234567", &long] {
        let refusal = stage.refused(operation, || right.ask(&client, operation).key(key));
        assert_eq!((refusal.status, refusal.code.as_str()), (422, "invalid"), "{key}");
        refusal.names("/Idempotency-Key");
    }
    let twice = || right.ask(&client, operation).key("the first key").key("the second key");
    assert_eq!(stage.refused(operation, twice).names("/Idempotency-Key")["code"], "unreadable");

    let body = right.body.as_ref().map(ToString::to_string).unwrap_or_default();
    let own = right.lines().into_iter();
    let framing = ["Content-Type: application/json".to_owned(), format!("Content-Length: {}", body.len())];
    let lines: Vec<String> = own.chain(framing).collect();
    for key in
        [&b"Idempotency-Key: \xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9"[..], "Idempotency-Key: 鍵は文字ではない".as_bytes()]
    {
        let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).chain([key]).collect();
        let request = raw::request(&operation.method, &right.path, &lines, body.as_bytes());
        let (status, _, body) = raw::send(stage.server.port(), &request);
        let refusal = Refusal::of(status, &body);
        assert_eq!(status, 422, "{}", refusal.document);
        refusal.names("/Idempotency-Key");
    }
}

/// A header beyond the limit is answered by the register; far beyond it, the connection is closed with the bare status.
fn sizes(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let right = stage.right(operation);
    let large = "x".repeat(40 << 10);
    let refusal = stage.refused(operation, || right.ask(&client, operation).header("x-large", &large));
    assert_eq!((refusal.status, refusal.code.as_str()), (431, "header_too_large"));

    let huge = format!("X-Huge: {}", "x".repeat(1 << 20));
    let many: Vec<String> = (0..500).map(|n| format!("X-{n}: {n}")).collect();
    let many: Vec<&[u8]> = many.iter().map(|line| line.as_bytes()).collect();
    for lines in [vec![huge.as_bytes()], many] {
        let request = raw::request(&operation.method, &right.path, &lines, b"");
        let (status, ..) = raw::send(stage.server.port(), &request);
        assert_eq!(status, 431, "{}", operation.id);
    }
}
