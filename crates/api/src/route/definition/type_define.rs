//! `POST /api/Contact/Types`: defines a contact type under a base type. Ours.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::openapi::Conflict;
use crate::query::Query;
use crate::wire::definition::{ContactTypeJson, parse_type};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the type, 409 when the name is taken.
#[utoipa::path(
    post, path = "/api/Contact/Types", operation_id = "defineContactType", tag = "Definition",
    summary = "Define a contact type under a base type",
    request_body = ref("#/components/schemas/ContactTypeInput"),
    responses((status = 200, description = "The type.", body = ContactTypeJson), Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (base, name) = parse_type(&body::json(&api, payload, body::SINGLE).await?)?;
    let (organization, wanted) = (caller.organization, name.clone());
    blocking(&api, move |engine| engine.define_contact_type(organization, base, &wanted)).await?;
    Ok(HttpResponse::Ok().json(ContactTypeJson { parent_type: base.as_str(), name }))
}
