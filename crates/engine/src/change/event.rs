//! The body of an event, one envelope for Standard Webhooks receivers and for receivers written for the
//! form observed of Virtuous (`webhooks.md` 1.4). It is stored as made here and sent byte for byte.

use super::working::Pair;
use crate::projection::{AddressView, ContactView, FullContact, compat_time};
use crate::shown::Shown;
use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::{Map, Value};
use tributary_contact::clock::Timestamp;
use tributary_contact::state::{Reason, State};
use tributary_contact::{ContactId, Gift, Golden, RecordId, Reference};
use tributary_store::{EventKind, EventRow, Organization};
use uuid::Uuid;

/// Bodies above this many bytes carry the contact's id only.
const BODY_AT_MOST: usize = 256 * 1024;

/// What happened to a contact.
pub(super) struct Happening<'a> {
    pub(super) id: Uuid,
    pub(super) kind: EventKind,
    pub(super) sequence: i64,
    pub(super) changed_fields: Vec<String>,
    pub(super) contact: ContactId,
    pub(super) golden: &'a Golden,
    /// The gift that made the change.
    pub(super) gift: Option<&'a Gift>,
    /// The survivor, of a contact that was merged away.
    pub(super) merged_into: Option<ContactId>,
    /// Of the two contacts that an event of a merge is about.
    pub(super) pair: Option<Pair<'a>>,
    pub(super) created_at: Timestamp,
    pub(super) at: Timestamp,
}

#[derive(Serialize)]
struct OrganizationPart<'a> {
    id: i64,
    name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WholeContact {
    #[serde(flatten)]
    full: FullContact,
    custom_contact_type: Option<String>,
    contact_addresses: Vec<AddressView>,
}

#[derive(Serialize)]
struct TruncatedContact {
    id: i64,
    truncated: bool,
}

/// What became of a submission that an event tells of.
pub(crate) struct TransactionEnd<'a> {
    /// The submission.
    pub(crate) transaction: RecordId,
    /// Its reference.
    pub(crate) reference: Option<&'a Reference>,
    /// What became of it.
    pub(crate) state: State,
    /// Why.
    pub(crate) reason: Option<Reason>,
    /// When it was received.
    pub(crate) received_at: Timestamp,
    /// What its sender is asked.
    pub(crate) question: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TransactionPart<'a> {
    id: RecordId,
    reference_source: Option<&'a str>,
    reference_id: Option<&'a str>,
    state: State,
    reason: Option<Reason>,
    sentence: Option<&'static str>,
    received_at_utc: String,
    /// What the sender is asked (ours).
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<&'a str>,
}

/// The two contacts of a merge, or of one that was taken back (ours; no such event exists elsewhere).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MergePart<'a> {
    survivor_contact_id: i64,
    merged_contact_id: i64,
    /// What senders call the contact that is merged away.
    references: Vec<ReferencePart<'a>>,
}

#[derive(Serialize)]
struct ReferencePart<'a> {
    source: &'a str,
    id: &'a str,
}

impl<'a> MergePart<'a> {
    fn of(pair: Pair<'a>) -> Self {
        let part = |own: &'a Reference| ReferencePart { source: &own.source, id: &own.id };
        Self {
            survivor_contact_id: pair.survivor.0,
            merged_contact_id: pair.merged.0,
            references: pair.references.iter().map(part).collect(),
        }
    }
}

/// What an event is about.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Subject<C, T> {
    Contact(C),
    Transaction(T),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a, S> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: String,
    event: String,
    event_id: Uuid,
    event_date_time_utc: String,
    organization: OrganizationPart<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed_fields: Vec<String>,
    #[serde(flatten)]
    subject: S,
    /// The gift that came with the contact, as sent (ours; virtuous-contract.md has no such key here).
    #[serde(skip_serializing_if = "Option::is_none")]
    gift: Option<&'a Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merge: Option<MergePart<'a>>,
}

/// The body as minified JSON.
pub(super) fn body(happening: &Happening<'_>, organization: &Organization) -> String {
    let whole = WholeContact {
        full: FullContact::of(&ContactView {
            id: happening.contact.0,
            golden: happening.golden,
            created_at: happening.created_at,
            modified_at: happening.at,
            merged_into: happening.merged_into.map(|survivor| survivor.0),
            shown: &Shown::without_definitions(organization, happening.at),
        }),
        custom_contact_type: happening.golden.contact_type.custom.clone(),
        contact_addresses: happening
            .golden
            .addresses
            .iter()
            .filter(|own| !own.archived)
            .map(AddressView::from)
            .collect(),
    };
    let body = envelope(happening, organization, whole);
    if body.len() <= BODY_AT_MOST {
        return body;
    }
    let happening = &Happening { gift: None, changed_fields: happening.changed_fields.clone(), ..*happening };
    envelope(happening, organization, TruncatedContact { id: happening.contact.0, truncated: true })
}

fn envelope(happening: &Happening<'_>, organization: &Organization, contact: impl Serialize) -> String {
    let envelope = Envelope {
        kind: happening.kind.as_str(),
        timestamp: happening.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        event: pascal(happening.kind.as_str()),
        event_id: happening.id,
        event_date_time_utc: compat_time(happening.at),
        organization: OrganizationPart { id: organization.id.0, name: &organization.name },
        sequence: Some(happening.sequence),
        changed_fields: happening.changed_fields.clone(),
        subject: Subject::<_, ()>::Contact(contact),
        gift: happening.gift.map(|gift| &gift.payload),
        merge: happening.pair.map(MergePart::of),
    };
    serde_json::to_string(&envelope).unwrap_or_default()
}

/// The event of a submission that waits for a person or is refused; none for every other end. It is about no
/// contact, so it has no place in the order of any.
pub(crate) fn of_transaction(
    id: Uuid,
    end: &TransactionEnd<'_>,
    organization: &Organization,
    at: Timestamp,
) -> Option<EventRow> {
    let kind = match end.state {
        State::NeedsUpdate => EventKind::NeedsUpdate,
        State::Rejected => EventKind::TransactionRejected,
        _ => return None,
    };
    let part = TransactionPart {
        id: end.transaction,
        reference_source: end.reference.map(|reference| reference.source.as_str()),
        reference_id: end.reference.map(|reference| reference.id.as_str()),
        state: end.state,
        reason: end.reason,
        sentence: end.reason.map(Reason::sentence),
        received_at_utc: compat_time(end.received_at),
        question: end.question,
    };
    let envelope = Envelope {
        kind: kind.as_str(),
        timestamp: at.to_rfc3339_opts(SecondsFormat::Millis, true),
        event: pascal(kind.as_str()),
        event_id: id,
        event_date_time_utc: compat_time(at),
        organization: OrganizationPart { id: organization.id.0, name: &organization.name },
        sequence: None,
        changed_fields: Vec::new(),
        subject: Subject::<(), _>::Transaction(part),
        gift: None,
        merge: None,
    };
    let body = serde_json::to_string(&envelope).unwrap_or_default();
    Some(EventRow { id, contact: EventRow::NO_CONTACT, sequence: 0, kind, body, created_at: at })
}

fn pascal(toggle: &str) -> String {
    let mut letters = toggle.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
