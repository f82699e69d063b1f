//! The pages.

use api::clock;
use api::gate::Declared;
use domain::authority::Power;
use tests::{Cast, declaration};

use super::{Row, accounts, both_examiners};
use crate::stage::{Kind, edition};

/// A route's rows.
pub fn rows(route: &Declared, cast: &Cast) -> Vec<Row> {
    let row = || Row::of(route);
    let [first, second] = both_examiners(cast);
    let reason = [("/reason", "理由。")];
    let verdict = [("/verdict", "pass"), ("/reason", "すべての要件を充足する。")];
    let pasted = declaration().to_string();
    let (year, month, day) = clock::now().day().ymd();
    let today = [year.to_string(), month.to_string(), day.to_string()];
    let [year, month, day] = today.each_ref().map(String::as_str);
    let (later_year, later_month, later_day) = clock::now().day().plus_days(90).ymd();
    let later = [later_year.to_string(), later_month.to_string(), later_day.to_string()];
    let one = match (route.method.as_str(), route.path.as_str()) {
        ("GET", "/static/:file" | "/offline/:file") => row(),
        ("GET", "/editions/:id/affected.csv") => row(),
        ("GET", "/editions/:id/decisions") => row().on(Kind::Running),
        ("POST", "/editions/:id/stop") => row().on(Kind::Running).form(&reason),
        ("POST", "/editions/:id/resume") => row().on(Kind::Stopped).form(&reason),
        ("GET", "/proposals/:id/what-if.csv") => return row().on_editions_proposal(),
        ("GET", "/scheme/:setting") => row(),
        ("POST", "/scheme/:setting") => {
            let [year, month, day] = later.each_ref().map(String::as_str);
            let from = [("/from/year", year), ("/from/month", month), ("/from/day", day)];
            let said = [("/value", "15"), ("/standing", "provisional"), ("/source", "委員会"), ("/reason", "理由。")];
            row().form(&[&from[..], &said[..]].concat())
        }
        ("GET", "/round.txt" | "/round.csv") => row().short(),
        ("POST", "/bulk") => {
            let of = |variant, power, kind: &str| {
                let first = [("/first/year", year), ("/first/month", month), ("/first/day", day)];
                let key = ("key", "00000000000000000000000000000000");
                let said = [("/kind", kind), key, ("line", "registration/OTK-2099-00001@1")];
                row().case(variant, power).form(&[&first[..], &said[..]].concat())
            };
            return vec![
                of("enter", Power::Register, "enter"),
                of("license", Power::GrantToProvider, "license"),
                of("remind", Power::RemindProvider, "remind"),
            ];
        }
        ("GET", "/keys/:id") => row().on(Kind::NextKey),
        ("POST", "/keys/:id/activation") => row().on(Kind::NextKey).form(&[]),
        ("POST", "/keys/:id/compromise") => row().on(Kind::NextKey).form(&reason),
        ("POST", "/editions/new") => row().form(&[("/file", &edition()), ("/reason", "翌年度から。")]),
        ("GET", "/register/:number" | "/en/register/:number") => row().on(Kind::Registration),
        ("GET", "/licences/:id/credential.json" | "/licences/:id/:file" | "/:code" | "/en/:code" | "/status/:name") => {
            row().on(Kind::UsersLicence)
        }
        ("POST", "/verify" | "/en/verify") => row().form(&[("code", "00000000")]),
        ("POST", "/verify/many" | "/en/verify/many") => row().form(&[("codes", "00000000")]),
        ("POST", "/valid-on" | "/en/valid-on") => row().form(&[("lines", "OTK-2026-00001, 2026-04-01")]),
        ("POST", "/drafts") => row().form(&[]),
        ("GET", "/drafts/:id/:step") => row().on(Kind::Draft),
        ("POST", "/drafts/:id/:step") => row().on(Kind::Draft).form(&[("/service/name", "FRESH"), ("go", "save")]),
        ("POST", "/drafts/:id/declaration") => row().on(Kind::Draft).form(&[("declaration", &pasted)]),
        ("POST", "/drafts/:id/submission" | "/drafts/:id/deletion") => row().on(Kind::Draft).form(&[]),
        ("GET", "/applications/:id" | "/applications/:id/record") => row().on(Kind::Decided),
        ("POST", "/applications/:id/withdraw") => row().on(Kind::Submitted).form(&reason),
        ("POST", "/applications/:id/registration") => {
            row().on(Kind::Decided).form(&[("/from/year", year), ("/from/month", month), ("/from/day", day)])
        }
        ("GET", "/applications/:id/decision") => row().on(Kind::Conditional),
        ("POST", "/applications/:id/conditions/:number/report") => {
            row().on(Kind::Conditional).form(&[("/words", "公表した。")])
        }
        ("POST", "/applications/:id/conditions/:number/reply") => {
            row().on(Kind::Reported).form(&[("/answer", "accepted"), ("/reason", "確かめた。")])
        }
        ("POST", "/applications/:id/objection") => row().on(Kind::Failed).form(&reason),
        ("POST", "/applications/:id/objection/finding") => {
            row().on(Kind::Objected).form(&[("/outcome", "dismissed"), ("/reason", "判定に誤りはない。")])
        }
        ("GET", "/evidence/:digest") => row().on(Kind::Evidence),
        ("GET", "/intake/:id") => row().on(Kind::Submitted),
        ("POST", "/intake/:id/accept") => {
            row().on(Kind::Submitted).form(&[("/examiner1", first), ("/examiner2", second)])
        }
        ("POST", "/intake/:id/return") => {
            let one = [("/reasons/0/pointer", "/service/summary"), ("/reasons/0/reason", "年を書いてください。")];
            row().on(Kind::Submitted).form(&one)
        }
        ("GET", "/examinations/:id") => row().on(Kind::Examining),
        ("POST", "/examinations/:id/judgements") => {
            let one = [("/judgements/help_desk/answer", "met"), ("/judgements/help_desk/reason", "規約のとおり。")];
            row().on(Kind::Examining).form(&one)
        }
        ("POST", "/examinations/:id/reconciliation") => {
            let own = [("/judgements/help_desk/answer", "met"), ("/judgements/help_desk/reason", "規約のとおり。")];
            row().on(Kind::Disputed).form(&[("criterion", "help_desk"), own[0], own[1]])
        }
        ("POST", "/examinations/:id/working-papers") => row()
            .on(Kind::Examining)
            .form(&[("/judgements/help_desk/reason", "まだ途中"), ("/notes/help_desk", "電話")]),
        ("POST", "/examinations/:id/recommendation") => row().on(Kind::Judged).form(&verdict),
        ("GET", "/examinations/:id/interest") => row().on(Kind::Assigned),
        ("POST", "/examinations/:id/interest") => row().on(Kind::Assigned).form(&[("/answer", "none")]),
        ("POST", "/intake/:id/replacement") => {
            let joining = cast.other_examiner.id.as_str();
            let form = [("/leaving", second.as_str()), ("/joining", joining), ("/reason", "異動した。")];
            row().on(Kind::Examining).form(&form)
        }
        ("POST", "/intake/:id/waiver") => {
            row().on(Kind::Tied).form(&[("/tied", second), ("/waiver", "任期が終わっている。")])
        }
        ("POST", "/applications/:id/questions/:question/answer") => {
            row().on(Kind::Asked).form(&[("/text", "3ページです。")])
        }
        ("POST", "/examinations/:id/questions") => {
            let [year, month, day] = later.each_ref().map(String::as_str);
            let until = [
                ("/questions/help_desk/until/year", year),
                ("/questions/help_desk/until/month", month),
                ("/questions/help_desk/until/day", day),
            ];
            let asked = [("ask", "help_desk"), ("/questions/help_desk/text", "規程のどこにありますか。")];
            row().on(Kind::Examining).form(&[&asked[..], &until[..]].concat())
        }
        ("POST", "/examinations/:id/questions/:question/extension" | "/intake/:id/questions/:question/extension") => {
            let [year, month, day] = later.each_ref().map(String::as_str);
            let until =
                [("/settle/1/until/year", year), ("/settle/1/until/month", month), ("/settle/1/until/day", day)];
            row().on(Kind::Asked).form(&until)
        }
        ("POST", "/examinations/:id/questions/:question/closing" | "/intake/:id/questions/:question/closing") => {
            row().on(Kind::Asked).form(&[("/settle/1/reason", "別の書類で分かった。")])
        }
        ("GET", "/decisions/:id") => row().on(Kind::Recommended),
        ("POST", "/decisions/:id") => row().on(Kind::Recommended).form(&verdict),
        ("GET", "/proposals/:id") => return row().on_proposals(),
        ("POST", "/proposals/:id/confirm") => return row().form(&[]).on_proposals(),
        ("POST", "/proposals/:id/drop") => return row().form(&reason).on_proposals(),
        ("POST", "/register/:number/licences") => {
            let from = [("/contractFrom/year", year), ("/contractFrom/month", month), ("/contractFrom/day", day)];
            let [year, month, day] = from;
            let user = [("/holderName", "見本商店"), year, month, day];
            let row = || row().on(Kind::Registration);
            return vec![
                row().case("user's", Power::GrantToUser).form(&user),
                row().case("provider's", Power::GrantToProvider).form(&[("holderKind", "provider")]),
            ];
        }
        ("POST", "/complaint" | "/en/complaint") => {
            row().form(&[("/grievance", "other"), ("/text", "例"), ("key", "00000000000000000000000000000000")])
        }
        ("POST", "/complaint/progress" | "/en/complaint/progress" | "/complaint/erasure" | "/en/complaint/erasure") => {
            row().on(Kind::Complaint).form(&[("/id", ":id"), ("/secret", ":secret")])
        }
        ("GET", "/complaints/:id") => row().on(Kind::Complaint),
        ("POST", "/complaints/:id/acknowledgement" | "/complaints/:id/erasure") => row().on(Kind::Complaint).form(&[]),
        ("POST", "/complaints/:id/assignment") => {
            row().on(Kind::Acknowledged).form(&[("/handler", &cast.second_secretariat.id)])
        }
        ("POST", "/complaints/:id/replies") => row().on(Kind::Acknowledged).form(&[("/text", "確かめています。")]),
        ("POST", "/complaints/:id/closing") => {
            row().on(Kind::Acknowledged).form(&[("/outcome", "unsubstantiated"), ("/reason", "確かめた。")])
        }
        ("GET", "/register/:number/self_check/:period") => row().on(Kind::Registration),
        ("POST", "/register/:number/self_check/:period" | "/register/:number/price-checks") => {
            row().on(Kind::Registration).form(&[]).short()
        }
        (
            "GET",
            "/register/:number/watching" | "/register/:number/alerts/:period" | "/register/:number/alerts/:period/csv",
        ) => row().on(Kind::Registration),
        ("POST", "/register/:number/alerts/:period" | "/register/:number/alerts/:period/csv") => {
            row().on(Kind::Registration).form(&[]).short()
        }
        ("GET", "/register/:number/imports" | "/register/:number/imports/template.csv") => row().on(Kind::Registration),
        ("POST", "/register/:number/imports") => row().on(Kind::Registration).form(&[]).short(),
        ("GET", "/imports/:id" | "/imports/:id/faults.csv") => row().on(Kind::Import),
        ("GET", "/register/:number/succession") => row().on(Kind::Registration),
        ("POST", "/register/:number/succession") => row().on(Kind::Registration).form(&reason).short(),
        ("GET", "/register/:number/measures") => row().on(Kind::Demanded),
        ("POST", "/register/:number/measures/:measure") => {
            let reasoned = [("/clauses", "criteria_unmet"), ("/facts", "記録で確かめた。"), reason[0]];
            row().on(Kind::Registration).form(&reasoned)
        }
        ("POST", "/register/:number/measures/:measure/corrections/:correction/report") => {
            row().on(Kind::Demanded).form(&[("/words", "再開した。")])
        }
        ("POST", "/register/:number/measures/:measure/corrections/:correction/answer") => {
            row().on(Kind::Corrected).form(&[("/answer", "accepted"), ("/reason", "確かめた。")])
        }
        ("POST", "/register/:number/measures/:measure/objection") => row().on(Kind::Demanded).form(&reason),
        ("POST", "/register/:number/measures/:measure/finding") => {
            row().on(Kind::Contested).form(&[("/outcome", "dismissed"), ("/reason", "措置に誤りはない。")])
        }
        ("POST", "/register/:number/statements/:proposal") => {
            row().on(Kind::Heard).form(&[("/words", "事実ではない。")])
        }
        ("POST", "/register/:number/discontinuation") => {
            let [year, month, day] = later.each_ref().map(String::as_str);
            let end = [("/lastDay/year", year), ("/lastDay/month", month), ("/lastDay/day", day)];
            let words = [("/forUsers", "終了します。"), ("/contracts", "解約できます。")];
            row().on(Kind::Registration).form(&[&end[..], &words[..]].concat())
        }
        ("POST", "/licences/:id/end") => {
            return vec![
                row().on(Kind::UsersLicence).case("user's", Power::EndUsersLicence).form(&reason),
                row().on(Kind::ProvidersLicence).case("provider's", Power::EndProvidersLicence).form(&reason),
            ];
        }
        _ => return accounts::of_pages(route),
    };
    vec![one]
}
