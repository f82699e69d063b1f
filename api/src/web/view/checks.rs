//! The provider's own yearly check, and the fields of a price check.

use std::borrow::Cow::{Borrowed, Owned};

use askama::Template;
use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::text::Text;
use domain::watching::{Advertised, CheckedCriterion, Contents, Filing, Offer, OwnFinding};
use domain::yen::{Amount, Audience, Charge, LineItem};
use serde_json::{Value, json};

use super::criteria::CriterionLine;
use super::form::{Choice, Field, FieldError, Form, Input, Need, SummaryLine, Width};
use super::frame::Frame;
use super::watching::DutyLine;

/// One year's self-check of a service.
#[derive(Debug, Template)]
#[template(path = "desk/self_check.html")]
pub struct SelfCheckPage {
    pub frame: Frame,
    pub line: DutyLine,
    /// The last one first.
    pub filings: Vec<Filing>,
    pub may_file: bool,
    /// Two for each criterion that is asked.
    pub fields: Vec<Field>,
    /// Those criteria, as the edition has them.
    pub criteria: Vec<CriterionLine>,
    pub form: Form,
}

const FINDINGS: &[Choice] =
    &[(Borrowed("still_met"), Borrowed("引き続き満たしている")), (Borrowed("changed"), Borrowed("変わったことがある"))];

fn word(criterion: CriterionId) -> String {
    json!(criterion).as_str().unwrap_or_default().to_owned()
}

/// An answer and its words for each criterion.
pub fn check_fields(asked: &[CriterionId]) -> Vec<Field> {
    let field = |criterion: CriterionId, what: &str, label: &str, help, input, need| Field {
        name: Owned(format!("/criteria/{}/{what}", word(criterion))),
        label: Owned(format!("{}：{label}", criterion.term().ja)),
        help,
        input,
        need,
    };
    let both = |criterion: &CriterionId| {
        let finding = Input::OneOf(Borrowed(FINDINGS));
        [
            field(*criterion, "finding", "点検の結果", "", finding, Need::Required),
            field(
                *criterion,
                "words",
                "変わったこと",
                "変わったことがあるときは、必ず書いてください。",
                Input::Lines,
                Need::MayBeBlank,
            ),
        ]
    };
    asked.iter().flat_map(both).collect()
}

/// What was typed, as a self-check.
pub fn read_check(form: &Form, asked: &[CriterionId]) -> Result<Vec<CheckedCriterion>, Vec<FieldError>> {
    form.read(&check_fields(asked))?;
    let mut silent = Vec::new();
    let read = |criterion: &CriterionId| {
        let place = format!("/criteria/{}", word(*criterion));
        let words = form.value(&format!("{place}/words")).to_owned();
        let is_changed = form.value(&format!("{place}/finding")) == "changed";
        if is_changed && words.trim().is_empty() {
            let message = Text::new("変わったことを書いてください。", "Write what has changed.");
            silent.push(FieldError { field: format!("{place}/words"), message });
        }
        let finding = if is_changed { OwnFinding::Changed } else { OwnFinding::StillMet };
        CheckedCriterion { criterion: *criterion, finding, words }
    };
    let checked: Vec<_> = asked.iter().map(read).collect();
    if silent.is_empty() { Ok(checked) } else { Err(silent) }
}

/// A form that says what was reported.
pub fn checked_form(contents: &Contents) -> Form {
    let Contents::SelfCheck(checked) = contents else { return Form::default() };
    let typed = checked.iter().flat_map(|one| {
        let place = format!("/criteria/{}", word(one.criterion));
        let finding = match one.finding {
            OwnFinding::StillMet => "still_met",
            OwnFinding::Changed => "changed",
        };
        [(format!("{place}/finding"), finding.to_owned()), (format!("{place}/words"), one.words.clone())]
    });
    Form::of(typed.collect())
}

impl SelfCheckPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(&self.fields)
    }

    /// Each criterion with its two fields.
    fn asked(&self) -> Vec<(Option<&CriterionLine>, &[Field])> {
        let of = |fields: &&[Field]| {
            let key = fields[0].name.split('/').nth(2).unwrap_or_default().to_owned();
            self.criteria.iter().find(|line| line.key == key)
        };
        self.fields.chunks(2).map(|fields| (of(&fields), fields)).collect()
    }

    /// A filing as a table: criterion, answer, words.
    fn answers(&self, filing: &Filing) -> Vec<(String, &'static str, String)> {
        let Contents::SelfCheck(checked) = &filing.contents else { return Vec::new() };
        let answer = |one: &CheckedCriterion| {
            let finding = match one.finding {
                OwnFinding::StillMet => "引き続き満たしている",
                OwnFinding::Changed => "変わったことがある",
            };
            (one.criterion.term().ja, finding, one.words.clone())
        };
        checked.iter().map(answer).collect()
    }
}

const TAXES: &[Choice] = &[(Borrowed("excluded"), Borrowed("税抜")), (Borrowed("included"), Borrowed("税込"))];

/// The fields of a price check against one of these lines.
pub fn price_fields(prices: &[LineItem]) -> Vec<Field> {
    let is_monthly = |item: &LineItem| matches!(item.charge, Charge::Monthly | Charge::MonthlyPerEndpoint);
    let words = |item: &LineItem| {
        let audience = match item.audience {
            Audience::Anyone => "",
            Audience::Member => "（会員）",
            Audience::NonMember => "（非会員）",
        };
        let per = if item.charge == Charge::MonthlyPerEndpoint { "1台あたり" } else { "" };
        format!("{}{audience} {per}月額{}", item.label, item.amount.text().ja)
    };
    let lines = prices.iter().enumerate().filter(|(_, item)| is_monthly(item));
    let choices: Vec<Choice> = lines.map(|(line, item)| (Owned(line.to_string()), Owned(words(item)))).collect();
    vec![
        Field::required("/line", "比べる登録の料金", "", Input::Select(Owned(choices))),
        Field::required("/monthly", "表示された月額", "", Input::Yen),
        Field::optional("/initial", "表示された初期費用", "なければ空にしてください。", Input::Yen),
        Field::required("/tax", "表示の税区分", "月額と初期費用に共通です。", Input::OneOf(Borrowed(TAXES))),
        Field::optional("/taxRatePercent", "税率", "税込のときだけ。", Input::Number("%")),
        Field::required(
            "/minimumTermMonths",
            "最低契約期間",
            "定めがなければ0。初期費用をこの月数で割ります。",
            Input::Number("か月"),
        ),
        Field::required("/seenAt", "見た場所", "アドレスや、広告の名前など。", Input::Line(Width::Full)),
        Field::required("/seenOn", "見た日", "", Input::Day),
    ]
}

/// What was read of those fields: the line, and the price that was seen.
pub fn price(read: &Value) -> Result<(usize, Advertised), Vec<FieldError>> {
    let number = |name: &str| read[name].as_u64();
    let amount = |field: &str, yen: u64| -> Result<Amount, Vec<FieldError>> {
        let mut document = json!({ "yen": yen, "tax": read["tax"] });
        if let Some(rate) = number("taxRatePercent") {
            document["taxRatePercent"] = json!(rate);
        }
        serde_json::from_value(document).map_err(|error| {
            let said = error.to_string();
            let (ja, en) = said.split_once(" / ").unwrap_or((&said, &said));
            vec![FieldError { field: field.to_owned(), message: Text::new(ja, en) }]
        })
    };
    let rate = "/taxRatePercent";
    let initial = number("initial").map(|yen| amount(rate, yen)).transpose()?;
    let offer = Offer {
        monthly: amount(rate, number("monthly").unwrap_or_default())?,
        initial: initial.into_iter().collect(),
        minimum_term_months: number("minimumTermMonths").and_then(|months| months.try_into().ok()).unwrap_or(u32::MAX),
    };
    let unreadable = |field: &str| {
        vec![FieldError {
            field: field.to_owned(), message: Text::new("読み取れません。", "This cannot be read.")
        }]
    };
    let line = read["line"].as_str().and_then(|line| line.parse().ok()).ok_or_else(|| unreadable("/line"))?;
    let seen_on: Day = read["seenOn"].as_str().and_then(|day| day.parse().ok()).ok_or_else(|| unreadable("/seenOn"))?;
    let seen_at = read["seenAt"].as_str().unwrap_or_default().to_owned();
    Ok((line, Advertised { offer, seen_at, seen_on }))
}
