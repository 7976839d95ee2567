//! `DELETE /api/Contact/Types?type=`: takes a contact type out of the definitions; contacts keep it. Ours.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200, empty; 404.
#[utoipa::path(
    delete, path = "/api/Contact/Types", operation_id = "forgetContactType", tag = "Definition",
    summary = "Take a contact type out of the definitions",
    params(("type" = String, Query, description = "Its name."),),
    responses((status = 200, description = "Done; no body."), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    let mut query = Query::read(&request, &["type"]);
    let name = query.required("type");
    query.finish()?;
    let organization = caller.organization;
    blocking(&api, move |engine| engine.forget_contact_type(organization, &name)).await?;
    Ok(HttpResponse::Ok().finish())
}
