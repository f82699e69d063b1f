use std::sync::Arc;

use domain::act::Role;
use domain::licence::How;
use domain::licence::answer::{Answer, Rejection, Silence};
use domain::licence::token::{Claims, TokenError};

use super::*;
use crate::valid_on::{Held, read_lines};
use crate::verification::{Known, Verification};
use crate::web::view::form::{Form, Leftover, Typed};
use crate::web::view::frame::{Frame, Viewer};
use crate::web::view::home::HomePage;
use crate::web::view::licences::{Grant, LicencePanel};
use crate::web::view::offline::OfflinePage;
use crate::web::view::problem::ProblemPage;
use crate::web::view::register::{Query, RegisterPage, RegistrationPage, ValidOn};
use crate::web::view::state::State;
use crate::web::view::valid_on::{Answered, ValidOnPage};
use crate::web::view::verify::{AnswerPage, VerifyPage};
use crate::web::view::verify_many::{Answered as ManyAnswered, VerifyManyPage};

pub(super) fn add(language: Language, put: &mut Put) {
    put("home", &HomePage { frame: frame(language, "/") });
    for (name, page) in registers(language) {
        put(name, &page);
    }
    for (name, page) in registrations(language) {
        put(name, &page);
    }
    let wrong = Text::new(
        "番号として読めません。8文字の番号を確かめてください。",
        "This is not a number. Check its 8 characters.",
    );
    let verify = |typed: &str, error| VerifyPage { frame: frame(language, "/verify"), typed: typed.to_owned(), error };
    put("verify", &verify("", None));
    put("verify-wrong", &verify(HOSTILE, Some(wrong)));
    put("offline", &OfflinePage { frame: frame(language, "/offline") });
    let many = |typed: &str, refused, answered| VerifyManyPage {
        frame: frame(language, "/verify/many"),
        typed: typed.to_owned(),
        refused,
        answered,
    };
    put("verify-many", &many("", None, None));
    put("verify-many-wrong-nothing", &many("", Some(0), None));
    put("verify-many-wrong-too-many", &many(HOSTILE, Some(1_001), None));
    let lines: Vec<_> = (1..).zip(answers().into_iter().map(|(_, verification)| verification)).collect();
    if let Some(at) = lines.first().map(|(_, first)| first.at) {
        put("verify-many-answered", &many(HOSTILE, None, Some(ManyAnswered { at, lines })));
    }
    let valid_on = |typed: &str, refused, answered| ValidOnPage {
        frame: frame(language, "/valid-on"),
        typed: typed.to_owned(),
        refused,
        answered,
    };
    put("valid-on", &valid_on("", None, None));
    put("valid-on-wrong-nothing", &valid_on("", Some(0), None));
    put("valid-on-wrong-too-many", &valid_on(HOSTILE, Some(1_001), None));
    put("valid-on-answered", &valid_on(HOSTILE, None, Some(on_days())));
    for (name, verification) in answers() {
        let path = if name.starts_with("answer-not-ours") { "/verify" } else { "/ABCD1234" };
        put(name, &AnswerPage::new(frame(language, path), &verification, Some(1_024)));
    }
    for (status, title, detail) in PROBLEMS {
        put(&format!("problem-{status}"), &problem(language, *status, title, detail));
    }
}

fn frame(language: Language, path: &str) -> Frame {
    Frame::public(language, path, None, true)
}

/// What somebody typed when their session ended.
fn typed() -> Typed {
    Typed { label: "サービスの概要".to_owned(), words: HOSTILE.to_owned() }
}

fn problem(language: Language, status: u16, title: &(&str, &str), detail: &(&str, &str)) -> ProblemPage {
    ProblemPage {
        frame: Frame { path: None, ..frame(language, "/") },
        status,
        title: Text::new(title.0, title.1),
        detail: Text::new(detail.0, detail.1),
        reference: (status == 500).then(|| "R-7F3K-29QD".to_owned()),
        leftover: Leftover {
            lines: Vec::new(),
            // Drafts are written in Japanese.
            typed: (status == 401 && language == Language::Ja).then(typed).into_iter().collect(),
        },
    }
}

type Words = (&'static str, &'static str);

const PROBLEMS: &[(u16, Words, Words)] = &[
    (400, ("読めない要求です", "Bad request"), ("送られた内容を読めませんでした。", "What was sent cannot be read.")),
    (
        401,
        ("サインインが要ります", "Sign in first"),
        ("この画面には、サインインが要ります。", "This page asks you to sign in."),
    ),
    (
        403,
        ("この操作はできません", "Not allowed"),
        ("この役割では、この操作はできません。", "Your role may not do this."),
    ),
    (404, ("見つかりません", "Not found"), ("このアドレスには何もありません。", "There is nothing at this address.")),
    (
        405,
        ("この方法では開けません", "Method not allowed"),
        ("このアドレスでは使えない方法です。", "It cannot be used like that."),
    ),
    (409, ("同時に変更されました", "Conflict"), ("ほかの手続が先に終わりました。", "Another act came first.")),
    (
        412,
        ("内容が新しくなっています", "Out of date"),
        ("ご覧の内容は古くなっています。", "What you saw is out of date."),
    ),
    (413, ("大きすぎます", "Too large"), ("1MBまで送れます。", "At most 1 MB can be sent.")),
    (422, ("受け付けられません", "Refused"), ("もう登録されています。", "It is registered already.")),
    (429, ("回数が多すぎます", "Too many requests"), ("しばらく待ってください。", "Wait a while.")),
    (500, ("内部の誤りです", "Internal error"), ("処理できませんでした。", "It could not be done.")),
];

fn suspended() -> Vec<Measure> {
    vec![measure(MeasureKind::Suspended, "2026-11-02T00:00:00Z", "緊急時の対応体制の変更について確認中")]
}

/// Everything that can have happened, and how it ended.
pub(super) fn revoked() -> Vec<Measure> {
    let mut measures = suspended();
    measures.push(measure(MeasureKind::Reinstated, "2026-11-05T00:00:00Z", "体制を確認できたため。"));
    measures.push(measure(
        MeasureKind::Revoked,
        "2026-11-20T00:00:00Z",
        &format!("申請が事実と異なることが分かったため。{HOSTILE}"),
    ));
    measures
}

fn claims(licence: &Licence, expires_at: &str) -> Claims {
    Claims {
        licence: licence.id,
        kind: licence.grant.holder_kind,
        status_index: licence.grant.status_index,
        holder_name: licence.grant.holder_name.clone(),
        corporate_number: licence.grant.holder_number,
        expires_at: at(expires_at),
    }
}

/// The answer to a mark of this licence: a full mark printed until then, or a mini mark.
fn known(licence: Licence, measures: Vec<Measure>, printed: Option<&str>, when: Instant) -> Verification {
    let registration = registration(SERVICE, measures);
    Verification {
        at: when,
        answer: licence.standing(&registration, when).into(),
        claims: printed.map(|until| claims(&licence, until)),
        known: Some(Known { licence: Arc::new(licence), registration: Arc::new(registration) }),
    }
}

fn unknown(silence: Silence, claims: Option<Claims>) -> Verification {
    Verification { at: now(), answer: Answer::Unknown(silence), claims, known: None }
}

fn not_ours(rejection: Rejection) -> Verification {
    Verification { at: now(), answer: Answer::NotOurs(rejection), claims: None, known: None }
}

const PRINTED: Option<&str> = Some("2028-03-31T15:00:00Z");

fn provider() -> Licence {
    licence("ABCD1234", HolderKind::Provider, PROVIDER, None)
}

fn user(name: &str, closed: Option<Closed>) -> Licence {
    licence("QR5T9Z2M", HolderKind::User, name, closed)
}

fn answers() -> Vec<(&'static str, Verification)> {
    let name = "有限会社たとえば精密";
    let closed =
        |how| Some(Closed { how, at: at("2026-10-01T00:00:00Z"), reason: "契約が終わったため。".to_owned() });
    let lapsed = at("2028-04-01T00:00:00Z");
    let printed = || Some(claims(&provider(), "2028-03-31T15:00:00Z"));
    vec![
        ("answer-valid", known(provider(), Vec::new(), PRINTED, now())),
        ("answer-valid-user", known(user(name, None), Vec::new(), None, now())),
        ("answer-valid-hostile", known(user(HOSTILE, None), Vec::new(), PRINTED, now())),
        ("answer-valid-old-print", known(provider(), Vec::new(), Some("2026-03-31T15:00:00Z"), now())),
        ("answer-suspended", known(provider(), suspended(), PRINTED, now())),
        ("answer-suspended-user", known(user(name, None), suspended(), PRINTED, now())),
        ("answer-revoked", known(provider(), revoked(), PRINTED, now())),
        ("answer-revoked-user", known(user(name, closed(How::Revoked)), Vec::new(), PRINTED, now())),
        ("answer-ended", known(provider(), Vec::new(), PRINTED, lapsed)),
        ("answer-ended-user", known(user(name, closed(How::Ended)), Vec::new(), None, now())),
        ("answer-unknown", unknown(Silence::NotListed, printed())),
        ("answer-unknown-unreachable", unknown(Silence::Unreachable, None)),
        ("answer-not-ours", not_ours(Rejection::Signature(TokenError::NotDecimal { at: 0 }))),
        ("answer-not-ours-unreadable", not_ours(Rejection::Unreadable(TokenError::UnknownProfile { profile: 7 }))),
        ("answer-not-ours-number", not_ours(Rejection::NoSuchLicence)),
    ]
}

fn registers(language: Language) -> Vec<(&'static str, RegisterPage)> {
    let page = |query, found: &[Registration], has_more| {
        RegisterPage::new(frame(language, "/register"), query, found, has_more, now())
    };
    let ended = Registration {
        terms: vec![registration(SERVICE, Vec::new()).terms[0]],
        ..registration("小規模事業者サポート24", Vec::new())
    };
    let ahead = Registration {
        terms: vec![Period::of_years("2027-01-01".parse().expect("a day"), 2)],
        ..registration(SERVICE, Vec::new())
    };
    let found = [
        registration(SERVICE, Vec::new()),
        registration("クラウドUTMベーシック", suspended()),
        registration(HOSTILE, revoked()),
        ended,
        ahead,
    ];
    let words = || "ｻﾝﾌﾟﾙ　見守り & \"'<".to_owned();
    let searched = Query {
        words: words(),
        class: Some(Class::One),
        kind: Some(Kind::Network),
        state: Some(State::Valid),
        after: Some(NUMBER.to_owned()),
    };
    let nothing = Query { words: words(), ..Query::default() };
    vec![
        ("register", page(Query::default(), &found, true)),
        ("register-searched", page(searched, &found, false)),
        ("register-nothing", page(nothing, &[], false)),
    ]
}

/// Found, found suspended as it was known on another day, not found, and not readable.
fn on_days() -> Answered {
    let typed = format!("{NUMBER},2026-11-01\n{NUMBER},2026-11-01,2026-11-10\nOTK-2020-00009\n{HOSTILE}");
    let measured = [Vec::new(), revoked()[..1].to_vec()].map(|measures| registration(SERVICE, measures));
    let mut found = measured.into_iter().map(|registration| {
        let on_day = registration.on_day(now().day().previous(), now()).expect("a day of the past");
        vec![Held { registration, on_day }]
    });
    let lines = read_lines(&typed, now()).into_iter().map(|line| (line, found.next().unwrap_or_default()));
    Answered { at: now(), lines: lines.collect() }
}

fn registration_page(frame: Frame, measures: Vec<Measure>) -> RegistrationPage {
    RegistrationPage::new(frame, &registration(SERVICE, measures), Some(1_024), now())
}

/// What went over to another provider, as its new one's people see it, and a day on which it was the old one's.
fn gone_over(language: Language) -> RegistrationPage {
    let registration = succeeded(SERVICE);
    let day = domain::calendar::Day::from_ymd(2025, 4, 1).expect("a day");
    let answer = registration.on_day(day, now()).expect("a day of the past");
    let valid_on = ValidOn {
        year: "2025".to_owned(),
        month: "4".to_owned(),
        day: "1".to_owned(),
        error: None,
        answer: Some((&answer).into()),
    };
    // Whoever gives notice reads Japanese.
    let may_change = language == Language::Ja;
    let frame = match may_change {
        true => signed_in(language, PROVIDER, Role::ProviderOwner),
        false => frame(language, "/register/OTK-2026-01001"),
    };
    let page = RegistrationPage::new(frame, &registration, Some(1_024), now());
    RegistrationPage { valid_on, may_change, may_succeed: may_change, changing: Some(day), ..page }
}

fn registrations(language: Language) -> Vec<(&'static str, RegistrationPage)> {
    let page = |measures| registration_page(frame(language, "/register/OTK-2026-01001"), measures);
    let on = |year: i32| {
        let day = domain::calendar::Day::from_ymd(year, 4, 1).expect("a day");
        let answer = registration(SERVICE, Vec::new()).on_day(day, now()).expect("a day of the past");
        ValidOn {
            year: year.to_string(),
            month: "4".to_owned(),
            day: "1".to_owned(),
            error: None,
            answer: Some((&answer).into()),
        }
    };
    let wrong = ValidOn {
        year: HOSTILE.to_owned(),
        error: Some(Text::new("この日付はありません。", "There is no such day.")),
        ..ValidOn::default()
    };
    vec![
        ("registration", RegistrationPage { valid_on: on(2025), ..page(Vec::new()) }),
        ("registration-before", RegistrationPage { valid_on: on(2021), ..page(Vec::new()) }),
        ("registration-day-wrong", RegistrationPage { valid_on: wrong, ..page(revoked()) }),
        ("registration-suspended", page(suspended())),
        ("registration-renewal", to_be_renewed(language)),
        (
            "registration-extended",
            RegistrationPage { extended: Some("2027-10-31".parse().expect("a day")), ..page(Vec::new()) },
        ),
        ("registration-succeeded", gone_over(language)),
        ("registration-secretariat", for_secretariat(language)),
        ("registration-grant-wrong", for_provider(language)),
        ("registration-grant-late-wrong", granted_late(language)),
        ("registration-end-wrong", end_refused(language, "QR5T9Z2M")),
        ("registration-end-late-wrong", end_refused(language, "ZZ5T9Z2M")),
    ]
}

fn signed_in(language: Language, name: &str, role: Role) -> Frame {
    let viewer =
        Viewer { name: name.to_owned(), roles: vec![role], csrf: "form-token".to_owned(), unread: 3, ends_in: 3_600 };
    Frame::public(language, "/register/OTK-2026-01001", Some(viewer), true)
}

fn for_secretariat(language: Language) -> RegistrationPage {
    let plan = domain::registration::Discontinuation {
        last_day: "2027-03-31".parse().expect("a day"),
        for_users: HOSTILE.to_owned(),
        contracts: "違約金なしで解約できます。".to_owned(),
    };
    RegistrationPage {
        announced: vec![(Text::new("一時停止を予告しました", "Announced: suspension"), HOSTILE.to_owned())],
        ending: Some(domain::registration::Announced { plan, at: now() }),
        unconfirmed_until: Some(now()),
        reads_measures: true,
        licences: Some(LicencePanel { grant: None, ..panel() }),
        ..registration_page(signed_in(language, "事務局 花子", Role::Secretariat), Vec::new())
    }
}

fn for_provider(language: Language) -> RegistrationPage {
    RegistrationPage {
        licences: Some(panel()),
        ..registration_page(signed_in(language, PROVIDER, Role::ProviderOwner), Vec::new())
    }
}

/// Its renewal can be applied for.
fn to_be_renewed(language: Language) -> RegistrationPage {
    let [renewal, ..] = super::desk::renewals();
    RegistrationPage {
        renewal: Some(renewal),
        ..registration_page(signed_in(language, PROVIDER, Role::ProviderOwner), Vec::new())
    }
}

/// A licence is granted while the service is being suspended.
fn granted_late(language: Language) -> RegistrationPage {
    let mut panel = LicencePanel { grant: None, ..panel() };
    panel.refuse_grant(too_late(&["/holderName"]));
    RegistrationPage {
        licences: Some(panel),
        ..registration_page(signed_in(language, PROVIDER, Role::ProviderOwner), suspended())
    }
}

/// A refused attempt to end a licence, which is open or has ended already.
fn end_refused(language: Language, licence: &str) -> RegistrationPage {
    let mut panel = LicencePanel { grant: None, ..panel() };
    panel.refuse_end(licence, too_late(&["/reason"]));
    RegistrationPage {
        licences: Some(panel),
        ..registration_page(signed_in(language, PROVIDER, Role::ProviderOwner), Vec::new())
    }
}

/// The licences under the sample registration, and a refused attempt to grant another.
pub(super) fn panel() -> LicencePanel {
    let closed = Closed { how: How::Ended, at: at("2026-10-01T00:00:00Z"), reason: "契約の終了".to_owned() };
    let licences =
        [provider(), user("有限会社たとえば精密", None), licence("ZZ5T9Z2M", HolderKind::User, HOSTILE, Some(closed))];
    let form = Form::of(vec![("/holderName".to_owned(), HOSTILE.to_owned())]).with([error(
        "/contractFrom",
        "日付を入力してください。",
        "Enter a day.",
    )]);
    let is_user = |licence: &Licence| licence.grant.holder_kind == HolderKind::User;
    let grant = Some(Grant::new(3, form));
    let panel = LicencePanel::new(&registration(SERVICE, Vec::new()), &licences, is_user, grant, now());
    LicencePanel { next: Some("ZZ5T9Z2M".to_owned()), ..panel }
}
