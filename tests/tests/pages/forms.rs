//! Forms that did not come from our own pages, and what keeps a session ours.

use tests::{Answer, Ask, Case, Cast, Client, Database, Register, Server, declaration};

/// Every address that takes a form of somebody signed in.
const POSTS: [&str; 17] = [
    "/sign-in",
    "/sign-out",
    "/applications",
    "/applications/{id}/declaration",
    "/applications/{id}/withdraw",
    "/applications/{id}/registration",
    "/intake/{id}/accept",
    "/intake/{id}/return",
    "/examinations/{id}/judgements",
    "/examinations/{id}/recommendation",
    "/decisions/{id}",
    "/register/{number}/licences",
    "/register/{number}/suspend",
    "/register/{number}/reinstate",
    "/register/{number}/revoke",
    "/licences/{licence}/end",
    "/en/sign-in",
];

/// What a browser says of a form that a stranger's page posts, or that nobody's page does.
const STRANGERS: [&[(&str, &str)]; 7] = [
    &[],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "none")],
    &[("origin", "https://elsewhere.example")],
    &[("origin", "null")],
    &[("sec-fetch-site", "cross-site"), ("origin", "https://otasuketai.example")],
];

#[test]
fn a_form_from_elsewhere_is_refused_and_changes_nothing() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let places = Places::prepare(&server, &cast);
    let acts = || register.database().sql().number("SELECT COUNT(*) FROM acts");
    let before = acts();
    let client = server.client();
    let everybody = [&cast.provider, &cast.secretariat, &cast.examiners[0], &cast.decision_maker];
    for (path, person) in POSTS.iter().flat_map(|path| everybody.map(|person| (places.at(path), person))) {
        for headers in STRANGERS {
            let ask = posted(&client, &path, "reason=x&%2Freason=x&version=1&token=x", &person.token);
            let answer = headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send();
            assert_eq!(answer.status, 403, "{path} {headers:?}: {}", answer.told());
            assert!(
                answer.text().contains("この登録簿の画面から") || answer.text().contains("not sent from"),
                "{}",
                answer.told()
            );
            assert!(answer.header("set-cookie").is_empty());
        }
    }
    assert_eq!(acts(), before);
}

#[test]
fn the_same_form_from_our_own_page_is_taken() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let places = Places::prepare(&server, &cast);
    let ours: [&[(&str, &str)]; 3] = [
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://elsewhere.example")],
        &[("origin", "https://otasuketai.example")],
    ];
    let client = server.client();
    for headers in ours {
        let path = places.at("/register/{number}/suspend");
        let ask = posted(&client, &path, "%2Freason=&version=2", &cast.secretariat.token);
        let answer = headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send();
        assert_eq!(answer.status, 422, "a reason is missing, nothing else: {}", answer.told());
    }
}

#[test]
fn the_session_is_kept_from_scripts_and_other_sites() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let entered = sign_in(&server.client(), &cast.provider.token, "");
    assert_eq!((entered.status, entered.header("location")), (303, "/applications"));
    let cookie = entered.header("set-cookie");
    let parts: Vec<&str> = cookie.split("; ").collect();
    assert!(parts[0].starts_with("__Host-session="), "{cookie}");
    for part in ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"] {
        assert!(parts.contains(&part), "{cookie} has no {part}");
    }
    assert!(!parts.iter().any(|part| part.starts_with("Domain")), "{cookie}");
}

#[test]
fn a_wrong_token_opens_nothing() {
    let (register, _) = Register::staffed(Database::sqlite());
    let server = register.serve();
    for token in ["", "x", "%00", "%E3%83%88%E3%83%BC%E3%82%AF%E3%83%B3"] {
        let refused = sign_in(&server.client(), token, "");
        assert_eq!(refused.status, 422, "{token:?}: {}", refused.told());
        assert!(refused.header("set-cookie").is_empty(), "{token:?}");
        assert!(refused.text().contains("<title>エラー："), "{token:?}");
    }
}

#[test]
fn signing_in_leads_nowhere_else() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let token = &cast.provider.token;
    let ours = sign_in(&server.client(), token, "&next=%2Fregister%3Fq%3Da");
    assert_eq!(ours.header("location"), "/register?q=a");
    for next in
        ["https%3A%2F%2Felsewhere.example", "%2F%2Felsewhere.example", "%2F%5Celsewhere.example", "x", "%2Fa%0D%0Ab"]
    {
        let entered = sign_in(&server.client(), token, &format!("&next={next}"));
        assert_eq!((entered.status, entered.header("location")), (303, "/applications"), "{next}");
        let form = server.client().get(&format!("/sign-in?next={next}")).send();
        assert!(!form.text().contains("name=\"next\""), "{next}: {}", form.told());
    }
}

fn sign_in(client: &Client, token: &str, more: &str) -> Answer {
    let form = format!("token={token}{more}");
    let ask = client.ask("POST", "/sign-in").header("sec-fetch-site", "same-origin");
    ask.body("application/x-www-form-urlencoded", form).send()
}

fn posted<'a>(client: &'a Client, path: &str, form: &str, token: &str) -> Ask<'a> {
    let ask = client.ask("POST", path).header("cookie", &format!("__Host-session={token}"));
    ask.body("application/x-www-form-urlencoded", form)
}

/// Where there is something that a form could change.
struct Places {
    id: String,
    number: String,
    licence: String,
}

impl Places {
    fn prepare(server: &Server, cast: &Cast) -> Self {
        let registration = Case::submit(&server.client(), cast, &declaration()).pass().register();
        let case = Case::submit(&server.client(), cast, &declaration());
        let licence = case.license_user(&registration, "見本工業株式会社");
        let text = |value: &serde_json::Value| value.as_str().expect("it is text").to_owned();
        Self { id: case.id().to_owned(), number: text(&registration["number"]), licence: text(&licence["id"]) }
    }

    fn at(&self, path: &str) -> String {
        path.replace("{id}", &self.id).replace("{number}", &self.number).replace("{licence}", &self.licence)
    }
}
