//! Runs tried beforehand and taken back; submissions found by what they say.

use crate::support::{World, person};
use serde_json::json;
use tributary_contact::RunId;
use tributary_contact::state::State;
use tributary_engine::{Activation, Actor, Afterwards};

#[actix_web::test]
async fn a_dry_run_shows_every_change_and_stores_nothing() {
    let world = World::with_bucket(1).await;
    let mut ada = world.signed_in("ada@x.org").await;
    assert!(ada.press("/console/runs/dry-run", &[]).await.body.contains("Nothing is held"));
    let ids = world.submit(&[person(77, "Noor", &json!({"phone": "614-555-0177"}))]).await;
    let page = ada.press("/console/runs/dry-run", &[]).await;
    for part in ["1 contact would be made or changed", "New contact", "614-555-0177", "created", "Nothing was stored"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert_eq!(world.engine.transaction(world.org, ids[0]).unwrap().unwrap().state, State::Held);
}

#[actix_web::test]
async fn a_run_is_taken_back_and_what_stays_is_listed() {
    let world = World::new();
    let ids = world.submit(&[person(1, "Ines", &json!({})), person(2, "Noor", &json!({}))]).await;
    let run = world.engine.run_batch(world.org, Activation::Manual).unwrap();
    drop(run);
    let run = world.engine.runs(world.org, 0, 1).unwrap().list[0].id;
    let contact = world.engine.transaction(world.org, ids[1]).unwrap().unwrap().contact.unwrap();
    let mut ada = world.signed_in("ada@x.org").await;
    let path = format!("/console/runs/{run}");
    assert!(ada.get(&path).await.body.contains("Take the whole run back"));
    let undo = format!("{path}/undo");
    assert_eq!(ada.press(&undo, &[("afterwards", "review")]).await.status, 422, "the box has to be ticked");
    assert_eq!(ada.press(&undo, &[("sure", "1")]).await.status, 404);
    // A person changed one of them since.
    world.engine.archive_contact(world.org, &Actor::Staff("ada@x.org".into()), contact, true, None).unwrap();
    let reference = tributary_contact::Reference { source: "crm".into(), id: "c1".into() };
    world.engine.archive_contact(world.org, &Actor::Staff("ada@x.org".into()), contact, false, None).unwrap();
    world.engine.add_reference(world.org, &Actor::Staff("ada@x.org".into()), contact, &reference).unwrap();
    world.engine.undo_run(world.org, run, Afterwards::Review, &Actor::Staff("ada@x.org".into())).unwrap();
    let page = ada.get(&path).await;
    for part in ["Taken back by staff:ada@x.org", "Kept as they are", "A person changed its contact since"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert_eq!(world.waiting(), ids[..1]);
    assert_eq!(ada.get(&undo).await.header("tributary-going-on"), "0");
    assert_eq!(world.engine.run(world.org, RunId(99)).unwrap(), None);
}

#[actix_web::test]
async fn an_undo_is_started_from_the_page_of_the_run() {
    let world = World::new();
    world.submit(&[person(1, "Ines", &json!({}))]).await;
    world.run();
    let mut ada = world.signed_in("ada@x.org").await;
    let answer = ada.press("/console/runs/1/undo", &[("afterwards", "hold"), ("sure", "1")]).await;
    assert_eq!(answer.header("location"), "/console/runs/1?started=1", "{}", answer.body);
    let page = ada.get("/console/runs/1?started=1").await;
    assert!(
        page.body.contains("data-renew=\"/console/runs/1/undo\"") || page.body.contains("Taken back"),
        "{}",
        page.body
    );
    assert_eq!(ada.press("/console/runs/99/undo", &[("afterwards", "hold"), ("sure", "1")]).await.status, 404);
}

#[actix_web::test]
async fn submissions_are_found_by_what_they_say_by_state_and_by_reason() {
    let world = World::with_bucket(3).await;
    world.submit(&[person(77, "Noor", &json!({"referenceSource": "Gala", "referenceId": "g1"}))]).await;
    let mut vic = world.signed_in("vic@x.org").await;
    let reason = world.engine.transaction(world.org, world.waiting()[0]).unwrap().unwrap().reason.unwrap();
    let reason = format!("reason={reason}");
    for (query, count) in [
        ("", 3),
        ("text=Bertram", 3),
        ("text=bertram+lund", 1),
        ("text=house1%40example1.org", 1),
        ("text=firstName", 0),
        ("text=noor", 1),
        ("state=needs_update", 3),
        ("state=held", 1),
        ("state=created", 0),
        (reason.as_str(), 3),
        ("text=noor&state=needs_update", 0),
        ("source=Gala&id=g1", 1),
        ("state=nonsense&before=x", 3),
    ] {
        let page = vic.get(&format!("/console/transactions?{query}")).await;
        assert_eq!(page.body.matches("data-row").count(), count, "{query}: {}", page.body);
    }
    world.run();
    let page = vic.get("/console/transactions?text=noor").await;
    assert!(page.body.contains("Of contacts that fit"), "{}", page.body);
}
