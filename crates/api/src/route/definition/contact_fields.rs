//! `GET /api/Contact/CustomFields`: the custom fields of contacts.

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
    get, path = "/api/Contact/CustomFields", operation_id = "listContactCustomFields", tag = "Definition",
    summary = "The custom fields of contacts",
    responses((status = 200, description = "The custom fields.", body = Vec<CustomFieldJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let own = catalogue.rows.iter().filter(|row| row.entity == Entity::Contact);
    Ok(HttpResponse::Ok().json(own.map(CustomFieldJson::from).collect::<Vec<_>>()))
}
