//! Forms that did not come from our own pages, and what keeps a session ours.

use api::gate::{Declared, Rule};
use tests::{Ask, Case, Cast, Client, Database, Person, Register, Server, Visit, declaration, text};

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
    let everybody = [&cast.provider, &cast.second_secretariat, &cast.examiners[0], &cast.decision_maker];
    let posts = posts(&places);
    assert!(posts.len() > 40, "the routes are read from the router");
    for (path, person) in posts.iter().flat_map(|path| everybody.map(|person| (path, person))) {
        for headers in STRANGERS {
            let form = format!("reason=x&%2Freason=x&version=1&csrf={}", person.csrf);
            let ask = posted(&client, path, &form, person);
            let answer = headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send();
            assert_eq!(answer.status, 403, "{path} {headers:?}: {}", answer.told());
            assert!(answer.header("set-cookie").is_empty());
        }
    }
    assert_eq!(acts(), before);
}

/// A browser that says nothing of where a form comes from, or lies, is not enough: the form carries what only a page of
/// this very session was given.
#[test]
fn a_form_without_its_sessions_token_is_refused() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let places = Places::prepare(&server, &cast);
    let client = server.client();
    let acts = || register.database().sql().number("SELECT COUNT(*) FROM acts");
    let before = acts();
    let others = cast.auditor.csrf.clone();
    for (path, person) in [
        ("/register/{number}/measures/suspend", &cast.secretariat),
        ("/proposals/{proposal}/confirm", &cast.second_secretariat),
        ("/intake/{id}/return", &cast.secretariat),
        ("/account/sessions/end", &cast.provider),
        ("/sign-out", &cast.provider),
        ("/sign-in", &cast.provider),
    ] {
        for csrf in ["", "csrf=", "csrf=x", &format!("csrf={others}"), &format!("CSRF={}", person.csrf)] {
            let ask = posted(&client, &places.at(path), &format!("%2Freason=x&version=1&{csrf}"), person);
            let answer = ask.header("sec-fetch-site", "same-origin").send();
            assert_eq!(answer.status, 403, "{path} {csrf}: {}", answer.told());
            let told = answer.text();
            assert!(told.contains("この登録簿の画面から") || told.contains("not sent from"), "{}", answer.told());
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
        let path = places.at("/register/{number}/measures/suspend");
        let form = format!("%2Freason=&version=2&csrf={}", cast.secretariat.csrf);
        let ask = posted(&client, &path, &form, &cast.secretariat);
        let answer = headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value)).send();
        assert_eq!(answer.status, 422, "a reason is missing, nothing else: {}", answer.told());
    }
}

#[test]
fn the_session_is_kept_from_scripts_and_other_sites() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let entered = Visit::new(&server).sign_in(&cast.provider, 0, &[]);
    assert_eq!((entered.status, entered.header("location")), (303, "/applications"));
    let cookie = entered.header("set-cookie");
    let parts: Vec<&str> = cookie.split("; ").collect();
    assert!(parts[0].starts_with("__Host-session=ots_"), "{cookie}");
    for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
        assert!(parts.contains(&part), "{cookie} has no {part}");
    }
    assert!(!parts.iter().any(|part| part.starts_with("Domain")), "{cookie}");
    // Only a digest of it is kept.
    let secret = parts[0].split_once('=').expect("a cookie").1;
    let kept = register.database().sql().texts("SELECT digest FROM sessions");
    assert!(!kept.is_empty() && !kept.iter().any(|digest| digest.contains(secret)), "{kept:?}");
}

#[test]
fn signing_in_leads_nowhere_else() {
    let (register, cast) = Register::staffed(Database::sqlite());
    let server = register.serve();
    let ours = Visit::new(&server).sign_in(&cast.provider, 0, &[("next", "/register?q=a")]);
    assert_eq!(ours.header("location"), "/register?q=a");
    let elsewhere = ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "x", "/a\r\nb"];
    for (used, next) in elsewhere.into_iter().enumerate() {
        let entered = Visit::new(&server).sign_in(&cast.provider, used + 1, &[("next", next)]);
        assert_eq!((entered.status, entered.header("location")), (303, "/applications"), "{next}");
        let escaped: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let form = server.client().get(&format!("/sign-in?next={escaped}")).send();
        assert!(!form.text().contains("name=\"next\""), "{next}: {}", form.told());
    }
}

fn posted<'a>(client: &'a Client, path: &str, form: &str, person: &Person) -> Ask<'a> {
    let ask = client.ask("POST", path).header("cookie", &format!("__Host-session={}", person.session));
    ask.body("application/x-www-form-urlencoded", form)
}

/// Every address that takes a form, about something that is there.
fn posts(places: &Places) -> Vec<String> {
    let takes_form = |route: &Declared| route.method == "POST" && route.rule != Rule::Public;
    let routes = api::web::rules().into_iter().filter(takes_form).map(|route| route.path);
    let part = |path: &str, part: &str| match part {
        part if !part.starts_with(':') => part.to_owned(),
        _ if path.contains("/register/") => places.number.clone(),
        _ if path.contains("/licences/") => places.licence.clone(),
        _ if path.contains("/proposals/") => places.proposal.clone(),
        _ if path.contains("/drafts/") => "D-1".to_owned(),
        _ => places.id.clone(),
    };
    routes.map(|path| path.split('/').map(|one| part(&path, one)).collect::<Vec<_>>().join("/")).collect()
}

/// Where there is something that a form could change.
struct Places {
    id: String,
    number: String,
    licence: String,
    proposal: String,
}

impl Places {
    fn prepare(server: &Server, cast: &Cast) -> Self {
        let registration = Case::submit(&server.client(), cast, &declaration()).pass().register();
        let case = Case::submit(&server.client(), cast, &declaration());
        let licence = case.license_user(&registration, "見本工業株式会社");
        let proposal = case.propose_measure(&registration, "suspend", "点検").ok();
        let proposal = text(&proposal, "id").to_owned();
        let text = |value: &serde_json::Value| value.as_str().expect("it is text").to_owned();
        Self {
            id: case.id().to_owned(),
            number: text(&registration["number"]),
            licence: text(&licence["id"]),
            proposal,
        }
    }

    fn at(&self, path: &str) -> String {
        path.replace("{id}", &self.id)
            .replace("{number}", &self.number)
            .replace("{licence}", &self.licence)
            .replace("{proposal}", &self.proposal)
    }
}
