//! "Not a duplicate": what a person said once is not asked again, until it is taken back or, where that was the wish,
//! until more is known.

use crate::change::Actor;
use crate::merge::survivors;
use crate::suggestion::close_apart;
use crate::{Engine, EngineError, Page};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;
use tributary_contact::fold::as_matched;
use tributary_contact::issue::{Issue, IssueCode};
use tributary_contact::{ContactId, OrganizationId, RecordId, SourceRecord, Submission};
use tributary_matching::{Index, Profile};
use tributary_store::{
    Counter, NotDuplicateRow, Other, PairClosed, ReadTx, StoreExt, StoreResult, SuggestionClosed, SuggestionEnd,
    WriteTx,
};

/// What a person says of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDuplicate {
    /// The contact.
    pub contact: ContactId,
    /// What it is not.
    pub other: NotThis,
    /// Whether it holds only until either side says something new.
    pub until_more_is_known: bool,
    /// Why.
    pub note: Option<String>,
}

/// What a contact is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotThis {
    /// Another contact.
    Contact(ContactId),
    /// What a submission speaks of: every submission of its reference, when it has one.
    Transaction(RecordId),
}

impl Engine {
    /// Remembers that two are not one.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown contact or submission, [`EngineError::Invalid`] for a contact and
    /// itself, [`EngineError::Conflict`] when the contact carries the reference of the submission.
    pub fn say_not_duplicate(
        &self,
        org: OrganizationId,
        actor: &Actor,
        said: &NotDuplicate,
    ) -> Result<NotDuplicateRow, EngineError> {
        let (country, at) = (self.organization(org)?.country, self.now());
        self.transact("not_duplicate", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let (contact, other, other_known) = sides(tx, org, said, &country)?;
            let known = known(tx, org, &[contact], &country)?.get(&contact.0).copied();
            let row = NotDuplicateRow {
                id: tx.allocate(org, Counter::NotDuplicate, 1)?,
                contact,
                other,
                known: known.zip(other_known).filter(|_| said.until_more_is_known),
                note: said.note.clone(),
                actor: actor.to_string(),
                created_at: at,
                revoked: None,
            };
            tx.insert_not_duplicates(org, std::slice::from_ref(&row))?;
            if let Other::Contact(other) = row.other {
                tx.close_duplicate_pair(org, (row.contact, other), PairClosed::NotDuplicate, at)?;
                let end = SuggestionEnd { reason: SuggestionClosed::NotDuplicate, by: row.actor.clone(), at };
                close_apart(tx, org, (row.contact, other), &end)?;
            }
            Ok(row)
        })
    }

    /// What was said, also what was taken back since, in the order in which it was said; of one contact or of all.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn not_duplicates(
        &self,
        org: OrganizationId,
        contact: Option<ContactId>,
        skip: i64,
        take: i64,
    ) -> Result<Page<NotDuplicateRow>, EngineError> {
        Ok(self.parts.store.reading(|tx| {
            let list = tx.not_duplicate_page(org, contact, skip, take)?;
            Ok(Page { list, total: tx.not_duplicate_count(org, contact)? })
        })?)
    }

    /// Takes back what was said.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when nothing of this number holds.
    pub fn revoke_not_duplicate(&self, org: OrganizationId, actor: &Actor, id: i64) -> Result<(), EngineError> {
        let at = self.now();
        self.transact("revoke_not_duplicate", |tx| {
            tx.allocate(org, Counter::Revision, 1)?;
            let revoked = tx.revoke_not_duplicate(org, id, &actor.to_string(), at)?;
            revoked.then_some(()).ok_or(EngineError::NotFound)
        })
    }
}

/// Both sides as they are stored, and what is known of the other one.
fn sides(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    said: &NotDuplicate,
    country: &str,
) -> Result<(ContactId, Other, Option<i64>), EngineError> {
    let wanted: Vec<ContactId> = std::iter::once(said.contact)
        .chain(if let NotThis::Contact(other) = said.other { Some(other) } else { None })
        .collect();
    if tx.contact_heads(org, &wanted)?.len() != wanted.iter().collect::<BTreeSet<_>>().len() {
        return Err(EngineError::NotFound);
    }
    match said.other {
        NotThis::Contact(other) if other == said.contact => {
            let message = "A contact is always itself.";
            Err(EngineError::Invalid(vec![Issue::new("otherContactId", IssueCode::InvalidValue, message)]))
        }
        NotThis::Contact(other) => {
            let (lesser, greater) = (said.contact.min(other), said.contact.max(other));
            let known = known(tx, org, &[greater], country)?.get(&greater.0).copied();
            Ok((lesser, Other::Contact(greater), known))
        }
        NotThis::Transaction(id) => {
            let row = tx.transactions(org, &[id])?.into_iter().next().ok_or(EngineError::NotFound)?;
            let known = hashed(Profile::of(&row.submission, country).keys());
            let other = of_submission(tx, org, said.contact, id, &row.submission)?;
            Ok((said.contact, other, Some(known)))
        }
    }
}

fn of_submission(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    contact: ContactId,
    id: RecordId,
    submission: &Submission,
) -> Result<Other, EngineError> {
    let Some(reference) = submission.reference.clone() else { return Ok(Other::Transaction(id)) };
    let owners = tx.contacts_by_reference(org, std::slice::from_ref(&reference))?;
    if owners.iter().any(|owner| owner.contact == contact) {
        let message = "The contact carries the reference of the submission; take the reference away first.";
        return Err(EngineError::conflict(message));
    }
    Ok(Other::Reference(reference))
}

/// A number for what contacts are found by: another one as soon as there is more.
fn known(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    contacts: &[ContactId],
    country: &str,
) -> StoreResult<FxHashMap<i64, i64>> {
    let mut records: FxHashMap<i64, Vec<SourceRecord>> = FxHashMap::default();
    for own in tx.source_records(org, contacts)? {
        records.entry(own.contact.0).or_default().push(own.record);
    }
    let keys = |own: &[SourceRecord]| -> Vec<i64> {
        as_matched(own, country)
            .iter()
            .flat_map(|seen| Profile::of(&seen.submission, country).keys().to_vec())
            .collect()
    };
    Ok(records.iter().map(|(contact, own)| (*contact, hashed(&keys(own)))).collect())
}

/// FNV-1a over the keys, each once, in order: it is stored, so it must stay the same.
fn hashed(keys: &[i64]) -> i64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let keys: BTreeSet<i64> = keys.iter().copied().collect();
    let bytes = keys.iter().flat_map(|key| key.to_le_bytes());
    bytes.fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME)).cast_signed()
}

/// What holds of it, for the matcher.
#[derive(Default)]
pub(crate) struct Apart {
    /// The organization's revision as of which it was read.
    pub(crate) revision: i64,
    contacts: FxHashSet<(i64, i64)>,
    /// The same, by either of the two.
    by_contact: FxHashMap<i64, Vec<i64>>,
    rows: FxHashMap<Other, Vec<NotOf>>,
}

/// A contact that a row is not, and what was known of the row if it holds only until more is.
#[derive(Clone, Copy)]
struct NotOf {
    contact: i64,
    known: Option<i64>,
}

impl Apart {
    /// Nothing yet, of no revision.
    pub(crate) fn unread() -> Self {
        Self { revision: -1, ..Self::default() }
    }

    /// Reads it. What is said of a contact that was merged away is said of its survivor.
    pub(crate) fn read(tx: &mut dyn ReadTx, org: OrganizationId, country: &str, revision: i64) -> StoreResult<Self> {
        let said = tx.not_duplicates(org)?;
        let rows = still_so(tx, org, country, said)?;
        let named = rows.iter().flat_map(|row| [Some(row.contact), other_contact(row)]).flatten();
        let survivors = survivors(tx, org, &named.collect::<Vec<_>>())?;
        let now = |contact: ContactId| survivors.get(&contact.0).copied().unwrap_or(contact.0);
        let mut apart = Self { revision, ..Self::default() };
        for row in rows {
            let contact = now(row.contact);
            match row.other {
                Other::Contact(other) => apart.keep(contact, now(other)),
                other => {
                    let known = row.known.map(|(_, known)| known);
                    apart.rows.entry(other).or_default().push(NotOf { contact, known });
                }
            }
        }
        Ok(apart)
    }

    fn keep(&mut self, one: i64, other: i64) {
        if self.contacts.insert((one, other)) {
            self.by_contact.entry(one).or_default().push(other);
            self.by_contact.entry(other).or_default().push(one);
        }
    }

    /// Lets an index know what it can need that holds only these contacts.
    pub(crate) fn tell_of(&self, index: &mut Index, contacts: &FxHashSet<i64>) {
        if self.by_contact.is_empty() {
            return;
        }
        for one in contacts {
            let others = self.by_contact.get(one).into_iter().flatten();
            others.filter(|other| contacts.contains(other)).for_each(|other| index.keep_apart(*one, *other));
        }
    }

    /// Lets an index know.
    pub(crate) fn tell(&self, index: &mut Index) {
        for (one, other) in &self.contacts {
            index.keep_apart(*one, *other);
        }
    }

    /// The contacts that another contact is not.
    pub(crate) fn others_of(&self, contact: ContactId) -> Vec<i64> {
        self.by_contact.get(&contact.0).cloned().unwrap_or_default()
    }

    /// The contacts that a row is not.
    pub(crate) fn of_row(&self, id: RecordId, submission: &Submission, profile: &Profile) -> Vec<i64> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let reference = submission.reference.clone().map(Other::Reference);
        let said = [Some(Other::Transaction(id)), reference].into_iter().flatten();
        let said = said.filter_map(|other| self.rows.get(&other)).flatten();
        let holds = |not: &&NotOf| not.known.is_none_or(|known| known == hashed(profile.keys()));
        said.filter(holds).map(|not| not.contact).collect()
    }
}

fn other_contact(row: &NotDuplicateRow) -> Option<ContactId> {
    if let Other::Contact(other) = row.other { Some(other) } else { None }
}

/// Without what held until more was known, where more is known of a contact now.
fn still_so(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    country: &str,
    rows: Vec<NotDuplicateRow>,
) -> StoreResult<Vec<NotDuplicateRow>> {
    let limited = rows.iter().filter(|row| row.known.is_some());
    let contacts: BTreeSet<ContactId> =
        limited.flat_map(|row| [Some(row.contact), other_contact(row)]).flatten().collect();
    let now = known(tx, org, &contacts.into_iter().collect::<Vec<_>>(), country)?;
    let same = |contact: ContactId, then: i64| now.get(&contact.0) == Some(&then);
    let holds = |row: &NotDuplicateRow| match row.known {
        Some((of_contact, of_other)) => {
            same(row.contact, of_contact) && other_contact(row).is_none_or(|other| same(other, of_other))
        }
        None => true,
    };
    Ok(rows.into_iter().filter(holds).collect())
}
