//! Contacts and their source records.

use crate::fixture::{Fixture, at, conflict_of, golden, new_contact, reference, update};
use tributary_contact::state::State;
use tributary_contact::{ContactId, Field, Golden, RecordId, RecordKind};
use tributary_store::{
    ContactHead, ContactRow, ContactUpdate, NewContact, ReferenceEntry, Seek, StoreError, StoreExt, TransactionRow,
};

cases!(
    a_contact_is_seen_by_number_and_by_reference,
    the_record_that_is_seen_lacks_where_values_came_from,
    a_new_contact_reads_back_at_version_one,
    contacts_come_by_id_and_unknown_ids_are_left_out,
    heads_say_what_a_writer_must_know,
    contacts_are_paged_by_id,
    an_id_is_taken_once,
    an_update_raises_the_version_and_keeps_the_creation,
    a_change_time_never_goes_back,
    one_wrong_version_rolls_the_whole_transaction_back,
    a_contact_is_deleted_at_the_expected_version_only,
    a_contact_with_references_cannot_be_deleted,
    source_records_come_from_transactions_and_direct_ones_in_order_of_receipt,
    a_deleted_direct_record_is_gone,
);

fn row(id: i64) -> ContactRow {
    let new = new_contact(id);
    ContactRow {
        id: new.id,
        version: 1,
        sequence: 1,
        golden: new.golden,
        merged_into: None,
        archived: false,
        created_at: new.created_at,
        modified_at: new.created_at,
    }
}

fn contact_ids(ids: &[i64]) -> Vec<ContactId> {
    ids.iter().copied().map(ContactId).collect()
}

fn a_new_contact_reads_back_at_version_one(f: &Fixture) {
    f.insert_contacts(&[7]);
    assert_eq!(f.reading(|tx| tx.contacts(f.organization, &[ContactId(7)])), [row(7)]);
    assert!(f.reading(|tx| tx.contacts(f.other, &[ContactId(7)])).is_empty());
    assert_eq!(f.reading(|tx| tx.contact_count(f.organization)), 1);
    assert_eq!(f.reading(|tx| tx.contact_count(f.other)), 0);
}

fn contacts_come_by_id_and_unknown_ids_are_left_out(f: &Fixture) {
    f.insert_contacts(&[3, 1, 2]);
    let found = f.reading(|tx| tx.contacts(f.organization, &contact_ids(&[3, 99, 1, 3])));
    assert_eq!(found, [row(1), row(3)]);
    assert!(f.reading(|tx| tx.contacts(f.organization, &[])).is_empty());
}

fn heads_say_what_a_writer_must_know(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let head = |id: i64| ContactHead {
        id: ContactId(id),
        version: 1,
        sequence: 1,
        created_at: at(id),
        modified_at: at(id),
        merged_into: None,
        archived: false,
    };
    assert_eq!(f.reading(|tx| tx.contact_heads(f.organization, &contact_ids(&[2, 1]))), [head(1), head(2)]);
}

fn contacts_are_paged_by_id(f: &Fixture) {
    f.insert_contacts(&[1, 2, 3]);
    let page = |after: Option<i64>, limit| {
        let rows = f.reading(|tx| tx.contact_page(f.organization, after.map(ContactId), limit));
        rows.iter().map(|row| row.id.0).collect::<Vec<_>>()
    };
    assert_eq!(page(None, 2), [1, 2]);
    assert_eq!(page(Some(2), 2), [3]);
}

fn an_id_is_taken_once(f: &Fixture) {
    f.insert_contacts(&[1]);
    let again = f.try_writing(|tx| tx.insert_contacts(f.organization, &[new_contact(2), new_contact(1)]));
    assert_eq!(conflict_of(again), "contact");
    assert_eq!(f.reading(|tx| tx.contact_count(f.organization)), 1);
}

fn an_update_raises_the_version_and_keeps_the_creation(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    f.writing(|tx| tx.update_contacts(f.organization, &[update(2, 1)]));
    let golden = golden("changed");
    let expected = ContactRow { version: 2, sequence: 2, golden, modified_at: at(2000), ..row(2) };
    assert_eq!(f.reading(|tx| tx.contacts(f.organization, &contact_ids(&[1, 2]))), [row(1), expected]);
}

fn a_change_time_never_goes_back(f: &Fixture) {
    f.insert_contacts(&[1]);
    f.writing(|tx| tx.update_contacts(f.organization, &[update(1, 1)]));
    let early = ContactUpdate { modified_at: at(1), ..update(1, 2) };
    f.writing(|tx| tx.update_contacts(f.organization, std::slice::from_ref(&early)));
    let stored = f.reading(|tx| tx.contacts(f.organization, &[ContactId(1)]));
    assert_eq!((stored[0].version, stored[0].modified_at), (3, at(2000)));
}

fn one_wrong_version_rolls_the_whole_transaction_back(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let result = f.try_writing(|tx| {
        tx.insert_contacts(f.organization, &[new_contact(3)])?;
        tx.update_contacts(f.organization, &[update(1, 1), update(2, 5)])
    });
    assert_eq!(conflict_of(result), "contact");
    assert_eq!(f.reading(|tx| tx.contact_page(f.organization, None, 10)), [row(1), row(2)]);
}

fn a_contact_is_deleted_at_the_expected_version_only(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let wrong = f.try_writing(|tx| tx.delete_contacts(f.organization, &[(ContactId(1), 1), (ContactId(2), 2)]));
    assert_eq!(conflict_of(wrong), "contact");
    f.writing(|tx| tx.delete_contacts(f.organization, &[(ContactId(1), 1)]));
    assert_eq!(f.reading(|tx| tx.contact_page(f.organization, None, 10)), [row(2)]);
}

fn a_contact_with_references_cannot_be_deleted(f: &Fixture) {
    f.insert_contacts(&[1]);
    let entry = [ReferenceEntry { reference: reference("a"), contact: ContactId(1) }];
    f.writing(|tx| tx.add_references(f.organization, &entry));
    let left = f.try_writing(|tx| tx.delete_contacts(f.organization, &[(ContactId(1), 1)]));
    assert!(matches!(left, Err(StoreError::Other(_))), "{left:?}");
    f.writing(|tx| {
        tx.delete_contacts(f.organization, &[(ContactId(1), 1)])?;
        tx.remove_references(f.organization, &entry)
    });
    assert_eq!(f.reading(|tx| tx.contact_count(f.organization)), 0);
}

fn source_records_come_from_transactions_and_direct_ones_in_order_of_receipt(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let first = f.direct(1, RecordKind::Load);
    let merged = f.transaction(State::Merged);
    let waits = f.transaction(State::NeedsUpdate);
    let second = TransactionRow { contact: Some(ContactId(2)), ..f.transaction(State::Created) };
    let edit = f.direct(1, RecordKind::Edit);
    f.writing(|tx| {
        tx.insert_direct_records(f.organization, &[edit.clone(), first.clone()])?;
        tx.insert_transactions(f.organization, &[second.clone(), waits.clone(), merged.clone()])
    });
    let rows = f.reading(|tx| tx.source_records(f.organization, &contact_ids(&[2, 1])));
    let found: Vec<(i64, RecordId)> = rows.iter().map(|row| (row.contact.0, row.record.id)).collect();
    let expected = [(1, first.record.id), (1, merged.id), (1, edit.record.id), (2, second.id)];
    assert_eq!(found, expected);
    assert_eq!(rows[0], first);
    assert_eq!((rows[1].record.kind, &rows[1].record.submission), (RecordKind::Transaction, &merged.submission));
    assert!(f.reading(|tx| tx.source_records(f.other, &contact_ids(&[1]))).is_empty());
}

fn a_deleted_direct_record_is_gone(f: &Fixture) {
    f.insert_contacts(&[1]);
    let (stays, goes) = (f.direct(1, RecordKind::Create), f.direct(1, RecordKind::Edit));
    f.writing(|tx| tx.insert_direct_records(f.organization, &[stays.clone(), goes.clone()]));
    f.writing(|tx| tx.delete_direct_records(f.organization, &[goes.record.id]));
    assert_eq!(f.reading(|tx| tx.source_records(f.organization, &[ContactId(1)])), [stays]);
}

fn a_contact_is_seen_by_number_and_by_reference(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let own = reference("a");
    let entry = ReferenceEntry { reference: own.clone(), contact: ContactId(2) };
    f.writing(|tx| tx.add_references(f.organization, std::slice::from_ref(&entry)));
    f.writing(|tx| tx.set_following(f.organization, "key:7", ContactId(2), Some(at(1))));
    let seen = |organization, by, who: &str| {
        let found = f.reading(|tx| tx.contact_seen(organization, by, who));
        found.map(|seen| (seen.contact.id.0, seen.followed))
    };
    assert_eq!(seen(f.organization, Seek::Id(ContactId(1)), "key:7"), Some((1, false)));
    assert_eq!(seen(f.organization, Seek::Reference(&own), "key:7"), Some((2, true)));
    assert_eq!(seen(f.organization, Seek::Reference(&own), "key:8"), Some((2, false)));
    assert_eq!(seen(f.organization, Seek::Id(ContactId(9)), "key:7"), None);
    assert_eq!(seen(f.other, Seek::Reference(&own), "key:7"), None);
    // By itself as well, where that can be done at once.
    let glanced = f.store.glancing(|tx| tx.contact_seen(f.organization, Seek::Reference(&own), "key:7")).unwrap();
    assert!(glanced.is_none_or(|seen| seen.unwrap().contact.id == ContactId(2)));
}

fn the_record_that_is_seen_lacks_where_values_came_from(f: &Fixture) {
    let mut golden = Golden::default();
    golden.fields.insert(Field::Description, "\",\"provenance\":{ said she".to_owned());
    let stored = NewContact { id: ContactId(1), version: 1, sequence: 1, golden: golden.clone(), created_at: at(1) };
    let whole = Golden { provenance: [("name".to_owned(), f.record_id())].into(), ..golden.clone() };
    f.writing(|tx| tx.insert_contacts(f.organization, &[NewContact { golden: whole.clone(), ..stored.clone() }]));
    let seen = f.reading(|tx| tx.contact_seen(f.organization, Seek::Id(ContactId(1)), "key:7")).unwrap();
    assert_eq!(seen.contact.golden, golden);
    assert_eq!(f.reading(|tx| tx.contacts(f.organization, &[ContactId(1)]))[0].golden, whole);
}
