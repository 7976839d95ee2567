//! The batch with everything written: so many rows held, so many on file. Its baseline is the load of the rows on
//! file: the same records, contacts and keys written without matching.

use crate::rows::rows;
use crate::stage::Stage;
use std::time::Instant;
use tributary_contact::RunId;
use tributary_engine::{Activation, Actor, Afterwards, RunStart, RunUndoView, UndoStart};

/// Rows held in one call.
const AT_ONCE: usize = 1_000;

/// How long an undo may take, in times the run that it takes back.
const UNDO_BAR: f64 = 2.0;

/// Prints seconds and rows per second of a run, and where the time went.
/// With `undo` the run is taken back afterwards, beside the time it took to apply; what became of its rows comes back.
pub fn measure(url: &str, count: usize, chunk_rows: usize, undo: bool) -> anyhow::Result<Option<RunUndoView>> {
    let stage = Stage::open(url, chunk_rows)?;
    let (on_file, submissions) = rows(count)?;
    let started = Instant::now();
    stage.engine.load_contacts(stage.organization, on_file)?;
    let loaded = started.elapsed().as_secs_f64();
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    for group in submissions.chunks(AT_ONCE) {
        runtime.block_on(stage.engine.submit(stage.organization, None, group.to_vec()))?;
    }
    let started = Instant::now();
    let RunStart::Finished(run) = stage.engine.run_batch(stage.organization, Activation::Manual)? else {
        anyhow::bail!("the batch did not run");
    };
    let seconds = started.elapsed().as_secs_f64();
    let rate = f64::from(u32::try_from(count)?) / seconds;
    println!(
        "batch {}: {count} held x {count} on file in {seconds:.1} s, {rate:.0} rows/s; baseline, {count} rows written without matching: {loaded:.1} s, ratio {:.1}",
        stage.backend(),
        seconds / loaded
    );
    println!("  state {}, {:?}", run.state.as_str(), run.counts);
    println!("  reasons {:?}", run.reasons);
    println!("  milliseconds per step {:?}", run.steps_ms);
    undo.then(|| take_back(&stage, run.id, seconds)).transpose()
}

fn take_back(stage: &Stage, run: RunId, applied: f64) -> anyhow::Result<RunUndoView> {
    let started = Instant::now();
    let actor = Actor::Staff("bench".to_owned());
    let done = stage.engine.undo_run(stage.organization, run, Afterwards::Review, &actor)?;
    let UndoStart::Finished(view) = done else { anyhow::bail!("the undo did not run") };
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "undo {}: {} rows taken back, {} kept, {} failed, {} untouched in {seconds:.1} s; applied in {applied:.1} s, ratio {:.2} (bar {UNDO_BAR:.1})",
        stage.backend(),
        view.undo.reversed,
        view.kept,
        view.failed,
        view.undo.untouched,
        seconds / applied
    );
    Ok(view)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests stop at the first surprise")]

    use super::measure;

    #[test]
    fn every_row_of_the_run_is_accounted_for() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bench.db").display());
        let view = measure(&url, 2_000, 500, true).unwrap().unwrap();
        assert!(view.undo.finished_at.is_some() && view.undo.reversed > 1_000, "{view:?}");
        assert_eq!((view.undo.reversed + view.undo.untouched, view.kept, view.failed), (2_000, 0, 0));
    }
}
