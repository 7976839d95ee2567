//! `POST /api/Batch/{id}/Undo`: takes a whole run back, or goes on where that was cut off. The answer comes when every row
//! was dealt with; with `?wait=false` at once, and `GET` tells how far it has come.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::wire::run_undo::{self, RunUndoJson};
use crate::{ApiError, ApiState, Problem, body};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use std::sync::Arc;
use tributary_contact::{OrganizationId, RunId};
use tributary_engine::{Actor, Afterwards, EngineError, Scope, UndoStart};

/// 200 when every row was dealt with, 202 without waiting, 404, 409 while a run goes on or for one taken back already.
#[utoipa::path(
    post, path = "/api/Batch/{id}/Undo", operation_id = "undoBatch", tag = "Batch",
    summary = "Take a run back",
    params(("id" = i64, Path, description = "Run id."),
        ("wait" = Option<bool>, Query, description = "`false` answers at once; else the answer comes when it is done.")),
    request_body = ref("#/components/schemas/RunUndo"),
    responses((status = 200, description = "Every row was dealt with.", body = RunUndoJson),
        (status = 202, description = "It has begun.", body = Value), NotFound, Conflict),
    security(("key" = ["batch"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Batch).await?;
    let mut query = Query::read(&request, &["wait"]);
    let wait = query.flag("wait").unwrap_or(true);
    query.finish()?;
    let id = path::run(&id)?;
    let body = body::json_if_any(&api, payload).await?;
    let rows = run_undo::parse(body::object(&body)?).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    if !wait {
        return start(&api, organization, id, rows, actor).await;
    }
    match blocking(&api, move |engine| engine.undo_run(organization, id, rows, &actor)).await? {
        UndoStart::Finished(view) => Ok(HttpResponse::Ok().json(RunUndoJson::from(view))),
        UndoStart::Busy => Err(busy()),
        UndoStart::Stopped(_) => Err(ApiError::from(EngineError::Stopped)),
    }
}

async fn start(api: &ApiState, organization: OrganizationId, id: RunId, rows: Afterwards, actor: Actor) -> Answer {
    blocking(api, move |engine| engine.run(organization, id)).await?.ok_or_else(|| ApiError::new(Problem::NotFound))?;
    if blocking(api, move |engine| engine.batch_running(organization)).await? {
        return Err(busy());
    }
    let engine = Arc::clone(&api.engine);
    // Nobody waits for it: how far it has come is stored, a failure is logged.
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = engine.undo_run(organization, id, rows, &actor) {
            tracing::error!(%organization, run = id.0, %error, "the undo of a run failed");
        }
    }));
    let location = format!("/api/Batch/{id}/Undo");
    let started = json!({ "state": "starting", "location": location });
    Ok(HttpResponse::Accepted().insert_header(("Location", location)).json(started))
}

fn busy() -> ApiError {
    ApiError::new(Problem::Conflict).say("A batch of this organization is running; try again when it has ended.")
}
