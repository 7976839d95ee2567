//! What a seed means: a list of steps. A step names rows and contacts by place among those that are there when it
//! comes, so a plan still makes sense when steps before it are taken out.

use crate::chance::Chance;
use crate::faults::{Effect, Fault, When};
use crate::words;
use serde_json::Value;
use std::fmt;

/// What a person does with a row of the bucket.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Merge into an individual of the target.
    Merge,
    /// Merge, and leave the individual to the engine.
    MergeAnywhere,
    /// A new individual of the target.
    AddIndividual,
    /// A new contact.
    Create,
    /// Back to the next run, with this correction if there is one.
    Retry(Option<Value>),
    /// Refuse it.
    Reject,
}

/// How the receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// 200.
    Fine,
    /// 500.
    Down,
    /// No answer in time.
    Slow,
    /// 200, 500, 429 or none in time, as the event and the number of its tries say.
    Moody,
    /// 410.
    Gone,
}

/// One thing that is done to the engine.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Rows are submitted together.
    Submit(Vec<Value>),
    /// The clock moves on by so many ticks of [`crate::world::TICK_MS`].
    Advance(i64),
    /// The batch is run now.
    Batch,
    /// The minute's tick: runs what is due, resumes what was cut off.
    Tick,
    /// A person decides the `row`-th row of the bucket; `target` chooses the contact.
    Resolve {
        /// Place in the bucket.
        row: usize,
        /// Place among the contacts.
        target: usize,
        /// What is done.
        action: Action,
    },
    /// The decision about the n-th decided row is taken back.
    Undo(usize),
    /// A contact is created directly.
    Create(Vec<Value>),
    /// A subscription is made.
    Subscribe,
    /// The n-th subscription is switched on or off.
    Switch(usize, bool),
    /// Rounds of delivery to a receiver in this mood.
    Deliver {
        /// How many.
        rounds: usize,
        /// Ticks of the clock after each.
        rest: i64,
        /// How it answers.
        mood: Mood,
    },
    /// A new process on the same database.
    Restart,
}

/// What another process does in the middle of a batch or a delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct Meanwhile {
    /// The point.
    pub point: &'static str,
    /// How often it is reached first, this time included.
    pub nth: usize,
    /// How far the clock moves on before; any tick ends every lease.
    pub ticks: i64,
    /// What it does.
    pub operation: Operation,
}

/// An operation, and what goes wrong or on during it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The operation.
    pub operation: Operation,
    /// The planned failure.
    pub fault: Option<Fault>,
    /// What another process does meanwhile.
    pub meanwhile: Option<Meanwhile>,
}

/// Everything that follows from a seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The seed.
    pub seed: u64,
    /// Rows of a chunk of the batch.
    pub chunk_rows: usize,
    /// Threads of the batch.
    pub threads: usize,
    /// Subscriptions at most.
    pub subscriptions: usize,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// Where a run of the batch can be cut off: probes, then writes by name.
const BATCH_PROBES: &[&str] = &["claimed", "decided", "writing", "applied"];
const BATCH_WRITES: &[&str] = &["open_batch", "reserve", "apply", "apply", "forget", "close_batch", "release_batch"];

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn of(seed: u64, steps: usize) -> Self {
        let mut chance = Chance::new(seed);
        let chunk_rows = chance.pick(&[2, 3, 5, 100]);
        let threads = 1 + chance.below(2);
        let subscriptions = 1 + chance.below(2);
        let mut plan = Self { seed, chunk_rows, threads, subscriptions, steps: Vec::new() };
        // Without rows and a subscriber at the start the rest would have little to work on.
        let opening = [Operation::Subscribe, Operation::Submit(rows(&mut chance, 6))];
        plan.steps.extend(opening.map(|operation| Step { operation, fault: None, meanwhile: None }));
        while plan.steps.len() < steps {
            let operation = operation(&mut chance);
            plan.steps.push(step(operation, subscriptions, &mut chance));
        }
        plan
    }
}

/// An operation with a failure or with somebody else's doing, often with neither.
fn step(operation: Operation, subscriptions: usize, chance: &mut Chance) -> Step {
    let points = points(&operation, subscriptions);
    let (fault, meanwhile) = match chance.below(6) {
        0 | 1 => (fault(&operation, subscriptions, chance), None),
        2 | 3 if !points.is_empty() => (None, Some(meanwhile(points, chance))),
        _ => (None, None),
    };
    Step { operation, fault, meanwhile }
}

/// Where another process can act: anywhere but where the database is held. As for faults, not while deliveries run
/// side by side.
const fn points(operation: &Operation, subscriptions: usize) -> &'static [&'static str] {
    match operation {
        Operation::Batch | Operation::Tick => &["open_batch", "claimed", "decided", "reserve", "applied", "forget"],
        Operation::Deliver { .. } if subscriptions == 1 => &["claim_deliveries", "send", "finish_deliveries"],
        _ => &[],
    }
}

/// Often what a running batch could overlook.
fn meanwhile(points: &[&'static str], chance: &mut Chance) -> Meanwhile {
    let operation = match chance.below(8) {
        0 => Operation::Subscribe,
        1 => Operation::Switch(chance.below(2), chance.one_in(2)),
        2 => Operation::Undo(chance.below(16)),
        3 => Operation::Resolve { row: chance.below(8), target: chance.below(8), action: action(chance) },
        4 => Operation::Batch,
        5 => Operation::Deliver { rounds: 2, rest: 0, mood: mood(chance) },
        _ => operation(chance),
    };
    Meanwhile {
        point: chance.pick(points),
        nth: chance.pick(&[1, 1, 2]),
        ticks: i64::from(chance.one_in(3)),
        operation,
    }
}

fn rows(chance: &mut Chance, most: usize) -> Vec<Value> {
    let number = 1 + chance.below(most);
    (0..number).map(|_| words::row(chance)).collect()
}

fn operation(chance: &mut Chance) -> Operation {
    match chance.below(24) {
        0..6 => Operation::Submit(rows(chance, 6)),
        6..11 => Operation::Batch,
        11 => Operation::Tick,
        12..15 => Operation::Resolve { row: chance.below(8), target: chance.below(8), action: action(chance) },
        15..17 => Operation::Undo(chance.below(16)),
        17 => Operation::Create(rows(chance, 2)),
        18 => Operation::Subscribe,
        19 => Operation::Switch(chance.below(2), chance.one_in(2)),
        20..22 => Operation::Deliver { rounds: 1 + chance.below(6), rest: chance.pick(&[0, 0, 3]), mood: mood(chance) },
        22 => Operation::Advance(chance.pick(&[1, 1, 3, 6, 150])),
        _ => Operation::Restart,
    }
}

fn action(chance: &mut Chance) -> Action {
    match chance.below(7) {
        0 => Action::Merge,
        1 => Action::MergeAnywhere,
        2 => Action::AddIndividual,
        3 => Action::Create,
        4 => Action::Retry(None),
        5 => Action::Retry(Some(words::row(chance))),
        _ => Action::Reject,
    }
}

fn mood(chance: &mut Chance) -> Mood {
    match chance.below(10) {
        0 => Mood::Gone,
        1 => Mood::Slow,
        2 => Mood::Down,
        3..7 => Mood::Moody,
        _ => Mood::Fine,
    }
}

/// A failure that can happen during this operation. None while deliveries to two subscribers run side by side:
/// which of them meets the failure would be chance of another kind.
fn fault(operation: &Operation, subscriptions: usize, chance: &mut Chance) -> Option<Fault> {
    let names: &[&'static str] = match operation {
        Operation::Submit(_) => &["hold"],
        Operation::Batch | Operation::Tick if chance.one_in(2) => {
            let name = chance.pick(BATCH_PROBES);
            return Some(Fault { when: When::At, name, nth: 1 + chance.below(3), effect: early_effect(chance) });
        }
        Operation::Batch | Operation::Tick => BATCH_WRITES,
        Operation::Resolve { .. } => &["resolve"],
        Operation::Undo(_) => &["undo"],
        Operation::Create(_) => &["create_contact"],
        Operation::Subscribe => &["create_webhook"],
        Operation::Switch(..) => &["update_webhook"],
        Operation::Deliver { .. } if subscriptions == 1 => &["claim_deliveries", "send", "finish_deliveries"],
        Operation::Deliver { .. } | Operation::Advance(_) | Operation::Restart => return None,
    };
    let (name, nth) = (chance.pick(names), chance.pick(&[1, 1, 1, 2, 3]));
    Some(if chance.one_in(2) {
        Fault { when: When::Before, name, nth, effect: early_effect(chance) }
    } else {
        let effect = if chance.one_in(2) { Effect::Away } else { Effect::Crash };
        Fault { when: When::After, name, nth, effect }
    })
}

/// A crash half of the time: it is the only failure after which nobody tidies up.
fn early_effect(chance: &mut Chance) -> Effect {
    match chance.below(6) {
        0 => Effect::Away,
        1 => Effect::Conflict,
        2 => Effect::Defect,
        _ => Effect::Crash,
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, chunk_rows, threads, subscriptions, steps } = self;
        writeln!(f, "seed {seed}: chunks of {chunk_rows}, threads {threads}, subscriptions {subscriptions}")?;
        for (number, step) in steps.iter().enumerate() {
            write!(f, "  {number:>3} ")?;
            put(f, &step.operation)?;
            if let Some(fault) = &step.fault {
                write!(f, "  [{fault}]")?;
            }
            if let Some(Meanwhile { point, nth, ticks, operation }) = &step.meanwhile {
                write!(f, "  [at {point} no. {nth}, {ticks} ticks later: ")?;
                put(f, operation)?;
                write!(f, "]")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

fn put(f: &mut fmt::Formatter<'_>, operation: &Operation) -> fmt::Result {
    match operation {
        Operation::Submit(rows) => put_rows(f, "Submit", rows),
        Operation::Create(rows) => put_rows(f, "Create", rows),
        Operation::Resolve { row, target, action: Action::Retry(Some(corrected)) } => {
            write!(f, "Resolve row {row}, target {target}, retry with {corrected}")
        }
        other => write!(f, "{other:?}"),
    }
}

fn put_rows(f: &mut fmt::Formatter<'_>, name: &str, rows: &[Value]) -> fmt::Result {
    write!(f, "{name}")?;
    rows.iter().try_for_each(|row| write!(f, "\n        {row}"))
}
