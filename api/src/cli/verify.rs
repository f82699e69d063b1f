//! `otasuketai verify`: a mark, away from the register.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::licence::LicenceId;
use domain::licence::answer::{Answer, Rejection, Silence, offline};
use domain::licence::token::{HolderKind, KeyRing, Token, Verified};
use domain::text::{Language, Text};
use serde_json::{Value, json};

use super::assess::Words;
use super::{Ended, say, tell};
use crate::clock;
use crate::seal::keys::KeySet;
use crate::seal::scan::scan_png;

/// Verifies a mark offline.
#[derive(Args, Debug)]
pub struct Verify {
    /// The mark's link, its digits or its id, or a PNG picture of the mark (each mark in it is answered).
    mark: String,
    /// The register's public keys: a copy of its /.well-known/jwks.json.
    #[arg(long, value_name = "JWKS")]
    keys: PathBuf,
    /// One JSON object a line for each mark, in place of words.
    #[arg(long)]
    json: bool,
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
        let ring = read_keys(&self.keys)?;
        let codes = match self.codes() {
            Ok(codes) => codes,
            Err(why) => {
                tell(why);
                return Ok(ExitCode::from(4));
            }
        };
        let found = marks(codes.iter().map(|code| read(code, &ring)).collect());
        for mark in &found {
            if self.json {
                say(document(mark));
            } else {
                say(prose(mark, self.language.into()));
            }
        }
        Ok(ExitCode::from(found.iter().map(Read::status).max().unwrap_or(4)))
    }

    /// The texts to look at: what was given, or what the picture's QR codes hold.
    fn codes(&self) -> Result<Vec<String>, String> {
        let path = Path::new(&self.mark);
        if self.mark.trim().is_empty() {
            return Err("マークが指定されていません / no mark was given".to_owned());
        }
        let is_digits = || self.mark.bytes().all(|byte| byte.is_ascii_digit());
        let is_id = || self.mark.parse::<LicenceId>().is_ok() && !path.exists();
        if self.mark.contains("://") || is_digits() || is_id() {
            return Ok(vec![self.mark.clone()]);
        }
        let file = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        scan_png(&file).map_err(|error| format!("{}: 画像から読み取れません / not read: {error}", path.display()))
    }
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
            Self::Genuine(..) => 0,
            Self::Mini(_) => 3,
            Self::Refused(_) => 1,
        }
    }
}

fn read_keys(file: &Path) -> Result<KeyRing, Box<dyn std::error::Error + Send + Sync>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let set = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let set = KeySet::from_jwks(&set).map_err(|error| format!("{}: {error:?}", file.display()))?;
    Ok(set.licence_keys())
}

/// A link's last part is the code; which host it names proves nothing.
fn read(link: &str, ring: &KeyRing) -> Read {
    // What people's programs hang behind a link is no part of it.
    let link = link.split(['?', '#']).next().unwrap_or_default();
    let code = link.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    if let Ok(id) = code.parse::<LicenceId>() {
        return Read::Mini(id);
    }
    match Token::from_decimal(code).and_then(|token| token.verify(ring)) {
        Ok(verified) => {
            let answer = offline(&verified, clock::now());
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
