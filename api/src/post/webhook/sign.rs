//! Signatures of Standard Webhooks 1.0: `v1`, HMAC-SHA256 under a shared secret, and `v1a`, Ed25519. Both are sent, and
//! whoever receives verifies the one they like.

use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};
use rand::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::identity::secret::Secret;

const BLOCK: usize = 64;

/// What signs for one webhook.
pub struct SigningPair {
    shared: Zeroizing<Vec<u8>>,
    own: SigningKey,
}

impl std::fmt::Debug for SigningPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningPair")
    }
}

impl SigningPair {
    /// Draws one.
    pub fn draw(rng: &mut dyn CryptoRng) -> Self {
        let (mut shared, mut seed) = (Zeroizing::new(vec![0; 32]), Zeroizing::new([0; 32]));
        rng.fill_bytes(&mut shared);
        rng.fill_bytes(&mut seed[..]);
        Self { shared, own: SigningKey::from_bytes(&seed) }
    }

    /// As it is kept, to be sealed: the shared secret, a blank, the seed.
    pub fn kept(&self) -> Secret {
        let seed = Zeroizing::new(self.own.to_bytes());
        Secret::new(format!("{} {}", BASE64.encode(&self.shared), BASE64.encode(&seed[..])))
    }

    /// Reads it again.
    pub fn read(kept: &Secret) -> Option<Self> {
        let (shared, seed) = kept.expose().split_once(' ')?;
        let seed = Zeroizing::new(BASE64.decode(seed.as_bytes()).ok()?);
        let own = SigningKey::from_bytes(seed.as_slice().try_into().ok()?);
        Some(Self { shared: Zeroizing::new(BASE64.decode(shared.as_bytes()).ok()?), own })
    }

    /// The shared secret as its owner configures it: `whsec_…`.
    pub fn shared(&self) -> Secret {
        Secret::new(format!("whsec_{}", BASE64.encode(&self.shared)))
    }

    /// The public key as its owner configures it: `whpk_…`.
    pub fn public(&self) -> String {
        format!("whpk_{}", BASE64.encode(self.own.verifying_key().as_bytes()))
    }

    /// `webhook-signature` of a body that is sent under an id at an instant, in seconds.
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let content = format!("{id}.{seconds}.{body}");
        let shared = BASE64.encode(&hmac(&self.shared, content.as_bytes()));
        let own = BASE64.encode(&self.own.sign(content.as_bytes()).to_bytes());
        format!("v1,{shared} v1a,{own}")
    }
}

/// HMAC-SHA256 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut block = Zeroizing::new([0; BLOCK]);
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let pad = |with: u8| Zeroizing::new(block.map(|byte| byte ^ with));
    let inner = Sha256::new().chain_update(&pad(0x36)[..]).chain_update(message).finalize();
    Sha256::new().chain_update(&pad(0x5c)[..]).chain_update(inner).finalize().into()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use ed25519_dalek::{Signature, VerifyingKey};

    use super::*;

    /// RFC 4231, cases 1, 2, 3 and 6.
    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let cases: [(&[u8], &[u8], &str); 4] = [
            (&[0x0b; 20], b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (
                b"Jefe",
                b"what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (&[0xaa; 20], &[0xdd; 50], "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
            (
                &[0xaa; 131],
                b"Test Using Larger Than Block-Size Key - Hash Key First",
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            ),
        ];
        for (key, message, expected) in cases {
            assert_eq!(HEXLOWER.encode(&hmac(key, message)), expected);
        }
    }

    /// The example that the reference libraries of Standard Webhooks sign and verify.
    #[test]
    fn v1_is_that_of_the_reference_libraries() {
        let shared = BASE64.decode(b"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let pair = SigningPair { shared: Zeroizing::new(shared), own: SigningKey::from_bytes(&[1; 32]) };
        let signed = pair.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert!(signed.starts_with("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,"), "{signed}");
        assert_eq!(pair.shared().expose(), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    #[test]
    fn v1a_is_verified_with_the_public_key() {
        let pair = SigningPair { shared: Zeroizing::new(vec![7; 32]), own: SigningKey::from_bytes(&[9; 32]) };
        let pair = SigningPair::read(&pair.kept()).expect("as it was kept");
        let signed = pair.sign("msg_1", 1_614_265_330, "{}");
        let own = signed.split_once(" v1a,").expect("both").1;
        let public = BASE64.decode(pair.public().strip_prefix("whpk_").unwrap().as_bytes()).unwrap();
        let key = VerifyingKey::from_bytes(public.as_slice().try_into().unwrap()).unwrap();
        let signature = Signature::from_slice(&BASE64.decode(own.as_bytes()).unwrap()).unwrap();
        assert!(key.verify_strict(b"msg_1.1614265330.{}", &signature).is_ok());
        assert!(key.verify_strict(b"msg_2.1614265330.{}", &signature).is_err());
        assert_eq!(format!("{pair:?}"), "SigningPair");
    }

    #[test]
    fn what_is_not_a_pair_is_not_read() {
        for wrong in ["", "AAAA", "AAAA AAAA", "? ?"] {
            assert!(SigningPair::read(&Secret::from(wrong)).is_none(), "{wrong}");
        }
    }
}
