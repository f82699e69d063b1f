//! What a recommendation or a decision rests on 「判定の根拠」: everything that was judged, by its digest or its version.
//!
//! Two people decide about one basis, and a decision stays bound to its own: whatever of it changes later needs a new
//! decision, and is seen to.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Application;
use crate::act::{Act, ExaminationId};
use crate::declaration::Declaration;
use crate::evidence::FileDigest;
use crate::examination::Examination;

/// What was judged. Digests are SHA-256 in lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Basis {
    /// The edition that governs the case, and the file the case is bound to.
    pub edition: String,
    pub edition_digest: String,
    /// The file that stood for the edition by then, where that was another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected_to: Option<String>,
    /// 1, and one more for each submission after a return.
    pub submission: u32,
    /// Of the declaration's canonical JSON (RFC 8785), as acts hold it.
    pub declaration: String,
    /// Every file of the submission, in the order of the digests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<FileDigest>,
    /// Each counting examination, in the order of their ids.
    pub examinations: Vec<Judged>,
}

/// An examination as far as it had come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Judged {
    pub examination: ExaminationId,
    /// Its acts so far.
    pub version: u32,
}

/// Something of a basis that is not as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shift {
    /// Nobody recorded what it rested on: it is from before that was done.
    Unrecorded,
    /// The edition's file is not the one that was judged by.
    Edition,
    Declaration,
    Evidence,
    Judgements,
}

impl Shift {
    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unrecorded => "unrecorded",
            Self::Edition => "edition",
            Self::Declaration => "declaration",
            Self::Evidence => "evidence",
            Self::Judgements => "judgements",
        }
    }
}

impl Basis {
    /// What names it in the log. Among what is hashed are the examinations' ids, which were drawn at random: nobody finds
    /// out by trying whether a guess of the rest is right.
    pub fn digest(&self) -> String {
        digest_of(self)
    }

    /// What has changed since: nothing, and the decision stands on what is there now.
    pub fn shifts(&self, now: &Self) -> Vec<Shift> {
        let edition = |basis: &Self| (basis.edition.clone(), basis.edition_digest.clone(), basis.corrected_to.clone());
        [
            (Shift::Edition, edition(self) != edition(now)),
            // A new submission is one, even where it says the same.
            (Shift::Declaration, (&self.declaration, self.submission) != (&now.declaration, now.submission)),
            (Shift::Evidence, self.evidence != now.evidence),
            (Shift::Judgements, self.examinations != now.examinations),
        ]
        .into_iter()
        .filter_map(|(shift, is_so)| is_so.then_some(shift))
        .collect()
    }
}

impl Application {
    /// What would be decided about now. `corrected_to` is the digest of the file that stands for the edition, where it is
    /// not the one that the case is bound to.
    pub fn basis(&self, examinations: &[Examination], corrected_to: Option<&str>) -> Basis {
        let mut evidence: Vec<FileDigest> = self.evidence.iter().map(|file| file.digest.clone()).collect();
        evidence.sort();
        let judged = |found: &&Examination| Judged { examination: found.id.clone(), version: found.version };
        let mut examinations: Vec<Judged> = self.counting(examinations).iter().map(judged).collect();
        examinations.sort();
        Basis {
            edition: self.edition.clone(),
            edition_digest: self.edition_digest.clone(),
            corrected_to: corrected_to.map(str::to_owned),
            submission: self.submission,
            declaration: declaration_digest(&self.declaration),
            evidence,
            examinations,
        }
    }

    /// Is this, as far as the application itself tells, what there was to judge? The acts of the examinations tell the
    /// rest.
    pub(super) fn is_basis(&self, basis: &Basis) -> bool {
        let own = Basis {
            corrected_to: basis.corrected_to.clone(),
            examinations: basis.examinations.clone(),
            ..self.basis(&[], None)
        };
        own == *basis
    }

    /// The same of a decision, which is made by the second of its deciders.
    pub(super) fn is_ruling(&self, ruling: &super::Ruling, act: &Act) -> bool {
        ruling.deciders[1] == act.by.person && self.is_basis(&ruling.basis)
    }
}

/// SHA-256 of a declaration's canonical JSON.
pub fn declaration_digest(declaration: &Declaration) -> String {
    digest_of(declaration)
}

fn digest_of(body: &impl Serialize) -> String {
    let canonical = serde_json_canonicalizer::to_string(body).expect("bodies without floats have a canonical form");
    data_encoding::HEXLOWER.encode(&Sha256::digest(canonical))
}
