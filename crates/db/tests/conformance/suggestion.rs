//! Contacts that somebody who may not merge them says are one.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_contact::ContactId;
use tributary_store::{MergeSuggestionRow, SuggestionClosed, SuggestionEnd, SuggestionFilter};

cases!(
    what_was_suggested_reads_back_page_by_page,
    a_suggestion_is_closed_once,
    suggestions_about_contacts_are_closed_on_either_side,
);

const OPEN: SuggestionFilter = SuggestionFilter { contact: None, closed: false };
const CLOSED: SuggestionFilter = SuggestionFilter { contact: None, closed: true };

fn row(id: i64, contact: i64, other: i64) -> MergeSuggestionRow {
    MergeSuggestionRow {
        id,
        contact: ContactId(contact),
        other: ContactId(other),
        note: (id == 1).then(|| "she moved".to_owned()),
        actor: "key:1".to_owned(),
        created_at: at(1),
        end: None,
    }
}

fn end(reason: SuggestionClosed) -> SuggestionEnd {
    SuggestionEnd { reason, by: "staff:bo".to_owned(), at: at(2) }
}

fn store(f: &Fixture, rows: &[MergeSuggestionRow]) {
    for row in rows {
        f.writing(|tx| tx.insert_merge_suggestion(f.organization, row));
    }
}

fn page(f: &Fixture, filter: SuggestionFilter) -> Vec<MergeSuggestionRow> {
    let rows = f.reading(|tx| tx.merge_suggestions(f.organization, filter, 0, 100));
    let count = f.reading(|tx| tx.merge_suggestion_count(f.organization, filter));
    assert_eq!(i64::try_from(rows.len()).unwrap(), count);
    rows
}

fn what_was_suggested_reads_back_page_by_page(f: &Fixture) {
    let rows = [row(1, 7, 9), row(2, 7, 8), row(3, 9, 12)];
    store(f, &rows);
    let again = f.try_writing(|tx| tx.insert_merge_suggestion(f.organization, &rows[0]));
    assert_eq!(conflict_of(again), "merge_suggestion");
    assert_eq!(page(f, OPEN), rows);
    let about = |contact| page(f, SuggestionFilter { contact: Some(ContactId(contact)), closed: false });
    assert_eq!(about(7), rows[..2]);
    assert_eq!(about(12), rows[2..]);
    assert_eq!(f.reading(|tx| tx.merge_suggestions(f.organization, OPEN, 1, 1)), rows[1..2]);
    assert!(f.reading(|tx| tx.merge_suggestions(f.other, OPEN, 0, 9)).is_empty());
}

fn a_suggestion_is_closed_once(f: &Fixture) {
    store(f, &[row(1, 7, 9), row(2, 7, 8)]);
    let close = |reason| f.writing(|tx| tx.close_merge_suggestions(f.organization, &[1, 5], &end(reason)));
    assert_eq!((close(SuggestionClosed::Declined), close(SuggestionClosed::Merged)), (1, 0));
    assert_eq!(page(f, OPEN), [row(2, 7, 8)]);
    let closed = MergeSuggestionRow { end: Some(end(SuggestionClosed::Declined)), ..row(1, 7, 9) };
    assert_eq!(page(f, CLOSED), [closed]);
}

fn suggestions_about_contacts_are_closed_on_either_side(f: &Fixture) {
    store(f, &[row(1, 7, 9), row(2, 8, 11), row(3, 10, 12)]);
    let gone = end(SuggestionClosed::Gone);
    f.writing(|tx| tx.close_merge_suggestions_about(f.organization, &[ContactId(7), ContactId(11)], &gone));
    assert_eq!(page(f, OPEN), [row(3, 10, 12)]);
    assert_eq!(page(f, CLOSED).len(), 2);
}
