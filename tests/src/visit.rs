//! A browser's visit to the sign-in, without a browser: the form it is given, and what it sends.

use crate::staff::PASSWORD;
use crate::{Answer, Client, Person, Server};

/// A visit: the cookie that ties its forms to it, and what they carry.
#[derive(Clone, Debug)]
pub struct Visit {
    client: Client,
    pub cookie: String,
    pub csrf: String,
}

impl Visit {
    /// Opens the sign-in's form.
    pub fn new(server: &Server) -> Self {
        Self::at(&server.client(), "/sign-in")
    }

    /// Opens another page with a form before the sign-in.
    pub fn at(client: &Client, path: &str) -> Self {
        let form = client.get(path).send();
        assert_eq!(form.status, 200, "{}", form.told());
        let cookie = form.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let csrf = form.text().split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Self { client: client.clone(), cookie, csrf: csrf.expect("the form carries its token").to_owned() }
    }

    /// The same visit by a browser that has another cookie, too.
    pub fn with_cookie(self, more: &str) -> Self {
        Self { cookie: format!("{}; {more}", self.cookie), ..self }
    }

    /// Sends a form of this visit.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("csrf", self.csrf.as_str())]).collect();
        let ask = self.client.ask("POST", path).header("sec-fetch-site", "same-origin");
        ask.header("cookie", &self.cookie).form(&fields).send()
    }

    /// Signs somebody in with their password and the recovery code of that place.
    pub fn sign_in(&self, person: &Person, code: usize, more: &[(&str, &str)]) -> Answer {
        let fields = [("login", person.id.as_str()), ("password", PASSWORD), ("code", &person.codes[code])];
        self.post("/sign-in", &[&fields, more].concat())
    }
}
