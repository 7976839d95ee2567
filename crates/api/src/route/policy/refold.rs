//! `POST /api/Policy/{number}/Refold?dryRun=&after=&take=`: contacts folded anew by a version, a page at a time.

use super::folded_anew;
use crate::ApiState;
use crate::answer::Answer;
use crate::openapi::NotFound;
use crate::route::path;
use crate::wire::policy::{RefoldJson, RefoldQuery};
use actix_web::{HttpRequest, web};
use tributary_engine::FoldBy;

/// 200 with what changes, 404.
#[utoipa::path(
    post, path = "/api/Policy/{number}/Refold", operation_id = "refoldContacts", tag = "Policy",
    summary = "Fold a page of contacts anew by a version, whatever their records were decided under",
    params(("number" = i64, Path, description = "Number of the version; 0 is the shipped one."), RefoldQuery),
    responses((status = 200, description = "What changes.", body = RefoldJson), NotFound),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, number: web::Path<String>) -> Answer {
    let number = path::number(&number)?;
    folded_anew(api, request, FoldBy::Version(number)).await
}
