//! `/marks/{code}`: is this mark good?

use std::sync::Arc;

use domain::calendar::Instant;
use domain::licence::answer::Answer;
use domain::text::Text;
use poem::Response;
use poem::http::{HeaderValue, header};
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Serialize;

use super::Chapter;
use super::body::Body;
use super::words::{AnswerName, HolderName, WhyName};
use crate::clock;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::verification::{Verification, code_of, verify};

pub(super) struct Api {
    pub(super) registry: Arc<Registry>,
}

/// The register's answer about a mark. Compare holder and service with what you see beside the mark.
// Written by `serde`, which makes no tree on the way; a test holds it to what the document says.
#[derive(Object, Serialize, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
#[serde(rename_all = "camelCase")]
pub struct MarkAnswer {
    answer: AnswerName,
    /// Why it is `unknown` or `not_ours`.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<WhyName>,
    /// The instant this holds for, in UTC.
    checked_at: String,
    /// Since when it is suspended, revoked or ended, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    /// The service behind it has ended, and the mark counts until then, in UTC: a period of grace.
    #[serde(skip_serializing_if = "Option::is_none")]
    grace_until: Option<String>,
    /// Why it is suspended or revoked, in words fit for the public.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The licence id: 8 Crockford base32 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Holder>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<MarkedService>,
    /// The instant after which a print of this token says that its term has ended, in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    printed_term_ends_at: Option<String>,
}

/// Whoever shows the mark.
#[derive(Object, Serialize, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
#[serde(rename_all = "camelCase")]
struct Holder {
    kind: HolderName,
    name: String,
    /// 法人番号, 13 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_entity_number: Option<String>,
}

/// The service the mark stands for.
#[derive(Object, Serialize, Debug)]
#[oai(rename_all = "camelCase", skip_serializing_if_is_none)]
#[serde(rename_all = "camelCase")]
struct MarkedService {
    /// The registration's number.
    number: String,
    name: String,
    provider: String,
    /// The last day in Japan on which the registration goes on behind its term while its renewal is undecided, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    extended_until: Option<String>,
}

impl MarkAnswer {
    /// Puts what was found into words for programs.
    pub fn new(verification: &Verification) -> Self {
        let answer = &verification.answer;
        let (since, reason) = match answer {
            Answer::Suspended { since, reason } | Answer::Revoked { since, reason } => (*since, Some(reason.clone())),
            Answer::Ended { since } => (*since, None),
            Answer::Valid | Answer::Unknown(_) | Answer::NotOurs(_) => (None, None),
        };
        let claims = verification.claims.as_ref();
        let known = verification.known.as_ref();
        let licence = claims.map(|claims| claims.licence).or(known.map(|known| known.licence.id));
        Self {
            answer: answer.into(),
            why: WhyName::of(answer),
            checked_at: verification.at.to_string(),
            since: since.map(|since| since.to_string()),
            grace_until: known
                .and_then(|known| known.licence.grace(&known.registration, verification.at))
                .map(|until| until.to_string()),
            reason,
            licence: licence.map(|id| id.to_string()),
            holder: holder(verification),
            service: known.map(|known| MarkedService {
                number: known.registration.number.to_string(),
                name: known.registration.listing.service_name.clone(),
                provider: known.registration.listing.provider.trade_name.clone(),
                extended_until: known
                    .registration
                    .extension(verification.at)
                    .map(|extension| extension.until.previous().to_string()),
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

impl MarkAnswer {
    /// The answer as it is sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("words, names and instants are JSON")
    }
}

/// The register's answer about `code`, ready to be sent.
pub(super) async fn answer(registry: &Registry, code: &str, at: Instant) -> Response {
    let body = MarkAnswer::new(&verify(registry, code, at).await).to_bytes();
    let mut response = Response::builder().body(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// More than any link to a mark has.
const LONGEST: usize = 2_000;

/// Some marks.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase", deny_unknown_fields)]
struct MarkQuestions {
    /// Each a mark's link, its digits or a licence id, as people type them.
    #[oai(validator(min_items = 1, max_items = 1000))]
    codes: Vec<String>,
}

/// The answers, in the order of the codes.
#[derive(Object, Debug)]
#[oai(rename_all = "camelCase")]
struct ManyMarkAnswers {
    /// The instant they hold for, in UTC.
    answered_at: String,
    answers: Vec<MarkAnswer>,
}

#[derive(ApiResponse)]
enum AnsweredAll {
    /// An answer for every code, whichever of the six it is.
    #[oai(status = 200)]
    Answers(
        Json<ManyMarkAnswers>,
        /// An answer holds for its instant only.
        #[oai(header = "Cache-Control")]
        String,
    ),
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

    /// Verifies many marks
    ///
    /// Up to a thousand codes at once, each as `verifyMark` answers it. Nothing of a code that is not ours is repeated:
    /// count the answers.
    #[oai(path = "/", method = "post", operation_id = "verifyMarks")]
    async fn verify_many(&self, body: Body<MarkQuestions>) -> Result<AnsweredAll, Problem> {
        let now = clock::now();
        let mut answers = Vec::with_capacity(body.0.codes.len());
        for (index, typed) in body.0.codes.iter().enumerate() {
            if typed.len() > LONGEST {
                let message = Text::new(
                    format!("リンクや番号は{LONGEST}バイトまでです。"),
                    format!("A link or number has at most {LONGEST} bytes."),
                );
                return Err(Problem::unreadable(&format!("/codes/{index}"), typed, message));
            }
            let code = code_of(&self.registry, typed);
            answers.push(MarkAnswer::new(&verify(&self.registry, &code, now).await));
        }
        let answered = ManyMarkAnswers { answered_at: now.to_string(), answers };
        Ok(AnsweredAll::Answers(Json(answered), "no-store".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use poem_openapi::types::ToJSON;

    use super::*;

    fn full() -> MarkAnswer {
        let text = |text: &str| Some(text.to_owned());
        MarkAnswer {
            answer: AnswerName::NotOurs,
            why: Some(WhyName::NoSuchLicence),
            checked_at: "2026-11-21T00:00:00Z".to_owned(),
            since: text("2026-11-20T15:00:00Z"),
            grace_until: text("2026-12-20T15:00:00Z"),
            reason: text("理由 \"引用\" \u{1}"),
            licence: text("04JG20R4"),
            holder: Some(Holder {
                kind: HolderName::User,
                name: "例示".to_owned(),
                legal_entity_number: text("5010005007126"),
            }),
            service: Some(MarkedService {
                number: "OTK-2026-00001".to_owned(),
                name: "見守り".to_owned(),
                provider: "例示社".to_owned(),
                extended_until: text("2029-05-20"),
            }),
            printed_term_ends_at: text("2028-11-20T15:00:00Z"),
        }
    }

    #[test]
    fn what_is_sent_is_what_the_document_says() {
        let holder = Some(Holder { kind: HolderName::Provider, name: String::new(), legal_entity_number: None });
        let bare = MarkAnswer {
            answer: AnswerName::Valid,
            why: None,
            since: None,
            grace_until: None,
            reason: None,
            licence: None,
            holder: None,
            service: None,
            printed_term_ends_at: None,
            ..full()
        };
        for answer in [full(), MarkAnswer { holder, ..full() }, bare] {
            let sent: serde_json::Value = serde_json::from_slice(&answer.to_bytes()).unwrap();
            assert_eq!(Some(sent), ToJSON::to_json(&answer));
        }
    }

    #[test]
    fn every_word_is_written_alike() {
        let whys = [
            WhyName::NotListed,
            WhyName::Unreachable,
            WhyName::Unreadable,
            WhyName::Altered,
            WhyName::UnknownKey,
            WhyName::CompromisedKey,
            WhyName::NoSuchLicence,
        ];
        for why in whys {
            assert_eq!(Some(serde_json::json!(why)), why.to_json());
        }
        let answers = [
            AnswerName::Valid,
            AnswerName::Suspended,
            AnswerName::Revoked,
            AnswerName::Ended,
            AnswerName::Unknown,
            AnswerName::NotOurs,
        ];
        for answer in answers {
            assert_eq!(Some(serde_json::json!(answer)), answer.to_json());
        }
    }
}
