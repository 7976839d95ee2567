//! The labels of contacts, as rows that can be listed and counted, kept with each change of a golden record.

use super::working::{Context, Working};
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, Golden, OrganizationId};
use tributary_store::{ContactLabelRow, Counter, LabelKind, LabelRow, StoreResult, WriteTx};

/// Labels that contacts get and lose, by name.
#[derive(Default)]
pub(super) struct LabelChanges {
    added: BTreeMap<LabelKind, Vec<(ContactId, String)>>,
    removed: BTreeMap<LabelKind, Vec<(ContactId, String)>>,
    /// When, and by whom.
    mark: Option<(Timestamp, String)>,
}

impl LabelChanges {
    /// Notes what a changed contact gets and loses.
    pub(super) fn note(&mut self, contact: &Working, context: &Context<'_>) {
        let before = contact.golden_before.as_ref().filter(|_| contact.stored.is_some());
        for kind in [LabelKind::Tag, LabelKind::Group] {
            let (had, has) = (names(before, kind), names(contact.golden.as_ref(), kind));
            if had == has {
                continue;
            }
            let put = |map: &mut BTreeMap<_, Vec<_>>, names: &mut dyn Iterator<Item = &&String>| {
                let own = names.map(|name| (contact.id, (*name).clone()));
                map.entry(kind).or_default().extend(own);
            };
            put(&mut self.added, &mut has.difference(&had));
            put(&mut self.removed, &mut had.difference(&has));
            self.mark.get_or_insert_with(|| (context.at, context.actor.clone()));
        }
    }

    /// Writes it all. Labels that are new to the organization are made.
    pub(super) fn write(&self, tx: &mut dyn WriteTx, org: OrganizationId) -> StoreResult<()> {
        let Some((at, by)) = &self.mark else { return Ok(()) };
        for (kind, removed) in self.removed.iter().filter(|(_, removed)| !removed.is_empty()) {
            let ids = known(tx, org, *kind, removed)?;
            let gone = removed.iter().filter_map(|(contact, name)| Some((*ids.get(&name.to_lowercase())?, *contact)));
            tx.remove_contact_labels(org, *kind, &gone.collect::<Vec<_>>())?;
        }
        for (kind, added) in self.added.iter().filter(|(_, added)| !added.is_empty()) {
            let ids = known_or_made(tx, org, *kind, added, (*at, by))?;
            let first = tx.allocate(org, Counter::ContactLabel, i64::try_from(added.len()).unwrap_or(0))?;
            let row = |(id, (contact, name)): (i64, &(ContactId, String))| {
                let label = *ids.get(&name.to_lowercase())?;
                Some(ContactLabelRow { id, label, contact: *contact, created_at: *at, created_by: by.clone() })
            };
            let rows: Vec<_> = (first..).zip(added).filter_map(row).collect();
            tx.add_contact_labels(org, *kind, &rows)?;
        }
        Ok(())
    }
}

fn names(golden: Option<&Golden>, kind: LabelKind) -> BTreeSet<&String> {
    let names = golden.map(|golden| match kind {
        LabelKind::Tag => &golden.tags,
        LabelKind::Group => &golden.groups,
    });
    names.into_iter().flatten().collect()
}

/// The numbers of labels by their names in lower case.
fn known(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    kind: LabelKind,
    wanted: &[(ContactId, String)],
) -> StoreResult<BTreeMap<String, i64>> {
    let names: BTreeSet<String> = wanted.iter().map(|(_, name)| name.to_lowercase()).collect();
    let rows = tx.labels_named(org, kind, &names.into_iter().collect::<Vec<_>>())?;
    Ok(rows.into_iter().map(|row| (row.name.to_lowercase(), row.id)).collect())
}

fn known_or_made(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    kind: LabelKind,
    wanted: &[(ContactId, String)],
    (at, by): (Timestamp, &String),
) -> StoreResult<BTreeMap<String, i64>> {
    let mut ids = known(tx, org, kind, wanted)?;
    let mut missing: BTreeMap<String, &String> = BTreeMap::new();
    for (_, name) in wanted.iter().filter(|(_, name)| !ids.contains_key(&name.to_lowercase())) {
        missing.entry(name.to_lowercase()).or_insert(name);
    }
    if missing.is_empty() {
        return Ok(ids);
    }
    let first = tx.allocate(org, Counter::Label, i64::try_from(missing.len()).unwrap_or(0))?;
    let label = |(id, name): (i64, &&String)| LabelRow {
        id,
        name: (*name).clone(),
        parent: None,
        created_at: at,
        created_by: by.clone(),
    };
    let new: Vec<LabelRow> = (first..).zip(missing.values()).map(label).collect();
    tx.insert_labels(org, kind, &new)?;
    ids.extend(new.into_iter().map(|row| (row.name.to_lowercase(), row.id)));
    Ok(ids)
}
