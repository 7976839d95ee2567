//! `DELETE /api/Contact/{contactId}/Collection/{collectionInstanceId}`: removes an entry.

use crate::ApiState;
use crate::answer::Answer;
use crate::openapi::{Conflict, NotFound};
use actix_web::{HttpRequest, web};

/// 200, empty; 404 without the contact or the entry, 409 for one that is merged away.
#[utoipa::path(
    delete, path = "/api/Contact/{contactId}/Collection/{collectionId}", operation_id = "deleteCollectionEntry", tag = "Contact",
    summary = "Remove an entry",
    params(
        ("contactId" = i64, Path, description = "The contact."),
        ("collectionId" = i64, Path, description = "On POST the collection, otherwise the entry."),
        ("collectionInstanceId" = Option<i64>, Query, minimum = 0, description = "The entry, when the path names its collection."),
    ),
    responses((status = 200, description = "Removed; no body."), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, ids: web::Path<(String, String)>) -> Answer {
    super::remove(&api, &request, super::contact(&ids.0), &ids.1).await
}
