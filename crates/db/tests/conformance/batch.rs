//! Leases, counters and runs.

use crate::fixture::{Fixture, at, conflict_of, decision};
use tributary_contact::state::{Level, Reason, State};
use tributary_contact::{ItemId, RunId};
use tributary_store::{
    Counter, DecisionRow, Fence, RunKind, RunOutcome, RunRow, RunState, StoreError, StoreExt, TransactionRow,
};

cases!(
    a_held_lease_is_not_given_to_another,
    a_holder_that_asks_again_keeps_its_token,
    an_expired_lease_is_taken_over_with_a_higher_token,
    a_former_holder_is_fenced_and_its_transaction_rolled_back,
    an_expired_lease_that_nobody_took_can_be_extended,
    a_released_lease_is_free_and_its_token_never_goes_back,
    leases_of_organizations_are_apart,
    numbers_are_given_once_also_after_a_rollback,
    runs_read_back_newest_first,
    newcomers_of_a_run_are_its_creations_and_new_individuals,
    outcomes_of_a_run_are_counted_per_reason,
);

fn acquire(f: &Fixture, holder: &str, now: i64, until: i64) -> Option<Fence> {
    f.writing(|tx| tx.acquire_lease(f.organization, "batch", holder, at(now), at(until)))
}

fn a_held_lease_is_not_given_to_another(f: &Fixture) {
    assert_eq!(acquire(f, "a", 0, 10).unwrap().token, 1);
    assert_eq!(acquire(f, "b", 9, 20), None);
    assert_eq!(f.reading(|tx| tx.lease_holder(f.organization, "batch", at(9))).as_deref(), Some("a"));
    assert_eq!(f.reading(|tx| tx.lease_holder(f.organization, "batch", at(10))), None);
}

fn a_holder_that_asks_again_keeps_its_token(f: &Fixture) {
    let first = acquire(f, "a", 0, 10);
    assert_eq!(acquire(f, "a", 5, 15), first);
    assert_eq!(acquire(f, "b", 12, 20), None);
}

fn an_expired_lease_is_taken_over_with_a_higher_token(f: &Fixture) {
    acquire(f, "a", 0, 10);
    assert_eq!(acquire(f, "b", 10, 20).unwrap().token, 2);
    assert_eq!(acquire(f, "b", 30, 40).unwrap().token, 3, "also when the same holder lost and takes it");
}

fn a_former_holder_is_fenced_and_its_transaction_rolled_back(f: &Fixture) {
    let old = acquire(f, "a", 0, 10).unwrap();
    let new = acquire(f, "b", 10, 20).unwrap();
    let late = f.try_writing(|tx| {
        tx.insert_run(f.organization, &run(1))?;
        tx.extend_lease(f.organization, &old, at(99))
    });
    assert!(matches!(late, Err(StoreError::Fenced { lease }) if lease == "batch"));
    assert_eq!(f.reading(|tx| tx.run(f.organization, RunId(1))), None);
    f.writing(|tx| tx.release_lease(f.organization, &old));
    f.writing(|tx| tx.extend_lease(f.organization, &new, at(30)));
    assert_eq!(acquire(f, "a", 29, 50), None);
}

fn an_expired_lease_that_nobody_took_can_be_extended(f: &Fixture) {
    let fence = acquire(f, "a", 0, 10).unwrap();
    f.writing(|tx| tx.extend_lease(f.organization, &fence, at(40)));
    assert_eq!(acquire(f, "b", 39, 50), None);
}

fn a_released_lease_is_free_and_its_token_never_goes_back(f: &Fixture) {
    let fence = acquire(f, "a", 0, 10).unwrap();
    f.writing(|tx| tx.release_lease(f.organization, &fence));
    assert_eq!(f.reading(|tx| tx.lease_holder(f.organization, "batch", at(1))), None);
    let late = f.store.writing("late", |tx| tx.extend_lease(f.organization, &fence, at(20)));
    assert!(matches!(late, Err(StoreError::Fenced { .. })));
    assert_eq!(acquire(f, "a", 1, 10).unwrap().token, 2);
}

fn leases_of_organizations_are_apart(f: &Fixture) {
    acquire(f, "a", 0, 10);
    let other = f.writing(|tx| tx.acquire_lease(f.other, "batch", "b", at(0), at(10)));
    assert_eq!(other.unwrap().token, 1);
    let lease = f.writing(|tx| tx.acquire_lease(f.organization, "deliver", "b", at(0), at(10)));
    assert_eq!(lease.unwrap().token, 1);
}

fn numbers_are_given_once_also_after_a_rollback(f: &Fixture) {
    let take = |count| f.writing(|tx| tx.allocate(f.organization, Counter::Item, count));
    assert_eq!([take(3), take(1), take(2)], [1, 4, 5]);
    let rolled_back = f.try_writing(|tx| {
        let first = tx.allocate(f.organization, Counter::Item, 10)?;
        Err::<(), _>(StoreError::Unsupported(if first == 7 { "seven" } else { "other" }))
    });
    assert!(matches!(rolled_back, Err(StoreError::Unsupported("seven"))));
    assert!(take(1) >= 17);
    assert_eq!(f.reading(|tx| tx.counter(f.organization, Counter::Contact)), 1);
    assert_eq!(f.writing(|tx| tx.allocate(f.organization, Counter::Contact, 1)), 1);
    assert_eq!(f.reading(|tx| tx.counter(f.organization, Counter::Contact)), 2);
    assert_eq!(f.writing(|tx| tx.allocate(f.other, Counter::Item, 1)), 1);
}

fn run(id: i64) -> RunRow {
    RunRow {
        id: RunId(id),
        kind: RunKind::Manual,
        state: RunState::Running,
        due_at: None,
        started_at: at(id),
        finished_at: None,
        cutoff: None,
        received: 0,
        report: "{}".to_owned(),
    }
}

fn runs_read_back_newest_first(f: &Fixture) {
    let scheduled = RunRow { kind: RunKind::Scheduled, due_at: Some(at(0)), cutoff: Some(f.record_id()), ..run(2) };
    f.writing(|tx| {
        tx.insert_run(f.organization, &run(1))?;
        tx.insert_run(f.organization, &scheduled)?;
        tx.insert_run(f.organization, &run(3))
    });
    let report = "{\"received\":5}".to_owned();
    let done = RunRow { state: RunState::Done, finished_at: Some(at(9)), received: 5, report, ..scheduled };
    f.writing(|tx| tx.update_run(f.organization, &done));
    assert_eq!(f.reading(|tx| tx.run(f.organization, RunId(2))), Some(done.clone()));
    assert_eq!(f.reading(|tx| tx.runs(f.organization, 0, 2)), [run(3), done]);
    assert_eq!(f.reading(|tx| tx.runs(f.organization, 2, 2)), [run(1)]);
    assert_eq!(f.reading(|tx| tx.run_count(f.organization)), 3);
    assert_eq!(conflict_of(f.try_writing(|tx| tx.insert_run(f.organization, &run(3)))), "batch_run");
    assert_eq!(conflict_of(f.try_writing(|tx| tx.update_run(f.organization, &run(4)))), "run");
}

fn newcomers_of_a_run_are_its_creations_and_new_individuals(f: &Fixture) {
    let joined = |level| DecisionRow { level: Some(level), ..decision(f.record_id(), 1, State::Merged) };
    let by_hand = DecisionRow { run: None, ..decision(f.record_id(), 1, State::Created) };
    let created = decision(f.record_id(), 1, State::Created);
    let new = joined(Level::Household);
    let taken_back = DecisionRow { undone_at: Some(at(9)), ..decision(f.record_id(), 1, State::Created) };
    let found_to_be_another = decision(f.record_id(), 1, State::Created);
    let another = found_to_be_another.transaction;
    let rows = [created.clone(), joined(Level::Individual), by_hand, taken_back, new.clone(), found_to_be_another];
    let transaction = |id| TransactionRow { id, ..f.transaction(State::Created) };
    let mut transactions: Vec<_> = rows.iter().map(|row| transaction(row.transaction)).collect();
    for row in transactions.iter_mut().filter(|row| row.id == another) {
        row.individual = Some(ItemId(77));
    }
    f.writing(|tx| {
        tx.insert_transactions(f.organization, &transactions)?;
        tx.insert_decisions(f.organization, &rows)
    });
    let run = created.run.unwrap();
    let mut brought = vec![created.transaction, new.transaction];
    brought.sort_unstable();
    assert_eq!(f.reading(|tx| tx.run_newcomers(f.organization, run)), brought);
    assert_eq!(f.reading(|tx| tx.run_newcomers(f.other, run)), []);
}

fn outcomes_of_a_run_are_counted_per_reason(f: &Fixture) {
    let waits = |reason| DecisionRow { reason: Some(reason), ..decision(f.record_id(), 1, State::NeedsUpdate) };
    let by_hand = DecisionRow { run: None, ..decision(f.record_id(), 1, State::Created) };
    let rows = [
        decision(f.record_id(), 1, State::Created),
        waits(Reason::Conflict),
        waits(Reason::Ambiguous),
        waits(Reason::Ambiguous),
        by_hand,
    ];
    f.writing(|tx| tx.insert_decisions(f.organization, &rows));
    let outcome = |outcome, reason, count| RunOutcome { outcome, reason, count };
    let expected = [
        outcome(State::Created, None, 1),
        outcome(State::NeedsUpdate, Some(Reason::Ambiguous), 2),
        outcome(State::NeedsUpdate, Some(Reason::Conflict), 1),
    ];
    assert_eq!(f.reading(|tx| tx.run_outcomes(f.organization, RunId(1))), expected);
}
