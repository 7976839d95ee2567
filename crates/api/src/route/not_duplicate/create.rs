//! `POST /api/NotDuplicate`: two contacts are two, or a waiting submission is none of a contact. The matcher does not ask
//! again.

use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::{Conflict, NotFound};
use crate::query::Query;
use crate::wire::not_duplicate::{self, NotDuplicateJson};
use crate::{ApiError, ApiState, body};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with what is remembered, 404 for an unknown contact or submission.
#[utoipa::path(
    post, path = "/api/NotDuplicate", operation_id = "createNotDuplicate", tag = "NeedsUpdate",
    summary = "Say that two are not one",
    request_body = ref("#/components/schemas/NotDuplicateInput"),
    responses((status = 200, description = "What is remembered.", body = NotDuplicateJson), NotFound, Conflict),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let body = body::json(&api, payload, body::SINGLE).await?;
    let said = not_duplicate::parse(body::object(&body)?).map_err(ApiError::invalid)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let row = blocking(&api, move |engine| engine.say_not_duplicate(organization, &actor, &said)).await?;
    Ok(HttpResponse::Ok().json(NotDuplicateJson::from(row)))
}
