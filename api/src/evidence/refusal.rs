//! Why a file is not taken, in words for whoever sent it. Nothing of it is kept.

use domain::evidence::FILE_BYTES;
use domain::text::Text;
use poem::http::StatusCode;

use super::shelf::Unavailable;
use crate::problem::Problem;

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It has no bytes.
    Empty,
    /// It has more than [`FILE_BYTES`].
    TooLarge,
    /// Nothing of its name can be kept.
    Name,
    /// Its content is none of the kinds that are taken.
    Unknown,
    /// A program or a script.
    Executable,
    /// HTML, SVG or other markup.
    Markup,
    /// A picture of another kind.
    OtherImage,
    /// An archive that is no office file.
    Archive,
    /// An office file of before 2007, or one with a password.
    OldOffice,
    /// It needs a password.
    Encrypted,
    /// An office file with macros or controls.
    Macros,
    /// A PDF that acts when it is opened.
    Active,
    /// A PDF with other files in it.
    Attachments,
    /// It is also something else: another file is hidden in it or hung on to it.
    Mixed,
    /// It unpacks to far more than it is.
    Bomb,
    /// It is damaged, or not as such a file is made.
    Broken,
    /// The scan found something in it.
    Infected,
    /// It did not arrive whole.
    BrokenOff,
    /// The organisation has too much that no application names.
    TooMuchUnnamed,
}

/// Why a file could not be taken in.
#[derive(Debug)]
pub enum Failure {
    Not(NotTaken),
    /// It is not the file's fault.
    Unavailable(String),
}

impl From<NotTaken> for Failure {
    fn from(not: NotTaken) -> Self {
        Self::Not(not)
    }
}

impl From<Unavailable> for Failure {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Not(not) => not.into(),
            Failure::Unavailable(error) => {
                tracing::error!(error, "a file could not be taken in or handed out");
                Self::unavailable()
            }
        }
    }
}

impl From<NotTaken> for Problem {
    fn from(not: NotTaken) -> Self {
        let status = match not {
            NotTaken::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            NotTaken::BrokenOff => StatusCode::REQUEST_TIMEOUT,
            NotTaken::TooMuchUnnamed => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let title = Text::new("このファイルは受け取れません", "This file is not taken");
        Self::new(status, not.code(), title, not.message())
    }
}

impl NotTaken {
    /// A stable word for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge => "file_too_large",
            Self::Name => "file_name",
            Self::Unknown => "file_unknown",
            Self::Executable => "file_executable",
            Self::Markup => "file_markup",
            Self::OtherImage => "file_other_image",
            Self::Archive => "file_archive",
            Self::OldOffice => "file_old_office",
            Self::Encrypted => "file_encrypted",
            Self::Macros => "file_macros",
            Self::Active => "file_active",
            Self::Attachments => "file_attachments",
            Self::Mixed => "file_mixed",
            Self::Bomb => "file_bomb",
            Self::Broken => "file_broken",
            Self::Infected => "file_infected",
            Self::BrokenOff => "file_broken_off",
            Self::TooMuchUnnamed => "file_too_many_unnamed",
        }
    }

    /// What is wrong, and what to do.
    pub fn message(self) -> Text {
        const KINDS: (&str, &str) = (
            "PDF、PNG、JPEG、Word・Excel・PowerPoint（docx、xlsx、pptx）、CSV",
            "PDF, PNG, JPEG, Word, Excel and PowerPoint (docx, xlsx, pptx), and CSV",
        );
        match self {
            Self::Empty => Text::new("ファイルが空です。", "The file is empty."),
            Self::TooLarge => {
                let most = FILE_BYTES / 1_000_000;
                Text::new(
                    format!("1つのファイルは{most}MBまでです。分けるか、小さくしてください。"),
                    format!("A file has at most {most} MB. Split it or make it smaller."),
                )
            }
            Self::Name => Text::new("ファイル名を付けてください。", "Give the file a name."),
            Self::Unknown => Text::new(
                format!("内容が受け取れる種類のファイルではありません。受け取れるのは、{}です。", KINDS.0),
                format!("Its content is of no kind that is taken: {}.", KINDS.1),
            ),
            Self::Executable => Text::new(
                "プログラムやスクリプトは、名前を変えても受け取れません。",
                "Programs and scripts are not taken, whatever they are called.",
            ),
            Self::Markup => Text::new(
                "HTML、SVG、XMLは受け取れません。PDFかPNGにしてください。",
                "HTML, SVG and XML are not taken. Make it a PDF or a PNG.",
            ),
            Self::OtherImage => Text::new(
                "この形式の画像は受け取れません。PNGかJPEGにしてください。",
                "Pictures of this kind are not taken. Make it a PNG or a JPEG.",
            ),
            Self::Archive => Text::new(
                "圧縮ファイルは受け取れません。中のファイルを一つずつ送ってください。",
                "Archives are not taken. Send the files in it one by one.",
            ),
            Self::OldOffice => Text::new(
                "古い形式（doc、xls、ppt）か、パスワード付きのOfficeファイルです。docx、xlsx、pptxかPDFで、パスワードなしで保存し直してください。",
                "An office file of the old kind (doc, xls, ppt) or with a password. Save it as docx, xlsx, pptx or PDF, without a password.",
            ),
            Self::Encrypted => Text::new(
                "パスワードや暗号化を外してから送ってください。審査で開けません。",
                "Take off the password or encryption first: nobody could open it to examine it.",
            ),
            Self::Macros => Text::new(
                "マクロやActiveXを含むOfficeファイルは受け取れません。含まない形で保存し直してください。",
                "Office files with macros or ActiveX are not taken. Save it without them.",
            ),
            Self::Active => Text::new(
                "開いたときに動作するPDF（JavaScriptや起動アクションを含むもの）は受け取れません。PDFに印刷し直してください。",
                "A PDF that acts when it is opened (JavaScript, launch actions) is not taken. Print it to a PDF anew.",
            ),
            Self::Attachments => Text::new(
                "ほかのファイルが添付されたPDFは受け取れません。添付を外し、別に送ってください。",
                "A PDF with other files attached is not taken. Send those by themselves.",
            ),
            Self::Mixed => Text::new(
                "ほかのファイルが中に隠れているか、後ろに付いています。元のソフトウェアで保存し直してください。",
                "Another file is hidden in it or hung on to it. Save it anew with the program it was made with.",
            ),
            Self::Bomb => Text::new(
                "展開すると大きくなりすぎるか、中の数が多すぎます。",
                "It unpacks to too much, or holds too many parts.",
            ),
            Self::Broken => Text::new(
                "ファイルが壊れているか、途中までしかありません。元のソフトウェアで保存し直してください。",
                "The file is damaged or cut short. Save it anew with the program it was made with.",
            ),
            Self::Infected => Text::new(
                "ウイルス検査で問題が見つかったため、受け取れません。",
                "The virus scan found something in it, so it is not taken.",
            ),
            Self::BrokenOff => Text::new(
                "ファイルが最後まで届きませんでした。もう一度送ってください。",
                "The file did not arrive whole. Send it again.",
            ),
            Self::TooMuchUnnamed => Text::new(
                "どの申請にも付けていないファイルが多すぎます。申請に付けて提出してから、続けて送ってください。",
                "Too many files belong to no application. Submit an application that names them first.",
            ),
        }
    }

    /// All of them.
    #[cfg(test)]
    pub const ALL: [Self; 19] = [
        Self::Empty,
        Self::TooLarge,
        Self::Name,
        Self::Unknown,
        Self::Executable,
        Self::Markup,
        Self::OtherImage,
        Self::Archive,
        Self::OldOffice,
        Self::Encrypted,
        Self::Macros,
        Self::Active,
        Self::Attachments,
        Self::Mixed,
        Self::Bomb,
        Self::Broken,
        Self::Infected,
        Self::BrokenOff,
        Self::TooMuchUnnamed,
    ];
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reason_has_its_own_code_and_its_words_in_both_languages() {
        let codes: BTreeSet<_> = NotTaken::ALL.into_iter().map(NotTaken::code).collect();
        assert_eq!(codes.len(), NotTaken::ALL.len());
        for not in NotTaken::ALL {
            let Text { ja, en } = not.message();
            assert!(ja.ends_with('。') && en.ends_with('.') && en.is_ascii(), "{not:?}");
        }
    }
}
