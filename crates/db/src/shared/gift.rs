//! The register of gifts.

use super::{Tx, dialect};
use crate::convert::{Column, bytes};
use crate::error;
use crate::rows::{GiftRecord, Present};
use crate::schema::gift;
use diesel::prelude::*;
use tributary_contact::OrganizationId;
use tributary_store::{GiftRow, ReadGifts, StoreResult, WriteGifts};

impl ReadGifts for Tx<'_> {
    fn gifts(&mut self, organization: OrganizationId, wanted: &[(String, String)]) -> StoreResult<Vec<GiftRow>> {
        dialect::gifts(self, organization.0, wanted)?.into_iter().map(gift_from).collect()
    }

    fn gift(&mut self, organization: OrganizationId, number: i64) -> StoreResult<Option<GiftRow>> {
        let row = gift::table
            .filter(gift::organization_id.eq(organization.0))
            .filter(gift::number.eq(number))
            .select(GiftRecord::as_select())
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        row.map(gift_from).transpose()
    }
}

impl WriteGifts for Tx<'_> {
    fn insert_gifts(&mut self, organization: OrganizationId, new: &[GiftRow]) -> StoreResult<()> {
        let record = |row: &GiftRow| GiftRecord {
            organization_id: organization.0,
            source: row.source.clone(),
            id: row.id.clone(),
            number: row.number,
            transaction_id: bytes(row.transaction.0),
        };
        dialect::insert(self, &new.iter().map(record).collect::<Vec<_>>(), Present::Keep).map(|_| ())
    }
}

fn gift_from(row: GiftRecord) -> StoreResult<GiftRow> {
    let transaction = Column("gift", "transaction_id").record(&row.transaction_id)?;
    Ok(GiftRow { source: row.source, id: row.id, number: row.number, transaction })
}
