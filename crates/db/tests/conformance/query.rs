//! Facts of contacts, over which queries run, and words of names.

use crate::fixture::Fixture;
use std::ops::RangeInclusive;
use tributary_contact::ContactId;
use tributary_store::{FactsRange, FactsRow};

cases!(
    facts_are_read_by_contact_and_by_range,
    needles_are_found_byte_by_byte,
    facts_are_read_in_the_order_of_their_changes,
    a_range_is_counted_and_paged_without_archived_ones,
    facts_are_replaced_by_removing_and_inserting,
    words_are_read_in_the_order_of_their_bytes,
    facts_and_words_of_another_organization_are_not_seen,
);

fn row(contact: i64, modified_at: i64, facts: &str) -> FactsRow {
    FactsRow {
        contact: ContactId(contact),
        archived: contact % 5 == 0,
        created_at: 1,
        modified_at,
        facts: facts.to_owned(),
    }
}

fn range(ids: RangeInclusive<i64>) -> FactsRange {
    FactsRange { ids, archived: false }
}

fn ids(rows: &[FactsRow]) -> Vec<i64> {
    rows.iter().map(|row| row.contact.0).collect()
}

fn facts_are_read_by_contact_and_by_range(f: &Fixture) {
    let rows: Vec<_> = (1..=12).map(|id| row(id, 100 - id, "\nfnines\n")).collect();
    f.writing(|tx| tx.insert_facts(f.organization, &rows));
    let found = f.reading(|tx| tx.facts(f.organization, &[ContactId(7), ContactId(5), ContactId(99)]));
    assert_eq!(found, [rows[4].clone(), rows[6].clone()]);
    let page = |range: FactsRange, limit| ids(&f.reading(|tx| tx.facts_page(f.organization, &range, &[], limit)));
    assert_eq!(page(range(3..=9), 99), [3, 4, 6, 7, 8, 9]);
    assert_eq!(page(range(i64::MIN..=i64::MAX), 3), [1, 2, 3]);
    assert_eq!(page(FactsRange { ids: 4..=6, archived: true }, 99), [4, 5, 6]);
}

fn needles_are_found_byte_by_byte(f: &Fixture) {
    let texts = ["\nlnpål\n", "\nlnpal\n", "\nln100% o_k\n", "\nlnÅse 'x' \\ \"y\"\n"];
    let rows: Vec<_> = (1..).zip(texts).map(|(id, text)| row(id, 1, text)).collect();
    f.writing(|tx| tx.insert_facts(f.organization, &rows));
    let found = |needles: &[&str]| {
        let needles: Vec<String> = needles.iter().map(|text| (*text).to_owned()).collect();
        ids(&f.reading(|tx| tx.facts_page(f.organization, &range(0..=9), &needles, 9)))
    };
    assert_eq!(found(&["pål"]), [1]);
    assert_eq!(found(&["pal", "100%"]), [2, 3]);
    assert_eq!(found(&["%"]), [3]);
    assert_eq!(found(&["o_k", "' \\ \""]), [3, 4]);
    assert_eq!(found(&["ÅSE"]), [0_i64; 0]);
    assert_eq!(found(&["\nln"]), [1, 2, 3, 4]);
}

fn facts_are_read_in_the_order_of_their_changes(f: &Fixture) {
    let rows = [row(1, 30, ""), row(2, 10, ""), row(3, 20, ""), row(4, 20, ""), row(5, 20, "")];
    f.writing(|tx| tx.insert_facts(f.organization, &rows));
    let changed = |range: RangeInclusive<i64>, after: Option<(i64, i64)>, limit| {
        let after = after.map(|(at, id)| (at, ContactId(id)));
        ids(&f.reading(|tx| tx.facts_changed(f.organization, &range, after, limit)))
    };
    assert_eq!(changed(10..=30, None, 9), [2, 3, 4, 5, 1]);
    assert_eq!(changed(11..=29, None, 2), [3, 4]);
    assert_eq!(changed(11..=29, Some((20, 4)), 2), [5]);
    assert_eq!(changed(10..=30, Some((20, 5)), 2), [1]);
}

fn a_range_is_counted_and_paged_without_archived_ones(f: &Fixture) {
    let rows: Vec<_> = (1..=12).map(|id| row(id, 1, "")).collect();
    f.writing(|tx| tx.insert_facts(f.organization, &rows));
    let count = |range: FactsRange| f.reading(|tx| tx.facts_count(f.organization, &range));
    assert_eq!((count(range(2..=11)), count(FactsRange { ids: 2..=11, archived: true })), (8, 10));
    let page = |descending, skip, take| {
        let found = f.reading(|tx| tx.facts_ids(f.organization, &range(2..=11), descending, skip, take));
        found.into_iter().map(|id| id.0).collect::<Vec<_>>()
    };
    assert_eq!(page(false, 0, 3), [2, 3, 4]);
    assert_eq!(page(false, 3, 2), [6, 7]);
    assert_eq!(page(true, 1, 3), [9, 8, 7]);
}

fn facts_are_replaced_by_removing_and_inserting(f: &Fixture) {
    f.writing(|tx| tx.insert_facts(f.organization, &[row(1, 1, "old")]));
    assert!(f.try_writing(|tx| tx.insert_facts(f.organization, &[row(1, 2, "new")])).is_err());
    f.writing(|tx| {
        tx.remove_facts(f.organization, &[ContactId(1), ContactId(2)])?;
        tx.insert_facts(f.organization, &[row(1, 2, "new")])
    });
    assert_eq!(f.reading(|tx| tx.facts(f.organization, &[ContactId(1)])), [row(1, 2, "new")]);
}

fn words_are_read_in_the_order_of_their_bytes(f: &Fixture) {
    let words = ["okafor", "oka", "ines", "okb", "o2", "ok-a", "okafor"].map(str::to_owned);
    f.writing(|tx| tx.add_words(f.organization, &words));
    f.writing(|tx| tx.add_words(f.organization, &words));
    let found = |from, until, limit| f.reading(|tx| tx.words_between(f.organization, from, until, limit));
    assert_eq!(found("o", "p", 99), ["o2", "ok-a", "oka", "okafor", "okb"]);
    assert_eq!(found("oka", "okb", 1), ["oka"]);
}

fn facts_and_words_of_another_organization_are_not_seen(f: &Fixture) {
    f.writing(|tx| tx.insert_facts(f.organization, &[row(1, 1, "x")]));
    f.writing(|tx| tx.add_words(f.organization, &["oka".to_owned()]));
    f.writing(|tx| tx.remove_facts(f.other, &[ContactId(1)]));
    let all = FactsRange { ids: i64::MIN..=i64::MAX, archived: true };
    assert!(f.reading(|tx| tx.facts(f.other, &[ContactId(1)])).is_empty());
    assert!(f.reading(|tx| tx.facts_page(f.other, &all, &[], 9)).is_empty());
    assert!(f.reading(|tx| tx.facts_changed(f.other, &(0..=9), None, 9)).is_empty());
    assert!(f.reading(|tx| tx.facts_ids(f.other, &all, false, 0, 9)).is_empty());
    assert!(f.reading(|tx| tx.words_between(f.other, "a", "z", 9)).is_empty());
    assert_eq!(f.reading(|tx| tx.facts_count(f.other, &all)), 0);
    assert_eq!(f.reading(|tx| tx.facts_count(f.organization, &all)), 1);
}
