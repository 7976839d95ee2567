//! `GET /api/ContactAddress/{id}`.

use super::found;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::contact::absent;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactAddress, Scope, address};

/// 200 with the address, 404 without a body.
#[utoipa::path(
    get, path = "/api/ContactAddress/{id}", operation_id = "getContactAddress", tag = "ContactAddress",
    summary = "An address",
    params(("id" = i64, Path, description = "Its number.")),
    responses((status = 200, description = "It.", body = ContactAddress), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let Ok(id) = path::item(&id) else { return Ok(absent(&api)) };
    let contact = found(&api, &caller, id).await?;
    match contact.and_then(|contact| address(&contact, id)) {
        Some(shown) => Ok(HttpResponse::Ok().json(shown)),
        None => Ok(absent(&api)),
    }
}
