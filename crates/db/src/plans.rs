//! Plans of the hot queries, read from the database for the very statements that the verbs send: each uses
//! the index made for it, and none reads a whole table.
//!
//! A recorder listens on the connection while a verb runs; its statements are then explained.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

mod waiting;

pub(crate) use waiting::WAITING;

use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tributary_contact::clock::Timestamp;
use tributary_contact::state::State;
use tributary_contact::{ContactId, Golden, ItemId, OrganizationId, RecordId, Reference, RunId, WebhookId};
use tributary_store::{
    AttemptRow, ClaimedDelivery, ContactUpdate, DeliveryEnd, DeliveryFilter, DeliveryResult, EventKey, EventKind,
    FactsRange, KeyEntry, Ledger, NeedsUpdateFilter, NewDelivery, Rectangle, ReferenceEntry, ReplayFilter, ReplayRow,
    Seek, Settlement, StoreResult, WriteTx,
};
use uuid::Uuid;

const ORG: OrganizationId = OrganizationId(1);

/// The statements that were sent, without their parameters.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<String>>>);

impl Recorder {
    /// The listener to be given to the connection.
    pub(crate) fn listener(&self) -> impl Instrumentation + use<> {
        let sent = Arc::clone(&self.0);
        move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                let text = query.to_string();
                let sql = text.split(" -- binds").next().unwrap_or_default();
                sent.lock().unwrap().push(sql.to_owned());
            }
        }
    }

    /// What has been sent since the last call, without the statements that begin and end transactions.
    pub(crate) fn take(&self) -> Vec<String> {
        let all = std::mem::take(&mut *self.0.lock().unwrap());
        let begins_or_ends = |sql: &String| ["BEGIN", "COMMIT", "ROLLBACK"].iter().any(|word| sql.starts_with(word));
        all.into_iter().filter(|sql| !begins_or_ends(sql)).collect()
    }
}

/// A hot query: its name, the verb that sends it, and the indexes its plan must name (`_pkey` stands for the
/// primary key of the table).
pub(crate) struct Hot<F> {
    pub(crate) name: &'static str,
    pub(crate) run: F,
    pub(crate) indexes: &'static [&'static str],
    pub(crate) reach: Reach,
}

/// How much of an index a query may read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// What its keys select.
    Keys,
    /// All rows of the organization: it counts them, or takes the first of an order.
    Organization,
}

use Reach::{Keys, Organization};

const fn hot<F>(name: &'static str, indexes: &'static [&'static str], reach: Reach, run: F) -> Hot<F> {
    Hot { name, run, indexes, reach }
}

/// A hot query of the ledger.
pub(crate) type HotLedger = Hot<fn(&dyn Ledger)>;
/// A hot query of the main database.
pub(crate) type HotMain = Hot<fn(&mut dyn WriteTx)>;

/// Polls, claims and writes of the ledger.
pub(crate) const LEDGER: &[HotLedger] = &[
    hot("claim", &["held_transaction_pkey"], Keys, |l| drop(l.claim(ORG, Some(id()), id(), 9).unwrap())),
    hot("newest", &["held_transaction_pkey"], Organization, |l| assert!(l.newest(ORG).is_ok())),
    hot("find", &["held_transaction_pkey"], Keys, |l| drop(l.find(ORG, id()).unwrap())),
    hot("poll a held reference", &["held_transaction_reference"], Keys, |l| {
        drop(l.find_by_reference(ORG, &reference(), 9).unwrap());
    }),
    hot("forget", &["held_transaction_pkey"], Keys, |l| l.forget(ORG, &[id()]).unwrap()),
    hot("tally", &["held_tally_pkey"], Organization, |l| assert!(l.tally(ORG).is_ok())),
];

/// Look-ups, polls, claims and changes of the main database. A change of what is not there is a conflict,
/// which is of no matter here.
pub(crate) const MAIN: &[HotMain] = &[
    hot("candidates by key", &["match_key_pkey"], Keys, |tx| drop(tx.contacts_by_key(ORG, &[1, 2], 9).unwrap())),
    hot("contacts by reference", &["contact_reference_pkey"], Keys, |tx| {
        drop(tx.contacts_by_reference(ORG, &[reference()]).unwrap());
    }),
    hot("contacts", &["contact_pkey"], Keys, |tx| drop(tx.contacts(ORG, &[ContactId(1)]).unwrap())),
    hot("a contact seen", &["contact_pkey", "contact_follow_"], Keys, |tx| {
        drop(tx.contact_seen(ORG, Seek::Id(ContactId(1)), "key:1").unwrap());
    }),
    hot("a contact polled", &["contact_reference_pkey", "contact_pkey", "contact_follow_"], Keys, |tx| {
        drop(tx.contact_seen(ORG, Seek::Reference(&reference()), "key:1").unwrap());
    }),
    hot("source records", &["contact_transaction_contact", "direct_record_contact"], Keys, |tx| {
        drop(tx.source_records(ORG, &[ContactId(1)]).unwrap());
    }),
    hot("the contact of an item", &["contact_transaction_item", "direct_record_item"], Keys, |tx| {
        assert!(tx.contact_of_item(ORG, ItemId(9)).is_ok());
    }),
    hot("follows", &["contact_follow_"], Keys, |tx| assert!(!tx.follows(ORG, "key:1", ContactId(1)).unwrap())),
    hot("changes of followed contacts", &["audit_pkey", "contact_follow_pkey"], Keys, |tx| {
        drop(tx.followed_changes(ORG, "key:1", 0, 9).unwrap());
    }),
    hot("positions", &["contact_position_latitude"], Keys, |tx| {
        drop(tx.positions(ORG, &Rectangle { latitude: (1, 2), longitude: (3, 4) }).unwrap());
    }),
    hot("facts", &["contact_facts_pkey"], Keys, |tx| drop(tx.facts(ORG, &[ContactId(1)]).unwrap())),
    hot("facts of a range", &["contact_facts_"], Keys, |tx| {
        let range = FactsRange { ids: 1..=2, archived: false };
        drop(tx.facts_page(ORG, &range, &["a".to_owned(), "b".to_owned()], 9).unwrap());
    }),
    hot("facts that changed", &["contact_facts_modified"], Keys, |tx| {
        drop(tx.facts_changed(ORG, &(1..=2), Some((1, ContactId(1))), 9).unwrap());
    }),
    hot("counted facts", &["contact_facts_"], Keys, |tx| {
        assert!(tx.facts_count(ORG, &FactsRange { ids: 1..=2, archived: false }).is_ok());
    }),
    hot("ids of a range", &["contact_facts_"], Keys, |tx| {
        drop(tx.facts_ids(ORG, &FactsRange { ids: 1..=2, archived: false }, true, 1, 2).unwrap());
    }),
    hot("words", &["search_word_pkey"], Keys, |tx| drop(tx.words_between(ORG, "a", "b", 9).unwrap())),
    hot("remove facts", &["contact_facts_pkey"], Keys, |tx| tx.remove_facts(ORG, &[ContactId(-1)]).unwrap()),
    hot("known transactions", &["contact_transaction_pkey"], Keys, |tx| {
        drop(tx.known_transactions(ORG, &[id()]).unwrap());
    }),
    hot(
        "poll a decided reference",
        &["contact_transaction_reference", "transaction_correction_reference"],
        Keys,
        |tx| {
            drop(tx.transactions_by_reference(ORG, &reference(), 9).unwrap());
        },
    ),
    hot("corrections", &["transaction_correction_pkey"], Keys, |tx| drop(tx.corrections(ORG, &[id()]).unwrap())),
    hot("rows sent back", &["contact_transaction_open"], Keys, |tx| {
        drop(tx.transactions_in_state(ORG, State::Held, Some(id()), 9).unwrap());
    }),
    hot("the bucket", &["contact_transaction_open"], Keys, |tx| {
        drop(tx.needs_update_page(ORG, &NeedsUpdateFilter::default(), 0, 9).unwrap());
    }),
    hot("states", &["contact_transaction_state"], Organization, |tx| drop(tx.state_counts(ORG).unwrap())),
    hot("outcomes of a run", &["decision_run"], Keys, |tx| drop(tx.run_outcomes(ORG, RunId(1)).unwrap())),
    hot("latest decisions", &["decision_pkey"], Keys, |tx| drop(tx.latest_decisions(ORG, &[id()]).unwrap())),
    hot("due deliveries", &["delivery_due", "delivery_order"], Keys, |tx| {
        drop(tx.claim_deliveries(ORG, now(), now(), &BTreeMap::from([(WebhookId(1), 9)])).unwrap());
    }),
    hot("event feed", &["event_position"], Keys, |tx| drop(tx.event_feed(ORG, 7, 9).unwrap())),
    hot("claim and put off", &["delivery_due", "delivery_order", "delivery_pkey", "event_pkey"], Keys, |tx| {
        // The first is free; the third waits for the second, which is not due.
        let rows = [(1, 1, 0), (2, 1, 9), (2, 2, 0)].map(new_delivery);
        tx.insert_deliveries(ORG, &rows).unwrap();
        // There are no events, so the bodies are missed; that is the last statement.
        assert!(claim(tx).is_err());
    }),
    hot("oldest due delivery", &["delivery_due"], Keys, |tx| assert!(tx.oldest_due(ORG, WebhookId(1), now()).is_ok())),
    hot("deliveries made due", &["delivery_due"], Keys, |tx| {
        tx.hasten_deliveries(ORG, WebhookId(7), now()).unwrap();
    }),
    hot("deliveries again", &["delivery_pkey"], Keys, |tx| {
        tx.renew_deliveries(ORG, WebhookId(7), &[event_key()], now()).unwrap();
    }),
    hot("old deliveries", &["delivery_due", "delivery_pkey", "attempt_pkey"], Keys, |tx| {
        tx.remove_deliveries(ORG, WebhookId(7), now(), 9).unwrap();
    }),
    hot("all deliveries", &["delivery_pkey"], Keys, |tx| {
        drop(tx.deliveries(ORG, WebhookId(1), DeliveryFilter::All, None, 9).unwrap());
    }),
    hot("attempts", &["attempt_pkey"], Keys, |tx| drop(tx.attempts(ORG, Uuid::nil(), WebhookId(1)).unwrap())),
    hot("dead deliveries", &["delivery_"], Keys, |tx| {
        drop(tx.deliveries(ORG, WebhookId(1), DeliveryFilter::Dead, None, 9).unwrap());
    }),
    hot("the probe", &["delivery_open"], Keys, |tx| drop(tx.claim_probe(ORG, WebhookId(1), now()).unwrap())),
    hot("events of a contact again", &["event_contact"], Keys, |tx| {
        let filter = ReplayFilter { contact: Some(ContactId(1)), ..ReplayFilter::default() };
        drop(tx.events_to_replay(ORG, &replay(filter), 9).unwrap());
    }),
    hot("update contacts", &["contact_pkey"], Keys, |tx| drop(tx.update_contacts(ORG, &[update()]))),
    hot("delete contacts", &["contact_pkey"], Keys, |tx| drop(tx.delete_contacts(ORG, &[(ContactId(-1), 1)]))),
    hot("settle", &["contact_transaction_pkey"], Keys, |tx| drop(tx.settle_transactions(ORG, &[settlement()]))),
    hot("finish deliveries", &["delivery_pkey", "delivery_order"], Keys, |tx| {
        tx.insert_deliveries(ORG, &[new_delivery((5, 1, 0))]).unwrap();
        assert!(claim(tx).is_err());
        assert_eq!(tx.finish_deliveries(ORG, &[result((5, 1))]).unwrap(), 1);
    }),
    hot("remove keys", &["match_key_pkey"], Keys, |tx| {
        tx.remove_keys(ORG, &[KeyEntry { key: 1, contact: ContactId(-1) }]).unwrap();
    }),
    hot("remove references", &["contact_reference_"], Keys, |tx| {
        tx.remove_references(ORG, &[ReferenceEntry { reference: reference(), contact: ContactId(-1) }]).unwrap();
    }),
];

fn id() -> RecordId {
    RecordId(Uuid::nil())
}

fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn reference() -> Reference {
    Reference { source: "a".to_owned(), id: "1".to_owned() }
}

fn update() -> ContactUpdate {
    let golden = Golden::default();
    ContactUpdate { id: ContactId(-1), expected_version: 1, version: 2, sequence: 2, golden, modified_at: now() }
}

fn replay(filter: ReplayFilter) -> ReplayRow {
    ReplayRow {
        id: 1,
        webhook: WebhookId(1),
        filter,
        position: 0,
        last_position: 9,
        replayed: 0,
        actor: String::new(),
        created_at: now(),
        finished_at: None,
    }
}

fn settlement() -> Settlement {
    Settlement {
        id: id(),
        expected: State::Held,
        state: State::Rejected,
        reason: None,
        level: None,
        contact: None,
        individual: None,
        first_item: None,
        run: None,
        decided_at: None,
        policy: 0,
    }
}

fn event_id(contact: i64, sequence: i64) -> Uuid {
    Uuid::from_u64_pair(contact.unsigned_abs(), sequence.unsigned_abs())
}

/// A delivery of (contact, number of the event), due so many seconds after [`now`].
fn new_delivery((contact, sequence, due): (i64, i64, i64)) -> NewDelivery {
    let due_at = now() + chrono::TimeDelta::seconds(due);
    let event = event_id(contact, sequence);
    NewDelivery { event, webhook: WebhookId(9), contact: ContactId(contact), sequence, due_at }
}

fn claim(tx: &mut dyn WriteTx) -> StoreResult<Vec<ClaimedDelivery>> {
    let until = now() + chrono::TimeDelta::seconds(99);
    tx.claim_deliveries(ORG, now(), until, &BTreeMap::from([(WebhookId(9), 9)]))
}

fn event_key() -> EventKey {
    EventKey { position: 1, id: event_id(7, 1), contact: ContactId(7), sequence: 1, kind: EventKind::ContactCreate }
}

fn result((contact, sequence): (i64, i64)) -> DeliveryResult {
    let attempt = AttemptRow {
        event: event_id(contact, sequence),
        webhook: WebhookId(9),
        number: 1,
        started_at: now(),
        duration_ms: 1,
        status: None,
        outcome: String::new(),
        response: String::new(),
    };
    DeliveryResult { contact: ContactId(contact), attempt, end: DeliveryEnd::Delivered }
}

/// Checks the explained plans of one hot query. `full_scan` is how the database says that it reads a table,
/// `by_organization` whether a line says that an index is read by nothing but the organization.
pub(crate) fn check<F>(
    hot: &Hot<F>,
    statements: &[String],
    plan: &str,
    full_scan: &str,
    by_organization: impl Fn(&str) -> bool,
) {
    let name = hot.name;
    assert!(!statements.is_empty(), "{name} sent nothing");
    assert!(!plan.contains(full_scan), "{name} reads a whole table:\n{statements:#?}\n{plan}");
    for index in hot.indexes {
        assert!(plan.contains(index), "{name} does not use {index}:\n{statements:#?}\n{plan}");
    }
    let whole = plan.lines().any(by_organization);
    assert!(hot.reach == Organization || !whole, "{name} reads the whole organization:\n{statements:#?}\n{plan}");
}
