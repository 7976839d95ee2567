//! `GET /readyz`: the database can be reached, so requests can be served. It also shows how long the delivery that
//! waits longest could have been sent: it grows when deliveries stand still while requests are served.

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
    let waiting = blocking(&api, Engine::ready).await?;
    let seconds = waiting.map_or(0, |since| (api.engine.clock().now() - since).num_seconds().max(0));
    Ok(HttpResponse::Ok().json(json!({ "status": "ready", "deliveryOldestDueSeconds": seconds })))
}
