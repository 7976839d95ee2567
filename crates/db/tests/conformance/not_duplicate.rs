//! What people said is not one.

use crate::fixture::{Fixture, at, reference};
use tributary_contact::ContactId;
use tributary_store::{NotDuplicateRow, Other};

cases!(what_was_said_reads_back_page_by_page, what_was_taken_back_holds_no_more_but_is_still_listed);

fn row(id: i64, contact: i64, other: Other) -> NotDuplicateRow {
    NotDuplicateRow {
        id,
        contact: ContactId(contact),
        other,
        known: (id == 2).then_some((-5, 7)),
        note: (id == 1).then(|| "father and son".to_owned()),
        actor: "staff:ann".to_owned(),
        created_at: at(1),
        revoked: None,
    }
}

fn what_was_said_reads_back_page_by_page(f: &Fixture) {
    let rows = [
        row(1, 7, Other::Contact(ContactId(9))),
        row(2, 7, Other::Reference(reference("a"))),
        row(3, 8, Other::Transaction(f.record_id())),
    ];
    f.writing(|tx| tx.insert_not_duplicates(f.organization, &rows));
    let page = |contact: Option<i64>, skip, take| {
        f.reading(|tx| tx.not_duplicate_page(f.organization, contact.map(ContactId), skip, take))
    };
    assert_eq!(page(None, 0, 10), rows);
    assert_eq!(page(None, 1, 1), rows[1..2]);
    assert_eq!(page(Some(9), 0, 10), rows[..1]);
    assert_eq!(page(Some(7), 0, 10), rows[..2]);
    let count = |contact: Option<i64>| f.reading(|tx| tx.not_duplicate_count(f.organization, contact.map(ContactId)));
    assert_eq!((count(None), count(Some(8)), count(Some(1))), (3, 1, 0));
    assert!(f.reading(|tx| tx.not_duplicates(f.other)).is_empty());
}

fn what_was_taken_back_holds_no_more_but_is_still_listed(f: &Fixture) {
    let rows = [row(1, 7, Other::Contact(ContactId(9))), row(2, 7, Other::Contact(ContactId(8)))];
    f.writing(|tx| tx.insert_not_duplicates(f.organization, &rows));
    let revoke = || f.writing(|tx| tx.revoke_not_duplicate(f.organization, 1, "staff:bo", at(2)));
    assert_eq!((revoke(), revoke()), (true, false));
    assert_eq!(f.reading(|tx| tx.not_duplicates(f.organization)), rows[1..]);
    let listed = f.reading(|tx| tx.not_duplicate_page(f.organization, None, 0, 10));
    assert_eq!(listed[0].revoked, Some(("staff:bo".to_owned(), at(2))));
}
