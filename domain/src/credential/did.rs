//! The register as an issuer: did:web, whose document lists the public keys.

use serde_json::{Value, json};

use crate::licence::token::PublicKey;

/// The multicodec of an Ed25519 public key.
const ED25519: [u8; 2] = [0xed, 0x01];

/// A key of the register, and whether it proves credentials.
#[derive(Clone, Debug)]
pub struct Method {
    pub key: PublicKey,
    pub proves: bool,
}

/// The register's identifier behind this host, which may name a port (did:web, section 3.1).
pub fn did(host: &str) -> String {
    format!("did:web:{}", host.replace(':', "%3A"))
}

/// A public key as Multikey writes it.
pub fn multikey(key: &PublicKey) -> String {
    format!("z{}", bs58::encode([&ED25519[..], key.as_bytes()].concat()).into_string())
}

/// The document behind the identifier, served at `/.well-known/did.json`: every key by its Multikey, those that prove
/// credentials for that purpose.
pub fn did_document(did: &str, methods: &[Method]) -> Value {
    let id = |method: &Method| format!("{did}#{}", multikey(&method.key));
    let method = |method: &Method| {
        json!({
            "id": id(method), "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(&method.key),
        })
    };
    let proving: Vec<String> = methods.iter().filter(|method| method.proves).map(id).collect();
    json!({
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods.iter().map(method).collect::<Vec<_>>(),
        "assertionMethod": proving,
    })
}
