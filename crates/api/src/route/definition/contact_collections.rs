//! `GET /api/Contact/CustomCollections`: the custom collections of contacts.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::catalogue::catalogue;
use crate::query::Query;
use crate::wire::definition::CollectionJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Entity;
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Contact/CustomCollections", operation_id = "listContactCustomCollections", tag = "Definition",
    summary = "The custom collections of contacts",
    responses((status = 200, description = "The custom collections.", body = Vec<CollectionJson>)),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let catalogue = catalogue(&api, caller.organization).await?;
    let own = catalogue.collections.iter().filter(|own| own.entity == Entity::Contact);
    Ok(HttpResponse::Ok().json(own.map(CollectionJson::from).collect::<Vec<_>>()))
}
