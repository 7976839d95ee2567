//! `POST /api/Contact/Transaction/{id}/Undo`: takes the last decision back; the submission then waits in
//! the needs-update bucket.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::route::path;
use crate::wire::transaction::{Sight, TransactionJson};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the status after it.
#[utoipa::path(
    post, path = "/api/Contact/Transaction/{id}/Undo", operation_id = "undoTransaction", tag = "Transaction",
    summary = "Take the last decision back",
    params(("id" = Uuid, Path, description = "Transaction id.")),
    responses((status = 200, description = "The status after it.", body = TransactionJson), NotFound, Conflict),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let (organization, actor, id) = (caller.organization, caller.actor(), path::transaction(&id)?);
    let view = blocking(&api, move |engine| engine.undo_decision(organization, id, &actor)).await?;
    Ok(HttpResponse::Ok().json(TransactionJson::of(&view, Sight::of(&caller))))
}
