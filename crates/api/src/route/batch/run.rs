//! `POST /api/Batch/Run`: runs the organization's batch now. The answer comes when the run has ended;
//! with `?wait=false` at once, and the run shows up at the head of `GET /api/Batch`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::Conflict;
use crate::query::Query;
use crate::wire::run::RunJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use std::sync::Arc;
use tributary_contact::OrganizationId;
use tributary_engine::{Activation, EngineError, RunStart, Scope};

/// 200 with the run, 202 without waiting, 409 while one is going on in any process.
#[utoipa::path(
    post, path = "/api/Batch/Run", operation_id = "runBatch", tag = "Batch",
    summary = "Run the batch now",
    params(("wait" = Option<bool>, Query, description = "`false` answers at once; else the answer comes when the run has ended.")),
    responses((status = 200, description = "The run has ended.", body = RunJson),
        (status = 202, description = "The run has begun.", body = Value),
        Conflict),
    security(("key" = ["batch"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Batch).await?;
    let mut query = Query::read(&request, &["wait"]);
    let wait = query.flag("wait").unwrap_or(true);
    query.finish()?;
    let organization = caller.organization;
    if !wait {
        return start(&api, organization).await;
    }
    match blocking(&api, move |engine| engine.run_batch(organization, Activation::Manual)).await? {
        RunStart::Finished(run) => Ok(HttpResponse::Ok().json(RunJson::from(run))),
        RunStart::AlreadyRunning | RunStart::NotDue => Err(running()),
        RunStart::Stopped(_) => Err(ApiError::from(EngineError::Stopped)),
    }
}

/// Should another process begin between the question and the start, the run started here finds the
/// lease taken and ends: there is never a second one.
async fn start(api: &ApiState, organization: OrganizationId) -> Answer {
    if blocking(api, move |engine| engine.batch_running(organization)).await? {
        return Err(running());
    }
    let engine = Arc::clone(&api.engine);
    // Nobody waits for it: its report is stored, a failure is logged.
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = engine.run_batch(organization, Activation::Manual) {
            tracing::error!(%organization, %error, "batch run failed");
        }
    }));
    let started = json!({ "state": "starting", "location": "/api/Batch" });
    Ok(HttpResponse::Accepted().insert_header(("Location", "/api/Batch")).json(started))
}

fn running() -> ApiError {
    ApiError::new(Problem::Conflict).say("A batch of this organization is running already.")
}
