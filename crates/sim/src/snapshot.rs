//! Everything that is stored and everything that arrived, read once after a step, so that properties are pure.

use crate::receiver::Arrival;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::{ContactId, OrganizationId, RecordId, Reference, Submission, WebhookId};
use tributary_engine::{Engine, EngineError, Health, RunView, TransactionView};
use tributary_store::{
    AssignedRecord, AuditRow, ContactRow, DeliveryFilter, DeliveryRow, EventRow, HeldRow, KeyEntry, ReadTx,
    ReferenceEntry, StoreExt, StoreResult, TransactionRow, WebhookRow,
};

/// More rows than a simulation makes.
const ALL: i64 = 1_000_000;

/// What to look for.
#[derive(Debug, Default)]
pub struct Interest {
    /// Submissions that were acknowledged, as they were sent.
    pub acknowledged: BTreeMap<RecordId, Submission>,
    /// References that were ever sent.
    pub references: BTreeSet<Reference>,
    /// Match keys of everything that was ever sent.
    pub keys: BTreeSet<i64>,
}

/// The stored state between two steps.
#[derive(Debug)]
pub struct Snapshot {
    /// Rows of the holding ledger.
    pub held: Vec<HeldRow>,
    /// Rows of the main database.
    pub transactions: Vec<TransactionRow>,
    /// What was sent in each acknowledged submission.
    pub sent: BTreeMap<RecordId, Submission>,
    /// What the engine answers for each acknowledged submission.
    pub views: BTreeMap<RecordId, Option<TransactionView>>,
    /// Which submissions the engine lists for each reference.
    pub by_reference: BTreeMap<Reference, Vec<RecordId>>,
    /// Contacts.
    pub contacts: BTreeMap<ContactId, ContactRow>,
    /// Source records of the contacts.
    pub records: Vec<AssignedRecord>,
    /// References and their contacts.
    pub references: Vec<ReferenceEntry>,
    /// Match keys and their contacts.
    pub keys: BTreeSet<KeyEntry>,
    /// Term counts.
    pub terms: BTreeMap<i64, i64>,
    /// Audit rows of every contact that ever had an event.
    pub audit: BTreeMap<ContactId, Vec<AuditRow>>,
    /// Events, in order.
    pub events: Vec<EventRow>,
    /// Subscriptions.
    pub webhooks: Vec<WebhookRow>,
    /// Their deliveries.
    pub deliveries: BTreeMap<WebhookId, Vec<DeliveryRow>>,
    /// What the engine counts.
    pub health: Health,
    /// Runs, newest first.
    pub runs: Vec<RunView>,
    /// What the receiver got.
    pub arrivals: Vec<Arrival>,
}

/// The part that one read transaction gives.
struct Stored {
    transactions: Vec<TransactionRow>,
    contacts: BTreeMap<ContactId, ContactRow>,
    records: Vec<AssignedRecord>,
    references: Vec<ReferenceEntry>,
    keys: BTreeSet<KeyEntry>,
    terms: BTreeMap<i64, i64>,
    audit: BTreeMap<ContactId, Vec<AuditRow>>,
    events: Vec<EventRow>,
    webhooks: Vec<WebhookRow>,
    deliveries: BTreeMap<WebhookId, Vec<DeliveryRow>>,
}

impl Snapshot {
    /// Reads it.
    ///
    /// # Errors
    /// Any failure of the store.
    pub fn read(
        engine: &Engine,
        org: OrganizationId,
        interest: &Interest,
        arrivals: Vec<Arrival>,
    ) -> Result<Self, EngineError> {
        let ledger = engine.store().ledger();
        let held = match ledger.newest(org)? {
            Some(newest) => ledger.claim(org, None, newest, ALL)?.rows,
            None => Vec::new(),
        };
        let stored = engine.store().reading(|tx| stored(tx, org, interest))?;
        let view = |id: &RecordId| Ok((*id, engine.transaction(org, *id)?));
        let listed = |reference: &Reference| {
            let views = engine.transactions_by_reference(org, reference)?;
            Ok((reference.clone(), views.iter().map(|view| view.id).collect()))
        };
        Ok(Self {
            held,
            transactions: stored.transactions,
            sent: interest.acknowledged.clone(),
            views: interest.acknowledged.keys().map(view).collect::<Result<_, EngineError>>()?,
            by_reference: interest.references.iter().map(listed).collect::<Result<_, EngineError>>()?,
            contacts: stored.contacts,
            records: stored.records,
            references: stored.references,
            keys: stored.keys,
            terms: stored.terms,
            audit: stored.audit,
            events: stored.events,
            webhooks: stored.webhooks,
            deliveries: stored.deliveries,
            health: engine.health(org)?,
            runs: engine.runs(org, 0, ALL)?.list,
            arrivals,
        })
    }

    /// The outcome as lines, equal for equal histories: no durations and no due times, which chance spreads.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let transactions = self.transactions.iter().map(|row| {
            let (state, reason, level) = (row.state, row.reason, row.level);
            format!("{} {state} {reason:?} {level:?} {:?} {:?} {:?}", row.id, row.contact, row.individual, row.run)
        });
        let contacts = self.contacts.values().map(|row| {
            let golden = serde_json::to_string(&row.golden).unwrap_or_default();
            format!("{} v{} s{} {golden}", row.id, row.version, row.sequence)
        });
        let events = self.events.iter().map(|event| format!("{} {}", event.id, event.body));
        let deliveries = self.deliveries.values().flatten();
        let deliveries = deliveries.map(|row| format!("{} {} {} {}", row.webhook, row.event, row.state, row.attempts));
        // Two subscribers are served side by side, so order means something for each alone.
        let mut arrivals: Vec<_> = self.arrivals.iter().collect();
        arrivals.sort_by_key(|arrival| arrival.url.clone());
        let arrivals = arrivals.into_iter().map(|a| format!("{} {:?} {} {}", a.url, a.event, a.at, a.taken));
        transactions.chain(contacts).chain(events).chain(deliveries).chain(arrivals).collect()
    }
}

fn stored(tx: &mut dyn ReadTx, org: OrganizationId, interest: &Interest) -> StoreResult<Stored> {
    let contacts: BTreeMap<_, _> = tx.contact_page(org, None, ALL)?.into_iter().map(|row| (row.id, row)).collect();
    let ids: Vec<ContactId> = contacts.keys().copied().collect();
    let events = tx.event_page(org, None, ALL)?;
    let ever: BTreeSet<ContactId> = events
        .iter()
        .map(|event| event.contact)
        .chain(ids.iter().copied())
        .filter(|id| *id != EventRow::NO_CONTACT)
        .collect();
    let webhooks = tx.webhooks(org)?;
    let references: Vec<Reference> = interest.references.iter().cloned().collect();
    let keys: Vec<i64> = interest.keys.iter().copied().collect();
    Ok(Stored {
        transactions: tx.transaction_page(org, None, ALL)?,
        records: tx.source_records(org, &ids)?,
        references: tx.contacts_by_reference(org, &references)?,
        keys: tx.contacts_by_key(org, &keys, ALL)?.into_iter().collect(),
        terms: tx.term_counts(org)?.into_iter().collect(),
        audit: ever.into_iter().map(|id| Ok((id, tx.audit(org, id)?))).collect::<StoreResult<_>>()?,
        deliveries: webhooks
            .iter()
            .map(|webhook| Ok((webhook.id, tx.deliveries(org, webhook.id, DeliveryFilter::All, None, ALL)?)))
            .collect::<StoreResult<_>>()?,
        contacts,
        events,
        webhooks,
    })
}
