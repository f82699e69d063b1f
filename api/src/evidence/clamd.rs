//! The virus scan: ClamAV's `clamd`, asked over its socket as its manual says (`INSTREAM`). It is another program, run
//! by whoever runs this one; without it files are taken unscanned, and every page says so.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use super::refusal::Failure;
use super::shelf::Arrived;

/// How long connecting, each piece and the answer may take.
const LONGEST: Duration = Duration::from_secs(60);
/// Bytes sent at once.
const PIECE: usize = 64 << 10;
/// The longest answer, in bytes.
const ANSWER: u64 = 4 << 10;

/// Where the scanner listens: a socket of this machine. Its protocol has neither secrets nor encryption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    Unix(PathBuf),
    Tcp(SocketAddr),
}

impl FromStr for Clamd {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:").or_else(|| text.starts_with('/').then_some(text)) {
            return Ok(Self::Unix(path.into()));
        }
        let address: Option<SocketAddr> = text.strip_prefix("tcp:").unwrap_or(text).parse().ok();
        address.filter(|address| address.ip().is_loopback()).map(Self::Tcp).ok_or_else(|| {
            format!("unix:/… か 127.0.0.1:3310 のようにこの計算機のものを書いてください / a socket of this machine, unix:/… or such as 127.0.0.1:3310: {text}")
        })
    }
}

impl fmt::Display for Clamd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(address) => write!(f, "{address}"),
        }
    }
}

/// What a scan found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    Infected,
}

impl Clamd {
    /// Has the file scanned. A scanner that cannot say is no scanner: the file is not taken until it can.
    pub async fn scan(&self, file: &Arrived) -> Result<Verdict, Failure> {
        let failed = |why: String| Failure::Unavailable(format!("clamd {self}: {why}"));
        let answer = match self {
            Self::Unix(path) => {
                let socket = within(UnixStream::connect(path)).await.map_err(failed)?;
                self.ask(socket, file).await?
            }
            Self::Tcp(address) => {
                let socket = within(TcpStream::connect(address)).await.map_err(failed)?;
                self.ask(socket, file).await?
            }
        };
        match &answer[..] {
            "stream: OK" => Ok(Verdict::Clean),
            found if found.ends_with(" FOUND") => {
                tracing::warn!(digest = %file.digest, found, "a file was not taken");
                Ok(Verdict::Infected)
            }
            other => Err(failed(other.to_owned())),
        }
    }

    async fn ask(&self, mut socket: impl AsyncRead + AsyncWrite + Unpin, file: &Arrived) -> Result<String, Failure> {
        let failed = |why: String| Failure::Unavailable(format!("clamd {self}: {why}"));
        within(socket.write_all(b"zINSTREAM\0")).await.map_err(failed)?;
        let mut at = 0;
        while at < file.bytes {
            let piece = file.read(at, PIECE).await?;
            let length = u32::try_from(piece.len()).expect("a piece is short");
            let sent = async {
                socket.write_all(&length.to_be_bytes()).await?;
                socket.write_all(&piece).await
            };
            // Whoever has heard enough closes its end, and its answer says why.
            if within(sent).await.is_err() {
                break;
            }
            at += u64::from(length);
        }
        if at >= file.bytes {
            within(socket.write_all(&[0; 4])).await.map_err(failed)?;
        }
        let mut answer = Vec::new();
        within(socket.take(ANSWER).read_to_end(&mut answer)).await.map_err(failed)?;
        let answer = String::from_utf8_lossy(&answer);
        Ok(answer.trim_end_matches(['\0', '\n']).to_owned())
    }
}

async fn within<T>(doing: impl Future<Output = std::io::Result<T>>) -> Result<T, String> {
    match tokio::time::timeout(LONGEST, doing).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err("too slow".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use tokio::net::{TcpListener, UnixListener};

    use super::*;
    use crate::evidence::shelf::Shelf;

    const EICAR: &str = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

    #[test]
    fn the_scanner_is_on_this_machine() {
        for (text, expected) in [
            ("unix:/run/clamav/clamd.ctl", Some(Clamd::Unix("/run/clamav/clamd.ctl".into()))),
            ("/run/clamav/clamd.ctl", Some(Clamd::Unix("/run/clamav/clamd.ctl".into()))),
            ("127.0.0.1:3310", Some(Clamd::Tcp("127.0.0.1:3310".parse().unwrap()))),
            ("tcp:[::1]:3310", Some(Clamd::Tcp("[::1]:3310".parse().unwrap()))),
            ("192.0.2.1:3310", None),
            ("0.0.0.0:3310", None),
            ("clamav", None),
            ("", None),
        ] {
            assert_eq!(text.parse::<Clamd>().ok(), expected, "{text}");
        }
    }

    /// A stand-in that speaks clamd's protocol as its manual (clamd(8), INSTREAM) says, and knows one virus. It is not
    /// ClamAV: it shows that our half of the protocol is right, and nothing about what ClamAV would find.
    async fn stand_in(mut socket: impl AsyncRead + AsyncWrite + Unpin, most: usize) {
        let mut command = [0; 10];
        socket.read_exact(&mut command).await.unwrap();
        assert_eq!(&command, b"zINSTREAM\0");
        let mut all = Vec::new();
        loop {
            let length = socket.read_u32().await.unwrap() as usize;
            if length == 0 {
                break;
            }
            let begun = all.len();
            all.resize(begun + length, 0);
            socket.read_exact(&mut all[begun..]).await.unwrap();
            if all.len() > most {
                socket.write_all(b"INSTREAM size limit exceeded. ERROR\0").await.unwrap();
                return;
            }
        }
        let is_known = all.windows(EICAR.len()).any(|window| window == EICAR.as_bytes());
        let answer: &[u8] = if is_known { b"stream: Eicar-Signature FOUND\0" } else { b"stream: OK\0" };
        socket.write_all(answer).await.unwrap();
    }

    async fn file(bytes: Vec<u8>) -> Arrived {
        let shelf = Shelf::in_memory();
        let mut arriving = shelf.begin([0; 16]).await.unwrap();
        arriving.write(Bytes::from(bytes)).await.unwrap();
        arriving.finish().await.unwrap()
    }

    #[tokio::test]
    async fn it_is_asked_as_its_manual_says() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clamd.ctl");
        let (unix, tcp) = (UnixListener::bind(&path).unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
        let address = tcp.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (socket, _) = unix.accept().await.unwrap();
                stand_in(socket, 300_000).await;
            }
        });
        tokio::spawn(async move {
            loop {
                let (socket, _) = tcp.accept().await.unwrap();
                stand_in(socket, usize::MAX).await;
            }
        });
        let mut hidden = vec![b' '; 200_000];
        hidden.splice(PIECE - 30..PIECE - 30, EICAR.bytes());
        for clamd in [Clamd::Unix(path.clone()), Clamd::Tcp(address)] {
            assert_eq!(clamd.scan(&file(vec![7; 200_000]).await).await.unwrap(), Verdict::Clean);
            assert_eq!(clamd.scan(&file(hidden.clone()).await).await.unwrap(), Verdict::Infected);
        }
        // More than it takes: it has not looked at all of it, whether or not its answer arrives before it hangs up.
        let refused = Clamd::Unix(path).scan(&file(vec![7; 400_000]).await).await;
        assert!(matches!(refused, Err(Failure::Unavailable(_))), "{refused:?}");
    }

    #[tokio::test]
    async fn one_that_is_not_there_is_no_clean_file() {
        let folder = tempfile::tempdir().unwrap();
        let refused = Clamd::Unix(folder.path().join("none")).scan(&file(vec![1]).await).await;
        assert!(matches!(refused, Err(Failure::Unavailable(_))), "{refused:?}");
    }
}
