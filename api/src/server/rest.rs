//! What is left of a body that was refused before it was read. A connection that is closed with bytes unread takes the
//! answer with it: the caller sees that nobody is there, and not why. So a little more is let go by.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{BoxStream, unfold};
use poem::{Body, Request};
use tokio::sync::Mutex;

/// How much is let go by, in bytes, and for how long.
const MOST: usize = 1 << 20;
const LONGEST: Duration = Duration::from_secs(2);

/// A body that is read as it comes.
pub(super) struct Rest(Arc<Mutex<BoxStream<'static, io::Result<Bytes>>>>);

impl Rest {
    /// The request's own, which it goes on to read.
    pub(super) fn of(request: &mut Request) -> Self {
        let body = Arc::new(Mutex::new(request.take_body().into_bytes_stream().boxed()));
        let pieces = unfold(body.clone(), |body| async move {
            let piece = body.lock().await.next().await?;
            Some((piece, body))
        });
        request.set_body(Body::from_bytes_stream(pieces));
        Self(body)
    }

    /// Lets by what nobody has read.
    pub(super) async fn pass_over(self) {
        let passing = async {
            let mut left = MOST;
            let mut body = self.0.lock().await;
            while let Some(Ok(piece)) = body.next().await {
                let Some(less) = left.checked_sub(piece.len()) else { return };
                left = less;
            }
        };
        // Whoever sends more than that, or nothing, is not waited for.
        let _ = tokio::time::timeout(LONGEST, passing).await;
    }
}
