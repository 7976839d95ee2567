//! The endpoint: answers 200 at once, and counts what arrives by id and by order. It costs as little as a receiver
//! can, on a thread of its own.

use crate::usage::cpu_of;
use anyhow::{Context, bail};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// What arrived since [`Sink::expect`].
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Different events.
    pub distinct: usize,
    /// Events that came after a later one of their contact.
    pub out_of_order: usize,
    /// Bytes of all bodies.
    pub body_bytes: usize,
    /// From the first to the last.
    pub first_to_last: Duration,
}

#[derive(Default)]
struct Book {
    ids: HashSet<Vec<u8>>,
    latest: HashMap<u64, u64>,
    seen: Seen,
    expected: usize,
    first: Option<Instant>,
    cpu: Duration,
}

/// The running endpoint.
pub struct Sink {
    address: SocketAddr,
    book: Arc<(Mutex<Book>, Condvar)>,
}

impl Sink {
    /// Listens on a free loopback port.
    pub fn start(events: usize) -> anyhow::Result<Self> {
        let book =
            Arc::new((Mutex::new(Book { ids: HashSet::with_capacity(events), ..Book::default() }), Condvar::new()));
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let shared = book.clone();
        std::thread::spawn(move || runtime.block_on(serve(listener, shared)));
        Ok(Self { address, book })
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Begins to count anew, up to so many.
    pub fn expect(&self, events: usize) {
        let mut book = self.lock();
        (book.expected, book.seen, book.first) = (events, Seen::default(), None);
    }

    /// Processor time of its thread, as of the latest whole hundred of events.
    pub fn cpu(&self) -> Duration {
        self.lock().cpu
    }

    /// Waits until what is expected has arrived.
    pub fn wait(&self, patience: Duration) -> anyhow::Result<Seen> {
        let missing = |book: &mut Book| book.seen.distinct < book.expected;
        let (book, waited) =
            self.book.1.wait_timeout_while(self.lock(), patience, missing).unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            bail!("only {} of {} events arrived", book.seen.distinct, book.expected);
        }
        Ok(book.seen.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Book> {
        self.book.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An endpoint that takes connections and never answers; its URL.
pub fn hang() -> anyhow::Result<String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || {
        // Kept open, so that nobody there gives up before its time.
        listener.incoming().map_while(Result::ok).collect::<Vec<_>>().len()
    });
    Ok(format!("http://{address}/hook"))
}

async fn serve(listener: std::net::TcpListener, book: Arc<(Mutex<Book>, Condvar)>) -> anyhow::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let book = book.clone();
        // A connection that breaks has its deliveries come again.
        tokio::spawn(async move { connection(stream, &book).await });
    }
}

async fn connection(mut stream: TcpStream, book: &(Mutex<Book>, Condvar)) -> anyhow::Result<()> {
    let mut buffer = vec![0; 16_384];
    let mut filled = 0;
    loop {
        let read = stream.read(buffer.get_mut(filled..).context("the request is too long")?).await?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        let Some((id, body)) = request(buffer.get(..filled).unwrap_or_default()) else { continue };
        note(book, id, body);
        filled = 0;
        stream.write_all(ANSWER).await?;
    }
}

/// Id and body, once all of the request is there.
fn request(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = find(bytes, b"\r\n\r\n")?;
    let (head, body) = bytes.split_at(end + 4);
    let length: usize = std::str::from_utf8(value(head, b"content-length: ")?).ok()?.parse().ok()?;
    (body.len() >= length).then_some((value(head, b"webhook-id: ")?, body))
}

fn value<'a>(head: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let rest = head.get(find(head, name)? + name.len()..)?;
    rest.get(..find(rest, b"\r\n")?)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

fn note((book, told): &(Mutex<Book>, Condvar), id: &[u8], body: &[u8]) {
    let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
    if !book.ids.insert(id.to_vec()) {
        return;
    }
    let (sequence, contact) = (number(body, b"\"sequence\":"), number(body, b"\"contact\":{\"id\":"));
    let latest = book.latest.insert(contact, sequence).unwrap_or_default();
    book.seen.out_of_order += usize::from(sequence <= latest);
    book.seen.distinct += 1;
    book.seen.body_bytes += body.len();
    let first = *book.first.get_or_insert_with(Instant::now);
    book.seen.first_to_last = first.elapsed();
    let done = book.seen.distinct >= book.expected;
    if done || book.seen.distinct % 100 == 0 {
        book.cpu = cpu_of("/proc/thread-self/stat").unwrap_or(book.cpu);
    }
    if done {
        told.notify_all();
    }
}

fn number(body: &[u8], name: &[u8]) -> u64 {
    let Some(start) = find(body, name) else { return 0 };
    let digits = body.iter().skip(start + name.len()).take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
