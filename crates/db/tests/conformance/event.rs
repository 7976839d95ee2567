//! The feed of events: in order of commit, whatever the ids say and however many write.

use crate::fixture::{Fixture, at, event};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use tributary_contact::{ContactId, WebhookId};
use tributary_db::OpenOptions;
use tributary_store::{DeliveryFilter, EventRow, FedEvent, StoreExt};
use uuid::Uuid;

cases!(
    the_feed_follows_the_commits_and_not_the_ids,
    an_event_is_found_by_its_id,
    a_reader_never_misses_an_event_while_many_write,
    a_transaction_that_is_rolled_back_leaves_nothing_in_the_feed,
    old_events_go_once_no_delivery_refers_to_them,
);

fn feed(f: &Fixture, after: i64) -> Vec<FedEvent> {
    f.reading(|tx| tx.event_feed(f.organization, after, 1_000_000))
}

fn ids(fed: &[FedEvent]) -> Vec<Uuid> {
    fed.iter().map(|fed| fed.event.id).collect()
}

fn the_feed_follows_the_commits_and_not_the_ids(f: &Fixture) {
    let (first, second) = (event(f.record_id().0, 1, 1), event(f.record_id().0, 1, 2));
    f.writing(|tx| tx.insert_events(f.organization, std::slice::from_ref(&second)));
    let seen = feed(f, 0);
    assert_eq!(ids(&seen), [second.id]);
    f.writing(|tx| tx.insert_events(f.organization, std::slice::from_ref(&first)));
    let later = feed(f, seen[0].position);
    assert_eq!((ids(&later), &later[0].event), (vec![first.id], &first));
    assert!(feed(f, later[0].position).is_empty());
    assert_eq!(f.reading(|tx| tx.newest_position(f.organization)), later[0].position);
    assert!(f.reading(|tx| tx.event_feed(f.other, 0, 9)).is_empty());
    assert_eq!(f.reading(|tx| tx.newest_position(f.other)), 0);
}

fn an_event_is_found_by_its_id(f: &Fixture) {
    let row = event(f.record_id().0, 7, 3);
    f.writing(|tx| tx.insert_events(f.organization, std::slice::from_ref(&row)));
    let key = f.reading(|tx| tx.event_key(f.organization, row.id)).unwrap();
    assert_eq!((key.id, key.contact, key.sequence, key.kind), (row.id, ContactId(7), 3, row.kind));
    assert_eq!(f.reading(|tx| tx.event_position(f.organization, row.id)), Some(key.position));
    assert_eq!(f.reading(|tx| tx.event_position(f.other, row.id)), None);
    assert_eq!(f.reading(|tx| tx.event_key(f.organization, Uuid::nil())), None);
}

/// Writers commit in another order than they begin, on two stores; a reader follows the feed meanwhile.
fn a_reader_never_misses_an_event_while_many_write(f: &Fixture) {
    const WRITERS: usize = 6;
    const EACH: usize = 40;
    let other = tributary_db::open(&f.url, &OpenOptions { migrate: false, ..OpenOptions::default() }).unwrap();
    let done = AtomicBool::new(false);
    let read = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut read: Vec<FedEvent> = Vec::new();
            loop {
                let last = done.load(Ordering::SeqCst);
                let more = feed(f, read.last().map_or(0, |fed| fed.position));
                if last && more.is_empty() {
                    return read;
                }
                read.extend(more);
            }
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let store = if writer % 2 == 0 { &f.store } else { &other };
                scope.spawn(move || {
                    for number in 0..EACH {
                        // The id is older than the transaction, and the transaction is longer or shorter.
                        let row = event(f.record_id().0, 1, 1);
                        store
                            .writing("write", |tx| {
                                for _ in 0..(writer * number) % 4 {
                                    tx.organizations()?;
                                }
                                tx.insert_events(f.organization, std::slice::from_ref(&row))?;
                                (0..number % 3).try_for_each(|_| tx.organizations().map(drop))
                            })
                            .unwrap();
                    }
                })
            })
            .collect();
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        done.store(true, Ordering::SeqCst);
        reader.join().unwrap()
    });
    let distinct: BTreeSet<Uuid> = ids(&read).into_iter().collect();
    assert_eq!((read.len(), distinct.len()), (WRITERS * EACH, WRITERS * EACH));
    let all = f.reading(|tx| tx.event_page(f.organization, None, 1_000_000));
    assert_eq!(all.iter().map(|row| row.id).collect::<BTreeSet<_>>(), distinct);
    assert!(read.windows(2).all(|pair| pair[0].position < pair[1].position));
}

fn a_transaction_that_is_rolled_back_leaves_nothing_in_the_feed(f: &Fixture) {
    let (kept, lost) = (event(f.record_id().0, 1, 1), event(f.record_id().0, 1, 2));
    let (tell, told) = mpsc::channel();
    let failed = f.try_writing(|tx| {
        tx.insert_events(f.organization, std::slice::from_ref(&lost))?;
        tell.send(()).unwrap();
        Err::<(), _>(tributary_store::StoreError::NotRun)
    });
    assert!(failed.is_err() && told.recv().is_ok());
    f.writing(|tx| tx.insert_events(f.organization, std::slice::from_ref(&kept)));
    assert_eq!(ids(&feed(f, 0)), [kept.id]);
}

fn old_events_go_once_no_delivery_refers_to_them(f: &Fixture) {
    let waiting = f.emit(1, 1, 1, 0);
    let free = event(f.record_id().0, 2, 1);
    let young = EventRow { created_at: at(500), ..event(f.record_id().0, 3, 1) };
    f.writing(|tx| tx.insert_events(f.organization, &[free.clone(), young.clone()]));
    assert_eq!(f.writing(|tx| tx.expire_events(f.organization, &[WebhookId(1)], at(100), 9)), 2);
    assert_eq!(ids(&feed(f, 0)), [waiting, young.id]);
    let dead = f.reading(|tx| tx.deliveries(f.organization, WebhookId(1), DeliveryFilter::Dead, None, 9));
    assert_eq!(dead.len(), 1, "what waited is given up first, and seen as such");
    f.writing(|tx| tx.remove_deliveries(f.organization, WebhookId(1), at(1_000), 9));
    assert_eq!(f.writing(|tx| tx.expire_events(f.organization, &[WebhookId(1)], at(100), 9)), 1);
    assert_eq!(ids(&feed(f, 0)), [young.id]);
    assert_eq!(f.writing(|tx| tx.expire_events(f.organization, &[WebhookId(1)], at(100), 9)), 0);
}
