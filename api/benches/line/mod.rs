//! A lean client for HTTP/1.1: connections that stay open, one request at a time on each, no pipelining.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Connections that stay open.
#[derive(Debug)]
pub struct Lines {
    open: Vec<TcpStream>,
    buffer: Vec<u8>,
}

/// A request as it is sent, and how its answer must begin and what it must hold.
#[derive(Clone, Debug)]
pub struct Asked {
    bytes: Vec<u8>,
    status: &'static str,
    holds: &'static str,
}

impl Asked {
    /// `GET path`, with one more header line or none.
    pub fn get(path: &str, header: &str, status: &'static str, holds: &'static str) -> Self {
        let bytes =
            format!("GET {path} HTTP/1.1\r\nHost: otasuketai.example\r\nAccept: */*\r\n{header}\r\n").into_bytes();
        Self { bytes, status, holds }
    }
}

impl Lines {
    pub fn open(address: SocketAddr, count: usize) -> std::io::Result<Self> {
        let line = || {
            let line = TcpStream::connect(address)?;
            line.set_nodelay(true)?;
            Ok(line)
        };
        Ok(Self { open: (0..count).map(|_| line()).collect::<std::io::Result<_>>()?, buffer: vec![0; 64 * 1024] })
    }

    /// Sends a request on every connection, then reads every answer; so on until all are answered.
    pub fn ask(&mut self, all: &[Asked]) -> std::io::Result<()> {
        for some in all.chunks(self.open.len()) {
            for (line, asked) in self.open.iter_mut().zip(some) {
                line.write_all(&asked.bytes)?;
            }
            for (line, asked) in self.open.iter_mut().zip(some) {
                let answer = read(line, &mut self.buffer)?;
                assert!(answer.starts_with(asked.status) && answer.contains(asked.holds), "{answer}");
            }
        }
        Ok(())
    }
}

/// One answer's head and body.
pub fn read<'a>(line: &mut TcpStream, buffer: &'a mut [u8]) -> std::io::Result<&'a str> {
    let mut filled = 0;
    loop {
        let read = line.read(&mut buffer[filled..])?;
        assert!(read > 0, "the server closed the connection");
        filled += read;
        let text = std::str::from_utf8(&buffer[..filled]).unwrap_or_default();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
            return Ok(std::str::from_utf8(&buffer[..filled]).expect("it was read above"));
        }
    }
}
