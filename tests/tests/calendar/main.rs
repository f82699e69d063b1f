//! The register through the years: the real server before a clock that the test sets (libfaketime), with nothing that runs
//! at midnight. Page, JSON, mark and day say the same, to the second.

mod clock;
mod decade;

use domain::calendar::Instant;
use domain::registration::MeasureKind;
use domain::status_list::{Said, place};
use serde_json::Value;
use tests::past::Round;
use tests::{Client, Database, Register, status, text};

use crate::clock::{Clock, ahead, library};
use crate::decade::everything_says_what_happened;

tests::on_both!(
    all_faces_change_in_the_same_second,
    a_clock_that_was_set_back_answers_nothing,
    everything_says_what_happened
);

/// The colour of a state on the pages.
fn tone(state: &str) -> &'static str {
    match state {
        "valid" => "green",
        "suspended" => "yellow",
        "not_yet" => "blue",
        _ => "gray",
    }
}

fn page(client: &Client, path: &str) -> String {
    let page = client.ask("GET", path).header("accept", "text/html").send();
    assert_eq!(page.status, 200, "{path}: {}", page.told());
    page.text().to_owned()
}

/// Everything that says whether the service, and a mark under it, holds now.
fn say_the_same(client: &Client, number: &str, licence: Option<(&str, u32)>, now: Instant, state: &str) {
    let shown = client.get(&format!("/api/v1/registrations/{number}")).send().ok();
    assert_eq!(text(&shown["state"], "name"), state, "{now}: {shown}");
    let on_day = client.get(&format!("/api/v1/registrations/{number}/valid-on/{}", now.day())).send().ok();
    assert_eq!(text(&on_day["state"], "name"), state, "{now}: {on_day}");
    let listed = client.get("/api/v1/registrations?limit=5").send().ok();
    assert_eq!(text(&listed["items"][0]["state"], "name"), state, "{now}: {listed}");
    let badge = format!("<span class=\"badge {}\">", tone(state));
    assert!(page(client, &format!("/register/{number}")).contains(&badge), "{now}: the page says otherwise");
    assert!(page(client, "/register").contains(&badge), "{now}: the list says otherwise");
    let Some((licence, index)) = licence else { return };
    let answer = if state == "lapsed" { "ended" } else { state };
    let mark = client.get(&format!("/api/v1/marks/{licence}")).send().ok();
    assert_eq!(text(&mark, "answer"), answer, "{now}: {mark}");
    let list = status::list(client, place(index).0);
    let said = match list.list.get(place(index).1) {
        Said::Valid => "valid",
        Said::Suspended => "suspended",
        Said::Revoked => "revoked",
        Said::Ended => "ended",
    };
    assert_eq!(said, answer, "{now}: the status list");
    assert!(!list.is_old(now) && list.issued_at <= now, "{now}: signed at {}", list.issued_at);
    let shown = page(client, &format!("/{licence}"));
    assert!(shown.contains(&format!("<section class=\"answer {}\">", tone(state))), "{now}: the mark's page");
}

/// The first day, a suspension and its end, and the end of the term; each second before, and the second itself.
fn all_faces_change_in_the_same_second(database: Database) {
    let register = Register::new(database);
    let clock = Clock::new(&register);
    let round = Round::enter(&register, ahead("2021-05-01"));
    let number = round.number().to_owned();
    let look = |licence: Option<(&str, u32)>, days: &[(&str, &str)]| {
        clock.set(days[0].0);
        let server = clock.serve(&register);
        for (utc, state) in days {
            let now = clock.set(utc);
            say_the_same(&server.client(), &number, licence, now, state);
        }
        server.end();
    };
    look(
        None,
        &[
            ("2021-04-21T01:00:00Z", "not_yet"),
            ("2021-04-29T15:00:00Z", "not_yet"),
            ("2021-04-30T14:59:59Z", "not_yet"),
            ("2021-04-30T15:00:00Z", "valid"),
            ("2021-05-01T00:00:00Z", "valid"),
        ],
    );
    let past = round.license(&register, ahead("2021-05-02"));
    let index = "SELECT status_index FROM licences";
    let index = u32::try_from(register.database().sql().number(index)).expect("an index");
    let mark = Some((past.licence.as_str(), index));
    look(
        mark,
        &[
            ("2021-05-02T01:00:00Z", "valid"),
            // The year ends in Japan, and nine hours later by UTC; a February ends.
            ("2021-12-31T14:59:59Z", "valid"),
            ("2021-12-31T15:00:00Z", "valid"),
            ("2022-01-01T00:00:00Z", "valid"),
            ("2022-02-28T14:59:59Z", "valid"),
            ("2022-02-28T15:00:00Z", "valid"),
            ("2022-03-01T00:59:59Z", "valid"),
        ],
    );
    round.measure(&register, MeasureKind::Suspended, ahead("2022-03-01"), 1);
    look(mark, &[("2022-03-01T01:00:00Z", "suspended"), ("2022-04-01T00:59:59Z", "suspended")]);
    round.measure(&register, MeasureKind::Reinstated, ahead("2022-04-01"), 2);
    let acts = || register.database().sql().number("SELECT COUNT(*) FROM acts");
    let before = acts();
    // Nobody serves in the hour around the midnight at which the term ends.
    look(mark, &[("2022-04-01T01:00:00Z", "valid"), ("2023-04-30T14:30:00Z", "valid")]);
    look(mark, &[("2023-04-30T15:30:00Z", "lapsed"), ("2024-03-01T00:00:00Z", "lapsed")]);
    // And somebody who is there sees the same second.
    look(mark, &[("2023-04-30T14:59:59Z", "valid"), ("2023-04-30T15:00:00Z", "lapsed")]);
    assert_eq!(acts(), before, "nothing ran");
    register.assert_whole();
}

fn a_clock_that_was_set_back_answers_nothing(database: Database) {
    let register = Register::new(database);
    let clock = Clock::new(&register);
    let round = Round::enter(&register, ahead("2021-05-01"));
    let number = round.number().to_owned();
    clock.set("2023-04-30T15:05:00Z");
    let server = clock.serve(&register);
    let client = server.client();
    let asked = |path: &str| client.get(path).send();
    let paths = ["/health/ready", &format!("/api/v1/registrations/{number}"), "/api/v1/marks/00000000", "/register"];
    let state = |answer: &Value| answer["state"]["name"].clone();
    assert_eq!(state(&asked(paths[1]).ok()), "lapsed");
    // Clocks differ a little.
    clock.set("2023-04-30T15:00:00Z");
    assert_eq!(state(&asked(paths[1]).ok()), "lapsed");
    // The term would hold again.
    clock.set("2023-04-30T14:59:59Z");
    for path in paths {
        let refused = asked(path);
        assert_eq!((refused.status, refused.header("retry-after")), (503, "60"), "{path}: {}", refused.told());
        assert!(refused.text().contains("clock") || refused.text().contains("時計"), "{}", refused.told());
    }
    assert_eq!(asked("/health/live").status, 200);
    clock.set("2023-04-30T15:05:01Z");
    assert_eq!(state(&asked(paths[1]).ok()), "lapsed");
    server.end();

    // Nor does it start before what was done already.
    clock.set("2021-04-21T00:54:59Z");
    let file = format!("FAKETIME_TIMESTAMP_FILE={}", clock.file().display());
    let preload = format!("LD_PRELOAD={}", library());
    let mut check = register.command(&["serve", "--check"]);
    let (name, value) = preload.split_once('=').expect("a setting");
    let (of, path) = file.split_once('=').expect("a setting");
    let ended = check.env(name, value).env(of, path).env("TZ", "UTC").env("FAKETIME_NO_CACHE", "1").output();
    let ended = ended.expect("the binary can be started");
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success() && said.contains("時計") && said.contains("set it right"), "{said}");
}
