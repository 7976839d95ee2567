//! What goes when a contact is erased, table by table.

use super::contact::numbers;
use super::{Tx, dialect};
use crate::convert::{Column, bytes, micros, uuids};
use crate::error;
use crate::schema::{
    attempt, audit as a, contact_follow as f, contact_note as n, contact_transaction as t, decision as d,
    duplicate_pair as p, event as e, gift as g, individual_avatar as i, merge_suggestion as ms, not_duplicate as nd,
    request_once as once, review_step as s, search_word as w, transaction_correction as c, transaction_review as r,
};
use diesel::prelude::*;
use tributary_contact::clock::Timestamp;
use tributary_contact::{OrganizationId, RecordId};
use tributary_store::{Gone, OnceRow, StoreResult};
use uuid::Uuid;

/// Contents, references, corrections and explanations of transactions.
pub(super) fn transactions(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    ids: &[RecordId],
    at: Timestamp,
) -> StoreResult<()> {
    let nobody = None::<i64>;
    diesel::update(t::table)
        .filter(t::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(contact_transaction, id, uuids(ids)))
        .set((
            t::body.eq("{}"),
            t::reference_source.eq(None::<String>),
            t::reference_id.eq(None::<String>),
            t::corrected.eq(None::<i32>),
            t::erased_at.eq(micros(at)),
            (t::contact_id.eq(nobody), t::individual_id.eq(nobody), t::first_item.eq(nobody)),
        ))
        .execute(&mut tx.session.conn)
        .map_err(error::any)?;
    diesel::delete(c::table)
        .filter(c::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(transaction_correction, transaction_id, uuids(ids)))
        .execute(&mut tx.session.conn)
        .map_err(error::any)?;
    diesel::update(d::table)
        .filter(d::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(decision, transaction_id, uuids(ids)))
        .set(d::explanation.eq("[]"))
        .execute(&mut tx.session.conn)
        .map_err(error::any)?;
    questions(tx, organization, ids)
}

/// What senders were asked.
fn questions(tx: &mut Tx<'_>, organization: OrganizationId, ids: &[RecordId]) -> StoreResult<()> {
    let none = None::<String>;
    diesel::update(r::table)
        .filter(r::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(transaction_review, transaction_id, uuids(ids)))
        .set(r::question.eq(&none))
        .execute(&mut tx.session.conn)
        .map_err(error::any)?;
    diesel::update(s::table)
        .filter(s::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(review_step, transaction_id, uuids(ids)))
        .set(s::question.eq(&none))
        .execute(&mut tx.session.conn)
        .map(|_| ())
        .map_err(error::any)
}

/// What was before and after.
pub(super) fn audit(tx: &mut Tx<'_>, organization: OrganizationId, rows: &[(i64, Vec<u8>)]) -> StoreResult<()> {
    for (position, digest) in rows {
        diesel::update(a::table)
            .filter(a::organization_id.eq(organization.0))
            .filter(a::position.eq(position))
            .filter(a::erased.is_null())
            .set((a::changes.eq("[]"), a::erased.eq(digest)))
            .execute(&mut tx.session.conn)
            .map_err(error::any)?;
    }
    Ok(())
}

/// Bodies of events, and what was answered to them.
pub(super) fn events(tx: &mut Tx<'_>, organization: OrganizationId, bodies: &[(Uuid, String)]) -> StoreResult<()> {
    for (id, body) in bodies {
        diesel::update(e::table.find((organization.0, bytes(*id))))
            .set(e::body.eq(body))
            .execute(&mut tx.session.conn)
            .map_err(error::any)?;
    }
    let ids: Vec<Uuid> = bodies.iter().map(|(id, _)| *id).collect();
    diesel::update(attempt::table)
        .filter(attempt::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(attempt, event_id, ids))
        .set(attempt::response.eq(""))
        .execute(&mut tx.session.conn)
        .map(|_| ())
        .map_err(error::any)
}

/// Notes, followers, pictures and pairs.
pub(super) fn of_contacts(tx: &mut Tx<'_>, organization: OrganizationId, gone: &Gone<'_>) -> StoreResult<()> {
    let conn = &mut tx.session.conn;
    diesel::delete(n::table)
        .filter(n::organization_id.eq(organization.0))
        .filter(dialect::among!(contact_note, contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map_err(error::any)?;
    diesel::delete(f::table)
        .filter(f::organization_id.eq(organization.0))
        .filter(dialect::among!(contact_follow, contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map_err(error::any)?;
    let individuals: Vec<i64> = gone.individuals.iter().map(|id| id.0).collect();
    diesel::delete(i::table)
        .filter(i::organization_id.eq(organization.0))
        .filter(dialect::among!(individual_avatar, individual_id, individuals))
        .execute(conn)
        .map_err(error::any)?;
    diesel::delete(p::table)
        .filter(p::organization_id.eq(organization.0))
        .filter(dialect::among!(duplicate_pair, contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map_err(error::any)?;
    diesel::delete(p::table)
        .filter(p::organization_id.eq(organization.0))
        .filter(dialect::among!(duplicate_pair, other_contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map(|_| ())
        .map_err(error::any)
}

/// What others said is one with them.
pub(super) fn suggestions(tx: &mut Tx<'_>, organization: OrganizationId, gone: &Gone<'_>) -> StoreResult<()> {
    let conn = &mut tx.session.conn;
    diesel::delete(ms::table)
        .filter(ms::organization_id.eq(organization.0))
        .filter(dialect::among!(merge_suggestion, contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map_err(error::any)?;
    diesel::delete(ms::table)
        .filter(ms::organization_id.eq(organization.0))
        .filter(dialect::among!(merge_suggestion, other_contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map(|_| ())
        .map_err(error::any)
}

/// What people said is not one: of the contacts, of their references, of what was sent about them.
pub(super) fn not_duplicates(tx: &mut Tx<'_>, organization: OrganizationId, gone: &Gone<'_>) -> StoreResult<()> {
    let conn = &mut tx.session.conn;
    diesel::delete(nd::table)
        .filter(nd::organization_id.eq(organization.0))
        .filter(dialect::among!(not_duplicate, contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map_err(error::any)?;
    diesel::delete(nd::table)
        .filter(nd::organization_id.eq(organization.0))
        .filter(dialect::among!(not_duplicate, other_contact_id, numbers(gone.contacts)))
        .execute(conn)
        .map_err(error::any)?;
    diesel::delete(nd::table)
        .filter(nd::organization_id.eq(organization.0))
        .filter(dialect::among_uuids!(not_duplicate, transaction_id, uuids(gone.records)))
        .execute(conn)
        .map_err(error::any)?;
    for reference in gone.references {
        diesel::delete(nd::table)
            .filter(nd::organization_id.eq(organization.0))
            .filter(nd::reference_source.eq(&reference.source))
            .filter(nd::reference_id.eq(&reference.id))
            .execute(conn)
            .map_err(error::any)?;
    }
    Ok(())
}

/// The register of their gifts, and words of names.
pub(super) fn gifts_and_words(tx: &mut Tx<'_>, organization: OrganizationId, gone: &Gone<'_>) -> StoreResult<()> {
    let conn = &mut tx.session.conn;
    for (source, id) in gone.gifts {
        diesel::delete(g::table.find((organization.0, source, id))).execute(conn).map_err(error::any)?;
    }
    for word in gone.words {
        diesel::delete(w::table.find((organization.0, word))).execute(conn).map_err(error::any)?;
    }
    Ok(())
}

/// Key, token, seed and effect of a request.
type Made = (i64, String, Vec<u8>, Option<i64>);

/// Answers to the requests that made them. These rows live for a day, so all of the organization are looked at.
pub(super) fn answers(tx: &mut Tx<'_>, organization: OrganizationId, gone: &Gone<'_>) -> StoreResult<()> {
    let conn = &mut tx.session.conn;
    let made: Vec<Made> = once::table
        .filter(once::organization_id.eq(organization.0))
        .select((once::key_id, once::token, once::seed, once::effect))
        .load(conn)
        .map_err(error::any)?;
    for (key, token, seed, effect) in made {
        let seed = Column("request_once", "seed").uuid(&seed)?;
        let contact = effect.is_some_and(|effect| gone.contacts.iter().any(|contact| contact.0 == effect));
        if contact || gone.records.iter().any(|record| OnceRow::may_have_made(seed, record.0)) {
            diesel::update(once::table.find((organization.0, key, token)))
                .set(once::answer.eq(OnceRow::ERASED))
                .execute(conn)
                .map_err(error::any)?;
        }
    }
    Ok(())
}
