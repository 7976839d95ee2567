//! Queries and searches over HTTP: how much one call may ask, and what a problem looks like.

use crate::support::World;
use serde_json::{Value, json};

async fn contact(world: &World, first: &str, email: &str) -> Value {
    let methods = json!([{ "type": "Home Email", "value": email, "isPrimary": true }]);
    let person = json!({ "firstName": first, "lastName": "Trent", "contactMethods": methods });
    world.post("/api/Contact", json!({ "contactIndividuals": [person] })).await.json()["id"].clone()
}

fn is(parameter: &str, value: &str) -> Value {
    json!({ "conditions": [{ "parameter": parameter, "operator": "Is", "value": value }] })
}

#[actix_web::test]
async fn a_thousand_groups_are_one_query() {
    let world = World::new();
    contact(&world, "Odalys", "odalys@example.org").await;
    let wanted = contact(&world, "Ines", "ines@example.org").await;
    let mut groups: Vec<Value> =
        (0..999).map(|number| is("Email Address", &format!("nobody{number}@example.org"))).collect();
    groups.push(is("Email Address", "INES@example.org"));
    let answer = world.post("/api/Contact/Query?take=1000", json!({ "groups": groups })).await;
    assert_eq!(answer.status, 200);
    assert_eq!((&answer.json()["total"], &answer.json()["list"][0]["id"]), (&json!(1), &wanted));
}

#[actix_web::test]
async fn problems_of_a_query_are_told_under_their_paths() {
    let world = World::new();
    let body = json!({ "groups": [is("Shoe Size", "9"), is("Contact Id", "seven")] });
    let answer = world.post("/api/Contact/Query", body).await;
    let details = &answer.json()["error"]["details"];
    assert_eq!(answer.status, 400);
    assert_eq!(details[0]["field"], "groups[0].conditions[0].parameter");
    assert_eq!(
        details[1],
        json!({ "field": "groups[1].conditions[0].value", "code": "INVALID_FORMAT", "message": "Not a whole number." })
    );
}

#[actix_web::test]
async fn a_found_person_is_shown_with_their_contact() {
    let world = World::new();
    contact(&world, "Odalys", "odalys@example.org").await;
    let answer = world.post("/api/Contact/Search", json!({ "search": "odaly trnet" })).await;
    let found = answer.json()["list"][0].clone();
    assert_eq!((answer.json()["total"].clone(), found["name"].clone()), (json!(1), json!("Odalys Trent")));
    assert_eq!(found["email"], "odalys@example.org");
}
