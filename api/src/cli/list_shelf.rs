//! Status lists as files, for answers without the register.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use domain::licence::token::KeyRing;
use domain::status_list::Statement;

use crate::seal::keys::{KeySet, Purpose};
use crate::status_lists::Bundle;

/// Lists by their number.
#[derive(Debug, Default)]
pub(super) struct ListShelf {
    lists: BTreeMap<u32, Statement>,
    /// Something there was no list of this register: whatever is missing may be that one.
    has_altered: bool,
}

/// No key of the register signed it as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Altered;

impl ListShelf {
    /// Reads a list, a bundle, or every such file of a folder.
    pub(super) fn read(path: &Path, keys: &KeySet) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let ring = keys.ring(Purpose::Status);
        let mut shelf = Self::default();
        for file in files(path).map_err(|error| format!("{}: {error}", path.display()))? {
            let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            shelf.take(&bytes, &ring);
        }
        Ok(shelf)
    }

    /// The list of this number, if it is there.
    pub(super) fn get(&self, number: u32) -> Result<Option<&Statement>, Altered> {
        match self.lists.get(&number) {
            Some(statement) => Ok(Some(statement)),
            None if self.has_altered => Err(Altered),
            None => Ok(None),
        }
    }

    fn take(&mut self, bytes: &[u8], keys: &KeyRing) {
        let text = std::str::from_utf8(bytes).map(str::trim_end).ok();
        if let Some(bundle) = text.and_then(|text| Bundle::read(text, keys).ok()) {
            bundle.lists.values().for_each(|list| self.keep(Statement::from_jwt(list, keys).ok()));
            return;
        }
        let statement = text.and_then(|text| Statement::from_jwt(text, keys).ok());
        self.keep(statement.or_else(|| Statement::from_cwt(bytes, keys).ok()));
    }

    /// Of several copies of a list the one signed last counts.
    fn keep(&mut self, statement: Option<Statement>) {
        let number = statement.as_ref().and_then(|statement| statement.uri.rsplit('/').next()?.parse().ok());
        match (number, statement) {
            (Some(number), Some(statement)) => {
                let known = self.lists.get(&number);
                if known.is_none_or(|known| known.issued_at < statement.issued_at) {
                    self.lists.insert(number, statement);
                }
            }
            _ => self.has_altered = true,
        }
    }
}

/// The file, or the files of the folder but for the list of lists.
fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_none_or(|ending| ending != "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
