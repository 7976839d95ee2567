//! `GET /api/ContactAddress/ByContact/{contactId}`: a bare list.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::{authorize, sees_contact};
use crate::blocking::blocking;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::contact::absent;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::{ContactAddress, Scope, addresses};

/// 200 with all of them, 404 without a body for an unknown contact.
#[utoipa::path(
    get, path = "/api/ContactAddress/ByContact/{contactId}", operation_id = "listContactAddress", tag = "ContactAddress",
    summary = "The addresses of a contact",
    params(("contactId" = i64, Path, description = "Contact id.")),
    responses((status = 200, description = "All of them.", body = Vec<ContactAddress>), Absent),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let Ok(id) = path::contact(&id) else { return Ok(absent(&api)) };
    let organization = caller.organization;
    let found = blocking(&api, move |engine| engine.contact(organization, id)).await?;
    match found.filter(|contact| sees_contact(&caller, contact)) {
        Some(contact) => Ok(HttpResponse::Ok().json(addresses(&contact))),
        None => Ok(absent(&api)),
    }
}
