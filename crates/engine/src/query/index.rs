//! What a contact is asked and found by, made of its golden record with each change of it.

use crate::change::Working;
use std::collections::BTreeSet;
use tributary_contact::clock::Timestamp;
use tributary_contact::query::{FACTS_VERSION, contact_facts, is_name_word, words};
use tributary_contact::{ContactId, Golden};
use tributary_matching::{KEY_VERSION, word_key};
use tributary_store::{ContactRow, FactsRow, KeyEntry};

/// Version of everything that is stored beside contacts to find them by: match keys, facts and words. An organization
/// whose contacts are stored under another one has them made anew by its next batch; until then queries read the
/// contacts themselves.
pub const INDEX_VERSION: i32 = KEY_VERSION * 1_000 + FACTS_VERSION;

/// The facts and words of a contact.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Indexed {
    /// The facts as they are stored.
    pub(crate) row: FactsRow,
    /// The words of names, e-mail addresses and numbers.
    pub(crate) words: BTreeSet<String>,
}

impl Indexed {
    /// Of a contact as it is stored.
    pub(crate) fn stored(contact: &ContactRow) -> Self {
        Self::new(facts_row(contact))
    }

    /// Of a contact before it was changed; none when it was not stored.
    pub(crate) fn before(contact: &Working) -> Option<Self> {
        let head = contact.head()?;
        Some(Self::of(head.id, contact.golden_before()?, head.archived, [head.created_at, head.modified_at]))
    }

    /// Of a contact as it is now; none when it is no more.
    pub(crate) fn after(contact: &Working) -> Option<Self> {
        Some(Self::of(contact.id(), contact.golden()?, contact.archived(), contact.times()))
    }

    fn of(contact: ContactId, golden: &Golden, archived: bool, [created_at, modified_at]: [Timestamp; 2]) -> Self {
        Self::new(FactsRow {
            contact,
            archived,
            created_at: created_at.timestamp_micros(),
            modified_at: modified_at.timestamp_micros(),
            facts: contact_facts(golden),
        })
    }

    fn new(row: FactsRow) -> Self {
        let words = words(&row.facts);
        Self { row, words }
    }

    /// The words as keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = KeyEntry> + '_ {
        self.words.iter().map(|word| KeyEntry { key: word_key(word), contact: self.row.contact })
    }

    /// The words of names of several contacts, each once.
    pub(crate) fn name_words(all: &[Self]) -> Vec<String> {
        let words: BTreeSet<&String> =
            all.iter().flat_map(|own| &own.words).filter(|word| is_name_word(word)).collect();
        words.into_iter().cloned().collect()
    }
}

/// The facts of a stored contact.
pub(super) fn facts_row(contact: &ContactRow) -> FactsRow {
    FactsRow {
        contact: contact.id,
        archived: contact.archived,
        created_at: contact.created_at.timestamp_micros(),
        modified_at: contact.modified_at.timestamp_micros(),
        facts: contact_facts(&contact.golden),
    }
}
