//! A wire between a browser and a server that remembers what the browser said, and that can be cut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

/// A port of its own that leads to a server's.
#[derive(Debug)]
pub struct Tap {
    port: u16,
    line: Arc<Line>,
}

#[derive(Debug, Default)]
struct Line {
    is_cut: AtomicBool,
    said: Mutex<Vec<u8>>,
    heard: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
}

impl Tap {
    /// A wire to this port of this machine.
    pub fn on(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port = listener.local_addr().expect("it listens").port();
        let line = Arc::new(Line::default());
        let its = line.clone();
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if its.is_cut.load(Ordering::SeqCst) {
                    let _ = near.shutdown(Shutdown::Both);
                } else if let Ok(far) = TcpStream::connect(("127.0.0.1", server)) {
                    its.join(&near, &far);
                }
            }
        });
        Self { port, line }
    }

    /// Its address.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Cuts it: what is open ends, and nothing is opened again.
    pub fn cut(&self) {
        self.line.is_cut.store(true, Ordering::SeqCst);
        for stream in self.line.open.lock().expect("nobody panics while holding it").drain(..) {
            // It may have ended by itself.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// How many bytes came back so far.
    pub fn heard(&self) -> usize {
        self.line.heard.load(Ordering::SeqCst)
    }

    /// Everything that was said into it so far.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&self.line.said.lock().expect("nobody panics while holding it")).into_owned()
    }
}

impl Line {
    fn join(self: &Arc<Self>, near: &TcpStream, far: &TcpStream) {
        let clones = [near, far, near, far, near, far].map(TcpStream::try_clone);
        let [Ok(a), Ok(b), Ok(near), Ok(far), Ok(near_end), Ok(far_end)] = clones else { return };
        self.open.lock().expect("nobody panics while holding it").extend([a, b]);
        let (line, back) = (self.clone(), self.clone());
        thread::spawn(move || {
            pass(near, far, |bytes| {
                line.said.lock().expect("nobody panics while holding it").extend_from_slice(bytes);
            });
        });
        thread::spawn(move || {
            pass(far_end, near_end, |bytes| {
                back.heard.fetch_add(bytes.len(), Ordering::SeqCst);
            });
        });
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, mut note: impl FnMut(&[u8])) {
    let mut buffer = [0; 16 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        note(&buffer[..length]);
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
