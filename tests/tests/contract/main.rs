//! The contract of the JSON face: bad input of every kind, at every operation of the served OpenAPI document, gets a
//! problem document that says what is wrong and what to do, and changes nothing.

mod accounts;
mod bodies;
mod document;
mod forms;
mod headers;
mod operations;
mod pages;
mod paths;
mod refusal;
mod stage;
mod watched;

use tests::Database;

tests::on_both!(
    bad_bodies,
    bad_headers,
    old_sign_ins,
    bad_addresses,
    bad_forms,
    texts_are_tidied,
    every_right_request_is_right
);

fn bad_bodies(database: Database) {
    let stage = stage::Stage::set(database);
    stage.unchanged(|| bodies::sweep(&stage));
}

fn bad_headers(database: Database) {
    let stage = stage::Stage::set(database);
    stage.unchanged(|| headers::sweep(&stage));
}

fn old_sign_ins(database: Database) {
    headers::stale_sign_ins(&stage::Stage::set(database));
}

fn bad_addresses(database: Database) {
    let stage = stage::Stage::set(database);
    stage.unchanged(|| paths::sweep(&stage));
    stage.unchanged(|| pages::sweep(&stage));
    stage.unchanged(|| pages::queries(&stage));
}

fn bad_forms(database: Database) {
    let stage = stage::Stage::set(database);
    stage.unchanged(|| {
        forms::sweep(&stage);
        forms::nobodys(&stage);
        forms::too_long(&stage);
    });
    forms::tidied(&stage);
}

/// Control characters and marks that turn the direction of writing never reach the register, nor do they break it.
fn texts_are_tidied(database: Database) {
    bodies::tidied(&stage::Stage::set(database));
}

/// What the sweeps spoil goes well when it is not spoiled: so each refusal there has the one reason that was put in.
fn every_right_request_is_right(database: Database) {
    let stage = stage::Stage::set(database);
    let client = stage.client();
    for operation in &stage.operations {
        let right = stage.right(operation);
        let answer = right.ask(&client, operation).send();
        if answer.header("content-type").starts_with("application/json") {
            answer.ok();
        } else {
            assert_eq!(answer.status, 200, "{}", answer.told());
        }
        operation.assert_documented(&answer);
    }
}
