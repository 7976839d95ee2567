//! `POST /api/Batch/Run`: runs the organization's batch now. The answer comes when the run has ended;
//! with `?wait=false` at once, and the run shows up at the head of `GET /api/Batch`. With `?dryRun=true` it is only
//! worked out what the run would do.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::Conflict;
use crate::query::Query;
use crate::wire::dry_run::DryRunJson;
use crate::wire::run::RunJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use tributary_contact::OrganizationId;
use tributary_engine::{Activation, EngineError, Principal, RunStart, Scope};
use utoipa::ToSchema;

/// The run, or what it would do.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum RunAnswer {
    Run(RunJson),
    Dry(DryRunJson),
}

/// 200 with the run, 202 without waiting, 409 while one is going on in any process.
#[utoipa::path(
    post, path = "/api/Batch/Run", operation_id = "runBatch", tag = "Batch",
    summary = "Run the batch now",
    params(
        ("wait" = Option<bool>, Query, description = "`false` answers at once; else the answer comes when the run has ended."),
        ("dryRun" = Option<bool>, Query, description = "`true` works out what the run would do and stores nothing."),
        ("take" = Option<i64>, Query, description = "Rows and contacts of a dry run at most.", minimum = 0, maximum = 1_000),
    ),
    responses((status = 200, description = "The run has ended, or what it would do.", body = RunAnswer),
        (status = 202, description = "The run has begun.", body = Value),
        Conflict),
    security(("key" = ["batch"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Batch).await?;
    let mut query = Query::read(&request, &["wait", "dryRun", "take"]);
    let wait = query.flag("wait").unwrap_or(true);
    let dry = query.flag("dryRun").unwrap_or(false);
    let take = query.window().take;
    query.finish()?;
    let organization = caller.organization;
    if dry {
        return rehearse(&api, &caller, take).await;
    }
    if !wait {
        return start(&api, organization).await;
    }
    match blocking(&api, move |engine| engine.run_batch(organization, Activation::Manual)).await? {
        RunStart::Finished(run) => Ok(HttpResponse::Ok().json(RunAnswer::Run(run.into()))),
        RunStart::AlreadyRunning | RunStart::NotDue => Err(running()),
        RunStart::Stopped(_) => Err(ApiError::from(EngineError::Stopped)),
    }
}

/// What the run would do: counts, and the first rows and contacts.
async fn rehearse(api: &ApiState, caller: &Principal, take: i64) -> Answer {
    let organization = caller.organization;
    let dry = blocking(api, move |engine| engine.dry_run(organization)).await?;
    let take = usize::try_from(take).unwrap_or(0);
    let shown = DryRunJson::of(dry, take, caller.allows(Scope::ReadContacts));
    Ok(HttpResponse::Ok().json(RunAnswer::Dry(shown)))
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
