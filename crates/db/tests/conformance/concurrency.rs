//! Several threads, and several processes' worth of stores, on one database.

use crate::fixture::{Fixture, at, attempt, update};
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::thread;
use tributary_contact::{ContactId, WebhookId};
use tributary_db::OpenOptions;
use tributary_store::{Counter, DeliveryEnd, StoreError, StoreExt};

cases!(
    read_then_write_of_many_threads_never_fails,
    of_writers_with_the_same_version_one_wins,
    numbers_given_to_two_stores_never_meet,
    one_of_two_stores_gets_the_lease,
    intake_does_not_wait_for_a_long_write,
    many_threads_hold_without_loss,
    workers_never_claim_the_same_delivery,
    what_another_store_commits_changes_the_stamp,
);

const THREADS: i64 = 8;

/// A second store on the same database, as another process would have.
fn second(f: &Fixture) -> std::sync::Arc<dyn tributary_store::Store> {
    tributary_db::open(&f.url, &OpenOptions { migrate: false, ..OpenOptions::default() }).unwrap()
}

fn what_another_store_commits_changes_the_stamp(f: &Fixture) {
    let Some(first) = f.store.stamp() else { return assert_eq!(f.store.backend(), "postgres") };
    assert_eq!(f.store.stamp(), Some(first));
    f.insert_contacts(&[1]);
    let second_stamp = f.store.stamp().unwrap();
    assert_ne!(second_stamp, first);
    second(f).writing("update", |tx| tx.update_contacts(f.organization, &[update(1, 1)])).unwrap();
    assert_ne!(f.store.stamp().unwrap(), second_stamp);
    assert_eq!(f.store.stamp(), f.store.stamp());
}

fn read_then_write_of_many_threads_never_fails(f: &Fixture) {
    f.insert_contacts(&[1]);
    let bump = || loop {
        let done = f.try_writing(|tx| {
            let version = tx.contact_heads(f.organization, &[ContactId(1)])?[0].version;
            tx.update_contacts(f.organization, &[update(1, version)])
        });
        match done {
            // PostgreSQL lets both read; the loser is told and decides again.
            Err(StoreError::Conflict { .. }) if f.store.backend() == "postgres" => {}
            done => return done.unwrap(),
        }
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..10).for_each(|_| bump()));
        }
    });
    let heads = f.reading(|tx| tx.contact_heads(f.organization, &[ContactId(1)]));
    assert_eq!(heads[0].version, 1 + 10 * THREADS);
}

fn of_writers_with_the_same_version_one_wins(f: &Fixture) {
    f.insert_contacts(&[1]);
    let outcomes: Vec<bool> = thread::scope(|scope| {
        let write = || f.try_writing(|tx| tx.update_contacts(f.organization, &[update(1, 1)])).is_ok();
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(write)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
}

fn numbers_given_to_two_stores_never_meet(f: &Fixture) {
    let other = second(f);
    let mut given: Vec<i64> = thread::scope(|scope| {
        let take = |store: &dyn tributary_store::Store| {
            (0..20)
                .map(|_| store.writing("take", |tx| tx.allocate(f.organization, Counter::Contact, 2)).unwrap())
                .collect()
        };
        let threads: Vec<_> = [&*f.store, &*other, &*f.store, &*other]
            .into_iter()
            .map(|store| scope.spawn(move || -> Vec<i64> { take(store) }))
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    given.sort_unstable();
    assert_eq!(given, (0..80).map(|number| 1 + 2 * number).collect::<Vec<_>>());
}

fn one_of_two_stores_gets_the_lease(f: &Fixture) {
    let other = second(f);
    let take = |store: &dyn tributary_store::Store, holder: &str| {
        store.writing("lease", |tx| tx.acquire_lease(f.organization, "batch", holder, at(0), at(9))).unwrap()
    };
    let fences = thread::scope(|scope| {
        let left = scope.spawn(|| take(&*f.store, "a"));
        let right = scope.spawn(|| take(&*other, "b"));
        [left.join().unwrap(), right.join().unwrap()]
    });
    assert_eq!(fences.iter().flatten().count(), 1);
}

fn intake_does_not_wait_for_a_long_write(f: &Fixture) {
    let (started, has_started) = mpsc::channel();
    let (held, has_held) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let mut gate = Some(has_held);
        scope.spawn(move || {
            f.writing(|tx| {
                tx.insert_contacts(f.organization, &[crate::fixture::new_contact(1)])?;
                started.send(()).unwrap();
                // Stays open until the row is held: were intake to wait for it, neither would end.
                gate.take().unwrap().recv().unwrap();
                Ok(())
            });
        });
        has_started.recv().unwrap();
        f.store.ledger().hold(&[f.held("a")]).unwrap();
        held.send(()).unwrap();
    });
    assert_eq!(f.store.ledger().tally(f.organization).unwrap().held, 1);
}

fn many_threads_hold_without_loss(f: &Fixture) {
    let other = second(f);
    thread::scope(|scope| {
        for store in [&*f.store, &*other, &*f.store, &*other] {
            scope.spawn(move || {
                for _ in 0..25 {
                    store.ledger().hold(&[f.held("a"), f.held("b")]).unwrap();
                }
            });
        }
    });
    let tally = f.store.ledger().tally(f.organization).unwrap();
    assert_eq!((tally.received, tally.held), (200, 200));
}

fn workers_never_claim_the_same_delivery(f: &Fixture) {
    let other = second(f);
    for contact in 1..=60 {
        f.emit(1, contact, 1, 0);
    }
    let room = BTreeMap::from([(WebhookId(1), 7)]);
    let work = |store: &dyn tributary_store::Store| {
        let mut done = 0;
        loop {
            let claimed =
                store.writing("claim", |tx| tx.claim_deliveries(f.organization, at(1), at(9), &room)).unwrap();
            if claimed.is_empty() {
                return done;
            }
            assert!(claimed.iter().all(|delivery| delivery.attempt == 1));
            let results: Vec<_> = claimed.iter().map(|row| attempt(row, DeliveryEnd::Delivered)).collect();
            done += store.writing("finish", |tx| tx.finish_deliveries(f.organization, &results)).unwrap();
        }
    };
    let done: usize = thread::scope(|scope| {
        let threads: Vec<_> =
            [&*f.store, &*other, &*f.store].into_iter().map(|store| scope.spawn(move || work(store))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    // A worker may stop early while another holds the last rows; what it left is claimable, never lost.
    assert_eq!(done + work(&*f.store), 60);
}
