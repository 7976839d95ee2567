//! `GET /api/Duplicates/Scan`: how far the newest scan has come.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::wire::duplicate_pair::DuplicateScanJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the counts, 404 when nobody ever asked for a scan.
#[utoipa::path(
    get, path = "/api/Duplicates/Scan", operation_id = "getDuplicateScan", tag = "NeedsUpdate",
    summary = "How far the newest scan for duplicates has come",
    responses((status = 200, description = "The counts.", body = DuplicateScanJson), NotFound),
    security(("key" = ["review"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Review).await?;
    Query::none(&request)?;
    let organization = caller.organization;
    let view = blocking(&api, move |engine| engine.duplicate_scan(organization)).await?;
    Ok(HttpResponse::Ok().json(DuplicateScanJson::from(view)))
}
