//! The log's tree at every small size: proofs that hold, and every way of spoiling one.

use domain::tlog::bundle::{self, BundleError, MAX_ENTRY};
use domain::tlog::checkpoint::{Checkpoint, CheckpointError};
use domain::tlog::merkle::{Frontier, Hash, MAX_SIZE, Node, NotAFrontier, empty_root, leaf_hash, node_hash};
use domain::tlog::note::{MAX_SIGNATURES, Note, NoteError, NoteKey};
use domain::tlog::proof::{NoProof, Plan, ProofError, check_consistency, check_inclusion};
use domain::tlog::tile::{Appender, Tile, TileId, TileTooNarrow, Tiles};
use ed25519_dalek::SigningKey;
use proptest::prelude::*;

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(&index.to_be_bytes())).collect()
}

/// RFC 6962 §2.1, word for word.
fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

fn complete(leaves: &[Hash]) -> impl Fn(Node) -> Result<Hash, ()> {
    |node| {
        let from = (node.index << node.height) as usize;
        leaves.get(from..from + (1 << node.height)).map(root_of).ok_or(())
    }
}

fn tiles_of(leaves: &[Hash]) -> Tiles {
    let mut appender = Appender::new(Frontier::new());
    leaves.iter().for_each(|leaf| _ = appender.append(*leaf));
    let mut tiles = Tiles::default();
    appender.finish().1.into_iter().for_each(|row| tiles.insert(row.tile, row.hashes));
    tiles
}

#[test]
fn the_edge_has_the_root_and_survives_storing() {
    let leaves = leaves(70);
    let mut frontier = Frontier::new();
    for size in 0..=70 {
        assert_eq!((frontier.size(), frontier.root()), (size as u64, root_of(&leaves[..size])));
        assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier.clone()));
        assert_eq!(frontier.to_bytes().len(), 8 + 32 * size.count_ones() as usize);
        if let Some(leaf) = leaves.get(size) {
            frontier.append(*leaf);
        }
    }
}

#[test]
fn what_is_not_a_stored_edge_is_refused() {
    let bytes = |size: u64, hashes: usize| [&size.to_be_bytes()[..], &vec![7; hashes]].concat();
    for (bytes, expected) in [
        (vec![], NotAFrontier::Length { found: 0, expected: 8 }),
        (vec![0; 7], NotAFrontier::Length { found: 7, expected: 8 }),
        (bytes(0, 1), NotAFrontier::Length { found: 9, expected: 8 }),
        (bytes(0, 32), NotAFrontier::Length { found: 40, expected: 8 }),
        (bytes(5, 0), NotAFrontier::Length { found: 8, expected: 72 }),
        (bytes(5, 32), NotAFrontier::Length { found: 40, expected: 72 }),
        (bytes(5, 65), NotAFrontier::Length { found: 73, expected: 72 }),
        (bytes(5, 96), NotAFrontier::Length { found: 104, expected: 72 }),
        (bytes(MAX_SIZE, 32), NotAFrontier::Size { size: MAX_SIZE }),
        (bytes(u64::MAX, 64 * 32), NotAFrontier::Size { size: u64::MAX }),
    ] {
        assert_eq!(Frontier::from_bytes(&bytes), Err(expected));
    }
    let largest = Frontier::from_bytes(&bytes(MAX_SIZE - 1, 62 * 32)).expect("the largest tree");
    assert_eq!(largest.size(), MAX_SIZE - 1);
}

/// Appending in batches of any size adds the same hashes to the same tiles.
#[test]
fn batches_add_rows_to_tiles() {
    let leaves = leaves(600);
    let mut tiles = std::collections::BTreeMap::<TileId, Vec<Hash>>::new();
    let mut frontier = Frontier::new();
    for batch in leaves.chunks(37) {
        let before = frontier.size();
        let mut appender = Appender::new(frontier);
        for (index, leaf) in (before..).zip(batch) {
            assert_eq!(appender.append(*leaf), index);
        }
        let (after, rows) = appender.finish();
        let touched = Tile::touched(before, after.size()).len();
        let level_0 = rows.iter().filter(|row| row.tile.level == 0).count();
        assert_eq!(touched, rows.len() + level_0, "each row of level 0 has its bundle");
        for row in rows {
            let hashes = tiles.entry(row.tile).or_default();
            assert_eq!((usize::from(row.from), row.hashes.is_empty()), (hashes.len(), false));
            hashes.extend(row.hashes);
        }
        frontier = after;
    }
    assert_eq!(frontier.root(), root_of(&leaves));
    let id = |level, index| TileId { level, index };
    let widths: Vec<_> = tiles.iter().map(|(tile, hashes)| (*tile, hashes.len())).collect();
    assert_eq!(widths, [(id(0, 0), 256), (id(0, 1), 256), (id(0, 2), 88), (id(1, 0), 2)]);
    assert_eq!(tiles[&id(1, 0)], [root_of(&leaves[..256]), root_of(&leaves[256..512])]);
    assert!(widths.iter().all(|(tile, width)| usize::from(tile.width_at(600)) == *width));
}

#[test]
fn every_inclusion_proof_holds_and_no_spoilt_one_does() {
    let leaves = leaves(70);
    for size in 1..=70u64 {
        let (tree, root) = (&leaves[..size as usize], root_of(&leaves[..size as usize]));
        for index in 0..size {
            let proof = Plan::inclusion(index, size).unwrap().prove(complete(tree)).unwrap();
            let leaf = tree[index as usize];
            assert_eq!(check_inclusion(leaf, index, size, &proof, root), Ok(()), "{index} of {size}");
            for spoilt in spoil(&proof) {
                assert!(check_inclusion(leaf, index, size, &spoilt, root).is_err(), "{index} of {size}");
            }
            let (longer, found) = ([&proof[..], &[[7; 32]]].concat(), proof.len() + 1);
            assert_eq!(check_inclusion(leaf, index, size, &longer, root), Err(ProofError::Length { found }));
            assert!(check_inclusion(leaf, index ^ 1, size, &proof, root).is_err() || size == 1);
            assert!(check_inclusion(leaf, index, size, &proof, [7; 32]).is_err());
            assert!(check_inclusion([7; 32], index, size, &proof, root).is_err());
            assert!(check_inclusion(leaf, index, size * 2, &proof, root).is_err());
        }
    }
}

#[test]
fn every_consistency_proof_holds_and_no_spoilt_one_does() {
    let leaves = leaves(70);
    let roots: Vec<_> = (0..=70).map(|size| root_of(&leaves[..size])).collect();
    for new in 0..=70u64 {
        for old in 0..=new {
            let proof = Plan::consistency(old, new).unwrap().prove(complete(&leaves[..new as usize])).unwrap();
            let (old_root, new_root) = (roots[old as usize], roots[new as usize]);
            let check = |old_root, new_root, proof: &[Hash]| check_consistency((old, old_root), (new, new_root), proof);
            assert_eq!(check(old_root, new_root, &proof), Ok(()), "{old} to {new}");
            for spoilt in spoil(&proof) {
                assert!(check(old_root, new_root, &spoilt).is_err(), "{old} to {new}");
            }
            assert!(check([7; 32], new_root, &proof).is_err());
            // The empty tree is the beginning of every tree, whatever its root.
            assert_eq!(check(old_root, [7; 32], &proof).is_ok(), old == 0 && new > 0);
            assert_eq!(check(new_root, old_root, &proof).is_ok(), old == new);
        }
    }
}

/// A hash more, fewer, or changed, at every place.
fn spoil(proof: &[Hash]) -> Vec<Vec<Hash>> {
    let mut spoilt = Vec::new();
    for at in 0..=proof.len() {
        let (before, after) = proof.split_at(at);
        spoilt.push([before, &[[7; 32]], after].concat());
        if let [first, rest @ ..] = after {
            let mut changed = *first;
            changed[at % 32] ^= 1;
            spoilt.push([before, &[changed], rest].concat());
            spoilt.push([before, rest].concat());
        }
    }
    spoilt
}

#[test]
fn proofs_of_nothing_are_refused() {
    for (index, size) in [(0, 0), (1, 1), (5, 5), (6, 5), (u64::MAX, u64::MAX)] {
        let why = NoProof::OutOfTree { index, size };
        assert_eq!(Plan::inclusion(index, size), Err(why));
        assert_eq!(check_inclusion([7; 32], index, size, &[], [7; 32]), Err(ProofError::NoProof(why)));
    }
    for (old, new) in [(1, 0), (6, 5), (u64::MAX, 1)] {
        let why = NoProof::Shrinks { old, new };
        assert_eq!(Plan::consistency(old, new), Err(why));
        assert_eq!(check_consistency((old, [7; 32]), (new, [7; 32]), &[]), Err(ProofError::NoProof(why)));
    }
    // The largest sizes overflow nothing.
    assert_eq!(Plan::inclusion(u64::MAX - 1, u64::MAX).unwrap().prove(|_| Ok::<_, ()>([0; 32])).unwrap().len(), 63);
    assert!(check_inclusion([7; 32], u64::MAX - 1, u64::MAX, &[[7; 32]; 100], [7; 32]).is_err());
    assert!(check_consistency((u64::MAX - 1, [7; 32]), (u64::MAX, [7; 32]), &[[7; 32]; 100]).is_err());
}

/// A plan names its tiles before they are read; with exactly those the proof is made, without any one of them it fails.
#[test]
fn a_plan_names_just_the_tiles_it_needs() {
    const SIZE: u64 = 70_000;
    let leaves = leaves(SIZE);
    let (all, mut frontier) = (tiles_of(&leaves), Frontier::new());
    leaves.iter().for_each(|leaf| frontier.append(*leaf));
    let root = frontier.root();
    for (plan, tiles) in [
        (Plan::inclusion(0, SIZE), &[(0, 0), (0, 273), (1, 0), (1, 1)][..]),
        (Plan::inclusion(69_999, SIZE), &[(0, 273), (1, 1), (2, 0)]),
        (Plan::consistency(65_537, SIZE), &[(0, 256), (0, 273), (1, 1), (2, 0)]),
        (Plan::consistency(65_536, SIZE), &[(0, 273), (1, 1)]),
        (Plan::consistency(SIZE, SIZE), &[]),
    ] {
        let plan = plan.expect("a proof");
        let named: Vec<_> = plan.tiles().into_iter().map(|tile| (tile.level, tile.index)).collect();
        assert_eq!(named, tiles);
        let proof = plan.prove(|node| all.hash(node)).expect("every tile is there");
        for missing in plan.tiles() {
            let without = plan.prove(|node| match TileId::holding(node) {
                tile if tile == missing => Err(TileTooNarrow { tile, needed: 0 }),
                _ => all.hash(node),
            });
            assert!(without.is_err());
        }
        assert!(proof.len() <= 18);
    }
    let proof = Plan::inclusion(69_999, SIZE).unwrap().prove(|node| all.hash(node)).unwrap();
    assert_eq!(check_inclusion(leaves[69_999], 69_999, SIZE, &proof, root), Ok(()));
    let (tile, needed) = (TileId { level: 0, index: 273 }, 113);
    assert_eq!(all.hash(Node { height: 0, index: SIZE }), Err(TileTooNarrow { tile, needed }));
}

#[test]
fn bundles_hold_entries_of_every_length() {
    let longest = vec![7; MAX_ENTRY];
    let entries = [&b""[..], b"one", &longest, b""];
    let mut bundle = Vec::new();
    entries.iter().for_each(|entry| bundle::push(&mut bundle, entry).expect("short enough"));
    assert_eq!(&bundle[..7], b"\0\0\0\x03one");
    assert_eq!(bundle::read(&bundle), Ok(entries.to_vec()));
    assert_eq!(bundle::read(b""), Ok(vec![]));
    let too_long = vec![7; MAX_ENTRY + 1];
    assert_eq!(bundle::push(&mut bundle, &too_long), Err(BundleError::TooLong { length: 65_536 }));
    for (bytes, at) in [(&b"\0"[..], 0), (b"\0\x01", 0), (b"\0\0\0\x03on", 2), (b"\0\0\xff", 2)] {
        assert_eq!(bundle::read(bytes), Err(BundleError::Cut { at }));
    }
    assert_eq!(bundle::read(&[0; 2 * 256]).map(|entries| entries.len()), Ok(256));
    assert_eq!(bundle::read(&[0; 2 * 257]), Err(BundleError::TooMany { entries: 257 }));
}

const ORIGIN: &str = "log.example.jp/otasuketai";

fn key(seed: u8) -> (SigningKey, NoteKey) {
    let secret = SigningKey::from_bytes(&[seed; 32]);
    let public = secret.verifying_key().try_into().expect("a sound key");
    (secret, NoteKey::new(ORIGIN, public).expect("a name"))
}

#[test]
fn notes_are_read_only_in_their_form() {
    let line = Note::sign("text\n", ORIGIN, &key(1).0).expect("a note").to_string();
    let line = line.strip_prefix("text\n\n").expect("the text comes first");
    let signature = |line| NoteError::Signature { line };
    for (note, expected) in [
        (format!("text\n\n{line}"), None),
        (format!("\n\n{line}"), None),
        (format!("text\n\n\n{line}"), None),
        (format!("text\n\n{}", line.repeat(MAX_SIGNATURES)), None),
        (format!("text\n\n{}", line.repeat(MAX_SIGNATURES + 1)), Some(NoteError::TooLong)),
        (format!("{}\n\n{line}", "t".repeat(1_000_000)), Some(NoteError::TooLong)),
        (String::new(), Some(signature(0))),
        ("text\n".to_owned(), Some(signature(0))),
        ("text\n\n".to_owned(), Some(signature(0))),
        (format!("text\n{line}"), Some(signature(0))),
        (format!("text\n\n{}", line.trim_end()), Some(signature(0))),
        (format!("text\n\n{line}\n"), Some(signature(0))),
        (format!("text\n\n{line}more\n"), Some(signature(1))),
        (format!("te\txt\n\n{line}"), Some(NoteError::Text)),
        (format!("text\r\n\n{line}"), Some(NoteError::Text)),
        (format!("text\n\n{}", line.replacen('—', "-", 1)), Some(signature(0))),
        (format!("text\n\n{}", line.replacen("— ", "—", 1)), Some(signature(0))),
        (format!("text\n\n{}", line.replacen(ORIGIN, "a+b", 1)), Some(signature(0))),
        (format!("text\n\n{}", line.replacen(ORIGIN, "", 1)), Some(signature(0))),
        (format!("text\n\n{}", line.replacen(ORIGIN, "a\u{3000}b", 1)), Some(signature(0))),
        (format!("text\n\n{}", line.replacen('=', "", 1)), Some(signature(0))),
        ("text\n\n— name AAAAAA==\n".to_owned(), Some(signature(0))), // an id without a signature
    ] {
        assert_eq!(Note::parse(&note).err(), expected, "{note:.60}");
    }
    for text in ["", "no newline", "bell\u{7}\n"] {
        assert_eq!(Note::sign(text, ORIGIN, &key(1).0), Err(NoteError::Text), "{text:?}");
    }
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\nb"] {
        assert_eq!(Note::sign("text\n", name, &key(1).0), Err(NoteError::Name), "{name:?}");
    }
}

#[test]
fn a_note_is_believed_for_known_keys_only() {
    let [(one, one_key), (two, two_key)] = [key(1), key(2)];
    let line = |secret| Note::sign("text\n", ORIGIN, secret).expect("a note").to_string().split_off("text\n\n".len());
    let (by_one, by_two) = (line(&one), line(&two));
    let read = |note: String, keys: &[NoteKey]| Note::parse(&note).expect("a note").verify(keys).map(str::to_owned);
    let both = format!("text\n\n{by_one}{by_two}");
    for keys in [vec![one_key.clone()], vec![two_key.clone()], vec![two_key.clone(), one_key.clone()]] {
        assert_eq!(read(both.clone(), &keys), Ok("text\n".to_owned()));
    }
    assert_eq!(read(both.clone(), &[]), Err(NoteError::Unsigned));
    assert_eq!(read(format!("text\n\n{by_two}"), std::slice::from_ref(&one_key)), Err(NoteError::Unsigned));
    // A known key's wrong signature spoils the note, though another's holds.
    let mut wrong = Note::sign("other\n", ORIGIN, &one).expect("a note").to_string();
    let wrong = wrong.split_off("other\n\n".len());
    let altered = Err(NoteError::Altered { name: ORIGIN.to_owned() });
    assert_eq!(read(format!("text\n\n{by_two}{wrong}"), &[two_key, one_key.clone()]), altered);
    assert_eq!(read(format!("other\n\n{by_one}"), &[one_key]), altered);
}

/// While one key follows another, both sign the same text; another text's signature is not taken over.
#[test]
fn a_note_takes_a_second_signature() {
    let [(one, one_key), (two, two_key)] = [key(1), key(2)];
    let [by_one, by_two] = [&one, &two].map(|secret| Note::sign("text\n", ORIGIN, secret).expect("a note"));
    let both = by_one.clone().and(by_two.clone());
    assert_eq!(both.signatures(), [by_one.signatures(), by_two.signatures()].concat(), "in this order");
    let read = Note::parse(&both.to_string()).expect("a note");
    for keys in [vec![one_key.clone()], vec![two_key.clone()], vec![one_key, two_key]] {
        assert_eq!(read.verify(&keys), Ok("text\n"));
    }
    let of_another = Note::sign("other\n", ORIGIN, &two).expect("a note");
    assert_eq!(by_one.clone().and(of_another), by_one);
}

#[test]
fn verifier_keys_are_read_in_one_form() {
    let key = key(1).1;
    let text = key.to_string();
    assert_eq!(text.parse(), Ok(key));
    let weak = data_encoding::BASE64.encode(&[&[1u8, 1], &[0; 31][..]].concat());
    for (wrong, why) in [
        (String::new(), NoteError::Key),
        (ORIGIN.to_owned(), NoteError::Key),
        (text.replacen(ORIGIN, "other.example.jp", 1), NoteError::Key), // the id is over the name too
        (text.replacen("+", "+0", 1), NoteError::Key),
        (text.replacen("+A", "+B", 1), NoteError::Key), // another type
        (format!("{text}="), NoteError::Key),
        (text[..text.len() - 4].to_owned(), NoteError::Key),
        (text.replacen(ORIGIN, "", 1), NoteError::Name),
        (format!("{ORIGIN}+00000000+{weak}"), NoteError::Key),
    ] {
        assert_eq!(wrong.parse::<NoteKey>(), Err(why), "{wrong}");
    }
}

#[test]
fn checkpoints_are_read_only_in_their_form() {
    const ROOT: &str = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    for (body, line) in [
        (format!("{ORIGIN}\n7\n{ROOT}\n"), None),
        (format!("{ORIGIN}\n0\n{ROOT}\n"), None),
        (format!("{ORIGIN}\n18446744073709551615\n{ROOT}\n"), None),
        (format!("{ORIGIN}\n7\n{ROOT}\nextension\n"), None),
        (String::new(), Some(0)),
        (format!("{ORIGIN}\n7\n{ROOT}"), Some(0)),
        (format!("\n7\n{ROOT}\n"), Some(0)),
        (format!("{ORIGIN}\n7\n"), Some(2)),
        (format!("{ORIGIN}\n\n{ROOT}\n"), Some(1)),
        (format!("{ORIGIN}\n07\n{ROOT}\n"), Some(1)),
        (format!("{ORIGIN}\n+7\n{ROOT}\n"), Some(1)),
        (format!("{ORIGIN}\n-7\n{ROOT}\n"), Some(1)),
        (format!("{ORIGIN}\n7 \n{ROOT}\n"), Some(1)),
        (format!("{ORIGIN}\n18446744073709551616\n{ROOT}\n"), Some(1)),
        (format!("{ORIGIN}\n7\nAAAA\n"), Some(2)),
        (format!("{ORIGIN}\n7\n{}\n", ROOT.replace("2I=", "2J=")), Some(2)), // bits after the end
        (format!("{ORIGIN}\n7\n{ROOT}\n\n"), Some(3)),
        (format!("{ORIGIN}\n7\n{ROOT}\nextension\n\n"), Some(4)),
    ] {
        let wrong = line.map(|line| CheckpointError::Line { line });
        assert_eq!(Checkpoint::parse(&body).err(), wrong, "{body:?}");
    }
}

#[test]
fn a_checkpoint_is_opened_with_its_own_key_and_origin() {
    let [(one, one_key), (_, two_key)] = [key(1), key(2)];
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 7, root: [7; 32] };
    let note = checkpoint.sign(&one).expect("a name").to_string();
    let open = |note: &str, key: &NoteKey| Checkpoint::open(note, ORIGIN, std::slice::from_ref(key));
    assert_eq!(open(&note, &one_key), Ok(checkpoint.clone()));
    assert_eq!(open(&note, &two_key), Err(CheckpointError::Note(NoteError::Unsigned)));
    let altered = CheckpointError::Note(NoteError::Altered { name: ORIGIN.to_owned() });
    assert_eq!(open(&note.replacen("\n7\n", "\n8\n", 1), &one_key), Err(altered));
    let other = Checkpoint { origin: "log.example.jp/other".to_owned(), ..checkpoint };
    let signing = other.sign_with(&one_key, |_| -> Result<_, NoteError> { unreachable!("not asked") });
    assert_eq!(signing, Err(NoteError::Name));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn tile_paths_are_read_back(level in 0u8..64, index: u64, width in 1u16..=256, is_entries: bool) {
        use domain::tlog::tile::Resource;
        let resource = if is_entries { Resource::Entries { index } } else { Resource::Hashes(TileId { level, index }) };
        let tile = Tile { resource, width };
        prop_assert_eq!(tile.to_string().parse(), Ok(tile));
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,80}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = (text.parse::<Tile>(), text.parse::<NoteKey>(), Checkpoint::parse(&text));
        let _ = Note::parse(&format!("{text}\n\n— {text}\n"));
        let _ = (bundle::read(&bytes), Frontier::from_bytes(&bytes));
    }
}
