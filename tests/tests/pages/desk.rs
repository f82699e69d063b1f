//! Somebody at the register's pages, who fills in forms by the words and names on them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value;
use tests::staff::PASSWORD;
use tests::{Browser, Element, Person, Server};

/// A browser at a register.
#[derive(Debug)]
pub struct Desk {
    pub browser: Browser,
    base: String,
    /// Recovery codes used so far, by person.
    used: RefCell<BTreeMap<String, usize>>,
}

impl Desk {
    /// A fresh browser, signed out.
    pub fn new(server: &Server, javascript: bool) -> Self {
        Self::at_base(server.client().base(), javascript)
    }

    /// The same at a register that is reached at this address.
    pub fn at_base(base: &str, javascript: bool) -> Self {
        Self { browser: Browser::start(javascript), base: base.to_owned(), used: RefCell::default() }
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Goes to a path.
    #[track_caller]
    pub fn go(&self, path: &str) {
        self.browser.open(&self.at(path));
    }

    /// Where it is: path and query.
    pub fn path(&self) -> String {
        let url = self.browser.url();
        url.strip_prefix(&self.base).unwrap_or_else(|| panic!("it left for {url}")).to_owned()
    }

    /// Signs whoever is here out and this person in.
    #[track_caller]
    pub fn sign_in(&self, person: &Person) {
        self.go("/sign-in");
        if self.has("サインアウト") {
            self.press("サインアウト");
            self.go("/sign-in");
        }
        self.fill("login", &person.id);
        self.fill("password", PASSWORD);
        // An app's code opens the door once in 30 seconds; a recovery code needs no waiting.
        let mut used = self.used.borrow_mut();
        let next = used.entry(person.id.clone()).or_default();
        self.fill("code", &person.codes[*next]);
        *next += 1;
        self.press("サインイン");
    }

    /// Is there a button with these words?
    pub fn has(&self, words: &str) -> bool {
        self.browser.seek(&button(words)).is_some()
    }

    /// Presses the button with these words; opens what it is folded into.
    #[track_caller]
    pub fn press(&self, words: &str) {
        let button = self.browser.find(&button(words));
        self.unfold(&button);
        self.browser.leave_by(&button);
    }

    /// Presses a button that may lead nowhere.
    #[track_caller]
    pub fn try_to_press(&self, words: &str) {
        let button = self.browser.find(&button(words));
        self.unfold(&button);
        self.browser.click_on(&button);
    }

    /// Waits until the page says this.
    #[track_caller]
    pub fn wait_for(&self, words: &str) {
        let begun = std::time::Instant::now();
        while !self.says(words) {
            assert!(begun.elapsed().as_secs() < 20, "it does not say {words}:\n{}", self.browser.words());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// Waits until the page says this no more.
    #[track_caller]
    pub fn wait_until_gone(&self, words: &str) {
        let begun = std::time::Instant::now();
        while self.says(words) {
            assert!(begun.elapsed().as_secs() < 20, "it still says {words}:\n{}", self.browser.words());
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    /// Follows the first link with these words.
    #[track_caller]
    pub fn follow(&self, words: &str) {
        self.browser.leave_by(&self.browser.find(&format!("//a[normalize-space()='{words}']")));
    }

    /// Types into the field, or chooses from it.
    #[track_caller]
    pub fn fill(&self, name: &str, value: &str) {
        let field = self.browser.find(&format!("//*[@name='{name}']"));
        self.unfold(&field);
        match self.browser.run_on(&field, "return arguments[0].type").as_str() {
            Some("radio" | "checkbox") => self.browser.click(&format!("//*[@name='{name}'][@value='{value}']")),
            Some("select-one") => self.browser.click(&format!("//*[@name='{name}']/option[@value='{value}']")),
            _ => self.browser.type_into(&field, value),
        }
    }

    /// Types a day into its three boxes.
    #[track_caller]
    pub fn fill_day(&self, name: &str, day: &str) {
        for (part, digits) in ["year", "month", "day"].iter().zip(day.split('-')) {
            self.fill(&format!("{name}/{part}"), digits);
        }
    }

    /// What a field holds.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let field = self.browser.find(&format!("//*[@name='{name}']"));
        self.browser.run_on(&field, "return arguments[0].value").as_str().unwrap_or_default().to_owned()
    }

    /// Does the page say this?
    pub fn says(&self, words: &str) -> bool {
        self.browser.words().contains(words)
    }

    /// The page says this.
    #[track_caller]
    pub fn expect(&self, words: &str) {
        let said = self.browser.words();
        assert!(said.contains(words), "{} does not say {words}:\n{said}", self.path());
    }

    /// The page came back with mistakes: its title says so first, and each line of its summary leads to a field.
    /// Returns the names of those fields.
    #[track_caller]
    pub fn mistakes(&self) -> Vec<String> {
        let title = self.browser.title();
        assert!(title.starts_with("エラー："), "{title}:\n{}", self.browser.words());
        let names = self.browser.run(
            "return [...document.querySelectorAll('.errors li a')].map(a => {
                const field = document.getElementById(decodeURIComponent(a.hash.slice(1)));
                const error = field && document.getElementById(field.id + '-error');
                const group = field && field.closest('fieldset.field') || field;
                const tied = error && (group.getAttribute('aria-describedby') || '').split(' ').includes(error.id);
                return tied && error.textContent.startsWith('＊') ? field.name : 'nothing at ' + a.hash;
            })",
        );
        names.as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn unfold(&self, element: &Element) {
        let folded =
            "return [...document.querySelectorAll('details:not([open])')].filter(d => d.contains(arguments[0]))";
        if self.browser.run_on(element, &format!("{folded}.length > 0")) == true {
            let summary = self.browser.run_on(
                element,
                "const d = arguments[0].closest('details'); d.querySelector('summary').dataset.wanted = 1; return 1",
            );
            assert_eq!(summary, 1);
            self.browser.click("//summary[@data-wanted]");
            self.browser.run("delete document.querySelector('summary[data-wanted]').dataset.wanted");
        }
    }
}

/// A button that is there for people to press.
fn button(words: &str) -> String {
    format!("//button[normalize-space()='{words}'][not(@aria-hidden)]")
}
