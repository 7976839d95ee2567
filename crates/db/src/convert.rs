//! Between stored values and domain values. What cannot be understood is reported by table and column.

use crate::rows::{FoundKey, FoundReference};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tributary_contact::clock::Timestamp;
use tributary_contact::{ContactId, RecordId, Reference};
use tributary_store::{KeyEntry, ReferenceEntry, StoreError, StoreResult};
use uuid::Uuid;

/// Microseconds since 1970.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.timestamp_micros()
}

/// A UUID as it is stored: 16 bytes, so that version 7 orders by time.
pub(crate) fn bytes(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}

/// The UUIDs of record ids.
pub(crate) fn uuids(ids: &[RecordId]) -> Vec<Uuid> {
    ids.iter().map(|id| id.0).collect()
}

/// JSON text of a value.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Other(error.into()))
}

/// The entry of a found key.
pub(crate) fn key_entry(row: FoundKey) -> KeyEntry {
    KeyEntry { key: row.key, contact: ContactId(row.contact_id) }
}

/// The entry of a found reference.
pub(crate) fn reference_entry(row: FoundReference) -> ReferenceEntry {
    ReferenceEntry { reference: Reference { source: row.source, id: row.id }, contact: ContactId(row.contact_id) }
}

/// Where a stored value comes from, for the error when it cannot be understood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column(pub &'static str, pub &'static str);

impl Column {
    fn corrupt(self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
        StoreError::Corrupt { table: self.0, column: self.1, source: source.into() }
    }

    /// The instant of a stored number.
    pub(crate) fn instant(self, micros: i64) -> StoreResult<Timestamp> {
        Timestamp::from_timestamp_micros(micros).ok_or_else(|| self.corrupt("not an instant"))
    }

    /// The instant of a stored number, if there is one.
    pub(crate) fn instant_or_none(self, micros: Option<i64>) -> StoreResult<Option<Timestamp>> {
        micros.map(|value| self.instant(value)).transpose()
    }

    /// The UUID of stored bytes.
    pub(crate) fn uuid(self, stored: &[u8]) -> StoreResult<Uuid> {
        Uuid::from_slice(stored).map_err(|error| self.corrupt(error))
    }

    /// The record id of stored bytes.
    pub(crate) fn record(self, stored: &[u8]) -> StoreResult<RecordId> {
        self.uuid(stored).map(RecordId)
    }

    /// The value of stored JSON. The cause names a place in the text, never the text itself.
    pub(crate) fn json<T: DeserializeOwned>(self, text: &str) -> StoreResult<T> {
        serde_json::from_str(text).map_err(|error| {
            self.corrupt(format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column()))
        })
    }

    /// A value that has to be there.
    pub(crate) fn present<T>(self, value: Option<T>) -> StoreResult<T> {
        value.ok_or_else(|| self.corrupt("missing"))
    }

    /// The value of a stored code.
    pub(crate) fn code<T>(self, parse: impl Fn(&str) -> Option<T>, text: &str) -> StoreResult<T> {
        parse(text).ok_or_else(|| self.corrupt("unknown code"))
    }

    /// The value of a stored code, if there is one.
    pub(crate) fn code_or_none<T>(
        self,
        parse: impl Fn(&str) -> Option<T>,
        text: Option<&str>,
    ) -> StoreResult<Option<T>> {
        text.map(|text| self.code(parse, text)).transpose()
    }
}
