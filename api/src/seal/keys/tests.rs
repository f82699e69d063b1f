use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use domain::licence::token::{KeyError, kid};
use ed25519_dalek::pkcs8::{EncodePrivateKey, KeypairBytes};
use ed25519_dalek::{Signer, VerifyingKey};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::*;

const PASSPHRASE: &str = "正しい馬 battery staple";
const BEGIN: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----";
const END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
const BOTH: [Purpose; 2] = [Purpose::Licence, Purpose::Log];

fn rng(seed: u64) -> StdRng {
    StdRng::seed_from_u64(seed)
}

fn made() -> (tempfile::TempDir, PathBuf, Keys) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.pem");
    let keys = Keys::generate(&BOTH, &mut rng(1));
    // Opened a hundred times below, it costs what files cost before.
    keys.save_new(&path, PASSPHRASE, Cost::FORMER, &mut rng(2)).unwrap();
    (folder, path, keys)
}

fn reopened(path: &Path, text: &str) -> KeyFileError {
    fs::write(path, text).unwrap();
    Keys::open(path, PASSPHRASE).unwrap_err()
}

fn fault(path: &Path, text: &str) -> BlockFault {
    match reopened(path, text) {
        KeyFileError::Damaged { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_first_start_makes_the_file_and_the_second_opens_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.pem");
    let (keys, is_new) = Keys::open_or_create(&path, PASSPHRASE, &BOTH, &mut rng(1)).unwrap();
    assert!(is_new);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
    // Another generator: the keys come from the file.
    let (again, is_new) = Keys::open_or_create(&path, PASSPHRASE, &BOTH, &mut rng(2)).unwrap();
    assert!(!is_new);
    assert_eq!(again.public(), keys.public());
    for purpose in BOTH {
        let (a, b) = (keys.all(purpose).next().unwrap(), again.all(purpose).next().unwrap());
        assert_eq!(a.to_bytes(), b.to_bytes());
    }
    assert_ne!(keys.public()[0].key, keys.public()[1].key);
    assert!(keys.all(Purpose::Status).next().is_none());
}

#[test]
fn a_file_is_never_overwritten() {
    let (folder, path, keys) = made();
    let before = fs::read(&path).unwrap();
    assert!(matches!(keys.save_new(&path, PASSPHRASE, Cost::FORMER, &mut rng(3)), Err(KeyFileError::Exists { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    // Not even by a start with the wrong passphrase.
    let opened = Keys::open_or_create(&path, "wrong", &BOTH, &mut rng(3));
    assert!(matches!(opened, Err(KeyFileError::WrongPassphrase { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn what_is_missing_is_named() {
    let (folder, path, _) = made();
    let nowhere = folder.path().join("other.pem");
    assert!(matches!(Keys::open(&nowhere, PASSPHRASE), Err(KeyFileError::Missing { path }) if path == nowhere));
    let no_folder = folder.path().join("none/keys.pem");
    assert!(matches!(Keys::open_or_create(&no_folder, PASSPHRASE, &BOTH, &mut rng(1)), Err(KeyFileError::Io { .. })));
    let empty = Keys::open_or_create(&nowhere, "", &BOTH, &mut rng(1));
    assert!(matches!(empty, Err(KeyFileError::EmptyPassphrase)));
    assert!(!nowhere.exists());
    let more = [Purpose::Log, Purpose::Status];
    let opened = Keys::open_or_create(&path, PASSPHRASE, &more, &mut rng(1));
    assert!(matches!(opened, Err(KeyFileError::NoKeyFor { purpose: Purpose::Status, .. })));
}

#[test]
fn a_file_open_to_others_is_refused() {
    let (_folder, path, _) = made();
    for mode in [0o640, 0o604, 0o620, 0o666, 0o610] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let opened = Keys::open(&path, PASSPHRASE);
        assert!(matches!(opened, Err(KeyFileError::OpenToOthers { mode: found, .. }) if found == mode));
    }
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    assert!(Keys::open(&path, PASSPHRASE).is_ok());
}

#[test]
fn only_the_passphrase_opens_it() {
    let (_folder, path, _) = made();
    for wrong in ["", "wrong", "正しい馬 battery stapl", "正しい馬 battery staple "] {
        assert!(matches!(Keys::open(&path, wrong), Err(KeyFileError::WrongPassphrase { .. })), "{wrong}");
    }
}

/// Cut anywhere, the file is damaged, or has lost a whole key, which `open_or_create` names.
#[test]
fn a_truncated_file_is_refused() {
    let (_folder, path, _) = made();
    let whole = fs::read_to_string(&path).unwrap();
    let first_end = whole.find(END).unwrap() + END.len();
    let second_begin = whole.rfind(BEGIN).unwrap();
    for cut in (0..whole.len() - 1).step_by(13).chain([first_end - 1, first_end, second_begin, whole.len() - 2]) {
        fs::write(&path, &whole[..cut]).unwrap();
        let is_first_alone = (first_end..second_begin + BEGIN.len()).contains(&cut);
        match Keys::open_or_create(&path, PASSPHRASE, &BOTH, &mut rng(1)) {
            Err(KeyFileError::NoKeyFor { purpose: Purpose::Log, .. }) => assert!(is_first_alone, "{cut}"),
            Err(KeyFileError::Damaged { .. }) => {}
            other => panic!("{cut}: {other:?}"),
        }
    }
}

/// Any one character changed from the first word about a key on: never other keys, never a panic.
#[test]
fn an_altered_file_is_refused() {
    let (_folder, path, keys) = made();
    let whole = fs::read_to_string(&path).unwrap();
    let from = whole.find("purpose:").unwrap();
    for at in (from..whole.len()).step_by(7) {
        let mut altered = whole.clone().into_bytes();
        altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
        fs::write(&path, &altered).unwrap();
        match Keys::open_or_create(&path, PASSPHRASE, &BOTH, &mut rng(1)) {
            Ok((same, _)) => assert!(whole.as_bytes()[at] == b'\n' && same.public() == keys.public(), "{at}"),
            Err(KeyFileError::Damaged { .. } | KeyFileError::NoKeyFor { .. }) => {}
            Err(other) => panic!("{at}: {other:?}"),
        }
    }
}

#[test]
fn the_words_before_a_block_are_tied_to_the_key_inside() {
    let (_folder, path, keys) = made();
    let whole = fs::read_to_string(&path).unwrap();
    let swapped = whole.replace("licence", "?").replace("purpose: log", "purpose: licence").replace('?', "log");
    assert_eq!(fault(&path, &swapped), BlockFault::NotItsOwn);
    assert_eq!(fault(&path, &whole.replace("purpose: log", "purpose: logs")), BlockFault::Purpose);
    assert_eq!(fault(&path, &format!("{whole}{whole}")), BlockFault::Repeated);
    let [licence, log] = [0, 1].map(|at| BASE64URL_NOPAD.encode(&keys.public()[at].key.kid()));
    assert_eq!(fault(&path, &whole.replace(&licence, &log)), BlockFault::NotItsOwn);
    assert_eq!(fault(&path, &whole.replace("\nproof: ", "\nproof: A")), BlockFault::NotItsOwn);
    assert_eq!(fault(&path, &whole.replace("\nsha256: ", "\nsha256: 0")), BlockFault::Altered);
    for nothing in ["", "\n", "purpose: licence\n", "no keys here\n"] {
        assert_eq!(fault(&path, nothing), BlockFault::BrokenOff);
    }
}

/// How each block of a file was sealed: the cipher's name, and scrypt's N, r and p.
fn sealing(path: &Path) -> Vec<(bool, u64, u16, u16)> {
    let text = fs::read_to_string(path).unwrap();
    let blocks = text.split(BEGIN).skip(1).map(|rest| format!("{BEGIN}{}{END}\n", rest.split(END).next().unwrap()));
    let one = |pem: String| {
        let (_, block) = pkcs8::SecretDocument::from_pem(&pem).unwrap();
        let info = pkcs8::EncryptedPrivateKeyInfoRef::try_from(block.as_bytes()).unwrap();
        let parameters = info.encryption_algorithm.pbes2().unwrap();
        let kdf = parameters.kdf.scrypt().unwrap();
        let is_gcm = matches!(parameters.encryption, pkcs8::pkcs5::pbes2::EncryptionScheme::Aes256Gcm { .. });
        (is_gcm, kdf.cost_parameter, kdf.block_size, kdf.parallelization)
    };
    blocks.map(one).collect()
}

#[test]
fn what_the_program_writes_is_sealed_as_is_asked_today() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keys.pem");
    Keys::open_or_create(&path, PASSPHRASE, &BOTH, &mut rng(1)).unwrap();
    assert_eq!(sealing(&path), [(true, 1 << 17, 8, 1); 2]);
}

/// As every file was written before: scrypt of N = 2^14, AES-256-CBC.
#[test]
fn an_earlier_file_is_read_as_it_is() {
    let (_folder, path, keys) = made();
    let mut text = fs::read_to_string(&path).unwrap();
    for purpose in BOTH {
        let secret_key = keys.all(purpose).next().unwrap().to_bytes();
        let plain = KeypairBytes { secret_key, public_key: None }.to_pkcs8_der().unwrap();
        let info = pkcs8::PrivateKeyInfoRef::try_from(plain.as_bytes()).unwrap();
        let sealed = info.encrypt_with_rng(&mut rng(3), PASSPHRASE).unwrap();
        let from = text.find(&format!("purpose: {}", purpose.name())).unwrap();
        let (before, block) = text.split_at(from);
        let (_, after) = block.split_once(&format!("{END}\n")).unwrap();
        let kept: Vec<&str> = block.lines().take(3).collect();
        let digest = HEXLOWER.encode(&Sha256::digest(sealed.as_bytes()));
        let pem = sealed.to_pem("ENCRYPTED PRIVATE KEY", pkcs8::LineEnding::LF).unwrap();
        text = format!("{before}{}\nsha256: {digest}\n{}{after}", kept.join("\n"), *pem);
    }
    fs::write(&path, text).unwrap();
    assert_eq!(sealing(&path), [(false, 1 << 14, 8, 1); 2]);
    let (again, is_new) = Keys::open_or_create(&path, PASSPHRASE, &BOTH, &mut rng(4)).unwrap();
    assert_eq!((is_new, again.public()), (false, keys.public()));
    assert!(matches!(Keys::open(&path, "wrong"), Err(KeyFileError::WrongPassphrase { .. })));
}

#[test]
fn a_key_is_added_behind_the_others() {
    let (folder, path, keys) = made();
    let before = fs::read_to_string(&path).unwrap();
    let added = Keys::add(&path, PASSPHRASE, &[Purpose::Licence], Cost::FORMER, &mut rng(7)).unwrap();
    let after = fs::read_to_string(&path).unwrap();
    assert!(after.starts_with(&before), "what was there is there to the byte");
    let again = Keys::open(&path, PASSPHRASE).unwrap();
    assert_eq!(again.public(), added.public());
    assert_eq!(again.public()[..2], keys.public()[..]);
    assert_eq!(again.all(Purpose::Licence).count(), 2);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
}

#[test]
fn a_key_that_cannot_be_added_leaves_the_file_as_it_was() {
    let (folder, path, _) = made();
    let before = fs::read(&path).unwrap();
    let refused = Keys::add(&path, "wrong", &[Purpose::Log], Cost::FORMER, &mut rng(7));
    assert!(matches!(refused, Err(KeyFileError::WrongPassphrase { .. })));
    let missing = Keys::add(&folder.path().join("none"), PASSPHRASE, &[Purpose::Log], Cost::FORMER, &mut rng(7));
    assert!(matches!(missing, Err(KeyFileError::Missing { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

/// Neither loses the other's key.
#[test]
fn two_that_add_at_once_both_do() {
    let (_folder, path, _) = made();
    std::thread::scope(|scope| {
        for seed in [7, 8, 9] {
            let path = &path;
            scope.spawn(move || Keys::add(path, PASSPHRASE, &[Purpose::Log], Cost::FORMER, &mut rng(seed)).unwrap());
        }
    });
    assert_eq!(Keys::open(&path, PASSPHRASE).unwrap().all(Purpose::Log).count(), 4);
}

/// A p of 33 would take 33 times as long; everything else is in order.
#[test]
fn an_unaffordable_block_is_refused_before_the_work() {
    let (_folder, path, _) = made();
    let whole = fs::read_to_string(&path).unwrap();
    let (_, rest) = whole.split_once(BEGIN).unwrap();
    let pem = format!("{BEGIN}{}{END}\n", rest.split(END).next().unwrap());
    let (_, block) = pkcs8::SecretDocument::from_pem(&pem).unwrap();
    let mut der = block.as_bytes().to_vec();
    let cost = [0x02, 0x02, 0x40, 0x00, 0x02, 0x01, 0x08, 0x02, 0x01, 0x01];
    let cost = der.windows(10).position(|window| window == cost).expect("N = 2^14, r = 8, p = 1");
    der[cost + 9] = 33;
    let dear = pkcs8::Document::try_from(der).unwrap();
    let text = whole.replacen(&pem, &dear.to_pem("ENCRYPTED PRIVATE KEY", pkcs8::LineEnding::LF).unwrap(), 1);
    let sha256 = |bytes: &[u8]| HEXLOWER.encode(&Sha256::digest(bytes));
    let text = text.replace(&sha256(block.as_bytes()), &sha256(dear.as_bytes()));
    assert_eq!(fault(&path, &text), BlockFault::Form);
}

#[test]
fn secrets_are_not_printed() {
    let (_folder, _path, keys) = made();
    let printed = format!("{keys:?}");
    for purpose in BOTH {
        let secret = keys.all(purpose).next().unwrap().to_bytes();
        assert!(!printed.contains(&format!("{secret:?}")) && !printed.contains(&format!("{:?}", &secret[..4])));
    }
    assert!(printed.contains("licence"));
}

#[test]
fn a_key_set_is_read_as_it_was_written() {
    let keys = Keys::generate(&Purpose::ALL, &mut rng(4));
    let published = jwks(&keys.public());
    let set = KeySet::from_jwks(&published).unwrap();
    assert_eq!(set, KeySet::from(keys.public()));
    for purpose in Purpose::ALL {
        assert_eq!(Purpose::from_name(purpose.name()), Some(purpose));
        let public = set.of(purpose).collect::<Vec<_>>();
        let [public] = public[..] else { panic!("{public:?}") };
        assert!(public.is_signed(b"message", &keys.all(purpose).next().unwrap().sign(b"message")));
    }
    let licence = keys.all(Purpose::Licence).next().unwrap().verifying_key();
    assert_eq!(set.ring(Purpose::Licence).with_kid(kid(&licence)).count(), 1);
    let of_log = keys.public()[2].key.kid();
    assert_eq!(set.ring(Purpose::Licence).with_kid(of_log).count(), 0, "the log's key signs no licence");
}

/// RFC 8037, appendix A.2: the same `x` in a set of ours.
#[test]
fn the_key_of_rfc_8037_has_the_form_of_rfc_8037() {
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let bytes: [u8; 32] = BASE64URL_NOPAD.decode(x.as_bytes()).unwrap().try_into().unwrap();
    let record = PublicKeyRecord {
        purpose: Purpose::Licence,
        key: PublicKey::from_bytes(&bytes).unwrap(),
        is_compromised: false,
    };
    let jwk = &jwks(std::slice::from_ref(&record))["keys"][0];
    for (name, value) in [("kty", "OKP"), ("crv", "Ed25519"), ("x", x), ("alg", "EdDSA"), ("use", "sig")] {
        assert_eq!(jwk[name], value);
    }
    assert_eq!(jwk["kid"], BASE64URL_NOPAD.encode(&record.key.kid()));
    let cbor = cose_key_set(std::slice::from_ref(&record));
    let (head, rest) = cbor.split_at(6);
    assert_eq!(head, [0x81, 0xa5, 0x01, 0x01, 0x02, 0x44]);
    assert_eq!(rest, [&record.key.kid()[..], &[0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20], &bytes].concat());
}

#[test]
fn a_compromised_key_is_kept_and_verifies_nothing() {
    let mut records = Keys::generate(&[Purpose::Log, Purpose::Log], &mut rng(5)).public();
    records[1].is_compromised = true;
    let published = jwks(&records);
    assert_eq!(published["keys"][1]["compromised"], json!(true));
    assert!(published["keys"][0].get("compromised").is_none());
    let set = KeySet::from_jwks(&published).unwrap();
    assert_eq!(set, KeySet::from(records.clone()));
    assert_eq!(set.of(Purpose::Log).collect::<Vec<_>>(), [&records[0].key]);
    assert_eq!(set.ever(Purpose::Log).count(), 2);
    // What stands there instead of `true` does not make it good.
    let mut odd = published;
    odd["keys"][1]["compromised"] = json!("no");
    assert_eq!(KeySet::from_jwks(&odd).unwrap().of(Purpose::Log).count(), 1);
}

#[test]
fn unfit_keys_are_refused_and_unknown_ones_passed_over() {
    let published = jwks(&Keys::generate(&[Purpose::Log, Purpose::Licence], &mut rng(5)).public());
    let with = |name: &str, value: Value| {
        let mut set = published.clone();
        set["keys"][1][name] = value;
        KeySet::from_jwks(&set)
    };
    let refused = |fault| Err(KeySetError::Key { index: 1, fault });
    let x = |bytes: &[u8]| json!(BASE64URL_NOPAD.encode(bytes));
    let mut identity = [0; 32];
    identity[0] = 1;
    assert_eq!(with("d", json!("AA")), refused(JwkFault::Secret));
    assert_eq!(with("x", json!(7)), refused(JwkFault::NotBytes));
    assert_eq!(with("x", x(&[1; 31])), refused(JwkFault::NotBytes));
    assert_eq!(
        with("x", json!(format!("{}=", published["keys"][1]["x"].as_str().unwrap()))),
        refused(JwkFault::NotBytes)
    );
    assert_eq!(with("x", x(&[0; 32])), refused(JwkFault::Unfit(KeyError::Weak)));
    assert_eq!(with("x", x(&identity)), refused(JwkFault::Unfit(KeyError::Weak)));
    let mut no_point = [0; 32];
    no_point[0] = (2..)
        .find(|&y| {
            VerifyingKey::from_bytes(&{
                let mut b = [0; 32];
                b[0] = y;
                b
            })
            .is_err()
        })
        .unwrap();
    assert_eq!(with("x", x(&no_point)), refused(JwkFault::Unfit(KeyError::NotAPoint)));
    assert_eq!(with("kid", json!("AAAAAA")), refused(JwkFault::Kid));
    assert_eq!(with("kid", Value::Null), refused(JwkFault::Kid));
    for (name, other) in [("kty", "EC"), ("crv", "X25519"), ("purpose", "toys"), ("purpose", "")] {
        let set = with(name, json!(other)).unwrap();
        assert_eq!((set.of(Purpose::Log).count(), set.of(Purpose::Licence).count()), (1, 0), "{name} {other}");
    }
    let mut twice = published.clone();
    twice["keys"][1] = twice["keys"][0].clone();
    assert_eq!(KeySet::from_jwks(&twice), refused(JwkFault::Repeated));
    for nothing in [json!(null), json!([]), json!({}), json!({"keys": {}}), json!({"kty": "OKP"})] {
        assert_eq!(KeySet::from_jwks(&nothing), Err(KeySetError::NotAKeySet));
    }
}

/// RFC 8410, section 4 and 10.1: the bytes of its example key.
#[test]
fn the_key_of_rfc_8410_has_the_form_of_rfc_8410() {
    let pem = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
               -----END PUBLIC KEY-----\n";
    let x = "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
    let bytes: [u8; 32] = HEXLOWER.decode(x.as_bytes()).unwrap().try_into().unwrap();
    let record =
        PublicKeyRecord { purpose: Purpose::Log, key: PublicKey::from_bytes(&bytes).unwrap(), is_compromised: false };
    let kid = HEXLOWER.encode(&record.key.kid());
    assert_eq!(spki(&[record]), format!("log {kid}\n{pem}"));
}
