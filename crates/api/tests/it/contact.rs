//! Reading contacts.

use crate::contact_create::odalys;
use crate::support::{World, ines};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::json;
use tributary_api::ApiSettings;

const BY_REFERENCE: &str = "/api/Contact/Harbor%20Giving/hg-50022";

#[actix_web::test]
async fn until_the_batch_a_reference_is_an_empty_404_that_says_held() {
    let world = World::new();
    assert_snapshot!(world.get(BY_REFERENCE).await, @"
    404
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    ");
    world.submit(ines()).await;
    assert_snapshot!(world.get(BY_REFERENCE).await, @"
    404
    tributary-transaction-state: held
    x-request-id: 019b7c00-0003-7002-8000-000000000003
    ");
}

#[actix_web::test]
async fn after_the_batch_the_reference_is_a_full_contact() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    assert_snapshot!(world.get(BY_REFERENCE).await, @r#"
    200
    x-request-id: 019b7c00-0003-7002-8000-000000000003
    {
      "address": {
        "address1": "402 Tannery Rd",
        "address2": null,
        "canBePrimary": false,
        "city": "Bellford",
        "country": "US",
        "endDay": 31,
        "endMonth": 12,
        "id": 4,
        "isPrimary": true,
        "label": null,
        "postal": "44090",
        "startDay": 1,
        "startMonth": 1,
        "state": "OH"
      },
      "alternateContactName": null,
      "anniversaryDay": null,
      "anniversaryMonth": null,
      "anniversaryYear": null,
      "contactGiftsUrl": "/api/Gift/ByContact/1",
      "contactImportantNotesUrl": "/api/ContactNote/Important/ByContact/1",
      "contactIndividuals": [
        {
          "approximateAge": null,
          "avatarUrl": null,
          "birthDate": "9/4/1979",
          "birthDay": 4,
          "birthMonth": 9,
          "birthYear": 1979,
          "canBePrimary": false,
          "canBeSecondary": false,
          "contactId": 1,
          "contactMethods": [
            {
              "canBePrimary": false,
              "id": 2,
              "isOptedIn": true,
              "isPrimary": true,
              "type": "Home Email",
              "value": "ines.lund@example.org"
            },
            {
              "canBePrimary": false,
              "id": 3,
              "isOptedIn": true,
              "isPrimary": true,
              "type": "Mobile Phone",
              "value": "(555) 010-4477"
            }
          ],
          "createDateTimeUtc": "2026-01-02T03:04:05.000",
          "customCollections": [],
          "customFields": [],
          "deceasedDate": null,
          "firstName": "Ines",
          "gender": null,
          "id": 1,
          "isDeceased": false,
          "isPrimary": true,
          "isSecondary": false,
          "lastName": "Okafor-Lund",
          "middleName": null,
          "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
          "nickname": null,
          "passion": null,
          "preMarriageName": null,
          "prefix": "Dr",
          "prefix2": null,
          "suffix": null
        }
      ],
      "contactNotesUrl": "/api/ContactNote/ByContact/1",
      "contactPassthroughGiftsUrl": "/api/Gift/Passthrough/ByContact/1",
      "contactPlannedGiftsUrl": "/api/PlannedGift/ByContact/1",
      "contactRecurringGiftsUrl": "/api/RecurringGift/ByContact/1",
      "contactReferences": [
        {
          "id": "hg-50022",
          "source": "Harbor Giving"
        }
      ],
      "contactRelationshipsUrl": "/api/Relationship/ByContact/1",
      "contactTagsUrl": "/api/ContactTag/ByContact/1",
      "contactType": "Household",
      "createDateTimeUtc": "2026-01-02T03:04:05.000",
      "createdByUser": "API",
      "customCollections": [],
      "customFields": [
        {
          "displayName": "Shirt Size",
          "name": "shirtSize",
          "value": "M"
        }
      ],
      "description": null,
      "formalContactName": null,
      "giftAskAmount": "Unavailable",
      "giftAskType": "Unavailable",
      "id": 1,
      "informalName": null,
      "isCurrentUserFollowing": false,
      "isPrivate": false,
      "lastGiftAmount": "Unavailable",
      "lastGiftDate": "Unavailable",
      "lifeToDateGiving": "$0",
      "maritalStatus": null,
      "mergedIntoContactId": null,
      "modifiedByUser": "API",
      "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
      "name": "Ines Okafor-Lund",
      "organizationGroups": [],
      "originSegment": null,
      "originSegmentId": null,
      "preferredAddresseeName": null,
      "preferredSalutationName": null,
      "primaryAvatarUrl": null,
      "tags": [
        "Monthly",
        "Spring Gala"
      ],
      "website": null,
      "yearToDateGiving": "$0"
    }
    "#);
}

#[actix_web::test]
async fn a_poll_says_what_is_committed_however_often_it_was_answered() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let first = world.get(BY_REFERENCE).await.json();
    let before = world.engine.store().statement_count();
    assert_eq!(world.get(BY_REFERENCE).await.json(), first);
    assert_eq!(world.engine.store().statement_count() - before, 1, "whether anything was committed");
    let contact = format!("/api/Contact/{}", first["id"]);
    world.send(Method::PUT, &contact, json!({ "website": "https://ines.example.org" })).await;
    assert_eq!(world.get(BY_REFERENCE).await.json()["website"], "https://ines.example.org");
    let other = world.key_of(&["Mill Pay"]);
    assert_eq!(world.send_as(&other, Method::GET, BY_REFERENCE, ()).await.status, 403);
    world.send(Method::PUT, &format!("/api/Contact/Archive/{}", first["id"]), ()).await;
    assert_eq!(world.get(BY_REFERENCE).await.status, 404);
}

#[actix_web::test]
async fn by_id_the_contact_is_the_same() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let by_reference = world.get(BY_REFERENCE).await.json();
    assert_eq!(world.get(&format!("/api/Contact/{}", by_reference["id"])).await.json(), by_reference);
}

#[actix_web::test]
async fn what_is_not_there_has_no_body_unless_the_setting_says_otherwise() {
    let world = World::new();
    for path in ["/api/Contact/4711", "/api/Contact/99999999999999999999", "/api/Contact/Find?email=a@example.org"] {
        let answer = world.get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (404, ""), "{path}");
    }
    let world = World::with(ApiSettings { empty_not_found: false, requests_per_hour: 0, ..ApiSettings::default() });
    assert_snapshot!(world.get("/api/Contact/4711").await, @r#"
    404
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "NOT_FOUND",
        "details": [],
        "message": "There is no such thing."
      },
      "message": "There is no such thing."
    }
    "#);
}

#[actix_web::test]
async fn both_parts_of_a_reference_path_are_percent_decoded() {
    let world = World::new();
    let reference = json!({ "referenceSource": "A+B & C", "referenceId": "x/y%2F ü", "lastName": "Trent", "email": "t@example.org", "firstName": "Odalys" });
    world.submit(reference).await;
    world.run_batch().await;
    let found = world.get("/api/Contact/A+B%20%26%20C/x%2Fy%252F%20%C3%BC").await;
    assert_eq!(found.json()["contactReferences"][0]["id"], "x/y%2F ü");
}

#[actix_web::test]
async fn literals_of_the_contract_are_no_reference_sources() {
    let world = World::new();
    for literal in ["ByTag", "Receipts"] {
        let answer = world.get(&format!("/api/Contact/{literal}/1")).await;
        assert_eq!((answer.status, answer.json()["error"]["code"].as_str()), (404, Some("NOT_FOUND")));
    }
}

#[actix_web::test]
async fn find_looks_by_reference_first_then_by_email() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let created = world.post("/api/Contact", odalys()).await.json();
    let by_email = world.get("/api/Contact/Find?email=INES.lund@example.org").await.json();
    assert_eq!(by_email["contactReferences"][0]["id"], "hg-50022");
    assert!(by_email.get("isCurrentUserFollowing").is_none());
    let both = "/api/Contact/Find?email=ines.lund@example.org&referenceSource=Harbor+Giving&referenceId=hg-50021";
    assert_eq!(world.get(both).await.json()["id"], created["id"]);
    assert_snapshot!(world.get("/api/Contact/Find").await, @r#"
    400
    x-request-id: 019b7c00-0006-7002-8000-000000000006
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "email",
            "message": "Needs an e-mail, or a reference source and id."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.email": [
          "Needs an e-mail, or a reference source and id."
        ]
      }
    }
    "#);
    assert_snapshot!(world.get("/api/Contact/Find?referenceSource=A").await, @r#"
    400
    x-request-id: 019b7c00-0007-7002-8000-000000000007
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "REQUIRED",
            "field": "referenceId",
            "message": "Needs an e-mail, or a reference source and id."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.referenceId": [
          "Needs an e-mail, or a reference source and id."
        ]
      }
    }
    "#);
}

#[actix_web::test]
async fn a_restricted_key_sees_contacts_of_its_sources_only() {
    let world = World::new();
    let id = world.post("/api/Contact", odalys()).await.json()["id"].clone();
    let (own, other) = (world.key_of(&["Harbor Giving"]), world.key_of(&["Kindness Hub"]));
    let status = async |key: &str, path: &str| world.send_as(key, Method::GET, path, ()).await.status;
    let by_id = format!("/api/Contact/{id}");
    let by_email = "/api/Contact/Find?email=odalys.trent@example.org";
    assert_eq!((status(&own, &by_id).await, status(&other, &by_id).await), (200, 404));
    assert_eq!((status(&own, by_email).await, status(&other, by_email).await), (200, 404));
    assert_eq!(status(&other, "/api/Contact/Harbor%20Giving/hg-50021").await, 403);
    assert_eq!(world.send_as(&other, Method::POST, "/api/Contact", odalys()).await.status, 403);
}
