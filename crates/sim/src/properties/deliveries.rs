//! A subscriber gets everything it is owed and nothing else, signed, in order per contact.

use super::{Checked, Past, ensure};
use crate::receiver::Arrival;
use crate::snapshot::Snapshot;
use crate::world::SECRET;
use std::collections::{BTreeMap, BTreeSet};
use tributary_contact::{ContactId, WebhookId};
use tributary_store::EventRow;
use tributary_webhook::Secret;
use tributary_webhook::verify::{SignatureHeaders, verify_standard};
use uuid::Uuid;

pub(super) fn check(past: &Past, now: &Snapshot) -> Checked {
    owed(past, now)?;
    let events: BTreeMap<Uuid, &EventRow> = now.events.iter().map(|event| (event.id, event)).collect();
    now.arrivals.iter().try_for_each(|arrival| genuine(arrival, &events))?;
    ordered(past, now, &events)?;
    recorded(now)
}

/// When nothing is left to do, each event has arrived with everyone it was owed to.
pub(super) fn check_end(past: &Past, now: &Snapshot) -> Checked {
    now.webhooks.iter().try_for_each(|webhook| {
        let at = |arrival: &&Arrival| arrival.url == webhook.payload_url;
        let got: BTreeSet<Uuid> = now.arrivals.iter().filter(at).filter_map(|arrival| arrival.event).collect();
        let missing: Vec<_> = past.owed.get(&webhook.id).into_iter().flatten().filter(|id| !got.contains(id)).collect();
        ensure(missing.is_empty(), "every event arrives at least once", || format!("{}: {missing:?}", webhook.id))
    })
}

/// The outbox holds exactly what is owed.
fn owed(past: &Past, now: &Snapshot) -> Checked {
    let planned = |id: &WebhookId| now.deliveries.get(id).into_iter().flatten().map(|row| row.event).collect();
    now.webhooks.iter().try_for_each(|webhook| {
        let planned: BTreeSet<Uuid> = planned(&webhook.id);
        let owed = past.owed.get(&webhook.id).cloned().unwrap_or_default();
        ensure(planned == owed, "events go to those who were subscribed when they happened", || {
            format!("{}: planned {planned:?}\n  owed {owed:?}", webhook.id)
        })
    })
}

/// It is the stored event, signed at the time of sending.
fn genuine(arrival: &Arrival, events: &BTreeMap<Uuid, &EventRow>) -> Checked {
    let event = arrival.event.and_then(|id| events.get(&id));
    let whole = event.is_some_and(|event| event.body.as_bytes() == arrival.request.body.as_ref());
    ensure(whole, "what arrives is a stored event, byte for byte", || format!("{:?}", arrival.event))?;
    let headers = SignatureHeaders {
        id: arrival.header("webhook-id"),
        timestamp: arrival.header("webhook-timestamp"),
        signature: arrival.header("webhook-signature"),
    };
    let secret = Secret::parse(SECRET).ok();
    let now = arrival.at.timestamp();
    let verified = secret.map(|secret| verify_standard(&secret, &headers, &arrival.request.body, now, 300));
    ensure(verified == Some(Ok(())), "what arrives verifies", || format!("{:?}: {verified:?}", arrival.event))
}

/// An event is sent only after every earlier event of its contact was taken or given up.
fn ordered(past: &Past, now: &Snapshot, events: &BTreeMap<Uuid, &EventRow>) -> Checked {
    now.webhooks.iter().try_for_each(|webhook| {
        let mut earlier: BTreeMap<ContactId, BTreeMap<i64, Uuid>> = BTreeMap::new();
        let owed = past.owed.get(&webhook.id).into_iter().flatten();
        for event in owed.filter_map(|id| events.get(id)) {
            earlier.entry(event.contact).or_default().insert(event.sequence, event.id);
        }
        let rows = now.deliveries.get(&webhook.id).into_iter().flatten();
        let mut over: BTreeSet<Uuid> = rows.filter(|row| row.state == "dead").map(|row| row.event).collect();
        for arrival in now.arrivals.iter().filter(|arrival| arrival.url == webhook.payload_url) {
            let Some(event) = arrival.event.and_then(|id| events.get(&id)) else { continue };
            let mut before = earlier.get(&event.contact).into_iter().flat_map(|own| own.range(..event.sequence));
            let open = before.find(|(_, id)| !over.contains(*id));
            ensure(open.is_none(), "events of a contact arrive in order", || {
                format!("{}: contact {} event {} before {open:?}", arrival.url, event.contact, event.sequence)
            })?;
            if arrival.taken {
                over.insert(event.id);
            }
        }
        Ok(())
    })
}

/// What is noted as delivered was taken, and what is given up was tried.
fn recorded(now: &Snapshot) -> Checked {
    let urls: BTreeMap<WebhookId, &str> = now.webhooks.iter().map(|row| (row.id, row.payload_url.as_str())).collect();
    now.deliveries.values().flatten().try_for_each(|row| {
        let url = urls.get(&row.webhook).copied().unwrap_or_default();
        let tries = now.arrivals.iter().filter(|arrival| arrival.url == url && arrival.event == Some(row.event));
        let (tried, taken) = tries.fold((false, false), |(_, taken), arrival| (true, taken || arrival.taken));
        let fits = match row.state.as_str() {
            "delivered" => taken,
            "dead" => tried,
            _ => true,
        };
        ensure(fits, "a delivery's state is what happened", || format!("{row:?}"))
    })
}
