//! Contacts: merged and taken apart, told from each other, archived, exported, erased.

use crate::support::{World, person};
use serde_json::{Value, json};
use tributary_contact::{ContactId, Field};

/// Two contacts of different people: 1 is Ines, 2 is Otto.
fn two() -> World {
    let world = World::new();
    world.load(&[
        ("a", person(1, "Ines", &json!({"referenceSource": "crm", "referenceId": "c1", "phone": "614-555-0101"}))),
        ("b", json!({"firstName": "Otto", "lastName": "Quist", "email": "otto@example.org", "referenceSource": "crm", "referenceId": "c2"})),
    ]);
    world
}

fn merged_into(world: &World, id: i64) -> Option<ContactId> {
    world.engine.contact(world.org, ContactId(id)).unwrap().unwrap().merged_into
}

#[actix_web::test]
async fn a_contact_is_found_looked_at_merged_and_taken_apart_again() {
    let world = two();
    let mut ada = world.signed_in("ada@x.org").await;
    let page = ada.get("/console/contacts/1/merge?q=Quist").await;
    assert!(page.body.contains("/console/contacts/1/merge?with=2") && page.body.contains("crm / c2"), "{}", page.body);
    assert!(ada.get("/console/contacts/1/merge?q=2").await.body.contains("with=2"));
    let preview = ada.get("/console/contacts/1/merge?with=2").await;
    for part in ["Side by side", "Otto Quist", "becomes a further person", "What changes of contact 1", "person:"] {
        assert!(preview.body.contains(part), "{part}: {}", preview.body);
    }
    assert_eq!(merged_into(&world, 2), None, "a preview changes nothing");
    let form = [("survivor", "1"), ("merged", "2")];
    let again = ada.press("/console/contacts/1/merge", &[&form[..], &[("action", "preview")]].concat()).await;
    assert!(again.status == 200 && merged_into(&world, 2).is_none());
    let done = ada.press("/console/contacts/1/merge", &[&form[..], &[("action", "merge")]].concat()).await;
    assert_eq!(done.header("location"), "/console/contacts/1?merged=2", "{}", done.body);
    assert_eq!(merged_into(&world, 2), Some(ContactId(1)));
    let page = ada.get("/console/contacts/1?merged=2").await;
    assert!(page.body.contains("was merged into") && page.body.contains("Merged into it"), "{}", page.body);
    assert!(ada.get("/console/contacts/2").await.body.contains("It is shown as it was then"));
    let apart = ada.press("/console/contacts/2/unmerge", &[]).await;
    assert!(apart.body.contains("Both are what they were before the merge"), "{}", apart.body);
    assert_eq!(merged_into(&world, 2), None);
    assert_eq!(ada.press("/console/contacts/2/unmerge", &[]).await.status, 409);
}

#[actix_web::test]
async fn what_a_person_chose_survives_a_merge_and_what_stays_behind_is_listed() {
    let world = two();
    let mut ada = world.signed_in("ada@x.org").await;
    let people = |id| world.engine.contact(world.org, ContactId(id)).unwrap().unwrap().golden.individuals;
    let (from, into) = (people(2)[0].id, people(1)[0].id);
    let (person, keep) = (format!("person:{from}"), format!("keep:individuals/{into}/firstName"));
    let same = into.to_string();
    let form = [("survivor", "1"), ("merged", "2"), ("action", "merge"), (&person, &same), (&keep, "merged")];
    let done = ada.press("/console/contacts/1/merge", &form).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(people(1)[0].fields.get(&Field::FirstName).map(String::as_str), Some("Otto"));
    assert_eq!(people(1).len(), 1);
    world.submit(&[person_of("crm", "c9")]).await;
    world.run();
    let answer = ada.press("/console/contacts/2/unmerge", &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(people(1)[0].fields.get(&Field::FirstName).map(String::as_str), Some("Ines"));
}

fn person_of(source: &str, id: &str) -> Value {
    person(1, "Ines", &json!({"referenceSource": source, "referenceId": id, "phone": "614-555-0199"}))
}

#[actix_web::test]
async fn two_contacts_are_said_to_be_two_and_that_is_taken_back() {
    let world = two();
    let mut ada = world.signed_in("ada@x.org").await;
    let path = "/console/contacts/1/not-duplicate";
    assert_eq!(ada.press(path, &[("other", "2"), ("note", "Met <both>")]).await.status, 303);
    let page = ada.get("/console/contacts/2").await;
    for part in ["Not this contact", "contact 1", "Met &lt;both&gt;", "Take back"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert_eq!(ada.press("/console/contacts/2/not-duplicate", &[("revoke", "1")]).await.status, 303);
    assert!(ada.get("/console/contacts/1").await.body.contains("taken back by staff:ada@x.org"));
    assert_eq!(ada.press(path, &[("other", "1")]).await.status, 422);
    assert_eq!(ada.press(path, &[("other", "99")]).await.status, 404);
}

#[actix_web::test]
async fn a_contact_shows_its_records_its_provenance_and_who_may_be_the_same() {
    let world = two();
    world.submit(&[person_of("Harbor", "h1")]).await;
    world.run();
    let mut ada = world.signed_in("ada@x.org").await;
    let page = ada.get("/console/contacts/1").await;
    for part in [
        "loaded from a file as crm / c1",
        "sent by Harbor / h1",
        "What it is made of",
        "References",
        "Take this submission back out",
        "role=\"tooltip\"",
    ] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let nobody = ada.get("/console/contacts/2/duplicates").await;
    assert!(nobody.body.contains("Nobody comes near it"), "{}", nobody.body);
    world.load(&[(
        "c",
        person(1, "Ines", &json!({"referenceSource": "crm", "referenceId": "c3", "phone": "614-555-0101"})),
    )]);
    let found = ada.get("/console/contacts/1/duplicates").await;
    assert!(found.body.contains("Look at the merge") && found.body.contains("the same person"), "{}", found.body);
    let consent = ada.get("/console/contacts/1/consent").await;
    assert!(consent.body.contains("614-555-0199") && consent.body.contains("opted in"), "{}", consent.body);
}

#[actix_web::test]
async fn a_contact_is_archived_and_taken_out_again() {
    let world = two();
    let mut ada = world.signed_in("ada@x.org").await;
    let path = "/console/contacts/2/archive";
    assert_eq!(ada.press(path, &[("action", "archive"), ("reason", "Moved away.")]).await.status, 303);
    assert!(world.engine.contact(world.org, ContactId(2)).unwrap().unwrap().archived);
    let page = ada.get("/console/contacts/2").await;
    assert!(page.body.contains("Take out of the archive") && !page.body.contains("Check duplicates"), "{}", page.body);
    ada.press(path, &[("action", "unarchive")]).await;
    assert!(!world.engine.contact(world.org, ContactId(2)).unwrap().unwrap().archived);
    assert_eq!(ada.press(path, &[("action", "burn")]).await.status, 404);
}

#[actix_web::test]
async fn an_admin_exports_and_erases_after_typing_the_number() {
    let world = two();
    let mut boss = world.signed_in("boss@x.org").await;
    let export = boss.get("/console/contacts/1/export").await;
    assert!(export.header("content-disposition").contains("contact-1.json"));
    let export: Value = serde_json::from_str(&export.body).unwrap();
    assert!(export["contact"].is_object() && export["sourceRecords"].is_array());
    assert!(boss.get("/console/contacts/1/erase").await.body.contains("This cannot be taken back"));
    let path = "/console/contacts/1/erase";
    let wrong = boss.press(path, &[("number", "2"), ("reason", "Asked for by letter.")]).await;
    assert!(wrong.status == 422 && world.engine.contact(world.org, ContactId(1)).unwrap().is_some());
    assert_eq!(boss.press(path, &[("number", "1"), ("reason", " ")]).await.status, 422);
    let mut ada = world.signed_in("ada@x.org").await;
    for page in ["/console/contacts/1/erase", "/console/contacts/1/export"] {
        assert_eq!(ada.get(page).await.status, 403, "{page}");
    }
    assert_eq!(ada.press(path, &[("number", "1"), ("reason", "x")]).await.status, 403);
    let done = boss.press(path, &[("number", "1"), ("reason", "Asked for by letter.")]).await;
    assert!(done.status == 200 && done.body.contains("was erased"), "{}", done.body);
    assert_eq!(boss.get("/console/contacts/1").await.status, 404);
}
