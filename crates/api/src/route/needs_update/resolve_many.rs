//! `POST /api/NeedsUpdate/Resolve`: one thing done with many rows, a page at a time, or told beforehand with `dryRun`.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::bulk::{self, BulkJson, BulkRequest};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{Bulk, Scope};

/// 200 with what was done and what was left out.
#[utoipa::path(
    post, path = "/api/NeedsUpdate/Resolve", operation_id = "resolveManyNeedsUpdate", tag = "NeedsUpdate",
    summary = "Do one thing with many waiting submissions, each a decision of its own",
    request_body = ref("#/components/schemas/BulkResolution"),
    responses((status = 200, description = "What was done, and what was left out.", body = BulkJson)),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let asked = bulk::parse(body::object(&body)?, &caller).map_err(ApiError::invalid)?;
    let BulkRequest { meant, action, dry_run, take } = asked;
    let (organization, actor) = (caller.organization, caller.actor());
    let view = blocking(&api, move |engine| {
        let filter = meant.filter(engine, organization)?;
        engine.resolve_many(organization, &Bulk { filter, action, dry_run, take }, &actor)
    })
    .await?;
    Ok(HttpResponse::Ok().json(BulkJson::of(view, dry_run)))
}
