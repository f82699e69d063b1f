use domain::act::Role;
use domain::application::Progress;

use super::desk::{case, footing, frame, judged, lines};
use super::*;
use crate::web::view::applications::{Decision, Stage};
use crate::web::view::ruling::{
    ConditionLine, ConditionsPage, FindingLine, May, ObjectionLine, Reason, ReplyLine, ReportLine, RulingPage, Tried,
};

pub(super) fn add(put: &mut Put) {
    let provider = May { report: true, object: true, ..May::default() };
    put("ruling", &page(Stage::Registered, provider));
    let wrong = Form::default().with([error("/words", "入力してください。", "Fill this in.")]);
    let kept = vec![("d".repeat(64), HOSTILE.to_owned())];
    let report = |form| RulingPage {
        form,
        tried: Some(Tried::Report(1)),
        kept: kept.clone(),
        ..page(Stage::Registered, provider)
    };
    put("ruling-report-wrong", &report(wrong));
    let unfit = Form::default().with([error("/reason", "入力してください。", "Fill this in.")]);
    let objecting = RulingPage { form: unfit, tried: Some(Tried::Object), ..page(Stage::Failed, provider) };
    put("ruling-object-wrong", &objecting);
    let staff = May { reply: true, hear: true, ..May::default() };
    let heard = RulingPage {
        frame: frame("判定者 三郎", Role::DecisionMaker),
        objection: Some(objection(false)),
        earlier: vec![(decision(), objection(true))],
        ..page(Stage::Objected, staff)
    };
    put("ruling-objected", &heard);
    let late = super::too_late(&["/reason"]);
    put(
        "ruling-object-late-wrong",
        &RulingPage { form: late, tried: Some(Tried::Object), ..page(Stage::Failed, May::default()) },
    );
    put(
        "ruling-undecided",
        &RulingPage {
            decision: None,
            until: None,
            conditions: Vec::new(),
            reasons: Vec::new(),
            ..page(Stage::Examining, May::default())
        },
    );
    let frame = frame("事務局 花子", Role::Secretariat);
    let cases = vec![(case(SERVICE, Stage::Registered), conditions()), (case(HOSTILE, Stage::Passed), conditions())];
    put(
        "conditions",
        &ConditionsPage { frame: frame.clone(), cases, next: Some("2026-12-01.A-2026-00193".to_owned()) },
    );
    put("conditions-empty", &ConditionsPage { frame, cases: Vec::new(), next: None });
}

fn page(stage: Stage, may: May) -> RulingPage {
    RulingPage {
        frame: frame(PROVIDER, Role::ProviderOwner),
        case: case(SERVICE, stage),
        owner: "8010401051744".to_owned(),
        decision: Some(decision()),
        until: Some("2026-12-10".parse().expect("a day")),
        reasons: lines().into_iter().map(|line| Reason { line, judged: judged(true) }).collect(),
        conditions: conditions(),
        objection: None,
        earlier: Vec::new(),
        footing: footing(),
        may,
        form: Form::default(),
        tried: None,
        kept: Vec::new(),
    }
}

fn decision() -> Decision {
    Decision { is_pass: true, reason: "すべての要件を満たす。".to_owned(), at: now() }
}

/// One in each state.
pub(super) fn conditions() -> Vec<ConditionLine> {
    let reply = |is_accepted| Some(ReplyLine { is_accepted, reason: HOSTILE.to_owned(), at: now() });
    let report = |reply| ReportLine {
        words: "規約の改定を公表した。".to_owned(),
        files: vec![("d".repeat(64), HOSTILE.to_owned())],
        at: now(),
        reply,
    };
    let line = |number, progress, is_overdue, reports| ConditionLine {
        number,
        words: HOSTILE.to_owned(),
        criterion: (number == 1).then(|| "相談窓口".to_owned()),
        owner: "お客さま相談室長".to_owned(),
        due: "2026-12-01".parse().expect("a day"),
        progress,
        is_overdue,
        reports,
    };
    vec![
        line(1, Progress::Open, false, Vec::new()),
        line(2, Progress::Open, true, vec![report(reply(false))]),
        line(3, Progress::Reported, false, vec![report(None)]),
        line(4, Progress::Met, false, vec![report(reply(true))]),
    ]
}

fn objection(is_upheld: bool) -> ObjectionLine {
    let finding = is_upheld.then(|| FindingLine { is_upheld, reason: HOSTILE.to_owned(), at: now() });
    ObjectionLine { reason: HOSTILE.to_owned(), files: vec![("d".repeat(64), HOSTILE.to_owned())], at: now(), finding }
}
