//! Assessment 「評価」: what the engine finds on a whole declaration, under the edition that governs the day.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::criteria::{self, Conclusion, CriterionId, Finding, TrackRecord};
use crate::declaration::Incomplete;
use crate::declaration::{Class, Declaration, Kind};
use crate::edition::{Criterion, Edition, Editions};
use crate::text::{Language, Text};

/// Findings on every criterion there is, in the edition's order; those the edition does not have come last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assessment {
    /// The edition that was applied, and its file's SHA-256 in lower-case hexadecimal.
    pub edition: String,
    pub edition_digest: String,
    pub class: Class,
    pub kind: Kind,
    /// The day as of which facts were compared.
    pub day: Day,
    outcome: Outcome,
    pub findings: Vec<Finding>,
}

/// The pre-check 「事前チェック」 of a draft: the engine's findings as far as there is something to find, by the very
/// functions that assess what was submitted. A criterion for which something is not filled in yet is undetermined, and
/// says what; one that is unmet whatever comes there is unmet already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Precheck {
    /// The edition that was applied, and its file's SHA-256 in lower-case hexadecimal.
    pub edition: String,
    pub edition_digest: String,
    /// Left out while they are not filled in; what is asked of the service is not known then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Class>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The day as of which facts were compared.
    pub day: Day,
    pub findings: Vec<Finding>,
    /// Where something is not filled in yet, or cannot be read: JSON Pointers into the declaration.
    pub missing: Vec<String>,
}

/// Assesses as much of a declaration as there is, under one edition.
pub fn precheck(edition: &Edition, said: &Incomplete, day: Day, record: Option<&TrackRecord>) -> Precheck {
    let (class, kind, missing) = (said.class(), said.kind(), said.missing());
    let findings = match (class, kind) {
        (Some(class), Some(kind)) => findings(edition, class, kind, |criterion| {
            criteria::find(criterion, said.declaration(), missing, day, record)
        }),
        (None, _) => nothing_found(edition, "/service/class", &Text::new("類", "the class")),
        (Some(_), None) => nothing_found(edition, "/service/kind", &Text::new("監視の種類", "the kind of monitoring")),
    };
    Precheck {
        edition: edition.id.to_string(),
        edition_digest: edition.digest_hex(),
        class,
        kind,
        day,
        findings,
        missing: missing.to_vec(),
    }
}

/// Undetermined findings on all criteria of the edition, for want of `what` at `pointer`.
fn nothing_found(edition: &Edition, pointer: &str, what: &Text) -> Vec<Finding> {
    let in_any_class = |id: CriterionId| {
        edition.classes.iter().flat_map(|rules| &rules.criteria).find(move |criterion| criterion.id == id)
    };
    let known = CriterionId::ALL.into_iter().filter_map(in_any_class);
    known.map(|criterion| criteria::find_nothing(criterion, pointer, what.clone())).collect()
}

/// What all findings amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every criterion that applies is met.
    Met,
    /// At least one is unmet, or the edition has no such class or kind.
    Unmet,
    /// None is unmet, and a person must judge at least one.
    Undetermined,
}

/// No edition governs the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoEdition {
    pub day: Day,
}

impl NoEdition {
    fn statement(&self) -> Text {
        let day = self.day;
        Text::new(
            format!("{day}に適用されるサービス基準の版はありません。"),
            format!("No edition of the service criteria governs {day}."),
        )
    }
}
crate::reading::in_both_languages!(NoEdition);

/// Assesses a declaration under the edition that governs `day`, with what the register remembers of the provider; without
/// a record, what only the register knows stays undetermined.
pub fn assess(
    editions: &Editions,
    declaration: &Declaration,
    day: Day,
    record: Option<&TrackRecord>,
) -> Result<Assessment, NoEdition> {
    let edition = editions.governing(day).ok_or(NoEdition { day })?;
    Ok(assess_under(edition, declaration, day, record))
}

/// Assesses a declaration under one edition, whichever day it governs: what would be, under another one.
pub fn assess_under(
    edition: &Edition,
    declaration: &Declaration,
    day: Day,
    record: Option<&TrackRecord>,
) -> Assessment {
    let (class, kind) = (declaration.service.class, declaration.service.kind);
    let findings = findings(edition, class, kind, |criterion| criteria::find(criterion, declaration, &[], day, record));
    Assessment {
        edition: edition.id.to_string(),
        edition_digest: edition.digest_hex(),
        class,
        kind,
        day,
        outcome: outcome(&findings),
        findings,
    }
}

/// A finding on every criterion: `find`'s on those that are asked of this class and kind.
fn findings(edition: &Edition, class: Class, kind: Kind, find: impl Fn(&Criterion) -> Finding) -> Vec<Finding> {
    let rules = edition.class(class);
    let mut findings = Vec::with_capacity(CriterionId::ALL.len());
    for criterion in rules.filter(|rules| rules.kinds.contains(&kind)).iter().flat_map(|rules| &rules.criteria) {
        findings.push(if criterion.kinds.contains(&kind) {
            find(criterion)
        } else {
            let (term, kind) = (criterion.id.term(), kind.term());
            Finding {
                criterion: criterion.id,
                clause: criterion.clause.clone(),
                conclusion: Conclusion::NotApplicable,
                reason: Text::new(
                    format!("「{}」は{}には問われません。", term.ja, kind.ja),
                    format!("\"{}\" is not asked of the {}.", term.en, kind.en),
                ),
                standing: criterion.standing,
            }
        });
    }
    for id in CriterionId::ALL {
        if findings.iter().all(|finding| finding.criterion != id) {
            findings.push(absent(edition, class, kind, id));
        }
    }
    findings
}

/// A criterion that the edition does not have for this class and kind.
fn absent(edition: &Edition, class: Class, kind: Kind, id: CriterionId) -> Finding {
    let number = u8::from(class);
    let (term, version) = (id.term(), &edition.id);
    let elsewhere = edition.classes.iter().flat_map(|rules| &rules.criteria).find(|criterion| criterion.id == id);
    let (conclusion, reason) = match edition.class(class) {
        None => (
            Conclusion::NotInForce,
            Text::new(
                format!("{version}版に{number}類はありません。"),
                format!("Edition {version} has no class {number}."),
            ),
        ),
        Some(rules) if !rules.kinds.contains(&kind) => {
            let kind = kind.term();
            let en = format!("Class {number} of edition {version} has no {}.", kind.en);
            (Conclusion::NotInForce, Text::new(format!("{version}版の{number}類に{}はありません。", kind.ja), en))
        }
        Some(_) if elsewhere.is_some() => (
            Conclusion::NotApplicable,
            Text::new(
                format!("「{}」は{number}類には問われません。", term.ja),
                format!("\"{}\" is not asked of class {number}.", term.en),
            ),
        ),
        Some(_) => (
            Conclusion::NotInForce,
            Text::new(
                format!("{version}版に「{}」の要件はありません。", term.ja),
                format!("Edition {version} has no criterion \"{}\".", term.en),
            ),
        ),
    };
    let nowhere = || Text::new(format!("{version}版に定めなし"), format!("not in edition {version}"));
    let clause = elsewhere.map_or_else(nowhere, |criterion| criterion.clause.clone());
    Finding { criterion: id, clause, conclusion, reason, standing: edition.standing }
}

fn outcome(findings: &[Finding]) -> Outcome {
    let any = |wanted: fn(&Conclusion) -> bool| findings.iter().any(|finding| wanted(&finding.conclusion));
    if any(|conclusion| matches!(conclusion, Conclusion::Unmet { .. })) {
        Outcome::Unmet
    } else if any(|conclusion| matches!(conclusion, Conclusion::Undetermined { .. })) {
        Outcome::Undetermined
    } else if any(|conclusion| *conclusion == Conclusion::Met) {
        Outcome::Met
    } else {
        // No criterion is in force: the edition does not know this class or kind, so nothing can be registered.
        Outcome::Unmet
    }
}

impl Assessment {
    /// What all findings amount to.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The finding on one criterion.
    pub fn finding(&self, id: CriterionId) -> &Finding {
        let found = self.findings.iter().find(|finding| finding.criterion == id);
        found.expect("an assessment has a finding on every criterion")
    }

    /// The assessment as a person reads it in a terminal, one paragraph for each criterion.
    pub fn to_prose(&self, language: Language) -> String {
        let ja = language == Language::Ja;
        let of = |text: Text| if ja { text.ja } else { text.en };
        let (number, kind, outcome) = (u8::from(self.class), of(self.kind.term()), of(self.outcome.term()));
        let mut prose = if ja {
            format!("サービス基準 {}版・{number}類・{kind}・{}現在\n結論：{outcome}\n", self.edition, self.day)
        } else {
            format!("Edition {}, class {number}, {kind}, as of {}\nOutcome: {outcome}\n", self.edition, self.day)
        };
        for finding in &self.findings {
            let (answer, clause) = (of(finding.conclusion.term()), finding.clause.of(language));
            let (term, reason) = (of(finding.criterion.term()), finding.reason.of(language));
            let paragraph = if ja {
                write!(prose, "\n【{answer}】{term}（{clause}）\n  {reason}\n")
            } else {
                write!(prose, "\n[{answer}] {term} ({clause})\n  {reason}\n")
            };
            paragraph.expect("writing to a string does not fail");
        }
        prose
    }
}

impl Outcome {
    /// The outcome for people.
    pub fn term(self) -> Text {
        match self {
            Self::Met => Text::new("充足", "met"),
            Self::Unmet => Text::new("不充足", "unmet"),
            Self::Undetermined => Text::new("要判断", "a person must judge"),
        }
    }
}
