//! The settings for mail and webhooks.

use std::env;
use std::path::PathBuf;

use clap::Args;

use super::settings::{Wrong, first_line};
use crate::identity::secret::Secret;
use crate::post::Outgoing;
use crate::post::mail::Mailer;

const SMTP: &str = "--smtp";
const PASSWORD_FILE: &str = "--smtp-password-file";
const FROM: &str = "--mail-from";

/// How mail and webhooks go out.
#[derive(Args, Clone, Debug, Default)]
pub struct Post {
    /// The mail server: `smtps://user@host`, or `smtp://user@host` with STARTTLS; on this machine `smtp://127.0.0.1:25`.
    /// Without it people are told in their inbox alone, and shown so.
    #[arg(long, env = "OTASUKETAI_SMTP", value_name = "URL", hide_env_values = true)]
    pub smtp: Option<String>,
    /// A file whose first line is the password of that user. The environment may hold the password itself in
    /// OTASUKETAI_SMTP_PASSWORD.
    #[arg(long, env = "OTASUKETAI_SMTP_PASSWORD_FILE", value_name = "FILE")]
    pub smtp_password_file: Option<PathBuf>,
    /// In whose name mail goes out, such as `登録簿 <no-reply@example.jp>`. What cannot be delivered comes back there.
    #[arg(long, env = "OTASUKETAI_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Lets webhooks lead to this machine, without TLS: for tests only.
    #[arg(long, env = "OTASUKETAI_LOOPBACK_WEBHOOKS")]
    pub loopback_webhooks: bool,
}

impl Post {
    pub(super) fn outgoing(self) -> Result<Outgoing, Wrong> {
        let allows_loopback_webhooks = self.loopback_webhooks;
        let password = self.password()?;
        let mailer = match (self.smtp, self.mail_from) {
            (None, None) if password.is_none() => None,
            (Some(url), Some(from)) => {
                let mailer = Mailer::new(&url, &from, password.as_ref());
                Some(mailer.map_err(|why| Wrong::new(if why.starts_with(FROM) { FROM } else { SMTP }, why))?)
            }
            (None, _) => return Err(missing(SMTP)),
            (_, None) => return Err(missing(FROM)),
        };
        Ok(Outgoing { mailer, allows_loopback_webhooks })
    }

    /// From the environment, or the first line of the file.
    fn password(&self) -> Result<Option<Secret>, Wrong> {
        if let Ok(password) = env::var("OTASUKETAI_SMTP_PASSWORD") {
            return Ok(Some(Secret::new(password)));
        }
        let Some(path) = &self.smtp_password_file else { return Ok(None) };
        Ok(Some(Secret::from(first_line(PASSWORD_FILE, path)?.as_str())))
    }
}

fn missing(setting: &'static str) -> Wrong {
    let why = format!(
        "メールには {SMTP} と {FROM} の両方が要ります。{setting} がありません / mail takes both {SMTP} and {FROM}: {setting} \
         is missing"
    );
    Wrong::new(setting, why)
}
