//! The settings for signing in with GビズID: all of them, or none.

use std::env;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use super::settings::{Wrong, first_line};
use crate::config::BaseUrl;
use crate::oidc::{Client, Secret, Settings, SettingsError};

const ISSUER: &str = "--oidc-issuer";
const CLIENT_ID: &str = "--oidc-client-id";
const HOSTS: &str = "--oidc-hosts";
const SECRET_FILE: &str = "--oidc-client-secret-file";

/// Where people sign in, and as whom this register asks there.
#[derive(Args, Clone, Debug, Default)]
pub struct Oidc {
    /// The identity provider people may sign in at, GビズID, by the exact name it gives itself, such as
    /// `https://gbiz-id.go.jp/oauth/`. With it go the two settings below.
    #[arg(long, env = "OTASUKETAI_OIDC_ISSUER", value_name = "URL")]
    pub oidc_issuer: Option<String>,
    /// What the provider knows this register by.
    #[arg(long, env = "OTASUKETAI_OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,
    /// A file whose first line is the secret that goes with it. The environment may hold the secret itself in
    /// OTASUKETAI_OIDC_CLIENT_SECRET.
    #[arg(long, env = "OTASUKETAI_OIDC_CLIENT_SECRET_FILE", value_name = "FILE")]
    pub oidc_client_secret_file: Option<PathBuf>,
    /// Hosts beside the issuer's own that the provider's addresses for tokens, keys and UserInfo may be on. No other is
    /// ever asked.
    #[arg(long, env = "OTASUKETAI_OIDC_HOSTS", value_name = "HOST[:PORT]", value_delimiter = ',')]
    pub oidc_hosts: Vec<String>,
}

impl Oidc {
    /// A client that has not asked the provider anything yet; `None` where none of the settings is there.
    pub(super) fn client(self, base: &BaseUrl) -> Result<Option<Arc<Client>>, Wrong> {
        let secret = self.secret()?;
        let settings = match (self.oidc_issuer, self.oidc_client_id, secret) {
            (None, None, None) if self.oidc_hosts.is_empty() => return Ok(None),
            (Some(issuer), Some(id), Some(secret)) => {
                Settings { hosts: self.oidc_hosts, ..Settings::new(base, issuer, id, secret) }
            }
            (None, ..) => return Err(missing(ISSUER)),
            (_, None, _) => return Err(missing(CLIENT_ID)),
            (.., None) => return Err(missing(SECRET_FILE)),
        };
        Client::new(settings).map(Arc::new).map(Some).map_err(wrong)
    }

    /// From the environment, or the first line of the file.
    fn secret(&self) -> Result<Option<Secret>, Wrong> {
        if let Ok(secret) = env::var("OTASUKETAI_OIDC_CLIENT_SECRET") {
            return Ok(Some(secret.into()));
        }
        let Some(path) = &self.oidc_client_secret_file else { return Ok(None) };
        Ok(Some(first_line(SECRET_FILE, path)?.as_str().to_owned().into()))
    }
}

fn missing(setting: &'static str) -> Wrong {
    let why = format!(
        "GビズIDでのサインインには {ISSUER}、{CLIENT_ID}、{SECRET_FILE}（または OTASUKETAI_OIDC_CLIENT_SECRET）の三つが要り\
         ます。{setting} がありません / signing in with GビズID takes all three of {ISSUER}, {CLIENT_ID} and {SECRET_FILE} \
         (or OTASUKETAI_OIDC_CLIENT_SECRET): {setting} is missing"
    );
    Wrong::new(setting, why)
}

fn wrong(error: SettingsError) -> Wrong {
    let setting = match &error {
        SettingsError::Issuer(_) => ISSUER,
        SettingsError::Redirect(_) => "--base-url",
        SettingsError::Host(_) => HOSTS,
        SettingsError::Empty("client_id") => CLIENT_ID,
        SettingsError::Empty(_) => SECRET_FILE,
    };
    Wrong::new(setting, error)
}
