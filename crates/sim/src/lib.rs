//! A seeded simulation of the engine: a plan of operations and failures follows from a seed, a world carries it out
//! on a real database with a clock and ids of its own, and properties are checked after every step.
//! A plan that breaks one is shrunk, so that what is left tells the story of the bug.

pub mod bystander;
pub mod chance;
pub mod faults;
pub mod hands;
pub mod plan;
pub mod properties;
pub mod receiver;
pub mod shrink;
pub mod snapshot;
pub mod words;
pub mod world;

pub use plan::{Operation, Plan, Step};
pub use properties::Broken;

use properties::Past;
use std::collections::BTreeMap;
use std::fmt;
use world::{Done, World};

/// What a plan came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What each step came to, then everything that was stored and received in the end.
    pub trace: Vec<String>,
    /// How often each operation, failure and state came up, to see that the simulation reaches what it is for.
    pub seen: BTreeMap<String, usize>,
}

/// A broken property and where it broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Place of the step after which it was seen; the number of steps for the end.
    pub step: usize,
    /// What is broken.
    pub broken: Broken,
}

/// A seed that breaks a property.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The failure of the whole plan.
    pub failure: Failure,
    /// What is left of the plan.
    pub plan: Plan,
    /// The failure of what is left.
    pub left: Failure,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, step {}: {}", self.plan.seed, self.failure.step, self.failure.broken)?;
        writeln!(f, "smallest plan, which fails at step {}: {}", self.left.step, self.left.broken)?;
        write!(f, "{}", self.plan)
    }
}

/// Carries a plan out, drains what is left to do, and checks every property after every step.
///
/// # Errors
/// The first property that breaks.
pub fn simulate(plan: &Plan) -> Result<Report, Failure> {
    let at = |step: usize| move |broken: Broken| Failure { step, broken };
    let mut world = World::new(plan).map_err(at(0))?;
    let (mut past, mut report) = (Past::default(), Report::default());
    for (place, step) in plan.steps.iter().enumerate() {
        let done = world.perform(step).map_err(at(place))?;
        report.note(step, &done);
        let undone =
            [matches!(step.operation, Operation::Undo(_)), done.middle.as_ref().is_some_and(|middle| middle.undo)];
        done.middle.iter().for_each(|middle| past.pass(middle));
        let now = world.snapshot().map_err(at(place))?;
        past.check(&now, undone.into_iter().map(usize::from).sum()).map_err(at(place))?;
    }
    let end = at(plan.steps.len());
    world.drain().map_err(end)?;
    let last = world.snapshot().map_err(end)?;
    past.check_end(&last).map_err(end)?;
    report.close(&last);
    Ok(report)
}

/// Simulates a seed, and shrinks its plan if it breaks a property.
///
/// # Errors
/// The finding.
pub fn check_seed(seed: u64, steps: usize) -> Result<Report, Box<Finding>> {
    let plan = Plan::of(seed, steps);
    let failure = match simulate(&plan) {
        Ok(report) => return Ok(report),
        Err(failure) => failure,
    };
    let mut left = failure.clone();
    // The same property, else the plan could shrink to another bug.
    let plan = shrink::shrink(&plan, &mut |smaller| match simulate(smaller) {
        Err(found) if found.broken.property == failure.broken.property => {
            left = found;
            true
        }
        _ => false,
    });
    Err(Box::new(Finding { failure, plan, left }))
}

impl Report {
    fn note(&mut self, step: &Step, done: &Done) {
        let line = &done.line;
        self.count(&format!("operation {}", name(&step.operation)));
        let failed = ["Away", "Conflict", "Defect", "Crash", "crashed"].iter().any(|effect| line.starts_with(effect));
        if let Some(fault) = step.fault.filter(|_| failed || line.contains("in spite of")) {
            self.count(&format!("{:?} {:?} {}", fault.effect, fault.when, fault.name));
        }
        self.trace.push(line.clone());
        if let (Some(middle), Some(meanwhile)) = (&done.middle, &step.meanwhile) {
            self.count(&format!("meanwhile {}", name(&meanwhile.operation)));
            self.count(if line.starts_with("fenced off") { "batch fenced off" } else { "batch went on" });
            self.trace.push(middle.line.clone());
        }
    }

    fn close(&mut self, last: &snapshot::Snapshot) {
        self.trace.extend(last.lines());
        for row in &last.transactions {
            self.count(&format!("state {}", row.state));
        }
        for row in last.deliveries.values().flatten() {
            self.count(&format!("delivery {}", row.state));
        }
        for event in &last.events {
            self.count(&format!("event {}", event.kind.as_str()));
        }
    }

    fn count(&mut self, what: &str) {
        *self.seen.entry(what.to_owned()).or_default() += 1;
    }
}

fn name(operation: &Operation) -> String {
    format!("{operation:?}").chars().take_while(|letter| letter.is_alphanumeric()).collect()
}
