//! `POST /api/Duplicates/Scan`: looks for duplicates over everything on file, or goes on where that was cut off. The answer
//! comes when every contact was looked at; with `?wait=false` at once, and `GET` tells how far it has come.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::Conflict;
use crate::query::Query;
use crate::wire::duplicate_pair::DuplicateScanJson;
use crate::{ApiError, ApiState, Problem};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;
use std::sync::Arc;
use tributary_contact::OrganizationId;
use tributary_engine::{Actor, EngineError, ScanStart, Scope};

/// Where a scan tells how far it has come.
const LOCATION: &str = "/api/Duplicates/Scan";

/// 200 when every contact was looked at, 202 without waiting, 409 while a scan goes on in any process.
#[utoipa::path(
    post, path = "/api/Duplicates/Scan", operation_id = "scanDuplicates", tag = "NeedsUpdate",
    summary = "Look for duplicates over everything on file",
    params(("wait" = Option<bool>, Query, description = "`false` answers at once; else the answer comes when it is done.")),
    responses((status = 200, description = "Every contact was looked at.", body = DuplicateScanJson),
        (status = 202, description = "It has begun.", body = Value), Conflict),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    let mut query = Query::read(&request, &["wait"]);
    let wait = query.flag("wait").unwrap_or(true);
    query.finish()?;
    let (organization, actor) = (caller.organization, caller.actor());
    if !wait {
        return start(&api, organization, actor).await;
    }
    match blocking(&api, move |engine| engine.scan_duplicates(organization, &actor)).await? {
        ScanStart::Finished(view) => Ok(HttpResponse::Ok().json(DuplicateScanJson::from(view))),
        ScanStart::Busy => Err(busy()),
        ScanStart::Stopped(_) => Err(ApiError::from(EngineError::Stopped)),
    }
}

/// Should another process begin in between, the scan started here finds the lease taken and ends.
async fn start(api: &ApiState, organization: OrganizationId, actor: Actor) -> Answer {
    if blocking(api, move |engine| engine.scan_running(organization)).await? {
        return Err(busy());
    }
    let engine = Arc::clone(&api.engine);
    // Nobody waits for it: how far it has come is stored, a failure is logged.
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = engine.scan_duplicates(organization, &actor) {
            tracing::error!(%organization, %error, "the scan for duplicates failed");
        }
    }));
    let started = json!({ "state": "starting", "location": LOCATION });
    Ok(HttpResponse::Accepted().insert_header(("Location", LOCATION)).json(started))
}

fn busy() -> ApiError {
    ApiError::new(Problem::Conflict).say("A scan of this organization is running already.")
}
