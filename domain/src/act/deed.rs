//! The deeds: one variant for each kind of act, with all that is needed to replay it.

use serde::{Deserialize, Serialize};

use super::{
    ApplicationId, Determination, FieldReason, Grant, Listing, OrganisationId, PersonId, ProposalId,
    RegistrationNumber, Reissue, Role,
};
use crate::application::{Basis, Concern, Condition, Matter, ObjectionOutcome, Ruling};
use crate::calendar::{Day, Instant, Period};
use crate::criteria::CriterionId;
use crate::declaration::Declaration;
use crate::edition::Touched;
use crate::evidence::EvidenceFile;
use crate::examination::Judgement;
use crate::licence::LicenceId;
use crate::proposal::Motion;
use crate::registration::{Discontinuation, FilingOutcome, Grounds, Succession};
use crate::scheme::Standing;
use crate::settings::Holiday;
use crate::watching::{Advertised, ComplaintOutcome, Contents, Grievance, Offer};

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
        /// The registration that it is about, where that is there already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        concerns: Option<Concern>,
    },
    /// 差戻しのあと再び提出した
    #[serde(rename = "application.resubmitted", rename_all = "camelCase")]
    Resubmitted {
        declaration: Box<Declaration>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
        /// What a change changes now, and what is examined because of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        touched: Option<Touched>,
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
    Suspended {
        reason: String,
        proposal: ProposalId,
        /// What it rests on; left out in acts from before that was recorded, as below.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grounds: Option<Box<Grounds>>,
    },
    /// 再開した
    #[serde(rename = "registration.reinstated", rename_all = "camelCase")]
    Reinstated {
        reason: String,
        proposal: ProposalId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grounds: Option<Box<Grounds>>,
    },
    /// 登録を取り消した
    #[serde(rename = "registration.revoked", rename_all = "camelCase")]
    Revoked {
        reason: String,
        proposal: ProposalId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        grounds: Option<Box<Grounds>>,
    },
    /// マークの使用を許諾した
    #[serde(rename = "licence.granted", rename_all = "camelCase")]
    Granted(Grant),
    /// 許諾証を再発行した
    #[serde(rename = "licence.reissued")]
    Reissued(Reissue),
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
    /// 登録後の報告をした、又は訂正した
    #[serde(rename = "report.filed", rename_all = "camelCase")]
    ReportFiled { registration: RegistrationNumber, period: Period, contents: Box<Contents> },
    /// 苦情・不正使用の通報を受け付けた
    #[serde(rename = "complaint.received", rename_all = "camelCase")]
    ComplaintReceived {
        grievance: Grievance,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        registration: Option<RegistrationNumber>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        licence: Option<LicenceId>,
        /// Salted SHA-256 of what was written, in hexadecimal.
        digest: String,
    },
    /// 苦情の受領を確認した
    #[serde(rename = "complaint.acknowledged")]
    ComplaintAcknowledged {},
    /// 苦情の担当者を替えた
    #[serde(rename = "complaint.assigned")]
    ComplaintAssigned { handler: PersonId },
    /// 苦情に回答した
    #[serde(rename = "complaint.replied")]
    ComplaintReplied { text: String },
    /// 苦情への対応を終えた
    #[serde(rename = "complaint.closed")]
    ComplaintClosed { outcome: ComplaintOutcome, reason: String },
    /// 表示された料金を登録と比べた
    #[serde(rename = "price.checked", rename_all = "camelCase")]
    PriceChecked {
        registration: RegistrationNumber,
        /// Of the registered line.
        label: String,
        registered: Offer,
        advertised: Box<Advertised>,
    },
    /// 注意した
    #[serde(rename = "registration.cautioned", rename_all = "camelCase")]
    Cautioned { reason: String, proposal: ProposalId, grounds: Box<Grounds> },
    /// 是正を求めた
    #[serde(rename = "registration.correction_demanded", rename_all = "camelCase")]
    CorrectionDemanded { reason: String, proposal: ProposalId, grounds: Box<Grounds>, corrections: Vec<Condition> },
    /// 是正を報告した
    #[serde(rename = "registration.correction_reported", rename_all = "camelCase")]
    CorrectionReported {
        /// Counted from 1, as the correction.
        measure: u32,
        number: u32,
        words: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
    },
    /// 是正の報告を認めた、又は認めなかった
    #[serde(rename = "registration.correction_answered", rename_all = "camelCase")]
    CorrectionAnswered { measure: u32, number: u32, is_accepted: bool, reason: String },
    /// 登録の効力を緊急に一時停止した
    #[serde(rename = "registration.emergency_suspended", rename_all = "camelCase")]
    EmergencySuspended {
        reason: String,
        grounds: Box<Grounds>,
        /// It is over then, unless a second person confirms it before.
        until: Instant,
    },
    /// 緊急の一時停止を確認した
    #[serde(rename = "registration.emergency_confirmed")]
    EmergencyConfirmed {},
    /// 措置に異議を申し立てた
    #[serde(rename = "registration.objected", rename_all = "camelCase")]
    MeasureObjected {
        /// Counted from 1.
        measure: u32,
        reason: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<EvidenceFile>,
    },
    /// 措置への異議について判断した
    #[serde(rename = "registration.objection_decided", rename_all = "camelCase")]
    MeasureObjectionDecided { measure: u32, outcome: ObjectionOutcome, reason: String, proposal: ProposalId },
    /// サービスの終了を届け出た
    #[serde(rename = "registration.discontinued", rename_all = "camelCase")]
    Discontinued { plan: Box<Discontinuation> },
    /// 提案された措置について弁明した
    #[serde(rename = "proposal.stated", rename_all = "camelCase")]
    Stated { words: String },
    /// 登録についての申請を受け付けた
    #[serde(rename = "registration.filed", rename_all = "camelCase")]
    Filed {
        application: ApplicationId,
        matter: Matter,
        /// The first day on which the registration does not go on any more while it is undecided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        holds_until: Option<Day>,
    },
    /// 登録についての申請が、登録簿に載らずに終わった
    #[serde(rename = "registration.filing_ended", rename_all = "camelCase")]
    FilingEnded { application: ApplicationId, outcome: FilingOutcome },
    /// 登録を更新した
    #[serde(rename = "registration.renewed", rename_all = "camelCase")]
    Renewed {
        application: ApplicationId,
        listing: Box<Listing>,
        term: Period,
        /// What is declared, where something of it was notified while the renewal was examined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        declaration: Option<Box<Declaration>>,
    },
    /// 制度の設定を、ある日から変えた
    #[serde(rename = "setting.changed", rename_all = "camelCase")]
    SettingChanged { value: u32, from: Day, standing: Standing, source: String, reason: String, proposal: ProposalId },
    /// 休日を変えた
    #[serde(rename = "setting.holidays_changed", rename_all = "camelCase")]
    HolidaysChanged { days: Vec<Holiday>, source: String, reason: String, proposal: ProposalId },
    /// 要件にかかわらない変更を届け出た
    #[serde(rename = "registration.notified", rename_all = "camelCase")]
    Notified {
        /// Where the declaration changes, as JSON Pointers.
        fields: Vec<String>,
        /// The whole of what is declared from now on.
        declaration: Box<Declaration>,
        listing: Box<Listing>,
    },
    /// 審査で認められた変更を登録簿に載せた
    #[serde(rename = "registration.changed", rename_all = "camelCase")]
    Changed {
        application: ApplicationId,
        fields: Vec<String>,
        listing: Box<Listing>,
        /// What is declared, where something of it was notified while the change was examined.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        declaration: Option<Box<Declaration>>,
    },
    /// 登録がほかの事業者に承継された
    #[serde(rename = "registration.succeeded", rename_all = "camelCase")]
    Succeeded {
        succession: Box<Succession>,
        declaration: Box<Declaration>,
        listing: Box<Listing>,
        proposal: ProposalId,
    },
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
            Self::Reissued(_) => "licence.reissued",
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
            Self::ReportFiled { .. } => "report.filed",
            Self::ComplaintReceived { .. } => "complaint.received",
            Self::ComplaintAcknowledged {} => "complaint.acknowledged",
            Self::ComplaintAssigned { .. } => "complaint.assigned",
            Self::ComplaintReplied { .. } => "complaint.replied",
            Self::ComplaintClosed { .. } => "complaint.closed",
            Self::PriceChecked { .. } => "price.checked",
            Self::Cautioned { .. } => "registration.cautioned",
            Self::CorrectionDemanded { .. } => "registration.correction_demanded",
            Self::CorrectionReported { .. } => "registration.correction_reported",
            Self::CorrectionAnswered { .. } => "registration.correction_answered",
            Self::EmergencySuspended { .. } => "registration.emergency_suspended",
            Self::EmergencyConfirmed {} => "registration.emergency_confirmed",
            Self::MeasureObjected { .. } => "registration.objected",
            Self::MeasureObjectionDecided { .. } => "registration.objection_decided",
            Self::Discontinued { .. } => "registration.discontinued",
            Self::Stated { .. } => "proposal.stated",
            Self::Filed { .. } => "registration.filed",
            Self::FilingEnded { .. } => "registration.filing_ended",
            Self::Renewed { .. } => "registration.renewed",
            Self::SettingChanged { .. } => "setting.changed",
            Self::HolidaysChanged { .. } => "setting.holidays_changed",
            Self::Notified { .. } => "registration.notified",
            Self::Changed { .. } => "registration.changed",
            Self::Succeeded { .. } => "registration.succeeded",
        }
    }

    /// The application that an act on a registration is because of.
    pub fn because_of(&self) -> Option<&ApplicationId> {
        match self {
            Self::Registered { application, .. }
            | Self::Filed { application, .. }
            | Self::FilingEnded { application, .. }
            | Self::Renewed { application, .. }
            | Self::Changed { application, .. } => Some(application),
            _ => None,
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
}
