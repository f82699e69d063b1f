//! Examples in the OpenAPI document. A test sends every body to the service and shows that it is understood.

use serde_json::{Value, json};

const DECLARATION: &str = include_str!("../../../schemas/examples/declaration/valid/network-at-the-cap.json");

const EDITION: &str = include_str!("../../../schemas/examples/edition/new.toml");

/// What a parameter may look like.
pub(super) fn of_parameter(path: &str, name: &str) -> Option<Value> {
    let id = match path.split('/').nth(1) {
        Some("editions") => "1.0",
        Some("keys") => "0a1b2c3d",
        Some("licences") => "RADRQ4E1",
        Some("proposals") => "Q-RADRQ4E1",
        Some("drafts") => "D-RADRQ4E1",
        Some("people") => "P-RADRQ4E1",
        Some("api-keys") => "K-RADRQ4E1",
        _ => "A-2026-00001",
    };
    Some(match name {
        "id" => json!(id),
        "number" if path.contains("/conditions/{number}") => json!("1"),
        "number" => json!("OTK-2026-00001"),
        "code" => json!("RADRQ4E1"),
        "day" | "on" => json!("2026-04-01"),
        "index" => json!(0),
        "question" => json!("1"),
        "criterion" => json!("help_desk"),
        "name" => json!("料金表.pdf"),
        "owner" => json!("osaka-cci"),
        "q" => json!("お助け隊"),
        "after" if path.ends_with("conditions") => json!("2026-06-30.A-2026-00001"),
        "after" if path.ends_with("licences") => json!("RADRQ4E1"),
        "after" if path.starts_with("/editions") || path.starts_with("/proposals") => json!("A-2026-00001"),
        "after" if path.starts_with("/people") => json!("P-RADRQ4E1"),
        "after" if path.starts_with("/organisations") || path.starts_with("/api-keys") => json!("9000000000000"),
        "after" => json!("OTK-2026-00001"),
        "person" => json!("P-RADRQ4E1"),
        "what" => json!("application.submitted"),
        "subject" => json!("application/A-2026-00001"),
        "request" => json!("mzxw6ytboi5dgnbv"),
        "edition" => json!("2.0"),
        "from" | "until" => json!("2026-04-01"),
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
        "submitApplication" | "resubmitApplication" | "assess" => {
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
        "proposeMeasure" => json!({ "measure": "suspend", "reason": "監視が続けられていないため（是正まで）。" }),
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
        "issueApiKey" => json!({
            "organisation": "osaka-cci", "label": "受付システム", "scopes": ["applications:read"], "days": 90,
        }),
        "proposeCompromise" => json!({ "reason": "秘密鍵の控えが持ち出されたおそれがあるため。" }),
        "stopDecisions" => json!({ "reason": "価格の上限に誤記が見つかったため。" }),
        "resumeDecisions" => json!({ "reason": "訂正が公示されたため。" }),
        "previewEdition" => json!({ "file": EDITION }),
        "proposeEdition" => json!({ "file": EDITION, "reason": "第3版の公表に伴い、翌年度から適用するため。" }),
        "dropProposal" => json!({ "reason": "事実をもう一度確かめるため。" }),
        _ => return None,
    })
}
