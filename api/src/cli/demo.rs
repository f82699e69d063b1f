//! `otasuketai demo`: the main job on a fresh embedded database, then served.

mod story;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use clap::Args;
use rand::RngExt;
use serde_json::json;
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use super::serve::Logs;
use super::settings::{REQUESTS_PER_SECOND, Settled};
use super::{Ended, open, say};
use crate::config::BaseUrl;
use crate::server::{self, limits::Limits};
use crate::store;
use story::Told;

/// Shows the main job: the first round's services taken through real acts over the weeks before now, then served.
#[derive(Args, Debug)]
pub struct Demo {
    /// An empty or new folder for the demonstration's database [default: a new one among the temporary files].
    #[arg(long, env = "OTASUKETAI_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8080, or another port where that one is taken].
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// The address people reach the register at [default: http:// and where it listens].
    #[arg(long, value_name = "URL")]
    base_url: Option<BaseUrl>,
    /// Prints the links as one JSON object on one line.
    #[arg(long)]
    json: bool,
    /// Tells the story, prints the links, and ends without serving.
    #[arg(long)]
    no_serve: bool,
    #[command(flatten)]
    logs: Logs,
}

impl Demo {
    pub(super) async fn run(self) -> Ended {
        self.logs.start()?;
        let data = self.folder()?;
        let listener = self.bind().await?;
        let listen = listener.local_addr()?;
        let base_url = match self.base_url {
            Some(url) => url,
            None => format!("http://{listen}").parse()?,
        };
        let passphrase = make_passphrase(&data)?;
        let database = store::embedded(&data);
        let settled = Settled {
            data: data.clone(),
            database,
            listen,
            base_url,
            mark_assets: None,
            requests_per_second: REQUESTS_PER_SECOND,
            trusted_proxy: Vec::new(),
            evidence_store: data.join(super::settings::EVIDENCE).to_string_lossy().into_owned(),
            clamd: None,
            oidc: None,
            outgoing: crate::post::Outgoing::default(),
        };
        let registry = open(&settled, &passphrase, true).await?;
        let told = story::tell(&registry).await?;
        registry.publish_checkpoint().await?;
        if self.json {
            say(told.document(&registry, &data));
        } else {
            say(told.words(&registry, &data));
        }
        if !self.no_serve {
            let limits = Limits::new(settled.requests_per_second, &settled.trusted_proxy);
            server::serve(registry, listener, limits).await?;
        }
        Ok(ExitCode::SUCCESS)
    }

    /// A folder with nothing in it.
    fn folder(&self) -> Result<PathBuf, String> {
        let fresh = || env::temp_dir().join(format!("otasuketai-demo-{:08x}", rand::rng().random::<u32>()));
        let data = self.data.clone().unwrap_or_else(fresh);
        let is_taken = fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_some());
        if is_taken {
            let why = "空のフォルダーを指定してください / name an empty folder";
            return Err(format!("--data {}: {why}", data.display()));
        }
        super::settings::make_folder(&data).map_err(|wrong| wrong.to_string())?;
        data.canonicalize().map_err(|error| format!("--data {}: {error}", data.display()))
    }

    async fn bind(&self) -> Result<TcpListener, String> {
        if let Some(listen) = self.listen {
            return TcpListener::bind(listen).await.map_err(|error| format!("--listen {listen}: {error}"));
        }
        match TcpListener::bind("127.0.0.1:8080").await {
            Ok(listener) => Ok(listener),
            Err(_) => TcpListener::bind("127.0.0.1:0").await.map_err(|error| format!("127.0.0.1: {error}")),
        }
    }
}

/// The demonstration's key file is opened by a passphrase beside it: its keys protect nothing.
fn make_passphrase(data: &std::path::Path) -> Result<Zeroizing<String>, std::io::Error> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let passphrase = Zeroizing::new(data_encoding::HEXLOWER.encode(&rand::rng().random::<[u8; 16]>()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(data.join("passphrase"))?;
    writeln!(file, "{}", passphrase.as_str())?;
    Ok(passphrase)
}

impl Told {
    fn document(&self, registry: &crate::registry::Registry, data: &std::path::Path) -> serde_json::Value {
        let base = &registry.base_url;
        let marks = self.marks.iter().map(|mark| {
            json!({
                "holder": mark.holder, "kind": mark.kind, "link": mark.link,
                "png": base.join(&format!("/licences/{}/mark.png", mark.licence)),
            })
        });
        json!({
            "base_url": base.to_string(), "data": data, "register": base.join("/register"),
            "marks": marks.collect::<Vec<_>>(), "accounts": self.accounts, "api_key": self.api_key,
        })
    }

    fn words(&self, registry: &crate::registry::Registry, data: &std::path::Path) -> String {
        let base = &registry.base_url;
        let mark = self.marks.first().map(|mark| mark.link.as_str()).unwrap_or_default();
        let password = self.accounts.values().next().map_or("", |account| account.password.as_str());
        let accounts = self
            .accounts
            .iter()
            .map(|(role, account)| format!("    {role:<17} {:<32} {}\n", account.login, account.codes[..2].join("  ")));
        format!(
            "実演用の登録簿です。すべて例示です。 / A register for demonstration; everything in it is an example.\n\
             \n  データ / data:          {}\n  登録簿 / register:      {}\n  マーク / a scanned mark: {mark}\n  \
             審査 / examiner's queue: {}\n  サインイン / sign in:    {}\n  パスワード / \
             password:  {password}\n  役割、ログイン、確認コード（各1回）/ role, login, codes (each once):\n{}  \
             APIキー / API key:      {}\n\n\
             止めるには Ctrl-C / stop with Ctrl-C",
            data.display(),
            base.join("/register"),
            base.join("/examinations"),
            base.join("/sign-in"),
            accounts.collect::<String>(),
            self.api_key,
        )
    }
}
