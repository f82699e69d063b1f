//! A register with a post office, and people with addresses.

use serde_json::{Value, json};
use tests::{Case, Cast, Client, Database, Person, PostOffice, Register, declaration, wait_for};

/// A user SME's number, and the organisation of the cast's user.
pub const USER: &str = "9000000000000";

/// A register whose people have addresses, and where their mail goes.
pub fn stage(database: Database) -> (Register, Cast, PostOffice) {
    let office = PostOffice::open();
    let (register, cast) = Register::staffed(database);
    let register = register.with_post(&office);
    register.address(&[
        (&cast.provider, "owner@osaka.example"),
        (&cast.member, "member@osaka.example"),
        (&cast.user, "user@sme.example"),
        (&cast.secretariat, "secretariat@body.example"),
        (&cast.second_secretariat, "second@body.example"),
        (&cast.examiners[0], "first@body.example"),
        (&cast.decision_maker, "decider@body.example"),
    ]);
    (register, cast, office)
}

/// A registered service with a licence of the provider's and one of the cast's user.
pub fn registered<'a>(client: &Client, cast: &'a Cast) -> (Case<'a>, Value) {
    let case = Case::submit(client, cast, &declaration()).pass();
    let registration = case.register();
    case.license_provider(&registration);
    let mut user = case.user("例示製作所");
    user["holderNumber"] = json!(USER);
    let path = tests::licences(&registration);
    case.by(&cast.provider).post(&path, &user).send().ok();
    (case, registration)
}

/// Somebody's messages, once one of them has this title.
#[track_caller]
pub fn inbox(client: &Client, person: &Person, title: &str) -> Value {
    let client = client.signed_in(person);
    let list = || client.get("/api/v1/messages").send().ok();
    let found = || {
        let all = list();
        let items = all["items"].as_array().cloned().unwrap_or_default();
        items.into_iter().find(|item| item["title"]["ja"] == title)
    };
    wait_for(found, || format!("{title}: {:#}", list()))
}

/// Waits until there is nothing left to tell.
#[track_caller]
pub fn drained(register: &Register) {
    let sql = register.database().sql();
    // In one statement, so of one moment: between several, what waited in one table may have moved to another.
    let counts = [
        "SELECT count(*) FROM announcements WHERE NOT is_told",
        "SELECT count(*) FROM messages WHERE mail_due_at IS NOT NULL",
        "SELECT count(*) FROM deliveries WHERE due_at IS NOT NULL",
        "SELECT (SELECT count(*) FROM acts) - next_seq FROM posting",
    ];
    let all = format!("SELECT ({})", counts.join(") + ("));
    let each = || counts.map(|query| sql.number(query));
    wait_for(|| (sql.number(&all) == 0).then_some(()), || format!("{:?}", each()));
}
