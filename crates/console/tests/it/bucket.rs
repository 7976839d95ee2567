//! The bucket and its rows: found, given, asked about, ruled out, decided many at once.

use crate::support::{World, person};
use serde_json::json;
use tributary_contact::state::State;
use tributary_contact::{Field, RecordId};
use tributary_engine::TransactionView;

/// The first value of a hidden field of this name on a page.
fn hidden(page: &str, name: &str) -> String {
    let rest = page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn row(world: &World, id: RecordId) -> TransactionView {
    world.engine.transaction(world.org, id).unwrap().unwrap()
}

#[actix_web::test]
async fn rows_are_found_by_whose_they_are_and_how_sure_and_counted_beside_the_choice() {
    let world = World::with_bucket(3).await;
    let rows = world.waiting();
    let mut ada = world.signed_in("ada@x.org").await;
    let path = format!("/console/bucket/{}/assign?sort=newest", rows[1]);
    let answer = ada.press(&path, &[("assignee", "ada@x.org")]).await;
    assert_eq!(answer.header("location"), format!("/console/bucket/{}?sort=newest&", rows[1]), "{}", answer.body);
    for (query, count) in [
        ("whose=me", 1),
        ("whose=none", 2),
        ("whose=3", 0),
        ("score=high", 0),
        ("score=low", 3),
        ("sort=surest", 3),
        ("sort=unsure&whose=none", 2),
    ] {
        let page = ada.get(&format!("/console/bucket?{query}")).await;
        assert_eq!(page.body.matches("data-row").count(), count, "{query}: {}", page.body);
    }
    let reason = row(&world, rows[0]).reason.unwrap();
    let page = ada.get(&format!("/console/bucket?reason={reason}&source=Gala")).await;
    assert!(page.body.contains("0 rows wait") && page.body.contains("Harbor <b>3</b>"), "{}", page.body);
    let answer = ada.press(&path, &[("assignee", "none")]).await;
    assert_eq!((answer.status, row(&world, rows[1]).review.assignee), (303, None));
    assert_eq!(ada.press(&path, &[("assignee", "vic@x.org")]).await.status, 422, "a viewer decides nothing");
}

#[actix_web::test]
async fn pages_follow_each_other_by_key() {
    let world = World::with_bucket(52).await;
    let mut ada = world.signed_in("ada@x.org").await;
    let first = ada.get("/console/bucket?source=Harbor").await;
    assert_eq!(first.body.matches("data-row").count(), 50);
    let next =
        first.body.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    // What is decided on the first page moves nothing to where nobody looks.
    ada.press(&format!("/console/bucket/{}", world.waiting()[0]), &[("action", "reject")]).await;
    let second = ada.get(&next).await;
    assert_eq!(second.body.matches("data-row").count(), 2, "{next}");
    assert!(second.body.contains("First page") && !second.body.contains("Next page"));
}

#[actix_web::test]
async fn many_rows_are_decided_after_a_look_and_no_others() {
    let world = World::with_bucket(4).await;
    let mut ada = world.signed_in("ada@x.org").await;
    let merged = ada.get("/console/bucket/bulk?action=merge_best").await;
    assert!(merged.body.contains("<b>0 would be done</b>") && merged.body.contains("one by one"), "{}", merged.body);
    assert_eq!(ada.get("/console/bucket/bulk?action=ask").await.status, 422);
    assert_eq!(ada.get("/console/bucket/bulk").await.status, 422);
    let preview = ada.get("/console/bucket/bulk?action=reject&source=Harbor").await;
    assert!(
        preview.body.contains("<b>4 would be done</b>") && preview.body.contains("Bertram Lund"),
        "{}",
        preview.body
    );
    let seen = world.waiting();
    assert_eq!(seen.len(), 4, "a preview does nothing");
    world.load(&[("late", person(77, "Ines", &json!({"referenceSource": "crm", "referenceId": "c77"})))]);
    world.submit(&[person(77, "Bertram", &json!({"referenceSource": "Harbor", "referenceId": "h77"}))]).await;
    world.run();
    let up_to = hidden(&preview.body, "up_to");
    let form = [("action", "reject"), ("source", "Harbor"), ("up_to", up_to.as_str())];
    let done = ada.press("/console/bucket/bulk", &form).await;
    assert!(done.body.contains("Done with 4 rows, 4 rejected"), "{}", done.body);
    assert!(seen.iter().all(|id| row(&world, *id).state == State::Rejected));
    assert_eq!(world.waiting().len(), 1, "what came since the preview is not touched");
    assert_eq!(ada.press("/console/bucket/bulk", &form[..2]).await.status, 404, "nothing without a preview");
    let mut vic = world.signed_in("vic@x.org").await;
    assert_eq!(vic.get("/console/bucket/bulk?action=reject").await.status, 403);
}

#[actix_web::test]
async fn a_value_is_chosen_when_a_row_is_merged() {
    let world = World::with_bucket(2).await;
    let rows = world.waiting();
    let mut ada = world.signed_in("ada@x.org").await;
    let path = format!("/console/bucket/{}", rows[0]);
    let page = ada.get(&path).await;
    let contact = hidden(&page.body, "contact");
    let field = page.body.split("name=\"keep:").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(field.ends_with("/firstName"), "{field}");
    assert!(
        page.body.contains("role=\"tooltip\"") && page.body.contains("loaded from a file as crm / c0"),
        "{}",
        page.body
    );
    let keep = format!("keep:{field}");
    let answer = ada.press(&path, &[("action", "merge"), ("contact", &contact), (&keep, "merged")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    let id = tributary_contact::ContactId(contact.parse().unwrap());
    let golden = world.engine.contact(world.org, id).unwrap().unwrap().golden;
    assert_eq!(golden.individuals[0].fields.get(&Field::FirstName).map(String::as_str), Some("Bertram"));
    let path = format!("/console/bucket/{}", rows[1]);
    let wrong = ada.press(&path, &[("action", "merge"), ("contact", &contact), ("keep:passion", "merged")]).await;
    assert_eq!(wrong.status, 422, "{}", wrong.body);
}

#[actix_web::test]
async fn a_candidate_is_ruled_out_and_comes_back() {
    let world = World::with_bucket(1).await;
    let id = world.waiting()[0];
    let mut ada = world.signed_in("ada@x.org").await;
    let path = format!("/console/bucket/{id}");
    let contact = hidden(&ada.get(&path).await.body, "contact");
    let not = format!("{path}/not");
    assert_eq!(ada.press(&not, &[("contact", &contact)]).await.status, 303);
    let page = ada.get(&path).await;
    assert!(page.body.contains("Not this contact: said by staff:ada@x.org"), "{}", page.body);
    assert!(!page.body.contains("value=\"merge\""), "a contact that was ruled out has no merge key");
    assert_eq!(world.waiting(), [id], "the row goes on waiting");
    let mark = hidden(&page.body, "revoke");
    assert_eq!(ada.press(&not, &[("revoke", &mark)]).await.status, 303);
    assert!(ada.get(&path).await.body.contains("value=\"merge\""));
    assert_eq!(ada.press(&not, &[]).await.status, 404);
}

#[actix_web::test]
async fn the_sender_is_asked_and_each_step_is_told() {
    let world = World::with_bucket(1).await;
    let id = world.waiting()[0];
    let mut ada = world.signed_in("ada@x.org").await;
    let path = format!("/console/bucket/{id}");
    assert_eq!(ada.press(&format!("{path}/ask"), &[("question", "  ")]).await.status, 422);
    let asked = [("question", "Is this Ines or <b>Bertram</b>?")];
    assert_eq!(ada.press(&format!("{path}/ask"), &asked).await.status, 303);
    ada.press(&format!("{path}/assign"), &[("assignee", "boss@x.org")]).await;
    let page = ada.get(&path).await;
    for part in ["The sender was asked: Is this Ines or &lt;b&gt;", "Given to boss@x.org", "given to boss@x.org"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(ada.get("/console/bucket").await.body.contains(">asked<"));
}

#[actix_web::test]
async fn a_household_shows_who_its_people_are() {
    let world = World::new();
    let partner = json!({"firstName": "Otto", "lastName": "Lund", "email": "otto@example0.org"});
    world.load(&[("h", person(0, "Ines", &json!({}))), ("h", partner)]);
    world.submit(&[person(0, "Bertram", &json!({"referenceSource": "Harbor", "referenceId": "h0"}))]).await;
    world.run();
    let mut vic = world.signed_in("vic@x.org").await;
    let page = vic.get(&format!("/console/bucket/{}", world.waiting()[0])).await;
    for part in ["The household", "Otto Lund", "primary", "secondary", "otto@example0.org"] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
}
