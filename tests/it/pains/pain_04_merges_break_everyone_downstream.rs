//! "Merges break everyone downstream: ids go 404, no event says who became whom."

use super::row;
use crate::support::{Stage, World};
use serde_json::{Value, json};

on_both_databases!(ids_keep_answering_and_events_say_who_became_whom);

fn ids_keep_answering_and_events_say_who_became_whom(make: fn() -> World) {
    let stage = Stage::hearing(make, &["contactMerge", "contactUnmerge"]);
    stage.decide(&row("Harbor", "h-1", "Odalys Trent", "odalys@example.org"));
    stage.decide(&row("Mill", "m-1", "Gertrude Lindqvist", "gertrude@example.org"));
    let (one, two) = (stage.contact("Harbor", "h-1")["id"].clone(), stage.contact("Mill", "m-1")["id"].clone());
    let merged = stage.client.post(&format!("/api/Contact/{one}/Merge"), &json!({"contactId": two})).json();
    assert_eq!(merged["contact"]["id"], one, "the survivor keeps its id");

    let told = stage.event("contactMerge");
    assert_eq!(told["contact"]["id"], one);
    assert_eq!((&told["merge"]["survivorContactId"], &told["merge"]["mergedContactId"]), (&one, &two));
    assert_eq!(told["merge"]["references"], json!([{"source": "Mill", "id": "m-1"}]));
    let by_number = stage.client.get(&format!("/api/Contact/{two}")).json();
    assert_eq!((&by_number["id"], &by_number["mergedIntoContactId"]), (&two, &one));
    assert_eq!(stage.contact("Mill", "m-1")["id"], one, "by reference the survivor");
    assert_eq!(stage.contact("Harbor", "h-1")["id"], one);
    let refused = stage.client.put(&format!("/api/Contact/{two}"), &json!({"website": "https://x.example.org"}));
    assert_eq!(refused.status, 409);
    assert!(refused.body.contains(&one.to_string()), "{}", refused.body);
    // Both references lead the next submission there.
    for source in ["Harbor", "Mill"] {
        let (id, name) = if source == "Harbor" { ("h-1", "Odalys Trent") } else { ("m-1", "Gertrude Lindqvist") };
        let id = stage.decide(&row(source, id, name, &format!("{source}@example.net")));
        assert_eq!(stage.transaction(&id)["contactId"], one, "{source}");
    }
    // A chain: whoever holds the oldest id still finds the way.
    stage.decide(&row("Gala", "g-1", "Walter Brandt", "walter@example.org"));
    let three = stage.contact("Gala", "g-1")["id"].clone();
    stage.client.post(&format!("/api/Contact/{three}/Merge"), &json!({"contactId": one})).json();
    assert_eq!(follow(&stage, &two), three);
    assert_eq!(stage.contact("Mill", "m-1")["id"], three);

    stage.client.post(&format!("/api/Contact/{one}/Unmerge"), &json!({})).json();
    assert_eq!(stage.event("contactUnmerge")["merge"]["mergedContactId"], one);
    assert_eq!(stage.contact("Mill", "m-1")["id"], one);
    assert_eq!(stage.client.get(&format!("/api/Contact/{one}")).json()["mergedIntoContactId"], Value::Null);
}

/// The contact that an old id leads to.
fn follow(stage: &Stage, id: &Value) -> Value {
    let mut at = id.clone();
    loop {
        let next = stage.client.get(&format!("/api/Contact/{at}")).json()["mergedIntoContactId"].clone();
        if next.is_null() {
            return at;
        }
        at = next;
    }
}
