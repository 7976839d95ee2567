//! Keys of the organization: make, list, rotate, revoke.

use crate::support::World;
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::json;
use tributary_engine::Scope;

#[actix_web::test]
async fn a_key_is_made_with_its_text_and_listed_without() {
    let world = World::new();
    let body =
        json!({ "name": "Harbor Giving", "group": "partner", "sources": ["Harbor Giving"], "expiresInDays": 30 });
    let mut made = world.post("/api/Key", body).await;
    let text = made.json()["key"].as_str().unwrap().to_owned();
    assert_eq!(
        world.send_as(&text, Method::GET, "/api/Organization/Current", ()).await.json()["sources"][0],
        "Harbor Giving"
    );
    made.body = made.body.replace(&text, "<text>");
    assert_snapshot!(made, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "createdAtUtc": "2026-01-02T03:04:05.000",
      "expiresAtUtc": "2026-02-01T03:04:05.000",
      "group": null,
      "id": 2,
      "key": "<text>",
      "lastUsedAtUtc": null,
      "name": "Harbor Giving",
      "replaces": null,
      "revokedAtUtc": null,
      "scopes": [
        "transactions:write",
        "transactions:read",
        "contacts:read"
      ],
      "sources": [
        "Harbor Giving"
      ]
    }
    "#);
    let list = world.get("/api/Key").await;
    assert_eq!(list.json()["total"], 2);
    assert!(!list.body.contains("\"key\"") && !list.body.contains("hash"), "{list}");
}

#[actix_web::test]
async fn every_problem_of_a_key_is_told_at_once() {
    let world = World::new();
    let body = json!({ "scopes": ["everything"], "group": "king", "expiresInDays": 0, "requestsPerHour": "many" });
    let answer = world.post("/api/Key", body).await;
    let fields: Vec<String> =
        answer.json()["error"]["details"].as_array().unwrap().iter().map(|one| one["field"].to_string()).collect();
    assert_eq!(answer.status, 400);
    assert_eq!(fields, ["\"name\"", "\"expiresInDays\"", "\"requestsPerHour\"", "\"scopes\"", "\"group\""]);
}

#[actix_web::test]
async fn nobody_hands_out_more_than_they_have() {
    let world = World::new();
    let keeper = world.key(&[Scope::Keys, Scope::ReadContacts]);
    let make = async |scopes: &[&str]| {
        let body = json!({ "name": "n", "scopes": scopes });
        world.send_as(&keeper, Method::POST, "/api/Key", body).await.status
    };
    assert_eq!([make(&["contacts:read"]).await, make(&["contacts:write"]).await, make(&[]).await], [200, 403, 403]);
    assert_eq!(world.send_as(&keeper, Method::POST, "/api/Key/1/Rotate", ()).await.status, 403);
}

#[actix_web::test]
async fn a_rotated_key_works_beside_the_new_one_for_the_overlap() {
    let world = World::new();
    let made = world.post("/api/Key", json!({ "name": "n", "scopes": ["batch"], "expiresInDays": 30 })).await.json();
    let (old, id) = (made["key"].as_str().unwrap().to_owned(), made["id"].clone());
    let rotated = world.post(&format!("/api/Key/{id}/Rotate?overlapHours=2"), ()).await.json();
    let new = rotated["key"].as_str().unwrap().to_owned();
    assert_eq!((&rotated["replaces"], &rotated["scopes"]), (&id, &json!(["batch"])));
    let status = async |key: &str| world.send_as(key, Method::GET, "/api/Batch", ()).await.status;
    assert_eq!([status(&old).await, status(&new).await], [200, 200]);
    world.clock.advance_ms(2 * 3_600_000);
    assert_eq!([status(&old).await, status(&new).await], [401, 200]);
    assert_eq!(world.post(&format!("/api/Key/{id}/Rotate"), ()).await.status, 404);
    world.clock.advance_ms(30 * 86_400_000);
    assert_eq!(status(&new).await, 401);
}

#[actix_web::test]
async fn a_rotation_without_overlap_ends_the_old_key_at_once() {
    let world = World::new();
    let made = world.post("/api/Key", json!({ "name": "n" })).await.json();
    let old = made["key"].as_str().unwrap();
    world.send_as(old, Method::GET, "/api/Batch", ()).await;
    world.post(&format!("/api/Key/{}/Rotate?overlapHours=0", made["id"]), ()).await;
    assert_eq!(world.send_as(old, Method::GET, "/api/Batch", ()).await.status, 401);
}

#[actix_web::test]
async fn a_revoked_key_ends_and_is_not_found_again() {
    let world = World::new();
    let made = world.post("/api/Key", json!({ "name": "n" })).await.json();
    let path = format!("/api/Key/{}", made["id"]);
    assert_eq!(world.send(Method::DELETE, &path, ()).await.status, 200);
    assert_eq!(world.send_as(made["key"].as_str().unwrap(), Method::GET, "/api/Key", ()).await.status, 401);
    assert_eq!(world.send(Method::DELETE, &path, ()).await.status, 404);
}

#[actix_web::test]
async fn keys_of_a_group_may_do_what_the_group_may_do_now() {
    let world = World::new();
    let put = async |scopes: &[&str]| {
        world.post("/api/PermissionGroup", json!({ "name": "Front desk", "scopes": scopes })).await.status
    };
    assert_eq!(put(&["contacts:read"]).await, 200);
    let made = world.post("/api/Key", json!({ "name": "n", "group": "front DESK" })).await.json();
    assert_eq!((&made["group"], &made["scopes"]), (&json!("Front desk"), &json!([])));
    let key = made["key"].as_str().unwrap().to_owned();
    let may = async |path: &str| world.send_as(&key, Method::GET, path, ()).await.status;
    assert_eq!([may("/api/Contact/Types").await, may("/api/Batch").await], [200, 403]);
    assert_eq!(put(&["batch"]).await, 200);
    assert_eq!([may("/api/Contact/Types").await, may("/api/Batch").await], [403, 200]);
    let rotated = world.post(&format!("/api/Key/{}/Rotate?overlapHours=0", made["id"]), ()).await.json();
    assert_eq!(rotated["group"], "Front desk");
    let remove = async || world.send(Method::DELETE, "/api/PermissionGroup/front%20desk", ()).await.status;
    assert_eq!(remove().await, 409);
    world.send(Method::DELETE, &format!("/api/Key/{}", rotated["id"]), ()).await;
    assert_eq!([remove().await, remove().await], [200, 404]);
}

#[actix_web::test]
async fn a_key_bound_to_sources_gets_no_more_from_a_group_than_it_can_have() {
    let world = World::new();
    world.post("/api/PermissionGroup", json!({ "name": "Mixed", "scopes": ["contacts:read", "keys"] })).await;
    let body = json!({ "name": "n", "group": "Mixed", "sources": ["Harbor Giving"] });
    let made = world.post("/api/Key", body).await.json();
    let may = async |path: &str| world.send_as(made["key"].as_str().unwrap(), Method::GET, path, ()).await.status;
    assert_eq!([may("/api/Contact/Types").await, may("/api/Key").await], [200, 403]);
}

#[actix_web::test]
async fn built_in_groups_are_listed_and_stay_as_they_are() {
    let world = World::new();
    world.post("/api/PermissionGroup", json!({ "name": "Front desk", "scopes": ["review"] })).await;
    let list = world.get("/api/PermissionGroup").await.json();
    let names: Vec<_> = list["list"].as_array().unwrap().iter().map(|own| own["name"].clone()).collect();
    assert_eq!(names, ["admin", "staff", "partner", "reader", "Front desk"]);
    let taken = world.post("/api/PermissionGroup", json!({ "name": "Admin", "scopes": ["review"] })).await;
    assert_eq!(taken.status, 422);
    let blank = world.post("/api/PermissionGroup", json!({ "scopes": [] })).await;
    assert_eq!((blank.status, blank.json()["error"]["details"].as_array().unwrap().len()), (400, 2));
    let keeper = world.key(&[Scope::Keys]);
    let more = json!({ "name": "More", "scopes": ["batch"] });
    assert_eq!(world.send_as(&keeper, Method::POST, "/api/PermissionGroup", more).await.status, 403);
    let inside = json!({ "name": "n", "group": "Front desk" });
    assert_eq!(world.send_as(&keeper, Method::POST, "/api/Key", inside).await.status, 403);
}
