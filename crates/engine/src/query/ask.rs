//! Queries: reading them by what the organization defines, and answering them.

use super::stream::{is_indexed, stream};
use super::window::Sorted;
use crate::{Catalogue, ContactAndItem, Engine, EngineError, Page};
use chrono::{Datelike, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use std::collections::HashMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::issue::Issue;
use tributary_contact::query::{
    Asked, Calendar, Dictionary, Facts, Query, QueryOptions, Record, Subject, options, read, sections,
};
use tributary_contact::{ContactId, ItemId, OrganizationId};
use tributary_store::{ContactRow, FactsRange, FactsRow, ReadTx, StoreExt, StoreResult};

impl Engine {
    /// What can be asked about a subject.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn query_options(&self, org: OrganizationId, subject: Subject) -> Result<QueryOptions, EngineError> {
        let catalogue = self.catalogue(org)?;
        Ok(options(&dictionary(&catalogue, subject)))
    }

    /// Reads the body of a query: dates in the organization's time zone, words like `Today` counted from now.
    ///
    /// # Errors
    /// The problems of the body, or any failure of the store.
    pub fn read_query(
        &self,
        org: OrganizationId,
        subject: Subject,
        body: &Value,
    ) -> Result<Result<Asked, Vec<Issue>>, EngineError> {
        let catalogue = self.catalogue(org)?;
        let (zone, now) = (zone(&catalogue), self.now());
        let local = |at: NaiveDateTime| instant(zone, at);
        let utc = |at: NaiveDateTime| at.and_utc();
        let own = Calendar { today: now.with_timezone(&zone).date_naive(), instant: &local };
        let utc = Calendar { today: now.date_naive(), instant: &utc };
        Ok(read(body, &dictionary(&catalogue, subject), own, utc))
    }

    /// A part of the contacts that a query asks for.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn query_contacts(
        &self,
        org: OrganizationId,
        query: &Query,
        skip: i64,
        take: i64,
    ) -> Result<Page<ContactRow>, EngineError> {
        let year = self.year(org)?;
        Ok(self.parts.store.reading(|tx| {
            let (ids, total) = match counted(tx, org, query, skip, take)? {
                Some(page) => page,
                None => evaluated(tx, org, query, (skip, take, year))?,
            };
            Ok(Page { list: in_order(tx.contacts(org, &ids)?, &ids), total })
        })?)
    }

    /// A part of the individuals that a query asks for.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn query_individuals(
        &self,
        org: OrganizationId,
        query: &Query,
        skip: i64,
        take: i64,
    ) -> Result<Page<ContactAndItem>, EngineError> {
        let year = self.year(org)?;
        Ok(self.parts.store.reading(|tx| {
            let mut found = Sorted::new(skip, take, |a: &(_, (i64, i64)), b: &(_, _)| query.compare(a, b));
            stream(tx, org, query, &mut |row| {
                for (individual, facts) in sections(&row.facts, year) {
                    let record = record(row, facts);
                    if query.holds(&record) {
                        found.push((query.key(&record), (row.contact.0, individual)));
                    }
                }
            })?;
            let (found, total) = found.finish();
            let ids: Vec<ContactId> = found.iter().map(|(_, (contact, _))| ContactId(*contact)).collect();
            let contacts: HashMap<_, _> = tx.contacts(org, &ids)?.into_iter().map(|row| (row.id.0, row)).collect();
            let with_contact = |(_, (contact, item)): (_, (i64, i64))| {
                Some(ContactAndItem { contact: contacts.get(&contact)?.clone(), item: ItemId(item) })
            };
            Ok(Page { list: found.into_iter().filter_map(with_contact).collect(), total })
        })?)
    }

    /// The present year where the organization is.
    pub(super) fn year(&self, org: OrganizationId) -> Result<i32, EngineError> {
        Ok(self.now().with_timezone(&zone(&*self.catalogue(org)?)).year())
    }
}

fn dictionary(catalogue: &Catalogue, subject: Subject) -> Dictionary<'_> {
    Dictionary { subject, types: catalogue.types(), custom_fields: catalogue.fields() }
}

/// The zone of the organization, which was checked when it was stored.
fn zone(catalogue: &Catalogue) -> Tz {
    catalogue.time_zone.parse().unwrap_or(Tz::UTC)
}

/// The instant that a clock on the wall means: the earlier of two, the end of the gap where there is none.
fn instant(zone: Tz, at: NaiveDateTime) -> Timestamp {
    let local = |at: NaiveDateTime| zone.from_local_datetime(&at).earliest().map(|at| at.with_timezone(&Utc));
    // No clock was ever put forward by more than a day.
    let after = |quarters: i32| local(at + TimeDelta::minutes(15) * quarters);
    local(at).or_else(|| (1..=96).find_map(after)).unwrap_or_else(|| at.and_utc())
}

/// A stored row as it is evaluated.
pub(super) fn record<'a>(row: &FactsRow, facts: Facts<'a>) -> Record<'a> {
    let FactsRow { contact, archived, created_at, modified_at, .. } = *row;
    Record { id: contact.0, created: created_at, modified: modified_at, archived, facts }
}

/// The answer to a query that is one range of numbers, without reading a single contact.
fn counted(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    query: &Query,
    skip: i64,
    take: i64,
) -> StoreResult<Option<(Vec<ContactId>, i64)>> {
    let narrow = query.narrow();
    let Some(descending) = query.by_id().filter(|_| narrow.exact) else { return Ok(None) };
    if !is_indexed(tx, org)? {
        return Ok(None);
    }
    let range = FactsRange { ids: narrow.ids, archived: query.include_archived };
    Ok(Some((tx.facts_ids(org, &range, descending, skip, take)?, tx.facts_count(org, &range)?)))
}

fn evaluated(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    query: &Query,
    (skip, take, year): (i64, i64, i32),
) -> StoreResult<(Vec<ContactId>, i64)> {
    let mut found = Sorted::new(skip, take, |a: &(_, i64), b: &(_, _)| query.compare(a, b));
    stream(tx, org, query, &mut |row| {
        let record = record(row, Facts::all(&row.facts, year));
        if query.holds(&record) {
            found.push((query.key(&record), record.id));
        }
    })?;
    let (found, total) = found.finish();
    Ok((found.into_iter().map(|(_, id)| ContactId(id)).collect(), total))
}

/// Contacts in the order of these ids.
pub(super) fn in_order(contacts: Vec<ContactRow>, ids: &[ContactId]) -> Vec<ContactRow> {
    let mut by_id: HashMap<ContactId, ContactRow> = contacts.into_iter().map(|row| (row.id, row)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}
