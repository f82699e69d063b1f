//! Taking a file in: as it comes, within its limits, and nothing of it where anything is wrong.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::act::OrganisationId;
use domain::authority::{Actor, Object, Power};
use domain::evidence::{CASE_BYTES, FILE_BYTES, file_name};
use futures::{Stream, StreamExt};

use super::clamd::Verdict;
use super::content::{Piece, examine};
use super::refusal::{Failure, NotTaken};
use super::shelf::{Arrived, Shelf};
use super::{Scan, Upload};
use crate::account::trail::Line;
use crate::acts::{AtHand, Errand, Refused};
use crate::caller::Visitor;
use crate::problem::Problem;
use crate::registry::Registry;

/// How long the next piece may take to come.
const PIECE: Duration = Duration::from_secs(30);
/// How long a whole file may take: 50 MB over a slow telephone.
const WHOLE: Duration = Duration::from_secs(30 * 60);
/// The most that an organisation may have uploaded and named in no application: two cases' worth.
const UNNAMED: u64 = 2 * CASE_BYTES;

/// The organisation that somebody uploads for: the one they name, or the only one they may.
pub fn owner(visitor: &Visitor, named: Option<OrganisationId>) -> Result<OrganisationId, Problem> {
    let owner = match named {
        Some(owner) => owner,
        None => {
            visitor.might(Power::UploadEvidence)?;
            let mut own = visitor.actor.extent(Power::UploadEvidence, visitor.at.day()).organisations;
            own.dedup();
            match (own.pop(), own.is_empty()) {
                (Some(only), true) => only,
                _ => return Err(Refused::WhichOrganisation.into()),
            }
        }
    };
    visitor.actor.caller(Power::UploadEvidence, &Object { owner: Some(&owner), ..Object::default() }, visitor.at)?;
    Ok(owner)
}

/// Takes a file in for `owner`, who was asked for before ([`owner`]).
pub async fn take_in<E>(
    registry: &Arc<Registry>,
    visitor: &Visitor,
    owner: &OrganisationId,
    name: &str,
    body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Upload, Problem> {
    let name = file_name(name).ok_or(NotTaken::Name)?;
    let file = match tokio::time::timeout(WHOLE, receive(&registry.shelf, registry.draw_name(), body)).await {
        Ok(received) => received?,
        Err(_) => return Err(NotTaken::BrokenOff.into()),
    };
    let found = examine(&file).await?;
    let scan = match &registry.scanner {
        None => Scan::None,
        Some(scanner) => match scanner.scan(&file).await? {
            Verdict::Clean => Scan::Clean,
            Verdict::Infected => return Err(NotTaken::Infected.into()),
        },
    };
    let shown = match &found.shown {
        Some(pieces) => Some(compose(&registry.shelf, registry.draw_name(), &file, pieces).await?),
        None => None,
    };
    let upload = Upload {
        organisation: owner.clone(),
        digest: file.digest.clone(),
        person: visitor.actor.person.clone(),
        name,
        media: found.media,
        bytes: file.bytes,
        pages: found.pages,
        shown: shown.as_ref().unwrap_or(&file).digest.clone(),
        shown_bytes: shown.as_ref().unwrap_or(&file).bytes,
        scan,
        uploaded_at: visitor.at,
    };
    let announced = Announce { actor: visitor.actor.clone(), upload: upload.clone() };
    registry.run(announced, visitor.origin.clone(), visitor.at).await?;
    if let Some(shown) = shown {
        shown.keep().await.map_err(Failure::from)?;
    }
    file.keep().await.map_err(Failure::from)?;
    let kept = Kept { actor: visitor.actor.clone(), upload };
    Ok(registry.run(kept, visitor.origin.clone(), visitor.at).await?)
}

/// Receives a file as it comes.
async fn receive<E>(
    shelf: &Shelf,
    name: [u8; 16],
    mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Arrived, Failure> {
    let mut arriving = shelf.begin(name).await?;
    loop {
        let piece = match tokio::time::timeout(PIECE, body.next()).await {
            Ok(Some(Ok(piece))) => piece,
            Ok(None) => break,
            Ok(Some(Err(_))) | Err(_) => return Err(NotTaken::BrokenOff.into()),
        };
        if arriving.bytes() + piece.len() as u64 > FILE_BYTES {
            return Err(NotTaken::TooLarge.into());
        }
        arriving.write(piece).await?;
    }
    match arriving.bytes() {
        0 => Err(NotTaken::Empty.into()),
        _ => Ok(arriving.finish().await?),
    }
}

/// Writes what others are shown of the file.
async fn compose(shelf: &Shelf, name: [u8; 16], file: &Arrived, pieces: &[Piece]) -> Result<Arrived, Failure> {
    let mut arriving = shelf.begin_beside(name).await?;
    for piece in pieces {
        match piece {
            Piece::Written(bytes) => arriving.write(bytes.clone()).await?,
            Piece::Kept(range) => {
                let mut at = range.start;
                while at < range.end {
                    let length = (range.end - at).min(64 << 10);
                    arriving.write(file.read(at, length as usize).await?).await?;
                    at += length;
                }
            }
        }
    }
    Ok(arriving.finish().await?)
}

/// Says that a file is about to lie under its digest.
#[derive(Debug)]
struct Announce {
    actor: Actor,
    upload: Upload,
}

impl Errand for Announce {
    type Done = ();

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<(), Refused> {
        let Self { actor, upload } = self;
        let owner = &upload.organisation;
        actor.caller(Power::UploadEvidence, &Object { owner: Some(owner), ..Object::default() }, at_hand.at)?;
        let is_known = at_hand.tx.upload(owner, &upload.digest).await?.is_some();
        if !is_known && at_hand.tx.unnamed_bytes(owner).await? + upload.bytes > UNNAMED {
            return Err(Refused::File(NotTaken::TooMuchUnnamed));
        }
        at_hand.tx.announce_upload(&upload).await?;
        Ok(())
    }
}

/// Says that it lies there.
#[derive(Debug)]
struct Kept {
    actor: Actor,
    upload: Upload,
}

impl Errand for Kept {
    type Done = Upload;

    async fn run(self, at_hand: &mut AtHand<'_>) -> Result<Upload, Refused> {
        let Self { actor, upload } = self;
        let owner = &upload.organisation;
        let by =
            actor.caller(Power::UploadEvidence, &Object { owner: Some(owner), ..Object::default() }, at_hand.at)?;
        at_hand.tx.keep_upload(owner, &upload.digest).await?;
        let line = Line::done("evidence.uploaded", at_hand.at, at_hand.from).by(by);
        at_hand.note(line.about(format_args!("evidence/{}", upload.digest)));
        // One that was uploaded before keeps its day.
        Ok(at_hand.tx.upload(owner, &upload.digest).await?.unwrap_or(upload))
    }
}
