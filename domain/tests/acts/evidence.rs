//! Evidence 「証跡」 of an application: its limits to the byte, and that an act is bound to its files.

use domain::act::{Act, Record, Replay};
use domain::application::{Application, Refusal};
use domain::criteria::CriterionId;
use domain::evidence::{CASE_BYTES, CASE_FILES, EvidenceFile, EvidenceLink, FILE_BYTES, FILE_LINKS, Fault, Media};
use domain::evidence::{FileDigest, NOTE_CHARACTERS, Submission};

use crate::world::{self, NOW, at};

/// A file of so many bytes, which is no other than any of another `n`.
pub fn file(n: usize, bytes: u64) -> EvidenceFile {
    let mut digest = [0; 32];
    digest[..8].copy_from_slice(&(n as u64).to_be_bytes());
    EvidenceFile {
        digest: FileDigest::of(digest),
        name: "秘密の料金表.pdf".to_owned(),
        media: Media::Pdf,
        bytes,
        pages: Some(12),
        uploaded_at: at(NOW),
        uploaded_by: "P-1".parse().expect("a person"),
        speaks_of: Some(world::day("2026-03-31")),
        links: vec![link(Some(12), "秘密の注")],
    }
}

fn link(page: Option<u32>, note: &str) -> EvidenceLink {
    EvidenceLink { criterion: CriterionId::HelpDesk, page, note: note.to_owned() }
}

fn submission(evidence: Vec<EvidenceFile>) -> Submission {
    Submission { declaration: world::declaration(), evidence, concerns: None }
}

fn submit(evidence: Vec<EvidenceFile>) -> Result<(Application, Act), Refusal> {
    let (id, owner) = ("A-2026-00009".parse().expect("an id"), world::submitted().owner);
    Application::submit(id, owner, submission(evidence), "2.0", &"0".repeat(64), &world::applicant(), at(NOW))
}

#[test]
fn every_limit_holds_to_the_last_one() {
    let with = |change: &dyn Fn(&mut EvidenceFile)| {
        let mut changed = file(1, 10);
        change(&mut changed);
        vec![file(0, 10), changed]
    };
    let pages = |page, pages| with(&move |file| (file.pages, file.links) = (pages, vec![link(page, "")]));
    let note = |characters: usize| with(&move |file| file.links = vec![link(None, &"注".repeat(characters))]);
    let links = |links: usize| with(&move |file| file.links = vec![link(None, ""); links]);
    let many = |files: usize, bytes| (0..files).map(|n| file(n, bytes)).collect::<Vec<_>>();
    let whole = || many((CASE_BYTES / FILE_BYTES) as usize, FILE_BYTES);
    let over = || whole().into_iter().chain([file(99, 1)]).collect::<Vec<_>>();
    for (what, files, expected) in [
        ("none", vec![], None),
        ("one byte", many(1, 1), None),
        ("no byte", many(1, 0), Some(Fault::Size { file: 0, bytes: 0 })),
        ("the largest file", many(1, FILE_BYTES), None),
        ("a byte more", many(1, FILE_BYTES + 1), Some(Fault::Size { file: 0, bytes: FILE_BYTES + 1 })),
        ("the largest case", whole(), None),
        ("a byte more", over(), Some(Fault::Bytes { bytes: CASE_BYTES + 1 })),
        ("the most files", many(CASE_FILES, 1), None),
        ("one more", many(CASE_FILES + 1, 1), Some(Fault::Files { files: CASE_FILES + 1 })),
        ("the same file twice", vec![file(1, 10), file(1, 10)], Some(Fault::Twice { file: 1 })),
        ("the last page", pages(Some(12), Some(12)), None),
        ("a page more", pages(Some(13), Some(12)), Some(Fault::Page { file: 1, link: 0, page: 13, pages: Some(12) })),
        ("page 0", pages(Some(0), Some(12)), Some(Fault::Page { file: 1, link: 0, page: 0, pages: Some(12) })),
        ("any page of a file whose pages nobody counted", pages(Some(999), None), None),
        ("page 0 of such a file", pages(Some(0), None), Some(Fault::Page { file: 1, link: 0, page: 0, pages: None })),
        ("the longest note", note(NOTE_CHARACTERS), None),
        ("a longer one", note(NOTE_CHARACTERS + 1), Some(Fault::Note { file: 1, link: 0, characters: 1_001 })),
        ("the most places", links(FILE_LINKS), None),
        ("one more", links(FILE_LINKS + 1), Some(Fault::Links { file: 1, links: FILE_LINKS + 1 })),
    ] {
        let expected = expected.map(Refusal::Evidence);
        assert_eq!(submit(files.clone()).err(), expected, "{what}, submitted");
        let again = world::returned().resubmit(submission(files), &world::applicant(), at(NOW));
        assert_eq!(again.err(), expected, "{what}, resubmitted");
    }
}

#[test]
fn what_is_submitted_last_stands_and_replays() {
    let (first, act) = submit(vec![file(1, 10), file(2, 20)]).expect("it is within the limits");
    assert_eq!(first.evidence.len(), 2);
    assert_eq!(Application::replay(None, &act).as_ref(), Ok(&first));
    let returned = first.send_back(world::reasons(), &world::secretary(), at(NOW)).expect("it was submitted").0;
    assert_eq!(returned.evidence.len(), 2, "a return takes nothing away");
    let (again, act) = returned
        .clone()
        .resubmit(submission(vec![file(3, 30)]), &world::applicant(), at(NOW))
        .expect("it is its owner's");
    assert_eq!(again.evidence, [file(3, 30)]);
    assert_eq!(Application::replay(Some(returned), &act), Ok(again));
}

/// The leaf tells nothing of the files and is bound to each of them.
#[test]
fn a_leaf_is_bound_to_the_files_and_does_not_tell_them() {
    let leaf = |files| Record::of(&submit(files).expect("it is within the limits").1, 7, None, [[1; 16], [2; 16]]).leaf;
    let told = leaf(vec![file(1, 10)]);
    for secret in ["秘密", "料金表", "2026-03-31", file(1, 10).digest.as_str(), "evidence"] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    let other = |change: &dyn Fn(&mut EvidenceFile)| {
        let mut changed = file(1, 10);
        change(&mut changed);
        leaf(vec![changed])
    };
    for (what, changed) in [
        ("none", leaf(vec![])),
        ("two", leaf(vec![file(1, 10), file(2, 10)])),
        ("digest", other(&|file| file.digest = FileDigest::of([9; 32]))),
        ("note", other(&|file| file.links[0].note.push('。'))),
        ("page", other(&|file| file.links[0].page = Some(1))),
        ("day", other(&|file| file.speaks_of = None)),
    ] {
        assert_ne!(changed, told, "{what}");
    }
}

/// Acts from before there were files read and are written as they were.
#[test]
fn an_act_without_files_has_the_bytes_it_always_had() {
    let (state, act) = submit(vec![]).expect("nothing is too much");
    for written in [serde_json::to_string(&act).unwrap(), serde_json::to_string(&state).unwrap()] {
        assert!(!written.contains("uploadedAt") && !written.contains("\"evidence\":[]}"), "{written}");
    }
    assert_eq!(serde_json::from_str::<Act>(&serde_json::to_string(&act).unwrap()).unwrap(), act);
}
