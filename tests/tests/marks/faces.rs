//! One table for the four that answer: the page and the JSON, who ask the register, and the command and the offline page,
//! who know keys and lists. Whatever a mark is, and whatever has become of keys and lists, each gives the right one of the
//! six answers and its reason.

use std::collections::BTreeMap;
use std::fs;

use api::seal::keys::{KeySet, Keys, Purpose};
use domain::jws;
use domain::licence::token::{Claims, KeyRing, Kid, Token, kid};
use domain::status_list::{LASTS_SECONDS, Statement, StatusList};
use ed25519_dalek::{Signer, SigningKey};
use serde_json::{Value, json};
use tests::{Browser, Case, Cast, Client, Database, PASSPHRASE, Register, Tap, declaration, otasuketai, text, version};

use crate::offline::{check, open};

/// What a verifier away from the register has in hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Lists {
    Fresh,
    Stale,
    Missing,
    Altered,
}

/// An answer and its reason.
type Said = (&'static str, &'static str);

const VALID: Said = ("valid", "");
const ALTERED: Said = ("not_ours", "altered");
const UNREADABLE: Said = ("not_ours", "unreadable");
const UNKNOWN_KEY: Said = ("not_ours", "unknown_key");

/// A mark, what the register says of it, and what is said away from it with these lists.
struct Row {
    name: &'static str,
    digits: String,
    register: Said,
    away: Said,
    lists: Lists,
}

/// Everything that marks can be, with the keys that made them.
struct Stage {
    rows: Vec<Row>,
    /// Valid whenever the register can be asked.
    good: String,
}

#[test]
fn four_faces_give_one_answer() {
    let (register, cast) = Register::staffed(Database::sqlite());
    register.add_keys(&[Purpose::Licence, Purpose::Licence]);
    let server = register.serve();
    let client = server.client();
    let stage = stage(&register, &client, &cast);

    let mut wrong = Vec::new();
    let mut expect = |face: &str, row: &Row, expected: Said, found: (String, String)| {
        if (expected.0, expected.1) != (&*found.0, &*found.1) {
            wrong.push(format!("{}, {:?}, by {face}: {found:?}, not {expected:?}", row.name, row.lists));
        }
    };
    for row in stage.rows.iter().filter(|row| row.lists == Lists::Fresh) {
        expect("JSON", row, row.register, by_json(&client, &row.digits));
        expect("page", row, row.register, by_page(&client, &row.digits, row.register));
    }
    let known = known(&register, &client);
    for (lists, bundle) in &known.bundles {
        for row in stage.rows.iter().filter(|row| row.lists == *lists) {
            expect("command", row, row.away, by_command(&row.digits, &known.jwks, bundle.as_deref()));
        }
    }
    let tap = Tap::on(server.port());
    let browser = Browser::start(true);
    let page = format!("{}/offline", tap.base());
    open(&browser, &page);
    tap.cut();
    for (lists, bundle) in &known.bundles {
        keep(&browser, bundle.as_deref());
        browser.open(&page);
        browser.wait_until("return document.documentElement.dataset.ready === 'yes'");
        for row in stage.rows.iter().filter(|row| row.lists == *lists) {
            expect("offline page", row, row.away, by_offline_page(&browser, &row.digits));
        }
    }
    server.end();

    // The register is there, and cannot read what it knows.
    let server = register.serve();
    register.database().sql().execute("ALTER TABLE licences RENAME TO gone");
    let row = Row {
        name: "unreachable",
        digits: stage.good.clone(),
        register: ("unknown", "unreachable"),
        away: VALID,
        lists: Lists::Fresh,
    };
    expect("JSON", &row, row.register, by_json(&server.client(), &row.digits));
    expect("page", &row, row.register, by_page(&server.client(), &row.digits, row.register));
    register.database().sql().execute("ALTER TABLE gone RENAME TO licences");
    server.end();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    register.assert_whole();
}

/// Licences in every state under a key that is retired now; one under a key that is compromised now; and what others sign.
fn stage(register: &Register, client: &Client, cast: &Cast) -> Stage {
    let case = Case::submit(client, cast, &declaration()).pass();
    let second = Case::submit(client, cast, &declaration()).pass();
    let (registration, other) = (case.register(), second.register());
    let license = |name: &str| case.license_user(&registration, name);
    let [good, ended, revoked] = ["よい商店", "終わる商店", "取り消される商店"].map(license);
    let suspended = second.license_user(&other, "止まる商店");
    close(client, cast, &case, &ended, "end");
    close(client, cast, &case, &revoked, "revocation");
    second.measure(&other, "suspend", "監視が止まっている").ok();

    let secrets = Keys::open(&register.data().join("keys.pem"), PASSPHRASE).expect("the file is whole");
    let secrets: Vec<&SigningKey> = secrets.all(Purpose::Licence).collect();
    let ids = ["active", "next", "next"].map(|state| key(client, state));
    let first = text(&ids[0], "id").to_owned();
    let of = |secret: &SigningKey| data_encoding::HEXLOWER.encode(&kid(&secret.verifying_key()));
    let retired = secrets.iter().find(|secret| of(secret) == first).expect("the key that signs is held");
    let next = text(&ids[1], "id").to_owned();
    change(client, cast, &ids[1], "activation", None);
    let lost = secrets.iter().find(|secret| of(secret) == next).expect("the next key is held");
    let future = secrets.iter().find(|secret| ![&first, &next].contains(&&of(secret))).expect("there are three");
    let kept = digits(&license("後の商店"));
    let ring: KeyRing =
        KeySet::from_jwks(&client.get("/.well-known/jwks.json").send().ok()).expect("a key set").ring(Purpose::Licence);
    let claims =
        |digits: &str| Token::from_decimal(digits).and_then(|token| token.verify(&ring)).expect("our own").claims;
    let (of_good, of_kept) = (claims(&digits(&good)), claims(&kept));
    change(client, cast, &key(client, "active"), "compromise", Some("控えが失われた。"));

    let sign =
        |claims: &Claims, secret: &SigningKey| Token::sign(claims, secret, kid(&secret.verifying_key())).to_decimal();
    let renamed = Claims { holder_name: "偽りの会社".to_owned(), ..of_kept };
    let unlisted = Claims { licence: "00000000".parse().expect("an id"), status_index: u32::MAX, ..of_good.clone() };
    let printed_before = Claims { expires_at: "2021-04-01T00:00:00Z".parse().expect("an instant"), ..of_good.clone() };
    let stranger = SigningKey::from_bytes(&[7; 32]);
    let good = digits(&good);
    let mut forged = Token::from_decimal(&good).expect("our own").as_bytes().to_vec();
    *forged.last_mut().expect("a token has bytes") ^= 1;
    let forged = num_bigint::BigUint::from_bytes_be(&forged).to_string();

    let row = |name, digits: &str, register, away| Row {
        name,
        digits: digits.to_owned(),
        register,
        away,
        lists: Lists::Fresh,
    };
    let mut rows = vec![
        row("of a retired key", &good, VALID, VALID),
        row("ended", &digits(&ended), ("ended", ""), ("ended", "")),
        row("revoked", &digits(&revoked), ("revoked", ""), ("revoked", "")),
        row("suspended", &digits(&suspended), ("suspended", ""), ("suspended", "")),
        // The register remembers what it granted; away from it nobody does.
        row("of a compromised key, as granted", &kept, VALID, UNKNOWN_KEY),
        row("of a compromised key, forged", &sign(&renamed, lost), ("not_ours", "compromised_key"), UNKNOWN_KEY),
        // A key is published before it signs, so that whoever verifies has it in time.
        row("of a future key", &sign(&of_good, future), VALID, VALID),
        row("of a future key, unlisted", &sign(&unlisted, future), ("unknown", "not_listed"), ("unknown", "offline")),
        row("of a retired key, unlisted", &sign(&unlisted, retired), ("unknown", "not_listed"), ("unknown", "offline")),
        // An old print stays good online.
        row("expired", &sign(&printed_before, retired), VALID, ("unknown", "printed_term_ended")),
        row("another register's", &sign(&of_good, &stranger), UNKNOWN_KEY, UNKNOWN_KEY),
        row("altered", &forged, ALTERED, ALTERED),
        row("a leading zero", &format!("0{good}"), UNREADABLE, UNREADABLE),
        row("cut short", &good[..good.len() - 1], UNREADABLE, UNREADABLE),
    ];
    for (lists, why) in [(Lists::Stale, "list_old"), (Lists::Missing, "offline"), (Lists::Altered, "list_altered")] {
        for digits in [&good, &digits(&revoked)] {
            let away = ("unknown", why);
            rows.push(Row { name: "with other lists", digits: digits.clone(), register: VALID, away, lists });
        }
        rows.push(Row { name: "altered", digits: forged.clone(), register: ALTERED, away: ALTERED, lists });
    }
    Stage { rows, good }
}

fn digits(licence: &Value) -> String {
    text(licence, "link").rsplit('/').next().expect("a link has a last part").to_owned()
}

fn close(client: &Client, cast: &Cast, case: &Case, licence: &Value, how: &str) {
    let path = format!("/api/v1/licences/{}/{how}", text(licence, "id"));
    let by = client.signed_in(&cast.secretariat);
    let told = by.post(&path, &json!({ "reason": "契約終了" })).on_version(version(licence)).send().ok();
    if how == "revocation" {
        case.confirm(&cast.second_secretariat, &told).ok();
    }
}

/// The first key for licences in this state.
fn key(client: &Client, state: &str) -> Value {
    let keys = client.get("/api/v1/keys").send().ok();
    let is_it = |key: &&Value| text(key, "purpose") == "licence" && text(key, "state") == state;
    keys["items"].as_array().and_then(|keys| keys.iter().find(is_it)).expect("there is one").clone()
}

/// One proposes, another confirms.
fn change(client: &Client, cast: &Cast, key: &Value, what: &str, reason: Option<&str>) {
    let path = format!("/api/v1/keys/{}/{what}", text(key, "id"));
    let by = client.signed_in(&cast.secretariat);
    let ask = by.ask("POST", &path).on_version(version(key));
    let body = reason.map(|reason| json!({ "reason": reason }));
    let proposal = if let Some(body) = &body { ask.json(body) } else { ask }.send().ok();
    let confirmation = format!("/api/v1/proposals/{}/confirmation", text(&proposal, "id"));
    client.signed_in(&cast.operator).ask("POST", &confirmation).send().ok();
}

/// Keys, and bundles of lists of every kind.
struct Known {
    jwks: String,
    bundles: BTreeMap<Lists, Option<String>>,
}

fn known(register: &Register, client: &Client) -> Known {
    let bundle = client.get("/status/bundle").send().text().to_owned();
    let secrets = Keys::open(&register.data().join("keys.pem"), PASSPHRASE).expect("the file is whole");
    let secret = secrets.all(Purpose::Status).next().expect("lists are signed");
    let its: Kid = kid(&secret.verifying_key());
    let sign = |message: &[u8]| Ok::<_, std::convert::Infallible>(secret.sign(message));
    // Eight days ago every licence was valid.
    let then = domain::calendar::Instant::from_unix(api::clock::now().unix() - i64::from(LASTS_SECONDS) - 86_400);
    let uri = format!("{}/status/0", register.base_url());
    let statement = Statement::new(uri.clone(), StatusList::default(), then.expect("an instant"));
    let Ok(list) = statement.unsigned("https://otasuketai.example/status").to_jwt(its, sign);
    let claims = json!({ "iss": "", "iat": 0, "exp": 0, "jwks": {}, "lists": { uri: list } });
    let Ok(stale) = jws::sign("otasuketai-bundle+jwt", its, &claims, sign);
    let mut altered = bundle.clone().into_bytes();
    let middle = altered.len() / 2;
    altered[middle] = if altered[middle] == b'A' { b'B' } else { b'A' };
    let altered = String::from_utf8(altered).expect("base64url");
    let bundles = [
        (Lists::Fresh, Some(bundle)),
        (Lists::Stale, Some(stale)),
        (Lists::Missing, None),
        (Lists::Altered, Some(altered)),
    ];
    Known { jwks: client.get("/.well-known/jwks.json").send().text().to_owned(), bundles: bundles.into() }
}

fn said(document: &Value) -> (String, String) {
    (text(document, "answer").to_owned(), document["why"].as_str().unwrap_or_default().to_owned())
}

fn by_json(client: &Client, digits: &str) -> (String, String) {
    said(&client.get(&format!("/api/v1/marks/{digits}")).send().ok())
}

/// The page tells answers apart by colour, icon and words, and reasons by their words.
fn by_page(client: &Client, digits: &str, expected: Said) -> (String, String) {
    let page = client.get(&format!("/{digits}")).header("accept", "text/html").send();
    let tone = page.text().split("<section class=\"answer ").nth(1).and_then(|rest| rest.split('"').next());
    let answer = match tone.expect("the page answers") {
        "green" => "valid",
        "yellow" => "suspended",
        "red" => "revoked",
        "gray" => "ended",
        "blue" => "unknown",
        _ => "not_ours",
    };
    let words = match expected.1 {
        "not_listed" => "いまの登録簿に見当たりません",
        "unreachable" => "いま登録簿を読めません",
        "unreadable" => "お助け隊サービスのマークではありません",
        "altered" | "unknown_key" => "署名が正しくありません",
        "compromised_key" => "いまは信用されない鍵",
        _ => "",
    };
    let why = if page.text().contains(words) { expected.1 } else { "other words" };
    (answer.to_owned(), why.to_owned())
}

fn by_command(digits: &str, jwks: &str, bundle: Option<&str>) -> (String, String) {
    let folder = tempfile::tempdir().expect("temporary files can be made");
    let file = |name: &str, text: &str| {
        let file = folder.path().join(name);
        fs::write(&file, text).expect("the folder is ours");
        file.to_str().expect("text").to_owned()
    };
    let keys = file("jwks.json", jwks);
    let mut arguments = vec!["verify".to_owned(), digits.to_owned(), "--json".to_owned(), "--keys".to_owned(), keys];
    if let Some(bundle) = bundle {
        arguments.extend(["--status".to_owned(), file("bundle", bundle)]);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let run = otasuketai(&arguments).output().expect("the binary can be started");
    said(&serde_json::from_slice(&run.stdout).expect("JSON"))
}

/// Puts a bundle where the page keeps it; none takes it away.
fn keep(browser: &Browser, bundle: Option<&str>) {
    let bundle = json!(bundle);
    browser.run(&format!(
        "return (async () => {{
            const cache = await caches.open('otasuketai-knowledge');
            const bundle = {bundle};
            if (bundle === null) await cache.delete('/status/bundle');
            else await cache.put('/status/bundle', new Response(bundle, {{ headers: {{ 'x-fetched-at': '1' }} }}));
        }})()"
    ));
}

fn by_offline_page(browser: &Browser, digits: &str) -> (String, String) {
    let shown = check(browser, digits);
    let name = shown[0].as_str().unwrap_or_default();
    let (answer, why) = name.split_once(' ').unwrap_or((name, ""));
    (answer.to_owned(), why.to_owned())
}
