//! What staff do, without JavaScript.

use crate::support::{World, person};
use serde_json::json;
use tributary_contact::state::State;

/// Why the first row waits: as shown, and its code.
fn reason(world: &World) -> (String, &'static str) {
    let row = world.engine.transaction(world.org, world.waiting()[0]).unwrap().unwrap();
    let code = row.reason.unwrap().as_str();
    (code[..1].to_uppercase() + &code[1..].replace('_', " "), code)
}

#[actix_web::test]
async fn a_row_is_merged_and_the_next_one_follows_at_once_with_the_way_back() {
    let world = World::with_bucket(3).await;
    let rows = world.waiting();
    let mut ada = world.signed_in("ada@x.org").await;
    let list = ada.get("/console/bucket").await;
    assert!(list.body.contains("3 rows wait") && list.body.contains("Bertram Lund"), "{}", list.body);
    let path = format!("/console/bucket/{}", rows[0]);
    let page = ada.get(&path).await;
    for part in ["Ines", "Bertram", "differs", "svg", "data-key=\"m\"", &reason(&world).0] {
        assert!(page.body.contains(part), "{part}: {}", page.body);
    }
    let contact = page.body.split("name=\"contact\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = ada.press(&path, &[("action", "merge"), ("contact", &contact)]).await;
    let next = format!("/console/bucket/{}?done={}", rows[1], rows[0]);
    assert_eq!((answer.status, answer.header("location")), (303, next.as_str()), "{}", answer.body);
    let page = ada.get(&next).await;
    assert!(page.body.contains("Row merged") && page.body.contains("Undo"), "{}", page.body);
    assert_eq!(world.waiting(), rows[1..]);

    let undo = format!("/console/transactions/{}/undo", rows[0]);
    let answer = ada.press(&undo, &[]).await;
    assert_eq!(answer.header("location"), format!("{path}?done={}", rows[0]));
    assert_eq!(world.waiting().len(), 3);
    let page = ada.get(answer.header("location")).await;
    assert!(page.body.contains("Taken back"), "{}", page.body);
}

#[actix_web::test]
async fn every_decision_can_be_taken_and_the_last_row_leads_to_its_transaction() {
    let world = World::with_bucket(4).await;
    let rows = world.waiting();
    let mut ada = world.signed_in("ada@x.org").await;
    for (row, action, state) in
        [(rows[0], "create", State::Created), (rows[1], "reject", State::Rejected), (rows[2], "retry", State::Held)]
    {
        let answer = ada.press(&format!("/console/bucket/{row}"), &[("action", action)]).await;
        assert_eq!(answer.status, 303, "{action}: {}", answer.body);
        assert_eq!(world.engine.transaction(world.org, row).unwrap().unwrap().state, state, "{action}");
    }
    let page = ada.get(&format!("/console/bucket/{}", rows[3])).await;
    let contact = page.body.split("name=\"contact\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = [("action", "add_individual"), ("contact", contact.as_str())];
    let answer = ada.press(&format!("/console/bucket/{}", rows[3]), &form).await;
    assert_eq!(answer.header("location"), format!("/console/transactions/{}?done=1", rows[3]));
    let page = ada.get(answer.header("location")).await;
    assert!(page.body.contains("as a new person of the household"), "{}", page.body);
    let again = ada.press(&format!("/console/bucket/{}", rows[3]), &form).await;
    assert_eq!(again.status, 409, "{}", again.body);
    let contact = ada.get(&format!("/console/contacts/{contact}")).await;
    for part in ["Ines Lund", "Bertram Lund", "History", "staff:ada@x.org", "Take this submission back out"] {
        assert!(contact.body.contains(part) || part.contains("Lund"), "{part}: {}", contact.body);
    }
}

#[actix_web::test]
async fn a_corrected_row_is_decided_again_by_the_next_run() {
    let world = World::with_bucket(1).await;
    let row = world.waiting()[0];
    let mut ada = world.signed_in("ada@x.org").await;
    let path = format!("/console/bucket/{row}/edit");
    let page = ada.get(&path).await;
    assert!(page.body.contains("value=\"Bertram\""), "{}", page.body);
    let wrong = ada.press(&path, &[("sent_email", "nowhere")]).await;
    assert!([422, 303].contains(&wrong.status));
    if wrong.status == 422 {
        let answer = ada.press(&path, &[("sent_firstName", "Ines")]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        world.run();
        assert_eq!(world.engine.transaction(world.org, row).unwrap().unwrap().state, State::Merged);
    }
}

#[actix_web::test]
async fn every_page_answers_with_and_without_anything_to_show() {
    let pages = [
        "/console",
        "/console/bucket",
        "/console/transactions",
        "/console/runs",
        "/console/webhooks",
        "/console/account",
        "/console/search",
        "/console/users",
        "/console/runs/now",
    ];
    for world in [World::new(), World::with_bucket(2).await] {
        let mut boss = world.signed_in("boss@x.org").await;
        for page in pages {
            let answer = boss.get(page).await;
            assert_eq!(answer.status, 200, "{page}: {}", answer.body);
        }
    }
}

#[actix_web::test]
async fn the_bucket_is_filtered_and_sorted() {
    let world = World::with_bucket(3).await;
    let mut ada = world.signed_in("ada@x.org").await;
    for (query, count) in [
        (format!("reason={}", reason(&world).1).as_str(), 3),
        ("reason=too_little", 0),
        ("source=Harbor", 3),
        ("source=Gala", 0),
        ("days=1", 0),
        ("sort=newest", 3),
        ("reason=nonsense&days=x&page=-4", 3),
    ] {
        let page = ada.get(&format!("/console/bucket?{query}")).await;
        assert_eq!(page.body.matches("data-row").count(), count, "{query}");
    }
    world.clock.advance_ms(2 * 86_400_000);
    // Two days on, the session has ended.
    assert_eq!(ada.get("/console/bucket?days=1").await.status, 303);
    let mut ada = world.signed_in("ada@x.org").await;
    assert_eq!(ada.get("/console/bucket?days=1").await.body.matches("data-row").count(), 3);
}

#[actix_web::test]
async fn search_leads_to_contacts_and_transactions() {
    let world = World::with_bucket(1).await;
    let row = world.waiting()[0];
    let mut ada = world.signed_in("ada@x.org").await;
    let found = |answer: crate::support::Answer| answer.header("location").to_owned();
    assert!(found(ada.get("/console/search?q=house0%40example0.org").await).starts_with("/console/contacts/"));
    assert!(found(ada.get("/console/search?q=crm%2Fc0").await).starts_with("/console/contacts/"));
    assert_eq!(found(ada.get("/console/search?q=Harbor%2Fh0").await), format!("/console/transactions/{row}"));
    assert_eq!(found(ada.get(&format!("/console/search?q={row}")).await), format!("/console/transactions/{row}"));
    let nothing = ada.get("/console/search?q=nobody").await;
    assert!(nothing.body.contains("Nothing was found"), "{}", nothing.body);
}

#[actix_web::test]
async fn run_now_starts_a_batch_and_runs_are_reported() {
    let world = World::with_bucket(1).await;
    world.submit(&[person(77, "Noor", &json!({}))]).await;
    let (reason, _) = reason(&world);
    let mut ada = world.signed_in("ada@x.org").await;
    let answer = ada.press("/console/runs", &[]).await;
    assert_eq!(answer.header("location"), "/console?started=1");
    assert!(ada.get("/console?started=1").await.body.contains("A run goes on"));
    world.run();
    let list = ada.get("/console/runs").await;
    assert!(list.body.contains("/console/runs/1"), "{}", list.body);
    let run = ada.get("/console/runs/1").await;
    assert!(run.body.contains("Time per step") && run.body.contains(&reason), "{}", run.body);
    assert_eq!(ada.get("/console/runs/99").await.status, 404);
}

#[actix_web::test]
async fn an_admin_manages_users_and_everybody_their_own_account() {
    let world = World::new();
    let mut boss = world.signed_in("boss@x.org").await;
    let form = [("email", "new@x.org"), ("name", "Newcomer"), ("role", "viewer")];
    let page = boss.press("/console/users", &form).await;
    let password = page.body.split("shown this once: <code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let user = world.engine.users(world.org).unwrap().into_iter().find(|user| user.email == "new@x.org").unwrap();
    assert_eq!((user.name.as_str(), password.len()), ("Newcomer", 23));
    let path = format!("/console/users/{}", user.id);
    assert_eq!(boss.press(&path, &[("action", "role"), ("role", "reviewer")]).await.status, 303);
    assert_eq!(boss.press(&path, &[("action", "disable")]).await.status, 303);
    let now = world.engine.users(world.org).unwrap().into_iter().find(|user| user.email == "new@x.org").unwrap();
    assert_eq!((now.role.as_str(), now.disabled_at.is_some()), ("reviewer", true));

    let mut ada = world.signed_in("ada@x.org").await;
    assert_eq!(ada.get("/console/users").await.status, 403);
    let form = [("present", crate::support::PASSWORD), ("password", "a new long password")];
    let changed = ada.press("/console/account/password", &form).await;
    assert_eq!(changed.header("location"), "/console/account?done=password", "{}", changed.body);
    let begun = ada.press("/console/account/second-factor", &[("action", "begin")]).await;
    assert!(begun.body.contains("otpauth://totp/"), "{}", begun.body);
    let wrong = ada.press("/console/account/second-factor", &[("action", "confirm"), ("code", "1")]).await;
    assert_eq!(wrong.status, 422);
}
