//! `POST /api/ContactNote/CustomFields`: defines a custom field of notes, or changes the one of its name. Ours.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::query::Query;
use crate::wire::definition::{CustomFieldJson, parse_field};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Entity;
use tributary_engine::Scope;

/// 200 with the field.
#[utoipa::path(
    post, path = "/api/ContactNote/CustomFields", operation_id = "defineNoteCustomField", tag = "Definition",
    summary = "Define a custom field of notes, or change the one of its name",
    request_body = ref("#/components/schemas/CustomFieldInput"),
    responses((status = 200, description = "The custom field.", body = CustomFieldJson)),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let field = parse_field(&body::json(&api, payload, body::SINGLE).await?)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let row = blocking(&api, move |engine| engine.define_field(organization, Entity::Note, field, &actor)).await?;
    Ok(HttpResponse::Ok().json(CustomFieldJson::from(&row)))
}
