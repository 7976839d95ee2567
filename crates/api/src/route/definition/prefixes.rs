//! `GET /api/Contact/Prefixes`: honorifics that clients are offered. Any other text is taken too.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::query::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Contact/Prefixes", operation_id = "listPrefixes", tag = "Definition",
    summary = "Honorifics",
    responses((status = 200, description = "The honorifics.", body = Vec<String>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    Ok(HttpResponse::Ok()
        .json(["Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Prof", "Rev", "Fr", "Sr", "Rabbi", "Imam", "Hon"]))
}
