//! What this process has used, as Linux tells.

use anyhow::Context;
use std::time::Duration;

/// Processor time and memory.
pub struct Usage {
    /// Of all threads, in user and kernel mode.
    pub cpu: Duration,
    /// The most that was ever resident.
    pub peak_bytes: u64,
}

/// Linux counts processor time in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

impl Usage {
    /// So far.
    pub fn now() -> anyhow::Result<Self> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
        let kib: u64 = peak.trim().trim_end_matches(" kB").parse()?;
        Ok(Self { cpu: cpu_of("/proc/self/stat")?, peak_bytes: kib << 10 })
    }

    /// What was used since then.
    pub fn since(self, before: &Self) -> Self {
        Self { cpu: self.cpu.saturating_sub(before.cpu), ..self }
    }
}

/// Processor time in a `stat` file of a process or thread: fields 14 and 15, counted after the name, which may
/// hold blanks.
pub fn cpu_of(stat: &str) -> anyhow::Result<Duration> {
    let text = std::fs::read_to_string(stat)?;
    let (_, rest) = text.rsplit_once(')').context("no process name")?;
    let mut fields = rest.split_whitespace().skip(11);
    let mut next = || fields.next().and_then(|field| field.parse::<u32>().ok()).context("no processor time");
    Ok(TICK * (next()? + next()?))
}
