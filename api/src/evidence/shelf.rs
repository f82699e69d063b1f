//! Where files are kept: a folder, or a bucket of an S3-compatible store. Each lies under its SHA-256, once.
//!
//! A file arrives under a name of its own below `incoming/`, is looked at there, and is then moved to its digest.
//! Whoever breaks off leaves nothing: what is not moved is deleted when it is let go, or by the sweep after a crash.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::{Bytes, BytesMut};
use domain::evidence::FileDigest;
use futures::stream::{BoxStream, StreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What a folder takes at a time. An arriving file never has more than this in memory.
const PART: usize = 256 << 10;
/// Files that may arrive at once; others wait for a place.
const PLACES: usize = 64;
/// Below this a file lies until it is moved to its digest.
const INCOMING: &str = "incoming";

/// What went wrong with the place where files are kept.
#[derive(Debug)]
pub struct Unavailable(String);

impl std::fmt::Display for Unavailable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unavailable {}

impl From<object_store::Error> for Unavailable {
    fn from(error: object_store::Error) -> Self {
        Self(error.to_string())
    }
}

/// The place where files are kept. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    /// Where it is a folder of this machine.
    folder: Option<PathBuf>,
    prefix: Path,
    part: usize,
    places: Arc<Semaphore>,
}

impl Shelf {
    /// A folder, which is made where there is none, for its owner alone.
    pub fn folder(folder: PathBuf) -> Result<Self, Unavailable> {
        use std::os::unix::fs::DirBuilderExt;
        let incoming = folder.join(INCOMING);
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&incoming);
        made.map_err(|error| Unavailable(format!("{}: {error}", incoming.display())))?;
        // What was answered survives a power cut, as what the database holds does.
        let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
        Ok(Self { folder: Some(folder), ..Self::of(Arc::new(store), Path::default(), PART, PLACES) })
    }

    /// A folder as it is, to look at; none where there is none.
    pub fn look(folder: &std::path::Path) -> Result<Option<Self>, Unavailable> {
        if !folder.exists() {
            return Ok(None);
        }
        let store = LocalFileSystem::new_with_prefix(folder)?;
        Ok(Some(Self { folder: Some(folder.to_owned()), ..Self::of(Arc::new(store), Path::default(), PART, PLACES) }))
    }

    pub(super) fn of(store: Arc<dyn ObjectStore>, prefix: Path, part: usize, places: usize) -> Self {
        Self { store, folder: None, prefix, part, places: Arc::new(Semaphore::new(places)) }
    }

    /// A place in memory, for tests.
    #[cfg(test)]
    pub(super) fn in_memory() -> Self {
        Self::of(Arc::new(object_store::memory::InMemory::new()), Path::default(), PART, PLACES)
    }

    /// Begins to take a file in, under a random name that nobody else uses.
    pub async fn begin(&self, name: [u8; 16]) -> Result<Arriving, Unavailable> {
        let place = self.places.clone().acquire_owned().await.expect("the places are never closed");
        let mut arriving = self.begin_beside(name).await?;
        arriving.place = Some(place);
        Ok(arriving)
    }

    /// The same beside a file that has arrived, whose place it shares.
    pub async fn begin_beside(&self, name: [u8; 16]) -> Result<Arriving, Unavailable> {
        let path = self.prefix.clone().join(INCOMING).join(data_encoding::HEXLOWER.encode(&name));
        let upload = self.store.put_multipart(&path).await?;
        Ok(Arriving {
            shelf: self.clone(),
            path,
            upload: Some(upload),
            waiting: BytesMut::new(),
            hash: Sha256::new(),
            bytes: 0,
            place: None,
        })
    }

    /// Where the file of a digest lies.
    fn path(&self, digest: &FileDigest) -> Path {
        self.prefix.clone().join(&digest.as_str()[..2]).join(digest.as_str())
    }

    /// Is the file there, and how large is it?
    pub async fn size(&self, digest: &FileDigest) -> Result<Option<u64>, Unavailable> {
        match self.store.head(&self.path(digest)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The file, piece by piece; none where it is not there.
    pub async fn open(&self, digest: &FileDigest) -> Result<Option<Opened>, Unavailable> {
        match self.store.get(&self.path(digest)).await {
            Ok(found) => {
                let bytes = found.meta.size;
                let pieces = found.into_stream().map(|piece| piece.map_err(Unavailable::from)).boxed();
                Ok(Some(Opened { bytes, pieces }))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The SHA-256 of what lies under a digest, which is that digest unless somebody changed it.
    pub async fn digest_of(&self, digest: &FileDigest) -> Result<Option<FileDigest>, Unavailable> {
        let Some(mut found) = self.open(digest).await? else { return Ok(None) };
        let mut hash = Sha256::new();
        while let Some(piece) = found.pieces.next().await {
            hash.update(piece?);
        }
        Ok(Some(FileDigest::of(hash.finalize().into())))
    }

    /// Deletes the file of a digest. One that is not there is deleted already.
    pub async fn delete(&self, digest: &FileDigest) -> Result<(), Unavailable> {
        delete(&*self.store, &self.path(digest)).await
    }

    /// Digests of files that have been there since before this.
    pub fn older_than(&self, before: SystemTime) -> BoxStream<'static, Result<FileDigest, Unavailable>> {
        let prefix = (!self.prefix.as_ref().is_empty()).then_some(&self.prefix);
        let found = self.store.list(prefix).filter_map(move |found| async move {
            match found {
                Ok(found) if SystemTime::from(found.last_modified) < before => {
                    found.location.filename().and_then(|name| name.parse().ok()).map(Ok)
                }
                Ok(_) => None,
                Err(error) => Some(Err(error.into())),
            }
        });
        found.boxed()
    }

    /// Deletes what a crash left half-way before this. How many there were.
    pub async fn clear(&self, before: SystemTime) -> Result<u64, Unavailable> {
        let mut cleared = 0;
        if let Some(folder) = self.folder.clone() {
            // The store itself does not list what it is still writing.
            let swept = tokio::task::spawn_blocking(move || clear_folder(&folder.join(INCOMING), before)).await;
            return swept.map_err(|error| Unavailable(error.to_string()))?;
        }
        let incoming = self.prefix.clone().join(INCOMING);
        let mut found = self.store.list(Some(&incoming));
        while let Some(found) = found.next().await {
            let found = found?;
            if SystemTime::from(found.last_modified) < before {
                delete(&*self.store, &found.location).await?;
                cleared += 1;
            }
        }
        Ok(cleared)
    }
}

fn clear_folder(folder: &std::path::Path, before: SystemTime) -> Result<u64, Unavailable> {
    let failed = |error: std::io::Error| Unavailable(format!("{}: {error}", folder.display()));
    let mut cleared = 0;
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // One that is finished meanwhile is no longer there.
        let Ok(changed) = entry.metadata().and_then(|found| found.modified()) else { continue };
        if changed < before && std::fs::remove_file(entry.path()).is_ok() {
            cleared += 1;
        }
    }
    Ok(cleared)
}

async fn delete(store: &dyn ObjectStore, path: &Path) -> Result<(), Unavailable> {
    match store.delete(path).await {
        Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// A file that is read piece by piece.
pub struct Opened {
    pub bytes: u64,
    pub pieces: BoxStream<'static, Result<Bytes, Unavailable>>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Opened({} bytes)", self.bytes)
    }
}

/// A file on its way in. Let go before it is whole, it is gone.
#[derive(Debug)]
pub struct Arriving {
    shelf: Shelf,
    path: Path,
    upload: Option<Box<dyn MultipartUpload>>,
    waiting: BytesMut,
    hash: Sha256,
    bytes: u64,
    place: Option<OwnedSemaphorePermit>,
}

impl Arriving {
    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes the next piece.
    pub async fn write(&mut self, mut piece: Bytes) -> Result<(), Unavailable> {
        self.hash.update(&piece);
        self.bytes += piece.len() as u64;
        while !piece.is_empty() {
            let room = self.shelf.part - self.waiting.len();
            let taken = piece.split_to(room.min(piece.len()));
            self.waiting.extend_from_slice(&taken);
            if self.waiting.len() == self.shelf.part {
                self.send().await?;
            }
        }
        Ok(())
    }

    async fn send(&mut self) -> Result<(), Unavailable> {
        let upload = self.upload.as_mut().expect("it is taken only at the end");
        upload.put_part(self.waiting.split().freeze().into()).await?;
        Ok(())
    }

    /// The whole file, to be looked at before it is kept.
    pub async fn finish(mut self) -> Result<Arrived, Unavailable> {
        // A store may take no object without parts.
        if !self.waiting.is_empty() || self.bytes == 0 {
            self.send().await?;
        }
        let mut upload = self.upload.take().expect("it is taken only here");
        let arrived = Arrived {
            shelf: self.shelf.clone(),
            path: self.path.clone(),
            digest: FileDigest::of(std::mem::take(&mut self.hash).finalize().into()),
            bytes: self.bytes,
            is_moved: false,
            _place: self.place.take(),
        };
        upload.complete().await?;
        Ok(arrived)
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        // A folder's half-written file goes with the upload itself; a bucket has to be told.
        if let (Some(mut upload), Ok(runtime)) = (self.upload.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%error, "a file that was broken off is left to the sweep");
                }
            });
        }
    }
}

/// A whole file that is not kept yet. Let go, it is deleted.
#[derive(Debug)]
pub struct Arrived {
    shelf: Shelf,
    path: Path,
    pub digest: FileDigest,
    pub bytes: u64,
    is_moved: bool,
    _place: Option<OwnedSemaphorePermit>,
}

impl Arrived {
    /// Some of its bytes: fewer than asked for at its end.
    pub async fn read(&self, at: u64, length: usize) -> Result<Bytes, Unavailable> {
        let end = self.bytes.min(at.saturating_add(length as u64));
        if at >= end {
            return Ok(Bytes::new());
        }
        Ok(self.shelf.store.get_range(&self.path, at..end).await?)
    }

    /// Moves it to its digest. A file that lies there already is the same one, and is now a new one.
    pub async fn keep(mut self) -> Result<(), Unavailable> {
        self.shelf.store.rename(&self.path, &self.shelf.path(&self.digest)).await?;
        self.is_moved = true;
        Ok(())
    }
}

impl Drop for Arrived {
    fn drop(&mut self) {
        if self.is_moved {
            return;
        }
        let (store, path) = (self.shelf.store.clone(), self.path.clone());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = delete(&*store, &path).await {
                    tracing::warn!(%error, "a file that is not kept is left to the sweep");
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    async fn arrived(shelf: &Shelf, name: u8, bytes: &[u8]) -> Arrived {
        let mut arriving = shelf.begin([name; 16]).await.unwrap();
        for piece in bytes.chunks(100_000) {
            arriving.write(Bytes::copy_from_slice(piece)).await.unwrap();
        }
        arriving.finish().await.unwrap()
    }

    /// Every file below a folder.
    fn files(folder: &std::path::Path) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
    }

    async fn settle(mut is_done: impl FnMut() -> bool) {
        for _ in 0..500 {
            if is_done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it did not come to be");
    }

    #[tokio::test]
    async fn a_file_lies_once_under_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::folder(folder.path().join("evidence")).unwrap();
        // Neither a whole number of parts nor of pieces.
        let content: Vec<u8> = (0..3 * PART + 17).map(|n| (n % 251) as u8).collect();
        for name in [1, 2] {
            let file = arrived(&shelf, name, &content).await;
            assert_eq!(file.digest, FileDigest::of(Sha256::digest(&content).into()));
            assert_eq!(file.bytes, content.len() as u64);
            assert_eq!(file.read(PART as u64 - 1, 3).await.unwrap(), content[PART - 1..PART + 2]);
            assert_eq!(file.read(content.len() as u64 - 2, 100).await.unwrap(), content[content.len() - 2..]);
            assert!(file.read(content.len() as u64, 1).await.unwrap().is_empty());
            file.keep().await.unwrap();
        }
        assert_eq!(files(folder.path()).len(), 1);
        let digest = FileDigest::of(Sha256::digest(&content).into());
        assert_eq!(shelf.size(&digest).await.unwrap(), Some(content.len() as u64));
        assert_eq!(shelf.digest_of(&digest).await.unwrap(), Some(digest.clone()));
        std::fs::write(&files(folder.path())[0], "changed").unwrap();
        assert_ne!(shelf.digest_of(&digest).await.unwrap(), Some(digest.clone()));
        shelf.delete(&digest).await.unwrap();
        shelf.delete(&digest).await.unwrap();
        assert_eq!((shelf.size(&digest).await.unwrap(), shelf.open(&digest).await.unwrap().is_none()), (None, true));
    }

    #[tokio::test]
    async fn what_is_broken_off_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::folder(folder.path().to_owned()).unwrap();
        let mut arriving = shelf.begin([1; 16]).await.unwrap();
        arriving.write(Bytes::from(vec![7; 2 * PART])).await.unwrap();
        assert_eq!(files(folder.path()).len(), 1, "half of it lies there");
        drop(arriving);
        settle(|| files(folder.path()).is_empty()).await;
        drop(arrived(&shelf, 2, b"whole").await);
        settle(|| files(folder.path()).is_empty()).await;
    }

    #[tokio::test]
    async fn the_sweep_takes_what_a_crash_left_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::folder(folder.path().to_owned()).unwrap();
        let hour = Duration::from_secs(3_600);
        let now = UNIX_EPOCH + Duration::from_secs(crate::clock::now().unix().unsigned_abs());
        let old = |name: &str| {
            let path = folder.path().join(INCOMING).join(name);
            std::fs::write(&path, "left").unwrap();
            let then = now - 2 * hour;
            std::fs::File::options().append(true).open(&path).unwrap().set_modified(then).unwrap();
        };
        old("00#1");
        old("01");
        std::fs::write(folder.path().join(INCOMING).join("02#1"), "arriving").unwrap();
        let kept = arrived(&shelf, 3, b"kept").await;
        let digest = kept.digest.clone();
        kept.keep().await.unwrap();
        assert_eq!(shelf.clear(now - hour).await.unwrap(), 2);
        assert_eq!(files(folder.path()).len(), 2, "one arrives and one is kept");
        let found = |before| shelf.older_than(before).map(Result::unwrap).collect::<Vec<_>>();
        assert!(found(now - hour).await.is_empty());
        assert_eq!(found(now + hour).await, [digest]);
    }
}
