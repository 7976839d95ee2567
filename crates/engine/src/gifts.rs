//! Gifts, as far as contacts need them. A gift lives in the transaction that brought it; the register says which one
//! that is. There is no accounting here.

use crate::{Engine, EngineError};
use tributary_contact::flat::clean;
use tributary_contact::{ContactId, Gift, OrganizationId};
use tributary_store::{ContactRow, GiftRow, ReadTx, StoreExt, StoreResult};

/// A gift that became part of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct GiftView {
    /// Its number.
    pub number: i64,
    /// What it is.
    pub gift: Gift,
    /// The contact that gave it, as it is now.
    pub contact: ContactRow,
    /// When the transaction was received.
    pub received_at: tributary_contact::clock::Timestamp,
}

impl Engine {
    /// The gift that a platform calls so; none while its contact is not decided.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn gift_by_reference(
        &self,
        org: OrganizationId,
        source: &str,
        id: &str,
    ) -> Result<Option<GiftView>, EngineError> {
        let wanted = [(clean(source), clean(id))];
        let found = self.parts.store.reading(|tx| {
            let Some(row) = tx.gifts(org, &wanted)?.into_iter().next() else { return Ok(None) };
            view(tx, org, &row)
        })?;
        Ok(found)
    }

    /// The gift with this number; none while its contact is not decided.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn gift(&self, org: OrganizationId, number: i64) -> Result<Option<GiftView>, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let Some(row) = tx.gift(org, number)? else { return Ok(None) };
            view(tx, org, &row)
        })?;
        Ok(found)
    }

    /// The gifts of a contact, latest first.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact.
    pub fn gifts_of(&self, org: OrganizationId, contact: ContactId) -> Result<Vec<GiftView>, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let Some(owner) = tx.contacts(org, &[contact])?.into_iter().next() else { return Ok(None) };
            let records = tx.source_records(org, &[contact])?;
            let brought = records.iter().filter_map(|record| Some((record, record.record.submission.counted_gift()?)));
            let brought: Vec<_> = brought.collect();
            let wanted: Vec<_> = brought.iter().map(|(_, gift)| (gift.source.clone(), gift.id.clone())).collect();
            let registered = if wanted.is_empty() { Vec::new() } else { tx.gifts(org, &wanted)? };
            let number = |record: &tributary_contact::SourceRecord| {
                registered.iter().find(|row| row.transaction == record.id).map(|row| row.number)
            };
            let views = brought.iter().filter_map(|(assigned, gift)| {
                Some(GiftView {
                    number: number(&assigned.record)?,
                    gift: (*gift).clone(),
                    contact: owner.clone(),
                    received_at: assigned.record.received_at,
                })
            });
            Ok(Some(views.collect::<Vec<_>>()))
        })?;
        let mut gifts = found.ok_or(EngineError::NotFound)?;
        gifts.sort_by_key(|view| std::cmp::Reverse((view.gift.date, view.number)));
        Ok(gifts)
    }
}

fn view(tx: &mut dyn ReadTx, org: OrganizationId, row: &GiftRow) -> StoreResult<Option<GiftView>> {
    let Some(transaction) = tx.transactions(org, &[row.transaction])?.into_iter().next() else { return Ok(None) };
    let Some(contact) = transaction.contact else { return Ok(None) };
    let contact = tx.contacts(org, &[contact])?.into_iter().next();
    let gift = transaction.submission.gift.map(|gift| *gift);
    let received_at = transaction.received_at;
    Ok(contact.zip(gift).map(|(contact, gift)| GiftView { number: row.number, gift, contact, received_at }))
}
