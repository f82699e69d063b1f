//! Examples in the OpenAPI document. A test sends every body to the service and shows that it is understood.

use serde_json::{Value, json};

const DECLARATION: &str = include_str!("../../../schemas/examples/declaration/valid/network-at-the-cap.json");

const ALERT_REPORT: &str = include_str!("../../../schemas/examples/alert-report/valid/half-year.json");

const MESSAGE: &str = "mzxw6ytboi5dgnbvgy3tqojqme";

const EDITION: &str = include_str!("../../../schemas/examples/edition/new.toml");

/// What a parameter may look like.
pub(super) fn of_parameter(path: &str, name: &str) -> Option<Value> {
    let id = match path.split('/').nth(1) {
        Some("editions") => "1.0",
        Some("keys") => "0a1b2c3d",
        Some("licences") => "RADRQ4E1",
        Some("licence-imports") => "I-RADRQ4E1",
        Some("proposals") => "Q-RADRQ4E1",
        Some("drafts") => "D-RADRQ4E1",
        Some("people") => "P-RADRQ4E1",
        Some("api-keys") => "K-RADRQ4E1",
        Some("complaints") => "C-RADRQ4E1",
        Some("messages") => MESSAGE,
        Some("webhooks") => "W-RADRQ4E1",
        _ => "A-2026-00001",
    };
    Some(match name {
        "id" => json!(id),
        "number" if path.contains("/conditions/{number}") => json!("1"),
        "measure" | "correction" => json!("1"),
        "number" => json!("OTK-2026-00001"),
        "code" => json!("RADRQ4E1"),
        "day" | "on" | "knownOn" => json!("2026-04-01"),
        "period" => json!("2026-04-01--2026-09-30"),
        "index" => json!(0),
        "question" => json!("1"),
        "criterion" => json!("help_desk"),
        "name" if path.ends_with("licence-imports") => json!("users.csv"),
        "choice" => json!("all"),
        "name" => json!("料金表.pdf"),
        "owner" => json!("osaka-cci"),
        "q" => json!("お助け隊"),
        "after" if path.ends_with("conditions") => json!("2026-06-30.A-2026-00001"),
        "after" if path.ends_with("licences") => json!("RADRQ4E1"),
        "after" if path.starts_with("/editions") || path.starts_with("/proposals") => json!("A-2026-00001"),
        "after" if path.starts_with("/complaints") => json!("C-RADRQ4E1"),
        "after" if path.starts_with("/people") => json!("P-RADRQ4E1"),
        "after" if path.starts_with("/organisations") || path.starts_with("/api-keys") => json!("9000000000000"),
        "after" if path.starts_with("/messages") => json!(MESSAGE),
        "after" if path.starts_with("/webhooks") => json!(format!("msg_{MESSAGE}")),
        "delivery" => json!(format!("msg_{MESSAGE}")),
        "after" => json!("OTK-2026-00001"),
        "person" => json!("P-RADRQ4E1"),
        "what" => json!("application.submitted"),
        "subject" => json!("application/A-2026-00001"),
        "request" => json!("mzxw6ytboi5dgnbv"),
        "edition" => json!("2.0"),
        "from" | "until" | "first" => json!("2026-04-01"),
        "setting" => json!("answer_days"),
        "before" => json!(1000),
        "digest" => json!("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
        "If-Match" => json!("\"3\""),
        "If-None-Match" => json!("\"3-9f86d081884c7d659a2feaa0\""),
        "Idempotency-Key" => json!("5f0c7a5e-4b0e-4d8e-9a55-6a1f1c9d3b20"),
        _ => return None,
    })
}

/// What the body of an operation may look like.
pub(super) fn of_body(operation_id: &str) -> Option<Value> {
    let determination = || json!({ "verdict": "pass", "reason": "すべての要件を満たすことを証跡で確かめた。" });
    Some(match operation_id {
        "submitApplication" | "resubmitApplication" | "assess" | "checkChange" | "notifyChange" => {
            serde_json::from_str(DECLARATION).expect("a test of domain reads every example")
        }
        "beginDraft" => json!({ "owner": "osaka-cci" }),
        "saveDraft" => json!({ "fields": [
            { "name": "/service/name", "values": ["例示見守りサービス"] },
            { "name": "/service/regions", "values": ["27", "28"] },
            { "name": "/service/startedOn/year", "values": ["令和8"] },
        ] }),
        "withdrawApplication" => json!({ "reason": "サービス内容を見直すため。" }),
        "returnApplication" => {
            json!({ "reasons": [{ "pointer": "/helpDesk/hours", "reason": "受付時間が規約と異なります。" }] })
        }
        "declareInterest" => json!({ "answer": "none" }),
        "replaceExaminer" => {
            json!({ "leaving": "P-00000002", "joining": "P-00000004", "reason": "異動したため。" })
        }
        "proposeWaiver" => {
            json!({ "examiner": "P-00000002", "reason": "顧問の任期は数年前に終わり、取引もないため。" })
        }
        "acceptApplication" => json!({ "examiners": ["P-00000002", "P-00000003"] }),
        "judge" => {
            let reason = "利用規約第3条と受付記録により確かめた。";
            json!({ "judgements": [{ "criterion": "help_desk", "answer": "met", "reason": reason }] })
        }
        "recommend" => determination(),
        "proposeDecision" => {
            let mut decision = determination();
            decision["conditions"] = json!([{
                "words": "改定した利用規約を公表すること。", "criterion": "disclosure", "owner": "事業部長",
                "due": "2099-03-31",
            }]);
            decision
        }
        "reportCondition" => json!({ "words": "2月10日に改定し、サイトで公表した。" }),
        "replyToReport" => json!({ "isAccepted": true, "reason": "公表された規約を確かめた。" }),
        "objectToDecision" => json!({ "reason": "判定の理由にある価格は、税込の額を税抜と読んだものです。" }),
        "proposeOnObjection" => {
            json!({ "outcome": "upheld", "reason": "税の扱いを取り違えた判断があり、結論に影響する。" })
        }
        "reconcile" => json!({
            "criterion": "help_desk", "answer": "met", "reason": "協議し、窓口規程第2条で一元化されていると判断した。",
        }),
        "saveWorkingPaper" => json!({ "answer": "met", "reason": "窓口規程を", "note": "第3条を電話で確かめる。" }),
        "askApplicant" => {
            json!({ "criterion": "help_desk", "text": "受付時間の根拠となる規程の箇所を示してください。" })
        }
        "answerQuestion" => json!({ "text": "受付規程の3ページ、第5条です。" }),
        "extendQuestion" => json!({ "until": "2026-06-30" }),
        "closeQuestion" => json!({ "reason": "別の書類で確かめられたため。" }),
        "register" => json!({ "from": "2026-04-01" }),
        "proposeMeasure" => json!({
            "measure": "suspend", "reason": "監視が続けられていないため（是正まで）。", "clauses": ["criteria_unmet"],
            "facts": "1月12日の立入調査で、監視装置の停止を確かめた。",
        }),
        "suspendAtOnce" => json!({
            "reason": "利用企業の情報が漏れるおそれがあるため。", "clauses": ["harm"],
            "facts": "管理画面が公開されていることを確かめた。",
        }),
        "reportCorrection" => json!({ "words": "2月10日に監視を再開した。" }),
        "answerCorrection" => json!({ "isAccepted": true, "reason": "再開を記録で確かめた。" }),
        "objectToMeasure" => json!({ "reason": "監視は停止していません。" }),
        "proposeOnMeasure" => json!({ "outcome": "dismissed", "reason": "停止は記録のとおりである。" }),
        "discontinue" => json!({
            "lastDay": "2027-03-31", "forUsers": "後継のサービスへ移れます。窓口にご連絡ください。",
            "contracts": "違約金なしで解約でき、前払い分を返金します。",
        }),
        "proposeSuccession" => json!({
            "to": "osaka-cci", "kind": "merger", "on": "2026-04-01",
            "reason": "提供事業者の合併により、登録を承継した。",
            "evidence": "登記事項証明書（4月2日交付）と、承継する事業者の同意書を確かめた。",
            "provider": {
                "tradeName": "例示商店（例示太郎）", "tradeNameKana": "レイジショウテン", "prefecture": "47",
                "postalCode": "0000000", "address": "例示市例示1-1", "telephone": "098-000-0000",
            },
        }),
        "stateSide" => json!({ "words": "停止は保守のためで、その日のうちに再開しました。" }),
        "grantLicence" => json!({
            "holderKind": "user", "holderName": "例示製作所", "holderNumber": "9000000000000",
            "contractFrom": "2026-04-01",
        }),
        "endLicence" => json!({ "reason": "契約が終了したため。" }),
        "proposeRevocation" => json!({ "reason": "マークの表示規則に反する使い方が続いたため。" }),
        "invitePerson" => json!({ "role": "provider_member", "organisation": "osaka-cci", "name": "例示 花子" }),
        "giveRole" => json!({ "role": "delegated_agent", "organisation": "osaka-cci", "until": "2027-03-31" }),
        "endRole" => {
            json!({ "role": "delegated_agent", "organisation": "osaka-cci", "reason": "委任が終わったため。" })
        }
        "dismissPerson" => json!({ "reason": "退職したため。" }),
        "endSessions" => json!({ "reason": "端末を紛失したと本人から電話があった。" }),
        "recoverPerson" => json!({ "identityCheck": "in_person", "reason": "認証アプリをなくした。社員証を見た。" }),
        "enterOrganisation" => json!({ "kind": "user", "name": "例示製作所", "id": "reiji-seisakusho" }),
        "chooseMail" => json!({ "declined": ["work", "scheme"] }),
        "addWebhook" => json!({ "organisation": "osaka-cci", "url": "https://hooks.otasuketai.example/register" }),
        "issueApiKey" => json!({
            "organisation": "osaka-cci", "label": "受付システム", "scopes": ["applications:read"], "days": 90,
        }),
        "complain" => json!({
            "grievance": "misuse", "text": "契約していない会社の看板にマークが使われている。", "registration": "OTK-2026-00001",
        }),
        "followComplaint" | "eraseOwnComplaint" => json!({ "secret": "RADRQ4E1-RADRQ4E1" }),
        "assignComplaint" => json!({ "handler": "P-RADRQ4E1" }),
        "replyToComplaint" => json!({ "text": "提供事業者に確かめています。" }),
        "closeComplaint" => json!({ "outcome": "substantiated", "reason": "看板が外されたことを確かめました。" }),
        "fileAlertReport" => serde_json::from_str(ALERT_REPORT).expect("a test of domain reads every example"),
        "fileSelfCheck" => json!({ "criteria": [
            { "criterion": "help_desk", "finding": "still_met" },
            { "criterion": "network_monitoring", "finding": "changed", "words": "監視の拠点を移した。" },
        ] }),
        "checkPrice" => json!({
            "line": 0, "monthly": { "yen": 6600, "tax": "included", "taxRatePercent": 10 }, "minimumTermMonths": 12,
            "seenAt": "https://otasuketai.example/price", "seenOn": "2026-04-01",
        }),
        "verifyMarks" => json!({ "codes": ["04JG20R4", "https://otasuketai.example/04JG20R5"] }),
        "registrationsOnDays" => json!({ "questions": [
            { "number": "OTK-2026-00001", "day": "2026-04-01" },
            { "legalEntityNumber": "5010005007126", "day": "2026-04-01", "knownOn": "2026-05-01" },
        ] }),
        "proposeCompromise" => json!({ "reason": "秘密鍵の控えが持ち出されたおそれがあるため。" }),
        "stopDecisions" => json!({ "reason": "価格の上限に誤記が見つかったため。" }),
        "resumeDecisions" => json!({ "reason": "訂正が公示されたため。" }),
        "previewEdition" => json!({ "file": EDITION }),
        "proposeEdition" => json!({ "file": EDITION, "reason": "第3版の公表に伴い、翌年度から適用するため。" }),
        "proposeSetting" => json!({
            "value": 15, "from": "2027-04-01", "standing": "provisional", "source": "運営委員会の決定（第3回）",
            "reason": "申請者の負担を減らすため。",
        }),
        "proposeHolidays" => json!({
            "days": [{ "day": "2027-06-09", "name": "休日" }], "source": "官報（例示）",
            "reason": "法律で休日とされたため。",
        }),
        "previewBulk" | "performBulk" => {
            json!({ "kind": "enter", "first": "2026-04-01", "lines": ["application/A-2026-00001@12"] })
        }
        "dropProposal" => json!({ "reason": "事実をもう一度確かめるため。" }),
        _ => return None,
    })
}
