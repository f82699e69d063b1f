//! Which methods an address knows: whoever uses another is told (RFC 9110, 15.5.6).

use poem::http::{HeaderValue, Method, StatusCode};
use poem::{Endpoint, Request};
use serde_json::Value;

use crate::problem::Problem;

/// The addresses of the document, and what each answers to.
#[derive(Debug)]
pub(super) struct Methods(Vec<(Vec<String>, HeaderValue)>);

impl Methods {
    /// Reads them from the OpenAPI document.
    pub(super) fn of(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten().map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten().map(|(method, _)| method.to_uppercase());
            let mut methods: Vec<String> = methods.collect();
            if methods.iter().any(|method| method == "GET") {
                methods.push(Method::HEAD.to_string());
            }
            methods.sort();
            let methods = HeaderValue::from_str(&methods.join(", ")).expect("methods are tokens");
            (parts(path), methods)
        });
        Self(paths.collect())
    }

    fn at(&self, path: &str) -> Option<HeaderValue> {
        let asked = parts(path);
        let fits = |known: &[String]| {
            known.len() == asked.len()
                && known.iter().zip(&asked).all(|(known, part)| known.starts_with('{') || known == part)
        };
        self.0.iter().find(|(known, _)| fits(known)).map(|(_, methods)| methods.clone())
    }

    /// Serves a request; adds the methods to a refusal of this one.
    pub(super) async fn told<E: Endpoint>(&self, endpoint: &E, request: Request) -> poem::Result<E::Output> {
        let path = request.uri().path().to_owned();
        let mut answer = endpoint.call(request).await;
        if let Err(error) = &mut answer
            && error.status() == StatusCode::METHOD_NOT_ALLOWED
        {
            return Err(Problem::method_not_allowed(self.at(&path)).into());
        }
        answer
    }
}

pub(super) fn parts(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
