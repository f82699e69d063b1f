//! What people may wish for in a random life.

use domain::act::{Role, Verdict};
use domain::examination::Answer;
use domain::registration::MeasureKind;
use proptest::prelude::*;
use proptest::sample::Index;

/// What somebody tries.
#[derive(Clone, Debug)]
pub enum Wish {
    /// The next step towards a licence.
    Onward,
    SendBack,
    Withdraw,
    Judge {
        by_second: bool,
        answers: Vec<(usize, Answer)>,
        late: u32,
    },
    /// What both are done with, whether they disagree about it or not.
    Reconcile {
        by_second: bool,
        criterion: usize,
        answer: Answer,
    },
    Recommend(Verdict),
    Declare {
        by_second: bool,
        is_tied: bool,
    },
    /// The second examiner's seat goes to a stranger, or to the first.
    Replace {
        by_first: bool,
    },
    ProposeWaiver {
        of_second: bool,
    },
    ProposeDecision {
        verdict: Verdict,
        is_conditional: bool,
    },
    Report,
    Reply {
        is_accepted: bool,
    },
    Object,
    ProposeOnObjection {
        is_upheld: bool,
    },
    /// Of the second examiner or the first, about one of the criteria, with so many days for the answer.
    Ask {
        by_second: bool,
        about: usize,
        ahead: i32,
    },
    /// Answered by the applicant, or extended or closed by whoever may.
    Answer(Index),
    Extend(Index),
    Close(Index),
    Register {
        ahead: i32,
    },
    /// Another term of what is registered.
    FileRenewal,
    Renew {
        ahead: i32,
    },
    /// Of what no criterion asks about.
    Notify,
    /// Of what one asks about.
    FileChange,
    /// To the rival, or back.
    ProposeSuccession,
    ProposeMeasure(MeasureKind),
    /// At once, by one of the two secretaries; or its confirmation.
    Emergency {
        by_second: bool,
    },
    ConfirmEmergency {
        by_second: bool,
    },
    /// About the last correction that was demanded.
    Correct,
    AnswerCorrection {
        is_accepted: bool,
    },
    /// About one of the measures, or one more than there are.
    ObjectToMeasure(Index),
    ProposeOnMeasure {
        which: Index,
        is_upheld: bool,
    },
    /// The provider's side of the last measure that is proposed.
    State,
    Discontinue {
        ahead: i32,
    },
    Grant {
        name: String,
        contract_from: i32,
    },
    EndLicence(Index),
    ProposeRevocation(Index),
    /// By another person, or by the one who proposed it.
    Confirm {
        which: Index,
        by_same: bool,
    },
    Drop {
        which: Index,
        by_same: bool,
    },
    /// By anybody; then the secretariat sees to it.
    Complain,
    Acknowledge,
    Reassign {
        is_tied: bool,
    },
    ReplyToComplaint,
    CloseComplaint,
    /// The year before, with or without a word of what has changed.
    CheckItself {
        has_words: bool,
    },
    CheckPrice(u64),
    /// So many periods ago, with a figure.
    ReportAlerts {
        ago: u32,
        count: u32,
    },
    Admit,
    GiveRole(Role),
    EndRole(Role),
    Dismiss,
}

/// A wish, and the role it is tried in if it is the wrong one.
#[derive(Clone, Debug)]
pub struct Step {
    pub wish: Wish,
    /// Seconds since the last one on this machine's clock.
    pub wait: i32,
    pub wrong_role: Option<Role>,
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let verdict = || prop_oneof![3 => Just(Verdict::Pass), 1 => Just(Verdict::Fail)];
    let answer = || prop_oneof![6 => Just(Answer::Met), 1 => Just(Answer::Unmet), 1 => Just(Answer::NotApplicable)];
    let answers = prop::collection::vec((0..4usize, answer()), 0..4);
    let late = prop_oneof![4 => Just(0), 1 => 1..3u32];
    use MeasureKind::{Cautioned, CorrectionDemanded, Reinstated, Revoked, Suspended};
    let measure = prop_oneof![
        1 => Just(Cautioned),
        1 => Just(CorrectionDemanded),
        4 => Just(Suspended),
        5 => Just(Reinstated),
        2 => Just(Revoked)
    ];
    let role = || prop_oneof![Just(Role::Examiner), Just(Role::Auditor)];
    let wish = prop_oneof![
        52 => Just(Wish::Onward),
        1 => Just(Wish::SendBack),
        1 => Just(Wish::Withdraw),
        2 => (any::<bool>(), answers, late)
            .prop_map(|(by_second, answers, late)| Wish::Judge { by_second, answers, late }),
        2 => (any::<bool>(), 0..4usize, answer()).prop_map(|(by_second, criterion, answer)| Wish::Reconcile {
            by_second,
            criterion,
            answer
        }),
        1 => verdict().prop_map(Wish::Recommend),
        2 => (any::<bool>(), any::<bool>()).prop_map(|(by_second, is_tied)| Wish::Declare { by_second, is_tied }),
        1 => any::<bool>().prop_map(|by_first| Wish::Replace { by_first }),
        2 => any::<bool>().prop_map(|of_second| Wish::ProposeWaiver { of_second }),
        1 => (verdict(), any::<bool>())
            .prop_map(|(verdict, is_conditional)| Wish::ProposeDecision { verdict, is_conditional }),
        3 => Just(Wish::Report),
        3 => any::<bool>().prop_map(|is_accepted| Wish::Reply { is_accepted }),
        2 => Just(Wish::Object),
        3 => any::<bool>().prop_map(|is_upheld| Wish::ProposeOnObjection { is_upheld }),
        2 => (any::<bool>(), 0..4usize, 10..60i32)
            .prop_map(|(by_second, about, ahead)| Wish::Ask { by_second, about, ahead }),
        2 => any::<Index>().prop_map(Wish::Answer),
        1 => any::<Index>().prop_map(Wish::Extend),
        1 => any::<Index>().prop_map(Wish::Close),
        1 => (-2..400i32).prop_map(|ahead| Wish::Register { ahead }),
        2 => Just(Wish::FileRenewal),
        1 => (0..400i32).prop_map(|ahead| Wish::Renew { ahead }),
        3 => Just(Wish::Notify),
        2 => Just(Wish::FileChange),
        2 => Just(Wish::ProposeSuccession),
        9 => measure.prop_map(Wish::ProposeMeasure),
        2 => any::<bool>().prop_map(|by_second| Wish::Emergency { by_second }),
        3 => any::<bool>().prop_map(|by_second| Wish::ConfirmEmergency { by_second }),
        2 => Just(Wish::Correct),
        2 => any::<bool>().prop_map(|is_accepted| Wish::AnswerCorrection { is_accepted }),
        2 => any::<Index>().prop_map(Wish::ObjectToMeasure),
        2 => (any::<Index>(), any::<bool>())
            .prop_map(|(which, is_upheld)| Wish::ProposeOnMeasure { which, is_upheld }),
        2 => Just(Wish::State),
        1 => (20..900i32).prop_map(|ahead| Wish::Discontinue { ahead }),
        2 => ("[例示 ]{0,3}", -3..3i32).prop_map(|(name, contract_from)| Wish::Grant { name, contract_from }),
        2 => any::<Index>().prop_map(Wish::EndLicence),
        2 => any::<Index>().prop_map(Wish::ProposeRevocation),
        3 => (any::<Index>(), any::<bool>()).prop_map(|(which, by_same)| Wish::Confirm { which, by_same }),
        2 => (any::<Index>(), any::<bool>()).prop_map(|(which, by_same)| Wish::Drop { which, by_same }),
        2 => Just(Wish::Complain),
        2 => Just(Wish::Acknowledge),
        1 => any::<bool>().prop_map(|is_tied| Wish::Reassign { is_tied }),
        1 => Just(Wish::ReplyToComplaint),
        1 => Just(Wish::CloseComplaint),
        2 => any::<bool>().prop_map(|has_words| Wish::CheckItself { has_words }),
        1 => (0..10_000u64).prop_map(Wish::CheckPrice),
        3 => (0..3u32, 0..3u32).prop_map(|(ago, count)| Wish::ReportAlerts { ago, count }),
        1 => Just(Wish::Admit),
        1 => role().prop_map(Wish::GiveRole),
        1 => role().prop_map(Wish::EndRole),
        1 => Just(Wish::Dismiss),
    ];
    let wait = prop_oneof![3 => 0..100_000i32, 1 => -100..0i32, 1 => 0..20_000_000i32];
    let wrong_role = prop_oneof![9 => Just(None), 1 => prop::sample::select(&Role::ALL[..]).prop_map(Some)];
    let step = (wish, wait, wrong_role).prop_map(|(wish, wait, wrong_role)| Step { wish, wait, wrong_role });
    prop::collection::vec(step, 1..110)
}
