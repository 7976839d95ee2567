//! `POST /api/Policy/Decided/Refold?dryRun=&after=&take=`: takes a refold back, a page of contacts at a time.

use super::folded_anew;
use crate::ApiState;
use crate::answer::Answer;
use crate::wire::policy::{RefoldJson, RefoldQuery};
use actix_web::{HttpRequest, web};
use tributary_engine::FoldBy;

/// 200 with what changes.
#[utoipa::path(
    post, path = "/api/Policy/Decided/Refold", operation_id = "refoldContactsAsDecided", tag = "Policy",
    summary = "Fold a page of contacts anew, each record by the version that it was decided under",
    params(RefoldQuery),
    responses((status = 200, description = "What changes.", body = RefoldJson)),
    security(("key" = ["policy"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    folded_anew(api, request, FoldBy::Decided).await
}
