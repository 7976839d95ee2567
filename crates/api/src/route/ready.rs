//! `GET /readyz`: the database can be reached, so requests can be served.

use crate::ApiState;
use crate::answer::Answer;
use crate::blocking::blocking;
use actix_web::{HttpResponse, web};
use serde_json::json;
use tributary_engine::Engine;

/// 200 or 503.
#[utoipa::path(
    get, path = "/readyz", operation_id = "getReadiness", tag = "Service",
    summary = "Whether the database can be reached",
    responses((status = 200, description = "Requests can be served.", body = Value)),
    security(()),
)]
pub(crate) async fn handle(api: web::Data<ApiState>) -> Answer {
    blocking(&api, Engine::ready).await?;
    Ok(HttpResponse::Ok().json(json!({ "status": "ready" })))
}
