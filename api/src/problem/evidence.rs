//! What is wrong with an application's files, at the field it is about.

use domain::evidence::{CASE_BYTES, CASE_FILES, FILE_BYTES, FILE_LINKS, Fault, NOTE_CHARACTERS};
use domain::text::Text;

use super::Problem;

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        let (pointer, read, message) = match fault {
            Fault::Files { files } => (
                "/evidence".to_owned(),
                files.to_string(),
                Text::new(
                    format!("1つの申請に付けられるファイルは{CASE_FILES}個までです（いま{files}個）。"),
                    format!("An application names at most {CASE_FILES} files; these are {files}."),
                ),
            ),
            Fault::Bytes { bytes } => (
                "/evidence".to_owned(),
                bytes.to_string(),
                Text::new(
                    format!(
                        "1つの申請に付けられるのは合わせて{}MBまでです（いま約{}MB）。",
                        megabytes(CASE_BYTES),
                        megabytes(bytes)
                    ),
                    format!(
                        "An application's files have at most {} MB together; these have about {}.",
                        megabytes(CASE_BYTES),
                        megabytes(bytes)
                    ),
                ),
            ),
            Fault::Size { file, bytes } => (
                format!("/evidence/{file}/digest"),
                bytes.to_string(),
                Text::new(
                    format!("1つのファイルは1バイトから{}MBまでです。", megabytes(FILE_BYTES)),
                    format!("A file has one byte to {} MB.", megabytes(FILE_BYTES)),
                ),
            ),
            Fault::Twice { file } => (
                format!("/evidence/{file}/digest"),
                String::new(),
                Text::new(
                    "同じファイルが2回あります。1つにまとめ、示す要件を並べてください。",
                    "The same file stands here twice. Name it once, with all that it shows.",
                ),
            ),
            Fault::Known { file } => (
                format!("/evidence/{file}/digest"),
                String::new(),
                Text::new(
                    "このファイルはすでに申請にあります。付けずに、ファイル名とページを本文に書いてください。",
                    "The application has this file already. Leave it out, and name it and its page in the text.",
                ),
            ),
            Fault::Links { file, links } => (
                format!("/evidence/{file}/links"),
                links.to_string(),
                Text::new(
                    format!("1つのファイルが示す箇所は{FILE_LINKS}までです。"),
                    format!("A file shows something at {FILE_LINKS} places at most."),
                ),
            ),
            Fault::Page { file, link, page, pages } => (
                format!("/evidence/{file}/links/{link}/page"),
                page.to_string(),
                match pages {
                    Some(pages) => Text::new(
                        format!("このファイルは{pages}ページです。1から{pages}までで書いてください。"),
                        format!("This file has {pages} pages. Give 1 to {pages}."),
                    ),
                    None => Text::new("ページは1から数えます。", "Pages count from 1."),
                },
            ),
            Fault::Note { file, link, characters } => (
                format!("/evidence/{file}/links/{link}/note"),
                String::new(),
                Text::new(
                    format!("{NOTE_CHARACTERS}文字以内にしてください（いま{characters}文字）。"),
                    format!("Write at most {NOTE_CHARACTERS} characters; these are {characters}."),
                ),
            ),
        };
        Self::unreadable(&pointer, &read, message)
    }
}
