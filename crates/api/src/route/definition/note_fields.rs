//! `GET /api/ContactNote/CustomFields`: the custom fields of notes.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::catalogue::catalogue;
use crate::query::Query;
use crate::wire::definition::CustomFieldJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Entity;
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/ContactNote/CustomFields", operation_id = "listNoteCustomFields", tag = "Definition",
    summary = "The custom fields of notes",
    responses((status = 200, description = "The custom fields.", body = Vec<CustomFieldJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let own = catalogue.rows.iter().filter(|row| row.entity == Entity::Note);
    Ok(HttpResponse::Ok().json(own.map(CustomFieldJson::from).collect::<Vec<_>>()))
}
