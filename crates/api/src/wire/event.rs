//! Events on the wire: the stored envelopes, byte for byte.

use tributary_engine::FeedPlace;
use tributary_store::FedEvent;

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
