//! The deeds: one variant for each kind of act, with all that is needed to replay it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{ApplicationId, OrganisationId, PersonId, ProposalId, RegistrationNumber, Role};
use crate::application::{Basis, Condition, ObjectionOutcome, Ruling};
use crate::calendar::{Day, Instant, Period};
use crate::criteria::CriterionId;
use crate::declaration::{Class, Declaration, Kind};
use crate::evidence::EvidenceFile;
use crate::examination::Judgement;
use crate::licence::token::HolderKind;
use crate::parties::{CorporateNumber, Prefecture};
use crate::proposal::Motion;
use crate::yen::LineItem;

/// What was done. The serialised `kind` is the act's name everywhere: log, tables, URLs and pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", deny_unknown_fields)]
pub enum Deed {
    /// 申請を提出した
    #[serde(rename = "application.submitted", rename_all = "camelCase")]
    Submitted {
        owner: OrganisationId,
        declaration: Box<Declaration>,
        edition: String,
        edition_digest: String,
        /// Left out where there is none, as in the acts from before there were files.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
    },
    /// 差戻しのあと再び提出した
    #[serde(rename = "application.resubmitted", rename_all = "camelCase")]
    Resubmitted {
        declaration: Box<Declaration>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
    },
    /// 差戻した
    #[serde(rename = "application.returned", rename_all = "camelCase")]
    Returned { reasons: Vec<FieldReason> },
    /// 受理し、審査員を割り当てた
    #[serde(rename = "application.accepted", rename_all = "camelCase")]
    Accepted {
        examiners: Vec<PersonId>,
        /// The day by which it is to be examined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due: Option<Day>,
    },
    /// 取下げた
    #[serde(rename = "application.withdrawn", rename_all = "camelCase")]
    Withdrawn { reason: String },
    /// 要件ごとに判断した
    #[serde(rename = "examination.judged", rename_all = "camelCase")]
    Judged {
        application: ApplicationId,
        application_version: u32,
        /// The application's version that the last answer to a question had made by then, as far as it was read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_answer: Option<u32>,
        judgements: Vec<Judgement>,
    },
    /// 推薦意見を出した
    #[serde(rename = "application.recommended", rename_all = "camelCase")]
    Recommended {
        opinion: Determination,
        /// What it rests on; left out in acts from before that was recorded, as below.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Box<Basis>>,
    },
    /// 判定した
    #[serde(rename = "application.decided", rename_all = "camelCase")]
    Decided {
        decision: Determination,
        proposal: ProposalId,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        conditions: Vec<Condition>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ruling: Option<Box<Ruling>>,
    },
    /// 登録した
    #[serde(rename = "registration.registered", rename_all = "camelCase")]
    Registered { application: ApplicationId, owner: OrganisationId, listing: Box<Listing>, term: Period },
    /// 登録の効力を一時停止した
    #[serde(rename = "registration.suspended", rename_all = "camelCase")]
    Suspended { reason: String, proposal: ProposalId },
    /// 再開した
    #[serde(rename = "registration.reinstated", rename_all = "camelCase")]
    Reinstated { reason: String, proposal: ProposalId },
    /// 登録を取り消した
    #[serde(rename = "registration.revoked", rename_all = "camelCase")]
    Revoked { reason: String, proposal: ProposalId },
    /// マークの使用を許諾した
    #[serde(rename = "licence.granted", rename_all = "camelCase")]
    Granted(Grant),
    /// 使用許諾が終わった
    #[serde(rename = "licence.ended", rename_all = "camelCase")]
    Ended { reason: String },
    /// 使用許諾を取り消した
    #[serde(rename = "licence.revoked", rename_all = "camelCase")]
    LicenceRevoked { reason: String, proposal: ProposalId },
    /// 二人目の確認を求めた
    #[serde(rename = "proposal.made", rename_all = "camelCase")]
    Proposed {
        motion: Box<Motion>,
        about_version: u32,
        until: Instant,
        /// What a decision would rest on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Box<Basis>>,
    },
    /// 提案を取りやめた
    #[serde(rename = "proposal.dropped", rename_all = "camelCase")]
    ProposalDropped { reason: String },
    /// 手続できる人を加えた
    #[serde(rename = "person.admitted", rename_all = "camelCase")]
    Admitted {
        role: Role,
        organisation: OrganisationId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
    },
    /// 役割を与えた
    #[serde(rename = "person.role_given", rename_all = "camelCase")]
    RoleGiven {
        role: Role,
        organisation: OrganisationId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Day>,
    },
    /// 役割を終えた
    #[serde(rename = "person.role_ended", rename_all = "camelCase")]
    RoleEnded { role: Role, organisation: OrganisationId, reason: String },
    /// 手続の権限を終えた
    #[serde(rename = "person.dismissed", rename_all = "camelCase")]
    Dismissed { reason: String },
    /// 署名鍵を作った
    #[serde(rename = "key.created", rename_all = "camelCase")]
    KeyCreated {
        purpose: String,
        public: String,
        /// It is to follow another: it signs nothing before two people have activated it.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        is_next: bool,
    },
    /// 署名鍵を使いはじめた
    #[serde(rename = "key.activated", rename_all = "camelCase")]
    KeyActivated { proposal: ProposalId },
    /// 署名鍵を危殆化したものとした
    #[serde(rename = "key.compromised", rename_all = "camelCase")]
    KeyCompromised { reason: String, proposal: ProposalId },
    /// 版を公示した
    #[serde(rename = "edition.published", rename_all = "camelCase")]
    EditionPublished {
        /// SHA-256 of the file's bytes, in hexadecimal.
        digest: String,
        in_force_from: Day,
        /// What is new or corrected; none for those that a register begins with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        proposal: Option<ProposalId>,
    },
    /// その版による判定を止めた
    #[serde(rename = "edition.stopped", rename_all = "camelCase")]
    EditionStopped { reason: String },
    /// その版による判定を再開した
    #[serde(rename = "edition.resumed", rename_all = "camelCase")]
    EditionResumed { reason: String },
    /// 審査員が申請者との利害関係を申告した
    #[serde(rename = "application.interest_declared", rename_all = "camelCase")]
    InterestDeclared {
        /// In the examiner's words; none where there is no tie.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tie: Option<String>,
    },
    /// 審査員を交代した
    #[serde(rename = "application.examiner_replaced", rename_all = "camelCase")]
    ExaminerReplaced { leaving: PersonId, joining: PersonId, reason: String },
    /// 審査員の利益相反を免除した
    #[serde(rename = "application.conflict_waived", rename_all = "camelCase")]
    ConflictWaived { examiner: PersonId, reason: String, proposal: ProposalId },
    /// 申請者に質問した
    #[serde(rename = "application.asked", rename_all = "camelCase")]
    Asked { number: u32, criterion: CriterionId, text: String, until: Day },
    /// 質問に回答した
    #[serde(rename = "application.answered", rename_all = "camelCase")]
    Answered {
        question: u32,
        text: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
    },
    /// 質問の回答期限を延ばした
    #[serde(rename = "application.question_extended", rename_all = "camelCase")]
    QuestionExtended { question: u32, until: Day },
    /// 質問の回答を待たないことにした
    #[serde(rename = "application.question_closed", rename_all = "camelCase")]
    QuestionClosed { question: u32, reason: String },
    /// 判断が分かれた要件を協議し、改めるか維持した
    #[serde(rename = "examination.reconciled", rename_all = "camelCase")]
    Reconciled {
        application: ApplicationId,
        application_version: u32,
        /// As for a judgement.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        last_answer: Option<u32>,
        judgement: Judgement,
    },
    /// 合格の条件を満たしたと報告した
    #[serde(rename = "application.condition_reported", rename_all = "camelCase")]
    ConditionReported {
        /// Counted from 1.
        number: u32,
        words: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
    },
    /// 報告を認めた、又は認めなかった
    #[serde(rename = "application.condition_answered", rename_all = "camelCase")]
    ConditionAnswered { number: u32, is_accepted: bool, reason: String },
    /// 判定に異議を申し立てた
    #[serde(rename = "application.objected", rename_all = "camelCase")]
    Objected {
        reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
    },
    /// 異議について判断した
    #[serde(rename = "application.objection_decided", rename_all = "camelCase")]
    ObjectionDecided { outcome: ObjectionOutcome, reason: String, proposal: ProposalId },
}

/// A field of the declaration, as a JSON Pointer, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldReason {
    pub pointer: String,
    pub reason: String,
}

/// 充足か不充足か, of a whole application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Pass,
    Fail,
}

/// A verdict and its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Determination {
    pub verdict: Verdict,
    pub reason: String,
}

/// What the register says of a service: the public part of the declaration that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Listing {
    pub service_name: String,
    pub service_name_kana: String,
    pub summary: String,
    pub class: Class,
    /// The monitoring kind.
    pub monitoring: Kind,
    pub regions: Vec<Prefecture>,
    pub prices: Vec<LineItem>,
    pub provider: RegisteredProvider,
    /// The edition it was judged under, and the digest of that edition's file.
    pub edition: String,
    pub edition_digest: String,
}

/// What the register says of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RegisteredProvider {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_entity_number: Option<CorporateNumber>,
    pub trade_name: String,
    pub trade_name_kana: String,
    pub prefecture: Prefecture,
}

/// A mark licence 「使用許諾」 as granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Grant {
    pub registration: RegistrationNumber,
    pub holder_kind: HolderKind,
    /// The name as the holder writes it.
    pub holder_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_number: Option<CorporateNumber>,
    /// The first day of the contract the provider attests; a user's only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_from: Option<Day>,
    pub status_index: u32,
    /// The end of the term printed in the token.
    pub expires_at: Instant,
    /// The key that signed the token.
    pub key: String,
    /// SHA-256 of the token, in hexadecimal.
    pub token_digest: String,
}

impl Deed {
    /// The act's name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "application.submitted",
            Self::Resubmitted { .. } => "application.resubmitted",
            Self::Returned { .. } => "application.returned",
            Self::Accepted { .. } => "application.accepted",
            Self::Withdrawn { .. } => "application.withdrawn",
            Self::Judged { .. } => "examination.judged",
            Self::Recommended { .. } => "application.recommended",
            Self::Decided { .. } => "application.decided",
            Self::Registered { .. } => "registration.registered",
            Self::Suspended { .. } => "registration.suspended",
            Self::Reinstated { .. } => "registration.reinstated",
            Self::Revoked { .. } => "registration.revoked",
            Self::Granted(_) => "licence.granted",
            Self::Ended { .. } => "licence.ended",
            Self::LicenceRevoked { .. } => "licence.revoked",
            Self::Proposed { .. } => "proposal.made",
            Self::ProposalDropped { .. } => "proposal.dropped",
            Self::Admitted { .. } => "person.admitted",
            Self::RoleGiven { .. } => "person.role_given",
            Self::RoleEnded { .. } => "person.role_ended",
            Self::Dismissed { .. } => "person.dismissed",
            Self::KeyCreated { .. } => "key.created",
            Self::KeyActivated { .. } => "key.activated",
            Self::KeyCompromised { .. } => "key.compromised",
            Self::EditionPublished { .. } => "edition.published",
            Self::EditionStopped { .. } => "edition.stopped",
            Self::EditionResumed { .. } => "edition.resumed",
            Self::InterestDeclared { .. } => "application.interest_declared",
            Self::ExaminerReplaced { .. } => "application.examiner_replaced",
            Self::ConflictWaived { .. } => "application.conflict_waived",
            Self::Asked { .. } => "application.asked",
            Self::Answered { .. } => "application.answered",
            Self::QuestionExtended { .. } => "application.question_extended",
            Self::QuestionClosed { .. } => "application.question_closed",
            Self::Reconciled { .. } => "examination.reconciled",
            Self::ConditionReported { .. } => "application.condition_reported",
            Self::ConditionAnswered { .. } => "application.condition_answered",
            Self::Objected { .. } => "application.objected",
            Self::ObjectionDecided { .. } => "application.objection_decided",
        }
    }

    /// What the leaf itself shows: identifiers, digests and days, never a name or a reason.
    pub fn facts(&self) -> Value {
        match self {
            Self::Submitted { edition, edition_digest, .. } => {
                json!({ "edition": edition, "editionDigest": edition_digest })
            }
            Self::Decided { decision, ruling: None, .. } => json!({ "verdict": decision.verdict }),
            Self::Decided { decision, ruling: Some(ruling), .. } => {
                json!({ "basis": ruling.basis.digest(), "verdict": decision.verdict })
            }
            Self::ObjectionDecided { outcome, .. } => json!({ "outcome": outcome }),
            Self::Registered { application, term, listing, .. } => json!({
                "application": application, "class": listing.class, "edition": listing.edition,
                "editionDigest": listing.edition_digest, "from": term.from, "monitoring": listing.monitoring,
                "until": term.until,
            }),
            Self::Granted(grant) => json!({
                "expiresAt": grant.expires_at, "holderKind": grant.holder_kind, "key": grant.key,
                "registration": grant.registration, "statusIndex": grant.status_index,
                "tokenDigest": grant.token_digest,
            }),
            Self::KeyCreated { purpose, public, is_next: false } => json!({ "public": public, "purpose": purpose }),
            Self::KeyCreated { purpose, public, is_next: true } => {
                json!({ "isNext": true, "public": public, "purpose": purpose })
            }
            Self::EditionPublished { digest, in_force_from, .. } => {
                json!({ "digest": digest, "inForceFrom": in_force_from })
            }
            Self::Resubmitted { .. }
            | Self::Returned { .. }
            | Self::Accepted { .. }
            | Self::Withdrawn { .. }
            | Self::Judged { .. }
            | Self::Reconciled { .. }
            | Self::Recommended { .. }
            | Self::Suspended { .. }
            | Self::Reinstated { .. }
            | Self::Revoked { .. }
            | Self::Ended { .. }
            | Self::LicenceRevoked { .. }
            | Self::Proposed { .. }
            | Self::ProposalDropped { .. }
            | Self::Admitted { .. }
            | Self::RoleGiven { .. }
            | Self::RoleEnded { .. }
            | Self::Dismissed { .. }
            | Self::KeyActivated { .. }
            | Self::KeyCompromised { .. }
            | Self::EditionStopped { .. }
            | Self::EditionResumed { .. }
            | Self::InterestDeclared { .. }
            | Self::ExaminerReplaced { .. }
            | Self::ConflictWaived { .. }
            | Self::ConditionReported { .. }
            | Self::ConditionAnswered { .. }
            | Self::Objected { .. }
            | Self::Asked { .. }
            | Self::Answered { .. }
            | Self::QuestionExtended { .. }
            | Self::QuestionClosed { .. } => json!({}),
        }
    }

    /// The judgements that it gives, of an examiner who judges or confers.
    pub fn judgements(&self) -> &[Judgement] {
        match self {
            Self::Judged { judgements, .. } => judgements,
            Self::Reconciled { judgement, .. } => std::slice::from_ref(judgement),
            _ => &[],
        }
    }

    /// What the register publishes of the act beyond its leaf; `None` where nothing is public.
    ///
    /// A user SME's name is not published: it has not consented to be listed.
    pub fn open(&self) -> Option<Value> {
        match self {
            Self::Registered { listing, .. } => Some(json!({ "listing": listing })),
            Self::Suspended { reason, .. }
            | Self::Reinstated { reason, .. }
            | Self::Revoked { reason, .. }
            | Self::KeyCompromised { reason, .. }
            | Self::EditionPublished { reason: Some(reason), .. }
            | Self::EditionStopped { reason }
            | Self::EditionResumed { reason } => Some(json!({ "reason": reason })),
            Self::Granted(grant) if grant.holder_kind == HolderKind::Provider => {
                Some(json!({ "holderName": grant.holder_name, "holderNumber": grant.holder_number }))
            }
            Self::Granted(_)
            | Self::Submitted { .. }
            | Self::Resubmitted { .. }
            | Self::Returned { .. }
            | Self::Accepted { .. }
            | Self::Withdrawn { .. }
            | Self::Judged { .. }
            | Self::Reconciled { .. }
            | Self::Recommended { .. }
            | Self::Decided { .. }
            | Self::Ended { .. }
            | Self::LicenceRevoked { .. }
            | Self::Proposed { .. }
            | Self::ProposalDropped { .. }
            | Self::Admitted { .. }
            | Self::RoleGiven { .. }
            | Self::RoleEnded { .. }
            | Self::Dismissed { .. }
            | Self::KeyCreated { .. }
            | Self::KeyActivated { .. }
            | Self::EditionPublished { reason: None, .. }
            | Self::InterestDeclared { .. }
            | Self::ExaminerReplaced { .. }
            | Self::ConflictWaived { .. }
            | Self::ConditionReported { .. }
            | Self::ConditionAnswered { .. }
            | Self::Objected { .. }
            | Self::ObjectionDecided { .. }
            | Self::Asked { .. }
            | Self::Answered { .. }
            | Self::QuestionExtended { .. }
            | Self::QuestionClosed { .. } => None,
        }
    }
}
