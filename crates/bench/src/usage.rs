//! What this process and its database server have used, as Linux tells.

use anyhow::Context;
use std::path::Path;
use std::time::Duration;

/// Processor time and memory.
pub struct Usage {
    /// Of all threads of this process, in user and kernel mode.
    pub cpu: Duration,
    /// Of all processes of the PostgreSQL server behind a database; none for SQLite.
    pub server: Duration,
    /// The most of this process that was resident since [`Usage::begin`].
    pub peak_bytes: u64,
}

/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

impl Usage {
    /// So far. `database` is the name of a PostgreSQL database that this process is connected to.
    pub fn now(database: Option<&str>) -> anyhow::Result<Self> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let kib: u64 = field(&status, "VmHWM:").context("no VmHWM")?.trim_end_matches(" kB").parse()?;
        let server = database.map_or(Duration::ZERO, server_cpu);
        Ok(Self { cpu: cpu_of("/proc/self/stat")?, server, peak_bytes: kib << 10 })
    }

    /// As [`Usage::now`], and the peak of memory counts from here on.
    pub fn begin(database: Option<&str>) -> anyhow::Result<Self> {
        // Where it is not allowed the peak is that of the whole run.
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self::now(database)
    }

    /// What was used since then.
    pub fn since(self, before: &Self) -> Self {
        let (cpu, server) = (self.cpu.saturating_sub(before.cpu), self.server.saturating_sub(before.server));
        Self { cpu, server, ..self }
    }
}

fn field<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim)
}

/// The server is found by one of its processes, which name their database; the others have the same parent.
fn server_cpu(database: &str) -> Duration {
    let processes: Vec<(u32, u32, String)> = processes("/proc");
    let ours = processes
        .iter()
        .find(|(.., command)| command.starts_with("postgres: ") && command.split(' ').any(|word| word == database));
    let Some((_, parent, _)) = ours else { return Duration::ZERO };
    let of_server = processes.iter().filter(|(id, of, _)| id == parent || of == parent);
    of_server.filter_map(|(id, ..)| cpu_with_ended(&format!("/proc/{id}/stat")).ok()).sum()
}

/// Number, parent's number and command line of every process.
fn processes(proc: &str) -> Vec<(u32, u32, String)> {
    let Ok(entries) = std::fs::read_dir(proc) else { return Vec::new() };
    let process = |path: &Path| {
        let id = path.file_name()?.to_str()?.parse().ok()?;
        let status = std::fs::read_to_string(path.join("status")).ok()?;
        let command = std::fs::read_to_string(path.join("cmdline")).ok()?.replace('\0', " ");
        Some((id, field(&status, "PPid:")?.parse().ok()?, command))
    };
    entries.filter_map(|entry| process(&entry.ok()?.path())).collect()
}

/// Processor time in a `stat` file of a process or thread.
pub fn cpu_of(stat: &str) -> anyhow::Result<Duration> {
    ticks(stat, 2)
}

/// With that of children that have ended.
fn cpu_with_ended(stat: &str) -> anyhow::Result<Duration> {
    ticks(stat, 4)
}

/// The first fields from the 14th on, counted after the name, which may hold blanks: user and kernel time, and the
/// same of children.
fn ticks(stat: &str, fields: usize) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(stat)?;
    let (_, rest) = text.rsplit_once(')').context("no process name")?;
    let times = rest.split_whitespace().skip(11).take(fields).map(str::parse::<u32>);
    Ok(TICK * times.sum::<Result<u32, _>>()?)
}
