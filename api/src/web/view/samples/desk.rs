use domain::act::{FieldReason, Role, Verdict};
use domain::application::{Basis, Clearance, Clock, Deadline, Shift};
use domain::assessment::assess_under;
use domain::criteria::{CriterionId, TrackRecord, gates};
use domain::declaration::Declaration;
use domain::edition::{Criterion, Editions, provisions};
use domain::evidence::{EvidenceFile, EvidenceLink, FileDigest, Media};
use domain::examination::{Answer as Judgement, Bound, Ground, Judgement as Given};
use domain::registration::Window;
use domain::settings::Settings;

use super::*;
use crate::changes::{Past, Said, said};
use crate::evidence::{Named, Scan, Upload};
use crate::web::view::applications::{
    ApplicationPage, Case, Decision, Desk, Examined, Moment, QueuePage, RenewalLine, ReturnedField, Stage, When,
};
use crate::web::view::criteria::{CriterionLine, Earlier, Judged, LastJudged, Weighed};
use crate::web::view::decisions::{DECISION, DecidedPage, DecisionPage, Recommendation};
use crate::web::view::declaration::{declared, nameable};
use crate::web::view::evidence::FileLine;
use crate::web::view::examinations::{ExaminationPage, Phase};
use crate::web::view::footing::Footing;
use crate::web::view::form::{Form, Leftover};
use crate::web::view::frame::{Frame, Viewer};
use crate::web::view::intake::{Assignment, IntakePage, Person, ReplacedSeat, Seat, Tried, Waived};
use crate::web::view::interests::{Closed, InterestPage};
use crate::web::view::judging;
use crate::web::view::licences::LicencePanel;
use crate::web::view::questions::{Conversation, Threads};
use crate::working_papers::{Unsent, WorkingPaper};

pub(super) fn add(put: &mut Put) {
    for desk in [Desk::Applications, Desk::Intake, Desk::Examinations, Desk::Decisions] {
        put(&format!("queue-{}", &desk.path()[1..]), &queue(desk));
    }
    put("queue-empty", &QueuePage { cases: Vec::new(), next: None, ..queue(Desk::Decisions) });
    for (name, page) in applications() {
        put(name, &page);
    }
    for (name, page) in intakes() {
        put(name, &page);
    }
    for (name, page) in examinations() {
        put(name, &page);
    }
    for (name, page) in interests() {
        put(name, &page);
    }
    super::ruling::add(put);
    put("decision", &decision(Form::default()));
    put("decision-late-wrong", &decided());
    put("decision-wrong", &decision(Form::default().with([error("/verdict", "判定を選んでください。", "Choose.")])));
}

pub(super) fn frame(name: &str, role: Role) -> Frame {
    Frame::desk(
        Viewer { name: name.to_owned(), roles: vec![role], csrf: "form-token".to_owned(), unread: 3, ends_in: 3_600 },
        true,
    )
}

pub(super) fn case(service: &str, stage: Stage) -> Case {
    Case {
        id: "A-2026-00193".to_owned(),
        version: 4,
        service: service.to_owned(),
        provider: PROVIDER.to_owned(),
        class: Class::One,
        kind: Kind::Network,
        edition: "2.0".to_owned(),
        submitted_at: at("2026-11-02T03:04:05Z"),
        submission: 2,
        stage,
        renews: (service == HOSTILE).then(|| "OTK-2024-00031".to_owned()),
        changes: None,
        clock: Clock {
            due: Some(Deadline::seen("2026-11-20".parse().expect("a day"), now().day(), Settings::bundled())),
            stopped_since: None,
        },
        is_closed: service == HOSTILE && stage == Stage::Examining,
    }
}

pub(super) fn queue(desk: Desk) -> QueuePage {
    let stages = match desk {
        Desk::Applications => vec![
            Stage::Submitted,
            Stage::Returned,
            Stage::Examining,
            Stage::Recommended,
            Stage::Passed,
            Stage::Failed,
            Stage::Registered,
            Stage::Withdrawn,
        ],
        Desk::Intake => vec![Stage::Submitted, Stage::Passed],
        Desk::Examinations => vec![Stage::Examining],
        Desk::Decisions => vec![Stage::Recommended, Stage::Objected],
    };
    let role = match desk {
        Desk::Applications => Role::ProviderOwner,
        Desk::Intake => Role::Secretariat,
        Desk::Examinations => Role::Examiner,
        Desk::Decisions => Role::DecisionMaker,
    };
    let mut cases: Vec<Case> = stages.into_iter().map(|stage| case(SERVICE, stage)).collect();
    cases.push(case(HOSTILE, Stage::Submitted));
    if desk == Desk::Examinations {
        cases.push(case(HOSTILE, Stage::Examining));
    }
    let drafts = if desk == Desk::Applications { super::drafts::lines() } else { Vec::new() };
    let (waiting, next) = (Vec::new(), Some("bmV4dA==".to_owned()));
    let renewals = if desk == Desk::Applications { renewals().into() } else { Vec::new() };
    QueuePage { frame: frame(PROVIDER, role), desk, at: now(), drafts, renewals, cases, waiting, next }
}

/// In time, late, and filed.
pub(super) fn renewals() -> [RenewalLine; 3] {
    let day = |text: &str| text.parse().expect("a day");
    let line = |service: &str, filed_on: Option<&str>, is_late| RenewalLine {
        number: "OTK-2024-00031".to_owned(),
        service: service.to_owned(),
        window: Window { opens: day("2026-08-30"), due: day("2026-12-30"), closes: day("2027-04-30") },
        filed_on: filed_on.map(day),
        holds_until: filed_on.map(|_| day("2027-11-01")),
        is_late,
        can_begin: filed_on.is_none(),
    };
    [line(SERVICE, None, false), line(HOSTILE, None, true), line(SERVICE, Some("2026-10-01"), false)]
}

pub(super) fn files() -> Vec<FileLine> {
    let [first, second] = uploaded();
    vec![FileLine::new(&first.0, Some(Scan::Clean)), FileLine::new(&second.0, Some(Scan::None))]
}

/// Two files as they were uploaded, and as an application names them.
pub(super) fn uploaded() -> [(EvidenceFile, Upload); 2] {
    let link = |criterion, page, note: &str| EvidenceLink { criterion, page, note: note.to_owned() };
    let upload = |n: u8, name: &str, media, pages| Upload {
        organisation: "8010401051744".parse().expect("an organisation"),
        digest: FileDigest::of([n; 32]),
        person: "P-00000001".parse().expect("a person"),
        name: name.to_owned(),
        media,
        bytes: 1_234_567,
        pages,
        shown: FileDigest::of([n; 32]),
        shown_bytes: 1_234_567,
        scan: Scan::None,
        uploaded_at: at("2026-11-02T03:00:00Z"),
    };
    let named = |upload: Upload, links| {
        let speaks_of = Some("2026-10-01".parse().expect("a day"));
        (Named { digest: upload.digest.clone(), speaks_of, links }.of(upload.clone()), upload)
    };
    let links = vec![link(CriterionId::HelpDesk, Some(3), HOSTILE), link(CriterionId::Insurance, None, "")];
    [named(upload(1, HOSTILE, Media::Pdf, Some(12)), links), named(upload(2, "対応実績.csv", Media::Csv, None), vec![])]
}

/// What the engine finds on the sample declaration.
pub(super) fn lines() -> Vec<CriterionLine> {
    let edition = Editions::bundled().find("2.0").expect("an edition");
    let day = "2026-11-02".parse().expect("a day");
    let assessment = assess_under(edition, &declaration(), day, Some(&TrackRecord::default()));
    CriterionLine::all(&assessment, edition)
}

pub(super) fn judged(both: bool) -> Vec<Judged> {
    let case = [uploaded()[0].0.clone()];
    let ground = Ground { digest: case[0].digest.clone(), page: Some(3) };
    let one = |examiner: &str, answer, reason: &str| {
        let given = Given { evidence: vec![ground.clone()], ..Given::new(CriterionId::HelpDesk, answer, reason) };
        Judged::new(examiner.to_owned(), &given, &case)
    };
    let first = one("審査員 一郎", Judgement::Met, "窓口規程3ページで確かめた。");
    let second = Judged { overrules: true, ..one("審査員 二郎", Judgement::Unmet, HOSTILE) };
    let until = at("2026-11-12T05:00:00Z");
    let earlier = vec![Earlier { judged: one("審査員 二郎", Judgement::NotApplicable, HOSTILE), until }];
    if both { vec![first, Judged { earlier, ..second }] } else { Vec::new() }
}

pub(super) fn weighed(both: bool) -> Vec<Weighed> {
    let edition = Editions::bundled().find("2.0").expect("an edition");
    let (mut before, now) = (declaration(), declaration());
    before.help_desk.hours = "平日の9時から20時まで（例示）".to_owned();
    before.prices.remove(0);
    let past = Past { submission: Some(before), last_term: None };
    let weigh = |criterion: &Criterion| {
        let line = lines().into_iter().find(|line| line.criterion == criterion.id).expect("it is found on");
        let bound = Bound::new(criterion, &line.conclusion);
        let weighed = Weighed::new(line, &now, bound, judged(both)).shown_by(&files()).beside(&past, &now);
        Weighed { last_term: Some(last_term(&now)), ..weighed }
    };
    edition.criteria_for(Class::One, Kind::Network).into_iter().map(weigh).collect()
}

/// The files of the sample application.
pub(super) fn case_files() -> Vec<FileLine> {
    files()
}

/// Decided about two years before, under another insurance.
fn last_term(now: &Declaration) -> LastJudged {
    let mut then = now.clone();
    then.insurance.policy = format!("旧サイバー保険 {HOSTILE}");
    let changed = said(CriterionId::Insurance, now, Some(&then));
    LastJudged {
        application: "A-2024-00017".to_owned(),
        is_pass: true,
        decided_at: at("2024-10-01T01:00:00Z"),
        judged: judged(true),
        changed: changed.into_iter().flat_map(|section| section.entries).flatten().filter(Said::is_changed).collect(),
    }
}

/// Of a case of class 2: gates, what is provisional, what a decision rests on, and what has changed.
pub(super) fn footing() -> Footing {
    let mut declared = declaration();
    declared.service.class = Class::Two;
    let (edition, day) = (Editions::bundled().find("2.0").expect("an edition"), "2026-11-02".parse().expect("a day"));
    let record = TrackRecord {
        class_one_terms: vec![Period::of_years("2025-01-15".parse().expect("a day"), 2)],
        ..TrackRecord::default()
    };
    let basis = Basis {
        edition: "2.0".to_owned(),
        edition_digest: edition.digest_hex(),
        corrected_to: None,
        submission: 2,
        declaration: "d".repeat(64),
        evidence: vec![FileDigest::of([1; 32])],
        examinations: vec![domain::application::Judged {
            examination: "X-00000001".parse().expect("an id"),
            version: 3,
        }],
    };
    let gates = gates(edition, &declared, day, &record);
    let kind = declared.service.kind;
    let provisions = provisions(edition, edition, Class::Two, kind);
    Footing::new(day, &gates, &provisions, &[Shift::Edition, Shift::Evidence], Some(&basis))
}

fn timeline() -> Vec<Moment> {
    let moment = |when: &str, what: &str, leaf| Moment { when: When::At(at(when)), what: what.to_owned(), leaf };
    let due = Deadline::seen("2026-11-24".parse().expect("a day"), now().day(), Settings::bundled());
    vec![
        Moment::due(due),
        moment("2026-11-10T01:00:00Z", "受理・審査員の割当て", Some(412)),
        moment("2026-11-05T06:30:00Z", HOSTILE, Some(398)),
        moment("2026-11-02T03:04:05Z", "申請の提出", Some(377)),
    ]
}

pub(super) fn applications() -> Vec<(&'static str, ApplicationPage)> {
    let page = |stage| ApplicationPage {
        frame: frame(PROVIDER, Role::ProviderOwner),
        case: case(SERVICE, stage),
        timeline: timeline(),
        returned: Vec::new(),
        decision: None,
        criteria: lines().into_iter().map(|line| Examined { line, judged: Vec::new() }).collect(),
        declared: declared(&declaration()),
        files: files(),
        conversation: Conversation::default(),
        registration: None,
        conditions: Vec::new(),
        is_objected: false,
        footing: footing(),
        withdrawal: Form::default(),
    };
    let reason = FieldReason {
        pointer: "/contract/termsClause".to_owned(),
        reason: "規約の条項の番号を書いてください。".to_owned(),
    };
    let returned = vec![ReturnedField::from(&reason)];
    let reasons = lines().into_iter().map(|line| Examined { line, judged: judged(true) }).collect();
    let decision = Some(Decision { is_pass: true, reason: "すべての要件を満たす。".to_owned(), at: now() });
    let withdrawal = Form::default().with([error("/reason", "理由を入力してください。", "Give a reason.")]);
    vec![
        ("application-submitted", page(Stage::Submitted)),
        ("application-returned", ApplicationPage { returned, ..page(Stage::Returned) }),
        ("application-withdrawal-wrong", ApplicationPage { withdrawal, ..page(Stage::Examining) }),
        (
            "application-withdrawal-late-wrong",
            ApplicationPage { withdrawal: too_late(&["/reason"]), ..page(Stage::Failed) },
        ),
        (
            "application-registered-grant-wrong",
            ApplicationPage {
                criteria: reasons,
                decision,
                registration: Some(super::public::panel()),
                conditions: super::ruling::conditions(),
                is_objected: true,
                ..page(Stage::Registered)
            },
        ),
    ]
}

pub(super) fn intakes() -> Vec<(&'static str, IntakePage)> {
    let person = |id: &str, name: &str| Person { id: id.to_owned(), name: name.to_owned(), open_cases: 3 };
    let page = |stage, tried, errors: Vec<FieldError>| IntakePage {
        frame: frame("事務局 花子", Role::Secretariat),
        case: case(SERVICE, stage),
        timeline: timeline(),
        criteria: lines(),
        declared: declared(&declaration()),
        files: files(),
        nameable: nameable(&declaration()),
        examiners: vec![person("ex-1", "審査員 一郎"), person("ex-2", "審査員 二郎"), person("ex-3", HOSTILE)],
        assignment: Assignment::default(),
        questions: Vec::new(),
        decision: None,
        registration: None,
        footing: footing(),
        next_term: None,
        form: Form::default().with(errors),
        tried,
    };
    let same = error("/examiner2", "二人は別の人を選んでください。", "Choose two people.");
    let empty = error("/reasons/0/reason", "直してほしいことを入力してください。", "Say what.");
    let early = error("/from", "判定の日より前です。", "Before the decision.");
    let decision = Decision { is_pass: true, reason: "すべての要件を満たす。".to_owned(), at: now() };
    let passed = |tried, errors| IntakePage { decision: Some(decision.clone()), ..page(Stage::Passed, tried, errors) };
    let panel = LicencePanel { grant: None, ..super::public::panel() };
    vec![
        ("intake", page(Stage::Submitted, None, Vec::new())),
        ("intake-accept-wrong", page(Stage::Submitted, Some(Tried::Accept), vec![same])),
        ("intake-return-wrong", page(Stage::Submitted, Some(Tried::Return), vec![empty])),
        (
            "intake-return-late-wrong",
            IntakePage {
                form: too_late(&["/reasons/0/reason"]),
                ..page(Stage::Examining, Some(Tried::Return), Vec::new())
            },
        ),
        (
            "intake-auditor",
            IntakePage { frame: frame("監査人 四郎", Role::Auditor), ..page(Stage::Submitted, None, Vec::new()) },
        ),
        ("intake-passed", passed(None, Vec::new())),
        (
            "intake-passed-auditor",
            IntakePage { frame: frame("監査人 四郎", Role::Auditor), ..passed(None, Vec::new()) },
        ),
        (
            "intake-renewal",
            IntakePage {
                case: Case { renews: Some("OTK-2024-00031".to_owned()), ..case(SERVICE, Stage::Passed) },
                next_term: Some("2027-05-01".parse().expect("a day")),
                ..passed(None, Vec::new())
            },
        ),
        ("intake-register-wrong", passed(Some(Tried::Register), vec![early])),
        ("intake-examining", IntakePage { assignment: assignment(), ..page(Stage::Examining, None, Vec::new()) }),
        (
            "intake-replace-wrong",
            IntakePage {
                assignment: assignment(),
                ..page(
                    Stage::Examining,
                    Some(Tried::Replace),
                    vec![error("/reason", "理由を入力してください。", "Why?")],
                )
            },
        ),
        (
            "intake-waive-wrong",
            IntakePage {
                assignment: assignment(),
                ..page(Stage::Examining, Some(Tried::Waive), vec![error("/tied", "審査員を選んでください。", "Who?")])
            },
        ),
        ("intake-registered", IntakePage { registration: Some(panel), ..page(Stage::Registered, None, Vec::new()) }),
    ]
}

/// One is tied, one waits; a third was replaced.
fn assignment() -> Assignment {
    let seat = |id: &str, name: &str, clearance, ties: &[&str]| Seat {
        id: id.to_owned(),
        name: name.to_owned(),
        clearance,
        ties: ties.iter().map(|tie| (*tie).to_owned()).collect(),
    };
    Assignment {
        seats: vec![
            seat("ex-1", "審査員 一郎", Clearance::Tied, &[HOSTILE]),
            seat("ex-2", "審査員 二郎", Clearance::Undeclared, &[]),
        ],
        waivers: vec![Waived { name: HOSTILE.to_owned(), reason: HOSTILE.to_owned(), at: now() }],
        replaced: vec![ReplacedSeat {
            name: "審査員 三郎".to_owned(),
            by: "審査員 一郎".to_owned(),
            reason: HOSTILE.to_owned(),
            at: now(),
        }],
    }
}

fn interests() -> Vec<(&'static str, InterestPage)> {
    let page = |clearance, form| InterestPage {
        frame: frame("審査員 一郎", Role::Examiner),
        closed: Closed {
            id: "A-2026-00193".to_owned(),
            version: 2,
            service: HOSTILE.to_owned(),
            provider: PROVIDER.to_owned(),
            due: Some("2027-01-20".parse().expect("a day")),
            clearance,
        },
        form,
    };
    let wrong = Form::default().with([error("/answer", "利害関係の有無を選んでください。", "Choose.")]);
    vec![
        ("interest", page(Clearance::Undeclared, Form::default())),
        ("interest-wrong", page(Clearance::Undeclared, wrong)),
        ("interest-later", page(Clearance::Cleared, Form::default())),
        ("interest-tied", page(Clearance::Tied, Form::default())),
    ]
}

pub(super) fn examinations() -> Vec<(&'static str, ExaminationPage)> {
    let page = |phase, criteria: Vec<Weighed>, form, recommendation| {
        let stage = if phase == Phase::Over { Stage::Recommended } else { Stage::Examining };
        let (frame, shown) = (frame("審査員 一郎", Role::Examiner), (criteria, files()));
        ExaminationPage::new(frame, case(SERVICE, stage), phase, shown, Threads::default(), form, recommendation)
    };
    let none = Form::default;
    let given = |criterion, answer| Given {
        evidence: vec![Ground { digest: FileDigest::of([1; 32]), page: Some(3) }],
        ..Given::new(criterion, answer, format!("窓口規程3ページ {HOSTILE}"))
    };
    let some = [given(CriterionId::HelpDesk, Judgement::Met), given(CriterionId::NetworkMonitoring, Judgement::Unmet)];
    let unsent = Some(Unsent { reason: format!("まだ途中 {HOSTILE}"), ..Unsent::default() });
    let paper = WorkingPaper { criterion: CriterionId::Simplicity, unsent, note: HOSTILE.to_owned(), saved_at: now() };
    let filled = judging::fill(&weighed(false), &some, &[paper]);
    let wrong = filled.clone().with([
        error("/judgements/help_desk/answer", "判断を選んでください。", "Choose."),
        error("/judgements/help_desk/evidence/0/page", "このファイルは12ページです。", "It has 12 pages."),
        error("/judgements/emergency_response/overrules", "覆すことを明示してください。", "Say so."),
        error("/judgements/network_price/reason", "判断の理由を入力してください。", "Give the reason."),
    ]);
    let agreed = || {
        let mut criteria = weighed(true);
        criteria.iter_mut().for_each(|weighed| weighed.judged.truncate(1));
        criteria
    };
    let mut some_disputed = agreed();
    some_disputed[0] = weighed(true).remove(0);
    let confer = |form| page(Phase::Conferring, some_disputed.clone(), form, none());
    let reason = error("/judgements/help_desk/reason", "判断の理由を入力してください。", "Give the reason.");
    let alone = || page(Phase::Judging, weighed(false), filled.clone(), none()).saved(Some(now()));
    vec![
        ("examination", alone()),
        ("examination-wrong", page(Phase::Judging, weighed(false), wrong.clone(), none())),
        ("examination-late-wrong", page(Phase::Over, agreed(), none(), too_late(&["/verdict", "/reason"]))),
        (
            "examination-late-judgement-wrong",
            page(Phase::Over, agreed(), filled.clone().with([error("", TOO_LATE, "Somebody else was first.")]), none()),
        ),
        ("examination-waiting", alone().waiting(true)),
        ("examination-disputed", confer(none())),
        ("examination-disputed-wrong", confer(none().with([reason]))),
        ("examination-agreed", page(Phase::Conferring, agreed(), none(), none())),
    ]
}

fn decided() -> DecidedPage {
    DecidedPage {
        frame: frame("判定者 三郎", Role::DecisionMaker),
        case: case(SERVICE, Stage::Passed),
        decision: Some(Decision { is_pass: true, reason: "すべての要件を満たす。".to_owned(), at: now() }),
        leftover: Leftover::of(&too_late(&["/reason"]), &DECISION),
    }
}

fn decision(form: Form) -> DecisionPage {
    DecisionPage {
        frame: frame("判定者 三郎", Role::DecisionMaker),
        case: case(SERVICE, Stage::Recommended),
        timeline: timeline(),
        criteria: weighed(true),
        files: Vec::new(),
        footing: footing(),
        recommendation: Recommendation {
            by: "審査員 一郎".to_owned(),
            verdict: Verdict::Pass,
            reason: "すべての要件を満たす。".to_owned(),
        },
        form,
    }
}
