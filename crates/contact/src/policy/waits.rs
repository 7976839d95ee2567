//! What waits for a person although it matches for sure.

use super::{Policy, SHIPPED, SourceProfile};
use crate::model::{Field, Golden, ItemId, Submission};
use crate::normalise::fold_text;
use crate::sensitive::sensitive_conflicts;
use std::collections::{BTreeMap, BTreeSet};

impl Policy {
    /// What the policy says of the sensitivity of a field, if it says anything.
    fn sensitivity(&self, field: Field) -> Option<bool> {
        self.document.fields.get(field.as_str()).and_then(|field| field.sensitive)
    }

    /// Whether it calls any field sensitive itself, so that rows matched by their data have to be looked at too.
    #[must_use]
    pub fn names_sensitive_fields(&self) -> bool {
        self.document.fields.values().any(|field| field.sensitive == Some(true))
    }

    /// Fields that are sensitive though the shipped policy does not hold them so.
    fn added(&self) -> impl Iterator<Item = Field> {
        let said = self.document.fields.iter().filter(|(_, field)| field.sensitive == Some(true));
        said.filter_map(|(name, _)| Field::parse(name)).filter(|field| !field.is_sensitive())
    }

    /// As [`sensitive_conflicts`], by this policy and for a source that may be trusted with some fields.
    fn conflicts(&self, golden: &Golden, individual: ItemId, incoming: &Submission, by_reference: bool) -> Vec<Field> {
        let mut found = sensitive_conflicts(golden, individual, incoming);
        found.retain(|field| self.sensitivity(*field).unwrap_or(by_reference));
        let person = golden.individual(individual);
        let known = |field: Field| {
            if field.is_individual() { person.and_then(|person| person.field(field)) } else { golden.field(field) }
        };
        let differs = |field: &Field| match (known(*field), incoming.field(*field)) {
            (Some(known), Some(new)) => !fold_text(new).is_empty() && fold_text(known) != fold_text(new),
            _ => false,
        };
        found.extend(self.added().filter(differs));
        let trusted = &source_profile(Some(self), incoming).trusted_with;
        found.retain(|field| !trusted.contains(field));
        found
    }
}

/// What the sender of a submission may do; under no policy that is the shipped profile.
#[must_use]
pub fn source_profile<'a>(policy: Option<&'a Policy>, said: &Submission) -> &'a SourceProfile {
    let source = said.reference.as_ref().map(|reference| reference.source.as_str());
    policy.map_or(&SHIPPED, |policy| policy.profile(source))
}

/// The sensitive fields of the individual that a submission would change and whose change waits for a person. Of a
/// row that its data and not its reference ties to the contact, the matcher has looked at names and birth dates
/// already: then only the fields count that the policy itself calls sensitive.
#[must_use]
pub fn waiting_fields(
    policy: Option<&Policy>,
    golden: &Golden,
    individual: ItemId,
    incoming: &Submission,
    by_reference: bool,
) -> Vec<Field> {
    match policy {
        Some(policy) => policy.conflicts(golden, individual, incoming, by_reference),
        None if by_reference => sensitive_conflicts(golden, individual, incoming),
        None => Vec::new(),
    }
}

/// Whether a contact says something new after a row that may not change it unseen: anything but the name that the
/// sender calls it by, the gifts that came with it, and where its values came from.
#[must_use]
pub fn says_more(before: &Golden, after: &Golden) -> bool {
    let plain = |golden: &Golden| Golden {
        references: BTreeSet::new(),
        giving: None,
        provenance: BTreeMap::new(),
        ..golden.clone()
    };
    plain(before) != plain(after)
}
