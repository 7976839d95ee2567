//! `DELETE /api/Key/{id}`: ends a key: at once in this process, within seconds in others.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200, empty.
#[utoipa::path(
    delete, path = "/api/Key/{id}", operation_id = "revokeKey", tag = "Key",
    summary = "End a key",
    params(("id" = i64, Path, description = "Number of the key.")),
    responses((status = 200, description = "It has ended. Without a body."), NotFound),
    security(("key" = ["keys"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::Keys).await?;
    Query::none(&request)?;
    let (organization, id) = (caller.organization, path::key(&id)?);
    blocking(&api, move |engine| engine.revoke_key(organization, id)).await?;
    Ok(HttpResponse::Ok().finish())
}
