//! Settings of the scheme, as two people change them.

use domain::act::Act;
use domain::authority::Actor;
use domain::proposal::Proposal;
use domain::scheme::Standing;
use domain::settings::{ChangedSetting, Figure, Holiday, Proposed, Refusal, Settings};

use super::{NOW, at, day, other_secretary, proposal_id, secretary};

/// A figure from a day on.
pub fn figure(figure: Figure, value: u32, from: &str) -> Proposed {
    Proposed::Figure { figure, value, from: day(from), standing: Standing::Provisional }
}

/// Days and the names of their holidays; none for a day that is none.
pub fn holidays(days: &[(&str, Option<&str>)]) -> Proposed {
    let holiday = |(on, name): &(&str, Option<&str>)| Holiday { day: day(on), name: name.map(str::to_owned) };
    Proposed::Holidays(days.iter().map(holiday).collect())
}

/// The proposal of what is good enough to be proposed.
pub fn propose(known: &Settings, what: Proposed, by: &Actor, now: &str) -> Result<(Proposal, Act), Refusal> {
    let [source, reason] = ["運営委員会の決定（第3回）", "申請者の負担を減らす。"].map(str::to_owned);
    known.propose(proposal_id(), what, source, reason, by, at(now))
}

/// Fifteen working days for an answer, from July on.
pub fn longer_answers() -> (Proposal, Act) {
    let what = figure(Figure::AnswerDays, 15, "2026-07-01");
    propose(Settings::bundled(), what, &secretary(), NOW).expect("proposed")
}

/// A day on which the body is closed once.
pub fn extraordinary_holiday() -> (Proposal, Act) {
    let what = holidays(&[("2026-07-06", Some("臨時の休日")), ("2026-07-20", None)]);
    let [source, reason] = ["運営委員会の決定（第4回）", "登録機関が閉まる。"].map(str::to_owned);
    let id = "Q-12".parse().expect("an id");
    Settings::bundled().propose(id, what, source, reason, &secretary(), at(NOW)).expect("proposed")
}

/// What the second person's confirmation makes of what the program came with.
pub fn changed(proposal: Proposal) -> (ChangedSetting, Act) {
    Settings::bundled().change(&proposal, &other_secretary(), at(NOW)).expect("changed")
}

/// What is known once these were changed by two people, each at its instant.
pub fn after(changes: &[(&str, Proposed)]) -> Settings {
    changes.iter().fold(Settings::bundled().clone(), |known, (now, what)| {
        let (proposal, _) = propose(&known, what.clone(), &secretary(), now).expect("proposed");
        let (changed, _) = known.change(&proposal, &other_secretary(), at(now)).expect("changed");
        known.and(changed)
    })
}
