//! Seeds that every test run simulates: new ones in a row, and those that once found a bug.
#![expect(clippy::panic, reason = "tests stop at the first surprise")]

use std::collections::BTreeMap;
use tributary_sim::{Plan, Report, check_seed, simulate};

const STEPS: usize = 25;

fn check(seed: u64, steps: usize) -> Report {
    check_seed(seed, steps).unwrap_or_else(|finding| panic!("{finding}"))
}

#[test]
fn every_property_holds_after_every_step_of_forty_seeds() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..40 {
        for (what, times) in check(seed, STEPS).seen {
            *seen.entry(what).or_default() += times;
        }
    }
    // A simulation that no longer reaches these would show nothing.
    for state in ["created", "merged", "unchanged", "needs_update", "rejected"] {
        assert!(seen.contains_key(&format!("state {state}")), "no row ended as {state}: {seen:?}");
    }
    for kind in ["contactCreate", "contactUpdate", "contactDelete"] {
        assert!(seen.contains_key(&format!("event {kind}")), "no {kind}: {seen:?}");
    }
    let crashes = seen.keys().filter(|what| what.starts_with("Crash")).count();
    assert!(crashes >= 8, "crashes in {crashes} places only: {seen:?}");
}

#[test]
fn seeds_that_once_found_a_bug_find_none() {
    for line in include_str!("../seeds.txt").lines() {
        let told = line.split('#').next().unwrap_or_default().trim();
        if told.is_empty() {
            continue;
        }
        let (seed, steps) = told.split_once(' ').unwrap();
        check(seed.parse().unwrap(), steps.trim().parse().unwrap());
    }
}

#[test]
fn a_seed_has_the_same_trace_every_time() {
    for seed in 100..104 {
        let plan = Plan::of(seed, STEPS);
        assert_eq!(simulate(&plan).unwrap().trace, simulate(&plan).unwrap().trace, "seed {seed}");
    }
}
