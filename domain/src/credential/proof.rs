//! Data integrity proofs by the cryptosuite `eddsa-jcs-2022` (W3C vc-di-eddsa, section 3.3): Ed25519 over the hashes of
//! two canonical JSON texts (RFC 8785), the proof's options and the document.

use ed25519_dalek::Signature;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::calendar::Instant;
use crate::licence::token::PublicKey;

const TYPE: &str = "DataIntegrityProof";
const SUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";

/// Who proves it, and when.
#[derive(Clone, Debug)]
pub struct Proving {
    /// The key, as the did document names it.
    pub method: String,
    pub at: Instant,
}

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// No object with a proof of this kind; the first part that is missing or another.
    NotProven { part: &'static str },
    /// The proof is not this key's over this document.
    Altered,
}

/// Adds the proof to a document, an object; `sign` is given the bytes to be signed.
pub fn prove<E>(
    mut document: Value,
    proving: &Proving,
    sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
) -> Result<Value, E> {
    let mut proof = json!({
        "type": TYPE, "cryptosuite": SUITE, "created": proving.at.to_string(), "verificationMethod": proving.method,
        "proofPurpose": PURPOSE,
    });
    if let Some(context) = document.get("@context") {
        proof["@context"] = context.clone();
    }
    let signature = sign(&hashes(&proof, &document))?;
    proof["proofValue"] = json!(format!("z{}", bs58::encode(signature.to_bytes()).into_string()));
    document["proof"] = proof;
    Ok(document)
}

/// The document without its proof, if this key proved it.
pub fn verify(document: &Value, key: &PublicKey) -> Result<Value, ProofError> {
    let not = |part| ProofError::NotProven { part };
    let mut document = document.clone();
    let proven = document.as_object_mut().ok_or(not("document"))?;
    let mut proof = proven.remove("proof").ok_or(not("proof"))?;
    for (part, expected) in [("type", TYPE), ("cryptosuite", SUITE), ("proofPurpose", PURPOSE)] {
        if proof[part] != expected {
            return Err(not(part));
        }
    }
    if proof.get("@context").is_some_and(|context| Some(context) != document.get("@context")) {
        return Err(not("@context"));
    }
    let value = proof.as_object_mut().and_then(|proof| proof.remove("proofValue")).ok_or(not("proofValue"))?;
    let value = value.as_str().and_then(|value| value.strip_prefix('z')).ok_or(not("proofValue"))?;
    let bytes = bs58::decode(value).into_vec().map_err(|_| not("proofValue"))?;
    let signature = Signature::from_slice(&bytes).map_err(|_| not("proofValue"))?;
    if key.is_signed(&hashes(&proof, &document), &signature) { Ok(document) } else { Err(ProofError::Altered) }
}

/// The hash of the proof's options, then the document's.
fn hashes(proof: &Value, document: &Value) -> Vec<u8> {
    [hash(proof), hash(document)].concat()
}

fn hash(value: &Value) -> [u8; 32] {
    let canonical = serde_json_canonicalizer::to_string(value).expect("what was read as JSON has a canonical form");
    Sha256::digest(canonical.as_bytes()).into()
}
