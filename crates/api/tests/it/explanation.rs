//! The account of a decision, for whom it is, and in which forms.

use crate::support::{World, ines};
use serde_json::{Value, json};
use tributary_engine::Scope;

/// Two contacts on file, and a row that was merged into the first; its path.
async fn merged() -> (World, String) {
    let world = World::new();
    world.submit(ines()).await;
    world.submit(json!({"firstName": "Walter", "lastName": "Brandt", "email": "walter@example.org"})).await;
    world.run_batch().await;
    let mut again = ines();
    again["referenceSource"] = json!("Kindness Hub");
    again["referenceId"] = json!("k-9");
    let id = world.submit(again).await;
    world.run_batch().await;
    (world, format!("/api/Contact/Transaction/{id}/Explanation"))
}

#[actix_web::test]
async fn the_account_adds_up_and_names_its_weights() {
    let (world, path) = merged().await;
    let body = world.get(&path).await.json();
    assert_eq!((&body["asOf"], &body["explanation"]["contact"]), (&json!("decision"), &json!(1)));
    let steps = body["explanation"]["steps"].as_array().unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    let sum: f64 = steps.iter().map(|step| number(&step["bits"]) + number(&step["adjustment"])).sum();
    let prior = number(&body["explanation"]["prior"]);
    assert!((prior + sum - number(&body["explanation"]["total"])).abs() < 0.1, "{body:#}");
    assert_eq!(body["explanation"]["whyNot"], json!([]));
    assert!(body["explanation"]["weightsVersion"].is_string());
}

#[actix_web::test]
async fn it_comes_as_text_and_as_a_chart_without_any_value() {
    let (world, path) = merged().await;
    let text = world.get(&format!("{path}?format=text")).await;
    assert!(text.body.contains("Probability of this individual"), "{}", text.body);
    let chart = world.get(&format!("{path}?format=svg")).await;
    assert_eq!(chart.header("content-type"), Some("image/svg+xml"));
    assert!(chart.body.starts_with("<svg") && chart.body.contains("<desc"), "{}", chart.body);
    for form in [&text.body, &chart.body] {
        let form = form.to_lowercase();
        assert!(!form.contains("okafor") && !form.contains("example.org"), "{form}");
    }
}

#[actix_web::test]
async fn why_not_another_contact_is_answered() {
    let (world, path) = merged().await;
    let body = world.get(&format!("{path}?contactId=2")).await.json();
    assert_eq!((&body["asOf"], &body["explanation"]["contact"]), (&json!("now"), &json!(2)));
    assert_eq!(body["explanation"]["whyNot"][0]["code"], "noSharedKey");
    assert_eq!(world.get(&format!("{path}?contactId=99")).await.status, 404);
    assert_eq!(
        world.get(&format!("{path}?contactId=x&format=pdf")).await.json()["error"]["details"].as_array().unwrap().len(),
        2
    );
}

#[actix_web::test]
async fn a_key_that_is_bound_to_sources_sees_its_own_rows_and_tries_no_contacts() {
    let (world, path) = merged().await;
    let own = world.key_of(&["Kindness Hub"]);
    let body = world.send_as(&own, actix_web::http::Method::GET, &path, ()).await.json();
    assert_eq!(body["asOf"], "decision");
    let tried = world.send_as(&own, actix_web::http::Method::GET, &format!("{path}?contactId=2"), ()).await;
    assert_eq!(tried.status, 403);
    let other = world.key_of(&["Harbor Giving"]);
    assert_eq!(world.send_as(&other, actix_web::http::Method::GET, &path, ()).await.status, 404);
    let poor = world.key(&[Scope::ReadTransactions]);
    let body = world.send_as(&poor, actix_web::http::Method::GET, &path, ()).await.json();
    assert!(body["explanation"]["contact"].is_null() && body["explanation"]["individual"].is_null(), "{body:#}");
    let none = world.key(&[Scope::Submit]);
    assert_eq!(world.send_as(&none, actix_web::http::Method::GET, &path, ()).await.status, 403);
}
