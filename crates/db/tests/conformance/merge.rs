//! Merges of contacts, and what goes from one contact to the other.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_contact::state::State;
use tributary_contact::{ContactId, ItemId, RecordKind};
use tributary_store::{MergeRow, NoteOrder, NoteRow, NotesOf, RecordMove, TransactionRow};

cases!(
    a_merge_is_found_from_either_side_while_it_is_in_force,
    a_contact_is_merged_into_one_other_at_a_time,
    records_go_to_the_other_contact_and_individual,
    a_record_that_is_elsewhere_is_not_moved,
    a_contact_says_whom_it_was_merged_into,
    notes_go_along_and_come_back_by_number,
);

fn merge(id: i64, survivor: i64, merged: i64) -> MergeRow {
    MergeRow {
        id,
        survivor: ContactId(survivor),
        merged: ContactId(merged),
        detail: "{}".to_owned(),
        actor: "staff:ann".to_owned(),
        merged_at: at(1),
        undone: None,
    }
}

fn a_merge_is_found_from_either_side_while_it_is_in_force(f: &Fixture) {
    let (first, second) = (merge(1, 7, 8), merge(2, 7, 9));
    f.writing(|tx| {
        tx.insert_merge(f.organization, &second)?;
        tx.insert_merge(f.organization, &first)
    });
    let into = || f.reading(|tx| tx.merges_into(f.organization, &[ContactId(7), ContactId(8)]));
    assert_eq!(into(), [first.clone(), second.clone()]);
    assert_eq!(f.reading(|tx| tx.merge_of(f.organization, ContactId(8))), Some(first));
    assert_eq!(f.reading(|tx| tx.merge_of(f.other, ContactId(8))), None);
    f.writing(|tx| tx.set_merge_detail(f.organization, 1, "{\"notes\":[7]}"));
    assert_eq!(into()[0].detail, "{\"notes\":[7]}");
    f.writing(|tx| tx.mark_unmerged(f.organization, 1, "staff:bo", at(2)));
    assert_eq!(conflict_of(f.try_writing(|tx| tx.set_merge_detail(f.organization, 1, "{}"))), "merge");
    assert_eq!(into(), [second]);
    assert_eq!(f.reading(|tx| tx.merge_of(f.organization, ContactId(8))), None);
    let again = f.try_writing(|tx| tx.mark_unmerged(f.organization, 1, "staff:bo", at(3)));
    assert_eq!(conflict_of(again), "merge");
}

fn a_contact_is_merged_into_one_other_at_a_time(f: &Fixture) {
    f.writing(|tx| tx.insert_merge(f.organization, &merge(1, 7, 8)));
    let again = f.try_writing(|tx| tx.insert_merge(f.organization, &merge(2, 9, 8)));
    assert_eq!(conflict_of(again), "contact_merge");
    f.writing(|tx| tx.mark_unmerged(f.organization, 1, "staff:bo", at(2)));
    f.writing(|tx| tx.insert_merge(f.organization, &merge(2, 9, 8)));
}

fn records_go_to_the_other_contact_and_individual(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let (edit, row) = (f.direct(1, RecordKind::Edit), f.transaction(State::Created));
    let stays = f.transaction(State::Merged);
    f.writing(|tx| {
        tx.insert_direct_records(f.organization, std::slice::from_ref(&edit))?;
        tx.insert_transactions(f.organization, &[row.clone(), stays.clone()])
    });
    let to = |record, transaction| RecordMove {
        record,
        transaction,
        from: ContactId(1),
        to: ContactId(2),
        individual: ItemId(77),
    };
    f.writing(|tx| tx.move_records(f.organization, &[to(edit.record.id, false), to(row.id, true)]));
    let moved = f.reading(|tx| tx.source_records(f.organization, &[ContactId(2)]));
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|own| own.record.individual == ItemId(77) && own.record.id != stays.id));
    let stored: Vec<TransactionRow> = f.reading(|tx| tx.transactions(f.organization, &[row.id]));
    assert_eq!(stored, [TransactionRow { contact: Some(ContactId(2)), individual: Some(ItemId(77)), ..row }]);
}

fn a_record_that_is_elsewhere_is_not_moved(f: &Fixture) {
    let row = f.transaction(State::Created);
    f.writing(|tx| tx.insert_transactions(f.organization, std::slice::from_ref(&row)));
    let (from, to) = (ContactId(3), ContactId(2));
    let wrong = RecordMove { record: row.id, transaction: true, from, to, individual: ItemId(1) };
    assert_eq!(conflict_of(f.try_writing(|tx| tx.move_records(f.organization, &[wrong]))), "contact");
    f.writing(|tx| tx.move_records(f.organization, &[]));
    assert_eq!(f.reading(|tx| tx.transactions(f.organization, &[row.id])), [row]);
}

fn a_contact_says_whom_it_was_merged_into(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    let survivor = || f.reading(|tx| tx.contact_heads(f.organization, &[ContactId(2)]))[0].merged_into;
    f.writing(|tx| tx.set_merged_into(f.organization, ContactId(2), Some(ContactId(1))));
    assert_eq!(survivor(), Some(ContactId(1)));
    f.writing(|tx| tx.set_merged_into(f.organization, ContactId(2), None));
    assert_eq!(survivor(), None);
}

fn notes_go_along_and_come_back_by_number(f: &Fixture) {
    let note = |id, contact| NoteRow {
        id,
        contact: ContactId(contact),
        kind: "Call".to_owned(),
        note: "Called.".to_owned(),
        note_at: at(1),
        important: false,
        private: false,
        time_spent: None,
        created_at: at(1),
        created_by: "key:1".to_owned(),
        modified_at: at(1),
        modified_by: "key:1".to_owned(),
    };
    f.writing(|tx| tx.insert_notes(f.organization, &[note(1, 1), note(2, 2), note(3, 2)]));
    let moved = f.writing(|tx| tx.move_notes(f.organization, ContactId(2), ContactId(1), None));
    assert_eq!(moved, [2, 3]);
    let back = f.writing(|tx| tx.move_notes(f.organization, ContactId(1), ContactId(2), Some(&[3, 9])));
    assert_eq!(back, [3]);
    let of = |contact| {
        let wanted = NotesOf { contact: ContactId(contact), important: false, order: NoteOrder::Id, descending: false };
        f.reading(|tx| tx.note_page(f.organization, wanted, 0, 10)).iter().map(|own| own.id).collect::<Vec<_>>()
    };
    assert_eq!((of(1), of(2)), (vec![1, 2], vec![3]));
}
