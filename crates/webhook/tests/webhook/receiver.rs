//! A receiver on loopback that does exactly what a test tells it to, and settings that reach it.

use bytes::Bytes;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tributary_webhook::guard::parse_cidrs;
use tributary_webhook::{AddressGuard, HttpSender, OutgoingRequest, SenderSettings};

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(10);

pub struct Receiver {
    pub port: u16,
    connections: Arc<AtomicUsize>,
    seen: mpsc::Receiver<String>,
}

/// One connection, seen from the receiver.
pub struct Peer {
    pub stream: TcpStream,
    /// Number of this connection, from 0.
    pub number: usize,
    seen: mpsc::Sender<String>,
}

impl Receiver {
    /// Listens, and runs `script` for each connection in a thread of its own.
    pub fn start(script: impl Fn(&mut Peer) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let (note, seen) = mpsc::channel();
        let (script, counter) = (Arc::new(script), Arc::clone(&connections));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let number = counter.fetch_add(1, Ordering::SeqCst);
                let mut peer = Peer { stream: stream.unwrap(), number, seen: note.clone() };
                let script = Arc::clone(&script);
                std::thread::spawn(move || script(&mut peer));
            }
        });
        Self { port, connections, seen }
    }

    /// Answers every request on every connection with the same bytes.
    pub fn answering(answer: &'static str) -> Self {
        Self::start(move |peer| {
            while peer.read_request() {
                peer.write(answer);
            }
        })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook", self.port)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The next request, head and body as text; or what a script noted.
    pub fn next(&self) -> String {
        self.seen.recv_timeout(PATIENCE).unwrap()
    }

    /// Whether everything that arrived has been looked at.
    pub fn is_quiet(&self) -> bool {
        self.seen.try_recv().is_err()
    }
}

impl Peer {
    /// Reads one whole request and notes it; false when the other side is done.
    pub fn read_request(&mut self) -> bool {
        let Some(request) = read_request(&mut self.stream) else { return false };
        self.note(request);
        true
    }

    /// Tells the test something.
    pub fn note(&self, text: String) {
        // the test may be over
        let _ = self.seen.send(text);
    }

    /// Writes, as far as the other side still listens.
    pub fn write(&mut self, text: &str) -> bool {
        self.stream.write_all(text.as_bytes()).is_ok()
    }

    /// Waits until the other side closes, and does `every` each 20 ms until then.
    pub fn until_closed(&mut self, mut every: impl FnMut(&mut TcpStream)) {
        self.stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        let mut byte = [0];
        loop {
            match self.stream.read(&mut byte) {
                Ok(0) => return,
                Ok(_) => (),
                Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {
                    every(&mut self.stream);
                }
                Err(_) => return,
            }
        }
    }
}

/// Reads one request with a `content-length` from any stream.
pub fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        request.extend(byte);
    }
    let head = String::from_utf8(request).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).map_or(0, |n| n.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(head + std::str::from_utf8(&body).unwrap())
}

/// Settings that reach loopback, with short times.
pub fn settings() -> SenderSettings {
    SenderSettings {
        connect_timeout: Duration::from_millis(5000),
        total_timeout: Duration::from_millis(5000),
        ..SenderSettings::new(AddressGuard { allow_cidrs: parse_cidrs("127.0.0.0/8").unwrap(), allow_http: true })
    }
}

/// Settings for exchanges that never end.
pub fn impatient() -> SenderSettings {
    SenderSettings { total_timeout: Duration::from_millis(300), ..settings() }
}

pub fn sender() -> HttpSender {
    HttpSender::new(settings()).unwrap()
}

pub fn request(url: &str) -> OutgoingRequest {
    OutgoingRequest {
        url: url.to_owned(),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("webhook-timestamp".to_owned(), "784111747".to_owned()),
        ],
        body: Bytes::from_static(b"{\"a\":1}"),
    }
}
