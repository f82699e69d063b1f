//! A mark licence as a credential: what its token says, in words that programs of other fields read.

use serde_json::{Value, json};

use super::V2;
use crate::licence::Licence;
use crate::licence::token::HolderKind;
use crate::registration::Registration;
use crate::status_list::{BITS, Said, place};

/// Where the register is, under what name it issues.
#[derive(Clone, Debug)]
pub struct Issued<'a> {
    /// The register's address, without a slash at its end.
    pub base: &'a str,
    /// Its did.
    pub did: &'a str,
}

/// The credential of a licence, to be proven. What it is worth today stands in the status list that it names; behind the
/// end of the printed term (`validUntil`) only the register knows whether it goes on.
pub fn licence(licence: &Licence, registration: &Registration, issued: &Issued<'_>) -> Value {
    let Issued { base, did } = issued;
    let grant = &licence.grant;
    let (list, place) = place(grant.status_index);
    let credential = format!("{base}/status/{list}.vc");
    let kind = match grant.holder_kind {
        HolderKind::Provider => "provider",
        HolderKind::User => "user",
    };
    let mut holder = json!({ "type": "Organization", "name": grant.holder_name, "role": kind });
    if let Some(number) = &grant.holder_number {
        holder["legalEntityNumber"] = json!(number);
    }
    let listing = &registration.listing;
    json!({
        "@context": [V2, context(base)],
        "id": format!("{base}/{}", licence.id),
        "type": ["VerifiableCredential", "MarkLicence"],
        "issuer": { "id": did, "name": "サイバーセキュリティお助け隊サービス登録簿" },
        "validFrom": licence.granted_at.to_string(),
        "validUntil": grant.expires_at.to_string(),
        "credentialSubject": {
            "holder": holder,
            "service": {
                "registrationNumber": grant.registration,
                "name": listing.service_name,
                "provider": listing.provider.trade_name,
            },
        },
        "credentialStatus": {
            "id": format!("{credential}#{place}"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "message",
            "statusListIndex": place.to_string(),
            "statusListCredential": credential,
            "statusSize": BITS,
            "statusMessage": messages(),
        },
    })
}

/// Where the meaning of this credential's own words is: by an address, since verifiers compare contexts as texts.
fn context(base: &str) -> String {
    format!("{base}/credentials/v1")
}

/// The context behind that address (JSON-LD 1.1): each word is the register's own.
pub fn context_document(base: &str) -> Value {
    json!({ "@context": { "@vocab": format!("{}#", context(base)) } })
}

/// What each value of a place means.
fn messages() -> Vec<Value> {
    [(Said::Valid, "valid"), (Said::Revoked, "revoked"), (Said::Suspended, "suspended"), (Said::Ended, "ended")]
        .map(|(said, message)| json!({ "status": format!("{:#x}", said.bits()), "message": message }))
        .to_vec()
}
