//! What mark pictures are made of: built in, or dropped into a folder by the scheme's owner, and checked when loaded.

use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io};

use super::art::Art;
use super::letters::Letters;

pub(super) const FULL_WORDS: &str = "読み取って、登録の状態と名称を確認";
pub(super) const MINI_WORDS: &str = "オンライン確認専用";
pub(super) const HOST_WORD: &str = "確認先";
pub(super) const ID_WORD: &str = "番号";
/// Hosts, ports and licence ids are made of these.
const LATIN: &str = " -.:/[]0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const FULL: &str = "full.svg";
const MINI: &str = "mini.svg";
const LETTERS: &str = "letters.json";
/// Beside these only notes for people may lie in the folder: a misspelt name must not go unnoticed.
const NAMES: [&str; 3] = [FULL, MINI, LETTERS];
const NOTES: [&str; 4] = ["md", "txt", "pdf", "py"];
const MAX_BYTES: u64 = 1024 * 1024;

/// The artwork and letters of mark pictures.
#[derive(Clone, Debug)]
pub struct MarkAssets {
    pub(super) full: Art,
    pub(super) mini: Art,
    pub(super) letters: Letters,
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
        let needed = || [FULL_WORDS, MINI_WORDS, HOST_WORD, ID_WORD, LATIN].into_iter().flat_map(str::chars);
        Ok(Self {
            full: part(folder, FULL, include_str!("../../../../mark-assets/full.svg"), Art::read)?,
            mini: part(folder, MINI, include_str!("../../../../mark-assets/mini.svg"), Art::read)?,
            letters: part(folder, LETTERS, include_str!("../../../../mark-assets/letters.json"), |json| {
                Letters::read(json, needed())
            })?,
        })
    }
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
