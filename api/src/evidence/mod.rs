//! Evidence 「証跡」: taking files in, looking at them, keeping them, and handing them out to whoever may read the
//! application that names them.

pub mod bucket;
pub mod clamd;
mod content;
pub mod form;
pub mod handing;
pub mod intake;
pub mod refusal;
pub mod shelf;
pub mod sweep;

use domain::act::{OrganisationId, PersonId};
use domain::calendar::Instant;
use domain::evidence::{EvidenceFile, EvidenceLink, FileDigest, Media};
use domain::text::Text;

/// A file that an organisation has uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub organisation: OrganisationId,
    pub digest: FileDigest,
    pub person: PersonId,
    pub name: String,
    pub media: Media,
    pub bytes: u64,
    pub pages: Option<u32>,
    /// What others than the organisation are shown: the same file, or the same picture without its metadata.
    pub shown: FileDigest,
    pub shown_bytes: u64,
    pub scan: Scan,
    pub uploaded_at: Instant,
}

/// Whether the file was scanned for viruses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scan {
    /// It was, and nothing was found. What is found is not kept.
    Clean,
    /// No scanner was set up.
    None,
}

impl Scan {
    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::None => "none",
        }
    }

    /// Reads the word.
    pub fn read(word: &str) -> Option<Self> {
        [Self::Clean, Self::None].into_iter().find(|scan| scan.as_str() == word)
    }

    /// The same for people.
    pub fn term(self) -> Text {
        match self {
            Self::Clean => Text::new("検査済み", "scanned"),
            Self::None => Text::new("未検査", "not scanned"),
        }
    }
}

/// A file of one's own, named in an application, and what it is to show.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Named {
    pub digest: FileDigest,
    #[serde(default)]
    pub speaks_of: Option<domain::calendar::Day>,
    #[serde(default)]
    pub links: Vec<EvidenceLink>,
}

impl Named {
    /// The file as the act names it.
    pub fn of(self, upload: Upload) -> EvidenceFile {
        EvidenceFile {
            digest: self.digest,
            name: upload.name,
            media: upload.media,
            bytes: upload.bytes,
            pages: upload.pages,
            uploaded_at: upload.uploaded_at,
            uploaded_by: upload.person,
            speaks_of: self.speaks_of,
            links: self.links,
        }
    }

    /// Is it this file, said to show the same?
    pub fn is(&self, file: &EvidenceFile) -> bool {
        self.digest == file.digest && self.speaks_of == file.speaks_of && self.links == file.links
    }
}

/// A size for people: `1.2 MB`.
pub fn size_text(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
