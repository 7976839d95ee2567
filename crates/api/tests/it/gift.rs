//! Gifts and their contacts.

use crate::support::World;
use insta::assert_snapshot;
use serde_json::{Value, json};

fn gift(id: &str, amount: &str, date: &str) -> Value {
    json!({
        "transactionSource": "Harbor Giving", "transactionId": id, "giftDate": date, "amount": amount,
        "giftType": "Cash", "designations": [{ "code": "FOOD", "amountDesignated": 10 }],
        "contact": {
            "referenceId": "hg-50022", "type": "Household", "firstname": "Ines", "lastname": "Okafor-Lund",
            "email": "ines.lund@example.org",
        },
    })
}

async fn send(world: &World, body: Value) {
    let answer = world.post("/api/v2/Gift/Transaction", body).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""), "{answer}");
}

async fn totals(world: &World) -> [String; 4] {
    let contact = world.get("/api/Contact/Harbor%20Giving/hg-50022").await.json();
    ["lifeToDateGiving", "yearToDateGiving", "lastGiftAmount", "lastGiftDate"]
        .map(|name| contact[name].as_str().unwrap().to_owned())
}

#[actix_web::test]
async fn gifts_show_as_totals_of_the_contact_they_came_with() {
    let world = World::new();
    send(&world, gift("g-1", "1200", "2026-01-01")).await;
    send(&world, gift("g-2", "0.55", "12/31/2025")).await;
    send(&world, gift("g-1", "999", "2026-01-02")).await;
    world.run_batch().await;
    assert_eq!(totals(&world).await, ["$1,200.55", "$1,200", "$1,200", "1/1/2026"]);
    send(&world, gift("g-2", "77", "2026-01-02")).await;
    world.run_batch().await;
    assert_eq!(totals(&world).await[0], "$1,200.55");
}

#[actix_web::test]
async fn undoing_the_row_takes_its_gift_back() {
    let world = World::new();
    send(&world, gift("g-1", "20", "2026-01-01")).await;
    send(&world, gift("g-2", "30.25", "2026-01-02")).await;
    world.run_batch().await;
    assert_eq!(totals(&world).await[0], "$50.25");
    let rows = world.get("/api/Contact/Transaction?referenceSource=Harbor+Giving&referenceId=hg-50022").await.json();
    let latest = rows["list"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(world.post(&format!("/api/Contact/Transaction/{latest}/Undo"), ()).await.status, 200);
    assert_eq!(totals(&world).await, ["$20", "$20", "$20", "1/1/2026"]);
    assert_eq!(world.get("/api/Gift/Harbor%20Giving/g-2").await.status, 404);
}

#[actix_web::test]
async fn a_gift_is_read_once_its_contact_is_decided() {
    let world = World::new();
    send(&world, gift("g-1", "20.50", "2026-01-01")).await;
    assert_eq!(world.get("/api/Gift/Harbor%20Giving/g-1").await.status, 404);
    world.run_batch().await;
    assert_snapshot!(world.get("/api/Gift/Harbor%20Giving/g-1").await, @r#"
    200
    x-request-id: 019b7c00-0004-7002-8000-000000000004
    {
      "amount": "20.5",
      "amountFormatted": "$20.50",
      "contactId": 1,
      "contactName": "Ines Okafor-Lund",
      "contactUrl": "/api/Contact/1",
      "createDateTimeUtc": "2026-01-02T03:04:05.000",
      "createdByUser": "API",
      "exchangeRate": null,
      "giftDate": "2026-01-01T00:00:00",
      "giftDateFormatted": "1/1/2026",
      "giftDesignations": [
        {
          "amountDesignated": 10,
          "code": "FOOD"
        }
      ],
      "giftPremiums": [],
      "giftType": "Cash",
      "giftTypeFormatted": "Cash",
      "giftUrl": "/api/Gift/1",
      "id": 1,
      "modifiedByUser": "API",
      "modifiedDateTimeUtc": "2026-01-02T03:04:05.000",
      "pledgePayments": [],
      "recurringGiftPayments": [],
      "transactionId": "g-1",
      "transactionSource": "Harbor Giving"
    }
    "#);
    assert_eq!(world.get("/api/Gift/1").await.json()["transactionId"], "g-1");
    assert_eq!(world.get("/api/Gift/ByContact/1").await.json()["list"][0]["amountFormatted"], "$20.50");
    let stranger = world.stranger();
    let seen = world.send_as(&stranger, actix_web::http::Method::GET, "/api/Gift/1", ()).await;
    assert_eq!(seen.status, 404);
}

#[actix_web::test]
async fn the_gift_is_handed_on_in_the_event() {
    let world = World::new();
    let hook = json!({ "payloadUrl": "https://hooks.example.org/crm", "contactCreate": true, "contactUpdate": true });
    world.post("/api/Webhook", hook).await;
    send(&world, gift("g-1", "20", "2026-01-01")).await;
    send(&world, gift("g-2", "30", "2026-01-02")).await;
    world.run_batch().await;
    let events =
        tributary_store::StoreExt::reading(&**world.engine.store(), |tx| tx.event_page(world.organization, None, 10))
            .unwrap();
    let bodies: Vec<Value> = events.iter().map(|event| serde_json::from_str(&event.body).unwrap()).collect();
    assert_eq!(bodies[0]["gift"]["transactionId"], "g-1");
    assert_eq!(bodies[1]["gift"]["designations"][0]["code"], "FOOD");
    assert_eq!(bodies[1]["changedFields"], json!(["lifeToDateGiving", "lastGiftAmount", "lastGiftDate"]));
    assert_eq!(bodies[1]["contact"]["lifeToDateGiving"], "$50");
}

#[actix_web::test]
async fn a_contact_named_by_its_number_is_not_matched() {
    let world = World::new();
    let person = json!({ "contactIndividuals": [{ "firstName": "Odalys", "lastName": "Trent" }] });
    world.post("/api/Contact", person).await;
    let pinned = json!({ "id": 1, "firstname": "Somebody", "lastname": "Else" });
    let mut body = gift("g-1", "20", "2026-01-01");
    body["contact"] = pinned;
    send(&world, body.clone()).await;
    let run = world.run_batch().await;
    assert_eq!((&run["counts"]["created"], &run["counts"]["merged"]), (&json!(0), &json!(1)));
    assert_eq!(world.get("/api/Contact/1").await.json()["lifeToDateGiving"], "$20");
    body["contact"]["id"] = json!(77);
    let unknown = world.post("/api/v2/Gift/Transaction", body).await;
    assert_eq!((unknown.status, &unknown.json()["error"]["details"][0]["field"]), (422, &json!("contact.id")));
}

#[actix_web::test]
async fn many_gifts_are_taken_all_or_none() {
    let world = World::new();
    let bare = |id: &str, amount: i64| json!({ "transactionId": id, "amount": amount, "contact": { "firstname": "Ines", "lastname": "Lund", "email": "lund@example.org" } });
    let envelope = |gifts: Value| json!({ "transactionSource": "Harbor Giving", "defaultGiftDate": "2026-01-01", "transactions": gifts });
    let wrong = world.post("/api/v2/Gift/Transactions", envelope(json!([bare("g-1", 5), bare("g-2", 0)]))).await;
    assert_eq!((wrong.status, &wrong.json()["error"]["details"][0]["field"]), (422, &json!("transactions[1].amount")));
    let right = world.post("/api/v2/Gift/Transactions", envelope(json!([bare("g-1", 5), bare("g-2", 6)]))).await;
    assert_eq!((right.status, right.body.as_str()), (200, ""));
    let run = world.run_batch().await;
    assert_eq!(run["counts"]["received"], 2);
    assert_eq!(world.get("/api/Gift/Harbor%20Giving/g-2").await.json()["giftType"], "Cash");
    assert_eq!(world.post("/api/v2/Gift/Transactions", json!({ "transactions": [] })).await.status, 200);
    assert_eq!(world.post("/api/v2/Gift/Transactions", json!({})).await.status, 400);
}
