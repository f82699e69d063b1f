//! The reference page of the JSON face: Swagger UI as the framework brings it, taken apart into files, since nothing
//! inline runs under our policy.

use poem::endpoint::make_sync;
use poem::{IntoResponse, Response, Route};
use poem_openapi::OpenApiService;

const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>API reference</title>\n\
    <link rel=\"stylesheet\" href=\"/api/v1/docs/swagger-ui.css\">\n</head>\n<body>\n\
    <div id=\"ui\"><p>The reference needs JavaScript. <a href=\"/api/v1/openapi.json\">The OpenAPI document</a> does \
    not.</p></div>\n<script src=\"/api/v1/docs/swagger-ui.js\"></script>\n<script src=\"/api/v1/docs/start.js\"></script>\n\
    </body>\n</html>\n";
const START: &str = "SwaggerUIBundle({ dom_id: '#ui', url: '/api/v1/openapi.json', deepLinking: true });\n";

/// The page and its files, of what the framework would have sent as one. (Of a service without operations: our page
/// reads the document from its own address, and the framework would write all of it into this one.)
pub(super) fn routes(is_demo: bool) -> Route {
    let whole = OpenApiService::new((), "", "").swagger_ui_html();
    let part = |from: &str, to: &str| {
        let rest = whole.split_once(from).map(|(_, rest)| rest);
        rest.and_then(|rest| rest.split_once(to)).map(|(part, _)| part.to_owned()).unwrap_or_default()
    };
    let style = part("<style charset=\"UTF-8\">", "</style>\n");
    let script = part("<script charset=\"UTF-8\">", "</script>\n</head>");
    let file = |text: String, kind: &'static str| {
        make_sync(move |_| -> Response {
            text.clone().with_content_type(kind).with_header("Cache-Control", "public, max-age=3600").into_response()
        })
    };
    let banner = if is_demo {
        "<p>これは実演です。すべて例です。 / This is a demonstration; everything in it is an example.</p>\n"
    } else {
        ""
    };
    let page = PAGE.replace("<div id=\"ui\">", &format!("{banner}<div id=\"ui\">"));
    Route::new()
        .at("/", file(page, "text/html; charset=utf-8"))
        .at("/swagger-ui.css", file(style, "text/css; charset=utf-8"))
        .at("/swagger-ui.js", file(script, "text/javascript; charset=utf-8"))
        .at("/start.js", file(START.to_owned(), "text/javascript; charset=utf-8"))
}
