//! `GET /api/Contact/QueryOptions`: what a query over contacts can ask for.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::query::{QueryOptions, Subject};
use tributary_engine::Scope;

/// 200 with every parameter and its operators.
#[utoipa::path(
    get, path = "/api/Contact/QueryOptions", operation_id = "getContactQueryOptions", tag = "Contact",
    summary = "What a query can ask for",
    responses((status = 200, description = "Parameters, the organization's custom fields among them.", body = QueryOptions)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let organization = caller.organization;
    let options = blocking(&api, move |engine| engine.query_options(organization, Subject::Contact)).await?;
    Ok(HttpResponse::Ok().json(options))
}
