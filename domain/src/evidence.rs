//! Evidence 「証跡」: files that show what is declared, and what each of them is to show.
//!
//! A file is known by the SHA-256 of its bytes. What it is was read from its content; its name is a text for people and
//! never a path. The act of submission names every file by its digest, so that a decision is bound to them.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::act::PersonId;
use crate::application::Concern;
use crate::calendar::{Day, Instant};
use crate::criteria::CriterionId;
use crate::declaration::Declaration;
use crate::reading::{cleaned_line, serde_by_text};
use crate::text::Text;

/// The largest file, in bytes.
pub const FILE_BYTES: u64 = 50_000_000;
/// The most that one application's files may have together, in bytes.
pub const CASE_BYTES: u64 = 500_000_000;
/// The most files of one application.
pub const CASE_FILES: usize = 100;
/// The most places that one file may be said to show something at.
pub const FILE_LINKS: usize = 40;
/// The longest name of a file, in characters.
const NAME_CHARACTERS: usize = 120;
/// The longest note about a place, in characters.
pub const NOTE_CHARACTERS: usize = 1_000;

/// A file, and what it is to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvidenceFile {
    pub digest: FileDigest,
    /// As its owner named it, less what would make it look like another.
    pub name: String,
    pub media: Media,
    pub bytes: u64,
    /// Pages, sheets or slides, where they can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    pub uploaded_at: Instant,
    pub uploaded_by: PersonId,
    /// The day it speaks of, which is seldom the day it was uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaks_of: Option<Day>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<EvidenceLink>,
}

/// A criterion that a file speaks of, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvidenceLink {
    pub criterion: CriterionId,
    /// Counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// SHA-256 of a file as it is kept; 64 lower-case hexadecimal digits, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileDigest(String);

impl FileDigest {
    /// The digest of these 32 bytes.
    pub fn of(hash: [u8; 32]) -> Self {
        Self(data_encoding::HEXLOWER.encode(&hash))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileDigest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let fits = text.len() == 64 && text.bytes().all(is_digit);
        fits.then(|| Self(text.to_owned())).ok_or_else(|| "not a SHA-256 in lower-case hexadecimal".to_owned())
    }
}

impl fmt::Display for FileDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serde_by_text!(FileDigest);

/// What a file is, by its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Media {
    Pdf,
    Png,
    Jpeg,
    /// Word, Excel and PowerPoint (ISO/IEC 29500), without macros.
    Docx,
    Xlsx,
    Pptx,
    /// Lines of text with separators (RFC 4180), in UTF-8 or as Japanese Excel writes them.
    Csv,
}

impl Media {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Pdf, Self::Png, Self::Jpeg, Self::Docx, Self::Xlsx, Self::Pptx, Self::Csv];

    /// The media type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Csv => "text/csv",
        }
    }

    /// How a name of such a file ends; the first is put behind a name that ends otherwise.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Csv => &["csv", "txt", "tsv"],
        }
    }

    /// The kind of file for people.
    pub fn term(self) -> Text {
        match self {
            Self::Pdf => Text::new("PDF", "PDF"),
            Self::Png | Self::Jpeg => Text::new("画像", "image"),
            Self::Docx => Text::new("Word文書", "Word document"),
            Self::Xlsx => Text::new("Excelブック", "Excel workbook"),
            Self::Pptx => Text::new("PowerPointスライド", "PowerPoint slides"),
            Self::Csv => Text::new("CSV", "CSV"),
        }
    }

    /// Is it a picture, which a browser may show in a page of its own?
    pub fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg)
    }
}

impl fmt::Display for Media {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Media {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|media| media.as_str() == text).ok_or_else(|| format!("not evidence: {text}"))
    }
}

serde_by_text!(Media);

/// A file's name as a text: the last part of what may be a path, in one line, without what turns the direction of
/// writing, at most 120 characters. `None` where nothing is left to be read.
pub fn file_name(given: &str) -> Option<String> {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String =
        cleaned_line(last).chars().filter(|c| !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')).collect();
    let name = name.trim().trim_start_matches('.').trim_start();
    if name.is_empty() {
        return None;
    }
    let characters = name.chars().count();
    if characters <= NAME_CHARACTERS {
        return Some(name.to_owned());
    }
    // The end says what it is.
    let end = name.rsplit_once('.').map(|(_, end)| end).filter(|end| end.chars().count() <= 8).unwrap_or_default();
    let kept = NAME_CHARACTERS - end.chars().count() - 1;
    Some(
        format!("{}….{end}", name.chars().take(kept - 1).collect::<String>().trim_end())
            .trim_end_matches('.')
            .to_owned(),
    )
}

/// The name under which a file is handed out: it ends as such a file's name does, whatever its owner called it.
pub fn name_to_save(name: &str, media: Media) -> String {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let endings = media.endings();
    match ending {
        Some(ending) if endings.contains(&ending.as_str()) => name.to_owned(),
        _ => format!("{name}.{}", endings[0]),
    }
}

/// What an application is made of: what is declared, and the files that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub declaration: Declaration,
    pub evidence: Vec<EvidenceFile>,
    /// The registration that it is about, where that is there already.
    pub concerns: Option<Concern>,
}

impl From<Declaration> for Submission {
    fn from(declaration: Declaration) -> Self {
        Self { declaration, evidence: Vec::new(), concerns: None }
    }
}

/// Does a file speak of a day so long ago that somebody should ask whether it still holds? `day` is the one it speaks of, or
/// else that of its upload; `months` is the scheme's limit (`scheme.toml`).
pub fn is_old(day: Day, today: Day, months: u8) -> bool {
    day.plus_months(i32::from(months)) < today
}

/// What is wrong with an application's files. `file` and `link` count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More than [`CASE_FILES`].
    Files { files: usize },
    /// More than [`CASE_BYTES`] together.
    Bytes { bytes: u64 },
    /// Empty, or larger than [`FILE_BYTES`].
    Size { file: usize, bytes: u64 },
    /// The same file stands there twice.
    Twice { file: usize },
    /// The application has this file already.
    Known { file: usize },
    /// More than [`FILE_LINKS`].
    Links { file: usize, links: usize },
    /// There is no such page: they count from 1 to `pages`, where that is known.
    Page { file: usize, link: usize, page: u32, pages: Option<u32> },
    /// A note of more than [`NOTE_CHARACTERS`].
    Note { file: usize, link: usize, characters: usize },
}

impl Submission {
    /// The files have their limits, and what is said of them can be.
    pub fn check(&self) -> Result<(), Fault> {
        check(&[], &self.evidence)
    }
}

/// Files that come to those that an application has: all of them together have their limits, and what is said of the
/// new ones can be. The new ones are those that a fault counts.
pub fn check(there: &[EvidenceFile], added: &[EvidenceFile]) -> Result<(), Fault> {
    let files = there.len() + added.len();
    if files > CASE_FILES && !added.is_empty() {
        return Err(Fault::Files { files });
    }
    let known: BTreeSet<_> = there.iter().map(|file| &file.digest).collect();
    let mut seen = BTreeSet::new();
    for (index, file) in added.iter().enumerate() {
        check_file(index, file)?;
        if known.contains(&file.digest) {
            return Err(Fault::Known { file: index });
        }
        if !seen.insert(&file.digest) {
            return Err(Fault::Twice { file: index });
        }
    }
    let bytes = there.iter().chain(added).map(|file| file.bytes).sum();
    if bytes > CASE_BYTES && !added.is_empty() { Err(Fault::Bytes { bytes }) } else { Ok(()) }
}

fn check_file(index: usize, file: &EvidenceFile) -> Result<(), Fault> {
    if !(1..=FILE_BYTES).contains(&file.bytes) {
        return Err(Fault::Size { file: index, bytes: file.bytes });
    }
    if file.links.len() > FILE_LINKS {
        return Err(Fault::Links { file: index, links: file.links.len() });
    }
    for (link, said) in file.links.iter().enumerate() {
        let beyond = |page: &u32| *page == 0 || file.pages.is_some_and(|pages| *page > pages);
        if let Some(page) = said.page.filter(beyond) {
            return Err(Fault::Page { file: index, link, page, pages: file.pages });
        }
        let characters = said.note.chars().count();
        if characters > NOTE_CHARACTERS {
            return Err(Fault::Note { file: index, link, characters });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_text_and_never_a_path() {
        for (given, name) in [
            ("料金表_2026.pdf", Some("料金表_2026.pdf")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\Users\\a\\規約.docx", Some("規約.docx")),
            ("/", None),
            ("..", None),
            ("", None),
            (" \u{200e}\n", None),
            (".htaccess", Some("htaccess")),
            ("請求\u{202e}fdp.exe", Some("請求fdp.exe")),
            ("a\0b\r\nc.csv", Some("ab c.csv")),
            ("a:b*c?.csv", Some("abc.csv")),
            ("<script>.csv", Some("script.csv")),
        ] {
            assert_eq!(file_name(given).as_deref(), name, "{given:?}");
        }
        let long = file_name(&format!("{}.pdf", "長".repeat(300))).expect("there is something");
        assert_eq!((long.chars().count(), long.ends_with("….pdf")), (NAME_CHARACTERS, true), "{long}");
        assert_eq!(file_name(&"長".repeat(300)).expect("there is something").chars().last(), Some('…'));
    }

    #[test]
    fn what_is_handed_out_ends_as_what_it_is() {
        for (name, media, saved) in [
            ("料金表.pdf", Media::Pdf, "料金表.pdf"),
            ("料金表.PDF", Media::Pdf, "料金表.PDF"),
            ("料金表.exe", Media::Pdf, "料金表.exe.pdf"),
            ("料金表", Media::Csv, "料金表.csv"),
            ("写真.jpeg", Media::Jpeg, "写真.jpeg"),
            ("page.html", Media::Csv, "page.html.csv"),
        ] {
            assert_eq!(name_to_save(name, media), saved);
        }
    }

    #[test]
    fn a_digest_has_one_spelling() {
        let digest = FileDigest::of([0xab; 32]);
        assert_eq!(digest.as_str().parse(), Ok(digest.clone()));
        for wrong in ["", "..", &"AB".repeat(32), &"ab".repeat(31), &format!("{}/", "ab".repeat(31))] {
            assert!(wrong.parse::<FileDigest>().is_err(), "{wrong}");
        }
    }
}
