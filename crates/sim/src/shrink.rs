//! Makes a failing plan small: what does not contribute to the failure is taken out.

use crate::plan::{Action, Operation, Plan, Step};

/// The smallest plan found that still fails. `fails` runs a plan; each call costs a simulation.
#[must_use]
pub fn shrink(plan: &Plan, fails: &mut dyn FnMut(&Plan) -> bool) -> Plan {
    let mut best = plan.clone();
    loop {
        let before = best.clone();
        drop_steps(&mut best, fails);
        simplify_steps(&mut best, fails);
        if best == before {
            return best;
        }
    }
}

/// Takes out runs of steps, long ones first.
fn drop_steps(best: &mut Plan, fails: &mut dyn FnMut(&Plan) -> bool) {
    let mut length = best.steps.len();
    while length > 0 {
        // From the end: what comes after the failure goes first.
        for start in (0..best.steps.len().div_ceil(length)).rev().map(|block| block * length) {
            let mut smaller = best.clone();
            smaller.steps.drain(start.min(best.steps.len())..(start + length).min(best.steps.len()));
            if smaller.steps.len() < best.steps.len() && fails(&smaller) {
                *best = smaller;
            }
        }
        length /= 2;
    }
}

/// Takes out faults, and rows one by one.
fn simplify_steps(best: &mut Plan, fails: &mut dyn FnMut(&Plan) -> bool) {
    for place in 0..best.steps.len() {
        let Some(step) = best.steps.get(place) else { return };
        for simpler in simpler(step) {
            let mut smaller = best.clone();
            if let Some(slot) = smaller.steps.get_mut(place) {
                *slot = simpler;
            }
            if fails(&smaller) {
                *best = smaller;
                break;
            }
        }
    }
}

fn simpler(step: &Step) -> Vec<Step> {
    let mut simpler = Vec::new();
    if step.fault.is_some() {
        simpler.push(Step { fault: None, ..step.clone() });
    }
    if step.meanwhile.is_some() {
        simpler.push(Step { meanwhile: None, ..step.clone() });
    }
    let with = |operation: Operation| Step { operation, ..step.clone() };
    match &step.operation {
        Operation::Submit(rows) => simpler.extend(fewer(rows).map(Operation::Submit).map(with)),
        Operation::Create(rows) => simpler.extend(fewer(rows).map(Operation::Create).map(with)),
        Operation::Resolve { row, target, action: Action::Retry(Some(_)) } => {
            let (row, target) = (*row, *target);
            simpler.push(with(Operation::Resolve { row, target, action: Action::Retry(None) }));
        }
        _ => {}
    }
    simpler
}

/// Every list with one row less, but none that is empty.
fn fewer<T: Clone>(rows: &[T]) -> impl Iterator<Item = Vec<T>> {
    let without = |gone: usize| {
        let kept = rows.iter().enumerate().filter(move |(place, _)| *place != gone);
        kept.map(|(_, row)| row.clone()).collect()
    };
    (0..rows.len()).filter(|_| rows.len() > 1).map(without)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_failure_needs_is_left() {
        let plan = Plan::of(7, 40);
        let rows = |plan: &Plan| -> usize {
            let rows = plan.steps.iter().map(|step| match &step.operation {
                Operation::Submit(rows) => rows.len(),
                _ => 0,
            });
            rows.sum()
        };
        let mut fails =
            |plan: &Plan| rows(plan) >= 3 && plan.steps.iter().any(|step| matches!(step.operation, Operation::Undo(_)));
        assert!(fails(&plan));
        let small = shrink(&plan, &mut fails);
        assert_eq!(rows(&small), 3);
        assert!(small.steps.len() <= 4, "{small}");
        assert!(small.steps.iter().all(|step| step.fault.is_none()));
    }
}
