//! The rows: for every route, on what it is asked and with what body. Here a new route says what it needs.

use std::fmt;

use api::clock;
use api::gate::{Declared, Rule};
use domain::authority::Power;
use domain::calendar::Period;
use domain::scheme::Scheme;
use domain::watching::name_of;
use serde_json::Value;
use tests::Cast;

use crate::request::Sends;
use crate::stage::{Kind, Thing};

mod accounts;
mod json;
mod pages;

/// One row of the table: a route asked on one kind of thing.
#[derive(Clone, Debug)]
pub struct Row {
    pub method: String,
    path: String,
    /// Told apart where the answer depends on what it is asked about.
    variant: &'static str,
    pub rule: Rule,
    /// Any of these is enough for the thing it is asked on.
    pub powers: Vec<Power>,
    pub kind: Kind,
    pub sends: Sends,
    /// It is refused in the end for something else than who asks, such as a passkey that no test device made.
    pub stops_short: bool,
    /// A form that offers each visitor what they may choose, and takes nothing else.
    pub offers: bool,
    pub uses_other_session: bool,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        if self.variant.is_empty() { Ok(()) } else { write!(f, " ({})", self.variant) }
    }
}

impl Row {
    fn of(route: &Declared) -> Self {
        let powers = match route.rule {
            Rule::Needs(powers) => powers.to_vec(),
            Rule::Public | Rule::Entrance | Rule::Session => Vec::new(),
        };
        Self {
            method: route.method.to_string(),
            path: route.path.clone(),
            variant: "",
            rule: route.rule,
            powers,
            kind: Kind::Nothing,
            sends: Sends::Nothing,
            stops_short: false,
            offers: false,
            uses_other_session: false,
        }
    }

    fn on(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }

    fn json(self, body: Value) -> Self {
        Self { sends: Sends::Json(body), ..self }
    }

    fn file(self, bytes: &'static [u8]) -> Self {
        Self { sends: Sends::File(bytes), ..self }
    }

    fn form(self, fields: &[(&'static str, &str)]) -> Self {
        let fields = fields.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { sends: Sends::Form(fields), ..self }
    }

    fn short(self) -> Self {
        Self { stops_short: true, ..self }
    }

    /// Where the thing or the body decides which of the route's powers it takes.
    fn case(self, variant: &'static str, power: Power) -> Self {
        Self { variant, powers: vec![power], ..self }
    }

    /// A row for a proposal about an edition.
    fn on_editions_proposal(self) -> Vec<Self> {
        vec![Self { powers: vec![Power::ReadProposals, Power::PublishEdition], ..self.on(Kind::Publication) }]
    }

    /// A row for each kind of proposal, which takes the power that it is about.
    fn on_proposals(self) -> Vec<Self> {
        let is_read = self.method == "GET";
        let on = |(variant, power, kind): (&'static str, Power, Kind)| {
            let row = self.clone().on(kind).case(variant, power);
            if is_read { Self { powers: vec![Power::ReadProposals, power], ..row } } else { row }
        };
        let each = [
            ("decision", Power::Decide, Kind::Decision),
            ("measure", Power::TakeMeasure, Kind::Measure),
            ("revocation", Power::RevokeLicence, Kind::Revocation),
            ("activation", Power::ChangeKey, Kind::Activation),
            ("compromise", Power::ChangeKey, Kind::Distrust),
            ("edition", Power::PublishEdition, Kind::Publication),
            ("waiver", Power::WaiveConflict, Kind::Waiver),
            ("objection", Power::DecideObjection, Kind::Hearing),
            ("measure's objection", Power::HearMeasure, Kind::Finding),
            ("setting", Power::ChangeSettings, Kind::Setting),
        ];
        each.into_iter().map(on).collect()
    }

    /// Is it one of the JSON face?
    pub fn is_json(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// The path to a thing. What it does not name is the same for all things.
    pub fn path_to(&self, thing: &Thing) -> String {
        let part = |part: &str| match (thing.names.iter().find(|(name, _)| **name == part), part) {
            (Some((_, value)), _) => value.clone(),
            (None, ":day") => clock::now().day().to_string(),
            (None, ":index") => "0".to_owned(),
            (None, ":criterion") => "help_desk".to_owned(),
            // It is not over yet.
            (None, ":period") if self.path.contains("check") => name_of(Period::of_years(clock::now().day(), 1)),
            (None, ":period") => name_of(Scheme::bundled().alert_reports.period_of(clock::now().day())),
            (None, ":measure") => "suspend".to_owned(),
            (None, ":setting") => "examination_days".to_owned(),
            (None, ":file") if self.path.starts_with("/static/") => "site.css".to_owned(),
            (None, ":file") if self.path.starts_with("/offline/") => "token.js".to_owned(),
            (None, ":file") => "mark.svg".to_owned(),
            (None, ":id") if self.path.contains("/editions/") => "1.0".to_owned(),
            (None, name) if name.starts_with(':') => panic!("{self}: a {:?} has no {name}", self.kind),
            (None, plain) => plain.to_owned(),
        };
        self.path.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}

/// The rows of all routes.
pub fn rows(routes: &[Declared], cast: &Cast) -> Vec<Row> {
    routes
        .iter()
        .flat_map(|route| if is_json(route) { json::rows(route, cast) } else { pages::rows(route, cast) })
        .collect()
}

fn is_json(route: &Declared) -> bool {
    route.path.starts_with("/api/")
}

/// A route without names in its path is asked as it is; any other must be known.
fn plain(route: &Declared) -> Vec<Row> {
    let is_plain = route.method == "GET" && !route.path.contains("/:");
    assert!(
        is_plain,
        "{} {} has no line in tests/tests/authority/routes.rs: say there on what it is asked, and with what body",
        route.method, route.path
    );
    vec![Row::of(route)]
}

fn both_examiners(cast: &Cast) -> [&String; 2] {
    cast.examiners.each_ref().map(|examiner| &examiner.id)
}
