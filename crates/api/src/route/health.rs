//! `GET /healthz`: the process is up. Says nothing about the database (see `/readyz`).

use crate::answer::Answer;
use actix_web::HttpResponse;
use serde_json::json;

/// 200, always.
pub(crate) async fn handle() -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "status": "up" })))
}
