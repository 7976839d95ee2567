//! `GET /api/Key`: all keys, ended ones too, without their texts.

use crate::ApiState;
use crate::answer::Answer;
use crate::auth::authorize;
use crate::blocking::blocking;
use crate::query::Query;
use crate::wire::key::KeyJson;
use crate::wire::page::PageJson;
use actix_web::{HttpRequest, HttpResponse, web};
use tributary_engine::Scope;

/// 200 with the list.
#[utoipa::path(
    get, path = "/api/Key", operation_id = "listKeys", tag = "Key",
    summary = "All keys of the organization, without their texts",
    responses((status = 200, description = "The list.", body = PageJson<KeyJson>)),
    security(("key" = ["keys"])),
)]
pub(crate) async fn handle(api: web::Data<ApiState>, request: HttpRequest) -> Answer {
    let caller = authorize(&api, &request, Scope::Keys).await?;
    Query::none(&request)?;
    let organization = caller.organization;
    let keys = blocking(&api, move |engine| engine.api_keys(organization)).await?;
    Ok(HttpResponse::Ok().json(PageJson::whole(keys.into_iter().map(KeyJson::of).collect())))
}
