//! Why an edition's file is refused.

use crate::calendar::Day;
use crate::edition::LimitName;
use crate::text::Text;

/// A fault in an edition's file, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditionError {
    pub file: String,
    /// From 1; 0 when there is no file at all.
    pub line: usize,
    /// The field as it is written in the file.
    pub field: String,
    pub fault: Fault,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not TOML, or a value of another shape; in the parser's words.
    Unreadable { message: String },
    /// A field no edition has.
    UnknownField,
    /// A field every edition has.
    MissingField,
    /// A text without words, or a list without members.
    Empty,
    /// The same class, kind, criterion or limit twice.
    Twice,
    /// A source that `[sources]` does not list.
    UnknownSource { source: String },
    /// Provisional, or known only by its month, without a word why.
    WithoutNote,
    /// A day known by its month has to be written as the first of the month.
    NotFirstOfMonth { day: Day },
    /// A kind the class does not have.
    KindNotOfClass,
    /// An official limit without a figure.
    OfficialWithoutFigure,
    /// `at_most` where the limit is a least, or `at_least` where it is a most.
    WrongBound,
    /// A limit this criterion knows nothing of.
    LimitNotOfCriterion { limit: LimitName },
    /// A limit this criterion cannot do without.
    LimitMissing { limit: LimitName },
    /// A place that no declaration has.
    NoSuchPlace { pointer: String },
    /// Two files give the same edition.
    EditionTwice { other_file: String },
    /// Two editions begin on one day.
    DayTwice { day: Day, other_file: String },
    /// The edition before it (by day) is another one: a file is missing, or days are out of order.
    ReplacesAnother { before: Option<String> },
    /// No file at all.
    NoEditions,
}

impl EditionError {
    fn statement(&self) -> Text {
        let Self { file, line, field, fault } = self;
        let Text { ja, en } = fault.statement();
        Text::new(format!("{file} {line}行目「{field}」：{ja}"), format!("{file}, line {line}, `{field}`: {en}"))
    }
}
crate::reading::in_both_languages!(EditionError);

impl Fault {
    fn statement(&self) -> Text {
        let (ja, en) = match self {
            Self::Unreadable { message } => {
                (format!("読めません（{message}）。"), format!("cannot be read ({message})."))
            }
            Self::UnknownField => {
                ("この項目はありません。綴りを確かめてください。".into(), "no such field; check its spelling.".into())
            }
            Self::MissingField => ("必要な項目がありません。".into(), "a required field is missing.".into()),
            Self::Empty => ("空にはできません。".into(), "it cannot be empty.".into()),
            Self::Twice => ("二重に書かれています。".into(), "it is said twice.".into()),
            Self::UnknownSource { source } => {
                (format!("出典「{source}」は [sources] にありません。"), format!("[sources] lists no \"{source}\"."))
            }
            Self::WithoutNote => {
                ("暫定の理由（note）がありません。".into(), "a note has to say why it is provisional.".into())
            }
            Self::NotFirstOfMonth { day } => (
                format!("月までしか分からない日は、その月の1日と書きます（{day}）。"),
                format!("a day known by its month is written as the first of the month, not {day}."),
            ),
            Self::KindNotOfClass => ("この類にない型です。".into(), "the class has no such kind.".into()),
            Self::OfficialWithoutFigure => (
                "値のない上限・下限は暫定に限ります。".into(),
                "a limit without a figure can only be provisional.".into(),
            ),
            Self::WrongBound => {
                ("上限（at_most）と下限（at_least）が逆です。".into(), "at_most and at_least are confused.".into())
            }
            Self::LimitNotOfCriterion { limit } => {
                (format!("この要件に {limit:?} はありません。"), format!("the criterion takes no {limit:?}."))
            }
            Self::LimitMissing { limit } => {
                (format!("この要件には {limit:?} が要ります。"), format!("the criterion needs {limit:?}."))
            }
            Self::NoSuchPlace { pointer } => (
                format!(
                    "申告内容に {pointer} という項目はありません。「/contract/termsClause」のように書いてください。"
                ),
                format!("no declaration has a field {pointer}; write it as `/contract/termsClause`."),
            ),
            Self::EditionTwice { other_file } => {
                (format!("{other_file} と同じ版です。"), format!("{other_file} gives the same edition."))
            }
            Self::DayTwice { day, other_file } => (
                format!("{day} からの版は {other_file} にもあります。"),
                format!("{other_file} gives an edition from {day}, too."),
            ),
            Self::ReplacesAnother { before: Some(before) } => (
                format!("施行日の順では直前の版は {before} です。"),
                format!("by their days, the edition before it is {before}."),
            ),
            Self::ReplacesAnother { before: None } => {
                ("施行日の順では最初の版です。".into(), "by their days, it is the first edition.".into())
            }
            Self::NoEditions => ("版が一つもありません。".into(), "there is no edition at all.".into()),
        };
        Text { ja, en }
    }
}
