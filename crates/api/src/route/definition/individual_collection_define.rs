//! `POST /api/ContactIndividual/CustomCollections`: defines a custom collection of individuals. Ours.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::body;
use crate::openapi::Conflict;
use crate::query::Query;
use crate::wire::definition::{CollectionJson, parse_collection};
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_contact::Entity;
use tributary_engine::Scope;

/// 200 with the collection, 409 when the name is taken.
#[utoipa::path(
    post, path = "/api/ContactIndividual/CustomCollections", operation_id = "defineIndividualCustomCollection", tag = "Definition",
    summary = "Define a custom collection of individuals",
    request_body = ref("#/components/schemas/CollectionDefinitionInput"),
    responses((status = 200, description = "The custom collection.", body = CollectionJson), Conflict),
    security(("key" = ["contacts:write"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, payload: web::Payload) -> Answer {
    let caller = authorize(&api, &request, Scope::WriteContacts).await?;
    Query::none(&request)?;
    let (name, fields) = parse_collection(&body::json(&api, payload, body::SINGLE).await?)?;
    let organization = caller.organization;
    let made = blocking(&api, move |engine| engine.define_collection(organization, Entity::Individual, &name, &fields))
        .await?;
    Ok(HttpResponse::Ok().json(CollectionJson::from(&made)))
}
