//! From a contact that was merged away to the one it is now.

use super::Detail;
use rustc_hash::FxHashMap;
use tributary_contact::{ContactId, ItemId, OrganizationId};
use tributary_matching::Candidate;
use tributary_store::{ReadTx, StoreResult};

/// The contact that stands for this one now, and the individual that stands for this one of it.
pub(crate) fn survivor_of(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    mut contact: ContactId,
    mut individual: Option<ItemId>,
) -> StoreResult<(ContactId, Option<ItemId>)> {
    while let Some(merge) = tx.merge_of(org, contact)? {
        let people = Detail::of(&merge).map(|detail| detail.people).unwrap_or_default();
        let own = |id: ItemId| people.iter().find(|(from, _)| *from == id).map_or(id, |(_, to)| *to);
        (contact, individual) = (merge.survivor, individual.map(own));
    }
    Ok((contact, individual))
}

/// The survivors of those contacts that were merged away, by their numbers.
pub(crate) fn survivors(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    contacts: &[ContactId],
) -> StoreResult<FxHashMap<i64, i64>> {
    let mut found = FxHashMap::default();
    if contacts.is_empty() {
        return Ok(found);
    }
    let merged = tx.contact_heads(org, contacts)?.into_iter().filter(|head| head.merged_into.is_some());
    for head in merged.collect::<Vec<_>>() {
        let (survivor, _) = survivor_of(tx, org, head.id, None)?;
        found.insert(head.id.0, survivor.0);
    }
    Ok(found)
}

/// Candidates as they are now: of several that have become one contact, the first.
pub(crate) fn followed(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    candidates: Vec<Candidate>,
) -> StoreResult<Vec<Candidate>> {
    let mut now: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        let (contact, individual) =
            survivor_of(tx, org, ContactId(candidate.contact), Some(ItemId(candidate.individual)))?;
        if !now.iter().any(|known| known.contact == contact.0) {
            let individual = individual.map_or(candidate.individual, |id| id.0);
            now.push(Candidate { contact: contact.0, individual, ..candidate });
        }
    }
    Ok(now)
}
