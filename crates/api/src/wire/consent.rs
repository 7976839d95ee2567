//! Changes of consent on the wire.

use super::page::PageJson;
use serde::Serialize;
use tributary_contact::RecordId;
use tributary_engine::{Consent, ConsentChange, compat_time};
use utoipa::ToSchema;

/// How the consent of a contact came about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentJson {
    contact_id: i64,
    /// Changes, latest first.
    changes: PageJson<ConsentChangeJson>,
}

/// A change of the consent to one mailbox, number or profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentChangeJson {
    /// The contact it was a change of; another one for what was merged into it.
    contact_id: i64,
    individual_id: Option<i64>,
    method_id: Option<i64>,
    #[serde(rename = "type")]
    kind: Option<String>,
    value: Option<String>,
    /// Null when the method was added.
    before: Option<bool>,
    /// Null when the method was taken away.
    after: Option<bool>,
    at_utc: String,
    actor: String,
    /// What was done, as in the history.
    action: String,
    record_id: Option<RecordId>,
    /// `transaction`, `load`, `create` or `edit`; null when the record was taken back since.
    record_kind: Option<&'static str>,
    /// The platform that sent the record.
    source: Option<String>,
}

impl From<Consent> for ConsentJson {
    fn from(consent: Consent) -> Self {
        let list = consent.changes.list.into_iter().map(ConsentChangeJson::from).collect();
        Self { contact_id: consent.contact.0, changes: PageJson { list, total: consent.changes.total } }
    }
}

impl From<ConsentChange> for ConsentChangeJson {
    fn from(change: ConsentChange) -> Self {
        Self {
            contact_id: change.contact_id.0,
            individual_id: change.individual_id.map(|id| id.0),
            method_id: change.method_id.map(|id| id.0),
            kind: change.kind,
            value: change.value,
            before: change.before,
            after: change.after,
            at_utc: compat_time(change.at),
            actor: change.actor,
            action: change.action,
            record_id: change.record_id,
            record_kind: change.record_kind,
            source: change.source,
        }
    }
}
