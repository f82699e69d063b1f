//! A device made of software: makes a passkey and answers with it as browser and authenticator do together.

use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Flags of the authenticator data (WebAuthn, 6.1).
pub const PRESENT: u8 = 0x01;
pub const VERIFIED: u8 = 0x04;
pub const BACKUP_ELIGIBLE: u8 = 0x08;
pub const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;

/// What the device does; tests change one thing at a time.
#[derive(Clone)]
pub struct Device {
    pub origin: String,
    pub rp_id: String,
    pub flags: u8,
    pub counter: u32,
    pub id: Vec<u8>,
    pub handle: Option<Vec<u8>>,
    pub rk: Option<bool>,
    pub key: SigningKey,
}

impl Device {
    pub fn at(origin: &str, rp_id: &str) -> Self {
        Self {
            origin: origin.to_owned(),
            rp_id: rp_id.to_owned(),
            flags: PRESENT | VERIFIED,
            counter: 0,
            id: vec![7; 16],
            handle: None,
            rk: Some(true),
            key: SigningKey::from_slice(&[9; 32]).unwrap(),
        }
    }

    /// Answers `navigator.credentials.create`, and remembers for whom.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).unwrap();
        let handle = options["publicKey"]["user"]["id"].as_str().unwrap();
        self.handle = Some(BASE64URL_NOPAD.decode(handle.as_bytes()).unwrap());
        let client = self.client_data("webauthn.create", &options);
        let mut object = minicbor::Encoder::new(Vec::new());
        object.map(3).unwrap().str("fmt").unwrap().str("none").unwrap();
        object.str("attStmt").unwrap().map(0).unwrap();
        object.str("authData").unwrap().bytes(&self.attested_data()).unwrap();
        let response = json!({
            "clientDataJSON": encoded(client.as_bytes()),
            "attestationObject": encoded(object.writer()),
            "transports": ["internal", "a-transport-of-the-future"],
        });
        self.answer(response, json!({ "credProps": { "rk": self.rk } }))
    }

    /// Answers `navigator.credentials.get`.
    pub fn get(&self, options: &str) -> String {
        let client = self.client_data("webauthn.get", &serde_json::from_str(options).unwrap());
        let data = self.data(self.flags);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        let mut response = json!({
            "clientDataJSON": encoded(client.as_bytes()),
            "authenticatorData": encoded(&data),
            "signature": encoded(signature.to_der().as_bytes()),
        });
        // Browsers leave out what there is not.
        if let Some(handle) = &self.handle {
            response["userHandle"] = encoded(handle).into();
        }
        self.answer(response, json!({}))
    }

    fn answer(&self, response: Value, extensions: Value) -> String {
        let id = encoded(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
            "response": response, "clientExtensionResults": extensions,
        })
        .to_string()
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        let challenge = &options["publicKey"]["challenge"];
        json!({ "type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false }).to_string()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let mut data = Sha256::digest(&self.rp_id).to_vec();
        data.push(flags);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The same with the new credential: AAGUID, id and public key (COSE, ES256).
    fn attested_data(&self) -> Vec<u8> {
        let mut data = self.data(self.flags | ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        let mut key = minicbor::Encoder::new(data);
        key.map(5).unwrap().i8(1).unwrap().i8(2).unwrap().i8(3).unwrap().i8(-7).unwrap();
        key.i8(-1).unwrap().i8(1).unwrap();
        key.i8(-2).unwrap().bytes(point.x().unwrap()).unwrap();
        key.i8(-3).unwrap().bytes(point.y().unwrap()).unwrap();
        key.into_writer()
    }
}

fn encoded(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}
