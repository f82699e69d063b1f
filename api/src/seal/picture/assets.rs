//! What mark pictures are made of: built in, or dropped into a folder by the scheme's owner, and checked when loaded.

use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use super::art::Art;
use super::letters::Letters;
use super::{Language, Tone};

/// What is written under a picture.
pub(super) struct Words {
    pub(super) full: &'static str,
    pub(super) mini: &'static str,
    pub(super) host: &'static str,
    pub(super) id: &'static str,
}

pub(super) const JAPANESE: Words =
    Words {
        full: "読み取って、登録の状態と名称を確認", mini: "オンライン確認専用", host: "確認先", id: "番号"
    };
pub(super) const ENGLISH: Words =
    Words { full: "Scan and compare status and name", mini: "Check online only", host: "Checked at", id: "No." };
/// Hosts, ports and licence ids are made of these.
const LATIN: &str = " -.:/[]0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const LETTERS: &str = "letters.json";
/// Beside these only notes for people may lie in the folder: a misspelt name must not go unnoticed.
const NAMES: [&str; 9] = [FULL[0], FULL[1], FULL[2], FULL[3], MINI[0], MINI[1], MINI[2], MINI[3], LETTERS];
/// The drawing itself, then the same for English, for a dark ground, and for both: these three may be missing.
const FULL: [&str; 4] = ["full.svg", "full-en.svg", "full-dark.svg", "full-en-dark.svg"];
const MINI: [&str; 4] = ["mini.svg", "mini-en.svg", "mini-dark.svg", "mini-en-dark.svg"];
const NOTES: [&str; 4] = ["md", "txt", "pdf", "py"];
const MAX_BYTES: u64 = 1024 * 1024;

/// The artwork and letters of mark pictures.
#[derive(Clone, Debug)]
pub struct MarkAssets {
    pub(super) full: Drawings,
    pub(super) mini: Drawings,
    pub(super) letters: Letters,
}

/// One drawing, and what there is of it for other languages and grounds.
#[derive(Clone, Debug)]
pub(super) struct Drawings {
    base: Art,
    english: Option<Art>,
    dark: Option<Art>,
    english_dark: Option<Art>,
}

impl Drawings {
    /// The nearest to what is wanted, and whether it is made for a dark ground.
    pub(super) fn nearest(&self, language: Language, tone: Tone) -> (&Art, bool) {
        let is_english = language == Language::English;
        if tone == Tone::Dark {
            let dark = self.english_dark.as_ref().filter(|_| is_english).or(self.dark.as_ref());
            if let Some(dark) = dark {
                return (dark, true);
            }
        }
        (self.english.as_ref().filter(|_| is_english).unwrap_or(&self.base), false)
    }
}

/// A file of the mark assets that cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetError {
    /// The file, or the folder itself.
    pub file: PathBuf,
    /// What is wrong with it.
    pub fault: AssetFault,
}

/// What is wrong with a file of the mark assets.
#[derive(Clone, Debug, PartialEq)]
pub enum AssetFault {
    /// The operating system refused.
    Unreadable(io::ErrorKind),
    /// Not the name of an asset.
    UnknownName,
    /// Larger than any drawing of a mark.
    TooLarge { bytes: u64 },
    /// Not SVG that can be drawn; `line` is where reading stopped.
    NotSvg { line: u32 },
    /// The root has no `viewBox`, or one that is not square.
    NotSquare,
    /// Something that a mark must not carry: script, text, a picture, a reference to another file.
    Forbidden { what: String, line: u32 },
    /// The drawing comes nearer to its edge than the clear space of 2 % of its side; `percent` may be negative.
    ClearSpace { percent: f64 },
    /// Not a table of letters.
    NotLetters { line: usize },
    /// The table lacks a letter that the pictures use.
    NoGlyph { letter: char },
    /// A variant of a drawing that is not there itself: it would stand beside the built-in placeholder.
    NoBase { base: &'static str },
}

impl fmt::Display for AssetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.file.display())?;
        match &self.fault {
            AssetFault::Unreadable(kind) => write!(f, "{kind}"),
            AssetFault::UnknownName => write!(f, "not an asset of the mark; these are {}", NAMES.join(", ")),
            AssetFault::TooLarge { bytes } => write!(f, "{bytes} bytes; at most {MAX_BYTES} are read"),
            AssetFault::NotSvg { line } => write!(f, "line {line}: not SVG that can be drawn"),
            AssetFault::NotSquare => write!(f, "the root element needs a square viewBox"),
            AssetFault::Forbidden { what, line } => write!(f, "line {line}: {what} is not allowed in a mark"),
            AssetFault::ClearSpace { percent } => {
                write!(f, "drawn to within {percent:.1} % of its edge; 2 % must stay clear on every side")
            }
            AssetFault::NotLetters { line } => write!(f, "line {line}: not a table of letters"),
            AssetFault::NoGlyph { letter } => write!(f, "no outline for {letter:?}"),
            AssetFault::NoBase { base } => write!(f, "a variant of {base}, which is not in the folder"),
        }
    }
}

impl error::Error for AssetError {}

impl MarkAssets {
    /// The built-in placeholder assets, each replaced by the file of its name where `folder` has one.
    pub fn load(folder: Option<&Path>) -> Result<Self, AssetError> {
        if let Some(folder) = folder {
            check_names(folder)?;
        }
        let needed = || {
            let words =
                [&JAPANESE, &ENGLISH].into_iter().flat_map(|words| [words.full, words.mini, words.host, words.id]);
            words.chain([LATIN]).flat_map(str::chars)
        };
        let letters = include_str!("../../../../mark-assets/letters.json");
        Ok(Self {
            full: drawings(
                folder,
                FULL,
                include_str!("../../../../mark-assets/full.svg"),
                include_str!("../../../../mark-assets/full-dark.svg"),
            )?,
            mini: drawings(
                folder,
                MINI,
                include_str!("../../../../mark-assets/mini.svg"),
                include_str!("../../../../mark-assets/mini-dark.svg"),
            )?,
            letters: part(folder, LETTERS, letters, |json| Letters::read(json, needed()))?,
        })
    }
}

/// A drawing with its variants: all of them the folder's, or all of them built in.
fn drawings(
    folder: Option<&Path>,
    names: [&'static str; 4],
    built_in: &str,
    dark: &str,
) -> Result<Drawings, AssetError> {
    let [base, ..] = names;
    let has = |name: &str| folder.is_some_and(|folder| folder.join(name).exists());
    if !has(base) {
        if let (Some(folder), Some(alone)) = (folder, names.into_iter().find(|name| has(name))) {
            return Err(AssetError { file: folder.join(alone), fault: AssetFault::NoBase { base } });
        }
        let read = |name, text| part(None, name, text, Art::read);
        return Ok(Drawings {
            base: read(base, built_in)?,
            english: None,
            dark: Some(read(names[2], dark)?),
            english_dark: None,
        });
    }
    let own = |name: &'static str| has(name).then(|| part(folder, name, "", Art::read)).transpose();
    let [_, english, dark, english_dark] = names;
    Ok(Drawings {
        base: part(folder, base, built_in, Art::read)?,
        english: own(english)?,
        dark: own(dark)?,
        english_dark: own(english_dark)?,
    })
}

fn check_names(folder: &Path) -> Result<(), AssetError> {
    let failed = |e: io::Error| AssetError { file: folder.into(), fault: AssetFault::Unreadable(e.kind()) };
    for entry in fs::read_dir(folder).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !NAMES.contains(&name) && !NOTES.contains(&extension) {
            return Err(AssetError { file, fault: AssetFault::UnknownName });
        }
    }
    Ok(())
}

fn part<T>(
    folder: Option<&Path>,
    name: &str,
    built_in: &str,
    read: impl FnOnce(&str) -> Result<T, AssetFault>,
) -> Result<T, AssetError> {
    let file = folder.map_or_else(|| name.into(), |folder| folder.join(name));
    let replaced = if folder.is_some() { replacement(&file) } else { Ok(None) };
    let made = replaced.and_then(|text| read(text.as_deref().unwrap_or(built_in)));
    made.map_err(|fault| AssetError { file, fault })
}

fn replacement(file: &Path) -> Result<Option<String>, AssetFault> {
    match fs::metadata(file) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(AssetFault::Unreadable(e.kind())),
        Ok(found) if found.len() > MAX_BYTES => Err(AssetFault::TooLarge { bytes: found.len() }),
        Ok(_) => fs::read_to_string(file).map(Some).map_err(|e| AssetFault::Unreadable(e.kind())),
    }
}
