//! What the JSON face costs beside a bare poem handler, through real HTTP on connections that stay open.
//!
//! `cargo bench -p api --bench http`. Ends with failure where a ratio is below what is asked.
#![expect(clippy::print_stdout, reason = "a benchmark prints")]

mod line;
mod pace;
mod stage;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Arc, mpsc};

use api::registry::Registry;
use api::server::limits::Limits;
use api::{server, store};
use domain::licence::token::PublicKey;
use ed25519_dalek::{Signature, Signer, SigningKey};
use line::{Asked, Lines};
use pace::{Spent, Thread, median, spend};
use poem::listener::TcpAcceptor;
use poem::{Route, Server, get, handler};
use stage::Stage;
use tokio::net::TcpListener;

/// Distinct tokens asked about.
const TOKENS: usize = 5_120;
/// Connections, and requests in a turn.
const LINES: usize = 32;
const REQUESTS: usize = 1_280;
const TURNS: usize = 61;
const SIGNATURES: usize = 160;

#[handler]
fn answered() -> &'static str {
    "ok"
}

/// More than any caller here can ask; counted all the same.
fn limits() -> Arc<Limits> {
    Arc::new(Limits::new(10_000_000, &[]))
}

/// Both servers on one thread of their own: where they listen, and the thread.
fn serve(registry: Arc<Registry>) -> (SocketAddr, SocketAddr, Thread) {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let bind = || async { TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback") };
            let (one, other) = (bind().await, bind().await);
            let address = |listener: &TcpListener| listener.local_addr().expect("it is bound");
            let thread = Thread::this().expect("the kernel tells a thread's time");
            tell.send((address(&one), address(&other), thread)).expect("somebody waits");
            let acceptor = TcpAcceptor::from_tokio(one).expect("a listener");
            let bare = Server::new_with_acceptor(acceptor).run(Route::new().at("/bare", get(answered)));
            let whole = server::endpoint(&registry, limits());
            let registry = server::connections::serve(other, whole, std::future::pending());
            let _ = tokio::join!(bare, registry);
        });
    });
    told.recv().expect("the servers start")
}

/// Signatures over messages as long as a token's.
struct Signatures {
    key: SigningKey,
    signed: Vec<(Vec<u8>, Signature)>,
}

impl Signatures {
    fn new() -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let message = |index: usize| [vec![index as u8; 100], index.to_be_bytes().to_vec()].concat();
        let signed = (0..SIGNATURES).map(message).map(|message| (message.clone(), key.sign(&message))).collect();
        assert!(PublicKey::try_from(key.verifying_key()).is_ok());
        Self { key, signed }
    }

    fn verify(&self) {
        let key = self.key.verifying_key();
        for (message, signature) in &self.signed {
            assert!(key.verify_strict(message, signature).is_ok());
        }
    }
}

/// One turn of everything, in microseconds.
struct Turn {
    bare: Spent,
    service: Spent,
    unchanged: Spent,
    mark: Spent,
    strict: Spent,
}

impl Turn {
    fn ratios(&self, of: impl Fn(&Spent) -> f64) -> [f64; 3] {
        let (bare, strict) = (of(&self.bare), of(&self.strict));
        [(bare + strict) / of(&self.mark), bare / of(&self.service), bare / of(&self.unchanged)]
    }
}

fn main() -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let folder = stage::folder();
    let stage = runtime.block_on(Stage::open(&store::embedded(folder.path()), folder.path()));
    let service = runtime.block_on(stage.services(1)).remove(0);
    let digits = runtime.block_on(stage.marks(&service, TOKENS));
    let path = format!("/api/v1/registrations/{}", service.number);
    let etag = runtime.block_on(async { entity_tag(&stage.registry, &path).await });
    let (plain, whole, server) = serve(stage.registry.clone());

    let bare = vec![Asked::get("/bare", "", "HTTP/1.1 200", "ok"); REQUESTS];
    let show = vec![Asked::get(&path, "", "HTTP/1.1 200", "\"serviceName\""); REQUESTS];
    let known = format!("If-None-Match: {etag}\r\n");
    let unchanged = vec![Asked::get(&path, &known, "HTTP/1.1 304", ""); REQUESTS];
    let mark =
        |digits: &String| Asked::get(&format!("/api/v1/marks/{digits}"), "", "HTTP/1.1 200", "\"answer\":\"valid\"");
    let marks: Vec<Asked> = digits.iter().map(mark).collect();
    let mut plain = Lines::open(plain, LINES).expect("the bare server answers");
    let mut whole = Lines::open(whole, LINES).expect("the registry answers");
    whole.ask(&marks).expect("every mark is answered once, and kept");

    let signatures = Signatures::new();
    let here = Thread::this().expect("the kernel tells a thread's time");
    let turns: Vec<Turn> = (0..TURNS)
        .map(|turn| {
            let some = &marks[turn % (TOKENS / REQUESTS) * REQUESTS..][..REQUESTS];
            Turn {
                bare: spend(&server, REQUESTS, || plain.ask(&bare).expect("answers")),
                service: spend(&server, REQUESTS, || whole.ask(&show).expect("answers")),
                unchanged: spend(&server, REQUESTS, || whole.ask(&unchanged).expect("answers")),
                mark: spend(&server, REQUESTS, || whole.ask(some).expect("answers")),
                strict: spend(&here, SIGNATURES, || signatures.verify()),
            }
        })
        .collect();
    report(&turns)
}

/// The entity tag that the service's answer carries now.
async fn entity_tag(registry: &Arc<Registry>, path: &str) -> String {
    use poem::Endpoint;
    let request = poem::Request::builder().uri(path.parse().expect("a path")).finish();
    let response = server::endpoint(registry, limits()).call(request).await.expect("an answer");
    response.header("etag").expect("an entity tag").to_owned()
}

fn report(turns: &[Turn]) -> ExitCode {
    println!("microseconds a request        on the processor      on the wall");
    let row = |name: &str, of: fn(&Turn) -> Spent| {
        let (processor, spread) = median(turns.iter().map(|turn| of(turn).processor).collect());
        let (wall, wide) = median(turns.iter().map(|turn| of(turn).wall).collect());
        println!("{name:<28} {processor:9.2} ± {:2.0} %   {wall:9.2} ± {:2.0} %", spread * 100.0, wide * 100.0);
    };
    row("bare poem handler", |turn| turn.bare);
    row("verify_strict", |turn| turn.strict);
    row("GET a mark, distinct tokens", |turn| turn.mark);
    row("GET a service", |turn| turn.service);
    row("304 of a service", |turn| turn.unchanged);
    let names = ["mark, of bare + verify_strict", "service, of bare", "304, of bare"];
    let mut is_reached = true;
    println!("ratios                        on the processor      on the wall    asked");
    for (index, (name, asked)) in names.into_iter().zip([0.85, 0.40, 0.80]).enumerate() {
        let (ratio, spread) = median(turns.iter().map(|turn| turn.ratios(|spent| spent.processor)[index]).collect());
        let (wall, wide) = median(turns.iter().map(|turn| turn.ratios(|spent| spent.wall)[index]).collect());
        let (spread, wide) = (spread * 100.0, wide * 100.0);
        println!("{name:<30} {ratio:7.3} ± {spread:2.0} %     {wall:7.3} ± {wide:2.0} %    ≥ {asked:.2}");
        is_reached &= ratio >= asked;
    }
    if is_reached { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
