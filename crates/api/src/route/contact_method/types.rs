//! `GET /api/ContactMethod/Types`: the types of contact methods (virtuous-contract.md 2.4).

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::query::Query;
use crate::wire::contact_create::METHOD_TYPES;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with their names.
#[utoipa::path(
    get, path = "/api/ContactMethod/Types", operation_id = "listMethodTypes", tag = "ContactMethod",
    summary = "The types of contact methods",
    responses((status = 200, description = "Their names.", body = Vec<String>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    Ok(HttpResponse::Ok().json(METHOD_TYPES))
}
