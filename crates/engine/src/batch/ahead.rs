//! What can be done of the next chunk while one is written: it is taken up, its rows are normalised, and contacts that
//! they could have to do with are read.
//!
//! Nothing is decided ahead. Who comes into question is looked up again once the write is through; what was read
//! ahead only saves reading it then. A contact that the write changed is known to the run as it is afterwards, and
//! that is not replaced by what was read before.

use super::chunk::{Chunk, Known, Phase, WorkRow, load, looked_up, wanted_contacts};
use super::people::Seen;
use super::session::Session;
use crate::EngineError;
use crate::change::Profiles;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;
use tributary_contact::{ContactId, RecordId, SourceRecord};
use tributary_matching::Profile;
use tributary_store::{Counter, StoreExt};

/// The next chunk, as far as it is prepared.
pub(super) struct Ahead {
    claimed: Option<(Chunk, Phase)>,
    profiles: Vec<(RecordId, Arc<Profile>)>,
    seen: Vec<(i64, Seen)>,
    /// The organization's revision when contacts were read.
    revision: i64,
}

impl Ahead {
    /// Prepares what follows the session's chunk. None where that cannot be done ahead, or failed: then it is done, or
    /// fails, when its turn comes.
    pub(super) fn prepare(session: &Session<'_>, phase: Phase) -> Option<Self> {
        // A person can still change what was sent back.
        let Phase::Ledger(after) = phase else { return None };
        let claimed = Chunk::held(session, after).ok()?;
        let rows = claimed.as_ref().map_or(&[] as &[WorkRow], |(chunk, _)| &chunk.rows);
        let profiles = session.normalise(rows);
        let (revision, contacts) = session.read_ahead(&profiles).ok()?;
        let mut profiles: Vec<_> = rows.iter().map(|row| row.id).zip(profiles).collect();
        profiles.extend(session.missing_profiles(&contacts));
        let (known, country) = (profiles.iter().cloned().collect::<Profiles>(), &session.organization.country);
        let seen =
            |(contact, own): (&i64, &Known)| (*contact, Seen::of(own.head.version, &own.records, &known, country));
        Some(Self { seen: contacts.iter().map(seen).collect(), claimed, profiles, revision })
    }
}

impl Session<'_> {
    /// The chunk that was prepared, with what was read for it.
    pub(super) fn take_up(&mut self, ahead: Ahead) -> Option<(Chunk, Phase)> {
        self.profiles.keep(ahead.profiles);
        self.people.add(ahead.seen, ahead.revision);
        ahead.claimed
    }

    /// The contacts under the keys of these profiles that the run does not know yet.
    fn read_ahead(&self, profiles: &[Arc<Profile>]) -> Result<(i64, FxHashMap<i64, Known>), EngineError> {
        let (id, keys) = (self.organization.id, looked_up(profiles));
        let read = self.engine.parts.store.reading(|tx| {
            let revision = tx.counter(id, Counter::Revision)?;
            let found = wanted_contacts(&tx.contacts_by_key(id, &keys.0, keys.1)?, &FxHashSet::default());
            let missing: Vec<_> =
                found.into_iter().filter(|contact| !self.people.knows(*contact)).map(ContactId).collect();
            Ok((revision, load(tx, id, &missing)?))
        });
        read.map_err(EngineError::from)
    }

    /// Profiles of records that none was computed of.
    pub(super) fn missing_profiles(&self, loaded: &FxHashMap<i64, Known>) -> Vec<(RecordId, Arc<Profile>)> {
        let records = loaded.values().flat_map(|known| &known.records);
        let missing: Vec<&SourceRecord> = records.filter(|record| self.profiles.get(record.id).is_none()).collect();
        let country = &self.organization.country;
        let profile = |record: &&SourceRecord| (record.id, Arc::new(Profile::of(&record.submission, country)));
        self.pool.install(|| missing.par_iter().map(profile).collect())
    }
}
