//! A bucket of an S3-compatible store as the place where files are kept. Its library asks through the HTTP client that
//! this program has already, over TLS known by the public authorities; without TLS only this machine is asked.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::BodyExt;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::rt::TokioExecutor;
use object_store::aws::AmazonS3Builder;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpResponseBody,
    HttpService,
};
use object_store::path::Path;
use object_store::{ClientOptions, RetryConfig};

use super::shelf::{Shelf, Unavailable};

/// What such a store takes at a time, at least; one arriving file has as much in memory.
const PART: usize = 5 << 20;
/// Files that may arrive at once: as many times [`PART`] in memory.
const PLACES: usize = 16;
/// How long an answer may take to begin.
const LONGEST: Duration = Duration::from_secs(60);

/// Where a bucket is, and what opens it. Never shown.
#[derive(Clone)]
pub struct Bucket {
    name: String,
    prefix: String,
    endpoint: Option<String>,
    region: String,
    id: String,
    secret: String,
    token: Option<String>,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.name, self.prefix)
    }
}

impl Bucket {
    /// `s3://bucket/prefix`, with what opens it from the environment as every S3 client takes it.
    pub fn read(address: &str, environment: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let rest = address.strip_prefix("s3://").unwrap_or_default();
        let (name, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = (3..=63).contains(&name.len())
            && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.'));
        if !is_name || prefix.contains("..") {
            return Err("s3://バケット/接頭辞 のように書いてください / write s3://bucket/prefix".to_owned());
        }
        let of = |name: &str| environment(name).filter(|value| !value.is_empty());
        let needed = |name: &str| {
            of(name).ok_or_else(|| format!("環境変数 {name} がありません / the environment has no {name}"))
        };
        let endpoint = of("AWS_ENDPOINT_URL").map(|url| url.trim_end_matches('/').to_owned());
        if endpoint.as_deref().is_some_and(|url| !is_safe(url)) {
            return Err(
                "AWS_ENDPOINT_URL は https:// で始めてください / AWS_ENDPOINT_URL begins with https://".to_owned()
            );
        }
        Ok(Self {
            name: name.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint,
            region: of("AWS_REGION").or(of("AWS_DEFAULT_REGION")).unwrap_or_else(|| "us-east-1".to_owned()),
            id: needed("AWS_ACCESS_KEY_ID")?,
            secret: needed("AWS_SECRET_ACCESS_KEY")?,
            token: of("AWS_SESSION_TOKEN"),
        })
    }

    /// The place itself. Nothing is asked of it yet.
    pub fn shelf(self) -> Result<Shelf, Unavailable> {
        let is_local = self.endpoint.as_deref().is_some_and(|url| url.starts_with("http://"));
        let mut builder = AmazonS3Builder::new()
            .with_http_connector(Connector { is_local })
            .with_bucket_name(self.name)
            .with_region(self.region)
            .with_access_key_id(self.id)
            .with_secret_access_key(self.secret)
            .with_allow_http(is_local)
            // Not every such store deletes many at once, and we delete one at a time.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig { max_retries: 3, retry_timeout: LONGEST, ..RetryConfig::default() });
        if let Some(endpoint) = self.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(token) = self.token {
            builder = builder.with_token(token);
        }
        Ok(Shelf::of(Arc::new(builder.build()?), Path::from(self.prefix), PART, PLACES))
    }
}

fn is_safe(endpoint: &str) -> bool {
    let host = endpoint.strip_prefix("http://").map(|rest| rest.rsplit_once(':').map_or(rest, |(host, _)| host));
    endpoint.starts_with("https://") || matches!(host, Some("127.0.0.1" | "localhost" | "[::1]"))
}

/// The way to the store.
#[derive(Debug)]
struct Connector {
    is_local: bool,
}

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let tls = HttpsConnectorBuilder::new().with_webpki_roots();
        let schemes = if self.is_local { tls.https_or_http() } else { tls.https_only() };
        let client = Client::builder(TokioExecutor::new()).build(schemes.enable_http1().build());
        Ok(HttpClient::new(Transport { client }))
    }
}

#[derive(Debug)]
struct Transport {
    client: Client<HttpsConnector<Tcp>, HttpRequestBody>,
}

#[async_trait::async_trait]
impl HttpService for Transport {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let answer = match tokio::time::timeout(LONGEST, self.client.request(request)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => {
                let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
                return Err(HttpError::new(kind, error));
            }
            Err(late) => return Err(HttpError::new(HttpErrorKind::Timeout, late)),
        };
        Ok(answer
            .map(|body| HttpResponseBody::new(body.map_err(|error| HttpError::new(HttpErrorKind::Interrupted, error)))))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;
    use std::sync::Mutex;
    use std::time::UNIX_EPOCH;

    use bytes::Bytes;
    use domain::evidence::FileDigest;
    use futures::StreamExt;
    use http_body_util::Full;
    use hyper::body::Incoming;
    use hyper::{Method, Request, Response};
    use hyper_util::rt::TokioIo;
    use sha2::{Digest, Sha256};
    use tokio::net::TcpListener;

    use super::*;

    /// A stand-in that keeps objects in memory and speaks as much of S3's protocol as we use, with the answers that its
    /// reference describes. It is not S3: it looks that requests are signed, and does not check the signature.
    #[derive(Debug, Default)]
    struct StandIn {
        objects: BTreeMap<String, Vec<u8>>,
        arriving: BTreeMap<String, BTreeMap<u32, Vec<u8>>>,
        drawn: u32,
    }

    impl StandIn {
        fn answer(&mut self, request: &Request<()>, body: Vec<u8>) -> Response<Full<Bytes>> {
            let header =
                |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
            assert!(header("authorization").starts_with("AWS4-HMAC-SHA256 Credential=ID/"), "{request:?}");
            let key =
                request.uri().path().strip_prefix("/bucket").expect("the bucket").trim_start_matches('/').to_owned();
            let query: BTreeMap<String, String> =
                serde_urlencoded::from_str(request.uri().query().unwrap_or_default()).unwrap();
            let answer = || {
                Response::builder().header("etag", "\"tag\"").header("last-modified", "Tue, 24 Nov 2020 00:00:00 GMT")
            };
            let told = |text: String| answer().body(Full::from(text)).unwrap();
            let missing =
                || Response::builder().status(404).body(Full::from("<Error><Code>NoSuchKey</Code></Error>")).unwrap();
            match *request.method() {
                Method::POST if query.contains_key("uploads") => {
                    self.drawn += 1;
                    self.arriving.insert(self.drawn.to_string(), BTreeMap::new());
                    told(format!(
                        "<InitiateMultipartUploadResult><UploadId>{}</UploadId></InitiateMultipartUploadResult>",
                        self.drawn
                    ))
                }
                Method::PUT if query.contains_key("partNumber") => {
                    let parts = self.arriving.get_mut(&query["uploadId"]).expect("it was begun");
                    parts.insert(query["partNumber"].parse().unwrap(), body);
                    told(String::new())
                }
                Method::POST => {
                    let parts = self.arriving.remove(&query["uploadId"]).expect("it was begun");
                    let last = parts.len();
                    assert!(
                        parts.values().take(last.saturating_sub(1)).all(|part| part.len() >= PART),
                        "a part is too small"
                    );
                    self.objects.insert(key, parts.into_values().flatten().collect());
                    told(
                        "<CompleteMultipartUploadResult><ETag>\"tag\"</ETag></CompleteMultipartUploadResult>"
                            .to_owned(),
                    )
                }
                Method::DELETE => {
                    match query.get("uploadId") {
                        Some(upload) => drop(self.arriving.remove(upload)),
                        None => drop(self.objects.remove(&key)),
                    }
                    Response::builder().status(204).body(Full::default()).unwrap()
                }
                Method::PUT => {
                    let from = header("x-amz-copy-source")
                        .trim_start_matches("/")
                        .strip_prefix("bucket/")
                        .expect("a copy")
                        .to_owned();
                    let Some(object) = self.objects.get(&from).cloned() else { return missing() };
                    self.objects.insert(key, object);
                    told("<CopyObjectResult><ETag>\"tag\"</ETag></CopyObjectResult>".to_owned())
                }
                Method::GET if query.contains_key("list-type") => {
                    let prefix = query.get("prefix").cloned().unwrap_or_default();
                    let found = self.objects.iter().filter(|(key, _)| key.starts_with(&prefix)).map(|(key, object)| {
                        let size = object.len();
                        format!("<Contents><Key>{key}</Key><Size>{size}</Size><LastModified>2020-11-24T00:00:00.000Z</LastModified><ETag>\"tag\"</ETag></Contents>")
                    });
                    told(format!(
                        "<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>",
                        found.collect::<String>()
                    ))
                }
                _ => {
                    let Some(object) = self.objects.get(&key) else { return missing() };
                    let all = object.len();
                    if *request.method() == Method::HEAD {
                        return answer().header("content-length", all).body(Full::default()).unwrap();
                    }
                    let range = header("range").strip_prefix("bytes=").and_then(|range| range.split_once('-'));
                    let Some((from, to)) = range else { return answer().body(Full::from(object.clone())).unwrap() };
                    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse::<usize>().unwrap().min(all - 1));
                    let answer = answer().status(206).header("content-range", format!("bytes {from}-{to}/{all}"));
                    answer.body(Full::from(object[from..=to].to_vec())).unwrap()
                }
            }
        }
    }

    async fn stand_in() -> (Shelf, Arc<Mutex<StandIn>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(StandIn::default()));
        let shared = state.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let shared = shared.clone();
                tokio::spawn(async move {
                    let answer = move |request: Request<Incoming>| {
                        let shared = shared.clone();
                        async move {
                            let (head, body) = request.into_parts();
                            let body = body.collect().await.unwrap().to_bytes().to_vec();
                            let answer = shared.lock().unwrap().answer(&Request::from_parts(head, ()), body);
                            Ok::<_, Infallible>(answer)
                        }
                    };
                    let service = hyper::service::service_fn(answer);
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        let environment = move |name: &str| match name {
            "AWS_ACCESS_KEY_ID" => Some("ID".to_owned()),
            "AWS_SECRET_ACCESS_KEY" => Some("secret".to_owned()),
            "AWS_ENDPOINT_URL" => Some(url.clone()),
            _ => None,
        };
        (Bucket::read("s3://bucket/evidence/", environment).unwrap().shelf().unwrap(), state)
    }

    #[tokio::test]
    async fn a_file_lies_once_under_its_digest_and_what_is_broken_off_is_gone() {
        let (shelf, state) = stand_in().await;
        let content: Vec<u8> = (0..PART + 17).map(|n| (n % 251) as u8).collect();
        let digest = FileDigest::of(Sha256::digest(&content).into());
        for name in [1, 2] {
            let mut arriving = shelf.begin([name; 16]).await.unwrap();
            for piece in content.chunks(100_000) {
                arriving.write(Bytes::copy_from_slice(piece)).await.unwrap();
            }
            let arrived = arriving.finish().await.unwrap();
            assert_eq!(arrived.digest, digest);
            assert_eq!(arrived.read(PART as u64 - 1, 100).await.unwrap(), content[PART - 1..]);
            arrived.keep().await.unwrap();
        }
        // The stand-in's objects are of 2020.
        let later = UNIX_EPOCH + Duration::from_secs(crate::clock::now().unix().unsigned_abs());
        let path = format!("evidence/{}/{digest}", &digest.as_str()[..2]);
        assert_eq!(state.lock().unwrap().objects.keys().collect::<Vec<_>>(), [&path]);
        assert_eq!(shelf.size(&digest).await.unwrap(), Some(content.len() as u64));
        assert_eq!(shelf.digest_of(&digest).await.unwrap(), Some(digest.clone()));
        let found: Vec<_> = shelf.older_than(later).map(Result::unwrap).collect().await;
        assert_eq!(found, std::slice::from_ref(&digest));

        let mut arriving = shelf.begin([3; 16]).await.unwrap();
        arriving.write(Bytes::from(vec![7; PART])).await.unwrap();
        drop(arriving);
        for _ in 0..500 {
            if state.lock().unwrap().arriving.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(state.lock().unwrap().arriving.is_empty(), "the bucket was told");
        state.lock().unwrap().objects.insert("evidence/incoming/00".to_owned(), vec![1]);
        assert_eq!(shelf.clear(later).await.unwrap(), 1);
        shelf.delete(&digest).await.unwrap();
        shelf.delete(&digest).await.unwrap();
        assert_eq!(shelf.size(&digest).await.unwrap(), None);
        assert!(state.lock().unwrap().objects.is_empty());
    }

    #[test]
    fn what_opens_it_comes_from_the_environment_and_is_not_shown() {
        let environment = |endpoint: &'static str| {
            move |name: &str| match name {
                "AWS_ACCESS_KEY_ID" => Some("ID".to_owned()),
                "AWS_SECRET_ACCESS_KEY" => Some("hidden-word".to_owned()),
                "AWS_ENDPOINT_URL" if !endpoint.is_empty() => Some(endpoint.to_owned()),
                _ => None,
            }
        };
        let read = |address: &str, endpoint| Bucket::read(address, environment(endpoint));
        let bucket = read("s3://bucket/a/b/", "").unwrap();
        assert_eq!(format!("{bucket:?}"), "s3://bucket/a/b");
        for address in ["s3://", "s3://UPPER", "s3://ab", "s3://bucket/../x", "https://bucket"] {
            assert!(read(address, "").is_err(), "{address}");
        }
        for (endpoint, is_taken) in [
            ("https://s3.example.jp", true),
            ("http://127.0.0.1:9000", true),
            ("http://localhost:9000/", true),
            ("http://s3.example.jp", false),
            ("http://127.0.0.1.example.jp:80", false),
            ("ftp://127.0.0.1", false),
        ] {
            assert_eq!(read("s3://bucket", endpoint).is_ok(), is_taken, "{endpoint}");
        }
        let missing = Bucket::read("s3://bucket", |_| None).unwrap_err();
        assert!(missing.contains("AWS_ACCESS_KEY_ID"), "{missing}");
    }
}
