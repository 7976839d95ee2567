//! Reads about contacts, their source records and their indexes.

use super::correction::in_force;
use super::policy::{Policies, of_number};
use super::{Tx, dialect};
use crate::convert::Column;
use crate::error;
use crate::prepared::prepared;
use crate::rows::{ContactRecord, DirectRecord, SeenRecord, TransactionRecord};
use crate::schema::{contact, contact_transaction, direct_record, term_count};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use tributary_contact::{ContactId, ItemId, OrganizationId, RecordKind, Reference, SourceRecord};
use tributary_store::{
    AssignedRecord, ContactHead, ContactRow, KeyEntry, ReadContacts, ReferenceEntry, Seek, SeenContact, StoreResult,
};

impl ReadContacts for Tx<'_> {
    fn contacts(&mut self, organization: OrganizationId, ids: &[ContactId]) -> StoreResult<Vec<ContactRow>> {
        let rows = contact::table
            .filter(contact::organization_id.eq(organization.0))
            .filter(dialect::among!(contact, id, numbers(ids)))
            .order(contact::id)
            .select(ContactRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(contact_from).collect()
    }

    fn contact_seen(
        &mut self,
        organization: OrganizationId,
        by: Seek<'_>,
        follower: &str,
    ) -> StoreResult<Option<SeenContact>> {
        let conn = &mut self.session.conn;
        let row: Option<SeenRecord> = match by {
            Seek::Id(id) => prepared(SEEN_BY_ID)
                .bind::<Text, _>(follower)
                .bind::<BigInt, _>(organization.0)
                .bind::<BigInt, _>(id.0)
                .get_result(conn),
            Seek::Reference(reference) => prepared(SEEN_BY_REFERENCE)
                .bind::<Text, _>(follower)
                .bind::<BigInt, _>(organization.0)
                .bind::<Text, _>(&reference.source)
                .bind::<Text, _>(&reference.id)
                .get_result(conn),
        }
        .optional()
        .map_err(error::any)?;
        let seen = |mut row: SeenRecord| {
            without_provenance(&mut row.contact.record);
            Ok(SeenContact { contact: contact_from(row.contact)?, followed: row.followed })
        };
        row.map(seen).transpose()
    }

    fn contact_heads(&mut self, organization: OrganizationId, ids: &[ContactId]) -> StoreResult<Vec<ContactHead>> {
        let rows: Vec<Head> = contact::table
            .filter(contact::organization_id.eq(organization.0))
            .filter(dialect::among!(contact, id, numbers(ids)))
            .order(contact::id)
            .select((
                contact::id,
                contact::version,
                contact::sequence,
                contact::created_at,
                contact::modified_at,
                contact::merged_into,
                contact::archived,
            ))
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(head_from).collect()
    }

    fn contact_page(
        &mut self,
        organization: OrganizationId,
        after: Option<ContactId>,
        limit: i64,
    ) -> StoreResult<Vec<ContactRow>> {
        let rows = contact::table
            .filter(contact::organization_id.eq(organization.0))
            .filter(contact::id.gt(after.map_or(i64::MIN, |id| id.0)))
            .order(contact::id)
            .limit(limit)
            .select(ContactRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(contact_from).collect()
    }

    fn contact_count(&mut self, organization: OrganizationId) -> StoreResult<i64> {
        contact::table
            .filter(contact::organization_id.eq(organization.0))
            .count()
            .get_result(&mut self.session.conn)
            .map_err(error::any)
    }

    fn source_records(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
    ) -> StoreResult<Vec<AssignedRecord>> {
        let transactions: Vec<TransactionRecord> = contact_transaction::table
            .filter(contact_transaction::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_transaction, contact_id, numbers(contacts)))
            .select(TransactionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let direct = direct_record::table
            .filter(direct_record::organization_id.eq(organization.0))
            .filter(dialect::among!(direct_record, contact_id, numbers(contacts)))
            .select(DirectRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        let numbers = transactions.iter().map(|row| row.refolded_policy.unwrap_or(row.policy));
        let numbers = numbers.chain(direct.iter().map(|row| row.refolded_policy.unwrap_or(row.policy)));
        let policies = self.policies_of(organization, numbers)?;
        let corrected = in_force(self, organization, &transactions)?;
        let transactions = transactions.into_iter().map(|row| {
            let body = corrected.get(&row.id).unwrap_or(&row.body);
            assigned_from_transaction(&row, body, &policies)
        });
        let direct = direct.into_iter().map(|row| assigned_from_direct(row, &policies));
        let mut all = transactions.chain(direct).collect::<StoreResult<Vec<_>>>()?;
        all.sort_unstable_by_key(|row| (row.contact, row.record.received_at, row.record.id));
        Ok(all)
    }

    fn contact_of_item(&mut self, organization: OrganizationId, item: ItemId) -> StoreResult<Option<ContactId>> {
        let transaction: Option<(Option<i64>, Option<i64>)> = contact_transaction::table
            .filter(contact_transaction::organization_id.eq(organization.0))
            .filter(contact_transaction::first_item.le(item.0))
            .order(contact_transaction::first_item.desc())
            .select((contact_transaction::first_item, contact_transaction::contact_id))
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        let direct: Option<(i64, i64)> = direct_record::table
            .filter(direct_record::organization_id.eq(organization.0))
            .filter(direct_record::first_item.le(item.0))
            .order(direct_record::first_item.desc())
            .select((direct_record::first_item, direct_record::contact_id))
            .first(&mut self.session.conn)
            .optional()
            .map_err(error::any)?;
        let transaction = transaction.map(|(first, contact)| (first.unwrap_or_default(), contact));
        let direct = direct.map(|(first, contact)| (first, Some(contact)));
        let nearest = transaction.into_iter().chain(direct).max_by_key(|(first, _)| *first);
        Ok(nearest.and_then(|(_, contact)| contact).map(ContactId))
    }

    fn contacts_by_reference(
        &mut self,
        organization: OrganizationId,
        references: &[Reference],
    ) -> StoreResult<Vec<ReferenceEntry>> {
        dialect::contacts_by_reference(self, organization.0, &references.iter().collect())
    }

    fn contacts_by_key(&mut self, organization: OrganizationId, keys: &[i64], cap: i64) -> StoreResult<Vec<KeyEntry>> {
        let mut distinct = keys.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        dialect::contacts_by_key(self, organization.0, distinct, cap)
    }

    fn term_counts(&mut self, organization: OrganizationId) -> StoreResult<Vec<(i64, i64)>> {
        term_count::table
            .filter(term_count::organization_id.eq(organization.0))
            .select((term_count::term, term_count::total))
            .load(&mut self.session.conn)
            .map_err(error::any)
    }
}

/// A contact with whether `$1` follows it.
macro_rules! seen {
    ($from:literal) => {
        concat!(
            "SELECT contact.organization_id, contact.id, version, sequence, record, merged_into, archived, created_at, \
             modified_at, EXISTS (SELECT 1 FROM contact_follow WHERE contact_follow.follower = $1 \
             AND contact_follow.organization_id = contact.organization_id AND contact_follow.contact_id = contact.id) \
             AS followed FROM ",
            $from
        )
    };
}

const SEEN_BY_ID: &str = seen!("contact WHERE contact.organization_id = $2 AND contact.id = $3");
const SEEN_BY_REFERENCE: &str = seen!(
    "contact_reference JOIN contact ON contact.organization_id = contact_reference.organization_id \
     AND contact.id = contact_reference.contact_id WHERE contact_reference.organization_id = $2 \
     AND contact_reference.source = $3 AND contact_reference.id = $4"
);

/// Cuts off the last member of a stored record, a third of it, which a reader does not see. Inside a text the quotes
/// would be escaped, so nothing else looks like it.
fn without_provenance(record: &mut String) {
    if let Some(at) = record.rfind(",\"provenance\":{") {
        record.truncate(at);
        record.push('}');
    }
}

/// The numbers of contacts.
pub(super) fn numbers(ids: &[ContactId]) -> Vec<i64> {
    ids.iter().map(|id| id.0).collect()
}

fn contact_from(row: ContactRecord) -> StoreResult<ContactRow> {
    Ok(ContactRow {
        id: ContactId(row.id),
        version: row.version,
        sequence: row.sequence,
        golden: Column("contact", "record").json(&row.record)?,
        merged_into: row.merged_into.map(ContactId),
        archived: row.archived,
        created_at: Column("contact", "created_at").instant(row.created_at)?,
        modified_at: Column("contact", "modified_at").instant(row.modified_at)?,
    })
}

/// Id, version, sequence, creation, change, survivor, archived.
type Head = (i64, i64, i64, i64, i64, Option<i64>, bool);

fn head_from(
    (id, version, sequence, created_at, modified_at, merged_into, archived): Head,
) -> StoreResult<ContactHead> {
    Ok(ContactHead {
        id: ContactId(id),
        version,
        sequence,
        created_at: Column("contact", "created_at").instant(created_at)?,
        modified_at: Column("contact", "modified_at").instant(modified_at)?,
        merged_into: merged_into.map(ContactId),
        archived,
    })
}

/// The record of a transaction whose content is in this body.
fn assigned_from_transaction(row: &TransactionRecord, body: &str, policies: &Policies) -> StoreResult<AssignedRecord> {
    let column = |name| Column("contact_transaction", name);
    let record = SourceRecord {
        id: column("id").record(&row.id)?,
        kind: RecordKind::Transaction,
        received_at: column("received_at").instant(row.received_at)?,
        individual: ItemId(column("individual_id").present(row.individual_id)?),
        first_item: ItemId(column("first_item").present(row.first_item)?),
        submission: column("body").json(body)?,
        policy: of_number(policies, column("policy"), row.refolded_policy.unwrap_or(row.policy))?,
    };
    Ok(AssignedRecord { contact: ContactId(column("contact_id").present(row.contact_id)?), record })
}

fn assigned_from_direct(row: DirectRecord, policies: &Policies) -> StoreResult<AssignedRecord> {
    let column = |name| Column("direct_record", name);
    let record = SourceRecord {
        id: column("id").record(&row.id)?,
        kind: column("kind").code(RecordKind::parse, &row.kind)?,
        received_at: column("received_at").instant(row.received_at)?,
        individual: ItemId(row.individual_id),
        first_item: ItemId(row.first_item),
        submission: column("body").json(&row.body)?,
        policy: of_number(policies, column("policy"), row.refolded_policy.unwrap_or(row.policy))?,
    };
    Ok(AssignedRecord { contact: ContactId(row.contact_id), record })
}
