//! The facts of all contacts that a query can be about, a page at a time, along the cheapest way to them.

use super::INDEX_VERSION;
use super::index::facts_row;
use std::collections::BTreeSet;
use tributary_contact::query::{Lead, Narrow, Query};
use tributary_contact::{ContactId, Degrees, OrganizationId};
use tributary_matching::word_key;
use tributary_store::{ContactRow, FactsRange, FactsRow, ReadTx, Rectangle, StoreResult};

/// Facts of one page.
const PAGE: i64 = 10_000;
/// Contacts of one page when they are read themselves.
const PAGE_OF_CONTACTS: i64 = 500;
/// Contacts of a word; with more of them it leads nowhere.
pub(super) const WORD_CAP: i64 = 20_000;
/// Contacts that are looked up one by one, at most.
const MOST_LOOKED_UP: usize = 100_000;

/// Hands every facts that a query can be about to `each`, in no certain order.
pub(super) fn stream(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    query: &Query,
    each: &mut dyn FnMut(&FactsRow),
) -> StoreResult<()> {
    let narrow = query.narrow();
    if !is_indexed(tx, org)? {
        return from_contacts(tx, org, query, each);
    }
    if let Some(ids) = looked_up(tx, org, query, &narrow)? {
        return by_ids(tx, org, &ids, each);
    }
    if narrow.modified != (i64::MIN..=i64::MAX) && narrow.needles.is_empty() {
        return by_change(tx, org, &narrow, each);
    }
    by_range(tx, org, query, &narrow, each)
}

/// Whether every contact has its facts and words.
pub(super) fn is_indexed(tx: &mut dyn ReadTx, org: OrganizationId) -> StoreResult<bool> {
    Ok(tx.organization(org)?.is_some_and(|organization| organization.key_version == INDEX_VERSION))
}

/// The facts of these contacts, by id; made of the contacts themselves where they are not on file.
pub(super) fn facts_of(tx: &mut dyn ReadTx, org: OrganizationId, ids: &[ContactId]) -> StoreResult<Vec<FactsRow>> {
    if is_indexed(tx, org)? {
        return tx.facts(org, ids);
    }
    Ok(tx.contacts(org, ids)?.iter().filter(|contact| contact.merged_into.is_none()).map(facts_row).collect())
}

/// The contacts that the query names, or those inside its rectangle.
fn looked_up(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    query: &Query,
    narrow: &Narrow,
) -> StoreResult<Option<BTreeSet<ContactId>>> {
    let inside = inside(tx, org, query)?;
    let named = match &narrow.leads {
        Some(leads) => named(tx, org, leads)?,
        None => None,
    };
    Ok(match (inside, named) {
        (Some(inside), Some(named)) => Some(inside.intersection(&named).copied().collect()),
        (inside, named) => inside.or(named),
    })
}

fn named(tx: &mut dyn ReadTx, org: OrganizationId, leads: &[Lead]) -> StoreResult<Option<BTreeSet<ContactId>>> {
    let mut ids = BTreeSet::new();
    let mut keys = Vec::new();
    for lead in leads {
        match lead {
            Lead::Id(id) => drop(ids.insert(ContactId(*id))),
            Lead::Word(word) => keys.push(word_key(word)),
        }
    }
    let found = if keys.is_empty() { Vec::new() } else { tx.contacts_by_key(org, &keys, WORD_CAP)? };
    let mut counts = std::collections::HashMap::<i64, i64>::new();
    found.iter().for_each(|entry| *counts.entry(entry.key).or_default() += 1);
    if found.len() > MOST_LOOKED_UP || counts.values().any(|count| *count >= WORD_CAP) {
        return Ok(None);
    }
    ids.extend(found.into_iter().map(|entry| entry.contact));
    Ok(Some(ids))
}

/// The contacts with an address inside the rectangle of the query; none when it has none.
fn inside(tx: &mut dyn ReadTx, org: OrganizationId, query: &Query) -> StoreResult<Option<BTreeSet<ContactId>>> {
    let Some(bounds) = query.location else { return Ok(None) };
    let millionths = |degrees: f64| Degrees::parse(&degrees.to_string()).map(Degrees::millionths).unwrap_or_default();
    let within = Rectangle {
        latitude: (millionths(bounds.south), millionths(bounds.north)),
        longitude: (millionths(bounds.west), millionths(bounds.east)),
    };
    Ok(Some(tx.positions(org, &within)?.into_iter().map(|row| row.contact).collect()))
}

fn by_ids(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    ids: &BTreeSet<ContactId>,
    each: &mut dyn FnMut(&FactsRow),
) -> StoreResult<()> {
    let ids: Vec<ContactId> = ids.iter().copied().collect();
    for page in ids.chunks(usize::try_from(PAGE).unwrap_or(1)) {
        tx.facts(org, page)?.iter().for_each(&mut *each);
    }
    Ok(())
}

fn by_change(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    narrow: &Narrow,
    each: &mut dyn FnMut(&FactsRow),
) -> StoreResult<()> {
    let mut after = None;
    loop {
        let page = tx.facts_changed(org, &narrow.modified, after, PAGE)?;
        page.iter().for_each(&mut *each);
        match page.last() {
            Some(last) if is_full(page.len(), PAGE) => after = Some((last.modified_at, last.contact)),
            _ => return Ok(()),
        }
    }
}

fn by_range(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    query: &Query,
    narrow: &Narrow,
    each: &mut dyn FnMut(&FactsRow),
) -> StoreResult<()> {
    let mut range = FactsRange { ids: narrow.ids.clone(), archived: query.include_archived };
    loop {
        let page = tx.facts_page(org, &range, &narrow.needles, PAGE)?;
        page.iter().for_each(&mut *each);
        match page.last() {
            Some(last) if is_full(page.len(), PAGE) => range.ids = last.contact.0.saturating_add(1)..=*range.ids.end(),
            _ => return Ok(()),
        }
    }
}

/// Without facts on file: made of the contacts as they are read. One that was merged away has none.
fn from_contacts(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    query: &Query,
    each: &mut dyn FnMut(&FactsRow),
) -> StoreResult<()> {
    let inside = inside(tx, org, query)?;
    let wanted = |contact: &&ContactRow| {
        contact.merged_into.is_none() && inside.as_ref().is_none_or(|inside| inside.contains(&contact.id))
    };
    let mut after = None;
    loop {
        let page = tx.contact_page(org, after, PAGE_OF_CONTACTS)?;
        page.iter().filter(wanted).for_each(|contact| each(&facts_row(contact)));
        match page.last() {
            Some(last) if is_full(page.len(), PAGE_OF_CONTACTS) => after = Some(last.id),
            _ => return Ok(()),
        }
    }
}

fn is_full(rows: usize, limit: i64) -> bool {
    i64::try_from(rows).is_ok_and(|rows| rows >= limit)
}
