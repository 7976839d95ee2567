//! `PUT /api/ContactIndividual/{id}/Collection/{collectionInstanceId}`: replaces the values of an entry.

use crate::ApiState;
use crate::answer::Answer;
use crate::openapi::{Conflict, NotFound};
use actix_web::{HttpRequest, web};
use tributary_engine::CollectionView;

/// 200 with the entry, 404 without the individual or the entry, 409 for one that is merged away.
#[utoipa::path(
    put, path = "/api/ContactIndividual/{id}/Collection/{collectionId}", operation_id = "updateIndividualEntry", tag = "ContactIndividual",
    summary = "Replace the values of an entry of an individual",
    params(
        ("id" = i64, Path, description = "Number of the individual."),
        ("collectionId" = i64, Path, description = "On POST the collection, otherwise the entry."),
    ),
    request_body = ref("#/components/schemas/CollectionEntry"),
    responses((status = 200, description = "The entry.", body = CollectionView), NotFound, Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    ids: web::Path<(String, String)>,
    payload: web::Payload,
) -> Answer {
    super::change(&api, &request, super::individual(&ids.0), &ids.1, payload).await
}
