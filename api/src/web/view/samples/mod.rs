//! Every page in every state it can be in, for `every_page` and for looking at.

mod account;
mod complaints;
mod day;
mod desk;
mod drafts;
mod house;
mod imports;
mod measures;
mod people;
mod public;
mod questions;
mod records;
mod ruling;
mod telling;
mod watching;

use askama::DynTemplate;
use domain::act::{Grant, Listing, RegisteredProvider};
use domain::calendar::{Instant, Period};
use domain::declaration::{Class, Declaration, Kind};
use domain::licence::token::HolderKind;
use domain::licence::{Closed, Licence};
use domain::registration::{Cause, Change, Measure, MeasureKind, Registration, Succession, SuccessionKind};
use domain::text::{Language, Text};

use super::form::{FieldError, Form};

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

/// Why something is refused on the pages whose names say "late".
pub(super) const TOO_LATE: &str = "別の人が先に変更しました。";

/// All of them.
pub(super) fn all() -> Vec<Sample> {
    let mut samples = Vec::new();
    for language in [Language::Ja, Language::En] {
        public::add(language, &mut |name, page| samples.push(sample(name, language, page)));
        complaints::add(language, &mut |name, page| samples.push(sample(name, language, page)));
        watching::add(language, &mut |name, page| samples.push(sample(name, language, page)));
        day::add_public(language, &mut |name, page| samples.push(sample(name, language, page)));
        house::add(language, &mut |name, page| samples.push(sample(name, language, page)));
        account::add(language, &mut |name, page| samples.push(sample(name, language, page)));
    }
    desk::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    day::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    day::add_rounds(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    questions::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    drafts::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    account::add_desk(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    records::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    house::add_desk(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    complaints::add_desk(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    imports::add_desk(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    watching::add_desk(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    measures::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    people::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    telling::add(&mut |name, page| samples.push(sample(name, Language::Ja, page)));
    samples
}

/// The criteria of the sample application as an examiner sees them.
pub(super) fn criteria() -> Vec<super::criteria::Weighed> {
    desk::weighed(false)
}

/// Its files.
pub(super) fn case_files() -> Vec<super::evidence::FileLine> {
    desk::case_files()
}

/// The fields of the sample application that a return can name.
pub(super) fn nameable_fields() -> Vec<super::form::Choice> {
    super::declaration::nameable(&declaration())
}

/// A registration that was suspended, reinstated and then revoked.
pub(super) fn revoked_after_reinstatement() -> Registration {
    registration(SERVICE, public::revoked())
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

fn error(field: &str, ja: &str, en: &str) -> FieldError {
    FieldError { field: field.to_owned(), message: Text::new(ja, en) }
}

/// What was typed into these fields, refused because somebody else was first.
fn too_late(fields: &[&str]) -> Form {
    let typed = fields.iter().map(|field| ((*field).to_owned(), HOSTILE.to_owned())).collect();
    Form::of(typed).with([error("", TOO_LATE, "Somebody else was first.")])
}

/// The declaration of seed 3's service, which the schema's examples hold.
fn osaka() -> serde_json::Value {
    const EXAMPLE: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas/examples/declaration/valid/osaka-cci.json"));
    serde_json::from_str(EXAMPLE).expect("an example is JSON")
}

fn declaration() -> Declaration {
    serde_json::from_value(osaka()).expect("the example is valid")
}

/// A registration renewed once, with these measures.
fn registration(service: &str, measures: Vec<Measure>) -> Registration {
    let declaration = declaration();
    Registration {
        number: NUMBER.parse().expect("a number"),
        version: 3,
        owner: "9000000000000".parse().expect("an organisation"),
        application: "A-2024-00193".parse().expect("an application"),
        listing: Listing {
            service_name: service.to_owned(),
            service_name_kana: "マモリネットミマモリパック".to_owned(),
            summary: "UTMの貸出し、24時間の遠隔監視、駆付け、簡易サイバー保険を一つの契約で提供します。\n設置の手伝いもできます。".to_owned(),
            class: Class::One,
            monitoring: Kind::Network,
            regions: declaration.service.regions,
            prices: declaration.prices,
            provider: RegisteredProvider {
                legal_entity_number: Some("9000000000000".parse().expect("a corporate number")),
                trade_name: PROVIDER.to_owned(),
                trade_name_kana: "カブシキガイシャサンプルツウシン".to_owned(),
                prefecture: declaration.provider.prefecture,
            },
            edition: "2.0".to_owned(),
            edition_digest: "5e".repeat(32),
        },
        terms: ["2024-04-01", "2026-04-01"].map(|from| Period::of_years(from.parse().expect("a day"), 2)).to_vec(),
        measures,
        discontinued: None,
        filings: Vec::new(),
        earlier_editions: Vec::new(),
        declared: None,
        changes: Vec::new(),
        registered_at: at("2024-03-28T02:00:00Z"),
        changed_at: at("2026-03-28T02:00:00Z"),
    }
}

/// The same, notified of and then gone over to this provider from another one.
fn succeeded(service: &str) -> Registration {
    let mut registration = registration(service, Vec::new());
    let mut before = registration.listing.clone();
    before.provider.trade_name = HOSTILE.to_owned();
    let succession = Succession {
        to: registration.owner.clone(),
        kind: SuccessionKind::Merger,
        on: "2026-10-01".parse().expect("a day"),
        reason: HOSTILE.to_owned(),
        evidence: HOSTILE.to_owned(),
    };
    let causes = [
        (
            "2026-07-01T00:00:00Z",
            Cause::Notified { fields: vec!["/provider/telephone".to_owned(), HOSTILE.to_owned()] },
        ),
        (
            "2026-08-01T00:00:00Z",
            Cause::Examined { application: "A-2026-00077".parse().expect("an id"), fields: vec!["/prices".to_owned()] },
        ),
        ("2026-10-05T00:00:00Z", Cause::Succeeded { succession: Box::new(succession) }),
    ];
    registration.changes = causes
        .map(|(when, cause)| Change {
            at: at(when),
            cause,
            owner: "O-FORMER".parse().expect("an id"),
            listing: before.clone(),
        })
        .into();
    registration
}

fn measure(kind: MeasureKind, when: &str, reason: &str) -> Measure {
    let (grounds, corrections, emergency, objection) = (None, Vec::new(), None, None);
    Measure { kind, at: at(when), reason: reason.to_owned(), grounds, corrections, emergency, objection }
}

fn licence(id: &str, holder_kind: HolderKind, holder: &str, closed: Option<Closed>) -> Licence {
    let is_user = holder_kind == HolderKind::User;
    Licence {
        id: id.parse().expect("a licence id"),
        version: 1,
        grant: Grant {
            registration: NUMBER.parse().expect("a number"),
            holder_kind,
            holder_name: holder.to_owned(),
            holder_number: (!is_user).then(|| "9000000000000".parse().expect("a corporate number")),
            contract_from: is_user.then(|| "2026-05-01".parse().expect("a day")),
            status_index: 12_345,
            expires_at: at("2028-03-31T15:00:00Z"),
            key: "9f3a01c7".to_owned(),
            token_digest: "5e".repeat(32),
        },
        granted_at: at("2026-05-02T02:00:00Z"),
        former: Vec::new(),
        closed,
        changed_at: at("2026-05-02T02:00:00Z"),
    }
}

/// A day after every one of these terms and measures, unless a sample says otherwise.
fn now() -> Instant {
    at("2026-11-21T01:49:12Z")
}

const SERVICE: &str = "まもりネット見守りパック";
const PROVIDER: &str = "株式会社サンプル通信";
const NUMBER: &str = "OTK-2026-01001";
