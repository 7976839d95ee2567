//! The history of a contact on the wire.

use super::merge::ChangeJson;
use super::page::PageJson;
use serde::Serialize;
use tributary_contact::RecordId;
use tributary_engine::{History, HistoryEntry, Provenance, compat_time};
use utoipa::ToSchema;

/// The history of a contact.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HistoryJson {
    contact_id: i64,
    merged_into_contact_id: Option<i64>,
    /// Each value with the record that supplied it.
    values: Vec<ValueJson>,
    /// Changes, latest first.
    changes: PageJson<EntryJson>,
}

/// Who supplied a value, and when.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ValueJson {
    field: String,
    record_id: RecordId,
    /// `transaction`, `load`, `create` or `edit`; null when the record is another contact's since.
    kind: Option<&'static str>,
    reference_source: Option<String>,
    reference_id: Option<String>,
    received_at_utc: Option<String>,
    changed_at_utc: Option<String>,
    /// Who made a record that came directly.
    actor: Option<String>,
}

/// A change of a contact.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryJson {
    version: i64,
    at_utc: String,
    actor: String,
    action: String,
    record_id: Option<RecordId>,
    batch_id: Option<i64>,
    weights_version: Option<String>,
    policy_version: Option<String>,
    changes: Vec<ChangeJson>,
}

impl From<History> for HistoryJson {
    fn from(history: History) -> Self {
        let list = history.changes.list.into_iter().map(EntryJson::from).collect();
        Self {
            contact_id: history.contact.0,
            merged_into_contact_id: history.merged_into.map(|id| id.0),
            values: history.values.into_iter().map(ValueJson::from).collect(),
            changes: PageJson { list, total: history.changes.total },
        }
    }
}

impl From<Provenance> for ValueJson {
    fn from(value: Provenance) -> Self {
        let supplied = value.supplied;
        let reference = supplied.as_ref().and_then(|own| own.reference.clone());
        let (reference_source, reference_id) = reference.map(|own| (own.source, own.id)).unzip();
        Self {
            field: value.field,
            record_id: value.record,
            kind: supplied.as_ref().map(|own| own.kind.as_str()),
            reference_source,
            reference_id,
            received_at_utc: supplied.as_ref().map(|own| compat_time(own.received_at)),
            changed_at_utc: supplied.as_ref().and_then(|own| own.changed_at).map(compat_time),
            actor: supplied.and_then(|own| own.actor),
        }
    }
}

impl From<HistoryEntry> for EntryJson {
    fn from(entry: HistoryEntry) -> Self {
        Self {
            version: entry.audit.version,
            at_utc: compat_time(entry.audit.at),
            actor: entry.audit.actor,
            action: entry.audit.action,
            record_id: entry.audit.record,
            batch_id: entry.audit.run.map(|id| id.0),
            weights_version: entry.weights_version,
            policy_version: entry.policy_version,
            changes: entry.changes.iter().map(ChangeJson::from).collect(),
        }
    }
}
