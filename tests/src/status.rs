//! What the published status lists say, read with the published keys.

use api::seal::keys::{KeySet, Purpose};
use domain::status_list::{CWT, JWT, Said, Statement, place};

use crate::Client;

/// The published keys.
pub fn keys(client: &Client) -> KeySet {
    KeySet::from_jwks(&client.get("/.well-known/jwks.json").send().ok()).expect("a key set")
}

/// A list, in both of its forms.
pub fn list(client: &Client, number: u32) -> Statement {
    let ring = keys(client).ring(Purpose::Status);
    let ask = |kind: &str| {
        let answer = client.get(&format!("/status/{number}")).header("accept", kind).send();
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{}", answer.told());
        answer
    };
    let (cwt, jwt) = (ask(CWT), ask(JWT));
    let statement = Statement::from_cwt(&cwt.body, &ring).expect("ours");
    assert_eq!(Statement::from_jwt(jwt.text(), &ring).expect("ours"), statement, "one list in two forms");
    assert!(statement.uri.ends_with(&format!("/status/{number}")), "{}", statement.uri);
    statement
}

/// What is said of the licence with this status index.
pub fn said(client: &Client, index: u32) -> Said {
    let (number, place) = place(index);
    list(client, number).list.get(place)
}
