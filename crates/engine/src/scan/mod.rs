//! Duplicates over everything on file: a scan that asks of each contact what `CheckDuplicates` asks of one, in chunks
//! under a lease of its own, and keeps the pairs for people to look at. Taken up again where it was cut off.

mod chunk;

use crate::change::Actor;
use crate::matcher::Asking;
use crate::review::Account;
use crate::{Engine, EngineError, Page, Progress};
use chrono::TimeDelta;
use chunk::Scanning;
use std::collections::BTreeMap;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, OrganizationId};
use tributary_matching::Candidate;
use tributary_store::{
    ContactRow, Counter, DuplicatePairRow, DuplicateScanRow, Fence, Organization, PairFilter, ReadTx, StoreExt,
    StoreResult,
};

/// How long a tick goes on with a scan that was cut off: the batches of all organizations wait for the tick.
const SHARE_OF_A_TICK: TimeDelta = TimeDelta::seconds(30);
/// Name of the lease a scan runs under: it may go on beside a batch, but not beside another scan.
const LEASE: &str = "duplicates";

/// How far a scan has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuplicateScan {
    /// How far.
    pub scan: DuplicateScanRow,
    /// Pairs that are open now.
    pub open_pairs: i64,
}

/// What became of the request to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanStart {
    /// Every contact was looked at.
    Finished(DuplicateScan),
    /// A scan of the organization is under way.
    Busy,
    /// The process is shutting down, or has other work to do: the rest is done later.
    Stopped(DuplicateScan),
}

/// Two contacts that may be one, to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct DuplicatePair {
    /// The pair as stored.
    pub row: DuplicatePairRow,
    /// The contact of the lesser number; none when it is no more.
    pub contact: Option<ContactRow>,
    /// The contact of the greater number; none when it is no more.
    pub other: Option<ContactRow>,
    /// The candidate as the matcher gave it.
    pub candidate: Candidate,
    /// The same, step by step.
    pub account: Account,
}

impl Engine {
    /// Looks at every contact on file, or goes on where that was cut off; it returns when that has ended.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] for an unknown organization; the failure that cut it off.
    pub fn scan_duplicates(&self, org: OrganizationId, actor: &Actor) -> Result<ScanStart, EngineError> {
        let organization = self.organization(org)?;
        let Some(fence) = self.lease_for_scan(org)? else { return Ok(ScanStart::Busy) };
        let opened = self.open_scan(&organization, actor);
        let outcome = opened.and_then(|row| self.scan_on(&organization, &fence, row, None));
        drop(self.parts.store.writing("release_scan", |tx| tx.release_lease(org, &fence)));
        outcome
    }

    /// Goes on for a while with a scan that was cut off; none when there is none.
    ///
    /// # Errors
    /// The failure that cut it off again.
    pub(crate) fn resume_scan(&self, organization: &Organization) -> Result<Option<ScanStart>, EngineError> {
        let org = organization.id;
        if self.parts.store.reading(|tx| tx.open_duplicate_scan(org))?.is_none() {
            return Ok(None);
        }
        let Some(fence) = self.lease_for_scan(org)? else { return Ok(None) };
        let open = self.parts.store.reading(|tx| tx.open_duplicate_scan(org)).map_err(EngineError::from);
        let until = Some(self.now() + SHARE_OF_A_TICK);
        let go_on = |row| self.scan_on(organization, &fence, row, until);
        let outcome = open.and_then(|open| open.map(go_on).transpose());
        drop(self.parts.store.writing("release_scan", |tx| tx.release_lease(org, &fence)));
        outcome
    }

    /// How far the newest scan has come.
    ///
    /// # Errors
    /// [`EngineError::NotFound`] when nobody ever asked for one.
    pub fn duplicate_scan(&self, org: OrganizationId) -> Result<DuplicateScan, EngineError> {
        let found = self.parts.store.reading(|tx| {
            let Some(row) = tx.newest_duplicate_scan(org)? else { return Ok(None) };
            view(tx, org, row).map(Some)
        })?;
        found.ok_or(EngineError::NotFound)
    }

    /// Whether a scan is under way in any process.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn scan_running(&self, org: OrganizationId) -> Result<bool, EngineError> {
        let now = self.now();
        Ok(self.parts.store.reading(|tx| tx.lease_holder(org, LEASE, now))?.is_some())
    }

    /// A page of the pairs: the surest first.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn duplicate_pairs(
        &self,
        org: OrganizationId,
        filter: PairFilter,
        skip: i64,
        take: i64,
    ) -> Result<Page<DuplicatePair>, EngineError> {
        let (rows, total, contacts) = self.parts.store.reading(|tx| {
            let rows = tx.duplicate_pair_page(org, filter, skip, take)?;
            let mut ids: Vec<ContactId> = rows.iter().flat_map(|row| [row.contact, row.other]).collect();
            ids.sort_unstable();
            ids.dedup();
            let total = tx.duplicate_pair_count(org, filter)?;
            Ok((rows, total, tx.contacts(org, &ids)?))
        })?;
        let contacts: BTreeMap<ContactId, ContactRow> = contacts.into_iter().map(|row| (row.id, row)).collect();
        let list = rows.into_iter().map(|row| shown(row, &contacts)).collect::<Result<_, _>>()?;
        Ok(Page { list, total })
    }

    fn lease_for_scan(&self, org: OrganizationId) -> Result<Option<Fence>, EngineError> {
        let now = self.now();
        let holder = format!("{}/{}", self.parts.node, self.parts.ids.next());
        let until = now + TimeDelta::seconds(i64::from(self.parts.settings.batch.lease_seconds));
        Ok(self.parts.store.writing("open_scan", |tx| tx.acquire_lease(org, LEASE, &holder, now, until))?)
    }

    /// The scan that was cut off, or a new one.
    fn open_scan(&self, organization: &Organization, actor: &Actor) -> Result<DuplicateScanRow, EngineError> {
        let (org, started_at) = (organization.id, self.now());
        let version = self.parts.store.reading(|tx| crate::matcher::in_force(tx, org, &self.settings().matching))?;
        Ok(self.parts.store.writing("open_scan", |tx| {
            if let Some(open) = tx.open_duplicate_scan(org)? {
                return Ok(open);
            }
            let (total, newest) = tx.contacts_in_all(org)?;
            let row = DuplicateScanRow {
                id: tx.allocate(org, Counter::DuplicateScan, 1)?,
                position: ContactId(0),
                last_contact: newest.unwrap_or(ContactId(0)),
                contacts: 0,
                total,
                weights_version: version.weights.version.clone(),
                actor: actor.to_string(),
                started_at,
                finished_at: None,
            };
            tx.insert_duplicate_scan(org, &row)?;
            Ok(row)
        })?)
    }

    fn scan_on(
        &self,
        organization: &Organization,
        fence: &Fence,
        row: DuplicateScanRow,
        until: Option<Timestamp>,
    ) -> Result<ScanStart, EngineError> {
        let org = organization.id;
        let threads = self.settings().batch.threads;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(EngineError::internal)?;
        let asking = self.parts.store.reading(|tx| Asking::read(tx, organization, self))?;
        let mut scanning = Scanning { engine: self, organization, fence, row, asking, pool };
        while scanning.step()? {
            self.settings().probe.at("scanned")?;
            let done = u64::try_from(scanning.row.contacts).unwrap_or(0);
            let total = u64::try_from(scanning.row.total).unwrap_or(0).max(done);
            self.tell_progress(Progress { organization: org, stage: "scan", done, total });
            if self.is_stopping() || until.is_some_and(|until| self.now() >= until) {
                return self.seen_so_far(org, scanning.row).map(ScanStart::Stopped);
            }
        }
        let row = scanning.finish()?;
        self.seen_so_far(org, row).map(ScanStart::Finished)
    }

    fn seen_so_far(&self, org: OrganizationId, row: DuplicateScanRow) -> Result<DuplicateScan, EngineError> {
        Ok(self.parts.store.reading(|tx| view(tx, org, row.clone()))?)
    }
}

fn view(tx: &mut dyn ReadTx, org: OrganizationId, scan: DuplicateScanRow) -> StoreResult<DuplicateScan> {
    Ok(DuplicateScan { open_pairs: tx.duplicate_pair_count(org, PairFilter::default())?, scan })
}

fn shown(row: DuplicatePairRow, contacts: &BTreeMap<ContactId, ContactRow>) -> Result<DuplicatePair, EngineError> {
    let candidate: Candidate = serde_json::from_str(&row.explanation).map_err(EngineError::internal)?;
    Ok(DuplicatePair {
        contact: contacts.get(&row.contact).cloned(),
        other: contacts.get(&row.other).cloned(),
        account: Account::of(&candidate),
        candidate,
        row,
    })
}
