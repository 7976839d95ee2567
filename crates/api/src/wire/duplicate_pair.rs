//! Pairs of contacts that may be one, and the scans that find them, on the wire.

use super::duplicates::{fields, percent};
use super::full_contact::full_contact;
use serde::Serialize;
use serde_json::Value;
use tributary_engine::{DuplicatePair, DuplicateScan, FullContact, Shown, compat_time};
use utoipa::ToSchema;

/// How far a scan has come.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DuplicateScanJson {
    id: i64,
    /// `running` or `done`.
    state: &'static str,
    /// Contacts looked at.
    contacts: i64,
    /// Contacts in all, as of its beginning.
    total: i64,
    /// Pairs that are open now.
    open_pairs: i64,
    weights_version: String,
    actor: String,
    started_at_utc: String,
    finished_at_utc: Option<String>,
}

impl From<DuplicateScan> for DuplicateScanJson {
    fn from(view: DuplicateScan) -> Self {
        let scan = view.scan;
        Self {
            id: scan.id,
            state: if scan.finished_at.is_some() { "done" } else { "running" },
            contacts: scan.contacts,
            total: scan.total,
            open_pairs: view.open_pairs,
            weights_version: scan.weights_version,
            actor: scan.actor,
            started_at_utc: compat_time(scan.started_at),
            finished_at_utc: scan.finished_at.map(compat_time),
        }
    }
}

/// Two contacts that may be one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DuplicatePairJson {
    /// The lesser number.
    contact_id: i64,
    /// The greater number.
    other_contact_id: i64,
    /// Probability of being one in percent, rounded down.
    score: i64,
    /// `certain` or `likely`.
    band: &'static str,
    matched_on: Vec<String>,
    conflicts: Vec<String>,
    sentence: String,
    explanation: Value,
    weights_version: String,
    found_at_utc: String,
    /// `merged`, `notDuplicate`, `gone` or `noLonger`; null while it is open.
    closed: Option<&'static str>,
    closed_at_utc: Option<String>,
    /// The contacts as they are now; null for one that is no more.
    contact: Option<FullContact>,
    other_contact: Option<FullContact>,
}

impl DuplicatePairJson {
    /// The pair with both contacts.
    pub(crate) fn of(pair: &DuplicatePair, shown: &Shown) -> Self {
        let row = &pair.row;
        Self {
            contact_id: row.contact.0,
            other_contact_id: row.other.0,
            score: percent(row.score),
            band: row.band.as_str(),
            matched_on: fields(&pair.candidate, |bits| bits > 0.0),
            conflicts: fields(&pair.candidate, |bits| bits < 0.0),
            sentence: pair.account.sentence.clone(),
            explanation: serde_json::to_value(&pair.candidate).unwrap_or_default(),
            weights_version: row.weights_version.clone(),
            found_at_utc: compat_time(row.found_at),
            closed: row.closed.map(|(reason, _)| reason.as_str()),
            closed_at_utc: row.closed.map(|(_, at)| compat_time(at)),
            contact: pair.contact.as_ref().map(|row| full_contact(row, shown)),
            other_contact: pair.other.as_ref().map(|row| full_contact(row, shown)),
        }
    }
}
