//! Marks as the world meets them: printed, scanned by others' readers, verified by others' libraries, forged, and asked
//! about at the register.

mod answers;
mod budget;
mod checkpoint;
mod faces;
mod forgeries;
mod interop;
mod lists;
mod many;
mod offline;
mod pictures;
mod scanners;
