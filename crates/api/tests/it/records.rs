//! Notes, tags, groups and what the organization defines.

use crate::support::{World, ines};
use actix_web::http::Method;
use insta::assert_snapshot;
use serde_json::{Value, json};

async fn contact(world: &World) -> Value {
    let person = json!({ "contactIndividuals": [{ "firstName": "Odalys", "lastName": "Trent" }], "tags": "Monthly" });
    world.post("/api/Contact", person).await.json()["id"].clone()
}

#[actix_web::test]
async fn a_note_is_written_under_one_set_of_names_and_read_under_another() {
    let world = World::new();
    let id = contact(&world).await;
    let note = json!({
        "contactId": id, "type": "Meeting", "note": "Likes tea.", "noteDateTime": "2024-03-05T09:12:44",
        "important": "true", "private": true, "timeSpent": 20,
    });
    assert_snapshot!(world.post("/api/ContactNote", note).await, @r#"
    200
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "contactId": 1,
      "createDateTimeUtc": "2026-01-02T03:04:05.000",
      "createdByAvatarUrl": null,
      "createdByUser": "API",
      "id": 1,
      "important": true,
      "isPrivate": true,
      "modifiedByUser": "API",
      "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
      "note": "Likes tea.",
      "noteDate": "2024-03-05T09:12:44.000",
      "reminder": null,
      "timeSpent": "20",
      "type": "Meeting"
    }
    "#);
    let changed = json!({ "note": "Likes coffee." });
    let changed = world.send(Method::PUT, "/api/ContactNote/1", changed).await.json();
    assert_eq!(
        (&changed["note"], &changed["important"], &changed["type"]),
        (&json!("Likes coffee."), &json!(false), &json!("General"))
    );
    assert_eq!(changed["noteDate"], "2024-03-05T09:12:44.000");
    assert_eq!(world.send(Method::DELETE, "/api/ContactNote/1", ()).await.status, 200);
    assert_eq!(world.get("/api/ContactNote/1").await.status, 404);
}

#[actix_web::test]
async fn notes_of_a_contact_come_in_the_order_asked_for() {
    let world = World::new();
    let id = contact(&world).await;
    for (day, important) in [("2024-03-05", false), ("2024-03-01", true), ("2024-03-09", true)] {
        let note = json!({ "contactId": id, "note": "x", "noteDateTime": day, "important": important });
        assert_eq!(world.post("/api/ContactNote", note).await.status, 200);
    }
    let ids = async |path: &str| {
        let page = world.get(path).await.json();
        let ids: Vec<i64> = page["list"].as_array().unwrap().iter().map(|note| note["id"].as_i64().unwrap()).collect();
        (ids, page["total"].as_i64().unwrap())
    };
    assert_eq!(ids("/api/ContactNote/ByContact/1").await, (vec![1, 2, 3], 3));
    assert_eq!(ids("/api/ContactNote/ByContact/1?sortBy=NoteDate&descending=true&take=2").await, (vec![3, 1], 3));
    assert_eq!(ids("/api/ContactNote/Important/ByContact/1?sortBy=NoteDate").await, (vec![2, 3], 2));
    assert_eq!(world.get("/api/ContactNote/ByContact/1?sortBy=Shoe").await.status, 400);
    assert_eq!(world.get("/api/ContactNote/ByContact/9").await.status, 404);
}

#[actix_web::test]
async fn an_email_becomes_a_note_about_everybody_on_file_who_sent_or_got_it() {
    let world = World::new();
    world.submit(ines()).await;
    world.run_batch().await;
    let email = json!({
        "fromEmail": "staff@example.org", "toEmail": "INES.lund@example.org", "subject": "Thanks", "body": "Dear Ines",
    });
    let notes = world.post("/api/ContactNote/Email", email).await.json();
    assert_eq!((&notes[0]["contactId"], &notes[0]["type"]), (&json!(1), &json!("Email")));
    assert_eq!(notes.as_array().unwrap().len(), 1);
    let wrong = world.post("/api/ContactNote/Email", json!({ "fromEmail": "nobody" })).await.json();
    assert_eq!(wrong["error"]["details"].as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn a_tag_is_given_and_taken_and_lists_its_contacts() {
    let world = World::new();
    let id = contact(&world).await;
    assert_snapshot!(world.get("/api/Tag").await, @r#"
    200
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "list": [
        {
          "contactsByTagUrl": "/api/Contact/ByTag/1",
          "id": 1,
          "tagGroupName": null,
          "tagName": "Monthly"
        }
      ],
      "total": 1
    }
    "#);
    let made = world.post("/api/Tag", json!({ "tagName": "Gala", "tagGroupName": "Events" })).await.json();
    let given = json!({ "tagId": made["id"], "contactId": id });
    assert_snapshot!(world.post("/api/ContactTag", given).await, @r#"
    200
    x-request-id: 019b7c00-0004-7002-8000-000000000004
    {
      "contactTagId": 2,
      "contactsByTagUrl": "/api/Contact/ByTag/2",
      "createDateTimeUtc": "2026-01-02T03:04:05.000",
      "createdByUser": "API",
      "modifiedByUser": "API",
      "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
      "name": "Gala",
      "tagId": 2,
      "total": 1
    }
    "#);
    let listed = world.get(&format!("/api/Contact/ByTag/{}", made["id"])).await;
    assert_snapshot!(listed, @r#"
    200
    x-request-id: 019b7c00-0005-7002-8000-000000000005
    {
      "list": [
        {
          "address": null,
          "contactName": "Odalys Trent",
          "contactType": "Household",
          "contactViewUrl": "/console/contacts/1",
          "email": null,
          "id": 1,
          "name": "Odalys Trent",
          "phone": null
        }
      ],
      "total": 1
    }
    "#);
    assert_eq!(world.get("/api/Contact/1").await.json()["tags"], json!(["Gala", "Monthly"]));
    let own = world.get("/api/ContactTag/ByContact/1").await.json();
    assert_eq!((&own["total"], &own["list"][0]["name"]), (&json!(2), &json!("Monthly")));
    let number = own["list"][0]["contactTagId"].clone();
    assert_eq!(world.send(Method::DELETE, &format!("/api/ContactTag/{number}"), ()).await.status, 200);
    assert_eq!(world.send(Method::DELETE, &format!("/api/ContactTag/{number}"), ()).await.status, 404);
    assert_eq!(world.get("/api/Contact/1").await.json()["tags"], json!(["Gala"]));
    let found = world.post("/api/Tag/Search", json!({ "search": "GAL" })).await.json();
    assert_eq!((&found["total"], &found["list"][0]["tagGroupName"]), (&json!(1), &json!("Events")));
    assert_eq!(world.get("/api/Contact/ByTag/99").await.status, 404);
}

#[actix_web::test]
async fn a_contact_is_put_into_a_group_and_out_again() {
    let world = World::new();
    let id = contact(&world).await;
    assert_snapshot!(world.post("/api/OrganizationGroup", json!({ "name": "Board" })).await, @r#"
    200
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "contactsUrl": "/api/OrganizationGroup/2/contacts",
      "createDateTimeUtc": "2026-01-02T03:04:05.000",
      "createdByUser": "API",
      "id": 2,
      "name": "Board"
    }
    "#);
    let place = format!("/api/OrganizationGroup/2/contacts/{id}");
    assert_eq!(world.send(Method::PUT, &place, ()).await.status, 200);
    assert_eq!(world.get("/api/Contact/1").await.json()["organizationGroups"], json!(["Board"]));
    assert_eq!(world.get("/api/OrganizationGroup/2/contacts").await.json()["list"][0]["id"], id);
    assert_eq!(world.get("/api/OrganizationGroup/ByContact/1").await.json()["list"][0]["name"], "Board");
    assert_eq!(world.get("/api/OrganizationGroup?filter=oar").await.json()["total"], 1);
    assert_eq!(world.send(Method::DELETE, &place, ()).await.status, 200);
    assert_eq!(world.get("/api/OrganizationGroup/2/contacts").await.json()["total"], 0);
    assert_eq!(world.send(Method::PUT, "/api/OrganizationGroup/2/contacts/99", ()).await.status, 404);
    assert_eq!(world.get("/api/OrganizationGroup/99").await.status, 404);
}

#[actix_web::test]
async fn values_of_custom_fields_are_checked_against_what_is_defined() {
    let world = World::new();
    let size = json!({ "name": "shirtSize", "displayName": "Shirt", "dataType": "List", "options": ["S", "M"] });
    assert_snapshot!(world.post("/api/Contact/CustomFields", size).await, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    {
      "createDateTimeUtc": "2026-01-02T03:04:05.000",
      "createdByUser": "API",
      "dataType": "Dropdown",
      "displayName": "Shirt",
      "modifiedByUser": "API",
      "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
      "name": "shirtSize",
      "options": [
        "S",
        "M"
      ]
    }
    "#);
    let wrong = json!({ "lastName": "Lund", "customFields": { "shirtSize": "XXL" } });
    let refused = world.post("/api/Contact/Transaction", wrong).await;
    assert_eq!(
        (refused.status, &refused.json()["error"]["details"][0]["field"]),
        (422, &json!("customFields.shirtSize"))
    );
    let right = json!({
        "contactIndividuals": [{ "lastName": "Lund", "customFields": { "diet": "vegan" } }],
        "customFields": { "ShirtSize": "m", "free": "yes" },
    });
    let made = world.post("/api/Contact", right).await.json();
    let expected = json!([
        { "name": "free", "value": "yes", "displayName": "Free" },
        { "name": "shirtSize", "value": "M", "displayName": "Shirt" },
    ]);
    assert_eq!(made["customFields"], expected);
    let diet = json!([{ "name": "diet", "value": "vegan", "displayName": "Diet" }]);
    assert_eq!(made["contactIndividuals"][0]["customFields"], diet);
    let forget = "/api/Contact/CustomFields?name=SHIRTSIZE";
    assert_eq!(world.send(Method::DELETE, forget, ()).await.status, 200);
    assert_eq!(world.get("/api/Contact/CustomFields").await.json(), json!([]));
    assert_eq!(world.send(Method::DELETE, forget, ()).await.status, 404);
}

#[actix_web::test]
async fn an_entry_of_a_collection_is_added_changed_and_removed() {
    let world = World::new();
    contact(&world).await;
    let fields = json!([{ "name": "name", "required": true }, { "name": "age", "dataType": "Number" }]);
    let pets = json!({ "name": "Pets", "fields": fields });
    assert_snapshot!(world.post("/api/Contact/CustomCollections", pets).await, @r#"
    200
    x-request-id: 019b7c00-0002-7002-8000-000000000002
    {
      "entityType": "Contact",
      "fields": [
        {
          "dataType": "Text",
          "displayName": "name",
          "name": "name",
          "options": [],
          "required": true
        },
        {
          "dataType": "Number",
          "displayName": "age",
          "name": "age",
          "options": [],
          "required": false
        }
      ],
      "id": 1,
      "name": "Pets"
    }
    "#);
    let rex = json!({ "fields": [{ "name": "Name", "value": "Rex" }, { "name": "age", "value": "4.0" }] });
    let added = world.post("/api/Contact/1/Collection/1", rex).await.json();
    let values = json!([{ "name": "name", "value": "Rex" }, { "name": "age", "value": "4" }]);
    assert_eq!((&added["customCollectionName"], &added["fields"]), (&json!("Pets"), &values));
    let place = format!("/api/Contact/1/Collection/{}", added["collectionInstanceId"]);
    let max = json!({ "fields": [{ "name": "name", "value": "Max" }] });
    let changed = world.send(Method::PUT, &place, max).await.json();
    assert_eq!(changed["collectionInstanceId"], added["collectionInstanceId"]);
    assert_eq!(world.get("/api/Contact/1").await.json()["customCollections"], json!([changed]));
    let nameless = json!({ "fields": [{ "name": "age", "value": "old" }] });
    let refused = world.send(Method::PUT, &place, nameless).await.json();
    assert_eq!(refused["error"]["details"].as_array().unwrap().len(), 2);
    assert_eq!(world.send(Method::DELETE, &place, ()).await.status, 200);
    assert_eq!(world.send(Method::DELETE, &place, ()).await.status, 404);
    assert_eq!(world.get("/api/Contact/1").await.json()["customCollections"], json!([]));
}

#[actix_web::test]
async fn a_contact_type_of_the_organization_stands_for_its_base_type() {
    let world = World::new();
    assert_eq!(
        world.post("/api/Contact/Types", json!({ "parentType": "Organization", "type": "Parish" })).await.status,
        200
    );
    let types = world.get("/api/Contact/Types").await.json();
    assert_eq!(types.as_array().unwrap().len(), 4);
    assert_eq!(types[3], json!({ "parentType": "Organization", "type": "Parish" }));
    let made = world.post("/api/Contact", json!({ "contactType": "parish", "name": "St Anne" })).await.json();
    assert_eq!((&made["contactType"], &made["name"]), (&json!("Organization"), &json!("St Anne")));
    let again = world.post("/api/Contact/Types", json!({ "parentType": "Foundation", "type": "PARISH" })).await;
    assert_eq!(again.status, 409);
    let base = world.post("/api/Contact/Types", json!({ "parentType": "Foundation", "type": "household" })).await;
    assert_eq!(base.status, 422);
    world.submit(json!({ "contactType": "Parish", "name": "St Bede" })).await;
    assert_eq!(world.send(Method::DELETE, "/api/Contact/Types?type=Parish", ()).await.status, 200);
    let refused =
        world.post("/api/Contact/Transaction", json!({ "contactType": "Parish", "name": "St Cuthbert" })).await;
    assert_eq!(refused.status, 422);
}

#[actix_web::test]
async fn what_has_no_sense_here_answers_with_empty_lists() {
    let world = World::new();
    contact(&world).await;
    for path in [
        "/api/Contact/Receipts?email=a@example.org",
        "/api/Event/7/Contacts",
        "/api/Gift/ByContact/1",
        "/api/Gift/Passthrough/ByContact/1",
        "/api/PlannedGift/ByContact/1",
        "/api/RecurringGift/ByContact/1",
        "/api/Relationship/ByContact/1",
    ] {
        let answer = world.get(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"list":[],"total":0}"#), "{path}");
    }
    assert_eq!(world.get("/api/PlannedGift/ByContact/9").await.status, 404);
    assert_eq!(world.get("/api/Contact/Receipts/1").await.status, 404);
    assert!(world.get("/api/Contact/Prefixes").await.json().as_array().unwrap().contains(&json!("Dr")));
    assert!(world.get("/api/ContactNote/Types").await.json().as_array().unwrap().contains(&json!("Email")));
}

#[actix_web::test]
async fn a_key_works_in_its_own_organization_with_the_rights_of_its_scopes() {
    let world = World::new();
    assert_snapshot!(world.get("/api/Organization").await, @r#"
    200
    x-request-id: 019b7c00-0001-7002-8000-000000000001
    [
      {
        "isAdministrator": true,
        "isEnabled": true,
        "organizationCulture": "en-US",
        "organizationName": "Bellford Food Share",
        "organizationTimeZone": "America/New_York",
        "organizationUserId": 1
      }
    ]
    "#);
    let switch = async |id: i64| {
        world.send(Method::PUT, "/api/Organization/Switch", json!({ "organizationUserId": id })).await.status
    };
    assert_eq!((switch(1).await, switch(2).await), (200, 404));
    let key = world.key(&[tributary_engine::Scope::Submit]);
    let rights = world.send_as(&key, Method::GET, "/api/Permission", ()).await.json();
    let allowed = |module: &str, action: &str| {
        let own = |right: &&Value| right["module"] == module && right["action"] == action;
        rights.as_array().unwrap().iter().find(own).unwrap()["allowed"].as_bool().unwrap()
    };
    assert_eq!((allowed("Gift", "Create"), allowed("Contact", "View")), (true, false));
}
