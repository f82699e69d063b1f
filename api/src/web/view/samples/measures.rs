//! Samples of the page of measures, as each of those who act sees it.

use domain::act::Role;
use domain::application::{Condition, ConditionReport, Undertaking};
use domain::registration::{Announced, Discontinuation, Emergency, Grounds, MeasureObjection};

use super::account::frame;
use super::*;
use crate::web::view::form::Form;
use crate::web::view::measures::{AttentionPage, AttentionRow, HearingLine, May, MeasureLine, MeasuresPage, Tried};
use crate::web::view::succession::{SuccessionPage, fields as succession_fields};

pub(super) fn add(put: &mut Put) {
    let registration = measured();
    put("measures", &page(&registration, Role::Auditor, May::default()));
    put("measures-none", &page(&super::registration(SERVICE, Vec::new()), Role::Auditor, May::default()));
    let secretariat =
        May { take: MeasureKind::ALL.to_vec(), suspend_at_once: true, confirm: true, answer: true, ..May::default() };
    let provider = May { report: true, object: vec![2], state_side: true, discontinue: true, ..May::default() };
    put("measures-secretariat", &page(&registration, Role::Secretariat, secretariat.clone()));
    put("measures-provider", &page(&registration, Role::ProviderOwner, provider.clone()));
    put("measures-hearer", &page(&registration, Role::DecisionMaker, May { hear: vec![3], ..May::default() }));
    let wrong = |tried: Tried, role, may: &May| {
        let errors = tried.fields().into_iter().map(|field| error(&field.name, "入力してください。", "Enter it."));
        let form = Form::of(vec![("/reason".to_owned(), HOSTILE.to_owned())]).with(errors.collect::<Vec<_>>());
        MeasuresPage { form, tried: Some(tried), ..page(&registration, role, may.clone()) }
    };
    put("measures-revoke-wrong", &wrong(Tried::Take(MeasureKind::Revoked), Role::Secretariat, &secretariat));
    let demand = Tried::Take(MeasureKind::CorrectionDemanded);
    put("measures-demand-wrong", &wrong(demand, Role::Secretariat, &secretariat));
    put("measures-end-wrong", &wrong(Tried::Discontinue, Role::ProviderOwner, &provider));
    let late = MeasuresPage {
        form: too_late(&["/reason"]),
        tried: Some(Tried::Object(1)),
        ..page(&registration, Role::ProviderOwner, provider)
    };
    put("measures-object-late-wrong", &late);
    let rows = vec![AttentionRow::new(&registration, now())];
    let succession = |form: Form| SuccessionPage {
        frame: frame(Role::Secretariat),
        number: registration.number.to_string(),
        version: registration.version,
        service: SERVICE.to_owned(),
        provider: HOSTILE.to_owned(),
        owner: "9000000000000".to_owned(),
        state: (&registration.status(now())).into(),
        form,
    };
    put("succession", &succession(Form::default()));
    let errors: Vec<_> =
        succession_fields().iter().map(|field| error(&field.name, "入力してください。", "Enter it.")).collect();
    let typed = Form::of(vec![("/reason".to_owned(), HOSTILE.to_owned())]);
    put("succession-wrong", &succession(typed.with(errors)));
    put("attention", &AttentionPage { frame: frame(Role::Secretariat), rows });
    put("attention-none", &AttentionPage { frame: frame(Role::ProviderOwner), rows: Vec::new() });
}

fn page(of: &Registration, role: Role, may: May) -> MeasuresPage {
    let hearing = HearingLine {
        proposal: "Q-04HMASW9".to_owned(),
        name: "取消し".to_owned(),
        reason: HOSTILE.to_owned(),
        clauses: vec!["登録後に基準の要件を満たさなくなったとき".to_owned()],
        facts: HOSTILE.to_owned(),
        until: now().day().plus_days(10),
        is_open: true,
        statement: None,
    };
    let said = HearingLine {
        proposal: "Q-04HMASWA".to_owned(),
        is_open: false,
        statement: Some((HOSTILE.to_owned(), now())),
        ..hearing.clone()
    };
    let (is_measured, today) = (!of.measures.is_empty(), now().day());
    MeasuresPage {
        frame: frame(role),
        number: of.number.to_string(),
        version: of.version,
        service: of.listing.service_name.clone(),
        provider: of.listing.provider.trade_name.clone(),
        owner: of.owner.to_string(),
        state: (&of.status(now())).into(),
        measures: MeasureLine::all(of, today),
        hearings: if is_measured { vec![hearing, said] } else { Vec::new() },
        waiting: of.waiting_emergency(now()),
        announced: of.discontinuation().cloned(),
        may,
        notice_days: 30,
        form: Form::default(),
        tried: None,
        kept: Vec::new(),
    }
}

/// A demand for correction with one report that waits, a suspension that is announced, one that was objected to, and an
/// emergency.
fn measured() -> Registration {
    let person = || "P-04HMASW9".parse().expect("an id");
    let grounds = |from| {
        let clauses = vec!["criteria_unmet".to_owned(), "untrue".to_owned()];
        let (facts, takers) = (HOSTILE.to_owned(), vec![person(), person()]);
        Some(Box::new(Grounds { clauses, facts, from, takers, objection_until: Some(now().day().plus_days(20)) }))
    };
    let condition = Condition {
        words: HOSTILE.to_owned(),
        criterion: None,
        owner: "品質保証部長".to_owned(),
        due: now().day().plus_days(-3),
    };
    let report =
        ConditionReport { words: HOSTILE.to_owned(), evidence: Vec::new(), by: person(), at: now(), reply: None };
    let undertaking = |reports| Undertaking { condition: condition.clone(), reports };
    let demanded = Measure {
        grounds: grounds(at("2026-10-01T00:00:00Z")),
        corrections: vec![undertaking(vec![report]), undertaking(Vec::new())],
        ..measure(MeasureKind::CorrectionDemanded, "2026-10-01T00:00:00Z", HOSTILE)
    };
    let ahead = Measure {
        grounds: grounds(now().plus_seconds(864_000)),
        ..measure(MeasureKind::Suspended, "2026-11-10T00:00:00Z", HOSTILE)
    };
    let objection =
        MeasureObjection { reason: HOSTILE.to_owned(), evidence: Vec::new(), by: person(), at: now(), finding: None };
    let contested = Measure {
        grounds: grounds(at("2026-11-11T00:00:00Z")),
        objection: Some(Box::new(objection)),
        ..measure(MeasureKind::Cautioned, "2026-11-11T00:00:00Z", "注意の理由")
    };
    let emergency = Measure {
        grounds: grounds(now()),
        emergency: Some(Emergency { until: now().plus_seconds(86_400), confirmed: None }),
        ..measure(MeasureKind::Suspended, &now().to_string(), "監視の停止が確認されたため")
    };
    let plan = Discontinuation {
        last_day: now().day().plus_days(100),
        for_users: HOSTILE.to_owned(),
        contracts: "違約金なしで解約できます。".to_owned(),
    };
    Registration {
        discontinued: Some(Box::new(Announced { plan, at: now() })),
        ..registration(SERVICE, vec![demanded, ahead, contested, emergency])
    }
}
