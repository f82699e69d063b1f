//! Systems of providers are told, verified by libraries that this project did not write.

use serde_json::{Value, json};
use tests::{Case, Client, Database, PostOffice, declaration, text};

use crate::stage::{drained, stage};

tests::on_both!(a_provider_s_system_is_told, nothing_is_told_to_what_is_not_public);

/// A webhook to a path of the post office, whose signatures are checked as they arrive.
fn add(by: &Client, office: &PostOffice, path: &str) -> Value {
    let body = json!({ "organisation": "osaka-cci", "url": office.hook(path) });
    let made = by.post("/api/v1/webhooks", &body).send();
    assert_eq!(made.header("cache-control"), "no-store");
    let made = made.ok();
    office.verify(path, text(&made, "secret"), text(&made["webhook"], "publicKey"));
    made["webhook"].clone()
}

fn deliveries(by: &Client, webhook: &Value) -> Vec<Value> {
    let path = format!("/api/v1/webhooks/{}/deliveries", text(webhook, "id"));
    by.get(&path).send().ok()["items"].as_array().cloned().expect("a list")
}

fn a_provider_s_system_is_told(database: Database) {
    let (register, cast, office) = stage(database);
    let server = register.serve();
    let client = server.client();
    let by = client.signed_in(&cast.provider);
    let good = add(&by, &office, "/ok");
    let gone = add(&by, &office, "/gone");
    let later = add(&by, &office, "/later");
    let away = add(&by, &office, "/away");
    let case = Case::submit(&client, &cast, &declaration());
    let hooks = office.await_hooks(|hooks| {
        let at = |path: &str| hooks.iter().filter(|hook| hook["path"] == path).count();
        at("/ok") == 1 && at("/gone") == 1 && at("/later") == 2 && at("/away") >= 1
    });
    for hook in &hooks {
        // HMAC by the specification's own library, Ed25519 by libsodium.
        assert_eq!((&hook["v1"], &hook["v1a"]), (&json!(true), &json!(true)), "{hook}");
        assert_eq!(
            (&hook["type"], &hook["body"]["type"]),
            (&json!("application/json"), &json!("application.submitted"))
        );
        let data = &hook["body"]["data"];
        assert_eq!(text(data, "subject"), format!("application/{}", case.id()));
        assert_eq!((&data["version"], data["leaf"].is_u64()), (&json!(1), true), "{hook}");
    }
    let ids = |path: &str| -> Vec<String> {
        hooks.iter().filter(|hook| hook["path"] == path).map(|hook| text(hook, "id").to_owned()).collect()
    };
    let again = ids("/later");
    assert_eq!(again[0], again[1], "told again under the same id");
    tests::wait_for(
        || deliveries(&by, &later).first().filter(|one| one["state"] == "delivered").map(drop),
        || format!("{:?}", deliveries(&by, &later)),
    );
    assert_eq!(deliveries(&by, &later)[0]["attempts"], 2);

    // 410: it wants no more. A redirect is not followed.
    let ended = by.get(&format!("/api/v1/webhooks/{}", text(&gone, "id"))).send().ok();
    assert_eq!(ended["endedBy"], "gone", "{ended}");
    assert_eq!(deliveries(&by, &away)[0]["status"], 302);
    assert!(!office.hooks().iter().any(|hook| hook["path"] == "/ok/elsewhere"));

    // A test, and what it was told told again.
    let path = |what: &str| format!("/api/v1/webhooks/{}/{what}", text(&good, "id"));
    let tried = by.post(&path("test"), &json!({})).send().ok();
    let all = deliveries(&by, &good);
    let told = all.iter().find(|one| one["kind"] == "application.submitted").expect("it was told");
    assert_eq!(told["state"], "delivered", "{told}");
    by.post(&path(&format!("deliveries/{}/replay", text(told, "id"))), &json!({})).send().ok();
    let hooks = office.await_hooks(|hooks| hooks.iter().filter(|hook| hook["path"] == "/ok").count() == 3);
    let of = |id: &Value| hooks.iter().filter(|hook| hook["id"] == *id && hook["path"] == "/ok").count();
    assert_eq!((of(&tried["id"]), of(&told["id"])), (1, 2));

    // Another provider's is not there; who does not own one has none made; five are enough.
    let stranger = client.signed_in(&cast.stranger);
    stranger.get(&format!("/api/v1/webhooks/{}", text(&good, "id"))).send().refused(404, "not_found");
    stranger.post(&path("test"), &json!({})).send().refused(404, "not_found");
    let body = json!({ "organisation": "osaka-cci", "url": office.hook("/stolen") });
    stranger.post("/api/v1/webhooks", &body).send().refused(403, "forbidden");
    client.signed_in(&cast.member).post("/api/v1/webhooks", &body).send().refused(403, "forbidden");
    let again = json!({ "organisation": "osaka-cci", "url": office.hook("/ok") });
    by.post("/api/v1/webhooks", &again).send().refused(409, "webhook_known");
    add(&by, &office, "/fourth");
    add(&by, &office, "/fifth");
    by.post("/api/v1/webhooks", &body).send().refused(409, "too_many_webhooks");
    // Ended, it is told no more, and nothing is sent there.
    by.post(&path("end"), &json!({})).send().ok();
    by.post(&path("test"), &json!({})).send().refused(409, "webhook_ended");
    let auditor = client.signed_in(&cast.auditor).get("/api/v1/webhooks").send().ok();
    assert_eq!(auditor["items"].as_array().map(Vec::len), Some(6));
    assert!(!auditor.to_string().contains("whsec_"), "a secret is shown once");
    let sealed = register.database().sql().texts("SELECT secret FROM webhooks");
    assert!(sealed.iter().all(|secret| secret.starts_with("sealed1:")), "{sealed:?}");
    by.post(&format!("/api/v1/webhooks/{}/end", text(&away, "id")), &json!({})).send().ok();
    drained(&register);
    server.end();
    register.assert_whole();
}

fn nothing_is_told_to_what_is_not_public(database: Database) {
    let (register, cast) = tests::Register::staffed(database);
    // Without the tests' own setting.
    let server = register.serve();
    let by = server.client().signed_in(&cast.provider);
    for url in [
        "http://127.0.0.1:9/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:192.168.0.1]/",
        "https://0x7f000001/",
        "http://hooks.example.jp/",
        "https://user:secret@hooks.example.jp/",
        "gopher://hooks.example.jp/",
        "花子",
    ] {
        let refused = by.post("/api/v1/webhooks", &json!({ "organisation": "osaka-cci", "url": url })).send();
        let problem = refused.refused(422, "invalid");
        assert_eq!(problem["errors"][0]["pointer"], "/url", "{url}: {problem}");
    }
    let form =
        by.post("/api/v1/webhooks", &json!({ "organisation": "osaka-cci", "url": "https://hooks.example.jp/a" }));
    form.send().ok();
    server.end();
    register.assert_whole();
}
