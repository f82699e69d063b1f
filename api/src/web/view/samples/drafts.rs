use domain::act::Role;
use domain::assessment::precheck;
use domain::declaration::Incomplete;
use domain::edition::Editions;

use super::desk::{frame, uploaded};
use super::*;
use crate::changes::changed_since;
use crate::web::view::criteria::CriterionLine;
use crate::web::view::declaration::{self, Step, declared_so_far, read_partly};
use crate::web::view::drafts::{
    Applicant, ChangeLine, ConfirmPage, DraftLine, DraftPage, FaultLine, FindingLine, Head, NewDraftPage, ReasonLine,
    StepLine, place_of, step_of,
};
use crate::web::view::evidence::{self, FileCard};

pub(super) fn add(put: &mut Put) {
    for step in Step::ALL.into_iter().filter(|step| *step != Step::Confirm) {
        put(&format!("draft-{}", step.number()), &page(step, filled(), Vec::new()));
        put(&format!("draft-{}-empty", step.number()), &page(step, Form::default(), Vec::new()));
    }
    put("draft-1-returned", &returned());
    put("draft-1-wrong", &page(Step::Applicant, mistaken(), wrong()));
    put("draft-2-wrong", &page(Step::Service, mistaken(), wrong()));
    put("draft-3-wrong", &page(Step::Terms, mistaken(), wrong()));
    put("draft-2-both-wrong", &both());
    put("draft-4-files-wrong", &with_files());
    let pasted = Text::new("JSONとして読めません（3行目8文字目）。", "Not JSON (line 3, column 8).");
    let mut page_of_pasted = page(Step::Applicant, filled(), Vec::new());
    page_of_pasted.pasted = Some((format!("{{ {HOSTILE}"), pasted));
    put("draft-1-pasted-wrong", &page_of_pasted);
    put("draft-5", &confirm(filled(), None));
    let differing = confirm(filled(), None);
    put(
        "draft-5-renewal",
        &ConfirmPage { changed: Some(changed_since(&super::declaration(), &mistaken())), ..renewing(differing) },
    );
    put("draft-5-renewal-same", &ConfirmPage { changed: Some(Vec::new()), ..renewing(confirm(filled(), None)) });
    let unmet = FindingLine {
        criterion: "価格（ネットワーク一括監視型）".to_owned(),
        clause: "1類 主な要件 5".to_owned(),
        before: "充足".to_owned(),
        after: "不充足".to_owned(),
        reason: HOSTILE.to_owned(),
        turns_unmet: true,
    };
    for (name, is_general, findings) in [
        ("general", true, Vec::new()),
        ("examined", false, vec![FindingLine { turns_unmet: false, ..unmet.clone() }]),
        ("warned", false, vec![unmet.clone()]),
    ] {
        let page = changing(confirm(filled(), None));
        put(
            &format!("draft-5-change-{name}"),
            &ConfirmPage { change: Some(ChangeLine { is_general, findings }), ..page },
        );
    }
    put("draft-5-empty", &confirm(Form::default(), None));
    let why = Text::new("直すところが3か所あります。", "Three things to put right.");
    put("draft-5-wrong", &confirm(mistaken().with(wrong()), Some(why)));
    put("draft-new", &new(1, Form::default()));
    put(
        "draft-new-several-wrong",
        &new(2, Form::default().with([error("/owner", "申請する組織を選んでください。", "Choose.")])),
    );
}

pub(super) fn lines() -> Vec<DraftLine> {
    let answer = DraftLine { answers: Some("A-2026-00193".to_owned()), id: "D-00000002".to_owned(), ..line(HOSTILE) };
    let renewal = DraftLine { renews: Some("OTK-2024-00031".to_owned()), id: "D-00000003".to_owned(), ..line(SERVICE) };
    let change = DraftLine { changes: Some("OTK-2024-00031".to_owned()), id: "D-00000004".to_owned(), ..line(SERVICE) };
    vec![line(SERVICE), answer, renewal, change]
}

fn line(service: &str) -> DraftLine {
    DraftLine {
        id: "D-RADRQ4E1".to_owned(),
        version: 7,
        service: service.to_owned(),
        applicant: PROVIDER.to_owned(),
        answers: None,
        renews: None,
        changes: None,
        saved_at: at("2026-11-21T03:34:56Z"),
        kept_until: "2027-02-19".parse().expect("a day"),
    }
}

fn filled() -> Form {
    declaration::fill(&osaka())
}

/// A form in which something cannot be read, and something is missing.
fn mistaken() -> Form {
    let mut form = filled();
    form.typed.retain(|(name, _)| {
        !["/service/nameKana", "/service/regions", "/service/startedOn/day", "/prices/0/amount/yen"]
            .contains(&name.as_str())
    });
    for (name, value) in [
        ("/service/startedOn/day", "31"),
        ("/prices/0/amount/yen", "１２,０００"),
        ("/provider/legalEntityNumber", HOSTILE),
    ] {
        form.typed.push((name.to_owned(), value.to_owned()));
    }
    form
}

fn wrong() -> Vec<FieldError> {
    vec![
        error("/provider/legalEntityNumber", "検査数字が合いません。（読み取った値：9999999999998）", "Check digit."),
        error("/service/nameKana", "サービス名のフリガナを入力してください。", "Fill this in."),
        error("/service/regions", "提供する地域を選んでください。", "Choose."),
        error("/service/startedOn", "「2020年4月31日」という日はありません。", "No such day."),
        error("/prices/0", "この行は料金の種類と合いません。", "Does not fit."),
    ]
}

fn found(form: &Form) -> Vec<CriterionLine> {
    let edition = Editions::bundled().find("2.0").expect("an edition");
    let (document, errors) = read_partly(form);
    let unread: Vec<String> = errors.into_iter().map(|error| error.field).collect();
    let said = Incomplete::of(&document, &unread);
    let found = precheck(edition, &said, "2026-11-21".parse().expect("a day"), None);
    CriterionLine::each(&found.findings, edition, found.class.unwrap_or(Class::One))
}

fn head(form: &Form, errors: &[FieldError]) -> Head {
    Head {
        draft: line(if form.typed.is_empty() { "名称未入力のサービス" } else { SERVICE }),
        owner: "osaka-cci".to_owned(),
        saved_by: HOSTILE.to_owned(),
        edition: Some("2.0".to_owned()),
        notices: vec!["申請 A-2025-00011（2025年4月1日提出）の内容を入れました。".to_owned(), HOSTILE.to_owned()],
        reasons: Vec::new(),
        steps: StepLine::all(form, errors),
    }
}

fn page(step: Step, form: Form, errors: Vec<FieldError>) -> DraftPage {
    let mut all = read_partly(&form).1;
    all.extend(errors.iter().cloned());
    let (head, lines) = (head(&form, &all), found(&form));
    let own = errors.into_iter().filter(|error| step_of(&error.field) == step);
    DraftPage::new(frame(PROVIDER, Role::ProviderOwner), head, step, form.with(own.collect::<Vec<_>>()), lines)
}

fn returned() -> DraftPage {
    let note = "差戻しの理由：登記の名称と違います。";
    let form = filled().noted([error("/provider/tradeName", note, note)]);
    let mut page = page(Step::Applicant, form, Vec::new());
    page.head.draft.answers = Some("A-2026-00193".to_owned());
    page.head.notices = Vec::new();
    let reason = |pointer: &str, reason: &str| {
        let (label, href) = place_of("D-RADRQ4E1", pointer, &[]);
        ReasonLine { label, reason: reason.to_owned(), href: href.unwrap_or_else(|| "/drafts/D-RADRQ4E1/5".to_owned()) }
    };
    page.head.reasons =
        vec![reason("/provider/tradeName", "登記の名称と違います。"), reason("/prices/0/amount/yen", HOSTILE)];
    page
}

/// Somebody else was first: what they saved stands beside what was typed here.
fn both() -> DraftPage {
    let theirs = format!("大阪 同僚が先に保存した値：{HOSTILE}");
    let form = filled().noted([error("/service/name", &theirs, &theirs), error("/service/kind", &theirs, &theirs)]);
    page(Step::Service, form.with([error("", TOO_LATE, "Somebody else was first.")]), Vec::new())
}

/// A step with files, one of which is said to show what cannot be, one from last time, and two that are not taken.
fn with_files() -> DraftPage {
    let named = uploaded().map(|file| file.0);
    let typed = evidence::fill(&named[..1]).into_iter().chain(
        evidence::fill_again("A-2025-00011", &named).into_iter().filter(|(name, _)| name.starts_with("/files/1/")),
    );
    let form = Form::of(filled().typed.into_iter().chain(typed).collect());
    let cards = FileCard::all(&form, &uploaded().map(|file| file.1));
    let form = form.with([
        error("/files/0/links/0/page", "このファイルは12ページです。", "It has 12 pages."),
        error("/files/1/confirmed", "前回の申請のファイルを今回も使うを選んでください。", "Choose."),
    ]);
    let refused = [HOSTILE, "規約.exe"].map(|name| (name.to_owned(), "プログラムは受け取れません。".to_owned()));
    page(Step::Evidence, form, Vec::new()).with_files(cards, refused.into(), false)
}

fn confirm(form: Form, refused: Option<Text>) -> ConfirmPage {
    let errors: Vec<FieldError> = read_partly(&form).1.into_iter().chain(form.errors.iter().cloned()).collect();
    let fault = |error: &FieldError| {
        let (label, href) = place_of("D-RADRQ4E1", &error.field, &[]);
        FaultLine { step: step_of(&error.field), label, message: error.message.ja.clone(), href }
    };
    let cards = FileCard::all(
        &Form::of(evidence::fill_again("A-2025-00011", &uploaded().map(|file| file.0))),
        &uploaded().map(|file| file.1),
    );
    ConfirmPage {
        frame: frame(PROVIDER, Role::ProviderOwner),
        head: head(&form, &errors),
        faults: errors.iter().map(fault).collect(),
        refused,
        changed: None,
        change: None,
        lines: found(&form),
        declared: declared_so_far(&form),
        cards,
    }
}

/// The same page of a renewal.
fn renewing(page: ConfirmPage) -> ConfirmPage {
    let [.., draft, _] = &lines()[..] else { return page };
    let mut cards = page.cards.clone();
    cards.iter_mut().for_each(|card| card.old = Some("2024-10-01".parse().expect("a day")));
    ConfirmPage { head: Head { draft: draft.clone(), ..page.head.clone() }, cards, ..page }
}

/// The same page of a change.
fn changing(page: ConfirmPage) -> ConfirmPage {
    let [.., draft] = &lines()[..] else { return page };
    let changed = Some(changed_since(&super::declaration(), &mistaken()));
    ConfirmPage { head: Head { draft: draft.clone(), ..page.head.clone() }, changed, ..page }
}

fn new(count: usize, form: Form) -> NewDraftPage {
    let last = Some(("A-2025-00011".to_owned(), HOSTILE.to_owned(), at("2025-04-01T03:00:00Z")));
    let one = |id: &str, name: &str, last| Applicant { id: id.to_owned(), name: name.to_owned(), last };
    let applicants = vec![one("osaka-cci", PROVIDER, last), one("somebody-else", "例示商会", None)];
    NewDraftPage::new(frame(PROVIDER, Role::DelegatedAgent), applicants.into_iter().take(count).collect(), form)
}
