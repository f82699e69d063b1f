//! What is asked of services once they are registered.

use domain::act::Role;
use domain::calendar::Day;
use domain::criteria::CriterionId;
use domain::watching::{
    Advertised, Aggregate, AlertFigures, CheckedCriterion, Contents, Count, Filing, Matter, Offer, OwnFinding,
    PriceCheck, Progress, period_named,
};
use domain::yen::Amount;

use super::*;
use crate::web::view::checks::{SelfCheckPage, check_fields, checked_form, price_fields};
use crate::web::view::frame::Frame;
use crate::web::view::watching::{
    AlertReportPage, DutyLine, ReportsPage, StatisticsPage, WatchingPage, fields, filled,
};

const PERIOD: &str = "2026-04-01--2026-09-30";

fn frame_of(role: Role) -> Frame {
    super::desk::frame("例示 花子", role)
}

/// One within what is registered, one above it.
fn checks() -> Vec<PriceCheck> {
    let offer = |yen, initial: &[u64]| Offer {
        monthly: Amount::including_tax(yen, 10),
        initial: initial.iter().map(|yen| Amount::including_tax(*yen, 10)).collect(),
        minimum_term_months: 24,
    };
    let check = |yen, seen_at: &str| PriceCheck {
        id: "D-04HMASW9".parse().expect("an id"),
        version: 1,
        registration: NUMBER.parse().expect("a number"),
        label: HOSTILE.to_owned(),
        registered: offer(6_600, &[]),
        advertised: Advertised {
            offer: offer(yen, &[55_000]),
            seen_at: seen_at.to_owned(),
            seen_on: day("2026-11-01"),
        },
        changed_at: at("2026-11-02T02:00:00Z"),
    };
    vec![check(6_600, HOSTILE), check(3_300, "https://example.jp/price")]
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

fn line(service: &str, progress: Progress, version: Option<u32>) -> DutyLine {
    DutyLine {
        number: NUMBER.to_owned(),
        service: service.to_owned(),
        provider: PROVIDER.to_owned(),
        matter: Matter::Alerts,
        period: period_named(PERIOD).expect("a period"),
        opens: day("2026-10-01"),
        due: day("2026-10-30"),
        progress,
        version,
    }
}

fn lines() -> Vec<DutyLine> {
    let each = [
        (Progress::Missing { days: 22 }, None),
        (Progress::Open, None),
        (Progress::Ahead, None),
        (Progress::Filed, Some(1)),
        (Progress::FiledLate { days: 3 }, Some(2)),
    ];
    let names = [HOSTILE, SERVICE].into_iter().cycle();
    names.zip(each).map(|(name, (progress, version))| line(name, progress, version)).collect()
}

fn figures(times: u32) -> AlertFigures {
    AlertFigures::of(|count| match count {
        Count::Users => 128,
        Count::Devices => 140,
        Count::Incidents => 4 * times,
        Count::Dispatches => 1,
        Count::Alerts(category, severity) => times * (1 + category as u32 * 37) * (1 + severity as u32 * 211),
    })
}

pub(super) fn add(language: Language, put: &mut Put) {
    let page = |periods: &[&str], shown: Option<Aggregate>| StatisticsPage {
        frame: Frame::public(language, "/alert-statistics", None, true),
        periods: periods.iter().filter_map(|name| period_named(name)).collect(),
        period: shown.as_ref().map(|shown| shown.period),
        shown,
        least: 3,
    };
    put("alert-statistics-none", &page(&[], None));
    let single = [Count::Users, Count::Devices, Count::Incidents, Count::Dispatches];
    let cell = |row: u64, column: u64| ((row + column) % 4 != 1).then_some((row + 1) * (column + 1) * 1_357);
    let shown = Aggregate {
        period: period_named(PERIOD).expect("a period"),
        as_of: day("2026-10-30"),
        services: 41,
        providers: 32,
        totals: single.into_iter().zip([Some(12_034), Some(28_771), Some(310), None]).collect(),
        alerts: (0..8).map(|row| (0..4).map(|column| cell(row, column)).collect()).collect(),
    };
    put("alert-statistics", &page(&[PERIOD, "2025-10-01--2026-03-31"], Some(shown)));
}

pub(super) fn add_desk(put: &mut Put) {
    put("watching-empty", &WatchingPage { frame: frame_of(Role::ProviderMember), lines: Vec::new() });
    put("watching", &WatchingPage { frame: frame_of(Role::Secretariat), lines: lines() });
    let reports = |lines| ReportsPage {
        frame: frame_of(Role::ProviderOwner),
        number: NUMBER.to_owned(),
        service: HOSTILE.to_owned(),
        lines,
        checks: checks(),
        check: None,
        form: Form::default(),
    };
    put("reports-empty", &ReportsPage { checks: Vec::new(), ..reports(Vec::new()) });
    put("reports", &reports(lines().split_off(2)));
    let check = Some(("0".repeat(32), price_fields(&declaration().prices)));
    let typed = vec![("/seenAt".to_owned(), HOSTILE.to_owned())];
    let form = Form::of(typed).with([error("/monthly", "入力してください。", "Fill this in.")]);
    let frame = || frame_of(Role::Secretariat);
    put("reports-check", &ReportsPage { frame: frame(), check: check.clone(), ..reports(lines()) });
    put("reports-check-wrong", &ReportsPage { frame: frame(), check, form, ..reports(lines()) });
    let asked = [CriterionId::HelpDesk, CriterionId::Insurance];
    let said = |finding, words: &str| CheckedCriterion { criterion: asked[0], finding, words: words.to_owned() };
    let checked = Contents::SelfCheck(vec![said(OwnFinding::Changed, HOSTILE), said(OwnFinding::StillMet, "")]);
    let own = |progress, contents: Option<&Contents>, may_file, form| SelfCheckPage {
        frame: frame_of(Role::ProviderOwner),
        line: DutyLine { matter: Matter::SelfCheck, ..line(SERVICE, progress, contents.map(|_| 1)) },
        filings: contents
            .map(|contents| Filing {
                provider: "9000000000000".parse().expect("an organisation"),
                at: at("2026-10-12T02:00:00Z"),
                contents: contents.clone(),
            })
            .into_iter()
            .collect(),
        may_file,
        fields: check_fields(&asked),
        criteria: super::criteria().into_iter().map(|weighed| weighed.line).collect(),
        form,
    };
    put("self-check-ahead", &own(Progress::Ahead, None, false, Form::default()));
    put("self-check-new", &own(Progress::Open, None, true, Form::default()));
    put("self-check", &own(Progress::Filed, Some(&checked), true, checked_form(&checked)));
    let silent = error("/criteria/help_desk/words", "変わったことを書いてください。", "Write what has changed.");
    put("self-check-wrong", &own(Progress::Open, None, true, Form::default().with([silent])));
    let report = |role, line: DutyLine, filings: &[u32], may_file, form| AlertReportPage {
        frame: frame_of(role),
        line,
        filings: filings
            .iter()
            .map(|times| Filing {
                provider: "9000000000000".parse().expect("an organisation"),
                at: at("2026-10-12T02:00:00Z"),
                contents: Contents::Alerts(figures(*times)),
            })
            .collect(),
        may_file,
        fields: fields(),
        form,
    };
    let owner = Role::ProviderOwner;
    put("alert-report-ahead", &report(owner, line(HOSTILE, Progress::Ahead, None), &[], false, Form::default()));
    put("alert-report-new", &report(owner, line(SERVICE, Progress::Open, None), &[], true, Form::default()));
    put(
        "alert-report",
        &report(Role::Secretariat, line(SERVICE, Progress::Filed, Some(2)), &[2, 1], false, Form::default()),
    );
    let wrong = Form::of(vec![("/users".to_owned(), HOSTILE.to_owned())]).with([
        error("/users", "0以上の整数を数字で入力してください。", "Enter a whole number."),
        error("/alerts/mail/low", "入力してください。", "Fill this in."),
    ]);
    put("alert-report-wrong", &report(owner, line(SERVICE, Progress::Open, None), &[], true, wrong));
    let file = filled(&figures(1)).with([
        error("/file", "3行目「件数」（読み取った値：多数）：0から1000000000までの整数を書いてください。", "Line 3"),
        error("/file", "7行目「項目」（読み取った値：ウイルス）：知らない項目です。", "Line 7"),
    ]);
    put("alert-report-file-wrong", &report(owner, line(SERVICE, Progress::Filed, Some(1)), &[1], true, file));
}
