//! Many users attested with one file: checked line by line, licensed in batches, whatever dies on the way.

use std::time::{Duration, Instant};

use serde_json::Value;
use tests::{Answer, Case, Cast, Client, Database, Register, Server, declaration, text};

tests::on_both!(
    a_file_is_checked_and_its_users_are_licensed,
    a_killed_process_goes_on_at_the_next_start,
    a_file_is_sent_from_the_page
);

struct House {
    register: Register,
    server: Server,
    cast: Cast,
    number: String,
}

fn house(database: Database) -> House {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let registration = Case::submit(&server.client(), &cast, &declaration()).pass().register();
    let number = text(&registration, "number").to_owned();
    House { register, server, cast, number }
}

impl House {
    fn provider(&self) -> Client {
        self.server.client().signed_in(&self.cast.provider)
    }

    fn send(&self, choice: &str, key: &str, file: impl Into<Vec<u8>>) -> Answer {
        let path = format!("/api/v1/registrations/{}/licence-imports?choice={choice}&name=users.csv", self.number);
        self.provider().ask("POST", &path).key(key).body("text/csv", file).send()
    }

    /// The import once nothing more becomes of it.
    fn settled(&self, import: &Value) -> Value {
        let begun = Instant::now();
        loop {
            let path = format!("/api/v1/licence-imports/{}", text(import, "id"));
            let found = self.provider().get(&path).send().ok();
            if !found["settledAt"].is_null() {
                return found;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{found}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn licences(&self) -> i64 {
        self.register.database().sql().number("SELECT count(*) FROM licences")
    }

    fn end(self) {
        drop(self.server);
        assert_eq!(self.register.fsck().status, 0, "{}", self.register.fsck().said);
    }
}

/// So many users, all of them right.
fn users(count: usize) -> String {
    let lines = (0..count).map(|index| format!("株式会社髙橋商店{index},,2026/1/5\r\n"));
    std::iter::once("利用企業の名称,法人番号,契約開始日\r\n".to_owned()).chain(lines).collect()
}

fn counts(import: &Value) -> (&str, u64, u64, u64) {
    let count = |name: &str| import[name].as_u64().expect("a count");
    (text(import, "stage"), count("rows"), count("faulty"), count("issued"))
}

fn a_file_is_checked_and_its_users_are_licensed(database: Database) {
    let house = house(database);
    let text_file = users(600);
    let file = encoding_rs::SHIFT_JIS.encode(&text_file).0.into_owned();
    let sent = house.send("all", "key-0001", file.clone()).ok();
    let done = house.settled(&sent);
    assert_eq!(counts(&done), ("done", 600, 0, 600), "{done}");
    assert_eq!((text(&done, "encoding"), house.licences()), ("Shift_JIS", 600));
    // The same file under the same key is the same import; another one is refused.
    assert_eq!(text(&house.send("all", "key-0001", file).ok(), "id"), text(&sent, "id"));
    house.send("all", "key-0001", users(3)).refused(422, "idempotency_key_reused");
    let listed = house.provider().get(&format!("/api/v1/registrations/{}/licences", house.number)).send().ok();
    let link = text(&listed["items"][0], "link").rsplit('/').next().unwrap_or_default().to_owned();
    assert_eq!(house.server.client().get(&format!("/api/v1/marks/{link}")).send().ok()["answer"], "valid");

    // A line for each thing that can be wrong, and one that is right.
    let wrong = "contractFrom,holderName,holderNumber\n2026-01-05,新しい商店,\n2026-01-05,,\n2026-01-05,番号商店,123\n\
                 2999-01-01,未来商店,\nいつか,日付商店,\n2026-01-05,指数商店,1.23E+12\n2026-01-05,新しい商店,\n\
                 2026-01-05,株式会社髙橋商店7,\n";
    let refused = house.settled(&house.send("all", "key-0002", wrong).ok());
    assert_eq!(counts(&refused), ("refused", 8, 7, 0), "{refused}");
    let faults = house.provider().get(text(&refused, "faults")).send();
    let lines: Vec<&str> = faults.text().lines().skip(1).collect();
    for (line, said) in [
        ("3,利用企業の名称", "name"),
        ("4,法人番号", "123"),
        ("5,", "2999-01-01"),
        ("6,", "いつか"),
        ("7,", "E+12"),
        ("8,", "line 2"),
        ("9,", "licence"),
    ] {
        assert!(lines.iter().any(|found| found.starts_with(line) && found.contains(said)), "{line} {said}: {lines:?}");
    }
    assert_eq!(lines.len(), 7, "{lines:?}");
    let some = house.settled(&house.send("valid", "key-0003", wrong).ok());
    assert_eq!(counts(&some), ("done", 8, 7, 1), "{some}");
    assert_eq!(house.licences(), 601);
    for (file, said) in [("名称,法人番号\nあ,\n", "contractFrom"), ("holderName,contractFrom\n\"あ", "not closed")]
    {
        let refused = house.settled(&house.send("valid", &format!("key-{said}"), file).ok());
        assert_eq!(text(&refused, "stage"), "refused", "{refused}");
        let faults = house.provider().get(text(&refused, "faults")).send();
        assert!(faults.text().contains(said), "{}", faults.text());
    }
    house.send("all", "key-0004", "").refused(422, "invalid");
    house.end();
}

fn a_killed_process_goes_on_at_the_next_start(database: Database) {
    let mut house = house(database);
    let sent = house.send("all", "key-0001", users(3_000)).ok();
    let begun = Instant::now();
    while house.licences() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "nobody is licensed");
        std::thread::sleep(Duration::from_millis(5));
    }
    house.server.kill();
    let before = house.register.database().sql().number("SELECT count(*) FROM licences");
    assert!(before < 3_000, "it was killed on the way");
    house.server = house.register.serve();
    let done = house.settled(&sent);
    assert_eq!((counts(&done), house.licences()), (("done", 3_000, 0, 3_000), 3_000), "{done}");
    house.end();
}

fn a_file_is_sent_from_the_page(database: Database) {
    let house = house(database);
    let path = format!("/register/{}/imports", house.number);
    let shown = house.provider().get(&path).header("accept", "text/html").send();
    assert!(shown.text().contains("CSVファイルで許諾する"), "{}", shown.text());
    let key = "0123456789abcdef0123456789abcdef";
    let send = || {
        let by = house.provider();
        let fields = [("key", key), ("choice", "valid")];
        by.ask("POST", &path).form_with_files(&fields, &[("file", "users.csv", users(3).as_bytes())]).send()
    };
    let [first, second] = [send(), send()].map(|answer| {
        assert_eq!(answer.status, 303, "{}", answer.told());
        answer.header("location").to_owned()
    });
    assert_eq!(first, second, "a second click");
    let begun = Instant::now();
    loop {
        let shown = house.provider().get(&first).header("accept", "text/html").send();
        if shown.text().contains("3社のすべてに許諾しました") {
            assert_eq!(shown.header("refresh"), "");
            break;
        }
        assert_eq!(shown.header("refresh"), "3");
        assert!(begun.elapsed() < Duration::from_secs(60), "{}", shown.text());
        std::thread::sleep(Duration::from_millis(50));
    }
    house.end();
}
