//! Bulk writes on SQLite: one cached statement, run once per row. Inside the process that is faster than
//! one statement with many rows (197,000 against 142,000 rows a second).

use super::shared::{Change, Finished, Settled, Tx};
use super::{Conn, HoldingLedger, Insert, Session};
use crate::error;
use crate::rows::{EndedDelivery, HeldRecord, Present};
use crate::schema::{
    contact, contact_reference, contact_transaction as t, delivery, held_tally, match_key, term_count,
};
use diesel::QueryResult;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::upsert::excluded;
use std::collections::BTreeMap;
use tributary_contact::ContactId;
use tributary_store::{KeyEntry, ReferenceEntry, StoreResult};

diesel::define_sql_function! {
    /// The greater of two numbers.
    #[sql_name = "max"]
    fn greater(left: BigInt, right: BigInt) -> BigInt;
}

/// Runs a statement for each item and adds up the rows.
fn each<I>(
    tx: &mut Tx<'_>,
    items: &[I],
    mut run: impl FnMut(&mut Conn, &I) -> QueryResult<usize>,
) -> QueryResult<usize> {
    if items.is_empty() {
        return Ok(0);
    }
    let Session { conn, meter, .. } = &mut *tx.session;
    meter.fold(|| items.iter().try_fold(0, |done, item| run(conn, item).map(|rows| done + rows)))
}

/// Inserts rows; how many were inserted comes back.
pub(super) fn insert<R: Insert>(tx: &mut Tx<'_>, rows: &[R], present: Present) -> StoreResult<usize> {
    each(tx, rows, |conn, row| row.insert(conn, present)).map_err(error::on(R::TABLE))
}

/// Holds rows that are not held yet, and counts those.
pub(super) fn hold(ledger: &HoldingLedger, rows: &[HeldRecord]) -> StoreResult<()> {
    ledger.writing("hold", |session| {
        let received = insert_held(session, rows).map_err(error::on(HeldRecord::TABLE))?;
        let mut counts = received.into_iter();
        counts.try_for_each(|(organization, new)| count_held(&mut session.conn, organization, new)).map_err(error::any)
    })
}

/// Inserts rows and hands back how many of each organization are new.
fn insert_held(session: &mut Session, rows: &[HeldRecord]) -> QueryResult<BTreeMap<i64, i64>> {
    let Session { conn, meter, .. } = session;
    meter.fold(|| {
        rows.iter().try_fold(BTreeMap::new(), |mut received, row| {
            let new = row.insert(conn, Present::Keep)?;
            *received.entry(row.organization_id).or_default() += i64::from(new == 1);
            Ok(received)
        })
    })
}

fn count_held(conn: &mut Conn, organization: i64, new: i64) -> QueryResult<()> {
    diesel::insert_into(held_tally::table)
        .values((held_tally::organization_id.eq(organization), held_tally::received.eq(new)))
        .on_conflict(held_tally::organization_id)
        .do_update()
        .set(held_tally::received.eq(held_tally::received + excluded(held_tally::received)))
        .execute(conn)
        .map(|_| ())
}

/// Stores changed contacts whose version is the expected one; how many were comes back.
pub(super) fn update_contacts(tx: &mut Tx<'_>, organization: i64, changes: &[Change]) -> StoreResult<usize> {
    each(tx, changes, |conn, change| {
        diesel::update(contact::table.find((organization, change.id)))
            .filter(contact::version.eq(change.expected))
            .set((
                contact::version.eq(change.version),
                contact::sequence.eq(change.sequence),
                contact::record.eq(&change.record),
                contact::modified_at.eq(greater(contact::modified_at, change.modified_at)),
            ))
            .execute(conn)
    })
    .map_err(error::any)
}

/// Removes contacts whose version is the expected one; how many were comes back.
pub(super) fn delete_contacts(tx: &mut Tx<'_>, organization: i64, gone: &[(ContactId, i64)]) -> StoreResult<usize> {
    each(tx, gone, |conn, (id, version)| {
        diesel::delete(contact::table.find((organization, id.0))).filter(contact::version.eq(version)).execute(conn)
    })
    .map_err(error::any)
}

/// Takes references away from the contacts that have them.
pub(super) fn delete_references(tx: &mut Tx<'_>, organization: i64, gone: &[ReferenceEntry]) -> StoreResult<()> {
    each(tx, gone, |conn, entry| {
        diesel::delete(contact_reference::table.find((organization, &entry.reference.source, &entry.reference.id)))
            .filter(contact_reference::contact_id.eq(entry.contact.0))
            .execute(conn)
    })
    .map(|_| ())
    .map_err(error::any)
}

/// Removes match keys.
pub(super) fn delete_keys(tx: &mut Tx<'_>, organization: i64, gone: &[KeyEntry]) -> StoreResult<()> {
    each(tx, gone, |conn, entry| {
        diesel::delete(match_key::table.find((organization, entry.key, entry.contact.0))).execute(conn)
    })
    .map(|_| ())
    .map_err(error::any)
}

/// Adds to term counts.
pub(super) fn add_terms(tx: &mut Tx<'_>, organization: i64, deltas: &[(i64, i64)]) -> StoreResult<()> {
    each(tx, deltas, |conn, (term, delta)| {
        diesel::insert_into(term_count::table)
            .values((
                term_count::organization_id.eq(organization),
                term_count::term.eq(term),
                term_count::total.eq(delta),
            ))
            .on_conflict((term_count::organization_id, term_count::term))
            .do_update()
            .set(term_count::total.eq(term_count::total + excluded(term_count::total)))
            .execute(conn)
    })
    .map(|_| ())
    .map_err(error::any)
}

/// Changes states of transactions that are in the expected one; how many were comes back.
pub(super) fn settle(tx: &mut Tx<'_>, organization: i64, changes: &[Settled]) -> StoreResult<usize> {
    each(tx, changes, |conn, change| {
        diesel::update(t::table.find((organization, &change.id)))
            .filter(t::state.eq(change.expected))
            .set((
                t::state.eq(change.state),
                t::reason.eq(change.reason),
                t::level.eq(change.level),
                t::contact_id.eq(change.contact),
                t::individual_id.eq(change.individual),
                t::first_item.eq(change.first_item),
                t::run_id.eq(change.run),
                t::decided_at.eq(change.decided_at),
                t::policy.eq(change.policy),
                t::refolded_policy.eq(None::<i64>),
            ))
            .execute(conn)
    })
    .map_err(error::any)
}

/// Ends the claims that still are the deliveries' latest ones; those (subscriber, event) come back.
pub(super) fn finish(tx: &mut Tx<'_>, organization: i64, finished: &[Finished]) -> StoreResult<Vec<EndedDelivery>> {
    let mut used = Vec::new();
    each(tx, finished, |conn, end| {
        let mine = delivery::table
            .find((organization, end.webhook, &end.event))
            .filter(delivery::attempt.eq(end.attempt))
            .filter(delivery::state.eq("pending"))
            .filter(delivery::leased_until.ne(0));
        let ended = diesel::update(mine)
            .set((
                delivery::state.eq(end.state),
                delivery::due_at.eq(end.due_at),
                delivery::leased_until.eq(0),
                delivery::attempt.eq(end.counted),
            ))
            .execute(conn)?;
        used.extend((ended == 1).then(|| EndedDelivery { webhook_id: end.webhook, event_id: end.event.clone() }));
        Ok(ended)
    })
    .map_err(error::any)?;
    Ok(used)
}
