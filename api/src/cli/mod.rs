//! The command `otasuketai`.

mod admin;
mod assess;
mod bounce;
mod demo;
mod fsck;
mod keys;
mod list_shelf;
mod oidc;
mod post;
mod serve;
mod settings;
mod status;
mod verify;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use settings::{Settings, open};

/// サイバーセキュリティお助け隊サービスの登録簿 / the register of cybersecurity services for small firms
///
/// Services are judged against dated criteria, registered, and licensed to show a mark whose QR code anybody can verify,
/// online or offline. Begin with `otasuketai demo`.
///
/// Every task ends with 0 when it went well, 64 when the command line is wrong, 70 when the task could not be done; what
/// else a status says stands in the task's own help.
#[derive(Parser, Debug)]
#[command(version, name = "otasuketai")]
pub struct Command {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand, Debug)]
enum Task {
    /// Shows the main job: a fresh register with the first round's services, then serves it.
    Demo(demo::Demo),
    /// Serves the register.
    Serve(serve::Serve),
    /// Assesses a declaration against the criteria of a day.
    ///
    /// Ends with 0 when every criterion is met, 1 when one is unmet, 2 when a person must judge, 3 when the file is no
    /// declaration or no edition governs the day.
    Assess(assess::Assess),
    /// Verifies marks offline, from their links or pictures, with the register's public keys and its status lists.
    ///
    /// Of several marks the highest of these counts. Ends with 0 when the mark is genuine and its printed term runs (with status lists: when it is valid; without them
    /// only the register knows its present status), 1 when it is not ours or altered, 2 when it is genuine and its printed
    /// term has ended, 3 when only the register can say (a mini mark), 4 when nothing could be read, 5 when it is
    /// suspended, revoked or ended, 6 when its status list is too old or not the register's.
    Verify(verify::Verify),
    /// Rebuilds the log's tree and every table from the acts, and names each row that differs.
    ///
    /// Ends with 0 when nothing differs, 1 when something does, 2 when it could not be checked.
    Fsck(fsck::Fsck),
    /// Takes a notification that mail came back, as the mail server hands it over, and remembers it.
    ///
    /// Ends with 0 when it was about a message of this register, 1 when it was not.
    Bounce(bounce::Bounce),
    /// Organisations and people: the first operator, invitations, recovery, dismissal.
    Admin(admin::Admin),
    /// Shows the register's public keys, makes the next one, and proves that one is held.
    ///
    /// Putting a key to use (which retires the one before it) and declaring one compromised take two people who have
    /// signed in, at `/keys`: no command does it, since whoever sits at the machine is nobody whom the log could name.
    Keys(keys::Keys),
    /// Writes the status lists into a folder, for any host that serves files.
    Status(status::Status),
}

/// What a task ends with: an exit status, or a reason for people.
type Ended = Result<ExitCode, Box<dyn Error + Send + Sync>>;

/// Runs a command to its end.
pub fn run(command: Command) -> ExitCode {
    let ended = match command.task {
        Task::Assess(task) => task.run(),
        Task::Verify(task) => task.run(),
        Task::Demo(task) => async_main(task.run()),
        Task::Serve(task) => async_main(task.run()),
        Task::Fsck(task) => async_main(task.run()),
        Task::Bounce(task) => async_main(task.run()),
        Task::Admin(task) => async_main(task.run()),
        Task::Keys(task) => async_main(task.run()),
        Task::Status(task) => async_main(task.run()),
    };
    ended.unwrap_or_else(|error| {
        tell(format_args!("otasuketai: {error}"));
        ExitCode::from(70)
    })
}

fn async_main(task: impl Future<Output = Ended>) -> Ended {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(task)
}

/// Writes a command's own output. A reader who has gone away (`| head`) ends the writing, not the task.
fn say(text: impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Says what is wrong, beside a command's own output.
fn tell(text: impl std::fmt::Display) {
    // Standard error may be closed; there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}
