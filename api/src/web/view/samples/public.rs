use domain::act::Role;
use domain::licence::token::HolderKind;

use super::*;
use crate::web::view::answer::Answer;
use crate::web::view::form::Form;
use crate::web::view::frame::{Frame, Viewer};
use crate::web::view::home::HomePage;
use crate::web::view::licences::{Grant, LicenceCard, LicencePanel};
use crate::web::view::problem::ProblemPage;
use crate::web::view::register::{
    DayAnswer, MeasureKind, Measures, Query, RegisterPage, RegistrationPage, Row, Total, ValidOn,
};
use crate::web::view::sign_in::SignInPage;
use crate::web::view::verify::{
    AnswerPage, Certificate, Event, Found, Known, Print, Proof, Rejection, Service, Silence, VerifyPage,
};

pub(super) fn add(language: Language, put: &mut Put) {
    put("home", &HomePage { frame: frame(language, "/"), at: now(), valid: 48 });
    for (name, page) in registers(language) {
        put(name, &page);
    }
    for (name, page) in registrations(language) {
        put(name, &page);
    }
    let wrong = Text::new("番号として読めません。8文字の番号を確かめてください。", "This is not a number. Check its 8 characters.");
    let verify = |typed: &str, error| VerifyPage { frame: frame(language, "/verify"), typed: typed.to_owned(), error };
    put("verify", &verify("", None));
    put("verify-wrong", &verify(HOSTILE, Some(wrong)));
    for (name, found) in answers() {
        let path = if name.starts_with("answer-not-ours") { "/verify" } else { "/ABCD1234" };
        put(name, &AnswerPage { frame: frame(language, path), checked_at: now(), found });
    }
    let refused = Text::new("サインインできません。トークンを確かめてください。", "Signing in failed. Check the token.");
    let sign_in = |error| SignInPage { frame: frame(language, "/sign-in"), error, next: Some("/applications".to_owned()) };
    put("sign-in", &sign_in(None));
    put("sign-in-wrong", &sign_in(Some(refused)));
    for (status, title, detail) in PROBLEMS {
        put(&format!("problem-{status}"), &problem(language, *status, title, detail));
    }
}

fn frame(language: Language, path: &str) -> Frame {
    Frame::public(language, path, None, true)
}

fn problem(language: Language, status: u16, title: &(&str, &str), detail: &(&str, &str)) -> ProblemPage {
    ProblemPage {
        frame: Frame { path: None, ..frame(language, "/") },
        status,
        title: Text::new(title.0, title.1),
        detail: Text::new(detail.0, detail.1),
        reference: (status == 500).then(|| "R-7F3K-29QD".to_owned()),
    }
}

type Words = (&'static str, &'static str);

const PROBLEMS: &[(u16, Words, Words)] = &[
    (400, ("読めない要求です", "Bad request"), ("送られた内容を読めませんでした。", "What was sent cannot be read.")),
    (401, ("サインインが要ります", "Sign in first"), ("この画面には、サインインが要ります。", "This page asks you to sign in.")),
    (403, ("この操作はできません", "Not allowed"), ("この役割では、この操作はできません。", "Your role may not do this.")),
    (404, ("見つかりません", "Not found"), ("このアドレスには何もありません。", "There is nothing at this address.")),
    (405, ("この方法では開けません", "Method not allowed"), ("このアドレスでは使えない方法です。", "It cannot be used like that.")),
    (409, ("同時に変更されました", "Conflict"), ("ほかの手続が先に終わりました。", "Another act came first.")),
    (412, ("内容が新しくなっています", "Out of date"), ("ご覧の内容は古くなっています。", "What you saw is out of date.")),
    (413, ("大きすぎます", "Too large"), ("1MBまで送れます。", "At most 1 MB can be sent.")),
    (422, ("受け付けられません", "Refused"), ("もう登録されています。", "It is registered already.")),
    (429, ("回数が多すぎます", "Too many requests"), ("しばらく待ってください。", "Wait a while.")),
    (500, ("内部の誤りです", "Internal error"), ("処理できませんでした。", "It could not be done.")),
];

fn service(state: Answer) -> Service {
    Service {
        number: NUMBER.to_owned(),
        name: SERVICE.to_owned(),
        provider: PROVIDER.to_owned(),
        provider_number: Some(CORPORATE_NUMBER.to_owned()),
        class: CLASS,
        kind: KIND,
        regions: everywhere(),
        term: term("2026-04-01"),
        state,
    }
}

fn proof() -> Proof {
    Proof { leaf: 1_024, key: "9f3a01c7".to_owned(), edition: "2.0".to_owned(), digest: "5e".repeat(32) }
}

fn history() -> Vec<Event> {
    let event = |on: &str, ja: &str, en: &str, reason: Option<&str>| Event {
        day: day(on),
        what: Text::new(ja, en),
        reason: reason.map(str::to_owned),
    };
    vec![
        event("2026-11-02", "登録を一時停止しました", "Suspended", Some("緊急時の対応体制の変更について確認中")),
        event("2026-04-01", "登録を更新しました", "Renewed", None),
        event("2024-04-01", "新しく登録しました", "Registered", None),
    ]
}

fn provider_certificate() -> Certificate {
    Certificate {
        licence: "ABCD1234".to_owned(),
        holder: PROVIDER.to_owned(),
        holder_number: Some(CORPORATE_NUMBER.to_owned()),
        kind: HolderKind::Provider,
        print: Print::Full { ends: at("2028-03-31T15:00:00Z") },
    }
}

fn user_certificate(holder: &str) -> Certificate {
    Certificate {
        licence: "QR5T9Z2M".to_owned(),
        holder: holder.to_owned(),
        holder_number: None,
        kind: HolderKind::User,
        print: Print::Mini,
    }
}

fn known(certificate: Certificate, answer: Answer, since: Option<&str>, reason: Option<&str>) -> Found {
    Found::Known(Box::new(Known {
        certificate,
        answer,
        since: since.map(at),
        reason: reason.map(str::to_owned),
        service: service(answer),
        history: history(),
        proof: proof(),
    }))
}

fn answers() -> Vec<(&'static str, Found)> {
    let old_print = Certificate { print: Print::Full { ends: at("2026-03-31T15:00:00Z") }, ..provider_certificate() };
    let suspended = Some("緊急時の対応体制の変更について確認中");
    let revoked = Some("申請の内容が事実と異なることが分かったため。");
    vec![
        ("answer-valid", known(provider_certificate(), Answer::Valid, None, None)),
        ("answer-valid-user", known(user_certificate("有限会社たとえば精密"), Answer::Valid, None, None)),
        ("answer-valid-hostile", known(user_certificate(HOSTILE), Answer::Valid, None, None)),
        ("answer-valid-old-print", known(old_print, Answer::Valid, None, None)),
        ("answer-suspended", known(provider_certificate(), Answer::Suspended, Some("2026-11-02T00:00:00Z"), suspended)),
        ("answer-suspended-user", known(user_certificate("有限会社たとえば精密"), Answer::Suspended, Some("2026-11-02T00:00:00Z"), suspended)),
        ("answer-revoked", known(provider_certificate(), Answer::Revoked, Some("2026-10-01T00:00:00Z"), revoked)),
        ("answer-ended", known(provider_certificate(), Answer::Ended, Some("2026-09-30T15:00:00Z"), None)),
        ("answer-ended-user", known(user_certificate("有限会社たとえば精密"), Answer::Ended, Some("2026-09-30T15:00:00Z"), None)),
        ("answer-unknown", Found::Unknown(provider_certificate(), Silence::NotListed)),
        ("answer-unknown-unreachable", Found::Unknown(provider_certificate(), Silence::Unreachable)),
        ("answer-not-ours", Found::NotOurs(Rejection::Signature)),
        ("answer-not-ours-unreadable", Found::NotOurs(Rejection::Unreadable)),
        ("answer-not-ours-number", Found::NotOurs(Rejection::NoSuchNumber)),
    ]
}

fn row(number: &str, service: &str, state: Answer) -> Row {
    Row {
        number: number.to_owned(),
        service: service.to_owned(),
        provider: PROVIDER.to_owned(),
        class: CLASS,
        kind: KIND,
        state,
        until: day("2028-03-31"),
        prices: prices(),
        regions: prefectures(&["13", "14", "11", "12"]),
    }
}

fn registers(language: Language) -> Vec<(&'static str, RegisterPage)> {
    let page = |query, total, rows, next: Option<&str>| RegisterPage {
        frame: frame(language, "/register"),
        at: now(),
        query,
        total,
        rows,
        next: next.map(str::to_owned),
    };
    let rows = vec![
        row(NUMBER, SERVICE, Answer::Valid),
        row("OTK-2026-01112", "クラウドUTMベーシック", Answer::Suspended),
        row("OTK-2026-01113", HOSTILE, Answer::Revoked),
        row("OTK-2026-01149", "小規模事業者サポート24", Answer::Ended),
        row("OTK-2026-01150", "これから始まるサービス", Answer::NotYet),
    ];
    let words = || "ｻﾝﾌﾟﾙ　見守り & \"'<".to_owned();
    let searched = Query {
        words: words(),
        class: Some(CLASS),
        kind: Some(KIND),
        state: Some(Answer::Valid),
        cursor: Some("abc=".to_owned()),
    };
    let nothing = Query { words: words(), ..Query::default() };
    vec![
        ("register", page(Query::default(), Total::MoreThan(1_000), rows.clone(), Some("bmV4dA=="))),
        ("register-searched", page(searched, Total::Exactly(5), rows, None)),
        ("register-nothing", page(nothing, Total::Exactly(0), Vec::new(), None)),
    ]
}

fn registration(frame: Frame, state: Answer) -> RegistrationPage {
    RegistrationPage {
        frame,
        at: now(),
        number: NUMBER.to_owned(),
        service: SERVICE.to_owned(),
        service_kana: "マモリネットミマモリパック".to_owned(),
        summary: "UTMの貸出し、24時間の遠隔監視、駆付け、簡易サイバー保険を一つの契約で提供します。\n設置の手伝いもできます。".to_owned(),
        provider: PROVIDER.to_owned(),
        provider_number: Some(CORPORATE_NUMBER.to_owned()),
        provider_prefecture: prefectures(&["13"])[0],
        class: CLASS,
        kind: KIND,
        regions: everywhere(),
        prices: prices(),
        edition: "2.0".to_owned(),
        state,
        since: None,
        reason: None,
        terms: vec![term("2024-04-01"), term("2026-04-01")],
        history: history(),
        valid_on: ValidOn::default(),
        proof: proof(),
        measures: None,
        licences: None,
    }
}

fn registrations(language: Language) -> Vec<(&'static str, RegistrationPage)> {
    let public = || frame(language, "/register/OTK-2026-01001");
    let asked = ValidOn {
        year: "2025".to_owned(),
        month: "4".to_owned(),
        day: "1".to_owned(),
        error: None,
        answer: Some(DayAnswer {
            day: day("2025-04-01"),
            state: Answer::Valid,
            term: Some(term("2024-04-01")),
            known_since: Some(at("2024-03-28T02:00:00Z")),
        }),
    };
    let before = ValidOn {
        answer: Some(DayAnswer { day: day("2021-04-01"), state: Answer::NotYet, term: None, known_since: None }),
        ..asked.clone()
    };
    let wrong = ValidOn {
        year: HOSTILE.to_owned(),
        error: Some(Text::new("この日付はありません。", "There is no such day.")),
        ..ValidOn::default()
    };
    let suspended = RegistrationPage {
        since: Some(at("2026-11-02T00:00:00Z")),
        reason: Some(format!("緊急時の対応体制の変更について確認中 {HOSTILE}")),
        ..registration(public(), Answer::Suspended)
    };
    vec![
        ("registration", RegistrationPage { valid_on: asked, ..registration(public(), Answer::Valid) }),
        ("registration-before", RegistrationPage { valid_on: before, ..registration(public(), Answer::Valid) }),
        ("registration-wrong-day", RegistrationPage { valid_on: wrong, ..registration(public(), Answer::Revoked) }),
        ("registration-suspended", suspended),
        ("registration-measure-wrong", for_secretariat(language)),
        ("registration-grant-wrong", for_provider(language)),
    ]
}

fn signed_in(language: Language, name: &str, role: Role) -> Frame {
    let viewer = Viewer { name: name.to_owned(), roles: vec![role] };
    Frame::public(language, "/register/OTK-2026-01001", Some(viewer), true)
}

fn for_secretariat(language: Language) -> RegistrationPage {
    let form = Form::default().with([error("/reason", "理由を入力してください。", "Give a reason.")]);
    RegistrationPage {
        measures: Some(Measures { version: 3, tried: Some(MeasureKind::Suspend), form }),
        licences: Some(LicencePanel { grant: None, ..panel() }),
        ..registration(signed_in(language, "事務局 花子", Role::Secretariat), Answer::Valid)
    }
}

fn for_provider(language: Language) -> RegistrationPage {
    RegistrationPage {
        licences: Some(panel()),
        ..registration(signed_in(language, PROVIDER, Role::Provider), Answer::Valid)
    }
}

/// The licences under the sample registration, and a refused attempt to grant another.
pub(super) fn panel() -> LicencePanel {
    let card = |id: &str, kind, holder: &str, state| LicenceCard {
        id: id.to_owned(),
        version: 1,
        kind,
        holder: holder.to_owned(),
        holder_number: (kind == HolderKind::Provider).then(|| CORPORATE_NUMBER.to_owned()),
        granted_on: day("2026-04-01"),
        contract_from: (kind == HolderKind::User).then(|| day("2026-05-01")),
        state,
        can_end: kind == HolderKind::User && state == Answer::Valid,
    };
    let form = Form::of(vec![("/holderName".to_owned(), HOSTILE.to_owned())])
        .with([error("/contractFrom", "日付を入力してください。", "Enter a day.")]);
    LicencePanel {
        number: NUMBER.to_owned(),
        state: Answer::Valid,
        term: term("2026-04-01"),
        licences: vec![
            card("ABCD1234", HolderKind::Provider, PROVIDER, Answer::Valid),
            card("QR5T9Z2M", HolderKind::User, "有限会社たとえば精密", Answer::Valid),
            card("ZZ5T9Z2M", HolderKind::User, HOSTILE, Answer::Ended),
        ],
        next: Some("bmV4dA==".to_owned()),
        grant: Some(Grant::new(3, form)),
    }
}
