//! A password with a one-time code, or a recovery code in its place.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use tests::staff::PASSWORD;
use tests::{Answer, Client, Database, Person, Register, Server, Visit, code_at, code_next, code_now};

use crate::shift;

tests::on_both!(
    a_code_opens_the_door_once,
    a_recovery_code_is_used_up,
    whatever_is_wrong_the_answer_is_the_same,
    who_guesses_waits_and_who_is_guessed_at_does_not,
    a_dismissed_person_cannot_sign_in,
    a_password_is_changed_by_whoever_knows_the_old_one,
    who_guesses_the_old_password_waits,
    a_password_never_gets_too_old,
    what_was_hashed_otherwise_is_hashed_anew,
    the_secret_of_an_app_stands_sealed_in_the_database,
);

fn sign_in(server: &Server, login: &str, password: &str, code: &str) -> Answer {
    Visit::new(server).post("/sign-in", &[("login", login), ("password", password), ("code", code)])
}

#[track_caller]
fn opened(answer: &Answer) {
    assert_eq!(answer.status, 303, "{}", answer.told());
    assert!(answer.header("set-cookie").starts_with("__Host-session=ots_"), "{}", answer.told());
}

#[track_caller]
fn refused(answer: &Answer) {
    assert_eq!(answer.status, 422, "{}", answer.told());
    assert!(answer.header("set-cookie").is_empty());
    assert!(answer.text().contains("サインインできません。入力を確かめて"), "{}", answer.told());
}

fn a_code_opens_the_door_once(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.auditor;
    // Not after it was shown, nor before.
    for steps in [-1, 2] {
        refused(&sign_in(&server, &person.id, PASSWORD, &code_at(&person.totp, steps)));
    }
    let shown = code_now(&person.totp);
    opened(&sign_in(&server, &person.id, PASSWORD, &shown));
    refused(&sign_in(&server, &person.id, PASSWORD, &shown));
    opened(&sign_in(&server, &person.id, PASSWORD, &code_next(&person.totp)));
    // The login is read as people type it.
    opened(&sign_in(&server, &format!(" {} ", person.id.to_lowercase()), PASSWORD, &person.codes[0]));
}

fn a_recovery_code_is_used_up(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.auditor;
    let typed = person.codes[3].to_lowercase().replace('-', " ");
    opened(&sign_in(&server, &person.id, PASSWORD, &typed));
    refused(&sign_in(&server, &person.id, PASSWORD, &person.codes[3]));
    refused(&sign_in(&server, &person.id, PASSWORD, &cast.provider.codes[0]));
    opened(&sign_in(&server, &person.id, PASSWORD, &person.codes[4]));
    // Two at once with one code: one of them.
    let both = std::thread::scope(|scope| {
        let enter = || sign_in(&server, &person.id, PASSWORD, &person.codes[5]).status;
        let (one, other) = (scope.spawn(enter), scope.spawn(enter));
        [one.join().expect("sent"), other.join().expect("sent")]
    });
    assert_eq!(both.iter().filter(|status| **status == 303).count(), 1, "{both:?}");
}

fn whatever_is_wrong_the_answer_is_the_same(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let (person, good) = (&cast.provider, &cast.provider.codes[0]);
    let tries = [
        ("P-00000000", PASSWORD, good.as_str()),
        (person.id.as_str(), "not the password at all", good),
        (&person.id, PASSWORD, "000000"),
    ];
    // What was typed as the login is in the page; all the rest is the same for everybody.
    let pages = tries.map(|(login, password, code)| {
        let answer = sign_in(&server, login, password, code);
        refused(&answer);
        let token = answer.text().split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        answer.text().replace(login, "").replace(token.expect("a form's token"), "")
    });
    assert!(pages.iter().all(|page| *page == pages[0]));
    for (login, password, code) in [("", "", ""), ("x\u{0}", "\u{0}", "\u{0}"), (&"長".repeat(5_000), "x", "x")] {
        refused(&sign_in(&server, login, password, code));
    }
    // A wrong try costs no code.
    opened(&sign_in(&server, &person.id, PASSWORD, good));
    let log = server.log();
    for secret in [PASSWORD, "not the password at all", good] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
    let details = register.database().sql().texts("SELECT coalesce(detail, '') || coalesce(subject, '') FROM trail");
    assert!(!details.iter().any(|line| line.contains("not the password")), "{details:?}");
}

fn who_guesses_waits_and_who_is_guessed_at_does_not(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve_under(&["env", "OTASUKETAI_TRUSTED_PROXY=127.0.0.1"]);
    let person = &cast.decision_maker;
    let from = |address: &str, password: &str, code: &str| {
        let visit = Visit::new(&server);
        let fields = [("login", person.id.as_str()), ("password", password), ("code", code), ("csrf", &visit.csrf)];
        let client = server.client();
        let ask = client.ask("POST", "/sign-in").header("sec-fetch-site", "same-origin");
        ask.header("cookie", &visit.cookie).header("x-forwarded-for", address).form(&fields).send()
    };
    for _ in 0..6 {
        refused(&from("192.0.2.1", "a guess at the password", "000000"));
    }
    // Now not even the right one is looked at, and the wait is told.
    let waiting = from("192.0.2.1", PASSWORD, &person.codes[0]);
    assert_eq!(waiting.status, 429, "{}", waiting.told());
    let seconds: u32 = waiting.header("retry-after").parse().expect("seconds");
    assert!((20..=30).contains(&seconds), "{seconds}");
    // The person elsewhere is not locked out, and the guesser not let in by it.
    opened(&from("192.0.2.2", PASSWORD, &person.codes[0]));
    assert_eq!(from("192.0.2.1", PASSWORD, &person.codes[1]).status, 429);
    // In IPv6 whoever has one address has all of its /64.
    for host in 1..=6 {
        refused(&from(&format!("2001:db8:1:2::{host}"), "a guess at the password", "000000"));
    }
    assert_eq!(from("2001:db8:1:2:ffff::9", PASSWORD, &person.codes[3]).status, 429);
    opened(&from("2001:db8:1:3::1", PASSWORD, &person.codes[3]));
    // Half a minute later the right one opens, and the count begins anew.
    shift(&register, "failures", "last_at", "count > 5", -31);
    opened(&from("192.0.2.1", PASSWORD, &person.codes[1]));
    refused(&from("192.0.2.1", "a guess at the password", "000000"));
    // The operator ends a wait.
    for _ in 0..5 {
        from("192.0.2.1", "a guess at the password", "000000");
    }
    assert_eq!(from("192.0.2.1", PASSWORD, &person.codes[2]).status, 429);
    assert_eq!(register.run(&["admin", "unlock", &person.id]), "2\n", "both networks");
    opened(&from("192.0.2.1", PASSWORD, &person.codes[2]));
}

fn a_dismissed_person_cannot_sign_in(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    register.run(&["admin", "dismiss", &cast.auditor.id, "--reason", "退任"]);
    refused(&sign_in(&server, &cast.auditor.id, PASSWORD, &cast.auditor.codes[0]));
    register.assert_whole();
}

/// What somebody chooses in the place of [`PASSWORD`].
const NEXT: &str = "quite another sentence";

/// The secret that the account's page shows for a new app.
fn offered(client: &Client) -> String {
    let page = client.get("/account").send();
    let secret = page.text().split("class=\"code\">").nth(1).and_then(|rest| rest.split('<').next());
    secret.expect("a secret").replace(' ', "")
}

/// Sends the form that sets another password.
fn change(client: &Client, secret: &str, old: Option<&str>) -> Answer {
    let code = code_now(secret);
    let fields = [("password", NEXT), ("again", NEXT), ("code", code.as_str())];
    let fields: Vec<_> = old.into_iter().map(|old| ("old", old)).chain(fields).collect();
    client.ask("POST", "/account/password").form(&fields).send()
}

fn a_password_is_changed_by_whoever_knows_the_old_one(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.auditor;
    let here = server.client().signed_in(person);
    let secret = offered(&here);
    let kept = || register.database().sql().texts("SELECT id || secret FROM credentials ORDER BY id");
    let before = kept();
    for old in [None, Some(""), Some(NEXT), Some("not the password at all")] {
        let told = change(&here, &secret, old);
        assert_eq!(told.status, 422, "{}", told.told());
        assert!(told.text().contains("いまのパスワードが違います"), "{}", told.told());
    }
    // Whoever signed in too long ago is asked to sign in, whatever they know.
    let of = format!("person = '{}'", person.id);
    shift(&register, "sessions", "signed_in_at", &of, -301);
    let stale = change(&here, &secret, Some(PASSWORD));
    assert_eq!((stale.status, stale.text().contains("5分以内")), (403, true), "{}", stale.told());
    assert_eq!(kept(), before, "nothing was changed");

    shift(&register, "sessions", "signed_in_at", &of, -280);
    assert_eq!(change(&here, &secret, Some(PASSWORD)).status, 303);
    refused(&sign_in(&server, &person.id, PASSWORD, &person.codes[0]));
    refused(&sign_in(&server, &person.id, NEXT, &code_now(&person.totp)));
    opened(&sign_in(&server, &person.id, NEXT, &code_next(&secret)));
    opened(&sign_in(&server, &person.id, NEXT, &person.codes[0]));
}

fn who_guesses_the_old_password_waits(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let here = server.client().signed_in(&cast.auditor);
    let secret = offered(&here);
    let told: Vec<u16> = (0..8).map(|_| change(&here, &secret, Some("a guess at the password")).status).collect();
    assert_eq!(told, [422, 422, 422, 422, 422, 422, 429, 429]);
    // Not even the right one is looked at; nor at the sign-in, where the same is guessed.
    assert_eq!(change(&here, &secret, Some(PASSWORD)).status, 429);
    assert_eq!(sign_in(&server, &cast.auditor.id, PASSWORD, &cast.auditor.codes[0]).status, 429);
}

fn a_password_never_gets_too_old(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.auditor;
    shift(&register, "credentials", "made_at", &format!("person = '{}'", person.id), -20 * 365 * 86_400);
    let entered = sign_in(&server, &person.id, PASSWORD, &code_now(&person.totp));
    opened(&entered);
    assert_eq!(entered.header("location"), "/intake", "where an auditor begins, and not to a change");
}

/// The parameters of a hash, as its text begins.
fn parameters(register: &Register, person: &Person) -> String {
    let of = format!("SELECT secret FROM credentials WHERE kind = 'password' AND person = '{}'", person.id);
    let hash = register.database().sql().texts(&of).remove(0);
    hash.split('$').take(4).collect::<Vec<_>>().join("$")
}

fn what_was_hashed_otherwise_is_hashed_anew(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let person = &cast.auditor;
    let today = parameters(&register, person);
    let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).expect("parameters"));
    let hash = cheap.hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16]).expect("a hash").to_string();
    let of = format!("kind = 'password' AND person = '{}'", person.id);
    register.database().sql().execute(&format!("UPDATE credentials SET secret = '{hash}' WHERE {of}"));
    let cheap = parameters(&register, person);
    assert_ne!(cheap, today);
    // Not for whoever does not know it, nor for whoever has no code.
    refused(&sign_in(&server, &person.id, "not the password at all", &person.codes[0]));
    refused(&sign_in(&server, &person.id, PASSWORD, "000000"));
    assert_eq!(parameters(&register, person), cheap);
    opened(&sign_in(&server, &person.id, PASSWORD, &person.codes[0]));
    assert_eq!(parameters(&register, person), today);
    opened(&sign_in(&server, &person.id, PASSWORD, &person.codes[1]));
}

fn the_secret_of_an_app_stands_sealed_in_the_database(database: Database) {
    let (register, cast) = Register::staffed(database);
    let server = register.serve();
    let (person, other) = (&cast.auditor, &cast.provider);
    let sql = register.database().sql();
    let all = || sql.texts("SELECT secret FROM credentials WHERE kind = 'totp'");
    let is_sealed = |text: &String| text.starts_with("sealed1:") && text.split(':').count() == 3;
    assert!(all().len() > 5 && all().iter().all(is_sealed), "{:?}", all());
    // Also what an app is offered and not set up yet.
    let secret = offered(&server.client().signed_in(person));
    let waiting = sql.texts("SELECT state FROM ceremonies");
    assert!(!waiting.is_empty() && waiting.iter().all(is_sealed), "{waiting:?}");
    assert_eq!(offered(&server.client().signed_in(person)), secret, "it is read again");

    // What an earlier version kept open is read, and sealed by the hourly sweep.
    let of = |person: &Person| format!("kind = 'totp' AND person = '{}'", person.id);
    let reset = |secret: &str| {
        sql.execute(&format!("UPDATE credentials SET secret = '{secret}', step = NULL WHERE {}", of(person)));
    };
    reset(&person.totp);
    opened(&sign_in(&server, &person.id, PASSWORD, &code_now(&person.totp)));
    assert_eq!(register.run(&["admin", "sweep"]), "0 addresses, 0 lines, 0 others, 1 sealed\n");
    assert!(all().iter().all(is_sealed));
    assert_eq!(register.run(&["admin", "sweep"]), "0 addresses, 0 lines, 0 others, 0 sealed\n");
    opened(&sign_in(&server, &person.id, PASSWORD, &code_next(&person.totp)));

    // Whoever can write the database puts nobody else's secret in somebody's place.
    let theirs = sql.texts(&format!("SELECT secret FROM credentials WHERE {}", of(other))).remove(0);
    reset(&theirs);
    refused(&sign_in(&server, &person.id, PASSWORD, &code_now(&other.totp)));
    assert_eq!(register.run(&["admin", "sweep"]), "0 addresses, 0 lines, 0 others, 0 sealed\n");
}
