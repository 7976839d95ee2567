//! What keeps erased people from coming back: a submission that matches a tombstone waits for a person.

use super::identity::Identity;
use crate::EngineError;
use std::collections::BTreeMap;
use tributary_contact::{OrganizationId, Submission};
use tributary_matching::Outcome;
use tributary_store::{ReadTx, StoreResult, TombstoneKind};
use uuid::Uuid;

/// What a submission has in common with somebody who was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Met {
    /// Nothing.
    #[default]
    Nobody,
    /// A mailbox, a number, or a name at an address.
    Somebody,
    /// A reference.
    Named,
}

impl Met {
    /// Whether it waits for a person whatever the matcher made of it. Whoever is on file under the reference was let
    /// through by a person; and somebody else on file who shares a mailbox or a phone goes on being updated.
    pub(crate) const fn holds(self, outcome: Outcome) -> bool {
        match (self, outcome) {
            (Self::Nobody, _) | (_, Outcome::Merge { by_reference: true, .. }) => false,
            (Self::Somebody, Outcome::Merge { .. }) => false,
            (Self::Somebody | Self::Named, _) => true,
        }
    }
}

/// The tombstones of an organization.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tombstones {
    salt: Option<Vec<u8>>,
}

impl Tombstones {
    /// Ready to be asked. Nothing is asked of an organization that never erased anybody.
    pub(crate) fn read(tx: &mut dyn ReadTx, org: OrganizationId) -> StoreResult<Self> {
        Ok(Self { salt: tx.erasure_salt(org)? })
    }

    /// What each submission has in common with somebody who was erased: one statement for all.
    pub(crate) fn met<'s>(
        &self,
        tx: &mut dyn ReadTx,
        (org, country): (OrganizationId, &str),
        submissions: impl Iterator<Item = &'s Submission>,
    ) -> StoreResult<Vec<Met>> {
        let found = self.found(tx, (org, country), submissions)?;
        Ok(found.into_iter().map(|own| own.0).collect())
    }

    /// The same, with the erasures.
    fn found<'s>(
        &self,
        tx: &mut dyn ReadTx,
        (org, country): (OrganizationId, &str),
        submissions: impl Iterator<Item = &'s Submission>,
    ) -> StoreResult<Vec<(Met, Vec<i64>)>> {
        let Some(salt) = &self.salt else { return Ok(submissions.map(|_| (Met::Nobody, Vec::new())).collect()) };
        let hashes: Vec<_> = submissions.map(|said| Identity::of(said, country).hashes(salt)).collect();
        let mut wanted: Vec<Uuid> = hashes.iter().flatten().map(|(hash, _)| *hash).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut standing: BTreeMap<Uuid, Vec<i64>> = BTreeMap::new();
        for row in tx.tombstones(org, &wanted)? {
            standing.entry(row.hash).or_default().push(row.erasure);
        }
        Ok(hashes.into_iter().map(|own| met(&own, &standing)).collect())
    }
}

fn met(own: &[(Uuid, TombstoneKind)], standing: &BTreeMap<Uuid, Vec<i64>>) -> (Met, Vec<i64>) {
    let (mut met, mut erasures) = (Met::Nobody, Vec::new());
    for (hash, kind) in own {
        let Some(found) = standing.get(hash) else { continue };
        erasures.extend(found);
        met = match (met, kind) {
            (Met::Named, _) | (_, TombstoneKind::Reference) => Met::Named,
            _ => Met::Somebody,
        };
    }
    erasures.sort_unstable();
    erasures.dedup();
    (met, erasures)
}

/// Refuses what would put somebody on file without matching who was erased.
///
/// # Errors
/// [`EngineError::Erased`] with the numbers of the erasures.
pub(crate) fn refuse_erased<'s>(
    tx: &mut dyn ReadTx,
    place: (OrganizationId, &str),
    submissions: impl Iterator<Item = &'s Submission>,
) -> Result<(), EngineError> {
    let tombstones = Tombstones::read(tx, place.0)?;
    let found = tombstones.found(tx, place, submissions)?;
    let mut numbers: Vec<i64> = found.into_iter().flat_map(|(_, erasures)| erasures).collect();
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        return Ok(());
    }
    let numbers = numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let message =
        format!("The data of this person were erased on request; lift the tombstone first (erasure {numbers}).");
    Err(EngineError::Erased { message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tombstone_holds_what_would_bring_somebody_back() {
        let merge = |by_reference| Outcome::Merge { contact: 1, individual: 2, by_reference };
        let all = [Outcome::Create, Outcome::AddIndividual { contact: 1 }, Outcome::Review, merge(false), merge(true)];
        assert_eq!(all.map(|outcome| Met::Nobody.holds(outcome)), [false; 5]);
        assert_eq!(all.map(|outcome| Met::Somebody.holds(outcome)), [true, true, true, false, false]);
        assert_eq!(all.map(|outcome| Met::Named.holds(outcome)), [true, true, true, true, false]);
    }
}
