//! Progress of long work: bars on a terminal, one line per stage elsewhere. Always on standard error.

use crate::output::say;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tributary_engine::Engine;

/// Shows the stages of a command.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    bars: bool,
}

/// A stage under way. Cheap to clone and to share between threads.
#[derive(Debug, Clone)]
pub struct Stage {
    bar: ProgressBar,
    name: String,
    watch: Stopwatch,
    lines: bool,
}

/// Measures how long something takes, to be told; decides nothing.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

impl Progress {
    /// Bars if a person watches.
    pub fn detect() -> Self {
        Self { bars: std::io::stderr().is_terminal() }
    }

    /// Begins a stage of so many steps; 0 when that is not known yet.
    pub fn stage(self, name: &str, total: u64) -> Stage {
        let bar = ProgressBar::with_draw_target(Some(total), self.target());
        bar.set_style(style());
        bar.set_prefix(name.to_owned());
        if self.bars {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Stage { bar, name: name.to_owned(), watch: Stopwatch::start(), lines: !self.bars }
    }

    fn target(self) -> ProgressDrawTarget {
        if self.bars { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() }
    }
}

fn style() -> ProgressStyle {
    let wanted = "{prefix:<16} {bar:30} {human_pos:>9}/{human_len} {per_sec:>14} {elapsed}";
    ProgressStyle::with_template(wanted).unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Stage {
    /// Some steps were done.
    pub fn add(&self, steps: u64) {
        self.bar.inc(steps);
    }

    /// So many steps of so many were done.
    pub fn set(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// Shows what the engine reports while the call runs.
    pub fn follow<T>(&self, engine: &Engine, call: impl FnOnce() -> T) -> T {
        let stage = self.clone();
        engine.set_progress(Some(Arc::new(move |report| stage.set(report.done, report.total))));
        let result = call();
        engine.set_progress(None);
        result
    }

    /// Ends the stage and tells how long it took, in seconds.
    pub fn finish(&self) -> f64 {
        let seconds = self.watch.seconds();
        // `finish` would fill the bar, also of work that was stopped half way.
        self.bar.abandon();
        if self.lines {
            let done = self.bar.position();
            say(&format!("{}: {done} in {seconds:.1} s", self.name));
        }
        seconds
    }
}
