//! The register of gifts.

use crate::fixture::Fixture;
use tributary_store::GiftRow;

cases!(a_gift_keeps_its_first_transaction,);

fn a_gift_keeps_its_first_transaction(f: &Fixture) {
    let gift = |id: &str, number| GiftRow {
        source: "Harbor's".to_owned(),
        id: id.to_owned(),
        number,
        transaction: f.record_id(),
    };
    let first = [gift("g-1", 1), gift("g-2", 2)];
    f.writing(|tx| tx.insert_gifts(f.organization, &first));
    f.writing(|tx| tx.insert_gifts(f.organization, &[gift("g-1", 3)]));
    let wanted = ["g-1", "g-2", "g-9"].map(|id| ("Harbor's".to_owned(), id.to_owned()));
    let mut found = f.reading(|tx| tx.gifts(f.organization, &wanted));
    found.sort_by_key(|row| row.number);
    assert_eq!(found, first);
    assert_eq!(f.reading(|tx| tx.gift(f.organization, 2)), Some(first[1].clone()));
    assert_eq!(f.reading(|tx| tx.gift(f.organization, 3)), None);
    assert!(f.reading(|tx| tx.gifts(f.other, &wanted)).is_empty());
}
