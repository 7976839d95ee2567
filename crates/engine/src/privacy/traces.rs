//! Where else a contact has left traces: in what is told of contacts that it was once taken for, in events about its
//! submissions, in rows that wait or were refused.

use super::identity::Identity;
use crate::change::without_personal_data;
use crate::review::explained;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::clock::Timestamp;
use tributary_contact::state::State;
use tributary_contact::{ContactId, OrganizationId, RecordId};
use tributary_store::{
    ChainedRow, DecisionRow, EventRow, Gone, HeldRow, Ledger, MergeRow, ReadTx, StoreResult, TransactionRow, WriteTx,
};
use uuid::Uuid;

/// Rows read at once.
const PAGE: i64 = 1_000;

/// Another contact, and the time in which it showed what was this one's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stay {
    contact: ContactId,
    from: Timestamp,
    to: Timestamp,
}

impl Stay {
    fn covers(&self, contact: ContactId, at: Timestamp) -> bool {
        self.contact == contact && self.from <= at && at <= self.to
    }
}

/// Everything that is told of contacts and shows what was theirs.
pub(super) struct Told {
    /// Changes whose content goes.
    pub(super) audit: Vec<ChainedRow>,
    /// Events whose content goes.
    pub(super) events: Vec<EventRow>,
}

impl Told {
    /// Of these contacts, and of all others in the time in which these rows were taken for theirs.
    pub(super) fn of(
        tx: &mut dyn ReadTx,
        org: OrganizationId,
        family: &[ContactId],
        rows: &[RecordId],
        now: Timestamp,
    ) -> StoreResult<Self> {
        let decisions = decisions(tx, org, rows)?;
        let stays = stays(tx, org, family, &decisions, now)?;
        let own: BTreeSet<ContactId> = family.iter().copied().collect();
        let all: BTreeSet<ContactId> = own.iter().copied().chain(stays.iter().map(|stay| stay.contact)).collect();
        let all: Vec<ContactId> = all.into_iter().collect();
        let shows = |contact: ContactId, at: Timestamp| {
            own.contains(&contact) || stays.iter().any(|stay| stay.covers(contact, at))
        };
        let mut audit = tx.audit_about(org, &all)?;
        audit.retain(|row| row.erased.is_none() && shows(row.row.contact, row.row.at));
        let mut events = tx.events_about(org, &all)?;
        events.retain(|event| shows(event.contact, event.created_at));
        events.extend(of_rows(tx, org, rows, &decisions)?);
        Ok(Self { audit, events })
    }
}

fn decisions(tx: &mut dyn ReadTx, org: OrganizationId, rows: &[RecordId]) -> StoreResult<Vec<DecisionRow>> {
    let mut all = Vec::new();
    for id in rows {
        all.extend(tx.decisions(org, *id)?);
    }
    Ok(all)
}

/// The events of rows that no contact tells of.
fn of_rows(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    rows: &[RecordId],
    decisions: &[DecisionRow],
) -> StoreResult<Vec<EventRow>> {
    let instants: BTreeSet<Timestamp> = decisions.iter().map(|decision| decision.decided_at).collect();
    let mut events = tx.events_about_nobody(org, &instants.into_iter().collect::<Vec<_>>())?;
    let ids: BTreeSet<String> = rows.iter().map(ToString::to_string).collect();
    events.retain(|event| transaction_of(event).is_some_and(|id| ids.contains(&id)));
    Ok(events)
}

fn transaction_of(event: &EventRow) -> Option<String> {
    let body: serde_json::Value = serde_json::from_str(&event.body).ok()?;
    body.pointer("/transaction/id")?.as_str().map(str::to_owned)
}

/// When rows were part of other contacts, and contacts merged into others, before that was taken back.
fn stays(
    tx: &mut dyn ReadTx,
    org: OrganizationId,
    family: &[ContactId],
    decisions: &[DecisionRow],
    now: Timestamp,
) -> StoreResult<Vec<Stay>> {
    let stay = |decision: &DecisionRow| {
        let contact = decision.contact.filter(|contact| !family.contains(contact))?;
        Some(Stay { contact, from: decision.decided_at, to: decision.undone_at.unwrap_or(now) })
    };
    let mut stays: Vec<Stay> = decisions.iter().filter_map(stay).collect();
    // A contact that was merged away for a while was shown by its survivor, and by the survivor of that one.
    let mut merged: Vec<ContactId> = family.iter().copied().chain(stays.iter().map(|stay| stay.contact)).collect();
    let mut seen: BTreeSet<ContactId> = merged.iter().copied().collect();
    while !merged.is_empty() {
        let merges = tx.merges_about(org, &merged)?;
        let away = merges.iter().filter(|merge| merged.contains(&merge.merged) && !family.contains(&merge.survivor));
        let found: Vec<Stay> = away.map(|merge| of_merge(merge, now)).collect();
        merged = found.iter().map(|stay| stay.contact).filter(|contact| seen.insert(*contact)).collect();
        stays.extend(found);
    }
    Ok(stays)
}

fn of_merge(merge: &MergeRow, now: Timestamp) -> Stay {
    let to = merge.undone.as_ref().map_or(now, |(_, at)| *at);
    Stay { contact: merge.survivor, from: merge.merged_at, to }
}

/// What became of looking for rows that speak of somebody and are part of no contact.
#[derive(Default)]
pub(super) struct Loose {
    /// Rows about nobody else.
    pub(super) own: Vec<TransactionRow>,
    /// Rows that may be about somebody else, or are decided together with others: they stay.
    pub(super) left: Vec<RecordId>,
}

impl Loose {
    /// Looks through what waits, what was sent back and what was refused.
    pub(super) fn find(
        tx: &mut dyn ReadTx,
        (org, country): (OrganizationId, &str),
        whom: &Identity,
        family: &[ContactId],
    ) -> StoreResult<Self> {
        let mut loose = Self::default();
        for state in [State::Held, State::NeedsUpdate, State::Rejected] {
            let mut after = None;
            loop {
                let page = tx.transactions_in_state(org, state, after, PAGE)?;
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                let rows = page.into_iter().filter(|row| row.erased.is_none() && shares(whom, row, country));
                for row in rows.collect::<Vec<_>>() {
                    loose.take(tx, org, (whom, country), family, row)?;
                }
            }
        }
        Ok(loose)
    }

    fn take(
        &mut self,
        tx: &mut dyn ReadTx,
        org: OrganizationId,
        (whom, country): (&Identity, &str),
        family: &[ContactId],
        row: TransactionRow,
    ) -> StoreResult<()> {
        let said = Identity::of(&row.submission, country);
        let others =
            explained(&tx.decisions(org, row.id)?).into_iter().any(|one| !family.contains(&ContactId(one.contact)));
        // What was refused is of no use to anybody.
        let alone = row.state == State::Rejected || !others;
        if alone && (whom.shares_reference(&said) || whom.may_be_named_as(&said)) {
            self.own.push(row);
        } else if row.state != State::Rejected {
            self.left.push(row.id);
        }
        Ok(())
    }
}

fn shares(whom: &Identity, row: &TransactionRow, country: &str) -> bool {
    let sent = row.sent.as_deref().unwrap_or(&row.submission);
    whom.shares(&Identity::of(&row.submission, country)) || whom.shares(&Identity::of(sent, country))
}

/// Rows of the holding ledger that are about nobody else: nothing was decided about them yet.
pub(super) fn held_about(
    ledger: &dyn Ledger,
    (org, country): (OrganizationId, &str),
    whom: &Identity,
) -> StoreResult<Vec<HeldRow>> {
    let Some(newest) = ledger.newest(org)? else { return Ok(Vec::new()) };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let claim = ledger.claim(org, after, newest, PAGE)?;
        after = claim.rows.iter().map(|row| row.id).chain(claim.unreadable.iter().copied()).max();
        if after.is_none() {
            return Ok(found);
        }
        let about = |row: &HeldRow| {
            let said = Identity::of(&row.submission, country);
            whom.shares(&said) && (whom.shares_reference(&said) || whom.may_be_named_as(&said))
        };
        found.extend(claim.rows.into_iter().filter(about));
    }
}

/// The bodies that events are left with.
pub(super) fn blank_bodies(events: &[EventRow]) -> Vec<(Uuid, String)> {
    let bodies: BTreeMap<Uuid, String> =
        events.iter().map(|event| (event.id, without_personal_data(&event.body))).collect();
    bodies.into_iter().collect()
}

/// Takes away what rows said that are part of no contact.
pub(crate) fn forget_rows(
    tx: &mut dyn WriteTx,
    org: OrganizationId,
    rows: &[&TransactionRow],
    at: Timestamp,
) -> StoreResult<()> {
    let ids: Vec<RecordId> = rows.iter().map(|row| row.id).collect();
    let decisions = decisions(tx, org, &ids)?;
    let events = of_rows(tx, org, &ids, &decisions)?;
    tx.erase_events(org, &blank_bodies(&events))?;
    tx.erase_transactions(org, &ids, at)?;
    let gifts = rows.iter().filter_map(|row| row.submission.gift.as_deref());
    let gifts: Vec<(String, String)> = gifts.map(|gift| (gift.source.clone(), gift.id.clone())).collect();
    let gone = Gone { contacts: &[], individuals: &[], records: &ids, references: &[], gifts: &gifts, words: &[] };
    tx.erase_beside(org, &gone)
}
