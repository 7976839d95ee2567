//! `GET /api/Organization/Current`.

use crate::support::World;
use actix_web::http::Method;
use insta::assert_snapshot;
use tributary_engine::Scope;

#[actix_web::test]
async fn any_key_can_be_tested() {
    let world = World::new();
    assert_snapshot!(world.get("/api/Organization/Current").await, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "currentUserTimeZone": "America/New_York",
      "isAdministrator": true,
      "isEnabled": true,
      "keyName": "test",
      "organizationCulture": "en-US",
      "organizationName": "Bellford Food Share",
      "organizationTimeZone": "America/New_York",
      "organizationUserId": 1,
      "scopes": [
        "transactions:write",
        "transactions:read",
        "contacts:read",
        "contacts:write",
        "review",
        "batch",
        "webhooks",
        "policy",
        "privacy",
        "keys"
      ],
      "sources": []
    }
    "#);
    let key = world.key(&[Scope::Submit]);
    let seen = world.send_as(&key, Method::GET, "/api/Organization/Current", ()).await.json();
    assert_eq!((&seen["isAdministrator"], &seen["scopes"]), (&false.into(), &vec!["transactions:write"].into()));
}
