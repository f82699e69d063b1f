//! Somebody at a browser: headless Chromium, driven through chromedriver in the WebDriver protocol's plain JSON.

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::Client;

/// The key under which the protocol names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long another page may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A browser with a fresh profile. Dropped, it and its driver end.
#[derive(Debug)]
pub struct Browser {
    driver: Child,
    client: Client,
    session: String,
    authenticator: RefCell<Option<String>>,
    _profile: TempDir,
}

/// An element of the page that is open.
#[derive(Clone, Debug)]
pub struct Element(String);

/// A driver that ends when it is dropped before a browser has it.
struct Starting(Option<Child>);

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(driver) = &mut self.0 {
            end(driver);
        }
    }
}

fn end(driver: &mut Child) {
    // It may have ended by itself.
    let _ = driver.kill();
    let _ = driver.wait();
}

impl Browser {
    /// Starts one; with `javascript` false no page's script runs. Fails where Chromium or chromedriver is missing.
    pub fn start(javascript: bool) -> Self {
        Self::start_with(javascript, &[])
    }

    /// One whose camera sees this film (Y4M), over and over, and which pages may look through.
    pub fn with_camera(film: &std::path::Path) -> Self {
        Self::start_with(
            true,
            &[
                "--use-fake-device-for-media-stream".to_owned(),
                "--use-fake-ui-for-media-stream".to_owned(),
                format!("--use-file-for-fake-video-capture={}", film.display()),
            ],
        )
    }

    fn start_with(javascript: bool, more: &[String]) -> Self {
        let spawned = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let driver = spawned.unwrap_or_else(|error| {
            panic!("these tests need chromedriver (Debian: apt-get install chromium chromium-driver): {error}")
        });
        let mut starting = Starting(Some(driver));
        let output = starting.0.as_mut().and_then(|driver| driver.stdout.take()).expect("its output is piped");
        let said = BufReader::new(output).lines().map_while(Result::ok);
        let port = said
            .filter_map(|line| {
                Some(line.split_once("started successfully on port ")?.1.trim_end_matches('.').to_owned())
            })
            .next()
            .expect("chromedriver says on which port it listens");
        let profile = tempfile::tempdir().expect("temporary files can be made");
        let client = Client::new(&format!("http://127.0.0.1:{port}"));
        let wanted = capabilities(&profile.path().display().to_string(), javascript, more);
        let answer = client.post("/session", &wanted).send();
        assert_eq!(answer.status, 200, "Chromium does not start: {}", answer.told());
        let session = answer.json()["value"]["sessionId"].as_str().expect("a session has an id").to_owned();
        let driver = starting.0.take().expect("it is still there");
        Self {
            driver,
            client,
            session: format!("/session/{session}"),
            authenticator: RefCell::default(),
            _profile: profile,
        }
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let ask = self.client.ask(method, &format!("{}{path}", self.session));
        let answer = match body {
            Some(body) => ask.json(body).send(),
            None => ask.send(),
        };
        if answer.status == 200 { Ok(answer.json()["value"].take()) } else { Err(answer.told()) }
    }

    #[track_caller]
    fn get(&self, path: &str) -> Value {
        self.ask("GET", path, None).unwrap_or_else(|error| panic!("{error}"))
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        self.ask("POST", path, Some(body)).unwrap_or_else(|error| panic!("at {}: {error}", self.url()))
    }

    /// A command of the DevTools protocol.
    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// Goes to an address, and waits until the page is there.
    #[track_caller]
    pub fn open(&self, url: &str) {
        self.post("/url", &json!({ "url": url }));
    }

    /// Where it is.
    pub fn url(&self) -> String {
        text(&self.get("/url"))
    }

    /// The page's `<title>`.
    pub fn title(&self) -> String {
        text(&self.get("/title"))
    }

    /// What the page says, as it is seen.
    pub fn words(&self) -> String {
        text(&self.run("return document.body.innerText"))
    }

    /// Closes the window, as somebody does who is called away, and opens another.
    pub fn close_window(&self) {
        let new = text(&self.post("/window/new", &json!({ "type": "window" }))["handle"]);
        let closed = self.ask("DELETE", "/window", None);
        assert!(closed.is_ok(), "{closed:?}");
        self.post("/window", &json!({ "handle": new }));
    }

    /// Waits until a function's body in the page returns true.
    #[track_caller]
    pub fn wait_until(&self, script: &str) {
        let begun = Instant::now();
        while self.ask("POST", "/execute/sync", Some(&json!({ "script": script, "args": [] }))) != Ok(Value::Bool(true))
        {
            assert!(begun.elapsed() < PATIENCE, "not so at {}: {script}\n{}", self.url(), self.words());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Runs a function's body in the page, as the driver and not as the page: also where scripts are off.
    #[track_caller]
    pub fn run(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// The same with an element as `arguments[0]`.
    #[track_caller]
    pub fn run_on(&self, element: &Element, script: &str) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": [{ ELEMENT: element.0 }] }))
    }

    /// The first element that an XPath names, if there is one.
    pub fn seek(&self, xpath: &str) -> Option<Element> {
        let found = self.ask("POST", "/element", Some(&json!({ "using": "xpath", "value": xpath }))).ok()?;
        Some(Element(text(&found[ELEMENT])))
    }

    /// The first element that an XPath names.
    #[track_caller]
    pub fn find(&self, xpath: &str) -> Element {
        self.seek(xpath).unwrap_or_else(|| panic!("no {xpath} at {}:\n{}", self.url(), self.words()))
    }

    /// The element with the keyboard's focus.
    pub fn focused(&self) -> Element {
        Element(text(&self.get("/element/active")[ELEMENT]))
    }

    /// Clicks.
    #[track_caller]
    pub fn click(&self, xpath: &str) {
        self.click_on(&self.find(xpath));
    }

    /// Clicks an element.
    #[track_caller]
    pub fn click_on(&self, element: &Element) {
        self.post(&format!("/element/{}/click", element.0), &json!({}));
    }

    /// Clicks what leads to another page, and waits until that is there.
    #[track_caller]
    pub fn leave_by(&self, element: &Element) {
        self.run("document.documentElement.dataset.left = 'soon'");
        self.click_on(element);
        let arrived = "return document.readyState === 'complete' && !document.documentElement.dataset.left";
        let begun = Instant::now();
        // Between two pages there is none that could answer.
        while self.ask("POST", "/execute/sync", Some(&json!({ "script": arrived, "args": [] })))
            != Ok(Value::Bool(true))
        {
            assert!(begun.elapsed() < PATIENCE, "it still is at {}", self.url());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Replaces what a field holds.
    #[track_caller]
    pub fn type_into(&self, element: &Element, words: &str) {
        self.post(&format!("/element/{}/clear", element.0), &json!({}));
        if !words.is_empty() {
            self.post(&format!("/element/{}/value", element.0), &json!({ "text": words }));
        }
    }

    /// Chooses a file of this machine.
    #[track_caller]
    pub fn choose_file(&self, element: &Element, path: &std::path::Path) {
        let path = path.to_str().expect("temporary files have plain names");
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": path }));
    }

    /// Presses Tab.
    pub fn tab(&self) {
        let key = |kind| json!({ "type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9 });
        self.devtools("Input.dispatchKeyEvent", &key("keyDown"));
        self.devtools("Input.dispatchKeyEvent", &key("keyUp"));
    }

    /// Gives the page this many CSS pixels.
    pub fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Gives the browser a device with passkeys of its own, whose user is always there and verified.
    pub fn add_authenticator(&self) {
        let device = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        let id = text(&self.post("/webauthn/authenticator", &device));
        self.authenticator.replace(Some(id));
    }

    /// Takes that device away and gives another one.
    pub fn replace_authenticator(&self) {
        if let Some(id) = self.authenticator.take() {
            let gone = self.ask("DELETE", &format!("/webauthn/authenticator/{id}"), None);
            assert!(gone.is_ok(), "{gone:?}");
        }
        self.add_authenticator();
    }

    /// What the browser complained of since it was last asked: errors and warnings of its console.
    pub fn complaints(&self) -> Vec<String> {
        let log = self.post("/se/log", &json!({ "type": "browser" }));
        let of_note = |entry: &&Value| matches!(entry["level"].as_str(), Some("SEVERE" | "WARNING"));
        log.as_array().expect("a log is a list").iter().filter(of_note).map(|entry| text(&entry["message"])).collect()
    }

    /// What keeps the open page from being installed as an app.
    pub fn installability(&self) -> Value {
        self.devtools("Page.enable", &json!({}));
        self.devtools("Page.getInstallabilityErrors", &json!({}))["installabilityErrors"].take()
    }

    /// A line as slow as this, from here on, and nothing in the cache: bytes a second and milliseconds there and back.
    pub fn slow_down(&self, bytes_a_second: u32, round_trip: u32) {
        self.devtools("Network.enable", &json!({}));
        self.devtools("Network.clearBrowserCache", &json!({}));
        let line = json!({
            "offline": false, "latency": round_trip,
            "downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second,
        });
        self.devtools("Network.emulateNetworkConditions", &line);
    }

    /// The addresses that the open page asked for, its own first.
    pub fn requests(&self) -> Vec<String> {
        let asked = self.run("return [location.href, ...performance.getEntriesByType('resource').map(e => e.name)]");
        asked.as_array().expect("a list").iter().map(text).collect()
    }

    /// A picture of the whole page, as PNG.
    pub fn picture(&self) -> Vec<u8> {
        let shot = self.devtools("Page.captureScreenshot", &json!({ "captureBeyondViewport": true }));
        BASE64.decode(text(&shot["data"]).as_bytes()).expect("pictures come in base64")
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to, the driver ends the browser; killed, it would leave it behind.
        let _ = self.client.ask("DELETE", &self.session).try_send();
        end(&mut self.driver);
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn capabilities(profile: &str, javascript: bool, more: &[String]) -> Value {
    let own = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        // As on a phone: a bar would take room from the page.
        "--hide-scrollbars",
        // Nothing beyond this machine is asked for anything, not even by a distribution's start page.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        &format!("--user-data-dir={profile}"),
    ];
    let arguments: Vec<&str> = own.into_iter().chain(more.iter().map(String::as_str)).collect();
    let preferences =
        if javascript { json!({}) } else { json!({ "profile.managed_default_content_settings.javascript": 2 }) };
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        "goog:loggingPrefs": { "browser": "ALL" },
        "goog:chromeOptions": { "args": arguments, "prefs": preferences },
    } } })
}
