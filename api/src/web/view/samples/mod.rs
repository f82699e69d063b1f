//! Every page in every state it can be in, for `every_page` and for looking at.

mod desk;
mod public;

use askama::DynTemplate;
use domain::calendar::{Day, Instant, Period};
use domain::declaration::{Class, Kind};
use domain::parties::Prefecture;
use domain::text::{Language, Text};
use domain::yen::{Amount, Audience, Charge, LineItem};

use super::form::FieldError;

/// A page as rendered.
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) language: Language,
    /// Says that something typed is wrong.
    pub(super) is_refused: bool,
    pub(super) html: String,
}

/// A name that would be markup, were it not escaped.
pub(super) const HOSTILE: &str = r#"<script>alert("1")</script> & '株式会社'"#;

/// All of them.
pub(super) fn all() -> Vec<Sample> {
    let mut samples = Vec::new();
    for language in [Language::Ja, Language::En] {
        public::add(language, &mut |name, page| samples.push(sample(name, language, page)));
    }
    desk::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    samples
}

/// Takes the name and the page of a sample.
type Put<'a> = dyn FnMut(&str, &dyn DynTemplate) + 'a;

fn sample(name: &str, language: Language, page: &dyn DynTemplate) -> Sample {
    let html = page.dyn_render().expect("a template writes to memory");
    let is_refused = name.contains("wrong") || name.starts_with("problem");
    Sample { name: name.to_owned(), language, is_refused, html }
}

fn at(text: &str) -> Instant {
    text.parse().expect("an instant")
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn now() -> Instant {
    at("2026-11-21T01:49:12Z")
}

fn term(from: &str) -> Period {
    Period::of_years(day(from), 2)
}

fn prefectures(codes: &[&str]) -> Vec<Prefecture> {
    codes.iter().map(|code| code.parse().expect("a prefecture")).collect()
}

fn everywhere() -> Vec<Prefecture> {
    Prefecture::all().collect()
}

fn prices() -> Vec<LineItem> {
    let line = |label: &str, charge, audience, amount| LineItem { label: label.to_owned(), charge, audience, amount };
    vec![
        line("会員", Charge::Monthly, Audience::Member, Amount::including_tax(6_600, 10)),
        line("会員のほか", Charge::Monthly, Audience::NonMember, Amount::including_tax(8_250, 10)),
        line("設置の手伝い", Charge::Optional, Audience::Anyone, Amount::excluding_tax(20_000)),
    ]
}

fn error(field: &str, ja: &str, en: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: Text::new(ja, en) }
}

const KIND: Kind = Kind::Network;
const CLASS: Class = Class::One;
const SERVICE: &str = "まもりネット見守りパック";
const PROVIDER: &str = "株式会社サンプル通信";
const NUMBER: &str = "OTK-2026-01001";
const CORPORATE_NUMBER: &str = "9000000000000";
