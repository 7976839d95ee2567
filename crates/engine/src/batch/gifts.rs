//! Gifts in a batch: each counts once, with the transaction that brought it first.

use super::chunk::WorkRow;
use rustc_hash::FxHashSet;
use tributary_contact::{Gift, OrganizationId};
use tributary_store::{Counter, GiftRow, Store, StoreExt, StoreResult, TransactionRow, WriteTx};

fn key(gift: &Gift) -> (String, String) {
    (gift.source.clone(), gift.id.clone())
}

/// Marks every gift that an earlier row brought: it is kept as it was sent, and not counted. The contact in it is
/// decided like any other.
pub(super) fn mark_repeats(store: &dyn Store, org: OrganizationId, rows: &mut [WorkRow]) -> StoreResult<()> {
    let wanted: Vec<_> = rows.iter().filter_map(|row| row.submission.gift.as_deref()).map(key).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let registered = store.reading(|tx| tx.gifts(org, &wanted))?;
    let mut seen: FxHashSet<_> = registered.into_iter().map(|row| (row.source, row.id)).collect();
    for row in rows {
        let Some(gift) = row.submission.gift.as_deref_mut() else { continue };
        if !seen.insert(key(gift)) {
            gift.repeats = true;
            metrics::counter!("tributary_gift_repeats_total").increment(1);
        }
    }
    Ok(())
}

/// Registers the gifts of transactions that are stored for the first time.
pub(super) fn register(tx: &mut dyn WriteTx, org: OrganizationId, new: &[TransactionRow]) -> StoreResult<()> {
    let brought = new.iter().filter_map(|row| Some((row.id, row.submission.counted_gift()?)));
    let brought: Vec<_> = brought.collect();
    if brought.is_empty() {
        return Ok(());
    }
    let first = tx.allocate(org, Counter::Gift, i64::try_from(brought.len()).unwrap_or(0))?;
    let row = |(number, (transaction, gift)): (i64, &(_, &Gift))| GiftRow {
        source: gift.source.clone(),
        id: gift.id.clone(),
        number,
        transaction: *transaction,
    };
    let rows: Vec<GiftRow> = (first..).zip(&brought).map(row).collect();
    tx.insert_gifts(org, &rows)
}
