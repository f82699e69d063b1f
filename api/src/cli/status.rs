//! `otasuketai status`: the status lists as files, for any host that serves files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use domain::status_list::Statement;
use serde_json::json;

use super::{Ended, Settings, open, say};
use crate::acts::Refused;
use crate::clock;
use crate::problem::Problem;
use crate::seal::keys::{KeySet, Purpose};
use crate::status_lists::{self, Bundle};

/// Writes every status list, the list of them and the bundle for verifiers without a network into a folder.
///
/// The folder is what a host serves at `/status`. A list that says what it said is written again once a day; each file is
/// replaced as a whole. Run it after changes, or by a timer: a list is good for seven days.
#[derive(Args, Debug)]
pub struct Status {
    /// The folder; it is made where there is none.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

impl Status {
    pub(super) async fn run(self) -> Ended {
        let registry = open(&self.settings.settle()?, &self.settings.passphrase()?, false).await?;
        fs::create_dir_all(&self.to).map_err(|error| format!("{}: {error}", self.to.display()))?;
        let at = clock::check().map_err(|back| format!("the clock was set back: {} before {}", back.now, back.seen))?;
        let ring = KeySet::from(registry.key_book().await.published()).ring(Purpose::Status);
        let count = registry.store.status_lists().await?;
        let (mut uris, mut written) = (Vec::new(), 0);
        for number in 0..count {
            uris.push(status_lists::uri(&registry, number));
            let Some(signed) = status_lists::list(&registry, number, at).await.map_err(why)? else { continue };
            let file = self.to.join(number.to_string());
            let before = fs::read(&file).ok().and_then(|bytes| Statement::from_cwt(&bytes, &ring).ok());
            let says_the_same = |before: &Statement| {
                before.list == signed.statement.list && before.uri == signed.statement.uri && before.is_fresh(at)
            };
            if before.as_ref().is_some_and(says_the_same) {
                continue;
            }
            written += 1;
            replace(&file.with_added_extension("jwt"), &signed.jwt.bytes)?;
            replace(&file.with_added_extension("cwt"), &signed.cwt.bytes)?;
            replace(&file, &signed.cwt.bytes)?;
        }
        replace(&self.to.join("index.json"), json!({ "status_lists": uris }).to_string().as_bytes())?;
        replace(&self.to.join("bundle"), &Bundle::of(&registry, at).await.map_err(why)?.bytes)?;
        say(format_args!("{count} lists, {written} written"));
        Ok(ExitCode::SUCCESS)
    }
}

/// Why a list could not be made, in both languages.
fn why(refused: Refused) -> String {
    let detail = Problem::from(refused).detail;
    format!("{} / {}", detail.ja, detail.en)
}

/// Nobody finds half a file: it is written beside, and takes the other's place.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let draft = path.with_added_extension("new");
    let written = fs::write(&draft, bytes).and_then(|()| fs::rename(&draft, path));
    written.map_err(|error: io::Error| {
        let _ = fs::remove_file(&draft);
        format!("{}: {error}", path.display())
    })
}
