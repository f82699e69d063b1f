//! Right requests about complaints, and about what services report and are checked for.

use serde_json::{Value, json};
use tests::{Cast, Client, text};

use crate::stage::Right;

/// What is reported once before the sweeps.
const ALERTS: &str = "alert-reports/2021-04-01--2021-09-30";
const SELF_CHECK: &str = "self-checks/2021-05-01--2022-04-30";

/// What is followed once a service is registered.
pub struct Watched {
    /// Complaints with their versions: nobody has acknowledged the first; each other one is for one act, and the last
    /// for erasing. The secret of that one.
    complaints: [(String, u64); 5],
    secret: String,
    /// A registration of years ago, about which was reported once.
    past: String,
}

impl Watched {
    /// Complains; somebody sees to all but the first. Reports what is to be corrected.
    pub fn prepare(client: &Client, cast: &Cast, past: String) -> Self {
        let body = json!({ "grievance": "other", "text": "例" });
        let receipts = [1, 2, 2, 2, 2].map(|version| (client.post("/api/v1/complaints", &body).send().ok(), version));
        let id = |receipt: &Value| text(receipt, "id").to_owned();
        for (receipt, _) in &receipts[1..] {
            let path = format!("/api/v1/complaints/{}/acknowledgement", id(receipt));
            client.signed_in(&cast.secretariat).ask("POST", &path).on_version(1).send().ok();
        }
        // Another one than the sweeps send: nothing is reported twice.
        let mut changed = tests::past::still_met();
        changed["criteria"][0]["finding"] = "changed".into();
        changed["criteria"][0]["words"] = "窓口を移した。".into();
        for (what, report) in [(ALERTS, json!(domain::watching::AlertFigures::of(|_| 2))), (SELF_CHECK, changed)] {
            let path = format!("/api/v1/registrations/{past}/{what}");
            client.signed_in(&cast.provider).ask("PUT", &path).json(&report).send().ok();
        }
        let secret = text(&receipts[4].0, "secret").to_owned();
        Self { complaints: receipts.map(|(receipt, version)| (id(&receipt), version)), secret, past }
    }

    /// The request that goes well; none where the operation is about something else.
    pub fn right(&self, id: &str, cast: &Cast) -> Option<Right> {
        let Cast { provider, secretariat, second_secretariat, auditor, .. } = cast;
        let public = Right::public;
        let get = |path: String| public(path).by(auditor);
        let complaint = |which: usize, what: &str| {
            let (id, version) = &self.complaints[which];
            public(format!("/complaints/{id}/{what}")).on(*version).by(secretariat)
        };
        Some(match id {
            "complain" => {
                public("/complaints".into()).with(json!({ "grievance": "misuse", "text": "看板に使われている。" }))
            }
            "followComplaint" | "eraseOwnComplaint" => {
                let what = if id == "followComplaint" { "progress" } else { "reporter-erasure" };
                public(format!("/complaints/{}/{what}", self.complaints[4].0)).with(json!({ "secret": self.secret }))
            }
            "listComplaints" => get("/complaints".into()),
            "getComplaint" => get(format!("/complaints/{}", self.complaints[0].0)),
            "acknowledgeComplaint" => complaint(0, "acknowledgement"),
            "assignComplaint" => complaint(1, "assignment").with(json!({ "handler": second_secretariat.id })),
            "replyToComplaint" => complaint(2, "replies").with(json!({ "text": "確かめています。" })),
            "closeComplaint" => {
                complaint(3, "closing").with(json!({ "outcome": "unsubstantiated", "reason": "確かめました。" }))
            }
            "eraseComplaint" => public(format!("/complaints/{}/erasure", self.complaints[4].0)).by(secretariat),
            "listReports" => get(format!("/registrations/{}/reports", self.past)),
            "fileSelfCheck" => public(format!("/registrations/{}/{SELF_CHECK}", self.past))
                .on(1)
                .by(provider)
                .with(tests::past::still_met()),
            "checkPrice" => {
                let amount = json!({ "yen": 6600, "tax": "included", "taxRatePercent": 10 });
                let body = json!({ "line": 0, "monthly": amount, "initial": amount, "minimumTermMonths": 12,
                    "seenAt": "https://example.jp/price", "seenOn": "2026-01-05" });
                public(format!("/registrations/{}/price-checks", self.past)).by(secretariat).with(body)
            }
            "listPriceChecks" => get(format!("/registrations/{}/price-checks", self.past)),
            "fileAlertReport" => {
                let path = format!("/registrations/{}/{ALERTS}", self.past);
                public(path).on(1).by(provider).with(json!(domain::watching::AlertFigures::of(|_| 3)))
            }
            "listOutstanding" => get("/watching".into()),
            "listAlertStatistics" => public("/alert-statistics".into()),
            // Nobody has reported anything yet.
            "getAlertStatistics" => public("/alert-statistics/2021-04-01--2021-09-30".into()),
            _ => return None,
        })
    }
}

/// Who may do it, of whoever signs in; none where the operation is about something else.
pub fn roles(id: &str) -> Option<&'static [&'static str]> {
    Some(match id {
        "fileAlertReport" | "fileSelfCheck" => &["provider", "member", "agent"],
        "acknowledgeComplaint"
        | "assignComplaint"
        | "replyToComplaint"
        | "closeComplaint"
        | "eraseComplaint"
        | "checkPrice" => &["secretariat"],
        _ => return None,
    })
}
