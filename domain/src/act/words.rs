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
    ("registration.suspended", "登録の一時停止", "Registration suspended"),
    ("registration.reinstated", "登録の再開", "Registration reinstated"),
    ("registration.revoked", "登録の取消し", "Registration revoked"),
    ("licence.granted", "マークの使用許諾", "Mark licence granted"),
    ("licence.ended", "使用許諾の終了", "Licence ended"),
    ("licence.revoked", "使用許諾の取消し", "Licence revoked"),
    ("proposal.made", "提案（二人目の確認待ち）", "Proposed to a second person"),
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
