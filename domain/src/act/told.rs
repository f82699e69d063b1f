//! What the log and the register tell of a deed.

use serde_json::{Value, json};

use super::Deed;
use crate::licence::token::HolderKind;

impl Deed {
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
            Self::ObjectionDecided { outcome, .. } | Self::MeasureObjectionDecided { outcome, .. } => {
                json!({ "outcome": outcome })
            }
            Self::Discontinued { plan } => json!({ "lastDay": plan.last_day }),
            Self::EmergencySuspended { until, .. } => json!({ "until": until }),
            Self::Filed { application, matter, holds_until: None } => {
                json!({ "application": application, "matter": matter })
            }
            Self::Filed { application, matter, holds_until: Some(until) } => {
                json!({ "application": application, "holdsUntil": until, "matter": matter })
            }
            Self::FilingEnded { application, outcome } => json!({ "application": application, "outcome": outcome }),
            Self::Registered { application, term, listing, .. } | Self::Renewed { application, term, listing, .. } => {
                json!({
                    "application": application, "class": listing.class, "edition": listing.edition,
                    "editionDigest": listing.edition_digest, "from": term.from, "monitoring": listing.monitoring,
                    "until": term.until,
                })
            }
            Self::Changed { application, .. } => json!({ "application": application }),
            Self::Succeeded { succession, .. } => json!({ "on": succession.on, "succession": succession.kind }),
            Self::Granted(grant) => json!({
                "expiresAt": grant.expires_at, "holderKind": grant.holder_kind, "key": grant.key,
                "registration": grant.registration, "statusIndex": grant.status_index,
                "tokenDigest": grant.token_digest,
            }),
            Self::Reissued(reissue) => json!({
                "cause": reissue.cause, "expiresAt": reissue.expires_at, "key": reissue.key,
                "statusIndex": reissue.status_index, "tokenDigest": reissue.token_digest,
            }),
            Self::KeyCreated { purpose, public, is_next: false } => json!({ "public": public, "purpose": purpose }),
            Self::KeyCreated { purpose, public, is_next: true } => {
                json!({ "isNext": true, "public": public, "purpose": purpose })
            }
            Self::EditionPublished { digest, in_force_from, .. } => {
                json!({ "digest": digest, "inForceFrom": in_force_from })
            }
            Self::SettingChanged { value, from, .. } => json!({ "from": from, "value": value }),
            Self::HolidaysChanged { days, .. } => {
                json!({ "days": days.iter().map(|holiday| holiday.day).collect::<Vec<_>>() })
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
            | Self::QuestionClosed { .. }
            | Self::ReportFiled { .. }
            | Self::ComplaintReceived { .. }
            | Self::ComplaintAcknowledged {}
            | Self::ComplaintAssigned { .. }
            | Self::ComplaintReplied { .. }
            | Self::ComplaintClosed { .. }
            | Self::PriceChecked { .. }
            | Self::Cautioned { .. }
            | Self::CorrectionDemanded { .. }
            | Self::CorrectionReported { .. }
            | Self::CorrectionAnswered { .. }
            | Self::EmergencyConfirmed {}
            | Self::MeasureObjected { .. }
            | Self::Notified { .. }
            | Self::Stated { .. } => json!({}),
        }
    }

    /// What the register publishes of the act beyond its leaf; `None` where nothing is public.
    ///
    /// A user SME's name is not published: it has not consented to be listed.
    pub fn open(&self) -> Option<Value> {
        match self {
            Self::Registered { listing, .. } | Self::Renewed { listing, .. } => Some(json!({ "listing": listing })),
            Self::Notified { fields, listing, .. } | Self::Changed { fields, listing, .. } => {
                Some(json!({ "fields": fields, "listing": listing }))
            }
            Self::Succeeded { succession, listing, .. } => {
                Some(json!({ "listing": listing, "reason": succession.reason }))
            }
            Self::Suspended { reason, grounds: Some(grounds), .. }
            | Self::Reinstated { reason, grounds: Some(grounds), .. }
            | Self::Revoked { reason, grounds: Some(grounds), .. }
            | Self::Cautioned { reason, grounds, .. }
            | Self::CorrectionDemanded { reason, grounds, .. }
            | Self::EmergencySuspended { reason, grounds, .. } => {
                Some(json!({ "clauses": grounds.clauses, "from": grounds.from, "reason": reason }))
            }
            Self::Discontinued { plan } => Some(json!({ "plan": plan })),
            Self::SettingChanged { standing, source, reason, .. } => {
                Some(json!({ "reason": reason, "source": source, "standing": standing }))
            }
            Self::HolidaysChanged { days, source, reason, .. } => {
                Some(json!({ "days": days, "reason": reason, "source": source }))
            }
            Self::Suspended { reason, .. }
            | Self::Reinstated { reason, .. }
            | Self::Revoked { reason, .. }
            | Self::MeasureObjectionDecided { reason, .. }
            | Self::KeyCompromised { reason, .. }
            | Self::EditionPublished { reason: Some(reason), .. }
            | Self::EditionStopped { reason }
            | Self::EditionResumed { reason } => Some(json!({ "reason": reason })),
            Self::Granted(grant) if grant.holder_kind == HolderKind::Provider => {
                Some(json!({ "holderName": grant.holder_name, "holderNumber": grant.holder_number }))
            }
            Self::Granted(_)
            | Self::Reissued(_)
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
            | Self::Filed { .. }
            | Self::FilingEnded { .. }
            | Self::Asked { .. }
            | Self::Answered { .. }
            | Self::QuestionExtended { .. }
            | Self::QuestionClosed { .. }
            | Self::ReportFiled { .. }
            | Self::ComplaintReceived { .. }
            | Self::ComplaintAcknowledged {}
            | Self::ComplaintAssigned { .. }
            | Self::ComplaintReplied { .. }
            | Self::ComplaintClosed { .. }
            | Self::PriceChecked { .. }
            | Self::CorrectionReported { .. }
            | Self::CorrectionAnswered { .. }
            | Self::EmergencyConfirmed {}
            | Self::MeasureObjected { .. }
            | Self::Stated { .. } => None,
        }
    }
}
