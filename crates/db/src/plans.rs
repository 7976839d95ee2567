//! Plans of the hot queries, read from the database for the very statements that the verbs send: each uses
//! the index made for it, and none reads a whole table.
//!
//! A recorder listens on the connection while a verb runs; its statements are then explained.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests stop at the first surprise")]

use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tributary_contact::clock::Timestamp;
use tributary_contact::state::State;
use tributary_contact::{ContactId, OrganizationId, RecordId, Reference, RunId, WebhookId};
use tributary_store::{Ledger, NeedsUpdateFilter, WriteTx};
use uuid::Uuid;

const ORGANIZATION: OrganizationId = OrganizationId(1);

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
}

/// Polls, claims and writes of the ledger.
pub(crate) const LEDGER: &[Hot<fn(&dyn Ledger)>] = &[
    Hot {
        name: "claim",
        run: |l| drop(l.claim(ORGANIZATION, Some(id()), id(), 9).unwrap()),
        indexes: &["held_transaction_pkey"],
    },
    Hot { name: "newest", run: |l| assert!(l.newest(ORGANIZATION).is_ok()), indexes: &["held_transaction_pkey"] },
    Hot { name: "find", run: |l| drop(l.find(ORGANIZATION, id()).unwrap()), indexes: &["held_transaction_pkey"] },
    Hot {
        name: "poll a held reference",
        run: |l| drop(l.find_by_reference(ORGANIZATION, &reference(), 9).unwrap()),
        indexes: &["held_transaction_reference"],
    },
    Hot { name: "forget", run: |l| l.forget(ORGANIZATION, &[id()]).unwrap(), indexes: &["held_transaction_pkey"] },
    Hot {
        name: "tally",
        run: |l| assert!(l.tally(ORGANIZATION).is_ok()),
        indexes: &["held_tally_pkey", "held_transaction_reference", "held_transaction_pkey"],
    },
];

/// Look-ups, polls and claims of the main database.
pub(crate) const MAIN: &[Hot<fn(&mut dyn WriteTx)>] = &[
    Hot {
        name: "candidates by key",
        run: |tx| drop(tx.contacts_by_key(ORGANIZATION, &[1, 2], 9).unwrap()),
        indexes: &["match_key_pkey"],
    },
    Hot {
        name: "contacts by reference",
        run: |tx| drop(tx.contacts_by_reference(ORGANIZATION, &[reference()]).unwrap()),
        indexes: &["contact_reference_pkey"],
    },
    Hot {
        name: "contacts",
        run: |tx| drop(tx.contacts(ORGANIZATION, &[ContactId(1)]).unwrap()),
        indexes: &["contact_pkey"],
    },
    Hot {
        name: "source records",
        run: |tx| drop(tx.source_records(ORGANIZATION, &[ContactId(1)]).unwrap()),
        indexes: &["contact_transaction_contact", "direct_record_contact"],
    },
    Hot {
        name: "poll a decided reference",
        run: |tx| drop(tx.transactions_by_reference(ORGANIZATION, &reference(), 9).unwrap()),
        indexes: &["contact_transaction_reference"],
    },
    Hot {
        name: "rows sent back",
        run: |tx| drop(tx.transactions_in_state(ORGANIZATION, State::Held, Some(id()), 9).unwrap()),
        indexes: &["contact_transaction_open"],
    },
    Hot {
        name: "the bucket",
        run: |tx| drop(tx.needs_update_page(ORGANIZATION, &NeedsUpdateFilter::default(), 0, 9).unwrap()),
        indexes: &["contact_transaction_open"],
    },
    Hot {
        name: "states",
        run: |tx| drop(tx.state_counts(ORGANIZATION).unwrap()),
        indexes: &["contact_transaction_state"],
    },
    Hot {
        name: "outcomes of a run",
        run: |tx| drop(tx.run_outcomes(ORGANIZATION, RunId(1)).unwrap()),
        indexes: &["decision_run"],
    },
    Hot {
        name: "latest decisions",
        run: |tx| drop(tx.latest_decisions(ORGANIZATION, &[id()]).unwrap()),
        indexes: &["decision_pkey"],
    },
    Hot {
        name: "due deliveries",
        run: |tx| drop(tx.claim_deliveries(ORGANIZATION, now(), now(), &BTreeMap::from([(WebhookId(1), 9)])).unwrap()),
        indexes: &["delivery_due", "delivery_order"],
    },
    Hot {
        name: "event feed",
        run: |tx| drop(tx.event_page(ORGANIZATION, Some(Uuid::nil()), 9).unwrap()),
        indexes: &["event_pkey"],
    },
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

/// Checks the explained plans of one hot query.
pub(crate) fn check(name: &str, statements: &[String], plan: &str, indexes: &[&str], full_scan: &str) {
    assert!(!statements.is_empty(), "{name} sent nothing");
    assert!(!plan.contains(full_scan), "{name} reads a whole table:\n{statements:#?}\n{plan}");
    for index in indexes {
        assert!(plan.contains(index), "{name} does not use {index}:\n{statements:#?}\n{plan}");
    }
}
