//! `POST /api/Contact/ToggleFollow/{contactId}`, as one public client sends it (virtuous-contract.md 0.5).

use super::toggle_follow;
use crate::ApiState;
use crate::answer::Answer;
use crate::openapi::NotFound;
use actix_web::{HttpRequest, web};

/// 200 without a body, 404 for an unknown contact.
#[utoipa::path(
    post, path = "/api/Contact/ToggleFollow/{contactId}", operation_id = "toggleFollowPosted", tag = "Contact",
    summary = "The same as the PUT",
    params(("contactId" = i64, Path, description = "Contact id.")),
    responses((status = 200, description = "Done; no body."), NotFound),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    toggle_follow::handle(api, request, id).await
}
