//! Mail that came back: a delivery status notification (RFC 3464), as the mail server hands it to `otasuketai bounce`.

use domain::act::PersonId;

use super::mail::MailFault;
use crate::account::trail::Line;
use crate::acts::{AtHand, Errand, Refused};
use crate::identity::secret::digest;

/// The longest notification that is read, in bytes.
pub const LONGEST: usize = 1 << 20;

/// What a notification says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The message that came back.
    pub message: String,
    /// `5.1.1`
    pub status: String,
}

impl Report {
    /// Reads a notification that a mail of `host` failed for good. `None` for everything else: one that is only late, an
    /// answer from a person, somebody else's mail.
    pub fn read(text: &str, host: &str) -> Option<Self> {
        let lines = unfolded(text);
        let field = |name: &str| {
            let of = move |line: &String| {
                let (found, value) = line.split_once(':')?;
                found.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            };
            lines.iter().filter_map(of).collect::<Vec<_>>()
        };
        let kind = field("Content-Type").first()?.to_ascii_lowercase();
        if !(kind.starts_with("multipart/report") && kind.contains("delivery-status")) {
            return None;
        }
        field("Action").iter().find(|action| action.eq_ignore_ascii_case("failed"))?;
        let status = field("Status").into_iter().find(|status| status.starts_with("5."))?;
        let status: String = status.chars().take_while(|c| c.is_ascii_digit() || *c == '.').take(12).collect();
        // The notification has an id of its own; the mail that it returns has ours.
        let own = format!("@{host}>");
        let message = field("Message-ID").into_iter().rev().find_map(|id| {
            let id = id.strip_prefix('<')?.strip_suffix(&own)?.to_owned();
            (id.len() == 26 && id.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(id)
        })?;
        Some(Self { message, status })
    }

    /// Is it the address that takes no mail (RFC 3463: bad addresses, and a mailbox that is closed)?
    fn is_of_the_address(&self) -> bool {
        self.status.starts_with("5.1.") || self.status == "5.2.1"
    }
}

/// Header lines that go on in the next are one.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) && !line.trim().is_empty() => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// A mail came back.
#[derive(Debug)]
pub struct Bounced(pub Report);

impl Errand for Bounced {
    /// Whose it was; none where there is no such message, or it had come back before.
    type Done = Option<PersonId>;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Option<PersonId>, Refused> {
        let Self(report) = self;
        let (tx, at) = (at_hand.tx, at_hand.at);
        let Some(person) = tx.bounce_mail(&report.message, &report.status).await? else { return Ok(None) };
        let address = tx.profile(&person).await?.and_then(|profile| profile.email);
        if let Some(address) = address.filter(|_| report.is_of_the_address()) {
            let fault = MailFault { digest: digest(&address), at, detail: report.status.clone() };
            tx.keep_mail_fault(&person, Some(&fault)).await?;
        }
        let line = Line::done("mail.bounced", at, at_hand.from).about(format!("person/{person}"));
        at_hand.note(Line { detail: Some(report.status), ..line });
        Ok(Some(person))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "From: MAILER-DAEMON@mx.example\r\nMessage-ID: <own@mx.example>\r\n\
        Content-Type: multipart/report;\r\n report-type=delivery-status; boundary=\"b\"\r\n\r\n--b\r\n\
        Content-Type: text/plain\r\n\r\nIt could not be delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; hanako@example.jp\r\nAction: failed\r\n\
        Status: 5.1.1 (no such user)\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
        Message-ID:\r\n <abcdefghijklmnopqrstuvwxyz@otasuketai.example>\r\nSubject: x\r\n--b--\r\n";

    #[test]
    fn a_notification_of_failure_names_our_message() {
        let read = |text: &str| Report::read(text, "otasuketai.example");
        let report = read(REPORT).expect("it is one");
        assert_eq!((report.message.as_str(), report.status.as_str()), ("abcdefghijklmnopqrstuvwxyz", "5.1.1"));
        assert!(report.is_of_the_address());
        for (what, text) in [
            ("only late", REPORT.replace("Action: failed", "Action: delayed")),
            ("not for good", REPORT.replace("Status: 5.1.1", "Status: 4.2.2")),
            ("somebody else's mail", REPORT.replace("@otasuketai.example", "@other.example")),
            ("no report", REPORT.replace("delivery-status", "disposition-notification")),
            ("a person's answer", "From: a@b.example\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n".to_owned()),
            ("nothing", String::new()),
        ] {
            assert_eq!(read(&text), None, "{what}");
        }
        let full = read(&REPORT.replace("5.1.1", "5.2.2")).expect("it is one");
        assert!(!full.is_of_the_address(), "a full mailbox is the right one");
    }
}
