//! Pairs of contacts that may be one, and the scans that find them.

use crate::fixture::{Fixture, at, conflict_of};
use tributary_contact::ContactId;
use tributary_store::{DuplicatePairRow, DuplicateScanRow, PairBand, PairClosed, PairFilter};

cases!(
    a_scan_is_stored_with_how_far_it_has_come,
    contacts_are_gone_through_by_number,
    pairs_are_listed_the_surest_first,
    pairs_of_contacts_are_replaced,
    pairs_are_closed_for_a_reason,
);

fn scan(id: i64) -> DuplicateScanRow {
    DuplicateScanRow {
        id,
        position: ContactId(0),
        last_contact: ContactId(9),
        contacts: 0,
        total: 9,
        weights_version: "shipped-3".to_owned(),
        actor: "staff:ann".to_owned(),
        started_at: at(1),
        finished_at: None,
    }
}

fn pair(contact: i64, other: i64, score: f64) -> DuplicatePairRow {
    DuplicatePairRow {
        contact: ContactId(contact),
        other: ContactId(other),
        score,
        band: if score > 0.9 { PairBand::Certain } else { PairBand::Likely },
        explanation: "{}".to_owned(),
        weights_version: "shipped-3".to_owned(),
        scan: 1,
        found_at: at(2),
        closed: None,
    }
}

fn store(f: &Fixture, pairs: &[DuplicatePairRow]) {
    f.writing(|tx| tx.replace_duplicate_pairs(f.organization, &[], pairs));
}

fn page(f: &Fixture, filter: PairFilter) -> Vec<(i64, i64)> {
    let rows = f.reading(|tx| tx.duplicate_pair_page(f.organization, filter, 0, 100));
    let count = f.reading(|tx| tx.duplicate_pair_count(f.organization, filter));
    assert_eq!(i64::try_from(rows.len()).unwrap(), count);
    rows.iter().map(|row| (row.contact.0, row.other.0)).collect()
}

fn a_scan_is_stored_with_how_far_it_has_come(f: &Fixture) {
    assert_eq!(f.reading(|tx| tx.newest_duplicate_scan(f.organization)), None);
    f.writing(|tx| tx.insert_duplicate_scan(f.organization, &scan(1)));
    let again = f.try_writing(|tx| tx.insert_duplicate_scan(f.organization, &scan(1)));
    assert_eq!(conflict_of(again), "duplicate_scan");
    let further = DuplicateScanRow { position: ContactId(5), contacts: 4, ..scan(1) };
    f.writing(|tx| tx.update_duplicate_scan(f.organization, &further));
    assert_eq!(f.reading(|tx| tx.open_duplicate_scan(f.organization)), Some(further.clone()));
    assert_eq!(f.reading(|tx| tx.open_duplicate_scan(f.other)), None);
    let done = DuplicateScanRow { finished_at: Some(at(9)), ..further };
    f.writing(|tx| tx.update_duplicate_scan(f.organization, &done));
    assert_eq!(f.reading(|tx| tx.open_duplicate_scan(f.organization)), None);
    assert_eq!(f.reading(|tx| tx.newest_duplicate_scan(f.organization)), Some(done));
    f.writing(|tx| tx.insert_duplicate_scan(f.organization, &scan(2)));
    assert_eq!(f.reading(|tx| tx.newest_duplicate_scan(f.organization)), Some(scan(2)));
    let unknown = f.try_writing(|tx| tx.update_duplicate_scan(f.organization, &scan(3)));
    assert_eq!(conflict_of(unknown), "duplicate_scan");
}

fn contacts_are_gone_through_by_number(f: &Fixture) {
    assert_eq!(f.reading(|tx| tx.contacts_in_all(f.organization)), (0, None));
    f.insert_contacts(&[1, 2, 3, 4, 5]);
    f.writing(|tx| tx.set_merged_into(f.organization, ContactId(2), Some(ContactId(1))));
    let between = |after, up_to, limit| {
        f.reading(|tx| tx.contacts_between(f.organization, ContactId(after), ContactId(up_to), limit))
    };
    assert_eq!(between(0, 4, 2), [ContactId(1), ContactId(3)]);
    assert_eq!(between(3, 4, 2), [ContactId(4)]);
    assert_eq!(between(4, 4, 2), []);
    assert_eq!(f.reading(|tx| tx.contacts_in_all(f.organization)), (4, Some(ContactId(5))));
}

fn pairs_are_listed_the_surest_first(f: &Fixture) {
    store(f, &[pair(1, 2, 0.5), pair(1, 3, 0.95), pair(2, 3, 0.5), pair(4, 5, 0.99)]);
    assert_eq!(page(f, PairFilter::default()), [(4, 5), (1, 3), (2, 3), (1, 2)]);
    let likely = PairFilter { band: Some(PairBand::Likely), ..PairFilter::default() };
    assert_eq!(page(f, likely), [(2, 3), (1, 2)]);
    let of_three = PairFilter { contact: Some(ContactId(3)), ..PairFilter::default() };
    assert_eq!(page(f, of_three), [(1, 3), (2, 3)]);
    let second = f.reading(|tx| tx.duplicate_pair_page(f.organization, PairFilter::default(), 1, 1));
    assert_eq!(second, [pair(1, 3, 0.95)]);
    assert_eq!(f.reading(|tx| tx.duplicate_pair_count(f.other, PairFilter::default())), 0);
}

fn pairs_of_contacts_are_replaced(f: &Fixture) {
    store(f, &[pair(1, 2, 0.5), pair(2, 3, 0.5), pair(4, 5, 0.5)]);
    let of = |ids: &[ContactId]| f.reading(|tx| tx.duplicate_pairs_of(f.organization, ids));
    assert_eq!(of(&[ContactId(2)]), [pair(1, 2, 0.5), pair(2, 3, 0.5)]);
    assert_eq!(of(&[ContactId(2), ContactId(3)]).len(), 2, "each once");
    f.writing(|tx| tx.replace_duplicate_pairs(f.organization, &[ContactId(2)], &[pair(2, 9, 0.7)]));
    assert_eq!(page(f, PairFilter::default()), [(2, 9), (4, 5)]);
}

fn pairs_are_closed_for_a_reason(f: &Fixture) {
    let newer = DuplicatePairRow { scan: 2, ..pair(6, 7, 0.6) };
    store(f, &[pair(1, 2, 0.5), pair(2, 3, 0.5), pair(4, 5, 0.5), newer, pair(8, 9, 0.5)]);
    let closed = PairFilter { closed: true, ..PairFilter::default() };
    f.writing(|tx| tx.close_duplicate_pairs(f.organization, &[ContactId(2)], PairClosed::Merged, at(5)));
    assert_eq!(page(f, closed), [(2, 3), (1, 2)]);
    let four = (ContactId(4), ContactId(5));
    f.writing(|tx| tx.close_duplicate_pair(f.organization, four, PairClosed::NotDuplicate, at(6)));
    f.writing(|tx| tx.close_duplicate_pair(f.organization, four, PairClosed::Gone, at(7)));
    f.writing(|tx| tx.close_duplicate_pairs_before(f.organization, 2, PairClosed::NoLonger, at(8)));
    assert_eq!(page(f, PairFilter::default()), [(6, 7)]);
    let why = |one: i64| f.reading(|tx| tx.duplicate_pairs_of(f.organization, &[ContactId(one)]))[0].closed;
    assert_eq!(why(1), Some((PairClosed::Merged, at(5))));
    assert_eq!(why(4), Some((PairClosed::NotDuplicate, at(6))), "the first reason stays");
    assert_eq!(why(8), Some((PairClosed::NoLonger, at(8))));
}
