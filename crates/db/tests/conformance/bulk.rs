//! Five thousand rows and more of everything: beyond one slice and beyond one statement's parameters.

use crate::fixture::{Fixture, at, decision, event, new_contact, reference, settlement, submission, update, webhook};
use std::collections::BTreeMap;
use tributary_contact::state::State;
use tributary_contact::{ContactId, RecordId, RecordKind, RunId, WebhookId};
use tributary_store::{
    AuditRow, ContactUpdate, DeliveryEnd, HeldRow, KeyEntry, NewContact, NewDelivery, ReferenceEntry, StoreResult,
    WriteTx,
};

cases!(
    a_large_ledger_is_held_claimed_and_forgotten,
    many_contacts_are_stored_changed_found_and_deleted,
    many_references_keys_and_terms_are_stored_and_removed,
    many_transactions_and_decisions_are_stored_and_settled,
    many_events_are_delivered,
    a_bulk_verb_costs_statements_per_thousands_of_rows,
);

const MANY: i64 = 5_500;

fn many<T>(build: impl FnMut(i64) -> T) -> Vec<T> {
    (1..=MANY).map(build).collect()
}

fn length() -> usize {
    usize::try_from(MANY).unwrap()
}

fn a_large_ledger_is_held_claimed_and_forgotten(f: &Fixture) {
    let rows: Vec<HeldRow> = many(|number| f.held(&number.to_string()));
    let ids: Vec<RecordId> = rows.iter().map(|row| row.id).collect();
    f.store.ledger().hold(&rows).unwrap();
    let claimed = f.store.ledger().claim(f.organization, None, ids[length() - 1], MANY).unwrap().rows;
    assert_eq!(claimed, rows);
    f.store.ledger().forget(f.organization, &ids[1..]).unwrap();
    let tally = f.store.ledger().tally(f.organization).unwrap();
    assert_eq!((tally.received, tally.held), (MANY, 1));
}

fn many_contacts_are_stored_changed_found_and_deleted(f: &Fixture) {
    let rows: Vec<NewContact> = many(new_contact);
    let changes: Vec<ContactUpdate> = many(|id| update(id, 1));
    let ids = many(ContactId);
    f.writing(|tx| tx.insert_contacts(f.organization, &rows));
    f.writing(|tx| tx.update_contacts(f.organization, &changes));
    let records: Vec<_> = many(|id| f.direct(id, RecordKind::Load));
    f.writing(|tx| tx.insert_direct_records(f.organization, &records));
    let found = f.reading(|tx| tx.contacts(f.organization, &ids));
    assert_eq!(found.len(), length());
    assert!(found.iter().all(|row| row.version == 2 && row.golden == changes[0].golden));
    assert_eq!(f.reading(|tx| tx.contact_heads(f.organization, &ids)).len(), length());
    assert_eq!(f.reading(|tx| tx.source_records(f.organization, &ids)), records);
    let record_ids: Vec<_> = records.iter().map(|row| row.record.id).collect();
    let gone: Vec<_> = ids.iter().map(|id| (*id, 2)).collect();
    f.writing(|tx| {
        tx.delete_direct_records(f.organization, &record_ids)?;
        tx.delete_contacts(f.organization, &gone)
    });
    assert_eq!(f.reading(|tx| tx.contact_count(f.organization)), 0);
}

fn many_references_keys_and_terms_are_stored_and_removed(f: &Fixture) {
    f.insert_contacts(&[1]);
    let entries = many(|id| ReferenceEntry { reference: reference(&id.to_string()), contact: ContactId(1) });
    let wanted: Vec<_> = entries.iter().map(|entry| entry.reference.clone()).collect();
    let keys = many(|key| KeyEntry { key: key * 7919, contact: ContactId(key % 10) });
    let hashes: Vec<_> = keys.iter().map(|entry| entry.key).collect();
    let up = many(|term| (term, 1));
    let down: Vec<_> = up.iter().map(|(term, _)| (*term, -1)).collect();
    f.writing(|tx| {
        tx.add_references(f.organization, &entries)?;
        tx.add_keys(f.organization, &keys)?;
        tx.add_terms(f.organization, &up)
    });
    assert_eq!(f.reading(|tx| tx.contacts_by_reference(f.organization, &wanted)).len(), length());
    assert_eq!(f.reading(|tx| tx.contacts_by_key(f.organization, &hashes, 5)).len(), length());
    assert_eq!(f.reading(|tx| tx.term_counts(f.organization)).len(), length());
    f.writing(|tx| {
        tx.remove_references(f.organization, &entries)?;
        tx.remove_keys(f.organization, &keys)?;
        tx.add_terms(f.organization, &down)
    });
    assert!(f.reading(|tx| tx.contacts_by_reference(f.organization, &wanted)).is_empty());
    assert!(f.reading(|tx| tx.contacts_by_key(f.organization, &hashes, 5)).is_empty());
    assert!(f.reading(|tx| tx.term_counts(f.organization)).is_empty());
}

fn many_transactions_and_decisions_are_stored_and_settled(f: &Fixture) {
    let rows: Vec<_> = many(|_| f.transaction(State::Held));
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let decisions: Vec<_> = ids.iter().map(|id| decision(*id, 1, State::Rejected)).collect();
    let changes: Vec<_> = ids.iter().map(|id| settlement(*id, State::Held, State::Rejected)).collect();
    f.writing(|tx| tx.insert_transactions(f.organization, &rows));
    f.writing(|tx| tx.insert_decisions(f.organization, &decisions));
    f.writing(|tx| tx.settle_transactions(f.organization, &changes));
    assert_eq!(f.reading(|tx| tx.known_transactions(f.organization, &ids)), ids);
    assert_eq!(f.reading(|tx| tx.latest_decisions(f.organization, &ids)), decisions);
    let counts = f.reading(|tx| tx.state_counts(f.organization));
    assert_eq!((counts.len(), counts[0].count), (1, MANY));
    assert_eq!(f.reading(|tx| tx.run_outcomes(f.organization, RunId(1)))[0].count, MANY);
}

fn many_events_are_delivered(f: &Fixture) {
    f.writing(|tx| tx.insert_webhook(f.organization, &webhook(1)));
    let events: Vec<_> = many(|contact| event(f.record_id().0, contact, 1));
    let delivery = |row: &tributary_store::EventRow| NewDelivery {
        event: row.id,
        webhook: WebhookId(1),
        contact: row.contact,
        sequence: row.sequence,
        due_at: at(1),
    };
    let deliveries: Vec<_> = events.iter().map(delivery).collect();
    f.writing(|tx| tx.insert_events(f.organization, &events));
    f.writing(|tx| tx.insert_deliveries(f.organization, &deliveries));
    let room = BTreeMap::from([(WebhookId(1), MANY)]);
    let claimed = f.writing(|tx| tx.claim_deliveries(f.organization, at(1), at(9), &room));
    let results: Vec<_> = claimed.iter().map(|row| crate::fixture::attempt(row, DeliveryEnd::Delivered)).collect();
    assert_eq!(f.writing(|tx| tx.finish_deliveries(f.organization, &results)), length());
    assert_eq!(f.reading(|tx| tx.delivery_tally(f.organization, at(9))).delivered, MANY);
}

fn apply(f: &Fixture, tx: &mut dyn WriteTx, from: i64, count: i64) -> StoreResult<()> {
    let range = from..from + count;
    let contacts: Vec<_> = range.clone().map(new_contact).collect();
    let changes: Vec<_> = range.clone().map(|id| update(id, 1)).collect();
    let keys: Vec<_> = range.clone().map(|id| KeyEntry { key: id, contact: ContactId(id) }).collect();
    let audit: Vec<_> = range.clone().map(audit_row).collect();
    let settled: Vec<_> = range.map(|_| f.transaction(State::Held)).collect();
    let changed: Vec<_> = settled.iter().map(|row| settlement(row.id, State::Held, State::Rejected)).collect();
    tx.insert_contacts(f.organization, &contacts)?;
    tx.update_contacts(f.organization, &changes)?;
    tx.add_keys(f.organization, &keys)?;
    tx.insert_audit(f.organization, &audit)?;
    tx.insert_transactions(f.organization, &settled)?;
    tx.settle_transactions(f.organization, &changed)
}

fn audit_row(contact: i64) -> AuditRow {
    AuditRow {
        contact: ContactId(contact),
        version: 1,
        at: at(1),
        actor: "batch".to_owned(),
        action: "create".to_owned(),
        record: None,
        run: None,
        changes: serde_json::to_string(&submission("a")).unwrap(),
    }
}

fn a_bulk_verb_costs_statements_per_thousands_of_rows(f: &Fixture) {
    let cost = |from, count| {
        let before = f.store.statement_count();
        f.writing(|tx| apply(f, tx, from, count));
        f.store.statement_count() - before
    };
    let (one, many) = (cost(1, 1), cost(10, 2_000));
    // One more at most: PostgreSQL is told to look at tables that have grown much.
    assert!(one <= 10 && many <= one + 1, "{one} statements for one row, {many} for 2,000");
}
