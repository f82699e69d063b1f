//! What waits, and for whom.

use crate::text::Text;

/// For whom something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WaitsFor {
    /// サービス提供事業者
    Provider,
    /// 審査員
    Examiner,
    /// 判定者
    DecisionMaker,
    /// 事務局
    Secretariat,
    /// 二人目
    SecondPerson,
}

impl WaitsFor {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Secretariat, Self::SecondPerson, Self::DecisionMaker, Self::Examiner, Self::Provider];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provider => "provider",
            Self::Examiner => "examiner",
            Self::DecisionMaker => "decision_maker",
            Self::Secretariat => "secretariat",
            Self::SecondPerson => "second_person",
        }
    }

    /// As a heading.
    pub fn words(self) -> Text {
        match self {
            Self::Provider => Text::new("事業者の対応を待つもの", "Waiting for providers"),
            Self::Examiner => Text::new("審査員の対応を待つもの", "Waiting for examiners"),
            Self::DecisionMaker => Text::new("判定者の対応を待つもの", "Waiting for decision makers"),
            Self::Secretariat => Text::new("事務局の対応を待つもの", "Waiting for the secretariat"),
            Self::SecondPerson => Text::new("二人目の確認を待つもの", "Waiting for a second person"),
        }
    }
}

macro_rules! works {
    ($($(#[$doc:meta])* $variant:ident = $word:literal, $waits_for:ident, [$ja:literal, $en:literal];)+) => {
        /// A kind of thing that waits.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Work {
            $($(#[$doc])* $variant,)+
        }

        impl Work {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in JSON; it never changes.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            pub fn waits_for(self) -> WaitsFor {
                match self {
                    $(Self::$variant => WaitsFor::$waits_for,)+
                }
            }

            pub fn words(self) -> Text {
                match self {
                    $(Self::$variant => Text::new($ja, $en),)+
                }
            }
        }
    };
}

works! {
    /// A submission that nobody has received yet.
    Intake = "intake", Secretariat, ["受付", "To be received"];
    /// What was sent back, to be submitted again.
    Returned = "returned", Provider, ["差戻しへの対応", "Sent back"];
    Question = "question", Provider, ["質問への回答", "Answer to a question"];
    Examination = "examination", Examiner, ["審査", "Examination"];
    /// Both have judged; nobody has recommended.
    Recommendation = "recommendation", Examiner, ["推薦意見", "Recommendation"];
    Decision = "decision", DecisionMaker, ["判定", "Decision"];
    /// What passed and is not in the register yet.
    Entry = "entry", Secretariat, ["登録簿への登録", "To be entered"];
    Condition = "condition", Provider, ["合格の条件の報告", "Condition of a pass"];
    ConditionReply = "condition_reply", Secretariat, ["条件の報告への回答", "Report of a condition"];
    Objection = "objection", DecisionMaker, ["判定への異議", "Objection to a decision"];
    Proposal = "proposal", SecondPerson, ["提案の確認", "Proposal to be confirmed"];
    Hearing = "hearing", Provider, ["弁明", "Hearing"];
    Correction = "correction", Provider, ["是正の報告", "Correction"];
    CorrectionReply = "correction_reply", Secretariat, ["是正の報告への回答", "Report of a correction"];
    Emergency = "emergency", SecondPerson, ["緊急の一時停止の確認", "Emergency suspension to be confirmed"];
    MeasureObjection = "measure_objection", DecisionMaker, ["措置への異議", "Objection to a measure"];
    Renewal = "renewal", Provider, ["更新の申請", "Renewal to be applied for"];
    TermEnd = "term_end", Provider, ["有効期間の終わり", "End of a term"];
    AlertReport = "alert_report", Provider, ["アラートの統計情報の報告", "Alert statistics"];
    SelfCheck = "self_check", Provider, ["自己点検の報告", "Self-check"];
    /// A service whose end was announced.
    Discontinuation = "discontinuation", Provider, ["サービスの終了", "End of a service"];
    /// A complaint that nobody has acknowledged.
    ComplaintReceived = "complaint_received", Secretariat, ["苦情・通報の受領の確認", "Complaint to be acknowledged"];
    /// A complaint that is seen to.
    Complaint = "complaint", Secretariat, ["苦情・通報への対応", "Open complaint"];
    /// Somebody whose address takes no mail.
    MailFault = "mail_fault", Secretariat, ["届かないメールアドレス", "Address that takes no mail"];
}

impl Work {
    /// Are its days counted as working days?
    pub fn counts_working_days(self) -> bool {
        matches!(self, Self::Question | Self::Examination | Self::Recommendation)
    }
}
