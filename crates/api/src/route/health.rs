//! `GET /healthz`: the process is up. Says nothing about the database (see `/readyz`).

use crate::answer::Answer;
use actix_web::HttpResponse;
use serde_json::json;

/// 200, always.
#[utoipa::path(
    get, path = "/healthz", operation_id = "getHealth", tag = "Service",
    summary = "Whether the process is up",
    responses((status = 200, description = "It is up.", body = Value)),
    security(()),
)]
pub(crate) async fn handle() -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "status": "up" })))
}
