//! Findings 「所見」: the engine's answer on one criterion, and how single checks add up to it.

use serde::{Deserialize, Serialize};

use super::CriterionId;
use crate::edition::{Criterion, DecidedBy, Limit, LimitName, Measure, Standing};
use crate::text::Text;

/// What the engine found on one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    pub criterion: CriterionId,
    /// Where in the criteria; where they do not have it, words that say so.
    pub clause: Text,
    pub conclusion: Conclusion,
    /// Figures as declared and as compared.
    pub reason: Text,
    /// Of the criterion's wording in this edition.
    pub standing: Standing,
}

/// The five answers, kept apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Conclusion {
    /// 充足
    Met,
    /// 不充足, and by how much or for want of what. Never empty.
    Unmet { by: Vec<Shortfall> },
    /// 要判断: a person must judge. Never empty.
    Undetermined { why: Vec<Doubt> },
    /// 対象外: in force, and not asked of this class or kind.
    NotApplicable,
    /// 定めなし: this edition does not have the criterion, the class or the kind.
    NotInForce,
}

impl Conclusion {
    /// The answer for people.
    pub fn term(&self) -> Text {
        match self {
            Self::Met => Text::new("充足", "met"),
            Self::Unmet { .. } => Text::new("不充足", "unmet"),
            Self::Undetermined { .. } => Text::new("要判断", "a person must judge"),
            Self::NotApplicable => Text::new("対象外", "not applicable"),
            Self::NotInForce => Text::new("定めなし", "not in force"),
        }
    }
}

/// By how much, or for want of what, a criterion is unmet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "lack", rename_all = "snake_case")]
pub enum Shortfall {
    /// Not declared, or declared otherwise: a JSON Pointer into the declaration.
    Fact { pointer: String },
    /// A figure is `by` beyond its limit. No pointer where the register, not the declaration, states the figure.
    Figure { pointer: Option<String>, measure: Measure, by: u64 },
}

/// Why only a person can judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Doubt {
    /// The criterion asks for a judgement of evidence.
    Judgement,
    /// What this edition says is not confirmed.
    ProvisionalWording,
    /// The figure is not known or not confirmed.
    ProvisionalLimit { limit: LimitName },
    /// Whether several prices fall due together depends on the contract, or on the number of endpoints.
    PriceComposition,
    /// Some pay another price, which is not declared.
    PriceNotDeclared,
    /// Only the register knows, and it was not asked: the declaration was assessed away from it.
    RegisterNotConsulted,
    /// The class-1 registration was held long enough, and is held no longer.
    NoLongerHeld,
    /// A draft does not say it yet, or not so that it can be read: a JSON Pointer into the declaration.
    NotFilledIn { pointer: String },
    /// 「1年以上」 for each company or in all: the two readings differ. The examiner records which one was used.
    ReadingsDiffer { each_company: bool, in_all: bool },
}

/// One step towards a finding.
pub(super) struct Check {
    verdict: Verdict,
    basis: Basis,
    said: Said,
}

/// What a check adds to the reason.
enum Said {
    Sentence(Text),
    /// Something declared; listed with the others.
    Declared(Text),
    /// Something not declared; listed with the others.
    NotDeclared(Text),
    /// Something that a draft does not say yet; listed with the others.
    NotFilledIn(Text),
}

enum Verdict {
    Holds,
    Fails(Shortfall),
    Open(Doubt),
}

/// What a check compares with; a provisional basis cannot decide.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Basis {
    Official,
    ProvisionalWording { note: Option<Text> },
    ProvisionalLimit { limit: LimitName, note: Option<Text> },
}

impl From<&Criterion> for Basis {
    fn from(criterion: &Criterion) -> Self {
        match criterion.standing {
            Standing::Official => Self::Official,
            Standing::Provisional => Self::ProvisionalWording { note: criterion.note.clone() },
        }
    }
}

impl From<&Limit> for Basis {
    fn from(limit: &Limit) -> Self {
        match limit.standing {
            Standing::Official => Self::Official,
            Standing::Provisional => Self::ProvisionalLimit { limit: limit.name, note: limit.note.clone() },
        }
    }
}

impl Check {
    pub(super) fn holds(basis: impl Into<Basis>, reason: Text) -> Self {
        Self { verdict: Verdict::Holds, basis: basis.into(), said: Said::Sentence(reason) }
    }

    pub(super) fn fails(basis: impl Into<Basis>, by: Shortfall, reason: Text) -> Self {
        Self { verdict: Verdict::Fails(by), basis: basis.into(), said: Said::Sentence(reason) }
    }

    pub(super) fn open(basis: impl Into<Basis>, doubt: Doubt, reason: Text) -> Self {
        Self { verdict: Verdict::Open(doubt), basis: basis.into(), said: Said::Sentence(reason) }
    }

    /// `what` is declared.
    pub(super) fn declared(basis: impl Into<Basis>, what: Text) -> Self {
        Self { verdict: Verdict::Holds, basis: basis.into(), said: Said::Declared(what) }
    }

    /// `what` is not declared, or declared not to be so, at `pointer`.
    pub(super) fn not_declared(basis: impl Into<Basis>, pointer: &str, what: Text) -> Self {
        let by = Shortfall::Fact { pointer: pointer.to_owned() };
        Self { verdict: Verdict::Fails(by), basis: basis.into(), said: Said::NotDeclared(what) }
    }

    /// A draft does not say `what` yet, at `pointer`: nothing is compared.
    pub(super) fn not_filled_in(pointer: &str, what: Text) -> Self {
        let doubt = Doubt::NotFilledIn { pointer: pointer.to_owned() };
        Self { verdict: Verdict::Open(doubt), basis: Basis::Official, said: Said::NotFilledIn(what) }
    }

    /// Said for the reader; decides nothing.
    pub(super) fn remark(reason: Text) -> Self {
        Self::holds(Basis::Official, reason)
    }
}

/// Adds checks up. The only place where something is decided, so that nothing provisional ever does.
pub(super) fn conclude(criterion: &Criterion, checks: Vec<Check>) -> Finding {
    let (mut by, mut why, mut reason) = (Vec::new(), Vec::new(), Reason::default());
    for Check { verdict, basis, said } in checks {
        reason.say(said);
        reason.caveat(basis.caveat());
        let provisional = basis.doubt();
        let open = match verdict {
            Verdict::Fails(shortfall) if provisional.is_none() => {
                by.push(shortfall);
                None
            }
            Verdict::Open(doubt) => Some(doubt),
            Verdict::Holds | Verdict::Fails(_) => None,
        };
        for doubt in open.into_iter().chain(provisional) {
            if !why.contains(&doubt) {
                why.push(doubt);
            }
        }
    }
    if criterion.decided_by == DecidedBy::Examiner {
        why.push(Doubt::Judgement);
    }
    let conclusion = match (by.is_empty(), why.is_empty()) {
        (false, _) => Conclusion::Unmet { by },
        (true, false) => Conclusion::Undetermined { why },
        (true, true) => Conclusion::Met,
    };
    let reason = reason.told(what_follows(criterion, &conclusion));
    let (id, clause) = (criterion.id, criterion.clause.clone());
    Finding { criterion: id, clause, conclusion, reason, standing: criterion.standing }
}

/// Everything that is said, in the order in which it is read.
#[derive(Default)]
struct Reason {
    sentences: Vec<Text>,
    not_filled_in: Vec<Text>,
    not_declared: Vec<Text>,
    declared: Vec<Text>,
    caveats: Vec<Text>,
}

impl Reason {
    fn say(&mut self, said: Said) {
        match said {
            Said::Sentence(text) => self.sentences.push(text),
            Said::NotDeclared(text) => self.not_declared.push(text),
            Said::NotFilledIn(text) => self.not_filled_in.push(text),
            Said::Declared(text) => self.declared.push(text),
        }
    }

    fn caveat(&mut self, caveat: Option<Text>) {
        self.caveats.extend(caveat.filter(|caveat| !self.caveats.contains(caveat)));
    }

    fn told(self, what_follows: Option<Text>) -> Text {
        let mut said = self.sentences;
        said.extend(listed(("未入力", "Not filled in"), &self.not_filled_in));
        said.extend(listed(("申告なし", "Not declared"), &self.not_declared));
        said.extend(listed(("申告あり", "Declared"), &self.declared));
        said.extend(self.caveats);
        said.extend(what_follows);
        joined(&said, ("", " "))
    }
}

fn listed((ja, en): (&str, &str), texts: &[Text]) -> Option<Text> {
    let list = joined(texts, ("、", "; "));
    (!texts.is_empty()).then(|| Text::new(format!("{ja}：{}。", list.ja), format!("{en}: {}.", list.en)))
}

fn joined(texts: &[Text], (ja, en): (&str, &str)) -> Text {
    let all = |of: fn(&Text) -> &str, between| texts.iter().map(of).collect::<Vec<_>>().join(between);
    Text::new(all(|text| &text.ja, ja), all(|text| &text.en, en))
}

/// What a person still has to do.
fn what_follows(criterion: &Criterion, conclusion: &Conclusion) -> Option<Text> {
    let is_draft = |why: &[Doubt]| why.iter().any(|doubt| matches!(doubt, Doubt::NotFilledIn { .. }));
    match conclusion {
        Conclusion::Undetermined { why } if is_draft(why) => {
            Some(Text::new("入力すると所見が出ます。", "There is a finding once that is filled in."))
        }
        Conclusion::Undetermined { .. } => Some(Text::new("人が判断します。", "A person must judge.")),
        Conclusion::Met if criterion.judgement.evidence => {
            Some(Text::new("審査員が証跡で確かめます。", "An examiner checks the evidence."))
        }
        _ => None,
    }
}

impl Basis {
    fn doubt(&self) -> Option<Doubt> {
        match self {
            Self::Official => None,
            Self::ProvisionalWording { .. } => Some(Doubt::ProvisionalWording),
            Self::ProvisionalLimit { limit, .. } => Some(Doubt::ProvisionalLimit { limit: *limit }),
        }
    }

    fn caveat(&self) -> Option<Text> {
        let (what_ja, what_en, note) = match self {
            Self::Official => return None,
            Self::ProvisionalWording { note } => ("要件の文言", "wording", note),
            Self::ProvisionalLimit { note, .. } => ("数値", "figure", note),
        };
        let (ja, en) = note.as_ref().map_or(("", ""), |note| (note.ja.as_str(), note.en.as_str()));
        let en = if en.is_empty() { String::new() } else { format!(" {en}") };
        Some(Text::new(
            format!("この版の{what_ja}は暫定のため、これだけでは決まりません。{ja}"),
            format!("The {what_en} is provisional in this edition and cannot decide.{en}"),
        ))
    }
}
