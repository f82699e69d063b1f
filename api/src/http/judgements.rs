//! The shapes of judgements and of what examiners keep to themselves.

use domain::criteria::CriterionId;
use domain::examination::{Answer, Examination, Ground, Judgement, Superseded};
use domain::text::Text;
use poem_openapi::{Enum, Object};
use serde_json::json;

use crate::problem::Problem;
use crate::working_papers::{Unsent, UnsentGround, WorkingPaper};

/// What an examiner answers.
#[derive(Enum, Clone, Copy, Debug)]
#[oai(rename_all = "snake_case")]
pub(super) enum AnswerWord {
    Met,
    Unmet,
    NotApplicable,
}

impl From<Answer> for AnswerWord {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Met => Self::Met,
            Answer::Unmet => Self::Unmet,
            Answer::NotApplicable => Self::NotApplicable,
        }
    }
}

impl From<AnswerWord> for Answer {
    fn from(word: AnswerWord) -> Self {
        match word {
            AnswerWord::Met => Self::Met,
            AnswerWord::Unmet => Self::Unmet,
            AnswerWord::NotApplicable => Self::NotApplicable,
        }
    }
}

/// A place in a file of the application.
#[derive(Object, Debug)]
#[oai(rename = "Ground", rename_all = "camelCase", deny_unknown_fields, skip_serializing_if_is_none)]
pub(super) struct GroundBody {
    /// The file's digest, as the application names it.
    #[oai(validator(max_length = 64))]
    digest: String,
    /// Counted from 1; left out where the whole file is meant.
    #[oai(validator(minimum(value = "1"), maximum(value = "100000")))]
    page: Option<u32>,
}

/// An answer about one criterion.
#[derive(Object, Debug)]
#[oai(rename = "Judgement", rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct JudgementBody {
    /// The criterion's name, such as `help_desk`.
    #[oai(validator(max_length = 40))]
    criterion: String,
    answer: AnswerWord,
    /// Shown to the applicant.
    #[oai(validator(min_length = 1, max_length = 4000))]
    reason: String,
    /// What it rests on. The edition says where it is needed; an application without files has none.
    #[oai(default, validator(max_items = 40), skip_serializing_if_is_empty)]
    evidence: Vec<GroundBody>,
    /// That this answer is another than the engine's, knowingly. Needed where it is, and refused where it is not.
    #[oai(default, skip_serializing_if = "std::ops::Not::not")]
    overrules: bool,
}

/// Some judgements; all of them are taken, or none.
#[derive(Object, Debug)]
#[oai(deny_unknown_fields)]
pub(super) struct JudgementsBody {
    #[oai(validator(min_items = 1, max_items = 40))]
    judgements: Vec<JudgementBody>,
}

impl JudgementsBody {
    /// Reads the judgements; names the one about no criterion.
    pub(super) fn read(&self) -> Result<Vec<Judgement>, Problem> {
        let place = |(index, body): (usize, &JudgementBody)| body.read(&format!("/judgements/{index}"));
        self.judgements.iter().enumerate().map(place).collect()
    }

    /// Where the last judgement of this criterion stands: of two it is the one that is too many.
    pub(super) fn place(&self, criterion: &str) -> String {
        let place = self.judgements.iter().rposition(|body| body.criterion == criterion).unwrap_or_default();
        format!("/judgements/{place}")
    }
}

impl JudgementBody {
    /// Reads the judgement at `place`.
    pub(super) fn read(&self, place: &str) -> Result<Judgement, Problem> {
        let criterion = criterion(&format!("{place}/criterion"), &self.criterion)?;
        let ground = |(index, ground): (usize, &GroundBody)| {
            let digest = ground.digest.parse().map_err(|_| {
                let message = Text::new(
                    "ファイルの digest（SHA-256、小文字の16進64桁）を書いてください。",
                    "Write the file's digest: SHA-256, 64 hexadecimal digits in lower case.",
                );
                Problem::unreadable(&format!("{place}/evidence/{index}/digest"), &ground.digest, message)
            })?;
            Ok(Ground { digest, page: ground.page })
        };
        let evidence = self.evidence.iter().enumerate().map(ground).collect::<Result<_, Problem>>()?;
        let (reason, overrules) = (self.reason.clone(), self.overrules);
        Ok(Judgement { criterion, answer: self.answer.into(), reason, evidence, overrules })
    }
}

impl From<&Judgement> for JudgementBody {
    fn from(judgement: &Judgement) -> Self {
        let ground = |ground: &Ground| GroundBody { digest: ground.digest.to_string(), page: ground.page };
        Self {
            criterion: word(judgement.criterion),
            answer: judgement.answer.into(),
            reason: judgement.reason.clone(),
            evidence: judgement.evidence.iter().map(ground).collect(),
            overrules: judgement.overrules,
        }
    }
}

/// The criterion of this name.
pub(super) fn criterion(pointer: &str, name: &str) -> Result<CriterionId, Problem> {
    serde_json::from_value(json!(name)).map_err(|_| {
        let message = Text::new(
            "この名前の要件はありません。評価（assessment）の criterion にある名前を書いてください。",
            "There is no criterion of this name. Use a name that the assessment has as criterion.",
        );
        Problem::unreadable(pointer, name, message)
    })
}

/// The criterion's name.
pub(super) fn word(criterion: CriterionId) -> String {
    json!(criterion).as_str().unwrap_or_default().to_owned()
}

/// An examiner's answers so far.
#[derive(Object, Debug)]
#[oai(rename = "Examination", rename_all = "camelCase")]
pub(super) struct ExaminationView {
    application: String,
    examiner: String,
    version: u32,
    judgements: Vec<JudgementBody>,
    /// What these took the place of when the two conferred, the oldest first.
    #[oai(skip_serializing_if_is_empty)]
    superseded: Vec<SupersededView>,
}

/// A judgement that stood until the two conferred about it.
#[derive(Object, Debug)]
#[oai(rename = "Superseded", rename_all = "camelCase")]
struct SupersededView {
    judgement: JudgementBody,
    /// In UTC.
    until: String,
}

impl From<&Examination> for ExaminationView {
    fn from(examination: &Examination) -> Self {
        let superseded = |earlier: &Superseded| SupersededView {
            judgement: JudgementBody::from(&earlier.judgement),
            until: earlier.until.to_string(),
        };
        Self {
            application: examination.application.to_string(),
            examiner: examination.examiner.to_string(),
            version: examination.version,
            judgements: examination.judgements.values().map(JudgementBody::from).collect(),
            superseded: examination.superseded.iter().map(superseded).collect(),
        }
    }
}

/// A place in a file, as far as it was typed.
#[derive(Object, Debug)]
#[oai(rename = "UnsentGround", deny_unknown_fields)]
struct UnsentGroundBody {
    #[oai(default, validator(max_length = 64))]
    digest: String,
    #[oai(default, validator(max_length = 20))]
    page: String,
}

/// What an examiner has typed about a criterion; it may be half of a judgement, or wrong.
#[derive(Object, Debug)]
#[oai(rename = "WorkingPaperBody", rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PaperBody {
    answer: Option<AnswerWord>,
    #[oai(default, validator(max_length = 4000))]
    reason: String,
    #[oai(default, validator(max_items = 40))]
    evidence: Vec<UnsentGroundBody>,
    #[oai(default)]
    overrules: bool,
    /// For the examiner alone.
    #[oai(default, validator(max_length = 4000))]
    note: String,
}

impl PaperBody {
    /// What was typed, and the note.
    pub(super) fn read(self) -> (Unsent, String) {
        let ground = |ground: UnsentGroundBody| UnsentGround { digest: ground.digest, page: ground.page };
        let Self { answer, reason, evidence, overrules, note } = self;
        let evidence = evidence.into_iter().map(ground).collect();
        (Unsent { answer: answer.map(Answer::from), reason, overrules, evidence }, note)
    }
}

/// What an examiner keeps about one criterion: theirs alone.
#[derive(Object, Debug)]
#[oai(rename = "WorkingPaper", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct PaperView {
    criterion: String,
    answer: Option<AnswerWord>,
    reason: String,
    evidence: Vec<UnsentGroundBody>,
    overrules: bool,
    note: String,
    /// In UTC.
    saved_at: String,
}

impl From<WorkingPaper> for PaperView {
    fn from(paper: WorkingPaper) -> Self {
        let Unsent { answer, reason, overrules, evidence } = paper.unsent.unwrap_or_default();
        let ground = |ground: UnsentGround| UnsentGroundBody { digest: ground.digest, page: ground.page };
        Self {
            criterion: word(paper.criterion),
            answer: answer.map(AnswerWord::from),
            reason,
            evidence: evidence.into_iter().map(ground).collect(),
            overrules,
            note: paper.note,
            saved_at: paper.saved_at.to_string(),
        }
    }
}
