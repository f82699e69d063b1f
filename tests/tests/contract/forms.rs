//! Forms of the pages, posted wrongly: refused with a page, nothing changed. What a form asks for, and how it comes
//! back with what was typed, the tests of the pages show.

use api::account::session::csrf_of;
use api::gate::{Declared, Rule};
use serde_json::json;
use tests::{Answer, Ask, Client, Person, raw};

use crate::operations::Operation;
use crate::paths::NO_IDS;
use crate::stage::{Shown, Stage};

const FORM: &str = "application/x-www-form-urlencoded";

/// A visit before a sign-in: what stands in its cookie.
const VISIT: &str = "ots_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What somebody else posts: enough for the forms that are read before it is asked whose they are.
const STRANGERS: &[u8] = b"%2Freason=x&version=1&role=provider_member&organisation=osaka-cci";

/// A form's address, and who posts it there.
struct Posted<'a> {
    path: String,
    rule: Rule,
    by: Option<Person>,
    /// The operation that does the same.
    operation: Option<&'a Operation>,
    /// Is anything to be filled in? A form of a button alone is right whatever else it carries.
    asks: bool,
}

/// The routes of the page face that take a form.
fn posts() -> impl Iterator<Item = Declared> {
    api::web::rules().into_iter().filter(|route| route.method == "POST")
}

/// Every form of the page face, on something in the state it is for.
fn forms(stage: &Stage) -> Vec<Posted<'_>> {
    posts().map(|route| form(stage, &route.path, route.rule)).collect()
}

fn form<'a>(stage: &'a Stage, path: &str, rule: Rule) -> Posted<'a> {
    let own = || Posted { path: path.to_owned(), rule, by: None, operation: None, asks: true };
    let of = |id: &str| {
        let operation = stage.operation(id);
        let right = stage.right(operation);
        let id = right.path.split('/').nth(4).unwrap_or_default();
        let path = path.replace("/conditions/:number", "/conditions/1");
        let path = [":id", ":number"].iter().fold(path, |path, name| path.replace(name, id));
        let path = path.replace(":delivery", right.path.split('/').nth(6).unwrap_or_default());
        let path = path.replace("/measures/:measure/", "/measures/1/").replace(":correction", "1");
        let path = path.replace(":measure", "suspend").replace(":step", "1").replace(":question", "1");
        let path = path.replace(":period", "2021-04-01--2021-09-30");
        Posted { path, by: right.by, operation: Some(operation), ..own() }
    };
    let examiner = || stage.cast.examiners[0].clone();
    let secretary = || stage.cast.secretariat.clone();
    let account = |asks| Posted { by: Some(stage.cast.provider.clone()), asks, ..own() };
    let invited = |asks| Posted { path: path.replace(":secret", &stage.invitation), asks, ..own() };
    match path {
        "/verify" | "/en/verify" | "/verify/many" | "/en/verify/many" | "/valid-on" | "/en/valid-on" | "/sign-in"
        | "/en/sign-in" | "/sign-in/passkey" => own(),
        // Here nobody signs in with GビズID; where they do, `tests/sign_in` shows.
        "/sign-in/oidc" | "/en/sign-in/oidc" => own(),
        "/sign-in/passkey/options" => Posted { asks: false, ..own() },
        "/drafts" => Posted { asks: false, ..of("beginDraft") },
        // Whatever is typed is saved.
        "/drafts/:id/:step" => Posted { asks: false, ..of("saveDraft") },
        "/drafts/:id/declaration" => of("saveDraft"),
        "/drafts/:id/submission" => Posted { asks: false, ..of("submitDraft") },
        "/drafts/:id/deletion" => Posted { asks: false, ..of("deleteDraft") },
        "/applications/:id/withdraw" => of("withdrawApplication"),
        "/applications/:id/registration" => of("register"),
        "/intake/:id/accept" => of("acceptApplication"),
        "/intake/:id/return" => of("returnApplication"),
        "/examinations/:id/judgements" => of("judge"),
        "/examinations/:id/reconciliation" => of("reconcile"),
        "/examinations/:id/working-papers" => Posted { asks: false, ..of("saveWorkingPaper") },
        "/examinations/:id/recommendation" => of("recommend"),
        "/examinations/:id/interest" => of("declareInterest"),
        "/intake/:id/replacement" => of("replaceExaminer"),
        "/intake/:id/waiver" => of("proposeWaiver"),
        "/applications/:id/questions/:question/answer" => of("answerQuestion"),
        "/examinations/:id/questions" => of("askApplicant"),
        "/intake/:id/questions/:question/extension" => of("extendQuestion"),
        "/examinations/:id/questions/:question/extension" => Posted { by: Some(examiner()), ..of("extendQuestion") },
        "/examinations/:id/questions/:question/closing" => of("closeQuestion"),
        "/intake/:id/questions/:question/closing" => Posted { by: Some(secretary()), ..of("closeQuestion") },
        "/applications/:id/conditions/:number/report" => of("reportCondition"),
        "/applications/:id/conditions/:number/reply" => of("replyToReport"),
        "/applications/:id/objection" => of("objectToDecision"),
        "/applications/:id/objection/finding" => of("proposeOnObjection"),
        "/decisions/:id" => of("proposeDecision"),
        "/proposals/:id/confirm" => Posted { asks: false, ..of("confirmProposal") },
        "/proposals/:id/drop" => of("dropProposal"),
        "/keys/:id/activation" => Posted { asks: false, ..of("proposeActivation") },
        "/keys/:id/compromise" => of("proposeCompromise"),
        "/editions/new" => of("proposeEdition"),
        "/scheme/:setting" => {
            let form = of("proposeSetting");
            Posted { path: form.path.replace(":setting", "answer_days"), ..form }
        }
        "/bulk" => of("performBulk"),
        "/editions/:id/stop" => of("stopDecisions"),
        "/editions/:id/resume" => of("resumeDecisions"),
        "/register/:number/licences" => of("grantLicence"),
        "/register/:number/imports" => of("importLicences"),
        "/complaint" | "/en/complaint" | "/complaint/progress" | "/en/complaint/progress" => own(),
        "/complaint/erasure" | "/en/complaint/erasure" => own(),
        "/complaints/:id/acknowledgement" => Posted { asks: false, ..of("acknowledgeComplaint") },
        "/complaints/:id/assignment" => of("assignComplaint"),
        "/complaints/:id/replies" => of("replyToComplaint"),
        "/complaints/:id/closing" => of("closeComplaint"),
        "/complaints/:id/erasure" => Posted { asks: false, ..of("eraseComplaint") },
        "/register/:number/self_check/:period" => {
            let form = of("fileSelfCheck");
            Posted { path: form.path.replace("2021-04-01--2021-09-30", "2021-05-01--2022-04-30"), ..form }
        }
        "/register/:number/price-checks" => of("checkPrice"),
        "/register/:number/alerts/:period" | "/register/:number/alerts/:period/csv" => of("fileAlertReport"),
        "/register/:number/measures/:measure" => of("proposeMeasure"),
        "/register/:number/measures/:measure/corrections/:correction/report" => of("reportCorrection"),
        "/register/:number/measures/:measure/corrections/:correction/answer" => of("answerCorrection"),
        "/register/:number/measures/:measure/objection" => of("objectToMeasure"),
        "/register/:number/measures/:measure/finding" => of("proposeOnMeasure"),
        "/register/:number/statements/:proposal" => {
            let (number, proposal) = stage.heard();
            let path = path.replace(":number", number).replace(":proposal", proposal);
            Posted { path, ..of("stateSide") }
        }
        "/register/:number/discontinuation" => of("discontinue"),
        "/register/:number/succession" => of("proposeSuccession"),
        "/licences/:id/end" => of("endLicence"),
        "/people" => of("invitePerson"),
        "/people/:id/roles" => of("giveRole"),
        "/people/:id/roles/end" => of("endRole"),
        "/people/:id/dismissal" => of("dismissPerson"),
        "/people/:id/link" => of("recoverPerson"),
        "/people/:id/sessions/end" => of("endSessions"),
        "/people/:id/erasure" => Posted { asks: false, ..of("erasePerson") },
        "/organisations" => of("enterOrganisation"),
        "/api-keys" => of("issueApiKey"),
        "/api-keys/:id/end" => Posted { asks: false, ..of("endApiKey") },
        "/invitation/:secret/password" | "/invitation/:secret/passkey" => invited(true),
        "/invitation/:secret/passkey/options" => invited(false),
        "/account/password" | "/account/passkey" => account(true),
        "/sign-out" | "/account/passkey/options" | "/account/codes" => account(false),
        "/inbox/read" | "/inbox/settings" | "/inbox/settings/address" => account(false),
        "/inbox/calendar" | "/inbox/calendar/end" => account(false),
        "/unsubscribe/:id" => {
            let right = stage.right(stage.operation("getMessage"));
            let id = right.path.rsplit('/').next().unwrap_or_default();
            Posted { path: path.replace(":id", id), ..own() }
        }
        "/webhooks" => of("addWebhook"),
        "/webhooks/:id/test" => Posted { asks: false, ..of("testWebhook") },
        "/webhooks/:id/end" => Posted { asks: false, ..of("endWebhook") },
        "/webhooks/:id/deliveries/:delivery/replay" => Posted { asks: false, ..of("replayDelivery") },
        "/account/credentials/:id/remove" | "/account/sessions/end" | "/account/sessions/:id/end" => account(false),
        new => panic!("the sweep does not know the form {new}: say here whose it is, and on what it is posted"),
    }
}

/// Every form.
pub fn sweep(stage: &Stage) {
    let client = stage.client();
    for form in forms(stage) {
        for body in bodies().into_iter().filter(|body| !form.is_filled_in_by(body)) {
            let answer = form.post(&client).body(FORM, form.with_token(&body)).send();
            // Asking about a mark changes nothing, and whatever is typed may be asked.
            let is_question = form.path.ends_with("/verify") && answer.status == 303;
            assert!(is_question || is_refusal(&answer), "{:?}: {}", String::from_utf8_lossy(&body), answer.told());
        }
        for content_type in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let answer = form.post(&client).body(content_type, "reason=x").send();
            assert!(is_refusal(&answer), "{content_type}: {}", answer.told());
        }
        too_large(stage, &form);
        match form.rule {
            Rule::Public => {}
            Rule::Entrance => foreign(stage, &form),
            Rule::Session | Rule::Needs(_) => {
                foreign(stage, &form);
                strangers(stage, &form);
            }
        }
    }
}

/// A form posted to what no id can be: there is nothing.
pub fn nobodys(stage: &Stage) {
    let client = stage.client();
    let mut wrongly = Vec::new();
    for route in posts().filter(|route| route.path.contains("/:")) {
        let right = form(stage, &route.path, route.rule);
        for wrong in NO_IDS {
            let part = |part: &str| if part.starts_with(':') { wrong.to_owned() } else { part.to_owned() };
            let path = route.path.split('/').map(part).collect::<Vec<_>>().join("/");
            let form = Posted { path, by: right.by.clone(), ..right };
            let answer = form.post(&client).body(FORM, form.with_token(STRANGERS)).send();
            if !is_refusal(&answer) {
                wrongly.push(format!("POST {}: {}", form.path, answer.status));
            }
        }
    }
    assert!(wrongly.is_empty(), "{wrongly:#?}");
}

fn bodies() -> Vec<Vec<u8>> {
    let many = (0..20_000).map(|n| format!("f{n}={n}&")).collect::<String>();
    [
        &b""[..],
        b"=",
        b"&&&",
        b"nothing=asked",
        b"reason=%00%00&version=1",
        b"reason=%ff%fe&version=x",
        b"\xff\xfe\x00",
        b"version=-1&%2Freason=%E2%80%AE",
        b"login=a%00b&password=%00&again=%00&code=%00&answer=%00&next=%00",
        b"role=%00&organisation=%00&%2Frole=%00&%2Forganisation=%00&%2Fname=%00&%2Fid=%00&%2Fscopes=%00",
        b"version=99999999999999999999&%2Freason=x",
        "%2Freason=理由&version=".as_bytes(),
        many.as_bytes(),
    ]
    .map(<[u8]>::to_vec)
    .to_vec()
}

impl Posted<'_> {
    /// A button alone always is. Some forms ask for a reason alone, whatever version was seen.
    fn is_filled_in_by(&self, body: &[u8]) -> bool {
        let has_reason = |word: &str| String::from_utf8_lossy(body).contains(&format!("%2Freason={word}"));
        let asks_for_a_reason =
            ["/drop", "/dismissal", "/sessions/end", "/stop"].iter().any(|end| self.path.ends_with(end));
        !self.asks || asks_for_a_reason && ["x", "理由"].into_iter().any(has_reason)
    }

    /// What the form carries when one of our pages was given to this browser.
    fn token(&self) -> String {
        self.by.as_ref().map_or_else(|| csrf_of(VISIT), |person| person.csrf.clone())
    }

    fn with_token(&self, body: &[u8]) -> Vec<u8> {
        [format!("csrf={}&", self.token()).as_bytes(), body].concat()
    }

    fn cookie(&self) -> (&'static str, String) {
        let cookie = match &self.by {
            Some(person) => format!("__Host-session={}", person.session),
            None => format!("__Host-visit={VISIT}"),
        };
        ("cookie", cookie)
    }

    /// As a browser on our own page posts it.
    fn post<'c>(&self, client: &'c Client) -> Ask<'c> {
        let (name, cookie) = self.cookie();
        let ask = client.ask("POST", &self.path).header("sec-fetch-site", "same-origin").header("accept", "text/html");
        ask.header(name, &cookie)
    }
}

/// A page for people, that somebody's request was refused.
fn is_refusal(answer: &Answer) -> bool {
    (400..500).contains(&answer.status)
        && answer.header("content-type") == "text/html; charset=utf-8"
        && answer.headers.get("set-cookie").is_none()
        && answer.text().contains("<html lang=")
}

/// A reason longer than the other face takes is refused here too: it would stand on the page of every mark.
pub fn too_long(stage: &Stage) {
    let form = form(stage, "/register/:number/measures/:measure", Rule::Session);
    let version = stage.right(stage.operation("proposeMeasure")).version.expect("a version");
    let body = format!("version={version}&%2Freason={}", "a".repeat(4_001));
    let answer = form.post(&stage.client()).body(FORM, form.with_token(body.as_bytes())).send();
    assert!(answer.status == 422 && answer.text().contains("4000文字以内"), "{}", answer.told());
}

fn too_large(stage: &Stage, form: &Posted<'_>) {
    let body = form.with_token(&[b"reason=".as_slice(), &vec![b'x'; 1 << 20]].concat());
    let cookie = format!("Cookie: {}", form.cookie().1);
    let kind = format!("Content-Type: {FORM}");
    let site = "Sec-Fetch-Site: same-origin";
    for (framing, body) in [
        (format!("Content-Length: {}", body.len()), body.clone()),
        ("Transfer-Encoding: chunked".to_owned(), raw::chunked(&body)),
    ] {
        let lines = [cookie.as_bytes(), kind.as_bytes(), site.as_bytes(), framing.as_bytes()];
        let (status, header, _) = raw::send(stage.server.port(), &raw::request("POST", &form.path, &lines, &body));
        assert_eq!(status, 413, "{}", form.path);
        assert!(header.contains("content-type: text/html"), "{header}");
    }
}

/// Posted by the right browser, but not from one of our pages: from another site, or without what our page gave it.
fn foreign(stage: &Stage, form: &Posted<'_>) {
    let client = stage.client();
    let right = form.token();
    let here = ("sec-fetch-site", "same-origin");
    let other = &stage.cast.auditor.csrf;
    let cases: [(&[(&str, &str)], &str); 13] = [
        (&[("sec-fetch-site", "cross-site")], &right),
        (&[("sec-fetch-site", "same-site")], &right),
        (&[("sec-fetch-site", "none")], &right),
        (&[], &right),
        (&[("origin", "https://elsewhere.example")], &right),
        (&[("origin", "null")], &right),
        (&[("sec-fetch-site", "cross-site"), ("origin", "https://otasuketai.example")], &right),
        (&[here], ""),
        (&[here], "x"),
        (&[here], &right[1..]),
        (&[here], &format!("{right}x")),
        (&[here], other),
        // The header is for programs: a form carries a field.
        (&[here, ("x-csrf-token", &right)], ""),
    ];
    let (name, cookie) = form.cookie();
    for (headers, token) in cases {
        let ask = client.ask("POST", &form.path).header(name, &cookie);
        let ask = headers.iter().fold(ask, |ask, (name, value)| ask.header(name, value));
        let answer = ask.body(FORM, format!("%2Freason=x&version=1&csrf={token}")).send();
        assert!(answer.status == 403 && is_refusal(&answer), "{headers:?} {token}: {}", answer.told());
    }
    if form.by.is_none() {
        // A visit whose cookie is missing, or is not ours.
        for cookie in ["", "__Host-visit=", "__Host-visit=x", &format!("visit={VISIT}")] {
            let ask = client.ask("POST", &form.path).header("cookie", cookie).header(here.0, here.1);
            let answer = ask.body(FORM, format!("csrf={right}")).send();
            assert!(answer.status == 403 && is_refusal(&answer), "{cookie}: {}", answer.told());
        }
    }
}

/// Signed out, or signed in as somebody else.
fn strangers(stage: &Stage, form: &Posted<'_>) {
    let client = stage.client();
    let person = form.by.as_ref().expect("it is somebody's");
    let body = form.with_token(STRANGERS);
    let cookie = |value: String| -> Shown { vec![("cookie", value)] };
    let wrong = [
        cookie(String::new()),
        cookie("__Host-session=ots_x".to_owned()),
        cookie(format!("session={}", person.session)),
        cookie(format!("__Host-session={}", &person.session[..person.session.len() - 1])),
        cookie(format!("__Host-visit={VISIT}")),
    ];
    for shown in wrong.into_iter().chain(stage.gone.clone()) {
        let ask = client.ask("POST", &form.path).header("sec-fetch-site", "same-origin");
        // What was shown with the rest of a program's headers is a browser's cookie here, or a key.
        let shown = shown.iter().filter(|(name, _)| matches!(*name, "cookie" | "authorization"));
        let ask = shown.fold(ask, |ask, (name, value)| ask.header(name, value));
        let answer = ask.body(FORM, body.clone()).send();
        assert!(answer.status == 401 && is_refusal(&answer), "{}", answer.told());
    }
    let Some(operation) = form.operation else { return };
    for (role, other) in stage.everybody() {
        if stage.roles(operation).contains(&role) || is_theirs_too(role, &form.path) {
            continue;
        }
        let other = Posted { path: form.path.clone(), by: Some(other.clone()), ..*form };
        let answer = other.post(&client).body(FORM, other.with_token(STRANGERS)).send();
        assert!(matches!(answer.status, 403 | 404) && is_refusal(&answer), "{role}: {}", answer.told());
    }
}

/// Another provider's owner invites, issues keys and begins drafts too, for another organisation: these forms tell them
/// that they offer no other.
fn is_theirs_too(role: &str, path: &str) -> bool {
    role == "stranger" && matches!(path, "/people" | "/api-keys" | "/drafts" | "/webhooks")
}

/// What a form brings is tidied like what the JSON face brings.
pub fn tidied(stage: &Stage) {
    let right = stage.right(stage.operation("withdrawApplication"));
    let form = form(stage, "/applications/:id/withdraw", Rule::Session);
    let version = right.version.expect("a version");
    let body = format!("version={version}&%2Freason=%00%E2%80%AE+見直す\r\nため%1B%5B31m+");
    let answer = form.post(&stage.client()).body(FORM, form.with_token(body.as_bytes())).send();
    let id = right.path.split('/').nth(4).expect("an id");
    let expected = (303, format!("/applications/{id}"));
    assert_eq!((answer.status, answer.header("location").to_owned()), expected, "{}", answer.told());
    let by = stage.client().signed_in(&stage.cast.provider);
    let application = by.get(&format!("/api/v1/applications/{id}")).send().ok();
    assert_eq!(application["withdrawn"], json!("見直す\nため[31m"));
}
