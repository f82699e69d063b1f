//! `otasuketai fsck`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use domain::tlog::note::NoteKey;
use serde_json::json;

use super::settings::key_set_file;
use super::{Ended, Settings, say};
use crate::seal::keys::{KeySet, Purpose};
use crate::store;

/// Rebuilds the log's tree and every table from the acts.
#[derive(Args, Debug)]
pub struct Fsck {
    /// The register's public keys [default: jwks.json in the data folder].
    #[arg(long, value_name = "JWKS")]
    keys: Option<PathBuf>,
    /// One JSON object in place of lines for people.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    settings: Settings,
}

impl Fsck {
    pub(super) async fn run(self) -> Ended {
        let settled = self.settings.settle()?;
        let file = self.keys.unwrap_or_else(|| key_set_file(&settled.data));
        let log = read_log_keys(&file, &settled.base_url.log_origin())?;
        if log.is_empty() {
            return Err(format!("{}: no key for the log", file.display()).into());
        }
        let findings = match store::check(&settled.database, &log).await {
            Ok(findings) => findings,
            Err(error) if self.json => {
                say(json!({ "error": error.to_string() }));
                return Ok(ExitCode::from(2));
            }
            Err(error) => {
                say(format_args!("確かめられませんでした / could not be checked: {error}"));
                return Ok(ExitCode::from(2));
            }
        };
        if self.json {
            say(serde_json::to_string(&findings)?);
        } else {
            for difference in &findings.differences {
                let store::Difference { table, row, column, why } = difference;
                say(format_args!("{table} {row} {column}: {why}"));
            }
            let store::Findings { acts, rows, checkpoints, root, differences } = &findings;
            say(format_args!(
                "{acts} acts, {rows} rows, {checkpoints} checkpoints, root {root}: {} differences",
                differences.len()
            ));
        }
        Ok(if findings.is_clean() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// The log's public keys under its name.
fn read_log_keys(
    file: &std::path::Path,
    origin: &str,
) -> Result<Vec<NoteKey>, Box<dyn std::error::Error + Send + Sync>> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let set = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
    let set = KeySet::from_jwks(&set).map_err(|error| format!("{}: {error:?}", file.display()))?;
    let keys = set.ever(Purpose::Log).map(|key| NoteKey::new(origin, key.clone()));
    keys.collect::<Result<_, _>>().map_err(|error| format!("{origin}: {error:?}").into())
}
