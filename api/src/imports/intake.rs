//! Taking a file in: as it comes, a piece of the database at a time, so that no process holds it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use domain::act::RegistrationNumber;
use domain::authority::{Actor, Power};
use domain::evidence::file_name;
use domain::registration::Registration;
use domain::text::Text;
use futures::{Stream, StreamExt};
use poem::http::StatusCode;
use sha2::{Digest, Sha256};

use super::{Choice, Import, MOST_BYTES, Stage};
use crate::account::trail::Line;
use crate::acts::{AtHand, Errand, Refused, request_digest};
use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;
use crate::spreadsheet::Sniffer;
use crate::store::Error;

/// Bytes of a file in one row.
const PIECE: usize = 256 << 10;
/// How long the next piece may take to come.
const WAIT: Duration = Duration::from_secs(30);

/// What is asked beside the file.
#[derive(Clone, Debug)]
pub struct Asked {
    pub registration: RegistrationNumber,
    pub choice: Choice,
    pub name: String,
    /// The caller's `Idempotency-Key`.
    pub key: Option<String>,
}

/// Takes a file in. The same file under the same key is the same import.
pub async fn take_in<E>(
    registry: &Arc<Registry>,
    visitor: &Visitor,
    of: &Registration,
    asked: Asked,
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Import, Problem> {
    visitor.actor.caller(Power::GrantToUser, &of.object(), visitor.at)?;
    let sender = HEXLOWER.encode(&registry.draw_name());
    let begin = Begin {
        actor: visitor.actor.clone(),
        request: asked.key.as_deref().map(|key| request_digest(&visitor.actor, key)),
        sender: sender.clone(),
        asked,
    };
    let import = registry.run(begin, visitor.origin.clone(), visitor.at).await?;
    // What came before under this key: this file is only compared with it.
    let is_known = import.stage != Stage::Receiving;
    let received = receive(registry, visitor, &import.id, &sender, is_known, body).await;
    let received = match received {
        Ok(received) => received,
        Err(problem) if is_known => return Err(problem),
        Err(problem) => {
            let forget = Forget { import: import.id, sender };
            registry.run(forget, visitor.origin.clone(), visitor.at).await?;
            return Err(problem);
        }
    };
    if is_known {
        return if import.digest == Some(received.digest) { Ok(import) } else { Err(Refused::KeyReused.into()) };
    }
    let import = registry.run(received, visitor.origin.clone(), visitor.at).await?;
    registry.has_import.notify_one();
    Ok(import)
}

async fn receive<E>(
    registry: &Arc<Registry>,
    visitor: &Visitor,
    import: &str,
    sender: &str,
    is_known: bool,
    mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Received, Problem> {
    let (mut hash, mut sniffer, mut length, mut place) = (Sha256::new(), Sniffer::default(), 0_u64, 0);
    let mut waiting = Vec::with_capacity(PIECE);
    loop {
        let piece = match tokio::time::timeout(WAIT, body.next()).await {
            Ok(Some(Ok(piece))) => Some(piece),
            Ok(None) => None,
            Ok(Some(Err(_))) | Err(_) => return Err(broken_off()),
        };
        let is_last = piece.is_none();
        if let Some(piece) = piece {
            length += piece.len() as u64;
            if length > MOST_BYTES {
                return Err(too_large());
            }
            hash.update(&piece);
            sniffer.feed(&piece);
            waiting.extend_from_slice(&piece);
        }
        while !is_known && (waiting.len() >= PIECE || is_last && !waiting.is_empty()) {
            let rest = waiting.split_off(waiting.len().min(PIECE));
            let bytes = std::mem::replace(&mut waiting, rest);
            let put = Put { import: import.to_owned(), sender: sender.to_owned(), place, bytes };
            registry.run(put, visitor.origin.clone(), visitor.at).await?;
            place += 1;
        }
        if is_known {
            waiting.clear();
        }
        if is_last {
            break;
        }
    }
    if length == 0 {
        let message = Text::new("CSVファイルが空です。選び直してください。", "The CSV file is empty. Choose another.");
        return Err(Problem::unreadable("/file", "", message));
    }
    Ok(Received {
        import: import.to_owned(),
        sender: sender.to_owned(),
        digest: HEXLOWER.encode(&hash.finalize()),
        encoding: sniffer.finish(),
        length,
        actor: visitor.actor.clone(),
    })
}

fn broken_off() -> Problem {
    let detail = Text::new(
        "ファイルが最後まで届きませんでした。同じファイルをもう一度送ってください。",
        "The file did not arrive whole. Send the same file again.",
    );
    let title = Text::new("ファイルを受け取れません", "The file was not taken");
    Problem::new(StatusCode::REQUEST_TIMEOUT, "file_broken_off", title, detail)
}

fn too_large() -> Problem {
    let most = MOST_BYTES >> 20;
    let detail = Text::new(
        format!("CSVファイルは{most}MBまでです。分けてください。"),
        format!("A CSV file has at most {most} MB. Split it."),
    );
    let title = Text::new("ファイルを受け取れません", "The file was not taken");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file_too_large", title, detail)
}

/// Begins an import, or finds the one that was begun under the same key.
struct Begin {
    actor: Actor,
    request: Option<String>,
    sender: String,
    asked: Asked,
}

impl Errand for Begin {
    type Done = Import;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Import, Refused> {
        let Self { actor, request, sender, asked } = self;
        let missing = || Refused::NotFound { what: "registration", id: asked.registration.to_string() };
        let registration = at_hand.tx.registration(&asked.registration).await?.ok_or_else(missing)?;
        let by = actor.caller(Power::GrantToUser, &registration.object(), at_hand.at)?;
        let known = match &request {
            Some(request) => at_hand.tx.import_for(request).await?,
            None => None,
        };
        if let Some(mut known) = known {
            if known.registration != asked.registration || known.choice != asked.choice {
                return Err(Refused::KeyReused);
            }
            if known.stage == Stage::Receiving {
                // What came of it broke off, or still comes: this one counts.
                known.sender = sender;
                at_hand.tx.forget_pieces(&known.id).await?;
                at_hand.tx.update_import(&known).await?;
            }
            return Ok(known);
        }
        let import = Import {
            id: at_hand.random_id("I"),
            request,
            registration: asked.registration,
            organisation: registration.owner.clone(),
            person: by.person,
            proof: at_hand.from.proof.clone(),
            choice: asked.choice,
            name: file_name(&asked.name).unwrap_or_else(|| "users.csv".to_owned()),
            stage: Stage::Receiving,
            sender,
            bytes: 0,
            digest: None,
            encoding: None,
            begun_at: at_hand.at,
            settled_at: None,
            rows: 0,
            faulty: 0,
            issued: 0,
            line: 0,
            trouble: None,
        };
        at_hand.tx.begin_import(&import).await?;
        Ok(import)
    }
}

/// The import, while this sender's file arrives.
async fn arriving(at_hand: &AtHand<'_>, import: &str, sender: &str) -> Result<Import, Refused> {
    let found = at_hand.tx.import(import).await?;
    let is_ours = |found: &Import| found.stage == Stage::Receiving && found.sender == sender;
    found.filter(is_ours).ok_or(Refused::Store(Error::Conflict))
}

struct Put {
    import: String,
    sender: String,
    place: u32,
    bytes: Vec<u8>,
}

impl Errand for Put {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        arriving(at_hand, &self.import, &self.sender).await?;
        Ok(at_hand.tx.put_piece(&self.import, self.place, self.bytes).await?)
    }
}

/// The file is there.
struct Received {
    import: String,
    sender: String,
    digest: String,
    encoding: crate::spreadsheet::Encoding,
    length: u64,
    actor: Actor,
}

impl Errand for Received {
    type Done = Import;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Import, Refused> {
        let mut import = arriving(at_hand, &self.import, &self.sender).await?;
        (import.stage, import.bytes) = (Stage::Checking, self.length);
        (import.digest, import.encoding) = (Some(self.digest), Some(self.encoding));
        at_hand.tx.update_import(&import).await?;
        let missing = || Refused::NotFound { what: "registration", id: import.registration.to_string() };
        let registration = at_hand.tx.registration(&import.registration).await?.ok_or_else(missing)?;
        let by = self.actor.caller(Power::GrantToUser, &registration.object(), at_hand.at)?;
        let line = Line::done("import.received", at_hand.at, at_hand.from).by(by);
        at_hand.note(line.about(format_args!("import/{}", import.id)));
        Ok(import)
    }
}

/// The file did not arrive.
struct Forget {
    import: String,
    sender: String,
}

impl Errand for Forget {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        match arriving(at_hand, &self.import, &self.sender).await {
            Ok(import) => Ok(at_hand.tx.forget_import(&import.id).await?),
            // Somebody else sends it by now.
            Err(Refused::Store(Error::Conflict)) => Ok(()),
            Err(refused) => Err(refused),
        }
    }
}
