//! Marks as the world meets them: printed, scanned by others' readers, verified by others' libraries, forged, and asked
//! about at the register.

mod answers;
mod checkpoint;
mod forgeries;
mod interop;
mod lists;
mod pictures;
mod scanners;
