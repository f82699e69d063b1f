//! What signing in with GビズID is refused for, in words; the codes are for the trail.

use domain::text::Text;
use poem::http::StatusCode;

use super::Problem;
use crate::oidc::Refusal;

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let title = Text::new("サインインできませんでした", "You were not signed in");
        Self::new(status(&refusal), code(&refusal), title, refusal.told())
    }
}

/// Never 5xx, not even where the provider is down: a proxy may send such a request again, and a return is good once.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::EntryAccount | Refusal::NoCorporateNumber => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn code(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::State => "oidc_state",
        Refusal::Denied { .. } => "oidc_denied",
        Refusal::CodeRefused { .. } => "oidc_code",
        Refusal::Issuer(_) => "oidc_issuer",
        Refusal::Audience => "oidc_audience",
        Refusal::AuthorisedParty => "oidc_authorised_party",
        Refusal::Algorithm => "oidc_algorithm",
        Refusal::Signature => "oidc_signature",
        Refusal::UnknownKey => "oidc_key",
        Refusal::Expired => "oidc_expired",
        Refusal::NotYetValid => "oidc_not_yet_valid",
        Refusal::Nonce => "oidc_nonce",
        Refusal::KeysUnreachable(_) | Refusal::ProviderUnreachable { .. } => "oidc_unreachable",
        Refusal::SubjectDiffers => "oidc_subject",
        Refusal::EntryAccount => "oidc_entry",
        Refusal::NoCorporateNumber => "oidc_no_number",
        Refusal::Malformed { .. } => "oidc_malformed",
    }
}
