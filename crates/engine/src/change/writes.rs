//! Everything that follows from changed contacts, as bulk writes of one transaction.

use super::labels::LabelChanges;
use super::profiles::Profiles;
use super::working::{Context, Working};
use crate::query::Indexed;
use rayon::prelude::*;
use std::collections::BTreeSet;
use tributary_contact::query::is_name_word;
use tributary_contact::{ContactId, Golden, GoldenAddress, OrganizationId, RecordId, Reference, SourceRecord};
use tributary_matching::TermStats;
use tributary_store::{
    AssignedRecord, AuditRow, ContactUpdate, EventRow, FactsRow, KeyEntry, NewContact, NewDelivery, PairClosed,
    PositionRow, ReferenceEntry, StoreResult, SuggestionClosed, SuggestionEnd, WebhookRow, WriteTx,
};

/// Bulk writes.
#[derive(Default)]
pub(crate) struct Writes {
    new: Vec<NewContact>,
    updates: Vec<ContactUpdate>,
    deletes: Vec<(ContactId, i64)>,
    direct: Vec<AssignedRecord>,
    gone_direct: Vec<RecordId>,
    archived: Vec<(ContactId, bool)>,
    merged_into: Vec<(ContactId, Option<ContactId>)>,
    added_positions: Vec<PositionRow>,
    removed_positions: Vec<PositionRow>,
    added_references: Vec<ReferenceEntry>,
    removed_references: Vec<ReferenceEntry>,
    added_keys: Vec<KeyEntry>,
    removed_keys: Vec<KeyEntry>,
    facts: Vec<FactsRow>,
    gone_facts: Vec<ContactId>,
    words: BTreeSet<String>,
    terms: TermStats,
    labels: LabelChanges,
    audit: Vec<AuditRow>,
    events: Vec<EventRow>,
}

impl Writes {
    /// Collects what follows from these contacts. Events are put in order of their ids.
    pub(crate) fn of(contacts: Vec<Working>, profiles: &Profiles, context: &Context<'_>) -> Self {
        let mut writes = Self::default();
        let indexed = |contact: &Working| [Indexed::before(contact), Indexed::after(contact)];
        let indexed: Vec<_> = contacts.par_iter().map(indexed).collect();
        for (contact, indexed) in contacts.into_iter().zip(indexed) {
            writes.add(contact, indexed, profiles, context);
        }
        writes.events.sort_unstable_by_key(|event| event.id);
        writes.audit.sort_unstable_by_key(|row| (row.contact, row.version));
        writes
    }

    /// Adds records that are stored on their own, since they did not come through the holding ledger.
    pub(crate) fn with_direct_records(mut self, records: Vec<AssignedRecord>) -> Self {
        self.direct = records;
        self
    }

    /// Adds events that follow from no contact.
    pub(crate) fn with_events(mut self, events: Vec<EventRow>) -> Self {
        self.events.extend(events);
        self.events.sort_unstable_by_key(|event| event.id);
        self
    }

    /// Leaves the term counts out: those of a run that is open are written when it closes.
    pub(crate) fn without_terms(mut self) -> Self {
        self.terms = TermStats::default();
        self
    }

    /// Leaves people out who will be counted, or not, by the run that brought them when it closes; `delta` is what
    /// this change did to their count.
    pub(crate) fn without_terms_of<'r>(
        mut self,
        people: impl Iterator<Item = &'r SourceRecord>,
        delta: i64,
        context: &Context<'_>,
    ) -> Self {
        for record in people {
            self.terms.add(&Profiles::default().of(record, &context.organization.country), -delta);
        }
        self
    }

    fn add(
        &mut self,
        mut contact: Working,
        [before, after]: [Option<Indexed>; 2],
        profiles: &Profiles,
        context: &Context<'_>,
    ) {
        self.audit.append(&mut contact.audit);
        self.events.append(&mut contact.events);
        self.gone_direct.append(&mut contact.gone_direct);
        self.archived.extend(contact.set_archived.map(|archived| (contact.id, archived)));
        self.merged_into.extend(contact.set_merged_into.map(|survivor| (contact.id, survivor)));
        self.add_references(&contact);
        self.labels.note(&contact, context);
        self.add_positions(&contact);
        self.add_keys(&contact, profiles, context, [&before, &after]);
        self.add_facts(&contact, before, after);
        self.add_row(contact);
    }

    fn add_row(&mut self, contact: Working) {
        let Working { id, stored, golden, remains, version, sequence, created_at, modified_at, .. } = contact;
        match (stored, golden.or(remains)) {
            (None, None) => {}
            (None, Some(golden)) => self.new.push(NewContact { id, version, sequence, golden, created_at }),
            (Some(head), None) => self.deletes.push((id, head.version)),
            (Some(head), Some(golden)) => {
                let expected_version = head.version;
                self.updates.push(ContactUpdate { id, expected_version, version, sequence, golden, modified_at });
            }
        }
    }

    fn add_references(&mut self, contact: &Working) {
        let empty = BTreeSet::new();
        let references = |golden: &Option<Golden>| golden.as_ref().map(|g| g.references.clone()).unwrap_or_default();
        let (before, after) = (references(&contact.golden_before), references(&contact.golden));
        let entry = |reference: &Reference| ReferenceEntry { reference: reference.clone(), contact: contact.id };
        let held = if contact.stored.is_some() { &before } else { &empty };
        self.added_references.extend(after.difference(held).map(entry));
        self.removed_references.extend(held.difference(&after).map(entry));
    }

    fn add_positions(&mut self, contact: &Working) {
        let before = if contact.stored.is_some() {
            positions(contact.id, contact.golden_before.as_ref())
        } else {
            BTreeSet::new()
        };
        let after = positions(contact.id, contact.golden.as_ref());
        self.added_positions.extend(after.difference(&before));
        self.removed_positions.extend(before.difference(&after));
    }

    fn add_facts(&mut self, contact: &Working, before: Option<Indexed>, after: Option<Indexed>) {
        if before == after {
            return;
        }
        self.gone_facts.extend(contact.stored.map(|head| head.id));
        if let Some(after) = after {
            let known = before.map(|before| before.words).unwrap_or_default();
            self.words.extend(after.words.difference(&known).filter(|word| is_name_word(word)).cloned());
            self.facts.push(after.row);
        }
    }

    fn add_keys(
        &mut self,
        contact: &Working,
        profiles: &Profiles,
        context: &Context<'_>,
        [before, after]: [&Option<Indexed>; 2],
    ) {
        let country = &context.organization.country;
        let keys = |records: &[SourceRecord], indexed: &Option<Indexed>| -> BTreeSet<KeyEntry> {
            let profiles = profiles.of_contact(records, country);
            let keys = profiles.iter().flat_map(|(_, profile)| profile.keys());
            let of_profiles = keys.map(|key| KeyEntry { key: *key, contact: contact.id });
            of_profiles.chain(indexed.iter().flat_map(Indexed::keys)).collect()
        };
        let (before, after) = (keys(&contact.before, before), keys(&contact.records, after));
        self.added_keys.extend(after.difference(&before));
        self.removed_keys.extend(before.difference(&after));
        let ids = |records: &[SourceRecord]| records.iter().map(|record| record.id).collect::<BTreeSet<_>>();
        let (had, has) = (ids(&contact.before), ids(&contact.records));
        let arrived = contact.records.iter().filter(|record| !had.contains(&record.id)).map(|record| (record, 1));
        let gone = contact.before.iter().filter(|record| !has.contains(&record.id)).map(|record| (record, -1));
        // Frequencies count people, not submissions: a faithful donor does not make a name common.
        let brought = |(record, _): &(&SourceRecord, i64)| record.individual == record.first_item;
        for (record, delta) in arrived.chain(gone).filter(brought) {
            self.terms.add(&profiles.of(record, country), delta);
        }
    }

    /// Writes it all. References leave their contact before another takes them. Subscriptions are read here, in
    /// the same transaction, so that an event goes to whoever is subscribed when it is committed.
    pub(crate) fn write(&self, tx: &mut dyn WriteTx, organization: OrganizationId) -> StoreResult<()> {
        tx.insert_contacts(organization, &self.new)?;
        tx.update_contacts(organization, &self.updates)?;
        tx.insert_direct_records(organization, &self.direct)?;
        tx.remove_positions(organization, &self.removed_positions)?;
        if !self.gone_direct.is_empty() {
            tx.delete_direct_records(organization, &self.gone_direct)?;
        }
        tx.remove_references(organization, &self.removed_references)?;
        tx.delete_contacts(organization, &self.deletes)?;
        self.delete_remains(tx, organization)?;
        tx.add_references(organization, &self.added_references)?;
        tx.add_positions(organization, &self.added_positions)?;
        for (contact, archived) in &self.archived {
            tx.set_archived(organization, *contact, *archived)?;
        }
        for (contact, survivor) in &self.merged_into {
            tx.set_merged_into(organization, *contact, *survivor)?;
        }
        self.close_pairs(tx, organization)?;
        tx.remove_keys(organization, &self.removed_keys)?;
        tx.add_keys(organization, &self.added_keys)?;
        tx.remove_facts(organization, &self.gone_facts)?;
        tx.insert_facts(organization, &self.facts)?;
        tx.add_words(organization, &self.words.iter().cloned().collect::<Vec<_>>())?;
        let mut terms: Vec<(i64, i64)> = self.terms.entries().filter(|(_, delta)| *delta != 0).collect();
        terms.sort_unstable();
        tx.add_terms(organization, &terms)?;
        self.labels.write(tx, organization)?;
        tx.insert_audit(organization, &self.audit)?;
        tx.insert_events(organization, &self.events)?;
        if self.events.is_empty() {
            return Ok(());
        }
        let webhooks = tx.webhooks(organization)?;
        tx.insert_deliveries(organization, &deliveries(&self.events, &webhooks))
    }

    /// Nobody has to look any more at pairs of contacts that are no more or stand for another one.
    fn close_pairs(&self, tx: &mut dyn WriteTx, organization: OrganizationId) -> StoreResult<()> {
        let Some(at) = self.audit.first().map(|row| row.at) else { return Ok(()) };
        let gone: Vec<ContactId> = self.deletes.iter().map(|(contact, _)| *contact).collect();
        let away = self.merged_into.iter().filter(|(_, survivor)| survivor.is_some());
        let away: Vec<ContactId> = away.map(|(contact, _)| *contact).collect();
        if !gone.is_empty() {
            let by = self.audit.first().map(|row| row.actor.clone()).unwrap_or_default();
            let end = SuggestionEnd { reason: SuggestionClosed::Gone, by, at };
            tx.close_merge_suggestions_about(organization, &gone, &end)?;
        }
        for (contacts, reason) in [(gone, PairClosed::Gone), (away, PairClosed::Merged)] {
            if !contacts.is_empty() {
                tx.close_duplicate_pairs(organization, &contacts, reason, at)?;
            }
        }
        Ok(())
    }

    /// What is left of contacts that were merged into those that are deleted goes with them: all their records are
    /// gone too.
    fn delete_remains(&self, tx: &mut dyn WriteTx, organization: OrganizationId) -> StoreResult<()> {
        let mut survivors: Vec<ContactId> = self.deletes.iter().map(|(contact, _)| *contact).collect();
        while !survivors.is_empty() {
            let merged: Vec<ContactId> =
                tx.merges_into(organization, &survivors)?.into_iter().map(|merge| merge.merged).collect();
            let remains: Vec<_> =
                tx.contact_heads(organization, &merged)?.into_iter().map(|head| (head.id, head.version)).collect();
            tx.delete_contacts(organization, &remains)?;
            survivors = remains.into_iter().map(|(contact, _)| contact).collect();
        }
        Ok(())
    }
}

/// The addresses in use whose place is known.
fn positions(contact: ContactId, golden: Option<&Golden>) -> BTreeSet<PositionRow> {
    let used = golden.into_iter().flat_map(|golden| &golden.addresses).filter(|own| !own.archived);
    let place = |own: &GoldenAddress| {
        let (latitude, longitude) = (own.address.latitude?.millionths(), own.address.longitude?.millionths());
        Some(PositionRow { contact, address: own.id, latitude, longitude })
    };
    used.filter_map(place).collect()
}

fn deliveries(events: &[EventRow], webhooks: &[WebhookRow]) -> Vec<NewDelivery> {
    let wanted =
        |event: &EventRow| {
            let (id, contact, sequence, due_at, kind) =
                (event.id, event.contact, event.sequence, event.created_at, event.kind);
            webhooks
                .iter()
                .filter(move |webhook| webhook.active && webhook.wants(kind))
                .map(move |webhook| NewDelivery { event: id, webhook: webhook.id, contact, sequence, due_at })
        };
    events.iter().flat_map(wanted).collect()
}
