//! The encrypted key file: one PKCS#8 block (PBES2 with scrypt and AES-256-GCM) for each key. Earlier files, of scrypt at
//! an eighth of today's cost and AES-256-CBC, are read as they are. Keys are added and never taken out: what a retired
//! key signed is checked for as long as marks are shown.
//!
//! The lines before a block name its purpose and kid. `sha256` tells a damaged block from a wrong passphrase;
//! `proof`, the key's own signature over the other two, ties them to the secret inside.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{error, fmt};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::licence::token::{Kid, PublicKey};
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signature, Signer, SigningKey};
use pkcs8::pkcs5::scrypt::Params;
use pkcs8::pkcs5::{EncryptionScheme, pbes2};
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument};
use rand::CryptoRng;
use sha2::{Digest, Sha256};

use super::{Keys, Purpose, public};

const LABEL: &str = "ENCRYPTED PRIVATE KEY";
const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
/// A file of this register is about 1 KB; nothing near this size is one.
const MAX_BYTES: u64 = 64 * 1024;
/// scrypt's r: 128 × r bytes are one block of its work.
const BLOCK: u32 = 8;
/// What scrypt may ask of this machine: four times the memory and work of the blocks written here.
const MAX_SCRYPT_WORK: u64 = 4 * (1 << Cost::TODAY.log_n) * BLOCK as u64;
const PREAMBLE: &str = "\
Keys of the register. Each block is PKCS#8, encrypted with PBES2 (scrypt, AES-256-GCM).
Without this file and its passphrase nothing can be signed any more: keep a copy of both, apart.
";

/// What it costs to try a passphrase: scrypt's N, with r = 8 and p = 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    log_n: u8,
}

impl Cost {
    /// N = 2^17, 128 MiB (OWASP ASVS 5.0, appendix C). Whatever the program writes by itself has this.
    pub const TODAY: Self = Self { log_n: 17 };
    /// N = 2^14, that of earlier files. No command and no setting writes it: it is for programs that make registers by
    /// the hundred and throw them away.
    pub const FORMER: Self = Self { log_n: 14 };

    fn parameters(self) -> Params {
        Params::new(self.log_n, BLOCK, 1).expect("powers of two within scrypt's limits")
    }
}

/// Why a key file could not be used or made.
#[derive(Debug)]
pub enum KeyFileError {
    /// There is no such file.
    Missing { path: PathBuf },
    /// There is one already, and it is never overwritten.
    Exists { path: PathBuf },
    /// The operating system refused.
    Io { path: PathBuf, source: io::Error },
    /// Others than its owner may read or write the file; `mode` is its permission bits.
    OpenToOthers { path: PathBuf, mode: u32 },
    /// The passphrase is empty.
    EmptyPassphrase,
    /// The file is whole, and this passphrase does not open it.
    WrongPassphrase { path: PathBuf },
    /// The block that ends (or the file that breaks off) at this line is not as it was written.
    Damaged { path: PathBuf, line: usize, fault: BlockFault },
    /// The file holds no key for a purpose that was asked for.
    NoKeyFor { path: PathBuf, purpose: Purpose },
}

/// What is wrong with one block of a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockFault {
    /// Begun and not ended, or ended and not begun.
    BrokenOff,
    /// No `purpose`, or one that is not known.
    Purpose,
    /// The same key twice.
    Repeated,
    /// Its bytes do not have the `sha256` that it states.
    Altered,
    /// Not PKCS#8 under PBES2 with scrypt, or with a cost out of all measure.
    Form,
    /// The key inside is not the one that `purpose`, `kid` and `proof` speak of.
    NotItsOwn,
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => write!(f, "{}: no such key file", path.display()),
            Self::Exists { path } => write!(f, "{}: exists and is never overwritten", path.display()),
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
            Self::OpenToOthers { path, mode } => {
                write!(f, "{}: mode {mode:03o} lets others at the keys; it must be 600", path.display())
            }
            Self::EmptyPassphrase => write!(f, "the passphrase of the key file is empty"),
            Self::WrongPassphrase { path } => write!(f, "{}: the passphrase does not open it", path.display()),
            Self::Damaged { path, line, fault } => {
                write!(f, "{}:{line}: damaged key file ({fault:?})", path.display())
            }
            Self::NoKeyFor { path, purpose } => write!(f, "{}: no key for {}", path.display(), purpose.name()),
        }
    }
}

impl error::Error for KeyFileError {}

impl Keys {
    /// Opens the file, or makes it with one new key for each purpose where there is none yet. True: it was made now.
    /// Of two processes that start at once, one makes the file and both hold its keys.
    pub fn open_or_create(
        path: &Path,
        passphrase: &str,
        purposes: &[Purpose],
        rng: &mut dyn CryptoRng,
    ) -> Result<(Self, bool), KeyFileError> {
        if !path.exists() {
            let keys = Self::generate(purposes, rng);
            match keys.save_new(path, passphrase, Cost::TODAY, rng) {
                Err(KeyFileError::Exists { .. }) => {}
                outcome => return outcome.map(|()| (keys, true)),
            }
        }
        let keys = Self::open(path, passphrase)?;
        match purposes.iter().find(|&&purpose| keys.all(purpose).next().is_none()) {
            Some(&purpose) => Err(KeyFileError::NoKeyFor { path: path.into(), purpose }),
            None => Ok((keys, false)),
        }
    }

    /// Opens a key file. Refuses one that others than its owner may read, before reading it.
    pub fn open(path: &Path, passphrase: &str) -> Result<Self, KeyFileError> {
        let text = read(path)?;
        let damaged = |(line, fault)| KeyFileError::Damaged { path: path.into(), line, fault };
        let mut held: Vec<(Purpose, SigningKey)> = Vec::new();
        for block in blocks(&text).map_err(damaged)? {
            let key = match block.open(passphrase) {
                Ok(key) => key,
                Err(Closed::Passphrase) => return Err(KeyFileError::WrongPassphrase { path: path.into() }),
                Err(Closed::Fault(fault)) => return Err(damaged((block.line, fault))),
            };
            if held.iter().any(|(_, known)| known.as_bytes() == key.as_bytes()) {
                return Err(damaged((block.line, BlockFault::Repeated)));
            }
            held.push((block.purpose, key));
        }
        Ok(Self { held })
    }

    /// Adds a new key for each purpose to the file at `path`, behind those that are there: the file is replaced as a
    /// whole. Of two processes that add keys at once, one waits for the other.
    pub fn add(
        path: &Path,
        passphrase: &str,
        purposes: &[Purpose],
        cost: Cost,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, KeyFileError> {
        let failed = |source| KeyFileError::Io { path: path.into(), source };
        // The folder, since the file is another one afterwards.
        let folder = File::open(folder_of(path)).map_err(failed)?;
        folder.lock().map_err(failed)?;
        let Self { mut held } = Self::open(path, passphrase)?;
        let Self { held: new } = Self::generate(purposes, rng);
        let mut text = read(path)?;
        for (purpose, key) in &new {
            text += &block_text(*purpose, key, passphrase, cost, rng);
        }
        let draft = path.with_added_extension(format!("{:016x}.new", rng.next_u64()));
        let written = write_draft(&draft, text.as_bytes()).and_then(|()| fs::rename(&draft, path));
        if written.is_err() {
            // The file is as it was; a draft that cannot be removed is as encrypted as the file.
            let _ = fs::remove_file(&draft);
        }
        written.and_then(|()| folder.sync_all()).map_err(failed)?;
        held.extend(new);
        Ok(Self { held })
    }

    /// Writes the keys to a new file that only its owner may read: whole or not at all, and never over another.
    pub fn save_new(
        &self,
        path: &Path,
        passphrase: &str,
        cost: Cost,
        rng: &mut dyn CryptoRng,
    ) -> Result<(), KeyFileError> {
        if passphrase.is_empty() {
            return Err(KeyFileError::EmptyPassphrase);
        }
        let mut text = String::from(PREAMBLE);
        for (purpose, key) in &self.held {
            text += &block_text(*purpose, key, passphrase, cost, rng);
        }
        let draft = path.with_added_extension(format!("{:016x}.new", rng.next_u64()));
        let outcome = write_durably(&draft, path, text.as_bytes());
        let tidied = fs::remove_file(&draft);
        match outcome.and(tidied) {
            Ok(()) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(KeyFileError::Exists { path: path.into() }),
            Err(source) => Err(KeyFileError::Io { path: path.into(), source }),
        }
    }
}

/// A link to the finished draft is what makes the file appear: unlike a rename, it fails where there is one already.
fn write_durably(draft: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_draft(draft, bytes)?;
    fs::hard_link(draft, path)?;
    File::open(folder_of(path))?.sync_all()
}

fn write_draft(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn read(path: &Path) -> Result<String, KeyFileError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing { path: path.into() },
        _ => KeyFileError::Io { path: path.into(), source },
    };
    let file = File::open(path).map_err(failed)?;
    let mode = file.metadata().map_err(failed)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(KeyFileError::OpenToOthers { path: path.into(), mode });
    }
    let mut text = String::new();
    file.take(MAX_BYTES).read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

/// What the key itself signs, so that no block can be passed off as another's.
fn statement(purpose: Purpose, kid: Kid) -> String {
    format!("otasuketai key file 1\npurpose: {}\nkid: {}\n", purpose.name(), BASE64URL_NOPAD.encode(&kid))
}

fn block_text(purpose: Purpose, key: &SigningKey, passphrase: &str, cost: Cost, rng: &mut dyn CryptoRng) -> String {
    let kid = public(key).kid();
    let proof = key.sign(statement(purpose, kid).as_bytes());
    // Without the public half (PKCS#8 version 1): older openssl refuses version 2.
    let plain = KeypairBytes { secret_key: key.to_bytes(), public_key: None };
    let plain = plain.to_pkcs8_der().expect("32 bytes always encode");
    let (mut salt, mut nonce) = ([0; 16], [0; 12]);
    rng.fill_bytes(&mut salt);
    rng.fill_bytes(&mut nonce);
    let sealing = pbes2::Parameters::scrypt_aes256gcm(cost.parameters(), &salt, nonce).expect("a salt of 16 bytes");
    let sealed = PrivateKeyInfoRef::try_from(plain.as_bytes())
        .and_then(|info| info.encrypt_with_params(sealing, passphrase))
        .expect("parameters that the crate made");
    format!(
        "\npurpose: {}\nkid: {}\nproof: {}\nsha256: {}\n{}",
        purpose.name(),
        BASE64URL_NOPAD.encode(&kid),
        BASE64URL_NOPAD.encode(&proof.to_bytes()),
        HEXLOWER.encode(&Sha256::digest(sealed.as_bytes())),
        *sealed.to_pem(LABEL, LineEnding::LF).expect("any bytes encode as PEM"),
    )
}

struct Block<'a> {
    line: usize,
    purpose: Purpose,
    kid: &'a str,
    proof: &'a str,
    sha256: &'a str,
    pem: String,
}

enum Closed {
    Passphrase,
    Fault(BlockFault),
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, (usize, BlockFault)> {
    let mut found = Vec::new();
    let mut said: Vec<(&str, &str)> = Vec::new();
    let mut pem: Option<String> = None;
    let mut last = 0;
    for (line, content) in (1..).zip(text.lines()) {
        last = line;
        match (&mut pem, content) {
            (None, BEGIN) => pem = Some(format!("{BEGIN}\n")),
            (None, END) | (Some(_), BEGIN) => return Err((line, BlockFault::BrokenOff)),
            (None, _) => said.extend(content.split_once(": ")),
            (Some(body), _) => {
                *body += content;
                body.push('\n');
            }
        }
        if content == END {
            let word = |name| said.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
            let purpose = Purpose::from_name(word("purpose")).ok_or((line, BlockFault::Purpose))?;
            let pem = pem.take().unwrap_or_default();
            found.push(Block { line, purpose, kid: word("kid"), proof: word("proof"), sha256: word("sha256"), pem });
            said.clear();
        }
    }
    match pem {
        None if !found.is_empty() => Ok(found),
        _ => Err((last, BlockFault::BrokenOff)),
    }
}

impl Block<'_> {
    fn open(&self, passphrase: &str) -> Result<SigningKey, Closed> {
        // Anything that is not this exact PEM is an alteration: the base64 is as much part of the file as its bytes.
        let sealed = SecretDocument::from_pem(&self.pem).map_err(|_| Closed::Fault(BlockFault::Altered))?.1;
        if HEXLOWER.encode(&Sha256::digest(sealed.as_bytes())) != self.sha256 {
            return Err(Closed::Fault(BlockFault::Altered));
        }
        let info =
            EncryptedPrivateKeyInfoRef::try_from(sealed.as_bytes()).map_err(|_| Closed::Fault(BlockFault::Form))?;
        if !is_affordable(&info.encryption_algorithm) {
            return Err(Closed::Fault(BlockFault::Form));
        }
        let plain = info.decrypt(passphrase).map_err(|_| Closed::Passphrase)?;
        let key = SigningKey::from_pkcs8_der(plain.as_bytes()).map_err(|_| Closed::Passphrase)?;
        if self.speaks_of(&public(&key)) { Ok(key) } else { Err(Closed::Fault(BlockFault::NotItsOwn)) }
    }

    fn speaks_of(&self, key: &PublicKey) -> bool {
        let proof = BASE64URL_NOPAD.decode(self.proof.as_bytes()).ok();
        let proof = proof.and_then(|bytes| Signature::from_slice(&bytes).ok());
        let signed = statement(self.purpose, key.kid());
        self.kid == BASE64URL_NOPAD.encode(&key.kid())
            && proof.is_some_and(|proof| key.is_signed(signed.as_bytes(), &proof))
    }
}

/// An altered file must not make the start take all memory or for ever.
fn is_affordable(scheme: &EncryptionScheme) -> bool {
    let scrypt = scheme.pbes2().and_then(|parameters| parameters.kdf.scrypt());
    scrypt.is_some_and(|p| {
        let work =
            p.cost_parameter.checked_mul(p.block_size.into()).and_then(|w| w.checked_mul(p.parallelization.into()));
        work.is_some_and(|work| work <= MAX_SCRYPT_WORK)
    })
}
