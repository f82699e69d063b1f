//! Who is spoken to shows a certificate, and so do we to a database elsewhere: whoever shows none that is known is left
//! alone.

use std::fs;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use api::clock;
use api::oidc::{Asked, Client, Endpoint, Fault, Refusal, Secret, Settings};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};
use tests::certificates::{Authority, Certified};
use tests::{Guarded, otasuketai};

/// Somebody who answers at a port of 127.0.0.1 with a certificate. What each caller made of it: the end of the
/// handshake, or what broke it.
fn answer_with(certified: &Certified) -> (u16, Receiver<Result<(), String>>) {
    let certificate = CertificateDer::from_pem_slice(certified.certificate.as_bytes()).expect("PEM");
    let key = PrivateKeyDer::from_pem_slice(certified.key.as_bytes()).expect("PEM");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
    let config = Arc::new(config.expect("the key is the certificate's"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let (tell, told) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a caller");
            stream.set_read_timeout(Some(Duration::from_secs(10))).expect("it is open");
            let mut tls = ServerConnection::new(config.clone()).expect("the settings are good");
            let met = tls.complete_io(&mut stream).map(drop).map_err(|error| error.to_string());
            // Nobody is there any more once the test has ended.
            let _ = tell.send(met);
            let _ = stream.read(&mut [0; 1]);
        }
    });
    (port, told)
}

#[test]
fn a_provider_with_a_certificate_of_no_known_authority_is_refused() {
    let certified = Authority::default().server(Ipv4Addr::LOCALHOST.into());
    let (port, told) = answer_with(&certified);
    let issuer = format!("https://127.0.0.1:{port}/oauth/");
    let base = "https://register.example".parse().expect("a base URL");
    let secret = Secret::from("secret".to_owned());
    let client = Client::new(Settings::new(&base, issuer, "register".to_owned(), secret)).expect("it can be used");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let begun = runtime.block_on(client.begin(&mut rand::rng(), Asked::Who, clock::now()));
    let Err(Refusal::ProviderUnreachable { endpoint: Endpoint::Discovery, fault: Fault::Connection(why) }) = begun
    else {
        panic!("{begun:?}");
    };
    assert!(why.contains("UnknownIssuer"), "{why}");
    // It was the certificate, and it was told so before anything was asked.
    let met = told.recv().expect("it was called");
    assert!(met.as_ref().is_err_and(|error| error.contains("UnknownCA")), "{met:?}");
}

/// `serve --check` with this database: its status and what it said.
fn check(database: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let data = folder.path().join("data");
    let mut command = otasuketai(&["serve", "--check", "--log", "off", "--database", database, "--data"]);
    let output = command.arg(data).env("OTASUKETAI_PASSPHRASE", "test only").output().expect("it can be started");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_database_lets_in_by_certificate_or_by_the_machines_word_and_no_password() {
    let guarded = Guarded::start("serving", &["elsewhere", "other"]);
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let write = |name: &str, pem: &str| {
        let path = folder.path().join(name);
        fs::write(&path, pem).expect("the folder is ours");
        path.into_os_string().into_string().expect("text")
    };
    let shown = |name: &str, certified: &Certified| {
        let (certificate, key) = (write(name, &certified.certificate), write(&format!("{name}.key"), &certified.key));
        format!("&sslcert={certificate}&sslkey={key}")
    };
    let unknown = Authority::default();
    let known = format!("&sslrootcert={}", write("known", &guarded.authority.certificate()));
    let not_known = format!("&sslrootcert={}", write("unknown", &unknown.certificate()));
    let ours = shown("ours", &guarded.authority.client("elsewhere"));
    let forged = shown("forged", &unknown.client("elsewhere"));
    let network = |host: &str, role: &str, parameters: &[&str]| guarded.by_network(host, role, &parameters.concat());
    let by = |parameters: &[&str]| network("127.0.0.1", "elsewhere", parameters);
    let elsewhere = network("localhost", "elsewhere", &[&known, &ours]);
    for (what, database, refused) in [
        ("the role that the machine's account is", guarded.by_socket("serving"), None),
        ("a role that it is not", guarded.by_socket("other"), Some("Peer authentication failed")),
        ("our certificate", by(&[&known, &ours]), None),
        ("none", by(&[&known]), Some("requires a valid client certificate")),
        ("another role's", network("127.0.0.1", "other", &[&known, &ours]), Some("certificate authentication failed")),
        ("of another authority", by(&[&known, &forged]), Some("received fatal alert")),
        ("the server's is of another authority", by(&[&not_known, &ours]), Some("invalid peer certificate")),
        ("the server's is of none we know", by(&[&ours]), Some("UnknownIssuer")),
        ("the server's is for another name", elsewhere, Some("not valid for name")),
    ] {
        let (status, said) = check(&database);
        match refused {
            None => assert_eq!(status, Some(0), "{what}: {said}"),
            Some(why) => assert!(status == Some(70) && said.contains(why), "{what}: {said}"),
        }
    }
}
