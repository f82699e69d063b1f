//! The JSON face.

use api::clock;
use api::gate::Declared;
use domain::authority::Power;
use serde_json::json;
use tests::{Cast, declaration, drafts, pass, untied};

use super::{Row, accounts, both_examiners};
use crate::stage::{Kind, edition};

/// A route's rows.
pub fn rows(route: &Declared, cast: &Cast) -> Vec<Row> {
    use Power as P;
    let row = || Row::of(route);
    let reason = || json!({ "reason": "理由。" });
    let measure = json!({ "measure": "suspend", "reason": "監視が止まった。" });
    let judgement = json!({ "criterion": "help_desk", "answer": "met", "reason": "規約で確かめた。" });
    let returned = json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が違います。" }] });
    let today = clock::now().day().to_string();
    let user = json!({ "holderKind": "user", "holderName": "見本商店", "contractFrom": today });
    let one = match (route.method.as_str(), route.path.trim_start_matches("/api/v1")) {
        ("GET", "/registrations/:number" | "/registrations/:number/valid-on/:day") => row().on(Kind::Registration),
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
        ("GET", "/registrations/:number/licences") => row().on(Kind::Registration),
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
        ("POST", "/drafts") => row().json(json!({})),
        ("GET", "/drafts/:id" | "/drafts/:id/assessment") | ("DELETE", "/drafts/:id") => row().on(Kind::Draft),
        ("PUT", "/drafts/:id") => row().on(Kind::Draft).json(drafts::fields(&drafts::typed(&declaration()))),
        ("POST", "/drafts/:id/submission") => row().on(Kind::Draft),
        _ => return accounts::of_json(route),
    };
    vec![one]
}
