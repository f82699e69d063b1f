//! Imports: many users attested with one file.

use std::slice;

use askama::Template;
use domain::text::Text;

use super::form::{Field, Form, SummaryLine};
use super::frame::Frame;
use super::parts::{Badge, Icon, Shape};
use crate::imports::{Choice, Column, Fault, Import, MOST_BYTES, MOST_ROWS, Stage};

/// The form for a file, and what was sent before.
#[derive(Debug, Template)]
#[template(path = "desk/imports.html")]
pub struct ImportsPage {
    pub frame: Frame,
    pub number: String,
    pub service: String,
    /// What a second click is known by; none where whoever looks may not attest users now.
    pub key: Option<String>,
    /// The last one first.
    pub imports: Vec<Import>,
    pub form: Form,
}

/// How far an import has come.
#[derive(Debug, Template)]
#[template(path = "desk/import.html")]
pub struct ImportPage {
    pub frame: Frame,
    pub service: String,
    pub import: Import,
    /// The first of what is wrong.
    pub faults: Vec<Fault>,
    /// There is more, in the file.
    pub has_more: bool,
}

/// The file's own field, as the summary of errors names it.
static FILE: Field = Field::required("/file", "CSVファイル", "", super::form::Input::Line(super::form::Width::Middle));

impl ImportsPage {
    fn summary(&self) -> Vec<SummaryLine> {
        self.form.summary(slice::from_ref(&FILE))
    }

    fn file_errors(&self) -> Vec<&Text> {
        let of_file = self.form.errors.iter().filter(|error| error.field == "/file");
        of_file.map(|error| &error.message).collect()
    }

    fn is_valid_chosen(&self) -> bool {
        self.form.value("choice") == Choice::Valid.as_str()
    }

    fn columns(&self) -> String {
        Column::ALL.map(Column::term).join(",")
    }

    fn most_rows(&self) -> String {
        domain::yen::grouped(u64::from(MOST_ROWS))
    }

    fn most_megabytes(&self) -> u64 {
        MOST_BYTES >> 20
    }

    fn badge(&self, import: &Import) -> Badge {
        badge(import.stage)
    }
}

impl ImportPage {
    fn badge(&self) -> Badge {
        badge(self.import.stage)
    }

    fn is_going_on(&self) -> bool {
        !self.import.stage.is_settled()
    }

    /// What came of it, and what to do next.
    fn outcome(&self) -> String {
        let Import { stage, rows, faulty, issued, choice, .. } = &self.import;
        match (stage, choice) {
            (Stage::Receiving, _) => "ファイルを受け取っています。".to_owned(),
            (Stage::Checking, _) => format!("1行ずつ確かめています。いま{rows}行です。まだ誰にも許諾していません。"),
            (Stage::Issuing, _) => format!("{}社のうち{issued}社に許諾しました。", rows - faulty.min(rows)),
            (Stage::Done, _) if *faulty == 0 => format!("{issued}社のすべてに許諾しました。"),
            (Stage::Done, _) => format!(
                "{issued}社に許諾しました。誤りのある{faulty}行は許諾していません。直した行だけを、新しいファイルで送ってください。"
            ),
            (Stage::Refused, Choice::All) => {
                "誤りがあるため、誰にも許諾していません。誤りを直して、ファイルをもう一度送ってください。".to_owned()
            }
            (Stage::Refused, Choice::Valid) => {
                "許諾できる行がありませんでした。誤りを直して、ファイルをもう一度送ってください。".to_owned()
            }
            (Stage::Stopped, _) => format!(
                "途中で続けられなくなりました。それまでの{issued}社への許諾は有効です。登録の状態と、あなたの役割を確かめて、残りの行をもう一度送ってください。"
            ),
        }
    }

    /// Lines that are settled, of how many.
    fn progress(&self) -> (u32, u32) {
        match self.import.stage {
            Stage::Receiving | Stage::Checking => (0, 0),
            _ => (self.import.issued, self.import.rows.saturating_sub(self.import.faulty)),
        }
    }
}

fn badge(stage: Stage) -> Badge {
    let (shape, tone) = match stage {
        Stage::Receiving | Stage::Checking | Stage::Issuing => (Shape::Hourglass, "yellow"),
        Stage::Done => (Shape::Tick, "green"),
        Stage::Refused | Stage::Stopped => (Shape::Alert, "red"),
    };
    Badge { icon: Icon { shape }, tone, word: stage.term().ja }
}
