//! The record of a case, as whoever asks may read it: as a document, on a page, in print.

mod sheet;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use domain::act::PersonId;
use domain::record::{CaseRecord, Reader, Refusal, application, reader};
use domain::text::Text;
use poem::http::StatusCode;
use tokio::sync::Semaphore;

use crate::acts::bounds;
use crate::caller::{self, Visitor, are_done};
use crate::paper::{Attachment, Block, Fault, NoGlyph, Paper};
use crate::problem::Problem;
use crate::registry::Registry;
use crate::store::{CaseActs, Error};

pub use words::stage;

/// A record with what stands beside it.
#[derive(Debug)]
pub struct Found {
    pub record: CaseRecord,
    /// The record as a document: canonical JSON.
    pub document: String,
    /// SHA-256 of the document, in hexadecimal.
    pub digest: String,
    /// Names of the people in it. They are no part of the document: they can be erased.
    pub names: BTreeMap<PersonId, String>,
}

/// The record of that application, if this visitor may read it and as far as they may.
pub async fn find(registry: &Registry, visitor: &Visitor, id: &str) -> Result<Found, Problem> {
    let found = caller::application(registry, visitor, id).await?;
    let acts = match registry.store.acts_of_case(&found.id).await? {
        CaseActs::All(acts) => acts,
        CaseActs::TooMany => return Err(too_large()),
    };
    let corrupt = || Error::Corrupt { table: "acts", column: "sealed", row: found.id.to_string() };
    // As the acts have it, and not as the row does.
    let case = application(&acts).map_err(|_| corrupt())?;
    let examinations = registry.store.examinations_of(&case.id).await?;
    let is_examined = are_done(registry, &case, &examinations).await?;
    let reader = reader(&visitor.actor, &case, is_examined, visitor.at.day())?;
    let asked: Vec<_> = bounds(registry, &case).await?.iter().map(|bound| bound.criterion).collect();
    let assessment = registry.assessment_of(&case).await?;
    let record = CaseRecord::of(&acts, &assessment, &asked, reader).map_err(|_| corrupt())?;
    let people: BTreeSet<PersonId> = record.people().into_iter().collect();
    let names = registry.store.names_of(&people).await?;
    let (document, digest) = (record.canonical(), record.digest());
    Ok(Found { record, document, digest, names })
}

impl Found {
    /// The record in words, part by part.
    pub fn sheet(&self) -> Vec<Block> {
        sheet::blocks(self)
    }

    /// What it is called.
    pub fn title(&self) -> String {
        let service = self.record.submissions.last().map_or("", |last| last.declaration.service.name.as_str());
        format!("申請の記録　{service}")
    }

    /// Whose reading it is, in words.
    pub fn scope(&self) -> &'static str {
        match self.record.reader {
            Reader::Whole => "全部",
            Reader::Decider => "判定者が読める範囲",
            Reader::Examiner => "担当の審査員が読める範囲",
            Reader::Applicant => "申請者に示される範囲",
        }
    }

    /// The record on paper, with the document inside.
    pub async fn print(self) -> Result<Vec<u8>, Problem> {
        /// Laying out is a matter of a processor's time: more at once would only wait for each other.
        static PRESSES: Semaphore = Semaphore::const_new(2);
        let _press = PRESSES.acquire().await.map_err(|error| Problem::internal(&error))?;
        let id = self.record.application.to_string();
        let printing = tokio::task::spawn_blocking(move || self.paper().print());
        printing.await.map_err(|error| Problem::internal(&error))?.map_err(|fault| unprinted(fault, &id))
    }

    fn paper(self) -> Paper {
        Paper {
            title: self.title(),
            head: format!("{}　申請の記録（{}）", self.record.application, self.scope()),
            foot: format!("記録の SHA-256　{}", self.digest),
            at: self.record.changed_at,
            blocks: self.sheet(),
            attachment: Some(Attachment {
                name: "record.json",
                media: "application/json",
                description: format!("{} の記録。SHA-256 は {}", self.record.application, self.digest),
                bytes: self.document.into_bytes(),
            }),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = match refusal {
            Refusal::Denied(denial) => return denial.into(),
            Refusal::NotDecided => Text::new(
                "申請の記録は、判定のあとに読めます。いまの状況は申請のページにあります。",
                "The record of an application can be read once it is decided. Its page says where it stands.",
            ),
            Refusal::NotExamined => Text::new(
                "担当する申請の記録は、二人の審査員がすべての要件の判断を終えてから読めます。",
                "The record of a case that you examine can be read once both examiners have judged every criterion.",
            ),
        };
        let title = Text::new("記録はまだ読めません", "The record cannot be read yet");
        Self::new(StatusCode::CONFLICT, "record_not_open", title, detail)
    }
}

fn too_large() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        "record_too_large",
        Text::new("記録が大きすぎます", "The record is too large"),
        Text::new(
            "この申請の処分・手続は2,000件または16MBを超えるため、一つの文書にできません。一件ずつの記録はログにあります。",
            "This case has more than 2,000 acts, or 16 MB of them, which one document does not hold. Each act is in the \
             log.",
        ),
    )
}

/// Why a paper was not printed: what the typeface lacks is told by its name.
fn unprinted(fault: Fault, id: &str) -> Problem {
    match fault {
        Fault::NoGlyph(NoGlyph(letter)) => {
            let code = format!("U+{:04X}", u32::from(letter));
            Problem::new(
                StatusCode::CONFLICT,
                "no_glyph",
                Text::new("印刷できない文字があります", "A letter cannot be printed"),
                Text::new(
                    format!(
                        "「{letter}」（{code}）の字形がないため、PDFを作れません。記録のページかJSONで読んでください。何も欠けずに載っています。"
                    ),
                    format!(
                        "There is no glyph for \"{letter}\" ({code}), so no PDF is made. Read the record's page or its JSON, \
                         which hold all of it."
                    ),
                ),
            )
        }
        Fault::Failed(why) => Problem::internal(&format!("the record of {id} was not printed: {why}")),
    }
}
