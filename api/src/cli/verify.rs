//! `otasuketai verify`: a mark, away from the register.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::licence::LicenceId;
use domain::licence::answer::{Answer, Rejection, Silence, offline};
use domain::licence::token::{HolderKind, KeyRing, Token, Verified};
use domain::status_list::place;
use domain::text::{Language, Text};
use serde_json::{Value, json};

use super::assess::Words;
use super::list_shelf::{Altered, ListShelf};
use super::{Ended, say, tell};
use crate::clock;
use crate::seal::keys::{KeySet, Purpose};
use crate::seal::scan::scan_png;
use crate::web::csv;

/// Verifies marks away from the register.
#[derive(Args, Debug)]
pub struct Verify {
    /// The mark's link, its digits or its id; a PNG picture of the mark (each mark in it is answered); a file that
    /// ends in .txt or .csv, with one link a line; or a folder of such files, however many.
    mark: String,
    /// The register's public keys: a copy of its /.well-known/jwks.json.
    #[arg(long, value_name = "JWKS")]
    keys: PathBuf,
    /// Status lists of the register, for an answer without it: a list (CWT or JWT), a bundle, or a folder of such files
    /// as `otasuketai status` writes it.
    #[arg(long, value_name = "PATH")]
    status: Option<PathBuf>,
    /// One JSON object a line for each mark, in place of words.
    #[arg(long)]
    json: bool,
    /// A table for spreadsheets, one line for each mark, in place of words.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// The language of the answer.
    #[arg(long, value_enum, default_value = "ja")]
    language: Words,
}

/// What a code turned out to be.
enum Read {
    Genuine(Box<Verified>, Answer),
    Mini(LicenceId),
    Refused(Rejection),
}

impl Verify {
    pub(super) fn run(self) -> Ended {
        let keys = read_keys(&self.keys)?;
        let known = Known {
            ring: keys.ring(Purpose::Licence),
            lists: self.status.as_deref().map(|path| ListShelf::read(path, &keys)).transpose()?,
        };
        let (is_one, sources) = match sources(&self.mark) {
            Ok(sources) => sources,
            Err(why) => {
                tell(why);
                return Ok(ExitCode::from(4));
            }
        };
        if self.csv {
            say(format_args!("{}{}", csv::BOM, line(COLUMNS)));
        }
        let mut status = None;
        for Source { name, codes } in sources {
            let codes = match codes() {
                Ok(codes) => codes,
                Err(why) => {
                    status = status.max(Some(4));
                    match (self.csv, self.json) {
                        (true, _) => say(line([&*name, "", &why, "", "", "", "", ""])),
                        (_, true) if !is_one => say(json!({ "file": name, "error": why })),
                        _ => tell(why),
                    }
                    continue;
                }
            };
            for mark in marks(codes.iter().map(|code| read(code, &known)).collect()) {
                status = status.max(Some(mark.status()));
                if self.csv {
                    say(row(&name, &mark));
                } else if self.json {
                    let mut said = document(&mark);
                    if !is_one {
                        said["file"] = json!(name);
                    }
                    say(said);
                } else {
                    let before = if is_one { String::new() } else { format!("{name}\n") };
                    say(format_args!("{before}{}", prose(&mark, self.language.into())));
                }
            }
        }
        Ok(ExitCode::from(status.unwrap_or(4)))
    }
}

/// What codes are looked for in, read when its turn comes.
struct Source {
    name: String,
    codes: Box<dyn FnOnce() -> Result<Vec<String>, String>>,
}

/// Where to look, and whether that is one thing.
fn sources(given: &str) -> Result<(bool, Box<dyn Iterator<Item = Source>>), String> {
    let path = Path::new(given);
    if given.trim().is_empty() {
        return Err("マークが指定されていません / no mark was given".to_owned());
    }
    let is_digits = || given.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = || given.parse::<LicenceId>().is_ok() && !path.exists();
    if given.contains("://") || is_digits() || is_id() {
        return Ok((true, Box::new(std::iter::once(code(given.to_owned(), given.to_owned())))));
    }
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    if path.is_dir() {
        let entries: Result<Vec<_>, _> = std::fs::read_dir(path).map_err(failed)?.collect();
        let mut files: Vec<PathBuf> = entries.map_err(failed)?.into_iter().map(|entry| entry.path()).collect();
        files.retain(|file| file.is_file());
        files.sort();
        if files.is_empty() {
            return Err(format!("{}: ファイルがありません / there is no file in it", path.display()));
        }
        return Ok((false, Box::new(files.into_iter().flat_map(|file| in_file(&file).1))));
    }
    std::fs::metadata(path).map_err(failed)?;
    Ok(in_file(path))
}

/// A picture, or the lines of a list.
fn in_file(path: &Path) -> (bool, Box<dyn Iterator<Item = Source>>) {
    let name = path.display().to_string();
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let why = format!("{name}: {error}");
            return (true, Box::new(std::iter::once(Source { name, codes: Box::new(move || Err(why)) })));
        }
    };
    let is_list = path.extension().is_some_and(|ending| ending == "txt" || ending == "csv");
    if is_list {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines: Vec<String> = text.trim_start_matches(csv::BOM).lines().map(|line| line.trim().to_owned()).collect();
        let lines = (1..).zip(lines).filter(|(_, line)| !line.is_empty());
        return (false, Box::new(lines.map(move |(number, line)| code(format!("{name}:{number}"), line))));
    }
    let of = name.clone();
    let codes = move || scan_png(&bytes).map_err(|why| format!("{of}: 画像から読み取れません / not read: {why}"));
    (true, Box::new(std::iter::once(Source { name, codes: Box::new(codes) })))
}

fn code(name: String, code: String) -> Source {
    Source { name, codes: Box::new(move || Ok(vec![code])) }
}

/// Of several codes in a picture, the genuine ones are marks, or else the mini ones; the others are somebody else's.
fn marks(mut read: Vec<Read>) -> Vec<Read> {
    let best = read.iter().map(Read::rank).min();
    read.retain(|read| Some(read.rank()) == best);
    if best == Some(2) {
        read.truncate(1);
    }
    read
}

impl Read {
    fn rank(&self) -> u8 {
        match self {
            Self::Genuine(..) => 0,
            Self::Mini(_) => 1,
            Self::Refused(_) => 2,
        }
    }

    /// What the command ends with.
    fn status(&self) -> u8 {
        match self {
            Self::Genuine(_, Answer::Unknown(Silence::PrintedTermEnded { .. })) => 2,
            Self::Genuine(_, Answer::Unknown(Silence::ListOld { .. } | Silence::ListAltered)) => 6,
            Self::Genuine(_, Answer::Suspended { .. } | Answer::Revoked { .. } | Answer::Ended { .. }) => 5,
            Self::Genuine(..) => 0,
            Self::Mini(_) => 3,
            Self::Refused(_) => 1,
        }
    }
}

/// What marks are held against.
struct Known {
    ring: KeyRing,
    lists: Option<ListShelf>,
}

pub(super) fn read_keys(file: &Path) -> Result<KeySet, Box<dyn std::error::Error + Send + Sync>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let set = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(KeySet::from_jwks(&set).map_err(|error| format!("{}: {error:?}", file.display()))?)
}

/// A link's last part is the code; which host it names proves nothing.
fn read(link: &str, known: &Known) -> Read {
    // What people's programs hang behind a link is no part of it.
    let link = link.split(['?', '#']).next().unwrap_or_default();
    let code = link.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if let Ok(id) = code.parse::<LicenceId>() {
        return Read::Mini(id);
    }
    match Token::from_decimal(code).and_then(|token| token.verify(&known.ring)) {
        Ok(verified) => {
            let list = place(verified.claims.status_index).0;
            let answer = match known.lists.as_ref().map_or(Ok(None), |lists| lists.get(list)) {
                Ok(list) => offline(&verified, list, clock::now()),
                Err(Altered) => Answer::Unknown(Silence::ListAltered),
            };
            Read::Genuine(Box::new(verified), answer)
        }
        Err(error) => Read::Refused(error.into()),
    }
}

fn document(read: &Read) -> Value {
    match read {
        Read::Genuine(verified, answer) => {
            let claims = &verified.claims;
            let why = match answer {
                Answer::Unknown(silence) => silence.as_str(),
                _ => "",
            };
            json!({
                "answer": answer.as_str(), "why": why, "licence": claims.licence,
                "holder": {
                    "kind": claims.kind, "name": claims.holder_name, "legalEntityNumber": claims.corporate_number,
                },
                "printedTermEndsAt": claims.expires_at, "statusIndex": claims.status_index,
                "key": data_encoding::HEXLOWER.encode(&verified.key.kid()),
            })
        }
        Read::Mini(id) => json!({ "answer": "unknown", "why": "mini_mark", "licence": id }),
        Read::Refused(rejection) => json!({ "answer": "not_ours", "why": rejection.as_str() }),
    }
}

const COLUMNS: [&str; 8] =
    ["file", "answer", "why", "licence", "kind", "holderName", "legalEntityNumber", "printedTermEndsAt"];

/// What the documents say, in a table's cells.
fn row(name: &str, read: &Read) -> String {
    let said = document(read);
    let cell = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let holder = &said["holder"];
    let cells = [
        name.to_owned(),
        cell(&said["answer"]),
        cell(&said["why"]),
        cell(&said["licence"]),
        cell(&holder["kind"]),
        cell(&holder["name"]),
        cell(&holder["legalEntityNumber"]),
        cell(&said["printedTermEndsAt"]),
    ];
    line(cells.each_ref().map(String::as_str))
}

/// A line of the table; whoever says it ends it.
fn line(cells: [&str; 8]) -> String {
    let mut line = String::new();
    csv::push_line(&mut line, cells);
    line.trim_end_matches('\n').to_owned()
}

fn prose(read: &Read, language: Language) -> String {
    match read {
        Read::Genuine(verified, answer) => {
            let claims = &verified.claims;
            let number = claims.corporate_number.as_ref().map(|number| format!("（{number}）")).unwrap_or_default();
            let kind = match claims.kind {
                HolderKind::Provider => Text::new("サービス提供事業者", "provider"),
                HolderKind::User => Text::new("利用企業", "user of the service"),
            };
            let until = claims.expires_at.day().previous();
            let status = match answer {
                Answer::Unknown(Silence::PrintedTermEnded { .. }) => Text::new(
                    format!(
                        "本物です。印刷された期間は {until} で終わっています。いまの状態は登録簿に尋ねてください。"
                    ),
                    format!(
                        "Genuine. The term printed in this mark ended on {until}. Ask the register for its status."
                    ),
                ),
                Answer::Valid => Text::new(
                    format!("有効です（状態一覧による。印刷された期間は {until} まで）。"),
                    format!("Valid, by the status list (printed term until {until})."),
                ),
                Answer::Suspended { .. } => {
                    Text::new("一時停止中です（状態一覧による）。", "Suspended, by the status list.")
                }
                Answer::Revoked { .. } => {
                    Text::new("取り消されています（状態一覧による）。", "Revoked, by the status list.")
                }
                Answer::Ended { .. } => Text::new("終わっています（状態一覧による）。", "Ended, by the status list."),
                Answer::Unknown(Silence::ListOld { issued_at }) => Text::new(
                    format!(
                        "本物です。状態一覧（{issued_at}）が古いため、いまの状態は分かりません。登録簿に尋ねてください。"
                    ),
                    format!("Genuine. The status list of {issued_at} is too old: ask the register for its status."),
                ),
                Answer::Unknown(Silence::ListAltered) => Text::new(
                    "本物です。状態一覧がこの登録簿のものではないか、書き換えられているため、いまの状態は分かりません。",
                    "Genuine. The status list is not this register's or altered, so its status is unknown.",
                ),
                _ => Text::new(
                    format!("本物です（印刷された期間は {until} まで）。停止や取消しの有無は登録簿に尋ねてください。"),
                    format!(
                        "Genuine (printed term until {until}). Ask the register whether it is suspended or revoked."
                    ),
                ),
            };
            let compare = Text::new("見ていたものと名前は同じですか。", "Is this the name you saw beside the mark?");
            let (name, id) = (&claims.holder_name, claims.licence);
            let (status, kind, compare) = (status.of(language), kind.of(language), compare.of(language));
            format!("{status}\n{name}{number} {kind} {id}\n{compare}")
        }
        Read::Mini(id) => Text::new(
            format!("{id}：小さいマークには署名がありません。登録簿に尋ねてください。"),
            format!("{id}: a mini mark carries no signature. Ask the register."),
        )
        .of(language)
        .to_owned(),
        Read::Refused(rejection) => Text::new(
            format!("この登録簿のマークではないか、書き換えられています（{}）。", rejection.as_str()),
            format!("Not a mark of this register, or altered ({}).", rejection.as_str()),
        )
        .of(language)
        .to_owned(),
    }
}
