//! Past decisions taken again under another version.

use crate::support::{World, ines};
use serde_json::json;

#[actix_web::test]
async fn another_policy_says_what_it_would_have_decided() {
    let world = World::new();
    world.submit(ines()).await;
    let mut again = ines();
    again["referenceId"] = json!("hg-2");
    again["originSegmentCode"] = json!("GALA");
    let id = world.submit(again).await;
    world.run_batch().await;
    let strict = world.post("/api/Policy", json!({ "sources": { "*": { "autoMerge": "never" } } })).await.json();
    let page = world.post(&format!("/api/Batch/Replay?policy={}", strict["number"]), ()).await;
    assert_eq!(page.json()["differing"][0]["transactionId"], id);
    let page = page.json();
    let one = &page["differing"][0];
    assert_eq!(
        (&one["was"]["state"], &one["now"]["contactId"], &one["because"]),
        (&json!("merged"), &json!(1), &json!("policy"))
    );
    let would_be = json!({ "state": "needs_update", "level": null, "reason": "merge_waits", "contactId": null, "score": one["now"]["score"] });
    assert_eq!(one["wouldBe"], would_be);
    assert_eq!((&page["inForce"]["policy"], &page["replayed"]["policy"]), (&json!("shipped"), &json!("policy-1")));
    assert_eq!((&page["seen"], &page["compared"], &page["drifted"]), (&json!(2), &json!(2), &json!(0)));
    assert_eq!(
        page["agreementInForce"],
        json!({ "labelled": 0, "right": 0, "wrong": 0, "missed": 0, "waits": 0, "precision": null, "recall": null })
    );
    assert_eq!(world.get(&format!("/api/Contact/Transaction/{id}")).await.json()["state"], "merged");
    for path in ["/api/Batch/Replay?policy=9", "/api/Batch/Replay?weights=9"] {
        assert_eq!(world.post(path, ()).await.status, 404);
    }
    assert_eq!(world.post("/api/Batch/Replay?policy=-1&after=x", ()).await.status, 400);
    let first = world.post("/api/Batch/Replay?take=1", ()).await.json();
    let second =
        world.post(&format!("/api/Batch/Replay?take=1&after={}", first["next"].as_str().unwrap()), ()).await.json();
    assert_eq!((&first["seen"], &second["seen"], &second["differing"]), (&json!(1), &json!(1), &json!([])));
}
