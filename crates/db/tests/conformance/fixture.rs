//! An open store with one organization, and builders of rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tributary_contact::clock::{IdGen, Timestamp};
use tributary_contact::state::State;
use tributary_contact::{
    ContactId, Field, Golden, ItemId, OrganizationId, RecordId, RecordKind, Reference, RunId, SourceRecord, Submission,
    WebhookId,
};
use tributary_db::OpenOptions;
use tributary_store::*;
use tributary_testkit::SeededIds;
use tributary_testkit::pg::TestDatabase;
use uuid::Uuid;

/// A store, its organization, and what keeps its database alive.
pub struct Fixture {
    pub store: Arc<dyn Store>,
    pub url: String,
    pub organization: OrganizationId,
    pub other: OrganizationId,
    pub ids: SeededIds,
    // After the store, so that it is closed first.
    _place: Place,
}

#[expect(dead_code, reason = "held for its drop")]
enum Place {
    Folder(tempfile::TempDir),
    Database(TestDatabase),
}

pub fn sqlite() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("x.db").display());
    fixture(url, Place::Folder(folder))
}

pub fn postgres() -> Option<Fixture> {
    let database = tributary_testkit::pg::migrated("tributary", |url| {
        tributary_db::migrate(url).unwrap();
    })?;
    Some(fixture(database.url().to_owned(), Place::Database(database)))
}

fn fixture(url: String, place: Place) -> Fixture {
    let store = tributary_db::open(&url, &OpenOptions::default()).unwrap();
    let new = || store.writing("organization", |tx| tx.insert_organization(&organization("Harbor"))).unwrap();
    let (organization, other) = (new(), new());
    Fixture { store, url, organization, other, ids: SeededIds::new(1), _place: place }
}

impl Fixture {
    pub fn reading<T>(&self, body: impl FnMut(&mut dyn ReadTx) -> StoreResult<T>) -> T {
        self.store.reading(body).unwrap()
    }

    pub fn writing<T>(&self, body: impl FnMut(&mut dyn WriteTx) -> StoreResult<T>) -> T {
        self.try_writing(body).unwrap()
    }

    pub fn try_writing<T>(&self, body: impl FnMut(&mut dyn WriteTx) -> StoreResult<T>) -> StoreResult<T> {
        self.store.writing("test", body)
    }

    pub fn record_id(&self) -> RecordId {
        RecordId(self.ids.next())
    }

    pub fn held(&self, reference: &str) -> HeldRow {
        let (id, organization) = (self.record_id(), self.organization);
        HeldRow { organization, id, received_at: at(1), key_id: Some(7), submission: submission(reference) }
    }

    pub fn transaction(&self, state: State) -> TransactionRow {
        let assigned = matches!(state, State::Created | State::Merged | State::Unchanged);
        TransactionRow {
            id: self.record_id(),
            received_at: at(1),
            key_id: None,
            submission: submission("r"),
            sent: None,
            state,
            reason: None,
            level: None,
            contact: assigned.then_some(ContactId(1)),
            individual: assigned.then_some(ItemId(10)),
            first_item: assigned.then_some(ItemId(10)),
            run: Some(RunId(1)),
            decided_at: Some(at(2)),
            policy: 0,
            erased: None,
        }
    }

    pub fn direct(&self, contact: i64, kind: RecordKind) -> AssignedRecord {
        let record = SourceRecord {
            id: self.record_id(),
            kind,
            received_at: at(1),
            individual: ItemId(5),
            first_item: ItemId(4),
            submission: submission("d"),
            policy: None,
        };
        AssignedRecord { contact: ContactId(contact), record }
    }

    pub fn insert_contacts(&self, ids: &[i64]) {
        let rows: Vec<_> = ids.iter().map(|id| new_contact(*id)).collect();
        self.writing(|tx| tx.insert_contacts(self.organization, &rows));
    }

    /// Stores an event and its delivery.
    pub fn emit(&self, webhook: i64, contact: i64, sequence: i64, due: i64) -> Uuid {
        let id = self.ids.next();
        let event = event(id, contact, sequence);
        let (contact, webhook) = (ContactId(contact), WebhookId(webhook));
        let delivery = NewDelivery { event: id, webhook, contact, sequence, due_at: at(due) };
        self.writing(|tx| {
            tx.insert_events(self.organization, std::slice::from_ref(&event))?;
            tx.insert_deliveries(self.organization, &[delivery])
        });
        id
    }
}

/// So many seconds after a fixed instant, with microseconds that must not get lost.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp_micros(1_767_323_045_123_456 + seconds * 1_000_000).unwrap()
}

pub fn organization(name: &str) -> Organization {
    Organization {
        id: OrganizationId(0),
        name: name.to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        country: "US".to_owned(),
        batch_cron: "0 0 * * *".to_owned(),
        last_due_at: at(0),
        key_version: 1,
        created_at: at(0),
    }
}

pub fn reference(id: &str) -> Reference {
    Reference { source: "Harbor Giving".to_owned(), id: id.to_owned() }
}

pub fn submission(id: &str) -> Submission {
    let fields = BTreeMap::from([(Field::FirstName, "Zoë \u{1F600} 'quoted'".to_owned())]);
    Submission { reference: Some(reference(id)), fields, changed_at: Some(at(3)), ..Submission::default() }
}

pub fn golden(name: &str) -> Golden {
    let provenance = BTreeMap::from([("name".to_owned(), RecordId(Uuid::from_u128(9)))]);
    Golden { fields: BTreeMap::from([(Field::Name, name.to_owned())]), provenance, ..Golden::default() }
}

pub fn new_contact(id: i64) -> NewContact {
    NewContact { id: ContactId(id), version: 1, sequence: 1, golden: golden("new"), created_at: at(id % 1000) }
}

pub fn update(id: i64, expected_version: i64) -> ContactUpdate {
    let golden = golden("changed");
    let next = expected_version + 1;
    ContactUpdate { id: ContactId(id), expected_version, version: next, sequence: next, golden, modified_at: at(2000) }
}

pub fn settlement(id: RecordId, expected: State, state: State) -> Settlement {
    Settlement {
        id,
        expected,
        state,
        reason: None,
        level: None,
        contact: None,
        individual: None,
        first_item: None,
        run: None,
        decided_at: Some(at(5)),
        policy: 3,
    }
}

pub fn decision(transaction: RecordId, number: i32, outcome: State) -> DecisionRow {
    DecisionRow {
        transaction,
        number,
        run: Some(RunId(1)),
        outcome,
        level: None,
        reason: None,
        contact: Some(ContactId(1)),
        individual: Some(ItemId(2)),
        score: Some(12.5),
        explanation: "{}".to_owned(),
        weights_version: "1".to_owned(),
        policy: 4,
        actor: "batch".to_owned(),
        decided_at: at(2),
        undone_at: None,
    }
}

pub fn event(id: Uuid, contact: i64, sequence: i64) -> EventRow {
    let body = format!("{{\"event\":\"{id}\"}}");
    EventRow { id, contact: ContactId(contact), sequence, kind: EventKind::ContactUpdate, body, created_at: at(1) }
}

pub fn webhook(id: i64) -> WebhookRow {
    WebhookRow {
        id: WebhookId(id),
        payload_url: "https://example.org/hook".to_owned(),
        secret: "whsec_x".to_owned(),
        active: true,
        toggles: BTreeSet::from(["contactCreate".to_owned(), "projectUpdate".to_owned()]),
        disabled_reason: None,
        failing_since: None,
        failed_attempts: 0,
        created_at: at(1),
        previous_secrets: vec![PreviousSecret { secret: "whsec_w".to_owned(), until: at(50) }],
        headers: String::new(),
        options: WebhookOptions { compat_hex: true, ..WebhookOptions::default() },
        paused_at: None,
        probe_at: None,
        warned_at: None,
    }
}

pub fn attempt(claimed: &ClaimedDelivery, end: DeliveryEnd) -> DeliveryResult {
    let attempt = AttemptRow {
        event: claimed.event,
        webhook: claimed.webhook,
        number: claimed.attempt,
        started_at: at(1),
        duration_ms: 12,
        status: Some(200),
        outcome: "delivered".to_owned(),
        response: "ok".to_owned(),
    };
    DeliveryResult { contact: claimed.contact, attempt, end }
}

pub fn conflict_of<T: std::fmt::Debug>(result: StoreResult<T>) -> &'static str {
    match result {
        Err(StoreError::Conflict { what }) => what,
        other => panic!("expected a conflict, got {other:?}"),
    }
}
