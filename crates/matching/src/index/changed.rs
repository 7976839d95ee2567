//! What has changed since rows were decided ahead of their turn.

use rustc_hash::FxHashSet;

/// What the rows of a chunk have changed so far.
#[derive(Default)]
pub(crate) struct Changed {
    /// Keys that find a contact more than before.
    pub(super) keys: FxHashSet<i64>,
    /// Contacts of which something new is known.
    pub(super) contacts: FxHashSet<i64>,
    /// References that name somebody by now.
    pub(super) references: FxHashSet<(Box<str>, Box<str>)>,
}

impl Changed {
    /// Whether a row that depends on these contacts, its keys and its reference has to be decided again.
    pub(crate) fn concerns(&self, reference: Option<(&str, &str)>, keys: &[i64], found: &[i64]) -> bool {
        let named = |(source, id): (&str, &str)| self.references.contains(&(source.into(), id.into()));
        found.iter().any(|contact| self.contacts.contains(contact))
            || keys.iter().any(|key| self.keys.contains(key))
            || (!self.references.is_empty() && reference.is_some_and(named))
    }
}
