//! `DELETE /api/ContactNote/CustomFields?name=`: takes a custom field of notes out of the definitions; values stay. Ours.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Entity;
use tributary_engine::Scope;

/// 200, empty; 404.
#[utoipa::path(
    delete, path = "/api/ContactNote/CustomFields", operation_id = "forgetNoteCustomField", tag = "Definition",
    summary = "Take a custom field of notes out of the definitions",
    params(("name" = String, Query, description = "Its name."),),
    responses((status = 200, description = "Done; no body."), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    let mut query = Query::read(&request, &["name"]);
    let name = query.required("name");
    query.finish()?;
    let organization = caller.organization;
    blocking(&api, move |engine| engine.forget_field(organization, Entity::Note, &name)).await?;
    Ok(HttpResponse::Ok().finish())
}
