//! Notes about contacts.

use crate::fixture::{Fixture, at};
use tributary_contact::ContactId;
use tributary_store::{NoteOrder, NoteRow, NotesOf};

cases!(
    a_note_reads_back_as_it_was_stored,
    a_changed_note_keeps_its_contact_and_creation,
    notes_of_a_contact_are_ordered_and_counted,
    notes_of_all_contacts_are_read_by_number,
);

fn note(id: i64, contact: i64) -> NoteRow {
    NoteRow {
        id,
        contact: ContactId(contact),
        kind: "General".to_owned(),
        note: "Likes \u{1F600} tea".to_owned(),
        note_at: at(100 - id),
        important: id % 2 == 0,
        private: true,
        time_spent: Some("20 min".to_owned()),
        created_at: at(id),
        created_by: "key:1".to_owned(),
        modified_at: at(id),
        modified_by: "key:1".to_owned(),
    }
}

fn a_note_reads_back_as_it_was_stored(f: &Fixture) {
    f.writing(|tx| tx.insert_notes(f.organization, &[note(1, 7), note(2, 7)]));
    assert_eq!(f.reading(|tx| tx.note(f.organization, 2)), Some(note(2, 7)));
    assert_eq!(f.reading(|tx| tx.note(f.other, 2)), None);
}

fn a_changed_note_keeps_its_contact_and_creation(f: &Fixture) {
    f.writing(|tx| tx.insert_notes(f.organization, &[note(1, 7)]));
    let changed = NoteRow { note: "other".to_owned(), time_spent: None, modified_at: at(50), ..note(1, 7) };
    let sent = NoteRow { contact: ContactId(8), created_at: at(40), ..changed.clone() };
    assert!(f.writing(|tx| tx.update_note(f.organization, &sent)));
    assert!(!f.writing(|tx| tx.update_note(f.other, &sent)));
    assert_eq!(f.reading(|tx| tx.note(f.organization, 1)), Some(changed));
    assert!(f.writing(|tx| tx.delete_note(f.organization, 1)));
    assert!(!f.writing(|tx| tx.delete_note(f.organization, 1)));
}

fn notes_of_a_contact_are_ordered_and_counted(f: &Fixture) {
    f.writing(|tx| tx.insert_notes(f.organization, &[note(1, 7), note(2, 7), note(3, 8), note(4, 7)]));
    let list = |important, order, descending, skip, take| {
        let wanted = NotesOf { contact: ContactId(7), important, order, descending };
        let rows = f.reading(|tx| tx.note_page(f.organization, wanted, skip, take));
        let count = f.reading(|tx| tx.note_count(f.organization, wanted));
        (rows.into_iter().map(|row| row.id).collect::<Vec<_>>(), count)
    };
    assert_eq!(list(false, NoteOrder::Id, false, 0, 10), (vec![1, 2, 4], 3));
    assert_eq!(list(false, NoteOrder::NoteAt, false, 0, 2), (vec![4, 2], 3));
    assert_eq!(list(false, NoteOrder::CreatedAt, true, 1, 5), (vec![2, 1], 3));
    assert_eq!(list(true, NoteOrder::ModifiedAt, false, 0, 10), (vec![2, 4], 2));
}

fn notes_of_all_contacts_are_read_by_number(f: &Fixture) {
    f.writing(|tx| tx.insert_notes(f.organization, &[note(4, 7), note(1, 7), note(3, 8)]));
    let after = |organization, after, limit| {
        let rows = f.reading(|tx| tx.notes_after(organization, after, limit));
        rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(after(f.organization, 0, 2), [1, 3]);
    assert_eq!(after(f.organization, 3, 2), [4]);
    assert_eq!(after(f.other, 0, 2), [0_i64; 0]);
    assert_eq!(f.reading(|tx| tx.notes(f.organization, &[3, 9, 1])), [note(1, 7), note(3, 8)]);
}
