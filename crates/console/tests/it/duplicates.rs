//! Pairs of contacts on file: scanned, looked at, merged, told apart, skipped.

use crate::support::{World, person};
use serde_json::json;
use tributary_contact::ContactId;
use tributary_engine::Actor;

/// Three people, each on file twice: contacts 1 and 2, 3 and 4, 5 and 6.
fn scanned() -> World {
    let world = World::new();
    let names = ["Ines", "Otto", "Noor"];
    let on_file: Vec<_> = (0..6)
        .map(|n| {
            let phone = format!("614-555-01{:02}", n / 2);
            let street = format!("{} Oak Street", n / 2 + 11);
            let more = json!({"referenceSource": "crm", "referenceId": format!("c{n}"), "phone": phone, "address1": street,
                "city": "Columbus", "state": "OH", "postal": "43215"});
            (format!("g{n}"), person(n / 2, names[n / 2], &more))
        })
        .collect();
    for (group, row) in &on_file {
        world.load(&[(group.as_str(), row.clone())]);
    }
    world.engine.scan_duplicates(world.org, &Actor::Staff("ada@x.org".into())).unwrap();
    world
}

fn open(world: &World) -> i64 {
    world.engine.duplicate_scan(world.org).unwrap().open_pairs
}

#[actix_web::test]
async fn pairs_are_listed_merged_told_apart_and_skipped_one_after_the_other() {
    let world = scanned();
    assert_eq!(open(&world), 3);
    let mut ada = world.signed_in("ada@x.org").await;
    let list = ada.get("/console/duplicates").await;
    assert!(list.body.contains("3 pairs") && list.body.contains("Everything on file was looked at"), "{}", list.body);
    assert_eq!(list.body.matches("data-row").count(), 3);
    let first = list.body.split("data-row href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = ada.get(&first).await;
    for part in
        ["One contact or two?", "Side by side", "svg", "data-key=\"m\"", "data-key=\"n\"", "data-key=\"s\"", "instead"]
    {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let ids: Vec<&str> = first.split('?').next().unwrap().rsplit('/').take(2).collect();
    let form = [("survivor", ids[1]), ("merged", ids[0]), ("action", "merge")];
    let answer = ada.press(&first, &form).await;
    let next = answer.header("location").to_owned();
    assert!(next.contains(&format!("merged={}&into={}", ids[0], ids[1])), "{next} {}", answer.body);
    assert_eq!(open(&world), 2);
    let page = ada.get(&next).await;
    assert!(page.body.contains("was merged into") && page.body.contains("Unmerge"), "{}", page.body);
    let (path, query) = next.split_once('?').unwrap();
    let answer = ada.press(&format!("{path}/two?{query}"), &[("note", "Twins")]).await;
    assert_eq!((answer.status, open(&world)), (303, 1), "{}", answer.body);
    let last = answer.header("location").to_owned();
    let page = ada.get(&last).await;
    assert!(page.body.contains("Back to the list"), "{}", page.body);
    assert_eq!(ada.get(&next).await.header("location"), "/console/duplicates", "a closed pair leads to the list");
    assert_eq!(ada.get("/console/duplicates?closed=1").await.body.matches("data-row").count(), 2);
    let stray = ada.press(&last, &[("survivor", "1"), ("merged", "99"), ("action", "merge")]).await;
    assert_eq!((stray.status, open(&world)), (404, 1));
}

#[actix_web::test]
async fn a_scan_is_started_and_followed() {
    let world = scanned();
    let mut ada = world.signed_in("ada@x.org").await;
    let answer = ada.press("/console/duplicates/scan", &[]).await;
    assert_eq!(answer.header("location"), "/console/duplicates?started=1");
    assert!(ada.get("/console/duplicates?started=1").await.body.contains("data-renew=\"/console/duplicates/scan\""));
    let part = ada.get("/console/duplicates/scan").await;
    assert!(["0", "1"].contains(&part.header("tributary-going-on")), "{}", part.body);
    let mut vic = world.signed_in("vic@x.org").await;
    assert_eq!(vic.press("/console/duplicates/scan", &[]).await.status, 403);
    assert_eq!(vic.get("/console/duplicates/1/2").await.status, 200);
    assert!(world.engine.contact(world.org, ContactId(1)).unwrap().is_some());
}
