//! Facts of contacts and words of names.

use super::{Tx, dialect};
use crate::error;
use crate::rows::{FactsRecord, Present, WordRecord};
use crate::schema::{contact_facts, search_word};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::ops::RangeInclusive;
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{FactsRange, FactsRow, ReadQuery, StoreResult, WriteQuery};

impl ReadQuery for Tx<'_> {
    fn facts(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<Vec<FactsRow>> {
        let rows = contact_facts::table
            .filter(contact_facts::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_facts, contact_id, numbers(contacts)))
            .order(contact_facts::contact_id)
            .select(FactsRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(rows.into_iter().map(facts_from).collect())
    }

    fn facts_page(
        &mut self,
        organization: OrganizationId,
        range: &FactsRange,
        needles: &[String],
        limit: i64,
    ) -> StoreResult<Vec<FactsRow>> {
        let finds = |place: usize| format!("{}(facts, ${}) > 0", dialect::POSITION, place + 4);
        let held: Vec<String> = (0..needles.len()).map(finds).collect();
        let held = if held.is_empty() { String::new() } else { format!(" AND ({})", held.join(" OR ")) };
        let last = needles.len() + 4;
        let open = if range.archived { "" } else { " AND NOT archived" };
        let page = format!(
            "SELECT organization_id, contact_id, archived, created_at, modified_at, facts FROM contact_facts \
             WHERE organization_id = $1 AND contact_id BETWEEN $2 AND $3{open}{held} ORDER BY contact_id LIMIT ${last}"
        );
        let query = diesel::sql_query(page)
            .into_boxed::<super::Db>()
            .bind::<BigInt, _>(organization.0)
            .bind::<BigInt, _>(*range.ids.start())
            .bind::<BigInt, _>(*range.ids.end());
        let query = needles.iter().fold(query, |query, needle| query.bind::<Text, _>(needle));
        let query = query.bind::<BigInt, _>(limit);
        let rows: Vec<FactsRecord> = query.load(&mut self.session.conn).map_err(error::any)?;
        Ok(rows.into_iter().map(facts_from).collect())
    }

    fn facts_changed(
        &mut self,
        organization: OrganizationId,
        modified: &RangeInclusive<i64>,
        after: Option<(i64, ContactId)>,
        limit: i64,
    ) -> StoreResult<Vec<FactsRow>> {
        let from = after.map_or(*modified.start(), |(at, _)| at.max(*modified.start()));
        let mut changed = contact_facts::table
            .filter(contact_facts::organization_id.eq(organization.0))
            .filter(contact_facts::modified_at.between(from, *modified.end()))
            .into_boxed();
        if let Some((at, contact)) = after {
            let later = contact_facts::modified_at.gt(at);
            changed = changed.filter(later.or(contact_facts::contact_id.gt(contact.0)));
        }
        let rows = changed
            .order((contact_facts::modified_at, contact_facts::contact_id))
            .limit(limit)
            .select(FactsRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        Ok(rows.into_iter().map(facts_from).collect())
    }

    fn facts_count(&mut self, organization: OrganizationId, range: &FactsRange) -> StoreResult<i64> {
        let mut counted = contact_facts::table
            .filter(contact_facts::organization_id.eq(organization.0))
            .filter(contact_facts::contact_id.between(*range.ids.start(), *range.ids.end()))
            .into_boxed();
        if !range.archived {
            counted = counted.filter(contact_facts::archived.eq(false));
        }
        counted.count().get_result(&mut self.session.conn).map_err(error::any)
    }

    fn facts_ids(
        &mut self,
        organization: OrganizationId,
        range: &FactsRange,
        descending: bool,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<ContactId>> {
        let mut ids = contact_facts::table
            .filter(contact_facts::organization_id.eq(organization.0))
            .filter(contact_facts::contact_id.between(*range.ids.start(), *range.ids.end()))
            .select(contact_facts::contact_id)
            .into_boxed()
            .limit(take)
            .offset(skip);
        if !range.archived {
            ids = ids.filter(contact_facts::archived.eq(false));
        }
        let ids = if descending {
            ids.order(contact_facts::contact_id.desc())
        } else {
            ids.order(contact_facts::contact_id.asc())
        };
        let found: Vec<i64> = ids.load(&mut self.session.conn).map_err(error::any)?;
        Ok(found.into_iter().map(ContactId).collect())
    }

    fn words_between(
        &mut self,
        organization: OrganizationId,
        from: &str,
        until: &str,
        limit: i64,
    ) -> StoreResult<Vec<String>> {
        search_word::table
            .filter(search_word::organization_id.eq(organization.0))
            .filter(search_word::word.ge(from))
            .filter(search_word::word.lt(until))
            .order(search_word::word)
            .limit(limit)
            .select(search_word::word)
            .load(&mut self.session.conn)
            .map_err(error::any)
    }
}

impl WriteQuery for Tx<'_> {
    fn insert_facts(&mut self, organization: OrganizationId, new: &[FactsRow]) -> StoreResult<()> {
        let record = |row: &FactsRow| FactsRecord {
            organization_id: organization.0,
            contact_id: row.contact.0,
            archived: row.archived,
            created_at: row.created_at,
            modified_at: row.modified_at,
            facts: row.facts.clone(),
        };
        dialect::insert(self, &new.iter().map(record).collect::<Vec<_>>(), Present::Refuse).map(|_| ())
    }

    fn remove_facts(&mut self, organization: OrganizationId, contacts: &[ContactId]) -> StoreResult<()> {
        if contacts.is_empty() {
            return Ok(());
        }
        diesel::delete(contact_facts::table)
            .filter(contact_facts::organization_id.eq(organization.0))
            .filter(dialect::among!(contact_facts, contact_id, numbers(contacts)))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }

    fn add_words(&mut self, organization: OrganizationId, words: &[String]) -> StoreResult<()> {
        let record = |word: &String| WordRecord { organization_id: organization.0, word: word.clone() };
        dialect::insert(self, &words.iter().map(record).collect::<Vec<_>>(), Present::Keep).map(|_| ())
    }
}

fn numbers(ids: &[ContactId]) -> Vec<i64> {
    ids.iter().map(|id| id.0).collect()
}

fn facts_from(row: FactsRecord) -> FactsRow {
    FactsRow {
        contact: ContactId(row.contact_id),
        archived: row.archived,
        created_at: row.created_at,
        modified_at: row.modified_at,
        facts: row.facts,
    }
}
