//! `otasuketai bounce`

use std::io::Read;
use std::process::ExitCode;

use clap::Args;

use super::{Ended, Settings, open, say};
use crate::account::trail::Origin;
use crate::clock;
use crate::post::bounce::{Bounced, LONGEST, Report};

/// Takes a notification that mail came back from standard input.
#[derive(Args, Debug)]
pub struct Bounce {
    #[command(flatten)]
    settings: Settings,
}

impl Bounce {
    pub(super) async fn run(self) -> Ended {
        let settled = self.settings.settle()?;
        let mut bytes = Vec::new();
        std::io::stdin().take(LONGEST as u64).read_to_end(&mut bytes)?;
        let report = Report::read(&String::from_utf8_lossy(&bytes), settled.base_url.host());
        let Some(report) = report else {
            say(
                "この登録簿が送ったメールの不達の知らせではありません / no notice that mail of this register came back",
            );
            return Ok(ExitCode::from(1));
        };
        let registry = open(&settled, &self.settings.passphrase()?, false).await?;
        let person = registry.run(Bounced(report), Origin::command(), clock::now()).await;
        registry.store.close().await;
        let person = person.map_err(|refused| format!("記録できませんでした / not recorded: {refused:?}"))?;
        match person {
            Some(person) => {
                say(format_args!(
                    "利用者 {person} へのメールの不達を記録しました / recorded: mail to {person} came back"
                ));
                Ok(ExitCode::SUCCESS)
            }
            None => {
                say("知らないお知らせか、記録済みです / no such message, or recorded before");
                Ok(ExitCode::from(1))
            }
        }
    }
}
