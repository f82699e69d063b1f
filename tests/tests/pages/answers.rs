//! The six answers to a scanned mark, as a stranger with a phone sees them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{Case, Cast, Client, Database, Register, declaration};

use crate::desk::Desk;
use crate::public::seen;

const HOLDER: &str = "見本工業株式会社";

#[test]
fn the_six_answers() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let case = Case::submit(&server.client(), &cast, &declaration()).pass();
    let registration = case.register();
    let mark = case.license_user(&registration, HOLDER);
    let path = path_of(&mark);
    let forged = altered(&path);

    let mut shown = Shown::new(Desk::new(&server, true), server.client());
    shown.look(&path, "有効", "valid", true);
    let measure = |what: &str| measure(&server.client(), &cast, &registration, what);
    measure("suspend");
    shown.look(&path, "一時停止", "suspended", true);
    shown.says_why(&path, "疑いがあるため。");
    measure("reinstate");
    let other = case.license_user(&registration, "別の会社");
    end(&server.client(), &cast, &other);
    shown.look(&path_of(&other), "終了しました", "ended", false);
    measure("revoke");
    shown.look(&path, "取り消", "revoked", true);
    shown.look(&forged, "確認できません", "not confirmed", false);
    shown.repeats_nothing(&forged);
    shown.repeats_nothing("/ZZZZZZZZ");
    drop(server);

    // Signed by the register, which does not know it: as after a restore of an older backup.
    register.database().sql().execute("DELETE FROM licences");
    let server = register.serve();
    shown.through(Desk::new(&server, true), server.client());
    shown.look(&path, "分かりません", "unknown", true);
    shown.differ();
    assert!(shown.wrong.is_empty(), "{}", shown.wrong.join("\n"));
}

/// What was seen so far.
struct Shown {
    desk: Desk,
    client: Client,
    wrong: Vec<String>,
    /// Of each answer: words, icon, colour of the frame and class.
    looks: Vec<Value>,
}

impl Shown {
    fn new(desk: Desk, client: Client) -> Self {
        Self { desk, client, wrong: Vec::new(), looks: Vec::new() }
    }

    fn through(&mut self, desk: Desk, client: Client) {
        (self.desk, self.client) = (desk, client);
    }

    fn note(&mut self, is_right: bool, path: &str, words: &str) {
        if !is_right {
            let path: String = path.chars().take(24).collect();
            self.wrong.push(format!("{path}…: {words}"));
        }
    }

    /// The answer in both languages: on the first screen of a phone, light, and kept nowhere.
    fn look(&mut self, path: &str, ja: &str, en: &str, has_holder: bool) {
        for (language, path, words) in [("ja", path.to_owned(), ja), ("en", format!("/en{path}"), en)] {
            self.desk.browser.resize(390, 844);
            self.desk.go(&path);
            let asked = self.desk.browser.requests();
            self.note(asked.len() <= 3, &path, &format!("{} requests: {asked:?}", asked.len()));
            let first = self.desk.browser.run(FIRST_SCREEN);
            let said = first["said"].as_str().unwrap_or_default();
            self.note(said.contains(words), &path, &format!("the first screen does not say {words}: {said}"));
            self.note(first["icon"] == true, &path, "no icon on the first screen");
            self.note(!has_holder || said.contains(HOLDER), &path, &format!("no holder on the first screen: {said}"));
            if language == "ja" {
                self.looks.push(first["look"].clone());
            }
            self.weigh(&path);
            let what = format!("answer {}", self.looks.len());
            self.wrong.extend(seen(&self.desk, &what, language));
        }
    }

    /// Page, stylesheet and icon together, and the headers.
    fn weigh(&mut self, path: &str) {
        let page = self.client.get(path).send();
        assert_eq!(page.status, 200, "{}", page.told());
        let rest = ["/static/site.css", "/static/icon.svg"].map(|file| self.client.get(file).send().body.len());
        let bytes = page.body.len() + rest.iter().sum::<usize>();
        self.note(bytes <= 30 << 10, path, &format!("{bytes} bytes"));
        let header = |name| page.header(name);
        self.note(header("cache-control") == "no-store", path, "may be kept");
        self.note(header("referrer-policy") == "no-referrer", path, "may be referred from");
        self.note(header("set-cookie").is_empty(), path, "sets a cookie");
        self.note(!page.text().contains("<script"), path, "has a script");
    }

    fn says_why(&mut self, path: &str, reason: &str) {
        self.desk.go(path);
        self.desk.expect(reason);
    }

    /// Nothing that was read from the code comes back, in any language or form.
    fn repeats_nothing(&mut self, path: &str) {
        let code = &path[1..];
        for path in [path.to_owned(), format!("/en{path}")] {
            let page = self.client.get(&path).send();
            let program = self.client.get(&path).header("accept", "application/json").send();
            for answer in [&page, &program] {
                assert!(!answer.text().contains(code), "{path}: the code comes back");
                assert!(!answer.text().contains(HOLDER), "{path}: the holder comes back");
                let headers = format!("{:?}", answer.headers);
                assert!(!headers.contains(code), "{path}: the code comes back in a header");
            }
        }
    }

    /// No two of the six look alike, in words, icon or colour.
    fn differ(&self) {
        assert_eq!(self.looks.len(), 6);
        for part in ["words", "icon", "colour"] {
            let different: BTreeSet<String> = self.looks.iter().map(|look| look[part].to_string()).collect();
            assert_eq!(different.len(), 6, "{part}: {different:?}");
        }
    }
}

/// Runs in the page: what is seen before anybody scrolls.
const FIRST_SCREEN: &str = "
    const inside = e => { const box = e.getBoundingClientRect(); return box.height > 0 && box.bottom <= 844 };
    const verdict = document.querySelector('.verdict'), icon = verdict.querySelector('svg');
    const seen = [...document.querySelectorAll('main h1, main h2, main p')].filter(inside);
    return {
        said: seen.map(e => e.innerText).join('\\n'), icon: inside(icon),
        look: { words: verdict.querySelector('h1').innerText, icon: icon.querySelector('path').getAttribute('d'),
            colour: getComputedStyle(verdict).backgroundColor },
    }";

fn path_of(mark: &Value) -> String {
    let link = mark["link"].as_str().unwrap_or_else(|| panic!("no link: {mark}"));
    link.strip_prefix("https://otasuketai.example").expect("it leads to the register").to_owned()
}

/// The same mark with another signature; name and all can still be read in it.
fn altered(path: &str) -> String {
    let last = if path.ends_with('7') { '8' } else { '7' };
    format!("{}{last}", &path[..path.len() - 1])
}

fn measure(client: &Client, cast: &Cast, registration: &Value, what: &str) {
    let by = client.signed_in(&cast.secretariat);
    let path = format!("/api/v1/registrations/{}", registration["number"].as_str().expect("it has a number"));
    let version = by.get(&path).send().ok()["version"].as_u64().expect("it has a version");
    let body = tests::measure_body(what, "偽りの申告の疑いがあるため。");
    let proposal = by.post(&format!("{path}/measures"), &body).on_version(version).send().ok();
    if what == "revoke" {
        let statement = format!("/api/v1/proposals/{}/statement", proposal["id"].as_str().expect("it has an id"));
        let words = json!({ "words": "事実ではない。" });
        client.signed_in(&cast.provider).post(&statement, &words).send().ok();
    }
    let second = client.signed_in(&cast.second_secretariat);
    let confirmation = format!("/api/v1/proposals/{}/confirmation", proposal["id"].as_str().expect("it has an id"));
    second.ask("POST", &confirmation).send().ok();
}

fn end(client: &Client, cast: &Cast, licence: &Value) {
    let by = client.signed_in(&cast.provider);
    let path = format!("/api/v1/licences/{}/end", licence["id"].as_str().expect("it has an id"));
    let version = licence["version"].as_u64().expect("it has a version");
    by.post(&path, &json!({ "reason": "契約の終了" })).on_version(version).send().ok();
}
