//! `GET /api/ContactIndividual/{id}/Avatar`: the picture of an individual.

use super::found;
use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::openapi::Absent;
use crate::query::Query;
use crate::route::contact::absent;
use crate::route::path;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the picture, 404 without a body.
#[utoipa::path(
    get, path = "/api/ContactIndividual/{id}/Avatar", operation_id = "getAvatar", tag = "ContactIndividual",
    summary = "The picture of an individual",
    params(("id" = i64, Path, description = "Number of the individual.")),
    responses(
        (status = 200, description = "The picture.", content(
            (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/gif"), (Vec<u8> = "image/webp"),
        )),
        Absent,
    ),
    security(("key" = ["contacts:read"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest, id: web::Path<String>) -> Answer {
    let caller = authorize(&api, &request, Scope::ReadContacts).await?;
    Query::none(&request)?;
    let Ok(id) = path::item(&id) else { return Ok(absent(&api)) };
    let contact = found(&api, &caller, id).await?.filter(|contact| contact.golden.individual(id).is_some());
    if contact.is_none() {
        return Ok(absent(&api));
    }
    let organization = caller.organization;
    match blocking(&api, move |engine| engine.avatar(organization, id)).await? {
        Some(avatar) => Ok(HttpResponse::Ok().content_type(avatar.content_type).body(avatar.image)),
        None => Ok(absent(&api)),
    }
}
