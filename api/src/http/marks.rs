//! `/marks/{code}`: is this mark good?

use std::sync::Arc;

use domain::licence::answer::Answer;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Chapter;
use super::words::{AnswerName, HolderName, WhyName};
use crate::clock;
use crate::registry::Registry;
use crate::verification::{Verification, verify};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// The register's answer about a mark. Compare holder and service with what you see beside the mark.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
pub struct MarkAnswer {
    answer: AnswerName,
    /// Why it is `unknown` or `not_ours`.
    why: Option<WhyName>,
    /// The instant this holds for, in UTC.
    checked_at: String,
    /// Since when it is suspended, revoked or ended, in UTC.
    since: Option<String>,
    /// Why it is suspended or revoked, in words fit for the public.
    reason: Option<String>,
    /// The licence id: 8 Crockford base32 characters.
    licence: Option<String>,
    holder: Option<Holder>,
    service: Option<MarkedService>,
    /// The instant after which a print of this token says that its term has ended, in UTC.
    printed_term_ends_at: Option<String>,
}

/// Whoever shows the mark.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
struct Holder {
    kind: HolderName,
    name: String,
    /// 法人番号, 13 digits.
    legal_entity_number: Option<String>,
}

/// The service the mark stands for.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct MarkedService {
    /// The registration's number.
    number: String,
    name: String,
    provider: String,
}

impl MarkAnswer {
    /// Puts what was found into words for programs.
    pub fn new(verification: &Verification) -> Self {
        let answer = &verification.answer;
        let (since, reason) = match answer {
            Answer::Suspended { since, reason } | Answer::Revoked { since, reason } => {
                (Some(since), Some(reason.clone()))
            }
            Answer::Ended { since } => (Some(since), None),
            Answer::Valid | Answer::Unknown(_) | Answer::NotOurs(_) => (None, None),
        };
        let claims = verification.claims.as_ref();
        let known = verification.known.as_ref();
        let licence = claims.map(|claims| claims.licence).or(known.map(|known| known.licence.id));
        Self {
            answer: answer.into(),
            why: WhyName::of(answer),
            checked_at: verification.at.to_string(),
            since: since.map(ToString::to_string),
            reason,
            licence: licence.map(|id| id.to_string()),
            holder: holder(verification),
            service: known.map(|known| MarkedService {
                number: known.registration.number.to_string(),
                name: known.registration.listing.service_name.clone(),
                provider: known.registration.listing.provider.trade_name.clone(),
            }),
            printed_term_ends_at: claims.map(|claims| claims.expires_at.to_string()),
        }
    }
}

/// The register's full name where it knows the licence, else the name inside the signature.
fn holder(verification: &Verification) -> Option<Holder> {
    let (kind, name, number) = match (&verification.known, &verification.claims) {
        (Some(known), _) => {
            let grant = &known.licence.grant;
            (grant.holder_kind, grant.holder_name.clone(), grant.holder_number.as_ref())
        }
        (None, Some(claims)) => (claims.kind, claims.holder_name.clone(), claims.corporate_number.as_ref()),
        (None, None) => return None,
    };
    Some(Holder { kind: (&kind).into(), name, legal_entity_number: number.map(ToString::to_string) })
}

#[derive(ApiResponse)]
enum Answered {
    /// The answer, whichever of the six it is.
    #[oai(status = 200)]
    Answer(
        Json<MarkAnswer>,
        /// An answer holds for its instant only.
        #[oai(header = "Cache-Control")]
        String,
    ),
}

#[OpenApi(prefix_path = "/marks", tag = "Chapter::Marks")]
impl Api {
    /// Verifies a mark
    ///
    /// `code` is what follows the host in the mark's link: the digits of a full mark, or the licence id of a mini mark.
    /// Every code has an answer; one that cannot be read is `not_ours`.
    #[oai(path = "/:code", method = "get", operation_id = "verifyMark")]
    async fn verify(&self, code: Path<String>) -> Answered {
        let verification = verify(&self.registry, &code.0, clock::now()).await;
        Answered::Answer(Json(MarkAnswer::new(&verification)), "no-store".to_owned())
    }
}
