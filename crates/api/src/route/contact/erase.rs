//! `POST /api/Contact/{contactId}/Erase`: nothing that the contact was stays anywhere, and a tombstone keeps the next sync
//! from bringing it back.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound, OtherMethods};
use crate::query::Query;
use crate::route::path;
use crate::wire::erasure::{self, ErasureJson};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with what was erased, 404, 409 for a contact that is merged away and while a batch goes on.
#[utoipa::path(
    post, path = "/api/Contact/{contactId}/Erase", operation_id = "eraseContact", tag = "Privacy",
    summary = "Erase everything that is held about a contact",
    params(("contactId" = i64, Path, minimum = 0, description = "Contact id.")),
    request_body = ref("#/components/schemas/Erase"),
    responses((status = 200, description = "What was erased.", body = ErasureJson), NotFound, Conflict, OtherMethods),
    security(("key" = ["privacy"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::Privacy).await?;
    Query::none(&request)?;
    let id = path::contact(&id)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let reason = erasure::parse(body::object(&body)?).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let erased = blocking(&api, move |engine| engine.erase_contact(organization, &actor, id, &reason)).await?;
    Ok(HttpResponse::Ok().json(ErasureJson::from(erased)))
}
