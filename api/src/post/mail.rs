//! Mail: how a message is written, and the server it is handed to.
//!
//! A message is UTF-8, as plain text and as HTML; its headers are encoded words, its lines short (lettre sees to both).
//! Its `Message-ID` is the message's own, however often it is sent. Who may do without it finds `List-Unsubscribe` for
//! one click (RFC 8058).

use std::time::{Duration, SystemTime};

use askama::Template;
use domain::calendar::Instant;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use openidconnect::url::Url;

use super::Message;
use crate::config::BaseUrl;
use crate::identity::secret::{Secret, digest};

/// How long one exchange with the mail server may take: shorter than [`super::schedule::LEASE`].
const LONGEST: Duration = Duration::from_secs(20);

/// What is wrong with somebody's mail address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFault {
    /// SHA-256 of the address, so that another one is tried.
    pub digest: String,
    pub at: Instant,
    /// What the mail server said: a status code.
    pub detail: String,
}

impl MailFault {
    /// Is it this address that takes no mail?
    pub fn is_of(&self, address: &str) -> bool {
        self.digest == digest(address)
    }
}

/// The mail server, and in whose name mail goes out.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailer(from {})", self.from)
    }
}

/// What came of an attempt to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// Not now.
    Later(String),
    /// Never, and not because of the address.
    Refused(String),
    /// There is no such mailbox, or it takes no mail.
    NoMailbox(String),
}

impl Mailer {
    /// Mail through the server at `url`: `smtps://host` (TLS), `smtp://host` on this machine, or `smtp://host` with
    /// STARTTLS, which is required elsewhere. `user` may stand in the address, a password must not.
    pub fn new(url: &str, from: &str, password: Option<&Secret>) -> Result<Self, String> {
        let told = |why: &str| format!("{url}: {why}");
        let read = Url::parse(url).map_err(|error| told(&error.to_string()))?;
        if read.password().is_some() {
            return Err(
                "パスワードは --smtp-password-file に書いてください / put the password into --smtp-password-file"
                    .to_owned(),
            );
        }
        let host = read.host_str().ok_or_else(|| told("no host"))?.to_owned();
        let is_here = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
        let tls = || TlsParameters::new(host.clone()).map_err(|error| told(&error.to_string()));
        let (tls, port) = match read.scheme() {
            "smtps" => (Tls::Wrapper(tls()?), 465),
            "smtp" if is_here => (Tls::None, 25),
            "smtp" => (Tls::Required(tls()?), 587),
            _ => {
                return Err(told(
                    "smtp://host:port か smtps://host:port と書いてください / write smtp://host:port or smtps://host:port",
                ));
            }
        };
        let from: Mailbox = from.parse().map_err(|error| format!("--mail-from {from}: {error}"))?;
        let server = host.trim_matches(['[', ']']);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server)
            .tls(tls)
            .port(read.port().unwrap_or(port))
            .timeout(Some(LONGEST));
        if let Some(password) = password {
            builder = builder.credentials(Credentials::new(read.username().to_owned(), password.expose().to_owned()));
        }
        Ok(Self { transport: builder.build(), from })
    }

    /// Hands a message to the mail server.
    pub async fn send(&self, message: &Message, name: &str, address: &str, base: &BaseUrl) -> Outcome {
        let mail = match write(&self.from, message, name, address, base) {
            Ok(mail) => mail,
            Err(why) => return Outcome::NoMailbox(why),
        };
        match self.transport.send(mail).await {
            Ok(_) => Outcome::Sent,
            Err(error) => {
                let code = error.status().map(|code| code.to_string());
                match code.as_deref() {
                    // RFC 5321, 4.2.3: what they say is of the mailbox.
                    Some(code @ ("550" | "551" | "553")) => Outcome::NoMailbox(code.to_owned()),
                    Some(code) if error.is_permanent() => Outcome::Refused(code.to_owned()),
                    Some(code) => Outcome::Later(code.to_owned()),
                    None if error.is_timeout() => Outcome::Later("timeout".to_owned()),
                    None => Outcome::Later("connection".to_owned()),
                }
            }
        }
    }
}

#[derive(Template)]
#[template(path = "post/mail.txt")]
struct Plain<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "post/mail.html")]
struct Html<'a> {
    letter: &'a Letter<'a>,
}

/// What both forms of a mail say.
struct Letter<'a> {
    name: &'a str,
    message: &'a Message,
    link: String,
    settings: String,
    /// None where it is duty.
    unsubscribe: Option<String>,
}

impl Letter<'_> {
    fn until(&self) -> domain::text::Text {
        self.message.words.until.words()
    }
}

/// A line end in a name never makes a header.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// The mail of a message.
fn write(
    from: &Mailbox,
    message: &Message,
    name: &str,
    address: &str,
    base: &BaseUrl,
) -> Result<lettre::Message, String> {
    let address: Address = address.parse().map_err(|_| "address".to_owned())?;
    let to = Mailbox::new(Some(one_line(name)).filter(|name| !name.is_empty()), address);
    let unsubscribe = (!message.topic.is_duty()).then(|| base.join(&format!("/unsubscribe/{}", message.id)));
    let link = base.join(&format!("/inbox/{}", message.id));
    let letter = Letter { name, message, link, settings: base.join("/inbox/settings"), unsubscribe };
    let failed = |error: &dyn std::fmt::Display| error.to_string();
    let plain = Plain { letter: &letter }.render().map_err(|error| failed(&error))?;
    let html = Html { letter: &letter }.render().map_err(|error| failed(&error))?;
    let written_at = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(message.at.unix()).unwrap_or_default());
    let mut builder = lettre::Message::builder()
        .from(from.clone())
        .to(to)
        .subject(one_line(&format!("【お助け隊サービス登録簿】{}", message.words.title.ja)))
        .date(written_at)
        .message_id(Some(message_id(&message.id, base)))
        // RFC 3834: no machine answers this.
        .raw_header(header("Auto-Submitted", "auto-generated".to_owned()));
    if let Some(unsubscribe) = &letter.unsubscribe {
        builder = builder
            .raw_header(header("List-Unsubscribe", format!("<{unsubscribe}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
    }
    let crlf = |text: String| text.replace('\n', "\r\n");
    builder.multipart(MultiPart::alternative_plain_html(crlf(plain), crlf(html))).map_err(|error| failed(&error))
}

fn header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// The `Message-ID` of a message: the same whenever it is sent.
pub fn message_id(id: &str, base: &BaseUrl) -> String {
    format!("<{id}@{}>", base.host())
}

#[cfg(test)]
mod tests {
    use domain::notice::{Place, Topic, Until, Words};
    use domain::text::Text;

    use super::*;
    use crate::post::MailState;

    fn message(topic: Topic, title: &str) -> Message {
        Message {
            id: "abcdefghijklmnopqrstuvwxyz".to_owned(),
            person: "P-1".parse().unwrap(),
            announcement: "act/1/0".to_owned(),
            at: "2026-12-01T00:00:00Z".parse().unwrap(),
            topic,
            words: Words {
                title: Text::new(title, "Title"),
                happened: Text::new("起きたこと".repeat(60), "Happened"),
                why: Some("<b>理由</b>\r\nBcc: x@example.jp".to_owned()),
                todo: Text::new("すること", "Do"),
                until: Until::Open,
            },
            place: Place::Account,
            read_at: None,
            mail: MailState::Waiting,
            mail_due_at: None,
            mail_attempts: 1,
        }
    }

    fn written(topic: Topic, title: &str, name: &str) -> String {
        let from = "登録簿 <no-reply@otasuketai.example>".parse().unwrap();
        let base = "https://otasuketai.example".parse().unwrap();
        let mail = write(&from, &message(topic, title), name, "hanako@example.jp", &base).expect("it can be written");
        String::from_utf8(mail.formatted()).expect("mail is ASCII")
    }

    #[test]
    fn a_mail_is_ascii_in_short_lines_with_its_own_id() {
        let mail = written(Topic::Measure, "サービスの登録が一時停止されました。".repeat(6).as_str(), "大阪 花子");
        assert!(mail.is_ascii());
        assert!(mail.lines().all(|line| line.len() <= 78), "{mail}");
        assert!(mail.contains("Message-ID: <abcdefghijklmnopqrstuvwxyz@otasuketai.example>"), "{mail}");
        assert!(mail.contains("=?utf-8?"), "{mail}");
        assert!(mail.contains("multipart/alternative"), "{mail}");
        assert!(mail.contains("Auto-Submitted: auto-generated"), "{mail}");
    }

    #[test]
    fn only_what_is_no_duty_can_be_done_without() {
        for topic in Topic::ALL {
            let mail = written(topic, "題", "花子").replace("\r\n ", " ");
            let says =
                mail.contains("List-Unsubscribe: <https://otasuketai.example/unsubscribe/abcdefghijklmnopqrstuvwxyz>");
            assert_eq!(says, !topic.is_duty(), "{topic:?}: {mail}");
            assert_eq!(mail.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), says, "{topic:?}");
        }
    }

    /// Nor does an address take more than one.
    #[test]
    fn a_line_end_never_makes_a_header() {
        for evil in ["花子\r\nBcc: x@example.jp", "x\nBcc: x@example.jp", "x\rBcc: x@example.jp", "x\r\n\r\nBody"] {
            let mail = written(Topic::Work, evil, evil);
            let head = mail.split("\r\n\r\n").next().unwrap_or_default();
            assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
        }
        let from = "no-reply@otasuketai.example".parse().unwrap();
        let base = "https://otasuketai.example".parse().unwrap();
        for evil in ["a@b.example\r\nBcc: x@example.jp", "a@b.example, c@d.example", "a b@c.example", ""] {
            assert_eq!(
                write(&from, &message(Topic::Work, "題"), "花子", evil, &base).err().as_deref(),
                Some("address")
            );
        }
    }

    /// Connections are kept by a task, which takes a runtime.
    #[tokio::test]
    async fn a_server_elsewhere_is_reached_over_tls() {
        for (url, is_good) in [
            ("smtp://127.0.0.1:2525", true),
            ("smtp://localhost", true),
            ("smtps://mail.example.jp", true),
            ("smtp://user@mail.example.jp:587", true),
            ("smtp://user:secret@mail.example.jp", false),
            ("http://mail.example.jp", false),
            ("mail.example.jp", false),
        ] {
            let made = Mailer::new(url, "登録簿 <no-reply@example.jp>", None);
            assert_eq!(made.is_ok(), is_good, "{url}: {made:?}");
            assert!(!format!("{made:?}").contains("secret"));
        }
        assert!(Mailer::new("smtp://localhost", "nobody", None).is_err());
    }
}
