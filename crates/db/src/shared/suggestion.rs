//! Contacts that somebody who may not merge them says are one.

use super::contact::numbers;
use super::{Tx, dialect};
use crate::convert::{Column, micros};
use crate::error;
use crate::rows::{Present, SuggestionRecord};
use crate::schema::merge_suggestion as m;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use tributary_contact::{ContactId, OrganizationId};
use tributary_store::{
    MergeSuggestionRow, ReadSuggestions, StoreResult, SuggestionClosed, SuggestionEnd, SuggestionFilter,
    WriteSuggestions,
};

type Suggested<'a> = m::BoxedQuery<'a, super::super::Db>;

fn selected(organization: OrganizationId, filter: SuggestionFilter) -> Suggested<'static> {
    let all = m::table.filter(m::organization_id.eq(organization.0)).into_boxed();
    // As a literal: otherwise the index of open ones is not used.
    let state =
        if filter.closed { "merge_suggestion.closed_at IS NOT NULL" } else { "merge_suggestion.closed_at IS NULL" };
    let rows = all.filter(sql::<Bool>(state));
    match filter.contact {
        Some(contact) => rows.filter(m::contact_id.eq(contact.0).or(m::other_contact_id.eq(contact.0))),
        None => rows,
    }
}

impl ReadSuggestions for Tx<'_> {
    fn merge_suggestions(
        &mut self,
        organization: OrganizationId,
        filter: SuggestionFilter,
        skip: i64,
        take: i64,
    ) -> StoreResult<Vec<MergeSuggestionRow>> {
        let rows = selected(organization, filter)
            .order(m::id)
            .offset(skip)
            .limit(take)
            .select(SuggestionRecord::as_select())
            .load(&mut self.session.conn)
            .map_err(error::any)?;
        rows.into_iter().map(row_from).collect()
    }

    fn merge_suggestion_count(&mut self, organization: OrganizationId, filter: SuggestionFilter) -> StoreResult<i64> {
        selected(organization, filter).count().get_result(&mut self.session.conn).map_err(error::any)
    }
}

impl WriteSuggestions for Tx<'_> {
    fn insert_merge_suggestion(&mut self, organization: OrganizationId, new: &MergeSuggestionRow) -> StoreResult<()> {
        dialect::insert(self, &[record(organization, new)], Present::Refuse).map(|_| ())
    }

    fn close_merge_suggestions(
        &mut self,
        organization: OrganizationId,
        ids: &[i64],
        end: &SuggestionEnd,
    ) -> StoreResult<usize> {
        let wanted = ids.to_vec();
        diesel::update(m::table)
            .filter(m::organization_id.eq(organization.0))
            .filter(dialect::among!(merge_suggestion, id, wanted))
            .filter(m::closed_at.is_null())
            .set(closed(end))
            .execute(&mut self.session.conn)
            .map_err(error::any)
    }

    fn close_merge_suggestions_about(
        &mut self,
        organization: OrganizationId,
        contacts: &[ContactId],
        end: &SuggestionEnd,
    ) -> StoreResult<()> {
        diesel::update(m::table)
            .filter(m::organization_id.eq(organization.0))
            .filter(dialect::among!(merge_suggestion, contact_id, numbers(contacts)))
            .filter(m::closed_at.is_null())
            .set(closed(end))
            .execute(&mut self.session.conn)
            .map_err(error::any)?;
        diesel::update(m::table)
            .filter(m::organization_id.eq(organization.0))
            .filter(dialect::among!(merge_suggestion, other_contact_id, numbers(contacts)))
            .filter(m::closed_at.is_null())
            .set(closed(end))
            .execute(&mut self.session.conn)
            .map(|_| ())
            .map_err(error::any)
    }
}

/// The columns of an end.
type Closed<'a> = (
    diesel::dsl::Eq<m::closed_reason, &'a str>,
    diesel::dsl::Eq<m::closed_by, &'a str>,
    diesel::dsl::Eq<m::closed_at, i64>,
);

fn closed(end: &SuggestionEnd) -> Closed<'_> {
    (m::closed_reason.eq(end.reason.as_str()), m::closed_by.eq(end.by.as_str()), m::closed_at.eq(micros(end.at)))
}

fn record(organization: OrganizationId, row: &MergeSuggestionRow) -> SuggestionRecord {
    let end = row.end.as_ref();
    SuggestionRecord {
        organization_id: organization.0,
        id: row.id,
        contact_id: row.contact.0,
        other_contact_id: row.other.0,
        note: row.note.clone(),
        actor: row.actor.clone(),
        created_at: micros(row.created_at),
        closed_reason: end.map(|end| end.reason.as_str().to_owned()),
        closed_by: end.map(|end| end.by.clone()),
        closed_at: end.map(|end| micros(end.at)),
    }
}

fn row_from(row: SuggestionRecord) -> StoreResult<MergeSuggestionRow> {
    let column = |name| Column("merge_suggestion", name);
    let closed_at = column("closed_at").instant_or_none(row.closed_at)?;
    let reason = column("closed_reason").code_or_none(SuggestionClosed::parse, row.closed_reason.as_deref())?;
    let by = row.closed_by.unwrap_or_default();
    let end = reason.zip(closed_at).map(|(reason, at)| SuggestionEnd { reason, by, at });
    Ok(MergeSuggestionRow {
        id: row.id,
        contact: ContactId(row.contact_id),
        other: ContactId(row.other_contact_id),
        note: row.note,
        actor: row.actor,
        created_at: column("created_at").instant(row.created_at)?,
        end,
    })
}
