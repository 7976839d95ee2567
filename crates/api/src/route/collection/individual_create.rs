//! `POST /api/ContactIndividual/{id}/Collection/{customCollectionId}`: a new entry of a custom collection.

use crate::ApiState;
use crate::answer::Answer;
use crate::openapi::{Conflict, NotFound};
use actix_web::{HttpRequest, web};
use tributary_engine::CollectionView;

/// 200 with the entry, 404 without the individual or the collection, 409 for one that is merged away.
#[utoipa::path(
    post, path = "/api/ContactIndividual/{id}/Collection/{collectionId}", operation_id = "createIndividualEntry", tag = "ContactIndividual",
    summary = "Add an entry of a custom collection to an individual",
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
    super::add(&api, &request, super::individual(&ids.0), &ids.1, payload).await
}
