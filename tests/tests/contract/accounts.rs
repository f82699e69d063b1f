//! Right requests about people, organisations, API keys and the trail.

use serde_json::json;
use tests::told::NOBODY;
use tests::{Cast, Register, told};

use crate::stage::Right;

/// People to act on: all are of the cast's provider, but for whoever was dismissed.
pub struct Accounts {
    to_change: String,
    to_dismiss: String,
    to_recover: String,
    to_erase: String,
    /// The other provider's API key.
    to_end: String,
    /// A message of the auditor's.
    message: String,
    /// Webhooks of the cast's provider, each with something that it was told.
    webhook: (String, String),
    webhook_to_end: String,
}

impl Accounts {
    /// Admits them; `dismissed` has gone.
    pub fn prepare(register: &Register, cast: &Cast, dismissed: &str) -> Self {
        let colleague = |name| ("provider_member", name, "osaka-cci");
        let all = [colleague("兼務する人"), colleague("退職する人"), colleague("電話をなくした人")];
        let [to_change, to_dismiss, to_recover] = register.admit_all(all).map(|person| person.id);
        let keys = "SELECT id FROM api_keys WHERE organisation = 'somebody-else'";
        let to_end = register.database().sql().texts(keys).remove(0);
        let to_erase = dismissed.to_owned();
        let message = told::message(register, &cast.auditor, "contract");
        let webhook = told::webhook(register, "osaka-cci", &cast.provider, "KEPT");
        let (webhook_to_end, _) = told::webhook(register, "osaka-cci", &cast.provider, "ENDED");
        Self { to_change, to_dismiss, to_recover, to_erase, to_end, message, webhook, webhook_to_end }
    }

    /// The request that goes well; none where the operation is about something else.
    pub fn right(&self, id: &str, cast: &Cast) -> Option<Right> {
        let Cast { provider, stranger, secretariat, auditor, operator, .. } = cast;
        let get = |path: &str| Right::public(path.to_owned()).by(auditor);
        let of = |person: &str, what: &str| Right::public(format!("/people/{person}{what}"));
        let role = json!({ "role": "provider_owner", "organisation": "osaka-cci" });
        let ending = json!({ "role": "provider_member", "organisation": "osaka-cci", "reason": "異動した。" });
        let reason = || json!({ "reason": "本人から申出があった。" });
        let recovery = json!({ "identityCheck": "call_back", "reason": "本人から申出があった。" });
        Some(match id {
            "listPeople" => get("/people"),
            "getPerson" => of(&self.to_change, "").by(auditor),
            "invitePerson" => {
                let body = json!({ "role": "provider_member", "organisation": "osaka-cci", "name": "新しい人" });
                Right::public("/people".into()).by(secretariat).with(body)
            }
            "giveRole" => of(&self.to_change, "/roles").by(secretariat).on(1).with(role),
            "endRole" => of(&self.to_recover, "/roles/end").by(secretariat).on(1).with(ending),
            "dismissPerson" => of(&self.to_dismiss, "/dismissal").by(operator).with(reason()),
            "recoverPerson" => of(&self.to_recover, "/recovery").by(operator).with(recovery),
            "endSessions" => of(&self.to_change, "/sessions/end").by(operator).with(reason()),
            "erasePerson" => of(&self.to_erase, "/erasure").by(operator),
            "listOrganisations" => get("/organisations"),
            "enterOrganisation" => {
                let body = json!({ "kind": "user", "name": "新しい企業", "id": "newcomer" });
                Right::public("/organisations".into()).by(secretariat).with(body)
            }
            "listApiKeys" => get("/api-keys"),
            "issueApiKey" => {
                let scopes = ["applications:read"];
                let body = json!({ "organisation": "osaka-cci", "label": "二本目", "scopes": scopes, "days": 30 });
                Right::public("/api-keys".into()).by(provider).with(body)
            }
            "endApiKey" => Right::public(format!("/api-keys/{}/end", self.to_end)).by(stranger),
            "searchTrail" => get("/trail"),
            "listMessages" => get("/messages"),
            "getMessage" => get(&format!("/messages/{}", self.message)),
            "readMessage" => Right::public(format!("/messages/{}/read", self.message)).by(auditor),
            "getMailSettings" => get("/mail-settings"),
            "chooseMail" => {
                Right::public("/mail-settings".into()).by(auditor).with(json!({ "declined": ["work", "scheme"] }))
            }
            "makeCalendar" | "endCalendar" => Right::public("/calendar-address".into()).by(auditor),
            "listWebhooks" => get("/webhooks"),
            "addWebhook" => {
                let body = json!({ "organisation": "osaka-cci", "url": format!("{NOBODY}contract") });
                Right::public("/webhooks".into()).by(provider).with(body)
            }
            "getWebhook" => get(&format!("/webhooks/{}", self.webhook.0)),
            "listDeliveries" => get(&format!("/webhooks/{}/deliveries", self.webhook.0)),
            "testWebhook" => Right::public(format!("/webhooks/{}/test", self.webhook.0)).by(provider),
            "replayDelivery" => {
                let (webhook, delivery) = &self.webhook;
                Right::public(format!("/webhooks/{webhook}/deliveries/{delivery}/replay")).by(provider)
            }
            "endWebhook" => Right::public(format!("/webhooks/{}/end", self.webhook_to_end)).by(provider),
            _ => return None,
        })
    }
}

/// What everybody may do, as it is their own.
pub const EVERYBODYS: [&str; 4] = ["readMessage", "chooseMail", "makeCalendar", "endCalendar"];

/// The roles whose right request it is too.
pub fn roles(id: &str) -> Option<&'static [&'static str]> {
    Some(match id {
        "invitePerson" | "giveRole" | "endRole" => &["provider", "secretariat", "operator"],
        "dismissPerson" | "recoverPerson" | "endSessions" | "erasePerson" => &["operator"],
        "enterOrganisation" => &["secretariat", "operator"],
        "issueApiKey" => &["provider"],
        "endApiKey" => &["stranger"],
        "addWebhook" | "testWebhook" | "replayDelivery" | "endWebhook" => &["provider"],
        _ => return None,
    })
}
