//! A person's due days as a calendar that others' programs read (iCalendar, RFC 5545).

use domain::calendar::{Day, Instant};
use domain::notice::Due;
use sha2::{Digest, Sha256};

use super::path_of;
use crate::config::BaseUrl;

/// Bytes of a line, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// The calendar of these due days, as of `at`.
pub fn calendar(due: &[Due], base: &BaseUrl, at: Instant) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        fold(line, &mut text);
    };
    say("BEGIN:VCALENDAR");
    say("VERSION:2.0");
    say("PRODID:-//Otasuketai Register//Due days//JA");
    say("CALSCALE:GREGORIAN");
    say("METHOD:PUBLISH");
    say("X-WR-CALNAME:お助け隊サービス登録簿の期限");
    say("X-WR-TIMEZONE:Asia/Tokyo");
    // Readers look again about every six hours.
    say("REFRESH-INTERVAL;VALUE=DURATION:PT6H");
    for due in due {
        say("BEGIN:VEVENT");
        say(&format!("UID:{}", uid(due, base)));
        say(&format!("DTSTAMP:{}", instant(at)));
        say(&format!("DTSTART;VALUE=DATE:{}", day(due.day)));
        say(&format!("DTEND;VALUE=DATE:{}", day(due.day.next())));
        say(&format!("SUMMARY:{}", escaped(&format!("期限：{}", due.title.ja))));
        say(&format!("DESCRIPTION:{}", escaped(&format!("{}\n{}", due.todo.ja, due.todo.en))));
        say(&format!("URL:{}", base.join(&path_of(&due.place))));
        // It takes nobody's time.
        say("TRANSP:TRANSPARENT");
        say("END:VEVENT");
    }
    say("END:VCALENDAR");
    text
}

/// The same as long as it is the same thing, whenever it is due: a day that moves moves in the calendar.
fn uid(due: &Due, base: &BaseUrl) -> String {
    let digest = Sha256::digest(format!("{}\n{}", due.subject, due.what));
    format!("{}@{}", data_encoding::HEXLOWER.encode(&digest[..16]), base.host())
}

fn day(day: Day) -> String {
    day.to_string().replace('-', "")
}

fn instant(at: Instant) -> String {
    at.to_string().replace(['-', ':'], "")
}

/// A text value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes a line in pieces of at most [`LINE`] bytes, none of which ends within a letter.
fn fold(line: &str, text: &mut String) {
    let mut bytes = 0;
    for c in line.chars() {
        if bytes + c.len_utf8() > LINE {
            text.push_str("\r\n ");
            bytes = 1;
        }
        text.push(c);
        bytes += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use domain::notice::{Audience, Place, Work};
    use domain::text::Text;

    use super::*;

    fn due(what: &str, on: &str, title: &str) -> Due {
        Due {
            work: Work::TermEnd,
            subject: "registration/OTK-2026-00001".parse().unwrap(),
            what: what.to_owned(),
            day: on.parse().unwrap(),
            since: "2026-01-01".parse().unwrap(),
            audience: vec![Audience::People(Vec::new())],
            provider: None,
            place: Place::Registration("OTK-2026-00001".parse().unwrap()),
            title: Text::new(title, "title"),
            todo: Text::new("一、二；三;四\\五,六", "do"),
        }
    }

    fn made(due: &[Due]) -> String {
        calendar(due, &"https://otasuketai.example".parse().unwrap(), "2026-12-01T00:00:00Z".parse().unwrap())
    }

    #[test]
    fn lines_are_folded_between_letters() {
        for length in 20..60 {
            let made = made(&[due("term-1", "2028-02-29", &"期".repeat(length))]);
            assert!(made.split("\r\n").all(|line| line.len() <= LINE), "{made}");
            assert!(!made.replace("\r\n", "").contains(['\r', '\n']), "every line ends as it must");
            let unfolded = made.replace("\r\n ", "");
            assert!(unfolded.contains(&format!("SUMMARY:期限：{}\r\n", "期".repeat(length))), "{unfolded}");
        }
    }

    #[test]
    fn an_event_is_a_whole_day_with_a_uid_that_stays() {
        let unfolded = |due: &Due| made(std::slice::from_ref(due)).replace("\r\n ", "");
        let first = unfolded(&due("term-1", "2028-02-29", "終わり"));
        assert!(first.contains("DTSTART;VALUE=DATE:20280229\r\nDTEND;VALUE=DATE:20280301\r\n"), "{first}");
        assert!(first.contains("DTSTAMP:20261201T000000Z\r\n"), "{first}");
        assert!(first.contains("DESCRIPTION:一、二；三\\;四\\\\五\\,六\\ndo\r\n"), "{first}");
        let uid = |text: &str| text.lines().find(|line| line.starts_with("UID:")).map(str::to_owned);
        assert_eq!(uid(&first), uid(&unfolded(&due("term-1", "2028-03-31", "ほか"))));
        assert_ne!(uid(&first), uid(&unfolded(&due("term-2", "2028-02-29", "終わり"))));
    }
}
