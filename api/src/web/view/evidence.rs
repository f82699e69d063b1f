//! Files that show what is declared: as the desks list them, and as an applicant adds them to the form.

use std::borrow::Cow;

use domain::calendar::{Day, Instant};
use domain::criteria::CriterionId;
use domain::evidence::{CASE_FILES, EvidenceFile, EvidenceLink, FILE_LINKS, FileDigest};
use domain::text::Text;
use serde_json::Value;

use super::form::{Choice, Field, FieldError, Form, Input, Width, read_boxes};
use crate::evidence::{Named, Scan, Upload, size_text};

/// A file of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    pub digest: String,
    pub name: String,
    /// 「PDF、12ページ、1.2 MB」
    pub about: String,
    pub speaks_of: Option<Day>,
    pub uploaded_at: Instant,
    /// None where the upload is not known, so that nobody is told it was scanned.
    pub scan: Option<Scan>,
    pub places: Vec<Place>,
}

/// Where a file shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub criterion: CriterionId,
    pub title: String,
    pub page: Option<u32>,
    pub note: String,
}

impl FileLine {
    /// A file as the application names it, and whether it was scanned.
    pub fn new(file: &EvidenceFile, scan: Option<Scan>) -> Self {
        let place = |link: &EvidenceLink| Place {
            criterion: link.criterion,
            title: link.criterion.term().ja,
            page: link.page,
            note: link.note.clone(),
        };
        Self {
            digest: file.digest.to_string(),
            name: file.name.clone(),
            about: about(&file.media.term(), file.pages, file.bytes),
            speaks_of: file.speaks_of,
            uploaded_at: file.uploaded_at,
            scan,
            places: file.links.iter().map(place).collect(),
        }
    }

    /// Where it shows something about this criterion.
    pub fn about(&self, criterion: CriterionId) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |place| place.criterion == criterion)
    }

    pub(super) fn scanned(&self) -> String {
        self.scan.unwrap_or(Scan::None).term().ja
    }
}

fn about(kind: &Text, pages: Option<u32>, bytes: u64) -> String {
    let pages = pages.map_or_else(String::new, |pages| format!("、{pages}ページ"));
    format!("{}{pages}、{}", kind.ja, size_text(bytes))
}

pub use domain::draft::FILES;
/// Places that are asked for even while they are empty.
const LEAST_PLACES: usize = 2;

static SPEAKS_OF: Field =
    Field::optional("/speaksOf", "書類が示す日", "発行日、撮影日など。アップロードした日ではありません。", Input::Day);
static REMOVE: Field = Field::optional(
    "/remove",
    "このファイルを外す",
    "",
    Input::SomeOf(Cow::Borrowed(&[(Cow::Borrowed("yes"), Cow::Borrowed("外す"))])),
);
static CONFIRMED: Field = Field::required(
    "/confirmed",
    "前回の申請のファイルを今回も使う",
    "いまも正しいことを確かめてから選んでください。使わないときは外します。",
    Input::SomeOf(Cow::Borrowed(&[(Cow::Borrowed("yes"), Cow::Borrowed("確かめたので使う"))])),
);
static PAGE: Field = Field::optional("/page", "ページ", "", Input::Number(""));
static NOTE: Field = Field::optional("/note", "何を示すか", "", Input::Line(Width::Full));

/// A file in the form, with what is asked about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCard {
    /// Its place in the form, from 0.
    pub index: usize,
    pub digest: String,
    pub name: String,
    pub about: String,
    pub scanned: String,
    pub uploaded_at: Instant,
    /// The application that it was taken from and that nobody has confirmed it for yet, or has.
    pub last: Option<String>,
    /// The day it speaks of, where that lies so far back that it should be looked at again.
    pub old: Option<Day>,
    /// The day it speaks of, whether it is to be left out, and for one from last time whether it still holds.
    pub fields: Vec<Field>,
    /// Criterion, page and note.
    pub places: Vec<[Field; 3]>,
}

impl FileCard {
    /// The files of a form that were really uploaded, as `find` knows them.
    pub fn all(form: &Form, uploads: &[Upload]) -> Vec<Self> {
        let card = |index: usize| {
            let upload = uploads.iter().find(|upload| upload.digest.as_str() == form.value(&name(index, "digest")))?;
            let place = format!("{FILES}/{index}");
            let links = format!("{place}/links");
            let count = (form.entries(&links) + 1).clamp(LEAST_PLACES, FILE_LINKS);
            let last = Some(form.value(&name(index, "last"))).filter(|last| !last.is_empty()).map(str::to_owned);
            let asked = [Some(&SPEAKS_OF), last.as_ref().map(|_| &CONFIRMED), Some(&REMOVE)];
            Some(Self {
                index,
                digest: upload.digest.to_string(),
                name: upload.name.clone(),
                about: about(&upload.media.term(), upload.pages, upload.bytes),
                scanned: upload.scan.term().ja,
                uploaded_at: upload.uploaded_at,
                last,
                old: None,
                fields: asked.into_iter().flatten().map(|field| field.under(&place)).collect(),
                places: (0..count).map(|link| place_fields(&format!("{links}/{link}"))).collect(),
            })
        };
        (0..form.entries(FILES)).filter_map(card).collect()
    }

    /// Every field that it shows.
    pub fn every_field(&self) -> impl Iterator<Item = Field> {
        self.places.iter().flatten().chain(&self.fields).cloned().collect::<Vec<_>>().into_iter()
    }
}

fn name(index: usize, part: &str) -> String {
    format!("{FILES}/{index}/{part}")
}

fn place_fields(place: &str) -> [Field; 3] {
    let criteria: Vec<Choice> = CriterionId::ALL
        .into_iter()
        .map(|criterion| (Cow::Owned(word(criterion)), Cow::Owned(criterion.term().ja)))
        .collect();
    let criterion = Field::optional("/criterion", "示す要件", "", Input::Select(Cow::Owned(criteria)));
    [criterion.under(place), PAGE.under(place), NOTE.under(place)]
}

fn word(criterion: CriterionId) -> String {
    serde_json::to_value(criterion).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The day that a file speaks of as the form says, or else that of its upload.
pub fn day_of(form: &Form, card: &FileCard) -> Day {
    let part = |part: &str| form.value(&name(card.index, &format!("speaksOf/{part}"))).to_owned();
    read_boxes(&part("year"), &part("month"), &part("day")).unwrap_or_else(|_| card.uploaded_at.day())
}

/// The digests that a form holds, in its order.
pub fn digests(form: &Form) -> Vec<FileDigest> {
    (0..form.entries(FILES)).filter_map(|index| form.value(&name(index, "digest")).parse().ok()).collect()
}

/// The form without the files that are to be left out.
pub fn without_removed(mut form: Form) -> Form {
    let removed = |index: &usize| !form.value(&name(*index, "remove")).is_empty();
    let places: Vec<String> =
        (0..form.entries(FILES)).filter(removed).map(|index| format!("{FILES}/{index}/")).collect();
    form.typed.retain(|(typed, _)| !places.iter().any(|place| typed.starts_with(place)));
    let form = form.compacted(FILES);
    (0..form.entries(FILES)).fold(form, |form, index| form.compacted(&name(index, "links")))
}

/// The form without files that nobody uploaded.
pub fn without_unknown(mut form: Form, uploads: &[Upload]) -> Form {
    for index in 0..form.entries(FILES) {
        let digest = form.value(&name(index, "digest"));
        if !uploads.iter().any(|upload| upload.digest.as_str() == digest) {
            let place = format!("{FILES}/{index}/");
            form.typed.retain(|(typed, _)| !typed.starts_with(&place));
        }
    }
    form.compacted(FILES)
}

/// The form with these files behind its own; one that is there already is not there twice.
pub fn with_files(mut form: Form, added: impl Iterator<Item = FileDigest>) -> Form {
    let mut known = digests(&form);
    for digest in added {
        let index = form.entries(FILES);
        if !known.contains(&digest) && index < CASE_FILES {
            form.typed.push((name(index, "digest"), digest.to_string()));
            known.push(digest);
        }
    }
    form
}

/// The same for files of an earlier application, which stand there until somebody says that they still hold.
pub fn fill_again(application: &str, files: &[EvidenceFile]) -> Vec<(String, String)> {
    let marks = (0..files.len()).map(|index| (name(index, "last"), application.to_owned()));
    fill(files).into_iter().chain(marks).collect()
}

/// The form that these files fill.
pub fn fill(files: &[EvidenceFile]) -> Vec<(String, String)> {
    let mut typed = Vec::new();
    for (index, file) in files.iter().enumerate() {
        typed.push((name(index, "digest"), file.digest.to_string()));
        if let Some((year, month, day)) = file.speaks_of.map(Day::ymd) {
            typed.push((name(index, "speaksOf/year"), year.to_string()));
            typed.push((name(index, "speaksOf/month"), month.to_string()));
            typed.push((name(index, "speaksOf/day"), day.to_string()));
        }
        for (place, link) in file.links.iter().enumerate() {
            let mut put =
                |part: &str, value: String| typed.push((name(index, &format!("links/{place}/{part}")), value));
            put("criterion", word(link.criterion));
            if let Some(page) = link.page {
                put("page", page.to_string());
            }
            put("note", link.note.clone());
        }
    }
    typed
}

/// What the form says of its files; every field that cannot be read, with what to do.
pub fn read(form: &Form, cards: &[FileCard]) -> Result<Vec<Named>, Vec<FieldError>> {
    let (mut files, mut errors) = (Vec::new(), Vec::new());
    for card in cards {
        match read_card(form, card) {
            Ok(named) => files.push(named),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if errors.is_empty() { Ok(files) } else { Err(errors) }
}

fn read_card(form: &Form, card: &FileCard) -> Result<Named, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut links = Vec::new();
    for fields in &card.places {
        let [criterion, page, note] = fields;
        if [criterion, page, note].iter().all(|field| form.is_empty_below(&field.name)) {
            continue;
        }
        if form.is_empty_below(&criterion.name) {
            let message = Text::new("示す要件を選んでください。", "Choose the criterion that it shows.");
            errors.push(FieldError { field: criterion.name.to_string(), message });
            continue;
        }
        match form.read(fields) {
            Ok(read) => links.extend(typed(&read, &criterion.name)),
            Err(wrong) => errors.extend(wrong),
        }
    }
    if card.last.is_some() {
        let confirmed: Vec<Field> =
            card.fields.iter().filter(|field| field.name.ends_with("/confirmed")).cloned().collect();
        errors.extend(form.read(&confirmed).err().into_iter().flatten());
    }
    let speaks_of = match form.read(&card.fields[..1]) {
        Ok(read) => read.pointer(&card.fields[0].name).and_then(Value::as_str).and_then(|day| day.parse().ok()),
        Err(wrong) => {
            errors.extend(wrong);
            None
        }
    };
    match card.digest.parse() {
        Ok(digest) if errors.is_empty() => Ok(Named { digest, speaks_of, links }),
        _ => Err(errors),
    }
}

/// The link at the place of its criterion's field.
fn typed(read: &Value, criterion: &str) -> Option<EvidenceLink> {
    let place = criterion.strip_suffix("/criterion")?;
    serde_json::from_value(read.pointer(place)?.clone()).ok()
}

/// A refusal's pointer below `/evidence` as the form's own field; about all of them, as the form's as a whole.
pub fn in_form(pointer: &str) -> String {
    match pointer.strip_prefix("/evidence") {
        Some("") => String::new(),
        Some(rest) => format!("{FILES}{}", rest.strip_suffix("/digest").unwrap_or(rest)),
        None => pointer.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upload(n: u8) -> Upload {
        Upload {
            organisation: "O-1".parse().unwrap(),
            digest: FileDigest::of([n; 32]),
            person: "P-1".parse().unwrap(),
            name: format!("{n}.pdf"),
            media: domain::evidence::Media::Pdf,
            bytes: 1_234_567,
            pages: Some(3),
            shown: FileDigest::of([n; 32]),
            shown_bytes: 1_234_567,
            scan: Scan::None,
            uploaded_at: "2026-04-01T00:00:00Z".parse().unwrap(),
        }
    }

    fn link(criterion: CriterionId, page: Option<u32>, note: &str) -> EvidenceLink {
        EvidenceLink { criterion, page, note: note.to_owned() }
    }

    fn named(n: u8, speaks_of: Option<&str>, links: Vec<EvidenceLink>) -> Named {
        Named { digest: FileDigest::of([n; 32]), speaks_of: speaks_of.map(|day| day.parse().unwrap()), links }
    }

    #[test]
    fn what_is_filled_in_is_read_again() {
        let links = vec![link(CriterionId::HelpDesk, Some(3), "受付時間"), link(CriterionId::Insurance, None, "")];
        let all = [named(1, Some("2026-03-31"), links), named(2, None, vec![])];
        let files: Vec<EvidenceFile> =
            all.iter().cloned().zip([upload(1), upload(2)]).map(|(named, upload)| named.of(upload)).collect();
        let form = Form::of(fill(&files));
        let cards = FileCard::all(&form, &[upload(1), upload(2)]);
        assert_eq!(cards[0].about, "PDF、3ページ、1.2 MB");
        assert_eq!(read(&form, &cards).unwrap(), all);
    }

    #[test]
    fn files_are_added_once_and_left_out_when_they_are_to_be() {
        let of = |n| FileDigest::of([n; 32]);
        let form = with_files(Form::default(), [of(1), of(2), of(1), of(3)].into_iter());
        assert_eq!(digests(&form), [of(1), of(2), of(3)]);
        let mut form = with_files(form, [of(2), of(4)].into_iter());
        form.typed.push(("/files/1/remove".to_owned(), "yes".to_owned()));
        form.typed.push(("/files/2/links/0/note".to_owned(), "三つ目".to_owned()));
        let form = without_removed(form);
        assert_eq!(digests(&form), [of(1), of(3), of(4)]);
        assert_eq!(form.value("/files/1/links/0/note"), "三つ目", "what is typed goes with its file");
        // A digest that nobody uploaded makes no card.
        assert_eq!(
            FileCard::all(&form, &[upload(1), upload(4)]).iter().map(|card| card.index).collect::<Vec<_>>(),
            [0, 2]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_at_its_field() {
        let typed = [
            ("/files/0/digest", FileDigest::of([1; 32]).to_string()),
            ("/files/0/speaksOf/year", "2026".to_owned()),
            ("/files/0/speaksOf/month", "2".to_owned()),
            ("/files/0/speaksOf/day", "30".to_owned()),
            ("/files/0/links/0/note", "要件なし".to_owned()),
            ("/files/0/links/1/criterion", "help_desk".to_owned()),
            ("/files/0/links/1/page", "三".to_owned()),
        ];
        let form = Form::of(typed.map(|(name, value)| (name.to_owned(), value)).into());
        let errors = read(&form, &FileCard::all(&form, &[upload(1)])).unwrap_err();
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["/files/0/links/0/criterion", "/files/0/links/1/page", "/files/0/speaksOf"]);
        assert_eq!(in_form("/evidence/1/links/0/page"), "/files/1/links/0/page");
        assert_eq!(in_form("/evidence/1/digest"), "/files/1");
        assert_eq!(in_form("/service/name"), "/service/name");
    }
}
