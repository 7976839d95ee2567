//! `POST /api/NeedsUpdate/{id}/Assign`: gives a row to a user, or makes it nobody's.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::wire::bucket::BucketRowJson;
use crate::wire::bulk;
use crate::wire::transaction::Sight;
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::flat::Reader;
use tributary_engine::Scope;

/// 200 with the row, 409 when it no longer waits, 422 for somebody who cannot decide rows.
#[utoipa::path(
    post, path = "/api/NeedsUpdate/{id}/Assign", operation_id = "assignNeedsUpdate", tag = "NeedsUpdate",
    summary = "Give a waiting submission to a user, or make it nobody's",
    params(("id" = Uuid, Path, description = "Transaction id.")),
    request_body = ref("#/components/schemas/Assignment"),
    responses((status = 200, description = "The row.", body = BucketRowJson), NotFound, Conflict),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let id = path::transaction(&id)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let mut reader = Reader::new("");
    let assignee = bulk::assignee(body::object(&body)?, &mut reader);
    reader.finish().map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let view = blocking(&api, move |engine| engine.assign(organization, id, assignee.as_deref(), &actor)).await?;
    Ok(HttpResponse::Ok().json(BucketRowJson::of(&view, Sight::of(&caller), api.engine.clock().now())))
}
