//! A contact with all that belongs to it, as it is about to be erased or handed out.

use super::identity::Identity;
use crate::EngineError;
use std::collections::BTreeSet;
use tributary_contact::fold::fold;
use tributary_contact::query::{contact_facts, is_name_word, words};
use tributary_contact::{ContactId, Golden, ItemId, OrganizationId, RecordId, RecordKind, SourceRecord, Submission};
use tributary_store::{ContactRow, CorrectionRow, ReadTx, StoreResult, TransactionRow};

/// A contact, those that were merged into it, and everything that was said of them.
pub(super) struct Subject {
    pub(super) contact: ContactRow,
    /// Contacts that stand for it, by number.
    pub(super) merged: Vec<ContactRow>,
    pub(super) records: Vec<SourceRecord>,
    pub(super) transactions: Vec<TransactionRow>,
    pub(super) corrections: Vec<CorrectionRow>,
    pub(super) identity: Identity,
}

impl Subject {
    /// Reads it.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact, [`EngineError::Conflict`] for one that was merged away.
    pub(super) fn read(
        tx: &mut dyn ReadTx,
        (org, country): (OrganizationId, &str),
        id: ContactId,
    ) -> Result<Self, EngineError> {
        let contact = tx.contacts(org, &[id])?.into_iter().next().ok_or(EngineError::NotFound)?;
        if let Some(survivor) = contact.merged_into {
            return Err(EngineError::conflict(format!("The contact was merged into contact {survivor}.")));
        }
        let merged = merged_into(tx, org, id)?;
        let records: Vec<SourceRecord> = tx.source_records(org, &[id])?.into_iter().map(|own| own.record).collect();
        let sent: Vec<RecordId> = of_kind(&records, true).map(|record| record.id).collect();
        let transactions = tx.transactions(org, &sent)?;
        let corrections = tx.corrections(org, &sent)?;
        let mut subject = Self { contact, merged, records, transactions, corrections, identity: Identity::default() };
        subject.identity = subject.known_by(country);
        Ok(subject)
    }

    fn known_by(&self, country: &str) -> Identity {
        let mut known = Identity::default();
        // As it counts: what a correction took the place of was somebody else's word.
        self.records.iter().for_each(|record| known.add(Identity::of(&record.submission, country)));
        self.goldens().for_each(|golden| known.add(Identity::of_golden(golden, country)));
        known
    }

    /// Everything that was ever said: as it counts, as it was sent, as it was corrected.
    pub(super) fn said(&self) -> impl Iterator<Item = &Submission> {
        let counts = self.records.iter().map(|record| &record.submission);
        let sent = self.transactions.iter().map(|row| row.sent.as_deref().unwrap_or(&row.submission));
        counts.chain(sent).chain(self.corrections.iter().map(|row| &row.submission))
    }

    fn goldens(&self) -> impl Iterator<Item = &Golden> {
        std::iter::once(&self.contact).chain(&self.merged).map(|row| &row.golden)
    }

    /// Its number and those of the contacts that were merged into it.
    pub(super) fn family(&self) -> Vec<ContactId> {
        std::iter::once(&self.contact).chain(&self.merged).map(|row| row.id).collect()
    }

    /// The records that came through the holding ledger.
    pub(super) fn transaction_ids(&self) -> Vec<RecordId> {
        of_kind(&self.records, true).map(|record| record.id).collect()
    }

    /// Those that did not.
    pub(super) fn direct_ids(&self) -> Vec<RecordId> {
        of_kind(&self.records, false).map(|record| record.id).collect()
    }

    /// Every number that a person of it ever had.
    pub(super) fn individuals(&self) -> Vec<ItemId> {
        let spoken_of = self.records.iter().flat_map(|record| [record.individual, record.first_item]);
        let shown = self.goldens().flat_map(|golden| &golden.individuals).map(|person| person.id);
        spoken_of.chain(shown).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn of_kind(records: &[SourceRecord], transaction: bool) -> impl Iterator<Item = &SourceRecord> {
    records.iter().filter(move |record| (record.kind == RecordKind::Transaction) == transaction)
}

/// The contacts that were merged into this one, and into those.
fn merged_into(tx: &mut dyn ReadTx, org: OrganizationId, id: ContactId) -> StoreResult<Vec<ContactRow>> {
    let (mut all, mut survivors) = (BTreeSet::new(), vec![id]);
    while !survivors.is_empty() {
        let merges = tx.merges_into(org, &survivors)?;
        survivors = merges.into_iter().map(|merge| merge.merged).filter(|merged| all.insert(*merged)).collect();
    }
    tx.contacts(org, &all.into_iter().collect::<Vec<_>>())
}

/// The words of the names in what was said, as a search finds them.
pub(super) fn name_words<'s>(
    said: impl Iterator<Item = &'s Submission>,
    records: &[SourceRecord],
    country: &str,
) -> BTreeSet<String> {
    let Some(any) = records.first() else { return BTreeSet::new() };
    // Each by itself: a name that was corrected since is in no contact any more.
    let alone = |said: &Submission| {
        let individual = any.first_item;
        fold(&[SourceRecord { kind: RecordKind::Create, individual, submission: said.clone(), ..any.clone() }], country)
    };
    let goldens = said.filter_map(alone);
    goldens.flat_map(|golden| words(&contact_facts(&golden))).filter(|word| is_name_word(word)).collect()
}
