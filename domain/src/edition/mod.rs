//! Editions of the criteria 「サービス基準」: dated, cited data, one file each in `editions/`.
//!
//! Exactly one edition governs a day, none before the first. Adding an edition is one file, which says which edition
//! it replaces and from which day; that day ends the one before. What no source says is *provisional*: it says why,
//! and it never decides.
//!
//! A register begins with the editions that this program carries. Later ones, and corrections, are acts: two people
//! publish a file ([`PublishedEdition`]).

mod changes;
mod error;
mod file;
mod limit;
mod provisional;
mod published;
mod shape;
mod touched;

use include_dir::{Dir, include_dir};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

use crate::act::EditionId;
use crate::calendar::Day;
use crate::citation::Citation;
use crate::criteria::CriterionId;
use crate::declaration::{Class, Kind};
use crate::text::Text;

pub use changes::{Change, Changed, changes};
pub use error::{EditionError, Fault};
pub use limit::{Bound, Limit, LimitName, Measure};
pub use provisional::{Provision, ProvisionOf, provisions};
pub use published::{PublishedEdition, Refusal, Stopped, digest_of};
pub use touched::Touched;

static BUNDLED: Dir = include_dir!("$CARGO_MANIFEST_DIR/editions");

/// All editions, oldest first, and what they were before they were corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editions {
    published: Vec<Edition>,
    corrected: Vec<Edition>,
}

/// One edition 「版」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Edition {
    /// `1.0`, `1.1`, `2.0` …
    pub id: EditionId,
    pub title: Text,
    /// The edition it takes the place of; none for the first.
    pub replaces: Option<String>,
    /// The first day it governs.
    pub in_force_from: Day,
    pub day_precision: DayPrecision,
    pub standing: Standing,
    /// Why it is provisional or its day imprecise.
    pub note: Option<Text>,
    /// Where the edition itself was announced.
    pub citation: Citation,
    pub classes: Vec<ClassRules>,
    /// The file, as it was read.
    #[serde(skip)]
    text: String,
    #[serde(skip)]
    digest: [u8; 32],
}

/// How exactly the first day in force is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPrecision {
    Day,
    /// Only the month is known; the edition is taken to govern from its first day.
    Month,
}

/// Whether a source says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Stated by a source that is cited.
    Official,
    /// Not found, or not confirmed: it can never decide.
    Provisional,
}

/// What one edition asks of one class 「類」.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClassRules {
    pub class: Class,
    pub standing: Standing,
    pub note: Option<Text>,
    /// The kinds of monitoring the class has.
    pub kinds: Vec<Kind>,
    /// In the edition's own order.
    pub criteria: Vec<Criterion>,
}

/// One criterion 「要件」 as one edition words it for one class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Criterion {
    pub id: CriterionId,
    /// The kinds it concerns.
    pub kinds: Vec<Kind>,
    /// 条項: where in the criteria, as a person would cite it.
    pub clause: Text,
    pub wording: Text,
    pub standing: Standing,
    /// Why it is provisional: its own words, or those of the class or edition around it.
    pub note: Option<Text>,
    pub citation: Citation,
    pub decided_by: DecidedBy,
    pub judgement: Judgement,
    /// Where in the declaration it looks, as JSON Pointers: a change of anything at or below one touches the criterion.
    pub reads: Vec<String>,
    pub limits: Vec<Limit>,
}

/// What can decide a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// Declared figures against limits.
    Arithmetic,
    /// What is declared.
    DeclaredFacts,
    /// What the register itself remembers.
    RegisterHistory,
    /// Only a person; the engine at most finds a contradiction.
    Examiner,
}

/// What a person's judgement 「判断」 of a criterion demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judgement {
    /// A reason in words.
    pub reason: bool,
    /// The evidence it rests on.
    pub evidence: bool,
    /// It may differ from a finding that the engine has decided.
    pub may_overrule: bool,
}

impl Editions {
    /// The editions this build carries.
    pub fn bundled() -> &'static Self {
        static EDITIONS: LazyLock<Editions> = LazyLock::new(|| {
            let files: Vec<_> = BUNDLED
                .files()
                .map(|file| {
                    let text = file.contents_utf8().expect("a test reads every bundled edition");
                    (file.path().to_str().expect("a test reads every bundled edition"), text)
                })
                .collect();
            Editions::read(&files).expect("a test reads every bundled edition")
        });
        &EDITIONS
    }

    /// Reads `(file name, text)` pairs. Unknown and misspelt fields, days taken twice and missing editions are refused.
    pub fn read(files: &[(&str, &str)]) -> Result<Self, EditionError> {
        let mut editions = Vec::new();
        for (name, text) in files {
            editions.push(file::read(name, text)?);
        }
        Ok(Self { published: file::in_order(editions)?, corrected: Vec::new() })
    }

    /// Those that are published, and those they have corrected, from their files.
    pub fn restore(published: &[(&str, &str)], corrected: &[(&str, &str)]) -> Result<Self, EditionError> {
        let mut editions = Self::read(published)?;
        for (name, text) in corrected {
            editions.corrected.push(file::read(name, text)?.edition().clone());
        }
        Ok(editions)
    }

    /// The same with one more file, `name`: a new edition, or one in the place of that which it corrects.
    pub fn with(&self, name: &str, text: &str) -> Result<(Self, EditionId), EditionError> {
        let read = file::read(name, text)?;
        let id = read.edition().id.clone();
        let (before, others): (Vec<_>, Vec<_>) = self.published.iter().partition(|edition| edition.id == id);
        let mut editions = Vec::new();
        for other in others {
            editions.push(file::read(&format!("{}.toml", other.id), &other.text)?);
        }
        // Last, so that of two with one day this one is told of.
        editions.push(read);
        let is_other = |edition: &&Edition| edition.text != text;
        let corrected = self.corrected.iter().chain(before.into_iter().filter(is_other)).cloned().collect();
        Ok((Self { published: file::in_order(editions)?, corrected }, id))
    }

    /// The edition that governs `day`; `None` before the first.
    pub fn governing(&self, day: Day) -> Option<&Edition> {
        self.published.iter().rev().find(|edition| edition.in_force_from <= day)
    }

    /// The edition called `id`, as it is now.
    pub fn find(&self, id: &str) -> Option<&Edition> {
        self.published.iter().find(|edition| edition.id.as_str() == id)
    }

    /// The edition with this digest, in hexadecimal: what a case is bound to, whatever was corrected since.
    pub fn with_digest(&self, digest: &str) -> Option<&Edition> {
        self.published.iter().chain(&self.corrected).find(|edition| edition.digest_hex() == digest)
    }

    /// All of them as they are now, oldest first; never empty.
    pub fn all(&self) -> &[Edition] {
        &self.published
    }
}

impl Edition {
    /// The edition's file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the exact bytes of the edition's file.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The digest in lower-case hexadecimal.
    pub fn digest_hex(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.digest)
    }

    /// What it asks of `class`; `None` when it has no such class.
    pub fn class(&self, class: Class) -> Option<&ClassRules> {
        self.classes.iter().find(|rules| rules.class == class)
    }

    /// The criteria that examiners judge for a service of this class and kind, in the edition's order: all that are in
    /// force and concern the kind. Empty when the edition has no such class or the class no such kind.
    pub fn criteria_for(&self, class: Class, kind: Kind) -> Vec<&Criterion> {
        // The reader makes sure that a criterion concerns only kinds its class has.
        self.class(class).iter().flat_map(|rules| &rules.criteria).filter(|c| c.kinds.contains(&kind)).collect()
    }
}

impl Criterion {
    /// The limit called `name`, if this edition sets one.
    pub fn limit(&self, name: LimitName) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.name == name)
    }
}
