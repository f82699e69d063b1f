//! A round 「登録の回」: the services whose term begins on some days, as they are announced: computed from the acts, of
//! public facts alone, in the same words before the entry and after it.

use crate::act::{Act, ApplicationId, Deed, Listing, RegistrationNumber, Subject};
use crate::application::Application;
use crate::calendar::{Day, Period};
use crate::declaration::Class;
use crate::parties::Prefecture;
use crate::reading::day_text;
use crate::registration::listing_of;
use crate::text::Text;

/// The most days of one round.
pub const DAYS: i64 = 366;

/// A service that is entered, or will be: a new one, or the next term of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// None before the entry: it is given then.
    pub number: Option<RegistrationNumber>,
    pub application: ApplicationId,
    pub listing: Listing,
    pub term: Period,
    pub is_renewal: bool,
}

/// Days on which terms begin; both are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round {
    pub from: Day,
    pub last: Day,
}

/// Days that are no round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoRound {
    /// It would end before it begins.
    Backwards { from: Day, last: Day },
    /// It would have more than [`DAYS`].
    TooLong { days: i64 },
}

impl Round {
    /// The round of these days.
    pub fn new(from: Day, last: Day) -> Result<Self, NoRound> {
        let days = from.days_until(last) + 1;
        match days {
            ..=0 => Err(NoRound::Backwards { from, last }),
            1..=DAYS => Ok(Self { from, last }),
            _ => Err(NoRound::TooLong { days }),
        }
    }

    /// Does a term that begins on that day belong to it?
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && day <= self.last
    }

    /// What the acts of one registration entered in this round, as it was entered.
    pub fn entries<'a>(&self, acts: impl IntoIterator<Item = &'a Act>) -> Vec<Entry> {
        let entry = |act: &Act| {
            let Subject::Registration(number) = &act.subject else { return None };
            let (application, listing, term, is_renewal) = match &act.deed {
                Deed::Registered { application, listing, term, .. } => (application, listing, *term, false),
                Deed::Renewed { application, listing, term, .. } => (application, listing, *term, true),
                _ => return None,
            };
            self.holds(term.from).then(|| Entry {
                number: Some(number.clone()),
                application: application.clone(),
                listing: (**listing).clone(),
                term,
                is_renewal,
            })
        };
        acts.into_iter().filter_map(entry).collect()
    }

    /// The announcement's first lines.
    pub fn head(&self, services: usize) -> Text {
        let (from, last) = (day_text(self.from), day_text(self.last));
        let (is_are, service) = if services == 1 { ("is", "service") } else { ("are", "services") };
        Text::new(
            format!("登録の有効期間が{}から{}までに始まるお助け隊サービスは、次の{services}件です。", from.ja, last.ja),
            format!(
                "The following {services} {service} {is_are} registered for a term that begins between {} and {}.",
                from.en, last.en
            ),
        )
    }
}

impl Entry {
    /// What passed, as it will be entered with a term from that day.
    pub fn expected(application: &Application, number: Option<RegistrationNumber>, term: Period) -> Option<Self> {
        application.passed_at()?;
        Some(Self {
            number,
            application: application.id.clone(),
            listing: listing_of(application),
            term,
            is_renewal: application.concerns.is_some(),
        })
    }

    /// Its lines, as they are copied into a release.
    pub fn lines(&self) -> Vec<Text> {
        let Listing { service_name, service_name_kana, provider, class, monitoring, regions, .. } = &self.listing;
        let (class_ja, class_en) = match class {
            Class::One => ("1類", "Class 1"),
            Class::Two => ("2類", "Class 2"),
        };
        let kind = monitoring.term();
        let (from, last) = (day_text(self.term.from), day_text(self.term.last_day()));
        let corporate = provider.legal_entity_number.as_ref().map(ToString::to_string);
        let number = self.number.as_ref().map(ToString::to_string);
        let names = |of: fn(Prefecture) -> &'static str| regions.iter().map(|one| of(*one)).collect::<Vec<_>>();
        let all = regions.len() == Prefecture::all().count();
        let (regions_ja, regions_en) = if all {
            ("全国".to_owned(), "all of Japan".to_owned())
        } else {
            (names(Prefecture::name_ja).join("、"), names(Prefecture::name_en).join(", "))
        };
        let (kind_ja, kind_en) = if self.is_renewal { ("更新", "renewal") } else { ("新規", "new") };
        vec![
            Text::new(
                format!("{service_name}（{service_name_kana}）"),
                format!("{service_name} ({service_name_kana})"),
            ),
            Text::new(
                match &corporate {
                    Some(number) => format!("提供事業者：{}（法人番号 {number}）", provider.trade_name),
                    None => format!("提供事業者：{}", provider.trade_name),
                },
                match &corporate {
                    Some(number) => format!("Provider: {} (corporate number {number})", provider.trade_name),
                    None => format!("Provider: {}", provider.trade_name),
                },
            ),
            Text::new(format!("種類：{class_ja}、{}", kind.ja), format!("Class and kind: {class_en}, {}", kind.en)),
            Text::new(format!("対応地域：{regions_ja}"), format!("Regions: {regions_en}")),
            Text::new(
                format!("登録番号：{}（{kind_ja}）", number.as_deref().unwrap_or("登録のときに付番")),
                format!("Registration number: {} ({kind_en})", number.as_deref().unwrap_or("given on entry")),
            ),
            Text::new(format!("有効期間：{}から{}まで", from.ja, last.ja), format!("Term: {} to {}", from.en, last.en)),
        ]
    }
}

/// In the order in which they are announced: by the provider's and the service's reading.
pub fn in_order(mut entries: Vec<Entry>) -> Vec<Entry> {
    entries.sort_by_cached_key(|entry| {
        let listing = &entry.listing;
        let (provider, service) = (listing.provider.trade_name_kana.clone(), listing.service_name_kana.clone());
        (provider, service, entry.application.clone())
    });
    entries
}

/// The whole announcement as plain text.
pub fn announcement(round: &Round, entries: &[Entry]) -> Text {
    let (mut ja, mut en) = ("お助け隊サービスの登録\n\n".to_owned(), "Registered Otasuketai services\n\n".to_owned());
    let head = round.head(entries.len());
    ja.push_str(&head.ja);
    en.push_str(&head.en);
    for (number, entry) in (1..).zip(entries) {
        for (index, line) in entry.lines().into_iter().enumerate() {
            let begin = if index == 0 { format!("\n\n{number}. ") } else { "\n   ".to_owned() };
            ja.push_str(&format!("{begin}{}", line.ja));
            en.push_str(&format!("{begin}{}", line.en));
        }
    }
    ja.push('\n');
    en.push('\n');
    Text::new(ja, en)
}
