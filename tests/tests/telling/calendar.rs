//! Due days: in a calendar, and reminded of.

use serde_json::json;
use tests::{Case, Database, Register, declaration, text, wait_for};

tests::on_both!(due_days_are_read_as_a_calendar, reminders_come_once);

fn due_days_are_read_as_a_calendar(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let case = Case::submit(&client, &cast, &declaration()).pass();
    let registration = case.register();
    let by = client.signed_in(&cast.member);
    let made = by.post("/api/v1/calendar-address", &json!({})).send();
    assert_eq!(made.header("cache-control"), "no-store");
    let url = text(&made.ok(), "url").to_owned();
    let path = url.strip_prefix(register.base_url()).expect("it leads to us").to_owned();
    // No session: calendars' programs have none.
    let read = client.get(&path).send();
    assert_eq!((read.status, read.header("content-type")), (200, "text/calendar; charset=utf-8"));
    let unfolded = read.text().replace("\r\n ", "");
    let last: String = text(&registration["term"], "lastDay").replace('-', "");
    let events = |calendar: &str| calendar.matches("BEGIN:VEVENT").count();
    assert_eq!(events(&unfolded), 1, "{unfolded}");
    assert!(unfolded.contains(&format!("DTSTART;VALUE=DATE:{last}\r\n")), "{unfolded}");
    assert!(unfolded.contains(text(&registration, "number")), "{unfolded}");
    assert!(read.text().split("\r\n").all(|line| line.len() <= 75), "{}", read.text());

    // Another address takes its place; nobody else's days are in it.
    let other = client.signed_in(&cast.stranger).post("/api/v1/calendar-address", &json!({})).send().ok();
    let other = text(&other, "url").strip_prefix(register.base_url()).expect("it leads to us").to_owned();
    assert_eq!(events(client.get(&other).send().text()), 0);
    by.post("/api/v1/calendar-address", &json!({})).send().ok();
    assert_eq!(client.get(&path).send().status, 404);
    let forged = format!("{}A", &path[..path.len() - 1]);
    assert_eq!(client.get(&forged).send().status, 404);
    client.signed_in(&cast.stranger).ask("DELETE", "/api/v1/calendar-address").send().ok();
    assert_eq!(client.get(&other).send().status, 404);
    server.end();
    register.assert_whole();
}

/// A condition that is due in thirty days is known since today: nothing yet. One moved nearer behind the register's back is
/// reminded of once, however often the process starts. (What is due of reports depends on the day of the test.)
fn reminders_come_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let client = server.client();
    let case = Case::submit(&client, &cast, &declaration()).pass();
    let registration = case.register();
    server.end();
    // The register as it is 30 days before the end of the term: the clock of a process is not ours to set.
    let sql = register.database().sql();
    let number = text(&registration, "number");
    let today = api::clock::now().day();
    let (from, until) = (today.plus_days(-701), today.plus_days(30));
    let term = format!("\"from\":\"{}\",\"until\":\"{}\"", text(&registration["term"], "from"), {
        let last: domain::calendar::Day = text(&registration["term"], "lastDay").parse().expect("a day");
        last.next()
    });
    let other = format!("\"from\":\"{from}\",\"until\":\"{until}\"");
    let moved = sql.execute(&format!(
        "UPDATE registrations SET state = replace(state, '{term}', '{other}') WHERE number = '{number}'"
    ));
    assert_eq!(moved, 1);
    let reminders = || sql.number("SELECT count(*) FROM announcements WHERE id LIKE 'due/%/term-%'");
    for _ in 0..2 {
        let server = register.serve();
        let title = "期限が近づいています：「商工会議所サイバーセキュリティお助け隊サービス」";
        let client = server.client().signed_in(&cast.provider);
        let found = || {
            let all = client.get("/api/v1/messages").send().ok();
            let of = |item: &&serde_json::Value| {
                item["title"]["ja"].as_str().is_some_and(|ja| ja.starts_with(title) && ja.ends_with("有効期間の終わり"))
            };
            Some(all["items"].as_array()?.iter().filter(of).count()).filter(|count| *count > 0)
        };
        assert_eq!(wait_for(found, || format!("{} reminders", reminders())), 1);
        server.end();
    }
    assert_eq!(reminders(), 1);
}
