use crate::world::{person, world};
use tributary_engine::{Activation, RunStart, Settings};
use tributary_store::RunKind;

#[test]
fn a_missed_night_runs_once_when_the_process_is_back() {
    let world = world();
    world.submit(&[person("hg-1", "Ines", "Lund", "ines@example.org")]);
    assert!(world.engine.schedule_tick().unwrap().is_empty());
    world.clock.advance_ms(3 * 24 * 3_600 * 1_000);
    let world = world.restarted(Settings::default());
    let started = world.engine.schedule_tick().unwrap();
    assert!(
        matches!(&started[0].1, RunStart::Finished(run) if run.kind == RunKind::Scheduled && run.counts.created == 1)
    );
    assert!(world.engine.schedule_tick().unwrap().is_empty());
}

#[test]
fn the_same_due_time_is_served_once() {
    let world = world();
    world.clock.advance_ms(24 * 3_600 * 1_000);
    let due_at = tributary_contact::clock::Clock::now(&*world.clock);
    let first = world.engine.run_batch(world.org, Activation::Scheduled { due_at }).unwrap();
    assert!(matches!(first, RunStart::Finished(_)));
    let second = world.engine.run_batch(world.org, Activation::Scheduled { due_at }).unwrap();
    assert!(matches!(second, RunStart::NotDue));
}
