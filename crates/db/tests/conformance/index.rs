//! What contacts are found by: references, match keys and term counts.

use crate::fixture::{Fixture, reference};
use tributary_contact::{ContactId, OrganizationId, Reference};
use tributary_store::{KeyEntry, ReferenceEntry, StoreError};

cases!(
    contacts_are_found_by_reference,
    a_reference_is_given_once_but_may_be_repeated,
    a_reference_of_another_contact_is_a_conflict,
    a_reference_is_taken_away_from_its_own_contact_only,
    a_reference_may_hold_any_text,
    a_hub_key_is_capped_at_the_smallest_ids,
    keys_are_found_in_one_statement,
    every_number_can_be_a_key,
    a_key_pair_that_is_there_stays,
    removed_keys_are_gone,
    a_cleared_index_is_empty_and_no_other_is_touched,
    term_counts_add_up_and_vanish_at_zero,
);

fn entry(id: &str, contact: i64) -> ReferenceEntry {
    ReferenceEntry { reference: reference(id), contact: ContactId(contact) }
}

fn key(key: i64, contact: i64) -> KeyEntry {
    KeyEntry { key, contact: ContactId(contact) }
}

fn by_key(f: &Fixture, organization: OrganizationId, keys: &[i64], cap: i64) -> Vec<KeyEntry> {
    let mut found = f.reading(|tx| tx.contacts_by_key(organization, keys, cap));
    found.sort_unstable();
    found
}

fn holder(f: &Fixture, reference: Reference) -> Option<i64> {
    let found = f.reading(|tx| tx.contacts_by_reference(f.organization, std::slice::from_ref(&reference)));
    assert!(found.iter().all(|entry| entry.reference == reference) && found.len() <= 1);
    found.first().map(|entry| entry.contact.0)
}

fn contacts_are_found_by_reference(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    f.writing(|tx| tx.add_references(f.organization, &[entry("a", 1), entry("b", 2), entry("c", 1)]));
    let wanted = ["c", "b", "x", "c"].map(reference);
    let mut found = f.reading(|tx| tx.contacts_by_reference(f.organization, &wanted));
    found.sort_unstable_by_key(|entry| entry.contact);
    assert_eq!(found, [entry("c", 1), entry("b", 2)]);
    assert!(f.reading(|tx| tx.contacts_by_reference(f.other, &wanted)).is_empty());
    assert!(f.reading(|tx| tx.contacts_by_reference(f.organization, &[])).is_empty());
}

fn a_reference_is_given_once_but_may_be_repeated(f: &Fixture) {
    f.insert_contacts(&[1]);
    f.writing(|tx| tx.add_references(f.organization, &[entry("a", 1)]));
    f.writing(|tx| tx.add_references(f.organization, &[entry("a", 1), entry("b", 1)]));
    assert_eq!(holder(f, reference("b")), Some(1));
}

fn a_reference_of_another_contact_is_a_conflict(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    f.writing(|tx| tx.add_references(f.organization, &[entry("a", 1)]));
    let taken = f.try_writing(|tx| tx.add_references(f.organization, &[entry("b", 2), entry("a", 2)]));
    assert!(matches!(taken, Err(StoreError::ReferenceTaken { contact: ContactId(1) })), "{taken:?}");
    assert_eq!(holder(f, reference("b")), None);
    let both = f.try_writing(|tx| tx.add_references(f.organization, &[entry("c", 1), entry("c", 2)]));
    assert!(matches!(both, Err(StoreError::ReferenceTaken { .. })), "{both:?}");
}

fn a_reference_is_taken_away_from_its_own_contact_only(f: &Fixture) {
    f.insert_contacts(&[1, 2]);
    f.writing(|tx| tx.add_references(f.organization, &[entry("a", 1), entry("b", 2)]));
    f.writing(|tx| tx.remove_references(f.organization, &[entry("a", 2), entry("b", 2)]));
    assert_eq!((holder(f, reference("a")), holder(f, reference("b"))), (Some(1), None));
}

fn a_reference_may_hold_any_text(f: &Fixture) {
    f.insert_contacts(&[1]);
    let odd = Reference { source: "a\"b\\c'd; -- \u{1F600}".to_owned(), id: "{\"x\":[1]}\n\t007".to_owned() };
    let entry = ReferenceEntry { reference: odd.clone(), contact: ContactId(1) };
    f.writing(|tx| tx.add_references(f.organization, std::slice::from_ref(&entry)));
    assert_eq!(holder(f, odd), Some(1));
}

fn a_hub_key_is_capped_at_the_smallest_ids(f: &Fixture) {
    let mut entries: Vec<_> = (1..=50).rev().map(|contact| key(5, contact)).collect();
    entries.extend([key(6, 100), key(6, 7)]);
    f.writing(|tx| tx.add_keys(f.organization, &entries));
    f.writing(|tx| tx.add_keys(f.other, &[key(5, 1000)]));
    let expected = [key(5, 1), key(5, 2), key(5, 3), key(6, 7), key(6, 100)];
    assert_eq!(by_key(f, f.organization, &[6, 5, 404, 5], 3), expected);
    assert_eq!(by_key(f, f.other, &[5, 6], 3), [key(5, 1000)]);
}

fn keys_are_found_in_one_statement(f: &Fixture) {
    f.writing(|tx| tx.add_keys(f.organization, &[key(1, 1)]));
    let keys: Vec<i64> = (0..40_000).collect();
    let cost = |keys: &[i64]| {
        let before = f.store.statement_count();
        by_key(f, f.organization, keys, 10);
        f.store.statement_count() - before
    };
    assert_eq!(cost(&keys), cost(&[1]));
}

fn every_number_can_be_a_key(f: &Fixture) {
    let entries = [i64::MIN, -1, 0, 1, i64::MAX].map(|number| key(number, 1));
    f.writing(|tx| tx.add_keys(f.organization, &entries));
    assert_eq!(by_key(f, f.organization, &[i64::MAX, 0, -1, 1, i64::MIN], 1), entries);
    assert!(by_key(f, f.organization, &[], 1).is_empty());
}

fn a_key_pair_that_is_there_stays(f: &Fixture) {
    f.writing(|tx| tx.add_keys(f.organization, &[key(1, 1)]));
    f.writing(|tx| tx.add_keys(f.organization, &[key(1, 2), key(1, 1), key(1, 2)]));
    assert_eq!(by_key(f, f.organization, &[1], 9), [key(1, 1), key(1, 2)]);
}

fn removed_keys_are_gone(f: &Fixture) {
    f.writing(|tx| tx.add_keys(f.organization, &[key(1, 1), key(1, 2), key(2, 1)]));
    f.writing(|tx| tx.remove_keys(f.organization, &[key(1, 1), key(2, 9)]));
    assert_eq!(by_key(f, f.organization, &[1, 2], 9), [key(1, 2), key(2, 1)]);
}

fn a_cleared_index_is_empty_and_no_other_is_touched(f: &Fixture) {
    for organization in [f.organization, f.other] {
        f.writing(|tx| tx.add_keys(organization, &[key(1, 1)]));
        f.writing(|tx| tx.add_terms(organization, &[(10, 2)]));
    }
    f.writing(|tx| tx.clear_index(f.organization));
    assert!(by_key(f, f.organization, &[1], 9).is_empty());
    assert!(f.reading(|tx| tx.term_counts(f.organization)).is_empty());
    assert_eq!(by_key(f, f.other, &[1], 9), [key(1, 1)]);
    assert_eq!(f.reading(|tx| tx.term_counts(f.other)), [(10, 2)]);
}

fn term_counts_add_up_and_vanish_at_zero(f: &Fixture) {
    f.writing(|tx| tx.add_terms(f.organization, &[(10, 2), (-20, 1), (30, 0)]));
    f.writing(|tx| tx.add_terms(f.organization, &[(10, -1), (-20, -1), (40, 5)]));
    f.writing(|tx| tx.add_terms(f.other, &[(10, 7)]));
    let mut counts = f.reading(|tx| tx.term_counts(f.organization));
    counts.sort_unstable();
    assert_eq!(counts, [(10, 1), (40, 5)]);
}
