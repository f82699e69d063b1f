//! Entry bundles of C2SP tlog-tiles: up to 256 entries, each after its length in two bytes, big-endian.

use super::tile::TILE_WIDTH;

/// The most bytes an entry may have: what two bytes of length can say.
pub const MAX_ENTRY: usize = 65_535;

/// What cannot be an entry or a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleError {
    /// An entry longer than [`MAX_ENTRY`].
    TooLong { length: usize },
    /// More entries than a full bundle has.
    TooMany { entries: usize },
    /// The bytes end inside an entry or its length, which begins here.
    Cut { at: usize },
}

/// Adds an entry to the end of a bundle.
pub fn push(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), BundleError> {
    let length = u16::try_from(entry.len()).map_err(|_| BundleError::TooLong { length: entry.len() })?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// The entries of a bundle.
pub fn read(bundle: &[u8]) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    let mut rest = bundle;
    while !rest.is_empty() {
        let cut = BundleError::Cut { at: bundle.len() - rest.len() };
        let (length, after) = rest.split_first_chunk().ok_or(cut)?;
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or(cut)?;
        entries.push(entry);
        rest = after;
    }
    if entries.len() > usize::from(TILE_WIDTH) {
        return Err(BundleError::TooMany { entries: entries.len() });
    }
    Ok(entries)
}
