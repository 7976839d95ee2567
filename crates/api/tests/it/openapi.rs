//! The description of the API: committed, served, and to be browsed without a network.

use crate::support::{World, request};
use actix_web::http::Method;

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

/// With `UPDATE_OPENAPI` in the environment it writes the file instead.
#[test]
fn the_committed_document_is_that_of_the_routes() {
    let document = tributary_api::openapi_json();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(COMMITTED, &document).unwrap();
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    let remedy = "UPDATE_OPENAPI=1 cargo test -p tributary-api --test it openapi";
    assert!(committed == document, "docs/openapi.json is out of date. Write it anew: {remedy}");
}

#[actix_web::test]
async fn the_document_is_served_to_everybody() {
    let answer = World::new().call(request(Method::GET, "/openapi.json", ())).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.json(), tributary_api::openapi_document());
    assert_eq!(answer.json()["openapi"], "3.1.0");
}

#[actix_web::test]
async fn the_pages_to_browse_need_nothing_from_elsewhere() {
    let world = World::new();
    let page = async |path: &str| world.call(request(Method::GET, path, ())).await;
    assert_eq!(page("/docs").await.header("location"), Some("/docs/"));
    let index = page("/docs/").await;
    assert_eq!((index.status, index.header("content-type")), (200, Some("text/html")));
    assert!(!index.body.contains("://"), "{}", index.body);
    let start = page("/docs/swagger-initializer.js").await;
    assert!(start.body.contains("/openapi.json"), "{}", start.body);
    for asset in ["swagger-ui-bundle.js", "swagger-ui.css", "swagger-ui-standalone-preset.js"] {
        assert_eq!(page(&format!("/docs/{asset}")).await.status, 200, "{asset}");
    }
}
