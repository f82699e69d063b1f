//! The log's formats against vectors and libraries written by others (`tests/vectors/README.md`).

use data_encoding::{BASE64, HEXLOWER as HEX};
use domain::tlog::checkpoint::{Checkpoint, CheckpointError};
use domain::tlog::merkle::{Frontier, Hash, leaf_hash};
use domain::tlog::note::{Note, NoteError, NoteKey};
use domain::tlog::proof::{Plan, check_consistency, check_inclusion};
use domain::tlog::tile::{Appender, Resource, Tile, TileId, Tiles};
use ed25519_dalek::SigningKey;
use serde_json::Value;

const ORIGIN: &str = "log.example.jp/otasuketai";

fn hash(value: &Value) -> Hash {
    HEX.decode(value.as_str().expect("a string").as_bytes()).expect("hexadecimal").try_into().expect("32 bytes")
}

fn hashes(value: &Value) -> Vec<Hash> {
    value.as_array().expect("a list").iter().map(hash).collect()
}

/// A tree of these leaf hashes: its edge and its tiles.
fn tree(leaves: impl IntoIterator<Item = Hash>) -> (Frontier, Tiles) {
    let mut appender = Appender::new(Frontier::new());
    leaves.into_iter().for_each(|leaf| _ = appender.append(leaf));
    let (frontier, rows) = appender.finish();
    let mut tiles = Tiles::default();
    rows.into_iter().for_each(|row| tiles.insert(row.tile, row.hashes));
    (frontier, tiles)
}

fn leaves(count: u64) -> impl Iterator<Item = Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes()))
}

#[test]
fn certificate_transparency_reference_roots_and_proofs() {
    let file: Value = serde_json::from_str(include_str!("../../tests/vectors/rfc6962-merkle.json")).expect("JSON");
    let entries = file["leaves"].as_array().expect("a list").iter();
    let leaves: Vec<_> = entries.map(|e| leaf_hash(&HEX.decode(e.as_str().unwrap().as_bytes()).unwrap())).collect();
    let roots = hashes(&file["roots"]);
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(tree(leaves[..size].iter().copied()).0.root(), *root, "size {size}");
    }
    let (_, tiles) = tree(leaves.iter().copied());
    let number = |value: &Value| value.as_u64().expect("a number");
    for case in file["inclusion"].as_array().expect("a list") {
        let (leaf, size, proof) = (number(&case["leaf"]), number(&case["size"]), hashes(&case["proof"]));
        assert_eq!(Plan::inclusion(leaf, size).unwrap().prove(|node| tiles.hash(node)), Ok(proof.clone()));
        assert_eq!(check_inclusion(leaves[leaf as usize], leaf, size, &proof, roots[size as usize]), Ok(()));
    }
    for case in file["consistency"].as_array().expect("a list") {
        let (old, new, proof) = (number(&case["old"]), number(&case["new"]), hashes(&case["proof"]));
        assert_eq!(Plan::consistency(old, new).unwrap().prove(|node| tiles.hash(node)), Ok(proof.clone()));
        let (old, new) = ((old, roots[old as usize]), (new, roots[new as usize]));
        assert_eq!(check_consistency(old, new, &proof), Ok(()));
    }
}

/// The paths and widths that C2SP tlog-tiles gives as examples.
#[test]
fn tiles_as_the_specification_says() {
    let tile = |resource, width| Tile { resource, width };
    let hashes = |level, index| Resource::Hashes(TileId { level, index });
    for (path, expected) in [
        ("tile/0/x001/x234/067", tile(hashes(0, 1_234_067), 256)),
        ("tile/0/000", tile(hashes(0, 0), 256)),
        ("tile/0/272", tile(hashes(0, 272), 256)),
        ("tile/0/273.p/112", tile(hashes(0, 273), 112)),
        ("tile/1/001.p/17", tile(hashes(1, 1), 17)),
        ("tile/2/000.p/1", tile(hashes(2, 0), 1)),
        ("tile/63/999.p/255", tile(hashes(63, 999), 255)),
        ("tile/entries/x001/000", tile(Resource::Entries { index: 1000 }, 256)),
        ("tile/entries/x018/x446/x744/x073/x709/x551/615", tile(Resource::Entries { index: u64::MAX }, 256)),
    ] {
        assert_eq!(expected.to_string(), path);
        assert_eq!(path.parse(), Ok(expected));
    }
    // "A tree of size 70,000 …": 273 full and one partial tile of level 0, one and one of level 1, one of level 2.
    let paths: Vec<_> = Tile::touched(0, 70_000).into_iter().map(|tile| tile.to_string()).collect();
    assert_eq!(paths.iter().filter(|path| path.starts_with("tile/0/")).count(), 274);
    assert_eq!(paths.iter().filter(|path| path.starts_with("tile/entries/")).count(), 274);
    for path in ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1", "tile/entries/273.p/112"] {
        assert!(paths.iter().any(|found| found == path), "{path}");
    }
    assert_eq!(paths.len(), 274 + 274 + 2 + 1);
}

#[test]
fn what_is_not_the_one_path_of_a_tile_is_refused() {
    for path in [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile//000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/1000",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/x1/000",
        "tile/0/xx001/000",
        "tile/0/x001x000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/",
        "tile/0/000.p/1/",
        "tile/0/000.P/1",
        "tile/entries/",
        "tile/Entries/000",
        "tile/data/000",
        "tile/0/..",
        "tile/0/%30",
        "tile/0/０００",
        "tile/0/x018/x446/x744/x073/x709/x551/616", // one more than 64 bits hold
    ] {
        assert!(path.parse::<Tile>().is_err(), "{path}");
    }
}

/// `tlog_tiles` accepts our proofs, and names the same tiles.
#[test]
fn another_library_reads_our_tree() {
    const SIZE: u64 = 1000;
    let (frontier, tiles) = tree(leaves(SIZE));
    let root = tlog_tiles::Hash(frontier.root());
    let theirs = |proof: Vec<Hash>| proof.into_iter().map(tlog_tiles::Hash).collect::<Vec<_>>();
    for index in (0..SIZE).step_by(37).chain([255, 256, 511, 512, 998, 999]) {
        let proof = theirs(Plan::inclusion(index, SIZE).unwrap().prove(|node| tiles.hash(node)).unwrap());
        let leaf = tlog_tiles::record_hash(&index.to_be_bytes());
        assert!(tlog_tiles::check_record(&proof, SIZE, root, index, leaf).is_ok(), "leaf {index}");
        assert!(tlog_tiles::check_record(&proof, SIZE, root, (index + 1) % SIZE, leaf).is_err(), "leaf {index}");
    }
    for old in [1, 2, 3, 255, 256, 257, 512, 700, 999, 1000] {
        let proof = theirs(Plan::consistency(old, SIZE).unwrap().prove(|node| tiles.hash(node)).unwrap());
        let old_root = tlog_tiles::Hash(tree(leaves(old)).0.root());
        assert!(tlog_tiles::check_tree(&proof, SIZE, root, old, old_root).is_ok(), "from {old}");
    }
    for (old, new) in [(0, 1), (0, 256), (255, 256), (256, 257), (100, 70_000), (65_535, 65_537), (5, 5)] {
        let ours = Tile::touched(old, new).into_iter().filter(|tile| matches!(tile.resource, Resource::Hashes(_)));
        let mut ours: Vec<_> = ours.map(|tile| tile.to_string()).collect();
        let theirs = tlog_tiles::Tile::new_tiles(8, old, new).into_iter();
        // Theirs begin with the height of a tile, which C2SP fixed and left out.
        let mut theirs: Vec<_> = theirs.map(|tile| tile.path().replacen("tile/8/", "tile/", 1)).collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs, "from {old} to {new}");
    }
}

/// The example note of Go's `sumdb/note`, which the format comes from.
#[test]
fn a_note_written_by_others_is_read() {
    let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let line =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let key: NoteKey = key.parse().expect("a verifier key");
    let written = format!("{text}\n{line}");
    let note = Note::parse(&written).expect("a note");
    assert_eq!(note.verify(std::slice::from_ref(&key)), Ok(text));
    assert_eq!(note.to_string(), written);
    let altered = Note::parse(&written.replace("your problem is", "my problem is")).expect("a note");
    assert_eq!(altered.verify(&[key]), Err(NoteError::Altered { name: "PeterNeumann".to_owned() }));
}

/// The examples in the two specifications, as far as they go without their keys.
#[test]
fn the_examples_of_the_specifications_are_read() {
    let note = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n\
        — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let note = Note::parse(note).expect("a note");
    assert_eq!((note.signatures().len(), note.signatures()[0].name.as_str()), (1, "quasimodo.example/salvatore"));
    assert_eq!(note.verify(&[]), Err(NoteError::Unsigned));
    let body = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    let checkpoint = Checkpoint::parse(body).expect("a checkpoint");
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(BASE64.encode(&checkpoint.root), "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
    assert_eq!(checkpoint.body(), body);
}

/// `signed_note` and `tlog_tiles` read our checkpoint, and we read a note they signed.
#[test]
fn other_libraries_read_our_checkpoint_and_we_theirs() {
    let key = SigningKey::from_bytes(&[3; 32]);
    let public = key.verifying_key().try_into().expect("a sound key");
    let vkey = NoteKey::new(ORIGIN, public).expect("a name");
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 3, root: tree(leaves(3)).0.root() };
    let note = checkpoint.sign(&key).expect("a name").to_string();

    let theirs = signed_note::StandardVerifier::new(&vkey.to_string()).expect("our key is theirs");
    let known = signed_note::VerifierList::new(vec![Box::new(theirs)]);
    let read = signed_note::Note::from_bytes(note.as_bytes()).expect("our note is theirs");
    assert_eq!(read.verify(&known).expect("our signature is theirs").0.len(), 1);
    let body = tlog_tiles::Checkpoint::from_bytes(read.text()).expect("our body is theirs");
    assert_eq!((body.origin(), body.size(), body.hash().0), (ORIGIN, 3, checkpoint.root));

    let id = vkey.to_string().split('+').nth(1).expect("an id").to_owned();
    let secret = BASE64.encode(&[&[1u8], &[3; 32][..]].concat());
    let signer = signed_note::StandardSigner::new(&format!("PRIVATE+KEY+{ORIGIN}+{id}+{secret}")).expect("a key");
    let mut theirs = signed_note::Note::new(checkpoint.body().as_bytes(), &[]).expect("a text");
    theirs.add_sigs(&[&signer]).expect("signed");
    assert_eq!(String::from_utf8(theirs.to_bytes()).expect("text"), note);
    assert_eq!(Checkpoint::open(&note, ORIGIN, std::slice::from_ref(&vkey)), Ok(checkpoint));
    let other = CheckpointError::Origin { found: ORIGIN.to_owned() };
    assert_eq!(Checkpoint::open(&note, "log.example.jp/other", &[vkey]), Err(other));
}
