//! Messages and webhooks put down behind the register's back, for tests that only ask for them.

use crate::{Person, Register};

/// Where nobody listens.
pub const NOBODY: &str = "http://127.0.0.1:9/";

/// A message of somebody's that can be done without; its id.
pub fn message(register: &Register, person: &Person, word: &str) -> String {
    let text = r#"{"ja":"題","en":"title"}"#;
    let notice = format!(r#"[{{"title":{text},"happened":{text},"todo":{text},"until":"open"}},"account"]"#);
    let id = format!("{:a>26}", word.to_lowercase());
    let put = register.database().sql().execute(&format!(
        "INSERT INTO messages (id, person, announcement, at, topic, notice, mail, mail_attempts)
         VALUES ('{id}', '{}', 'test/{id}', '2026-12-01T00:00:00Z', 'work', '{notice}', 'off', 0)",
        person.id
    ));
    assert_eq!(put, 1);
    id
}

/// A webhook of an organisation, and something that it was told: their ids.
pub fn webhook(register: &Register, organisation: &str, person: &Person, word: &str) -> (String, String) {
    let (id, delivery) = (format!("W-{word}"), format!("msg_{}", word.to_lowercase()));
    let sql = register.database().sql();
    let put = sql.execute(&format!(
        "INSERT INTO webhooks (id, organisation, person, url, secret, public, made_at)
         VALUES ('{id}', '{organisation}', '{}', '{NOBODY}{word}', 'unknown', 'whpk_AA==', '2026-12-01T00:00:00Z')",
        person.id
    ));
    assert_eq!(put, 1);
    let put = sql.execute(&format!(
        "INSERT INTO deliveries (id, webhook, announcement, kind, at, body, state, attempts)
         VALUES ('{delivery}', '{id}', 'test/{word}', 'webhook.test', '2026-12-01T00:00:00Z', '{{}}', 'delivered', 1)"
    ));
    assert_eq!(put, 1);
    (id, delivery)
}
