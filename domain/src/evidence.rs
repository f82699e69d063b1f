//! Evidence 「証跡」: files that show what is declared, and what each of them is to show.
//!
//! A file is known by the SHA-256 of what is kept of it. What it is was read from its content; its name is a text for
//! people and never a path.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::act::{EvidenceId, PersonId};
use crate::calendar::{Day, Instant};
use crate::criteria::CriterionId;
use crate::declaration::Declaration;
use crate::reading::{cleaned_line, serde_by_text};
use crate::text::Text;

/// The largest file, in bytes.
pub const FILE_BYTES: u64 = 50 << 20;
/// The most that one application's files may have together, in bytes.
pub const CASE_BYTES: u64 = 500 << 20;
/// The most files of one application.
pub const CASE_FILES: usize = 200;
/// The longest name of a file, in characters.
const NAME_CHARACTERS: usize = 120;
/// The longest note about a file, in characters.
pub const NOTE_CHARACTERS: usize = 1_000;
/// The last page that can be named.
pub const LAST_PAGE: u32 = 99_999;

/// A file and what it is to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EvidenceFile {
    pub id: EvidenceId,
    pub digest: FileDigest,
    /// As its owner named it, less what would make it look like another.
    pub name: String,
    pub media: Media,
    pub bytes: u64,
    /// Pages, sheets or slides, where they can be counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
    pub shows: Shows,
    pub added_at: Instant,
    pub added_by: PersonId,
}

/// What a file is to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Shows {
    /// The criteria it speaks of.
    #[serde(default)]
    pub criteria: BTreeSet<CriterionId>,
    /// Where in it, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// The day it speaks of, which is seldom the day it was added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaks_of: Option<Day>,
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
    /// OpenDocument (ISO/IEC 26300).
    Odt,
    Ods,
    Odp,
    /// Lines of text, with or without commas.
    Csv,
}

impl Media {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Pdf,
        Self::Png,
        Self::Jpeg,
        Self::Docx,
        Self::Xlsx,
        Self::Pptx,
        Self::Odt,
        Self::Ods,
        Self::Odp,
        Self::Csv,
    ];

    /// The media type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
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
            Self::Odt => &["odt"],
            Self::Ods => &["ods"],
            Self::Odp => &["odp"],
            Self::Csv => &["csv", "txt", "tsv"],
        }
    }

    /// The kind of file for people.
    pub fn term(self) -> Text {
        match self {
            Self::Pdf => Text::new("PDF", "PDF"),
            Self::Png | Self::Jpeg => Text::new("画像", "image"),
            Self::Docx | Self::Odt => Text::new("文書", "text document"),
            Self::Xlsx | Self::Ods => Text::new("表計算", "spreadsheet"),
            Self::Pptx | Self::Odp => Text::new("スライド", "slides"),
            Self::Csv => Text::new("CSV・テキスト", "CSV or text"),
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
    let name: String = cleaned_line(last).chars().filter(|c| !matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')).collect();
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
    Some(format!("{}….{end}", name.chars().take(kept - 1).collect::<String>().trim_end()).trim_end_matches('.').to_owned())
}

impl EvidenceFile {
    /// The name under which it is handed out: it ends as such a file's name does, whatever its owner called it.
    pub fn name_to_save(&self) -> String {
        let ending = self.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
        let endings = self.media.endings();
        match ending {
            Some(ending) if endings.contains(&ending.as_str()) => self.name.clone(),
            _ => format!("{}.{}", self.name, endings[0]),
        }
    }
}

/// What an application is made of: what is declared, and the files that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    pub declaration: Declaration,
    pub evidence: Vec<EvidenceFile>,
}

impl From<Declaration> for Submission {
    fn from(declaration: Declaration) -> Self {
        Self { declaration, evidence: Vec::new() }
    }
}

/// More files than one application may have, or larger ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch {
    pub files: usize,
    pub bytes: u64,
}

impl Submission {
    /// One application's files have their limits.
    pub fn check(&self) -> Result<(), TooMuch> {
        check_size(self.evidence.iter().map(|file| file.bytes))
    }
}

/// Do files of these sizes fit into one application?
pub fn check_size(sizes: impl Iterator<Item = u64>) -> Result<(), TooMuch> {
    let (files, bytes) = sizes.fold((0, 0), |(files, bytes), size| (files + 1, bytes + size));
    if files > CASE_FILES || bytes > CASE_BYTES { Err(TooMuch { files, bytes }) } else { Ok(()) }
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
            let file = EvidenceFile {
                id: "E-1".parse().unwrap(),
                digest: FileDigest::of([7; 32]),
                name: name.to_owned(),
                media,
                bytes: 1,
                pages: None,
                shows: Shows::default(),
                added_at: "2026-04-01T00:00:00Z".parse().unwrap(),
                added_by: "P-1".parse().unwrap(),
            };
            assert_eq!(file.name_to_save(), saved);
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

    #[test]
    fn an_applications_files_have_limits() {
        assert_eq!(check_size([FILE_BYTES; 10].into_iter()), Ok(()));
        assert!(check_size([FILE_BYTES; 10].into_iter().chain([1])).is_err());
        assert_eq!(check_size([1; CASE_FILES].into_iter()), Ok(()));
        assert_eq!(check_size([1; CASE_FILES + 1].into_iter()), Err(TooMuch { files: 201, bytes: 201 }));
    }
}
