//! Right requests about people, organisations, API keys and the trail.

use serde_json::json;
use tests::{Cast, Register};

use crate::stage::Right;

/// People to act on: all are of the cast's provider, but for whoever was dismissed.
pub struct Accounts {
    to_change: String,
    to_dismiss: String,
    to_recover: String,
    to_erase: String,
    /// The other provider's API key.
    to_end: String,
}

impl Accounts {
    /// Admits them; `dismissed` has gone.
    pub fn prepare(register: &Register, dismissed: &str) -> Self {
        let colleague = |name| ("provider_member", name, "osaka-cci");
        let all = [colleague("兼務する人"), colleague("退職する人"), colleague("電話をなくした人")];
        let [to_change, to_dismiss, to_recover] = register.admit_all(all).map(|person| person.id);
        let keys = "SELECT id FROM api_keys WHERE organisation = 'somebody-else'";
        let to_end = register.database().sql().texts(keys).remove(0);
        Self { to_change, to_dismiss, to_recover, to_erase: dismissed.to_owned(), to_end }
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
            _ => return None,
        })
    }
}

/// The roles whose right request it is too.
pub fn roles(id: &str) -> Option<&'static [&'static str]> {
    Some(match id {
        "invitePerson" | "giveRole" | "endRole" => &["provider", "secretariat", "operator"],
        "dismissPerson" | "recoverPerson" | "endSessions" | "erasePerson" => &["operator"],
        "enterOrganisation" => &["secretariat", "operator"],
        "issueApiKey" => &["provider"],
        "endApiKey" => &["stranger"],
        _ => return None,
    })
}
