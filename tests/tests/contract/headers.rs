//! Headers that are wrong: who is calling, for which version, under which key, in which size.

use crate::operations::Operation;
use crate::raw;
use crate::refusal::Refusal;
use crate::stage::Stage;

/// Every operation.
pub fn sweep(stage: &Stage) {
    for operation in &stage.operations {
        sizes(stage, operation);
        if operation.is_signed_in() {
            signed_out(stage, operation);
            wrong_people(stage, operation);
        }
        if operation.takes("If-Match") {
            versions(stage, operation);
        }
        if operation.takes("Idempotency-Key") {
            keys(stage, operation);
        }
    }
}

/// No token, no token of ours, a token that was ended: the same answer to all, which says nothing of the token.
fn signed_out(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let mut right = stage.right(operation);
    let token = right.token.take().expect("it is signed in");
    let longer = format!("Bearer {token}x");
    let shorter = format!("Bearer {}", &token[..token.len() - 1]);
    let other_case = format!("Bearer {}", token.to_uppercase());
    let ended = format!("Bearer {}", stage.ended_token);
    let huge = format!("Bearer otk_{}", "a".repeat(20_000));
    let basic = "Basic b3RrOm90aw==";
    let mut answers = Vec::new();
    for header in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer otk_",
        "bearer",
        basic,
        &token,
        &longer,
        &shorter,
        &other_case,
        &ended,
        &huge,
        "Bearer 'OR'1'='1",
    ] {
        let ask = || right.ask(&client, operation).header("authorization", header);
        answers.push(stage.refused(operation, ask));
    }
    answers.push(stage.refused(operation, || right.ask(&client, operation)));
    let request = raw::request(
        &operation.method,
        &right.path,
        &[b"Authorization: Bearer otk_\xe9\xff", b"Content-Length: 0"],
        b"",
    );
    let (status, _, body) = raw::send(stage.server.port(), &request);
    answers.push(Refusal::of(status, &body));
    for refusal in answers {
        assert_eq!((refusal.status, refusal.code.as_str()), (401, "signed_out"));
        assert!(!refusal.document.to_string().contains("otk_"), "{}", refusal.document);
    }
}

/// Whoever has another role, or the role in another organisation, is told so, or that there is no such thing.
fn wrong_people(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let mut right = stage.right(operation);
    let may = right.token.clone().expect("it is signed in");
    for (role, token) in stage.tokens() {
        if token == may || operation.is_read() && operation.id != "getLicence" {
            continue;
        }
        // Whoever may also do it: a provider ends its own user's licence, and looks at it; another provider submits.
        let also = match operation.id.as_str() {
            "closeLicence" => ["provider", ""],
            "getLicence" => ["provider", "secretariat"],
            "submitApplication" => ["stranger", ""],
            _ => ["", ""],
        };
        if also.contains(&role) {
            continue;
        }
        right.token = Some(token.to_owned());
        let refusal = stage.refused(operation, || right.ask(&client, operation));
        assert!(matches!(refusal.status, 403 | 404), "{role} {}: {}", operation.id, refusal.document);
    }
}

/// A version that is not one, or not the newest.
fn versions(stage: &Stage, operation: &Operation) {
    let client = stage.client();
    let mut right = stage.right(operation);
    let version = right.version.take().expect("it has a version");
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
    for stale in [0, version - 1, version + 1, u64::from(u32::MAX)] {
        let refusal = stage.refused(operation, || right.ask(&client, operation).on_version(stale));
        assert_eq!((refusal.status, refusal.code.as_str()), (412, "stale"), "{stale}");
    }
    let refusal = stage.refused(operation, || right.ask(&client, operation));
    assert_eq!((refusal.status, refusal.code.as_str()), (428, "version_needed"));
    assert!(refusal.document["detail"].as_str().unwrap_or_default().contains(&format!("\"{version}\"")));

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

    let token = format!("Authorization: Bearer {}", right.token.as_ref().expect("it is signed in"));
    let version = right.version.map_or("X-None: 0".to_owned(), |version| format!("If-Match: \"{version}\""));
    let body = right.body.as_ref().expect("it has a body").to_string();
    let length = format!("Content-Length: {}", body.len());
    let json = b"Content-Type: application/json";
    for key in
        [&b"Idempotency-Key: \xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9"[..], "Idempotency-Key: 鍵は文字ではない".as_bytes()]
    {
        let lines = [token.as_bytes(), version.as_bytes(), json, length.as_bytes(), key];
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
