//! Signing in with GビズID through the real binary, at a provider that keeps to the rules and at one that lies.

mod browser;
mod fresh;
mod oidc;
mod people;
mod refused;

use api::oidc::CALLBACK;
use tests::oidc::Rig;
use tests::{Answer, Client, Database, Register, Server, Visit};

/// The corporate number of everybody's organisation at the providers, but for the sole proprietor's.
const NUMBER: &str = "8700110005901";
/// Another one.
const OTHER_NUMBER: &str = "4000012090001";
/// Where the register is reached; its servers listen elsewhere, as behind a proxy.
const BASE: &str = "https://otasuketai.example";

/// A register, and the provider that people sign in at.
struct Stage {
    rig: Rig,
    register: Register,
    server: Server,
}

impl Stage {
    /// With the honest provider.
    fn honest(database: Database) -> Self {
        let rig = Rig::provider(&[&format!("{BASE}{CALLBACK}")]);
        let issuer = rig.issuer();
        Self::with(database, rig, &issuer)
    }

    /// With the one that lies as it is told to.
    fn hostile(database: Database) -> Self {
        let rig = Rig::hostile(&[&format!("{BASE}{CALLBACK}")]);
        let issuer = rig.issuer_of("steered");
        Self::with(database, rig, &issuer)
    }

    fn with(database: Database, rig: Rig, issuer: &str) -> Self {
        let register = Register::at(database, BASE).with_provider(issuer);
        let server = register.serve();
        Self { rig, register, server }
    }

    fn client(&self) -> Client {
        self.server.client()
    }

    /// Presses the button; where it leads.
    fn depart(&self, visit: &Visit, fields: &[(&str, &str)]) -> String {
        let sent = visit.post("/sign-in/oidc", fields);
        assert_eq!(sent.status, 303, "{}", sent.told());
        sent.header("location").to_owned()
    }

    /// The same, and signs in there; the path that the provider sends the browser back to.
    fn go(&self, visit: &Visit, account: &str, fields: &[(&str, &str)]) -> String {
        let back = self.rig.sign_in(&self.depart(visit, fields), account);
        back.strip_prefix(BASE).unwrap_or_else(|| panic!("not back here: {back}")).to_owned()
    }

    /// Comes back.
    fn arrive(&self, visit: &Visit, path: &str) -> Answer {
        self.client().get(path).header("cookie", &visit.cookie).send()
    }

    /// A whole sign-in with a fresh browser.
    fn sign_in(&self, account: &str) -> Answer {
        let visit = Visit::new(&self.server);
        let back = self.go(&visit, account, &[]);
        self.arrive(&visit, &back)
    }

    /// A whole sign-in that goes well: the session's cookie.
    #[track_caller]
    fn enter(&self, account: &str) -> String {
        let answer = self.sign_in(account);
        assert_eq!(answer.status, 303, "{}", answer.told());
        session(&answer).unwrap_or_else(|| panic!("no session: {}", answer.told()))
    }

    /// `GET` in a session.
    fn get(&self, path: &str, session: &str) -> Answer {
        self.client().get(path).header("cookie", session).send()
    }

    fn texts(&self, sql: &str) -> Vec<String> {
        self.register.database().sql().texts(sql)
    }

    /// Everything that a sign-in may write, but for the trail and for what waits between two steps.
    fn written(&self) -> Vec<Vec<String>> {
        [
            "SELECT leaf FROM acts ORDER BY seq",
            "SELECT state FROM people ORDER BY id",
            "SELECT id || kind || name || COALESCE(number, '-') FROM organisations ORDER BY id",
            "SELECT person || name FROM profiles ORDER BY person",
            "SELECT subject || person || COALESCE(number, '-') FROM identities ORDER BY subject",
            "SELECT digest || person || method || signed_in_at FROM sessions ORDER BY digest",
        ]
        .map(|sql| self.texts(sql))
        .to_vec()
    }

    /// The trail's last line: what, outcome, code, and whom it is about.
    fn last_line(&self) -> String {
        let sql = "SELECT what || ' ' || outcome || ' ' || COALESCE(detail, '-') || ' ' || COALESCE(subject, '-') \
                   FROM trail ORDER BY id DESC LIMIT 1";
        self.texts(sql).remove(0)
    }

    /// Nobody was signed in: the page says why, and nothing changed but the trail, which knows the code.
    #[track_caller]
    fn assert_refused(&self, what: &str, answer: &Answer, before: &[Vec<String>], expected: &Refused) {
        let told = format!("{what}: {}", answer.told());
        assert_eq!(answer.status, expected.status, "{told}");
        assert!(answer.header("content-type").starts_with("text/html"), "{told}");
        assert!(answer.text().contains("サインインできませんでした"), "{told}");
        assert!(answer.text().contains(expected.words), "{told}");
        assert!(session(answer).is_none(), "{told}");
        assert_eq!(self.written(), before, "{what}");
        let line = self.last_line();
        assert!(line.starts_with(&format!("sign_in refused {} ", expected.code)), "{what}: {line}");
    }
}

/// How somebody is refused.
struct Refused {
    status: u16,
    /// In the trail.
    code: &'static str,
    /// On the page.
    words: &'static str,
}

/// The session's cookie that an answer sets.
fn session(answer: &Answer) -> Option<String> {
    let all = answer.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
    let pairs = all.filter_map(|cookie| cookie.split(';').next()).map(str::to_owned);
    pairs.into_iter().find(|pair| pair.starts_with("__Host-session=ots_"))
}

/// The path with this value for a name of its query, or without the name.
fn with(path: &str, name: &str, value: Option<&str>) -> String {
    let (path, query) = path.split_once('?').expect("a callback has a query");
    let others = query.split('&').filter(|pair| !pair.starts_with(&format!("{name}=")));
    let pairs = others.map(str::to_owned).chain(value.map(|value| format!("{name}={value}")));
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}
