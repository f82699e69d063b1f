//! A registration's licences as their provider and the secretariat see them.

use std::slice;

use domain::calendar::{Day, Instant, Period};
use domain::licence::Licence;
use domain::licence::token::HolderKind;
use domain::registration::Registration;

use super::form::{Field, Form, Input, Leftover, SummaryLine, Width};
use super::state::State;

/// The licences under a registration, the kits of their marks, and the form that grants another.
#[derive(Clone, Debug)]
pub struct LicencePanel {
    /// The registration's number.
    pub number: String,
    pub state: State,
    pub term: Period,
    pub licences: Vec<LicenceCard>,
    /// Where the next page of licences begins.
    pub next: Option<String>,
    /// The form for a user SME's licence; only for the provider whose service it is.
    pub grant: Option<Grant>,
    /// The registration's version, where the secretariat may grant the provider its own licence.
    pub own: Option<u32>,
    /// Of a refused form that the panel does not hold any more.
    pub leftover: Leftover,
}

/// The form for a licence of a user SME.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The registration's version.
    pub version: u32,
    pub form: Form,
}

/// One licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenceCard {
    /// The licence id as shown to people.
    pub id: String,
    pub version: u32,
    pub kind: HolderKind,
    pub holder: String,
    pub holder_number: Option<String>,
    pub granted_on: Day,
    pub contract_from: Option<Day>,
    pub state: State,
    /// May whoever looks end it?
    pub can_end: bool,
    /// What was typed to end it.
    ending: Form,
}

/// The pictures of a kit: the file's name, and what it shows.
pub static KIT: [(&str, &str); 9] = [
    ("mark", "マーク"),
    ("mark-dark", "マーク（濃い地の色に）"),
    ("mark-en", "マーク（英語）"),
    ("mark-en-dark", "マーク（英語、濃い地の色に）"),
    ("mini", "ミニマーク"),
    ("mini-dark", "ミニマーク（濃い地の色に）"),
    ("mini-en", "ミニマーク（英語）"),
    ("mini-en-dark", "ミニマーク（英語、濃い地の色に）"),
    ("qr", "QRコードだけ"),
];

/// What granting a licence to a user SME asks.
pub static GRANT: [Field; 3] = [
    Field::required(
        "/holderName",
        "利用企業の名称",
        "マークの確認画面に、この通りに表示されます。",
        Input::Line(Width::Middle),
    ),
    Field::optional("/holderNumber", "法人番号", "13桁の数字。個人事業主は空けておきます。", Input::CorporateNumber),
    Field::required("/contractFrom", "サービスの契約を始めた日", "今日までの日。例：2026年4月1日", Input::Day),
];

/// Why a licence ends.
pub static END: Field = Field::required("/reason", "終了の理由", "例：契約の終了", Input::Line(Width::Middle));

impl LicencePanel {
    /// The panel of a registration with some of its licences; `can_end` says which of them whoever looks may end.
    pub fn new(
        registration: &Registration,
        licences: &[Licence],
        can_end: impl Fn(&Licence) -> bool,
        grant: Option<Grant>,
        at: Instant,
    ) -> Self {
        let card = |licence: &Licence| LicenceCard::new(licence, registration, can_end(licence), at);
        Self {
            number: registration.number.to_string(),
            state: (&registration.status(at)).into(),
            term: registration.term_at(at.day()),
            licences: licences.iter().map(card).collect(),
            next: None,
            grant,
            own: None,
            leftover: Leftover::default(),
        }
    }

    /// With a refused form for granting a licence.
    pub fn refuse_grant(&mut self, form: Form) {
        match &mut self.grant {
            Some(grant) => *grant = Grant::new(grant.version, form),
            None => self.leftover = Leftover::of(&form, &GRANT),
        }
    }

    /// With a refused form for ending a licence. Every error stands in that licence's form, since there are many.
    pub fn refuse_end(&mut self, licence: &str, form: Form) {
        match self.licences.iter_mut().find(|card| card.can_end && card.id == licence) {
            Some(card) => card.ending = form.wrong_at(&END.name),
            None => self.leftover = Leftover::of(&form, slice::from_ref(&END)),
        }
    }

    /// Errors of the forms that the panel holds.
    pub(super) fn summary(&self) -> Vec<SummaryLine> {
        let grant = self.grant.iter().flat_map(|grant| grant.form.summary(&GRANT));
        let ending = self.licences.iter().flat_map(|card| card.end_form().summary(slice::from_ref(&END)));
        grant.chain(ending).collect()
    }
}

impl Grant {
    /// An empty form, or one with what was typed and what is wrong with it.
    pub fn new(version: u32, form: Form) -> Self {
        Self { version, form: form.marked("grant") }
    }
}

impl LicenceCard {
    fn new(licence: &Licence, registration: &Registration, can_end: bool, at: Instant) -> Self {
        let grant = &licence.grant;
        Self {
            id: licence.id.to_string(),
            version: licence.version,
            kind: grant.holder_kind,
            holder: grant.holder_name.clone(),
            holder_number: grant.holder_number.as_ref().map(ToString::to_string),
            granted_on: licence.granted_at.day(),
            contract_from: grant.contract_from,
            state: (&licence.standing(registration, at)).into(),
            can_end: can_end && licence.closed.is_none(),
            ending: Form::default(),
        }
    }

    pub(super) fn is_user(&self) -> bool {
        self.kind == HolderKind::User
    }

    /// A form of its own, so that ids differ between the licences of one page.
    pub(super) fn end_form(&self) -> Form {
        self.ending.clone().marked(format!("end-{}", self.id))
    }
}
