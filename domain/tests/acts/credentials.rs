//! A licence and a list of licences as credentials: what other programs read of them.

use std::io::Read;

use domain::credential::{Issued, licence, list};
use domain::status_list::{PLACES, Said, Statement, StatusList};
use serde_json::json;

use crate::world::{self, NOW, at};

const ISSUED: Issued<'_> = Issued { base: "https://register.example.jp", did: "did:web:register.example.jp" };

#[test]
fn a_licence_says_what_its_token_says() {
    let (licensed, registered) = (world::licensed(), world::registered());
    let said = licence(&licensed, &registered, &ISSUED);
    assert_eq!(said["id"], format!("https://register.example.jp/{}", licensed.id));
    assert_eq!(said["issuer"]["id"], "did:web:register.example.jp");
    assert_eq!(said["validFrom"], licensed.granted_at.to_string());
    assert_eq!(said["validUntil"], licensed.grant.expires_at.to_string());
    let holder = &said["credentialSubject"]["holder"];
    assert_eq!((&holder["name"], &holder["role"]), (&json!(licensed.grant.holder_name), &json!("user")));
    assert_eq!(said["credentialSubject"]["service"]["registrationNumber"], json!(registered.number));
    let status = &said["credentialStatus"];
    let place = licensed.grant.status_index % PLACES;
    let list = licensed.grant.status_index / PLACES;
    assert_eq!(status["statusListIndex"], place.to_string());
    assert_eq!(status["statusListCredential"], format!("https://register.example.jp/status/{list}.vc"));
    assert_eq!(status["statusMessage"][2], json!({ "status": "0x2", "message": "suspended" }));
    let own = licence(&world::provider_licensed(), &registered, &ISSUED);
    assert_eq!(own["credentialSubject"]["holder"]["role"], "provider");
}

/// Bitstring Status List 1.0: the first place is in the highest bits of the first byte.
#[test]
fn a_list_has_the_same_places() {
    let mut places = StatusList::default();
    for (place, said) in [(0, Said::Suspended), (1, Said::Ended), (5, Said::Revoked), (PLACES - 1, Said::Ended)] {
        places.set(place, said);
    }
    let statement = Statement::new("https://register.example.jp/status/7".to_owned(), places, at(NOW));
    let said = list(&statement, &ISSUED);
    assert_eq!((&said["id"], &said["validFrom"]), (&json!("https://register.example.jp/status/7.vc"), &json!(NOW)));
    let encoded = said["credentialSubject"]["encodedList"].as_str().and_then(|text| text.strip_prefix('u'));
    let encoded = data_encoding::BASE64URL_NOPAD.decode(encoded.expect("base64url").as_bytes()).expect("base64url");
    let mut bits = Vec::new();
    flate2::read::GzDecoder::new(&encoded[..]).read_to_end(&mut bits).expect("GZIP");
    assert_eq!(bits.len() * 8, PLACES as usize * 2);
    let read = |place: usize| bits[place / 4] >> (6 - place % 4 * 2) & 3;
    assert_eq!([0, 1, 2, 5, PLACES as usize - 1].map(read), [2, 3, 0, 1, 3]);
    assert_eq!(bits.iter().map(|byte| byte.count_ones()).sum::<u32>(), 6);
    assert_eq!(list(&statement, &ISSUED), said, "one list has one form");
}
