//! The law of the golden record over generated histories, on both databases: apply, then undo any subset of decisions in
//! any order, equals never having applied them. Histories are of submissions, decisions of people, direct changes,
//! merges and their ways back, undone decisions and runs, policies and contacts folded anew.
//!
//! The other side of the equation is made anew: a second organization in which the rows that were taken back were never
//! submitted, and the merges that were taken back never made (`control`). After each step both fold laws are checked on
//! what is stored: it is the fold of all records at once, though it was made record by record; and what was applied and
//! taken back again left the contacts byte for byte.

mod canon;
mod control;
mod past;
mod step;

use crate::world::{World, world, world_on_postgres};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::sync::atomic::{AtomicU32, Ordering};
use step::{History, history};
use tributary_engine::Settings;

/// Histories on each database, times TRIBUTARY_LAW_FACTOR (1).
const ON_SQLITE: u32 = 100;
const ON_POSTGRESQL: u32 = 40;

#[test]
fn undoing_any_decisions_in_any_order_equals_never_having_made_them_on_sqlite() {
    check(&world(), ON_SQLITE);
}

#[test]
fn undoing_any_decisions_in_any_order_equals_never_having_made_them_on_postgresql() {
    if let Some(world) = world_on_postgres(&Settings::default()) {
        check(&world, ON_POSTGRESQL);
    }
}

fn check(world: &World, cases: u32) {
    let factor = std::env::var("TRIBUTARY_LAW_FACTOR").ok().and_then(|text| text.parse().ok()).unwrap_or(1);
    let cases = cases * factor;
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 400, ..Config::default() };
    let compared = AtomicU32::new(0);
    let law = |history: History| {
        if holds(world, &history)? {
            compared.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    };
    TestRunner::new(config).run(&history(), law).unwrap_or_else(|error| panic!("{error}"));
    let compared = compared.into_inner();
    println!("{compared} of {cases} histories were compared with one without what was taken back");
    assert!(compared * 3 > cases, "only {compared} of {cases} histories have a counterpart");
}

/// Whether the history has a counterpart; that it is the same then.
fn holds(world: &World, history: &History) -> Result<bool, TestCaseError> {
    let past = past::live(&world.another(), history)?;
    let Some(never) = control::live(&world.another(), history, &past)? else { return Ok(false) };
    prop_assert_eq!(canon::of(&past.world, &past.names()), never);
    Ok(true)
}
