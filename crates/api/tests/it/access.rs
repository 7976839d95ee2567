//! Who may call what: every route without a key, without its scope, and from another organization.

use crate::support::{World, ines, request};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tributary_engine::Scope;

const ID: &str = "019b7c00-0000-7000-8000-00000000ffff";

/// Every route that needs a key, and the scope it needs, as the description of the API says.
fn routes() -> Vec<(Method, String, Option<Scope>)> {
    let document = tributary_api::openapi_document();
    let paths = document["paths"].as_object().unwrap().iter();
    let operations = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (method, path, operation))
    });
    let with_key = operations.filter(|(_, _, operation)| operation["security"][0]["key"].is_array());
    let route = |(method, path, operation): (&String, &String, &Value)| {
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let scope = operation["security"][0]["key"][0].as_str().map(|text| Scope::parse(text).unwrap());
        (method, filled(path, operation), scope)
    };
    with_key.map(route).collect()
}

/// The path with a value in the place of each parameter.
fn filled(path: &str, operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters.filter(|parameter| parameter["in"] == "path").fold(path.to_owned(), |path, parameter| {
        let schema = &parameter["schema"];
        let value = if schema["type"] == "integer" { "999" } else { ID };
        path.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), value)
    })
}

#[actix_web::test]
async fn without_a_key_every_route_is_a_401() {
    let world = World::new();
    for (method, path, _) in routes() {
        let answer = world.call(request(method.clone(), &path, ())).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")), "{method} {path}");
    }
    assert_snapshot!(World::new().call(request(Method::GET, "/api/Batch", ())).await, @r#"
    401
    www-authenticate: Bearer
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "UNAUTHENTICATED",
        "details": [],
        "message": "Authorization has been denied for this request."
      },
      "message": "Authorization has been denied for this request."
    }
    "#);
}

#[actix_web::test]
async fn a_key_that_is_none_is_a_401_like_no_key() {
    let world = World::new();
    let nobody = format!("trib_{}_{}", world.organization, "x".repeat(43));
    for header in
        ["Bearer x".to_owned(), format!("Bearer {nobody}"), format!("Basic {}", world.key), "Bearer ".to_owned()]
    {
        let call = request(Method::GET, "/api/Batch", ()).insert_header(("Authorization", header));
        assert_eq!(world.call(call).await.status, 401);
    }
}

#[actix_web::test]
async fn a_revoked_key_is_a_401() {
    let world = World::new();
    let id = world.engine.api_keys(world.organization).unwrap()[0].id;
    assert_eq!(world.get("/api/Batch").await.status, 200);
    world.engine.revoke_key(world.organization, id).unwrap();
    assert_eq!(world.get("/api/Batch").await.status, 401);
}

#[actix_web::test]
async fn without_its_scope_every_route_is_a_403() {
    let world = World::new();
    for (method, path, scope) in routes() {
        let Some(scope) = scope else { continue };
        let others: Vec<Scope> = Scope::ALL.iter().copied().filter(|other| *other != scope).collect();
        let answer = world.send_as(&world.key(&others), method.clone(), &path, ()).await;
        assert_eq!(answer.status, 403, "{method} {path}");
        assert!(answer.json()["message"].as_str().unwrap().contains(scope.as_str()));
    }
}

#[actix_web::test]
async fn with_its_scope_alone_every_route_is_open() {
    let world = World::new();
    for (method, path, scope) in routes() {
        let Some(scope) = scope else { continue };
        // The source is implied by the key, and a key of no source implies none (virtuous-contract.md 1.1).
        let bound = path.starts_with("/api/Contact/ByReference/");
        let key = if bound { world.key_of(&["Harbor Giving"]) } else { world.key(&[scope]) };
        let answer = world.send_as(&key, method.clone(), &path, ()).await;
        assert!(![401, 403, 405].contains(&answer.status), "{method} {path}: {answer}");
    }
}

/// One record of each kind in the organization: paths, with the method and body to reach them by.
async fn records(world: &World) -> Vec<(Method, String, Value)> {
    let transaction = world.submit(ines()).await;
    world.run_batch().await;
    world.post(&format!("/api/Contact/Transaction/{transaction}/Undo"), ()).await;
    let person =
        json!({ "contactIndividuals": [{ "firstName": "Odalys" }], "referenceSource": "A", "referenceId": "1" });
    let contact = world.post("/api/Contact", person).await.json()["id"].clone();
    let owner = world.get(&format!("/api/Contact/{contact}")).await.json()["contactIndividuals"][0]["id"].clone();
    let email = json!({ "contactIndividualId": owner, "type": "Home Email", "value": "odalys@example.org" });
    let method = world.post("/api/ContactMethod", email).await.json()["id"].clone();
    let line = json!({ "contactId": contact, "address1": "1 Main St" });
    let address = world.post("/api/ContactAddress", line.clone()).await.json()["id"].clone();
    let further = json!({ "contactId": contact, "firstName": "Bram" });
    let individual = world.post("/api/ContactIndividual", further.clone()).await.json()["id"].clone();
    let run = world.get("/api/Batch").await.json()["list"][0]["id"].clone();
    let hook = json!({ "payloadUrl": "https://hooks.example.org/crm" });
    let webhook = world.post("/api/Webhook", hook.clone()).await.json()["id"].clone();
    let note = json!({ "contactId": contact, "note": "Likes tea." });
    let note = world.post("/api/ContactNote", note).await.json()["id"].clone();
    let group = world.post("/api/OrganizationGroup", json!({ "name": "Board" })).await.json()["id"].clone();
    let policy = world.post("/api/Policy", json!({ "about": "No. 1" })).await.json()["number"].clone();
    let twin = json!({ "contactIndividuals": [{ "firstName": "Odalys" }] });
    let twin = world.post("/api/Contact", twin).await.json()["id"].clone();
    let get = |path: String| (Method::GET, path, Value::Null);
    let others = vec![
        (Method::POST, "/api/NotDuplicate".to_owned(), json!({ "contactId": contact, "otherContactId": twin })),
        (Method::DELETE, "/api/NotDuplicate/1".to_owned(), Value::Null),
        (Method::POST, format!("/api/Contact/{contact}/Merge"), json!({ "contactId": twin })),
        (Method::POST, format!("/api/Contact/{twin}/Unmerge"), Value::Null),
        get(format!("/api/Contact/Transaction/{transaction}")),
        get(format!("/api/Contact/{contact}")),
        get("/api/Contact/A/1".to_owned()),
        (Method::PUT, format!("/api/Contact/{contact}"), json!({ "website": "x" })),
        (Method::PUT, format!("/api/Contact/ToggleFollow/{contact}"), Value::Null),
        get(format!("/api/ContactIndividual/{owner}")),
        get(format!("/api/ContactIndividual/ByContact/{contact}")),
        get(format!("/api/ContactIndividual/{owner}/EmailList")),
        (Method::POST, "/api/ContactIndividual".to_owned(), further),
        (Method::PUT, format!("/api/ContactIndividual/{individual}"), json!({ "passion": "rivers" })),
        (Method::DELETE, format!("/api/ContactIndividual/{individual}"), Value::Null),
        get(format!("/api/ContactMethod/{method}")),
        (Method::PUT, format!("/api/ContactMethod/{method}"), json!({ "isOptedIn": false })),
        (Method::PUT, format!("/api/ContactMethod/Archive/{method}"), Value::Null),
        (Method::DELETE, format!("/api/ContactMethod/{method}"), Value::Null),
        get(format!("/api/ContactAddress/{address}")),
        get(format!("/api/ContactAddress/ByContact/{contact}")),
        (Method::POST, "/api/ContactAddress".to_owned(), line),
        (Method::PUT, format!("/api/ContactAddress/{address}"), json!({ "city": "Bellford" })),
        (Method::PUT, format!("/api/ContactAddress/Archive/{address}"), Value::Null),
        (Method::DELETE, format!("/api/ContactAddress/{address}"), Value::Null),
        (Method::PUT, format!("/api/Contact/Archive/{contact}"), Value::Null),
        (Method::PUT, format!("/api/Contact/Unarchive/{contact}"), Value::Null),
        get("/api/Contact/Find?referenceSource=A&referenceId=1".to_owned()),
        get(format!("/api/NeedsUpdate/{transaction}")),
        get(format!("/api/Batch/{run}")),
        get(format!("/api/Policy/{policy}")),
        (Method::POST, format!("/api/Policy/{policy}/Activate"), Value::Null),
        (Method::POST, format!("/api/Policy/{policy}/Refold"), Value::Null),
        get(format!("/api/Webhook/{webhook}")),
        get(format!("/api/ContactNote/{note}")),
        get(format!("/api/ContactNote/ByContact/{contact}")),
        get(format!("/api/ContactTag/ByContact/{contact}")),
        get(format!("/api/Gift/ByContact/{contact}")),
        get(format!("/api/OrganizationGroup/{group}")),
        (Method::PUT, format!("/api/OrganizationGroup/{group}/contacts/{contact}"), Value::Null),
        (Method::PUT, format!("/api/ContactNote/{note}"), json!({ "note": "Likes coffee." })),
        (Method::DELETE, format!("/api/ContactNote/{note}"), Value::Null),
        get(format!("/api/Webhook/{webhook}/Deliveries")),
        get(format!("/api/Webhook/{webhook}/Replay")),
        (Method::POST, format!("/api/Webhook/{webhook}/Ping"), Value::Null),
        (Method::POST, format!("/api/Webhook/{webhook}/RotateSecret"), json!({})),
        (Method::PUT, format!("/api/Webhook/{webhook}"), hook),
        (Method::PUT, format!("/api/Webhook/{webhook}/Active?active=true"), Value::Null),
        (Method::POST, format!("/api/Batch/Replay?policy={policy}"), Value::Null),
        (Method::DELETE, format!("/api/Webhook/{webhook}"), Value::Null),
    ];
    [others, of_bucket(&transaction), of_privacy(&contact)].concat()
}

/// One after the other: a row waits until it is resolved.
fn of_bucket(transaction: &str) -> Vec<(Method, String, Value)> {
    vec![
        (Method::POST, format!("/api/NeedsUpdate/{transaction}/Assign"), json!({ "assignee": null })),
        (Method::POST, format!("/api/NeedsUpdate/{transaction}/Ask"), json!({ "question": "Who is it?" })),
        (Method::POST, format!("/api/NeedsUpdate/{transaction}/Resolve"), json!({ "action": "create" })),
        (Method::POST, format!("/api/Contact/Transaction/{transaction}/Undo"), Value::Null),
    ]
}

/// Last, since nothing is left of the contact then.
fn of_privacy(contact: &Value) -> Vec<(Method, String, Value)> {
    vec![
        (Method::POST, "/api/Contact/CheckDuplicates".to_owned(), json!({ "contactId": contact })),
        (Method::GET, format!("/api/Contact/{contact}/History"), Value::Null),
        (Method::GET, format!("/api/Contact/{contact}/Consent"), Value::Null),
        (Method::GET, format!("/api/Contact/{contact}/Export"), Value::Null),
        (Method::POST, format!("/api/Contact/{contact}/Erase"), json!({ "reason": "asked" })),
        (Method::POST, "/api/Erasure/1/Lift".to_owned(), Value::Null),
    ]
}

#[actix_web::test]
async fn a_record_of_another_organization_is_a_404() {
    let world = World::new();
    let records = records(&world).await;
    let stranger = world.stranger();
    for (method, path, body) in &records {
        let answer = world.send_as(&stranger, method.clone(), path, body.clone()).await;
        assert_eq!(answer.status, 404, "{method} {path}: {answer}");
    }
    for (method, path, body) in &records {
        let answer = world.send(method.clone(), path, body.clone()).await;
        assert_eq!(answer.status, 200, "{method} {path}: {answer}");
    }
}

#[actix_web::test]
async fn lists_hold_nothing_of_another_organization() {
    let world = World::new();
    records(&world).await;
    let stranger = world.stranger();
    let reference = "/api/Contact/Transaction?referenceSource=Harbor+Giving&referenceId=hg-50022";
    for path in [reference, "/api/NeedsUpdate", "/api/Batch", "/api/Webhook", "/api/Tag", "/api/OrganizationGroup"] {
        assert_ne!(world.get(path).await.json()["total"], 0, "{path}");
        assert_eq!(world.send_as(&stranger, Method::GET, path, ()).await.json()["total"], 0, "{path}");
    }
}

#[actix_web::test]
async fn unknown_routes_and_methods_have_canonical_bodies_and_an_id() {
    let world = World::new();
    assert_snapshot!(world.get("/api/Unicorn").await, @r#"
    404
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "NOT_FOUND",
        "details": [],
        "message": "There is no such route."
      },
      "message": "There is no such route."
    }
    "#);
    assert_snapshot!(world.send(Method::PATCH, "/api/Webhook/1", ()).await, @r#"
    405
    allow: GET, PUT, DELETE
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "METHOD_NOT_ALLOWED",
        "details": [],
        "message": "This route has other methods."
      },
      "message": "This route has other methods."
    }
    "#);
}

#[actix_web::test]
async fn a_request_id_of_the_caller_is_kept_when_it_is_harmless() {
    let world = World::new();
    let id = async |sent: &str| {
        let call = request(Method::GET, "/healthz", ()).insert_header(("X-Request-Id", sent));
        world.call(call).await.header("x-request-id").unwrap().to_owned()
    };
    assert_eq!(id("trace-42.a:7_b").await, "trace-42.a:7_b");
    for odd in ["short", "with space 123", &"x".repeat(129), "quote\"quote\"quote"] {
        assert_ne!(id(odd).await, odd);
    }
}
