//! `otasuketai serve`

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::settings::Settled;
use super::{Ended, Settings, open};
use crate::clock::{self, SetBack};
use crate::server::{self, limits::Limits};

/// Serves the register.
#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    logs: Logs,
    /// Only checks the settings, the keys and the database, then ends.
    #[arg(long)]
    check: bool,
}

/// How the log of the process is written, to standard error.
#[derive(Args, Clone, Debug)]
pub struct Logs {
    /// `text` for people or `json`, one object a line, for programs.
    #[arg(long, env = "OTASUKETAI_LOG_FORMAT", default_value = "text")]
    log_format: LogFormat,
    /// How much to write, such as `info` or `api=debug`.
    #[arg(long, env = "OTASUKETAI_LOG", default_value = "info")]
    log: String,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum LogFormat {
    Text,
    Json,
}

impl Logs {
    /// Starts writing.
    pub fn start(&self) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let filter = EnvFilter::try_new(&self.log).map_err(|error| format!("--log {}: {error}", self.log))?;
        let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        match self.log_format {
            LogFormat::Text => builder.with_ansi(false).try_init(),
            LogFormat::Json => builder.json().try_init(),
        }
    }
}

impl Serve {
    pub(super) async fn run(self) -> Ended {
        self.logs.start()?;
        let settled = self.settings.settle()?;
        let (oidc, outgoing) = (self.settings.oidc(&settled.base_url)?, self.settings.outgoing()?);
        let settled = Settled { oidc, outgoing, ..settled };
        let passphrase = self.settings.passphrase()?;
        let registry = open(&settled, &passphrase, false).await?;
        if let Some(at) = registry.store.last_act_at().await? {
            clock::seen(at);
        }
        clock::check().map_err(|back| {
            let SetBack { now, seen } = back;
            format!(
                "時計が {now} を指していますが、最後の手続は {seen} に記録されています。時計を合わせてください / the clock says \
                 {now}, and the last act was recorded at {seen}: set it right"
            )
        })?;
        if self.check {
            super::say("設定に問題はありません / the settings are good");
            return Ok(ExitCode::SUCCESS);
        }
        let listener =
            TcpListener::bind(settled.listen).await.map_err(|error| format!("--listen {}: {error}", settled.listen))?;
        tracing::info!(address = %settled.listen, base_url = %settled.base_url, "serving");
        let limits = Limits::new(settled.requests_per_second, &settled.trusted_proxy);
        server::serve(registry, listener, limits).await?;
        Ok(ExitCode::SUCCESS)
    }
}
