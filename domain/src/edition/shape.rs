//! The shape of an edition's file. Spans let a refusal name its line.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{DayPrecision, DecidedBy, LimitName, Standing};
use crate::act::EditionId;
use crate::calendar::Day;
use crate::citation::Citation;
use crate::criteria::CriterionId;
use crate::declaration::{Class, Kind};
use crate::text::Text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EditionShape {
    pub(super) edition: Spanned<EditionId>,
    pub(super) replaces: Option<Spanned<String>>,
    pub(super) title: Spanned<Text>,
    pub(super) in_force_from: Spanned<Day>,
    pub(super) day_precision: Spanned<DayPrecision>,
    pub(super) standing: Spanned<Standing>,
    pub(super) note: Option<Spanned<Text>>,
    pub(super) source: Spanned<String>,
    pub(super) sources: BTreeMap<String, Citation>,
    pub(super) class: Spanned<Vec<ClassShape>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClassShape {
    pub(super) class: Spanned<Class>,
    pub(super) standing: Spanned<Standing>,
    pub(super) note: Option<Spanned<Text>>,
    pub(super) kinds: Spanned<Vec<Spanned<Kind>>>,
    pub(super) criterion: Spanned<Vec<CriterionShape>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CriterionShape {
    pub(super) id: Spanned<CriterionId>,
    pub(super) kinds: Spanned<Vec<Spanned<Kind>>>,
    pub(super) clause: Spanned<Text>,
    pub(super) wording: Spanned<Text>,
    pub(super) source: Spanned<String>,
    pub(super) standing: Spanned<Standing>,
    pub(super) note: Option<Spanned<Text>>,
    pub(super) decided_by: DecidedBy,
    pub(super) judgement: JudgementShape,
    /// Where in the declaration it looks; left out where that is where its code looks.
    pub(super) reads: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    pub(super) limit: Vec<LimitShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JudgementShape {
    pub(super) reason: bool,
    pub(super) evidence: bool,
    pub(super) may_overrule: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitShape {
    pub(super) name: Spanned<LimitName>,
    pub(super) at_most: Option<Spanned<u64>>,
    pub(super) at_least: Option<Spanned<u64>>,
    pub(super) standing: Spanned<Standing>,
    pub(super) note: Option<Spanned<Text>>,
    pub(super) source: Spanned<String>,
}
