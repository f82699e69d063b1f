//! The log's checkpoint and leaves, verified by libraries that this project did not write.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use signed_note::{Note, StandardVerifier, VerifierList};
use tests::{Client, Database, Register, past, text};
use tlog_tiles::{Checkpoint, Error, Hash, HashReader, record_hash, stored_hashes, tree_hash};

/// A log's hashes, kept as the Go tools keep theirs.
#[derive(Default)]
struct Stored(Vec<Hash>);

impl HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Error> {
        Ok(indexes.iter().map(|&index| self.0[index as usize]).collect())
    }
}

tests::on_both!(others_verify_the_checkpoint_and_every_leaf_under_it);

fn others_verify_the_checkpoint_and_every_leaf_under_it(database: Database) {
    let register = Register::new(database);
    past::first_round(&register);
    let vkey = register.run(&["keys", "--format", "vkey"]);
    let verifier =
        || VerifierList::new(vec![Box::new(StandardVerifier::new(vkey.trim()).expect("a C2SP verifier key"))]);
    let server = register.serve();
    let client = server.client();
    let acts = register.acts() as u64;
    let note = published(&client, acts);
    let read = Note::from_bytes(note.as_bytes()).expect("a signed note");
    let (verified, unknown) = read.verify(&verifier()).expect("the log's key signed it");
    assert_eq!((verified.len(), unknown.len()), (1, 0));
    let checkpoint = Checkpoint::from_bytes(read.text()).expect("a checkpoint");
    assert_eq!((checkpoint.origin(), checkpoint.size()), ("otasuketai.example/log", acts));

    let mut stored = Stored::default();
    for index in 0..checkpoint.size() {
        let said: Value = client.get(&format!("/api/v1/log/leaves/{index}")).send().ok();
        let leaf = text(&said, "leaf").as_bytes();
        let hashes = stored_hashes(index, leaf, &stored).expect("every earlier hash is there");
        assert_eq!(hashes[0], record_hash(leaf));
        stored.0.extend(hashes);
    }
    assert_eq!(tree_hash(checkpoint.size(), &stored).expect("a root"), *checkpoint.hash());
    assert_eq!(client.get(&format!("/api/v1/log/leaves/{acts}")).send().status, 404);

    // Every line matters: another size, another root, another log.
    for (from, to) in [
        (format!("\n{acts}\n"), format!("\n{}\n", acts - 1)),
        ("otasuketai.example/log\n".to_owned(), "otasuketai.example/lob\n".to_owned()),
        (note.lines().nth(2).expect("a root").to_owned(), data_encoding::BASE64.encode(&[0; 32])),
    ] {
        let forged = note.replacen(&from, &to, 1);
        assert_ne!(forged, note);
        let is_refused = Note::from_bytes(forged.as_bytes()).map_or(true, |note| note.verify(&verifier()).is_err());
        assert!(is_refused, "{forged}");
    }
}

/// The checkpoint, once it covers all acts.
fn published(client: &Client, acts: u64) -> String {
    let begun = Instant::now();
    loop {
        let answer = client.get("/log/checkpoint").send();
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        if answer.text().lines().nth(1) == Some(&acts.to_string()) {
            return answer.text().to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "the checkpoint does not follow: {}", answer.text());
        thread::sleep(Duration::from_millis(50));
    }
}
