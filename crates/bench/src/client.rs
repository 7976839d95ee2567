//! A load client that costs little: each connection writes the same bytes again as soon as it has its answer.

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

/// The load over so many keep-alive connections.
pub fn load(address: SocketAddr, request: Vec<u8>, connections: usize, seconds: u64) -> anyhow::Result<Load> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (done, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let request: Arc<[u8]> = request.into();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..connections {
            let (done, stop, request) = (done.clone(), stop.clone(), request.clone());
            tasks.spawn(async move { connection(address, &request, &done, &stop).await });
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

async fn connection(address: SocketAddr, request: &[u8], done: &AtomicU64, stop: &AtomicBool) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 4_096];
    while !stop.load(Ordering::Relaxed) {
        stream.write_all(request).await?;
        answer(&mut stream, &mut buffer).await?;
        done.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Reads one answer with an empty body, as both servers send it.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8]) -> anyhow::Result<()> {
    let mut filled = 0;
    loop {
        let free = buffer.get_mut(filled..).context("the answer is too long")?;
        let read = stream.read(free).await?;
        filled += read;
        let got = buffer.get(..filled).unwrap_or_default();
        if read == 0 {
            bail!("the server closed the connection");
        }
        if got.ends_with(b"\r\n\r\n") {
            if got.starts_with(b"HTTP/1.1 200") {
                return Ok(());
            }
            bail!("not answered with 200: {}", String::from_utf8_lossy(got.get(..80).unwrap_or(got)));
        }
    }
}
