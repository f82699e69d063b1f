//! A judgement as a form: its fields, what fills them, and what was posted.

use std::borrow::Cow::{Borrowed, Owned};

use domain::examination::{Answer, Ground, Judgement};
use domain::text::Text;

use super::criteria::Weighed;
use super::evidence::FileLine;
use super::form::{Choice, Field, FieldError, Form, Input, Need};
use crate::working_papers::{Unsent, UnsentGround, WorkingPaper};

/// Answers with their words in forms, in the order of their keys 1 to 3.
const ANSWERS: [(Answer, &str); 3] =
    [(Answer::Met, "met"), (Answer::Unmet, "unmet"), (Answer::NotApplicable, "not_applicable")];

/// What is asked about one criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgementFields {
    pub answer: Field,
    /// Only where there is a finding that may be overruled.
    pub overrules: Option<Field>,
    /// A file, and a page of it.
    pub grounds: Vec<[Field; 2]>,
    pub reason: Field,
    pub note: Field,
}

impl JudgementFields {
    /// The fields for a criterion of a case with these files, with as many grounds as `form` has and one more. Only
    /// answers that arithmetic leaves open are offered.
    pub fn new(weighed: &Weighed, files: &[FileLine], form: &Form) -> Self {
        let (line, bound) = (&weighed.line, &weighed.bound);
        let key = &line.key;
        let field = |name: String, label: String, help, input, need| Field {
            name: name.into(),
            label: Owned(format!("{}：{label}", line.title)),
            help,
            input,
            need,
        };
        let open = ANSWERS.iter().filter(|(answer, _)| weighed.can_answer(*answer));
        let choices: Vec<Choice> = open.map(|(answer, word)| (Borrowed(*word), Owned(answer.term().ja))).collect();
        let is_bound = bound.only().is_some();
        let help =
            if is_bound { "計算で決まる要件です。示された答えだけを選べます。" } else { "" };
        let found = bound.found.filter(|_| bound.may_overrule);
        let overrules = found.map(|found| {
            let words = format!("所見（{}）と違う判断であることを承知しています", found.term().ja);
            let input = Input::SomeOf(vec![(Borrowed("yes"), Owned(words))].into());
            let help = "違う判断のときだけ選び、その理由を下に書いてください。";
            field(name(key, "overrules"), "計算による所見を覆す".to_owned(), help, input, Need::Optional)
        });
        let reason = "申請者に示されます。";
        Self {
            answer: field(name(key, "answer"), "判断".to_owned(), help, Input::OneOf(choices.into()), Need::Required),
            overrules,
            grounds: grounds(weighed, files, form),
            reason: field(name(key, "reason"), "判断の理由".to_owned(), reason, Input::Lines, Need::Required),
            note: field(
                note_name(key),
                "あなたのメモ".to_owned(),
                "あなただけが読めます。記録（ログ）には残りません。",
                Input::Lines,
                Need::Optional,
            ),
        }
    }

    /// All of them, in the order in which they stand.
    pub fn every(&self) -> impl Iterator<Item = &Field> {
        let grounds = self.grounds.iter().flatten();
        [&self.answer].into_iter().chain(&self.overrules).chain(grounds).chain([&self.reason, &self.note])
    }
}

/// The files that the applicant says are about it come first, each with a box to tick; then those that were chosen
/// beside them; then one to choose.
fn grounds(weighed: &Weighed, files: &[FileLine], form: &Form) -> Vec<[Field; 2]> {
    if files.is_empty() {
        return Vec::new();
    }
    let list = name(&weighed.line.key, "evidence");
    let linked = linked(weighed);
    let typed = |row: usize| form.value(&format!("{list}/{row}/digest"));
    let count = form.entries(&list).max(linked.len());
    let mut rows: Vec<[Field; 2]> = Vec::new();
    let mut is_last_open = false;
    for row in 0..count {
        let digest = linked.get(row).copied().unwrap_or_else(|| typed(row));
        let file = files.iter().find(|file| file.digest == digest);
        is_last_open = file.is_none();
        rows.push(row_of(weighed, &list, row, file, files));
    }
    if !is_last_open {
        rows.push(row_of(weighed, &list, count, None, files));
    }
    rows
}

fn row_of(weighed: &Weighed, list: &str, row: usize, file: Option<&FileLine>, files: &[FileLine]) -> [Field; 2] {
    let choice = |file: &FileLine| (Owned(file.digest.clone()), Owned(format!("{}（{}）", file.name, file.about)));
    let (label, input) = match file {
        Some(file) => ("根拠", Input::SomeOf(vec![choice(file)].into())),
        None => ("根拠に加えるファイル", Input::Select(files.iter().map(choice).collect::<Vec<_>>().into())),
    };
    let title = &weighed.line.title;
    let field = |part: &str, label: String, input| Field {
        name: Owned(format!("{list}/{row}/{part}")),
        label: Owned(label),
        help: "",
        input,
        need: Need::Optional,
    };
    let number = row + 1;
    [
        field("digest", format!("{title}：{label}{number}"), input),
        field("page", format!("{title}：根拠{number}のページ"), Input::Number("")),
    ]
}

/// The digests of the files that are said to be about it, each once.
fn linked(weighed: &Weighed) -> Vec<&str> {
    let mut digests: Vec<&str> = Vec::new();
    for shown in &weighed.files {
        if !digests.contains(&shown.digest.as_str()) {
            digests.push(&shown.digest);
        }
    }
    digests
}

fn name(key: &str, part: &str) -> String {
    format!("/judgements/{key}/{part}")
}

fn note_name(key: &str) -> String {
    format!("/notes/{key}")
}

/// The answer that is chosen for a criterion.
pub fn answer_in(form: &Form, key: &str) -> Option<Answer> {
    let typed = form.value(&name(key, "answer"));
    ANSWERS.iter().find(|(_, word)| *word == typed).map(|(answer, _)| *answer)
}

/// The form that an examiner's judgements so far fill; what they have typed since takes their place.
pub fn fill(criteria: &[Weighed], judgements: &[Judgement], papers: &[WorkingPaper]) -> Form {
    let mut typed = Vec::new();
    for weighed in criteria {
        let about = weighed.line.criterion;
        let paper = papers.iter().find(|paper| paper.criterion == about);
        let judged = judgements.iter().find(|judgement| judgement.criterion == about).map(Unsent::from);
        if let Some(unsent) = paper.and_then(|paper| paper.unsent.clone()).or(judged) {
            type_in(weighed, unsent, &mut typed);
        }
        typed.extend(paper.map(|paper| (note_name(&weighed.line.key), paper.note.clone())));
    }
    Form::of(typed)
}

fn type_in(weighed: &Weighed, unsent: Unsent, typed: &mut Vec<(String, String)>) {
    let key = &weighed.line.key;
    let word = |answer| ANSWERS.iter().find(|(known, _)| *known == answer).map(|(_, word)| (*word).to_owned());
    typed.extend(unsent.answer.and_then(word).map(|word| (name(key, "answer"), word)));
    typed.extend(unsent.overrules.then(|| (name(key, "overrules"), "yes".to_owned())));
    typed.push((name(key, "reason"), unsent.reason));
    let list = name(key, "evidence");
    let mut rest = unsent.evidence;
    let mut rows: Vec<UnsentGround> = Vec::new();
    // Each file that is about it has its row, ticked or not.
    for digest in linked(weighed) {
        let cited = rest.iter().position(|ground| ground.digest == digest);
        rows.push(cited.map(|place| rest.remove(place)).unwrap_or_default());
    }
    for (row, ground) in rows.into_iter().chain(rest).enumerate() {
        typed.push((format!("{list}/{row}/digest"), ground.digest));
        typed.push((format!("{list}/{row}/page"), ground.page));
    }
}

/// What is typed about a criterion as it is, and the note.
pub fn typed(weighed: &Weighed, form: &Form) -> (Unsent, String) {
    let key = &weighed.line.key;
    let evidence = rows(form, key).map(|(_, ground)| ground).collect();
    let (reason, overrules) =
        (form.value(&name(key, "reason")).to_owned(), form.value(&name(key, "overrules")) == "yes");
    let unsent = Unsent { answer: answer_in(form, key), reason, overrules, evidence };
    (unsent, form.value(&note_name(key)).to_owned())
}

/// The same without empty rows, to be compared: what a form has and has not in it besides its words does not matter.
pub fn words(weighed: &Weighed, form: &Form) -> (Unsent, String) {
    let (mut unsent, note) = typed(weighed, form);
    unsent.evidence.retain(|ground| *ground != UnsentGround::default());
    unsent.reason = unsent.reason.trim().to_owned();
    (unsent, note.trim().to_owned())
}

/// Was anything of this criterion posted, if only an empty field?
pub fn is_posted(weighed: &Weighed, form: &Form) -> bool {
    let (own, note) = (name(&weighed.line.key, ""), note_name(&weighed.line.key));
    form.typed.iter().any(|(typed, _)| typed.starts_with(&own) || *typed == note)
}

/// What is too long to be kept.
pub fn too_long(weighed: &Weighed, form: &Form) -> Vec<FieldError> {
    let fields = JudgementFields::new(weighed, &[], form);
    let texts = [fields.reason, fields.note].map(|field| Field { need: Need::Optional, ..field });
    form.read(&texts).err().unwrap_or_default()
}

/// The rows of a criterion's grounds, with their places in the form.
fn rows<'a>(form: &'a Form, key: &str) -> impl Iterator<Item = (usize, UnsentGround)> + use<'a> {
    let list = name(key, "evidence");
    (0..form.entries(&list)).map(move |row| {
        let value = |part: &str| form.value(&format!("{list}/{row}/{part}")).trim().to_owned();
        (row, UnsentGround { digest: value("digest"), page: value("page") })
    })
}

/// The judgements that were posted; a criterion with neither answer nor reason nor ground is left for later. Only that
/// of the criterion `only`, where one is named.
pub fn read(criteria: &[Weighed], form: &Form, only: &str) -> Result<Vec<Judgement>, Vec<FieldError>> {
    let (mut judgements, mut errors) = (Vec::new(), Vec::new());
    for weighed in criteria.iter().filter(|weighed| only.is_empty() || weighed.line.key == only) {
        let (unsent, _) = typed(weighed, form);
        let is_cited = unsent.evidence.iter().any(|ground| !ground.digest.is_empty());
        if unsent.answer.is_none() && unsent.reason.trim().is_empty() && !is_cited && only.is_empty() {
            continue;
        }
        match read_one(weighed, form, unsent) {
            Ok(judgement) => judgements.push(judgement),
            Err(found) => errors.extend(found),
        }
    }
    if errors.is_empty() { Ok(judgements) } else { Err(errors) }
}

fn read_one(weighed: &Weighed, form: &Form, unsent: Unsent) -> Result<Judgement, Vec<FieldError>> {
    let (key, reason) = (&weighed.line.key, unsent.reason.trim());
    let wrong = |field: String, ja: &str, en: &str| FieldError { field, message: Text::new(ja, en) };
    let mut errors = Vec::new();
    if unsent.answer.is_none() {
        errors.push(wrong(name(key, "answer"), "判断を選んでください。", "Choose an answer."));
    }
    if reason.is_empty() {
        errors.push(wrong(name(key, "reason"), "判断の理由を入力してください。", "Give the reason."));
    }
    let mut evidence = Vec::new();
    for (row, ground) in rows(form, key).filter(|(_, ground)| *ground != UnsentGround::default()) {
        let place = name(key, &format!("evidence/{row}"));
        let page = Field::optional("/page", "", "", Input::Number("")).under(&place);
        let page = match form.read(std::slice::from_ref(&page)) {
            Ok(read) => read.pointer(&page.name).and_then(serde_json::Value::as_u64),
            Err(found) => {
                errors.extend(found);
                continue;
            }
        };
        match ground.digest.parse() {
            Ok(digest) => evidence.push(Ground { digest, page: page.and_then(|page| u32::try_from(page).ok()) }),
            Err(_) => errors.push(wrong(
                format!("{place}/digest"),
                "このページのファイルを選んでください。",
                "Choose the file of this page.",
            )),
        }
    }
    match unsent.answer {
        Some(answer) if errors.is_empty() => {
            let (criterion, reason) = (weighed.line.criterion, reason.to_owned());
            Ok(Judgement { criterion, answer, reason, evidence, overrules: unsent.overrules })
        }
        _ => Err(errors),
    }
}

/// Errors that name a ground by its place among those that were sent, moved to its row in the form.
pub fn at_their_rows(mut form: Form) -> Form {
    let mut moved = std::mem::take(&mut form.errors);
    for error in &mut moved {
        let parts: Vec<&str> = error.field.split('/').collect();
        if let ["", "judgements", key, "evidence", place, part] = parts[..] {
            let sent = rows(&form, key).filter(|(_, ground)| !ground.digest.is_empty());
            let row = place.parse().ok().and_then(|place| sent.map(|(row, _)| row).nth(place));
            error.field = row.map_or_else(|| name(key, "evidence"), |row| name(key, &format!("evidence/{row}/{part}")));
        }
    }
    form.errors = moved;
    form
}

#[cfg(test)]
mod tests {
    use domain::criteria::CriterionId;
    use domain::evidence::FileDigest;

    use super::*;
    use crate::web::view::samples::{case_files, criteria};

    fn form(typed: &[(&str, &str)]) -> Form {
        Form::of(typed.iter().map(|(name, value)| (format!("/judgements/{name}"), (*value).to_owned())).collect())
    }

    fn digest(n: u8) -> FileDigest {
        FileDigest::of([n; 32])
    }

    fn given() -> [Judgement; 3] {
        let ground = |n, page| Ground { digest: digest(n), page };
        [
            Judgement {
                // Two places of the file that is said to be about it, and one of another.
                evidence: vec![ground(1, Some(3)), ground(1, Some(7)), ground(2, None)],
                ..Judgement::new(CriterionId::HelpDesk, Answer::Unmet, "窓口が二つある。")
            },
            Judgement {
                overrules: true,
                evidence: vec![ground(2, Some(1))],
                ..Judgement::new(CriterionId::EmergencyResponse, Answer::NotApplicable, "対象外。")
            },
            Judgement::new(CriterionId::Renewal, Answer::Met, "誓約がある。"),
        ]
    }

    #[test]
    fn what_is_filled_is_read_again() {
        let filled = fill(&criteria(), &given(), &[]);
        assert_eq!(read(&criteria(), &filled, "").as_deref(), Ok(given().as_slice()));
        assert_eq!(read(&criteria(), &filled, "renewal").as_deref(), Ok(&given()[2..]));
        assert_eq!(read(&criteria(), &Form::default(), ""), Ok(Vec::new()), "what is not judged is left for later");
        for judgement in given() {
            let weighed = criteria().into_iter().find(|weighed| weighed.line.criterion == judgement.criterion);
            let (unsent, note) = typed(&weighed.expect("it is asked"), &filled);
            assert_eq!((unsent.answer, unsent.reason, note), (Some(judgement.answer), judgement.reason, String::new()));
        }
    }

    #[test]
    fn what_was_typed_since_takes_its_place_and_the_note_stays() {
        let evidence = vec![UnsentGround { digest: digest(2).to_string(), page: "十二".to_owned() }];
        let unsent = Unsent { answer: None, reason: "見直し中".to_owned(), overrules: false, evidence };
        let saved_at = "2026-11-02T03:04:05Z".parse().expect("an instant");
        let paper = |criterion, unsent| WorkingPaper { criterion, unsent, note: "電話する".to_owned(), saved_at };
        let papers = [paper(CriterionId::HelpDesk, Some(unsent.clone())), paper(CriterionId::Renewal, None)];
        let filled = fill(&criteria(), &given(), &papers);
        let of = |criterion| {
            let found = criteria().into_iter().find(|weighed| weighed.line.criterion == criterion);
            typed(&found.expect("it is asked"), &filled)
        };
        let (now, note) = of(CriterionId::HelpDesk);
        assert_eq!((now.answer, now.reason.as_str(), note.as_str()), (None, "見直し中", "電話する"));
        assert!(now.evidence.contains(&unsent.evidence[0]), "as it was typed: {now:?}");
        let (renewal, note) = of(CriterionId::Renewal);
        assert_eq!((renewal.answer, note.as_str()), (Some(Answer::Met), "電話する"));
    }

    #[test]
    fn half_a_judgement_is_refused_at_the_other_half() {
        let (one, two) = (digest(1).to_string(), digest(2).to_string());
        for (typed, wrong) in [
            (&[("help_desk/answer", "met")][..], &["help_desk/reason"][..]),
            (&[("help_desk/answer", "met"), ("help_desk/reason", " 　")], &["help_desk/reason"]),
            (&[("help_desk/reason", "見た")], &["help_desk/answer"]),
            (&[("help_desk/answer", "ask"), ("help_desk/reason", "見た")], &["help_desk/answer"]),
            (&[("help_desk/evidence/0/digest", &one)], &["help_desk/answer", "help_desk/reason"]),
            (
                &[("help_desk/answer", "met"), ("help_desk/reason", "見た"), ("help_desk/evidence/0/page", "3")],
                &["help_desk/evidence/0/digest"],
            ),
            (
                &[
                    ("help_desk/answer", "met"),
                    ("help_desk/reason", "見た"),
                    ("help_desk/evidence/0/page", ""),
                    ("help_desk/evidence/1/digest", &two),
                    ("help_desk/evidence/1/page", "三"),
                ],
                &["help_desk/evidence/1/page"],
            ),
        ] {
            let errors = read(&criteria(), &form(typed), "").expect_err("half of it is missing");
            let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
            assert_eq!(fields, wrong.iter().map(|name| format!("/judgements/{name}")).collect::<Vec<_>>());
        }
        let errors = read(&criteria(), &Form::default(), "help_desk").expect_err("it was to be judged");
        assert_eq!(errors.len(), 2);
    }

    /// The second ground that was sent stands in the third row when the first row is not ticked.
    #[test]
    fn an_error_finds_its_row() {
        let (one, two) = (digest(1).to_string(), digest(2).to_string());
        let typed = form(&[
            ("help_desk/evidence/0/page", "3"),
            ("help_desk/evidence/1/digest", &one),
            ("help_desk/evidence/2/digest", &two),
        ]);
        let at = |field: &str| FieldError { field: field.to_owned(), message: Text::new("誤り", "wrong") };
        let form = at_their_rows(typed.with([
            at("/judgements/help_desk/evidence/1/page"),
            at("/judgements/help_desk/evidence"),
            at("/judgements/help_desk/evidence/9/page"),
        ]));
        let fields: Vec<_> = form.errors.iter().map(|error| error.field.as_str()).collect();
        let list = "/judgements/help_desk/evidence";
        assert_eq!(fields, [&format!("{list}/2/page"), list, list]);
    }

    /// A row for each file that is about it, each that was chosen, and one to choose; none where the case has no files.
    #[test]
    fn there_is_always_a_row_left() {
        let weighed = &criteria()[0];
        assert_eq!(weighed.line.criterion, CriterionId::HelpDesk);
        let filled = fill(&criteria(), &given(), &[]);
        for (form, files, expected) in [
            (&Form::default(), case_files(), "box select"),
            (&filled, case_files(), "box box box select"),
            (&filled, Vec::new(), ""),
        ] {
            let fields = JudgementFields::new(weighed, &files, form);
            let kind = |row: &[Field; 2]| if matches!(row[0].input, Input::Select(_)) { "select" } else { "box" };
            assert_eq!(fields.grounds.iter().map(kind).collect::<Vec<_>>().join(" "), expected);
        }
    }
}
