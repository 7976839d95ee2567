//! The work of a scan: chunk by chunk, each with how far it has come. A chunk costs a fixed number of statements: one
//! look-up by key for all its contacts, one of their records and of those they meet.

use crate::matcher::{Around, Asking, Said};
use crate::{Engine, EngineError};
use chrono::TimeDelta;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, SourceRecord};
use tributary_matching::Candidate;
use tributary_store::{
    Counter, DuplicatePairRow, DuplicateScanRow, Fence, Organization, PairBand, PairClosed, ReadTx, StoreError,
    StoreExt, StoreResult, WriteTx,
};

/// How often a chunk is looked at again when people merged or said something meanwhile.
const TRIES: usize = 8;

/// Two contacts, the lesser number first.
type Pair = (ContactId, ContactId);

/// A scan under way.
pub(super) struct Scanning<'a> {
    pub(super) engine: &'a Engine,
    pub(super) organization: &'a Organization,
    pub(super) fence: &'a Fence,
    pub(super) row: DuplicateScanRow,
    pub(super) asking: Asking<'a>,
    pub(super) pool: rayon::ThreadPool,
}

/// The contacts of a chunk with what is said of them, and everybody they can meet.
struct Chunk {
    contacts: Vec<(ContactId, Said)>,
    around: Around,
}

impl Scanning<'_> {
    /// Looks at one chunk; false when there was none left.
    pub(super) fn step(&mut self) -> Result<bool, EngineError> {
        for _ in 1..TRIES {
            match self.step_once() {
                Err(EngineError::Raced) => self.note_race()?,
                done => return done,
            }
        }
        self.step_once()
    }

    /// Stores a number that was given out and never committed: read again, it is the one that is compared with.
    fn note_race(&self) -> Result<(), EngineError> {
        metrics::counter!("tributary_races_total", "write" => "scan").increment(1);
        let org = self.organization.id;
        self.engine.parts.store.writing("scan", |tx| tx.allocate(org, Counter::Revision, 0))?;
        Ok(())
    }

    fn step_once(&mut self) -> Result<bool, EngineError> {
        let Some(chunk) = self.read()? else { return Ok(false) };
        let found = self.found(&chunk);
        self.engine.settings().probe.at("scanning")?;
        let contacts: Vec<ContactId> = chunk.contacts.iter().map(|(contact, _)| *contact).collect();
        let row = DuplicateScanRow {
            position: contacts.last().copied().unwrap_or(self.row.last_contact),
            contacts: self.row.contacts + i64::try_from(contacts.len()).unwrap_or(0),
            ..self.row.clone()
        };
        self.write(&row, &contacts, &found)?;
        self.row = row;
        Ok(true)
    }

    /// Ends the scan: what it did not find again is closed.
    pub(super) fn finish(self) -> Result<DuplicateScanRow, EngineError> {
        let (org, now, until) = (self.organization.id, self.engine.now(), self.lease_end());
        let row = DuplicateScanRow { finished_at: Some(now), ..self.row };
        let closed = self.engine.parts.store.writing("close_scan", |tx| {
            tx.extend_lease(org, self.fence, until)?;
            tx.close_duplicate_pairs_before(org, row.id, PairClosed::NoLonger, now)?;
            tx.update_duplicate_scan(org, &row)
        });
        closed.map_err(from_fenced)?;
        tracing::info!(organization = org.0, scan = row.id, contacts = row.contacts, "scanned for duplicates");
        Ok(row)
    }

    fn lease_end(&self) -> Timestamp {
        self.engine.now() + TimeDelta::seconds(i64::from(self.engine.settings().batch.lease_seconds))
    }

    fn read(&mut self) -> Result<Option<Chunk>, EngineError> {
        let limit = i64::try_from(self.engine.settings().batch.chunk_rows.max(1)).unwrap_or(i64::MAX);
        let (row, organization, asking, pool) = (&self.row, self.organization, &mut self.asking, &self.pool);
        Ok(self.engine.parts.store.reading(|tx| {
            asking.refresh(tx)?;
            let ids = tx.contacts_between(organization.id, row.position, row.last_contact, limit)?;
            if ids.is_empty() { Ok(None) } else { Chunk::read(tx, organization, &ids, pool).map(Some) }
        })?)
    }

    /// The pairs that the contacts of the chunk are part of, each as the surer of the two sees it.
    fn found(&self, chunk: &Chunk) -> BTreeMap<Pair, (Candidate, PairBand)> {
        let ask = |(contact, said): &(ContactId, Said)| {
            let decision = self.asking.weigh(*contact, said, &chunk.around);
            let worth = |one: Candidate| self.asking.band(&one).of_pair().map(|band| (*contact, one, band));
            decision.candidates.into_iter().filter_map(worth).collect::<Vec<_>>()
        };
        let asked: Vec<_> = self.pool.install(|| chunk.contacts.par_iter().map(ask).collect());
        let mut pairs = BTreeMap::new();
        for (contact, candidate, band) in asked.into_iter().flatten() {
            let pair = pair(contact, ContactId(candidate.contact));
            let surer =
                pairs.get(&pair).is_none_or(|(known, _): &(Candidate, _)| candidate.probability > known.probability);
            if surer {
                pairs.insert(pair, (candidate, band));
            }
        }
        pairs
    }

    /// One transaction: the pairs, and how far the scan has come.
    ///
    /// # Errors
    /// [`EngineError::Raced`] when somebody merged or said something since the chunk was read.
    fn write(
        &self,
        row: &DuplicateScanRow,
        contacts: &[ContactId],
        found: &BTreeMap<Pair, (Candidate, PairBand)>,
    ) -> Result<(), EngineError> {
        let (org, until, now) = (self.organization.id, self.lease_end(), self.engine.now());
        let written = self.engine.parts.store.writing("scan", |tx| {
            tx.extend_lease(org, self.fence, until)?;
            // Nothing is taken; but whoever changes contacts outside a batch waits here until this is committed.
            if tx.allocate(org, Counter::Revision, 0)? != self.asking.revision() {
                return Err(StoreError::Conflict { what: "contact" });
            }
            let pairs = self.merged(tx, contacts, found, now)?;
            tx.replace_duplicate_pairs(org, contacts, &pairs)?;
            tx.update_duplicate_scan(org, row)
        });
        written.map_err(from_fenced)
    }

    /// All pairs of the contacts as they are to be: those found now, and what is known of the others.
    fn merged(
        &self,
        tx: &mut dyn WriteTx,
        contacts: &[ContactId],
        found: &BTreeMap<Pair, (Candidate, PairBand)>,
        now: Timestamp,
    ) -> StoreResult<Vec<DuplicatePairRow>> {
        let org = self.organization.id;
        let known = tx.duplicate_pairs_of(org, contacts)?;
        let mut pairs: BTreeMap<Pair, DuplicatePairRow> =
            known.into_iter().map(|row| ((row.contact, row.other), row)).collect();
        for (pair, (candidate, band)) in found {
            let known = pairs.get(pair).filter(|known| known.closed.is_none());
            // The other side was asked in an earlier chunk of this scan, and was surer.
            if known.is_some_and(|known| known.scan == self.row.id && known.score >= candidate.probability) {
                continue;
            }
            let row = DuplicatePairRow {
                contact: pair.0,
                other: pair.1,
                score: candidate.probability,
                band: *band,
                explanation: serde_json::to_string(candidate).map_err(|error| StoreError::Other(error.into()))?,
                weights_version: self.asking.version().to_owned(),
                scan: self.row.id,
                found_at: known.map_or(now, |known| known.found_at),
                closed: None,
            };
            pairs.insert(*pair, row);
        }
        Ok(pairs.into_values().collect())
    }
}

impl Chunk {
    fn read(
        tx: &mut dyn ReadTx,
        organization: &Organization,
        ids: &[ContactId],
        pool: &rayon::ThreadPool,
    ) -> StoreResult<Self> {
        let (org, country) = (organization.id, organization.country.as_str());
        let mut records: BTreeMap<ContactId, Vec<SourceRecord>> = ids.iter().map(|id| (*id, Vec::new())).collect();
        for own in tx.source_records(org, ids)? {
            records.entry(own.contact).or_default().push(own.record);
        }
        let said = |(contact, records): (ContactId, Vec<SourceRecord>)| (contact, Said::of(&records, country));
        let contacts: Vec<(ContactId, Said)> = pool.install(|| records.into_par_iter().map(said).collect());
        let keys: BTreeSet<i64> = contacts.iter().flat_map(|(_, said)| said.keys()).collect();
        let keys: Vec<i64> = keys.into_iter().collect();
        let around = Around::read(tx, (org, country), (&keys, &[]), None)?;
        Ok(Self { contacts, around })
    }
}

fn pair(one: ContactId, other: ContactId) -> Pair {
    (one.min(other), one.max(other))
}

/// A lost lease is no defect: another process goes on with the scan.
fn from_fenced(error: StoreError) -> EngineError {
    match error {
        StoreError::Fenced { .. } => EngineError::Unavailable(error),
        other => other.into(),
    }
}
