//! The JSON face.

use api::clock;
use api::gate::Declared;
use domain::authority::Power;
use domain::watching::AlertFigures;
use serde_json::json;
use tests::{Cast, declaration, drafts, pass, untied};

use super::{Row, accounts, both_examiners};
use crate::stage::{Kind, edition, setting};

/// A route's rows.
pub fn rows(route: &Declared, cast: &Cast) -> Vec<Row> {
    use Power as P;
    let row = || Row::of(route);
    let reason = || json!({ "reason": "理由。" });
    let measure = tests::measure_body("suspend", "監視が止まった。");
    let judgement = json!({ "criterion": "help_desk", "answer": "met", "reason": "規約で確かめた。" });
    let returned = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
    let today = clock::now().day().to_string();
    let user = json!({ "holderKind": "user", "holderName": "見本商店", "contractFrom": today });
    let one = match (route.method.as_str(), route.path.trim_start_matches("/api/v1")) {
        (
            "GET",
            "/registrations/:number" | "/registrations/:number/valid-on/:day" | "/registrations/:number/history",
        ) => row().on(Kind::Registration),
        ("POST", "/marks") => row().json(json!({ "codes": ["00000000"] })),
        ("POST", "/valid-on") => row().json(json!({ "questions": [{ "number": "OTK-2026-00001" }] })),
        ("GET", "/marks/:code") => row().on(Kind::UsersLicence),
        ("GET", "/editions/:id" | "/editions/:id/file" | "/editions/:id/oscal" | "/log/leaves/:index") => row(),
        ("GET", "/editions/:id/affected") => row(),
        ("GET", "/proposals/:id/what-if") => return row().on_editions_proposal(),
        ("POST", "/editions/:id/stop") => row().on(Kind::Running).json(reason()),
        ("POST", "/editions/:id/resumption") => row().on(Kind::Stopped).json(reason()),
        ("POST", "/editions/preview") => row().json(json!({ "file": edition() })),
        ("POST", "/editions") => row().json(json!({ "file": edition(), "reason": "翌年度から。" })),
        ("POST", "/keys/:id/activation") => row().on(Kind::NextKey),
        ("POST", "/keys/:id/compromise") => row().on(Kind::NextKey).json(reason()),
        ("POST", "/settings/:setting/changes") => row().json(setting()),
        ("POST", "/holidays/changes") => {
            let day = clock::now().day().plus_days(400).to_string();
            row().json(json!({ "days": [{ "day": day, "name": "臨時の休日" }], "source": "官報", "reason": "停電。" }))
        }
        ("GET", "/round") => row().short(),
        ("POST", "/bulk/preview" | "/bulk") => {
            let of = |variant, power, kind: &str| {
                let lines = ["registration/OTK-2099-00001@1"];
                row().case(variant, power).json(json!({ "kind": kind, "first": today, "lines": lines }))
            };
            return vec![
                of("enter", P::Register, "enter"),
                of("license", P::GrantToProvider, "license"),
                of("remind", P::RemindProvider, "remind"),
            ];
        }
        ("POST", "/assessments") => row().json(declaration()),
        ("POST", "/applications") => row().json(declaration()),
        ("POST", "/applications/:id/reconciliation") => row().on(Kind::Disputed).json(judgement),
        ("GET", "/applications/:id/working-papers") => row().on(Kind::Examining),
        ("PUT", "/applications/:id/working-papers/:criterion") => {
            row().on(Kind::Examining).json(json!({ "answer": "met", "reason": "まだ途中", "note": "電話する" }))
        }
        (
            "GET",
            "/applications/:id"
            | "/applications/:id/assessment"
            | "/applications/:id/examinations"
            | "/applications/:id/questions"
            | "/applications/:id/changes",
        ) => {
            let of = |variant, kind| Row { variant, ..row().on(kind) };
            return vec![of("open", Kind::Decided), of("not yet open", Kind::Assigned)];
        }
        (
            "GET",
            "/applications/:id/record" | "/applications/:id/record.pdf" | "/applications/:id/record.oscal.json",
        ) => row().on(Kind::Decided),
        ("GET", "/applications/:id/examiners") => row().on(Kind::Examining),
        ("POST", "/applications/:id/interest") => row().on(Kind::Assigned).json(untied()),
        ("POST", "/applications/:id/replacement") => {
            let [leaving, joining] = [&cast.examiners[1].id, &cast.other_examiner.id];
            let body = json!({ "leaving": leaving, "joining": joining, "reason": "異動した。" });
            row().on(Kind::Examining).json(body)
        }
        ("POST", "/applications/:id/waiver") => {
            let body = json!({ "examiner": cast.examiners[1].id, "reason": "任期が終わっている。" });
            row().on(Kind::Tied).json(body)
        }
        ("POST", "/applications/:id/questions") => {
            row().on(Kind::Examining).json(json!({ "criterion": "help_desk", "text": "規程のどこにありますか。" }))
        }
        ("POST", "/applications/:id/questions/:question/answer") => {
            row().on(Kind::Asked).json(json!({ "text": "3ページです。" }))
        }
        ("POST", "/applications/:id/questions/:question/extension") => {
            let later = clock::now().day().plus_days(90).to_string();
            row().on(Kind::Asked).json(json!({ "until": later }))
        }
        ("POST", "/applications/:id/questions/:question/closing") => row().on(Kind::Asked).json(reason()),
        ("GET", "/applications/:id/decision" | "/applications/:id/class-2") => row().on(Kind::Conditional),
        ("GET", "/registrations/:number/conditions") => row().on(Kind::Registration),
        ("POST", "/applications/:id/conditions/:number/report") => {
            row().on(Kind::Conditional).json(json!({ "words": "公表した。" }))
        }
        ("POST", "/applications/:id/conditions/:number/reply") => {
            row().on(Kind::Reported).json(json!({ "isAccepted": true, "reason": "確かめた。" }))
        }
        ("POST", "/applications/:id/objection") => row().on(Kind::Failed).json(reason()),
        ("POST", "/applications/:id/objection/finding") => {
            row().on(Kind::Objected).json(json!({ "outcome": "dismissed", "reason": "判定に誤りはない。" }))
        }
        ("POST", "/evidence") => row().file(b"month,calls\n1,3\n"),
        ("GET", "/evidence/:digest" | "/evidence/:digest/file") => row().on(Kind::Evidence),
        ("PUT", "/applications/:id/declaration") => row().on(Kind::Returned).json(declaration()),
        ("POST", "/applications/:id/withdrawal") => row().on(Kind::Submitted).json(reason()),
        ("POST", "/applications/:id/return") => row().on(Kind::Submitted).json(returned),
        ("POST", "/applications/:id/acceptance") => {
            row().on(Kind::Submitted).json(json!({ "examiners": both_examiners(cast) }))
        }
        ("POST", "/applications/:id/judgements") => {
            row().on(Kind::Examining).json(json!({ "judgements": [judgement] }))
        }
        ("POST", "/applications/:id/recommendation") => row().on(Kind::Judged).json(pass()),
        ("POST", "/applications/:id/decision") => row().on(Kind::Recommended).json(pass()),
        ("POST", "/applications/:id/registration") => row().on(Kind::Decided).json(json!({ "from": today })),
        ("POST", "/registrations/:number/measures") => row().on(Kind::Registration).json(measure),
        ("GET", "/registrations/:number/measures") => row().on(Kind::Demanded),
        ("POST", "/registrations/:number/emergency") => {
            let mut body = measure;
            body.as_object_mut().expect("an object").remove("measure");
            row().on(Kind::Registration).json(body)
        }
        ("POST", "/registrations/:number/emergency/confirmation") => row().on(Kind::Emergency),
        ("POST", "/registrations/:number/measures/:measure/corrections/:correction/report") => {
            row().on(Kind::Demanded).json(json!({ "words": "再開した。" }))
        }
        ("POST", "/registrations/:number/measures/:measure/corrections/:correction/answer") => {
            row().on(Kind::Corrected).json(json!({ "isAccepted": true, "reason": "確かめた。" }))
        }
        ("POST", "/registrations/:number/measures/:measure/objection") => row().on(Kind::Demanded).json(reason()),
        ("POST", "/registrations/:number/measures/:measure/objection/finding") => {
            row().on(Kind::Contested).json(json!({ "outcome": "dismissed", "reason": "措置に誤りはない。" }))
        }
        ("GET", "/registrations/:number/declaration") => row().on(Kind::Registration),
        ("POST", "/registrations/:number/changes" | "/registrations/:number/changes/check") => {
            row().on(Kind::Registration).json(tests::moved())
        }
        ("POST", "/registrations/:number/succession") => row().on(Kind::Registration).json(tests::succession()),
        ("POST", "/registrations/:number/discontinuation") => {
            let last_day = clock::now().day().plus_days(60).to_string();
            let body = json!({ "lastDay": last_day, "forUsers": "終了します。", "contracts": "解約できます。" });
            row().on(Kind::Registration).json(body)
        }
        ("POST", "/proposals/:id/statement") => row().on(Kind::Heard).json(json!({ "words": "事実ではない。" })),
        ("GET", "/registrations/:number/licences" | "/registrations/:number/licence-imports") => {
            row().on(Kind::Registration)
        }
        ("POST", "/registrations/:number/licence-imports") => {
            row().on(Kind::Registration).file(b"holderName,contractFrom\n")
        }
        ("GET", "/licence-imports/:id" | "/licence-imports/:id/faults") => row().on(Kind::Import),
        ("POST", "/registrations/:number/licences") => {
            let own = json!({ "holderKind": "provider" });
            let row = || row().on(Kind::Registration);
            return vec![
                row().case("user's", P::GrantToUser).json(user),
                row().case("provider's", P::GrantToProvider).json(own),
            ];
        }
        ("GET", "/licences/:id") => {
            let of = |variant, kind| Row { variant, ..row().on(kind) };
            return vec![of("user's", Kind::UsersLicence), of("provider's", Kind::ProvidersLicence)];
        }
        ("POST", "/licences/:id/end") => {
            return vec![
                row().on(Kind::UsersLicence).case("user's", P::EndUsersLicence).json(reason()),
                row().on(Kind::ProvidersLicence).case("provider's", P::EndProvidersLicence).json(reason()),
            ];
        }
        ("POST", "/licences/:id/revocation") => row().on(Kind::UsersLicence).json(reason()),
        ("GET", "/proposals/:id") | ("POST", "/proposals/:id/confirmation") => return row().on_proposals(),
        ("POST", "/proposals/:id/dropping") => return row().json(reason()).on_proposals(),
        ("POST", "/complaints") => row().json(json!({ "grievance": "other", "text": "例" })),
        // Whoever shows no secret follows nothing, whoever they are.
        ("POST", "/complaints/:id/progress" | "/complaints/:id/reporter-erasure") => {
            row().on(Kind::Complaint).json(json!({})).short()
        }
        ("GET", "/complaints/:id") => row().on(Kind::Complaint),
        ("POST", "/complaints/:id/acknowledgement") => row().on(Kind::Complaint),
        ("POST", "/complaints/:id/assignment") => {
            row().on(Kind::Acknowledged).json(json!({ "handler": cast.second_secretariat.id }))
        }
        ("POST", "/complaints/:id/replies") => row().on(Kind::Acknowledged).json(json!({ "text": "確かめています。" })),
        ("POST", "/complaints/:id/closing") => {
            row().on(Kind::Acknowledged).json(json!({ "outcome": "unsubstantiated", "reason": "確かめた。" }))
        }
        ("POST", "/complaints/:id/erasure") => row().on(Kind::Complaint),
        ("GET", "/registrations/:number/reports") => row().on(Kind::Registration),
        ("PUT", "/registrations/:number/self-checks/:period") => {
            row().on(Kind::Registration).json(json!({ "criteria": [] })).short()
        }
        ("GET", "/registrations/:number/price-checks") => row().on(Kind::Registration),
        ("POST", "/registrations/:number/price-checks") => {
            let body = json!({ "line": 0, "monthly": { "yen": 1, "tax": "excluded" }, "minimumTermMonths": 0,
                "seenAt": "例", "seenOn": today });
            row().on(Kind::Registration).json(body)
        }
        ("PUT", "/registrations/:number/alert-reports/:period") => {
            row().on(Kind::Registration).json(json!(AlertFigures::of(|_| 1))).short()
        }
        ("GET", "/alert-statistics/:period") => row(),
        ("POST", "/drafts") => row().json(json!({})),
        ("GET", "/drafts/:id" | "/drafts/:id/assessment") | ("DELETE", "/drafts/:id") => row().on(Kind::Draft),
        ("PUT", "/drafts/:id") => row().on(Kind::Draft).json(drafts::fields(&drafts::typed(&declaration()))),
        ("POST", "/drafts/:id/submission") => row().on(Kind::Draft),
        _ => return accounts::of_json(route),
    };
    vec![one]
}
