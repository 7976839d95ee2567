//! `PUT /api/Contact/{contactId}/Collection/{collectionInstanceId}`: replaces the values of an entry.

use super::parse;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::openapi::NotFound;
use crate::query::Query;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::CollectionView;
use tributary_engine::Scope;

/// 200 with the entry, 404 without the contact or the entry.
#[utoipa::path(
    put, path = "/api/Contact/{contactId}/Collection/{collectionId}", operation_id = "updateCollectionEntry", tag = "Contact",
    summary = "Replace the values of an entry",
    params(("contactId" = i64, Path, description = "The contact."), ("collectionId" = i64, Path, description = "On POST the collection, otherwise the entry."),),
    request_body = ref("#/components/schemas/CollectionEntry"),
    responses((status = 200, description = "The entry.", body = CollectionView), NotFound),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(
    api: web::Data<ApiState>,
    request: HttpRequest,
    ids: web::Path<(String, String)>,
    payload: web::Payload,
) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (contact, entry) = (path::contact(&ids.0)?, path::number(&ids.1)?);
    let fields = parse(&body::json(&api, payload, body::SINGLE).await?)?;
    let (organization, actor) = (caller.organization, caller.actor());
    let entry: CollectionView =
        blocking(&api, move |engine| engine.change_entry(organization, (contact, entry), &fields, &actor)).await?;
    Ok(HttpResponse::Ok().json(entry))
}
