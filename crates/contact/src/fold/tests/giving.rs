//! What a contact has given, as it follows from its records.

use super::arbitrary::at;
use crate::diff::{changed_fields, diff};
use crate::fold::fold;
use crate::model::{Gift, Giving, Golden, ItemId, RecordId, RecordKind, SourceRecord, Submission};
use rust_decimal::Decimal;
use uuid::Uuid;

fn gift(id: &str, date: &str, amount: &str) -> Gift {
    Gift {
        source: "shop".to_owned(),
        id: id.to_owned(),
        date: date.parse().unwrap(),
        amount: amount.parse().unwrap(),
        exchange_rate: None,
        kind: "Cash".to_owned(),
        repeats: false,
        payload: serde_json::Map::new(),
    }
}

fn golden(gifts: &[Gift]) -> Golden {
    let record = |(n, gift): (usize, &Gift)| SourceRecord {
        id: RecordId(Uuid::from_u128(n as u128)),
        kind: RecordKind::Transaction,
        received_at: at(i64::try_from(n).unwrap()),
        individual: ItemId(10),
        first_item: ItemId(10 * i64::try_from(n + 1).unwrap()),
        submission: Submission { gift: Some(Box::new(gift.clone())), ..Submission::default() },
    };
    fold(&gifts.iter().enumerate().map(record).collect::<Vec<_>>(), "US").unwrap()
}

fn giving(gifts: &[Gift]) -> Giving {
    golden(gifts).giving.unwrap()
}

#[test]
fn amounts_are_added_exactly_and_per_year() {
    let cents: Vec<Gift> = (0..1000).map(|n| gift(&n.to_string(), "2026-03-01", "0.10")).collect();
    let giving = giving(&[cents, vec![gift("last year", "2025-12-31", "49.99")]].concat());
    assert_eq!((giving.gifts, giving.total.to_string()), (1001, "149.99".to_owned()));
    assert_eq!(giving.years[&2026], Decimal::from(100));
    assert_eq!(giving.years[&2025].to_string(), "49.99");
}

#[test]
fn the_latest_gift_is_the_one_of_the_latest_day_whenever_it_came() {
    let giving = giving(&[gift("1", "2026-05-01", "20"), gift("2", "2024-01-01", "500")]);
    assert_eq!((giving.last.date.to_string(), giving.last.amount), ("2026-05-01".to_owned(), Decimal::from(20)));
}

#[test]
fn a_gift_that_another_transaction_brought_is_kept_and_not_counted() {
    let again = Gift { repeats: true, ..gift("1", "2026-05-01", "20") };
    assert_eq!(golden(std::slice::from_ref(&again)).giving, None);
    assert_eq!(giving(&[again, gift("1", "2026-05-02", "30")]).total, Decimal::from(30));
}

#[test]
fn a_gift_that_is_sent_again_counts_once() {
    let giving = giving(&[gift("1", "2026-05-01", "20"), gift("1", "2026-05-02", "30")]);
    assert_eq!((giving.gifts, giving.total), (1, Decimal::from(20)));
}

#[test]
fn another_currency_counts_at_its_rate() {
    let dollars = Gift { exchange_rate: Some("1.0837".parse().unwrap()), ..gift("1", "2026-05-01", "50") };
    assert_eq!(giving(&[dollars]).total.to_string(), "54.18");
}

#[test]
fn the_differences_a_gift_makes_have_the_names_of_the_contract() {
    let (before, after) =
        (golden(&[gift("1", "2026-05-01", "20")]), [gift("1", "2026-05-01", "20"), gift("2", "2026-06-01", "30")]);
    let changes = diff(Some(&before), Some(&golden(&after)));
    assert_eq!(changed_fields(&changes), ["lifeToDateGiving", "lastGiftAmount", "lastGiftDate"]);
}
