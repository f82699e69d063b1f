//! The gate before every route: who may come in at all, and that a form is one of our own.
//!
//! A route cannot be declared without its [`Rule`]. What a visitor may do to the thing itself, the domain decides
//! (`domain/src/authority`); the gate turns away whoever could do it to nothing.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::authority::Power;
use domain::text::Text;
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, IntoEndpoint, Request, Response, Route, RouteMethod};

use crate::account::session::{csrf_of, is_same};
use crate::caller::{Visitor, cookie, known, signed_in};
use crate::evidence::form;
use crate::identity::secret::Opaque;
use crate::problem::Problem;
use crate::registry::Registry;

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Anybody: it changes nothing, or what needs no right, such as complaining.
    Public,
    /// Anybody, from a form that this browser was given: signing in. Whom an identity provider sends back brings no
    /// form: there the `state` must be one that this browser was sent off with.
    Entrance,
    /// Anybody who is signed in with a browser: their own account.
    Session,
    /// Whoever might do one of these to something.
    Needs(&'static [Power]),
}

impl Rule {
    /// The rule as a document or a table shows it.
    pub fn words(self) -> String {
        match self {
            Self::Public => "public".to_owned(),
            Self::Entrance => "entrance".to_owned(),
            Self::Session => "session".to_owned(),
            Self::Needs(powers) => powers.iter().map(|power| power.as_str()).collect::<Vec<_>>().join(" | "),
        }
    }
}

/// A route that was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub method: Method,
    pub path: String,
    pub rule: Rule,
}

/// Routes with their rules, as they are declared.
#[derive(Default)]
pub struct Guarded {
    routes: Vec<(&'static str, RouteMethod)>,
    declared: Vec<Declared>,
}

impl std::fmt::Debug for Guarded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.declared).finish()
    }
}

impl Guarded {
    /// A `GET` route.
    pub fn get<E>(self, path: &'static str, rule: Rule, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.declare(Method::GET, path, rule, |routes, guarded| routes.get(guarded), endpoint)
    }

    /// A `POST` route, from one of our forms.
    pub fn post<E>(self, path: &'static str, rule: Rule, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        self.declare(Method::POST, path, rule, |routes, guarded| routes.post(guarded), endpoint)
    }

    /// The same from a form that may bring files.
    ///
    /// # Panics
    ///
    /// Where [`takes_files`] does not know the path: the program does not start.
    pub fn post_with_files<E>(self, path: &'static str, rule: Rule, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        assert!(form_takes_files(path), "{path} takes no files");
        self.post(path, rule, endpoint)
    }

    fn declare<E>(
        mut self,
        method: Method,
        path: &'static str,
        rule: Rule,
        add: impl FnOnce(RouteMethod, BoxEndpoint<'static>) -> RouteMethod,
        endpoint: E,
    ) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
    {
        let guarded =
            endpoint.into_endpoint().map_to_response().around(move |endpoint, request| pass(rule, endpoint, request));
        let guarded = guarded.boxed();
        let known = self.routes.iter().position(|(known, _)| *known == path);
        let routes = known.map_or_else(RouteMethod::new, |place| self.routes.remove(place).1);
        self.routes.push((path, add(routes, guarded)));
        self.declared.push(Declared { method, path: path.to_owned(), rule });
        self
    }

    /// What was declared so far.
    pub fn declared(&self) -> &[Declared] {
        &self.declared
    }

    /// Adds them to other routes.
    pub fn onto(self, routes: Route) -> Route {
        self.routes.into_iter().fold(routes, |routes, (path, methods)| routes.at(path, methods))
    }
}

/// What a form that was rendered for this request must carry.
#[derive(Clone, Debug)]
pub struct FormToken(pub String);

/// Lets a request through to its page, or not.
async fn pass<E: Endpoint<Output = Response>>(
    rule: Rule,
    endpoint: Arc<E>,
    mut request: Request,
) -> poem::Result<Response> {
    if rule != Rule::Entrance {
        ask_each_once(&request)?;
    }
    keep_keys_out(rule, &mut request)?;
    if let Err(problem) = admit(rule, &request) {
        return Err(kept(problem, request).await.into());
    }
    let registry = request.data::<Arc<Registry>>().cloned().ok_or_else(Problem::signed_out)?;
    if rule != Rule::Entrance {
        if request.method() == Method::POST && rule != Rule::Public {
            let expected = signed_in(&request)?.csrf.clone();
            if takes_files(&request) {
                check_origin(&registry, &request)?;
                let is_ours = |given: &str| if is_same(given, &expected) { Ok(()) } else { Err(foreign()) };
                form::receive(&registry, &mut request, is_ours).await?;
            } else {
                check_form(&registry, &mut request, Some(&expected)).await?;
            }
        }
        return endpoint.call(request).await;
    }
    let name = visit_name(&registry);
    let given =
        cookie(request.headers(), name).filter(|visit| Opaque::Session.read(visit).is_some()).map(str::to_owned);
    if request.method() == Method::POST {
        check_form(&registry, &mut request, given.as_deref().map(csrf_of).as_deref()).await?;
    }
    let fresh = || registry.draw_secret(Opaque::Session).expose().to_owned();
    let visit = given.clone().unwrap_or_else(fresh);
    request.extensions_mut().insert(FormToken(csrf_of(&visit)));
    let mut response = endpoint.call(request).await?;
    if given.is_none() {
        set_cookie(&mut response, &registry, name, &visit, "");
    }
    Ok(response)
}

/// The most that is read of a form to tell somebody what they typed.
const KEPT: usize = 1 << 20;

/// Somebody typed into a draft until their session was over: they are told so, and what they typed with it. Nothing is
/// done, and it goes back to the browser that sent it from one of our own pages.
async fn kept(problem: Problem, mut request: Request) -> Problem {
    let is_form = request.method() == Method::POST && request.uri().path().starts_with("/drafts/");
    let registry = request.data::<Arc<Registry>>().cloned();
    let is_ours = registry.is_some_and(|registry| check_origin(&registry, &request).is_ok());
    if problem.status != StatusCode::UNAUTHORIZED || !is_form || !is_ours {
        return problem;
    }
    let has_files = takes_files(&request);
    let kind = request.header(header::CONTENT_TYPE).unwrap_or_default().to_owned();
    let Ok(body) = request.take_body().into_bytes_limit(KEPT).await else { return problem };
    let typed = if has_files {
        form::whole(&kind, body).await.map(|(typed, _)| typed)
    } else {
        serde_urlencoded::from_bytes(&body).ok()
    };
    Problem { typed: typed.unwrap_or_default(), ..problem }
}

/// A query that asks for the same thing twice is refused on both faces: which of the two was meant nobody can tell, and
/// whoever is shown the whole register must not take it for what they asked for. (An identity provider's return is held
/// against its `state`, and refused for its own reasons.)
pub fn ask_each_once(request: &Request) -> Result<(), Problem> {
    let asked = request.params::<Vec<(String, String)>>().unwrap_or_default();
    let mut names = BTreeSet::new();
    for (name, value) in &asked {
        if !names.insert(name) {
            let message = Text::new(
                "検索の条件に同じ項目が二つあります。一つだけ指定してください。",
                "The query says the same thing twice. Name each thing once.",
            );
            return Err(Problem::unreadable(&format!("/{name}"), value, message));
        }
    }
    Ok(())
}

/// API keys are for programs, and those have a face of their own (`/api/v1`): a page that is somebody's is refused to
/// them, and on one that is everybody's they are nobody.
fn keep_keys_out(rule: Rule, request: &mut Request) -> Result<(), Problem> {
    if known(request).is_none_or(|visitor| visitor.session.is_some()) {
        return Ok(());
    }
    match rule {
        Rule::Session | Rule::Needs(_) => Err(Problem::pages_take_no_key()),
        Rule::Public | Rule::Entrance => {
            request.extensions_mut().remove::<Arc<Visitor>>();
            Ok(())
        }
    }
}

/// Might whoever asks do this at all?
pub fn admit(rule: Rule, request: &Request) -> Result<(), Problem> {
    match rule {
        Rule::Public | Rule::Entrance => Ok(()),
        Rule::Session => match signed_in(request)?.session {
            Some(_) => Ok(()),
            None => Err(domain::authority::Denial::Scope { needed: None }.into()),
        },
        Rule::Needs(powers) => {
            let visitor = signed_in(request)?;
            let mut denied = None;
            for power in powers {
                match visitor.might(*power) {
                    Ok(()) => return Ok(()),
                    Err(denial) => denied = Some(denial),
                }
            }
            denied.map_or(Ok(()), |denial| Err(denial.into()))
        }
    }
}

/// A form must come from our own pages: the browser says so, and the form carries what only our page could give it.
async fn check_form(registry: &Registry, request: &mut Request, expected: Option<&str>) -> Result<(), Problem> {
    check_origin(registry, request)?;
    let body = request.take_body().into_bytes().await.map_err(|error| Problem::internal(&error))?;
    let kind = request.header(header::CONTENT_TYPE).unwrap_or_default().to_owned();
    let fields: Vec<(String, String)> = if kind.starts_with("multipart/form-data") {
        let (fields, files) = form::whole(&kind, body).await.ok_or_else(foreign)?;
        let typed = serde_urlencoded::to_string(&fields).map_err(|error| Problem::internal(&error))?;
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        request.extensions_mut().insert(files);
        request.set_body(typed);
        fields
    } else {
        let fields = serde_urlencoded::from_bytes(&body).unwrap_or_default();
        request.set_body(body);
        fields
    };
    let given = fields.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str());
    match (given, expected) {
        (Some(given), Some(expected)) if is_same(given, expected) => Ok(()),
        _ => Err(foreign()),
    }
}

/// Is this a request whose body is read as it comes, because files are in it? Everything else is read before anybody
/// looks at it, and is short.
pub fn takes_files(request: &Request) -> bool {
    let path = request.uri().path();
    let is_form = || {
        let named = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        named.is_some_and(|named| named.starts_with("multipart/form-data"))
    };
    let is_file =
        path == "/api/v1/evidence" || path.starts_with("/api/v1/registrations/") && path.ends_with("/licence-imports");
    request.method() == Method::POST && (is_file || form_takes_files(path) && is_form())
}

/// The step of a draft that names its files, answering a question, objecting to a decision or a measure, reporting that
/// a condition is met or a correction made, and attesting many users at once.
fn form_takes_files(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    matches!(
        parts[..],
        ["drafts", _, "4" | ":step"]
            | ["applications", _, "questions", _, "answer"]
            | ["applications", _, "objection"]
            | ["applications", _, "conditions", _, "report"]
            | ["register", _, "measures", _, "corrections", _, "report"]
            | ["register", _, "measures", _, "objection"]
            | ["register", _, "imports"]
    )
}

/// The same for a change through the JSON face with a session's cookie: the token comes in `X-CSRF-Token`.
pub fn check_header(registry: &Registry, request: &Request) -> Result<(), Problem> {
    let Some(visitor) = known(request).filter(|visitor| visitor.session.is_some()) else { return Ok(()) };
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    check_origin(registry, request)?;
    match request.headers().get("x-csrf-token").and_then(|value| value.to_str().ok()) {
        Some(given) if is_same(given, &visitor.csrf) => Ok(()),
        _ => Err(foreign()),
    }
}

/// The browser says where a request comes from, and nothing else of it is trusted.
fn check_origin(registry: &Registry, request: &Request) -> Result<(), Problem> {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let is_ours = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => is_own(registry, origin, header("host")),
        (None, None) => false,
    };
    if is_ours { Ok(()) } else { Err(foreign()) }
}

fn foreign() -> Problem {
    Problem::forbidden(Text::new(
        "この登録簿の画面から送られたものではありません。画面を開き直してやり直してください。",
        "This was not sent from one of this register's pages. Open the page again and try from there.",
    ))
}

/// The base URL's origin, or the address the browser itself came to.
fn is_own(registry: &Registry, origin: &str, host: Option<&str>) -> bool {
    let reached = origin.split_once("://").map(|(_, host)| host);
    origin == registry.base_url.to_string() || (reached.is_some() && reached == host)
}

/// The cookie that ties the forms before a sign-in to one browser.
pub fn visit_name(registry: &Registry) -> &'static str {
    if registry.base_url.is_secure() { "__Host-visit" } else { "visit" }
}

/// Sets a cookie of ours: for this host alone, never shown to scripts, never sent from other sites' forms. It is sent
/// when another site's link leads here, as an identity provider's does.
pub fn set_cookie(response: &mut Response, registry: &Registry, name: &str, value: &str, more: &str) {
    let secure = if registry.base_url.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
    let cookie = HeaderValue::from_str(&cookie).expect("our cookies are ASCII");
    response.headers_mut().append(header::SET_COOKIE, cookie);
}
