//! The button in Chromium, which holds redirects of a posted form against the page's policy.

use std::thread;
use std::time::{Duration, Instant};

use api::oidc::CALLBACK;
use tests::oidc::Rig;
use tests::{Browser, Database, Register, Server, free_port};

/// How long Chromium may take to stop a form.
const PATIENCE: Duration = Duration::from_secs(20);

const BUTTON: &str = "//button[normalize-space()='GビズIDでサインイン']";

struct Stage {
    rig: Rig,
    _register: Register,
    server: Server,
}

impl Stage {
    /// The provider sends real browsers back, so that the register is where its base URL says.
    fn new() -> Self {
        let base = format!("http://127.0.0.1:{}", free_port());
        let rig = Rig::provider(&[&format!("{base}{CALLBACK}")]);
        let register = Register::at(Database::sqlite(), &base).with_provider(&rig.issuer());
        let server = register.serve_there();
        Self { rig, _register: register, server }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.server.client().base())
    }
}

#[test]
fn the_button_leads_to_the_provider_and_back() {
    for javascript in [true, false] {
        let stage = Stage::new();
        let browser = Browser::start(javascript);
        browser.open(&stage.at("/sign-in?next=/account"));
        let first = browser.run("return document.querySelector('main form button').innerText");
        assert_eq!(first, "GビズIDでサインイン", "it comes first");
        browser.leave_by(&browser.find(BUTTON));
        assert!(browser.url().starts_with(&stage.rig.issuer()), "{}: {:?}", browser.url(), browser.complaints());
        browser.leave_by(&browser.find("//button[.='prime']"));
        assert_eq!(browser.url(), stage.at("/account"), "{:?}", browser.complaints());
        assert!(browser.words().contains("代表 太郎"), "{}", browser.words());

        // Signing out here does not sign out there, and the provider needs no page of its own for the way back.
        browser.leave_by(&browser.find("//button[normalize-space()='サインアウト']"));
        browser.open(&stage.at("/sign-in"));
        browser.leave_by(&browser.find(BUTTON));
        assert_eq!(browser.url(), stage.at("/applications"), "{:?}", browser.complaints());

        // Whoever signs in again is asked, whatever the provider remembers.
        browser.open(&stage.at("/sign-in"));
        browser.leave_by(&browser.find(BUTTON));
        assert!(browser.url().starts_with(&stage.rig.issuer()), "{}: {:?}", browser.url(), browser.complaints());
        browser.leave_by(&browser.find("//button[.='prime']"));
        assert_eq!(browser.url(), stage.at("/applications"), "{:?}", browser.complaints());
        // The provider has no picture for its tab.
        let complaints = browser.complaints().into_iter().filter(|complaint| !complaint.contains("favicon.ico"));
        assert_eq!(complaints.collect::<Vec<_>>(), [""; 0]);
    }
}

/// The same form on a page without that leave: Chromium stops it on its way, and says why to nobody but its console.
#[test]
fn the_leave_is_needed() {
    let stage = Stage::new();
    let browser = Browser::start(true);
    browser.open(&stage.at("/sign-in"));
    let csrf = browser.run("return document.querySelector('[name=csrf]').value");
    browser.open(&stage.at("/verify"));
    let form = format!("<form method=post action=/sign-in/oidc><input name=csrf value={csrf}></form>");
    browser.run(&format!("document.body.innerHTML = '{form}'; document.forms[0].submit()"));
    let begun = Instant::now();
    let complaint = loop {
        let found = browser.complaints().into_iter().find(|complaint| complaint.contains("form-action"));
        assert!(begun.elapsed() < PATIENCE, "nobody stops it: {}", browser.url());
        match found {
            Some(complaint) => break complaint,
            None => thread::sleep(Duration::from_millis(20)),
        }
    };
    assert!(complaint.contains("form-action 'self'"), "{complaint}");
    assert_eq!(browser.url(), stage.at("/verify"));
}

/// The sign-in page lets its forms lead to the provider; no other page does, and nowhere else.
#[test]
fn one_page_only_lets_forms_lead_to_the_provider() {
    let stage = Stage::new();
    let client = stage.server.client();
    let provider = stage.rig.issuer().replace("/oauth/", "");
    let forms = |path: &str| {
        let answer = client.get(path).send();
        let policy = answer.header("content-security-policy").to_owned();
        policy.split("; ").find(|part| part.starts_with("form-action ")).map(str::to_owned)
    };
    for path in ["/sign-in", "/en/sign-in", "/sign-in/oidc/callback"] {
        assert_eq!(forms(path), Some(format!("form-action 'self' {provider}")), "{path}");
    }
    for path in ["/", "/verify", "/register", "/account"] {
        assert_eq!(forms(path).as_deref(), Some("form-action 'self'"), "{path}");
    }
}
