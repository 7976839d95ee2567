//! The holding ledger.

use crate::fixture::{Fixture, at, reference};
use tributary_contact::{RecordId, Submission};
use tributary_store::{HeldRow, LedgerTally};

cases!(
    held_rows_are_claimed_in_order_of_receipt,
    a_claim_goes_on_after_a_row_and_ends_at_the_cutoff,
    rows_of_several_organizations_are_held_together,
    holding_a_row_again_changes_nothing,
    a_row_that_cannot_be_stored_holds_none,
    forgotten_rows_are_gone_but_stay_counted,
    a_held_row_is_found_by_id_and_by_reference,
    the_tally_counts_and_tells_the_oldest,
);

fn claim(f: &Fixture, after: Option<RecordId>, up_to: RecordId, limit: i64) -> Vec<RecordId> {
    let rows = f.store.ledger().claim(f.organization, after, up_to, limit).unwrap().rows;
    rows.iter().map(|row| row.id).collect()
}

fn hold(f: &Fixture, count: usize) -> Vec<HeldRow> {
    let rows: Vec<_> = (0..count).map(|number| f.held(&number.to_string())).collect();
    f.store.ledger().hold(&rows).unwrap();
    rows
}

fn held_rows_are_claimed_in_order_of_receipt(f: &Fixture) {
    let (first, second) = (f.held("a"), f.held("b"));
    f.store.ledger().hold(std::slice::from_ref(&second)).unwrap();
    f.store.ledger().hold(std::slice::from_ref(&first)).unwrap();
    assert_eq!(f.store.ledger().newest(f.organization).unwrap(), Some(second.id));
    assert_eq!(f.store.ledger().claim(f.organization, None, second.id, 10).unwrap().rows, [first, second]);
}

fn a_claim_goes_on_after_a_row_and_ends_at_the_cutoff(f: &Fixture) {
    let ids: Vec<_> = hold(f, 5).iter().map(|row| row.id).collect();
    assert_eq!(claim(f, None, ids[3], 2), ids[..2]);
    assert_eq!(claim(f, Some(ids[1]), ids[3], 10), ids[2..4]);
    assert_eq!(claim(f, None, ids[4], 0), []);
}

fn rows_of_several_organizations_are_held_together(f: &Fixture) {
    let mine = f.held("a");
    let theirs = HeldRow { organization: f.other, ..f.held("a") };
    f.store.ledger().hold(&[mine.clone(), theirs.clone()]).unwrap();
    assert_eq!(claim(f, None, theirs.id, 10), [mine.id]);
    for organization in [f.organization, f.other] {
        assert_eq!(f.store.ledger().tally(organization).unwrap().received, 1);
    }
    assert_eq!(f.store.ledger().find(f.organization, theirs.id).unwrap(), None);
}

fn holding_a_row_again_changes_nothing(f: &Fixture) {
    let (first, second) = (f.held("a"), f.held("b"));
    f.store.ledger().hold(std::slice::from_ref(&first)).unwrap();
    let changed = HeldRow { submission: Submission::default(), ..first.clone() };
    f.store.ledger().hold(&[changed, second.clone()]).unwrap();
    assert_eq!(f.store.ledger().find(f.organization, first.id).unwrap(), Some(first));
    assert_eq!(f.store.ledger().tally(f.organization).unwrap().received, 2);
}

fn a_row_that_cannot_be_stored_holds_none(f: &Fixture) {
    // Out of the range that PostgreSQL's text takes; SQLite takes it, so there is nothing to see there.
    let mut broken = f.held("b");
    broken.submission.reference = Some(reference("nul\0"));
    let rows = [f.held("a"), broken];
    let held = f.store.ledger().hold(&rows);
    let expected = if held.is_ok() { 2 } else { 0 };
    let tally = f.store.ledger().tally(f.organization).unwrap();
    assert_eq!((tally.received, tally.held), (expected, expected));
}

fn forgotten_rows_are_gone_but_stay_counted(f: &Fixture) {
    let ids: Vec<_> = hold(f, 3).iter().map(|row| row.id).collect();
    f.store.ledger().forget(f.organization, &[ids[0], ids[2], f.record_id()]).unwrap();
    f.store.ledger().forget(f.organization, &[ids[0]]).unwrap();
    f.store.ledger().forget(f.other, &[ids[1]]).unwrap();
    assert_eq!(claim(f, None, ids[2], 10), [ids[1]]);
    let tally = f.store.ledger().tally(f.organization).unwrap();
    assert_eq!((tally.received, tally.held), (3, 1));
}

fn a_held_row_is_found_by_id_and_by_reference(f: &Fixture) {
    let rows = [f.held("a"), f.held("b"), f.held("a"), f.held("a")];
    f.store.ledger().hold(&rows).unwrap();
    let found = f.store.ledger().find_by_reference(f.organization, &reference("a"), 2).unwrap();
    assert_eq!(found, [rows[3].clone(), rows[2].clone()]);
    assert!(f.store.ledger().find_by_reference(f.other, &reference("a"), 2).unwrap().is_empty());
    assert_eq!(f.store.ledger().find(f.organization, rows[1].id).unwrap(), Some(rows[1].clone()));
    assert_eq!(f.store.ledger().find(f.organization, f.record_id()).unwrap(), None);
}

fn the_tally_counts_and_tells_the_oldest(f: &Fixture) {
    assert_eq!(f.store.ledger().tally(f.organization).unwrap(), LedgerTally::default());
    let mut rows = [f.held("a"), f.held("b")];
    rows[0].received_at = at(4);
    f.store.ledger().hold(&rows).unwrap();
    let expected = LedgerTally { received: 2, held: 2, oldest: Some(at(4)) };
    assert_eq!(f.store.ledger().tally(f.organization).unwrap(), expected);
}
