//! Settings by flag, environment or file, and the registry opened with them.

use std::error::Error;
use std::fmt;
use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use rand::SeedableRng;
use rand::rngs::{StdRng, SysRng};
use serde::Deserialize;
use zeroize::Zeroizing;

use super::oidc::Oidc;
use super::post::Post;
use crate::begin::begin;
use crate::config::BaseUrl;
use crate::evidence::bucket::Bucket;
use crate::evidence::clamd::Clamd;
use crate::evidence::shelf::Shelf;
use crate::oidc;
use crate::post::Outgoing;
use crate::registry::{Parts, Registry};
use crate::seal::keys::{Keys, Purpose, jwks};
use crate::seal::picture::MarkAssets;
use crate::store::{self, OpenError, Store};

/// Where things are. A flag wins over the environment, and that over the file.
#[derive(Args, Clone, Debug, Default)]
pub struct Settings {
    /// A TOML file with any of these settings, named as the flags are (`base-url = "…"`).
    #[arg(long, env = "OTASUKETAI_CONFIG", value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// The folder of the embedded database and the keys [default: ./data].
    #[arg(long, env = "OTASUKETAI_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// `sqlite:///folder/file.sqlite?mode=rwc` or `postgres://user@host/name` [default: SQLite in the data folder].
    #[arg(long, env = "OTASUKETAI_DATABASE", value_name = "URL", hide_env_values = true)]
    pub database: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "OTASUKETAI_LISTEN", value_name = "ADDR:PORT")]
    pub listen: Option<String>,
    /// The network that it listens on encrypts all that passes, as WireGuard, IPsec and service meshes do. Without this
    /// word it listens on this machine alone: it speaks plain HTTP, and the proxy in front has the certificate.
    #[arg(long, env = "OTASUKETAI_ENCRYPTED_NETWORK")]
    pub encrypted_network: bool,
    /// The address people reach the register at; it stands in every mark's QR code [default: http:// and --listen].
    #[arg(long, env = "OTASUKETAI_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// A file whose first line opens the key file. The environment may hold the passphrase itself in
    /// OTASUKETAI_PASSPHRASE.
    #[arg(long, env = "OTASUKETAI_PASSPHRASE_FILE", value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// A folder with the mark's artwork, in place of the built-in placeholder.
    #[arg(long, env = "OTASUKETAI_MARK_ASSETS", value_name = "DIR")]
    pub mark_assets: Option<PathBuf>,
    /// How many requests a second each address, and each token, may make; ten seconds' worth at once. 0 sets no limit
    /// [default: 100].
    #[arg(long, env = "OTASUKETAI_REQUESTS_PER_SECOND", value_name = "NUMBER")]
    pub requests_per_second: Option<u32>,
    /// Addresses of proxies in front, whose X-Forwarded-For is believed.
    #[arg(long, env = "OTASUKETAI_TRUSTED_PROXY", value_name = "ADDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<IpAddr>,
    /// Where evidence is kept, to be backed up with the database: a folder, or `s3://bucket/prefix` with
    /// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_ENDPOINT_URL in the environment [default: evidence
    /// in the data folder].
    #[arg(long, env = "OTASUKETAI_EVIDENCE_STORE", value_name = "PLACE")]
    pub evidence_store: Option<String>,
    /// Where ClamAV's clamd listens on this machine: `unix:/run/clamav/clamd.ctl` or `127.0.0.1:3310`. Without it
    /// evidence is taken unscanned, and shown so.
    #[arg(long, env = "OTASUKETAI_CLAMD", value_name = "SOCKET")]
    pub clamd: Option<String>,
    #[command(flatten)]
    pub oidc: Oidc,
    #[command(flatten)]
    pub post: Post,
}

/// The settings file.
#[derive(Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    listen: Option<String>,
    encrypted_network: Option<bool>,
    base_url: Option<String>,
    passphrase_file: Option<PathBuf>,
    mark_assets: Option<PathBuf>,
    requests_per_second: Option<u32>,
    trusted_proxy: Option<Vec<IpAddr>>,
    evidence_store: Option<String>,
    clamd: Option<String>,
    oidc_issuer: Option<String>,
    oidc_client_id: Option<String>,
    oidc_client_secret_file: Option<PathBuf>,
    oidc_hosts: Option<Vec<String>>,
    smtp: Option<String>,
    smtp_password_file: Option<PathBuf>,
    mail_from: Option<String>,
    loopback_webhooks: Option<bool>,
}

/// The names that may stand in the file.
const FILE: [&str; 19] = [
    "data",
    "database",
    "listen",
    "encrypted-network",
    "base-url",
    "passphrase-file",
    "mark-assets",
    "requests-per-second",
    "trusted-proxy",
    "evidence-store",
    "clamd",
    "oidc-issuer",
    "oidc-client-id",
    "oidc-client-secret-file",
    "oidc-hosts",
    "smtp",
    "smtp-password-file",
    "mail-from",
    "loopback-webhooks",
];

/// A setting that stops the start.
#[derive(Debug)]
pub struct Wrong {
    setting: &'static str,
    why: String,
}

impl Wrong {
    pub(super) fn new(setting: &'static str, why: impl fmt::Display) -> Self {
        Self { setting, why: why.to_string() }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "設定 {0} が使えません / the setting {0} cannot be used: {1}", self.setting, self.why)
    }
}

impl Error for Wrong {}

/// A person at a browser, and an office full of them behind one address, stay far below; a loop does not.
pub(super) const REQUESTS_PER_SECOND: u32 = 100;

/// The evidence's folder below the data folder.
pub(super) const EVIDENCE: &str = "evidence";

/// Settings with nothing left open.
#[derive(Clone, Debug)]
pub struct Settled {
    pub data: PathBuf,
    pub database: String,
    pub listen: SocketAddr,
    pub base_url: BaseUrl,
    pub mark_assets: Option<PathBuf>,
    pub requests_per_second: u32,
    pub trusted_proxy: Vec<IpAddr>,
    /// A folder, or `s3://bucket/prefix`.
    pub evidence_store: String,
    pub clamd: Option<Clamd>,
    /// Only who serves signs people in.
    pub oidc: Option<Arc<oidc::Client>>,
    /// Only who serves sends anything.
    pub outgoing: Outgoing,
}

impl Settings {
    /// Reads the file, if one is named, and fills what flags and environment left open.
    pub fn settle(&self) -> Result<Settled, Wrong> {
        let file = self.read_file()?;
        let data = self.data.clone().or(file.data).unwrap_or_else(|| PathBuf::from("data"));
        let listen = self.listen.clone().or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen: SocketAddr =
            listen.parse().map_err(|error| Wrong::new("--listen", format!("{listen}: {error}")))?;
        if !listen.ip().is_loopback() && !self.encrypted_network && file.encrypted_network != Some(true) {
            let why = format!(
                "{listen} には別の機械からTLSなしで届きます。このマシンの中のアドレス（127.0.0.1）にするか、通信路自体が暗号化されて\
                 いるなら --encrypted-network を付けてください / {listen} is reached from other machines without TLS: listen on \
                 this machine alone (127.0.0.1), behind the proxy, or say --encrypted-network where the network itself \
                 encrypts"
            );
            return Err(Wrong::new("--listen", why));
        }
        let base_url = self.base_url.clone().or(file.base_url).unwrap_or_else(|| format!("http://{listen}"));
        Ok(Settled {
            database: self.database.clone().or(file.database).unwrap_or_else(|| store::embedded(&data)),
            base_url: base_url.parse().map_err(|error| Wrong::new("--base-url", error))?,
            mark_assets: self.mark_assets.clone().or(file.mark_assets),
            requests_per_second: self.requests_per_second.or(file.requests_per_second).unwrap_or(REQUESTS_PER_SECOND),
            trusted_proxy: match &self.trusted_proxy[..] {
                [] => file.trusted_proxy.unwrap_or_default(),
                named => named.to_vec(),
            },
            evidence_store: self
                .evidence_store
                .clone()
                .or(file.evidence_store)
                .unwrap_or_else(|| data.join(EVIDENCE).to_string_lossy().into_owned()),
            clamd: match self.clamd.clone().or(file.clamd) {
                Some(socket) => Some(socket.parse().map_err(|error| Wrong::new("--clamd", error))?),
                None => None,
            },
            oidc: None,
            outgoing: Outgoing::default(),
            data,
            listen,
        })
    }

    /// The passphrase of the key file: from the environment, or the first line of a file.
    pub fn passphrase(&self) -> Result<Zeroizing<String>, Wrong> {
        if let Ok(passphrase) = std::env::var("OTASUKETAI_PASSPHRASE") {
            return Ok(Zeroizing::new(passphrase));
        }
        let file = self.passphrase_file.clone().or(self.read_file()?.passphrase_file);
        let Some(path) = file else {
            let why = "鍵ファイルの合言葉がありません / the key file needs a passphrase: set OTASUKETAI_PASSPHRASE or name \
                       a file";
            return Err(Wrong::new("--passphrase-file", why));
        };
        first_line("--passphrase-file", &path)
    }

    /// The client that signs people in with GビズID, where its settings are there. The provider is not asked yet.
    pub fn oidc(&self, base: &BaseUrl) -> Result<Option<Arc<oidc::Client>>, Wrong> {
        let file = self.read_file()?;
        let given = Oidc {
            oidc_issuer: self.oidc.oidc_issuer.clone().or(file.oidc_issuer),
            oidc_client_id: self.oidc.oidc_client_id.clone().or(file.oidc_client_id),
            oidc_client_secret_file: self.oidc.oidc_client_secret_file.clone().or(file.oidc_client_secret_file),
            oidc_hosts: match &self.oidc.oidc_hosts[..] {
                [] => file.oidc_hosts.unwrap_or_default(),
                named => named.to_vec(),
            },
        };
        given.client(base)
    }

    /// How mail and webhooks go out.
    pub fn outgoing(&self) -> Result<Outgoing, Wrong> {
        let file = self.read_file()?;
        let given = Post {
            smtp: self.post.smtp.clone().or(file.smtp),
            smtp_password_file: self.post.smtp_password_file.clone().or(file.smtp_password_file),
            mail_from: self.post.mail_from.clone().or(file.mail_from),
            loopback_webhooks: self.post.loopback_webhooks || file.loopback_webhooks == Some(true),
        };
        given.outgoing()
    }

    fn read_file(&self) -> Result<File, Wrong> {
        let Some(path) = &self.config else { return Ok(File::default()) };
        let wrong = |error: &dyn fmt::Display| Wrong::new("--config", format!("{}: {error}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
        toml::from_str(&text).map_err(|error| {
            // Where and what, but not the line itself: somebody may have put a secret there.
            let line = error.span().map_or(0, |span| text[..span.start].matches('\n').count());
            let setting = text.lines().nth(line).and_then(|line| line.split_once('=')).map(|(name, _)| name.trim());
            let setting = setting.filter(|name| FILE.contains(name)).map_or(String::new(), |name| format!("{name}: "));
            let line = line + 1;
            wrong(&format_args!("{line}行目 / line {line}: {setting}{}", error.message()))
        })
    }
}

/// A secret that stands in a file's first line.
pub(super) fn first_line(setting: &'static str, path: &Path) -> Result<Zeroizing<String>, Wrong> {
    let read = fs::read_to_string(path).map_err(|error| Wrong::new(setting, format!("{}: {error}", path.display())))?;
    Ok(Zeroizing::new(Zeroizing::new(read).lines().next().unwrap_or_default().to_owned()))
}

/// The encrypted signing keys.
pub(super) fn key_file(data: &Path) -> PathBuf {
    data.join("keys.pem")
}

/// The public keys, beside the database, for whoever verifies or checks.
pub(crate) fn key_set_file(data: &Path) -> PathBuf {
    data.join("jwks.json")
}

/// Opens keys, database and artwork; makes what a first start needs.
pub async fn open(
    settled: &Settled,
    passphrase: &str,
    is_demonstration: bool,
) -> Result<Arc<Registry>, Box<dyn Error + Send + Sync>> {
    make_folder(&settled.data)?;
    let is_demonstration = stays_demonstration(&settled.data, is_demonstration)?;
    let assets = MarkAssets::load(settled.mark_assets.as_deref())?;
    let store = Store::open(&settled.database).await?;
    let file = key_file(&settled.data);
    let known = store.signing_keys().await?;
    if !file.exists() && !known.is_empty() {
        let why = format!(
            "{0} がありません。この登録簿の鍵を控えから戻してください / {0} is missing: put this register's keys back from \
             their copy",
            file.display()
        );
        return Err(Wrong::new("--data", why).into());
    }
    let mut entropy = StdRng::try_from_rng(&mut SysRng)?;
    // A file from before a purpose was thought of is whole: `keys create` adds what it lacks.
    let purposes = if file.exists() { &Purpose::NEEDED[..] } else { &Purpose::USED };
    let (keys, is_new) = Keys::open_or_create(&file, passphrase, purposes, &mut entropy)?;
    if is_new {
        tracing::info!("new signing keys were made; back up keys.pem and its passphrase");
    }
    let (base_url, oidc) = (settled.base_url.clone(), settled.oidc.clone());
    let shelf = open_shelf(settled)?;
    let scanner = settled.clamd.clone();
    let registry = Registry::new(Parts {
        store,
        known,
        keys,
        assets,
        base_url,
        oidc,
        shelf,
        scanner,
        outgoing: settled.outgoing.clone(),
        is_demonstration,
        entropy,
    })?;
    check_log_name(&registry).await?;
    begin(&registry).await?;
    fs::write(key_set_file(&settled.data), format!("{:#}\n", jwks(&registry.key_book().await.records)))?;
    Ok(registry)
}

/// The place where evidence is kept.
pub(super) fn open_shelf(settled: &Settled) -> Result<Shelf, Wrong> {
    let wrong = |error: &dyn fmt::Display| Wrong::new("--evidence-store", error);
    match bucket(&settled.evidence_store)? {
        Some(bucket) => bucket.shelf().map_err(|error| wrong(&error)),
        None => Shelf::folder(settled.evidence_store.clone().into()).map_err(|error| wrong(&error)),
    }
}

/// The same to look at: nothing is made where there is nothing.
pub(super) fn look_at_shelf(settled: &Settled) -> Result<Option<Shelf>, Wrong> {
    match bucket(&settled.evidence_store)? {
        Some(_) => open_shelf(settled).map(Some),
        None => Shelf::look(settled.evidence_store.as_ref()).map_err(|error| Wrong::new("--evidence-store", error)),
    }
}

fn bucket(place: &str) -> Result<Option<Bucket>, Wrong> {
    if !place.starts_with("s3:") {
        return Ok(None);
    }
    let read = Bucket::read(place, |name| std::env::var(name).ok());
    read.map(Some).map_err(|error| Wrong::new("--evidence-store", error))
}

/// A demonstration stays one, whoever serves its folder.
fn stays_demonstration(data: &Path, is_now: bool) -> Result<bool, Wrong> {
    let mark = data.join("demonstration");
    if is_now {
        fs::write(&mark, "").map_err(|error| Wrong::new("--data", format!("{}: {error}", mark.display())))?;
    }
    Ok(is_now || mark.exists())
}

/// The log's name is the base URL's. Under another one it would be another log.
async fn check_log_name(registry: &Registry) -> Result<(), Box<dyn Error + Send + Sync>> {
    let last = registry.store.checkpoint().await?;
    let expected = registry.log_name.as_str();
    match last.as_deref().and_then(|note| note.lines().next()) {
        Some(found) if found != expected => {
            let why = OpenError::OtherLog { found: found.to_owned(), expected: expected.to_owned() };
            Err(Wrong::new("--base-url", why).into())
        }
        _ => Ok(()),
    }
}

/// Only the owner may look into the folder: it holds personal data and, encrypted, the keys.
pub(super) fn make_folder(data: &Path) -> Result<(), Wrong> {
    use std::os::unix::fs::DirBuilderExt;
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(data);
    made.map_err(|error| Wrong::new("--data", format!("{}: {error}", data.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demonstration_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let stays = |is_now| stays_demonstration(folder.path(), is_now).unwrap();
        assert!(!stays(false));
        assert!(stays(true));
        assert!(stays(false), "served again by itself");
    }
}
