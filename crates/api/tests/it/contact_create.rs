//! `POST /api/Contact`.

use crate::support::World;
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

/// The sample of the contract.
pub fn odalys() -> Value {
    json!({
        "contactType": "Household",
        "referenceSource": "Harbor Giving", "referenceId": "hg-50021",
        "contactAddresses": [
            { "label": "Home", "address1": "18 Quarry Ln", "city": "Bellford", "stateCode": "OH",
              "postal": "44090", "countryCode": "US", "isPrimary": true }
        ],
        "contactIndividuals": [
            { "firstName": "Odalys", "lastName": "Trent", "isPrimary": true,
              "contactMethods": [
                { "type": "Home Email", "value": "odalys.trent@example.org", "isOptedIn": true, "isPrimary": true }
              ] }
        ],
        "customFields": { "shirtSize": "M" },
    })
}

#[actix_web::test]
async fn a_contact_is_created_at_once() {
    assert_snapshot!(World::new().post("/api/Contact", odalys()).await, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "address": {
        "address1": "18 Quarry Ln",
        "address2": null,
        "canBePrimary": false,
        "city": "Bellford",
        "country": "US",
        "endDay": 31,
        "endMonth": 12,
        "id": 3,
        "isPrimary": true,
        "label": "Home",
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
          "birthDate": "",
          "birthDay": null,
          "birthMonth": null,
          "birthYear": null,
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
              "value": "odalys.trent@example.org"
            }
          ],
          "createDateTimeUtc": "2026-01-02T03:04:05.000",
          "customCollections": [],
          "customFields": [],
          "deceasedDate": null,
          "firstName": "Odalys",
          "gender": null,
          "id": 1,
          "isDeceased": false,
          "isPrimary": true,
          "isSecondary": false,
          "lastName": "Trent",
          "middleName": null,
          "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
          "nickname": null,
          "passion": null,
          "preMarriageName": null,
          "prefix": null,
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
          "id": "hg-50021",
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
      "isPrivate": false,
      "lastGiftAmount": "Unavailable",
      "lastGiftDate": "Unavailable",
      "lifeToDateGiving": "$0",
      "maritalStatus": null,
      "mergedIntoContactId": null,
      "modifiedByUser": "API",
      "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
      "name": "Odalys Trent",
      "organizationGroups": [],
      "originSegment": null,
      "originSegmentId": null,
      "preferredAddresseeName": null,
      "preferredSalutationName": null,
      "primaryAvatarUrl": null,
      "tags": [],
      "website": null,
      "yearToDateGiving": "$0"
    }
    "#);
}

#[actix_web::test]
async fn a_household_of_two_with_a_single_address() {
    let world = World::new();
    let answer = world.post("/api/Contact", json!({
        "contactReferences": [{ "source": "Harbor Giving", "id": "1" }, { "source": "Kindness Hub", "id": "2" }],
        "address": { "address1": "18 Quarry Ln", "city": "Bellford", "state": "OH" },
        "contactIndividuals": [
            { "firstName": "Pål", "lastName": "Trent" },
            { "firstName": "Odalys", "lastName": "Trent", "isPrimary": "true" },
        ],
    })).await;
    let contact = answer.json();
    let names: Vec<_> =
        contact["contactIndividuals"].as_array().unwrap().iter().map(|person| &person["firstName"]).collect();
    assert_eq!(names, ["Odalys", "Pål"]);
    assert_eq!(contact["contactReferences"].as_array().unwrap().len(), 2);
    assert_eq!(contact["address"]["state"], "OH");
    assert_eq!(world.get("/api/Contact/Kindness%20Hub/2").await.json()["id"], contact["id"]);
}

#[actix_web::test]
async fn a_reference_belongs_to_one_contact_only() {
    let world = World::new();
    world.post("/api/Contact", odalys()).await;
    assert_snapshot!(world.post("/api/Contact", odalys()).await, @r#"
    409
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "error": {
        "code": "CONFLICT",
        "details": [],
        "existingContactId": 1,
        "message": "The reference belongs to contact 1."
      },
      "message": "The reference belongs to contact 1."
    }
    "#);
}

#[actix_web::test]
async fn what_is_wrong_with_a_new_contact_is_told_at_once() {
    let body = json!({ "contactType": "Organization", "contactIndividuals": [{ "contactMethods": [{ "type": "Fax" }, { "type": "Home Email", "value": "x" }] }] });
    assert_snapshot!(World::new().post("/api/Contact", body).await, @r#"
    400
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "error": {
        "code": "BAD_REQUEST",
        "details": [
          {
            "code": "INVALID_FORMAT",
            "field": "contactIndividuals[0].contactMethods[1].value",
            "message": "Not an e-mail address."
          },
          {
            "code": "REQUIRED",
            "field": "name",
            "message": "An organization or foundation needs a name."
          }
        ],
        "message": "The request is invalid."
      },
      "message": "The request is invalid.",
      "modelState": {
        "model.contactIndividuals[0].contactMethods[1].value": [
          "Not an e-mail address."
        ],
        "model.name": [
          "An organization or foundation needs a name."
        ]
      }
    }
    "#);
}

#[actix_web::test]
async fn a_contact_of_one_person_has_all_its_references_and_may_be_archived_from_the_start() {
    let world = World::new();
    let body = json!({
        "contactIndividuals": [{ "firstName": "Odalys", "lastName": "Trent" }], "isArchived": true,
        "contactReferences": [{ "source": "Harbor Giving", "id": "1" }, { "source": "Mill Pay", "id": "2" }],
    });
    let made = world.post("/api/Contact", body).await.json();
    let references = json!([{ "id": "1", "source": "Harbor Giving" }, { "id": "2", "source": "Mill Pay" }]);
    assert_eq!((&made["contactReferences"], made["contactIndividuals"].as_array().unwrap().len()), (&references, 1));
    assert_eq!(world.get("/api/Contact/Mill%20Pay/2").await.status, 404);
    assert_eq!(world.send(Method::PUT, &format!("/api/Contact/Unarchive/{}", made["id"]), ()).await.status, 200);
    assert_eq!(world.get("/api/Contact/Mill%20Pay/2").await.json()["id"], made["id"]);
}
