//! `GET /api/ContactMethod/{id}`.

use super::found;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::contact::absent;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactMethod, Scope, method};

/// 200 with the method, 404 without a body.
#[utoipa::path(
    get, path = "/api/ContactMethod/{id}", operation_id = "getContactMethod", tag = "ContactMethod",
    summary = "A contact method",
    params(("id" = i64, Path, description = "Its number.")),
    responses((status = 200, description = "It.", body = ContactMethod), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let Ok(id) = path::item(&id) else { return Ok(absent(&api)) };
    let contact = found(&api, &caller, id).await?;
    match contact.and_then(|contact| method(&contact, id)) {
        Some(shown) => Ok(HttpResponse::Ok().json(shown)),
        None => Ok(absent(&api)),
    }
}
