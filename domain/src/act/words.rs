//! What an act is called for people: one line for each kind.

use super::Deed;
use crate::text::Text;

/// Every kind of act with its words. A kind without a line is told by its own name; a test asks for one.
const WORDS: &[(&str, &str, &str)] = &[
    ("application.submitted", "申請の提出", "Application submitted"),
    ("application.resubmitted", "申請の再提出", "Application submitted again"),
    ("application.returned", "差戻し", "Application sent back"),
    ("application.accepted", "受理・審査員の割当て", "Accepted, examiners assigned"),
    ("application.withdrawn", "取下げ", "Application withdrawn"),
    ("application.interest_declared", "審査員の利害関係の申告", "Examiner declared their interests"),
    ("application.examiner_replaced", "審査員の交代", "Examiner replaced"),
    ("application.conflict_waived", "審査員の利益相反の免除", "Examiner's tie waived"),
    ("examination.judged", "要件の判断", "Criteria judged"),
    ("examination.reconciled", "要件の協議", "Criterion reconciled"),
    ("application.asked", "申請者への質問", "Question to the applicant"),
    ("application.answered", "質問への回答", "Question answered"),
    ("application.question_extended", "回答期限の延長", "More time for an answer"),
    ("application.question_closed", "質問の終わり（回答を待たない）", "Question closed"),
    ("application.recommended", "推薦意見", "Recommendation"),
    ("application.decided", "判定", "Decision"),
    ("application.condition_reported", "条件の履行の報告", "Condition reported to be met"),
    ("application.condition_answered", "条件の報告への回答", "Report of a condition answered"),
    ("application.objected", "異議申立て", "Objection to the decision"),
    ("application.objection_decided", "異議についての判断", "Objection decided"),
    ("registration.registered", "登録", "Registered"),
    ("registration.filed", "登録についての申請の受付", "Application about the registration filed"),
    ("registration.filing_ended", "登録についての申請の終わり", "Application about the registration ended"),
    ("registration.renewed", "登録の更新", "Registration renewed"),
    ("registration.notified", "変更の届出（要件にかかわらないもの）", "Change notified that no criterion asks about"),
    ("registration.changed", "審査を経た変更", "Change entered after it was examined"),
    ("registration.succeeded", "登録の承継", "Registration went over to another provider"),
    ("registration.suspended", "登録の一時停止", "Registration suspended"),
    ("registration.reinstated", "登録の再開", "Registration reinstated"),
    ("registration.revoked", "登録の取消し", "Registration revoked"),
    ("registration.cautioned", "注意", "Provider cautioned"),
    ("registration.correction_demanded", "是正の求め", "Correction demanded"),
    ("registration.correction_reported", "是正の報告", "Correction reported"),
    ("registration.correction_answered", "是正の報告への回答", "Report of a correction answered"),
    ("registration.emergency_suspended", "登録の緊急の一時停止", "Registration suspended in an emergency"),
    ("registration.emergency_confirmed", "緊急の一時停止の確認", "Emergency suspension confirmed"),
    ("registration.objected", "措置への異議申立て", "Objection to a measure"),
    ("registration.objection_decided", "措置への異議についての判断", "Objection to a measure decided"),
    ("registration.discontinued", "サービス終了の届出", "Service to be discontinued"),
    ("licence.granted", "マークの使用許諾", "Mark licence granted"),
    ("licence.reissued", "マークの再発行", "Licence issued anew"),
    ("licence.ended", "使用許諾の終了", "Licence ended"),
    ("licence.revoked", "使用許諾の取消し", "Licence revoked"),
    ("proposal.made", "提案（二人目の確認待ち）", "Proposed to a second person"),
    ("proposal.stated", "措置の提案への弁明", "Provider stated its side of what is proposed"),
    ("proposal.dropped", "提案の取りやめ", "Proposal dropped"),
    ("person.admitted", "利用者の加入", "Person admitted"),
    ("person.role_given", "役割の付与", "Role given"),
    ("person.role_ended", "役割の終了", "Role ended"),
    ("person.dismissed", "利用者の解任", "Person dismissed"),
    ("key.created", "署名鍵の作成", "Signing key made"),
    ("key.activated", "署名鍵の使用開始", "Signing key used from now on"),
    ("key.compromised", "署名鍵の危殆化", "Signing key no longer trusted"),
    ("edition.published", "基準の版の公示", "Edition published"),
    ("edition.stopped", "版による判定の停止", "Decisions under the edition stopped"),
    ("edition.resumed", "版による判定の再開", "Decisions under the edition resumed"),
    ("report.filed", "登録後の報告", "Report on a registered service"),
    ("complaint.received", "苦情・通報の受付", "Complaint received"),
    ("complaint.acknowledged", "苦情・通報の受領の確認", "Complaint acknowledged"),
    ("complaint.assigned", "苦情・通報の担当者の交代", "Complaint assigned to somebody else"),
    ("complaint.replied", "苦情・通報への回答", "Complaint answered"),
    ("complaint.closed", "苦情・通報の終結", "Complaint closed"),
    ("price.checked", "料金の表示の確認", "Advertised price checked"),
    ("setting.changed", "制度の設定の変更", "Setting of the scheme changed"),
    ("setting.holidays_changed", "休日の変更", "Holidays changed"),
];

/// The words for a kind of act, as a leaf names it; none for a kind that has no line here.
pub fn words(kind: &str) -> Option<Text> {
    let found = WORDS.iter().find(|(known, _, _)| *known == kind);
    found.map(|(_, ja, en)| Text::new(*ja, *en))
}

impl Deed {
    /// What it is called for people.
    pub fn words(&self) -> Text {
        words(self.kind()).unwrap_or_else(|| Text::new(self.kind(), self.kind()))
    }
}
