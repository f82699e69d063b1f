//! Every place in an address where a stranger's text goes, and a register that has something to lose.

use std::collections::BTreeSet;

use tests::{Answer, Case, Cast, Client, Database, Register, Server, declaration, raw, text};

use crate::sources;

/// `{}` is the stranger's text, NUMBER a registration, LICENCE a licence. The pages stand here in Japanese; those that
/// are there in English too are asked in both.
const PLACES: [&str; 50] = [
    "/alert-statistics?period={}",
    "/api/v1/settings?on={}",
    "/alert-statistics.csv?period={}",
    "/complaint?registration={}",
    "/complaint?licence={}",
    "/register?q={}",
    "/register?class={}",
    "/register?monitoring={}",
    "/register?state={}",
    "/register?after={}",
    "/register?{}=x",
    "/register/{}",
    "/register/NUMBER?year={}&month=1&day=1",
    "/register/NUMBER?year=2026&month={}&day=1",
    "/register/NUMBER?year=2026&month=1&day={}",
    "/sign-in?next={}",
    "/invitation/{}",
    "/static/{}",
    "/offline/{}",
    "/calendar/{}",
    "/unsubscribe/{}",
    "/licences/{}/mark.svg",
    "/licences/{}/credential.json",
    "/licences/LICENCE/{}",
    "/licences/LICENCE/mark.svg?dpi={}",
    "/{}",
    "/nothing/{}",
    "/status/{}",
    "/api/v1/docs/{}",
    "/api/v1/registrations?q={}",
    "/api/v1/registrations?class={}",
    "/api/v1/registrations?monitoring={}",
    "/api/v1/registrations?state={}",
    "/api/v1/registrations?after={}",
    "/api/v1/registrations?limit={}",
    "/api/v1/registrations/{}",
    "/api/v1/registrations/{}/valid-on/2026-01-01",
    "/api/v1/registrations/NUMBER/valid-on/{}",
    "/api/v1/registrations/NUMBER/valid-on/2026-01-01?knownOn={}",
    "/api/v1/registrations/{}/history",
    "/api/v1/registrations/NUMBER/history?knownOn={}",
    "/api/v1/registrations/{}/conditions",
    "/api/v1/marks/{}",
    "/api/v1/editions/{}",
    "/api/v1/editions/{}/file",
    "/api/v1/editions/1.0/file?digest={}",
    "/api/v1/editions/{}/oscal",
    "/api/v1/editions/1.0/oscal?digest={}",
    "/api/v1/log/leaves/{}",
    "/api/v1/alert-statistics/{}",
];

/// Pages whose routes have no parameter, and are for everybody.
const PLAIN: [&str; 14] = [
    "/scheme",
    "/valid-on",
    "/complaint/progress",
    "/",
    "/register",
    "/verify",
    "/offline",
    "/verify/many",
    "/keys",
    "/editions",
    "/sign-in",
    "/sign-in/oidc/callback",
    "/authority",
    "/robots.txt",
];

/// A register with one service and one licence in it, served.
pub struct House {
    pub register: Register,
    pub server: Server,
    pub cast: Cast,
    pub number: String,
    pub licence: String,
}

impl House {
    pub fn open(database: Database) -> Self {
        let (register, cast) = Register::staffed(database);
        let server = register.serve();
        let case = Case::submit(&server.client(), &cast, &declaration()).pass();
        let registration = case.register();
        let licence = case.license_user(&registration, "見本工業株式会社");
        let (number, licence) = (text(&registration, "number").to_owned(), text(&licence, "id").to_owned());
        Self { register, server, cast, number, licence }
    }

    pub fn client(&self) -> Client {
        self.server.client()
    }

    /// Every place, pages in both languages, with `{}` still in it.
    pub fn places(&self) -> Vec<String> {
        let named = |place: &str| place.replace("NUMBER", &self.number).replace("LICENCE", &self.licence);
        let routes = sources::page_routes();
        let english = PLACES.iter().filter(|place| routes.contains(&format!("/en{}", route(place))));
        PLACES.iter().map(|place| named(place)).chain(english.map(|place| named(&format!("/en{place}")))).collect()
    }

    /// The answer with `text`, percent-encoded, in that place: status, header and body as they came.
    pub fn ask(&self, place: &str, encoded: &str) -> (u16, String, Vec<u8>) {
        let request = raw::request("GET", &place.replace("{}", encoded), &[b"Accept: text/html"], b"");
        raw::send(self.server.port(), &request)
    }

    /// A form that anybody may post, as a browser on our own page does.
    pub fn post(&self, path: &str, form: &str) -> Answer {
        let client = self.client();
        let ask = client.ask("POST", path).header("sec-fetch-site", "same-origin").header("accept", "text/html");
        ask.body("application/x-www-form-urlencoded", form).send()
    }

    /// How many rows the tables have, and that the service is still found.
    pub fn traces(&self) -> Vec<i64> {
        let found = self.client().get(&format!("/api/v1/registrations?q={}", encoded("大阪商工会議所"))).send().ok();
        assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
        let sql = self.register.database().sql();
        ["acts", "people", "applications", "registrations", "licences"]
            .map(|table| sql.number(&format!("SELECT count(*) FROM {table}")))
            .to_vec()
    }
}

/// Every byte but letters and digits as %XX.
pub fn encoded(text: &str) -> String {
    let one =
        |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

/// The route of a place, as the router writes it: its parameters are all called the same here.
fn route(place: &str) -> String {
    let path = place.split('?').next().unwrap_or(place);
    let is_parameter = |part: &&str| ["{}", "NUMBER", "LICENCE", "mark.svg"].contains(part);
    path.split('/').map(|part| if is_parameter(&part) { ":" } else { part }).collect::<Vec<_>>().join("/")
}

/// Is this route, as [`sources::page_routes`] has it, for everybody?
pub fn is_public(page_route: &str) -> bool {
    let home = match page_route.strip_prefix("/en") {
        Some("" | "/") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => page_route,
    };
    PLAIN.contains(&home) || PLACES.iter().any(|place| route(place) == home)
}

/// A parameter of the API that is not in the list above would not be tried.
#[test]
fn every_public_parameter_of_the_api_is_a_place() {
    let server = Register::new(Database::sqlite()).serve();
    let document = server.client().get("/api/v1/openapi.json").send().ok();
    let mut missing = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("a document has paths") {
        let operation = &item["get"];
        if operation.is_null() || !operation["security"].is_null() {
            continue;
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let [name, within] = ["name", "in"].map(|field| parameter[field].as_str().unwrap_or_default());
            missing.extend(place_of(path, name, within).filter(|place| !PLACES.contains(&place.as_str())));
        }
    }
    assert!(missing.is_empty(), "no place for {missing:?}");
}

/// The place of an operation's parameter; a header's is elsewhere.
fn place_of(path: &str, name: &str, within: &str) -> Option<String> {
    let full = format!("/api/v1{path}");
    match within {
        "query" => {
            let known = full.replace("{id}", "1.0").replace("{number}", "NUMBER").replace("{day}", "2026-01-01");
            Some(format!("{known}?{name}={{}}"))
        }
        "path" => {
            let spoiled = full.replace(&format!("{{{name}}}"), "{}");
            Some(spoiled.replace("{number}", "NUMBER").replace("{day}", "2026-01-01"))
        }
        _ => None,
    }
}
