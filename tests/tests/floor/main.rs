//! The floor: the eleven kinds of weakness of IPA's 「安全なウェブサイトの作り方」, as far as they can be met without
//! signing in. `docs/security.md` says of each kind what is done and which tests show it, here and elsewhere.

mod access;
mod certificates;
mod commands;
mod escaping;
mod framing;
mod hashes;
mod headers;
mod injection;
mod libraries;
mod logs;
mod mail;
mod memory;
mod places;
mod sources;
mod traversal;
