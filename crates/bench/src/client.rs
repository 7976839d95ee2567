//! A load client that costs little: each connection writes the next of its requests as soon as it has its answer.

use anyhow::{Context, bail};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a round measured.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Requests answered with 200 per second.
    pub per_second: f64,
    /// Microseconds of processor time per request: server, its database inside this process, and client.
    /// Other work on the machine hardly moves it.
    pub cpu_micros: f64,
}

/// The load over so many keep-alive connections. Each sends every so manieth of the requests, over and over.
pub fn load(address: SocketAddr, requests: Vec<Vec<u8>>, connections: usize, seconds: u64) -> anyhow::Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let requests: Arc<[Vec<u8>]> = requests.into();
        let mut tasks = tokio::task::JoinSet::new();
        for place in 0..connections {
            let (done, stop, requests) = (done.clone(), stop.clone(), requests.clone());
            tasks.spawn(async move {
                let own = requests.iter().cycle().skip(place).step_by(connections.max(1));
                connection(address, own, &done, &stop).await
            });
        }
        let (started, cpu) = (Instant::now(), cpu_seconds());
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        stop.store(true, Ordering::Relaxed);
        let answered = done.load(Ordering::Relaxed);
        let (took, cpu) = (started.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        while let Some(ended) = tasks.join_next().await {
            ended??;
        }
        let answered = f64::from(u32::try_from(answered)?);
        Ok(Load { per_second: answered / took, cpu_micros: cpu / answered * 1e6 })
    })
}

/// Processor time of this process so far.
fn cpu_seconds() -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(spent.tv_sec).unwrap_or_default(), u32::try_from(spent.tv_nsec).unwrap_or_default())
        .as_secs_f64()
}

async fn connection<'a>(
    address: SocketAddr,
    requests: impl Iterator<Item = &'a Vec<u8>>,
    done: &AtomicU64,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 65_536];
    for request in requests {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        stream.write_all(request).await?;
        answer(&mut stream, &mut buffer).await?;
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// One request and its whole answer, with the headers.
pub fn once(address: SocketAddr, request: &[u8]) -> anyhow::Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(request).await?;
        let mut buffer = vec![0; 65_536];
        let length = answer(&mut stream, &mut buffer).await?;
        buffer.truncate(length);
        Ok(buffer)
    })
}

/// Reads one answer, which must be a 200 that says how long it is; its bytes are counted.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> anyhow::Result<usize> {
    let (mut filled, mut whole) = (0, None);
    loop {
        let free = buffer.get_mut(filled..).filter(|free| !free.is_empty()).context("the answer is too long")?;
        let read = stream.read(free).await?;
        filled += read;
        let got = buffer.get(..filled).unwrap_or_default();
        if read == 0 {
            bail!("the server closed the connection");
        }
        whole = whole.or_else(|| length(got));
        if whole.is_some_and(|whole| whole <= filled) {
            if got.starts_with(b"HTTP/1.1 200") {
                return Ok(filled);
            }
            bail!("not answered with 200: {}", String::from_utf8_lossy(got.get(..80).unwrap_or(got)));
        }
    }
}

/// Bytes of an answer, once its headers are there.
fn length(got: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length: ";
    let head = got.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let name = got.get(..head)?.windows(NAME.len()).position(|bytes| bytes.eq_ignore_ascii_case(NAME))?;
    let digits = got.get(name + NAME.len()..head)?.iter().take_while(|byte| byte.is_ascii_digit());
    Some(head + digits.fold(0, |sum, digit| sum * 10 + usize::from(digit - b'0')))
}
