//! Events on the wire: the stored envelopes, byte for byte.

use serde_json::{Value, json};
use tributary_engine::FeedPlace;
use tributary_store::FedEvent;

/// What [`page`] answers. What an event holds follows from its type; the keys here are in every one.
pub(crate) fn schema() -> Value {
    let text = json!({ "type": "string" });
    let event = json!({
        "type": "object",
        "required": ["type", "timestamp", "event", "eventId", "eventDateTimeUtc", "organization"],
        "properties": {
            "type": text, "timestamp": text, "event": text, "eventId": text, "eventDateTimeUtc": text,
            "organization": { "type": "object" },
            "sequence": { "type": "integer", "description": "Number of the event for its contact, without gaps." },
            "changedFields": { "type": "array", "items": text },
            "contact": { "type": "object", "description": "The contact as of the change." },
            "transaction": { "type": "object", "description": "The submission, of needsUpdate and transactionRejected." },
        },
    });
    let next = json!({ "type": "string", "description": "The value of `after` to go on with." });
    json!({
        "type": "object",
        "required": ["list", "next"],
        "properties": { "list": { "type": "array", "items": event }, "next": next },
    })
}

/// `{"list":[…],"next":"…"}`. The envelopes are put in as they are stored, so that each one is what was or would
/// have been delivered; `next` is the place to go on from. Without events it is where the question began.
pub(crate) fn page(asked: FeedPlace, events: &[FedEvent]) -> String {
    let list: Vec<&str> = events.iter().map(|fed| fed.event.body.as_str()).collect();
    let next = match (events.last(), asked) {
        (Some(last), _) => last.position.to_string(),
        (None, FeedPlace::Position(place)) => place.to_string(),
        (None, FeedPlace::Event(id)) => id.to_string(),
    };
    format!("{{\"list\":[{}],\"next\":\"{next}\"}}", list.join(","))
}
